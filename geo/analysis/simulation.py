"""Long simulations: how far they have got, and how they are stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from geo.analysis.arrays import Floats
from geo.errors import AnalysisCancelled, AnalysisRefused

__all__ = ["Cancelled", "Progress", "monte_carlo_p", "rounds", "whole"]

Progress: TypeAlias = Callable[[int, int], object]
"""Called with the rounds that are done and the rounds in all."""
Cancelled: TypeAlias = Callable[[], bool]
"""Asked before each round; True stops."""


def rounds(total: int, progress: Progress | None, cancelled: Cancelled | None) -> Iterator[int]:
    """0 to ``total`` - 1.

    Raises
    ------
    AnalysisCancelled
        ``analysis.cancelled`` as soon as ``cancelled`` says so.
    """
    for number in range(total):
        if cancelled is not None and cancelled():
            raise AnalysisCancelled("analysis.cancelled", done=number, total=total)
        yield number
        if progress is not None:
            progress(number + 1, total)


def monte_carlo_p(observed: float, simulated: Floats) -> float:
    """(1 + simulated values at least as large) / (1 + simulations); source: Dwass 1957."""
    return float((1 + np.count_nonzero(simulated >= observed - 1e-9)) / (1 + len(simulated)))


def whole(name: str, value: float, least: int) -> int:
    """A whole number of at least ``least``.

    Raises
    ------
    AnalysisRefused
        ``analysis.not_whole``.
    """
    if int(value) != value or value < least:
        raise AnalysisRefused("analysis.not_whole", name=name, value=value, least=least)
    return int(value)
