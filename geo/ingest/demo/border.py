"""The real border as a row of stations, 250 m apart, that know which way Thailand lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

__all__ = ["STEP_M", "Border", "Section", "Stations", "metres", "shifted"]

STEP_M = 250.0
"""Metres between stations."""
SHORT_M = 1000.0
"""Pieces of a section that are shorter are left out where a longer one is there."""
LOOKED_AT_KM = np.array([0.4, 0.8, 1.5, 2.5, 4.0, 6.0, 8.0, 10.0])
"""How far inland each station looks for the end of Thai land."""
METRES_PER_DEGREE = 111_320.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Section:
    """One district's border with one neighbour; ``line`` is a MultiLineString in WGS 84."""

    district: str
    district_name: str
    neighbour: str
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class Stations:
    """Places on the line, in order along each piece of it. All arrays have shape (n,).

    Attributes
    ----------
    lon, lat
        Degrees, WGS 84.
    east, north
        Unit vector that points into Thailand.
    reach_m
        How far along that vector there is nothing but Thai land.
    section
        Index of the section.
    first, last
        Indices of the first and the last station of the same piece.
    """

    lon: Floats
    lat: Floats
    east: Floats
    north: Floats
    reach_m: Floats
    section: Ints
    first: Ints
    last: Ints


class Border:
    """Sections, stations and the land behind them.

    Parameters
    ----------
    sections
        At least one.
    land
        Polygons of the Thai districts near the border (WGS 84) and their codes.
    crossings
        Longitude and latitude of crossing points, shape (n, 2).
    """

    def __init__(
        self,
        sections: Sequence[Section],
        land: Sequence[tuple[str, BaseGeometry]],
        crossings: ArrayLike,
    ) -> None:
        self.sections = list(sections)
        self._codes = np.array([code for code, _ in land])
        self._tree = shapely.STRtree([shape for _, shape in land])
        self.stations = self._stations()
        at = np.asarray(crossings, dtype=np.float64).reshape(-1, 2)
        places = shapely.STRtree(shapely.points(self.stations.lon, self.stations.lat))
        self.crossing_stations: Ints = np.unique(places.nearest(shapely.points(at))).astype(np.int64)
        self.of_section = [np.flatnonzero(self.stations.section == i) for i in range(len(self.sections))]

    def district_at(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.str_]:
        """Code of the Thai district that covers each point, empty where none near the border does."""
        points = shapely.points(np.asarray(lon), np.asarray(lat))
        which, shape = self._tree.query(points, predicate="intersects")
        found = np.full(points.shape, "", dtype=self._codes.dtype)
        found[which[::-1]] = self._codes[shape[::-1]]
        return found

    def _stations(self) -> Stations:
        lon, lat, section, first, last = [], [], [], [], []
        count = 0
        for index, part in self._pieces():
            steps = max(4, round(metres(part) / STEP_M))
            points = shapely.line_interpolate_point(part, np.linspace(0, 1, steps + 1), normalized=True)
            lon.append(shapely.get_x(points))
            lat.append(shapely.get_y(points))
            section.append(np.full(steps + 1, index))
            first.append(np.full(steps + 1, count))
            count += steps + 1
            last.append(np.full(steps + 1, count - 1))
        x, y, start, end = (np.concatenate(v) for v in (lon, lat, first, last))
        east, north = self._inward(x, y, start, end)
        reach = np.full(x.size, 200.0)
        open_land = np.ones(x.size, dtype=np.bool_)
        for km in LOOKED_AT_KM:
            open_land &= self.district_at(*shifted(x, y, east * km * 1000, north * km * 1000)) != ""
            reach[open_land] = km * 1000
        return Stations(x, y, east, north, reach, np.concatenate(section), start, end)

    def _pieces(self) -> list[tuple[int, BaseGeometry]]:
        found = []
        for index, section in enumerate(self.sections):
            parts = sorted(shapely.get_parts(section.line), key=metres, reverse=True)
            found += [(index, part) for n, part in enumerate(parts) if n == 0 or metres(part) >= SHORT_M]
        return found

    def _inward(self, x: Floats, y: Floats, first: Ints, last: Ints) -> tuple[Floats, Floats]:
        here = np.arange(x.size)
        ahead, behind = np.minimum(here + 4, last), np.maximum(here - 4, first)
        east = (x[ahead] - x[behind]) * np.cos(np.radians(y))
        north = y[ahead] - y[behind]
        length = np.maximum(np.hypot(east, north), 1e-12)
        left_east, left_north = -north / length, east / length
        # A line has Thailand on one side from end to end: its stations vote.
        votes = np.zeros(x.size)
        for m in (400.0, 1000.0, 2000.0):
            for side in (1.0, -1.0):
                on_land = self.district_at(*shifted(x, y, side * m * left_east, side * m * left_north)) != ""
                votes += side * on_land
        total = np.concatenate(([0.0], np.cumsum(votes)))
        sign = np.where(total[last + 1] - total[first] >= 0, 1.0, -1.0)
        return left_east * sign, left_north * sign


def metres(line: BaseGeometry) -> float:
    """Length of a line in degrees, in metres to about one per cent: good enough to place synthetic things."""
    coords = shapely.get_coordinates(line)
    east = np.diff(coords[:, 0]) * np.cos(np.radians(coords[:-1, 1]))
    return float(np.hypot(east, np.diff(coords[:, 1])).sum() * METRES_PER_DEGREE)


def shifted(lon: Floats, lat: Floats, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """Points moved by metres on a sphere; degrees in, degrees out."""
    return (
        lon + east_m / (METRES_PER_DEGREE * np.cos(np.radians(lat))),
        lat + north_m / METRES_PER_DEGREE,
    )
