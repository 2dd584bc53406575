"""Two cases that are one, and one that is two: reports go from case to case, and nothing is lost.

Merging moves the reports of a case, with their photos, questions and contacts, to another; the emptied one stays as a
duplicate that knows where it went, with its history, checks and evidence. All of it can be taken back. Steps as in
`geo.actions.cases`.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, needed, record, written
from geo.actions.case_steps import Held, hold, move
from geo.errors import NotFound
from geo.model import Status
from geo.model.case import ENDED, Event

__all__ = ["merge", "split", "unmerge"]


def merge(
    connection: Connection,
    who: int,
    public_id: str,
    into: str,
    note: str | None = None,
    *,
    seen: int | None = None,
) -> int:
    """Make a case the duplicate of another that is still open; its reports belong to that one from then on.

    Answers the number of the event of the case that took them.

    Raises
    ------
    StepRefused
        ``case.merge_itself``; ``case.merge_into_ended``; ``case.merge_referred``; states as in `move`.
    """
    if public_id == into:
        raise StepRefused("case.merge_itself", public_id=public_id)
    case, other = _hold_two(connection, public_id, into, seen)
    if other.status in ENDED:
        raise StepRefused("case.merge_into_ended", public_id=other.public_id)
    if other.closing_waits:
        raise StepRefused("case.closing_waits", public_id=other.public_id)
    if case.status == Status.REFERRED:
        raise StepRefused("case.merge_referred", public_id=case.public_id)
    move(connection, case, Status.DUPLICATE)
    said = written(note)
    moved = _move_reports(connection, case.id, other.id)
    connection.execute(
        text("update case_file set merged_into = :other, closed_at = now() where incident_id = :case"),
        {"case": case.id, "other": other.id},
    )
    record(
        connection,
        who,
        case.id,
        Event.MERGED,
        now=case.status,
        then=Status.DUPLICATE,
        note=said,
        into=other.public_id,
        reports=moved,
    )
    event = record(connection, who, other.id, Event.ABSORBED, note=said, reports=moved, of=case.public_id)
    audit(connection, "case.merge", f"incident:{case.public_id}", into=other.public_id, reports=len(moved))
    return event


def unmerge(connection: Connection, who: int, public_id: str, reason: str, *, seen: int | None = None) -> int:
    """Take a merge back: the case is verified again, and has those reports it brought that are still there.

    Raises
    ------
    StepRefused
        ``case.not_merged``: it is a duplicate of nothing here; ``case.nothing_to_take_back``: all that it brought was
        moved on to other cases; ``case.would_be_empty``: the other case would be left
        without a report; states as in `move`.
    """
    root = connection.execute(
        text(
            "with recursive line (id, at) as (select f.merged_into, 1 from case_file f join incident i on i.id = f.incident_id"
            " where i.public_id = :public_id union all"
            " select f.merged_into, at + 1 from line join case_file f on f.incident_id = line.id where at < 100)"
            " select i.public_id from line join incident i on i.id = line.id order by at desc limit 1"
        ),
        {"public_id": public_id},
    ).scalar()
    if root is None:
        case = hold(connection, public_id, seen=seen)
        move(connection, case, Status.VERIFYING, of=[Status.DUPLICATE])
        raise StepRefused("case.not_merged", public_id=public_id)
    case, other = _hold_two(connection, public_id, root, seen)
    said = needed(reason, "case.needs_reason")
    move(connection, case, Status.VERIFYING, of=[Status.DUPLICATE])
    brought = connection.execute(
        text(
            "select array(select cast(jsonb_array_elements_text(detail -> 'reports') as bigint)) from case_event"
            " where incident_id = :case and kind = 'merged' order by id desc limit 1"
        ),
        {"case": case.id},
    ).scalar()
    moved = _move_reports(connection, other.id, case.id, brought or [])
    if brought and not moved:  # they were moved on meanwhile: what they tell is a case elsewhere
        raise StepRefused("case.nothing_to_take_back", public_id=case.public_id)
    if moved:
        _refuse_empty(connection, other)
    connection.execute(
        text(
            "update case_file set merged_into = null, closed_at = null, reopened_at = now() where incident_id = :case"
        ),
        {"case": case.id},
    )
    record(connection, who, other.id, Event.SPLIT, note=said, to=case.public_id, reports=moved)
    event = record(
        connection,
        who,
        case.id,
        Event.REOPENED,
        now=case.status,
        then=Status.VERIFYING,
        note=said,
        reports=moved,
        of=other.public_id,
    )
    audit(connection, "case.unmerge", f"incident:{case.public_id}", of=other.public_id, reports=len(moved))
    return event


def split(
    connection: Connection,
    who: int,
    public_id: str,
    reports: Collection[int],
    into: str | None = None,
    note: str | None = None,
    *,
    seen: int | None = None,
) -> str:
    """Move some reports to a case of their own, or to another open one; its ``public_id``.

    The new case is in the same district, at the place of the first of the reports, and received anew.

    Raises
    ------
    StepRefused
        ``case.no_reports``; ``case.would_be_empty``: one report has to stay; ``case.merge_into_ended``.
    NotFound
        ``case.report_not_found``: one of them does not belong to this case.
    """
    wanted = sorted(set(reports))
    if not wanted:
        raise StepRefused("case.no_reports")
    if into is None:
        case, other = hold(connection, public_id, seen=seen), None
    else:
        if into == public_id:
            raise StepRefused("case.merge_itself", public_id=public_id)
        case, other = _hold_two(connection, public_id, into, seen)
        if other.status in ENDED:
            raise StepRefused("case.merge_into_ended", public_id=other.public_id)
    if other is None:
        other = hold(connection, _new_case(connection, case, wanted))
        record(connection, who, other.id, Event.RECEIVED, then=Status.RECEIVED, report=wanted[0])
    moved = _move_reports(connection, case.id, other.id, wanted)
    if moved != wanted:
        raise NotFound("case.report_not_found", public_id=case.public_id)
    _refuse_empty(connection, case)
    said = written(note)
    record(connection, who, case.id, Event.SPLIT, note=said, to=other.public_id, reports=moved)
    record(connection, who, other.id, Event.SPLIT_FROM, note=said, reports=moved, of=case.public_id)
    audit(connection, "case.split", f"incident:{case.public_id}", to=other.public_id, reports=len(moved))
    return other.public_id


def _hold_two(connection: Connection, one: str, other: str, seen: int | None) -> tuple[Held, Held]:
    """Both cases, locked in the order of their numbers, so that two people who merge crosswise do not block each other."""
    held = {name: hold(connection, name, seen=seen if name == one else None) for name in sorted({one, other})}
    return held[one], held[other]


def _move_reports(connection: Connection, source: int, target: int, only: Collection[int] | None = None) -> list[int]:
    values = {"source": source, "target": target, "only": None if only is None else list(only)}
    moved = connection.execute(
        text(
            "update report set incident_id = :target where incident_id = :source"
            " and (cast(:only as bigint[]) is null or id = any(cast(:only as bigint[]))) returning id"
        ),
        values,
    ).scalars()
    ids = sorted(moved)
    connection.execute(
        text("update evidence set incident_id = :target where incident_id = :source and report_id = any(:ids)"),
        {"source": source, "target": target, "ids": ids},
    )
    return ids


def _refuse_empty(connection: Connection, case: Held) -> None:
    if not connection.execute(
        text("select exists (select from report where incident_id = :id)"), {"id": case.id}
    ).scalar():
        raise StepRefused("case.would_be_empty", public_id=case.public_id)


def _new_case(connection: Connection, case: Held, reports: list[int]) -> str:
    made = connection.execute(
        text(
            "insert into incident (crime_type, occurred_at, occurred_day_only, reported_at, channel, district_code,"
            " location_note, geom, source, is_demo)"
            " select coalesce(r.crime_type, i.crime_type), i.occurred_at, i.occurred_day_only, r.received_at, r.channel,"
            " i.district_code, coalesce(r.location_note, r.village), r.geom, r.source, r.is_demo"
            " from report r join incident i on i.id = r.incident_id where r.id = :first and i.id = :case"
            " returning public_id"
        ),
        {"first": reports[0], "case": case.id},
    ).scalar()
    if made is None:
        raise NotFound("case.report_not_found", public_id=case.public_id)
    return str(made)
