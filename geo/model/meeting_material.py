"""What the sheets of a meeting are made of, as it was read from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.model.meeting_sheet import MapCheckpoint, MapCrossing
from geo.model.reference import District

__all__ = ["CaseFigures", "Ground", "Material", "Patrolled", "Reporting", "Shape"]


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """How far the cases of a district were at a moment.

    Attributes
    ----------
    reported, verified
        Incidents of the period that were known, and verified, then.
    median_hours
        From the report to the verification; nothing where no time is known.
    open, overdue
        Cases that nobody had ended, of any period; those past the time to be looked at, verified or closed.
    """

    reported: int = 0
    verified: int = 0
    median_hours: float | None = None
    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Reporting:
    """Sub-districts of a district that sent a report; of those with a coordinator (``watched``) the silent ones."""

    reported: int = 0
    silent: int = 0
    watched: int = 0


@dataclass(frozen=True, slots=True)
class Patrolled:
    """Patrols that went out in a district, and their hours; one of which nobody said when it ended counts 12 at most."""

    hours: float = 0.0
    patrols: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A district or a stretch of the border, WGS 84.

    Attributes
    ----------
    undetermined
        Of a stretch: whether it is not agreed.
    """

    code: str
    country: str
    name_th: str | None
    name_en: str | None
    geom: BaseGeometry
    undetermined: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Everything that maps stand on.

    Attributes
    ----------
    districts
        By code, those of the meeting, in its order.
    points
        A place (degrees) of each of them that has one.
    shapes
        Of those that have shapes, and all others around.
    places
        ``kind``, ``code``, ``name_th``, ``name_en``, ``lon``, ``lat`` of crossings, villages and sub-districts.
    """

    districts: Mapping[str, District]
    points: Mapping[str, tuple[float, float]]
    shapes: Mapping[str, Shape]
    border: tuple[Shape, ...]
    crossings: tuple[MapCrossing, ...]
    checkpoints: tuple[MapCheckpoint, ...]
    places: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Everything of one meeting.

    Attributes
    ----------
    incidents
        As `geo.queries.meeting_material.meeting_incidents`.
    cases, reporting, patrolled
        By district, of the period; the others of the one before it. Cases also of all districts together, without a code.
    """

    ground: Ground
    incidents: pd.DataFrame
    cases: Mapping[str | None, CaseFigures]
    cases_before: Mapping[str | None, CaseFigures]
    reporting: Mapping[str, Reporting]
    patrolled: Mapping[str, Patrolled]
    patrolled_before: Mapping[str, Patrolled]
