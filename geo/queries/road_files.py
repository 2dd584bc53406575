"""Which file the roads of the store are of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["RoadFile", "road_file"]


@dataclass(frozen=True, slots=True)
class RoadFile:
    """The file that was loaded last: whose it is, under which licence, when, how many places and pieces, kilometres."""

    file_name: str
    sha256: str
    source: str
    licence: str
    loaded_at: datetime
    nodes: int
    edges: int
    km: float


def road_file(connection: Connection) -> RoadFile | None:
    """The file the roads are of; nothing where none was loaded."""
    row = connection.execute(
        text("select file_name, sha256, source, licence, loaded_at, nodes, edges, km from road_file")
    ).one_or_none()
    return None if row is None else RoadFile(*row)
