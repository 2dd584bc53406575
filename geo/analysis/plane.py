"""A plane in metres around given places, on which areas are true and distances right to 0.3 % within 1,000 km."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.analysis.arrays import Floats
from geo.crs import WGS84

__all__ = ["BORDER", "Plane"]


class Plane:
    """Lambert's azimuthal equal-area projection around a point.

    Parameters
    ----------
    lon, lat
        Middle, degrees (WGS 84).
    """

    def __init__(self, lon: float, lat: float) -> None:
        crs = f"+proj=laea +lon_0={lon:.6f} +lat_0={lat:.6f} +datum=WGS84 +units=m"
        self._there = Transformer.from_crs(WGS84, crs, always_xy=True)
        self._back = Transformer.from_crs(crs, WGS84, always_xy=True)

    @classmethod
    def around(cls, lon: Floats, lat: Floats) -> Plane:
        """The plane around the middle of places (degrees), rounded to a degree so that a few more do not move it."""
        return cls(round((lon.min() + lon.max()) / 2), round((lat.min() + lat.max()) / 2))

    def metres(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Degrees to metres, shape (n,)."""
        x, y = self._there.transform(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
        return np.asarray(x), np.asarray(y)

    def degrees(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Metres to degrees, shape (n,)."""
        lon, lat = self._back.transform(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        return np.asarray(lon), np.asarray(lat)

    def shapes_to_metres(self, shapes: BaseGeometry) -> BaseGeometry:
        """A geometry in degrees as one in metres."""
        return shapely.transform(shapes, lambda at: np.column_stack(self.metres(*at.T)))

    def shapes_to_degrees(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Geometries in metres as those in degrees, shape (n,)."""
        return np.asarray(shapely.transform(shapes, lambda at: np.column_stack(self.degrees(*at.T))), dtype=object)


BORDER = (103, 15)
"""Middle (degrees) of the plane for everything along the borders with Laos and Cambodia."""
