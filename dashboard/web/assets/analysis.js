/* What was computed: areas in classes, a surface of density, numbered places. Numbers, colours and our own words only. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var UNIT = 1e4, ROOMY = 15, SIGN = 11;
  var DOT = 2.2, LEAST = 7; /* pixels: a dot of a surface, and an area, that can be seen */
  var STEM = 7; /* pixels: a number stands beside its place, not on it */

  /* The first corner, then the way to each next one, in ten-thousandths of a degree. */
  function path(ring) {
    var lng = 0, lat = 0, found = [];
    for (var i = 0; i + 1 < ring.length; i += 2) {
      lng += ring[i];
      lat += ring[i + 1];
      found.push([NTS.worldX(lng / UNIT), NTS.worldY(lat / UNIT)]);
    }
    return found;
  }

  function box(path) {
    var xs = path.map(function (p) { return p[0]; }), ys = path.map(function (p) { return p[1]; });
    return [Math.min.apply(null, xs), Math.min.apply(null, ys), Math.max.apply(null, xs), Math.max.apply(null, ys)];
  }

  function inside(path, x, y) {
    var is = false;
    for (var i = 0, j = path.length - 1; i < path.length; j = i++) {
      var a = path[i], b = path[j];
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) is = !is;
    }
    return is;
  }

  function inflate(data) {
    var packed = Uint8Array.from(atob(data.replace(/-/g, "+")), function (c) { return c.charCodeAt(0); });
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")));
  }

  function read(areas) {
    return inflate(areas.data).json().then(function (told) {
      return told.rings.map(function (ring, i) {
        var line = path(ring);
        return { line: line, box: box(line), kind: told.classes[i], n: told.counts ? told.counts[i] : null };
      });
    });
  }

  /* A grid of numbers from 0 to 255, as a picture of grey dots that can be drawn larger and smoothly. */
  function unpack(surface) {
    return inflate(surface.data).arrayBuffer().then(function (bytes) {
      var grey = new Uint8Array(bytes), picture = new ImageData(surface.width, surface.height);
      for (var i = 0; i < grey.length; i++) {
        picture.data[4 * i] = grey[i];
        picture.data[4 * i + 3] = 255;
      }
      var canvas = document.createElement("canvas");
      canvas.width = surface.width;
      canvas.height = surface.height;
      canvas.getContext("2d").putImageData(picture, 0, 0);
      return pyramid(canvas, surface.width, surface.height);
    });
  }

  /* The same at half the size and half of that: each dot is the largest of the four it stands for, so that a peak is seen
     from far out too. */
  function pyramid(canvas, width, height) {
    var levels = [canvas];
    while (Math.min(width, height) > 40) {
      var from = levels[levels.length - 1].getContext("2d").getImageData(0, 0, width, height).data;
      var w = Math.ceil(width / 2), h = Math.ceil(height / 2), picture = new ImageData(w, h), next = document.createElement("canvas");
      for (var y = 0; y < h; y++) for (var x = 0; x < w; x++) {
        var most = 0;
        for (var k = 0; k < 4; k++) {
          var sx = Math.min(width - 1, 2 * x + (k & 1)), sy = Math.min(height - 1, 2 * y + (k >> 1));
          most = Math.max(most, from[4 * (sy * width + sx)]);
        }
        picture.data[4 * (y * w + x)] = most;
        picture.data[4 * (y * w + x) + 3] = 255;
      }
      next.width = width = w;
      next.height = height = h;
      next.getContext("2d").putImageData(picture, 0, 0);
      levels.push(next);
    }
    return levels;
  }

  /* The colour of each number: nothing under the first step. As four bytes in one, the way a picture keeps them. */
  function colours(surface) {
    var table = new Uint32Array(256), step = -1;
    for (var value = 0; value < 256; value++) {
      while (step + 1 < surface.steps.length && value >= surface.steps[step + 1]) step++;
      if (step < 0) continue;
      var n = parseInt(NTS.colour(surface.colours[step]).slice(1), 16);
      table[value] = (255 << 24) | ((n & 255) << 16) | (n & 0xff00) | (n >> 16);
    }
    return table;
  }

  /* Areas and surface: they lie under names and signs, and let the ground be read through them. */
  NTS.Analysis = NTS.Sheetlayer.extend({
    initialize: function (watch) {
      NTS.Sheetlayer.prototype.initialize.call(this, { pane: "watch-analysis" });
      this.watch = watch;
      this.areas = [];
      this.marks = new NTS.Marks(watch);
    },

    show: function (given) {
      var name = JSON.stringify(given || null), self = this;
      if (name === this.name) return;
      this.name = name;
      this.given = given || {};
      this.areas = [];
      if (this.given.areas) {
        this.watch.busy("areas");
        read(this.given.areas).then(function (areas) {
          if (self.name !== name) return;
          self.areas = areas;
          self.redraw();
          self.watch.settled("areas");
        });
      } else {
        this.watch.settled("areas");
      }
      this.marks.show(this.given);
      var surface = this.given.surface;
      if (surface && surface.data === this.surfaceOf) {
        this.table = colours(surface);
      } else {
        this.surface = null;
        this.surfaceOf = surface ? surface.data : null;
        if (surface) {
          this.watch.busy("surface");
          unpack(surface).then(function (levels) {
            if (self.surfaceOf !== surface.data) return;
            self.surface = levels;
            self.table = colours(surface);
            self.redraw();
            self.watch.settled("surface");
          });
        } else {
          this.watch.settled("surface");
        }
      }
      this.later();
    },

    paint: function (ctx, place) {
      if (this.surface) this.paintSurface(ctx, place);
      var given = this.given && this.given.areas, scale = this.watch.scale, self = this;
      if (!given) return;
      ctx.lineJoin = "round";
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      this.areas.forEach(function (area) {
        var b = area.box, colour = NTS.colour(given.colours[area.kind]);
        if (b[2] * place.world - place.dx < 0 || b[0] * place.world - place.dx > place.width ||
            b[3] * place.world - place.dy < 0 || b[1] * place.world - place.dy > place.height) return;
        ctx.beginPath();
        area.line.forEach(function (at, i) { ctx[i ? "lineTo" : "moveTo"](at[0] * place.world - place.dx, at[1] * place.world - place.dy); });
        ctx.closePath();
        ctx.fillStyle = ctx.strokeStyle = colour;
        ctx.fill();
        ctx.lineWidth = Math.max(1, LEAST * scale - (b[2] - b[0]) * place.world);
        ctx.stroke();
        var sign = given.signs && given.signs[area.kind], wide = (b[2] - b[0]) * place.world;
        if (!sign || wide < ROOMY * scale) return;
        ctx.font = "600 " + Math.min(22, Math.max(SIGN * scale, wide / 3)) + "px " + NTS.FONT;
        ctx.fillStyle = NTS.ink(colour);
        ctx.fillText(sign, ((b[0] + b[2]) / 2) * place.world - place.dx, ((b[1] + b[3]) / 2) * place.world - place.dy);
      });
    },

    /* Drawn larger and smoothly first and put into classes then: the edges of classes are curves at every zoom. */
    paintSurface: function (ctx, place) {
      var s = this.given.surface, work = this.work || (this.work = document.createElement("canvas"));
      work.width = Math.ceil(place.width);
      work.height = Math.ceil(place.height);
      var on = work.getContext("2d", { willReadFrequently: true });
      var left = NTS.worldX(s.west) * place.world - place.dx, right = NTS.worldX(s.east) * place.world - place.dx;
      var top = NTS.worldY(s.north) * place.world - place.dy, bottom = NTS.worldY(s.south) * place.world - place.dy;
      var level = Math.round(Math.log2(DOT / ((right - left) / s.width)));
      var dots = this.surface[Math.max(0, Math.min(this.surface.length - 1, level))];
      on.imageSmoothingEnabled = true;
      on.drawImage(dots, left, top, right - left, bottom - top);
      var picture = on.getImageData(0, 0, work.width, work.height), all = new Uint32Array(picture.data.buffer), table = this.table;
      for (var i = 0; i < all.length; i++) all[i] = table[all[i] & 255];
      on.putImageData(picture, 0, 0);
      ctx.drawImage(work, 0, 0, work.width, work.height);
    },

    /* What lies under a place: {mark: i} or {area: i}; the topmost, or nothing. */
    hit: function (latlng) {
      var mark = this.marks.hit(latlng), x = NTS.worldX(latlng.lng), y = NTS.worldY(latlng.lat);
      if (mark !== null) return { mark: mark };
      for (var i = this.areas.length - 1; i >= 0; i--) {
        var b = this.areas[i].box;
        if (x >= b[0] && x <= b[2] && y >= b[1] && y <= b[3] && inside(this.areas[i].line, x, y)) return { area: i };
      }
      return null;
    },

    /* What is said beside the pointer: the class and how many. */
    said: function (hit) {
      var area = hit && hit.area !== undefined ? this.areas[hit.area] : null, labels = (this.given && this.given.labels) || [];
      if (!area || labels[area.kind] === undefined) return "";
      var count = area.n === null || area.n === undefined ? "" : " · " + String(this.given.count || "{n}").replace("{n}", area.n.toLocaleString("en"));
      return labels[area.kind] + count;
    },
  });

  /* Outlines and numbers: they lie on top of everything. */
  NTS.Marks = NTS.Sheetlayer.extend({
    initialize: function (watch) {
      NTS.Sheetlayer.prototype.initialize.call(this, { pane: "watch-marks" });
      this.watch = watch;
      this.lines = [];
      this.ways = [];
      this.places = [];
    },

    show: function (given) {
      this.lines = (given.outlines || []).map(path);
      this.ways = (given.ways || []).map(function (way) { return { line: path(way.line), colour: way.colour }; });
      this.places = (given.marks || []).map(function (m) {
        return { x: NTS.worldX(m[0] / UNIT), y: NTS.worldY(m[1] / UNIT), n: m[2], strong: !!m[3], colour: m[4] };
      });
      this.later();
    },

    paint: function (ctx, place) {
      var p = this.watch.palette, s = this.watch.scale;
      ctx.lineJoin = "round";
      this.lines.forEach(function (line) {
        ctx.beginPath();
        line.forEach(function (at, i) { ctx[i ? "lineTo" : "moveTo"](at[0] * place.world - place.dx, at[1] * place.world - place.dy); });
        ctx.closePath();
        [[p.border_halo, 5], [p.hot_line, 2.4]].forEach(function (stroke) {
          ctx.strokeStyle = stroke[0];
          ctx.lineWidth = stroke[1] * s;
          ctx.stroke();
        });
      });
      [[p.border_halo, 5], [null, 2.8]].forEach(function (stroke) {
        this.ways.forEach(function (way) {
          ctx.beginPath();
          way.line.forEach(function (at, i) { ctx[i ? "lineTo" : "moveTo"](at[0] * place.world - place.dx, at[1] * place.world - place.dy); });
          ctx.strokeStyle = stroke[0] || NTS.colour(way.colour);
          ctx.lineWidth = stroke[1] * s;
          ctx.stroke();
        });
      }, this);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      for (var i = this.places.length - 1; i >= 0; i--) { // the first of the list lies on top
        var at = this.places[i], x = at.x * place.world - place.dx, foot = at.y * place.world - place.dy, r = this.radius(at), y = foot - r - STEM * s;
        if (x < -20 || y < -20 || x > place.width + 20 || y > place.height + 20) continue;
        var line = at.colour ? NTS.colour(at.colour) : p.hot_line;
        ctx.strokeStyle = line;
        ctx.lineWidth = 2 * s;
        ctx.beginPath();
        ctx.moveTo(x, foot);
        ctx.lineTo(x, y + r);
        ctx.stroke();
        ctx.beginPath();
        ctx.arc(x, y, r, 0, 2 * Math.PI);
        ctx.fillStyle = at.strong ? line : p.plate;
        ctx.fill();
        ctx.lineWidth = 2 * s;
        ctx.strokeStyle = at.strong ? p.plate : line;
        ctx.stroke();
        ctx.font = "600 " + 12.5 * s + "px " + NTS.FONT;
        ctx.fillStyle = at.strong ? p.plate : p.ink;
        ctx.fillText(String(at.n), x, y + 0.5 * s);
      }
    },

    radius: function (at) { return (at.n > 99 ? 14 : at.n > 9 ? 12 : 10.5) * this.watch.scale; },

    hit: function (latlng) {
      if (!this.place || !this._bounds) return null;
      var at = this.at(latlng);
      for (var i = 0; i < this.places.length; i++) {
        var p = this.places[i], dx = p.x * this.place.world - this.place.dx - at.x, dy = p.y * this.place.world - this.place.dy - at.y;
        dy -= this.radius(p) + STEM * this.watch.scale;
        if (dx * dx + dy * dy <= Math.pow(this.radius(p) + 2, 2)) return i;
      }
      return null;
    },
  });

  /* Words that follow the pointer. */
  NTS.Beside = function (map) {
    this.box = document.createElement("div");
    this.box.className = "watch-panel watch-beside";
    this.box.hidden = true;
    map.getContainer().appendChild(this.box);
    var self = this;
    map.on("mouseout movestart", function () { self.box.hidden = true; });
  };
  NTS.Beside.prototype.say = function (words, at, size) {
    this.box.hidden = !words;
    if (!words) return;
    this.box.textContent = words;
    this.box.style.top = Math.max(4, at.y - 40) + "px";
    this.box.style.left = at.x < size.x / 2 ? at.x + 14 + "px" : "";
    this.box.style.right = at.x < size.x / 2 ? "" : size.x - at.x + 14 + "px";
  };

  /* Maps of one page that move together. Each stands in a frame of its own, and frames may only send each other words. */
  NTS.Together = function (map) {
    var self = this;
    this.map = map;
    this.name = null;
    map.on("move", function () { self.tell(); });
    window.addEventListener("message", function (event) { self.heard(event); });
  };
  NTS.Together.prototype.siblings = function () {
    var found = [];
    for (var i = 0; i < window.parent.frames.length; i++) if (window.parent.frames[i] !== window) found.push(window.parent.frames[i]);
    return found;
  };
  NTS.Together.prototype.tell = function () {
    if (!this.name || this.following || window.parent === window) return;
    var at = this.map.getCenter(), said = { watch: "view", of: this.name, lat: at.lat, lng: at.lng, zoom: this.map.getZoom() };
    this.siblings().forEach(function (frame) { frame.postMessage(said, "*"); });
  };
  NTS.Together.prototype.heard = function (event) {
    var said = event.data;
    if (!this.name || !said || said.watch !== "view" || said.of !== this.name || this.siblings().indexOf(event.source) < 0) return;
    if (![said.lat, said.lng, said.zoom].every(Number.isFinite) || Math.abs(said.lat) > 90 || Math.abs(said.lng) > 180) return;
    this.following = true;
    this.map.setView([said.lat, said.lng], said.zoom, { animate: false });
    this.following = false;
  };
})();
