"""Districts, crime types and agencies, and the box that a map should show."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.model import Agency, CrimeType, District

__all__ = [
    "agencies",
    "border_districts",
    "bounds",
    "crime_types",
    "district_at",
    "district_names",
    "has_boundaries",
    "is_new",
    "store_state",
]


_DISTRICTS = (
    "select d.code, d.name_th, d.name_en, p.name_th as province_th, p.name_en as province_en, d.neighbours, d.target"
    " from area d left join area p on p.code = left(d.code, 2) and p.level = 'province' where d.level = 'district'"
)


def _districts(connection: Connection, which: str) -> dict[str, District]:
    rows = connection.execute(text(f"{_DISTRICTS} and {which} order by d.code"))
    return {row.code: District(**{**row._mapping, "neighbours": tuple(row.neighbours)}) for row in rows}


def border_districts(connection: Connection) -> dict[str, District]:
    """The Thai districts that touch Laos or Cambodia, under their codes, by province and code."""
    return _districts(connection, "d.is_border")


def district_names(connection: Connection) -> dict[str, District]:
    """Every Thai district, also those that do not touch the border, under their codes."""
    return _districts(connection, "d.country = 'TH'")


def crime_types(connection: Connection) -> dict[str, CrimeType]:
    """All crime types under their codes, in display order."""
    rows = connection.execute(
        text(
            "select code, id, name_th, name_en, name_lo, name_km, colour, is_crime, iccs_code, sort, is_public, active"
            " from crime_type order by sort, code"
        )
    )
    return {row.code: CrimeType(*row) for row in rows}


def agencies(connection: Connection) -> dict[str, Agency]:
    """Agencies under their codes."""
    rows = connection.execute(text("select code, name_th, name_en, abbrev_th, active from agency order by code"))
    return {row.code: Agency(*row) for row in rows}


def bounds(connection: Connection, codes: tuple[str, ...]) -> tuple[float, float, float, float] | None:
    """West, south, east, north (WGS 84) of these areas together; nothing where none has a shape or point."""
    row = connection.execute(
        text(
            "select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from"
            " (select st_extent(coalesce(geom, rep_point)) as e from area where code = any(:codes)) b where e is not null"
        ),
        {"codes": list(codes)},
    ).first()
    return None if row is None else (float(row[0]), float(row[1]), float(row[2]), float(row[3]))


def district_at(connection: Connection, lat: float, lon: float) -> str | None:
    """Code of the Thai district that covers a point (WGS 84), or nothing."""
    code = connection.execute(
        text(
            "select area_code from area_part where st_intersects(geom, st_setsrid(st_makepoint(:lon, :lat), 4326)) limit 1"
        ),
        {"lat": lat, "lon": lon},
    ).scalar()
    return None if code is None else str(code)


def has_boundaries(connection: Connection) -> bool:
    """Whether districts have shapes, and not only an approximate point."""
    return bool(connection.execute(text("select exists (select from area_part)")).scalar())


def is_new(connection: Connection) -> bool:
    """Whether no incident was ever written: a store that was emptied on purpose is not new."""
    return bool(connection.execute(text("select not is_called from incident_id_seq")).scalar_one())


def store_state(connection: Connection) -> dict[str, bool]:
    """Whether there are incidents at all, and whether any of them is a demonstration."""
    row = connection.execute(text("select incidents, demo from store_holds()")).mappings().one()
    return {"incidents": bool(row["incidents"]), "demo": bool(row["demo"])}
