"""What a plan found: the sites, their value, how much better one could be at most, and whether that is proven."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from geo.analysis.arrays import Ints
from geo.analysis.simulation import Cancelled

__all__ = ["Answer", "Clock", "Report", "Status"]


class Status(StrEnum):
    """How an answer ended."""

    OPTIMAL = "optimal"
    """No better one exists."""
    FEASIBLE = "feasible"
    """The first answer: good, with a bound."""
    TIME_LIMIT = "time_limit"
    """The best that was found in the time."""
    CANCELLED = "cancelled"
    """The best that was found until a person stopped it."""
    INFEASIBLE = "infeasible"
    """No choice keeps to the rules."""
    NOT_FOUND = "not_found"
    """None that keeps to the rules was found in the time."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Chosen sites.

    Attributes
    ----------
    sites
        Positions among the candidates in rising order, existing ones too, shape (s,).
    value
        What is counted: weight covered, weight × distance, or number of new sites; NaN where there is no choice.
    bound
        No choice is better than this, whatever it is.
    seconds
        Since the question was asked.
    """

    sites: Ints
    value: float
    bound: float
    status: Status
    seconds: float

    @property
    def proven(self) -> bool:
        """Whether no better choice exists."""
        return self.status is Status.OPTIMAL

    @property
    def found(self) -> bool:
        """Whether there is a choice at all."""
        return not math.isnan(self.value)

    @property
    def gap(self) -> float:
        """How much better another choice could be at most, as a share of the value."""
        if math.isnan(self.value):
            return math.nan
        apart = abs(self.bound - self.value)
        return 0.0 if apart == 0 else apart / abs(self.value) if self.value else math.inf


Report: TypeAlias = Callable[[Answer], object]
"""Called with each better answer, and with the same one when the bound moved."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When to stop: after so many seconds, or when a person says so."""

    limit: float = math.inf
    cancelled: Cancelled | None = None
    begun: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.perf_counter() - self.begun

    @property
    def left(self) -> float:
        """Seconds until the limit, never below nothing."""
        return max(0.0, self.limit - self.seconds)

    @property
    def stopped(self) -> bool:
        """Whether a person asked to stop."""
        return self.cancelled is not None and self.cancelled()

    @property
    def over(self) -> bool:
        """Whether to stop."""
        return self.left <= 0 or self.stopped

    def ended(self) -> Status:
        """Why an answer that is not proven ends here."""
        return Status.CANCELLED if self.stopped else Status.TIME_LIMIT
