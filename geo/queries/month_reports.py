"""Reports of centres: those of a month, the versions of one, and which centres have sent theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.model.json_form import from_json
from geo.model.month_report import DUE_DAY, Correction, MonthContent, MonthReport, ReportState, Sent, due_day

__all__ = ["Stand", "Version", "due_setting", "month_report", "newest", "stands", "versions"]

_REPORT = (
    "select r.*, m.name as made_name, s.name as signed_name from month_report r left join person m on m.id = r.made_by"
    " left join person s on s.id = r.signed_by where {where}"
)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report, without its content."""

    id: int
    version: int
    state: ReportState
    made_at: datetime
    signed_at: datetime | None
    signed_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Stand:
    """How a centre's report of a month stands.

    Attributes
    ----------
    due
        Last day on which it is in time.
    sent_at
        When its first version was signed.
    report
        Number of the newest signed version.
    reminded_at
        When the centre was last asked for it.
    """

    district: str
    month: date
    sent: Sent
    due: date
    sent_at: datetime | None
    report: int | None
    version: int | None
    reminded_at: datetime | None


def month_report(connection: Connection, number: int) -> MonthReport:
    """One version with everything in it. With the reader's rights.

    Raises
    ------
    NotFound
        ``reports.not_found``: there is none, or it is not for this reader.
    """
    row = connection.execute(text(_REPORT.format(where="r.id = :id")), {"id": number}).mappings().first()
    if row is None:
        raise NotFound("reports.not_found")
    corrections = connection.execute(
        text(
            "select c.figure, c.corrected, c.reason, p.name, c.at from month_correction c"
            " left join person p on p.id = c.person_id where c.month_report_id = :id order by c.figure"
        ),
        {"id": number},
    )
    content = from_json(MonthContent, row["content"])
    counted = {one.key: one.value for one in content.figures}
    found = {figure: Correction(figure, counted.get(figure), *rest) for figure, *rest in corrections}
    return _report(row, content, found)


def _report(row: Mapping[Any, Any], content: MonthContent, corrections: Mapping[str, Correction]) -> MonthReport:
    return MonthReport(
        id=row["id"],
        district=row["district_code"],
        month=row["month"],
        version=row["version"],
        state=ReportState(row["state"]),
        content=content,
        narrative=dict(row["narrative"]),
        corrections=corrections,
        reason=row["reason"],
        made_by=row["made_name"],
        made_at=row["made_at"],
        signed_by=row["signed_name"],
        signed_at=row["signed_at"],
        is_demo=row["is_demo"],
    )


def versions(connection: Connection, district: str, month: date) -> tuple[Version, ...]:
    """The versions of a centre's report, the newest first."""
    rows = connection.execute(
        text(
            "select r.id, r.version, r.state, r.made_at, r.signed_at, s.name, r.reason from month_report r"
            " left join person s on s.id = r.signed_by where r.district_code = :district and r.month = :month order by r.version desc"
        ),
        {"district": district, "month": month},
    )
    return tuple(Version(one[0], one[1], ReportState(one[2]), *one[3:]) for one in rows)


def newest(connection: Connection, district: str, month: date) -> MonthReport:
    """The newest version that the reader may see.

    Raises
    ------
    NotFound
        ``reports.none``: the centre has not begun it, or not signed it where the reader sees only what is signed.
    """
    found = versions(connection, district, month)
    if not found:
        raise NotFound("reports.none")
    return month_report(connection, found[0].id)


def due_setting(connection: Connection) -> int:
    """Until which day of the next month a report is to be signed."""
    key, default = DUE_DAY
    value = connection.execute(text("select value from setting where key = :key"), {"key": key}).scalar()
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def stands(
    connection: Connection, districts: Sequence[str], months: Sequence[date], now: datetime
) -> dict[tuple[str, date], Stand]:
    """How the reports of centres stand, by district and month.

    Parameters
    ----------
    now
        Aware moment.
    """
    values = {"districts": list(districts), "months": list(months)}
    rows = connection.execute(
        text(
            "select district_code, month, min(signed_at), (array_agg(id order by version desc))[1], max(version)"
            " from month_report where state = 'signed' and district_code = any(:districts) and month = any(:months) group by 1, 2"
        ),
        values,
    )
    signed = {(code, month): tuple(rest) for code, month, *rest in rows}
    asked = connection.execute(
        text(
            "select district_code, month, max(at) from month_reminder"
            " where district_code = any(:districts) and month = any(:months) group by 1, 2"
        ),
        values,
    )
    reminded = {(code, month): at for code, month, at in asked}
    day, zone = due_setting(connection), ZoneInfo(TIMEZONE)
    found = {}
    for month in months:
        due = due_day(month, day)
        for code in districts:
            sent_at, report, version = signed.get((code, month), (None, None, None))
            if sent_at is not None:
                sent = Sent.IN_TIME if sent_at.astimezone(zone).date() <= due else Sent.LATE
            else:
                sent = Sent.MISSING if now.astimezone(zone).date() > due else Sent.NOT_DUE
            found[code, month] = Stand(code, month, sent, due, sent_at, report, version, reminded.get((code, month)))
    return found
