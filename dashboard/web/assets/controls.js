/* What stands on the map: legend, coordinates, credit, the state of the line. Text is only ever set as text. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});

  function make(tag, cls, parent, text) {
    var element = document.createElement(tag);
    if (cls) element.className = cls;
    if (text !== undefined) element.textContent = text;
    if (parent) parent.appendChild(element);
    return element;
  }

  NTS.clock = function (moment) {
    return new Date(moment).toLocaleTimeString("en-GB", { timeZone: "Asia/Bangkok", hour: "2-digit", minute: "2-digit" });
  };

  NTS.grid = function (latlng) {
    if (!(latlng.lat > -80 && latlng.lat < 84)) return "";
    var code = mgrs.forward([latlng.lng, latlng.lat], 5), at = code.length - 12;
    return code.slice(0, at) + " " + code.slice(at, at + 2) + " " + code.slice(at + 2, at + 7) + " " + code.slice(at + 7);
  };

  NTS.degrees = function (latlng) { return latlng.lat.toFixed(5) + ", " + latlng.lng.toFixed(5); };

  function corner(position, element) {
    var control = new L.Control({ position: position });
    control.onAdd = function () {
      L.DomEvent.disableClickPropagation(element);
      L.DomEvent.disableScrollPropagation(element);
      return element;
    };
    return control;
  }

  NTS.Scale = L.Control.Scale.extend({
    _updateMetric: function (most) {
      var metres = this._getRoundNum(most), words = this.options.words || {};
      var label = metres < 1000 ? metres + " " + (words.m || "m") : metres / 1000 + " " + (words.km || "km");
      this._mScale.style.width = Math.round(this.options.maxWidth * (metres / most)) + "px";
      this._mScale.textContent = label;
    },
  });

  NTS.Zoom = function (map) {
    var box = make("div", "watch-panel watch-zoom");
    this.more = make("button", "", box, "+");
    this.less = make("button", "", box, "−");
    this.more.onclick = function () { map.zoomIn(1); };
    this.less.onclick = function () { map.zoomOut(1); };
    corner("topleft", box).addTo(map);
  };
  NTS.Zoom.prototype.say = function (words) {
    [[this.more, words.zoom_in || "Zoom in"], [this.less, words.zoom_out || "Zoom out"]].forEach(function (pair) {
      pair[0].title = pair[1];
      pair[0].setAttribute("aria-label", pair[1]);
    });
  };

  NTS.Status = function (map) {
    var box = (this.box = make("div", "watch-panel watch-status"));
    box.setAttribute("role", "status");
    this.dot = make("span", "watch-dot", box);
    this.text = make("span", "", box);
    corner("topright", box).addTo(map);
  };
  NTS.Status.prototype.show = function (state, since, words) {
    this.dot.className = "watch-dot " + state;
    this.text.textContent = state === "live" ? words.live || "Live"
      : state === "waiting" ? String(words.waiting || "Reconnecting since {time}").replace("{time}", NTS.clock(since))
      : words.connecting || "Connecting";
  };

  NTS.Credit = function (map) {
    this.box = make("div", "watch-credit");
    corner("bottomright", this.box).addTo(map);
  };
  NTS.Credit.prototype.say = function (parts) { this.box.textContent = parts.filter(Boolean).join(" · "); };

  /* Coordinates under the pointer; a click keeps one, with a button that copies it. */
  NTS.Coordinates = function (map) {
    var self = this;
    this.map = map;
    this.words = {};
    this.box = make("div", "watch-coordinates");
    this.kept = make("div", "watch-panel watch-kept", this.box);
    this.keptText = make("span", "", this.kept);
    this.button = make("button", "", this.kept);
    this.free = make("div", "watch-free", this.box);
    this.kept.hidden = true;
    corner("bottomleft", this.box).addTo(map);
    map.on("mousemove", function (e) { self.free.textContent = NTS.grid(e.latlng) + "   " + NTS.degrees(e.latlng); });
    map.on("mouseout", function () { self.free.textContent = ""; });
    this.button.onclick = function () { self.copy(); };
  };
  NTS.Coordinates.prototype.keep = function (latlng) {
    var self = this;
    this.text = NTS.grid(latlng) + " (" + NTS.degrees(latlng) + ")";
    this.keptText.textContent = NTS.grid(latlng) + " · " + NTS.degrees(latlng);
    this.button.textContent = this.words.copy || "Copy";
    this.kept.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { self.kept.hidden = true; }, 15000);
  };
  /* The frame is sandboxed and has no clipboard of its own; a selection may still be copied on a click. */
  NTS.Coordinates.prototype.copy = function () {
    var field = make("textarea", "watch-offscreen", document.body);
    field.value = this.text;
    field.select();
    var done = document.execCommand("copy");
    field.remove();
    this.button.textContent = done ? this.words.copied || "Copied" : this.text;
  };

  var EDGE = 10, SPACE = 8, MARGIN = 12, GAP = 14, SMALL = 860;
  /* Forms of the legend, the most readable first: columns, their width, and how tightly it is set. */
  var FORMS = [
    { columns: 1, wide: 222, tight: 0 }, { columns: 1, wide: 222, tight: 1 },
    { columns: 2, wide: 190, tight: 1 }, { columns: 3, wide: 190, tight: 1 },
  ];
  var WALL_FORMS = [
    { columns: 1, wide: 426, tight: 0 }, { columns: 2, wide: 320, tight: 0 }, { columns: 2, wide: 290, tight: 1 },
    { columns: 3, wide: 250, tight: 1 },
  ];

  function width(form) { return form.columns * form.wide + (form.columns - 1) * GAP; }

  NTS.Legend = function (map, watch) {
    var self = this;
    this.watch = watch;
    this.box = make("div", "watch-panel watch-legend");
    this.button = make("button", "watch-legend-button", this.box);
    this.body = make("div", "watch-legend-body", this.box);
    this.open = map.getSize().x >= SMALL && map.getSize().y >= 520;
    this.button.onclick = function () { self.open = !self.open; self.fold(); };
    corner("bottomright", this.box).addTo(map);
    map.on("resize", function () { self.place(); });
  };
  NTS.Legend.prototype.fold = function () {
    this.body.hidden = !this.open;
    this.button.setAttribute("aria-expanded", String(this.open));
    this.box.classList.toggle("open", this.open);
    this.place();
  };
  /* On a small map the legend lies over what was tapped. */
  NTS.Legend.prototype.aside = function () {
    if (!this.open || this.watch.map.getSize().x >= SMALL) return;
    this.open = false;
    this.fold();
  };

  /* How far an open legend will reach from the right once all layers are in it. */
  NTS.Legend.prototype.reach = function () {
    var size = this.watch.map.getSize(), wall = this.watch.state && this.watch.state.wall;
    if (!this.open) return 0;
    return EDGE + 2 * MARGIN + 2 + width((wall ? WALL_FORMS : FORMS)[size.y >= (wall ? 780 : 940) ? 0 : 2]);
  };

  /* The first form in which all of it can be read: nobody scrolls a legend, least of all on a wall. */
  NTS.Legend.prototype.place = function () {
    var frame = this.watch.map.getContainer().getBoundingClientRect(), self = this, room;
    if (!this.open || !frame.width) return;
    this.body.hidden = true; // the others stand where they belong while nothing pushes them
    var others = {};
    ["status", "zoom", "credit"].forEach(function (name) { others[name] = rect("watch-" + name); });
    others.scale = rect("leaflet-control-scale");
    this.body.hidden = false;
    function rect(name) { return document.querySelector("#map_div ." + name).getBoundingClientRect(); }

    var frills = 2 * MARGIN + 2, most = Math.floor(frame.width - 2 * EDGE - frills), wall = this.watch.state && this.watch.state.wall;
    function take(form) {
      self.box.classList.toggle("tight", form.tight > 0);
      self.box.classList.toggle("tighter", form.tight > 1);
      self.box.classList.toggle("tightest", form.tight > 2);
      self.box.style.width = width(form) + frills + "px";
      self.body.style.columnCount = form.columns;
      self.body.style.maxHeight = "none";
      room = self.room(frame, others, frame.right - EDGE - width(form) - frills, form.tight > 1);
      if (self.body.scrollHeight > room.height) return false;
      self.body.style.maxHeight = room.height + "px";
      return self.body.scrollWidth <= self.body.clientWidth + 1; // what does not fit flows into one more column
    }
    var half = Math.floor((most - GAP) / 2);
    (wall ? WALL_FORMS : FORMS).concat({ columns: 2, wide: half, tight: 2 }, { columns: 2, wide: half, tight: 3 })
      .filter(function (form) { return width(form) <= most; }).some(take);
    this.body.style.maxHeight = room.height + "px";
    this.box.style.marginBottom = room.below + "px";
  };

  /* What is left for the body of a legend that reaches so far to the left, between the controls around it. */
  NTS.Legend.prototype.room = function (frame, others, left, overScale) {
    var top = frame.top + EDGE, bottom = others.credit.top - SPACE;
    [others.status, others.zoom].forEach(function (other) {
      if (other.width && other.right + SPACE > left) top = Math.max(top, other.bottom + SPACE);
    });
    if (!overScale && others.scale.right + SPACE > left) bottom = Math.min(bottom, others.scale.top - SPACE);
    return { height: Math.floor(bottom - top - this.button.offsetHeight - 2), below: Math.ceil(others.credit.top - bottom) };
  };

  NTS.Legend.prototype.row = function (parent, picture, text) {
    var row = make("div", "watch-row", parent), cell = make("span", "watch-sign", row);
    if (picture.canvas) {
      var sheet = this.watch.sheet;
      sheet.sample(make("canvas", "", cell), picture.size, function (ctx) { sheet.stamp(ctx, picture, 0, 0); });
    } else {
      cell.appendChild(picture);
    }
    make("span", "watch-word", row, text);
  };

  function dash(style, colour, width) {
    var line = make("span", "watch-line");
    line.style.borderTop = width + "px " + style + " " + colour;
    return line;
  }

  NTS.Legend.prototype.section = function (title) {
    var part = make("div", "watch-part", this.body);
    if (title) make("h4", "", part, title);
    return part;
  };

  NTS.Legend.prototype.show = function () {
    var watch = this.watch, state = watch.state, words = state.words || {}, sheet = watch.sheet, p = watch.palette, self = this;
    var layers = state.layers || {}, part;
    function word(key, otherwise) { return String(words[key] || otherwise); }
    var name = JSON.stringify([state.words, state.types, state.statuses, layers, state.choropleth, state.analysis && state.analysis.legend, state.night, state.wall,
      watch.incidents.top, watch.overlays.visible, Array.from(Object.entries(watch.overlays.present()), function (e) { return [e[0], Array.from(e[1])]; })]);
    if (name === this.name) return;
    this.name = name;
    this.button.textContent = word("legend", "Legend");
    this.body.textContent = "";
    (state.analysis && state.analysis.legend ? [].concat(state.analysis.legend) : []).forEach(function (one) { self.classes(one); });

    if (layers.incidents !== false) {
      part = this.section(word("types", "Kind"));
      var shown = Array.from(watch.types.values());
      shown.slice(0, 9).forEach(function (type) { self.row(part, sheet.incident(type.colour, "y"), type.label); });
      part = this.section("");
      part.classList.add("watch-pair");
      this.row(part, sheet.incident(p.count, "r"), word("unverified", "Not verified"));
      this.row(part, sheet.incident(p.count, "y"), word("verified", "Verified"));
      if (/[ud]/.test(state.statuses || "")) this.row(part, sheet.incident(p.count, "u"), word("unfounded", "Unfounded"));
      if (watch.incidents.top) {
        part = this.section(word("count", "Incidents in a circle"));
        var circles = make("div", "watch-circles", part);
        var top = watch.incidents.top, steps = [top, Math.round(top / 4), Math.round(top / 20)].filter(function (n, i, all) { return n > 1 && all.indexOf(n) === i; });
        steps.forEach(function (n) {
          var holder = make("span", "", circles), r = watch.incidents.radius(n);
          sheet.sample(make("canvas", "", holder), 2 * r + 4, function (ctx) { sheet.count(ctx, n, r, null, 0, 0); });
          make("small", "", holder, n.toLocaleString("en"));
        });
      }
    }
    if (state.choropleth && layers.districts !== false) this.classes(state.choropleth);
    part = this.section("");
    part.classList.add("watch-pair");
    if (layers.sections !== false) {
      this.row(part, dash("solid", p.border, 3), word("border", "National border"));
      this.row(part, dash("dashed", p.border, 2), word("undetermined", "Border not determined"));
    }
    if (layers.districts !== false) {
      this.row(part, dash("solid", p.target, 2), word("target", "Programme district"));
      this.row(part, dash("solid", p.border_district, 1), word("district", "Border district"));
    }
    this.overlays(word);
    if (layers.silence) this.silence(word);
    this.fold();
  };

  NTS.Legend.prototype.overlays = function (word) {
    var present = this.watch.overlays.present(), sheet = this.watch.sheet, p = this.watch.palette, self = this, part;
    function pair(title) {
      var rows = make("div", "watch-pair");
      self.section(title).appendChild(rows);
      return rows;
    }
    function has(name, kind, status) {
      return Array.from(present[name]).some(function (pair) {
        var at = pair.split(" ");
        return (kind === null || at[0] === kind) && (status === null || at[1] === status);
      });
    }
    if (present.checkpoints && present.checkpoints.size) {
      part = pair(word("checkpoints", "Checkpoints"));
      ["active", "planned", "closed"].forEach(function (s) {
        if (has("checkpoints", null, s)) self.row(part, sheet.checkpoint("checkpoint", s), word("checkpoint_" + s, s));
      });
      ["interception", "river"].forEach(function (k) {
        if (has("checkpoints", k, null)) self.row(part, sheet.checkpoint(k, "active"), word("kind_" + k, k));
      });
    }
    if (present.crossings && present.crossings.size) {
      part = pair(word("crossings", "Crossings"));
      ["permanent", "temporary", "border_trade_relaxed", "natural_route"].forEach(function (k) {
        if (has("crossings", k, null)) self.row(part, sheet.crossing(k), word("crossing_" + k, k));
      });
    }
    var patrols = present.patrols && present.patrols.size, routes = present.routes && present.routes.size;
    if (patrols || routes) {
      part = pair(word("patrols", "Patrols"));
      if (routes) this.row(part, dash("dashed", p.route, 2), word("routes", "Patrol route"));
      if (patrols) ["start_overdue", "active", "ready", "scheduled", "done", "cancelled"].forEach(function (s) {
        if (has("patrols", null, s)) self.row(part, sheet.patrol(s), word("patrol_" + s, s));
      });
    }
  };

  /* What is hatched is not safe: the words say so too. */
  NTS.Legend.prototype.silence = function (word) {
    var part = this.section(word("silence", "Silence (not safety)")), sheet = this.watch.sheet, self = this;
    ["quiet", "silent", "never"].forEach(function (s) { self.row(part, sheet.silence(s), word("silence_" + s, s)); });
  };

  /* Classes with a bar each: how many districts or areas fall into it. Without counts, without bars. */
  NTS.Legend.prototype.classes = function (classes) {
    var part = this.section(String(classes.title || "")), counts = classes.counts || classes.colours.map(function () { return 0; });
    Object.keys(classes.values || {}).forEach(function (code) {
      if (counts[classes.values[code]] !== undefined) counts[classes.values[code]]++;
    });
    var most = Math.max.apply(null, counts.concat(1));
    classes.colours.forEach(function (colour, i) {
      var row = make("div", "watch-row watch-class", part), sign = make("span", "watch-swatch", row);
      sign.style.background = NTS.colour(colour);
      if (classes.signs && classes.signs[i]) {
        sign.textContent = classes.signs[i];
        sign.style.color = NTS.ink(NTS.colour(colour));
      }
      make("span", "watch-word", row, String((classes.labels || [])[i] === undefined ? "" : classes.labels[i]));
      if (!classes.counts && !classes.values) return;
      var bar = make("span", "watch-bar", row), full = make("i", "", bar);
      full.style.width = (100 * counts[i]) / most + "%";
      make("small", "", row, String(counts[i]));
    });
    if (classes.note) make("p", "watch-note", part, String(classes.note));
  };
})();
