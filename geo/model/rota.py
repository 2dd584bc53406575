"""Rotas: who is to be where and when, drawn by chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from geo.crs import TIMEZONE
from geo.model.meeting import PREPARES

__all__ = [
    "FEWEST_DAYS",
    "LONGEST_REASON",
    "LONGEST_TITLE",
    "MAKES",
    "MOST_DAYS",
    "MOST_POSTS",
    "Duty",
    "NewRota",
    "Rota",
    "RotaPost",
    "RotaShift",
    "RotaState",
    "Window",
]

MAKES = PREPARES
"""Who makes rotas and reads them; a chief those of the own districts. Nobody else does: they tell where nobody will be."""
LONGEST_TITLE, LONGEST_REASON = 200, 2000
FEWEST_DAYS, MOST_DAYS = 7, 92
MOST_POSTS = 60


class RotaState(StrEnum):
    """Where a rota stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Window:
    """A part of every day, in full hours (Asia/Bangkok): ``end`` is above 24 where it lies on the next day."""

    start: int
    end: int

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Beginning and end on a day."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(TIMEZONE))
        return midnight + timedelta(hours=self.start), midnight + timedelta(hours=self.end)

    def __str__(self) -> str:
        return f"{self.start % 24:02d}:00–{self.end % 24:02d}:00"


@dataclass(frozen=True, slots=True)
class RotaPost:
    """A place of a rota; ``value`` and ``probability`` of each window. ``checkpoint`` is the code of the one that it is."""

    name: str
    lon: float
    lat: float
    value: tuple[float, ...]
    probability: tuple[float, ...]
    checkpoint: str | None = None


@dataclass(frozen=True, slots=True)
class RotaShift:
    """One team at one place in one window of one day.

    Attributes
    ----------
    slot, place, drawn
        Positions of the window, of the place and of the place that was drawn.
    team
        1, 2 …
    reason, changed_by, changed_at
        Where somebody changed it by hand.
    """

    day: date
    slot: int
    team: int
    place: int
    drawn: int
    reason: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift that a published rota asks for: which rota, where (degrees, WGS 84), when, and which team of that time."""

    title: str
    place: str
    lon: float
    lat: float
    begins: datetime
    ends: datetime
    team: int

    def on(self, now: datetime) -> bool:
        """Whether it is going on."""
        return self.begins <= now < self.ends


@dataclass(frozen=True, slots=True)
class NewRota:
    """What a rota is made of, before it is drawn.

    Attributes
    ----------
    districts
        Codes of the districts in which its places lie.
    teams
        Of each window.
    floor
        Least probability of every place in every window.
    reason
        Why it is made so.
    asked
        What the demand was made from, as plain values.
    """

    title: str
    districts: tuple[str, ...]
    first_day: date
    days: int
    windows: tuple[Window, ...]
    teams: tuple[int, ...]
    floor: float
    reason: str
    asked: dict[str, Any]
    posts: tuple[RotaPost, ...]


@dataclass(frozen=True, slots=True)
class Rota:
    """A rota as it is kept; without ``posts`` and ``shifts`` in a list of rotas."""

    id: int
    what: NewRota
    seed: int
    draws: int
    state: RotaState
    made_by: str
    made_at: datetime
    published_by: str | None
    published_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_why: str | None
    is_demo: bool
    shifts: tuple[RotaShift, ...] = ()

    @property
    def last_day(self) -> date:
        """Last day on which a shift begins."""
        return self.what.first_day + timedelta(days=self.what.days - 1)
