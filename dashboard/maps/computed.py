"""What was computed, as the map's script takes it: areas in classes, a surface, numbered places. Numbers and our own words only."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from geo.analysis.arrays import Floats
from geo.analysis.plane import Plane

__all__ = ["MOST", "UNIT", "Classes", "areas", "box_of", "marks", "outlines", "surface", "way"]

UNIT = 1e4
"""Corners travel in ten-thousandths of a degree: some 11 m, less than a pixel wherever a whole area is seen."""
COARSE = 0.0005
"""Degrees by which outlines are simplified."""
MOST = 5000
"""Areas drawn at once; of more those with most incidents."""
WIDEST = 1200
"""Pixels of a surface, each way."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of a legend, in its order.

    Attributes
    ----------
    title, labels
        Words of ours.
    colours
        ``#rrggbb``.
    signs
        A letter or two drawn on an area where it is large enough, so that colour is not all that tells; may be empty.
    """

    title: str
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    signs: tuple[str, ...] = ()
    note: str = ""

    def legend(self, counts: Sequence[int] | None = None) -> dict[str, Any]:
        """The legend's part, with how many areas are in each class."""
        drawn = {"title": self.title, "labels": list(self.labels), "colours": list(self.colours), "note": self.note}
        if self.signs:
            drawn["signs"] = list(self.signs)
        return drawn if counts is None else drawn | {"counts": list(counts)}


def _ring(shape: Any) -> list[int]:
    """The outline of a shape (WGS 84): its first corner, then the way to each next one."""
    outline = shape.exterior if shape.geom_type == "Polygon" else shape
    at = np.rint(shapely.get_coordinates(outline) * UNIT).astype(np.int64)
    if len(at) > 1 and (at[0] == at[-1]).all():
        at = at[:-1]
    steps = np.vstack([at[:1], np.diff(at, axis=0)])
    found: list[int] = steps.ravel().tolist()
    return found


def areas(
    shapes: npt.NDArray[np.object_], classes: Sequence[int], kinds: Classes, counts: Sequence[int] | None = None
) -> dict[str, Any]:
    """Polygons (WGS 84), each in one of the classes; at most `MOST` of them.

    Parameters
    ----------
    classes
        Place in ``kinds`` of each shape.
    counts
        Incidents in each.
    """
    kept = list(range(len(shapes)))
    if len(shapes) > MOST:  # those with most incidents, in their order
        weight = np.asarray(classes if counts is None else counts)
        kept = np.sort(np.argsort(-weight, kind="stable")[:MOST]).tolist()
    told: dict[str, Any] = {
        "rings": [_ring(shapes[at]) for at in kept],
        "classes": [int(classes[at]) for at in kept],
    }
    if counts is not None:
        told["counts"] = [int(counts[at]) for at in kept]
    drawn: dict[str, Any] = {
        "colours": list(kinds.colours),
        "data": _packed(json.dumps(told, separators=(",", ":")).encode()),
    }
    if kinds.signs:
        drawn["signs"] = list(kinds.signs)
    return drawn


def _packed(plain: bytes) -> str:
    """Bytes as text: hexagons are alike, and so are neighbouring values of a surface. No plus sign, which would be escaped."""
    return base64.b64encode(zlib.compress(plain, 9)).decode("ascii").replace("+", "-")


def outlines(shapes: Sequence[Any]) -> list[list[int]]:
    """Outlines of hulls and circles (WGS 84), to some 50 m; a hull that is a point or a line has none."""
    parts = shapely.get_parts(shapely.simplify(np.array(shapes, dtype=object), COARSE))
    return [_ring(part) for part in parts if part.geom_type == "Polygon"]


def marks(lon: npt.ArrayLike, lat: npt.ArrayLike, chosen: int | None = None) -> list[list[int]]:
    """Places (WGS 84) with the numbers of a list, from 1; the chosen row (from 0) stands out."""
    at = np.rint(np.column_stack([np.asarray(lon), np.asarray(lat)]) * UNIT).astype(np.int64).reshape(-1, 2)
    return [[int(x), int(y), number, int(number - 1 == chosen)] for number, (x, y) in enumerate(at, 1)]


def way(lon: npt.ArrayLike, lat: npt.ArrayLike, colour: str) -> dict[str, Any]:
    """A line (WGS 84) in a colour (``#rrggbb``), drawn over the ground and under numbered places."""
    at = np.rint(np.column_stack([np.asarray(lon), np.asarray(lat)]) * UNIT).astype(np.int64)
    return {"line": np.vstack([at[:1], np.diff(at, axis=0)]).ravel().tolist(), "colour": colour}


def box_of(shape: Any, around: float = 0.02) -> tuple[float, float, float, float]:
    """West, south, east, north of a shape (WGS 84) with some room in degrees."""
    west, south, east, north = shapely.bounds(shape)
    return float(west - around), float(south - around), float(east + around), float(north + around)


def surface(
    x: Floats, y: Floats, value: Floats, cell: float, plane: Plane, steps: Sequence[float], colours: Sequence[str]
) -> dict[str, Any]:
    """A surface in classes, on a grid as the map's projection has it.

    Parameters
    ----------
    x, y
        Middles of the cells that have a value, metres in ``plane``, shape (n,).
    value
        Shape (n,), above 0; all other cells are 0.
    cell
        Width of the cells, metres.
    steps
        Values at which a class begins, ascending.
    colours
        ``#rrggbb`` of each class.
    """
    west, south = x.min() - cell, y.min() - cell
    column, row = np.rint((x - west) / cell).astype(np.int64), np.rint((y - south) / cell).astype(np.int64)
    grid = np.zeros((int(row.max()) + 2, int(column.max()) + 2))
    grid[row, column] = value
    lon, lat = plane.degrees(*_edge(west, south, cell, grid.shape))
    bounds = float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
    low, high = _mercator(bounds[1]), _mercator(bounds[3])
    across = (bounds[2] - bounds[0]) * 111_320 * np.cos(np.deg2rad((bounds[1] + bounds[3]) / 2))
    width = int(min(WIDEST, max(2, np.ceil(across / cell))))
    height = int(min(WIDEST, max(2, np.ceil((bounds[3] - bounds[1]) * 110_700 / cell))))
    at_lon = bounds[0] + (np.arange(width) + 0.5) * (bounds[2] - bounds[0]) / width
    at_lat = _latitude(high - (np.arange(height) + 0.5) * (high - low) / height)
    at_x, at_y = plane.metres(*(grid_of.ravel() for grid_of in np.meshgrid(at_lon, at_lat)))
    seen = ndimage.map_coordinates(grid, [(at_y - south) / cell, (at_x - west) / cell], order=1, mode="constant")
    # Where values are small there are more numbers for them: a root is as even to the eye as to the steps.
    most = float(np.sqrt(value.max()))
    grey = np.rint(np.sqrt(np.maximum(seen, 0)) / most * 255).astype(np.uint8)
    numbers = [max(1, int(np.rint(np.sqrt(step) / most * 255))) for step in steps]
    names = ("west", "south", "east", "north")
    return dict(zip(names, (round(edge, 6) for edge in bounds), strict=True)) | {
        "width": width,
        "height": height,
        "steps": numbers,
        "colours": list(colours),
        "data": _packed(grey.tobytes()),
    }


def _edge(west: float, south: float, cell: float, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Places along the edge of a grid, metres: the box in degrees that holds all of it touches some of them."""
    east, north = west + cell * (shape[1] - 1), south + cell * (shape[0] - 1)
    along_x, along_y = np.linspace(west, east, 50), np.linspace(south, north, 50)
    x = np.concatenate([along_x, along_x, np.full(50, west), np.full(50, east)])
    y = np.concatenate([np.full(50, south), np.full(50, north), along_y, along_y])
    return x, y


def _mercator(lat: float) -> float:
    return float(np.log(np.tan(np.pi / 4 + np.deg2rad(lat) / 2)))


def _latitude(y: Floats) -> Floats:
    return np.asarray(np.rad2deg(2 * np.arctan(np.exp(y)) - np.pi / 2))
