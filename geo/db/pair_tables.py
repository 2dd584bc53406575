"""SQLAlchemy Core tables of silence and of paired districts; the schema itself is ``migrations/versions/0013_pairs.sql``."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Computed, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from geo.db.tables import INSTANT, NO, NOW, in_area, metadata, serial

__all__ = ["coordinator_contact", "district_pair", "pair_contact", "silence_call"]

coordinator_contact = Table(
    "coordinator_contact",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_by", Integer, ForeignKey("person.id", ondelete="SET NULL")),
    Column("kept_at", INSTANT, nullable=False, server_default=NOW),
    comment="Telephone of a coordinator. Encrypted by the application; every opening is logged.",
)

silence_call = Table(
    "silence_call",
    metadata,
    serial(),
    Column(
        "person_id", Integer, ForeignKey("person.id"), nullable=False,
        comment="The coordinator; place and village are theirs at that time.",
    ),
    in_area("area_code", needed=True),
    Column("village", Text, nullable=False, server_default=text("''::text")),
    Column("called_by", Integer, ForeignKey("person.id"), nullable=False),
    Column("called_at", INSTANT, nullable=False, server_default=NOW),
    Column("outcome", Text, nullable=False),
    Column("month", Date, comment="For which month they said that there was nothing to report."),
    Column("note", Text),
    Column("entered_at", INSTANT, nullable=False, server_default=NOW),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Index("silence_call_place", "area_code", "village", text("called_at desc")),
    comment="Somebody of the district centre called a coordinator of whom nothing was heard.",
)  # fmt: skip

district_pair = Table(
    "district_pair",
    metadata,
    serial(Integer),
    in_area("district_code", needed=True),
    Column("neighbour", Text, nullable=False),
    Column("name_th", Text),
    Column("name_en", Text, nullable=False),
    Column("name_local", Text, comment="In the neighbour's own letters, Lao or Khmer."),
    Column(
        "counterpart_codes", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]"),
        comment="Areas of the neighbour that the counterpart is made of: a Lao district, Cambodian communes.",
    ),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),
    Column("source", Text, comment="Where the pairing is written down."),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Column("changed_by", Integer, ForeignKey("person.id")),
    Column("changed_at", INSTANT, nullable=False, server_default=NOW),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Index(
        "district_pair_once", "district_code", "neighbour", text("lower(name_en)"), unique=True,
        postgresql_where=text("to_day is null"),
    ),
    comment="A Thai district and its counterpart across the border, from one day to another.",
)  # fmt: skip

pair_contact = Table(
    "pair_contact",
    metadata,
    serial(Integer),
    Column("pair_id", Integer, ForeignKey("district_pair.id", ondelete="CASCADE"), nullable=False),
    Column("side", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("hours", Text),
    Column("agreed_on", Date, nullable=False),
    Column("ended_on", Date),
    Column(
        "sealed", LargeBinary,
        comment="Name and number of a person who consented. Encrypted by the application; every opening is logged.",
    ),
    Column("consent_on", Date),
    Column("has_person", Boolean, Computed("(sealed is not null)", persisted=True), nullable=False),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Index("pair_contact_of", "pair_id", "id"),
    comment="An agreed contact point of a pair: which office, by which way, when.",
)  # fmt: skip
