"""Which places of a rota fall into a habit: told to whoever changes it by hand, so that they know what to change back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Bools
from geo.analysis.patrolling.comb import checked_probability
from geo.errors import AnalysisRefused

__all__ = ["BY_CHANCE", "BY_HAND", "Kind", "Pattern", "patterns"]

BY_CHANCE = 0.01
"""A pattern is told where fewer than one drawn rota of a hundred has one so striking anywhere."""
BY_HAND = 0.2
"""The same where somebody changed one of its shifts: whoever changes things by hand tends to it."""
FEWEST_TIMES = 3


class Kind(StrEnum):
    """What repeats."""

    WEEKDAY = "weekday"
    RUN = "run"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One place that is watched, or not, as anybody would expect.

    Attributes
    ----------
    place, window
        Positions.
    weekday
        Weekday of the rota's first day plus so many, for `Kind.WEEKDAY`.
    first
        Position of the day on which it begins.
    times
        Days in a row (`Kind.RUN` watched, `Kind.ABSENT` never), or weeks in a row.
    chance
        How often a rota drawn with these probabilities has one like it at that place, at most.
    by_hand
        Whether one of its shifts was changed.
    """

    kind: Kind
    place: int
    window: int
    weekday: int | None
    first: int
    times: int
    chance: float
    by_hand: bool


def patterns(rota: npt.ArrayLike, probability: npt.ArrayLike, changed: npt.ArrayLike | None = None) -> list[Pattern]:
    """The striking patterns of a rota, the least probable first.

    The chance of n times in a row that one time has probability p is at most (starts) p^n; a pattern is told where that is
    below `BY_CHANCE` over all places and windows together, or below `BY_HAND` at its place where somebody changed a shift of it.

    Parameters
    ----------
    rota, changed
        Who is where, and which of it was changed by hand; shape (days, windows, places).
    probability
        Shape (places, windows).

    Raises
    ------
    AnalysisRefused
        ``patrolling.probability``, ``patrolling.rota``.
    """
    p = checked_probability(probability).T
    seen = np.asarray(rota, dtype=np.bool_)
    if seen.ndim != 3 or seen.shape[1:] != p.shape:
        raise AnalysisRefused("patrolling.rota", shape=seen.shape)
    hand = np.zeros_like(seen) if changed is None else np.asarray(changed, dtype=np.bool_)
    found = [
        pattern
        for window in range(p.shape[0])
        for place in range(p.shape[1])
        for pattern in _of_place(seen[:, window, place], hand[:, window, place], float(p[window, place]), place, window)
        if pattern.chance * p.size <= BY_CHANCE or (pattern.by_hand and pattern.chance <= BY_HAND)
    ]
    return sorted(found, key=lambda pattern: (pattern.chance, pattern.place, pattern.window))


def _of_place(seen: Bools, hand: Bools, p: float, place: int, window: int) -> Iterator[Pattern]:
    days = len(seen)
    for weekday in range(min(7, days)):
        first, times = _longest(seen[weekday::7])
        if times >= FEWEST_TIMES:
            touched = bool(hand[weekday::7][first : first + times].any())
            starts = len(seen[weekday::7]) - times + 1
            yield Pattern(
                Kind.WEEKDAY,
                place,
                window,
                weekday,
                weekday + 7 * first,
                times,
                min(1.0, 7 * starts * p**times),
                touched,
            )
    for kind, run, one in ((Kind.RUN, seen, p), (Kind.ABSENT, ~seen, 1 - p)):
        first, times = _longest(run)
        if times >= FEWEST_TIMES:
            touched = bool(hand[first : first + times].any())
            yield Pattern(kind, place, window, None, first, times, min(1.0, (days - times + 1) * one**times), touched)


def _longest(marks: Bools) -> tuple[int, int]:
    """Where the longest run of True begins, and its length."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    begins, lengths = edges[::2], edges[1::2] - edges[::2]
    if not len(begins):
        return 0, 0
    best = int(lengths.argmax())
    return int(begins[best]), int(lengths[best])
