"""Ask somebody on the spot to check the facts, and write down what they found.

Steps as in `geo.actions.cases`. The units have no accounts: an officer asks and records.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, needed, record, written
from geo.actions.case_steps import hold
from geo.errors import NotFound
from geo.model.case import ENDED, Event, Finding, UnitKind
from geo.model.clock import ClockName
from geo.queries.case_settings import targets

__all__ = ["ask_unit", "record_finding"]


def ask_unit(
    connection: Connection,
    who: int,
    public_id: str,
    unit_kind: UnitKind,
    unit: str,
    *,
    due_at: datetime | None = None,
    instruction: str | None = None,
    seen: int | None = None,
) -> int:
    """Ask a unit; the number of the check.

    Parameters
    ----------
    unit
        Which one: "ชรบ. หมู่ 4", the name of a checkpoint.
    due_at
        Aware moment; by default the administrator's target from now.

    Raises
    ------
    StepRefused
        ``check.case_ended``, ``check.needs_unit``, ``check.due_passed``.
    """
    case = hold(connection, public_id, seen=seen)
    if case.status in ENDED:
        raise StepRefused("check.case_ended", public_id=case.public_id)
    now: datetime = connection.execute(text("select now()")).scalar_one()
    due = due_at or now + targets(connection).span(ClockName.FACT_CHECK)
    if due <= now:
        raise StepRefused("check.due_passed")
    check = connection.execute(
        text(
            "insert into fact_check (incident_id, unit_kind, unit, due_at, asked_by, instruction)"
            " values (:case, :kind, :unit, :due, :who, :instruction) returning id"
        ),
        {
            "case": case.id,
            "kind": unit_kind.value,
            "unit": needed(unit, "check.needs_unit"),
            "due": due,
            "who": who,
            "instruction": written(instruction),
        },
    ).scalar_one()
    record(connection, who, case.id, Event.CHECK_ASKED, check=check, unit_kind=unit_kind.value)
    audit(connection, "check.ask", f"incident:{case.public_id}", check=check, unit_kind=unit_kind.value)
    return int(check)


def record_finding(
    connection: Connection,
    who: int,
    check: int,
    finding: Finding,
    found: str | None = None,
    *,
    seen: int | None = None,
) -> int:
    """Write down what a unit found; it is not changed afterwards (ask again instead).

    Raises
    ------
    NotFound
        ``check.not_found``.
    StepRefused
        ``check.done_already``; ``check.needs_words``: unclear without saying why.
    """
    public_id = connection.execute(
        text("select i.public_id from fact_check c join incident i on i.id = c.incident_id where c.id = :check"),
        {"check": check},
    ).scalar()
    if public_id is None:
        raise NotFound("check.not_found")
    case = hold(connection, public_id, seen=seen)
    said = needed(found, "check.needs_words") if finding == Finding.UNCLEAR else written(found)
    taken = connection.execute(
        text(
            "update fact_check set finding = :finding, found = :found, done_by = :who, done_at = now()"
            " where id = :check and done_at is null"
        ),
        {"finding": finding.value, "found": said, "who": who, "check": check},
    ).rowcount
    if not taken:
        raise StepRefused("check.done_already", public_id=case.public_id)
    event = record(connection, who, case.id, Event.CHECK_DONE, check=check, finding=finding.value)
    audit(connection, "check.record", f"incident:{case.public_id}", check=check, finding=finding.value)
    return event
