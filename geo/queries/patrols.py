"""Patrol routes and the patrols of now, for the map, for tables and for the card of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model import Scope
from geo.model.track import STILL_OUT
from geo.queries.features import feature_collection

__all__ = ["AROUND_NOW", "card", "patrol_list", "patrols", "route_card", "routes"]

AROUND_NOW = timedelta(hours=24)
"""Patrols that ended or should have started longer ago, or start later, are not on the live map."""

_FOUND = """
from patrol p
left join patrol_route r on r.id = p.route_id
left join lateral (
    select f.fixed_at, f.geom from patrol_fix f
    where f.patrol_id = p.id and not f.impossible and f.fixed_at <= :now
    order by f.fixed_at desc limit 1) last on true
cross join lateral (
    select case
        when p.status in ('scheduled', 'ready') and p.started_at is null
            and p.scheduled_start + :overdue < :now then 'start_overdue'
        when p.status = 'active' and p.ended_at < :now - :still_out then 'done'
        else p.status end as status) s
where """

_RECENT = """(s.status = 'active'
    or (coalesce(p.scheduled_start, p.started_at) <= :now + :around
        and coalesce(p.ended_at, p.scheduled_end, p.started_at, p.scheduled_start) >= :now - :around))"""

_CODES = """p.code, r.code as route, r.kind, s.status, coalesce(p.agency, r.agency) as agency,
    r.district_code, p.scheduled_start, p.started_at, p.ended_at, last.fixed_at as last_fix_at, p.is_demo"""


def _own(scope: Scope) -> str:
    """Patrols of a route in these districts, and those whose track or last fix touches one of them."""
    if scope.districts is None:
        return "true"
    return """(r.district_code = any(:scope) or exists (
        select from area_part a
        where a.area_code = any(:scope) and st_intersects(a.geom, coalesce(p.geom, last.geom))))"""


def _values(scope: Scope, now: datetime, overdue_after: timedelta) -> dict[str, Any]:
    return {
        "scope": list(scope.districts or ()),
        "now": now,
        "overdue": overdue_after,
        "still_out": STILL_OUT,
        "around": AROUND_NOW,
    }


def routes(connection: Connection, scope: Scope) -> dict[str, Any]:
    """Patrol routes in scope as GeoJSON lines (WGS 84).

    Properties: code, kind, agency, district_code, is_demo.
    """
    own = "" if scope.districts is None else " where district_code = any(:scope)"
    rows = connection.execute(
        text(
            "select code, kind, agency, district_code, is_demo, st_asgeojson(geom, 5) as geometry"
            f" from patrol_route{own} order by code"
        ),
        {"scope": list(scope.districts or ())},
    )
    return feature_collection(rows.mappings())


def patrols(connection: Connection, scope: Scope, now: datetime, overdue_after: timedelta) -> dict[str, Any]:
    """Patrols from 24 hours back to 24 hours ahead, and all that are out, as GeoJSON (WGS 84).

    Every patrol is one point with ``part`` = ``position``: at its last believable fix (``placed`` = ``fix``),
    else where its route starts (``route``), else without geometry (``nowhere``). A patrol with a track has
    a line with ``part`` = ``track`` besides, before its point.

    Properties: code, route, kind, status, agency, district_code, scheduled_start, started_at, ended_at,
    last_fix_at, is_demo, part, placed.

    Parameters
    ----------
    now
        The clock, with time zone.
    overdue_after
        A scheduled or ready patrol that has not started this long after its time is ``start_overdue``.
    """
    where = f"{_FOUND} {_RECENT} and {_own(scope)}"
    rows = connection.execute(
        text(
            f"select {_CODES}, 'track' as part, null as placed,"
            " st_asgeojson(st_multi(st_simplifypreservetopology(p.geom, 0.0001)), 5) as geometry"
            f" {where} and p.geom is not null"
            f" union all select {_CODES}, 'position',"
            " case when last.geom is not null then 'fix' when r.geom is not null then 'route'"
            " else 'nowhere' end,"
            f" st_asgeojson(coalesce(last.geom, st_startpoint(st_geometryn(r.geom, 1))), 5) {where}"
            " order by part desc, code"
        ),
        _values(scope, now, overdue_after),
    )
    return feature_collection(rows.mappings())


def patrol_list(connection: Connection, scope: Scope, now: datetime, overdue_after: timedelta) -> pd.DataFrame:
    """The same patrols as a frame for tables, with ``unit`` and ``route_name``; overdue ones first."""
    rows = connection.execute(
        text(
            f"select {_CODES}, p.unit, r.name as route_name, st_x(last.geom) as lon, st_y(last.geom) as lat"
            f" {_FOUND} {_RECENT} and {_own(scope)} order by s.status <> 'start_overdue',"
            " coalesce(p.scheduled_start, p.started_at), p.code"
        ),
        _values(scope, now, overdue_after),
    )
    return pd.DataFrame(rows.all(), columns=list(rows.keys()))


def card(connection: Connection, scope: Scope, code: str, now: datetime, overdue_after: timedelta) -> dict[str, Any]:
    """Everything a card shows of one patrol, of any age.

    Beside the codes: unit, route_name, scheduled_end, source, fixes, impossible_fixes, kilometres (of the
    track as drawn, geodesic), lon, lat of the last believable fix.

    Raises
    ------
    NotFound
        There is no such patrol in this scope.
    """
    row = (
        connection.execute(
            text(
                f"select {_CODES}, p.unit, r.name as route_name, p.scheduled_end, p.source,"
                " (select count(*) from patrol_fix f where f.patrol_id = p.id) as fixes,"
                " (select count(*) from patrol_fix f where f.patrol_id = p.id and f.impossible)"
                " as impossible_fixes, st_length(p.geom::geography) / 1000 as kilometres,"
                " st_x(last.geom) as lon, st_y(last.geom) as lat"
                f" {_FOUND} p.code = :code and {_own(scope)}"
            ),
            _values(scope, now, overdue_after) | {"code": code},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("patrol.not_found", reference=code)
    return dict(row)


def route_card(connection: Connection, scope: Scope, code: str) -> dict[str, Any]:
    """Everything a card shows of one route: codes, name and kilometres (geodesic).

    Raises
    ------
    NotFound
        There is no such route in this scope.
    """
    own = "" if scope.districts is None else " and district_code = any(:scope)"
    row = (
        connection.execute(
            text(
                "select code, name, kind, agency, district_code, is_demo,"
                f" st_length(geom::geography) / 1000 as kilometres from patrol_route where code = :code{own}"
            ),
            {"code": code, "scope": list(scope.districts or ())},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("route.not_found", reference=code)
    return dict(row)
