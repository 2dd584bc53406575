"""How well somebody who watched a rota can guess where its teams will be next.

Drawn by chance, a rota gives away its probabilities and nothing more: who knows them guesses the most probable places, and is
right so often and no more. People who fill in a rota by hand fall into habits. Here an opponent who knows the probabilities and
has seen every shift so far guesses each shift of the rota in turn, in every way of `Habit`: where the teams were so many days ago,
where they were not, where they mostly are, or mostly are on this weekday. The habit that is right most often is what the rota gives away.

    score = 100 (1 - right) / (1 - right of a drawn rota)

``right`` is the share of teams that the best habit foresees, ``right of a drawn rota`` the mean of the same for rotas drawn with the same
probabilities: some habit is always right by luck. 100: nothing but the probabilities is to be learned; 0: every team is foreseen.

Source: prediction of the next symbol by the best of a set of experts, as in Merhav, Feder and Gutman 1993 (finite-state
predictability, IEEE Transactions on Information Theory 39); the test against drawn rotas is Barnard's Monte Carlo test, 1963.
The set of habits is this project's own choice: a habit that is not in it is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Bools, Floats
from geo.analysis.patrolling.comb import checked_probability, draw
from geo.analysis.simulation import monte_carlo_p
from geo.errors import AnalysisRefused

__all__ = ["FEWEST_DAYS", "GUESSABLE_P", "LAGS", "Guess", "Habit", "guessed"]

FEWEST_DAYS = 7
"""A shorter rota shows no habit yet."""
LAGS = (1, 2, 3, 4, 5, 6, 7)
SIMULATED = 199
GUESSABLE_P = 0.01
"""One drawn rota of a hundred is called guessable by bad luck; it is drawn again."""
PRIOR = 2.0
"""The opponent believes the probabilities as if they came from so many days seen before."""


class Habit(StrEnum):
    """What an opponent goes by."""

    PROBABILITY = "probability"
    SAME = "same"
    NOT_SAME = "not_same"
    MOSTLY = "mostly"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a rota gives away.

    Attributes
    ----------
    score
        0 to 100, nothing where the rota is shorter than `FEWEST_DAYS` or there is nothing to guess.
    right
        Share of the teams that the best habit foresees.
    drawn
        Mean of the same for rotas drawn with these probabilities.
    known
        Share that who knows only the probabilities foresees in the long run: no rota with them can do better.
    habit, days
        The best habit; for `Habit.SAME` and `Habit.NOT_SAME` how many days before.
    p
        Share of drawn rotas, this one counted among them, that are foreseen at least as well.
    """

    score: float | None
    right: float
    drawn: float
    known: float
    habit: Habit
    days: int
    p: float

    @property
    def guessable(self) -> bool:
        """Whether chance alone would hardly ever make it so."""
        return self.score is not None and self.p <= GUESSABLE_P


def guessed(rota: npt.ArrayLike, probability: npt.ArrayLike) -> Guess:
    """Let the opponent guess a rota.

    Parameters
    ----------
    rota
        Who is where: True or False, shape (days, windows, places).
    probability
        What it was drawn with, shape (places, windows).

    Raises
    ------
    AnalysisRefused
        ``patrolling.probability``, ``patrolling.rota`` (shapes do not fit).
    """
    p = checked_probability(probability)
    seen = np.asarray(rota, dtype=np.bool_)
    if seen.ndim != 3 or seen.shape[1:] != p.shape[::-1] or not len(seen):
        raise AnalysisRefused("patrolling.rota", shape=seen.shape)
    known = _known(p)
    if len(seen) < FEWEST_DAYS or known > 1 - 1e-9:
        return Guess(None, known, known, known, Habit.PROBABILITY, 0, 1.0)
    right = _right(seen[None], p)[0]
    best = int(right.argmax())
    luck = _luck(tuple(map(tuple, p.tolist())), len(seen))
    drawn = float(luck.mean())
    score = 100.0 * min(1.0, max(0.0, (1 - float(right[best])) / max(1e-9, 1 - drawn)))
    habit, days = _HABITS[best]
    return Guess(score, float(right[best]), drawn, known, habit, days, monte_carlo_p(float(right[best]), luck))


def _known(p: Floats) -> float:
    teams = np.rint(p.sum(axis=0)).astype(int)
    return float(sum(np.sort(of)[::-1][:m].sum() for of, m in zip(p.T, teams, strict=True)) / max(1, teams.sum()))


_HABITS = (
    (Habit.PROBABILITY, 0),
    *((Habit.SAME, lag) for lag in LAGS),
    *((Habit.NOT_SAME, lag) for lag in LAGS),
    (Habit.MOSTLY, 0),
    (Habit.WEEKDAY, 7),
)


@lru_cache(maxsize=16)
def _luck(p: tuple[tuple[float, ...], ...], days: int) -> Floats:
    """How often the best habit is right of drawn rotas, shape (`SIMULATED`,). Kept: by hand one changes shift after shift."""
    probability = np.array(p)
    drawn = draw(probability, days * SIMULATED, seed=days)
    return np.asarray(_right(drawn.reshape(SIMULATED, days, *drawn.shape[1:]), probability).max(axis=1))


def _right(rotas: Bools, p: Floats) -> Floats:
    """Share of teams that each habit foresees, shape (rotas, habits); ``rotas`` has shape (rotas, days, windows, places)."""
    days = rotas.shape[1]
    teams = np.rint(p.sum(axis=0)).astype(int)
    known = np.broadcast_to(p.T, rotas.shape)
    hits = [_hits(rotas, known, teams)]
    for sign in (1.0, -1.0):
        for lag in LAGS:
            # Before any probability; between places of equal standing the more probable one is guessed.
            score = known.copy()
            score[:, lag:] += 2 * sign * rotas[:, :-lag]
            hits.append(_hits(rotas, score, teams))
    hits.append(_hits(rotas, _rate(rotas, p), teams))
    by_weekday = np.empty(rotas.shape)
    for weekday in range(7):
        by_weekday[:, weekday::7] = _rate(rotas[:, weekday::7], p)
    hits.append(_hits(rotas, by_weekday, teams))
    return np.asarray(np.column_stack(hits) / max(1, days * teams.sum()))


def _rate(rotas: Bools, p: Floats) -> Floats:
    """How often each place was watched before each day, with the probabilities as what was believed to begin with."""
    before: Floats = np.cumsum(rotas, axis=1, dtype=np.float64) - rotas
    seen = np.arange(rotas.shape[1])[:, None, None]
    return np.asarray((before + PRIOR * p.T) / (seen + PRIOR))


def _hits(rotas: Bools, score: Floats, teams: npt.NDArray[np.int_]) -> Floats:
    """Teams that stand where a guess of as many places as there are teams expects them, shape (rotas,)."""
    order = np.argsort(-score, axis=3, kind="stable")
    found = np.take_along_axis(rotas, order, axis=3)
    counted = np.arange(rotas.shape[3]) < teams[:, None]
    return np.asarray((found & counted).sum(axis=(1, 2, 3)), dtype=np.float64)
