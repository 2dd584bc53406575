/* The live map. `apply` is told what the page wants to be seen, and changes only what differs from what is drawn. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var COALESCE = 1000, COALESCE_BUSY = 3000, JITTER = 1500, PULSE = 8000, PULSES = 20;
  var NEAR = 15;

  /* Names are drawn once and not corrected by the browser: the typeface comes first. Style sheets come after scripts. */
  function fonts(tries) {
    return Promise.all(["400", "600"].map(function (weight) {
      return document.fonts.load(weight + " 14px Sarabun", "กA");
    })).then(function (found) { return found.every(function (faces) { return faces.length > 0; }); }, function () { return false; })
      .then(function (there) {
        if (there || !tries) return { status: "fulfilled" };
        return new Promise(function (go) { setTimeout(go, 50); }).then(function () { return fonts(tries - 1); });
      });
  }

  function WatchMap(map, home) {
    var self = this;
    this.map = map;
    this.state = { words: {}, layers: {} };
    this.token = "";
    this.types = new Map();
    this.palette = {};
    this.scale = 1;
    this.pending = new Set();
    this.listeners = [];
    this.versions = new Set();
    this.seq = 0;
    this.news = null;
    this.fonts = fonts(60);

    [["under", 200], ["ground", 220], ["analysis", 300], ["incidents", 430], ["overlays", 440], ["marks", 450]].forEach(function (pane) {
      map.createPane("watch-" + pane[0]).style.zIndex = pane[1];
      map.getPane("watch-" + pane[0]).style.pointerEvents = "none";
    });
    this.ground = new NTS.Ground(this);
    this.incidents = new NTS.Incidents(this);
    this.overlays = new NTS.Overlays(this);
    this.analysis = new NTS.Analysis(this);
    this.beside = new NTS.Beside(map);
    this.together = new NTS.Together(map);
    this.live = new NTS.Live(this, function (news) { self.heard(news); });
    this.credit = new NTS.Credit(map);
    this.legend = new NTS.Legend(map, this);
    this.coordinates = new NTS.Coordinates(map);
    this.rule = new NTS.Scale({ imperial: false, maxWidth: 110 }).addTo(map);
    this.zoom = new NTS.Zoom(map);
    this.status = new NTS.Status(map);
    this.view = { n: 0, bounds: home };
    this.touched = false;
    ["pointerdown", "wheel", "keydown"].forEach(function (name) {
      map.getContainer().addEventListener(name, function () { self.touched = true; }, { capture: true, passive: true });
    });
    new ResizeObserver(function () {
      if (!self.styled) return;
      map.invalidateSize({ pan: false });
      if (!self.touched) self.fit(false);
    }).observe(map.getContainer());
    map.on("zoomend", function () { self.stack(); });
    /* Far out the circles are what is read, near the symbols are: whichever matters stands above. */
    function stack() { map.getPane("watch-overlays").style.zIndex = map.getZoom() < 9 ? 425 : 440; }
    map.on("zoomend", stack);
    map.on("click", function (e) { self.clicked(e); });
    map.on("mousemove", function (e) { self.hovered(e); });
    this.calls = 0;
    this.stack();
    styled(map.getContainer(), 100, function () {
      map.invalidateSize({ pan: false });
      self.fit(false);
      self.styled = true;
      if (self.waiting) self.apply(self.waiting);
    });
  }

  /* The component runs scripts before its style sheets are there, and a map without them has another size. */
  function styled(box, tries, then) {
    if (!tries || getComputedStyle(box).getPropertyValue("--watch-styled")) return then();
    setTimeout(function () { styled(box, tries - 1, then); }, 30);
  }

  /* ------------------------------------------------------------- work going on */
  Object.defineProperty(WatchMap.prototype, "idle", { get: function () { return this.calls > 0 && this.pending.size === 0; } });

  WatchMap.prototype.busy = function (what) { this.pending.add(what); };

  WatchMap.prototype.settled = function (what) {
    var self = this;
    if (!this.pending.delete(what) || this.pending.size) return;
    requestAnimationFrame(function () {
      requestAnimationFrame(function () {
        if (self.pending.size) return;
        performance.mark("watch:drawn");
        if (self.asked) {
          performance.measure("watch:change", "watch:asked", "watch:drawn");
          self.asked = false;
        }
        self.listeners.splice(0).forEach(function (go) { go(); });
      });
    });
  };

  /* Resolves when everything that was asked for is on the screen. */
  WatchMap.prototype.whenIdle = function () {
    var self = this;
    if (this.idle) return Promise.resolve();
    return new Promise(function (go) { self.listeners.push(go); });
  };

  /* ------------------------------------------------------------- what the page wants */
  WatchMap.prototype.apply = function (state) {
    if (!this.styled) {
      this.waiting = state;
      return;
    }
    var before = this.state, self = this;
    state.layers = state.layers || {};
    state.words = state.words || {};
    this.state = state;
    this.calls++;
    this.setToken(state.token, state.token_expires);
    if (before.night !== state.night || before.wall !== state.wall || before.lang !== state.lang || !this.sheet ||
        JSON.stringify(before.words) !== JSON.stringify(state.words)) this.dress(state);

    var types = JSON.stringify(state.types || []);
    if (types !== this.typesName) {
      this.typesName = types;
      this.types = new Map((state.types || []).map(function (t) {
        return [t.id, { id: t.id, code: t.code, colour: NTS.colour(t.colour), label: String(t.label) }];
      }));
      this.incidents.later();
    }
    if (!this.incidents._map) {
      this.incidents.addTo(this.map);
      this.overlays.addTo(this.map);
      this.analysis.addTo(this.map);
      this.analysis.marks.addTo(this.map);
    }
    this.together.name = state.together || null;
    if (state.view && state.view.n !== this.view.n) {
      this.view = { n: state.view.n, bounds: state.view.bounds || this.view.bounds };
      if (state.view.bounds) this.fit(this.calls > 1);
    }

    var look = {
      palette: this.palette, scale: this.scale, night: !!state.night, lang: state.lang, layers: state.layers,
      choropleth: state.choropleth || null, picked: state.picked || null, over: !!state.basemap,
    };
    this.ground.showUnder(state.basemap, look);
    this.ground.show(state.base.url.replace("{version}", state.base.version), look);

    var version = this.version(state.incidents.version);
    var source = { url: state.incidents.url, query: state.incidents.query, version: version };
    if (JSON.stringify(source) !== JSON.stringify(this.source)) {
      performance.mark("watch:asked");
      this.asked = true;
      this.source = source;
      this.incidents.setSource(source);
    }
    this.incidents.setVisible(state.layers.incidents !== false);
    this.overlays.setSources(state.overlays, state.layers);
    this.analysis.show(state.analysis);
    this.credit.say([state.attribution, state.basemap && state.basemap.attribution]);
    this.legend.show();
    if (this.live.version === undefined) this.live.version = version;
    this.status.box.hidden = !state.live;
    if (state.live) this.live.use(state.live.url);
    requestAnimationFrame(function () { self.settled("nothing"); });
  };

  /* The same state once more, for a part that failed. */
  WatchMap.prototype.again = function () { this.apply(this.state); };

  /* A page that was made before the last news must not bring old data back. */
  WatchMap.prototype.version = function (said) {
    if (!this.versions.has(said)) {
      this.versions.add(said);
      this.current = said;
    }
    return this.current;
  };

  WatchMap.prototype.dress = function (state) {
    var box = this.map.getContainer(), p = (this.palette = state.palette || {});
    Object.keys(p).forEach(function (role) { box.style.setProperty("--" + role.replace(/_/g, "-"), NTS.colour(p[role])); });
    box.lang = state.lang === "en" ? "en" : "th";
    box.classList.toggle("night", !!state.night);
    box.classList.toggle("wall", !!state.wall);
    this.scale = state.wall ? 1.35 : 1;
    this.sheet = new NTS.Sheet(p, state.words, this.scale);
    this.zoom.say(state.words);
    this.coordinates.words = this.rule.options.words = state.words;
    if (this.map._loaded) this.rule._update();
    this.status.show(this.live.state, this.live.since, state.words);
    this.incidents.later();
    this.overlays.later();
    var self = this;
    this.fonts.then(function () {
      self.sheet.forget();
      self.incidents.later();
      self.legend.name = null;
      self.legend.show();
    });
  };

  /* Far out the counts are what matters and symbols lie under them; near, a symbol is not hidden by a point. */
  WatchMap.prototype.stack = function () {
    this.map.getPane("watch-overlays").style.zIndex = this.map.getZoom() < 9 ? 425 : 440;
  };

  WatchMap.prototype.fit = function (animate) {
    var size = this.map.getSize(), bounds = L.latLngBounds(this.view.bounds), most = 13;
    if (!size.x) return;
    // What is shown stands beside the legend where there is room for it without going farther out.
    var zoom = Math.min(most, this.map.getBoundsZoom(bounds, false, L.point(16, 16)));
    var wide = this.map.project(bounds.getNorthEast(), zoom).x - this.map.project(bounds.getSouthWest(), zoom).x;
    var beside = Math.floor(Math.max(0, Math.min(this.legend.reach(), size.x - wide - 18)));
    this.map.fitBounds(bounds, { animate: animate, paddingTopLeft: [8, 8], paddingBottomRight: [8 + beside, 8], maxZoom: most });
    if (animate) this.touched = false;
  };

  WatchMap.prototype.legendChanged = WatchMap.prototype.scaleChanged = function () {
    var self = this;
    clearTimeout(this.legendSoon);
    this.legendSoon = setTimeout(function () { self.legend.show(); }, 60);
  };

  /* ------------------------------------------------------------- tokens */
  WatchMap.prototype.setToken = function (token, expires) {
    if (!token || token === this.token) return;
    var self = this, first = !this.token;
    this.token = token;
    this.expires = expires * 1000;
    this.renewAt = Date.now() + ((this.expires - Date.now()) * 2) / 3;
    this.renewing = 0;
    clearTimeout(this.renewal);
    this.renewal = setTimeout(function () { self.checkToken(); }, Math.min(2e9, Math.max(1000, this.renewAt - Date.now() + 50)));
    if (!first) this.wake();
  };

  WatchMap.prototype.checkToken = function () {
    if (!this.token || Date.now() < this.renewAt || Date.now() - this.renewing < 10000) return;
    this.renewing = Date.now();
    this.report({ event: "renew" });
    var self = this;
    clearTimeout(this.renewal);
    this.renewal = setTimeout(function () { self.checkToken(); }, 15000);
  };

  WatchMap.prototype.tileFailed = function (error) {
    if (error.status === 401 || error.status === 403) {
      this.renewAt = 0;
      this.checkToken();
    }
  };

  /* The line is back, or the token is new: what failed may be asked for again at once. */
  WatchMap.prototype.wake = function () {
    this.ground.wake();
    if (this.incidents._map) this.incidents.wanted();
    var self = this;
    if (this.overlays.sources) Object.keys(this.overlays.sources).forEach(function (name) { self.overlays.load(name); });
    if (!this.live.socket) this.live.open();
  };

  /* ------------------------------------------------------------- news */
  WatchMap.prototype.liveChanged = function (state, since) { this.status.show(state, since, this.state.words); };

  WatchMap.prototype.heard = function (news) {
    var self = this, told = this.news || (this.news = { what: new Set(), ids: new Set() });
    this.versions.add(news.version);
    told.version = news.version;
    news.what.forEach(function (w) { told.what.add(w); });
    if (Array.isArray(news.ids) && news.what.indexOf("incident") >= 0) news.ids.forEach(function (id) { told.ids.add(id); });
    if (this.soon) return;
    var wait = Date.now() - (this.flushed || 0) < COALESCE_BUSY ? COALESCE_BUSY : COALESCE;
    this.soon = setTimeout(function () { self.flush(); }, wait);
  };

  WatchMap.prototype.flush = function () {
    var self = this, told = this.news;
    this.news = null;
    this.soon = 0;
    this.flushed = Date.now();
    if (told.what.has("*") || told.what.has("incident")) {
      this.current = told.version;
      this.source = Object.assign({}, this.source, { version: told.version });
      this.incidents.setSource(this.source);
      this.mark(Array.from(told.ids).slice(-PULSES));
    }
    this.overlays.changed(Array.from(told.what));
    setTimeout(function () { self.report({ event: "changed", version: told.version }); }, Math.random() * JITTER);
  };

  /* A ring for a moment where something is new and passes the filter. */
  WatchMap.prototype.mark = function (ids) {
    var self = this, url = this.state.incidents.new_url;
    if (!ids.length || !url || this.state.layers.incidents === false) return;
    NTS.bytes(url.replace("{query}", this.source.query) + "&ids=" + ids.join(".") + "&token=" + encodeURIComponent(this.token))
      .then(function (bytes) {
        JSON.parse(new TextDecoder().decode(bytes)).features.slice(0, PULSES).forEach(function (f) {
          var icon = L.divIcon({ className: "watch-pulse", iconSize: [0, 0] });
          var ring = L.marker([f.geometry.coordinates[1], f.geometry.coordinates[0]], { icon: icon, pane: "watch-marks", interactive: false, keyboard: false });
          ring.addTo(self.map);
          setTimeout(function () { ring.remove(); }, PULSE);
        });
      })
      .catch(function (error) { self.tileFailed(error); });
  };

  /* ------------------------------------------------------------- what a person does */
  WatchMap.prototype.clicked = function (e) {
    var zoom = this.map.getZoom(), symbol = this.overlays.hit(e.latlng), point = symbol ? null : this.incidents.hit(e.latlng);
    this.coordinates.keep(e.latlng);
    this.legend.aside();
    if (point && point.n > 1 && zoom < NEAR) {
      this.map.setView(this.map.unproject(L.point(point.x, point.y).multiplyBy(256 * Math.pow(2, zoom)), zoom), Math.min(zoom + 2, 18));
      return;
    }
    var side = this.map.containerPointToLatLng(e.containerPoint.add([12 * this.scale, 0]));
    this.report({
      event: "pick", lat: Math.round(e.latlng.lat * 1e6) / 1e6, lng: Math.round(e.latlng.lng * 1e6) / 1e6, zoom: zoom,
      radius_m: Math.round(this.map.distance(e.latlng, side) * 10) / 10, symbol: symbol, incident: !!point,
      computed: this.analysis.hit(e.latlng),
    });
  };

  WatchMap.prototype.hovered = function (e) {
    if (this.map.dragging.moving()) return;
    var over = this.overlays.hit(e.latlng) || this.incidents.hit(e.latlng), computed = this.analysis.hit(e.latlng);
    this.map.getContainer().classList.toggle("watch-over", !!(over || computed));
    this.beside.say(over ? "" : this.analysis.said(computed), e.containerPoint, this.map.getSize());
  };

  WatchMap.prototype.report = function (what) {
    this.seq = Math.max(this.seq + 1, Date.now());
    what.seq = this.seq;
    if (window.Streamlit) window.Streamlit.setComponentValue(what);
  };

  window.WatchMap = WatchMap;
})();
