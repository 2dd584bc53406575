"""The ground under a small map of one case: districts and the border around it, without a name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

__all__ = ["CaseGround", "case_ground"]


@dataclass(frozen=True, slots=True)
class CaseGround:
    """GeoJSON geometries (WGS 84), cut to the box and thinned to some 20 m: Thai districts and border sections."""

    districts: tuple[dict[str, Any], ...]
    border: tuple[dict[str, Any], ...]


_BOX = "st_makeenvelope(:west, :south, :east, :north, 4326)"


def case_ground(connection: Connection, west: float, south: float, east: float, north: float) -> CaseGround:
    """What lies in a box of degrees."""

    def shapes(sql: str) -> tuple[dict[str, Any], ...]:
        box = {"west": west, "south": south, "east": east, "north": north}
        return tuple(json.loads(shape) for (shape,) in connection.execute(text(sql), box) if shape)

    return CaseGround(
        districts=shapes(
            f"select st_asgeojson(st_simplify(st_intersection(geom, {_BOX}), 0.0002), 5) from area"
            f" where level = 'district' and country = 'TH' and geom && {_BOX} and st_intersects(geom, {_BOX}) order by code"
        ),
        border=shapes(
            f"select st_asgeojson(st_simplify(st_intersection(geom, {_BOX}), 0.0002), 5) from border_section"
            f" where geom && {_BOX} and st_intersects(geom, {_BOX}) order by code"
        ),
    )
