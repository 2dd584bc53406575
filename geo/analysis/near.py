"""Pairs of points within a distance, in blocks, so that a million points never need all their pairs at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Floats, Ints, points, positive
from geo.errors import AnalysisRefused

__all__ = ["AT_MOST", "TOLERANCE", "neighbour_sums", "pairs_within"]

BLOCK = 2_000_000
"""Candidate pairs looked at in one go: about 100 MB."""
AT_MOST = 6_000_000_000
"""Candidate pairs beyond which a distance is refused: about two minutes of one core."""
TOLERANCE = 1e-9
"""Share of the distance: what lies exactly at it is near, whatever the rounding."""


def pairs_within(x: npt.ArrayLike, y: npt.ArrayLike, distance: float) -> Iterator[tuple[Ints, Ints]]:
    """Every ordered pair of points at most ``distance`` apart, each point with itself too.

    Points are sorted into squares as wide as the distance; near ones lie in the three by three around a point's own.

    Parameters
    ----------
    x, y
        Metres, shape (n,).
    distance
        Metres.

    Yields
    ------
    i, j
        Positions in ``x``, shape (m,) each; all pairs of one i stand in one block, next to each other.

    Raises
    ------
    AnalysisRefused
        As `points`; ``analysis.too_many_pairs`` where it would take more than minutes.
    """
    xs, ys = points(x, y)
    reach = positive("distance", distance) * (1 + TOLERANCE)
    xs, ys = xs - xs.min(), ys - ys.min()
    column, row = (xs // reach).astype(np.int64) + 1, (ys // reach).astype(np.int64)
    width = int(column.max()) + 2
    key = row * width + column
    order = np.argsort(key, kind="stable")
    xs, ys, key = xs[order], ys[order], key[order]
    cells, inverse = np.unique(key, return_inverse=True)
    first = np.stack([np.searchsorted(key, cells + up * width - 1) for up in (-1, 0, 1)], axis=1)[inverse]
    last = np.stack([np.searchsorted(key, cells + up * width + 1, "right") for up in (-1, 0, 1)], axis=1)[inverse]
    candidates = (last - first).sum(axis=1)
    until = np.cumsum(candidates)
    if until[-1] > AT_MOST:
        raise AnalysisRefused("analysis.too_many_pairs", n=len(xs), distance=distance, pairs=int(until[-1]))
    start = 0
    while start < len(xs):
        done = until[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(until, done + BLOCK, "right")))
        i = np.repeat(np.arange(start, stop), candidates[start:stop])
        j = _ranges(first[start:stop].ravel(), (last - first)[start:stop].ravel())
        near = (xs[i] - xs[j]) ** 2 + (ys[i] - ys[j]) ** 2 <= reach * reach
        yield order[i[near]], order[j[near]]
        start = stop


def _ranges(starts: Ints, lengths: Ints) -> Ints:
    """starts[0], starts[0] + 1, … for each range, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(int(ends[-1])) + np.repeat(starts - ends + lengths, lengths)


def neighbour_sums(x: npt.ArrayLike, y: npt.ArrayLike, distance: float, values: Floats) -> tuple[Floats, Floats]:
    """How many points lie within ``distance`` metres of each, itself too, and the sum of their values; shape (n,)."""
    n = len(values)
    count, total = np.zeros(n), np.zeros(n)
    for i, j in pairs_within(x, y, distance):
        begins = np.flatnonzero(np.diff(i, prepend=-1))
        count[i[begins]] = np.diff(begins, append=len(i))
        total[i[begins]] = np.add.reduceat(values[j], begins)
    return count, total
