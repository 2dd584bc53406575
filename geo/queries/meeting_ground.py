"""The ground of a meeting's maps: districts, border, crossings, checkpoints, and the places that spots are named after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.model import District, Scope
from geo.model.meeting_material import Ground, Shape
from geo.model.meeting_sheet import MapCheckpoint, MapCrossing
from geo.queries import checkpoints as standing

__all__ = ["meeting_ground"]

THIN = 0.001
"""Degrees: outlines are thinned to some 100 m, as on other paper maps."""
NEAR = 0.6
"""Degrees around the meeting's districts within which others are shown."""


def meeting_ground(connection: Connection, scope: Scope, districts: Mapping[str, District], on: date) -> Ground:
    """What lies in and around these districts, with the checkpoints as they stand on a day."""
    codes = {"codes": list(districts)}
    points = connection.execute(
        text(
            "select code, st_x(p), st_y(p) from (select code, coalesce(rep_point, st_pointonsurface(geom)) as p from area"
            " where code = any(:codes)) a where p is not null"
        ),
        codes,
    )
    box = "(select st_expand(st_extent(coalesce(geom, rep_point))::geometry, :near) from area where code = any(:codes))"
    near = codes | {"near": NEAR, "thin": THIN}
    shapes = connection.execute(
        text(
            "select code, country, name_th, name_en, st_asbinary(st_simplify(geom, :thin, true)) from area"
            f" where level in ('district', 'country') and geom is not null and geom && st_setsrid({box}, 4326) order by code"
        ),
        near,
    )
    border = connection.execute(
        text(
            "select code, neighbour, st_asbinary(st_simplify(geom, :thin, true)), undetermined from border_section"
            f" where geom && st_setsrid({box}, 4326) order by code"
        ),
        near,
    )
    crossings = connection.execute(
        text(
            "select code, kind, name_th, name_en, st_x(geom)::numeric(9, 5)::float8, st_y(geom)::numeric(9, 5)::float8"
            f" from crossing where geom && st_setsrid({box}, 4326) order by code"
        ),
        near,
    )
    places = connection.execute(
        text(
            "select 'crossing' as kind, code, name_th, name_en, st_x(geom) as lon, st_y(geom) as lat from crossing"
            " union all select level, code, name_th, name_en, st_x(rep_point), st_y(rep_point) from area"
            " where level in ('subdistrict', 'village') and country = 'TH' and rep_point is not null"
            " and left(code, 4) = any(:codes) order by 1, 2"
        ),
        codes,
    )
    listed = standing.checkpoint_list(connection, scope, on)
    return Ground(
        districts=districts,
        points={code: (float(lon), float(lat)) for code, lon, lat in points},
        shapes={code: Shape(code, country, th, en, _read(shape)) for code, country, th, en, shape in shapes if shape},
        border=tuple(Shape(code, side, None, None, _read(line), open_) for code, side, line, open_ in border if line),
        crossings=tuple(MapCrossing(*row) for row in crossings),
        checkpoints=tuple(
            MapCheckpoint(one["code"], one["kind"], one["status"], round(one["lon"], 5), round(one["lat"], 5))
            for one in listed.to_dict("records")
        ),
        places=pd.DataFrame(places.all(), columns=["kind", "code", "name_th", "name_en", "lon", "lat"]),
    )


def _read(shape: bytes) -> BaseGeometry:
    return shapely.make_valid(shapely.from_wkb(bytes(shape)))
