"""Incidents as points for the statistics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.analysis.plane import BORDER, Plane
from geo.ingest.points import Points
from geo.model import IncidentFilter, Scope
from geo.queries.conditions import codes

__all__ = ["incident_points", "watched_land"]


def incident_points(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Points:
    """The incidents of a filter that have a point, in metres around the middle of the border.

    ``rows`` hold ``lon``, ``lat``, ``t`` (moment in Asia/Bangkok, as text) and ``crime_type``.
    """
    where, values = codes(chosen, scope)
    sql = (
        "select st_x(geom), st_y(geom), to_char(occurred_at, 'YYYY-MM-DD\"T\"HH24:MI'),"
        " extract(epoch from timezone('Asia/Bangkok', occurred_at))::float8 / 86400, crime_type"
        f" from incident where geom is not null and day between :first and :last{where} order by id"
    )
    found = connection.execute(text(sql), values | {"first": chosen.first, "last": chosen.last}).all()
    lon, lat, t, days, kind = zip(*found, strict=True) if found else ((), (), (), (), ())
    rows = pd.DataFrame({"lon": lon, "lat": lat, "t": t, "crime_type": kind})
    plane = Plane(*BORDER)
    x, y = plane.metres(lon, lat)
    return Points(rows, x, y, plane, np.array(days, dtype=np.float64), True, None, np.array(kind, dtype=object))


def watched_land(connection: Connection) -> BaseGeometry:
    """The land of the Thai districts along the borders, in metres as `incident_points`; empty without boundaries."""
    found = connection.execute(
        text(
            "select st_asbinary(st_simplify(geom, 0.002)) from area"
            " where level = 'district' and country = 'TH' and is_border and geom is not null order by code"
        )
    ).scalars()
    shapes = shapely.make_valid(shapely.from_wkb([bytes(shape) for shape in found]))
    return Plane(*BORDER).shapes_to_metres(shapely.union_all(shapes))
