/* The map of the public form: fetched only when asked for, drawn from our own tiles, one tap marks the place. */
(function () {
  "use strict";
  var BASE = "/assets/", map, mark, box;

  function fetched(tag, address) {
    return new Promise(function (done, failed) {
      var node = document.createElement(tag);
      if (tag === "link") { node.rel = "stylesheet"; node.href = address; } else node.src = address;
      node.onload = done;
      node.onerror = failed;
      document.head.appendChild(node);
    });
  }
  function colours() {
    return matchMedia("(prefers-color-scheme:dark)").matches
      ? { far: "#0e1419", land: "#232c35", other: "#1a2128", line: "#4b5a68", border: "#e08b7d", name: "#dfe5ea", halo: "#151b21", mark: "#ffb000" }
      : { far: "#d6e2ea", land: "#fbfaf6", other: "#ebe9e2", line: "#b9b6ab", border: "#a3260f", name: "#26313d", halo: "#fff", mark: "#a3260f" };
  }
  function ground(version, lang) {
    var c = colours(), P = protomapsL, names = lang === "th" ? ["name_th", "name_en"] : ["name_en", "name_th"];
    function text(size, bold) {
      return new P.CenteredTextSymbolizer({ labelProps: names, fill: c.name, stroke: c.halo, width: 2,
        font: (bold ? "600 " : "400 ") + size + "px Sarabun,sans-serif", lineHeight: 1.35, maxLineChars: 18 });
    }
    function kind(name) { return function (z, f) { return f.props.kind === name; }; }
    box.style.background = c.far;
    return P.leafletLayer({
      url: "/tiles/base/" + version + "/{z}/{x}/{y}", attribution: "", maxDataZoom: 12, lang: lang,
      paintRules: [
        { dataLayer: "land", symbolizer: new P.PolygonSymbolizer({ fill: function (z, f) { return f.props.country === "TH" ? c.land : c.other; }, perFeature: true }) },
        { dataLayer: "district", minzoom: 8, symbolizer: new P.LineSymbolizer({ color: c.line, width: 1 }) },
        { dataLayer: "province", symbolizer: new P.LineSymbolizer({ color: c.line, width: 1.6 }) },
        { dataLayer: "section", symbolizer: new P.LineSymbolizer({ color: c.border, width: 2.4 }) },
      ],
      labelRules: [
        { dataLayer: "label", maxzoom: 9, filter: kind("province"), symbolizer: text(14, true) },
        { dataLayer: "label", minzoom: 8, filter: kind("district"), symbolizer: text(14, true) },
        { dataLayer: "label", minzoom: 10, filter: kind("far_district"), symbolizer: text(13) },
      ],
    });
  }

  window.ReportMap = {
    start: function (where, words, place, setPoint, hint) {
      box = where;
      hint(words.where.map_hint);
      fetched("link", BASE + "leaflet/dist/leaflet.css")
        .then(function () { return fetched("script", BASE + "leaflet/dist/leaflet.js"); })
        .then(function () { return fetched("script", BASE + "protomaps-leaflet/dist/protomaps-leaflet.js"); })
        .then(function () { return fetch("/report/places", { credentials: "omit" }); })
        .then(function (answer) { return answer.json(); })
        .then(function (said) {
          where.hidden = false;
          map = L.map(where, { attributionControl: false, minZoom: 5, maxZoom: 17, maxBounds: [[4, 94], [24, 112]] });
          map.setView([16.4, 103.4], 6);
          ground(said.map, words.lang).addTo(map);
          L.control.scale({ imperial: false }).addTo(map);
          function draw() {
            if (mark) mark.remove();
            mark = null;
            if (place.lat.value) {
              mark = L.circleMarker([+place.lat.value, +place.lon.value], { radius: 11, color: "#fff", weight: 3, fillColor: colours().mark, fillOpacity: 1 }).addTo(map);
            }
          }
          map.on("click", function (event) { setPoint(event.latlng.lat, event.latlng.wrap().lng); });
          document.getElementById("report").addEventListener("point", draw);
          draw();
          if (mark) map.setView(mark.getLatLng(), 12);
          window.ReportMap.ready = true;
        })
        .catch(function () { hint(words.where.map_failed); });
    },
    open: function () { if (map) { box.hidden = !box.hidden; map.invalidateSize(); } },
  };
})();
