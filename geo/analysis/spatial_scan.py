"""The purely spatial scan: the circle with most more cases than its people, or its expected cases, explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from geo.analysis.arrays import Floats, Ints, finite, points
from geo.analysis.scan import poisson_ratio, zones_around
from geo.analysis.simulation import Cancelled, Progress, monte_carlo_p, rounds, whole

__all__ = ["SpatialCluster", "most_likely_circle"]


@dataclass(frozen=True, slots=True, eq=False)
class SpatialCluster:
    """The likeliest circle: positions of its places (the middle first), cases, expected cases, ratio and p."""

    places: Ints
    observed: float
    expected: float
    log_ratio: float
    p: float


def most_likely_circle(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    cases: npt.ArrayLike,
    population: npt.ArrayLike,
    *,
    expected: npt.ArrayLike | None = None,
    share: float = 0.5,
    permutations: int = 999,
    seed: int = 1,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> SpatialCluster:
    """The circle with the highest likelihood ratio.

    Source: Kulldorff 1997. With ``expected`` the Poisson model, else the binomial of cases among people.

    Parameters
    ----------
    x, y
        Metres, shape (p,).
    cases, population, expected
        Of each place, shape (p,).
    share
        Largest share of the population that a circle may hold.

    Raises
    ------
    AnalysisRefused
        As `points` and `finite`.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    xs, ys = points(x, y, least=2)
    c = finite("cases", cases, len(xs))
    people = finite("population", population, len(xs))
    mean = people * c.sum() / people.sum() if expected is None else finite("expected", expected, len(xs))
    mean = mean * c.sum() / mean.sum()
    zones = zones_around(xs, ys, float(np.hypot(np.ptp(xs), np.ptp(ys))) + 1.0)
    inside_people = zones.cumulated(people)
    allowed = inside_people <= share * people.sum()
    inside_mean = zones.cumulated(mean)

    def ratios(values: Floats) -> Floats:
        inside = zones.cumulated(values)
        if expected is None:
            found = _binomial_ratio(inside, inside_people, float(values.sum()), float(people.sum()))
        else:
            found = poisson_ratio(inside, inside_mean, float(values.sum()))
        return np.where(allowed, found, 0.0)

    ours = ratios(c)
    random = np.random.default_rng(seed)
    simulated = np.empty(whole("permutations", permutations, 1))
    for number in rounds(len(simulated), progress, cancelled):
        simulated[number] = ratios(random.multinomial(int(c.sum()), mean / mean.sum()).astype(np.float64)).max()
    best = int(ours.argmax())
    start = int(zones.begins[np.searchsorted(zones.begins, best, "right") - 1])
    inside = zones.members[start : best + 1]
    return SpatialCluster(
        inside,
        float(c[inside].sum()),
        float(mean[inside].sum()),
        float(ours[best]),
        monte_carlo_p(ours[best], simulated),
    )


def _binomial_ratio(c: Floats, n: Floats, cases: float, people: float) -> Floats:
    def likelihood(some: Floats, of: Floats) -> Floats:
        share = np.divide(some, of, out=np.zeros_like(some), where=of > 0)
        return np.asarray(xlogy(some, share) + xlogy(of - some, 1 - share))

    whole_land = likelihood(np.array([cases]), np.array([people]))[0]
    ratio = likelihood(c, n) + likelihood(cases - c, people - n) - whole_land
    higher = c * (people - n) > (cases - c) * n
    return np.where(higher, ratio, 0.0)
