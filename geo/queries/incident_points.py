"""Incidents as points for the statistics, a million in a second or two."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, text

from geo.analysis.plane import BORDER, Plane
from geo.ingest.points import Points
from geo.model import Channel, IncidentFilter, Scope
from geo.queries.conditions import codes

__all__ = ["incident_points"]

_ARRAY_HEAD = 20
"""Bytes before the elements of a one-dimensional array in PostgreSQL's binary form; each element has 4 more, its length."""
_MICROSECONDS = 86_400_000_000
_DAY_2000 = 10_957
"""Days from 1970 to 2000, whose first moment is PostgreSQL's 0."""
_DISTRICTS, _CHANNELS = 4096, 8
"""What the one number of a row makes room for."""


def incident_points(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Points:
    """The incidents of a filter, in metres around the middle of the border; NaN where there is no point.

    ``rows`` hold ``lon``, ``lat``, ``t`` (Asia/Bangkok) and ``crime_type``. No order is promised.
    """
    where, values = codes(chosen, scope)
    values |= {"first": chosen.first, "last": chosen.last}
    kinds = [str(code) for code in connection.execute(text("select code from crime_type order by id")).scalars()]
    districts = [
        str(code)
        for code in connection.execute(
            text("select code from area where level = 'district' and country = 'TH' order by code")
        ).scalars()
    ]
    channels = [str(channel) for channel in Channel]
    values |= {"kinds": kinds, "all_districts": districts, "all_channels": channels}
    sql = (
        "select array_agg(coalesce(st_x(geom), 'NaN')), array_agg(coalesce(st_y(geom), 'NaN')),"
        " array_agg(timezone('Asia/Bangkok', occurred_at)),"
        f" array_agg((((k.n * {_DISTRICTS} + coalesce(d.n, 0)) * {_CHANNELS} + c.n) * 2)::int4 + occurred_day_only::int4)"
        " from incident"
        " join unnest(cast(:kinds as text[])) with ordinality k (kind, n) on kind = crime_type"
        " join unnest(cast(:all_channels as text[])) with ordinality c (way, n) on way = channel"
        " left join unnest(cast(:all_districts as text[])) with ordinality d (code, n) on code = district_code"
        f" where day between :first and :last{where}"
    )
    lon, lat, moment, number = _arrays(connection, sql, values, (">f8", ">f8", ">i8", ">i4"))
    rest, day_only = np.divmod(number, 2)
    rest, channel = np.divmod(rest, _CHANNELS)
    type_, district = np.divmod(rest, _DISTRICTS)
    plane = Plane(*BORDER)
    x, y = plane.metres(lon, lat)
    nowhere = np.isnan(lon)
    x[nowhere] = y[nowhere] = np.nan
    microseconds = moment + _DAY_2000 * _MICROSECONDS
    kind = pd.Categorical.from_codes(type_ - 1, pd.Index(kinds))
    columns = {"lon": lon, "lat": lat, "t": microseconds.view("M8[us]"), "crime_type": kind}
    return Points(
        pd.DataFrame(columns, copy=False),
        x,
        y,
        plane,
        microseconds / _MICROSECONDS,
        dated=True,
        kind=np.array(kinds, dtype=object)[type_ - 1],
        district=np.array([None, *districts], dtype=object)[district],
        channel=np.array(channels, dtype=object)[channel - 1],
        day_only=day_only == 1,
    )


def _arrays(connection: Connection, sql: str, values: dict[str, Any], kinds: tuple[str, ...]) -> list[npt.NDArray[Any]]:
    """The arrays of a query's only row, shape (n,) each. Taken as PostgreSQL sends them: a list of a million is slow."""
    statement = text(sql).compile(dialect=connection.dialect)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(str(statement), values, binary=True)
        sent = [cursor.pgresult.get_value(0, number) or b"" for number in range(len(kinds))]
    elements = [np.dtype([("length", ">i4"), ("value", kind)]) for kind in kinds]
    return [
        np.frombuffer(array[_ARRAY_HEAD:], dtype=element)["value"].astype(element["value"].newbyteorder("="))
        for array, element in zip(sent, elements, strict=True)
    ]
