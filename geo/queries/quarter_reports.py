"""Reports of quarters: their versions, and one with everything in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.json_form import from_json
from geo.model.month_report import ReportState
from geo.model.quarter_report import QuarterContent, QuarterReport
from geo.queries.month_reports import Version

__all__ = ["newest_quarter", "quarter_report", "quarter_versions"]


def quarter_report(connection: Connection, number: int) -> QuarterReport:
    """One version. With the reader's rights.

    Raises
    ------
    NotFound
        ``reports.not_found``: there is none, or it is not for this reader.
    """
    row = (
        connection.execute(
            text(
                "select r.*, m.name as made_name, s.name as signed_name from quarter_report r"
                " left join person m on m.id = r.made_by left join person s on s.id = r.signed_by where r.id = :id"
            ),
            {"id": number},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("reports.not_found")
    return QuarterReport(
        id=row["id"],
        quarter=row["quarter"],
        version=row["version"],
        state=ReportState(row["state"]),
        content=from_json(QuarterContent, row["content"]),
        narrative=dict(row["narrative"]),
        reason=row["reason"],
        made_by=row["made_name"],
        made_at=row["made_at"],
        signed_by=row["signed_name"],
        signed_at=row["signed_at"],
        is_demo=row["is_demo"],
    )


def quarter_versions(connection: Connection, quarter: date) -> tuple[Version, ...]:
    """The versions of a quarter, the newest first."""
    rows = connection.execute(
        text(
            "select r.id, r.version, r.state, r.made_at, r.signed_at, s.name, r.reason from quarter_report r"
            " left join person s on s.id = r.signed_by where r.quarter = :quarter order by r.version desc"
        ),
        {"quarter": quarter},
    )
    return tuple(Version(one[0], one[1], ReportState(one[2]), *one[3:]) for one in rows)


def newest_quarter(connection: Connection, quarter: date) -> QuarterReport:
    """The newest version.

    Raises
    ------
    NotFound
        ``reports.none``.
    """
    found = quarter_versions(connection, quarter)
    if not found:
        raise NotFound("reports.none")
    return quarter_report(connection, found[0].id)
