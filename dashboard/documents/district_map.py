"""A map for paper: drawn here as SVG from numbers alone, with no text in it; names are set beside it by the page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.maps.palette import DAY
from geo.queries.paper_ground import PaperGround

__all__ = ["DrawnMap", "draw"]

WIDE = 1000.0
HIGHEST, LOWEST = 1.1, 0.45
"""Height by width that the page has room for."""
METRES = 111_320.0
"""Of a degree of latitude."""
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """A map.

    Attributes
    ----------
    svg
        The picture.
    ratio
        Height by width.
    names
        Code of each district with room for a name, and where in the picture: shares of width and height from the top left.
    scale_km, scale_share
        Length of the scale bar, and its share of the width.
    crossings, undetermined
        Whether there are such things, for the legend.
    """

    svg: str
    ratio: float
    names: tuple[tuple[str, float, float], ...]
    scale_km: float
    scale_share: float
    crossings: bool
    undetermined: bool


class _Paper:
    """From degrees to the picture: at this size a plane with the right proportions at its middle."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        west, south, east, north = box
        self.shrink = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self.shrink, north - south
        ratio = min(max(high / wide, LOWEST), HIGHEST)
        side = max(wide, high / ratio)
        self.scale = WIDE / side
        self.high = WIDE * ratio
        self.lon0 = (west + east) / 2 - side / 2 / self.shrink
        self.lat0 = (south + north) / 2 + self.high / self.scale / 2

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.lon0) * self.shrink * self.scale, (self.lat0 - lat) * self.scale

    def inside(self, x: float, y: float) -> bool:
        return 0 <= x <= WIDE and 0 <= y <= self.high

    def path(self, lines: Iterator[Ring], closed: bool) -> str:
        parts = []
        for line in lines:
            points = [f"{x:.1f} {y:.1f}" for x, y in (self.at(float(p[0]), float(p[1])) for p in line)]
            if len(points) > 1:
                parts.append("M" + "L".join(points) + ("Z" if closed else ""))
        return "".join(parts)


def _lines(shape: Mapping[str, Any]) -> Iterator[Ring]:
    """The rings and lines of a GeoJSON geometry."""
    match shape["type"]:
        case "GeometryCollection":
            for part in shape["geometries"]:
                yield from _lines(part)
        case "LineString":
            yield shape["coordinates"]
        case "MultiLineString" | "Polygon":
            yield from shape["coordinates"]
        case "MultiPolygon":
            for polygon in shape["coordinates"]:
                yield from polygon


def draw(ground: PaperGround, district: str | None, lon: float | None, lat: float | None) -> DrawnMap:
    """Districts, the border as the one heavy line (dashed where it is not agreed), crossings, and the point."""
    paper = _Paper(ground.box)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {paper.high:.0f}" width="{WIDE:.0f}"'
        f' height="{paper.high:.0f}"><clipPath id="c"><rect width="{WIDE:.0f}" height="{paper.high:.0f}"/></clipPath>'
        f'<g clip-path="url(#c)"><rect width="{WIDE:.0f}" height="{paper.high:.0f}" fill="{DAY["neighbour"]}"/>'
    ]
    for one in sorted(ground.districts, key=lambda one: one.code == district):
        own = one.code == district
        drawn.append(
            f'<path d="{paper.path(_lines(one.shape), True)}" fill="{"#fffdf6" if own else "#efeade"}" fill-rule="evenodd"'
            f' stroke="{DAY["target"] if own else DAY["border_district"]}" stroke-width="{3.5 if own else 2}"/>'
        )
    for stretch in ground.border:
        dashes = ' stroke-dasharray="14 10"' if stretch.undetermined else ""
        drawn.append(
            f'<path d="{paper.path(_lines(stretch.shape), False)}" fill="none" stroke="{DAY["border"]}" stroke-width="7"'
            f' stroke-linecap="round" stroke-linejoin="round"{dashes}/>'
        )
    crossings = [paper.at(one.lon, one.lat) for one in ground.crossings]
    drawn += [
        f'<path d="M{x:.1f} {y - 13:.1f}l13 22h-26z" fill="#ffffff" stroke="{DAY["ink"]}" stroke-width="4"/>'
        for x, y in crossings
    ]
    if lon is not None and lat is not None:
        x, y = paper.at(lon, lat)
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="26" fill="none" stroke="#ffffff" stroke-width="12"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="26" fill="none" stroke="{DAY["new"]}" stroke-width="6"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{DAY["new"]}"/>'
        )
    drawn.append("</g></svg>")
    km, share = _scale(paper)
    names = []
    for one in ground.districts:
        if one.lon is not None and one.lat is not None:
            x, y = paper.at(one.lon, one.lat)
            if 0.08 * WIDE < x < 0.92 * WIDE and 0.04 * paper.high < y < 0.96 * paper.high:
                names.append((one.code, round(x / WIDE, 4), round(y / paper.high, 4)))
    return DrawnMap(
        svg="".join(drawn),
        ratio=paper.high / WIDE,
        names=tuple(names),
        scale_km=km,
        scale_share=share,
        crossings=any(paper.inside(*at) for at in crossings),
        undetermined=any(stretch.undetermined for stretch in ground.border),
    )


def _scale(paper: _Paper) -> tuple[float, float]:
    """A round length of about a fifth of the width."""
    width_km = WIDE / paper.scale * METRES / 1000
    km = max((n for n in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if n <= width_km / 4), default=0.1)
    return km, km / width_km
