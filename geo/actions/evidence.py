"""Put evidence to a case: a photo, a paper or a written statement; none is taken away or changed. Steps as in `geo.actions.cases`."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, record, written
from geo.actions.case_steps import hold
from geo.model.case import Event

__all__ = ["LARGEST", "MEDIA_TYPES", "add_evidence"]

MEDIA_TYPES = {"image/jpeg": b"\xff\xd8\xff", "application/pdf": b"%PDF-", "text/plain": b""}
"""What is taken, and how it begins."""
LARGEST = 5_000_000
"""Bytes."""


def add_evidence(
    connection: Connection,
    who: int,
    public_id: str,
    media_type: str,
    content: bytes,
    note: str | None = None,
    *,
    seen: int | None = None,
) -> int:
    """Keep a file with a case; its number. The same file a second time answers the first one's number.

    Photos must have been rebuilt from their pixels before (no EXIF); that is the caller's business.

    Raises
    ------
    StepRefused
        ``evidence.media_type``, ``evidence.empty``, ``evidence.too_large``.
    """
    begins = MEDIA_TYPES.get(media_type)
    if not content:
        raise StepRefused("evidence.empty")
    if begins is None or not content.startswith(begins):
        raise StepRefused("evidence.media_type")
    if len(content) > LARGEST:
        raise StepRefused("evidence.too_large", megabytes=LARGEST // 1_000_000)
    case = hold(connection, public_id, seen=seen)
    digest = hashlib.sha256(content).digest()
    there = connection.execute(
        text("select id from evidence where incident_id = :case and sha256 = :digest order by id limit 1"),
        {"case": case.id, "digest": digest},
    ).scalar()
    if there is not None:
        return int(there)
    made = connection.execute(
        text(
            "insert into evidence (incident_id, media_type, content, sha256, note, added_by)"
            " values (:case, :media_type, :content, :digest, :note, :who) returning id"
        ),
        {
            "case": case.id,
            "media_type": media_type,
            "content": content,
            "digest": digest,
            "note": written(note),
            "who": who,
        },
    ).scalar_one()
    record(connection, who, case.id, Event.EVIDENCE_ADDED, evidence=made)
    audit(connection, "evidence.add", f"incident:{case.public_id}", evidence=made, bytes=len(content))
    return int(made)
