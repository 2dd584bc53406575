"""What is asked for: which incidents make the demand, a round trip from a post, places and windows of a rota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.hotspots.asked import based_on
from geo.model import IncidentFilter, Scope
from geo.model.plan import USUAL_WEIGHTS
from geo.model.rota import Window

__all__ = ["SCHEMES", "Demand", "OutingAsked", "OutingQuestion", "RotaAsked", "RotaQuestion"]

SCHEMES: dict[str, tuple[Window, ...]] = {
    "four": (Window(0, 6), Window(6, 12), Window(12, 18), Window(18, 24)),
    "three": (Window(6, 14), Window(14, 22), Window(22, 30)),
    "two": (Window(6, 18), Window(18, 30)),
    "night": (Window(2, 6), Window(18, 22), Window(22, 26)),
}
"""Parts of the day that a rota can have, as offices divide it."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Verified incidents that the public, coordinators and agencies reported; what patrols found says where patrols went.

    Attributes
    ----------
    days
        Up to yesterday, so many.
    crime_types, districts
        Codes to keep; empty means all.
    weights
        What an incident of each type counts, 1 where a type is not named; 0 leaves it out.
    """

    days: int = 365
    crime_types: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = tuple(USUAL_WEIGHTS.items())

    def incidents(self, today: date) -> IncidentFilter:
        """The incidents that make it."""
        last = today - timedelta(days=1)
        return based_on(IncidentFilter(last - timedelta(days=self.days - 1), last, self.crime_types, self.districts))


@dataclass(frozen=True, slots=True)
class OutingAsked:
    """A round trip.

    Attributes
    ----------
    post
        Code of a checkpoint or crossing.
    start
        When the teams set out.
    kmh, detour
        Speed, and how much longer ways are than straight lines where no road leads.
    ways
        ``road``: along roads where some are loaded; ``straight``, as boats go.
    """

    post: str
    start: datetime
    hours: float = 6.0
    teams: int = 1
    kmh: float = 40.0
    stop_minutes: float = 15.0
    detour: float = 1.3
    seed: int = 1
    demand: Demand = Demand()
    ways: str = "road"


@dataclass(frozen=True, slots=True)
class OutingQuestion:
    """Equal questions have one answer. ``version`` is the state of the data (``hub.version``)."""

    scope: Scope
    asked: OutingAsked
    version: str


@dataclass(frozen=True, slots=True)
class RotaAsked:
    """What a rota is worked out from.

    Attributes
    ----------
    posts
        Codes of checkpoints and crossings.
    scheme
        One of `SCHEMES`.
    teams
        Of each window.
    floor
        Least probability of each place in each window.
    radius
        Metres around a place that it looks after.
    """

    posts: tuple[str, ...]
    scheme: str = "four"
    teams: tuple[int, ...] = (1, 1, 1, 1)
    floor: float = 0.05
    radius: float = 5_000.0
    demand: Demand = Demand()


@dataclass(frozen=True, slots=True)
class RotaQuestion:
    """As `OutingQuestion`."""

    scope: Scope
    asked: RotaAsked
    version: str
