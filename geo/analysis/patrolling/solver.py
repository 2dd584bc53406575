"""The one call of the routing solver (PyVRP): the same seed and rounds give the same routes, and it can be stopped."""

from __future__ import annotations

import numpy as np
from pyvrp import ProblemData, Result, SolveParams, solve

from geo.analysis.simulation import Cancelled, Progress
from geo.errors import AnalysisCancelled

__all__ = ["solved"]

SEEDS = 2**32


class _Rounds:
    """Stops after so many rounds, or when somebody says so."""

    def __init__(self, total: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self.done, self.total = 0, total
        self.stopped = False
        self._progress, self._cancelled = progress, cancelled

    def __call__(self, best_cost: int) -> bool:
        if self._cancelled is not None and self._cancelled():
            self.stopped = True
        if self.stopped or self.done >= self.total:
            return True
        self.done += 1
        if self._progress is not None:
            self._progress(self.done, self.total)
        return False


def solved(
    data: ProblemData,
    *,
    seed: int,
    iterations: int,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """The best routes found by iterated local search.

    Source: Wouda, Lan and Kool 2024, PyVRP: a high-performance VRP solver package, INFORMS Journal on Computing 36.

    Parameters
    ----------
    iterations
        Rounds of the search: never seconds, so that a slow machine finds the same.

    Raises
    ------
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    rounds = _Rounds(iterations, progress, cancelled)
    result = solve(data, rounds, seed=int(np.uint64(seed) % SEEDS), collect_stats=False, params=SolveParams())
    if rounds.stopped:
        raise AnalysisCancelled("analysis.cancelled", done=rounds.done, total=iterations)
    return result
