"""Files of activities: pictures that were rebuilt from their pixels, and PDFs without anything that runs."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.actions.evidence import LARGEST, MEDIA_TYPES
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.activity import LONGEST
from geo.model.person import Person

__all__ = ["MOST", "add_material", "remove_material"]

MOST = 12
"""Files of one activity."""
TAKEN = ("image/jpeg", "application/pdf")
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/RichMedia", b"/XFA")
"""Names by which a PDF runs something or carries a file. One that hides them in packed objects is still only handed over to
be saved, never shown by us."""
_ENDS_A_NAME = b" /<>[]()\r\n\t\x00\x0c"


def add_material(
    connection: Connection, person: Person, activity: int, media_type: str, content: bytes, note: str | None = None
) -> int:
    """Keep a file with an activity; its number. The same file a second time answers the first one's number.

    Pictures must have been rebuilt from their pixels before (no EXIF); that is the caller's business.

    Raises
    ------
    NotFound
        ``activity.not_found``.
    StepRefused
        ``activity.…``: ``material_empty``, ``material_type``, ``material_large``, ``material_active``, ``many_materials``,
        ``too_long``; ``case.not_yours``.
    """
    if not content:
        raise StepRefused("activity.material_empty")
    if media_type not in TAKEN or not content.startswith(MEDIA_TYPES[media_type]):
        raise StepRefused("activity.material_type")
    if len(content) > LARGEST:
        raise StepRefused("activity.material_large", megabytes=LARGEST // 1_000_000)
    if media_type == "application/pdf" and _acts(content):
        raise StepRefused("activity.material_active")
    said = clean(note or "")[: LONGEST["place"]] or None
    there = connection.execute(
        text("select count(m.id) from activity a left join activity_material m on m.activity_id = a.id where a.id = :id group by a.id"),
        {"id": activity},
    ).scalar()  # fmt: skip
    if there is None:
        raise NotFound("activity.not_found", number=activity)
    digest = hashlib.sha256(content).digest()
    same = connection.execute(
        text("select id from activity_material where activity_id = :id and sha256 = :digest"),
        {"id": activity, "digest": digest},
    ).scalar()
    if same is not None:
        return int(same)
    if there >= MOST:
        raise StepRefused("activity.many_materials", most=MOST)
    with own_rows():
        made = connection.execute(
            text(
                "insert into activity_material (activity_id, media_type, content, sha256, note, added_by)"
                " values (:id, :media_type, :content, :digest, :note, :by) returning id"
            ),
            {"id": activity, "media_type": media_type, "content": content, "digest": digest, "note": said, "by": person.id},
        ).scalar_one()  # fmt: skip
    audit(connection, "activity.material", f"activity:{activity}", material=int(made), bytes=len(content))
    return int(made)


def _acts(content: bytes) -> bool:
    """Whether a PDF says one of the names of `ACTIVE` as a whole name."""
    for name in ACTIVE:
        at = content.find(name)
        while at >= 0:
            after = content[at + len(name) : at + len(name) + 1]
            if not after or after in _ENDS_A_NAME:
                return True
            at = content.find(name, at + 1)
    return False


def remove_material(connection: Connection, material: int) -> None:
    """Take a file away, also one that shows what it should not: a list of names has no place here.

    Raises
    ------
    NotFound
        ``activity.no_material``: there is none, or not one that this person may take away.
    """
    with own_rows():
        of = connection.execute(
            text("delete from activity_material where id = :id returning activity_id"), {"id": material}
        ).scalar()
    if of is None:
        raise NotFound("activity.no_material", number=material)
    audit(connection, "activity.material_gone", f"activity:{of}", material=material)
