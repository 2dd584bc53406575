"""SQLAlchemy Core tables of the live map, for statements written in Python.

The schema itself is made by ``migrations/versions/*.sql``; a test proves that these tables are the same.
Checks, triggers and functions stand only in the SQL. All geometry is WGS 84 (EPSG:4326).
"""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL

from geo.crs import WGS84

__all__ = [
    "agency",
    "area",
    "area_part",
    "border_section",
    "checkpoint",
    "crime_type",
    "crossing",
    "import_batch",
    "incident",
    "incident_count",
    "incident_count_written",
    "metadata",
    "patrol",
    "patrol_fix",
    "patrol_route",
    "report",
]

metadata = MetaData()

INSTANT = DateTime(timezone=True)
NOW = text("now()")
NO = text("false")
YES = text("true")
NO_TEXTS = text("'{}'::text[]")
OTHERS = ["crime_type", "status", "channel", "district_code"]
"""What a filter asks beside the day: carried by the indexes of incident, so that the table is not read."""


def _geom(kind: str, *, needed: bool = False, name: str = "geom") -> Column[Any]:
    return Column(name, Geometry(kind, srid=WGS84, spatial_index=False), nullable=not needed)


def in_area(
    name: str = "district_code",
    *,
    needed: bool = False,
    primary_key: bool = False,
    on_delete: str | None = None,
    comment: str | None = None,
) -> Column[Any]:
    """Column with the code of an area."""
    # Deferred to the commit, so that boundaries can be replaced in one transaction.
    link = ForeignKey("area.code", deferrable=True, initially="DEFERRED", ondelete=on_delete)
    return Column(name, Text, link, nullable=not (needed or primary_key), primary_key=primary_key, comment=comment)


def serial(kind: type[Integer] = BigInteger) -> Column[Any]:
    """The column ``id`` that numbers the rows."""
    return Column("id", kind, Identity(always=True), primary_key=True)


def _is_demo() -> Column[Any]:
    return Column("is_demo", Boolean, nullable=False, server_default=NO)


# ---------------------------------------------------------------- places
area = Table(
    "area",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("country", Text, nullable=False),
    in_area("parent_code"),
    Column("name_th", Text),
    Column("name_en", Text),
    Column("is_border", Boolean, nullable=False, server_default=NO),
    Column("target", Text, nullable=False, server_default=text("'no'::text")),
    Column("target_source", Text),
    Column("neighbours", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
    Column("population", Integer),
    _geom("POINT", name="rep_point"),
    _geom("MULTIPOLYGON"),
    Column("geom_source", Text),
    Column("is_approximate", Boolean, nullable=False, server_default=NO),
    Column("updated_at", INSTANT, nullable=False, server_default=NOW),
    Index("area_geom", "geom", postgresql_using="gist"),
    Index("area_level", "level", "country"),
    Index("area_parent", "parent_code"),
)

area_part = Table(
    "area_part",
    metadata,
    in_area("area_code", needed=True, on_delete="CASCADE"),
    _geom("POLYGON", needed=True),
    Index("area_part_geom", "geom", postgresql_using="gist"),
    Index("area_part_area", "area_code"),
)

border_section = Table(
    "border_section",
    metadata,
    Column("code", Text, primary_key=True),
    in_area(needed=True),
    Column("neighbour", Text, nullable=False),
    Column("undetermined", Boolean, nullable=False, server_default=NO),
    Column("note", Text),
    Column("length_km", Double, nullable=False),
    _geom("MULTILINESTRING", needed=True),
    UniqueConstraint("district_code", "neighbour"),
    Index("border_section_geom", "geom", postgresql_using="gist"),
)

crossing = Table(
    "crossing",
    metadata,
    serial(Integer),
    Column("code", Text, nullable=False, unique=True),
    Column("name_th", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("neighbour", Text, nullable=False),
    in_area(),
    Column("accuracy", Text, nullable=False),
    Column("source", Text, nullable=False),
    _geom("POINT", needed=True),
    Index("crossing_geom", "geom", postgresql_using="gist"),
)

# ---------------------------------------------------------------- words that administrators extend
crime_type = Table(
    "crime_type",
    metadata,
    Column("code", Text, primary_key=True),
    Column("id", SmallInteger, Identity(always=True), nullable=False, unique=True),
    Column("name_th", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("name_lo", Text),
    Column("name_km", Text),
    Column("iccs_code", Text),
    Column("colour", Text),
    Column("is_crime", Boolean, nullable=False, server_default=YES),
    Column("sort", SmallInteger, nullable=False, server_default=text("100")),
    Column("is_public", Boolean, nullable=False, server_default=YES, comment="Offered in the public form."),
    Column(
        "active", Boolean, nullable=False, server_default=YES,
        comment="Offered for what is reported from now on; old cases keep a type that was retired.",
    ),
)  # fmt: skip

agency = Table(
    "agency",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_th", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("abbrev_th", Text),
    Column(
        "active", Boolean, nullable=False, server_default=YES,
        comment="Offered for what is referred from now on; old cases keep an agency that was retired.",
    ),
)  # fmt: skip

# ---------------------------------------------------------------- incidents
incident = Table(
    "incident",
    metadata,
    serial(),
    Column("public_id", Text, nullable=False, unique=True),
    Column("crime_type", Text, ForeignKey("crime_type.code"), nullable=False),
    Column("other_crime_types", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
    Column("occurred_at", INSTANT, nullable=False),
    Column("occurred_day_only", Boolean, nullable=False, server_default=NO),
    Column("reported_at", INSTANT, nullable=False, server_default=NOW),
    Column("status", Text, nullable=False, server_default=text("'received'::text")),
    Column("channel", Text, nullable=False),
    in_area(),
    Column("district_stated", Boolean, nullable=False, server_default=NO),
    in_area("point_district_code"),
    Column("district_conflict", Boolean, nullable=False, server_default=NO),
    Column("location_check", Text, nullable=False, server_default=text("'no_point'::text")),
    Column("snap_distance_m", REAL),
    Column("location_note", Text),
    _geom("POINT"),
    Column(
        "day",
        Date,
        Computed("(timezone('Asia/Bangkok'::text, occurred_at))::date", persisted=True),
        nullable=False,
    ),
    Column("zkey", BigInteger, Computed("zkey(st_x(geom), st_y(geom))", persisted=True)),
    Column("source", Text),
    Column("source_key", Text, unique=True),
    _is_demo(),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Index("incident_geom", "geom", postgresql_using="gist"),
    Index("incident_tile", "zkey", postgresql_include=["day", *OTHERS]),
    Index("incident_day", "day", "zkey", postgresql_include=OTHERS),
    Index("incident_newest", text("reported_at desc"), text("id desc"), postgresql_include=["day", *OTHERS]),
    Index("incident_demo", "id", postgresql_where=text("is_demo")),
    Index("incident_case", "district_code", "status", "reported_at"),
    Index(
        "incident_waiting",
        "district_code",
        "reported_at",
        "id",
        postgresql_where=text("status in ('received', 'verifying')"),
    ),
    Index(
        "incident_unverified",
        text("(zkey >> 28)"),
        "day",
        postgresql_include=OTHERS,
        postgresql_where=text("status in ('received', 'verifying')"),
    ),
    Index(
        "incident_unverified_newest",
        "id",
        postgresql_include=["day", *OTHERS],
        postgresql_where=text("status in ('received', 'verifying')"),
    ),
)
for _name, _words in {
    "district_code": "District as stated by the reporter, else the one found from the point."
    " A stated one is never overwritten.",
    "point_district_code": "District that the point lies in, or the nearest within 600 m.",
    "district_conflict": "The stated district is not the one of the point.",
    "snap_distance_m": "Metres to the district where the point lies outside all of them but within 600 m of one.",
    "day": "Day of occurred_at in Asia/Bangkok.",
}.items():
    incident.c[_name].comment = _words

incident_count = Table(
    "incident_count",
    metadata,
    Column("level", SmallInteger, nullable=False),
    Column("tier", SmallInteger, nullable=False),
    Column("block", Integer, nullable=False),
    Column("cell", BigInteger, nullable=False),
    Column("district_code", Text),
    Column("crime_type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("fx", REAL, nullable=False),
    Column("fy", REAL, nullable=False),
    Index(
        "incident_count_tile",
        "level",
        "tier",
        "block",
        "cell",
        postgresql_include=["district_code", "crime_type", "status", "channel", "n", "fx", "fy"],
    ),
)

incident_count_written = Table(
    "incident_count_written",
    metadata,
    Column("day", Date, nullable=False),
    comment="Days whose counts were written to since the last fold.",
)

report = Table(
    "report",
    metadata,
    serial(),
    Column(
        "public_id",
        Text,
        nullable=False,
        unique=True,
        server_default=text("replace((gen_random_uuid())::text, '-'::text, ''::text)"),
    ),
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE")),
    Column("channel", Text, nullable=False),
    Column("received_at", INSTANT, nullable=False, server_default=NOW),
    Column("description", Text),
    Column("location_note", Text),
    _geom("POINT"),
    Column("source", Text),
    _is_demo(),
    Column(
        "client_id", Uuid, unique=True, comment="Made by the sender: the same report sent again is the same report."
    ),
    Column(
        "receipt_hash",
        LargeBinary,
        unique=True,
        comment="Keyed hash of the receipt code; the code itself is kept nowhere.",
    ),
    Column("language", Text),
    Column("entered_by", Integer, ForeignKey("person.id")),
    Column("api_key_id", Integer, ForeignKey("api_key.id")),
    Column(
        "content_hash",
        LargeBinary,
        comment="Keyed hash of what a partner's system sent: the same identifier with another content is a mistake.",
    ),
    Column("crime_type", Text, ForeignKey("crime_type.code")),
    Column("when_said", Text),
    Column("ongoing", Boolean),
    in_area("area_code"),
    Column("village", Text),
    Column("disputed_at", INSTANT, comment="When the reporter said of the outcome: this is not right."),
    Column("dispute_note", Text),
    Index("report_entered", "entered_by", "received_at", postgresql_where=text("entered_by is not null")),
    Index(
        "report_online",
        text("left(area_code, 4)"),
        "received_at",
        "area_code",
        postgresql_where=text("channel = 'online' and area_code is not null"),
    ),
    Index("report_incident", "incident_id"),
    Index("report_disputed", "incident_id", postgresql_where=text("disputed_at is not null")),
    Index("report_geom", "geom", postgresql_using="gist"),
)

# ---------------------------------------------------------------- checkpoints and patrols
checkpoint = Table(
    "checkpoint",
    metadata,
    serial(Integer),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("agency", Text, ForeignKey("agency.code")),
    Column("status", Text, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    in_area(),
    Column("note", Text),
    Column("source", Text),
    Column("source_key", Text, unique=True),
    _is_demo(),
    _geom("POINT", needed=True),
    Column("plan_id", Integer, ForeignKey("plan.id", ondelete="SET NULL"), comment="The plan that it comes from."),
    Index("checkpoint_geom", "geom", postgresql_using="gist"),
    Index("checkpoint_plan", "plan_id", postgresql_where=text("plan_id is not null")),
)

patrol_route = Table(
    "patrol_route",
    metadata,
    serial(Integer),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("agency", Text, ForeignKey("agency.code")),
    in_area(),
    _is_demo(),
    _geom("MULTILINESTRING", needed=True),
    Column("note", Text, comment="What those who go have to know, as somebody typed it."),
    Column(
        "active", Boolean, nullable=False, server_default=YES,
        comment="Offered for new runs; old runs keep a route that was retired.",
    ),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column("made_at", INSTANT, nullable=False, server_default=NOW),
    Index("patrol_route_geom", "geom", postgresql_using="gist"),
)  # fmt: skip

patrol = Table(
    "patrol",
    metadata,
    serial(),
    Column("code", Text, nullable=False, unique=True),
    Column("route_id", Integer, ForeignKey("patrol_route.id", ondelete="SET NULL")),
    Column("agency", Text, ForeignKey("agency.code")),
    Column("unit", Text),
    Column("status", Text, nullable=False),
    Column("scheduled_start", INSTANT),
    Column("scheduled_end", INSTANT),
    Column("started_at", INSTANT),
    Column("ended_at", INSTANT),
    Column("source", Text),
    Column("source_key", Text, unique=True),
    _is_demo(),
    Column(
        "geom",
        Geometry("MULTILINESTRING", srid=WGS84, spatial_index=False),
        comment="Track as travelled, in pieces: broken where the speed between two fixes is impossible.",
    ),
    Column(
        "districts", ARRAY(Text), nullable=False, server_default=NO_TEXTS,
        comment="District of its route and those that its track touches: who of the districts may see it.",
    ),
    Column("series", Uuid, comment="Runs that were planned together."),
    Column("note", Text),
    Column("contact", Text, comment="How those who go are reached while they are out."),
    Column("reason", Text, comment="Why it is in the state it is in, as somebody typed it."),
    Column("made_by", Integer, ForeignKey("person.id")),
    Column(
        "km", Double,
        comment="Length of the track as drawn, on the ellipsoid; hours is the time it took, without the gaps.",
    ),
    Column("hours", Double),
    Column(
        "route_share", REAL,
        comment="Share of the route's length that the track passed; off_… are metres between track and route.",
    ),
    Column("off_mean_m", REAL),
    Column("off_most_m", REAL),
    Index("patrol_geom", "geom", postgresql_using="gist"),
    Index("patrol_start", "scheduled_start"),
    Index("patrol_route_of", "route_id"),
    Index("patrol_districts", "districts", postgresql_using="gin"),
    Index("patrol_series", "series", postgresql_where=text("series is not null")),
    Index("patrol_started", "started_at"),
)  # fmt: skip

patrol_fix = Table(
    "patrol_fix",
    metadata,
    Column("patrol_id", BigInteger, ForeignKey("patrol.id", ondelete="CASCADE"), primary_key=True),
    Column("fixed_at", INSTANT, primary_key=True),
    Column("speed_kmh", REAL, comment="From the last possible fix to this one."),
    Column("impossible", Boolean, nullable=False, server_default=NO),
    _geom("POINT", needed=True),
)

import_batch = Table(
    "import_batch",
    metadata,
    serial(),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("imported_at", INSTANT, nullable=False, server_default=NOW),
    Column("rows_read", Integer, nullable=False),
    Column("rows_added", Integer, nullable=False),
    Column("rows_already", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
    Column("rows_updated", Integer, nullable=False, server_default=text("0")),
)
