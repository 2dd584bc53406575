"""DBSCAN: places where points lie closer together than a stated distance, however many points there are.

Source: Ester, Kriegel, Sander and Xu 1996 (KDD-96); exact, by squares whose points are all near each other (Gunawan 2013,
TU Eindhoven). The usual libraries keep every pair of neighbours: 15 GB for a million points within 2 km.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from geo.analysis.arrays import Bools, Floats, Ints, index_of, points, positive
from geo.analysis.near import TOLERANCE
from geo.errors import AnalysisRefused

__all__ = ["dbscan"]

ALONE = 4_000_000
"""Pairs of points of two squares that are compared in one go; beyond it a tree is asked."""
TIES = 8
"""Core points at one distance that are looked at for a point at the edge."""


def dbscan(x: npt.ArrayLike, y: npt.ArrayLike, eps: float, min_points: int) -> pd.DataFrame:
    """Clusters of points.

    A core point has at least ``min_points`` within ``eps``, itself counted. Core points within ``eps`` of each other are
    of one cluster; another point within ``eps`` of a core point is of the nearest one's (the paper takes whichever came
    first; the nearest does not depend on the order of rows). The rest is noise.

    Parameters
    ----------
    x, y
        Metres, shape (n,).
    eps
        Metres; what lies exactly at it is near.
    min_points
        At least 1.

    Returns
    -------
    DataFrame
        Index of ``x``; ``label`` 0, 1, … from the cluster with most core points down (equal ones from west to east), -1
        noise; ``core``.

    Raises
    ------
    AnalysisRefused
        As `points`; ``analysis.not_positive``, ``analysis.not_whole``.
    """
    xs, ys = points(x, y)
    reach = positive("eps", eps) * (1 + TOLERANCE)
    if min_points < 1 or int(min_points) != min_points:
        raise AnalysisRefused("analysis.not_whole", name="min-points", value=min_points, least=1)
    xs, ys = xs - xs.min(), ys - ys.min()
    n = len(xs)
    cell = reach / np.sqrt(2) * (1 - 1e-12)
    column, row = (xs // cell).astype(np.int64), (ys // cell).astype(np.int64)
    squares = _Squares(column, row)
    core = _core(xs, ys, squares, reach, int(min_points))
    label = np.full(n, -1, dtype=np.int64)
    if core.any():
        cx, cy = xs[core], ys[core]
        label[core] = _numbered(_components(cx, cy, column[core], row[core], reach), cx, cy)
        edge, around = np.flatnonzero(~core), core & squares.around(~core)
        label[edge] = _nearest_label(xs[edge], ys[edge], xs[around], ys[around], label[around], reach)
    return pd.DataFrame({"label": label, "core": core}, index=index_of(x, n))


class _Squares:
    """Which square each point lies in, and how many that holds. What is near a point lies at most two squares off."""

    def __init__(self, column: Ints, row: Ints) -> None:
        self._width = int(column.max()) + 5
        self._keys, self.of, self.held = np.unique(
            (row + 2) * self._width + column + 2, return_inverse=True, return_counts=True
        )

    def around(self, some: Bools) -> Bools:
        """Points that may be near one of some; where most are not, a tree without them is made sooner."""
        asked = np.flatnonzero(np.bincount(self.of[some], minlength=len(self._keys)))
        shifts = np.add.outer(np.arange(-2, 3) * self._width, np.arange(-2, 3)).ravel()
        if len(asked) * len(shifts) > len(self.of):  # to find out which would take longer than the tree
            return np.ones(len(self.of), dtype=bool)
        return np.asarray(np.isin(self._keys, np.add.outer(self._keys[asked], shifts))[self.of])


def _core(x: Floats, y: Floats, squares: _Squares, reach: float, min_points: int) -> Bools:
    """Points of a full square are core; the others ask for their ``min_points``-th neighbour."""
    core = np.asarray((squares.held >= min_points)[squares.of])
    asked = np.flatnonzero(~core)
    if len(asked) and len(x) >= min_points:
        around = squares.around(~core)
        tree = cKDTree(np.column_stack([x[around], y[around]]))
        bound = np.nextafter(reach, np.inf)
        for some in np.array_split(asked, len(asked) // 100_000 + 1):
            at = np.column_stack([x[some], y[some]])
            away, _ = tree.query(at, k=[min_points], distance_upper_bound=bound, workers=-1)
            core[some] = np.isfinite(away[:, 0])
    return core


def _components(x: Floats, y: Floats, column: Ints, row: Ints, reach: float) -> Ints:
    """Component of each core point, shape (c,): squares are joined where two of their points are near."""
    width = int(column.max()) + 5
    order = np.argsort((row + 2) * width + column + 2, kind="stable")
    x, y = x[order], y[order]
    keys, begins = np.unique(((row + 2) * width + column + 2)[order], return_index=True)
    ends = np.append(begins[1:], len(order))
    joined: list[tuple[Ints, Ints]] = []
    open_pairs: list[tuple[Ints, Ints]] = []
    for up in (0, 1, 2):
        for across in range(-2, 3):
            if (up == 0 and across <= 0) or abs(up) + abs(across) > 3:
                continue
            one, other = _both(keys, up * width + across)
            if len(one) == 0:
                continue
            # The point of each square that lies farthest towards the other: mostly that settles it.
            towards = x * across + y * up
            a, b = _extreme(towards, begins, ends)[one], _extreme(-towards, begins, ends)[other]
            near = (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2 <= reach * reach
            joined.append((one[near], other[near]))
            open_pairs.append((one[~near], other[~near]))
    groups = _connected(joined, len(keys))
    boxes = [np.minimum.reduceat(x, begins), np.maximum.reduceat(x, begins),
             np.minimum.reduceat(y, begins), np.maximum.reduceat(y, begins)]  # fmt: skip
    for one, other in open_pairs:
        wanted = (groups[one] != groups[other]) & (_box_gap2(boxes, one, other) <= reach * reach)
        more = [(p, q) for p, q in zip(one[wanted], other[wanted], strict=True)
                if _touch(x, y, slice(begins[p], ends[p]), slice(begins[q], ends[q]), reach)]  # fmt: skip
        if more:
            pairs = np.array(more, dtype=np.int64)
            joined.append((pairs[:, 0], pairs[:, 1]))
            groups = _connected(joined, len(keys))
    component = np.empty(len(order), dtype=np.int64)
    component[order] = np.repeat(groups, ends - begins)
    return component


def _both(keys: Ints, shift: int) -> tuple[Ints, Ints]:
    at = np.minimum(np.searchsorted(keys, keys + shift), len(keys) - 1)
    one = np.flatnonzero(keys[at] == keys + shift)
    return one, at[one]


def _extreme(value: Floats, begins: Ints, ends: Ints) -> Ints:
    """Position of a largest value in each run."""
    top = np.repeat(np.maximum.reduceat(value, begins), ends - begins)
    at = np.flatnonzero(value == top)
    return at[np.searchsorted(at, begins)]


def _connected(pairs: list[tuple[Ints, Ints]], n: int) -> Ints:
    one = np.concatenate([pair[0] for pair in pairs]) if pairs else np.empty(0, dtype=np.int64)
    other = np.concatenate([pair[1] for pair in pairs]) if pairs else np.empty(0, dtype=np.int64)
    graph = sparse.coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def _box_gap2(boxes: list[Floats], one: Ints, other: Ints) -> Floats:
    west, east, south, north = boxes
    across = np.maximum(np.maximum(west[one] - east[other], west[other] - east[one]), 0)
    along = np.maximum(np.maximum(south[one] - north[other], south[other] - north[one]), 0)
    return np.asarray(across**2 + along**2)


def _touch(x: Floats, y: Floats, one: slice, other: slice, reach: float) -> bool:
    ax, ay, bx, by = x[one], y[one], x[other], y[other]
    if len(ax) * len(bx) <= ALONE:
        return bool(((ax[:, None] - bx) ** 2 + (ay[:, None] - by) ** 2).min() <= reach * reach)
    away, _ = cKDTree(np.column_stack([ax, ay])).query(np.column_stack([bx, by]))
    return bool(away.min() <= reach)


def _numbered(component: Ints, x: Floats, y: Floats) -> Ints:
    """Components by number of core points, then by their westernmost point: the same for any order of rows."""
    size = np.bincount(component)
    west, south = np.full(len(size), np.inf), np.full(len(size), np.inf)
    np.minimum.at(west, component, x)
    westernmost = x == west[component]
    np.minimum.at(south, component[westernmost], y[westernmost])
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.lexsort((south, west, -size))] = np.arange(len(size))
    return rank[component]


def _nearest_label(x: Floats, y: Floats, cx: Floats, cy: Floats, label: Ints, reach: float) -> Ints:
    """Label of the nearest core point within reach; of several at one distance the lowest; -1 where there is none."""
    if len(x) == 0 or len(cx) == 0:
        return np.full(len(x), -1, dtype=np.int64)
    tree = cKDTree(np.column_stack([cx, cy]))
    bound = np.nextafter(reach, np.inf)
    k = list(range(1, min(TIES, len(cx)) + 1))
    away, at = tree.query(np.column_stack([x, y]), k=k, distance_upper_bound=bound, workers=-1)
    found = np.append(label, np.iinfo(np.int64).max)[at]
    as_near = away <= away[:, :1] * (1 + TOLERANCE)
    lowest = np.where(as_near & np.isfinite(away), found, np.iinfo(np.int64).max).min(axis=1)
    return np.where(np.isfinite(away[:, 0]), lowest, -1)
