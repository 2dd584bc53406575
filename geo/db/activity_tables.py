"""SQLAlchemy Core tables of work with people; the schema itself is ``migrations/versions/0014_activities.sql``."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    REAL,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)

from geo.crs import WGS84
from geo.db.tables import INSTANT, NO, NOW, in_area, metadata, serial

__all__ = [
    "activity", "activity_attendance", "activity_coordinator", "activity_follow_up", "activity_material", "activity_target",
    "calendar_pass", "meeting_attendance", "meeting_item",
]  # fmt: skip

ZERO = text("0")


def _of_activity(*, key: bool = False) -> Column[int]:
    whole = ForeignKey("activity.id", ondelete="CASCADE")
    return Column("activity_id", Integer, whole, primary_key=key, nullable=False)


activity = Table(
    "activity",
    metadata,
    serial(Integer),
    in_area("district_code", needed=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'held'::text")),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("begins", Time, comment="On a clock in Bangkok; nothing where it takes whole days."),
    Column("ends", Time),
    in_area("area_code"),
    Column("village", Text),
    Column("place", Text, comment="Hall, school or page, as somebody typed it."),
    Column("geom", Geometry("POINT", srid=WGS84, spatial_index=False)),
    Column("agency", Text, ForeignKey("agency.code"), comment="Who organises it, where it is not the centre itself."),
    in_area("partner_code"),
    Column("partner", Text, comment="The office across the border, as somebody typed it."),
    Column(
        "reach",
        Integer,
        comment="Views, listeners or copies, as they were told; never added to people who came.",
    ),
    Column("baht", Numeric(12, 2)),
    Column("baht_source", Text),
    Column("score_before", REAL, comment="Mean in per cent of a test before, of the number in scored."),
    Column("score_after", REAL),
    Column("scored", Integer),
    Column("satisfaction", REAL, comment="Mean from 1 to 5, of the number in answered."),
    Column("answered", Integer),
    Column("note", Text),
    Column(
        "revision", Integer, nullable=False, server_default=text("1"),
        comment="Grows with every change: who saves says which one they saw.",
    ),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Column("changed_by", Integer, ForeignKey("person.id")),
    Column("changed_at", INSTANT, nullable=False, server_default=NOW),
    Column("source", Text),
    Column("source_key", Text, unique=True, comment="By which a row of a spreadsheet is known again."),
    Column(
        "client_id", Uuid, unique=True, comment="Made by the page: the same activity sent again is the same activity."
    ),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Index("activity_day", "district_code", "first_day"),
    Index("activity_month", "first_day", "last_day"),
)  # fmt: skip
activity.c.area_code.comment = "Sub-district or village of the district."
activity.c.partner_code.comment = "District or commune across the border."

activity_attendance = Table(
    "activity_attendance",
    metadata,
    _of_activity(key=True),
    Column("role", Text, primary_key=True),
    Column("men", Integer, nullable=False, server_default=ZERO),
    Column("women", Integer, nullable=False, server_default=ZERO),
    Column("unstated", Integer, nullable=False, server_default=ZERO),
    comment="How many came, by what they do; never who.",
)

activity_coordinator = Table(
    "activity_coordinator",
    metadata,
    _of_activity(key=True),
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Index("activity_coordinator_person", "person_id"),
    comment="Accounts of coordinators that were trained: by them the villages with a trained one are counted.",
)

activity_material = Table(
    "activity_material",
    metadata,
    serial(),
    _of_activity(),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("note", Text),
    Column("added_by", Integer, ForeignKey("person.id"), nullable=False),
    Column("added_at", INSTANT, nullable=False, server_default=NOW),
    UniqueConstraint("activity_id", "sha256"),
)

activity_follow_up = Table(
    "activity_follow_up",
    metadata,
    serial(Integer),
    _of_activity(),
    Column("words", Text, nullable=False),
    Column(
        "owner_id",
        Integer,
        ForeignKey("person.id"),
        comment="Who does it; neither a person nor an agency means the centre.",
    ),
    Column("agency", Text, ForeignKey("agency.code")),
    Column("due", Date, nullable=False),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Column("done_by", Integer, ForeignKey("person.id")),
    Column("done_at", INSTANT),
    Index("activity_follow_up_of", "activity_id"),
    Index("activity_follow_up_open", "due", postgresql_where=text("done_at is null")),
)

activity_target = Table(
    "activity_target",
    metadata,
    Column("indicator", Text, nullable=False),
    in_area("district_code"),
    Column("since", Date, nullable=False),
    Column("value", Double, nullable=False),
    Column("set_by", Integer, ForeignKey("person.id")),
    Column("set_at", INSTANT, nullable=False, server_default=NOW),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    UniqueConstraint(
        "indicator", "district_code", "since", name="activity_target_one", postgresql_nulls_not_distinct=True
    ),
    comment="What the national centre aims at, from a quarter on; without a district for all that have none of their own.",
)

calendar_pass = Table(
    "calendar_pass",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    comment="Opens the calendar of a person to their telephone. The secret itself is kept nowhere.",
)


def _of_meeting() -> tuple[Column[int], ...]:
    whole = ForeignKey("meeting.id", ondelete="CASCADE")
    return (
        Column("meeting_id", Integer, whole, primary_key=True),
        Column("place", SmallInteger, primary_key=True, autoincrement=False),
    )


meeting_item = Table(
    "meeting_item",
    metadata,
    *_of_meeting(),
    Column("words", Text, nullable=False),
    Column("note", Text),
    comment="Agenda of a meeting and what was said of each item; no figure of its snapshot.",
)

meeting_attendance = Table(
    "meeting_attendance",
    metadata,
    *_of_meeting(),
    Column("agency", Text, ForeignKey("agency.code")),
    Column("office", Text),
    Column("present", SmallInteger, nullable=False),
    comment="How many came to a meeting, by agency or office; never who.",
)
