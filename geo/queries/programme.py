"""The border as the department speaks of it: its districts with what is known of their part, and its sections."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

__all__ = ["Section", "TargetDistrict", "sections", "target_districts"]


@dataclass(frozen=True, slots=True)
class TargetDistrict:
    """A border district. ``target``: named, likely, unknown or no; ``source``: where that is written; ``population``: persons."""

    code: str
    name_th: str | None
    name_en: str | None
    province_th: str | None
    province_en: str | None
    target: str
    source: str | None
    population: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """Where a district touches a neighbour; ``length_km`` in kilometres."""

    code: str
    name_th: str | None
    name_en: str | None
    neighbour: str
    length_km: float
    undetermined: bool
    note: str | None


def target_districts(connection: Connection) -> tuple[TargetDistrict, ...]:
    """The border districts, by province and code."""
    rows = connection.execute(
        text(
            "select d.code, d.name_th, d.name_en, p.name_th, p.name_en, d.target, d.target_source, d.population"
            " from area d"
            " left join area p on p.code = left(d.code, 2) and p.level = 'province'"
            " where d.level = 'district' and d.country = 'TH' and d.is_border order by d.code"
        )
    )
    return tuple(TargetDistrict(*row) for row in rows)


def sections(connection: Connection) -> tuple[Section, ...]:
    """The border sections, those that are not agreed first, then by code."""
    rows = connection.execute(
        text(
            "select s.code, d.name_th, d.name_en, s.neighbour, s.length_km, s.undetermined, s.note from border_section s"
            " left join area d on d.code = s.district_code order by not s.undetermined, s.code"
        )
    )
    return tuple(Section(*row) for row in rows)
