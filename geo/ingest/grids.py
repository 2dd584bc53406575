"""Positions read off a map's grid: MGRS and UTM, to WGS 84 degrees.

Old 1:50,000 sheets (L7017) carry Indian 1975, some 400 m away; a grid reference does not say its sheet, so
all are read as WGS 84, the datum of L7018 and of every receiver.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

import mgrs
from pyproj import Transformer

from geo.crs import WGS84
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.text import ascii_digits, clean

__all__ = ["COARSEST_M", "looks_like_mgrs", "mgrs_to_degrees", "utm_to_degrees", "zone_of"]

COARSEST_M = 1000
"""Side of the largest grid square taken for a place; larger ones say less than a sub-district."""

_MGRS = re.compile(r"(\d{1,2}) ?([C-HJ-NP-X]) ?([A-HJ-NP-Z] ?[A-HJ-NP-V])((?: ?\d)*)")
_NO_ZONE = re.compile(r"[A-Z]{2} ?\d{2,5} ?\d{2,5}")
_SHAPE = re.compile(rf"\d{{1,2}} ?[A-Z] ?[A-Z] ?[A-Z][\d ]*|{_NO_ZONE.pattern}")
_ZONE = re.compile(r"(?:UTM|ZONE|โซน| |:|\.|/|-|WGS ?84)*(\d{1,2}) ?([C-HJ-NP-X]|NORTH|SOUTH|เหนือ|ใต้)?")


def _plain(text: str) -> str:
    return re.sub(r"[\s\-,:/]+", " ", ascii_digits(clean(text))).upper().strip()


def looks_like_mgrs(text: str) -> bool:
    """True where ``text`` has the shape of an MGRS reference, with or without its zone."""
    plain = _plain(text)
    return bool(_SHAPE.fullmatch(plain))


def mgrs_to_degrees(text: str, zone: str = "") -> tuple[float, float]:
    """Longitude and latitude (WGS 84 degrees) of the middle of an MGRS square, any spacing and case.

    Parameters
    ----------
    zone
        Zone and band ("48Q") from another cell, for references written without them.

    Raises
    ------
    CellRefused
        ``row.mgrs_unreadable``, ``row.mgrs_no_zone``, ``row.mgrs_coarse``.
    """
    plain = _plain(text)
    if _NO_ZONE.fullmatch(plain):
        if not re.fullmatch(r"\d{1,2} ?[C-HJ-NP-X]", _plain(zone)):
            raise CellRefused("row.mgrs_no_zone", value=quoted(text))
        plain = f"{_plain(zone)} {plain}"
    match = _MGRS.fullmatch(plain)
    if match is None:
        raise CellRefused("row.mgrs_unreadable", value=quoted(text))
    groups = match[4].split()
    digits = "".join(groups)
    if len(digits) % 2 or len(digits) > 10 or (len(groups) == 2 and len(groups[0]) != len(groups[1])):
        raise CellRefused("row.mgrs_unreadable", value=quoted(text))
    side = 10 ** (5 - len(digits) // 2)
    if side > COARSEST_M:
        raise CellRefused("row.mgrs_coarse", value=quoted(text), km=side // 1000)
    try:
        plain = f"{int(match[1])}{match[2]}{match[3].replace(' ', '')}{digits}"
        number, half, east, north = mgrs.MGRS().MGRSToUTM(plain)
    except mgrs.core.MGRSError as wrong:
        raise CellRefused("row.mgrs_unreadable", value=quoted(text)) from wrong
    # Some versions of the library answer with the corner, some with the middle: the square is the same.
    east, north = (math.floor(round(at, 1) / side) * side + side / 2 for at in (east, north))
    return _degrees(int(number), half == "S", east, north)


def zone_of(text: str, south: bool = False) -> tuple[int, bool] | None:
    """Number of a UTM zone and whether its southern half is meant: "48", "48N", "48Q", "โซน 47"; else None.

    Parameters
    ----------
    south
        What a bare "S" means: the southern half, or band S of the northern.
    """
    match = _ZONE.fullmatch(ascii_digits(clean(text)).upper())
    if match is None or not 1 <= int(match[1]) <= 60:
        return None
    letter = match[2] or ""
    if letter == "S":
        return int(match[1]), south
    return int(match[1]), letter in ("SOUTH", "ใต้") or (len(letter) == 1 and "C" <= letter <= "M")


def utm_to_degrees(east: float, north: float, zone: int, south: bool = False) -> tuple[float, float]:
    """Longitude and latitude (WGS 84 degrees) of metres in a UTM zone.

    Raises
    ------
    CellRefused
        ``row.utm_outside``: no place in that zone has such metres.
    """
    if not (50_000 <= east <= 950_000 and 0 <= north <= 10_000_000):
        raise CellRefused("row.utm_outside", east=f"{east:.0f}", north=f"{north:.0f}")
    return _degrees(zone, south, east, north)


def _degrees(zone: int, south: bool, east: float, north: float) -> tuple[float, float]:
    lon, lat = _transformer(zone, south).transform(east, north)
    return float(lon), float(lat)


@lru_cache(maxsize=120)
def _transformer(zone: int, south: bool) -> Transformer:
    return Transformer.from_crs((32700 if south else 32600) + zone, WGS84, always_xy=True)
