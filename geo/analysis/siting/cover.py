"""Which candidates cover which demand: within a distance, or within a limit of any cost such as minutes by road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import KDTree

from geo.analysis.arrays import Bools, Floats, Ints, finite, points, positive
from geo.analysis.near import AT_MOST, TOLERANCE
from geo.errors import AnalysisRefused

__all__ = ["Cover", "checked_weights", "cover_of", "cover_within"]


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Demand put together where the same candidates cover it, which changes no answer.

    Attributes
    ----------
    by_site
        1 where a site covers a group of demand, shape (sites, groups).
    weight
        Of each group, shape (groups,).
    group
        Group of each demand row, -1 where no candidate covers it or it weighs nothing; shape (rows,).
    total
        Weight of all demand, that which nobody can cover too.
    """

    by_site: sparse.csr_array
    weight: Floats
    group: Ints
    total: float

    @property
    def sites(self) -> int:
        """Number of candidates."""
        return int(self.by_site.shape[0])

    def counts(self, chosen: npt.NDArray[np.integer]) -> Ints:
        """By how many of the chosen sites each group is covered, shape (groups,)."""
        begins, ends = self.by_site.indptr[chosen], self.by_site.indptr[np.asarray(chosen) + 1]
        parts = [self.by_site.indices[a:b] for a, b in zip(begins, ends, strict=True)]
        inside = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        return np.bincount(inside, minlength=len(self.weight))

    def rows_covered(self, chosen: npt.NDArray[np.integer], times: int = 1) -> Bools:
        """Which demand rows the chosen sites cover at least so many times, shape (rows,)."""
        covered = np.append(self.counts(chosen) >= times, False)
        return np.asarray(covered[self.group])


def checked_weights(weight: npt.ArrayLike | None, n: int) -> Floats:
    """Weights of ``n`` demand rows, 1 each where none are given.

    Raises
    ------
    AnalysisRefused
        As `finite`; ``siting.negative_weight``, ``siting.no_demand``, ``siting.no_weight`` (nothing weighs anything).
    """
    if n == 0:
        raise AnalysisRefused("siting.no_demand")
    weights = np.ones(n) if weight is None else finite("weight", weight, n)
    if (weights < 0).any():
        at = int((weights < 0).argmax())
        raise AnalysisRefused("siting.negative_weight", row=at + 1, value=float(weights[at]))
    if not weights.any():
        raise AnalysisRefused("siting.no_weight")
    return weights


def cover_within(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    site_x: npt.ArrayLike,
    site_y: npt.ArrayLike,
    radius: float,
    weight: npt.ArrayLike | None = None,
) -> Cover:
    """The cover by straight lines; what lies exactly at the radius is covered.

    Parameters
    ----------
    x, y, weight
        Demand, metres, shape (m,).
    site_x, site_y
        Candidates, metres, shape (n,).
    radius
        Metres.

    Raises
    ------
    AnalysisRefused
        As `points`, `positive`, `checked_weights`; ``siting.no_candidates``, ``analysis.too_many_pairs``.
    """
    reach = positive("radius", radius) * (1 + TOLERANCE)
    if np.size(x) == 0:
        raise AnalysisRefused("siting.no_demand")
    if np.size(site_x) == 0:
        raise AnalysisRefused("siting.no_candidates")
    demand, sites = KDTree(np.column_stack(points(x, y))), KDTree(np.column_stack(points(site_x, site_y)))
    pairs = int(sites.count_neighbors(demand, reach))
    if pairs > AT_MOST // 100:
        raise AnalysisRefused("analysis.too_many_pairs", n=demand.n, distance=radius, pairs=pairs)
    near = sites.sparse_distance_matrix(demand, reach, output_type="ndarray")
    return _put_together(near["j"], near["i"], (demand.n, sites.n), checked_weights(weight, demand.n))


def cover_of(costs: sparse.sparray | npt.ArrayLike, limit: float, weight: npt.ArrayLike | None = None) -> Cover:
    """The cover by any cost from demand to candidate, for example minutes along roads.

    Parameters
    ----------
    costs
        Shape (m, n): dense (NaN or infinity: no way), or sparse, where what is not stored cannot be reached
        and a stored 0 can.
    limit
        In the unit of the costs.

    Raises
    ------
    AnalysisRefused
        As `positive` and `checked_weights`; ``siting.no_candidates``.
    """
    reach = positive("radius", limit) * (1 + TOLERANCE)
    if sparse.issparse(costs):
        table = sparse.coo_array(costs)
        near = table.data <= reach
        row, column = table.row[near], table.col[near]
        shape = table.shape
    else:
        dense = np.atleast_2d(np.asarray(costs, dtype=np.float64))
        row, column = np.nonzero(dense <= reach)
        shape = dense.shape
    if shape[1] == 0:
        raise AnalysisRefused("siting.no_candidates")
    return _put_together(row, column, (int(shape[0]), int(shape[1])), checked_weights(weight, int(shape[0])))


def _put_together(row: Ints, column: Ints, shape: tuple[int, int], weight: Floats) -> Cover:
    """Equal cover sets become one group; their sums of random numbers find them, a comparison proves them."""
    rows, sites = shape
    table = sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
    table.sum_duplicates()
    table.sort_indices()
    length = np.diff(table.indptr)
    marks = np.random.default_rng(5).integers(1, 2**62, sites, dtype=np.int64)
    until = np.concatenate([[0], np.cumsum(marks[table.indices])])  # wraps around, and so do the differences
    key = until[table.indptr[1:]] - until[table.indptr[:-1]]
    counts = (length > 0) & (weight > 0)
    used = np.flatnonzero(counts)
    _, first, inverse = np.unique(key[used], return_index=True, return_inverse=True)
    like = used[first][inverse]
    if not _same_sets(table, used, like):
        first, inverse = np.arange(len(used)), np.arange(len(used))
    group = np.full(rows, -1, dtype=np.int64)
    group[used] = inverse
    sums = np.bincount(inverse, weights=weight[used], minlength=len(first)).astype(np.float64)
    by_site = sparse.csr_array(table[used[first]].T)
    by_site.sort_indices()
    return Cover(by_site, sums, group, float(weight.sum()))


def _same_sets(table: sparse.csr_array, rows: Ints, like: Ints) -> bool:
    """Whether each row stores the same columns as the row that stands for it."""
    if not (np.diff(table.indptr)[rows] == np.diff(table.indptr)[like]).all():
        return False
    return bool((table[rows].indices == table[like].indices).all())
