"""Incidents as points for the statistics, a million in a second or two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.analysis.plane import BORDER, Plane
from geo.ingest.points import Points
from geo.model import Channel, IncidentFilter, Scope
from geo.queries.conditions import codes

__all__ = ["incident_points"]

_RECORD = np.dtype(
    {
        "names": ["lon", "lat", "moment", "type", "district", "channel", "day_only"],
        "formats": [">f8", ">f8", ">i8", ">i2", ">i2", ">i2", "?"],
        "offsets": [6, 18, 30, 42, 48, 54, 60],
        "itemsize": 61,
    }
)
"""One row of COPY … BINARY: the number of its fields (2 bytes), then each field after its length (4 bytes). No field can
be null, so all rows are equally long."""
_HEAD, _TAIL = 19, 2
_MICROSECONDS = 86_400_000_000
_DAY_2000 = 10_957
"""Days from 1970 to 2000, whose first moment is PostgreSQL's 0."""


def incident_points(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Points:
    """The incidents of a filter, in metres around the middle of the border; NaN where there is no point.

    ``rows`` hold ``lon``, ``lat``, ``t`` (Asia/Bangkok) and ``crime_type``. Order: as they were written.
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
        "copy (select coalesce(st_x(geom), 'NaN'), coalesce(st_y(geom), 'NaN'), timezone('Asia/Bangkok', occurred_at),"
        " k.n::int2, coalesce(d.n, 0)::int2, c.n::int2, occurred_day_only from incident"
        " join unnest(cast(:kinds as text[])) with ordinality k (kind, n) on kind = crime_type"
        " join unnest(cast(:all_channels as text[])) with ordinality c (way, n) on way = channel"
        " left join unnest(cast(:all_districts as text[])) with ordinality d (code, n) on code = district_code"
        f" where day between :first and :last{where} order by id) to stdout (format binary)"
    )
    table = np.frombuffer(_copied(connection, sql, values), dtype=_RECORD)
    lon, lat = table["lon"].astype(np.float64), table["lat"].astype(np.float64)
    plane = Plane(*BORDER)
    x, y = plane.metres(lon, lat)
    nowhere = np.isnan(lon)
    x[nowhere] = y[nowhere] = np.nan
    microseconds = table["moment"].astype(np.int64) + _DAY_2000 * _MICROSECONDS
    kind = pd.Categorical.from_codes(table["type"].astype(np.int16) - 1, pd.Index(kinds))
    columns = {"lon": lon, "lat": lat, "t": microseconds.view("M8[us]"), "crime_type": kind}
    return Points(
        pd.DataFrame(columns, copy=False),
        x,
        y,
        plane,
        microseconds / _MICROSECONDS,
        dated=True,
        kind=np.array(kinds, dtype=object)[table["type"] - 1],
        district=np.array([None, *districts], dtype=object)[table["district"]],
        channel=np.array(channels, dtype=object)[table["channel"] - 1],
        day_only=table["day_only"].copy(),
    )


def _copied(connection: Connection, sql: str, values: dict[str, Any]) -> bytes:
    """The rows of a COPY in its binary form."""
    statement = text(sql).compile(dialect=connection.dialect)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(str(statement), values) as copy:
        return b"".join(copy)[_HEAD:-_TAIL]
