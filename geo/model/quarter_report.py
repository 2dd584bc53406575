"""The report of the national centre for a quarter: performance against targets, trends, and what centres say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from geo.errors import WatchError
from geo.model.month_report import ReportState
from geo.model.quarter import Quarter

__all__ = [
    "TARGETS",
    "CentreRow",
    "Corrected",
    "Indicator",
    "QuarterContent",
    "QuarterCount",
    "QuarterNarrative",
    "QuarterReport",
    "Said",
    "Share",
    "months_of",
    "quarter_back",
    "quarter_end",
    "quarter_of",
    "target_key",
]


class Indicator(StrEnum):
    """Shares by which the work of centres is judged, each against a target that an administrator sets."""

    SENT_IN_TIME = "sent_in_time"
    """Monthly reports that were signed in time, of those that were due."""
    VERIFIED_IN_TIME = "verified_in_time"
    """Cases verified within the time for it, of those verified in the quarter."""
    CLOSED_IN_TIME = "closed_in_time"
    """Cases closed within the time for it, of those closed in the quarter."""
    ANSWERED = "answered"
    """Referrals of the quarter that an agency accepted, returned or ended."""
    HEARD = "heard"
    """Sub-districts with a coordinator that reported, or said that there was nothing."""


TARGETS: dict[Indicator, float] = {
    Indicator.SENT_IN_TIME: 1.0,
    Indicator.VERIFIED_IN_TIME: 0.8,
    Indicator.CLOSED_IN_TIME: 0.8,
    Indicator.ANSWERED: 0.8,
    Indicator.HEARD: 0.9,
}
"""What counts where nobody set anything."""


class QuarterNarrative(StrEnum):
    """What the national centre writes itself."""

    SUMMARY = "summary"
    LESSONS = "lessons"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Share:
    """``n`` of ``of``, with the Wilson interval at 95 % (0 to 1); no interval where there is nothing to judge by."""

    n: int
    of: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CentreRow:
    """What a quarter says of one centre.

    Attributes
    ----------
    late, missing
        Monthly reports, of three.
    incidents, before
        In the quarter and in the one before it.
    change
        ``more`` or ``fewer`` where chance alone seldom makes such a difference (exact test, 1 in 20), ``unclear`` where it
        may, ``few`` under 5 in both.
    hours
        Of patrols.
    """

    district: str
    late: int
    missing: int
    incidents: int
    before: int
    change: str
    verified: int
    hours: float
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """All centres together in one quarter (its first day)."""

    quarter: date
    incidents: int
    verified_n: int
    closed_n: int
    sent: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a centre wrote in a signed report of a month. ``part`` is one of `geo.model.month_report.Narrative`; words of people."""

    district: str
    month: date
    part: str
    words: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A figure that a centre corrected in a signed report."""

    district: str
    month: date
    figure: str
    counted: float | None
    corrected: float
    reason: str


@dataclass(frozen=True, slots=True)
class QuarterContent:
    """What was counted at one moment.

    Attributes
    ----------
    targets
        Share wanted, by `Indicator`, as it was set then.
    shares
        Of all centres together.
    types
        Code of each crime type with incidents of the quarter and of the one before.
    trend
        This quarter last.
    decisions
        Of meetings: how many are ``open``, ``late``, and were ``done`` or ``dropped`` in the quarter.
    """

    quarter: date
    as_of: datetime
    targets: Mapping[str, float]
    shares: Mapping[str, Share]
    centres: tuple[CentreRow, ...]
    types: tuple[tuple[str, int, int], ...]
    trend: tuple[QuarterCount, ...]
    said: tuple[Said, ...]
    corrected: tuple[Corrected, ...]
    decisions: Mapping[str, int]
    chain_entries: int
    chain_head: str


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """One version of the report of a quarter; as `geo.model.month_report.MonthReport`."""

    id: int
    quarter: date
    version: int
    state: ReportState
    content: QuarterContent
    narrative: Mapping[str, str]
    reason: str | None
    made_by: str | None
    made_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    is_demo: bool


def quarter_of(words: str, today: date) -> date:
    """First day of a quarter of the calendar year written ``2026-Q4``.

    Raises
    ------
    WatchError
        ``release.quarter``; ``reports.future``: it has not begun.
    """
    found = Quarter.read(words).first
    if found > today:
        raise WatchError("reports.future")
    return found


def months_of(quarter: date) -> tuple[date, date, date]:
    """First days of its months."""
    first, second, third = (quarter.replace(month=quarter.month + more) for more in range(3))
    return first, second, third


def quarter_end(quarter: date) -> date:
    """Its last day."""
    return Quarter.of(quarter).last


def quarter_back(day: date, quarters: int = 0) -> date:
    """First day of the quarter that a day lies in, or of one so many before it."""
    found = Quarter.of(day)
    for _ in range(quarters):
        found = found.before
    return found.first


def target_key(indicator: Indicator) -> str:
    """Key of the setting for a target."""
    return f"indicator.{indicator}"
