"""A suggested patrol, as the page, the command and the papers tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["PlaceToGo", "Stop", "Suggestion", "Team"]


@dataclass(frozen=True, slots=True)
class PlaceToGo:
    """A place worth a stop.

    Attributes
    ----------
    lon, lat
        Degrees (WGS 84); an incident's own place, never the middle of several.
    name_th, name_en
        What lies nearest; ``away_m`` metres from it.
    demand, incidents
        Weight and number of the incidents gathered there.
    hours_since
        Hours since a patrol came by, at most `dashboard.patrolling.outing_work.LONGEST_H`.
    prize
        ``demand`` × ``hours_since``.
    """

    lon: float
    lat: float
    name_th: str
    name_en: str
    away_m: float
    demand: float
    incidents: int
    hours_since: float
    prize: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a round trip, and when the team is there."""

    place: PlaceToGo
    arrive: datetime
    leave: datetime


@dataclass(frozen=True, slots=True)
class Team:
    """What one team does; ``line`` runs from the post through its stops and back, (lon, lat)."""

    stops: tuple[Stop, ...]
    start: datetime
    back: datetime
    kilometres: float
    prize: float
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Round trips for all teams.

    Attributes
    ----------
    ways
        What the teams follow: ``road``, or ``straight`` where no road is known or none is wanted.
    incidents
        How many the demand was made from, in the days from ``first`` to ``last``.
    prize, possible
        What the teams win, and what all places within reach are worth together.
    left_out
        Places within reach for which there was no time, the richest first.
    out_of_reach
        How many of the richest places cannot be reached and come back from in time.
    """

    post: str
    post_th: str
    post_en: str
    lon: float
    lat: float
    ways: str
    teams: tuple[Team, ...]
    prize: float
    possible: float
    left_out: tuple[PlaceToGo, ...]
    out_of_reach: int
    incidents: int
    first: str
    last: str
    as_of: str
    seed: int
