"""The country's own land, and places within it that ways can lead by."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.analysis.arrays import Floats

__all__ = ["country_land"]

TOLERANCE = 0.001
"""Degrees by which the outline is simplified, about 100 m."""


def country_land(
    connection: Connection, west: float, south: float, east: float, north: float
) -> tuple[BaseGeometry | None, Floats]:
    """Thailand within a box, and a point inside of each of its districts there; degrees (WGS 84).

    Public boundaries: no scope.

    Returns
    -------
    land
        Polygons; nothing where no boundaries are loaded.
    places
        Longitude and latitude, shape (n, 2).
    """
    box = {"west": west, "south": south, "east": east, "north": north}
    found = connection.execute(
        text(
            "select st_asbinary(st_simplify(st_intersection(st_buffer(geom, 0), st_makeenvelope(:west, :south, :east, :north, 4326)),"
            f" {TOLERANCE})) from area where level = 'country' and country = 'TH' and geom is not null"
        ),
        box,
    ).scalar()
    rows = connection.execute(
        text(
            "select st_x(rep_point), st_y(rep_point) from area where level = 'district' and country = 'TH'"
            " and rep_point && st_makeenvelope(:west, :south, :east, :north, 4326) order by code"
        ),
        box,
    ).all()
    land = None if found is None else shapely.make_valid(shapely.from_wkb(bytes(found)))
    return land, np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, 2)
