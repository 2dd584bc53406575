"""SQLAlchemy Core tables of roads; the schema itself is ``migrations/versions/0010_roads.sql``."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import REAL

from geo.crs import WGS84
from geo.db.tables import INSTANT, NOW, metadata

__all__ = ["road_edge", "road_file", "road_node"]

road_file = Table(
    "road_file",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("loaded_at", INSTANT, nullable=False, server_default=NOW),
    Column("nodes", Integer, nullable=False),
    Column("edges", Integer, nullable=False),
    Column("km", Double, nullable=False),
    comment="Which file the roads are of; one row at most.",
)

road_node = Table(
    "road_node",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("geom", Geometry("POINT", srid=WGS84, spatial_index=False), nullable=False),
    Index("road_node_geom", "geom", postgresql_using="gist"),
    comment="Places where roads meet or end, or go on for another half kilometre.",
)

road_edge = Table(
    "road_edge",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("first_node", Integer, nullable=False),
    Column("last_node", Integer, nullable=False),
    Column("road_class", Text, nullable=False),
    Column("one_way", Boolean, nullable=False, comment="Whether it leads from first_node to last_node alone."),
    Column("kmh", REAL, nullable=False, comment="Of the file where it says so, else of the class."),
    Column("metres", Double, nullable=False),
    Column("geom", Geometry("LINESTRING", srid=WGS84, spatial_index=False), nullable=False),
    Index("road_edge_geom", "geom", postgresql_using="gist"),
)
