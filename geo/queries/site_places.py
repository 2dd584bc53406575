"""In which district places lie: for checkpoints of lists and for sites of plans."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

__all__ = ["SNAP_M", "districts_of"]

SNAP_M = 600
"""Metres that a point may be off its district: boundaries are simplified to about 500 m. As for incidents."""


def districts_of(connection: Connection, places: Sequence[tuple[float, float]]) -> list[str | None]:
    """District of each point: the Thai one that covers it, else the nearest within `SNAP_M`, else none.

    Parameters
    ----------
    places
        Longitude and latitude, degrees (WGS 84).
    """
    rows = connection.execute(
        text(
            "select coalesce((select a.area_code from area_part a where st_intersects(a.geom, p.geom)"
            " order by a.area_code limit 1),"
            " (select a.area_code from area_part a where a.geom && st_expand(p.geom, 0.0065)"
            " and st_distance(a.geom::geography, p.geom::geography) <= :metres"
            " order by st_distance(a.geom::geography, p.geom::geography), a.area_code limit 1))"
            " from (select n, st_setsrid(st_makepoint(x, y), 4326) as geom from"
            " unnest(cast(:x as float8[]), cast(:y as float8[])) with ordinality as u (x, y, n)) p order by n"
        ),
        {"x": [lon for lon, _ in places], "y": [lat for _, lat in places], "metres": SNAP_M},
    )
    return list(rows.scalars())
