"""What a hotspot statistic works on."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from geo.analysis.simulation import Cancelled, Progress
from geo.ingest.points import Points

__all__ = ["Material", "Watch"]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Points, and of the store what lies around them.

    Attributes
    ----------
    points
        The incidents, or the rows of a file.
    land
        The land the programme watches, metres; nothing for a file.
    stored
        Whether the points are incidents of the store.
    as_of
        Moment at which they were read from there, ISO, Asia/Bangkok.
    """

    points: Points
    land: BaseGeometry | None = None
    stored: bool = False
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches a long computation, and may stop it."""

    progress: Progress | None = None
    cancelled: Cancelled | None = None
