"""What a coordinator handed in and what became of it, and the months for which there was nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

__all__ = ["OwnReport", "area_line", "case_number", "own_reports", "quiet_months", "reported_months"]

_MONTH = "date_trunc('month', {at}, 'Asia/Bangkok') at time zone 'Asia/Bangkok'"


@dataclass(frozen=True, slots=True)
class OwnReport:
    """One report of this person. ``case`` and ``status`` are those of its case, nothing where it belongs to none."""

    id: int
    case: str | None
    received_at: datetime
    crime_type: str | None
    description: str | None
    area_code: str | None
    village: str | None
    status: str | None


def own_reports(
    connection: Connection, who: int, *, limit: int = 20, before: datetime | None = None
) -> tuple[OwnReport, ...]:
    """The reports that a person entered, newest first."""
    rows = connection.execute(
        text(
            "select r.id, i.public_id, r.received_at, r.crime_type, r.description, r.area_code, r.village, i.status from report r"
            " left join incident i on i.id = r.incident_id where r.entered_by = :who"
            " and (cast(:before as timestamptz) is null or r.received_at < :before)"
            " order by r.received_at desc, r.id desc limit :limit"
        ),
        {"who": who, "limit": limit, "before": before},
    )
    return tuple(OwnReport(*row) for row in rows)


def case_number(connection: Connection, report: str) -> str:
    """Number of the case of a report of one's own, by the name that handing it in answered; that name where it has none."""
    found = connection.execute(
        text("select i.public_id from report r join incident i on i.id = r.incident_id where r.public_id = :report"),
        {"report": report},
    ).scalar()
    return report if found is None else str(found)


def reported_months(connection: Connection, who: int, since: date) -> dict[date, int]:
    """How many reports a person handed in, by month (its first day), from a month on."""
    rows = connection.execute(
        text(
            f"select cast({_MONTH.format(at='received_at')} as date) as month, count(*) from report"
            " where entered_by = :who and received_at >= cast(:since as timestamp) at time zone 'Asia/Bangkok' group by 1"
        ),
        {"who": who, "since": since},
    )
    return {row[0]: int(row[1]) for row in rows}


def quiet_months(connection: Connection, who: int, since: date) -> dict[date, datetime]:
    """Months for which a person said that there was nothing, and when they said so."""
    rows = connection.execute(
        text("select month, max(said_at) from quiet_month where person_id = :who and month >= :since group by 1"),
        {"who": who, "since": since},
    )
    return {row[0]: row[1] for row in rows}


def area_line(connection: Connection, code: str) -> dict[str, tuple[str | None, str | None]]:
    """Thai and English names of an area and those it lies in, by level."""
    rows = connection.execute(
        text("select level, name_th, name_en from area where code = any(:codes)"),
        {"codes": [code[:length] for length in (2, 4, 6, 8) if length <= len(code)]},
    )
    return {row.level: (row.name_th, row.name_en) for row in rows}
