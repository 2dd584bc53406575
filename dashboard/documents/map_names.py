"""Which names a map on paper has room for, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.documents.map_plane import WIDE, MapPlane
from geo.model.meeting_sheet import Outline, SheetMap

__all__ = ["Label", "names"]

EDGE = 0.05
"""Share of the picture near whose edge nothing is named."""
LETTER, LINE = 0.56, 1.3
"""Width of a letter and height of a line by the size of the type: Thai marks stand above and below and are not counted."""
SIZES = {"own": 27.0, "around": 25.5, "country": 38.0}
"""Of the type, in the picture's units: 8.5, 8 and 12 points on a map 11 cm wide."""
COUNTRIES = frozenset({"TH", "LA", "KH"})
Room = tuple[float, float, float, float]
"""Middle, and half of width and height."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name or a number in the map.

    Attributes
    ----------
    kind
        ``own``, ``around`` (a district by its code), ``country`` (``LA``, ``KH``), or ``rank``, ``cell``, ``count`` (a number).
    of
        The code or the number.
    x, y
        Shares of width and height from the top left.
    """

    kind: str
    of: str
    x: float
    y: float


def names(plane: MapPlane, ground: SheetMap, taken: Sequence[Room] = ()) -> list[Label]:
    """The names that do not cover each other, the countries' first, then the meeting's own districts.

    The one district of a sheet is not named: its name is the title of the page.

    Parameters
    ----------
    taken
        What nothing may cover.
    """
    full, labels = list(taken), []
    for kind, of, said, at in _wanted(plane, ground):
        wide, high = SIZES[kind] * LETTER * _letters(said) / 2, SIZES[kind] * LINE / 2
        for x, y in _around(at, wide, high) if kind == "own" else (at,):
            room = (x, y, wide, high)
            inside = EDGE * WIDE < x < (1 - EDGE) * WIDE and EDGE * plane.high < y < (1 - EDGE) * plane.high
            if inside and not any(_meet(room, other) for other in full):
                full.append(room)
                labels.append(Label(kind, of, x / WIDE, y / plane.high))
                break
    return labels


def _around(at: tuple[float, float], wide: float, high: float) -> Iterator[tuple[float, float]]:
    """Where a name may stand: on its place, at its right, left, above, below."""
    x, y = at
    yield x, y
    yield x + wide + 24, y
    yield x - wide - 24, y
    yield x, y - high - 24
    yield x, y + high + 24


def _wanted(plane: MapPlane, ground: SheetMap) -> Iterator[tuple[str, str, str, tuple[float, float]]]:
    beyond: dict[str, list[tuple[float, float]]] = {}
    near = []
    for one in ground.around:
        if one.lon is None or one.lat is None:
            continue
        if one.country != "TH":
            beyond.setdefault(one.country, []).append(plane.at(one.lon, one.lat))
        elif one.code not in COUNTRIES:
            near.append(("around", one.code, _name(one), plane.at(one.lon, one.lat)))
    for country, at in beyond.items():
        x, y = np.mean(at, axis=0)
        yield "country", country, country * 3, (float(x), float(y))
    if len(ground.districts) > 1:
        for one in ground.districts:
            if one.lon is not None and one.lat is not None:
                yield "own", one.code, _name(one), plane.at(one.lon, one.lat)
    yield from near


def _name(one: Outline) -> str:
    return one.name_th or one.name_en or one.code


def _letters(said: str) -> int:
    """Letters that take width: marks above and below do not."""
    return sum(
        not (letter == "\u0e31" or "\u0e34" <= letter <= "\u0e3a" or "\u0e47" <= letter <= "\u0e4e") for letter in said
    )


def _meet(one: Room, other: Room) -> bool:
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < one[3] + other[3]
