"""Sub-districts and villages to choose from in the report form."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["places_in"]


def places_in(connection: Connection, code: str) -> tuple[tuple[str, str, str], ...]:
    """Code, Thai and English name of the places one level below a Thai district or sub-district, by Thai name."""
    rows = connection.execute(
        text(
            "select code, coalesce(name_th, name_en, code) as th, coalesce(name_en, name_th, code) as en from area"
            " where parent_code = :code and country = 'TH' and level in ('subdistrict', 'village') order by 2, 1"
        ),
        {"code": code},
    )
    return tuple((row.code, row.th, row.en) for row in rows)
