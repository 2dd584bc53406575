"""Border crossings, for the map and for the card of one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model import Scope
from geo.queries.features import feature_collection

__all__ = ["card", "crossings"]


def crossings(connection: Connection, scope: Scope) -> dict[str, Any]:
    """Crossings in scope as GeoJSON points (WGS 84).

    Properties: code, kind, neighbour, accuracy (of the coordinate: good, approx, poor), district_code.
    """
    own = "" if scope.districts is None else " where district_code = any(:scope)"
    rows = connection.execute(
        text(
            "select code, kind, neighbour, accuracy, district_code, st_asgeojson(geom, 5) as geometry"
            f" from crossing{own} order by code"
        ),
        {"scope": list(scope.districts or ())},
    )
    return feature_collection(rows.mappings())


def card(connection: Connection, scope: Scope, code: str) -> dict[str, Any]:
    """Everything a card shows of one crossing: the properties of the map, names, source, lon, lat.

    Raises
    ------
    NotFound
        There is no such crossing in this scope.
    """
    own = "" if scope.districts is None else " and district_code = any(:scope)"
    row = (
        connection.execute(
            text(
                "select code, name_th, name_en, kind, neighbour, accuracy, district_code, source,"
                f" st_x(geom) as lon, st_y(geom) as lat from crossing where code = :code{own}"
            ),
            {"code": code, "scope": list(scope.districts or ())},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("crossing.not_found", reference=code)
    return dict(row)
