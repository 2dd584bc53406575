/* What is drawn for an incident, a count, a checkpoint, a patrol, a crossing. Drawn once each, then copied. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});

  NTS.FONT = "Sarabun, 'Noto Sans Thai', 'Noto Sans Lao', 'Noto Sans Khmer', sans-serif";

  /* A colour that came from elsewhere is a colour or it is grey. */
  NTS.colour = function (value, otherwise) {
    return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value) ? value : otherwise || "#7d7d7d";
  };

  NTS.ink = function (colour) {
    var n = parseInt(colour.slice(1), 16);
    var light = 0.299 * (n >> 16) + 0.587 * ((n >> 8) & 255) + 0.114 * (n & 255);
    return light > 150 ? "#14181c" : "#ffffff";
  };

  NTS.figure = function (n, words) {
    if (n < 1000) return String(n);
    var unit = n < 1e6 ? ["thousand", 1e3, "k"] : ["million", 1e6, "M"];
    var value = n / unit[1];
    return (value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value))) + (words[unit[0]] || unit[2]);
  };

  /* Pictures by name, made on demand at the screen's own resolution. */
  NTS.Sheet = function (palette, words, scale) {
    this.palette = palette;
    this.words = words;
    this.scale = scale;
    this.ratio = window.devicePixelRatio || 1;
    this.pictures = new Map();
    this.figures = new Map();
  };

  /* The typeface has come: what was drawn and measured without it is forgotten. */
  NTS.Sheet.prototype.forget = function () {
    this.pictures.clear();
    this.figures.clear();
  };

  NTS.Sheet.prototype.picture = function (name, size, draw) {
    var found = this.pictures.get(name);
    if (found) return found;
    var canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil(size * this.ratio);
    var ctx = canvas.getContext("2d");
    ctx.scale(this.ratio, this.ratio);
    ctx.translate(size / 2, size / 2);
    ctx.lineJoin = ctx.lineCap = "round";
    draw(ctx);
    found = { canvas: canvas, size: size };
    this.pictures.set(name, found);
    return found;
  };

  NTS.Sheet.prototype.stamp = function (ctx, picture, x, y) {
    ctx.drawImage(picture.canvas, x - picture.size / 2, y - picture.size / 2, picture.size, picture.size);
  };

  /* A picture of its own, for the legend. */
  NTS.Sheet.prototype.sample = function (canvas, size, draw) {
    canvas.width = canvas.height = Math.ceil(size * this.ratio);
    canvas.style.width = canvas.style.height = size + "px";
    var ctx = canvas.getContext("2d");
    ctx.scale(this.ratio, this.ratio);
    ctx.translate(size / 2, size / 2);
    draw(ctx);
  };

  var UNVERIFIED = "rv", REFUTED = "ud";

  /* One incident: hollow while nobody has verified it, filled after that, crossed where it was unfounded or a copy. */
  NTS.Sheet.prototype.incident = function (colour, status) {
    var kind = UNVERIFIED.indexOf(status) >= 0 ? "hollow" : REFUTED.indexOf(status) >= 0 ? "crossed" : "filled";
    var r = 5 * this.scale, ring = this.palette.ring;
    return this.picture("i" + colour + kind, 2 * r + 6, function (ctx) {
      ctx.beginPath();
      ctx.arc(0, 0, r, 0, 7);
      ctx.strokeStyle = ring;
      ctx.lineWidth = 3.4;
      ctx.stroke();
      if (kind === "filled") {
        ctx.fillStyle = colour;
        ctx.fill();
        return;
      }
      ctx.fillStyle = ring;
      ctx.globalAlpha = 0.85;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.beginPath();
      ctx.arc(0, 0, r - 0.9, 0, 7);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2.2;
      ctx.stroke();
      if (kind === "crossed") {
        var d = r * 0.45;
        ctx.beginPath();
        ctx.moveTo(-d, -d); ctx.lineTo(d, d); ctx.moveTo(-d, d); ctx.lineTo(d, -d);
        ctx.lineWidth = 1.6;
        ctx.stroke();
      }
    });
  };

  /* Many incidents: the area is the count, the figure stands inside when it fits. */
  NTS.Sheet.prototype.count = function (ctx, n, radius, colour, x, y) {
    var r = Math.round(radius * 2) / 2, ring = this.palette.ring, fill = colour || this.palette.count;
    this.stamp(ctx, this.picture("n" + r + fill, 2 * r + 4, function (to) {
      to.beginPath();
      to.arc(0, 0, r, 0, 7);
      to.fillStyle = fill;
      to.globalAlpha = 0.9;
      to.fill();
      to.globalAlpha = 1;
      to.strokeStyle = ring;
      to.lineWidth = 1.3;
      to.stroke();
    }), x, y);
    var figure = this.figure(ctx, n, r);
    if (!figure.text) return;
    ctx.font = figure.font;
    ctx.fillStyle = colour ? NTS.ink(fill) : this.palette.count_ink;
    ctx.textAlign = "center";
    ctx.fillText(figure.text, x, y + figure.drop);
  };

  /* The longest way to write a number that fits, from 14 px down to 9. Remembered: measuring is slow. */
  NTS.Sheet.prototype.figure = function (ctx, n, r) {
    var name = n + "/" + r, found = this.figures.get(name), s = this.scale;
    if (found) return found;
    found = { text: "" };
    var written = [n.toLocaleString("en"), NTS.figure(n, this.words)];
    for (var size = Math.max(9 * s, Math.min(14 * s, r * 0.8)); size >= 9 * s && !found.text; size -= 0.5) {
      ctx.font = "600 " + size + "px " + NTS.FONT;
      for (var i = 0; i < 2 && !found.text; i++) {
        if (ctx.measureText(written[i]).width <= 2 * r - 2.5) found = { text: written[i], font: ctx.font, drop: size * 0.34 };
      }
    }
    if (this.figures.size > 20000) this.figures.clear();
    this.figures.set(name, found);
    return found;
  };

  function plate(ctx, palette, edge, r, dashed) {
    ctx.beginPath();
    ctx.moveTo(-r + 2, -r);
    ctx.arcTo(r, -r, r, r, 2.5); ctx.arcTo(r, r, -r, r, 2.5); ctx.arcTo(-r, r, -r, -r, 2.5); ctx.arcTo(-r, -r, r, -r, 2.5);
    ctx.closePath();
    ctx.fillStyle = palette.plate;
    ctx.fill();
    ctx.setLineDash(dashed ? [2.4, 2.2] : []);
    ctx.strokeStyle = edge;
    ctx.lineWidth = 1.5;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  function wave(ctx, y, w) {
    ctx.moveTo(-w, y);
    ctx.quadraticCurveTo(-w / 2, y - 2.6, 0, y);
    ctx.quadraticCurveTo(w / 2, y + 2.6, w, y);
  }

  /* A square plate: barrier, crosshair or waves say the kind; full, dashed or struck through say the state. */
  NTS.Sheet.prototype.checkpoint = function (kind, status, size) {
    var p = this.palette, s = this.scale * (size || 1), tiny = s < 0.5;
    var colour = status === "active" ? p.active : status === "closed" ? p.closed : p.planned;
    return this.picture("c" + kind + status + s, 24 * s, function (ctx) {
      ctx.scale(s, s);
      var on = status === "active";
      plate(ctx, { plate: on ? colour : p.plate }, on ? p.plate : colour, 8, status === "planned");
      ctx.strokeStyle = ctx.fillStyle = on ? p.plate : colour;
      ctx.lineWidth = 1.9;
      if (tiny) return;
      ctx.beginPath();
      if (kind === "river") {
        wave(ctx, -2.2, 4.8); wave(ctx, 2.4, 4.8);
      } else if (kind === "interception") {
        ctx.moveTo(-4.5, -3.5); ctx.lineTo(0, 0); ctx.lineTo(-4.5, 3.5);
        ctx.moveTo(4.5, -3.5); ctx.lineTo(0, 0); ctx.lineTo(4.5, 3.5);
      } else {
        ctx.moveTo(-4.6, 4.4); ctx.lineTo(-4.6, -1.2); ctx.moveTo(-4.6, -0.4); ctx.lineTo(5, -3.6);
      }
      ctx.stroke();
      if (status === "closed") {
        ctx.beginPath();
        ctx.moveTo(-8, 8); ctx.lineTo(8, -8);
        ctx.lineWidth = 3.6; ctx.strokeStyle = p.plate; ctx.stroke();
        ctx.lineWidth = 1.7; ctx.strokeStyle = colour; ctx.stroke();
      }
    });
  };

  /* A diamond: full for a permanent crossing, half for a temporary one, open for border trade, a dot for a path. */
  NTS.Sheet.prototype.crossing = function (kind, size) {
    var p = this.palette, s = this.scale * (size || 1);
    return this.picture("x" + kind + s, 22 * s, function (ctx) {
      ctx.scale(s, s);
      var r = kind === "natural_route" ? 4.6 : 7;
      ctx.beginPath();
      ctx.moveTo(0, -r); ctx.lineTo(r, 0); ctx.lineTo(0, r); ctx.lineTo(-r, 0);
      ctx.closePath();
      ctx.strokeStyle = p.plate; ctx.lineWidth = 4; ctx.stroke();
      ctx.fillStyle = kind === "permanent" ? p.ink : p.plate;
      ctx.fill();
      ctx.strokeStyle = p.ink; ctx.lineWidth = 1.5;
      if (kind === "natural_route") ctx.setLineDash([2, 1.8]);
      ctx.stroke();
      ctx.setLineDash([]);
      if (kind === "temporary") {
        ctx.beginPath();
        ctx.moveTo(0, -r); ctx.lineTo(r, 0); ctx.lineTo(0, r);
        ctx.closePath();
        ctx.fillStyle = p.ink; ctx.fill();
      } else if (kind === "permanent") {
        ctx.beginPath();
        ctx.moveTo(-2.8, 0); ctx.lineTo(2.8, 0);
        ctx.strokeStyle = p.plate; ctx.lineWidth = 1.8; ctx.stroke();
      }
    });
  };

  /* An arrowhead; late ones are red and carry an exclamation mark. */
  NTS.Sheet.prototype.patrol = function (status, size) {
    var p = this.palette, s = this.scale * (size || 1);
    return this.picture("p" + status + s, 26 * s, function (ctx) {
      ctx.scale(s, s);
      var late = status === "start_overdue", on = status === "active" || late;
      var colour = late ? p.overdue : status === "active" ? p.active : status === "done" || status === "cancelled" ? p.closed : p.planned;
      ctx.beginPath();
      ctx.moveTo(0, -9); ctx.lineTo(8, 7);
      if (late) ctx.lineTo(-8, 7);
      else { ctx.lineTo(0, 3.4); ctx.lineTo(-8, 7); }
      ctx.closePath();
      ctx.strokeStyle = p.plate; ctx.lineWidth = 4.4; ctx.stroke();
      ctx.fillStyle = on ? colour : p.plate;
      ctx.fill();
      ctx.strokeStyle = colour; ctx.lineWidth = 1.7;
      if (status === "scheduled") ctx.setLineDash([2.4, 2]);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath();
      if (late) {
        ctx.fillStyle = p.plate;
        ctx.fillRect(-1.05, -4, 2.1, 5.6); ctx.fillRect(-1.05, 3, 2.1, 2.1);
      } else if (status === "ready") {
        ctx.moveTo(0, -9); ctx.lineTo(8, 7); ctx.lineTo(0, 3.4);
        ctx.fillStyle = colour; ctx.fill();
      } else if (status === "done") {
        ctx.moveTo(-2.6, -0.6); ctx.lineTo(-0.6, 1.6); ctx.lineTo(2.8, -3);
        ctx.lineWidth = 1.6; ctx.stroke();
      } else if (status === "cancelled") {
        ctx.moveTo(-8, 8); ctx.lineTo(8, -8);
        ctx.stroke();
      }
    });
  };

  NTS.Sheet.prototype.symbol = function (what, properties, size) {
    if (what === "checkpoints") return this.checkpoint(properties.kind, properties.status, size);
    if (what === "crossings") return this.crossing(properties.kind, size);
    return this.patrol(properties.status, size);
  };
})();
