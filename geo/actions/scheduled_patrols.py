"""Find the scheduled patrol that a track walked, so that it no longer waits for somebody who came back long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.analysis.along_route import share_along
from geo.analysis.tracks import Track

__all__ = ["ALONG", "NEAR_ROUTE_M", "START_WITHIN", "the_scheduled_one", "track_line"]

START_WITHIN = timedelta(hours=3)
"""A patrol may set out so much before or after its time; most routes are not walked twice within it."""
NEAR_ROUTE_M = 500.0
"""To either side of the route: patrols go around floods and fields, and routes are drawn roughly."""
ALONG = 0.7
"""Share of the track that must run along the route: the way there and back counts as well."""
SHORTEST_KM = NEAR_ROUTE_M / 1000
"""A shorter track does not say which way was taken: it may be a receiver that was tried at the gate."""


def track_line(track: Track) -> BaseGeometry | None:
    """The believable pieces of a track as a MultiLineString, WGS 84; nothing where there are none."""
    lines = [shapely.linestrings(track.lon[piece], track.lat[piece]) for piece in track.pieces]
    return shapely.multilinestrings(lines) if lines else None


def the_scheduled_one(
    connection: Connection,
    track: Track,
    began: datetime,
    *,
    route_id: int | None,
    agency: str | None,
    demo: bool = False,
) -> tuple[int, str] | None:
    """Number and code of the one scheduled patrol that a track can only have been; nothing in every doubt.

    It was to start, or somebody said that it started, within `START_WITHIN`; it has no track yet, is a demonstration's
    only where whoever asks is, and is not another agency's. Its route is the given one; where none is given, the track
    runs along it.

    Parameters
    ----------
    began
        Moment of the first believable fix.
    route_id, agency
        What is known of the track.

    Notes
    -----
    The row is locked until the caller's transaction ends.
    """
    rows = connection.execute(
        text(
            "select p.id, p.code, p.route_id, st_asbinary(r.geom) as way"
            " from patrol p join patrol_route r on r.id = p.route_id"
            " where (p.status in ('scheduled', 'ready', 'start_overdue') and p.started_at is null"
            "        or p.status in ('active', 'done') and p.started_at is not null)"
            " and p.geom is null and p.source_key is null and p.is_demo = :demo"
            " and coalesce(p.started_at, p.scheduled_start) between :began - :within and :began + :within"
            " and (coalesce(p.agency, r.agency) = :agency) is not false"
            " and not exists (select from patrol_fix f where f.patrol_id = p.id)"
            " order by p.id for update of p"
        ),
        {"began": began, "within": START_WITHIN, "agency": agency, "demo": demo},
    ).all()
    if route_id is not None:
        found = [row for row in rows if row.route_id == route_id]
    else:
        line = track_line(track)
        if line is None or track.kilometres < SHORTEST_KM:
            return None
        found = [row for row in rows if share_along(line, shapely.from_wkb(bytes(row.way)), NEAR_ROUTE_M) >= ALONG]
    return (int(found[0].id), str(found[0].code)) if len(found) == 1 else None
