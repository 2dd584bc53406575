/* Places of which nothing was heard: three looks that differ in shape and filling, not in colour. Hatched is not safe. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});

  function bubble(ctx) {
    ctx.beginPath();
    ctx.moveTo(-6, -8); ctx.arcTo(9, -8, 9, 4, 3); ctx.arcTo(9, 4, -9, 4, 3);
    ctx.lineTo(-1, 4); ctx.lineTo(-5, 9); ctx.lineTo(-5.5, 4);
    ctx.arcTo(-9, 4, -9, -8, 3); ctx.arcTo(-9, -8, 9, -8, 3);
    ctx.closePath();
  }

  /* Something said: a tick for the word that there was nothing; hatched where that word is missing; a broken outline where
     nobody ever told anything. */
  NTS.Sheet.prototype.silence = function (status, size) {
    var p = this.palette, s = this.scale * (size || 1);
    return this.picture("s" + status + s, 26 * s, function (ctx) {
      ctx.scale(s, s);
      bubble(ctx);
      ctx.strokeStyle = p.plate; ctx.lineWidth = 4.4; ctx.stroke();
      ctx.fillStyle = p.plate; ctx.fill();
      if (status === "silent") {
        ctx.save();
        ctx.clip();
        ctx.beginPath();
        for (var at = -24; at < 20; at += 4.2) { ctx.moveTo(at, 10); ctx.lineTo(at + 20, -10); }
        ctx.strokeStyle = p.ink; ctx.lineWidth = 1.9; ctx.stroke();
        ctx.restore();
        bubble(ctx);
      }
      ctx.setLineDash(status === "never" ? [2.6, 2.6] : []);
      ctx.lineCap = status === "never" ? "butt" : "round";
      ctx.strokeStyle = p.ink; ctx.lineWidth = 1.7; ctx.stroke();
      ctx.setLineDash([]);
      if (status === "quiet") {
        ctx.beginPath();
        ctx.moveTo(-4, -2); ctx.lineTo(-1, 1); ctx.lineTo(4.5, -5);
        ctx.lineWidth = 2; ctx.stroke();
      }
    });
  };

  /* A sign beside those of the same place, with how many places it stands for. */
  NTS.Sheet.prototype.silent = function (ctx, properties, size, x, y) {
    var s = this.scale * size, n = Number(properties.n) || 1;
    var px = x + 36 * s * (Number(properties.beside) || 0) - (n > 1 ? 4 * s : 0), py = y - (properties.together ? 17 * s : 0); // the name of a district stands on its place
    this.stamp(ctx, this.silence(properties.status, size), px, py);
    if (n < 2 || size < 0.7) return;
    ctx.font = "600 " + 11 * this.scale + "px " + NTS.FONT;
    ctx.textAlign = "left";
    ctx.lineWidth = 3;
    ctx.strokeStyle = this.palette.name_halo;
    ctx.strokeText(String(n), px + 11 * s, py + 3 * s);
    ctx.fillStyle = this.palette.name_strong;
    ctx.fillText(String(n), px + 11 * s, py + 3 * s);
  };

  /* A sub-district whose boundary was loaded: lines one way, lines both ways, or a few dots. */
  NTS.Sheet.prototype.hatched = function (ctx, area, x, y) {
    var step = 9 * this.scale, ratio = this.ratio, ink = this.palette.ink, status = area.p.status;
    var tile = this.patterns || (this.patterns = {});
    if (!tile[status]) {
      var canvas = document.createElement("canvas");
      canvas.width = canvas.height = Math.round(step * ratio);
      var to = canvas.getContext("2d"), w = canvas.width;
      to.strokeStyle = to.fillStyle = ink;
      to.lineWidth = 1.1 * ratio;
      to.beginPath();
      if (status === "quiet") {
        to.arc(w / 2, w / 2, 1.1 * ratio, 0, 7);
        to.fill();
      } else {
        to.moveTo(-w / 2, w / 2); to.lineTo(w / 2, -w / 2); to.moveTo(0, w); to.lineTo(w, 0); to.moveTo(w / 2, w * 1.5); to.lineTo(w * 1.5, w / 2);
        if (status === "never") { to.moveTo(-w / 2, w / 2); to.lineTo(w / 2, w * 1.5); to.moveTo(0, 0); to.lineTo(w, w); to.moveTo(w / 2, -w / 2); to.lineTo(w * 1.5, w / 2); }
        to.stroke();
      }
      tile[status] = ctx.createPattern(canvas, "repeat");
      tile[status].setTransform(new DOMMatrix().scale(1 / ratio));
    }
    ctx.beginPath();
    area.rings.forEach(function (ring) {
      ring.forEach(function (at, i) { ctx[i ? "lineTo" : "moveTo"](x(at), y(at)); });
      ctx.closePath();
    });
    ctx.save();
    ctx.globalAlpha = 0.42;
    ctx.fillStyle = tile[status];
    ctx.fill("evenodd");
    ctx.restore();
    ctx.setLineDash(status === "never" ? [4, 4] : []);
    ctx.lineWidth = 1;
    ctx.strokeStyle = ink;
    ctx.stroke();
    ctx.setLineDash([]);
  };
})();
