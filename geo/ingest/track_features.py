"""GeoJSON of tracks: lines with the times of their positions, and points with a time each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geo.errors import FileRefused
from geo.ingest import geojson
from geo.ingest.headers import Vocabulary
from geo.ingest.limits import MAX_COLUMNS
from geo.ingest.table import GEOMETRY, Row, Table, limited
from geo.ingest.text import Cell, clean

__all__ = ["read"]

TIMES = ("coordTimes", "times", "timestamps", "coord_times")
"""Properties that converters from GPX put the times in; in ``coordinateProperties`` as well."""


def read(data: bytes, vocabulary: Vocabulary) -> Table:
    """A row for each position of each feature, with the feature's properties and the moment in ``time``.

    Rows are positions counted from 1 through the whole file; ``track`` counts the lines.

    Raises
    ------
    FileRefused
        ``file.json_broken``, ``file.not_geojson``, ``file.wrong_crs``, ``file.too_many_columns``,
        ``file.too_many_rows``.
    """
    features = geojson.features_of(data)
    names: dict[str, None] = {}
    for feature in features:
        names.update(dict.fromkeys(k for k, v in _properties(feature).items() if not isinstance(v, list | dict)))
        if len(names) > MAX_COLUMNS:
            raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
    keys = [name for name in names if clean(name).casefold() not in (GEOMETRY, "track")]
    headings = [*(clean(key) for key in keys), GEOMETRY, "track"]
    columns = vocabulary.assign(headings)
    if "time" not in columns:
        columns["time"] = len(headings)
        headings.append("time")
    vocabulary.require_given(headings)
    rows = _rows(features, keys, columns["time"], len(headings))
    return Table(tuple(headings), columns, limited(rows), "geojson")


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _rows(features: list[Any], keys: list[str], time: int, width: int) -> Iterator[Row]:
    number = track = 0
    for feature in features:
        if not isinstance(feature, dict):
            number += 1
            yield Row(number, (clean(str(feature)[:200]),), "row.not_a_feature")
            continue
        properties = _properties(feature)
        cells: list[Cell] = [_cell(properties.get(key)) for key in keys]
        cells += [None] * (width - len(cells))
        for line, moments in _lines(feature.get("geometry"), properties):
            track += 1
            for at, position in enumerate(line):
                number += 1
                own = cells.copy()
                own[len(keys)] = geojson.point_text({"type": "Point", "coordinates": position})
                own[len(keys) + 1] = track
                own[time] = _cell(moments[at]) if at < len(moments) else None
                yield Row(number, tuple(own))
            if not line:
                number += 1
                yield Row(number, tuple(cells), "row.point_empty")
        if not _is_line(feature.get("geometry")):
            number += 1
            own = cells.copy()
            own[len(keys)] = geojson.point_text(feature.get("geometry"))
            yield Row(number, tuple(own), "" if feature.get("geometry") else "row.coordinate_missing")


def _is_line(geometry: Any) -> bool:
    return isinstance(geometry, dict) and geometry.get("type") in ("LineString", "MultiLineString")


def _lines(geometry: Any, properties: dict[str, Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Positions and moments of each line of a geometry; moments may be fewer."""
    if not _is_line(geometry):
        return
    nested = properties.get("coordinateProperties")
    places = (properties, nested if isinstance(nested, dict) else {})
    moments: list[Any] = next((p[name] for name in TIMES for p in places if isinstance(p.get(name), list)), [])
    coordinates = geometry.get("coordinates")
    lines = coordinates if isinstance(coordinates, list) else []
    if geometry["type"] == "LineString":
        lines, moments = [lines], [moments]
    elif not any(isinstance(part, list) for part in moments):
        moments = _cut(moments, lines)
    for at, line in enumerate(lines):
        own = moments[at] if at < len(moments) and isinstance(moments[at], list) else []
        yield (line if isinstance(line, list) else []), own
    if not lines:
        yield [], []


def _cut(moments: list[Any], lines: list[Any]) -> list[Any]:
    """One list of moments for several lines, cut where the lines end."""
    parts, at = [], 0
    for line in lines:
        length = len(line) if isinstance(line, list) else 0
        parts.append(moments[at : at + length])
        at += length
    return parts


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**18 else float("inf")
    return None
