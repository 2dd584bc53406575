"""What a hotspot statistic works on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.simulation import Cancelled, Progress
from geo.ingest.points import Points
from geo.model import IncidentFilter

__all__ = ["Ground", "Material", "Watch"]


@dataclass(frozen=True, eq=False)
class Ground:
    """The watched districts that the asker may see and has chosen.

    Attributes
    ----------
    districts
        As `geo.queries.watched_land.watched_districts`.
    named
        As `geo.queries.watched_land.named_places`.
    """

    districts: pd.DataFrame
    named: pd.DataFrame

    @cached_property
    def land(self) -> BaseGeometry | None:
        """All of them together, metres; nothing without boundaries."""
        land = shapely.union_all(self.districts["shape"].to_numpy())
        return None if land.is_empty else land


@dataclass(frozen=True, eq=False)
class Material:
    """Incidents, and of the store what lies around them.

    Attributes
    ----------
    incidents
        Of the store, those without a point (NaN) too; or the rows of a file.
    earlier
        Of the store, the incidents of the period to compare with, where the method compares.
    chosen, before
        The filters of both periods; nothing for a file.
    ground
        Nothing for a file.
    effort
        Of this period and the earlier one (`geo.queries.effort.effort`), where the method tells it.
    as_of
        Moment at which the store was read, ISO, Asia/Bangkok.
    """

    incidents: Points
    earlier: Points | None = None
    chosen: IncidentFilter | None = None
    before: IncidentFilter | None = None
    ground: Ground | None = None
    effort: tuple[pd.DataFrame, pd.DataFrame] | None = None
    as_of: str = ""

    @property
    def stored(self) -> bool:
        """Whether the points are incidents of the store."""
        return self.ground is not None

    @property
    def land(self) -> BaseGeometry | None:
        """The land the programme watches, metres; nothing for a file and without boundaries."""
        return None if self.ground is None else self.ground.land

    @cached_property
    def points(self) -> Points:
        """The incidents that have a point."""
        return _placed(self.incidents)

    @cached_property
    def earlier_points(self) -> Points | None:
        """Those of the earlier period that have a point."""
        return None if self.earlier is None else _placed(self.earlier)


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches a long computation, and may stop it."""

    progress: Progress | None = None
    cancelled: Cancelled | None = None


def _placed(incidents: Points) -> Points:
    known = np.isfinite(incidents.x)
    return incidents if known.all() else incidents.only(known)
