"""The ground on which places for checkpoints are suggested: land of the districts, and the border along it."""

from __future__ import annotations

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.analysis.plane import BORDER, Plane
from geo.model import Scope

__all__ = ["border_ground"]


def border_ground(
    connection: Connection, scope: Scope, districts: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, BaseGeometry]:
    """The Thai border districts in scope and, where some are given, among them; and their border.

    Returns
    -------
    DataFrame
        Index ``code``; ``shape``: polygons in metres around the middle of the border, whole as they are stored. Districts
        without boundaries are left out.
    BaseGeometry
        Lines of the border sections of these districts, metres on the same plane; may be empty.
    """
    values = {
        "scope": None if scope.districts is None else list(scope.districts),
        "chosen": list(districts) or None,
    }
    own = "(cast(:scope as text[]) is null or {0} = any(:scope)) and (cast(:chosen as text[]) is null or {0} = any(:chosen))"
    land = connection.execute(
        text(
            "select code, st_asbinary(geom) as shape from area where level = 'district' and country = 'TH' and is_border"
            f" and geom is not null and {own.format('code')} order by code"
        ),
        values,
    ).all()
    lines = connection.execute(
        text(f"select st_asbinary(geom) from border_section where {own.format('district_code')} order by code"), values
    ).scalars()
    plane = Plane(*BORDER)
    shapes = shapely.make_valid(shapely.from_wkb([bytes(row.shape) for row in land]))
    frame = pd.DataFrame(
        {"shape": plane.shapes_to_metres(shapes)}, index=pd.Index([row.code for row in land], name="code")
    )
    border = shapely.union_all(shapely.from_wkb([bytes(line) for line in lines.all()]))
    return frame, plane.shapes_to_metres(border)
