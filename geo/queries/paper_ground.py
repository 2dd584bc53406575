"""The ground of a map on paper: a district with its neighbours, the border and the crossings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

__all__ = ["PaperBorder", "PaperCrossing", "PaperDistrict", "PaperGround", "ground_in", "paper_ground"]

ROOM = 0.06
"""Share of the box that is added on each side."""
NARROWEST = 0.05
"""Degrees: a box is never narrower."""


@dataclass(frozen=True, slots=True)
class PaperDistrict:
    """A Thai district; its label's place in degrees."""

    code: str
    name_th: str | None
    name_en: str | None
    lon: float | None
    lat: float | None
    shape: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PaperBorder:
    """A stretch of the border."""

    undetermined: bool
    shape: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PaperCrossing:
    """A crossing point, degrees."""

    kind: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class PaperGround:
    """What lies in the box (west, south, east, north in degrees, WGS 84); shapes are GeoJSON, thinned to some 100 m."""

    box: tuple[float, float, float, float]
    districts: tuple[PaperDistrict, ...]
    border: tuple[PaperBorder, ...]
    crossings: tuple[PaperCrossing, ...]


def paper_ground(
    connection: Connection, district: str | None, lon: float | None, lat: float | None
) -> PaperGround | None:
    """The ground around a district and a point; nothing where neither has a place.

    Parameters
    ----------
    district
        Code; the whole of it is shown.
    lon, lat
        Degrees, WGS 84.
    """
    row = connection.execute(
        text(
            "select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(g) as e from ("
            " select coalesce(geom, rep_point) as g from area where code = :district"
            " union all select st_setsrid(st_makepoint(:lon, :lat), 4326)) shapes) box where e is not null"
        ),
        {"district": district, "lon": lon, "lat": lat},
    ).one_or_none()
    if row is None:
        return None
    return ground_in(connection, (float(row[0]), float(row[1]), float(row[2]), float(row[3])))


def ground_in(connection: Connection, around: tuple[float, float, float, float]) -> PaperGround:
    """The ground in a box (west, south, east, north in degrees, WGS 84) with some room on each side."""
    box = _wider(*around)
    values = dict(zip(("west", "south", "east", "north"), box, strict=True))
    inside = "st_makeenvelope(:west, :south, :east, :north, 4326)"
    cut = f"st_asgeojson(st_simplify(st_intersection(geom, {inside}), 0.001, true), 4) as shape"
    districts = connection.execute(
        text(
            "select code, name_th, name_en, st_x(p) as lon, st_y(p) as lat, shape from (select code, name_th, name_en,"
            f" st_pointonsurface(st_intersection(geom, {inside})) as p, {cut} from area where level = 'district'"
            f" and country = 'TH' and geom && {inside} and st_intersects(geom, {inside})) d order by code"
        ),
        values,
    )
    border = connection.execute(
        text(
            f"select undetermined, {cut} from border_section where geom && {inside} and st_intersects(geom, {inside})"
            " order by code"
        ),
        values,
    )
    crossings = connection.execute(
        text(f"select kind, st_x(geom), st_y(geom) from crossing where geom && {inside} order by code"), values
    )
    return PaperGround(
        box=box,
        districts=tuple(
            PaperDistrict(one.code, one.name_th, one.name_en, one.lon, one.lat, json.loads(one.shape))
            for one in districts if one.shape
        ),
        border=tuple(PaperBorder(one.undetermined, json.loads(one.shape)) for one in border if one.shape),
        crossings=tuple(PaperCrossing(*one) for one in crossings),
    )  # fmt: skip


def _wider(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    wide = max((NARROWEST - (east - west)) / 2, (east - west) * ROOM)
    high = max((NARROWEST - (north - south)) / 2, (north - south) * ROOM)
    return west - wide, south - high, east + wide, north + high
