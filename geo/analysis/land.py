"""Put polygons together without the slivers that simplified neighbours leave between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

__all__ = ["dissolved", "label_point", "polygons_of"]

CRACK = 0.004
"""Degrees, about 440 m: half the width of the widest crack that is closed. Shapes are rough by 500 m."""
TOUCH = 1e-7
"""Degrees: shapes nearer than this touch."""
SPECK = 1e-6
"""Square degrees: pieces smaller than this (about 0.012 km²) are leftovers of simplifying, not islands."""


def polygons_of(geom: BaseGeometry) -> MultiPolygon | None:
    """The polygons of any geometry as one MultiPolygon; None where it has none with an area."""
    pieces = shapely.get_parts(shapely.get_parts(geom))  # a collection may hold MultiPolygons
    found = [piece for piece in pieces if isinstance(piece, Polygon) and piece.area > 0]
    return MultiPolygon(found) if found else None


def dissolved(shapes: Sequence[BaseGeometry]) -> MultiPolygon:
    """One land from adjoining shapes.

    Cracks between neighbours are closed and holes filled: no country or province here encloses another, and a
    lake inside belongs to it. Elsewhere the outer edge stays as it was, vertex by vertex.

    Parameters
    ----------
    shapes
        Valid polygons, WGS 84.

    Returns
    -------
    MultiPolygon
        Valid, WGS 84: mainland and islands.
    """
    union = shapely.union_all(shapes)
    land = shapely.union_all([union, *_cracks(shapes, union)])
    parts = [part for part in shapely.get_parts(land) if isinstance(part, Polygon) and part.area > SPECK]
    solid = [Polygon(part.exterior) for part in parts]
    whole = polygons_of(shapely.union_all(solid))
    if whole is None:
        raise ValueError("nothing to put together")
    return whole


def _cracks(shapes: Sequence[BaseGeometry], union: BaseGeometry) -> list[BaseGeometry]:
    """Narrow empty places that touch two shapes. A bay or a bend of a river touches one, and stays open."""
    closed = union.buffer(CRACK, join_style="mitre").buffer(-CRACK, join_style="mitre")
    narrow = shapely.get_parts(shapely.get_parts(shapely.difference(closed, union)))
    narrow = narrow[[isinstance(piece, Polygon) for piece in narrow]]
    tree = shapely.STRtree(shapes)
    which, _ = tree.query(narrow, predicate="dwithin", distance=TOUCH)
    touched = np.bincount(which, minlength=len(narrow))
    return [piece for piece, count in zip(narrow, touched, strict=True) if count > 1]


def label_point(geom: BaseGeometry | None) -> Point | None:
    """The point inside a shape that is farthest from its edge: where a name is written."""
    if geom is None:
        return None
    widest = max(shapely.get_parts(geom), key=lambda part: part.area)
    return Point(shapely.maximum_inscribed_circle(widest, 0.005).coords[0])
