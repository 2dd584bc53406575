"""Prepare a meeting with its snapshot, begin it, end it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.analysis.meeting_sheets import meeting_sheets
from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model import District, Scope
from geo.model.clock import Targets
from geo.model.json_form import to_json
from geo.model.meeting import LONGEST_TITLE, MOST_DISTRICTS, PREPARES, MeetingFilter, MeetingLayer, MeetingState
from geo.model.meeting_material import Material
from geo.model.meeting_sheet import MeetingSheet
from geo.model.month_report import last_day
from geo.model.person import Person, scope_of
from geo.queries.case_settings import targets
from geo.queries.decision_since import decisions_so_far
from geo.queries.meeting_ground import meeting_ground
from geo.queries.meeting_material import case_figures, meeting_incidents, patrolled, reporting
from geo.queries.meetings import open_before
from geo.queries.places import district_names

__all__ = [
    "LONGEST_PERIOD_DAYS",
    "Progress",
    "district_sheet",
    "finish_meeting",
    "prepare_meeting",
    "snapshot",
    "start_meeting",
]

Progress = Callable[[int, int], object]
"""Called with the steps that are done and the steps in all."""
LONGEST_PERIOD_DAYS = 366
"""A meeting looks at a year at most, beside the year before."""
MOST_FOLLOWED = 200
"""Undone decisions of which before and after are counted, the one that is due first before."""
PATIENCE = "120s"
"""For one statement, and for the sheets to be computed between two: preparing runs in a worker, not in a page."""


def prepare_meeting(
    connection: Connection,
    person: Person,
    *,
    title: str,
    held_on: date,
    districts: tuple[str, ...],
    chosen: MeetingFilter,
    layers: tuple[MeetingLayer, ...] = tuple(MeetingLayer),
    hides_small: bool = True,
    progress: Progress | None = None,
) -> int:
    """Compute every sheet and keep the meeting with them, in the caller's transaction; its number.

    The transaction has the person's rights (`geo.db.scope.enter`); the moment of the snapshot is when it began.

    Parameters
    ----------
    districts
        Codes, in the order in which they are looked at.

    Raises
    ------
    StepRefused
        ``meeting.not_allowed``, ``meeting.no_title``, ``meeting.title_long``, ``meeting.no_districts``,
        ``meeting.many_districts``, ``meeting.unknown_district``, ``meeting.not_your_district``, ``meeting.no_period``,
        ``meeting.long_period``.
    """
    scope = scope_of(person)
    named = _checked(connection, person, scope, districts, chosen)
    words = clean(title)
    if not words:
        raise StepRefused("meeting.no_title")
    if len(words) > LONGEST_TITLE:
        raise StepRefused("meeting.title_long", most=LONGEST_TITLE)
    as_of = connection.execute(text("select now()")).scalar_one()
    with own_rows():
        number = _kept(connection, person, words, held_on, districts, chosen, layers, hides_small)
    snapshot(connection, scope, number, named, chosen, as_of, progress)
    audit(
        connection, "meeting.prepare", f"meeting:{number}", districts=len(districts), first_day=str(chosen.first),
        last_day=str(chosen.last), verified_only=chosen.verified_only,
    )  # fmt: skip
    return number


def _checked(
    connection: Connection, person: Person, scope: Scope, districts: tuple[str, ...], chosen: MeetingFilter
) -> dict[str, District]:
    if person.role not in PREPARES:
        raise StepRefused("meeting.not_allowed")
    if not districts:
        raise StepRefused("meeting.no_districts")
    if len(set(districts)) != len(districts) or len(districts) > MOST_DISTRICTS:
        raise StepRefused("meeting.many_districts", most=MOST_DISTRICTS)
    if chosen.last < chosen.first:
        raise StepRefused("meeting.no_period")
    days = chosen.incidents(()).days
    if days > LONGEST_PERIOD_DAYS:
        raise StepRefused("meeting.long_period", most=LONGEST_PERIOD_DAYS)
    known = district_names(connection)
    for code in districts:
        if code not in known:
            raise StepRefused("meeting.unknown_district", district=code)
        if scope.districts is not None and code not in scope.districts:
            raise StepRefused("meeting.not_your_district", district=code)
    return {code: known[code] for code in districts}


def _kept(
    connection: Connection,
    person: Person,
    title: str,
    held_on: date,
    districts: tuple[str, ...],
    chosen: MeetingFilter,
    layers: tuple[MeetingLayer, ...],
    hides_small: bool,
) -> int:
    return int(
        connection.execute(
            text(
                "insert into meeting (title, held_on, prepared_by, districts, first_day, last_day, crime_types, channels,"
                " verified_only, layers, hides_small, is_demo) values (:title, :held_on, :by, :districts, :first, :last, :types,"
                " :channels, :verified_only, :layers, :hides_small, :demo) returning id"
            ),
            {
                "title": title,
                "held_on": held_on,
                "by": person.id,
                "districts": list(districts),
                "first": chosen.first,
                "last": chosen.last,
                "types": list(chosen.crime_types),
                "channels": list(chosen.channels),
                "verified_only": chosen.verified_only,
                "layers": [str(layer) for layer in layers],
                "hides_small": hides_small,
                "demo": person.is_demo,
            },
        ).scalar_one()
    )


def snapshot(
    connection: Connection,
    scope: Scope,
    meeting: int,
    districts: Mapping[str, District],
    chosen: MeetingFilter,
    as_of: datetime,
    progress: Progress | None = None,
) -> None:
    """Compute the sheets of a meeting that this transaction wrote, and write them."""
    said = progress or (lambda done, total: None)
    total = len(districts) + 3
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"set local {limit} = '{PATIENCE}'"))
    said(0, total)
    material = _material(connection, scope, districts, chosen, as_of)
    undone = open_before(connection, tuple(districts), meeting)[:MOST_FOLLOWED]
    followed = decisions_so_far(
        connection, undone, as_of.astimezone(ZoneInfo(TIMEZONE)).date(), types=chosen.crime_types
    )
    of = {one.id: one.district for one in undone}
    said(2, total)
    rows: list[dict[str, Any]] = []
    for sheet in meeting_sheets(material, chosen, as_of, _versions(connection)):
        mine = None
        if isinstance(sheet, MeetingSheet):
            mine = sheet.district
            sheet = replace(sheet, so_far=tuple(one for one in followed if of[one.decision] == mine))
        place = list(districts).index(mine) + 1 if mine else 0
        rows.append(
            {
                "meeting": meeting,
                "place": place,
                "district": mine,
                "content": json.dumps(to_json(sheet), ensure_ascii=False),
            }
        )
        said(2 + len(rows), total)
    with own_rows():
        connection.execute(
            text(
                "insert into meeting_sheet (meeting_id, place, district_code, content)"
                " values (:meeting, :place, :district, cast(:content as jsonb))"
            ),
            rows,
        )


def district_sheet(connection: Connection, scope: Scope, district: str, month: date, as_of: datetime) -> MeetingSheet:
    """What a meeting would see of one district and one month, verified or not, without keeping it.

    Raises
    ------
    StepRefused
        ``meeting.unknown_district``.
    """
    known = district_names(connection)
    if district not in known:
        raise StepRefused("meeting.unknown_district", district=district)
    chosen = MeetingFilter(month, last_day(month), verified_only=False)
    material = _material(connection, scope, {district: known[district]}, chosen, as_of)
    sheets = meeting_sheets(material, chosen, as_of, _versions(connection))
    return next(sheet for sheet in sheets if isinstance(sheet, MeetingSheet))


def _material(
    connection: Connection, scope: Scope, districts: Mapping[str, District], chosen: MeetingFilter, as_of: datetime
) -> Material:
    codes = tuple(districts)
    spans: Targets = targets(connection)
    kept = chosen.incidents(codes)
    before = kept.before()
    now, then = (kept.first, kept.last), (before.first, before.last)
    return Material(
        ground=meeting_ground(connection, scope, districts, as_of.astimezone(ZoneInfo(TIMEZONE)).date()),
        incidents=meeting_incidents(connection, scope, chosen, codes, as_of),
        cases=case_figures(connection, chosen, codes, as_of, spans, now),
        cases_before=case_figures(connection, chosen, codes, as_of, spans, then),
        reporting=reporting(connection, codes, as_of, now),
        patrolled=patrolled(connection, codes, as_of, now),
        patrolled_before=patrolled(connection, codes, as_of, then),
    )


def _versions(connection: Connection) -> dict[str, str]:
    schema = connection.execute(text("select version_num from alembic_version")).scalar_one()
    return {"schema": str(schema)} | {name: version(name) for name in ("numpy", "scipy", "shapely", "pandas")}


def start_meeting(connection: Connection, person: Person, meeting: int) -> None:
    """Begin a meeting that was prepared; one that runs already stays so.

    Raises
    ------
    NotFound
        ``meeting.not_found``.
    StepRefused
        ``meeting.not_allowed``, ``meeting.held``, ``case.not_yours``.
    """
    if _state(connection, person, meeting) is MeetingState.RUNNING:
        return
    _move(connection, meeting, "state = 'running', started_at = now()", MeetingState.PREPARED)
    audit(connection, "meeting.start", f"meeting:{meeting}")


def finish_meeting(connection: Connection, person: Person, meeting: int) -> None:
    """End a meeting that runs.

    Raises
    ------
    NotFound
        ``meeting.not_found``.
    StepRefused
        ``meeting.not_allowed``, ``meeting.held``, ``meeting.not_running``, ``case.not_yours``.
    """
    _state(connection, person, meeting)
    _move(connection, meeting, "state = 'held', finished_at = now()", MeetingState.RUNNING)
    audit(connection, "meeting.finish", f"meeting:{meeting}")


def _state(connection: Connection, person: Person, meeting: int) -> MeetingState:
    if person.role not in PREPARES:
        raise StepRefused("meeting.not_allowed")
    state = connection.execute(text("select state from meeting where id = :id"), {"id": meeting}).scalar()
    if state is None:
        raise NotFound("meeting.not_found", number=meeting)
    if state == MeetingState.HELD:
        raise StepRefused("meeting.held")
    return MeetingState(state)


def _move(connection: Connection, meeting: int, change: str, of: MeetingState) -> None:
    with own_rows():
        moved = connection.execute(
            text(f"update meeting set {change} where id = :id and state = :of"), {"id": meeting, "of": str(of)}
        ).rowcount
    if not moved:  # it is not this person's to lead, or somebody was quicker
        now = connection.execute(text("select state from meeting where id = :id"), {"id": meeting}).scalar_one()
        if now == of:
            raise StepRefused("case.not_yours")
        raise StepRefused("meeting.held" if now == MeetingState.HELD else "meeting.not_running")
