/* Crossings, checkpoints, routes, patrols and silence: GeoJSON with codes only, drawn on one canvas. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var ORDER = ["silence", "routes", "crossings", "checkpoints", "patrols"];
  var NEWS = { crossing: "crossings", checkpoint: "checkpoints", patrol_route: "routes", route: "routes", patrol: "patrols", patrol_fix: "patrols", area: "silence" };

  function flat(position) { return [NTS.worldX(position[0]), NTS.worldY(position[1])]; }

  function ring(positions) { return positions.map(flat); }

  function read(collection) {
    var found = { points: [], lines: [], areas: [] };
    (collection.features || []).forEach(function (f) {
      var g = f.geometry, p = f.properties || {};
      if (!g) return;
      var parts = g.type === "GeometryCollection" ? g.geometries : [g];
      parts.forEach(function (part) {
        if (part.type === "Point") found.points.push({ at: flat(part.coordinates), p: p });
        else if (part.type === "Polygon") found.areas.push({ rings: part.coordinates.map(ring), p: p });
        else if (part.type === "MultiPolygon") part.coordinates.forEach(function (c) { found.areas.push({ rings: c.map(ring), p: p }); });
        else if (part.type === "LineString") found.lines.push({ path: part.coordinates.map(flat), p: p });
        else if (part.type === "MultiLineString") part.coordinates.forEach(function (c) { found.lines.push({ path: c.map(flat), p: p }); });
      });
    });
    return found;
  }

  NTS.Overlays = NTS.Sheetlayer.extend({
    initialize: function (watch) {
      NTS.Sheetlayer.prototype.initialize.call(this, { pane: "watch-overlays" });
      this.watch = watch;
      this.kept = {};
      this.asked = {};
      this.visible = {};
      this.failures = 0;
    },

    setSources: function (sources, layers) {
      var self = this;
      this.sources = sources || {};
      this.visible = layers;
      ORDER.forEach(function (name) { self.load(name); });
      this.later();
    },

    load: function (name, again) {
      var source = this.sources[name], self = this;
      if (!source || this.visible[name] === false) return;
      var id = source.url + "\n" + source.version;
      if (this.asked[name] === id && !again) return;
      this.asked[name] = id;
      var turn = (this.turns = (this.turns || 0) + 1);
      this["turn-" + name] = turn;
      this.watch.busy("overlay-" + name);
      var url = source.url + (source.url.indexOf("?") < 0 ? "?" : "&") + "token=" + encodeURIComponent(this.watch.token);
      NTS.bytes(url).then(function (bytes) {
        if (self["turn-" + name] !== turn) return;
        self.kept[name] = read(JSON.parse(new TextDecoder().decode(bytes)));
        self.failures = 0;
        self.watch.settled("overlay-" + name);
        self.watch.legendChanged();
        self.later();
        self.watch.incidents.later();
      }).catch(function (error) {
        if (self["turn-" + name] !== turn) return;
        self.watch.tileFailed(error);
        self.watch.settled("overlay-" + name);
        self.asked[name] = null;
        setTimeout(function () { self.load(name); }, NTS.pause(self.failures++, 20000));
      });
    },

    /* `what`: table names as the live channel says them; "*" is all. */
    changed: function (what) {
      var self = this, names = {};
      what.forEach(function (table) {
        if (table === "*") ORDER.forEach(function (n) { names[n] = true; });
        else if (NEWS[table]) names[NEWS[table]] = true;
      });
      Object.keys(names).forEach(function (name) { self.load(name, true); });
    },

    paint: function (ctx, place) {
      var self = this, watch = this.watch, p = watch.palette, s = watch.scale;
      var size = this.size(place.zoom);
      if (place.zoom < (watch.state.signs_from || 0)) return;
      function x(at) { return at[0] * place.world - place.dx; }
      function y(at) { return at[1] * place.world - place.dy; }
      function stroke(path, colour, width, dash) {
        ctx.beginPath();
        for (var i = 0; i < path.length; i++) ctx[i ? "lineTo" : "moveTo"](x(path[i]), y(path[i]));
        ctx.setLineDash(dash || []);
        ctx.lineWidth = width;
        ctx.strokeStyle = colour;
        ctx.stroke();
      }
      ctx.lineJoin = ctx.lineCap = "round";
      ORDER.forEach(function (name) {
        var data = self.kept[name];
        if (!data || self.visible[name] === false) return;
        data.areas.forEach(function (area) { watch.sheet.hatched(ctx, area, x, y); });
        data.lines.forEach(function (line) {
          if (name === "routes") {
            stroke(line.path, p.border_halo, 3.6 * s);
            stroke(line.path, p.route, 1.6 * s, line.p.kind === "river" ? [1, 4.5 * s] : [6 * s, 4 * s]);
          } else {
            var on = line.p.status === "active" || line.p.status === "start_overdue";
            stroke(line.path, p.border_halo, 4 * s);
            stroke(line.path, on ? p.track : p.track_past, 2.2 * s);
          }
        });
        ctx.setLineDash([]);
      });
      ORDER.forEach(function (name) {
        var data = self.kept[name];
        if (!data || self.visible[name] === false || name === "routes") return;
        data.points.forEach(function (point) {
          var px = x(point.at), py = y(point.at);
          if (px < -20 || py < -20 || px > place.width + 20 || py > place.height + 20) return;
          if (name === "silence") watch.sheet.silent(ctx, point.p, size, px, py);
          else watch.sheet.stamp(ctx, watch.sheet.symbol(name, point.p, size), px, py);
        });
      });
    },

    size: function (zoom) { return zoom >= 9 ? 1 : zoom >= 8 ? 0.78 : zoom >= 7 ? 0.58 : 0.45; },

    /* Patrols that did not start: far out too, on top of everything. */
    urgent: function (ctx, place) {
      var data = this.kept.patrols, sheet = this.watch.sheet, scale = this.watch.scale;
      if (!data || this.visible.patrols === false || place.zoom >= 9) return;
      data.points.forEach(function (point) {
        if (point.p.status !== "start_overdue") return;
        /* A badge at the upper right of its place: on it, it would hide the figure of the circle that stands there. */
        var aside = 10 * scale;
        sheet.stamp(ctx, sheet.patrol("start_overdue", 0.6), point.at[0] * place.world - place.dx + aside, point.at[1] * place.world - place.dy - aside);
      });
    },

    /* The topmost symbol under a place, as {layer, id}. */
    hit: function (latlng) {
      if (!this.place || !this._bounds) return null;
      var at = this.at(latlng), place = this.place, reach = Math.max(6, 11 * this.size(this.place.zoom)) * this.watch.scale, found = null, self = this;
      ["crossings", "checkpoints", "patrols"].forEach(function (name) {
        if (self.visible[name] === false || !self.kept[name]) return;
        self.kept[name].points.forEach(function (point) {
          var dx = point.at[0] * place.world - place.dx - at.x, dy = point.at[1] * place.world - place.dy - at.y;
          if (dx * dx + dy * dy <= reach * reach) found = { layer: name, id: point.p.id };
        });
      });
      return found;
    },

    /* Which kinds are there at all, for the legend: {checkpoints: Set of "kind status", …}. */
    present: function () {
      var found = {}, self = this;
      ORDER.forEach(function (name) {
        if (!self.kept[name] || self.visible[name] === false) return;
        found[name] = new Set();
        self.kept[name].points.concat(self.kept[name].lines, self.kept[name].areas).forEach(function (f) {
          found[name].add((f.p.kind || "") + " " + (f.p.status || ""));
        });
      });
      return found;
    },
  });
})();
