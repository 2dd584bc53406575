"""Where cases are, in names: the sub-district and village that their first report tells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

__all__ = ["CasePlace", "area_names", "case_places"]


@dataclass(frozen=True, slots=True)
class CasePlace:
    """A place below the district.

    Attributes
    ----------
    subdistrict_th, subdistrict_en, village_th, village_en
        Names of areas that have codes.
    said
        The village or place in the reporter's own words: text of others.
    """

    subdistrict_th: str | None = None
    subdistrict_en: str | None = None
    village_th: str | None = None
    village_en: str | None = None
    said: str | None = None


def case_places(connection: Connection, cases: Collection[int]) -> dict[int, CasePlace]:
    """Places of some cases, by ``incident.id``; what nobody told is not there."""
    rows = connection.execute(
        text(
            "select i.id, s.name_th, s.name_en, v.name_th, v.name_en, coalesce(r.village, r.location_note, i.location_note)"
            " from incident i left join lateral (select r.area_code, r.village, r.location_note from report r"
            " where r.incident_id = i.id order by r.area_code is null, length(r.area_code) desc, r.received_at, r.id limit 1) r"
            " on true left join area s on s.code = left(r.area_code, 6) and s.level = 'subdistrict'"
            " left join area v on v.code = r.area_code and v.level = 'village' where i.id = any(:ids)"
        ),
        {"ids": list(cases)},
    )
    return {row[0]: CasePlace(*row[1:]) for row in rows}


def area_names(connection: Connection, codes: Collection[str]) -> dict[str, tuple[str | None, str | None]]:
    """Thai and English names of areas, by code."""
    rows = connection.execute(
        text("select code, name_th, name_en from area where code = any(:codes)"), {"codes": list(codes)}
    )
    return {row.code: (row.name_th, row.name_en) for row in rows}
