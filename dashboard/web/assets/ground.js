/* The ground: land, districts, the border, names, and where wished an online or an offline base map under them. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var LAST_DATA_ZOOM = 12, VECTOR = 1;

  function lines(options) { return new protomapsL.LineSymbolizer(options); }

  /* Lines by zoom: [zoom, width] pairs, times the size of the room. */
  function wide(stops, scale) {
    var at = protomapsL.linear(stops);
    return function (z) { return at(z) * scale; };
  }

  function border(feature) { return feature.props.border === true || feature.props.border === 1; }

  function paintRules(look) {
    var p = look.palette, s = look.scale, rules = [], classes = look.choropleth;
    var opaque = !look.over;
    if (opaque) {
      rules.push({ dataLayer: "land", symbolizer: new protomapsL.PolygonSymbolizer({
        fill: function (z, f) { return f.props.country === "TH" ? p.land : p.neighbour; }, stroke: p.coast, width: 1, perFeature: true,
      }) });
    }
    if (classes && look.layers.districts !== false) {
      rules.push({
        dataLayer: "district",
        filter: function (z, f) { return classes.values[f.props.code] !== undefined; },
        symbolizer: new protomapsL.PolygonSymbolizer({
          fill: function (z, f) { return NTS.colour(classes.colours[classes.values[f.props.code]]); },
          opacity: opaque ? 0.92 : 0.6,
          perFeature: true,
        }),
      });
    }
    rules.push({ dataLayer: "province", minzoom: 6, symbolizer: lines({ color: p.province, width: wide([[6, 0.8], [12, 1.6]], s) }) });
    if (look.layers.districts !== false) {
      rules.push({ dataLayer: "district", minzoom: 9, filter: function (z, f) { return !border(f); },
        symbolizer: lines({ color: p.district, width: 0.8 * s }) });
      rules.push({ dataLayer: "district", filter: function (z, f) { return border(f); },
        symbolizer: lines({ color: p.border_district, width: wide([[6, 0.6], [12, 1.3]], s) }) });
      rules.push({ dataLayer: "district", filter: function (z, f) { return f.props.target === "likely"; },
        symbolizer: lines({ color: p.likely, width: wide([[6, 0.9], [12, 1.9]], s) }) });
      rules.push({ dataLayer: "district", filter: function (z, f) { return f.props.target === "named"; },
        symbolizer: lines({ color: p.target, width: wide([[6, 1.1], [12, 2.3]], s) }) });
    }
    if (look.layers.sections !== false) {
      rules.push({ dataLayer: "section", filter: function (z, f) { return !f.props.undetermined; },
        symbolizer: lines({ color: p.border_halo, width: wide([[5, 3.4], [12, 7]], s), opacity: 0.75, lineJoin: "round", lineCap: "round" }) });
      rules.push({ dataLayer: "section", filter: function (z, f) { return !f.props.undetermined; },
        symbolizer: lines({ color: p.border, width: wide([[5, 1.7], [12, 3.4]], s), lineJoin: "round", lineCap: "round" }) });
      rules.push({ dataLayer: "section", filter: function (z, f) { return !!f.props.undetermined; },
        symbolizer: lines({ dash: [7 * s, 5 * s], dashColor: p.border, dashWidth: 2.2 * s, lineJoin: "round", perFeature: true }) });
    }
    if (look.picked) {
      rules.push({ dataLayer: "district", filter: function (z, f) { return f.props.code === look.picked; },
        symbolizer: lines({ color: p.picked, width: 2.6 * s, lineJoin: "round" }) });
    }
    return rules;
  }

  function labelRules(look) {
    var p = look.palette, s = look.scale;
    var names = look.lang === "th" ? ["name_th", "name_en"] : ["name_en", "name_th"];
    function text(weight, stops, fill) {
      var size = protomapsL.linear(stops);
      return new protomapsL.CenteredTextSymbolizer({
        labelProps: names, fill: fill, stroke: p.name_halo, width: 1.6 * s, lineHeight: 1.35, maxLineChars: 18,
        font: function (z) { return weight + " " + Math.round(size(z) * s * 10) / 10 + "px " + NTS.FONT; },
      });
    }
    function kind(name) { return function (z, f) { return f.props.kind === name; }; }
    var rules = [
      { dataLayer: "label", maxzoom: 8, filter: kind("country"), symbolizer: text(600, [[5, 13], [8, 19]], p.name_faint) },
      { dataLayer: "label", minzoom: 6, maxzoom: 10, filter: kind("province"), symbolizer: text(600, [[6, 11.5], [9, 15]], p.name) },
      { dataLayer: "label", minzoom: 7, maxzoom: 10, filter: kind("far_province"), symbolizer: text(400, [[7, 11], [10, 14]], p.name_faint) },
    ];
    if (look.layers.districts !== false) {
      rules.push({ dataLayer: "label", minzoom: 8, filter: kind("district"), symbolizer: text(600, [[8, 12], [12, 15]], p.name_strong) });
      rules.push({ dataLayer: "label", minzoom: 10, filter: kind("far_district"), symbolizer: text(400, [[10, 11.5], [13, 14]], p.name_faint) });
    }
    return rules;
  }

  NTS.Ground = function (watch) {
    this.watch = watch;
    this.layer = null;
    this.under = null;
    this.waiters = [];
  };

  NTS.Ground.prototype.wake = function () {
    this.waiters.splice(0).forEach(function (go) { go(); });
  };

  /* Draws again only what `look` changes. */
  NTS.Ground.prototype.show = function (url, look) {
    var self = this;
    var labels = JSON.stringify([look.lang, look.night, look.scale, look.layers.districts, look.over]);
    var fills = JSON.stringify([look.choropleth, look.picked, look.layers.districts, look.layers.sections, look.over, look.night, look.scale]);
    if (url !== this.url) {
      var old = this.layer;
      this.url = url;
      this.layer = protomapsL.leafletLayer({
        url: "/none", pane: "watch-ground", attribution: "", maxDataZoom: LAST_DATA_ZOOM, tileDelay: 1, lang: look.lang,
        paintRules: paintRules(look), labelRules: labelRules(look), tasks: [this.watch.fonts],
        updateWhenZooming: false, keepBuffer: 3,
      });
      this.wake(); // what still waits for tiles of the old address learns that they are not wanted
      var source = NTS.patient(url, function (go) { self.waiters.push(go); }, function () { return self.url === url; });
      this.layer.views = new Map([["", new protomapsL.View(new protomapsL.TileCache(source, 512), LAST_DATA_ZOOM, 1)]]);
      this.layer.on("loading", function () { self.watch.busy("ground"); });
      this.layer.on("load", function () {
        self.watch.settled("ground");
        if (old) { old.remove(); old = null; }
      });
      this.layer.addTo(this.watch.map);
    } else if (labels !== this.labels || fills !== this.fills) {
      this.layer.paintRules = paintRules(look);
      if (labels !== this.labels) {
        this.layer.labelRules = labelRules(look);
        this.layer.clearLayout();
      }
      this.redraw();
    }
    this.labels = labels;
    this.fills = fills;
  };

  NTS.Ground.prototype.redraw = function () {
    var layer = this.layer, watch = this.watch, drawn = [];
    watch.busy("ground-again");
    Object.keys(layer._tiles).forEach(function (k) {
      var coords = layer._wrapCoords(layer._keyToTileCoords(k)), tile = layer._tiles[k];
      drawn.push(layer.renderTile(coords, tile.el, layer._tileCoordsToKey(coords), function () {
        if (!tile.loaded) layer._tileReady(layer._keyToTileCoords(k), null, tile.el);
      }));
    });
    Promise.all(drawn).then(function () { watch.settled("ground-again"); });
  };

  /* An online base map, a PMTiles file of one's own, or neither. */
  NTS.Ground.prototype.showUnder = function (basemap, look) {
    var name = JSON.stringify([basemap, basemap && basemap.kind === "pmtiles" ? [look.night, look.lang] : 0]);
    if (name === this.underName) return;
    this.underName = name;
    if (this.under) { this.under.remove(); this.under = null; }
    if (!basemap || typeof basemap.url !== "string" || !/^(https?:\/\/|\/)/.test(basemap.url)) return;
    if (basemap.kind !== "pmtiles") {
      this.under = L.tileLayer(basemap.url, { pane: "watch-under", maxNativeZoom: basemap.max_zoom || 18, maxZoom: 18, attribution: "" });
      this.under.addTo(this.watch.map);
      return;
    }
    var self = this, archive = new protomapsL.PmtilesSource(new URL(basemap.url, location.href).href, true).p;
    archive.getHeader().then(function (header) {
      if (self.underName !== name) return;
      self.under = header.tileType === VECTOR
        ? protomapsL.leafletLayer({
            url: archive, flavor: look.night ? "dark" : "light", lang: look.lang === "en" ? "en" : "th",
            pane: "watch-under", attribution: "", maxDataZoom: header.maxZoom, tileDelay: 1,
          })
        : new NTS.Pictures(archive, { pane: "watch-under", maxNativeZoom: header.maxZoom, minNativeZoom: header.minZoom });
      self.under.addTo(self.watch.map);
    }).catch(function (error) {
      console.warn("base map: " + error.message);
      if (self.underName === name) setTimeout(function () { self.underName = null; self.watch.again(); }, 15000);
    });
  };

  /* A PMTiles file of pictures, such as scanned maps or imagery. */
  NTS.Pictures = L.GridLayer.extend({
    initialize: function (archive, options) {
      this.archive = archive;
      L.setOptions(this, options);
    },
    createTile: function (coords, done) {
      var tile = document.createElement("canvas");
      this.archive.getZxy(coords.z, coords.x, coords.y).then(function (found) {
        return found ? createImageBitmap(new Blob([found.data])) : null;
      }).then(function (picture) {
        if (picture) {
          tile.width = picture.width;
          tile.height = picture.height;
          tile.getContext("2d").drawImage(picture, 0, 0);
        }
        done(null, tile);
      }).catch(function (error) { done(error, tile); });
      return tile;
    },
  });
})();
