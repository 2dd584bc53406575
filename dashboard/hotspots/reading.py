"""What a question needs of the store, read with the rights of who asks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from dashboard.hotspots.material import Ground, Material
from dashboard.hotspots.periods import earlier_period
from dashboard.hotspots.question import Question
from dashboard.kept import Kept
from geo.crs import TIMEZONE
from geo.ingest.points import Points
from geo.model import IncidentFilter
from geo.queries.area_tiles import area_version
from geo.queries.effort import effort
from geo.queries.incident_points import incident_points
from geo.queries.watched_land import named_places, watched_districts

__all__ = ["COMPARING", "Memory", "material_of"]

COMPARING = frozenset({"rates", "compare", "compare_districts"})
"""Methods that look at an earlier period too."""


class Memory:
    """What was read last: incidents by scope, filter and state of the data, the ground by scope and boundaries."""

    def __init__(self) -> None:
        self.incidents: Kept[tuple[Points, str]] = Kept(3)
        self.grounds: Kept[Ground] = Kept(4)


def material_of(connection: Connection, question: Question, memory: Memory) -> Material:
    """Incidents, ground and effort, as far as the method needs them."""
    scope, chosen = question.scope, question.chosen

    def incidents(of: IncidentFilter) -> tuple[Points, str]:
        def read() -> tuple[Points, str]:
            return incident_points(connection, scope, of), _now()

        return memory.incidents.get((scope, of, question.version), read)

    found, as_of = incidents(chosen)
    where = (scope.districts, chosen.districts, area_version(connection))
    ground = memory.grounds.get(
        where, lambda: Ground(watched_districts(connection, scope, chosen), named_places(connection))
    )
    if question.method not in COMPARING:
        return Material(found, None, chosen, None, ground, None, as_of)
    before = earlier_period(chosen, question.asked)
    told = (
        (effort(connection, scope, chosen), effort(connection, scope, before)) if question.method == "rates" else None
    )
    return Material(found, incidents(before)[0], chosen, before, ground, told, as_of)


def _now() -> str:
    return datetime.now(ZoneInfo(TIMEZONE)).isoformat(timespec="seconds")
