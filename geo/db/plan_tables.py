"""SQLAlchemy Core tables of plans; the schema itself is ``migrations/versions/0009_plans.sql``."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.crs import WGS84
from geo.db.tables import INSTANT, NO, NOW, in_area, metadata, serial

__all__ = ["plan", "plan_site", "plan_step"]

NOTHING = text("'{}'::jsonb")

plan = Table(
    "plan",
    metadata,
    serial(Integer),
    Column("title", Text, nullable=False),
    Column("districts", ARRAY(Text), nullable=False),
    Column(
        "question", JSONB, nullable=False, server_default=NOTHING,
        comment="What was asked, as dashboard.planning.question; empty where sites were only typed or read from a file.",
    ),
    Column(
        "answer", JSONB, nullable=False, server_default=NOTHING,
        comment="What was found, with bound, gap and status.",
    ),
    Column(
        "as_of", INSTANT, nullable=False, server_default=NOW, comment="Moment of the demand that the figures count."
    ),
    Column("state", Text, nullable=False, server_default=text("'draft'::text")),
    Column("reason", Text),
    Column(
        "revision", Integer, nullable=False, server_default=text("1"),
        comment="Grows with every change of a draft: who saves says which one they saw.",
    ),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Column("changed_by", Integer, ForeignKey("person.id")),
    Column("changed_at", INSTANT, nullable=False, server_default=NOW),
    Column("proposed_by", Integer, ForeignKey("person.id")),
    Column(
        "decided_by", Integer, ForeignKey("person.id"),
        comment="Who approved or rejected it: neither who made it nor who changed or proposed it.",
    ),
    Column("copy_of", Integer, ForeignKey("plan.id", ondelete="SET NULL")),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Index("plan_newest", text("changed_at desc"), text("id desc")),
)  # fmt: skip

plan_site = Table(
    "plan_site",
    metadata,
    Column("plan_id", Integer, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "place", SmallInteger, primary_key=True, autoincrement=False, comment="Number on map and list, from 1."
    ),
    Column("name", Text, nullable=False),
    in_area(),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default=text("'checkpoint'::text")),
    Column(
        "checkpoint_id", Integer, ForeignKey("checkpoint.id", ondelete="SET NULL"),
        comment="The checkpoint that is kept, or that the plan made once it was approved.",
    ),
    Column("cost", Double),
    Column("staff", Double),
    Column(
        "moved", Boolean, nullable=False, server_default=NO,
        comment="A person put it elsewhere than the method did.",
    ),
    Column(
        "figures", JSONB, nullable=False, server_default=NOTHING,
        comment="What it covers, adds and would lose, and its second-best place.",
    ),
    Column("geom", Geometry("POINT", srid=WGS84, spatial_index=False), nullable=False),
    Index("plan_site_checkpoint", "checkpoint_id", postgresql_where=text("checkpoint_id is not null")),
)  # fmt: skip

plan_step = Table(
    "plan_step",
    metadata,
    serial(),
    Column("plan_id", Integer, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id")),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("reason", Text),
    Index("plan_step_of", "plan_id", "id"),
    comment="Who took a plan to which state, and when. Written by the trigger plan_told alone.",
)
