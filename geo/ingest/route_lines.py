"""Lines of a route from the file of a receiver or a map: GPX, KML, GeoJSON, GeoPackage. No driver guesses what a file is."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from shapely.geometry.base import BaseGeometry

from geo.crs import REGION
from geo.errors import FileRefused
from geo.ingest import geojson, gpkg
from geo.ingest.gpx import MAX_DEPTH, read_gpx
from geo.ingest.text import clean

__all__ = ["ENDINGS", "RouteLine", "read_routes"]

ENDINGS = ("gpx", "kml", "geojson", "json", "gpkg")
MAX_BYTES = 5 * 2**20
MOST = 200
"""Lines of one file."""
THINNED = 0.00003
"""Degrees, some 3 m: what a receiver wrote while it lay on the table."""
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A line in degrees (WGS 84), LineString or MultiLineString, with the name that the file gives it."""

    name: str
    line: BaseGeometry


def read_routes(data: bytes, name: str) -> list[RouteLine]:
    """The lines of a file, each with at least two places.

    Parameters
    ----------
    name
        File name, by whose ending it is read.

    Raises
    ------
    FileRefused
        ``file.empty``, ``file.too_large``, ``file.type_unknown``, ``file.too_many_rows``, ``route_file.no_line``,
        ``route_file.not_here`` (a place outside of the region), and what reading the kind of file refuses.
    """
    if not data.strip():
        raise FileRefused("file.empty")
    if len(data) > MAX_BYTES:
        raise FileRefused("file.too_large", megabytes=MAX_BYTES >> 20)
    ending = name.rpartition(".")[2].lower()
    match ending:
        case "gpx":
            found = _gpx(data)
        case "kml":
            found = _kml(data)
        case "geojson" | "json":
            found = _geojson(data)
        case "gpkg":
            found = _gpkg(data)
        case _:
            raise FileRefused("file.type_unknown", ending=f".{ending}", endings=" ".join(f".{one}" for one in ENDINGS))
    lines = [RouteLine(clean(title)[:MAX_NAME], thin) for title, line in found if (thin := _line(line)) is not None]
    if not lines:
        raise FileRefused("route_file.no_line")
    if len(lines) > MOST:
        raise FileRefused("file.too_many_rows", limit=MOST)
    return lines


def _line(shape: BaseGeometry | None) -> BaseGeometry | None:
    """The line parts of a shape that have a length, in the region."""
    if shape is None:
        return None
    parts = [part for part in shapely.get_parts(shapely.force_2d(shape)) if part.geom_type == "LineString"]
    at = np.concatenate([shapely.get_coordinates(part) for part in parts]) if parts else np.empty((0, 2))
    if at.size == 0:
        return None
    west, south, east, north = REGION
    x, y = at[:, 0], at[:, 1]
    if not (np.isfinite(at).all() and ((x >= west) & (x <= east) & (y >= south) & (y <= north)).all()):
        raise FileRefused("route_file.not_here")
    kept = [thin for part in parts if (thin := part.simplify(THINNED)).length > 0]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else shapely.multilinestrings(kept)


def _gpx(data: bytes) -> list[tuple[str, BaseGeometry]]:
    """Tracks, a track in one piece; routes in one line."""
    together: dict[tuple[str, int], tuple[str, list[tuple[float, float]]]] = {}
    for point in read_gpx(data):
        if point.kind == "waypoint":
            continue
        at = _degrees(point.lon, point.lat)
        together.setdefault((point.kind, point.track), (point.name, []))[1].append(at)
    return [(name, _through(points)) for name, points in together.values() if len(points) > 1]


def _through(points: list[tuple[float, float]]) -> BaseGeometry:
    if not np.isfinite(points).all():
        raise FileRefused("route_file.not_here")
    return shapely.linestrings(points)


def _degrees(lon: str | None, lat: str | None) -> tuple[float, float]:
    try:
        return float(lon or "nan"), float(lat or "nan")
    except ValueError:
        return math.nan, math.nan


def _kml(data: bytes) -> list[tuple[str, BaseGeometry]]:
    """Each LineString of each Placemark."""
    found: list[tuple[str, BaseGeometry]] = []
    stack: list[str] = []
    name = ""
    try:
        for event, element in iterparse(BytesIO(data), events=("start", "end"), forbid_dtd=True):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                if (not stack and tag != "kml") or len(stack) >= MAX_DEPTH:
                    raise FileRefused("route_file.not_kml")
                stack.append(tag)
                if tag == "Placemark":
                    name = ""
                continue
            stack.pop()
            if tag == "name" and stack and stack[-1] == "Placemark":
                name = element.text or ""
            if tag == "coordinates" and stack and stack[-1] == "LineString":
                points = [_degrees(*[*one.split(","), ""][:2]) for one in (element.text or "").split()]
                if len(points) > 1:
                    found.append((name, _through(points)))
    except DefusedXmlException as error:
        raise FileRefused("track.xml_unsafe") from error
    except (SyntaxError, LookupError, ValueError) as error:  # a parse error is a SyntaxError
        raise FileRefused("track.xml_broken", line=getattr(error, "position", (1,))[0]) from error
    return found


def _geojson(data: bytes) -> list[tuple[str, BaseGeometry]]:
    found = []
    for feature in geojson.features_of(data):
        given: Any = feature if isinstance(feature, dict) else {}
        properties = given.get("properties") if isinstance(given.get("properties"), dict) else {}
        with np.errstate(all="ignore"):
            shape = shapely.from_geojson(json.dumps(given.get("geometry")), on_invalid="ignore")
        if shape is not None:
            found.append((str(properties.get("name") or properties.get("ชื่อ") or ""), shape))
    return found


def _gpkg(data: bytes) -> list[tuple[str, BaseGeometry]]:
    with tempfile.TemporaryDirectory(prefix="watch-route-") as folder:
        path = Path(folder) / "route.gpkg"
        path.write_bytes(data)
        return gpkg.shapes(path)
