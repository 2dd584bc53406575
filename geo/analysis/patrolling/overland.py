"""Ways that stay in the country where no roads are known: straight from place to place, and around where that would leave it.

Along a river or a bend of the border the straight line runs through the neighbour's land, and nobody may patrol there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse.csgraph import floyd_warshall
from shapely.geometry.base import BaseGeometry

from geo.analysis.arrays import Bools, Floats, Ints, points, positive
from geo.errors import AnalysisRefused

__all__ = ["ROOM_M", "Network", "overland", "seconds"]

ROOM_M = 600.0
"""Metres outside of the simplified outlines that still count as the country: so far incidents are taken into a district too."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Shortest ways between places.

    Attributes
    ----------
    metres
        Shape (n, n); infinite where there is no way.
    before
        The place before the last on the way from each to each, shape (n, n); negative where there is none.
    """

    metres: Floats
    before: Ints

    def way(self, start: int, end: int) -> list[int]:
        """The places on the way, both ends too."""
        found = [end]
        while found[-1] != start:
            found.append(int(self.before[start, found[-1]]))
        return found[::-1]


def overland(x: npt.ArrayLike, y: npt.ArrayLike, land: BaseGeometry | None) -> Network:
    """Straight ways that stay within `ROOM_M` of the land, put together where one alone does not.

    Parameters
    ----------
    x, y
        Metres, shape (n,); further places can be put behind those that are wanted, for ways to lead around by them.
    land
        Metres, on the same plane; without it every straight way is taken.

    Raises
    ------
    AnalysisRefused
        As `points`.
    """
    xs, ys = points(x, y)
    # Two at the same spot are a hair apart: 0 would mean that there is no way.
    metres = np.maximum(np.hypot(xs[:, None] - xs, ys[:, None] - ys), 1e-3)
    if land is not None:
        metres = np.where(_inside(xs, ys, land), metres, np.inf)
    found, before = floyd_warshall(metres, directed=False, return_predecessors=True)
    return Network(np.asarray(found), np.asarray(before, dtype=np.int64))


def seconds(metres: Floats, *, kmh: float, detour: float) -> Floats:
    """How long straight ways take, any shape.

    Parameters
    ----------
    kmh
        Speed on the way, kilometres an hour.
    detour
        How much longer a way is than the straight line, at least 1.

    Raises
    ------
    AnalysisRefused
        ``patrolling.detour``, ``analysis.not_positive``.
    """
    if not (np.isfinite(detour) and detour >= 1):
        raise AnalysisRefused("patrolling.detour", value=detour)
    return np.asarray(metres * detour / (positive("kmh", kmh) / 3.6))


def _inside(x: Floats, y: Floats, land: BaseGeometry) -> Bools:
    n = len(x)
    room = shapely.buffer(land, ROOM_M)
    shapely.prepare(room)
    first, second = np.triu_indices(n, 1)
    ends = np.stack([np.column_stack([x[first], y[first]]), np.column_stack([x[second], y[second]])], axis=1)
    legs = shapely.linestrings(ends)
    shapely.prepare(land)
    good = shapely.covers(room, legs)
    # Not along the border on its other side either: from one end to the land and from the land to the other end, no more.
    doubtful = np.flatnonzero(good & ~shapely.covers(land, legs))
    good[doubtful] = shapely.length(shapely.difference(legs[doubtful], land)) <= 2 * ROOM_M
    ok = np.eye(n, dtype=np.bool_)
    ok[first, second] = ok[second, first] = good
    return ok
