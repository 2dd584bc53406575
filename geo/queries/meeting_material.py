"""What the sheets of a meeting are made of, read once: so every figure on them counts the same incidents."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.model import Scope
from geo.model.clock import ClockName, Targets
from geo.model.meeting import CHECKED, MeetingFilter
from geo.model.meeting_material import CaseFigures, Patrolled, Reporting
from geo.queries.conditions import codes

__all__ = [
    "HISTORY_DAYS",
    "case_figures",
    "meeting_incidents",
    "patrolled",
    "reporting",
]

HISTORY_DAYS = 364
"""Days up to the last of the period that are read for the classes of hotspots: 13 slices of 28."""
CHUNK = 100_000

# The outline of what is not verified, as the view incident_outline tells it to those who see all districts.
_CELL = (
    "(zkey_axis(i.zkey >> 28) + 0.5::float8) / 4096 * 360 - 180,"
    " degrees(atan(sinh(pi() * (1 - 2 * (zkey_axis(i.zkey >> 29) + 0.5::float8) / 4096))))"
)
_WAITING = "status in ('received', 'verifying')"


def meeting_incidents(
    connection: Connection, scope: Scope, chosen: MeetingFilter, districts: tuple[str, ...], as_of: datetime
) -> pd.DataFrame:
    """The incidents of the period, of the one before it and of `HISTORY_DAYS`, known at a moment, verified or not.

    Parameters
    ----------
    as_of
        Aware; what was reported later is left out.

    Returns
    -------
    DataFrame
        A row an incident: ``district``, ``crime_type``, ``channel`` (categories), ``verified``, ``day`` (days since 1970 in
        Asia/Bangkok), ``lon``, ``lat`` (degrees; of what is not verified the middle of a cell of some 9 km; NaN without a
        point).
    """
    every = MeetingFilter(chosen.first, chosen.last, chosen.crime_types, chosen.channels, verified_only=False)
    kept = every.incidents(districts)
    where, values = codes(kept, scope)
    of = f"day between :begin and :last and reported_at <= :as_of{where}"
    columns = "i.district_code, i.crime_type, i.channel, {verified}, i.day - date '1970-01-01', {lon_lat}"
    checked = f"select {columns.format(verified='true', lon_lat='st_x(i.geom), st_y(i.geom)')} from incident i"
    if scope.rough:
        waiting = (
            f"select {columns.format(verified='false', lon_lat='i.lon, i.lat')} from incident_outline i where {of}"
        )
    else:
        waiting = f"select {columns.format(verified='false', lon_lat=_CELL)} from incident i where {_WAITING} and {of}"
    values |= {
        "begin": min(kept.before().first, chosen.last - timedelta(days=HISTORY_DAYS - 1)),
        "last": chosen.last,
        "as_of": as_of,
        "checked": [str(status) for status in CHECKED],
    }
    found = connection.execute(
        text(f"{checked} where status = any(:checked) and {of} union all {waiting}"),
        values,
        execution_options={"stream_results": True, "yield_per": CHUNK},
    )
    names = ["district", "crime_type", "channel", "verified", "day", "lon", "lat"]
    parts = [_frame(rows, names) for rows in found.partitions()] or [_frame([], names)]
    frame = pd.concat(parts, ignore_index=True)
    for name in names[:3]:
        frame[name] = pd.Categorical(frame[name])
    return frame


def _frame(rows: Any, names: list[str]) -> pd.DataFrame:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    kinds: list[Any] = [object, object, object, np.bool_, np.int64, np.float64, np.float64]
    return pd.DataFrame(
        {name: np.array(column, dtype=kind) for name, column, kind in zip(names, columns, kinds, strict=True)}
    )


def case_figures(
    connection: Connection,
    chosen: MeetingFilter,
    districts: tuple[str, ...],
    as_of: datetime,
    targets: Targets,
    period: tuple[date, date],
) -> dict[str | None, CaseFigures]:
    """The figures of each district that the reader may know, by code, and of all of them together without one."""
    rows = connection.execute(
        text(
            "select * from meeting_case_figures(cast(:districts as text[]), :first, :last, :as_of, cast(:types as text[]),"
            " cast(:channels as text[]), :first_look, :verification, :closure)"
        ),
        {
            "districts": list(districts),
            "first": period[0],
            "last": period[1],
            "as_of": as_of,
            "types": list(chosen.crime_types),
            "channels": list(chosen.channels),
        }
        | {
            name.value: targets.span(name) for name in (ClockName.FIRST_LOOK, ClockName.VERIFICATION, ClockName.CLOSURE)
        },
    )
    return {code: CaseFigures(*figures) for code, *figures in rows}


def reporting(
    connection: Connection, districts: tuple[str, ...], as_of: datetime, period: tuple[date, date]
) -> dict[str, Reporting]:
    """Who sent reports in a period, by district."""
    rows = connection.execute(
        text("select * from meeting_reporting(cast(:districts as text[]), :first, :last, :as_of)"),
        {"districts": list(districts), "first": period[0], "last": period[1], "as_of": as_of},
    )
    return {code: Reporting(*numbers) for code, *numbers in rows}


def patrolled(
    connection: Connection, districts: tuple[str, ...], as_of: datetime, period: tuple[date, date]
) -> dict[str, Patrolled]:
    """Patrols of a period by district: that of their route, else every one that their track touches."""
    rows = connection.execute(
        text(
            "with run as (select p.id, p.geom, r.district_code, extract(epoch from"
            " least(coalesce(p.ended_at, least(p.started_at + interval '12 hours', :as_of)), :as_of) - p.started_at) / 3600 as hours"
            " from patrol p left join patrol_route r on r.id = p.route_id where p.started_at <= :as_of"
            " and p.started_at >= cast(:first as timestamp) at time zone 'Asia/Bangkok'"
            " and p.started_at < cast(:after as timestamp) at time zone 'Asia/Bangkok' and p.status <> 'cancelled'),"
            " placed as (select id, district_code, hours from run where district_code = any(:districts)"
            " union select u.id, a.area_code, u.hours from run u join area_part a on a.area_code = any(:districts)"
            " and st_intersects(a.geom, u.geom) where u.district_code is null)"
            " select district_code, round(sum(greatest(hours, 0)), 1)::float8, count(*) from placed group by 1"
        ),
        {
            "districts": list(districts),
            "first": period[0],
            "after": period[1] + timedelta(days=1),
            "as_of": as_of,
        },
    )
    return {code: Patrolled(hours, n) for code, hours, n in rows}
