"""Write patrols from their fixes: found or made, extended, their line drawn from what can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from sqlalchemy import Connection, text

from geo.actions.scheduled_patrols import NEAR_ROUTE_M, the_scheduled_one, track_line
from geo.analysis.along_route import followed
from geo.analysis.tracks import Track, make_track
from geo.crs import TIMEZONE
from geo.errors import FileRefused, NotFound
from geo.model.track import STILL_OUT, UNNAMED, PatrolFix, PatrolLog

__all__ = ["FixRefused", "PatrolsWritten", "write_patrols"]

BUDDHIST_ERA = 543


@dataclass(frozen=True, slots=True)
class FixRefused:
    """A fix that stands at another place than the one of the same moment that is already there."""

    fix: PatrolFix
    code: str = "track.same_time"


@dataclass(slots=True)
class PatrolsWritten:
    """What became of the fixes: ``added + already + len(refused)`` is their number.

    Attributes
    ----------
    repeated
        How many of ``already`` stand more than once in what was given.
    new, extended
        Codes of the patrols that were made, and of those that got more fixes.
    scheduled
        Codes of scheduled patrols that turned out to be what was walked.
    impossible
        How many fixes of these patrols cannot be reached at a believable speed.
    kilometres
        Length of these patrols' lines together.
    """

    added: int = 0
    already: int = 0
    repeated: int = 0
    refused: list[FixRefused] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    extended: list[str] = field(default_factory=list)
    scheduled: list[str] = field(default_factory=list)
    impossible: int = 0
    kilometres: float = 0.0


def write_patrols(
    connection: Connection,
    logs: Iterable[PatrolLog],
    *,
    source: str,
    route: str | None = None,
    agency: str | None = None,
    run: str | None = None,
    now: datetime | None = None,
) -> PatrolsWritten:
    """Add logs to the store in the caller's transaction; what is there already is not added again.

    A log that can only be one scheduled patrol becomes that one (see `geo.actions.scheduled_patrols`). The passes of
    the border are brought up to date.

    Parameters
    ----------
    source
        Where the logs come from (the file's name).
    route, agency
        Codes for all of these patrols; the agency counts where the log has none of its own.
    run
        Code of the planned run that the one log is the track of, where somebody says so.
    now
        Moment against which "still out" is judged; the clock's by default.

    Raises
    ------
    NotFound
        ``route.unknown``, ``agency.unknown``, ``patrol.not_found``.
    FileRefused
        ``track.several`` (not one log for the run), ``track.other_run`` (the log is known as another patrol's),
        ``track.run_cancelled``.
    """
    now = now or datetime.now(UTC)
    # One importer at a time: two would make the same patrol twice and fail on each other.
    connection.execute(text("select pg_advisory_xact_lock(hashtext('write_patrols'))"))
    route_id = _known(connection, "select id from patrol_route where code = :code", "route.unknown", route)
    _known(connection, "select code from agency where code = :code", "agency.unknown", agency)
    demo = bool(
        connection.execute(text("select exists (select from person where id = watch_person() and is_demo)")).scalar()
    )
    logs = list(logs)
    if run is not None and len(logs) != 1:
        raise FileRefused("track.several", n=len(logs))
    written = PatrolsWritten()
    touched = []
    for log in logs:
        known = _find(connection, log)
        scheduled = None
        if run is not None:
            scheduled, known = _said(connection, log, source, run, known), None
        elif not known:
            scheduled = _scheduled(connection, log, source, route_id, log.agency or agency, demo)
        patrol_id, code = known or scheduled or _make(connection, log, source, demo)
        fresh = _new_fixes(connection, patrol_id, log.fixes, written)
        connection.execute(
            text(
                "update patrol set route_id = coalesce(:route, route_id), agency = coalesce(agency, :agency)"
                " where id = :id and (route_id, agency) is distinct from"
                " (coalesce(:route, route_id), coalesce(agency, :agency))"
            ),
            {"id": patrol_id, "route": route_id, "agency": log.agency or agency},
        )
        if fresh:
            _add(connection, patrol_id, fresh)
            track = _redraw(connection, patrol_id, now)
            written.added += len(fresh)
            written.impossible += int(track.impossible.sum())
            written.kilometres += track.kilometres
            (written.extended if known else written.scheduled if scheduled else written.new).append(code)
            touched.append(patrol_id)
    connection.execute(text("select border_pass_fill(cast(:ids as bigint[]))"), {"ids": touched})
    return written


def _known(connection: Connection, sql: str, refusal: str, code: str | None) -> Any:
    if code is None:
        return None
    found = connection.execute(text(sql), {"code": code}).scalar()
    if found is None:
        raise NotFound(refusal, reference=code)
    return found


def _find(connection: Connection, log: PatrolLog) -> tuple[int, str] | None:
    row = connection.execute(text("select id, code from patrol where source_key = :key"), {"key": log.key}).first()
    if row is None and not log.named:
        # A device that forgot the beginning: the same track if it has the same fix.
        first = log.fixes[0]
        row = connection.execute(
            text(
                "select p.id, p.code from patrol p"
                " join patrol_fix f on f.patrol_id = p.id and f.fixed_at = :at"
                " where starts_with(p.source_key, :key) and :at between p.started_at and p.ended_at"
                " and st_x(f.geom) = :lon and st_y(f.geom) = :lat order by p.id limit 1"
            ),
            {"key": f"{UNNAMED}{log.unit}:", "at": first.at, "lon": first.lon, "lat": first.lat},
        ).first()
    return None if row is None else (int(row[0]), str(row[1]))


def _scheduled(
    connection: Connection, log: PatrolLog, source: str, route_id: int | None, agency: str | None, demo: bool
) -> tuple[int, str] | None:
    """The scheduled patrol that this log is, made its own so that the log is found again."""
    track, began, _ = _told(log)
    found = the_scheduled_one(connection, track, began, route_id=route_id, agency=agency, demo=demo)
    if found:
        _own(connection, found[0], log, source)
    return found


def _said(
    connection: Connection, log: PatrolLog, source: str, run: str, known: tuple[int, str] | None
) -> tuple[int, str]:
    """The run that somebody says the log is the track of."""
    row = connection.execute(
        text("select id, code, status, source_key from patrol where code = :code for update"), {"code": run}
    ).first()
    if row is None:
        raise NotFound("patrol.not_found", reference=run)
    if known is not None and known[1] != run:
        raise FileRefused("track.other_run", patrol=known[1])
    if row.status == "cancelled":
        raise FileRefused("track.run_cancelled", patrol=run)
    if row.source_key is None:
        _own(connection, int(row.id), log, source)
    return int(row.id), str(row.code)


def _own(connection: Connection, patrol_id: int, log: PatrolLog, source: str) -> None:
    connection.execute(
        text(
            "update patrol set source_key = :key, source = coalesce(source, :source),"
            " unit = coalesce(unit, :unit) where id = :id"
        ),
        {"id": patrol_id, "key": log.key, "source": source, "unit": log.unit or None},
    )


def _told(log: PatrolLog) -> tuple[Track, datetime, datetime]:
    """The track of a log, and the moments of its first and last believable fix."""
    track = _track([(fix.at, fix.lon, fix.lat) for fix in log.fixes])
    kept = track.time[~track.impossible]
    return track, datetime.fromtimestamp(float(kept[0]), UTC), datetime.fromtimestamp(float(kept[-1]), UTC)


def _make(connection: Connection, log: PatrolLog, source: str, demo: bool) -> tuple[int, str]:
    year = log.fixes[0].at.astimezone(ZoneInfo(TIMEZONE)).year + BUDDHIST_ERA
    track, began, ended = _told(log)
    line = track_line(track)
    row = connection.execute(
        text(
            "with n as (select nextval(pg_get_serial_sequence('patrol', 'id')) as id)"
            " insert into patrol (id, code, unit, status, source, source_key, started_at, ended_at, geom, made_by, is_demo)"
            " overriding system value select id, 'PT' || :year || '-' || lpad(id::text, 6, '0'), :unit, 'active', :source,"
            " :key, :began, :ended, st_geomfromwkb(:geom, 4326), watch_person(), :demo from n returning id, code"
        ),
        {
            "year": f"{year % 100:02}", "unit": log.unit or None, "source": source, "key": log.key, "began": began,
            "ended": ended, "geom": None if line is None else shapely.to_wkb(line), "demo": demo,
        },
    ).one()  # fmt: skip
    return int(row[0]), str(row[1])


def _new_fixes(
    connection: Connection, patrol_id: int, fixes: Sequence[PatrolFix], written: PatrolsWritten
) -> list[PatrolFix]:
    """Those that are not there; the others are counted as already there, or refused."""
    rows = connection.execute(
        text(
            "select fixed_at, st_x(geom), st_y(geom) from patrol_fix"
            " where patrol_id = :id and fixed_at between :first and :last"
        ),
        {"id": patrol_id, "first": fixes[0].at, "last": fixes[-1].at},
    )
    places = {at: (lon, lat) for at, lon, lat in rows}
    seen: set[datetime] = set()
    fresh = []
    for fix in fixes:
        place = places.get(fix.at)
        if place is None:
            places[fix.at] = (fix.lon, fix.lat)
            fresh.append(fix)
        elif place == (fix.lon, fix.lat):
            written.already += 1
            written.repeated += fix.at in seen
        else:
            written.refused.append(FixRefused(fix))
        seen.add(fix.at)
    return fresh


def _add(connection: Connection, patrol_id: int, fixes: Sequence[PatrolFix]) -> None:
    connection.execute(
        text(
            "insert into patrol_fix (patrol_id, fixed_at, geom)"
            " select :id, t, st_setsrid(st_makepoint(x, y), 4326) from unnest(cast(:t as timestamptz[]),"
            " cast(:x as float8[]), cast(:y as float8[])) as f (t, x, y) on conflict do nothing"
        ),
        {
            "id": patrol_id,
            "t": [fix.at for fix in fixes],
            "x": [fix.lon for fix in fixes],
            "y": [fix.lat for fix in fixes],
        },
    )


def _track(fixes: Sequence[Any]) -> Track:
    return make_track([at.timestamp() for at, _, _ in fixes], [lon for _, lon, _ in fixes], [lat for *_, lat in fixes])


def _redraw(connection: Connection, patrol_id: int, now: datetime) -> Track:
    """Judge all fixes of a patrol again, and draw its line and its times from those that can be believed."""
    rows = connection.execute(
        text("select fixed_at, st_x(geom), st_y(geom) from patrol_fix where patrol_id = :id order by fixed_at"),
        {"id": patrol_id},
    ).all()
    moments = [row[0] for row in rows]
    track = _track(rows)
    connection.execute(
        text(
            "update patrol_fix p set speed_kmh = f.speed, impossible = f.impossible from"
            " unnest(cast(:t as timestamptz[]), cast(:speed as float8[]), cast(:impossible as boolean[]))"
            " as f (t, speed, impossible) where p.patrol_id = :id and p.fixed_at = f.t and"
            " (p.speed_kmh, p.impossible) is distinct from (f.speed::real, f.impossible)"
        ),
        {
            "id": patrol_id,
            "t": moments,
            "speed": [None if np.isnan(speed) else float(speed) for speed in track.speed_kmh],
            "impossible": track.impossible.tolist(),
        },
    )
    line = track_line(track)
    kept = np.flatnonzero(~track.impossible)
    last = moments[int(kept[-1])]
    way = connection.execute(
        text("select st_asbinary(r.geom) from patrol p join patrol_route r on r.id = p.route_id where p.id = :id"),
        {"id": patrol_id},
    ).scalar()
    judged = None if way is None or line is None else followed(line, shapely.from_wkb(bytes(way)), NEAR_ROUTE_M)
    connection.execute(
        text(
            "update patrol set geom = st_geomfromwkb(:geom, 4326), started_at = :first, ended_at = :last, km = :km,"
            " hours = :hours, route_share = :share, off_mean_m = :mean, off_most_m = :most,"
            " status = case when status = 'cancelled' or status = 'done' and ended_at >= :last then status"
            " else :status end where id = :id"
        ),
        {
            "id": patrol_id,
            "geom": None if line is None else shapely.to_wkb(line),
            "first": moments[int(kept[0])],
            "last": last,
            "km": track.kilometres,
            "hours": track.hours,
            "share": judged and judged.share,
            "mean": judged and judged.mean_m,
            "most": judged and judged.most_m,
            "status": "active" if now - last < STILL_OUT else "done",
        },
    )
    return track
