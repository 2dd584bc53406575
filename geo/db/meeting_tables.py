"""SQLAlchemy Core tables of meetings; the schema itself is ``migrations/versions/0005_meetings.sql``."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.crs import WGS84
from geo.db.tables import INSTANT, NO, NO_TEXTS, NOW, YES, in_area, metadata, serial

__all__ = ["decision", "meeting", "meeting_sheet"]

meeting = Table(
    "meeting",
    metadata,
    serial(Integer),
    Column("title", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("prepared_by", Integer, ForeignKey("person.id")),
    Column("state", Text, nullable=False, server_default=text("'prepared'::text")),
    Column("districts", ARRAY(Text), nullable=False, comment="In the order in which they are looked at."),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("crime_types", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
    Column("channels", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
    Column("verified_only", Boolean, nullable=False, server_default=YES),
    Column("layers", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
    Column("hides_small", Boolean, nullable=False, server_default=YES),
    Column(
        "as_of", INSTANT, nullable=False, server_default=NOW,
        comment="Moment of the snapshot: nothing that was reported later is in it.",
    ),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("started_at", INSTANT),
    Column("finished_at", INSTANT),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Index("meeting_day", text("held_on desc"), text("id desc")),
)  # fmt: skip

meeting_sheet = Table(
    "meeting_sheet",
    metadata,
    Column("meeting_id", Integer, ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("district_code", Text),
    Column("content", JSONB, nullable=False),
    comment="What screen and papers show of one district, as geo.model.meeting_sheet; place 0 is the overview.",
)

decision = Table(
    "decision",
    metadata,
    serial(Integer),
    Column("meeting_id", Integer, ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    in_area("district_code", needed=True),
    Column("words", Text, nullable=False, comment="What was decided, as somebody typed it."),
    Column("owner_id", Integer, ForeignKey("person.id")),
    Column("agency", Text, ForeignKey("agency.code")),
    Column("due", Date, nullable=False),
    Column("geom", Geometry("POINT", srid=WGS84, spatial_index=False)),
    in_area("area_code"),
    Column("checkpoint_id", Integer, ForeignKey("checkpoint.id", ondelete="SET NULL")),
    Column("state", Text, nullable=False, server_default=text("'open'::text")),
    Column("reason", Text, comment="Why it was dropped, or what was done."),
    Column("decided_by", Integer, ForeignKey("person.id"), nullable=False),
    Column("decided_at", INSTANT, nullable=False, server_default=NOW),
    Column("ended_by", Integer, ForeignKey("person.id")),
    Column("ended_at", INSTANT),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Column(
        "client_id", Uuid, unique=True, comment="Made by the screen: the same decision sent again is the same decision."
    ),
    Column(
        "plan_id",
        Integer,
        ForeignKey("plan.id", ondelete="SET NULL"),
        comment="The plan of checkpoints that it is about.",
    ),
    Index("decision_meeting", "meeting_id"),
    Index("decision_district", "district_code", "state"),
    Index("decision_owner", "owner_id", postgresql_where=text("state = 'open'")),
    Index("decision_checkpoint", "checkpoint_id", postgresql_where=text("checkpoint_id is not null")),
    Index("decision_plan", "plan_id", postgresql_where=text("plan_id is not null")),
)
