"""SQLAlchemy Core tables of what happens to patrols and to the border; the schema is ``migrations/versions/0008_patrols.sql``."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import REAL

from geo.crs import WGS84
from geo.db.tables import INSTANT, NOW, metadata, serial

__all__ = ["border_pass", "border_segment", "patrol_event"]

patrol_event = Table(
    "patrol_event",
    metadata,
    serial(),
    Column("patrol_id", BigInteger, ForeignKey("patrol.id", ondelete="CASCADE"), nullable=False),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("person_id", Integer, ForeignKey("person.id")),
    Column("from_status", Text),
    Column("to_status", Text, nullable=False),
    Column("reason", Text),
    Index("patrol_event_of", "patrol_id", "id"),
    comment="Who moved a run to which state, when and why; without a person it was a file or the clock.",
)

border_segment = Table(
    "border_segment",
    metadata,
    serial(Integer),
    Column("section_code", Text, ForeignKey("border_section.code", ondelete="CASCADE"), nullable=False),
    Column("part", SmallInteger, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("km", Double, nullable=False),
    Column("middle", Geometry("POINT", srid=WGS84, spatial_index=False), nullable=False),
    Column("geom", Geometry("LINESTRING", srid=WGS84, spatial_index=False), nullable=False),
    UniqueConstraint("section_code", "part", "number"),
    Index("border_segment_middle", "middle", postgresql_using="gist"),
    comment="The border in pieces of at most a kilometre, in their order along each part of a section.",
)

border_pass = Table(
    "border_pass",
    metadata,
    Column("segment_id", Integer, ForeignKey("border_segment.id", ondelete="CASCADE"), primary_key=True),
    Column("patrol_id", BigInteger, ForeignKey("patrol.id", ondelete="CASCADE"), primary_key=True),
    Column("agency", Text),
    Column("first_at", INSTANT, nullable=False),
    Column("last_at", INSTANT, nullable=False),
    Column("km", REAL, nullable=False, comment="Kilometres of the track to which no other piece of border was nearer."),
    Index("border_pass_patrol", "patrol_id"),
    Index("border_pass_last", "segment_id", text("last_at desc"), postgresql_include=["agency", "km"]),
    comment="Which patrol came near the middle of which piece of border, and when.",
)
