"""A map for paper: drawn here as SVG from numbers alone, with no text in it; names are set beside it by the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.documents.map_plane import WIDE, MapPlane
from dashboard.geojson_lines import lines_of
from dashboard.maps.palette import DAY
from geo.queries.paper_ground import PaperGround

__all__ = ["DrawnMap", "draw", "drawn_map", "ground_parts"]


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


def draw(ground: PaperGround, district: str | None, lon: float | None, lat: float | None) -> DrawnMap:
    """Districts, the border as the one heavy line (dashed where it is not agreed), crossings, and the point."""
    paper = MapPlane(ground.box)
    parts = ground_parts(ground, paper, district)
    if lon is not None and lat is not None:
        x, y = paper.at(lon, lat)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="26" fill="none" stroke="#ffffff" stroke-width="12"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="26" fill="none" stroke="{DAY["new"]}" stroke-width="6"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{DAY["new"]}"/>'
        )
    return drawn_map(ground, paper, parts)


def ground_parts(ground: PaperGround, paper: MapPlane, district: str | None) -> list[str]:
    """SVG elements of districts, border and crossings; one district stands out where it is named."""
    drawn = []
    for one in sorted(ground.districts, key=lambda one: one.code == district):
        own = one.code == district
        drawn.append(
            f'<path d="{paper.path(lines_of(one.shape), True)}" fill="{"#fffdf6" if own else "#efeade"}" fill-rule="evenodd"'
            f' stroke="{DAY["target"] if own else DAY["border_district"]}" stroke-width="{3.5 if own else 2}"/>'
        )
    for stretch in ground.border:
        dashes = ' stroke-dasharray="14 10"' if stretch.undetermined else ""
        drawn.append(
            f'<path d="{paper.path(lines_of(stretch.shape), False)}" fill="none" stroke="{DAY["border"]}" stroke-width="7"'
            f' stroke-linecap="round" stroke-linejoin="round"{dashes}/>'
        )
    drawn += [
        f'<path d="M{x:.1f} {y - 13:.1f}l13 22h-26z" fill="#ffffff" stroke="{DAY["ink"]}" stroke-width="4"/>'
        for x, y in (paper.at(one.lon, one.lat) for one in ground.crossings)
    ]
    return drawn


def drawn_map(ground: PaperGround, paper: MapPlane, parts: Sequence[str]) -> DrawnMap:
    """The picture of these elements on the neighbours' ground, with what the page has to set beside it."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {paper.high:.0f}" width="{WIDE:.0f}"'
        f' height="{paper.high:.0f}"><clipPath id="c"><rect width="{WIDE:.0f}" height="{paper.high:.0f}"/></clipPath>'
        f'<g clip-path="url(#c)"><rect width="{WIDE:.0f}" height="{paper.high:.0f}" fill="{DAY["neighbour"]}"/>'
        f"{''.join(parts)}</g></svg>"
    )
    km, share = paper.scale_bar()
    names = []
    for one in ground.districts:
        if one.lon is not None and one.lat is not None:
            x, y = paper.at(one.lon, one.lat)
            if 0.08 * WIDE < x < 0.92 * WIDE and 0.04 * paper.high < y < 0.96 * paper.high:
                names.append((one.code, round(x / WIDE, 4), round(y / paper.high, 4)))
    return DrawnMap(
        svg=svg,
        ratio=paper.high / WIDE,
        names=tuple(names),
        scale_km=km,
        scale_share=share,
        crossings=any(paper.inside(*paper.at(one.lon, one.lat)) for one in ground.crossings),
        undetermined=any(stretch.undetermined for stretch in ground.border),
    )
