"""A small map of one case: where it is, where its reports say it is, and which cases near it may be the same.

Numbers and nothing else are written on it: text of others stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from dashboard.maps.assets import CSS, JS, asset_url
from dashboard.maps.base import calm_branca
from dashboard.maps.palette import palette
from dashboard.maps.popups import script_json

__all__ = ["Mark", "box_around", "case_map"]

calm_branca()
SPREAD = 0.012
"""Degrees around the marks, some 1.3 km: enough to see the river or the road."""
WIDTH_PX, HEIGHT_PX, CLOSEST = 340, 200, 16
"""What is surely seen of it on a telephone and beside a case."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the map, degrees (WGS 84).

    Attributes
    ----------
    kind
        ``case`` (a full dot), ``report`` (a ring) or ``other`` (a number).
    colour
        ``#rrggbb`` of its crime type.
    number
        That of the list beside the map.
    """

    lon: float
    lat: float
    kind: str
    colour: str
    number: int | None = None


class _Drawing(MacroElement):
    """Everything on the map, from one JSON in which nothing can be markup or a template."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            (function (map, d) {
              map.getContainer().style.background = d.colours.neighbour;
              d.districts.forEach(function (g) {
                L.geoJSON(g, {interactive: false, style: {color: d.colours.edge, weight: 1, fillColor: d.colours.land, fillOpacity: 1}}).addTo(map);
              });
              d.border.forEach(function (g) {
                L.geoJSON(g, {interactive: false, style: {color: d.colours.border, weight: 3}}).addTo(map);
              });
              var Scale = L.Control.Scale.extend({_updateScale: function (line, text, share) {
                var said = text.split(" ");
                L.Control.Scale.prototype._updateScale.call(this, line, said[0] + " " + (d.units[said[1]] || said[1]), share);
              }});
              new Scale({imperial: false}).addTo(map);
              d.marks.forEach(function (m) {
                var at = [m.lat, m.lon];
                if (m.kind === "other") {
                  var disc = document.createElement("div");
                  disc.textContent = String(m.number);
                  Object.assign(disc.style, {
                    width: "22px", height: "22px", borderRadius: "11px", border: "2px solid", borderColor: m.colour,
                    background: d.colours.plate, color: d.colours.ink, font: "600 13px/18px sans-serif", textAlign: "center",
                    boxSizing: "border-box"
                  });
                  L.marker(at, {interactive: false, icon: L.divIcon({html: disc, iconSize: [22, 22], iconAnchor: [11, 11], className: "n"})}).addTo(map);
                } else {
                  var full = m.kind === "case";
                  L.circleMarker(at, {
                    interactive: false, radius: full ? 9 : 7, color: d.colours.ink, weight: 2, fill: full, fillColor: m.colour, fillOpacity: 1
                  }).addTo(map);
                }
              });
            })({{ this._parent.get_name() }}, {{ this.json }});
        {% endmacro %}
        """
    )

    def __init__(self, drawing: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Drawing"
        self.json = script_json(drawing)


def box_around(marks: Sequence[Mark]) -> tuple[float, float, float, float]:
    """West, south, east, north of all marks with some room."""
    lons, lats = [mark.lon for mark in marks], [mark.lat for mark in marks]
    return min(lons) - SPREAD, min(lats) - SPREAD, max(lons) + SPREAD, max(lats) + SPREAD


def case_map(
    marks: Sequence[Mark],
    districts: Sequence[Mapping[str, Any]],
    border: Sequence[Mapping[str, Any]],
    *,
    night: bool,
    units: Mapping[str, str] | None = None,
    base_path: str = "",
) -> folium.Map:
    """The map, on which nothing can be pressed but its zoom.

    Parameters
    ----------
    units
        Words for ``m`` and ``km`` on its scale.
    districts, border
        GeoJSON geometries (WGS 84).
    base_path
        Path under which the application is served.
    """
    colours = palette(night)
    box = box_around(marks)
    drawn = folium.Map(
        [(box[1] + box[3]) / 2, (box[0] + box[2]) / 2], zoom_start=_zoom(box), tiles=None, attribution_control=False,
        scrollWheelZoom=False,
    )  # fmt: skip
    drawn.default_js = [(path, asset_url(path, base_path)) for path in JS if path.startswith("leaflet/")]
    drawn.default_css = [(path, asset_url(path, base_path)) for path in CSS if path.startswith("leaflet/")]
    roles = {name: name for name in ("neighbour", "land", "border", "plate", "ink")} | {"edge": "border_district"}
    drawing = {
        "districts": list(districts),
        "border": list(border),
        "marks": [asdict(mark) for mark in sorted(marks, key=lambda mark: mark.kind == "other")],
        "units": dict(units or {}),
        "colours": {name: colours[role] for name, role in roles.items()},
    }
    _Drawing(drawing).add_to(drawn)
    return drawn


def _zoom(box: tuple[float, float, float, float]) -> int:
    """The nearest zoom that shows the whole box. Not left to the browser: a frame that is not laid out yet has no size to fit."""
    west, south, east, north = box
    across = 360 / max(east - west, 1e-6) * WIDTH_PX
    along = 360 / max(north - south, 1e-6) * math.cos(math.radians((north + south) / 2)) * HEIGHT_PX
    return min(math.floor(math.log2(min(across, along) / 256)), CLOSEST)
