"""Close a case: one person asks with an outcome and what shows it, a second one confirms; re-checks and reopening.

Steps as in `geo.actions.cases`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, needed, record, written
from geo.actions.case_merge import unmerge
from geo.actions.case_steps import Held, hold, move, refuse_unfit
from geo.model import Status
from geo.model.case import NEEDS_A_NOTE, Event, Outcome
from geo.queries.case_settings import recheck_share

__all__ = ["confirm_closing", "propose_closing", "recheck", "reopen", "send_back"]

_FAIR = secrets.SystemRandom().random


def propose_closing(
    connection: Connection,
    who: int,
    public_id: str,
    outcome: Outcome,
    note: str | None = None,
    *,
    seen: int | None = None,
) -> int:
    """Ask to close a verified or referred case. The state stays until a second person confirms.

    Raises
    ------
    StepRefused
        ``case.needs_evidence``: neither evidence nor a reason (``note``) is given; ``case.outcome_needs_note``;
        ``case.referral_open``: an agency has not answered yet, or works on it and it was not handed over to it;
        ``case.closing_waits``.
    """
    case = hold(connection, public_id, seen=seen)
    if case.closing_waits:
        raise StepRefused("case.closing_waits", public_id=case.public_id)
    refuse_unfit(connection, case, Status.CLOSED)
    said = written(note)
    if said is None and outcome in NEEDS_A_NOTE:
        raise StepRefused("case.outcome_needs_note")
    if said is None and not _evidence(connection, case):
        raise StepRefused("case.needs_evidence", public_id=case.public_id)
    _refuse_while_referred(connection, case, outcome)
    connection.execute(
        text(
            "update case_file set outcome = :outcome, outcome_note = :note, closing_by = :who, closing_at = now()"
            " where incident_id = :case"
        ),
        {"outcome": outcome.value, "note": said, "who": who, "case": case.id},
    )
    event = record(connection, who, case.id, Event.CLOSING_PROPOSED, note=said, outcome=outcome.value)
    audit(connection, "case.propose_closing", f"incident:{case.public_id}", outcome=outcome.value)
    return event


def confirm_closing(
    connection: Connection,
    who: int,
    public_id: str,
    note: str | None = None,
    *,
    seen: int | None = None,
    draw: Callable[[], float] = _FAIR,
) -> int:
    """Close a case for which another person asked (``case.nobody_asked``, ``case.second_person``).

    Parameters
    ----------
    draw
        A number from 0 to 1: below the share that the administrator set, the case is drawn for a re-check.
    """
    case = _waiting(hold(connection, public_id, seen=seen))
    if case.closing_by == who:
        raise StepRefused("case.second_person", public_id=case.public_id)
    _refuse_while_referred(connection, case, Outcome(str(case.outcome)))
    move(connection, case, Status.CLOSED)
    drawn = draw() < recheck_share(connection)
    connection.execute(
        text(
            "update case_file set closed_by = :who, closed_at = now(), recheck = :drawn, rechecked_by = null,"
            " rechecked_at = null where incident_id = :case"
        ),
        {"who": who, "drawn": drawn, "case": case.id},
    )
    said, outcome, to = written(note), case.outcome, case.closing_by
    event = record(
        connection, who, case.id, Event.CLOSED, now=case.status, then=Status.CLOSED, note=said, outcome=outcome, to=to
    )
    if drawn:
        event = record(connection, who, case.id, Event.RECHECK_DRAWN)
    audit(connection, "case.close", f"incident:{case.public_id}", outcome=outcome, asked_by=to, recheck=drawn)
    return event


def send_back(connection: Connection, who: int, public_id: str, reason: str, *, seen: int | None = None) -> int:
    """Do not close: the case goes on, and who asked is told. Who asked may take it back in the same way."""
    case = _waiting(hold(connection, public_id, seen=seen))
    said = needed(reason, "case.needs_reason")
    _clear_ending(connection, case)
    event = record(
        connection,
        who,
        case.id,
        Event.CLOSING_SENT_BACK,
        note=said,
        outcome=case.outcome,
        outcome_note=case.outcome_note,
        to=case.closing_by,
    )
    audit(connection, "case.send_back", f"incident:{case.public_id}", asked_by=case.closing_by)
    return event


def recheck(
    connection: Connection, who: int, public_id: str, *, holds: bool, note: str | None = None, seen: int | None = None
) -> int:
    """Say what the re-check of a closed case showed; one that does not hold is reopened, which needs a note.

    The person who asked to close does not re-check (``case.not_own_recheck``). Who confirmed may, so that a centre of
    two people is not stuck.
    """
    case = hold(connection, public_id, seen=seen)
    if case.status != Status.CLOSED or not case.recheck or case.rechecked:
        raise StepRefused("case.no_recheck", public_id=case.public_id)
    if case.closing_by == who:
        raise StepRefused("case.not_own_recheck", public_id=case.public_id)
    said = written(note) if holds else needed(note, "case.needs_reason")
    connection.execute(
        text("update case_file set rechecked_by = :who, rechecked_at = now() where incident_id = :case"),
        {"who": who, "case": case.id},
    )
    event = record(connection, who, case.id, Event.RECHECKED, note=said, holds=holds)
    if not holds:
        event = _reopen(connection, who, case, said)
    audit(connection, "case.recheck", f"incident:{case.public_id}", holds=holds)
    return event


def reopen(connection: Connection, who: int, public_id: str, reason: str, *, seen: int | None = None) -> int:
    """Closed, unfounded or duplicate -> being verified again. A duplicate gets back the reports it brought."""
    case = hold(connection, public_id, seen=seen)
    said = needed(reason, "case.needs_reason")
    if case.status == Status.DUPLICATE:
        return unmerge(connection, who, public_id, said)
    event = _reopen(connection, who, case, said)
    audit(connection, "case.reopen", f"incident:{case.public_id}", before=case.status.value)
    return event


def _reopen(connection: Connection, who: int, case: Held, reason: str | None) -> int:
    move(connection, case, Status.VERIFYING, of=[Status.CLOSED, Status.UNFOUNDED])
    _clear_ending(connection, case)
    connection.execute(
        text("update case_file set reopened_at = now(), recheck = false where incident_id = :case"), {"case": case.id}
    )
    ending: dict[str, Any] = {
        key: case.file[key]
        for key in ("outcome", "outcome_note", "closing_by", "closed_by", "closed_at")
        if case.file[key] is not None
    }
    return record(
        connection, who, case.id, Event.REOPENED, now=case.status, then=Status.VERIFYING, note=reason, **ending
    )


def _clear_ending(connection: Connection, case: Held) -> None:
    connection.execute(
        text(
            "update case_file set outcome = null, outcome_note = null, closing_by = null, closing_at = null,"
            " closed_by = null, closed_at = null where incident_id = :case"
        ),
        {"case": case.id},
    )


def _waiting(case: Held) -> Held:
    if not case.closing_waits:
        raise StepRefused("case.nobody_asked", public_id=case.public_id)
    return case


def _evidence(connection: Connection, case: Held) -> bool:
    """Whether the case, or one that was merged into it, has a photo or paper."""
    return bool(
        connection.execute(
            text(
                "with recursive family (id) as (select cast(:case as bigint) union"
                " select f.incident_id from case_file f join family on f.merged_into = family.id)"
                " select exists (select from evidence e join family on e.incident_id = family.id)"
            ),
            {"case": case.id},
        ).scalar()
    )


def _refuse_while_referred(connection: Connection, case: Held, outcome: Outcome) -> None:
    waiting = ["sent"] if outcome == Outcome.HANDED_OVER else ["sent", "accepted"]
    name = connection.execute(
        text(
            "select a.code from referral r join agency a on a.code = r.agency where r.incident_id = :case"
            " and r.state = any(:waiting) order by r.id limit 1"
        ),
        {"case": case.id, "waiting": waiting},
    ).scalar()
    if name is not None:
        raise StepRefused("case.referral_open", public_id=case.public_id, agency=name)
