"""GeoPackage: an SQLite file, read as such. No driver guesses what it is, nothing in it is run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84
from geo.errors import FileRefused
from geo.ingest.headers import Vocabulary
from geo.ingest.limits import MAX_COLUMNS, MAX_ROWS
from geo.ingest.table import GEOMETRY, Row, Table, limited, refuse_header
from geo.ingest.text import Cell, clean

__all__ = ["read", "shapes"]

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


def read(path: Path, vocabulary: Vocabulary, least: int) -> Table:
    """The table of the first layer whose columns are known, points in WGS 84.

    Raises
    ------
    FileRefused
        ``file.gpkg_broken``, ``file.wrong_crs``, ``file.too_many_columns``.
    """
    try:
        with closing(_open(path)) as database:
            layers = _layers(database)
    except sqlite3.Error as wrong:
        raise FileRefused("file.gpkg_broken") from wrong
    layer = next((one for one in layers if len(vocabulary.assign(one.headings)) >= least), None)
    if layer is None:
        raise refuse_header([one.headings for one in layers])
    vocabulary.require_given(layer.headings)
    if len(layer.headings) > MAX_COLUMNS:
        raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
    return Table(
        layer.headings,
        vocabulary.assign(layer.headings),
        limited(_rows(path, layer, _to_wgs84(layer))),
        "gpkg",
        clean(layer.name),
        tuple(clean(one.name) for one in layers if one is not layer),
    )


def shapes(path: Path) -> list[tuple[str, BaseGeometry]]:
    """Shapes of all layers in WGS 84, each with the text of its column ``name``, which may be empty.

    Raises
    ------
    FileRefused
        ``file.gpkg_broken``, ``file.wrong_crs``, ``file.too_many_rows``.
    """
    found: list[tuple[str, BaseGeometry]] = []
    try:
        with closing(_open(path)) as database:
            for layer in _layers(database):
                if not layer.geometry:
                    continue
                change = _to_wgs84(layer)
                named = next((key for key in layer.keys if key.casefold() == "name"), None)
                title = "''" if named is None else _name(named)
                query = f"select {title}, {_name(layer.geometry)} from {_name(layer.name)}"  # noqa: S608
                for name, blob in database.execute(query):
                    if len(found) >= MAX_ROWS:
                        raise FileRefused("file.too_many_rows", limit=MAX_ROWS)
                    shape = _shape(blob)
                    if shape is None:
                        continue
                    if change is not None:
                        shape = _moved(shape, change)
                    found.append((str(name or ""), shape))
    except sqlite3.Error as wrong:
        raise FileRefused("file.gpkg_broken") from wrong
    return found


def _moved(shape: BaseGeometry, change: Transformer) -> BaseGeometry:
    return shapely.transform(shape, lambda at: np.column_stack(change.transform(*at.T)))


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    keys: tuple[str, ...]
    geometry: str
    authority: str
    number: int

    @property
    def headings(self) -> tuple[str, ...]:
        return (*map(clean, self.keys), *([GEOMETRY] if self.geometry else []))


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.execute("pragma trusted_schema = off")
    database.execute("pragma cell_size_check = on")
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return database


def _layers(database: sqlite3.Connection) -> list[_Layer]:
    # Views could hold any query: tables only.
    found = database.execute(
        "select c.table_name, coalesce(g.column_name, ''), coalesce(s.organization, ''),"
        " coalesce(s.organization_coordsys_id, 0)"
        " from gpkg_contents c join sqlite_master m on m.name = c.table_name and m.type = 'table'"
        " left join gpkg_geometry_columns g on g.table_name = c.table_name"
        " left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id"
        " where c.data_type in ('features', 'attributes') order by c.data_type desc, c.rowid"
    ).fetchall()
    layers = []
    for name, geometry, authority, number in found:
        columns = [str(row[1]) for row in database.execute(f"pragma table_info({_name(name)})")]
        keys = tuple(column for column in columns if column != geometry)
        layers.append(_Layer(str(name), keys, str(geometry), str(authority), int(number)))
    if not layers:
        raise FileRefused("file.gpkg_broken")
    return layers


def _to_wgs84(layer: _Layer) -> Transformer | None:
    if not layer.geometry or (layer.authority.upper(), layer.number) == ("EPSG", WGS84):
        return None
    try:
        return Transformer.from_crs(f"{layer.authority}:{layer.number}", WGS84, always_xy=True)
    except CRSError as wrong:
        raise FileRefused("file.wrong_crs") from wrong


def _rows(path: Path, layer: _Layer, to_wgs84: Transformer | None) -> Iterator[Row]:
    wanted = ", ".join(map(_name, [*layer.keys, *([layer.geometry] if layer.geometry else [])]))
    query = f"select {wanted} from {_name(layer.name)}"  # noqa: S608
    try:
        with closing(_open(path)) as database:
            for number, values in enumerate(database.execute(query), 1):
                cells: list[Cell] = [_cell(value) for value in values[: len(layer.keys)]]
                if layer.geometry:
                    cells.append(_point(values[-1], to_wgs84))
                yield Row(number, tuple(cells))
    except sqlite3.Error as wrong:
        raise FileRefused("file.gpkg_broken") from wrong


def _point(blob: object, to_wgs84: Transformer | None) -> str:
    if blob is None:
        return ""
    shape = _shape(blob)
    if shape is None:
        return "GEOMETRYCOLLECTION (?)"
    if shape.geom_type == "MultiPoint" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if shape.is_empty:
        return "POINT EMPTY"
    if shape.geom_type != "Point":
        return f"{shape.geom_type.upper()} (…)"
    x, y = (shape.x, shape.y) if to_wgs84 is None else to_wgs84.transform(shape.x, shape.y)
    return f"POINT ({x!r} {y!r})"


def _shape(blob: object) -> BaseGeometry | None:
    """The shape in a column's bytes; nothing where they hold none."""
    if not isinstance(blob, bytes) or len(blob) < 13 or blob[:2] != b"GP":
        return None
    envelope = blob[3] >> 1 & 7
    if envelope >= len(_ENVELOPE_BYTES):
        return None
    try:
        shape: BaseGeometry = shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[envelope] :])
    except shapely.errors.ShapelyError:
        return None
    return shape


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    return f"({len(value)} bytes)" if isinstance(value, bytes) else str(value)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
