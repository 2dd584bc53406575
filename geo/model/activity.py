"""Work with people that no incident shows: training, outreach, meetings with agencies, visits across the border."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from geo.model.person import Role

__all__ = [
    "ABROAD", "LONGEST", "OUTREACH", "WRITES", "Activity", "ActivityKind", "ActivityState", "AttendeeRole", "FollowUp", "Heads",
    "Material", "NewActivity",
]  # fmt: skip

WRITES = frozenset({Role.OFFICER, Role.CHIEF, Role.NATIONAL})
"""Who writes activities: a district's people those of their own districts, the national centre all."""
LONGEST: Mapping[str, int] = {
    "title": 200, "village": 200, "place": 200, "partner": 200, "baht_source": 200, "note": 4000, "follow_up": 1000,
}  # fmt: skip
"""Characters of what is typed."""


class ActivityKind(StrEnum):
    """What was done."""

    TRAINING = "training"
    NEWS_TOWER = "news_tower"
    LOCAL_RADIO = "local_radio"
    SCHOOL = "school"
    ONLINE_POST = "online_post"
    PUBLICITY = "publicity"
    AGENCY_MEETING = "agency_meeting"
    VISIT_TO = "visit_to"
    VISIT_FROM = "visit_from"


OUTREACH = frozenset(
    {ActivityKind.NEWS_TOWER, ActivityKind.LOCAL_RADIO, ActivityKind.SCHOOL, ActivityKind.ONLINE_POST, ActivityKind.PUBLICITY}
)  # fmt: skip
"""Kinds that pass knowledge on to the public."""
ABROAD = frozenset({ActivityKind.VISIT_TO, ActivityKind.VISIT_FROM})
"""Kinds that need a partner across the border."""


class ActivityState(StrEnum):
    """How far it is. What was entered in error is cancelled, not taken away."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class AttendeeRole(StrEnum):
    """What those do who came; they are counted, never named."""

    HEADMAN = "headman"
    OFFICIAL = "official"
    VOLUNTEER = "volunteer"
    VILLAGER = "villager"
    STUDENT = "student"
    COUNTERPART = "counterpart"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Heads:
    """How many people; ``unstated`` are those whose sex was not noted."""

    men: int = 0
    women: int = 0
    unstated: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.men + self.women + self.unstated


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity as it is typed.

    Attributes
    ----------
    district, area_code, village, place
        Code of the Thai district; of a sub-district or village in it; words of people.
    first_day, last_day
        Days in Asia/Bangkok, both included.
    begins, ends
        On a clock in Bangkok; nothing where it takes whole days.
    lon, lat
        Degrees, WGS 84; or both nothing.
    agency
        Code of who organises it; nothing where it is the centre itself.
    partner_code, partner
        District or commune across the border, and the office there in words.
    reach
        Views, listeners or copies as they were told: not people who came.
    baht
        Money spent.
    score_before, score_after
        Means of a test, per cent, of ``scored`` people.
    satisfaction
        Mean from 1 to 5, of ``answered`` people.
    heads
        Who came, by what they do.
    coordinators
        Numbers of accounts of coordinators who were trained.
    """

    district: str
    kind: ActivityKind
    title: str
    first_day: date
    last_day: date
    state: ActivityState = ActivityState.HELD
    begins: time | None = None
    ends: time | None = None
    area_code: str | None = None
    village: str | None = None
    place: str | None = None
    lon: float | None = None
    lat: float | None = None
    agency: str | None = None
    partner_code: str | None = None
    partner: str | None = None
    reach: int | None = None
    baht: float | None = None
    baht_source: str | None = None
    score_before: float | None = None
    score_after: float | None = None
    scored: int | None = None
    satisfaction: float | None = None
    answered: int | None = None
    note: str | None = None
    heads: Mapping[AttendeeRole, Heads] = field(default_factory=dict)
    coordinators: tuple[int, ...] = ()

    @property
    def people(self) -> int:
        """How many came."""
        return sum(one.total for one in self.heads.values())


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done after an activity, by a person, an agency, or the centre where it is neither."""

    id: int
    words: str
    owner_id: int | None
    owner_name: str | None
    agency: str | None
    due: date
    done_at: datetime | None

    def late(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_at is None and self.due < today


@dataclass(frozen=True, slots=True)
class Material:
    """A file that belongs to an activity; ``note`` says what it is, in words of people."""

    id: int
    media_type: str
    note: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as the store has it.

    Attributes
    ----------
    what
        As it was typed last.
    revision
        Grows with every change: who saves says which one they saw.
    area_th, area_en, partner_th, partner_en
        Names of ``what.area_code`` and ``what.partner_code``.
    follow_ups, materials
        Only where one activity was asked for.
    """

    id: int
    what: NewActivity
    revision: int
    made_name: str | None
    changed_at: datetime
    area_th: str | None
    area_en: str | None
    partner_th: str | None
    partner_en: str | None
    is_demo: bool
    follow_ups: tuple[FollowUp, ...] = ()
    materials: tuple[Material, ...] = ()
