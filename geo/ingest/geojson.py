"""GeoJSON by the standard library alone, whatever its name promises."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from geo.errors import FileRefused
from geo.ingest.encodings import decode
from geo.ingest.headers import Vocabulary
from geo.ingest.limits import MAX_CELL, MAX_COLUMNS
from geo.ingest.table import GEOMETRY, Row, Table, limited, refuse_header
from geo.ingest.text import Cell, clean

__all__ = ["features_of", "point_text", "read"]

_WGS84_NAMES = ("crs84", "epsg::4326", "epsg:4326", "crs:84")


def read(data: bytes, vocabulary: Vocabulary, least: int) -> Table:
    """The table of a FeatureCollection: a column for each property, one for the point.

    Raises
    ------
    FileRefused
        ``file.json_broken``, ``file.not_geojson``, ``file.wrong_crs``, ``file.too_many_columns``.
    """
    features = features_of(data)
    names: dict[str, None] = {}
    for feature in features:
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            names.update(dict.fromkeys(feature["properties"]))
            if len(names) > MAX_COLUMNS:
                raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
    keys = [name for name in names if clean(name).casefold() != GEOMETRY]
    headings = [clean(name) for name in keys]
    with_id = "id" not in {name.casefold() for name in headings} and any(
        isinstance(feature, dict) and "id" in feature for feature in features
    )
    headings = [*headings, *(["id"] if with_id else []), GEOMETRY]
    columns = vocabulary.assign(headings)
    if len(columns) < least:
        raise refuse_header([headings])
    vocabulary.require_given(headings)
    return Table(tuple(headings), columns, limited(_rows(features, keys, with_id)), "geojson")


def features_of(data: bytes) -> list[Any]:
    """The features of a GeoJSON document in WGS 84, unchecked one by one.

    Raises
    ------
    FileRefused
        ``file.json_broken``, ``file.not_geojson``, ``file.wrong_crs``, ``file.empty``.
    """
    text, _ = decode(data)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise FileRefused("file.json_broken") from wrong
    if not isinstance(document, dict):
        raise FileRefused("file.not_geojson")
    crs = document.get("crs")
    if crs is not None and not any(name in json.dumps(crs).casefold() for name in _WGS84_NAMES):
        raise FileRefused("file.wrong_crs")
    features = [document] if document.get("type") == "Feature" else document.get("features")
    if not isinstance(features, list):
        raise FileRefused("file.not_geojson")
    if not features:
        raise FileRefused("file.empty")
    return features


def point_text(geometry: Any) -> str:
    """A GeoJSON geometry as the WKT that `geo.ingest.coordinates.parse_place` reads; "" for none."""
    if geometry is None:
        return ""
    if not isinstance(geometry, Mapping):
        return "GEOMETRYCOLLECTION (?)"
    kind, position = geometry.get("type"), geometry.get("coordinates")
    if kind == "MultiPoint" and isinstance(position, list) and len(position) == 1:
        kind, position = "Point", position[0]
    if kind != "Point":
        return f"{clean(str(kind)).upper()[:30]} (…)" if kind in _SHAPES else "GEOMETRYCOLLECTION (?)"
    if not isinstance(position, list) or len(position) < 2:
        return "POINT EMPTY"
    x, y = (p if isinstance(p, int | float) and not isinstance(p, bool) else "?" for p in position[:2])
    return f"POINT ({x!r} {y!r})"


_SHAPES = ("MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")


def _rows(features: list[Any], keys: list[str], with_id: bool) -> Iterator[Row]:
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(feature, dict) or not isinstance(properties, dict | None):
            yield Row(number, (clean(str(feature)[:200]),), "row.not_a_feature")
            continue
        cells = [_cell((properties or {}).get(key)) for key in keys]
        if with_id:
            cells.append(_cell(feature.get("id")))
        yield Row(number, (*cells, point_text(feature.get("geometry"))))


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | float | bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**18 else float("inf")
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)[: MAX_CELL + 1]
    return json.dumps(value, ensure_ascii=False)[: MAX_CELL + 1]
