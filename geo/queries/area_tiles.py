"""Boundaries as vector tiles: the map's own ground, which needs no other host."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["area_tile", "area_version"]

_TILE = """
with e as (select st_tileenvelope(:z, :x, :y) as merc, st_transform(st_tileenvelope(:z, :x, :y, margin => 0.06), 4326) as wgs,
                  40075016.7 / (1 << :z) / 4096 * 2 as tol),
shapes as (
    select a.*, st_asmvtgeom(st_transform(st_simplify(a.geom, e.tol / 111320), 3857), e.merc, 4096, 128) as g
    from area a, e where a.geom && e.wgs
        and (a.level in ('country', 'province') or (a.level = 'district' and :z >= 5 and (a.is_border or :z >= 9)))),
land as (select country, g as geom from shapes where level = 'country' and g is not null),
province as (select code, g as geom from shapes where level = 'province' and country = 'TH' and g is not null),
district as (select code, name_th, name_en, is_border as border, target, g as geom from shapes
    where level = 'district' and country = 'TH' and g is not null),
section as (
    select s.code, s.neighbour, s.undetermined, st_asmvtgeom(st_transform(s.geom, 3857), e.merc, 4096, 128) as geom
    from border_section s, e where s.geom && e.wgs),
label as (
    select case when a.level = 'country' then a.level when a.is_border then 'district'
                when a.level = 'district' then 'far_district'
                when exists (select from area b where b.parent_code = a.code and b.is_border) then 'province'
                else 'far_province' end as kind,
           a.code, a.country, a.name_th, a.name_en, st_asmvtgeom(st_transform(a.rep_point, 3857), e.merc, 4096, 128) as geom
    from area a, e where a.rep_point && e.wgs and (
        (a.level = 'country' and :z <= 8) or (a.level = 'province' and a.country = 'TH' and :z between 6 and 9)
        or (a.level = 'district' and a.is_border and :z >= 7) or (a.level = 'district' and :z >= 10)))
select (select coalesce(st_asmvt(t, 'land', 4096, 'geom'), '') from land t)
    || (select coalesce(st_asmvt(t, 'province', 4096, 'geom'), '') from province t)
    || (select coalesce(st_asmvt(t, 'district', 4096, 'geom'), '') from district t)
    || (select coalesce(st_asmvt(t, 'section', 4096, 'geom'), '') from section t where geom is not null)
    || (select coalesce(st_asmvt(t, 'label', 4096, 'geom'), '') from label t where geom is not null)"""


def area_tile(connection: Connection, z: int, x: int, y: int) -> bytes:
    """One vector tile of land, provinces, districts, border sections and their names (Web Mercator address).

    Raises
    ------
    ValueError
        The address is not a tile.
    """
    if not (0 <= z <= 22 and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise ValueError(f"no tile {z}/{x}/{y}")
    return bytes(connection.execute(text(_TILE), {"z": z, "x": x, "y": y}).scalar() or b"")


def area_version(connection: Connection) -> str:
    """Changes whenever a boundary changes, so that a browser may keep tiles for as long as it does not."""
    row = connection.execute(
        text(
            "select md5(coalesce((select max(updated_at)::text || count(*) from area), '')"
            " || coalesce((select string_agg(code || undetermined::text, '' order by code) from border_section), ''))"
        )
    ).scalar_one()
    return str(row)[:10]
