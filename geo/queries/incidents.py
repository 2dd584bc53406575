"""Single incidents: the newest, the nearest to a click, one card, and those just come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model import IncidentFilter, Scope
from geo.queries.conditions import codes

__all__ = ["Newest", "card", "nearest", "newest", "newly_come"]

_COLUMNS = (
    "public_id, crime_type, occurred_at, occurred_day_only, reported_at, status, channel, district_code, location_check,"
    " district_conflict, is_demo, st_x(geom) as lon, st_y(geom) as lat"
)


@dataclass(frozen=True, slots=True)
class Newest:
    """An incident in the list of the newest: what, where and when it was reported."""

    public_id: str
    crime_type: str
    district_code: str | None
    reported_at: datetime


def newest(connection: Connection, scope: Scope, chosen: IncidentFilter, limit: int = 10) -> tuple[Newest, ...]:
    """The incidents reported last, newest first."""
    where, values = codes(chosen, scope)
    rows = connection.execute(
        text(
            "select public_id, crime_type, district_code, reported_at from incident where id in"
            f" (select id from incident where day between :first and :last{where}"
            " order by reported_at desc, id desc limit :limit) order by reported_at desc, id desc"
        ),
        values | {"first": chosen.first, "last": chosen.last, "limit": limit},
    )
    return tuple(Newest(*row) for row in rows)


def nearest(
    connection: Connection, scope: Scope, chosen: IncidentFilter, lat: float, lon: float, radius_m: float
) -> str | None:
    """``public_id`` of the incident nearest to a point (WGS 84) within ``radius_m`` metres, or nothing."""
    where, values = codes(chosen, scope)
    found = connection.execute(
        text(
            "select public_id from incident, (select st_setsrid(st_makepoint(:lon, :lat), 4326) as p) c"
            " where geom && st_expand(c.p, :degrees) and st_dwithin(geom::geography, c.p::geography, :radius)"
            f" and day between :first and :last{where} order by geom <-> c.p, reported_at desc limit 1"
        ),
        values
        | {
            "lat": lat,
            "lon": lon,
            "radius": radius_m,
            "degrees": radius_m / 90_000,
            "first": chosen.first,
            "last": chosen.last,
        },
    ).scalar()
    return None if found is None else str(found)


def card(connection: Connection, scope: Scope, public_id: str) -> dict[str, Any]:
    """Everything a card shows of one incident.

    Raises
    ------
    NotFound
        There is no such incident in this scope.
    """
    own = "" if scope.districts is None else " and district_code = any(:scope)"
    row = (
        connection.execute(
            text(
                f"select {_COLUMNS}, other_crime_types, district_stated, point_district_code, snap_distance_m, location_note,"
                f" source from incident where public_id = :public_id{own}"
            ),
            {"public_id": public_id, "scope": list(scope.districts or ())},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("incident.not_found", public_id=public_id)
    return dict(row)


def newly_come(
    connection: Connection, scope: Scope, chosen: IncidentFilter, ids: Sequence[int]
) -> list[tuple[float, float]]:
    """Longitude and latitude of those of ``ids`` that the filter keeps: places to mark on an open map."""
    where, values = codes(chosen, scope)
    rows = connection.execute(
        text(
            "select st_x(geom), st_y(geom) from incident where id = any(:ids) and geom is not null"
            f" and day between :first and :last{where}"
        ),
        values | {"ids": list(ids), "first": chosen.first, "last": chosen.last},
    )
    return [(float(x), float(y)) for x, y in rows]
