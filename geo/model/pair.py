"""Paired districts: who keeps them, and what a contact point is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from geo.model.person import Role

__all__ = [
    "KEEPS", "LONGEST_HOURS", "LONGEST_NAME", "LONGEST_SOURCE", "MOST_AREAS", "ContactPoint", "ContactWay", "Pair", "PairWords",
    "Side", "Stretch", "Suggestion",
]  # fmt: skip

KEEPS = frozenset({Role.CHIEF, Role.NATIONAL})
"""Those who make, change and end pairs, a chief those of the own districts. The database has the same rule."""
LONGEST_NAME, LONGEST_SOURCE, LONGEST_HOURS = 200, 300, 100
MOST_AREAS = 60


class Side(StrEnum):
    """Whose office a contact point is."""

    TH = "th"
    OTHER = "other"


class ContactWay(StrEnum):
    """How an office is reached."""

    TELEPHONE = "telephone"
    CHAT = "chat"
    RADIO = "radio"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class PairWords:
    """What is said of a pair.

    Attributes
    ----------
    name_en, name_th, name_local
        Names of the counterpart; the last in its own letters.
    counterpart_codes
        Areas of the neighbour that it is made of; none where nobody knows their shapes.
    from_day
        Since when they are paired.
    source
        Where that is written down.
    """

    name_en: str
    name_th: str | None
    name_local: str | None
    counterpart_codes: tuple[str, ...]
    from_day: date
    source: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A Thai district and its counterpart; ``to_day`` is its last day where it has ended."""

    id: int
    district_code: str
    neighbour: str
    words: PairWords
    to_day: date | None
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An area of the neighbour that lies at the border of a district, and along how many kilometres of it."""

    code: str
    neighbour: str
    name_en: str
    shared_km: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """The border that both have in common.

    Attributes
    ----------
    shape
        GeoJSON, WGS 84, thinned to some 50 m.
    km
        Its length.
    whole
        It is all of the district's border with the neighbour: the shapes of the counterpart are not known, or do not touch it.
    undetermined
        The border is not agreed there.
    zone
        GeoJSON of what of the Thai district lies within the distance asked for: there incidents are counted.
    box
        West, south, east, north of the stretch and as much around it on both sides, degrees.
    """

    shape: Mapping[str, Any]
    zone: Mapping[str, Any]
    km: float
    whole: bool
    undetermined: bool
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """An agreed contact point; ``has_person`` where a person consented to be named."""

    id: int
    side: Side
    office: str
    way: ContactWay
    hours: str | None
    agreed_on: date
    ended_on: date | None
    consent_on: date | None
    has_person: bool
