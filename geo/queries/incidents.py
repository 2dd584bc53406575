"""Single incidents: the newest, the nearest to a click, one card, and those just come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model import IncidentFilter, Reach, Scope
from geo.queries.conditions import codes

__all__ = ["Newest", "card", "nearest", "newest", "newly_come"]

_SHARED = (
    "public_id, crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status, channel,"
    " district_code, location_check, district_conflict, is_demo"
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
    asked = f"where day between :first and :last{where}"
    columns = "public_id, crime_type, district_code, reported_at"
    sql = (
        f"select {columns} from incident where id in (select id from incident {asked}"
        " order by reported_at desc, id desc limit :limit) order by reported_at desc, id desc"
    )
    if scope.rough:  # of an outline only the day is told: by day, then as they came
        outlines = f"select id, {columns} from incident_outline {asked} order by id desc limit :limit"
        sql = (
            f"select {columns} from ((select id, {columns} from incident {asked} order by reported_at desc, id desc"
            f" limit :limit) union all ({outlines})) both_kinds"
            " order by timezone('Asia/Bangkok', reported_at)::date desc, id desc limit :limit"
        )
    rows = connection.execute(text(sql), values | {"first": chosen.first, "last": chosen.last, "limit": limit})
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
    if found is None and scope.rough:
        found = connection.execute(
            text(
                "select public_id from incident_outline, (select st_setsrid(st_makepoint(:lon, :lat), 4326)::geography as p) c"
                " where cell = zkey(:lon, :lat) >> 28"
                " and st_dwithin(st_setsrid(st_makepoint(lon, lat), 4326)::geography, c.p, :radius)"
                f" and day between :first and :last{where} order by id desc limit 1"
            ),
            values | {"lat": lat, "lon": lon, "radius": radius_m, "first": chosen.first, "last": chosen.last},
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
    told = "" if scope.role == Reach.PLANNER else ", location_note, source"
    asked = [
        f"select {_SHARED}, st_x(geom) as lon, st_y(geom) as lat, district_stated, point_district_code, snap_distance_m,"
        f" false as rough{told} from incident where public_id = :public_id{own}"
    ]
    if scope.rough:
        asked.append(
            f"select {_SHARED}, lon, lat, true as rough from incident_outline where public_id = :public_id{own}"
        )
    for sql in asked:
        values = {"public_id": public_id, "scope": list(scope.districts or ())}
        if row := connection.execute(text(sql), values).mappings().first():
            return _UNTOLD | dict(row)
    raise NotFound("incident.not_found", public_id=public_id)


_UNTOLD = {
    "district_stated": False, "point_district_code": None, "snap_distance_m": None, "location_note": None, "source": None,
}  # fmt: skip
"""What a card says nothing of where the viewer may not know it."""


def newly_come(
    connection: Connection, scope: Scope, chosen: IncidentFilter, ids: Sequence[int]
) -> list[tuple[float, float]]:
    """Longitude and latitude of those of ``ids`` that the filter keeps: places to mark on an open map."""
    where, values = codes(chosen, scope)
    asked = f"id = any(:ids) and day between :first and :last{where}"
    sql = f"select st_x(geom), st_y(geom) from incident where geom is not null and {asked}"
    if scope.rough:
        sql += f" union all select lon, lat from incident_outline where lon is not null and {asked}"
    rows = connection.execute(text(sql), values | {"ids": list(ids), "first": chosen.first, "last": chosen.last})
    return [(float(x), float(y)) for x, y in rows]
