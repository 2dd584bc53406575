"""Write synthetic rows, all marked ``is_demo``, and read what they are placed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from geo.errors import WatchError

__all__ = [
    "add_demo_incidents",
    "add_demo_posts",
    "alone",
    "border_rows",
    "incident_numbers",
    "tidy_up",
]

LOCK = 7_341_191
"""Advisory lock: one filling at a time."""

INCIDENT_COLUMNS = (
    "crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status, channel,"
    " district_code, location_note, geom, source, is_demo"
)


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Keep others from filling the store meanwhile.

    Raises
    ------
    geo.errors.WatchError
        ``demo.busy``: somebody else is filling it.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar_one():
            raise WatchError("demo.busy")
        try:
            yield
        finally:
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": LOCK})


def incident_numbers(connection: Connection) -> tuple[int, int]:
    """How many incidents are real, and how many synthetic."""
    row = connection.execute(
        text("select count(*) filter (where not is_demo), count(*) filter (where is_demo) from incident")
    ).one()
    return int(row[0]), int(row[1])


def border_rows(connection: Connection) -> dict[str, list[Any]]:
    """What synthetic rows are placed by; geometry as WKB in WGS 84.

    Returns
    -------
    dict
        ``sections``: district code, its Thai name, neighbour, line. ``land``: code and polygon of the Thai
        districts within about 15 km of a section. ``crossings``: longitude, latitude.
        ``types``, ``agencies``: codes.
    """

    def rows(statement: str) -> list[Any]:
        return [tuple(row) for row in connection.execute(text(statement))]

    return {
        "sections": rows(
            "select s.district_code, coalesce(a.name_th, a.name_en, a.code), s.neighbour, st_asbinary(s.geom)"
            " from border_section s join area a on a.code = s.district_code order by s.code"
        ),
        "land": rows(
            "select code, st_asbinary(geom) from area a where level = 'district' and country = 'TH'"
            " and geom is not null and exists (select from border_section s"
            " where s.geom && st_expand(a.geom, 0.15)) order by code"
        ),
        "crossings": rows("select st_x(geom), st_y(geom) from crossing order by code"),
        "types": [code for (code,) in rows("select code from crime_type order by code")],
        "agencies": [code for (code,) in rows("select code from agency order by code")],
    }


def add_demo_incidents(connection: Connection, lines: Iterable[str]) -> None:
    """Add synthetic incidents by COPY; triggers find districts, keep counts and tell pages.

    Parameters
    ----------
    lines
        Lines in PostgreSQL's COPY text format with the columns of ``INCIDENT_COLUMNS`` up to ``geom``.
    """
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    with driver.cursor() as cursor, cursor.copy(f"copy incident ({INCIDENT_COLUMNS}) from stdin") as copy:
        copy.write("".join(f"{line}\tdemo\tt\n" for line in lines))


def add_demo_posts(
    connection: Connection,
    checkpoints: list[dict[str, Any]],
    routes: list[dict[str, Any]],
    patrols: list[dict[str, Any]],
    fixes: list[dict[str, Any]],
) -> None:
    """Add synthetic checkpoints, routes, patrols, fixes; ``geom`` is WKB in WGS 84. Border passes are found."""
    statements = {
        "insert into checkpoint (code, name, kind, agency, status, valid_from, valid_to, district_code,"
        " source, is_demo, geom) values (:code, :name, :kind, :agency, :status, :valid_from, :valid_to,"
        " :district, 'demo', true, st_geomfromwkb(:geom, 4326))": checkpoints,
        "insert into patrol_route (code, name, kind, agency, district_code, note, is_demo, geom) values (:code,"
        " :name, :kind, :agency, :district, :note, true, st_multi(st_geomfromwkb(:geom, 4326)))": routes,
        "insert into patrol (code, route_id, agency, unit, contact, reason, status, scheduled_start, scheduled_end,"
        " started_at, ended_at, source, is_demo, geom, km, hours, route_share, off_mean_m, off_most_m)"
        " select :code, r.id, r.agency, :unit, :contact, :reason, :status, :scheduled_start, :scheduled_end, :started_at,"
        " :ended_at, 'demo', true, st_geomfromwkb(:geom, 4326), :km, :hours, :share, :mean, :most"
        " from patrol_route r where r.code = :route": patrols,
    }
    for statement, rows in statements.items():
        if rows:
            connection.execute(text(statement), rows)
    if not fixes:
        return
    columns = {name: [fix[name] for fix in fixes] for name in fixes[0]}
    connection.execute(
        text(
            "insert into patrol_fix (patrol_id, fixed_at, speed_kmh, impossible, geom)"
            " select p.id, to_timestamp(f.at), f.speed, f.impossible, st_point(f.lon, f.lat, 4326)"
            " from unnest(cast(:patrol as text[]), cast(:at as float8[]), cast(:speed as float8[]),"
            " cast(:impossible as boolean[]), cast(:lon as float8[]), cast(:lat as float8[]))"
            " as f (code, at, speed, impossible, lon, lat) join patrol p on p.code = f.code"
        ),
        columns,
    )
    connection.execute(text("select border_pass_fill(array(select id from patrol where is_demo and geom is not null))"))


def tidy_up(engine: Engine) -> None:
    """Fold the counts and vacuum, so that maps are read from indexes alone."""
    with engine.begin() as connection:
        connection.execute(text("select incident_count_fold()"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("incident", "incident_count", "patrol_fix"):
            connection.execute(text(f"vacuum (analyze) {table}"))
        for table in ("patrol", "patrol_route", "checkpoint"):
            connection.execute(text(f"analyze {table}"))
