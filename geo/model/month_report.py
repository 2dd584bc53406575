"""The report of a centre for a month: figures and map, frozen, and what the centre says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from geo.errors import WatchError
from geo.model.meeting_sheet import MeetingSheet

__all__ = [
    "DUE_DAY",
    "LONGEST_WORDS",
    "Correction",
    "FigureRow",
    "Group",
    "MonthContent",
    "MonthReport",
    "Narrative",
    "OpenDecision",
    "ReportState",
    "Sent",
    "due_day",
    "last_day",
    "month_of",
]

LONGEST_WORDS = 4000
"""Characters of one part of the narrative."""
DUE_DAY = ("report.due_day", 5)
"""Key and default of the setting that says until which day of the next month a report is to be signed."""
EARLIEST = date(1990, 1, 1)


class Group(StrEnum):
    """What the figures of a report are about, in the order in which they stand in it."""

    TOTALS = "totals"
    TYPES = "types"
    CHANNELS = "channels"
    STATES = "states"
    PLACES = "places"
    TIMES = "times"
    OUTCOMES = "outcomes"
    REFERRALS = "referrals"
    AGENCIES = "agencies"
    WORK = "work"
    HEARD = "heard"
    ACTIVITIES = "activities"
    DECISIONS = "decisions"


class Narrative(StrEnum):
    """What a centre writes itself."""

    SITUATION = "situation"
    PRACTICE = "practice"
    PROBLEM = "problem"
    PROPOSAL = "proposal"


class ReportState(StrEnum):
    """How far a report is."""

    DRAFT = "draft"
    SIGNED = "signed"


class Sent(StrEnum):
    """How the report of a centre for a month stands."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure.

    Attributes
    ----------
    code
        Within its group: a crime type, a state, the code of a sub-district.
    value, before
        In the month and in the one before it; nothing where it cannot be told. Counts, hours (``…_hours``) or kilometres (``km``).
    name_th, name_en
        Of a place.
    """

    group: Group
    code: str
    value: float | None
    before: float | None = None
    name_th: str | None = None
    name_en: str | None = None

    @property
    def key(self) -> str:
        """Name of the figure in a correction: ``types.drugs``."""
        return f"{self.group}.{self.code}"


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A decision of a meeting that was not done at the moment of the report. ``words`` is text of a person.

    Who does it is a person by name, or an agency by its code.
    """

    words: str
    owner: str | None
    agency: str | None
    due: date
    late: bool


@dataclass(frozen=True, slots=True)
class MonthContent:
    """What was counted at one moment.

    Attributes
    ----------
    sheet
        Map, weeks and top places of the month, as a meeting sees them.
    chain_entries, chain_head
        Length and last hash of the audit log: written down elsewhere, it shows that the log's end was not cut off.
    """

    district: str
    month: date
    as_of: datetime
    figures: tuple[FigureRow, ...]
    decisions: tuple[OpenDecision, ...]
    sheet: MeetingSheet
    chain_entries: int
    chain_head: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What a centre says instead of what was counted. ``reason`` is text of a person."""

    figure: str
    counted: float | None
    corrected: float
    reason: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class MonthReport:
    """One version of a centre's report for a month.

    Attributes
    ----------
    narrative
        Texts of people, by `Narrative`; what nobody wrote is not there.
    corrections
        By the key of the figure.
    reason
        Why a signed one was made anew.
    """

    id: int
    district: str
    month: date
    version: int
    state: ReportState
    content: MonthContent
    narrative: Mapping[str, str]
    corrections: Mapping[str, Correction]
    reason: str | None
    made_by: str | None
    made_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    is_demo: bool

    def value(self, row: FigureRow) -> float | None:
        """A figure as the centre confirms it: corrected where it was."""
        correction = self.corrections.get(row.key)
        return row.value if correction is None else correction.corrected


def month_of(words: str, today: date) -> date:
    """First day of a month written ``2026-10``.

    Raises
    ------
    WatchError
        ``reports.no_month``; ``reports.future``: it has not begun.
    """
    year, _, month = words.strip().partition("-")
    try:
        found = date(int(year), int(month), 1) if len(year) == 4 and year.isascii() and month.isascii() else None
    except ValueError:
        found = None
    if found is None or found < EARLIEST:
        raise WatchError("reports.no_month", said=words)
    if found > today:
        raise WatchError("reports.future")
    return found


def last_day(month: date) -> date:
    """Last day of a month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def due_day(month: date, day: int) -> date:
    """Until when the report of a month is to be signed: so many days into the next."""
    return last_day(month) + timedelta(days=day)
