"""Ways along roads: from checkpoints to what happened, in metres or minutes, up to a limit.

Dijkstra's shortest paths (1959) as `scipy.sparse.csgraph` has them. A place goes straight to the nearest road and on along
it; what lies near enough in a straight line is reached without any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geo.analysis.arrays import Bools, Floats, Ints, points, positive
from geo.analysis.coverage import near_ways
from geo.analysis.near import AT_MOST, TOLERANCE
from geo.errors import AnalysisRefused

__all__ = ["AFOOT_M", "AT_ONCE", "BESIDE_M", "OFF_ROAD_KMH", "Roads", "beside", "costs", "off_road", "reached", "roads"]

BESIDE_M = 2000.0
"""Farther from any road than this nothing is reached along roads."""
AFOOT_M = 500.0
"""What lies so near in a straight line is reached without a road."""
OFF_ROAD_KMH = 5.0
"""On foot from the road to the place, for minutes."""
ON_ROAD_M = 250.0
"""A patrol's way and a road as far apart as this are one: receivers and maps are some tens of metres off, tracks are simplified."""
AT_ONCE = 12_000_000
"""Cells of the table of shortest ways that are held at the same time: 100 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """A network on one plane.

    Attributes
    ----------
    x, y
        Of its places, metres, shape (n,).
    metres, minutes
        Of the shortest and of the quickest piece from one place to another, shape (n, n).
    """

    x: Floats
    y: Floats
    metres: sparse.csr_array
    minutes: sparse.csr_array

    @property
    def joined(self) -> Ints:
        """To how many others a road leads from each place or to it, shape (n,)."""
        either = sparse.csr_array(self.metres + self.metres.T)
        return np.asarray(np.diff(either.indptr), dtype=np.int64)


def roads(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    first: npt.ArrayLike,
    last: npt.ArrayLike,
    metres: npt.ArrayLike,
    minutes: npt.ArrayLike,
    one_way: npt.ArrayLike,
) -> Roads:
    """The network of places (n,) and of pieces of road (m,) between them.

    Parameters
    ----------
    x, y
        Metres.
    first, last
        Positions of the places that a piece leads from and to.
    one_way
        Whether a piece leads from first to last alone.

    Raises
    ------
    AnalysisRefused
        As `points`.
    """
    xs, ys = points(x, y)
    a, b = np.asarray(first, dtype=np.int64), np.asarray(last, dtype=np.int64)
    both = ~np.asarray(one_way, dtype=np.bool_)
    row, column = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])

    def table(values: npt.ArrayLike) -> sparse.csr_array:
        one = np.asarray(values, dtype=np.float64)
        return _least(row, column, np.concatenate([one, one[both]]), (len(xs), len(xs)))

    return Roads(xs, ys, table(metres), table(minutes))


def costs(
    net: Roads,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    site_x: npt.ArrayLike,
    site_y: npt.ArrayLike,
    limit: float,
    *,
    minutes: bool = False,
) -> sparse.csr_array:
    """What the way from each site to each demand costs, where it is at most the limit.

    Parameters
    ----------
    x, y
        Demand, metres, shape (m,).
    site_x, site_y
        Sites, metres, shape (s,).
    limit
        Metres, or minutes.
    minutes
        Whether minutes count, not metres.

    Returns
    -------
    csr_array
        Shape (m, s); what is not stored is not reached, a stored 0 is.

    Raises
    ------
    AnalysisRefused
        As `points` and `positive`; ``analysis.too_many_pairs``.
    """
    most = positive("radius", limit) * (1 + TOLERANCE)
    at, sites = np.column_stack(points(x, y)), np.column_stack(points(site_x, site_y))
    walk = 1.0 if not minutes else 60 / (1000 * OFF_ROAD_KMH)
    demand_tree, site_tree = KDTree(at), KDTree(sites)
    near = site_tree.sparse_distance_matrix(demand_tree, min(AFOOT_M, most / walk), output_type="ndarray")
    rows, columns, values = [near["j"]], [near["i"]], [near["v"] * walk]
    nodes = KDTree(np.column_stack([net.x, net.y]))
    row_node, row_away, row_on = beside(nodes, at)
    site_node, site_away, site_on = beside(nodes, sites)
    on = np.flatnonzero(row_on)
    places, inverse = np.unique(row_node[on], return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    begins = np.searchsorted(inverse[order], np.arange(len(places) + 1))
    graph = net.minutes if minutes else net.metres
    pairs = len(near)
    step = max(1, AT_ONCE // len(net.x))
    travelling = np.flatnonzero(site_on)
    for part in (travelling[at : at + step] for at in range(0, len(travelling), step)):
        table = dijkstra(graph, indices=site_node[part], limit=most)[:, places]
        which, place = np.nonzero(table <= most)
        count = begins[place + 1] - begins[place]
        pairs += int(count.sum())
        if pairs > AT_MOST // 100:
            raise AnalysisRefused("analysis.too_many_pairs", n=len(at), distance=limit, pairs=pairs)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        row = on[order[np.repeat(begins[place], count) + within]]
        site = np.repeat(part[which], count)
        value = np.repeat(table[which, place], count) + walk * (row_away[row] + site_away[site])
        kept = value <= most
        rows.append(row[kept])
        columns.append(site[kept])
        values.append(value[kept])
    return _least(np.concatenate(rows), np.concatenate(columns), np.concatenate(values), (len(at), len(sites)))


def reached(
    net: Roads,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    ways: Sequence[shapely.Geometry],
    limit: float,
    *,
    minutes: bool = False,
) -> Bools:
    """Whether a place lies within the limit of any of the ways of patrols, along roads; shape (m,).

    Parameters
    ----------
    x, y
        Places, metres, shape (m,).
    ways
        Lines in metres.
    limit, minutes
        As `costs`.
    """
    most = positive("radius", limit) * (1 + TOLERANCE)
    at = np.column_stack(points(x, y))
    walk = 1.0 if not minutes else 60 / (1000 * OFF_ROAD_KMH)
    found = near_ways(at[:, 0], at[:, 1], ways, min(AFOOT_M, most / walk))
    begins = np.flatnonzero(near_ways(net.x, net.y, ways, ON_ROAD_M))
    if not len(begins):
        return found
    along = dijkstra(net.minutes if minutes else net.metres, indices=begins, limit=most, min_only=True)
    node, away, on = beside(KDTree(np.column_stack([net.x, net.y])), at)
    return np.asarray(found | (on & (along[node] + walk * away <= most)))


def off_road(net: Roads, x: npt.ArrayLike, y: npt.ArrayLike) -> Bools:
    """Which places (metres, shape (m,)) lie farther than `BESIDE_M` from any road."""
    return ~beside(KDTree(np.column_stack([net.x, net.y])), np.column_stack(points(x, y)))[2]


def beside(nodes: KDTree, at: Floats) -> tuple[Ints, Floats, Bools]:
    """Nearest place of a network to each of (m, 2), metres to it, and whether that is near enough (`BESIDE_M`)."""
    away, node = nodes.query(at)
    return np.asarray(node, dtype=np.int64), np.asarray(away, dtype=np.float64), np.asarray(away <= BESIDE_M)


def _least(row: Ints, column: Ints, value: Floats, shape: tuple[int, int]) -> sparse.csr_array:
    """A sparse table that keeps the least of what stands in one cell, nothing too."""
    order = np.lexsort((value, column, row))
    row, column, value = row[order], column[order], value[order]
    first = np.ones(len(row), dtype=np.bool_)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    begins = np.searchsorted(row[first], np.arange(shape[0] + 1))
    return sparse.csr_array((value[first], column[first], begins), shape=shape)
