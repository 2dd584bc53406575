"""Routes, the runs that are planned and were made of them, and what that comes to by agency and district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.patrol import PatrolStatus
from geo.model.track import STILL_OUT

__all__ = ["PatrolMove", "PatrolRun", "RunRoute", "history", "patrol_work", "route", "routes", "run", "runs"]

MOST = 2000
"""Runs of one list."""

_STATUS = """case
    when p.status in ('scheduled', 'ready') and p.started_at is null and p.scheduled_start + :overdue < :now then 'start_overdue'
    when p.status = 'active' and p.geom is not null and p.ended_at < :now - :still_out then 'done'
    else p.status end"""
"""As `geo.queries.patrols` says it for the live map."""

_RUN = f"""
select p.id, p.code, r.code as route, r.name as route_name, r.kind, {_STATUS} as status, p.status as kept_status,
       coalesce(p.agency, r.agency) as agency, r.district_code, p.districts, p.unit, p.contact, p.note, p.reason,
       p.scheduled_start, p.scheduled_end, p.started_at, p.ended_at, p.series is not null as repeats, p.km, p.hours,
       p.route_share, p.off_mean_m, p.off_most_m, p.source, p.is_demo, p.geom is not null as has_track
from patrol p left join patrol_route r on r.id = p.route_id where """


@dataclass(frozen=True, slots=True)
class RunRoute:
    """A route with its line (MultiLineString, WGS 84), its length and how often it was gone.

    Attributes
    ----------
    done, last_at
        Runs of it that were made, and when the last of them began.
    next_at
        When the next one is to begin.
    """

    id: int
    code: str
    name: str
    kind: str
    agency: str | None
    district: str | None
    note: str | None
    active: bool
    is_demo: bool
    km: float
    line: BaseGeometry
    done: int
    last_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class PatrolRun:
    """A run as it stands now, whoever planned it; words of people among it.

    Attributes
    ----------
    status
        By the clock; ``kept_status`` is what was written down.
    km, hours, route_share, off_mean_m, off_most_m
        Of its track, where it has one; see the table's comments.
    """

    id: int
    code: str
    route: str | None
    route_name: str | None
    kind: str | None
    status: PatrolStatus
    kept_status: PatrolStatus
    agency: str | None
    district_code: str | None
    districts: tuple[str, ...]
    unit: str | None
    contact: str | None
    note: str | None
    reason: str | None
    scheduled_start: datetime | None
    scheduled_end: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    repeats: bool
    km: float | None
    hours: float | None
    route_share: float | None
    off_mean_m: float | None
    off_most_m: float | None
    source: str | None
    is_demo: bool
    has_track: bool

    @property
    def begins(self) -> datetime | None:
        """When it is to begin, else when it began."""
        return self.scheduled_start or self.started_at


@dataclass(frozen=True, slots=True)
class PatrolMove:
    """A line of a run's history; ``person`` is nobody where a file or the clock moved it."""

    at: datetime
    person: str | None
    before: str | None
    now: str
    reason: str | None


def routes(connection: Connection) -> list[RunRoute]:
    """The routes that the reader may see, those in use first, by district and name."""
    return _routes(connection, "true")


def route(connection: Connection, number: int) -> RunRoute:
    """One route.

    Raises
    ------
    NotFound
        ``route.not_found``: there is none, or not for this reader.
    """
    found = _routes(connection, "r.id = :id", id=number)
    if not found:
        raise NotFound("route.not_found", reference=number)
    return found[0]


def _routes(connection: Connection, where: str, **values: Any) -> list[RunRoute]:
    rows = connection.execute(
        text(
            "select r.id, r.code, r.name, r.kind, r.agency, r.district_code as district, r.note, r.active, r.is_demo,"
            " st_length(r.geom::geography) / 1000 as km, st_asbinary(r.geom) as line,"
            " count(p.id) filter (where p.started_at is not null) as done, max(p.started_at) as last_at,"
            " min(p.scheduled_start) filter (where p.scheduled_start > now() and p.status in ('scheduled', 'ready'))"
            " as next_at"
            f" from patrol_route r left join patrol p on p.route_id = r.id where {where}"
            " group by r.id order by not r.active, r.district_code, r.name, r.id"
        ),
        values,
    ).mappings()
    return [RunRoute(**dict(row) | {"line": from_wkb(bytes(row["line"]))}) for row in rows]


def runs(
    connection: Connection, first: datetime, last: datetime, now: datetime, overdue_after: timedelta
) -> list[PatrolRun]:
    """Runs that begin, or began, between two moments: those that are late first, then those out, to come, and past.

    Parameters
    ----------
    now, overdue_after
        The clock, and how long after its time a run counts as late.
    """
    values = _values(now, overdue_after) | {"first": first, "last": last, "most": MOST}
    rows = connection.execute(
        text(
            f"select * from ({_RUN} coalesce(p.scheduled_start, p.started_at) between :first and :last) x"
            " order by array_position(array['start_overdue', 'active', 'ready', 'scheduled'], status) nulls last,"
            " case when status in ('done', 'cancelled') then coalesce(started_at, scheduled_start) end desc,"
            " coalesce(scheduled_start, started_at), id limit :most"
        ),
        values,
    ).mappings()
    return [_run(row) for row in rows]


def run(
    connection: Connection, code: str | int, now: datetime, overdue_after: timedelta
) -> tuple[PatrolRun, BaseGeometry | None, BaseGeometry | None]:
    """One run by its code or number, with its track and the line of its route.

    Raises
    ------
    NotFound
        ``patrol.not_found``: there is none, or not for this reader.
    """
    which = "p.id = :key" if isinstance(code, int) else "p.code = :key"
    row = connection.execute(text(f"{_RUN} {which}"), _values(now, overdue_after) | {"key": code}).mappings().first()
    if row is None:
        raise NotFound("patrol.not_found", reference=code)
    shapes = connection.execute(
        text(
            "select st_asbinary(st_simplifypreservetopology(p.geom, 0.00005)), st_asbinary(r.geom)"
            " from patrol p left join patrol_route r on r.id = p.route_id where p.id = :id"
        ),
        {"id": row["id"]},
    ).one()
    track, way = (None if shape is None else from_wkb(bytes(shape)) for shape in shapes)
    return _run(row), track, way


def _run(row: Any) -> PatrolRun:
    told = dict(row)
    return PatrolRun(
        **told
        | {
            "status": PatrolStatus(told["status"]),
            "kept_status": PatrolStatus(told["kept_status"]),
            "districts": tuple(told["districts"]),
        }
    )


def _values(now: datetime, overdue_after: timedelta) -> dict[str, Any]:
    return {"now": now, "overdue": overdue_after, "still_out": STILL_OUT}


def history(connection: Connection, number: int) -> list[PatrolMove]:
    """What happened to a run, the first thing first."""
    rows = connection.execute(
        text(
            "select e.at, p.name, e.from_status, e.to_status, e.reason from patrol_event e"
            " left join person p on p.id = e.person_id where e.patrol_id = :id order by e.at, e.id"
        ),
        {"id": number},
    )
    return [PatrolMove(*row) for row in rows]


_WORK = """
with mine as (
    select p.*, coalesce(p.agency, r.agency) as who, r.district_code as home,
           least(p.ended_at, p.scheduled_end, :now) as until
    from patrol p left join patrol_route r on r.id = p.route_id
    where coalesce(p.scheduled_start, p.started_at) between :first and :last)
select {key} as code,
       count(*) filter (where scheduled_start is not null and scheduled_start <= :now) as planned,
       count(*) filter (where started_at is not null) as made,
       count(*) filter (where status = 'cancelled') as cancelled,
       count(*) filter (where status in ('scheduled', 'ready', 'start_overdue') and started_at is null
                        and scheduled_start + :overdue < :now) as late,
       coalesce(sum(km), 0)::float8 as km, coalesce(sum(hours), 0)::float8 as hours,
       avg(route_share)::float8 as route_share, avg(off_mean_m)::float8 as off_mean_m
from mine {join} group by 1 order by km desc, 1"""


def patrol_work(
    connection: Connection, by: str, first: datetime, last: datetime, now: datetime, overdue_after: timedelta
) -> pd.DataFrame:
    """What the runs of a period come to, of those that the reader may see.

    Parameters
    ----------
    by
        ``agency``, or ``district``: that of the route; a run without a route counts in each district that it touched.

    Returns
    -------
    DataFrame
        A row each with ``code`` (None where it is not known), planned, made, cancelled, late, km, hours, route_share
        (mean, 0 to 1) and off_mean_m (mean metres beside the route).
    """
    key, join = ("who", "")
    if by == "district":
        key = "d.code"
        join = "left join lateral (select unnest(case when home is null then districts else array[home] end)) d (code) on true"
    rows = connection.execute(
        text(_WORK.format(key=key, join=join)),
        {"first": first, "last": last, "now": now, "overdue": overdue_after},
    )
    return pd.DataFrame(rows.all(), columns=list(rows.keys()))
