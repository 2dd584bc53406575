"""A feature's shape as the store takes it: finite, in the region, valid, an area (or a village's point)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geo.analysis.land import label_point, polygons_of
from geo.crs import REGION
from geo.errors import WatchError

__all__ = ["PlaceRefused", "PlaceShape", "place_shape"]


class PlaceRefused(WatchError):
    """One feature cannot be taken; ``code`` begins with ``place.``."""


@dataclass(frozen=True, slots=True)
class PlaceShape:
    """A checked shape. ``geom`` is None for a village that is only a point."""

    geom: MultiPolygon | None
    point: Point
    repaired: bool


def place_shape(shape: BaseGeometry | None, *, or_point: bool = False) -> PlaceShape:
    """Check a shape, and repair one that crosses itself.

    Parameters
    ----------
    shape
        WGS 84, as a file gave it.
    or_point
        A point will do.

    Raises
    ------
    PlaceRefused
        ``place.no_shape``, ``place.not_finite``, ``place.outside_region``, ``place.not_an_area``,
        ``place.beyond_repair``.
    """
    if shape is None or shape.is_empty:
        raise PlaceRefused("place.no_shape")
    corners = shapely.get_coordinates(shape)
    if not np.isfinite(corners).all():
        raise PlaceRefused("place.not_finite")
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    if west < REGION[0] or south < REGION[1] or east > REGION[2] or north > REGION[3]:
        raise PlaceRefused("place.outside_region", lon=f"{west:.6g}", lat=f"{south:.6g}")
    shape = shapely.force_2d(shape)
    if or_point and shape.geom_type in ("Point", "MultiPoint"):
        return PlaceShape(None, Point(corners[0]), False)
    if shape.geom_type not in ("Polygon", "MultiPolygon", "GeometryCollection"):
        raise PlaceRefused("place.not_an_area", kind=shape.geom_type)
    whole = shape.is_valid
    geom = polygons_of(shape if whole else shapely.union_all(shapely.get_parts(shapely.make_valid(shape))))
    point = label_point(geom)
    if geom is None or point is None or not geom.is_valid:
        raise PlaceRefused("place.beyond_repair")
    return PlaceShape(geom, point, not whole)
