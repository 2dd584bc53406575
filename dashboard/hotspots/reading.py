"""What a question needs of the store, read with the rights of who asks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from dashboard.hotspots.material import Material
from geo.crs import TIMEZONE
from geo.model import IncidentFilter, Scope
from geo.queries.incident_points import incident_points, watched_land

__all__ = ["material_of"]


def material_of(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Material:
    """The incidents of a filter and the land around them."""
    as_of = datetime.now(ZoneInfo(TIMEZONE)).isoformat(timespec="seconds")
    land = watched_land(connection)
    return Material(
        incident_points(connection, scope, chosen), None if land.is_empty else land, stored=True, as_of=as_of
    )
