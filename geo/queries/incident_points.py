"""Incidents as points for the statistics, a million in a second or two."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, text

from geo.analysis.plane import BORDER, Plane
from geo.ingest.points import Points
from geo.model import IncidentFilter, Scope
from geo.queries.conditions import codes

__all__ = ["incident_points"]

_MICROSECONDS = 86_400_000_000
_TO_BANGKOK = 10_957 * _MICROSECONDS + 7 * _MICROSECONDS // 24
"""From PostgreSQL's moments, 0 at the beginning of 2000 in UTC, to those since 1970 in Asia/Bangkok, 7 hours ahead since 1920."""


def incident_points(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Points:
    """The incidents of a filter, in metres around the middle of the border; NaN where there is no point.

    ``rows`` hold ``lon``, ``lat``, ``t`` (Asia/Bangkok) and ``crime_type``. No order is promised.
    """
    where, values = codes(chosen, scope)
    values |= {"first": chosen.first, "last": chosen.last}
    # A row for everything that is alike: what a million incidents have in common is told once.
    sql = (
        "select crime_type, district_code, channel, occurred_day_only, count(*),"
        " string_agg(geom::bytea, ''), string_agg(timestamptz_send(occurred_at), '')"
        f" from incident where day between :first and :last{where} group by 1, 2, 3, 4, geom is null"
    )
    groups = _binary(connection, sql, values)
    counts = np.array([count for *_, count, _, _ in groups], dtype=np.int64)
    moment = np.frombuffer(b"".join(moments for *_, moments in groups), dtype=">i8").astype(np.int64)
    points = _points(b"".join(shapes or b"" for *_, shapes, _ in groups))
    placed = np.repeat(np.array([shapes is not None for *_, shapes, _ in groups], dtype=bool), counts)
    lon, lat = np.full((2, len(moment)), np.nan)
    lon[placed], lat[placed] = points["lon"], points["lat"]
    plane = Plane(*BORDER)
    x, y = plane.metres(lon, lat)
    nowhere = np.isnan(lon)
    x[nowhere] = y[nowhere] = np.nan
    microseconds = moment + _TO_BANGKOK
    of_group = pd.Categorical([kind for kind, *_ in groups])
    columns = {
        "lon": lon,
        "lat": lat,
        "t": microseconds.view("M8[us]"),
        "crime_type": pd.Categorical.from_codes(np.repeat(of_group.codes, counts), of_group.categories),
    }

    def each(column: int) -> npt.NDArray[np.object_]:
        return np.repeat(np.array([group[column] for group in groups], dtype=object), counts)

    return Points(
        pd.DataFrame(columns, copy=False),
        x,
        y,
        plane,
        microseconds / _MICROSECONDS,
        dated=True,
        kind=each(0),
        district=each(1),
        channel=each(2),
        day_only=each(3).astype(bool),
    )


def _points(sent: bytes) -> npt.NDArray[np.void]:
    """Points as PostGIS keeps them (EWKB), one after the other, in the order of bytes of its machine: ``lon``, ``lat``."""
    order = "<" if sent[:1] == b"\1" else ">"
    return np.frombuffer(sent, [("head", "V9"), ("lon", f"{order}f8"), ("lat", f"{order}f8")])


def _binary(connection: Connection, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """A query's rows. Taken in PostgreSQL's binary form: written as letters, bytes are twice as many."""
    statement = text(sql).compile(dialect=connection.dialect)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor(binary=True) as cursor:
        return list(cursor.execute(str(statement), values))
