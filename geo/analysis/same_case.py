"""How likely two cases are the same: near in space, time and type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

__all__ = ["NEAR_M", "RELATED", "WITHIN", "Likeness", "Sighting", "hours_apart", "likeness", "metres_apart"]

NEAR_M = 2000.0
"""Reports of one crossing come from both banks of a river and from the next village."""
WITHIN = timedelta(hours=48)
"""What is seen at night is often told only on the day after the next."""
SOON_H = 6.0
"""Closer in time than this is one night's work."""
SAME_TYPE, SHARED_TYPE, RELATED_TYPE = 1.0, 0.7, 0.4
PLACE_SHARE, TIME_SHARE, TYPE_SHARE = 0.4, 0.3, 0.3
NO_POINT = 0.5
"""Closeness of two that share the sub-district, some 8 km wide, where one has no point."""

RELATED = (
    frozenset({"trafficking_in_persons", "smuggling_of_migrants", "irregular_entry", "forged_documents"}),
    frozenset({"trafficking_in_persons", "online_scam", "money_laundering"}),
    frozenset({"drug_trafficking", "drug_possession_use", "precursor_smuggling", "money_laundering"}),
    frozenset({"contraband", "vehicle_smuggling", "livestock_smuggling", "wildlife_trafficking", "illegal_logging"}),
    frozenset({"drug_trafficking", "arms_trafficking", "contraband"}),
)
"""Types for which the same boat or lorry is taken."""
ANY_TYPE = "suspicious_activity"
"""Who only saw something suspicious may have seen any of them."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where, when and what, as far as it is known.

    Attributes
    ----------
    lon, lat
        Degrees (WGS 84), or both nothing.
    occurred_at, day_only
        Aware moment; the beginning of the day where only the day is known.
    crime_type, types
        The main type; all types that were named with it too.
    subdistricts
        Codes of the sub-districts that its reports name.
    """

    lon: float | None
    lat: float | None
    occurred_at: datetime
    day_only: bool
    crime_type: str
    types: frozenset[str]
    subdistricts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two cases are and why.

    Attributes
    ----------
    score
        From 0 to 1, for the order; it is no probability.
    reasons
        ``near`` or ``same_subdistrict``; ``same_hours`` (within 6 h) or ``same_days`` (within 48 h);
        ``same_type``, ``shared_type`` or ``related_type``.
    metres, hours
        Between them; metres only where both have a point.
    """

    score: float
    reasons: tuple[str, str, str]
    metres: float | None
    hours: float


def likeness(one: Sighting, other: Sighting) -> Likeness | None:
    """Whether two may be the same case, the same either way round; nothing where they cannot be."""
    kind = _type(one, other)
    hours = hours_apart(one, other)
    if kind is None or hours > WITHIN / timedelta(hours=1):
        return None
    metres = metres_apart(one, other)
    if metres is not None:
        if metres > NEAR_M:
            return None
        place, where = 1 - metres / NEAR_M, "near"
    elif one.subdistricts & other.subdistricts:
        place, where = NO_POINT, "same_subdistrict"
    else:
        return None
    soon = 1 - timedelta(hours=hours) / WITHIN
    score = PLACE_SHARE * place + TIME_SHARE * soon + TYPE_SHARE * kind[0]
    when = "same_hours" if hours <= SOON_H else "same_days"
    return Likeness(score, (where, when, kind[1]), metres, hours)


def metres_apart(one: Sighting, other: Sighting) -> float | None:
    """Metres along the surface of a sphere, right to 0.5 %; nothing where one has no point."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    up, along = radians(other.lat - one.lat), radians(other.lon - one.lon)
    half = sin(up / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(along / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(min(1.0, half)))


def hours_apart(one: Sighting, other: Sighting) -> float:
    """Hours between them; none where the day is all that is known of one and the other lies in it."""
    ends = [s.occurred_at + timedelta(days=1) if s.day_only else s.occurred_at for s in (one, other)]
    gap = max(one.occurred_at - ends[1], other.occurred_at - ends[0], timedelta(0))
    return gap / timedelta(hours=1)


def _type(one: Sighting, other: Sighting) -> tuple[float, str] | None:
    if one.crime_type == other.crime_type:
        return SAME_TYPE, "same_type"
    mine, theirs = one.types | {one.crime_type}, other.types | {other.crime_type}
    if mine & theirs:
        return SHARED_TYPE, "shared_type"
    if ANY_TYPE in mine | theirs or any(mine & group and theirs & group for group in RELATED):
        return RELATED_TYPE, "related_type"
    return None
