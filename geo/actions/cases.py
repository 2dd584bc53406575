"""Steps of the district's own people with a case: look, verify or find unfounded, grade, note, hand over.

Every step runs in the caller's transaction, into which a scope was entered (`geo.db.scope.enter`) for the same person;
what the scope may not change is refused. Each takes ``seen``, the last event of the case that the person saw, and answers
the number of the new event. Errors: those of `geo.actions.case_steps.hold` and `move`.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, needed, record, written
from geo.actions.case_steps import Held, hold, move
from geo.model import Status
from geo.model.case import Event, Grade

__all__ = [
    "approve_text",
    "assign",
    "draft_text",
    "grade",
    "look",
    "note",
    "start_verifying",
    "take",
    "unfounded",
    "verify",
]


def look(connection: Connection, who: int, public_id: str) -> int | None:
    """Open a case: the first look stops its first clock, and every opening stands in the audit log.

    Answers the number of the event of the first look, else nothing.
    """
    case = hold(connection, public_id)
    event = None
    if case.file["first_look_at"] is None:
        _set(connection, case, "first_look_at = now()")
        event = record(connection, who, case.id, Event.LOOKED)
    audit(connection, "case.open", f"incident:{case.public_id}", first=event is not None)
    return event


def start_verifying(
    connection: Connection, who: int, public_id: str, note: str | None = None, *, seen: int | None = None
) -> int:
    """Received -> being verified; whoever begins takes the case if nobody has it."""
    case = hold(connection, public_id, seen=seen)
    said = written(note)
    move(connection, case, Status.VERIFYING, of=[Status.RECEIVED])
    _set(
        connection,
        case,
        "officer_id = coalesce(officer_id, :who), first_look_at = coalesce(first_look_at, now())",
        who=who,
    )
    event = record(connection, who, case.id, Event.VERIFYING, now=case.status, then=Status.VERIFYING, note=said)
    audit(connection, "case.start_verifying", f"incident:{case.public_id}")
    return event


def verify(
    connection: Connection,
    who: int,
    public_id: str,
    grading: Grade | None = None,
    note: str | None = None,
    *,
    seen: int | None = None,
) -> int:
    """Being verified -> verified. Needs a grade, now or given before (``case.needs_grade``)."""
    case = hold(connection, public_id, seen=seen)
    said = written(note)
    move(connection, case, Status.VERIFIED, of=[Status.VERIFYING])
    decided = grading or case.grade
    if decided is None:
        raise StepRefused("case.needs_grade", public_id=case.public_id)
    if grading is not None:
        _write_grade(connection, who, case, grading)
    _set(connection, case, "verified_at = now()")
    event = record(
        connection, who, case.id, Event.VERIFIED, now=case.status, then=Status.VERIFIED, note=said, grade=str(decided)
    )
    audit(connection, "case.verify", f"incident:{case.public_id}", grade=str(decided))
    return event


def unfounded(connection: Connection, who: int, public_id: str, reason: str, *, seen: int | None = None) -> int:
    """Being verified -> unfounded. Needs a reason (``case.needs_reason``)."""
    case = hold(connection, public_id, seen=seen)
    move(connection, case, Status.UNFOUNDED)
    said = needed(reason, "case.needs_reason")
    _set(connection, case, "verified_at = now(), closed_at = now()")
    event = record(connection, who, case.id, Event.UNFOUNDED, now=case.status, then=Status.UNFOUNDED, note=said)
    audit(connection, "case.unfounded", f"incident:{case.public_id}")
    return event


def note(connection: Connection, who: int, public_id: str, said: str, *, seen: int | None = None) -> int:
    """Write a note into the history, in any state (``case.needs_text``)."""
    case = hold(connection, public_id, seen=seen)
    event = record(connection, who, case.id, Event.NOTED, note=needed(said, "case.needs_text"))
    audit(connection, "case.note", f"incident:{case.public_id}")
    return event


def grade(
    connection: Connection,
    who: int,
    public_id: str,
    grading: Grade,
    note: str | None = None,
    *,
    seen: int | None = None,
) -> int:
    """Grade source and information, in any state."""
    case = hold(connection, public_id, seen=seen)
    _write_grade(connection, who, case, grading)
    event = record(
        connection,
        who,
        case.id,
        Event.GRADED,
        note=written(note),
        grade=str(grading),
        before=str(case.grade) if case.grade else None,
    )
    audit(connection, "case.grade", f"incident:{case.public_id}", grade=str(grading))
    return event


def take(connection: Connection, who: int, public_id: str, *, seen: int | None = None) -> int:
    """Take a case oneself."""
    return assign(connection, who, public_id, who, seen=seen)


def assign(
    connection: Connection, who: int, public_id: str, officer: int, note: str | None = None, *, seen: int | None = None
) -> int:
    """Hand a case to an officer or chief of its district, who is told (``case.not_staff``, ``case.has_it_already``)."""
    case = hold(connection, public_id, seen=seen)
    staff = connection.execute(text("select id from district_staff(:district)"), {"district": case.district}).scalars()
    if officer not in set(staff):
        raise StepRefused("case.not_staff", public_id=case.public_id)
    if case.officer == officer:
        raise StepRefused("case.has_it_already", public_id=case.public_id)
    _set(connection, case, "officer_id = :officer", officer=officer)
    event = record(connection, who, case.id, Event.ASSIGNED, note=written(note), to=officer, before=case.officer)
    audit(connection, "case.assign", f"incident:{case.public_id}", to=officer)
    return event


def draft_text(connection: Connection, who: int, public_id: str, said: str, *, seen: int | None = None) -> int:
    """Write a text for a counterpart across the border; it goes nowhere before a chief approves it (``case.needs_text``)."""
    case = hold(connection, public_id, seen=seen)
    kept = needed(said, "case.needs_text")
    _set(connection, case, "open_draft = :kept", kept=kept)
    event = record(connection, who, case.id, Event.TEXT_DRAFTED, note=kept)
    audit(connection, "case.draft_text", f"incident:{case.public_id}")
    return event


def approve_text(connection: Connection, who: int, public_id: str, said: str | None, *, seen: int | None = None) -> int:
    """Approve the text that a counterpart across the border may read; nothing takes the approval back.

    Only a chief does it (``case.needs_chief``).
    """
    case = hold(connection, public_id, seen=seen)
    kept = written(said)
    if connection.execute(text("select role from person where id = :who"), {"who": who}).scalar() != "chief":
        raise StepRefused("case.needs_chief", public_id=case.public_id)
    _set(connection, case, "open_text = :kept, open_text_by = :who, open_draft = null", kept=kept, who=who)
    event = record(connection, who, case.id, Event.TEXT_APPROVED, note=kept)
    audit(connection, "case.approve_text", f"incident:{case.public_id}", given=kept is not None)
    return event


def _set(connection: Connection, case: Held, assignments: str, **values: object) -> None:
    connection.execute(
        text(f"update case_file set {assignments} where incident_id = :case"), {"case": case.id, **values}
    )


def _write_grade(connection: Connection, who: int, case: Held, grading: Grade) -> None:
    _set(
        connection,
        case,
        "source_grade = :source, info_grade = :info, graded_by = :who",
        source=grading.source,
        info=grading.info,
        who=who,
    )
