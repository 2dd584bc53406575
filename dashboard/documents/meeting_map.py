"""The map of a meeting's sheet for paper and slides: an SVG drawn from the frozen shapes alone, with no text in it.

Names and numbers are set over it by the page, at the places that come with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.documents.map_legend import HEXAGON_KEYS, TEMPER, colour_of, legend_order, type_key
from dashboard.documents.map_names import Label, names
from dashboard.documents.map_plane import WIDE, MapPlane
from dashboard.documents.map_signs import (
    AROUND,
    BEYOND,
    EMERGING,
    HATCHES,
    OWN,
    checkpoint_sign,
    count_circle,
    crossing_sign,
    emerging_sign,
    hexagon,
    rank_disc,
    type_sign,
    unverified_sign,
)
from dashboard.geojson_lines import lines_of
from dashboard.maps.palette import DAY
from geo.model import CrimeType
from geo.model.meeting_sheet import MapPoint, Outline, SheetMap, TopPlace

__all__ = ["DrawnSheet", "draw_sheet"]

RANK = 24.0
"""Half of the room of a number of a top place."""
LEAST = 0.8
"""Corners of shapes that are nearer to each other in the picture than this are left out: under a tenth of a millimetre."""


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A map.

    Attributes
    ----------
    svg
        The picture.
    ratio
        Height by width.
    scale_km, scale_share
        Length of the scale bar, and its share of the width.
    legend
        Keys of what is to be explained, in order, as `dashboard.documents.map_legend.legend_sign` takes them.
    """

    svg: str
    ratio: float
    labels: tuple[Label, ...]
    scale_km: float
    scale_share: float
    legend: tuple[str, ...]


def draw_sheet(
    ground: SheetMap,
    top: Sequence[TopPlace],
    types: Mapping[str, CrimeType],
    shape: tuple[float, float],
    counts: Mapping[str, int] | None = None,
) -> DrawnSheet:
    """Draw what the sheet holds; what was not chosen for the meeting is not in it.

    Parameters
    ----------
    shape
        Lowest and highest height of the picture by its width.
    counts
        Incidents by district, for the overview: they are drawn as circles in place of everything else that is counted.
    """
    plane = MapPlane(ground.box, *shape)
    size = f'width="{WIDE:.0f}" height="{plane.high:.0f}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {plane.high:.0f}" {size}>'
        f'<defs>{HATCHES}<clipPath id="c">{_frame(plane, ground, "#000000")}</clipPath></defs><g clip-path="url(#c)">'
        f"{_frame(plane, ground, DAY['ground'])}"
    ]
    legend = ["border"]
    drawn += _land(plane, ground)
    if counts is None:
        drawn += _hexagons(plane, ground, legend)
    drawn += [_outline(plane, one, "none", DAY["target"], 3.5 if counts is None else 2) for one in ground.districts]
    drawn += _border(plane, ground, legend)
    places = []
    if counts is None:
        drawn += _marks(plane, ground, types, legend)
        places = [(one, at) for one in top if plane.inside(*(at := plane.at(one.lon, one.lat)))]
        drawn += [rank_disc(*at) for _, at in reversed(places)]
        legend += ["rank"] * bool(places)
        labels = [*names(plane, ground, [(x, y, RANK, RANK) for _, (x, y) in places]), *_cells(plane, ground)]
        labels += [Label("rank", str(one.rank), x / WIDE, y / plane.high) for one, (x, y) in places]
    else:
        circles = list(_circles(plane, ground, counts))
        drawn += [count_circle(x, y, size) for x, y, size, _ in circles]
        legend.append("count")
        labels = [Label("count", f"{n:,}", x / WIDE, y / plane.high) for x, y, _, n in circles]
        labels += names(plane, ground, [(x, y, size, size) for x, y, size, _ in circles])
    drawn.append(f"</g>{_frame(plane, ground, 'none')}</svg>")
    km, share = plane.scale_bar()
    return DrawnSheet("".join(drawn), plane.high / WIDE, tuple(labels), km, share, tuple(legend))


def _frame(plane: MapPlane, ground: SheetMap, fill: str) -> str:
    """The box of what was frozen: beyond it nothing is known, and the paper stays white."""
    west, south, east, north = ground.box
    (left, top), (right, bottom) = plane.at(west, north), plane.at(east, south)
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" fill="{fill}"'
        f' stroke="{DAY["border_district"]}" stroke-width="1.5"/>'
    )


def _circles(plane: MapPlane, ground: SheetMap, counts: Mapping[str, int]) -> Iterator[tuple[float, float, float, int]]:
    """Place and size of a circle whose area is the count of its district, the largest first, and the count."""
    most = max([1, *counts.values()])
    placed = [one for one in ground.districts if counts.get(one.code) and one.lon is not None and one.lat is not None]
    for one in sorted(placed, key=lambda one: -counts[one.code]):
        x, y = plane.at(float(one.lon or 0), float(one.lat or 0))
        yield x, y, 13 + 22 * math.sqrt(counts[one.code] / most), counts[one.code]


def _outline(plane: MapPlane, one: Outline, fill: str, stroke: str, width: float) -> str:
    path = plane.path(lines_of(one.geometry), True, LEAST)
    if not path:
        return ""
    return f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}" stroke-width="{width}"/>'


def _land(plane: MapPlane, ground: SheetMap) -> Iterator[str]:
    for one in ground.around:
        if one.country != "TH":
            yield _outline(plane, one, BEYOND, DAY["coast"], 1.0)
    for one in ground.around:
        if one.country == "TH":
            yield _outline(plane, one, AROUND, DAY["border_district"], 1.5)
    for one in ground.districts:
        yield _outline(plane, one, OWN, "none", 0)


def _border(plane: MapPlane, ground: SheetMap, legend: list[str]) -> Iterator[str]:
    """The one heavy line; dashed where it is not agreed."""
    for stretch in ground.border:
        path = plane.path(lines_of(stretch.geometry), False, LEAST)
        if not path:
            continue
        if stretch.undetermined and "undetermined" not in legend:
            legend.append("undetermined")
        for colour, width in ((DAY["border_halo"], 11), (DAY["border"], 6.5)):
            dashes = ' stroke-dasharray="15 11"' if stretch.undetermined and width < 10 else ""
            yield (
                f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'
                f' stroke-linejoin="round"{dashes}/>'
            )


def _hexagons(plane: MapPlane, ground: SheetMap, legend: list[str]) -> Iterator[str]:
    """Hexagons by their class, over them the sign of how they develop."""
    hot = any(cell.gi for cell in ground.hexagons)
    emerging = any(cell.emerging != "no_pattern" for cell in ground.hexagons)
    signs, seen = [], set()
    for cell in sorted(ground.hexagons, key=lambda one: abs(one.gi)):
        path = plane.path([cell.ring], True)
        temper, _, kind = cell.emerging.partition("_")
        emerges = kind in EMERGING
        if not path or (emerging and not hot and not emerges):
            continue
        gi = cell.gi if hot or not emerging else TEMPER[temper]
        seen.add(f"gi:{gi}" if hot or not emerging else f"temper:{temper}")
        yield hexagon(path, gi)
        if emerges:
            seen.add(f"emerging:{cell.emerging}")
            x, y = np.mean([plane.at(*corner) for corner in cell.ring], axis=0)
            wide = math.dist(plane.at(*cell.ring[0]), plane.at(*cell.ring[3]))
            signs.append(emerging_sign(float(x), float(y), kind, min(max(wide / 30, 0.35), 1.6)))
    yield from signs
    legend += [key for key in HEXAGON_KEYS if key in seen]


def _marks(plane: MapPlane, ground: SheetMap, types: Mapping[str, CrimeType], legend: list[str]) -> Iterator[str]:
    if ground.unverified:
        legend.append("unverified")
        most = max(one.n for one in ground.unverified)
        for cell in ground.unverified:
            yield unverified_sign(*plane.at(cell.lon, cell.lat), 17 + 17 * math.sqrt(cell.n / most))
    spots = _spots(plane, ground.points)
    legend += sorted({type_key(kind, types) for _, _, kind, _ in spots}, key=lambda key: legend_order(key, types))
    for x, y, kind, n in spots:
        yield type_sign(x, y, min(6.5 * math.sqrt(n), 20.0), colour_of(kind, types))
    at = [plane.at(one.lon, one.lat) for one in ground.crossings]
    legend += ["crossing"] * any(plane.inside(*one) for one in at)
    yield from (crossing_sign(*one) for one in at)
    stands = [(plane.at(one.lon, one.lat), one.status) for one in ground.checkpoints]
    seen = {status for place, status in stands if plane.inside(*place)}
    legend += [f"checkpoint:{status}" for status in ("active", "planned", "closed") if status in seen]
    yield from (checkpoint_sign(*place, status) for place, status in stands)


def _spots(plane: MapPlane, points: Sequence[MapPoint]) -> list[tuple[float, float, str, int]]:
    """Place in the picture, type and count of each spot, the largest first so that none is covered."""
    spots = [(*plane.at(one.lon, one.lat), one.crime_type, one.n) for one in points]
    return sorted((one for one in spots if plane.inside(one[0], one[1])), key=lambda one: (-one[3], one[1], one[0]))


def _cells(plane: MapPlane, ground: SheetMap) -> Iterator[Label]:
    for cell in ground.unverified:
        x, y = plane.at(cell.lon, cell.lat)
        if plane.inside(x, y):
            yield Label("cell", str(cell.n), x / WIDE, y / plane.high)
