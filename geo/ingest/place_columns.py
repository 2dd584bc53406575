"""The columns that say where, in sheets of every kind."""

from __future__ import annotations

from geo.ingest.columns import INCIDENT_WORDS
from geo.ingest.table import Table

__all__ = ["PLACE_WORDS", "require_place"]

_FIELDS = ("lat", "lon", "position", "easting", "northing", "zone", "geometry")
_WAYS = ({"lat", "lon"}, {"position"}, {"easting", "northing"}, {"geometry"})

PLACE_WORDS = {name: INCIDENT_WORDS[name] for name in _FIELDS}
"""Field to headings, as `geo.ingest.places.locate` reads them."""


def require_place(table: Table) -> None:
    """Refuse a table in which no column says where (``file.missing_columns``)."""
    if not any(way <= table.columns.keys() for way in _WAYS):
        table.require("lat", "lon")
