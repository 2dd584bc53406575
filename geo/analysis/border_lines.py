"""Which part of a country's outline is border with which neighbour, and in which district it lies.

The outlines of two neighbours come from different sources: they do not coincide, they run beside and across each
other. So an outline is walked in short steps, and each step faces a neighbour when that neighbour lies near and
ahead of it, seen from the land.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

__all__ = ["Facing", "border_lines"]

STEP = 0.001
"""Degrees, about 110 m: length of a step along the outline."""
FAR = 0.013
"""Degrees, about 1.4 km: a neighbour farther away than this is not faced."""
AHEAD = 0.17
"""Cosine of the widest angle between straight ahead and the neighbour, about 80 degrees."""
LOOK = 8
"""Steps to each side over which the direction of the outline is taken, so that one bend does not turn it."""
SHORT = 0.02
"""Degrees, about 2.2 km: a shorter interruption of a border is closed, a shorter stretch beside it is dropped."""

_Points: TypeAlias = npt.NDArray[np.float64]
_Mark: TypeAlias = "tuple[str, str] | None"


@dataclass(frozen=True, slots=True)
class Facing:
    """A stretch of outline of one district that faces one neighbour (WGS 84)."""

    district: str
    neighbour: str
    line: MultiLineString


def border_lines(
    land: Sequence[Polygon], districts: Mapping[str, BaseGeometry], neighbours: Mapping[str, BaseGeometry]
) -> list[Facing]:
    """Cut the outline of a land into borders.

    Parameters
    ----------
    land
        The dissolved land, WGS 84.
    districts
        Its districts by code; each step belongs to the nearest.
    neighbours
        The other countries by code.

    Returns
    -------
    list of Facing
        At most one a district and neighbour. No step is in two of them; coast is in none.
    """
    codes = list(districts)
    tree = shapely.STRtree([districts[code] for code in codes])
    reach = shapely.union_all([shape.buffer(FAR) for shape in neighbours.values()])
    lines: dict[tuple[str, str], list[LineString]] = {}
    for polygon in land:
        ring = polygon.exterior
        if ring.length < SHORT or not ring.intersects(reach):
            continue
        points = shapely.get_coordinates(shapely.segmentize(shapely.force_2d(ring), STEP))
        facing = _without_short(_facing(points, neighbours, ring.is_ccw), points)
        middles = shapely.points((points[:-1] + points[1:]) / 2)
        owner = tree.nearest(middles)
        marks = [(codes[o], f) if f else None for o, f in zip(owner, facing, strict=True)]
        for mark, line in _runs(points, marks):
            lines.setdefault(mark, []).append(line)
    return [Facing(d, n, MultiLineString(_merged(parts))) for (d, n), parts in sorted(lines.items())]


def _facing(points: _Points, neighbours: Mapping[str, BaseGeometry], ccw: bool) -> list[str | None]:
    """For each step of a closed outline the neighbour that it faces, or None."""
    starts, ends = points[:-1], points[1:]
    middles = (starts + ends) / 2
    scale = np.array([np.cos(np.radians(middles[:, 1].mean())), 1.0])  # a degree of longitude is shorter
    ahead = (np.roll(ends, -LOOK, axis=0) - np.roll(starts, LOOK, axis=0)) * scale
    out = np.column_stack([ahead[:, 1], -ahead[:, 0]]) * (1.0 if ccw else -1.0)
    best = np.full(len(middles), FAR)
    found: list[str | None] = [None] * len(middles)
    spots = shapely.points(middles)
    for code, shape in neighbours.items():
        shapely.prepare(shape)
        way = shapely.get_coordinates(shapely.shortest_line(spots, shape))[1::2] - middles
        distance = np.hypot(*way.T)
        way = way * scale
        sizes = np.linalg.norm(way, axis=1) * np.linalg.norm(out, axis=1)
        cosine = np.divide((way * out).sum(axis=1), sizes, out=np.ones_like(sizes), where=sizes > 1e-12)
        better = (distance < best) & (cosine > AHEAD)
        best[better] = distance[better]
        for i in np.flatnonzero(better):
            found[i] = code
    return found


def _without_short(facing: list[str | None], points: _Points) -> list[str | None]:
    """Close short interruptions of a border, then drop short stretches of it."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    start = next((i for i in range(len(facing)) if facing[i] != facing[i - 1]), 0)
    facing, lengths = facing[start:] + facing[:start], np.roll(lengths, -start)
    for drop_border in (False, True):
        spans = _spans(facing)
        for at, (first, last) in enumerate(spans):
            before, after = facing[spans[at - 1][0]], facing[spans[(at + 1) % len(spans)][0]]
            if lengths[first:last].sum() < SHORT and (facing[first] is not None) == drop_border:
                new = None if drop_border and before is None and after is None else before or after
                if drop_border or before is not None and before == after:
                    facing[first:last] = [new] * (last - first)
    return facing[len(facing) - start :] + facing[: len(facing) - start]


def _spans(values: Sequence[object]) -> list[tuple[int, int]]:
    """First and one-past-last index of each stretch of equal values."""
    cuts = [0, *(i for i in range(1, len(values)) if values[i] != values[i - 1]), len(values)]
    return list(zip(cuts[:-1], cuts[1:], strict=True))


def _runs(points: _Points, marks: Sequence[_Mark]) -> Iterator[tuple[tuple[str, str], LineString]]:
    for first, last in _spans(marks):
        if (mark := marks[first]) is not None:
            yield mark, LineString(points[first : last + 1])


def _merged(lines: list[LineString]) -> list[LineString]:
    merged = shapely.line_merge(shapely.union_all(lines))
    return [line for line in shapely.get_parts(merged) if isinstance(line, LineString)]
