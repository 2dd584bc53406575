"""Coordinate reference systems: stored as WGS 84, measured in metres, drawn as Web Mercator."""

from __future__ import annotations

__all__ = ["REGION", "TIMEZONE", "WEB_MERCATOR", "WGS84", "utm_epsg"]

WGS84 = 4326
WEB_MERCATOR = 3857
TIMEZONE = "Asia/Bangkok"

REGION = (97.0, 5.0, 109.0, 23.5)
"""West, south, east, north in degrees: Thailand, Laos and Cambodia with their border waters.
Inside it latitude and longitude cannot be confused: no latitude here is a longitude here."""


def utm_epsg(lon: float) -> int:
    """EPSG code of the UTM zone, 47N or 48N, in which Thai officers read this longitude (degrees)."""
    return 32647 if lon < 102.0 else 32648
