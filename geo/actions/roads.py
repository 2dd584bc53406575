"""Replace the roads of the store by those of a file."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.analysis.arrays import Bools, Floats
from geo.analysis.road_network import Network
from geo.crs import WGS84

__all__ = ["replace_roads"]

LOCK = 7_341_194
"""Advisory lock: roads are written by one process at a time."""


def replace_roads(
    connection: Connection,
    net: Network,
    road_class: npt.NDArray[np.object_],
    one_way: Bools,
    kmh: Floats,
    *,
    file_name: str,
    sha256: str,
    source: str,
    licence: str,
) -> None:
    """Write a network in place of the one that is there; who reads meanwhile still sees that one.

    Parameters
    ----------
    road_class, one_way, kmh
        Of the pieces, shape (m,); what is one way leads from its first place to its last.
    """
    connection.execute(text("set local statement_timeout = 0"))
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    for table in ("road_edge", "road_node", "road_file"):
        connection.execute(text(f"delete from {table}"))
    _copy(connection, "road_node (id, geom)", enumerate(_hex(shapely.points(net.lon, net.lat))))
    pieces = zip(net.first, net.last, road_class, one_way, kmh, net.metres, _hex(net.shape), strict=True)
    _copy(
        connection,
        "road_edge (id, first_node, last_node, road_class, one_way, kmh, metres, geom)",
        (
            (number, int(a), int(b), str(kind), bool(way), float(speed), float(metres), shape)
            for number, (a, b, kind, way, speed, metres, shape) in enumerate(pieces)
        ),
    )
    connection.execute(text("analyze road_node"))
    connection.execute(text("analyze road_edge"))
    km = float(net.metres.sum() / 1000)
    connection.execute(
        text(
            "insert into road_file (file_name, sha256, source, licence, nodes, edges, km)"
            " values (:file_name, :sha256, :source, :licence, :nodes, :edges, :km)"
        ),
        {
            "file_name": file_name, "sha256": sha256, "source": source, "licence": licence,
            "nodes": len(net.lon), "edges": len(net.metres), "km": km,
        },
    )  # fmt: skip
    audit(connection, "roads.load", "roads", edges=len(net.metres), km=round(km))


def _hex(shapes: npt.NDArray[np.object_]) -> list[str]:
    return list(shapely.to_wkb(shapely.set_srid(shapes, WGS84), hex=True, include_srid=True))


def _copy(connection: Connection, into: str, rows: Iterable[tuple[object, ...]]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"copy {into} from stdin") as copy:
        for row in rows:
            copy.write_row(row)
