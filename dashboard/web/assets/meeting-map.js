/* The map of one sheet: our own ground, the layers that were frozen with the sheet, its numbered places. It stays where it is. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var SVG = "http://www.w3.org/2000/svg";

  function fonts() {
    return Promise.all(["400", "600"].map(function (weight) { return document.fonts.load(weight + " 14px Sarabun", "กA"); }))
      .then(function () { return { status: "fulfilled" }; }, function () { return { status: "fulfilled" }; });
  }

  function make(tag, name, parent, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined && text !== null) made.textContent = String(text);
    if (parent) parent.appendChild(made);
    return made;
  }
  NTS.make = make;

  /* A number in a disc; a text node, never markup. */
  function disc(text, name, size) {
    var box = make("span", "disc " + (name || ""), null, text);
    if (size) box.style.setProperty("--size", size + "em");
    return L.divIcon({ className: "disc-icon", html: box, iconSize: [0, 0] });
  }

  /* Shapes of crossings and checkpoints, drawn as vectors so that a projector keeps them sharp. */
  function sign(kind, p) {
    var svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "-12 -12 24 24");
    path.setAttribute("d", kind === "crossing" ? "M0-9L9 0L0 9L-9 0Z" : "M-8-8H8V8H-8Z");
    path.setAttribute("fill", kind === "crossing" ? p.ink : p.active);
    path.setAttribute("stroke", p.plate);
    path.setAttribute("stroke-width", "2.5");
    svg.appendChild(path);
    if (kind !== "crossing") {
      var bar = document.createElementNS(SVG, "path");
      bar.setAttribute("d", "M-4 5V-1M-4 0L5-3.5");
      bar.setAttribute("stroke", p.plate);
      bar.setAttribute("stroke-width", "2");
      bar.setAttribute("fill", "none");
      svg.appendChild(bar);
    }
    return svg;
  }

  /* The length of so many kilometres, in the reader's words. */
  var Rule = window.L && L.Control.Scale.extend({
    _updateMetric: function (most) {
      var metres = this._getRoundNum(most), words = this.options.words;
      this._updateScale(this._mScale, metres < 1000 ? metres + " " + words.m : metres / 1000 + " " + words.km, metres / most);
    },
  });

  /* `told`: ground, palettes, words; `sheet`: bounds, lines, layers, places, jumps; `place`: where its legend stands. */
  NTS.SheetMap = function (box, place, told, sheet, night, lang) {
    var self = this;
    this.place = place;
    this.told = told;
    this.sheet = sheet;
    this.box = box;
    this.palette = told.palette[night ? "night" : "day"];
    this.night = night;
    this.pending = new Set();
    this.fonts = fonts();
    this.scale = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 17);
    box.style.background = this.palette.ground;
    this.map = L.map(box, {
      zoomControl: false, attributionControl: false, dragging: true, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false,
      keyboard: false, touchZoom: true, zoomSnap: 0.25, fadeAnimation: false, zoomAnimation: false, inertia: false,
    });
    ["ground", "under", "shapes", "marks"].forEach(function (pane, i) {
      self.map.createPane("watch-" + pane).style.zIndex = 200 + 20 * i;
    });
    this.map.getPane("watch-ground").style.pointerEvents = "none";
    this.fit();
    this.ground = new NTS.Ground(this);
    this.ground.show(told.ground.url.replace("{version}", told.ground.version), {
      palette: this.palette, scale: this.scale, night: night, lang: lang, layers: {}, choropleth: null, picked: null, over: false,
    });
    this.draw();
    this.legend();
    this.rule = new Rule({ imperial: false, maxWidth: 90 * this.scale, position: "bottomleft", words: told.words }).addTo(this.map);
    this.map.on("click", function (e) { if (self.picking) self.picking(e.latlng); });
    this.watching = new ResizeObserver(function () {
      self.map.invalidateSize({ pan: false });
      self.fit();
    });
    this.watching.observe(box);
  };

  NTS.SheetMap.prototype.busy = function (what) { this.pending.add(what); };
  NTS.SheetMap.prototype.settled = function (what) { this.pending.delete(what); };
  NTS.SheetMap.prototype.again = function () {};

  Object.defineProperty(NTS.SheetMap.prototype, "idle", { get: function () { return this.pending.size === 0; } });

  NTS.SheetMap.prototype.fit = function () {
    if (!this.box.clientWidth) return;
    var pad = this.box.clientWidth > 700 ? 34 : 12;
    this.map.fitBounds(this.sheet.bounds, { animate: false, padding: [pad, pad], maxZoom: 13 });
  };

  NTS.SheetMap.prototype.draw = function () {
    var self = this, p = this.palette, night = this.night, canvas = L.canvas({ pane: "watch-shapes", padding: 0.1 });
    var frozen = this.sheet.lines || { districts: [], border: [], undetermined: [] }, wide = this.scale;
    function line(path, options) {
      L.polyline(path, Object.assign({ renderer: canvas, pane: "watch-shapes", interactive: false, fill: false, lineJoin: "round", smoothFactor: 0.5 }, options)).addTo(self.map);
    }
    (this.sheet.layers || []).forEach(function (layer) {
      if (layer.kind === "symbols") {
        layer.at.forEach(function (point) {
          var icon = L.divIcon({ className: "sign-icon", html: sign(layer.sign, p), iconSize: [0, 0] });
          L.marker([point[1], point[0]], { icon: icon, pane: "watch-marks", interactive: false, keyboard: false }).addTo(self.map);
        });
        return;
      }
      if (layer.kind === "points") {
        layer.at.forEach(function (point) {
          var colour = NTS.colour(layer.classes[point[2]] && layer.classes[point[2]][night ? "night" : "day"]);
          L.circleMarker([point[1], point[0]], {
            renderer: canvas, pane: "watch-shapes", interactive: false, radius: 3.4 * self.scale, weight: 1.2, color: p.ring, fillColor: colour, fillOpacity: 0.95,
          }).addTo(self.map);
        });
        return;
      }
      if (layer.kind === "rings") {
        layer.at.forEach(function (point) {
          L.circleMarker([point[1], point[0]], {
            renderer: canvas, pane: "watch-shapes", interactive: false, radius: point[2] * self.scale, weight: 2.5, color: p.count, fillColor: p.ring, fillOpacity: 0.35,
          }).addTo(self.map);
        });
        return;
      }
      layer.shapes.forEach(function (shape) {
        var colour = NTS.colour(layer.classes[shape[0]] && layer.classes[shape[0]][night ? "night" : "day"]);
        L.polygon(shape[1], {
          renderer: canvas, pane: "watch-shapes", interactive: false, stroke: !!layer.outline, color: colour, weight: 3, fillColor: colour, fill: layer.opacity > 0, fillOpacity: layer.opacity,
        }).addTo(self.map);
      });
    });
    if (!this.sheet.jumps) {
      L.polygon(frozen.districts, { renderer: L.canvas({ pane: "watch-under", padding: 0.1 }), pane: "watch-under", interactive: false, stroke: false, fillColor: p.panel, fillOpacity: 0.75 }).addTo(self.map);
    }
    frozen.districts.forEach(function (path) { line(path, { color: p.picked, weight: 2.4 * wide }); });
    frozen.border.forEach(function (path) { line(path, { color: p.border_halo, weight: 7.5 * wide, opacity: 0.8 }); });
    frozen.border.forEach(function (path) { line(path, { color: p.border, weight: 4.2 * wide }); });
    frozen.undetermined.forEach(function (path) { line(path, { color: p.border, weight: 3.4 * wide, dashArray: [12 * wide, 9 * wide] }); });
    this.numbers = (this.sheet.places || []).filter(function (place) { return place.lat !== null && place.lat !== undefined; }).map(function (place) {
      var spot = L.latLng(place.lat, place.lon), lead = L.polyline([spot, spot], { renderer: canvas, pane: "watch-shapes", interactive: false, color: p.ink, weight: 2 * wide });
      var mark = L.marker(spot, { icon: disc(place.n, "place"), pane: "watch-marks", interactive: false, keyboard: false, zIndexOffset: 10000 - 1000 * place.n });
      return { n: place.n, spot: spot, lead: lead.addTo(self.map), mark: mark.addTo(self.map) };
    });
    (this.sheet.jumps || []).slice().sort(function (a, b) { return b.size - a.size; }).forEach(function (jump, i) {
      var spot = L.latLng(jump.lat, jump.lon), lead = L.polyline([spot, spot], { renderer: canvas, pane: "watch-shapes", interactive: false, color: p.ink, weight: 2 * wide });
      var mark = L.marker(spot, { icon: disc(jump.text, "jump", jump.size), pane: "watch-marks", keyboard: false, title: jump.name, zIndexOffset: 2000 * i });
      mark.on("click", function () { if (self.jump && !self.picking) self.jump(jump.screen); });
      self.numbers.push({ spot: spot, lead: lead.addTo(self.map), mark: mark.addTo(self.map), size: jump.size });
    });
    this.arrange();
    this.map.on("zoomend moveend", function () { self.arrange(); });
  };

  /* Numbers and circles stand beside each other where their places lie too close, with a line to the place. */
  NTS.SheetMap.prototype.arrange = function () {
    var map = this.map, letter = 17 * this.scale, taken = [], size2 = this.map.getSize();
    this.numbers.forEach(function (one) {
      var at = map.latLngToContainerPoint(one.spot), found = at, size = letter * (one.size || 1.55);
      for (var turn = 0; turn < 60; turn++) {
        var far = turn ? size * (0.9 + 0.35 * Math.floor((turn - 1) / 12)) : 0, angle = (turn * Math.PI) / 6;
        found = L.point(at.x + far * Math.cos(angle), at.y + far * Math.sin(angle));
        var edge = 0.6 * size, inside = found.x > edge && found.y > edge && found.x < size2.x - edge && found.y < size2.y - edge;
        if (inside && taken.every(function (other) { return other.at.distanceTo(found) > (other.size + size) / 2; })) break;
      }
      taken.push({ at: found, size: size });
      var to = map.containerPointToLatLng(found);
      one.mark.setLatLng(to);
      one.lead.setLatLngs([one.spot, to]);
    });
  };

  /* A number whose line in the list had to give way is not on the map either. */
  NTS.SheetMap.prototype.listed = function (many) {
    var map = this.map;
    this.numbers.forEach(function (one) {
      if (!one.n) return;
      [one.lead, one.mark].forEach(function (layer) { if (one.n <= many) layer.addTo(map); else layer.remove(); });
    });
  };

  /* Where the next tap on the map goes; `null` ends it. */
  NTS.SheetMap.prototype.pick = function (then) {
    this.picking = then;
    this.box.classList.toggle("picking", !!then);
  };

  NTS.SheetMap.prototype.mark = function (at) {
    if (this.chosen) this.chosen.remove();
    this.chosen = at ? L.marker(at, { icon: disc("", "chosen"), pane: "watch-marks", interactive: false, keyboard: false }).addTo(this.map) : null;
  };

  NTS.SheetMap.prototype.legend = function () {
    var box = make("div", "legend"), p = this.palette, night = this.night, words = this.told.words;
    function row(swatch, text, into) {
      var line = make("div", "legend-row", into || box), cell = make("span", "legend-sign", line);
      cell.appendChild(swatch);
      make("span", "", line, text);
    }
    function rule(colour, width) {
      var line = make("i", "legend-line");
      line.style.borderTop = width + "px solid " + colour;
      return line;
    }
    if (this.sheet.jumps) make("span", "legend-row", box, words.jump);
    row(rule(p.border, 5), words.border);
    if (this.sheet.lines && this.sheet.lines.undetermined.length) {
      var dashed = rule(p.border, 4);
      dashed.style.borderTopStyle = "dashed";
      row(dashed, words.undetermined);
    }
    (this.sheet.layers || []).forEach(function (layer) {
      var into = layer.in_a_row ? make("div", "legend-row", box) : box;
      if (layer.title) make(layer.in_a_row ? "span" : "b", "legend-title", into, layer.title);
      if (layer.kind === "symbols") { row(sign(layer.sign, p), layer.label); return; }
      if (layer.kind === "rings") { row(make("i", "legend-ring"), layer.label); return; }
      (layer.classes || []).forEach(function (one) {
        if (!one.label) return;
        var swatch = make("i", layer.kind === "points" ? "legend-dot" : "legend-swatch");
        swatch.style[layer.outline ? "borderColor" : "background"] = NTS.colour(one[night ? "night" : "day"]);
        if (layer.outline) swatch.classList.add("hollow");
        row(swatch, one.label, into);
      });
    });
    this.place.textContent = "";
    this.place.appendChild(box);
    make("div", "credit", this.box, this.told.credit);
  };

  NTS.SheetMap.prototype.remove = function () {
    this.watching.disconnect();
    this.map.remove();
    this.box.remove();
  };
})();
