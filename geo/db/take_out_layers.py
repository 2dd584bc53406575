"""Everything in one GeoPackage: a layer for each shape of a table, and a table for what has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
import pyarrow as pa  # type: ignore[import-untyped]
import pyogrio
import shapely
from psycopg import sql

from geo.crs import WGS84
from geo.db.leaving import Column, Table

__all__ = ["write_layers"]

VERSION = "1.2"
"""Of the GeoPackage standard: older programs know no later one, and nothing here needs it."""
AT_ONCE = 50_000
"""Rows in memory."""
_KINDS: dict[str, Any] = {
    "smallint": "Int64",
    "integer": "Int64",
    "bigint": "Int64",
    "real": "Float64",
    "double precision": "Float64",
    "boolean": "boolean",
    "date": pd.ArrowDtype(pa.date32()),
    "timestamp with time zone": pd.ArrowDtype(pa.timestamp("ms", "UTC")),
}
"""Types that a GeoPackage has as well; everything else is told as text."""


def write_layers(connection: psycopg.Connection, leaving: Sequence[Table], file: Path) -> None:
    """Write ``file`` (GeoPackage, EPSG:4326), with all columns but files; a table of two shapes has its second in a layer of its own."""
    for table in leaving:
        shapes = [one for one in table.leaving if one.is_shape]
        plain = [one for one in table.leaving if not one.is_shape and one.name != "content"]
        _layer(connection, table, table.name, plain, next((one for one in shapes if one.name == "geom"), None), file)
        for shape in shapes:
            if shape.name != "geom":
                keys = [one for one in plain if one.name in table.key]
                _layer(connection, table, f"{table.name}_{shape.name}", keys, shape, file)


def _layer(
    connection: psycopg.Connection, table: Table, layer: str, columns: list[Column], shape: Column | None, file: Path
) -> None:
    for rows in _pieces(connection, table, columns, shape):
        data: dict[str, Any] = {
            one.name: pd.array([row[at] for row in rows], dtype=_KINDS.get(one.type, "string"))
            for at, one in enumerate(columns)
        }
        begins = {} if file.exists() else {"dataset_options": {"VERSION": VERSION}}
        options = {"driver": "GPKG", "layer": layer, "append": file.exists(), "use_arrow": True, **begins}
        if shape is None:
            pyogrio.write_dataframe(pd.DataFrame(data), file, **options)
        else:
            kind = shape.type.partition("(")[2].partition(",")[0] or "Unknown"
            shapes = gpd.GeoSeries(shapely.from_wkb([row[-1] for row in rows]), crs=WGS84)
            pyogrio.write_dataframe(gpd.GeoDataFrame(data, geometry=shapes), file, geometry_type=kind, **options)


def _pieces(
    connection: psycopg.Connection, table: Table, columns: list[Column], shape: Column | None
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table, so many at once; one empty piece where it has none, so that its layer is there."""
    asked = [
        sql.Identifier(one.name) if one.type in _KINDS else sql.SQL("{}::text").format(sql.Identifier(one.name))
        for one in columns
    ]
    if shape is not None:
        asked.append(sql.SQL("st_asbinary({})").format(sql.Identifier(shape.name)))
    question = sql.SQL("select {} from {}{}").format(
        sql.SQL(", ").join(asked), sql.Identifier(table.name), table.ordered()
    )
    with connection.cursor(name="layers", binary=True) as cursor:
        cursor.execute(question)
        yield cursor.fetchmany(AT_ONCE)
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows
