"""The point of a row, whichever of its columns holds it."""

from __future__ import annotations

from geo.crs import REGION
from geo.ingest.coordinates import Fix, Region, parse_lat_lon, parse_place, parse_utm
from geo.ingest.table import Row, Table
from geo.ingest.text import Cell, cell_text, is_blank

__all__ = ["locate"]


def locate(table: Table, row: Row, region: Region = REGION) -> Fix | None:
    """The point of a row, ``None`` where it says nothing about one.

    The first that is filled in counts: the feature's geometry, latitude and longitude, one cell with the
    whole position (degrees, MGRS, UTM), easting and northing.

    Raises
    ------
    CellRefused
        What is there names no usable point.
    """
    geometry, position, zone = (table.cell(row, name) for name in ("geometry", "position", "zone"))
    if not is_blank(geometry):
        return parse_place(geometry, region=region)
    lat, lon = table.cell(row, "lat"), table.cell(row, "lon")
    if not (is_blank(lat) and is_blank(lon)):
        return _axes(lat, lon, zone, region)
    if not is_blank(position):
        return parse_place(position, zone, region)
    east, north = table.cell(row, "easting"), table.cell(row, "northing")
    if not (is_blank(east) and is_blank(north)):
        return _axes(north, east, zone, region)
    return None


def _axes(north_south: Cell, east_west: Cell, zone: Cell, region: Region) -> Fix:
    """What two columns hold, metres or degrees: sheets call either of them X and Y."""
    if is_blank(east_west):
        return parse_place(north_south, zone, region)  # both in the first of them
    if _metric(north_south) and _metric(east_west):
        return parse_utm(east_west, north_south, zone, region)
    return parse_lat_lon(north_south, east_west, region)


def _metric(cell: Cell) -> bool:
    digits = cell_text(cell).strip().replace(",", "").split(".")[0]
    return sum(char.isdigit() for char in digits) >= 5 and not any(sign in digits for sign in "°'-: ")
