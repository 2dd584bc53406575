"""Where something happened: whatever cells name a place, to one checked point in WGS 84.

A point is accepted inside a region only (`geo.crs.REGION` by default). Inside it no latitude is a longitude,
so latitude and longitude that were swapped are seen, put right, and reported in `Fix.correction`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from geo.crs import REGION
from geo.ingest.degrees import parse_degrees, split_pair
from geo.ingest.grids import looks_like_mgrs, mgrs_to_degrees, utm_to_degrees, zone_of
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.text import Cell, ascii_digits, cell_text, clean, is_blank

__all__ = ["Fix", "Region", "check_point", "parse_lat_lon", "parse_place", "parse_region", "parse_utm"]

Region = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_LONGEST = 400
"""Characters of the longest cell that can name a place: a map link."""

_WKT = re.compile(r"(?:SRID=4326;)?\s*POINT\s*Z?M?\s*\(\s*([^\s,()]+)[\s,]+([^\s,()]+)[^()]*\)", re.IGNORECASE)
_LINK = re.compile(r"(?:[@=/]|!3d)(-?\d{1,3}\.\d+)(?:,|%2C|,\+|!4d)(-?\d{1,3}\.\d+)", re.IGNORECASE)
_ZONE = r"(?:ZONE|โซน)?\s*\d{1,2}\s?"
_METRES = r"(\d{5,8}(?:\.\d+)?)\s*M?"
_UTM = re.compile(
    rf"(?:UTM)?\s*(?P<before>{_ZONE}(?:[C-HJ-NP-X](?![A-Z])|(?=[\s,;/])))?"
    rf"[\s,;/]*E?\s*{_METRES}\s*E?[\s,;/]+N?\s*{_METRES}\s*N?(?:[\s,;/]+(?P<after>{_ZONE}[C-HJ-NP-X]?))?"
)


@dataclass(frozen=True, slots=True)
class Fix:
    """A point in WGS 84 degrees. ``correction`` is empty, ``swapped_lat_lon`` or ``swapped_east_north``."""

    lon: float
    lat: float
    correction: str = ""


def parse_region(text: str) -> Region:
    """``W,S,E,N`` in degrees as a region.

    Raises
    ------
    ValueError
        Not four numbers, or not a box on the earth.
    """
    parts = [float(part) for part in text.split(",")]
    if len(parts) != 4 or not all(map(math.isfinite, parts)):
        raise ValueError(text)
    west, south, east, north = parts
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(text)
    return west, south, east, north


def check_point(lon: float, lat: float, region: Region = REGION) -> Fix:
    """A point inside the region, latitude and longitude put right where they were swapped.

    Raises
    ------
    CellRefused
        ``row.coordinate_not_finite``, ``row.coordinate_zero``, ``row.coordinate_impossible``,
        ``row.coordinate_outside``.
    """
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise CellRefused("row.coordinate_not_finite", value=f"{lat}, {lon}")
    if lon == 0 and lat == 0:
        raise CellRefused("row.coordinate_zero")
    if abs(lon) > 180 or abs(lat) > 180 or (abs(lon) > 90 and abs(lat) > 90):
        raise CellRefused("row.coordinate_impossible", value=quoted(f"{lat:g}, {lon:g}"))
    if _inside(lon, lat, region):
        return Fix(lon, lat)
    # Only where no latitude of the region can be a longitude of it: else a swap would be a guess.
    apart = region[2] < region[1] or region[3] < region[0]
    if apart and _inside(lat, lon, region):
        return Fix(lat, lon, "swapped_lat_lon")
    raise CellRefused("row.coordinate_outside", value=f"{lat:.5f}, {lon:.5f}")


def parse_lat_lon(lat: Cell, lon: Cell, region: Region = REGION) -> Fix:
    """The point of a latitude cell and a longitude cell, each in any spelling of degrees.

    Raises
    ------
    CellRefused
        As `check_point`; ``row.coordinate_missing``, ``row.coordinate_half``, ``row.coordinate_unreadable``.
    """
    if is_blank(lat) and is_blank(lon):
        raise CellRefused("row.coordinate_missing")
    if is_blank(lat) or is_blank(lon):
        raise CellRefused("row.coordinate_half")
    (first, first_axis), (second, second_axis) = _number(lat), _number(lon)
    return _ordered(first, first_axis, second, second_axis, region, cell_text(lat))


def parse_utm(east: Cell, north: Cell, zone: Cell, region: Region = REGION) -> Fix:
    """The point of an easting, a northing and a zone cell ("48", "48N", "47Q").

    Raises
    ------
    CellRefused
        As `check_point`; ``row.utm_no_zone``, ``row.utm_outside``, ``row.coordinate_half``,
        ``row.coordinate_unreadable``.
    """
    if is_blank(east) or is_blank(north):
        raise CellRefused("row.coordinate_half")
    found = None if is_blank(zone) else zone_of(cell_text(zone), south=region[1] < 0)
    if found is None:
        raise CellRefused("row.utm_no_zone", value=quoted(f"{cell_text(east)} {cell_text(north)}"))
    return _from_metres(_metres(east), _metres(north), found, region)


def parse_place(value: Cell, zone: Cell = None, region: Region = REGION) -> Fix:
    """The point that one cell names.

    Understood are MGRS, UTM, a pair of degrees in any spelling, WKT, and a map link that holds the position.

    Parameters
    ----------
    zone
        Cell of a separate zone column, for UTM metres and MGRS references written without a zone.

    Raises
    ------
    CellRefused
        As `check_point`, `parse_utm` and `geo.ingest.grids.mgrs_to_degrees`; ``row.point_empty``,
        ``row.geometry_not_point``.
    """
    if is_blank(value):
        raise CellRefused("row.coordinate_missing")
    text = ascii_digits(clean(cell_text(value)))
    if len(text) > _LONGEST:
        raise CellRefused("row.coordinate_unreadable", value=quoted(text))
    upper = text.upper()
    zone_text = "" if is_blank(zone) else cell_text(zone)
    if looks_like_mgrs(text):
        return check_point(*mgrs_to_degrees(text, zone_text), region)
    metres = _UTM.fullmatch(upper)
    if metres:
        written = metres["before"] or metres["after"] or zone_text
        return parse_utm(metres[2], metres[3], written, region)
    if re.search(r"\bEMPTY\b", upper):
        raise CellRefused("row.point_empty")
    point = _WKT.fullmatch(text)
    if point:
        return check_point(_number(point[1])[0], _number(point[2])[0], region)
    if re.match(r"(?:SRID=\d+;)?\s*(?:MULTI|GEOMETRYC|LINESTR|POLYG|POINT)", upper):
        raise CellRefused("row.geometry_not_point", value=quoted(text))
    if upper.startswith(("HTTP://", "HTTPS://")):
        link = _LINK.search(text)
        if link is None:
            raise CellRefused("row.link_without_place", value=quoted(text))
        return check_point(float(link[2]), float(link[1]), region)
    halves = [_number(half) for half in split_pair(text)]
    if halves[0][1] == "lon" or halves[1][1] == "lat":
        halves.reverse()  # in one cell either order is right where letters say which is which
    return _ordered(*halves[0], *halves[1], region, text)


def _ordered(first: float, first_axis: str, second: float, second_axis: str, region: Region, shown: str) -> Fix:
    # Letters outrank the order: "E102.71" in the latitude column is a longitude.
    if first_axis and first_axis == second_axis:
        raise CellRefused("row.coordinate_unreadable", value=quoted(shown))
    if first_axis == "lon" or second_axis == "lat":
        fix = check_point(first, second, region)
        return Fix(fix.lon, fix.lat, "" if fix.correction else "swapped_lat_lon")
    return check_point(second, first, region)


def _from_metres(east: float, north: float, zone: tuple[int, bool], region: Region) -> Fix:
    # No easting has seven figures. Where both have six (south of 9° N) a swap would be a guess.
    swapped = north < 1_000_000 <= east
    if swapped:
        east, north = north, east
    fix = check_point(*utm_to_degrees(east, north, *zone), region)
    return Fix(fix.lon, fix.lat, "swapped_east_north" if swapped else fix.correction)


def _number(cell: Cell) -> tuple[float, str]:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _as_float(cell), ""
    text = ascii_digits(clean(cell_text(cell))).casefold()
    if len(text) > _LONGEST:
        raise CellRefused("row.coordinate_unreadable", value=quoted(text))
    if re.fullmatch(r"[+-]?(?:nan|inf|infinity)", text):
        return float(text), ""
    if re.fullmatch(r"[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?|[+-]?\.\d+", text):
        return _as_float(text), ""
    return parse_degrees(text)


def _metres(cell: Cell) -> float:
    text = ascii_digits(clean(cell_text(cell))).casefold()
    text = re.sub(r"^[en]\s*|\s*(?:m|ม\.?|เมตร)?\s*[en]?$", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"\d+(?:\.\d*)?", text):
        raise CellRefused("row.coordinate_unreadable", value=quoted(cell_text(cell)))
    return _as_float(text)


def _as_float(value: str | int | float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number with hundreds of figures
        return math.inf


def _inside(lon: float, lat: float, region: Region) -> bool:
    return region[0] <= lon <= region[2] and region[1] <= lat <= region[3]
