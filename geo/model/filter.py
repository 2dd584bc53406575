"""What to show and to whom: the one filter that every count, tile, list and document takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from geo.model.incident import HIDDEN_STATUSES, Channel, Status

__all__ = ["VISIBLE_STATUSES", "IncidentFilter", "Scope"]

VISIBLE_STATUSES = tuple(s for s in Status if s not in HIDDEN_STATUSES)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which districts a viewer may read; ``None`` means all of them.

    Every query takes one, so that there is no unscoped read.
    """

    districts: tuple[str, ...] | None = None

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
