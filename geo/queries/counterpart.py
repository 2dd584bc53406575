"""What a counterpart across the border may read of a case. The query selects these columns and no others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geo.errors import NotFound, WatchError
from geo.model import Status
from geo.model.case import SHARED

__all__ = ["CounterpartSheet", "counterpart_sheet"]


@dataclass(frozen=True, slots=True)
class CounterpartSheet:
    """A case without persons, without words but the approved ones, without a place finer than a sub-district.

    Attributes
    ----------
    day
        In Bangkok, on which it occurred.
    subdistrict_th, subdistrict_en
        Name alone, as the reports tell it.
    neighbours
        ``LA`` and ``KH``, where the district touches them.
    outcome
        Of a closed case.
    open_text
        Approved by a chief of the district.
    """

    public_id: str
    crime_types: tuple[str, ...]
    day: date
    status: Status
    outcome: str | None
    district_code: str
    subdistrict_th: str | None
    subdistrict_en: str | None
    neighbours: tuple[str, ...]
    open_text: str | None
    is_demo: bool


def counterpart_sheet(connection: Connection, public_id: str) -> CounterpartSheet:
    """The sheet of a case of one's own district.

    Raises
    ------
    NotFound
        ``case.not_found``: there is none, or not for this viewer.
    WatchError
        ``documents.not_verified``: it is not verified, or no longer; ``documents.no_neighbour``: its district touches no
        neighbour.
    """
    row = connection.execute(
        text(
            "select i.public_id, i.crime_type, i.other_crime_types, i.day, i.status,"
            " case when i.status = 'closed' then f.outcome end as outcome, i.district_code, s.name_th, s.name_en, d.neighbours,"
            " f.open_text, i.is_demo from incident i left join case_file f on f.incident_id = i.id"
            " left join area d on d.code = i.district_code"
            " left join lateral (select left(r.area_code, 6) as code from report r where r.incident_id = i.id"
            " and left(r.area_code, 4) = i.district_code and length(r.area_code) >= 6 order by r.received_at, r.id limit 1) r on true"
            " left join area s on s.code = r.code and s.level = 'subdistrict' where i.public_id = :public_id"
        ),
        {"public_id": public_id},
    ).one_or_none()
    if row is None:
        raise NotFound("case.not_found", public_id=public_id)
    if Status(row.status) not in SHARED:
        raise WatchError("documents.not_verified", public_id=row.public_id)
    if not row.neighbours:
        raise WatchError("documents.no_neighbour")
    return CounterpartSheet(
        public_id=row.public_id,
        crime_types=(row.crime_type, *row.other_crime_types),
        day=row.day,
        status=Status(row.status),
        outcome=row.outcome,
        district_code=row.district_code,
        subdistrict_th=row.name_th,
        subdistrict_en=row.name_en,
        neighbours=tuple(row.neighbours),
        open_text=row.open_text,
        is_demo=row.is_demo,
    )
