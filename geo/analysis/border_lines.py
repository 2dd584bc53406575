"""Which part of a country's outline is border with which neighbour, and in which district it lies.

The outlines of two neighbours come from different sources: they do not coincide, they run beside and across
each other. So an outline is walked in short steps, and each step faces a neighbour when that neighbour lies
near and ahead of it, seen from the land. A coast has nothing ahead; neither has the back of a narrow strip of
land, where the neighbour is near but behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LinearRing, LineString, MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

__all__ = ["FAR", "Facing", "border_lines"]

STEP = 0.001
"""Degrees, about 110 m: length of a step along the outline."""
FAR = 0.013
"""Degrees, about 1.4 km: a neighbour farther away than this is not faced."""
AHEAD = 0.17
"""Cosine of the widest angle between straight ahead and the neighbour, about 80 degrees."""
LOOK = 0.008
"""Degrees, about 900 m: the direction of the outline is taken over this to each side, so that one bend does not
turn it."""
SHORT = 0.02
"""Degrees, about 2.2 km: shorter interruptions of a border are closed, shorter stretches dropped."""

_Floats: TypeAlias = npt.NDArray[np.float64]
_Mark: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Facing:
    """The stretches of outline of one district that face one neighbour (WGS 84)."""

    district: str
    neighbour: str
    line: MultiLineString

    @property
    def code(self) -> str:
        """For example ``4908-LA``."""
        return f"{self.district}-{self.neighbour}"


def border_lines(
    land: MultiPolygon, districts: Mapping[str, BaseGeometry], neighbours: Mapping[str, BaseGeometry]
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
        One a district and neighbour. No step is in two of them; coast is in none. No point is farther than
        `FAR` plus half of `SHORT` from the neighbour.
    """
    codes = list(districts)
    tree = shapely.STRtree([districts[code] for code in codes])
    lines: dict[_Mark, list[LineString]] = {}
    for polygon in land.geoms:
        outline = _Outline(polygon.exterior)
        if outline.length < SHORT or all(polygon.distance(shape) > FAR for shape in neighbours.values()):
            continue
        facing = _without_short(outline.facing(neighbours), outline.steps)
        border = np.array([neighbour is not None for neighbour in facing])
        owner = np.zeros(len(facing), dtype=int)
        owner[border] = tree.nearest(shapely.points(outline.middles[border]))
        marks = [(codes[o], f) if f else None for o, f in zip(owner, facing, strict=True)]
        for first, last in _spans(marks):
            if (mark := marks[first]) is not None:
                lines.setdefault(mark, []).append(outline.piece(first, last))
    return [Facing(*mark, MultiLineString(_merged(parts))) for mark, parts in sorted(lines.items())]


class _Outline:
    """A closed ring with marks every `STEP`, measured in degrees along it from its first vertex."""

    def __init__(self, ring: LinearRing) -> None:
        self.vertices: _Floats = shapely.get_coordinates(ring)
        self.at: _Floats = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(self.vertices, axis=0).T))])
        self.length = float(self.at[-1])
        self.cuts: _Floats = np.linspace(0.0, self.length, max(2, round(self.length / STEP)) + 1)
        self.steps: _Floats = np.diff(self.cuts)
        self.centres: _Floats = (self.cuts[:-1] + self.cuts[1:]) / 2
        self.middles = self.position(self.centres)
        self.left = 1.0 if ring.is_ccw else -1.0

    def position(self, along: _Floats) -> _Floats:
        """Longitude and latitude at distances along the ring, which may run past its end."""
        along = np.mod(along, self.length)
        return np.column_stack([np.interp(along, self.at, self.vertices[:, axis]) for axis in (0, 1)])

    def facing(self, neighbours: Mapping[str, BaseGeometry]) -> list[str | None]:
        """For each step the neighbour that it faces, or None."""
        scale = np.array([np.cos(np.radians(self.middles[:, 1].mean())), 1.0])  # degrees east are shorter
        course = (self.position(self.centres + LOOK) - self.position(self.centres - LOOK)) * scale
        out = np.column_stack([course[:, 1], -course[:, 0]]) * self.left
        nearest = np.full(len(self.middles), FAR)
        found = np.full(len(self.middles), None, dtype=object)
        for code, shape in neighbours.items():
            shapely.prepare(shape)
            close = np.flatnonzero(shapely.dwithin(shape, shapely.points(self.middles), FAR))
            ways = shapely.shortest_line(shapely.points(self.middles[close]), shape)
            way = shapely.get_coordinates(ways)[1::2] - self.middles[close]
            distance = np.hypot(*way.T)
            way *= scale
            sizes = np.linalg.norm(way, axis=1) * np.linalg.norm(out[close], axis=1)
            dot = (way * out[close]).sum(axis=1)
            inside = sizes < 1e-12  # the neighbour's shape reaches over this step
            cosine = np.divide(dot, sizes, out=np.ones_like(sizes), where=~inside)
            better = (distance < nearest[close]) & (cosine > AHEAD)
            nearest[close[better]] = distance[better]
            found[close[better]] = code
        return list(found)

    def piece(self, first: int, last: int) -> LineString:
        """The ring from the beginning of step ``first`` to that of step ``last``, with its vertices."""
        begin, end = self.cuts[first], self.cuts[last]
        inside = slice(np.searchsorted(self.at, begin, "right"), np.searchsorted(self.at, end, "left"))
        first_point, last_point = self.position(np.array([begin, min(end, self.length - 1e-12)]))
        if last == len(self.steps):
            last_point = self.vertices[0]
        return LineString(np.vstack([first_point, self.vertices[inside], last_point]))


def _without_short(facing: Sequence[str | None], steps: _Floats) -> list[str | None]:
    """Close short interruptions of a border, then drop short stretches of it."""
    kept = list(facing)
    # Not to begin in the middle of a stretch:
    start = next((i for i in range(len(kept)) if kept[i] != kept[i - 1]), 0)
    kept = kept[start:] + kept[:start]
    length = np.concatenate([[0.0], np.cumsum(np.roll(steps, -start))])
    for is_border in (False, True):
        spans = _spans(kept)
        for at, (first, last) in enumerate(spans):
            if (kept[first] is not None) != is_border or length[last] - length[first] >= SHORT:
                continue
            before, after = kept[spans[at - 1][0]], kept[spans[(at + 1) % len(spans)][0]]
            if is_border or before == after:
                kept[first:last] = [before or after] * (last - first)
    return kept[len(kept) - start :] + kept[: len(kept) - start]


def _spans(values: Sequence[object]) -> list[tuple[int, int]]:
    """First and one-past-last index of each stretch of equal values."""
    cuts = [0, *(i for i in range(1, len(values)) if values[i] != values[i - 1]), len(values)]
    return list(pairwise(cuts))


def _merged(lines: list[LineString]) -> list[LineString]:
    merged = shapely.line_merge(MultiLineString(lines))
    return [line for line in shapely.get_parts(merged) if isinstance(line, LineString)]
