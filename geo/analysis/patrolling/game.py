"""How often to be where: coverage probabilities of a zero-sum security game, by filling water into a vessel.

Whoever crosses knows how often each place is watched, and goes where it pays most: a place of value v that is watched with
probability c is worth v (1 - c) to them. The best that m teams can do is to make the most worthwhile place worth as little
as can be: c = max(0, 1 - k / v), with the water level k such that the c sum to m.

Source: Kiekintveld et al. 2009, Computing optimal randomized resource allocations for massive security games, AAMAS (ORIGAMI),
for the zero-sum case; run as ARMOR, IRIS and PROTECT. None of those rests on a controlled trial: this makes watching hard to
foresee, and promises nothing about crimes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Floats, finite
from geo.analysis.simulation import whole
from geo.errors import AnalysisRefused

__all__ = ["Coverage", "coverage", "coverage_by_window"]


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """How often each place is watched.

    Attributes
    ----------
    probability
        Shape (places,) or (places, windows), between the floor and 1; each window's sum is its teams.
    level
        What the most worthwhile place is worth to the intruder (the water level k), one for each window.
    even
        What it would be worth if all places were watched equally often.
    """

    probability: Floats
    level: Floats
    even: Floats


def coverage(value: npt.ArrayLike, teams: int, *, floor: float = 0.0) -> Coverage:
    """Probabilities for one window.

    Parameters
    ----------
    value
        What each place is worth to the intruder while nobody is there, at least 0, shape (places,).
    teams
        Places watched at the same time, 1 to the number of places.
    floor
        Least probability of each place, 0 to teams / places: nowhere is never watched.

    Raises
    ------
    AnalysisRefused
        ``patrolling.no_places``, ``patrolling.negative``, ``patrolling.more_teams`` (more than places),
        ``patrolling.floor`` (``most``), ``analysis.not_whole``, as `finite`.
    """
    worth = finite("value", value)
    n = len(worth)
    if not n:
        raise AnalysisRefused("patrolling.no_places")
    if (worth < 0).any():
        raise AnalysisRefused("patrolling.negative")
    m = whole("teams", teams, 1)
    if m > n:
        raise AnalysisRefused("patrolling.more_teams", teams=m, places=n)
    if not 0 <= floor <= m / n:
        raise AnalysisRefused("patrolling.floor", floor=floor, most=m / n)
    level = _level(worth, m, floor)
    probability = np.full(n, float(floor))
    if level is None:
        # More teams than places of any worth can use: those are always watched, the others share the rest.
        some = worth > 0
        probability[some] = 1.0
        probability[~some] = (m - some.sum()) / max(1, (~some).sum())
        level = 0.0
    else:
        np.maximum(floor, 1 - np.divide(level, worth, out=np.full(n, np.inf), where=worth > 0), out=probability)
    return Coverage(probability, np.array([level]), np.array([worth.max() * (1 - m / n)]))


def _level(worth: Floats, teams: int, floor: float) -> float | None:
    """The water level; nothing where every place of worth is always watched and teams are left over.

    With the j places of the highest value above the floor: Σ (1 - k / v) + (n - j) floor = m.
    """
    ranked = np.sort(worth[worth > 0])[::-1]
    n, j = len(worth), np.arange(1, len(ranked) + 1)
    level = (j + (n - j) * floor - teams) / np.cumsum(1 / ranked)
    # Right where the next place stays at the floor at this level, and the last one taken in does not fall below it.
    following = np.append(ranked[1:], 0.0)
    right = (
        (level >= 0) & (following * (1 - floor) <= level * (1 + 1e-12)) & (ranked * (1 - floor) >= level * (1 - 1e-12))
    )
    return float(level[right.argmax()]) if right.any() else None


def coverage_by_window(value: npt.ArrayLike, teams: npt.ArrayLike, *, floor: float = 0.0) -> Coverage:
    """Probabilities for each window of the day. Teams cannot be saved for another window, so that each is a game of its own.

    Parameters
    ----------
    value
        Shape (places, windows).
    teams
        Of each window, shape (windows,).

    Raises
    ------
    AnalysisRefused
        As `coverage`; ``analysis.lengths_differ``.
    """
    worth = np.asarray(value, dtype=np.float64)
    many = np.asarray(teams).ravel()
    if worth.ndim != 2 or worth.shape[1] != len(many):
        raise AnalysisRefused("analysis.lengths_differ", name="teams", n=len(many), expected=worth.shape[-1])
    games = [coverage(worth[:, w], many[w], floor=floor) for w in range(len(many))]
    if not games:
        raise AnalysisRefused("patrolling.no_windows")
    return Coverage(
        np.column_stack([game.probability for game in games]),
        np.concatenate([game.level for game in games]),
        np.concatenate([game.even for game in games]),
    )
