"""Incidents as they are taken away: no more of each than the viewer may read, in rows that come one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, text

from geo.model import IncidentFilter, Reach, Scope
from geo.queries.conditions import codes

__all__ = ["COLUMNS", "allow_time", "count_incidents", "incident_rows"]

COLUMNS = (
    "public_id", "crime_type", "other_crime_types", "occurred_at", "occurred_day_only", "reported_at", "status", "channel",
    "district_code", "location_check", "lon", "lat", "rough", "location_note", "told",
)  # fmt: skip
"""Of a row. Those of text (``location_note``, ``told``) are empty for who reads no text."""
AT_ONCE = 2_000
_SHARED = (
    "public_id, crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status, channel, district_code,"
    " location_check"
)
_TOLD = (
    "location_note, (select string_agg(r.description, E'\\n' order by r.received_at, r.id) from report r"
    " where r.incident_id = incident.id and r.description <> '') as told"
)
_UNTOLD = "null::text as location_note, null::text as told"


def allow_time(connection: Connection, seconds: int) -> None:
    """Let the statements of this transaction take longer than those of a page."""
    connection.execute(
        text(
            "select set_config('statement_timeout', :s, true), set_config('idle_in_transaction_session_timeout', :s, true)"
        ),
        {"s": f"{int(seconds)}s"},
    )


def count_incidents(connection: Connection, scope: Scope, chosen: IncidentFilter, most: int) -> int:
    """How many rows `incident_rows` has; counts no further than ``most`` and one."""
    where, values = _where(scope, chosen)
    parts = [f"select 1 from {table} where {where}" for table in _tables(scope)]
    counted = f"select count(*) from ({' union all '.join(parts)} limit :most) counted"
    return int(connection.execute(text(counted), values | {"most": most + 1}).scalar_one())


def incident_rows(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Iterator[dict[str, Any]]:
    """The incidents that a filter keeps, by `COLUMNS`: what is not verified yet first where it is told only roughly.

    Degrees are WGS 84; of a rough row they are the middle of a cell of some 9 km, and its times are days.
    """
    where, values = _where(scope, chosen)
    told = _UNTOLD if scope.role in {Reach.PLANNER, None} else _TOLD
    for table in reversed(_tables(scope)):
        if table == "incident":
            columns = f"{_SHARED}, st_x(geom) as lon, st_y(geom) as lat, false as rough, {told}"
        else:
            columns = f"{_SHARED}, lon, lat, true as rough, {_UNTOLD}"
        found = connection.execute(
            text(f"select {columns} from {table} where {where} order by id"),
            values,
            execution_options={"stream_results": True, "max_row_buffer": AT_ONCE},
        )
        for row in found.mappings():
            yield dict(row)


def _tables(scope: Scope) -> tuple[str, ...]:
    return ("incident", "incident_outline") if scope.rough else ("incident",)


def _where(scope: Scope, chosen: IncidentFilter) -> tuple[str, dict[str, Any]]:
    where, values = codes(chosen, scope)
    return f"day between :first and :last{where}", values | {"first": chosen.first, "last": chosen.last}
