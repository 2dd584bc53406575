"""SQLAlchemy Core table of releases to the public; the schema itself is ``migrations/versions/0012_public.sql``."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, SmallInteger, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from geo.db.tables import INSTANT, NO, NOW, metadata, serial

__all__ = ["public_release"]

public_release = Table(
    "public_release",
    metadata,
    serial(Integer),
    Column("quarter", Text, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'prepared'::text")),
    Column(
        "figures", JSONB, nullable=False, comment="What is shown: geo.model.release.Figures; hidden figures are null."
    ),
    Column(
        "counts", JSONB, nullable=False,
        comment="The whole table, to keep later versions apart from it. Not for the public.",
    ),
    Column("reason", Text),
    Column(
        "note", JSONB, nullable=False, server_default=text("'{}'::jsonb"),
        comment="Words beside the figures, by language; shown once they are approved.",
    ),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Column("note_approved_by", Integer, ForeignKey("person.id")),
    Column("note_approved_at", INSTANT),
    Column("published_by", Integer, ForeignKey("person.id")),
    Column("published_at", INSTANT),
    Column("withdrawn_by", Integer, ForeignKey("person.id")),
    Column("withdrawn_at", INSTANT),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    UniqueConstraint("quarter", "version", "is_demo", name="public_release_version"),
    comment="What is told to the public of a quarter, as it was when it was made; never computed again.",
)  # fmt: skip
