"""Scan statistics: the circle, or the circle and the last days, that holds most more than it should.

Source: Kulldorff 1997, Communications in Statistics 26 (likelihoods); Kulldorff et al. 2005, PLoS Medicine 2 (space-time
permutation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree
from scipy.special import xlogy

from geo.analysis.arrays import Floats, Ints, finite, points, positive
from geo.analysis.near import TOLERANCE
from geo.analysis.simulation import Cancelled, Progress, monte_carlo_p, rounds, whole
from geo.errors import AnalysisRefused

__all__ = ["MOST_CIRCLES", "MOST_PLACES", "Cluster", "Scan", "Zones", "poisson_ratio", "scan_recent", "zones_around"]

MOST_PLACES = 1000
"""Places of one scan; more are put together in squares, and the result says how wide."""
MOST_CIRCLES = 100_000
"""Circles of one scan, all places together."""
SECONDARY = 10


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """One circle, and for how many of the last days.

    Attributes
    ----------
    places
        Positions of the places inside, the middle first.
    x, y, radius
        Middle and distance of the farthest place, metres.
    first, last
        Days, both included.
    observed, expected, log_ratio, p
        Incidents, those that chance would put there, log likelihood ratio, share of simulations whose highest is as high.
    """

    places: Ints
    x: float
    y: float
    radius: float
    first: int
    last: int
    observed: int
    expected: float
    log_ratio: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What a scan found: clusters that share no middle with a likelier one, likeliest first, and how it was made.

    ``square`` is the width in metres of the squares in which places were put together, 0 where they were not; ``place_of``
    tells the place of each point, ``simulated`` the highest log likelihood ratio of each simulation.
    """

    clusters: tuple[Cluster, ...]
    points: int
    places: int
    square: float
    radius: float
    days: int
    permutations: int
    seed: int
    place_of: Ints
    simulated: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Circles around each place: the places of all, nearest first, one after the other; ``begins`` where each starts."""

    members: Ints
    begins: Ints
    away: Floats

    def cumulated(self, values: Floats) -> Floats:
        """Sums over every circle of values of places, shape (p,) or (p, k) -> shape (circles,) or (circles, k)."""
        until = np.cumsum(values[self.members], axis=0)
        before = np.zeros((len(self.begins), *values.shape[1:]))
        before[1:] = until[self.begins[1:] - 1]
        return np.asarray(until - np.repeat(before, np.diff(self.begins, append=len(self.members)), axis=0))


def zones_around(x: npt.ArrayLike, y: npt.ArrayLike, radius: float, most: int | None = None) -> Zones:
    """Circles around each place up to a radius (metres), and up to so many places."""
    xs, ys = points(x, y)
    at = np.column_stack([xs, ys])
    near = cKDTree(at).query_ball_point(at, radius * (1 + TOLERANCE))
    members, lengths, aways = [], [], []
    for place, others in enumerate(near):
        other = np.array(others, dtype=np.int64)
        away = np.hypot(*(at[other] - at[place]).T)
        order = np.lexsort((other, away))[:most]
        members.append(other[order])
        aways.append(away[order])
        lengths.append(len(order))
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    return Zones(np.concatenate(members), begins, np.concatenate(aways))


def poisson_ratio(observed: npt.ArrayLike, expected: npt.ArrayLike, total: float) -> Floats:
    """Log likelihood ratio of more inside than outside; 0 where there is not more. Any shape.

    c log(c / m) + (C - c) log((C - c) / (C - m)) with c observed, m expected inside and C in all.
    """
    c, m = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    out, rest = total - c, np.maximum(total - m, 1e-300)
    ratio = xlogy(c, np.maximum(c, 1e-300) / np.maximum(m, 1e-300)) + xlogy(out, np.maximum(out, 1e-300) / rest)
    return np.where(c > m, ratio, 0.0)


def scan_recent(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    t: npt.ArrayLike,
    *,
    radius: float,
    days: int = 30,
    permutations: int = 999,
    seed: int = 1,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Scan:
    """Clusters that are still going on: circles in the last 1 to ``days`` days, by the space-time permutation model.

    Needs no population: expected is what the place has over the whole period times the share that the last days have
    everywhere. The days are shuffled among the incidents; the highest ratio of each shuffle is what ours is compared with.

    Parameters
    ----------
    x, y, t
        Metres, metres, days; shape (n,), n at least 3. The part of a day is dropped.
    radius
        Widest circle, metres. No circle holds more than half of the incidents.
    days
        Longest time, at most half of the period.

    Raises
    ------
    AnalysisRefused
        As `points` and `finite`; ``analysis.not_positive``, ``analysis.not_whole``, ``analysis.one_day``.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    xs, ys = points(x, y, least=3)
    day = np.floor(finite("t", t, len(xs))).astype(np.int64)
    widest = positive("radius", radius)
    permutations = whole("permutations", permutations, 1)
    period = int(day.max() - day.min()) + 1
    if period < 2:
        raise AnalysisRefused("analysis.one_day")
    longest = min(whole("days", days, 1), period // 2)
    px, py, place, square, zones = _places(xs, ys, widest)
    n, last = len(xs), int(day.max())
    # Only incidents of the last days matter: 0 is the last day, ``longest`` all days before.
    age = np.minimum(last - day, longest)
    recent = np.cumsum(np.bincount(age, minlength=longest + 1)[:longest])
    whole_period = zones.cumulated(np.bincount(place, minlength=len(px)).astype(np.float64))
    allowed = whole_period <= n / 2
    expected = whole_period[:, None] * recent / n
    log_m, log_rest = np.log(expected), np.log(np.maximum(n - expected, 1e-300))
    table = xlogy(np.arange(n + 1), np.arange(n + 1))

    def ratios(at: Ints, ages: Ints) -> tuple[Floats, Ints]:
        counted = np.bincount(at * (longest + 1) + ages, minlength=len(px) * (longest + 1))
        by_length = np.cumsum(counted.reshape(len(px), longest + 1)[:, :longest], axis=1)
        c = np.rint(zones.cumulated(by_length.astype(np.float64))).astype(np.int64)
        ratio = table[c] - c * log_m + table[n - c] - (n - c) * log_rest
        return np.where((c > expected) & (c > 1) & allowed[:, None], ratio, 0.0), c

    ours, observed = ratios(place, age)
    random = np.random.default_rng(seed)
    ordered, by_place = np.sort(age), np.sort(place)  # the same shuffles whatever the order of rows
    simulated = np.empty(permutations)
    for number in rounds(permutations, progress, cancelled):
        simulated[number] = ratios(by_place, random.permutation(ordered))[0].max()
    clusters: list[Cluster] = []
    taken = np.zeros(len(px), dtype=np.bool_)
    centre = np.repeat(np.arange(len(px)), np.diff(zones.begins, append=len(zones.members)))
    best_length = ours.argmax(axis=1)
    best = ours[np.arange(len(ours)), best_length]
    for circle in np.argsort(-best, kind="stable"):
        if best[circle] <= 1e-9 or len(clusters) == SECONDARY:
            break
        inside = zones.members[zones.begins[centre[circle]] : circle + 1]
        if taken[inside].any():
            continue
        taken[inside] = True
        length = int(best_length[circle])
        clusters.append(
            Cluster(
                inside, float(px[inside[0]]), float(py[inside[0]]), float(zones.away[circle]), last - length, last,
                int(observed[circle, length]), float(expected[circle, length]), float(best[circle]),
                monte_carlo_p(float(best[circle]), simulated),
            )
        )  # fmt: skip
    return Scan(tuple(clusters), n, len(px), square, widest, longest, permutations, seed, place, simulated)


def _places(x: Floats, y: Floats, radius: float) -> tuple[Floats, Floats, Ints, float, Zones]:
    """Places, the place of each point, the width of the squares they were put together in, and the circles."""
    square = 0.0
    while True:
        if square:
            xy = np.column_stack([np.floor((x - x.min()) / square), np.floor((y - y.min()) / square)])
        else:
            xy = np.column_stack([x, y])
        at, place = np.unique(xy, axis=0, return_inverse=True)
        if len(at) <= MOST_PLACES:
            held = np.bincount(place)
            px, py = np.bincount(place, weights=x) / held, np.bincount(place, weights=y) / held
            zones = zones_around(px, py, radius, MOST_CIRCLES // len(at))
            return px, py, place.ravel().astype(np.int64), square, zones
        square = square * 1.3 if square else max(np.ptp(x), np.ptp(y)) / 400
