"""A small map of one case: where it is, where its reports say it is, and which cases near it may be the same.

Numbers and nothing else are written on it: text of others stands beside it.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium

from dashboard.maps.assets import CSS, JS, asset_url
from dashboard.maps.base import calm_branca
from dashboard.maps.palette import palette

__all__ = ["Mark", "box_around", "case_map"]

calm_branca()
SPREAD = 0.012
"""Degrees around the marks, some 1.3 km: enough to see the river or the road."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the map, degrees (WGS 84). ``number`` as in the list beside it; none for the case itself."""

    lon: float
    lat: float
    kind: str
    colour: str
    number: int | None = None


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
    base_path: str = "",
) -> folium.Map:
    """The map; the case is a full dot, its reports are rings, others are numbered."""
    colours = palette(night)
    west, south, east, north = box_around(marks)
    drawn = folium.Map(
        tiles=None, zoom_control=True, attribution_control=False, control_scale=True, scrollWheelZoom=False
    )
    leaflet = [path for path in JS if path.startswith("leaflet/")]
    drawn.default_js = [(path, asset_url(path, base_path)) for path in leaflet]
    drawn.default_css = [(path, asset_url(path, base_path)) for path in CSS if path.startswith("leaflet/")]
    ground = f"<style>.leaflet-container{{background:{colours['neighbour']}!important}}</style>"
    drawn.get_root().header.add_child(folium.Element(ground))  # type: ignore[attr-defined]
    for shape in districts:
        _shape(shape, color=colours["border_district"], weight=1, fillColor=colours["land"], fillOpacity=1).add_to(
            drawn
        )
    for shape in border:
        _shape(shape, color=colours["border"], weight=3, fill=False).add_to(drawn)
    for mark in sorted(marks, key=lambda mark: mark.number is None):
        _mark(mark, colours).add_to(drawn)
    drawn.fit_bounds([[south, west], [north, east]])
    return drawn


def _shape(shape: Mapping[str, Any], **style: Any) -> folium.GeoJson:
    return folium.GeoJson(dict(shape), style_function=lambda _: style, embed=True, interactive=False)


def _mark(mark: Mark, colours: Mapping[str, str]) -> Any:
    place = [mark.lat, mark.lon]
    if mark.number is not None:
        # A number of ours on a disc: the only thing written on this map.
        disc = (
            f'<div style="width:22px;height:22px;border-radius:11px;border:2px solid {html.escape(mark.colour)};'
            f"background:{colours['plate']};color:{colours['ink']};font:600 13px/18px sans-serif;text-align:center;"
            f'box-sizing:border-box">{int(mark.number)}</div>'
        )
        return folium.Marker(
            place, icon=folium.DivIcon(html=disc, icon_size=(22, 22), icon_anchor=(11, 11), class_name="n")
        )
    if mark.kind == "report":
        return folium.CircleMarker(place, radius=7, color=colours["ink"], weight=2, fill=False)
    return folium.CircleMarker(
        place, radius=9, color=colours["ink"], weight=2, fill=True, fillColor=mark.colour, fillOpacity=1
    )
