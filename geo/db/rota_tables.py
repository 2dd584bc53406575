"""SQLAlchemy Core tables of rotas; the schema itself is ``migrations/versions/0006_rotas.sql``."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.crs import WGS84
from geo.db.tables import INSTANT, NO, NOW, metadata, serial

__all__ = ["rota", "rota_post", "rota_shift"]

rota = Table(
    "rota",
    metadata,
    serial(Integer),
    Column("title", Text, nullable=False),
    Column("districts", ARRAY(Text), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("days", SmallInteger, nullable=False),
    Column(
        "starts", ARRAY(SmallInteger), nullable=False,
        comment="Full hour at which each window of the day begins, Asia/Bangkok.",
    ),
    Column(
        "ends", ARRAY(SmallInteger), nullable=False,
        comment="Full hour at which each window ends; above 24 on the next day.",
    ),
    Column("teams", ARRAY(SmallInteger), nullable=False, comment="Teams that are out at the same time in each window."),
    Column("floor", Double, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked", JSONB, nullable=False, comment="What the demand was made from: period, kinds, radius."),
    Column("seed", BigInteger, nullable=False, comment="With the probabilities it draws the same shifts again."),
    Column(
        "draws", SmallInteger, nullable=False, server_default=text("1"),
        comment="How often it was drawn: picking among draws bends the probabilities.",
    ),
    Column("state", Text, nullable=False, server_default=text("'draft'::text")),
    Column("made_by", Integer, ForeignKey("person.id"), nullable=False),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Column("published_by", Integer, ForeignKey("person.id")),
    Column("published_at", INSTANT),
    Column("withdrawn_by", Integer, ForeignKey("person.id")),
    Column("withdrawn_at", INSTANT),
    Column("withdrawn_why", Text),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Index("rota_days", text("first_day desc"), text("id desc")),
)  # fmt: skip

rota_post = Table(
    "rota_post",
    metadata,
    Column("rota_id", Integer, ForeignKey("rota.id", ondelete="CASCADE"), primary_key=True),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("checkpoint_id", Integer, ForeignKey("checkpoint.id", ondelete="SET NULL")),
    Column("geom", Geometry("POINT", srid=WGS84, spatial_index=False), nullable=False),
    Column("value", ARRAY(Double), nullable=False),
    Column("probability", ARRAY(Double), nullable=False),
    Index("rota_post_checkpoint", "checkpoint_id", postgresql_where=text("checkpoint_id is not null")),
    comment="Places of a rota; value and probability of each window of the day.",
)

rota_shift = Table(
    "rota_shift",
    metadata,
    Column("rota_id", Integer, ForeignKey("rota.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False, comment="Position of the window in rota.starts, from 0."),
    Column("team", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, nullable=False),
    Column(
        "drawn", SmallInteger, nullable=False,
        comment="Place that was drawn; place is another one where somebody changed it by hand.",
    ),
    Column("reason", Text),
    Column("changed_by", Integer, ForeignKey("person.id")),
    Column("changed_at", INSTANT),
    UniqueConstraint("rota_id", "day", "slot", "place"),
    ForeignKeyConstraint(["rota_id", "place"], ["rota_post.rota_id", "rota_post.place"], ondelete="CASCADE"),
    comment="One team at one place in one window of one day: when the checkpoint is to be manned.",
)  # fmt: skip
