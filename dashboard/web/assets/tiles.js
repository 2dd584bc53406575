/* Getting vector tiles, and a canvas that stays put while the map moves. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});

  NTS.fill = function (url, z, x, y) {
    return url.replace("{z}", z).replace("{x}", x).replace("{y}", y);
  };

  /* A number of milliseconds that grows with every failure and differs from map to map. */
  NTS.pause = function (failures, most) {
    return Math.min(most, 700 * Math.pow(1.8, failures)) * (0.7 + 0.6 * Math.random());
  };

  /* An answer that is not 200 is a failure, never an empty tile: an empty map would say that nothing happened. */
  NTS.bytes = function (url, signal) {
    return fetch(url, { signal: signal, credentials: "omit" }).then(function (answer) {
      if (!answer.ok) {
        var error = new Error("status " + answer.status);
        error.status = answer.status;
        throw error;
      }
      return answer.arrayBuffer();
    });
  };

  /* protomaps-leaflet reads its own tiles without looking at the status, so it is given bytes that were looked at. */
  NTS.parse = function (bytes, size) {
    if (!bytes.byteLength) return Promise.resolve(new Map());
    var archive = { getZxy: function () { return Promise.resolve({ data: bytes }); } };
    return new protomapsL.PmtilesSource(archive, false).get({ z: 0, x: 0, y: 0 }, size);
  };

  /* The ground has no second version to fall back on: it asks again until it comes, or until another is wanted. */
  NTS.patient = function (url, woken, wanted) {
    function attempt(z, x, y, failures) {
      return NTS.bytes(NTS.fill(url, z, x, y)).catch(function () {
        return Promise.race([
          new Promise(function (go) { setTimeout(go, NTS.pause(failures, 15000)); }),
          new Promise(function (go) { woken(go); }),
        ]).then(function () {
          if (!wanted()) throw new DOMException("another ground is wanted", "AbortError");
          return attempt(z, x, y, failures + 1);
        });
      });
    }
    return {
      get: function (c, size) {
        return attempt(c.z, c.x, c.y, 0).then(function (bytes) { return NTS.parse(bytes, size); });
      },
    };
  };

  /* One canvas over the view and a margin. `paint(ctx, place)`; `place` turns zoom-0 world units into canvas pixels. */
  NTS.Sheetlayer = L.Renderer.extend({
    options: { padding: 0.25 },
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.style.pointerEvents = "none";
      this._ctx = this._container.getContext("2d");
    },
    _destroyContainer: function () {
      L.DomUtil.remove(this._container);
      delete this._container;
    },
    _updatePaths: function () {},
    getEvents: function () {
      var events = L.Renderer.prototype.getEvents.call(this);
      events.move = this._follow;
      return events;
    },
    _follow: function () {
      if (!this._bounds || this._map._animatingZoom || this._map.getZoom() !== this._zoom) return;
      var shift = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
      var spare = this._map.getSize().multiplyBy(this.options.padding);
      if (Math.abs(shift.x - spare.x) > spare.x * 0.7 || Math.abs(shift.y - spare.y) > spare.y * 0.7) this._update();
    },
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this.wanted();
      this.redraw();
    },
    wanted: function () {},
    later: function () {
      var self = this;
      if (this._soon) return;
      this._soon = requestAnimationFrame(function () {
        self._soon = 0;
        if (self._map && !self._map._animatingZoom) self.redraw();
      });
    },
    redraw: function () {
      if (!this._bounds || !this._container) return;
      var ratio = window.devicePixelRatio || 1, size = this._bounds.getSize(), canvas = this._container;
      if (canvas.width !== Math.round(size.x * ratio) || canvas.height !== Math.round(size.y * ratio)) {
        canvas.width = Math.round(size.x * ratio);
        canvas.height = Math.round(size.y * ratio);
        canvas.style.width = size.x + "px";
        canvas.style.height = size.y + "px";
      }
      var ctx = this._ctx;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, size.x, size.y);
      var zoom = this._zoom;
      var world = 256 * Math.pow(2, zoom);
      var origin = this._map.getPixelOrigin().add(this._bounds.min);
      this.place = { world: world, dx: origin.x, dy: origin.y, width: size.x, height: size.y, zoom: zoom };
      this.paint(ctx, this.place);
    },
    /* Where the pointer is, in canvas pixels. */
    at: function (latlng) {
      return this._map.latLngToLayerPoint(latlng).subtract(this._bounds.min);
    },
  });

  /* Degrees to the zoom-0 world, 0 to 1 each way (Web Mercator). */
  NTS.worldX = function (lng) { return (lng + 180) / 360; };
  NTS.worldY = function (lat) {
    var s = Math.sin((lat * Math.PI) / 180);
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  };
})();
