"""What an importer must know of the store to understand words: crime types and districts with their names."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["crime_type_names", "district_names"]


def crime_type_names(connection: Connection) -> list[dict[str, object]]:
    """All crime types in display order: code, name_th, name_en, name_lo, name_km."""
    query = text("select code, name_th, name_en, name_lo, name_km from crime_type order by sort, code")
    return [dict(row) for row in connection.execute(query).mappings()]


def district_names(connection: Connection) -> list[dict[str, object]]:
    """All Thai districts: code, name_th, name_en, province_code, province_th, province_en."""
    query = text(
        "select d.code, d.name_th, d.name_en, left(d.code, 2) as province_code,"
        " p.name_th as province_th, p.name_en as province_en"
        " from area d left join area p on p.code = left(d.code, 2) and p.level = 'province'"
        " where d.level = 'district' and d.country = 'TH' order by d.code"
    )
    return [dict(row) for row in connection.execute(query).mappings()]
