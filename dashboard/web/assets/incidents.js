/* Incidents from vector tiles. What is drawn stays until all of what follows has come: nothing flashes. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var SIZE = 512, KEPT = 300, ZOOM_LAST = 17;
  var LARGEST = 25, SMALLEST = 8.5;
  var OTHER = { colour: "#7d7d7d" };
  var ORDER = "udrvcfy"; /* refuted lowest, verified on top */

  NTS.Incidents = NTS.Sheetlayer.extend({
    initialize: function (watch) {
      NTS.Sheetlayer.prototype.initialize.call(this, { pane: "watch-incidents" });
      this.watch = watch;
      this.cache = new Map();
      this.loading = new Map();
      this.shown = null;
      this.next = null;
      this.points = [];
      this.top = 0;
      this.failures = 0;
      this.visible = true;
    },

    /* `source`: {url, query, version}; `token` is put in when a tile is asked for, and a new one asks for nothing. */
    setSource: function (source) {
      this.source = source;
      this.key = source.query + "\n" + source.version;
      this.wanted();
    },

    setVisible: function (visible) {
      if (visible === this.visible) return;
      this.visible = visible;
      this.wanted();
      this.later();
    },

    tilesInView: function () {
      var z = Math.max(0, Math.min(ZOOM_LAST, Math.round(this._zoom) - 1));
      var scale = Math.pow(2, z) * SIZE / (256 * Math.pow(2, this._zoom));
      var spare = LARGEST + 2;
      var size = this._map.getSize();
      var min = this._map.getPixelBounds().min.subtract([spare + size.x * 0.1, spare + size.y * 0.1]).multiplyBy(scale / SIZE).floor();
      var max = this._map.getPixelBounds().max.add([spare + size.x * 0.1, spare + size.y * 0.1]).multiplyBy(scale / SIZE).floor();
      var last = Math.pow(2, z) - 1, found = [];
      for (var x = Math.max(0, min.x); x <= Math.min(last, max.x); x++)
        for (var y = Math.max(0, min.y); y <= Math.min(last, max.y); y++) found.push([z, x, y]);
      return { z: z, tiles: found };
    },

    wanted: function () {
      if (!this._map || !this.source || !this.visible || !this._bounds) return this._settle();
      var view = this.tilesInView(), self = this;
      var next = { key: this.key, z: view.z, tiles: view.tiles };
      var same = this.shown && this.shown.key === next.key && this.shown.z === next.z;
      this.next = next;
      this.watch.busy("incidents");
      var ids = view.tiles.map(function (t) { return next.key + "\n" + t.join("/"); });
      this.loading.forEach(function (task, id) {
        if (ids.indexOf(id) < 0) { task.stop.abort(); self.loading.delete(id); }
      });
      var waiting = view.tiles.map(function (t, i) {
        return self.tile(ids[i], t).then(function () {
          if (same && self.next === next) self.later();
        });
      });
      if (same) this.assemble(next);
      Promise.all(waiting).then(function () {
        if (self.next !== next) return;
        self.failures = 0;
        self.shown = next;
        self.assemble(next);
        self.redraw();
        self._settle();
      }).catch(function (error) {
        if (self.next !== next || error.name === "AbortError") return;
        self.watch.tileFailed(error);
        self._settle();
        clearTimeout(self.retry);
        self.retry = setTimeout(function () { self.wanted(); }, NTS.pause(self.failures++, 20000));
      });
    },

    _settle: function () {
      this.watch.settled("incidents");
    },

    tile: function (id, t) {
      var self = this, kept = this.cache.get(id), task = this.loading.get(id);
      if (kept) {
        this.cache.delete(id);
        this.cache.set(id, kept);
        return Promise.resolve(kept);
      }
      if (task) return task.done;
      task = { stop: new AbortController() };
      this.loading.set(id, task);
      var url = NTS.fill(this.source.url, t[0], t[1], t[2]).replace("{query}", this.source.query) + "&v=" + encodeURIComponent(this.source.version)
        + "&token=" + encodeURIComponent(this.watch.token);
      task.done = NTS.bytes(url, task.stop.signal)
        .then(function (bytes) { return NTS.parse(bytes, SIZE); })
        .then(function (layers) {
          var points = [], unit = Math.pow(2, t[0]);
          (layers.get("incidents") || []).forEach(function (f) {
            var p = f.geom[0][0];
            if (p.x < 0 || p.y < 0 || p.x > SIZE || p.y > SIZE) return;
            points.push({
              x: (t[1] + p.x / SIZE) / unit, y: (t[2] + p.y / SIZE) / unit,
              n: Number(f.props.n) || 1, t: f.props.t, s: f.props.s,
            });
          });
          self.loading.delete(id);
          self.cache.set(id, points);
          if (self.cache.size > KEPT) self.cache.delete(self.cache.keys().next().value);
          return points;
        }, function (error) {
          self.loading.delete(id);
          throw error;
        });
      return task.done;
    },

    /* All points of the tiles that have come, largest count first so that small ones lie on top. */
    assemble: function (set) {
      var points = [], self = this, top = 0;
      set.tiles.forEach(function (t) {
        var tile = self.cache.get(set.key + "\n" + t.join("/"));
        if (tile) for (var i = 0; i < tile.length; i++) { points.push(tile[i]); if (tile[i].n > top) top = tile[i].n; }
      });
      points.sort(function (a, b) { return b.n - a.n || ORDER.indexOf(a.s) - ORDER.indexOf(b.s); });
      this.points = points;
      this.setScale(top, set);
      this.later();
    },

    /* What the largest circle stands for: a round number that keeps while one looks around at this zoom. */
    setScale: function (top, set) {
      var step = 20, k = 0;
      while (step < top) { step *= [2.5, 2, 2][k % 3]; k++; }
      var frame = set.key + "\n" + set.z;
      if (frame !== this.scaleOf || step > this.top) {
        if (this.top !== step || frame !== this.scaleOf) {
          this.scaleOf = frame;
          this.top = step;
          this.watch.scaleChanged();
        }
      }
    },

    radius: function (n) {
      var s = this.watch.scale;
      return Math.max(SMALLEST * s, LARGEST * s * Math.sqrt(Math.min(1, n / this.top)));
    },

    paint: function (ctx, place) {
      if (!this.visible) return;
      var sheet = this.watch.sheet, types = this.watch.types, points = this.points;
      for (var i = 0; i < points.length; i++) {
        var p = points[i], x = p.x * place.world - place.dx, y = p.y * place.world - place.dy;
        if (x < -30 || y < -30 || x > place.width + 30 || y > place.height + 30) continue;
        var type = p.t === undefined || p.t === null ? null : types.get(p.t) || types.get(0) || OTHER;
        if (p.n > 1) sheet.count(ctx, p.n, this.radius(p.n), type ? type.colour : null, x, y);
        else sheet.stamp(ctx, sheet.incident(type ? type.colour : OTHER.colour, p.s), x, y);
      }
      this.watch.overlays.urgent(ctx, place);
    },

    /* What lies under a place: the topmost, or nothing. */
    hit: function (latlng) {
      if (!this.visible || !this.place || !this._bounds) return null;
      var at = this.at(latlng), best = null;
      for (var i = this.points.length - 1; i >= 0; i--) {
        var p = this.points[i], r = p.n > 1 ? this.radius(p.n) : 8 * this.watch.scale;
        var dx = p.x * this.place.world - this.place.dx - at.x, dy = p.y * this.place.world - this.place.dy - at.y;
        if (dx * dx + dy * dy <= r * r) { best = p; break; }
      }
      return best;
    },
  });
})();
