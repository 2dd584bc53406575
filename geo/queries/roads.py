"""Roads of the store as a network on a plane, and where roads are wanted."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.analysis.plane import Plane
from geo.analysis.roads import Roads, roads

__all__ = ["border_country", "road_network"]


def road_network(connection: Connection, plane: Plane) -> Roads:
    """The network of all roads, metres on a plane.

    Raises
    ------
    AnalysisRefused
        ``analysis.no_points``: no road file was loaded.
    """
    places = connection.execute(text("select id, st_x(geom), st_y(geom) from road_node order by id")).all()
    pieces = connection.execute(
        text("select first_node, last_node, metres, 0.06 * metres / kmh, one_way from road_edge order by id")
    ).all()
    number, lon, lat = np.array(places, dtype=np.float64).reshape(-1, 3).T
    first, last, metres, minutes, one_way = np.array(pieces, dtype=np.float64).reshape(-1, 5).T
    at = [np.searchsorted(number, end) for end in (first, last)]
    return roads(*plane.metres(lon, lat), at[0], at[1], metres, minutes, one_way > 0)


def border_country(connection: Connection) -> tuple[BaseGeometry | None, BaseGeometry | None]:
    """Outlines (WGS 84) of the border districts together, and of Thailand; nothing of what the store lacks."""
    shapes = [
        None if blob is None else shapely.from_wkb(bytes(blob))
        for blob in connection.execute(
            text(
                "select st_asbinary(st_union(geom)) from area where country = 'TH' and level = 'district' and is_border"
                " union all select st_asbinary(st_union(geom)) from area where country = 'TH' and level = 'country'"
            )
        ).scalars()
    ]
    return shapes[0], shapes[1]
