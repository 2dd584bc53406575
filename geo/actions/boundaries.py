"""Write areas and what follows from them, mark border sections, put incidents into changed districts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.analysis.border_lines import Facing
from geo.errors import NotFound
from geo.model.area import Area

__all__ = [
    "add_areas",
    "areas_of_level",
    "boundary_state",
    "lock_boundaries",
    "mark_section",
    "neighbour_lands",
    "rebuild_parts",
    "record_import",
    "relocate_incidents",
    "replace_sections",
    "replace_shapes",
]

LOCK = 7_341_191
"""Advisory lock: boundaries are written by one process at a time."""
BATCH = 20_000
"""Incidents that one statement puts into their districts."""

_WRITE = """
insert into area (code, level, country, parent_code, name_th, name_en, is_border, target, target_source,
                  neighbours, rep_point, geom, geom_source, is_approximate)
select code, level, country, parent_code, name_th, name_en, is_border, target, target_source,
       string_to_array(neighbours, ','), st_setsrid(st_geomfromwkb(point), 4326),
       st_setsrid(st_geomfromwkb(shape), 4326), geom_source, is_approximate
from unnest(cast(:code as text[]), cast(:level as text[]), cast(:country as text[]), cast(:parent as text[]),
            cast(:name_th as text[]), cast(:name_en as text[]), cast(:is_border as boolean[]),
            cast(:target as text[]), cast(:target_source as text[]), cast(:neighbours as text[]),
            cast(:point as bytea[]), cast(:shape as bytea[]), cast(:source as text[]),
            cast(:is_approximate as boolean[]))
  as u (code, level, country, parent_code, name_th, name_en, is_border, target, target_source, neighbours,
        point, shape, geom_source, is_approximate)
on conflict (code) do update
    set geom = coalesce(excluded.geom, area.geom), rep_point = excluded.rep_point,
        geom_source = excluded.geom_source, updated_at = now(),
        is_approximate = excluded.is_approximate and area.geom is null
"""

_STATE = """
select count(*) filter (where country = 'TH' and level = 'district' and geom is not null) as "TH",
       count(*) filter (where country = 'LA' and level = 'district' and geom is not null) as "LA",
       count(*) filter (where country = 'KH' and level = 'subdistrict' and geom is not null) as "KH",
       count(*) filter (where country = 'TH' and level = 'subdistrict') as subdistricts,
       count(*) filter (where level in ('country', 'province') and geom is null) as without_outline,
       (select count(*) from area_part) as parts,
       (select count(*) from border_section) as sections
from area
"""

_SECTIONS = """
insert into border_section (code, district_code, neighbour, length_km, geom)
select district || '-' || neighbour, district, neighbour, st_length(geom::geography) / 1000, geom
from (select district, neighbour, st_setsrid(st_geomfromwkb(shape), 4326) as geom
      from unnest(cast(:district as text[]), cast(:neighbour as text[]), cast(:shape as bytea[]))
        as u (district, neighbour, shape)) s
on conflict (code) do update set geom = excluded.geom, length_km = excluded.length_km
"""

_RELOCATE = """
with before as materialized (
    select id, point_district_code, location_check from incident
    where id > :last and id <= :upto and geom is not null),
moved as (
    update incident i set geom = i.geom from before b where i.id = b.id
    returning i.id, i.point_district_code, i.location_check)
select count(*) from moved m join before b using (id)
where (m.point_district_code, m.location_check) is distinct from (b.point_district_code, b.location_check)
"""


def lock_boundaries(connection: Connection) -> None:
    """Let nobody else write boundaries until this transaction ends; waits for who does."""
    connection.execute(text("set local statement_timeout = 0"))
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})


def boundary_state(connection: Connection) -> dict[str, int]:
    """How much the store has.

    ``TH``, ``LA``, ``KH``: shapes at the lowest shipped level; Thai ``subdistricts``; countries and provinces
    ``without_outline``; ``parts`` of districts; border ``sections``.
    """
    return {str(name): int(n) for name, n in connection.execute(text(_STATE)).mappings().one().items()}


def add_areas(connection: Connection, areas: Sequence[Area]) -> None:
    """Insert areas; of one that is there already only a missing shape is completed.

    Names, target flags and shapes of another source stay as they are.
    """
    _write(connection, areas, " where excluded.geom is not null and area.geom is null")


def replace_shapes(connection: Connection, areas: Sequence[Area]) -> None:
    """Insert areas; of one that is there already the shape is replaced, and nothing else."""
    _write(connection, areas, "")


def _write(connection: Connection, areas: Sequence[Area], condition: str) -> None:
    columns: dict[str, list[Any]] = {
        "code": [a.code for a in areas],
        "level": [a.level for a in areas],
        "country": [a.country for a in areas],
        "parent": [a.parent for a in areas],
        "name_th": [a.name_th for a in areas],
        "name_en": [a.name_en for a in areas],
        "is_border": [a.is_border for a in areas],
        "target": [a.target for a in areas],
        "target_source": [a.target_source for a in areas],
        "neighbours": [",".join(a.neighbours) for a in areas],
        "point": [None if a.point is None else shapely.to_wkb(a.point) for a in areas],
        "shape": [None if a.geom is None else shapely.to_wkb(shapely.force_2d(a.geom)) for a in areas],
        "source": [a.source for a in areas],
        "is_approximate": [a.is_approximate for a in areas],
    }
    connection.execute(text(_WRITE + condition), columns)


def areas_of_level(connection: Connection, level: str) -> list[Area]:
    """The Thai areas of a level with their shapes, by code."""
    rows = connection.execute(
        text(
            "select code, level, country, parent_code as parent, name_th, name_en,"
            " st_asbinary(rep_point) as point, st_asbinary(geom) as shape, geom_source as source,"
            " is_border, target, target_source, neighbours, is_approximate"
            " from area where country = 'TH' and level = :level order by code"
        ),
        {"level": level},
    ).mappings()
    return [_area(dict(row)) for row in rows]


def _area(row: dict[str, Any]) -> Area:
    blobs = (row.pop("shape"), row.pop("point"))
    geom, point = (None if blob is None else shapely.from_wkb(bytes(blob)) for blob in blobs)
    row["neighbours"] = tuple(row["neighbours"])
    return Area(**row, geom=geom, point=point)


def neighbour_lands(connection: Connection) -> dict[str, BaseGeometry]:
    """Outlines of the neighbouring countries that the store has, by code, WGS 84."""
    rows = connection.execute(
        text(
            "select code, st_asbinary(geom) from area"
            " where level = 'country' and code <> 'TH' and geom is not null order by code"
        )
    )
    return {code: shapely.from_wkb(bytes(shape)) for code, shape in rows}


def rebuild_parts(connection: Connection) -> None:
    """Cut the Thai districts anew into the pieces by which incidents are located."""
    connection.execute(text("delete from area_part"))
    connection.execute(
        text(
            "insert into area_part select code, (st_dump(st_subdivide(geom, 64))).geom from area"
            " where country = 'TH' and level = 'district' and geom is not null"
        )
    )
    connection.execute(text("analyze area"))
    connection.execute(text("analyze area_part"))


def replace_sections(connection: Connection, lines: Iterable[Facing]) -> None:
    """Replace the border sections, their lengths measured on the ellipsoid, and cut them into pieces of a kilometre.

    The marks of undetermined sections and the notes on them stay.
    """
    lines = list(lines)
    columns = {
        "district": [line.district for line in lines],
        "neighbour": [line.neighbour for line in lines],
        "shape": [shapely.to_wkb(line.line) for line in lines],
    }
    connection.execute(text(_SECTIONS), columns)
    connection.execute(
        text("delete from border_section where not code = any(cast(:codes as text[]))"),
        {"codes": [line.code for line in lines]},
    )
    connection.execute(text("analyze border_section"))
    connection.execute(text("select border_cut()"))


def mark_section(connection: Connection, code: str, undetermined: bool, note: str | None = None) -> None:
    """Say that a border section is undetermined, or that it is agreed.

    Parameters
    ----------
    code
        District and neighbour, for example ``3304-KH``.
    note
        Why; None leaves the note as it is, nothing written takes it away.

    Raises
    ------
    geo.errors.NotFound
        ``section.unknown``: there is no such section.
    """
    done = connection.execute(
        text(
            "update border_section set undetermined = :undetermined, note = case when"
            " cast(:note as text) is null then note else nullif(:note, '') end where code = :code"
        ),
        {"code": code, "undetermined": undetermined, "note": note},
    )
    if done.rowcount == 0:
        raise NotFound("section.unknown", section=code)


def relocate_incidents(connection: Connection) -> int:
    """Find the districts of all incidents that have a point anew.

    Returns
    -------
    int
        Incidents of which the district of the point, or how it was found, changed.
    """
    changed = 0
    last = 0
    while True:
        upto = connection.execute(
            text("select max(id) from (select id from incident where id > :last order by id limit :batch) b"),
            {"last": last, "batch": BATCH},
        ).scalar()
        if upto is None:
            return changed
        changed += int(connection.execute(text(_RELOCATE), {"last": last, "upto": upto}).scalar_one())
        last = upto


def record_import(
    connection: Connection, file_name: str, sha256: str, read: int, added: int, already: int, refused: int
) -> None:
    """Keep the account of a boundary file: how many features were read, taken, there already, refused."""
    connection.execute(
        text(
            "insert into import_batch"
            " (kind, file_name, sha256, rows_read, rows_added, rows_already, rows_refused)"
            " values ('boundaries', :name, :sha256, :read, :added, :already, :refused)"
        ),
        {
            "name": file_name, "sha256": sha256,
            "read": read, "added": added, "already": already, "refused": refused,
        },
    )  # fmt: skip
