"""What to show and to whom: the one filter that every count, tile, list and document takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from geo.model.incident import HIDDEN_STATUSES, Channel, Status

__all__ = ["VISIBLE_STATUSES", "IncidentFilter", "Reach", "Scope"]

VISIBLE_STATUSES = tuple(s for s in Status if s not in HIDDEN_STATUSES)


class Reach(StrEnum):
    """How far somebody sees; for each there is a role ``watch_…`` in the database (geo/db/roles.sql)."""

    COORDINATOR = "coordinator"
    CENTRE = "centre"
    WIDE = "wide"
    PLANNER = "planner"
    AGENCY = "agency"
    INTAKE = "intake"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer may read. Every query takes one, so that there is no unscoped read.

    Attributes
    ----------
    districts
        Codes; ``None`` means all of them.
    role
        Whose rights the database grants; ``None`` only for commands, which act as its owner.
    agency
        Code of the agency whose referrals these are.
    """

    districts: tuple[str, ...] | None = None
    role: Reach | None = None
    agency: str | None = None

    @property
    def rough(self) -> bool:
        """Whether unverified incidents are seen only as counts and rough places."""
        return self.role in {Reach.WIDE, Reach.PLANNER}

    @classmethod
    def everything(cls) -> Scope:
        """Scope of the national centre."""
        return cls(None)


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """A choice of incidents.

    Attributes
    ----------
    first, last
        Days in Asia/Bangkok on which the incident occurred, both included.
    crime_types, districts, channels
        Codes to keep; empty means all.
    statuses
        States to keep; the default leaves out unfounded and duplicate.
    """

    first: date
    last: date
    crime_types: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = field(default=tuple(map(str, VISIBLE_STATUSES)))
    channels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"last day {self.last} is before first day {self.first}")
        unknown = set(self.statuses) - set(Status) | set(self.channels) - set(Channel)
        if unknown:
            raise ValueError(f"unknown status or channel: {sorted(unknown)}")

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.last - self.first).days + 1

    def before(self) -> IncidentFilter:
        """The same choice in the period of equal length just before this one."""
        return replace(self, first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))
