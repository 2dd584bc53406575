"""Near repeat: whether what is close in space is close in time too, more than chance would have it (Knox)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from geo.analysis.arrays import Floats, Ints, finite, points, positive
from geo.analysis.near import TOLERANCE, pairs_within
from geo.analysis.simulation import Cancelled, Progress, rounds, whole
from geo.errors import AnalysisRefused

__all__ = ["MOST_PAIRS", "NearRepeat", "knox"]

MOST_PAIRS = 3_000_000
"""Pairs close in space that are kept; of more points a random part is taken, and the result says so."""


@dataclass(frozen=True, slots=True, eq=False)
class NearRepeat:
    """What Knox's test found.

    Attributes
    ----------
    table
        A row for each band of distance and of days: ``space_from``, ``space_to`` (metres), ``time_from``, ``time_to`` (days),
        ``observed``, ``expected`` (pairs in the band of distance times the share of all pairs in the band of days), ``ratio``,
        ``simulated`` (mean of the permutations), ``p`` (share of permutations with at least as many, the data counted
        among them), ``p_poisson`` (P(X >= observed)).
    pairs
        All pairs of the points used.
    used, given
        Points used and points given: fewer are used where there would be more than `MOST_PAIRS` close pairs.
    permutations, seed
        How the p came about.
    """

    table: pd.DataFrame
    pairs: int
    used: int
    given: int
    permutations: int
    seed: int


def knox(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    t: npt.ArrayLike,
    space: float | Sequence[float],
    time: float | Sequence[float],
    *,
    permutations: int = 999,
    seed: int = 1,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> NearRepeat:
    """Count pairs close in space and time, and compare with the days shuffled among the places.

    Source: Knox 1964, Applied Statistics 13; permutations after Besag and Diggle 1977. One distance and one time give
    Knox's own test; several give a table of bands.

    Parameters
    ----------
    x, y
        Metres, shape (n,), n at least 2.
    t
        Days, shape (n,).
    space, time
        Upper ends of the bands, metres and days, ascending; a pair exactly at an end lies in the band below it.

    Raises
    ------
    AnalysisRefused
        As `points` and `finite`; ``analysis.not_positive``, ``analysis.not_whole``.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    xs, ys = points(x, y, least=2)
    ts = finite("t", t, len(xs))
    reach, span = _ends("space", space), _ends("time", time)
    permutations = whole("permutations", permutations, 1)
    random = np.random.default_rng(seed)
    given = len(xs)
    # Rows in an order of their own, so that the same seed gives the same p whatever the order of the file.
    order = np.lexsort((ts, ys, xs))
    xs, ys, ts = xs[order], ys[order], ts[order]
    while True:
        try:
            i, j = _close(xs, ys, float(reach[-1]))
            break
        except _TooMany as many:
            keep = np.sort(random.permutation(len(xs))[: max(2, int(len(xs) * many.share))])
            xs, ys, ts = xs[keep], ys[keep], ts[keep]
    n = len(xs)
    away = np.hypot(xs[i] - xs[j], ys[i] - ys[j])
    band = np.searchsorted(reach * (1 + TOLERANCE), away)
    bands = len(span)

    def count(days: Floats) -> Ints:
        apart = np.abs(days[i] - days[j])
        near = np.searchsorted(span + 1e-9, apart) if bands > 1 else (apart > span[0] + 1e-9).astype(np.int64)
        counted = np.bincount(band * (bands + 1) + near, minlength=len(reach) * (bands + 1))
        return counted.reshape(len(reach), bands + 1)[:, :bands]

    observed = count(ts)
    simulated = np.empty((permutations, *observed.shape))
    for number in rounds(permutations, progress, cancelled):
        simulated[number] = count(random.permutation(ts))
    pairs = n * (n - 1) // 2
    in_space = np.bincount(band, minlength=len(reach))[: len(reach)]
    in_time = np.diff([0, *(_pairs_in_time(ts, float(days)) for days in span)])
    expected = np.outer(in_space, in_time) / pairs
    at_least = (simulated >= observed).sum(axis=0)
    table = pd.DataFrame(
        {
            "space_from": np.repeat([0.0, *reach[:-1]], bands),
            "space_to": np.repeat(reach, bands),
            "time_from": np.tile([0.0, *span[:-1]], len(reach)),
            "time_to": np.tile(span, len(reach)),
            "observed": observed.ravel(),
            "expected": expected.ravel(),
            "ratio": np.divide(observed, expected, out=np.full(observed.shape, np.nan), where=expected > 0).ravel(),
            "simulated": simulated.mean(axis=0).ravel(),
            "p": ((1 + at_least) / (1 + permutations)).ravel(),
            "p_poisson": _poisson_at_least(observed.ravel(), expected.ravel()),
        }
    )
    return NearRepeat(table, pairs, n, given, permutations, seed)


class _TooMany(Exception):
    def __init__(self, share: float) -> None:
        super().__init__(share)
        self.share = share


def _close(x: Floats, y: Floats, reach: float) -> tuple[Ints, Ints]:
    found: list[tuple[Ints, Ints]] = []
    total = seen = 0
    try:
        for i, j in pairs_within(x, y, reach):
            once = i < j
            found.append((i[once], j[once]))
            total += int(once.sum())
            seen += len(np.unique(i))
            if total > MOST_PAIRS:
                raise _TooMany(min(0.9, float(np.sqrt(0.8 * MOST_PAIRS / (total * len(x) / seen)))))
    except AnalysisRefused as refused:
        if refused.code != "analysis.too_many_pairs":
            raise
        raise _TooMany(min(0.9, float(np.sqrt(MOST_PAIRS / float(str(refused.params["pairs"])))))) from refused
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])


def _ends(name: str, given: float | Sequence[float]) -> Floats:
    ends = np.unique(np.atleast_1d(np.asarray(given, dtype=np.float64)))
    for end in ends:
        positive(name, float(end))
    return ends


def _pairs_in_time(t: Floats, days: float) -> int:
    ordered = np.sort(t)
    until = np.searchsorted(ordered, ordered + days + 1e-9, "right")
    return int((until - np.arange(1, len(t) + 1)).sum())


def _poisson_at_least(observed: Ints, expected: Floats) -> Floats:
    """Probability that a Poisson variable is at least as large; shape (n,)."""
    return np.where(observed > 0, special.gammainc(np.maximum(observed, 1), expected), 1.0)
