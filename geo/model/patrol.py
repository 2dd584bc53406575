"""States of checkpoints and patrols, which may follow which, and what a route and a run are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from geo.model.person import Role

__all__ = [
    "FOLLOWS",
    "LONGEST_CONTACT",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "MOST_RUNS",
    "PLANS",
    "CheckpointStatus",
    "PatrolStatus",
    "Repeat",
    "RouteKind",
    "RunPlan",
]

PLANS = frozenset({Role.OFFICER, Role.CHIEF, Role.COMMANDER, Role.PLANNER, Role.NATIONAL})
"""Those who draw routes and plan runs, a district's people those of their districts. The database has the same rule."""
LONGEST_NAME, LONGEST_NOTE, LONGEST_CONTACT = 200, 2000, 200
MOST_RUNS = 200
"""Runs that are planned at once: half a year of weekdays, or two months of three a day."""


class CheckpointStatus(StrEnum):
    """Whether a checkpoint stands."""

    PLANNED = "planned"
    ACTIVE = "active"
    CLOSED = "closed"


class PatrolStatus(StrEnum):
    """Where a run of a route stands; *start overdue* follows from the clock, not from a person."""

    SCHEDULED = "scheduled"
    READY = "ready"
    START_OVERDUE = "start_overdue"
    ACTIVE = "active"
    DONE = "done"
    CANCELLED = "cancelled"


_WAITING = (PatrolStatus.ACTIVE, PatrolStatus.DONE, PatrolStatus.CANCELLED)
FOLLOWS: dict[PatrolStatus, tuple[PatrolStatus, ...]] = {
    PatrolStatus.SCHEDULED: (PatrolStatus.READY, *_WAITING),
    PatrolStatus.READY: (*_WAITING, PatrolStatus.SCHEDULED),
    PatrolStatus.START_OVERDUE: (PatrolStatus.READY, *_WAITING),
    PatrolStatus.ACTIVE: (PatrolStatus.DONE, PatrolStatus.CANCELLED),
    PatrolStatus.DONE: (),
    PatrolStatus.CANCELLED: (),
}
"""What a person may move a run to, the usual step first. The database has the same rule."""


class RouteKind(StrEnum):
    """How a route is travelled; *land* is said of those of which no more is known."""

    FOOT = "foot"
    VEHICLE = "vehicle"
    RIVER = "river"
    LAND = "land"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A run that goes again: on these weekdays (0 is Monday), at each of these times, until a day that is still included."""

    weekdays: tuple[int, ...]
    times: tuple[time, ...]
    until: date


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Runs of one route as somebody plans them.

    Attributes
    ----------
    route
        Code of the route.
    start
        Aware moment of the first one.
    minutes
        How long it is to take.
    repeat
        Where it goes again.
    agency
        Code, where it is not the route's.
    """

    route: str
    start: datetime
    minutes: int
    repeat: Repeat | None = None
    agency: str | None = None
    unit: str = ""
    contact: str = ""
    note: str = ""
