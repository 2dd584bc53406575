"""Before and after: whether fewer happened somewhere since a day than before it, beside what happened elsewhere meanwhile.

Counts are taken as Poisson and the windows as equally long, so that given their sum they are binomial; given the margins of
two places they are Fisher's noncentral hypergeometric, whose odds are the ratio of the two ratios (difference in differences
on the log scale). Incidents come in series: real intervals are wider than these, and one place's change proves no cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import beta

from geo.analysis.arrays import Floats, finite
from geo.analysis.simulation import whole
from geo.errors import AnalysisRefused

__all__ = [
    "FEWEST",
    "Around",
    "Change",
    "Direction",
    "Ratio",
    "around",
    "by_distance",
    "displacement",
    "ratio",
    "ratio_of_ratios",
    "since",
]

FEWEST = 5
"""With fewer in either window nothing is told of a change."""
SPAN = 60.0
"""Natural logarithm of the widest odds that are looked through."""


class Direction(StrEnum):
    """What can be said of a change."""

    FELL = "fell"
    ROSE = "rose"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Ratio:
    """After as a multiple of before, with its exact interval; nothing where 0 stands under the line."""

    value: float | None
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """A place since a day.

    Attributes
    ----------
    own
        Its own ratio after / before.
    other
        The ratio of the place it is compared with, where there is one.
    against
        Its own ratio as a multiple of the other's.
    direction
        By ``against``, else by ``own``: a change where the whole interval lies on one side of 1.
    """

    before: int
    after: int
    own: Ratio
    other: Ratio | None
    against: Ratio | None
    direction: Direction


def ratio(after: int, before: int, *, confidence: float = 0.95) -> Ratio:
    """The ratio of two Poisson counts of equally long windows.

    Source: Przyborowski and Wilenski 1940, Biometrika 31 (given their sum one of them is binomial); the interval of the
    binomial share is Clopper and Pearson's 1934, exact and wide rather than narrow.

    Parameters
    ----------
    after, before
        Whole, not negative.
    confidence
        Above 0, below 1.

    Raises
    ------
    AnalysisRefused
        ``analysis.not_whole``.
    """
    a, b = whole("after", after, 0), whole("before", before, 0)
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, a, b + 1)) if a else 0.0
    high = float(beta.ppf(1 - tail, a + 1, b)) if b else 1.0
    return Ratio(a / b if b else None, low / (1 - low), high / (1 - high) if high < 1 else None)


def ratio_of_ratios(after: int, before: int, other_after: int, other_before: int, *, confidence: float = 0.95) -> Ratio:
    """How many times as much one place changed as another: (after / before) / (other_after / other_before).

    Source: Cornfield 1956 (exact limits of an odds ratio, the margins being given); Fisher 1935. The value is the plain
    ratio of ratios; the conditional estimate lies a little nearer to 1.

    Raises
    ------
    AnalysisRefused
        ``analysis.not_whole``.
    """
    a, b, c, d = (
        whole(name, n, 0)
        for name, n in (
            ("after", after),
            ("before", before),
            ("other_after", other_after),
            ("other_before", other_before),
        )
    )
    value = a * d / (b * c) if b * c else None
    support = np.arange(max(0, a - d), min(a + b, a + c) + 1)
    weight = -(
        gammaln(support + 1)
        + gammaln(a + b - support + 1)
        + gammaln(a + c - support + 1)
        + gammaln(d - a + support + 1)
    )
    tail = (1 - confidence) / 2
    low = 0.0 if a == support[0] else float(np.exp(_odds(support >= a, support, weight, tail)))
    high = None if a == support[-1] else float(np.exp(_odds(support <= a, support, weight, tail)))
    return Ratio(value, low, high)


def _odds(tail_of: npt.NDArray[np.bool_], support: npt.NDArray[np.int64], weight: Floats, wanted: float) -> float:
    """Logarithm of the odds at which the marked end of the distribution holds ``wanted``."""

    def off(odds: float) -> float:
        power = weight + support * odds
        power -= power.max()
        mass = np.exp(power)
        return float(mass[tail_of].sum() / mass.sum() - wanted)

    return float(brentq(off, -SPAN, SPAN, xtol=1e-12))


def since(
    after: int, before: int, other: tuple[int, int] | None = None, *, confidence: float = 0.95, fewest: int = FEWEST
) -> Change:
    """What happened at a place since a day, told so that small numbers fool nobody.

    Parameters
    ----------
    after, before
        Incidents in equally long windows.
    other
        The same (after, before) of the place it is compared with.
    fewest
        Below this in any window nothing is told.

    Raises
    ------
    AnalysisRefused
        ``analysis.not_whole``.
    """
    own = ratio(after, before, confidence=confidence)
    others = against = None
    if other is not None:
        others = ratio(*other, confidence=confidence)
        against = ratio_of_ratios(after, before, *other, confidence=confidence)
    judged = against or own
    if min(after, before, *(other or ())) < fewest:
        direction = Direction.TOO_FEW
    elif judged.high is not None and judged.high < 1:
        direction = Direction.FELL
    elif judged.low > 1:
        direction = Direction.ROSE
    else:
        direction = Direction.NO_CLEAR_CHANGE
    return Change(before, after, own, others, against, direction)


@dataclass(frozen=True, slots=True)
class Around:
    """Incidents around a spot in two equally long windows: within R, and in the ring from R to 2 R, where what was driven
    away would show first."""

    before: int
    after: int
    ring_before: int
    ring_after: int


def around(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    day: npt.ArrayLike,
    *,
    at: tuple[float, float],
    radius: float,
    split: float,
    days: int,
) -> Around:
    """Count around a spot before and after a day.

    Parameters
    ----------
    x, y
        Metres, shape (n,); none is no mistake.
    day
        Number of the day, shape (n,).
    at
        The spot, metres.
    radius
        R, metres, above 0; what lies exactly at it is within.
    split
        First day of the window after; the one before ends on the day before it.
    days
        Length of each window, at least 1.

    Raises
    ------
    AnalysisRefused
        ``analysis.not_positive``, ``analysis.not_whole``, as `finite`.
    """
    xs = finite("x", x)
    ys = finite("y", y, len(xs))
    return by_distance(np.hypot(xs - at[0], ys - at[1]), day, radius=radius, split=split, days=days)


def by_distance(away: npt.ArrayLike, day: npt.ArrayLike, *, radius: float, split: float, days: int) -> Around:
    """The same by how far each incident lies from a spot or a line, metres, shape (n,).

    Raises
    ------
    AnalysisRefused
        As `around`.
    """
    far = finite("away", away)
    when = finite("day", day, len(far))
    if not radius > 0:
        raise AnalysisRefused("analysis.not_positive", name="radius", value=radius)
    length = whole("days", days, 1)
    near, ring = far <= radius, (far > radius) & (far <= 2 * radius)
    earlier, later = (when >= split - length) & (when < split), (when >= split) & (when < split + length)
    return Around(*(int((zone & time).sum()) for zone in (near, ring) for time in (earlier, later)))


def displacement(counts: Around, other_before: int, other_after: int) -> float | None:
    """Weighted displacement quotient: below 0 what left the middle appeared in the ring (-1: all of it), above 0 the ring gained too.

    Source: Bowers and Johnson 2003, Journal of Quantitative Criminology 19. Nothing where the middle did not change beside the
    other place, or that had no incident in a window.

    Parameters
    ----------
    other_before, other_after
        Incidents of the place it is compared with.
    """
    if not (other_before and other_after):
        return None
    gained = counts.after / other_after - counts.before / other_before
    if abs(gained) < 1e-12 or gained > 0:
        return None
    return (counts.ring_after / other_after - counts.ring_before / other_before) / gained
