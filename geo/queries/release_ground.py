"""The ground of the public map: the country, its border districts and the border, as coarse as a telephone's screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

__all__ = ["ReleaseGround", "release_ground"]

Shape = Mapping[str, Any]
ROOM = 0.15
"""Degrees around the border districts."""


@dataclass(frozen=True, slots=True)
class ReleaseGround:
    """Shapes as GeoJSON, WGS 84.

    Attributes
    ----------
    box
        West, south, east, north in degrees.
    country
        Thailand, thinned to some 3 km.
    districts
        Border districts by code, thinned to some 700 m.
    border
        Stretches, and whether each is undetermined.
    """

    box: tuple[float, float, float, float]
    country: Shape
    districts: Mapping[str, Shape]
    border: tuple[tuple[bool, Shape], ...]


def release_ground(connection: Connection) -> ReleaseGround | None:
    """The ground, with the rights of `geo.model.Reach.VISITOR`; nothing where no boundaries are loaded."""
    which = "from area where level = 'district' and country = 'TH' and is_border and geom is not null"
    box = connection.execute(
        text(f"select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom) as e {which}) b where e is not null")
    ).one_or_none()  # fmt: skip
    if box is None:
        return None
    west, south, east, north = (float(side) for side in box)
    around = {"west": west - 1, "south": south - 1, "east": east + 1, "north": north + 1}
    country = connection.execute(
        text(
            "select st_asgeojson(st_simplify(st_intersection(st_buffer(geom, 0), st_makeenvelope(:west, :south, :east, :north, 4326)), 0.03), 2)"
            " from area where level = 'country' and country = 'TH' and geom is not null"
        ),
        around,
    ).scalar()
    districts = connection.execute(
        text(f"select code, st_asgeojson(st_simplify(geom, 0.007, true), 3) {which} order by code")
    )
    border = connection.execute(
        text("select undetermined, st_asgeojson(st_simplify(geom, 0.007, true), 3) from border_section order by code")
    )
    return ReleaseGround(
        (west - ROOM, south - ROOM, east + ROOM, north + ROOM),
        json.loads(country) if country else {"type": "GeometryCollection", "geometries": []},
        {code: json.loads(shape) for code, shape in districts},
        tuple((undetermined, json.loads(shape)) for undetermined, shape in border),
    )
