"""The question of maximal covering: weight covered once, or twice as a backup, by sites within the rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.siting.cover import Cover
from geo.analysis.siting.rules import Rules

__all__ = ["Covering"]


@dataclass(frozen=True, slots=True, eq=False)
class Covering:
    """Choose sites so that as much as possible is covered.

    Attributes
    ----------
    once, twice
        What a unit of weight counts when it is covered once, and what more when it is covered twice.
    all_once
        Whether everything that some candidate covers must be covered at least once.
    """

    cover: Cover
    rules: Rules
    once: float = 1.0
    twice: float = 0.0
    all_once: bool = False

    def value(self, counts: Ints) -> float:
        """What the counts of a choice are worth."""
        weight = self.cover.weight
        worth = self.once * weight[counts >= 1].sum()
        return float(worth + (self.twice * weight[counts >= 2].sum() if self.twice else 0.0))

    def step(self, counts: Ints, guide: Floats) -> Floats:
        """What covering each group one more time adds, shape (groups,); ``guide`` stands for once and twice."""
        return np.asarray(self.cover.weight * guide[np.minimum(counts, 2)])

    def guide(self) -> Floats:
        """What a search adds up for the first, second and third time: a first cover always counts a little."""
        heavy = 1000.0 * max(self.once, self.twice) if self.all_once else 0.0
        return np.array([max(self.once + heavy, 1e-3 * self.twice), self.twice, 0.0])

    def kept_to(self, chosen: Bools, counts: Ints) -> bool:
        """Whether a choice keeps to the rules and covers what must be."""
        return self.rules.kept_to(chosen) and (not self.all_once or bool((counts > 0).all()))
