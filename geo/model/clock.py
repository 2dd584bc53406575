"""Clocks of a case and of its referrals: when something has to be done, and whether it was done in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["RECHECK_SHARE", "Clock", "ClockName", "Targets", "case_clocks"]

RECHECK_SHARE = ("recheck.share", 0.05)
"""Key and default of the setting that says which share of closed cases is drawn for a re-check (0 to 1)."""


class ClockName(StrEnum):
    """What has to be done in time."""

    FIRST_LOOK = "first_look"
    VERIFICATION = "verification"
    CLOSURE = "closure"
    FACT_CHECK = "fact_check"
    REFERRAL_ANSWER = "referral_answer"
    REFERRAL_OUTCOME = "referral_outcome"


@dataclass(frozen=True, slots=True)
class Targets:
    """Hours that each thing may take; settings ``target.first_look_hours`` and so on override them."""

    first_look_hours: float = 24
    verification_hours: float = 72
    closure_hours: float = 720
    fact_check_hours: float = 48
    referral_answer_hours: float = 72
    referral_outcome_hours: float = 336

    @classmethod
    def key(cls, clock: ClockName) -> str:
        """Key of the setting for a clock."""
        return f"target.{clock}_hours"

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> Targets:
        """Targets of the rows of ``setting``; what is missing or is no positive number is as by default."""
        given = {}
        for clock in ClockName:
            value = settings.get(cls.key(clock))
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 24 * 3660:
                given[f"{clock}_hours"] = float(value)
        return cls(**given)

    def span(self, clock: ClockName) -> timedelta:
        """How long this may take."""
        return timedelta(hours=getattr(self, f"{clock}_hours"))


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that has to be done until ``due``.

    Attributes
    ----------
    began, due, done
        Aware moments; ``done`` is nothing while it runs.
    """

    name: ClockName
    began: datetime
    due: datetime
    done: datetime | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether it still runs and should have been done."""
        return self.done is None and self.due < now

    @property
    def late(self) -> bool:
        """Whether it was done, but too late."""
        return self.done is not None and self.due < self.done

    def left(self, now: datetime) -> timedelta:
        """Time to the due moment, negative when it has passed; of a stopped clock, when it stopped."""
        return self.due - (self.done or now)


def case_clocks(
    targets: Targets,
    *,
    reported_at: datetime,
    first_look_at: datetime | None,
    verified_at: datetime | None,
    closed_at: datetime | None,
    reopened_at: datetime | None,
    ended: bool,
) -> tuple[Clock, Clock, Clock]:
    """First look, verification and closure.

    A reopened case has been looked at; its other clocks begin again when it was reopened. A case that ended without
    being verified here (it was imported so) has stopped clocks.

    Parameters
    ----------
    verified_at
        When it was found to be true or unfounded.
    ended
        Whether the state is one of `geo.model.case.ENDED`.
    """
    again = reopened_at or reported_at
    verified = verified_at if verified_at and verified_at >= again else None
    closed = closed_at if closed_at and closed_at >= again else None
    stopped = (closed or verified or again) if ended else None
    clocks = (
        (ClockName.FIRST_LOOK, reported_at, first_look_at or reopened_at or verified or stopped),
        (ClockName.VERIFICATION, again, verified or stopped),
        (ClockName.CLOSURE, again, closed or stopped),
    )
    first, second, third = (Clock(name, began, began + targets.span(name), done) for name, began, done in clocks)
    return first, second, third
