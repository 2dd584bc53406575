"""A meeting that reviews hotspots and decides: what was chosen, how far it is, what was decided, and what came of it.

What it looks at stands in `geo.model.meeting_sheet`; plain forms of all of them are made by `geo.model.json_form`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from geo.model.filter import IncidentFilter
from geo.model.incident import Status
from geo.model.person import Role

__all__ = [
    "LONGEST_TITLE",
    "LONGEST_WORDS",
    "MOST_DISTRICTS",
    "PREPARES",
    "CameSince",
    "Decision",
    "DecisionState",
    "Meeting",
    "MeetingFilter",
    "MeetingLayer",
    "MeetingState",
]

LONGEST_TITLE, LONGEST_WORDS = 200, 2000
"""Characters."""
MOST_DISTRICTS = 100

PREPARES = frozenset({Role.CHIEF, Role.COMMANDER, Role.PLANNER, Role.NATIONAL})
"""Who prepares and leads meetings and decides in them; a chief for the districts that are theirs."""

CHECKED = (Status.VERIFIED, Status.REFERRED, Status.CLOSED)
"""States of what was found to be true."""


class MeetingState(StrEnum):
    """How far a meeting is. It is prepared in one step with its snapshot."""

    PREPARED = "prepared"
    RUNNING = "running"
    HELD = "held"


class MeetingLayer(StrEnum):
    """What is drawn on the maps beside outlines and the border."""

    INCIDENTS = "incidents"
    UNVERIFIED = "unverified"
    HOT = "hot"
    """Gi* of the hexagons."""
    EMERGING = "emerging"
    CROSSINGS = "crossings"
    CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """What is counted.

    Attributes
    ----------
    first, last
        Days in Asia/Bangkok, both included.
    crime_types, channels
        Codes to keep; empty means all.
    verified_only
        Whether counts leave out what is not verified yet. Maps and places never show more of that than rough cells.
    """

    first: date
    last: date
    crime_types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    verified_only: bool = True

    def incidents(self, districts: tuple[str, ...]) -> IncidentFilter:
        """The same choice for every count, tile and list.

        Raises
        ------
        ValueError
            As `IncidentFilter`.
        """
        chosen = IncidentFilter(self.first, self.last, self.crime_types, districts, channels=self.channels)
        if not self.verified_only:
            return chosen
        return IncidentFilter(
            self.first, self.last, self.crime_types, districts, tuple(map(str, CHECKED)), self.channels
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with its snapshot.

    Attributes
    ----------
    held_on
        Day for which it is planned.
    prepared_by, prepared_name
        Person, and their name; nothing where the person is gone.
    districts
        Codes, in the order in which they are looked at.
    as_of
        Moment of the snapshot, aware: nothing that came later is in it.
    hides_small
        Whether counts from 1 to 4 of breakdowns are written "1–4" on screen and on paper
        (`geo.model.meeting_sheet.small_hidden`).
    created_at, started_at, finished_at
        Aware; nothing where it has not come to that.
    """

    id: int
    title: str
    held_on: date
    prepared_by: int | None
    prepared_name: str | None
    state: MeetingState
    districts: tuple[str, ...]
    filter: MeetingFilter
    layers: tuple[MeetingLayer, ...]
    as_of: datetime
    hides_small: bool
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class CameSince:
    """Incidents within a meeting's choice that came after its snapshot, verified or not.

    Attributes
    ----------
    total
        In the districts that the reader may see.
    by_district
        Code and count, only those with any.
    """

    total: int
    by_district: dict[str, int]


class DecisionState(StrEnum):
    """What became of a decision; one that is open past its day is late."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting decided for a district.

    Attributes
    ----------
    words
        As they were typed: text of a person.
    owner_id, owner_name, agency
        Who does it: a person, or the code of an agency.
    due
        Day in Asia/Bangkok.
    lon, lat
        Degrees, WGS 84; or both nothing.
    area_code
        A sub-district or village of the district.
    checkpoint, checkpoint_name
        Code and name of the planned checkpoint that it is about.
    plan, plan_title
        Number and title of the plan of checkpoints that it is about.
    reason
        Why it was dropped, or what was done: text of a person.
    """

    id: int
    meeting_id: int
    meeting_title: str
    held_on: date
    district: str
    words: str
    owner_id: int | None
    owner_name: str | None
    agency: str | None
    due: date
    lon: float | None
    lat: float | None
    area_code: str | None
    checkpoint: str | None
    checkpoint_name: str | None
    state: DecisionState
    reason: str | None
    decided_name: str | None
    decided_at: datetime
    ended_name: str | None = None
    ended_at: datetime | None = None
    is_demo: bool = False
    plan: int | None = None
    plan_title: str | None = None

    def late(self, today: date) -> bool:
        """Whether its day has passed and nobody has done or dropped it."""
        return self.state is DecisionState.OPEN and self.due < today
