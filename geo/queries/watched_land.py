"""The ground that statistics stand on: the watched districts with their people, and the places that lend their names."""

from __future__ import annotations

import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.analysis.plane import BORDER, Plane
from geo.model import IncidentFilter, Scope

__all__ = ["named_places", "watched_districts"]

TOLERANCE = 0.002
"""Degrees by which outlines are simplified, about 200 m."""


def watched_districts(connection: Connection, scope: Scope, chosen: IncidentFilter) -> pd.DataFrame:
    """The Thai districts along the borders that are in scope and, where some were chosen, chosen.

    Returns
    -------
    DataFrame
        Index ``code``; ``name_th``, ``name_en``, ``population`` (NaN where it is not known), ``neighbours`` (codes, countries
        too), ``x``, ``y`` (a point inside) and ``shape`` (None without boundaries), both in metres around the middle of the
        border.
    """
    rows = connection.execute(
        text(
            "select code, name_th, name_en, population, st_x(rep_point) as x, st_y(rep_point) as y,"
            " st_asbinary(st_simplify(geom, :tolerance)) as shape from area"
            " where level = 'district' and country = 'TH' and is_border"
            " and (cast(:scope as text[]) is null or code = any(:scope))"
            " and (cast(:chosen as text[]) is null or code = any(:chosen)) order by code"
        ),
        {
            "tolerance": TOLERANCE,
            "scope": None if scope.districts is None else list(scope.districts),
            "chosen": list(chosen.districts) or None,
        },
    ).all()
    columns = ["code", "name_th", "name_en", "population", "x", "y", "shape"]
    frame = pd.DataFrame(rows, columns=columns).set_index("code")
    plane = Plane(*BORDER)
    frame["x"], frame["y"] = plane.metres(frame["x"].astype(float), frame["y"].astype(float))
    frame["population"] = frame["population"].astype(float)
    shapes = shapely.make_valid(shapely.from_wkb([None if shape is None else bytes(shape) for shape in frame["shape"]]))
    frame["shape"] = plane.shapes_to_metres(shapes)
    return frame


def named_places(connection: Connection) -> pd.DataFrame:
    """Crossings, and the Thai villages and sub-districts, that a place can be named after.

    Returns
    -------
    DataFrame
        ``kind`` (crossing, village, subdistrict), ``code``, ``name_th``, ``name_en``, ``x``, ``y`` (metres around the middle of
        the border).
    """
    rows = connection.execute(
        text(
            "select 'crossing' as kind, code, name_th, name_en, st_x(geom) as x, st_y(geom) as y from crossing union all"
            " select a.level, a.code, a.name_th, a.name_en, st_x(a.rep_point), st_y(a.rep_point) from area a"
            " where a.level in ('village', 'subdistrict') and a.country = 'TH' and a.rep_point is not null"
            " order by 1, 2"
        )
    ).all()
    frame = pd.DataFrame(rows, columns=["kind", "code", "name_th", "name_en", "x", "y"])
    frame["x"], frame["y"] = Plane(*BORDER).metres(frame["x"].astype(float), frame["y"].astype(float))
    return frame
