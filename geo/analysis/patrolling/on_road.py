"""Ways between a few places along roads, and where they lead: on wheels along the road, on foot from there to the place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree

from geo.analysis.arrays import Floats, Ints, points
from geo.analysis.patrolling.overland import seconds
from geo.analysis.roads import OFF_ROAD_KMH, Roads

__all__ = ["ROOM_M", "RoadWays", "road_ways"]

ROOM_M = 30_000.0
"""Metres around the places within which a way is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadWays:
    """Shortest ways along roads from each of n places to each.

    Attributes
    ----------
    road, foot
        Metres along roads, and in a straight line between both places and their roads, shape (n, n); the diagonal is 0.
    x, y
        Places of the network that ways lead by, metres, shape (k,).
    node
        The one of them nearest to each place, shape (n,).
    before
        The one before on the way from each place to each of them, shape (n, k); negative where there is none.
    """

    road: Floats
    foot: Floats
    x: Floats
    y: Floats
    node: Ints
    before: npt.NDArray[np.int32]

    def metres(self, detour: float) -> Floats:
        """How long the ways are, shape (n, n); ``detour`` as for `seconds`."""
        return np.asarray(self.road + detour * self.foot)

    def seconds(self, kmh: float, detour: float) -> Floats:
        """How long the ways take, shape (n, n).

        Parameters
        ----------
        kmh
            Speed along roads; beside them nobody is faster than `geo.analysis.roads.OFF_ROAD_KMH`.
        detour
            How much longer a way beside the road is than the straight line, at least 1.

        Raises
        ------
        AnalysisRefused
            As `geo.analysis.patrolling.overland.seconds`.
        """
        foot = seconds(self.foot, kmh=min(kmh, OFF_ROAD_KMH), detour=detour)
        return np.asarray(seconds(self.road, kmh=kmh, detour=1.0) + foot)

    def way(self, start: int, end: int) -> Ints:
        """Places of the network on the way from one place to another, shape (places,)."""
        found = [int(self.node[end])]
        while found[-1] != self.node[start]:
            found.append(int(self.before[start, found[-1]]))
        return np.array(found[::-1], dtype=np.int64)


def road_ways(net: Roads, x: npt.ArrayLike, y: npt.ArrayLike) -> RoadWays | None:
    """The ways between places, metres on the network's plane, shape (n,); nothing where there is no road near them.

    Only the largest part of the network counts in which one gets from everywhere to everywhere. Bits of road that a file leaves
    unconnected would have no way to them, and a guess in its place would be quicker than the road beside it. However far the road
    is, a place has a way: who walks there needs the time for it.

    Raises
    ------
    AnalysisRefused
        As `points`.
    """
    xs, ys = points(x, y)
    around = np.flatnonzero(
        (net.x >= xs.min() - ROOM_M) & (net.x <= xs.max() + ROOM_M) & (net.y >= ys.min() - ROOM_M) & (net.y <= ys.max() + ROOM_M)
    )  # fmt: skip
    if not len(around):
        return None
    _, part = connected_components(net.metres[around][:, around], connection="strong")
    around = around[part == np.bincount(part).argmax()]
    near_x, near_y = net.x[around], net.y[around]
    away, node = KDTree(np.column_stack([near_x, near_y])).query(np.column_stack([xs, ys]))
    along, before = dijkstra(net.metres[around][:, around], indices=node, return_predecessors=True)
    foot = away[:, None] + away
    np.fill_diagonal(foot, 0.0)
    return RoadWays(along[:, node], foot, near_x, near_y, np.asarray(node, dtype=np.int64), before)
