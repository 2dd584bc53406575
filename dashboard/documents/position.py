"""A position as officers and soldiers write it."""

from __future__ import annotations

from functools import cache

import mgrs

__all__ = ["degrees_words", "grid_words"]


@cache
def _grid() -> mgrs.MGRS:
    return mgrs.MGRS()


def grid_words(lon: float, lat: float) -> str:
    """Military grid reference to a metre: ``48Q TE 60410 77331``."""
    found = str(_grid().toMGRS(lat, lon, MGRSPrecision=5))
    return f"{found[:-12]} {found[-12:-10]} {found[-10:-5]} {found[-5:]}"


def degrees_words(lon: float, lat: float) -> str:
    """Degrees (WGS 84): ``17.87000° N 102.74000° E``."""
    return f"{abs(lat):.5f}° {'N' if lat >= 0 else 'S'} {abs(lon):.5f}° {'E' if lon >= 0 else 'W'}"
