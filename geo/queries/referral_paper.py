"""What stands in the papers of a referral, for an agency that has no account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.case import Grade

__all__ = ["Checked", "PaperPhoto", "ReferralPaper", "Told", "photo_contents", "referral_paper"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check on the spot found: the kind of unit, not who went."""

    unit_kind: str
    finding: str
    found: str | None
    done_at: datetime


@dataclass(frozen=True, slots=True)
class PaperPhoto:
    """A photo that can be laid in."""

    id: int
    note: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A report in the words of its reporter; nothing of who it was, nor by which way they reported."""

    received_at: datetime
    description: str


@dataclass(frozen=True, slots=True)
class ReferralPaper:
    """A referral as it goes on paper. Degrees are WGS 84. It holds no person and no contact, because it reads none.

    Attributes
    ----------
    asked
        What is asked of the agency.
    subdistrict_th, subdistrict_en
        As the reports tell it.
    """

    id: int
    public_id: str
    agency: str
    state: str
    asked: str | None
    sent_at: datetime
    answer_due: datetime
    crime_types: tuple[str, ...]
    occurred_at: datetime
    occurred_day_only: bool
    reported_at: datetime
    district_code: str | None
    subdistrict_th: str | None
    subdistrict_en: str | None
    location_note: str | None
    location_check: str
    snap_distance_m: float | None
    is_demo: bool
    lon: float | None
    lat: float | None
    grade: Grade | None
    reports: int
    checks: tuple[Checked, ...]
    photos: tuple[PaperPhoto, ...]
    told: tuple[Told, ...]


_FAMILY = (
    "with recursive family (id) as (select cast(:id as bigint) union select f.incident_id from case_file f"
    " join family on f.merged_into = family.id)"
)


def referral_paper(connection: Connection, referral: int) -> ReferralPaper:
    """Read it with the rights of the district's own people.

    Raises
    ------
    NotFound
        ``referral.not_found``: there is none, or not for this viewer.
    """
    row = connection.execute(
        text(
            "select r.id, i.id as case, i.public_id, r.agency, r.state, r.note, r.sent_at, r.answer_due, i.crime_type,"
            " i.other_crime_types, i.occurred_at, i.occurred_day_only, i.reported_at, i.district_code, i.location_note,"
            " i.location_check, i.snap_distance_m, i.is_demo, st_x(i.geom) as lon, st_y(i.geom) as lat, f.source_grade, f.info_grade, s.name_th, s.name_en,"
            " (select count(*) from report p where p.incident_id = i.id) as reports"
            " from referral r join incident i on i.id = r.incident_id left join case_file f on f.incident_id = i.id"
            " left join lateral (select p.area_code from report p where p.incident_id = i.id and length(p.area_code) >= 6"
            " order by p.received_at, p.id limit 1) p on true"
            " left join area s on s.code = left(p.area_code, 6) and s.level = 'subdistrict' where r.id = :id"
        ),
        {"id": referral},
    ).one_or_none()
    if row is None:
        raise NotFound("referral.not_found")
    checks = connection.execute(
        text(
            f"{_FAMILY} select unit_kind, finding, found, done_at from fact_check where incident_id in (select id from family)"
            " and done_at is not null order by done_at, fact_check.id"
        ),
        {"id": row.case},
    )
    photos = connection.execute(
        text(
            f"{_FAMILY} select evidence.id, note, added_at from evidence where incident_id in (select id from family)"
            " and media_type = 'image/jpeg' order by evidence.id"
        ),
        {"id": row.case},
    )
    told = connection.execute(
        text(
            "select received_at, description from report where incident_id = :id and description <> ''"
            " order by received_at, id"
        ),
        {"id": row.case},
    )
    return ReferralPaper(
        id=row.id,
        public_id=row.public_id,
        agency=row.agency,
        state=row.state,
        asked=row.note,
        sent_at=row.sent_at,
        answer_due=row.answer_due,
        crime_types=(row.crime_type, *row.other_crime_types),
        occurred_at=row.occurred_at,
        occurred_day_only=row.occurred_day_only,
        reported_at=row.reported_at,
        district_code=row.district_code,
        subdistrict_th=row.name_th,
        subdistrict_en=row.name_en,
        location_note=row.location_note,
        location_check=row.location_check,
        snap_distance_m=row.snap_distance_m,
        is_demo=row.is_demo,
        lon=row.lon,
        lat=row.lat,
        grade=None if row.source_grade is None else Grade(row.source_grade, row.info_grade),
        reports=row.reports,
        checks=tuple(Checked(*one) for one in checks),
        photos=tuple(PaperPhoto(*one) for one in photos),
        told=tuple(Told(*one) for one in told),
    )


def photo_contents(connection: Connection, photos: Collection[PaperPhoto]) -> tuple[tuple[PaperPhoto, bytes], ...]:
    """These photos with their pictures, in the same order."""
    rows = connection.execute(
        text("select id, content from evidence where id = any(:ids) and media_type = 'image/jpeg'"),
        {"ids": [photo.id for photo in photos]},
    )
    contents = {row.id: bytes(row.content) for row in rows}
    return tuple((photo, contents[photo.id]) for photo in photos if photo.id in contents)
