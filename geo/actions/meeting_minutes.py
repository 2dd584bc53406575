"""Write the agenda of a meeting and who came to it, also once it is held: they stand beside the snapshot."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.meeting import PREPARES
from geo.model.meeting_minutes import (
    LONGEST_ITEM,
    LONGEST_NOTE,
    LONGEST_OFFICE,
    MOST_ITEMS,
    MOST_OFFICES,
    MOST_PRESENT,
    AgendaItem,
    Attendance,
)
from geo.model.person import Person

__all__ = ["put_minutes"]


def put_minutes(
    connection: Connection, person: Person, meeting: int, items: Sequence[AgendaItem], came: Sequence[Attendance]
) -> None:
    """Bring agenda and attendance to these; items and offices without words are left out.

    Raises
    ------
    NotFound
        ``meeting.not_found``.
    StepRefused
        ``meeting.not_allowed``; ``minutes.…``: ``many``, ``too_long``, ``one_office``, ``unknown_agency``, ``twice``, ``present``;
        ``case.not_yours``.
    """
    if person.role not in PREPARES:
        raise StepRefused("meeting.not_allowed")
    if connection.execute(text("select true from meeting where id = :id"), {"id": meeting}).scalar() is None:
        raise NotFound("meeting.not_found", number=meeting)
    agenda = [(words, clean(one.note or "", lines=True) or None) for one in items if (words := clean(one.words))]
    offices = _offices(connection, came)
    if len(agenda) > MOST_ITEMS or len(offices) > MOST_OFFICES:
        raise StepRefused("minutes.many", items=MOST_ITEMS, offices=MOST_OFFICES)
    if any(len(words) > LONGEST_ITEM or len(note or "") > LONGEST_NOTE for words, note in agenda):
        raise StepRefused("minutes.too_long", item=LONGEST_ITEM, note=LONGEST_NOTE)
    with own_rows():
        for table in ("meeting_item", "meeting_attendance"):
            connection.execute(text(f"delete from {table} where meeting_id = :id"), {"id": meeting})
        for place, (words, note) in enumerate(agenda, 1):
            connection.execute(
                text("insert into meeting_item (meeting_id, place, words, note) values (:id, :place, :words, :note)"),
                {"id": meeting, "place": place, "words": words, "note": note},
            )
        for place, one in enumerate(offices, 1):
            connection.execute(
                text(
                    "insert into meeting_attendance (meeting_id, place, agency, office, present)"
                    " values (:id, :place, :agency, :office, :present)"
                ),
                {"id": meeting, "place": place, "agency": one.agency, "office": one.office, "present": one.present},
            )
    audit(
        connection, "meeting.minutes", f"meeting:{meeting}", entries=len(agenda), people=sum(one.present for one in offices)
    )  # fmt: skip


def _offices(connection: Connection, came: Sequence[Attendance]) -> list[Attendance]:
    """Offices with clean words, each of them once, and agencies that there are."""
    found: list[Attendance] = []
    for one in came:
        office = clean(one.office or "") or None
        if one.agency is None and office is None:
            continue
        if one.agency is not None and office is not None:
            raise StepRefused("minutes.one_office")
        if len(office or "") > LONGEST_OFFICE:
            raise StepRefused("minutes.too_long", item=LONGEST_ITEM, note=LONGEST_NOTE)
        if not 1 <= one.present <= MOST_PRESENT:
            raise StepRefused("minutes.present", most=MOST_PRESENT)
        if any((one.agency, office) == (other.agency, other.office) for other in found):
            raise StepRefused("minutes.twice")
        found.append(Attendance(one.agency, office, one.present))
    codes = {one.agency for one in found if one.agency}
    known = connection.execute(
        text("select code from agency where code = any(:codes)"), {"codes": list(codes)}
    ).scalars()
    if codes - set(known):
        raise StepRefused("minutes.unknown_agency")
    return found
