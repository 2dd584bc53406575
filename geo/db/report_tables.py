"""SQLAlchemy Core tables of reports; the schema itself is ``migrations/versions/0011_reports.sql``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, Double, ForeignKey, Index, Integer, SmallInteger, Table, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB

from geo.db.tables import INSTANT, NO, NOW, in_area, metadata, serial

__all__ = ["month_correction", "month_reminder", "month_report", "quarter_report"]

_NOTHING = text("'{}'::jsonb")


def _versioned(content: str) -> list[Column[Any]]:
    """What reports of a month and of a quarter have in common."""
    return [
        Column("version", SmallInteger, nullable=False, server_default=text("1")),
        Column("state", Text, nullable=False, server_default=text("'draft'::text")),
        Column("content", JSONB, nullable=False, comment=content),
        Column("narrative", JSONB, nullable=False, server_default=_NOTHING),
        Column("reason", Text),
        Column("as_of", INSTANT, nullable=False, server_default=NOW),
        Column("made_by", Integer, ForeignKey("person.id")),
        Column("made_at", INSTANT, nullable=False, server_default=NOW),
        Column("signed_by", Integer, ForeignKey("person.id")),
        Column("signed_at", INSTANT),
        Column("is_demo", Boolean, nullable=False, server_default=NO),
    ]


month_report = Table(
    "month_report",
    metadata,
    serial(Integer),
    in_area("district_code", needed=True),
    Column("month", Date, nullable=False),
    *_versioned("Figures and map as geo.model.month_report, frozen at as_of."),
    Unique("district_code", "month", "version"),
    Index("month_report_draft", "district_code", "month", unique=True, postgresql_where=text("state = 'draft'")),
    Index("month_report_month", "month", "district_code"),
)
month_report.c.reason.comment = "Why a signed report was made anew."

month_correction = Table(
    "month_correction",
    metadata,
    Column("month_report_id", Integer, ForeignKey("month_report.id", ondelete="CASCADE"), primary_key=True),
    Column("figure", Text, primary_key=True),
    Column("corrected", Double, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id")),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    comment="What a centre says instead of what was counted, and why; both are shown.",
)

month_reminder = Table(
    "month_reminder",
    metadata,
    in_area("district_code", primary_key=True),
    Column("month", Date, primary_key=True),
    Column("at", INSTANT, primary_key=True, server_default=NOW),
    Column("person_id", Integer, ForeignKey("person.id")),
    comment="That a centre was asked for its report; without a person it was the clock.",
)

quarter_report = Table(
    "quarter_report",
    metadata,
    serial(Integer),
    Column("quarter", Date, nullable=False),
    *_versioned("Figures as geo.model.quarter_report, frozen at as_of."),
    Unique("quarter", "version"),
    Index("quarter_report_draft", "quarter", unique=True, postgresql_where=text("state = 'draft'")),
)
