"""The national centre's report of a quarter: begin it, count anew, write, sign."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.actions.month_reports import LONGEST_REASON, kept_words
from geo.crs import TIMEZONE
from geo.ingest.text import clean
from geo.model.json_form import to_json
from geo.model.month_report import ReportState
from geo.model.person import Person, Role, scope_of
from geo.model.quarter_report import QuarterNarrative, QuarterReport, quarter_end
from geo.queries.quarter_figures import quarter_content
from geo.queries.quarter_reports import quarter_report, quarter_versions

__all__ = ["begin_quarter", "count_quarter", "sign_quarter", "write_quarter"]

PATIENCE = "60s"


def begin_quarter(connection: Connection, person: Person, quarter: date, reason: str = "") -> int:
    """Make the draft of a quarter, or go on with the one that is there; its number.

    Parameters
    ----------
    reason
        Why it is made anew, where a signed version is there.

    Raises
    ------
    StepRefused
        ``reports.national_signs``, ``reports.future``, ``reports.why_anew``, ``reports.reason_long``.
    """
    _national(person)
    now = _now(connection)
    if quarter > now.astimezone(ZoneInfo(TIMEZONE)).date():
        raise StepRefused("reports.future")
    found = quarter_versions(connection, quarter)
    if found and found[0].state is ReportState.DRAFT:
        return found[0].id
    why = clean(reason).strip() or None
    if found and why is None:
        raise StepRefused("reports.why_anew")
    if why and len(why) > LONGEST_REASON:
        raise StepRefused("reports.reason_long", most=LONGEST_REASON)
    with own_rows():
        number = int(
            connection.execute(
                text(
                    "insert into quarter_report (quarter, version, content, narrative, reason, as_of, made_by, is_demo)"
                    " values (:quarter, :version, cast(:content as jsonb), coalesce((select narrative from quarter_report"
                    " where id = :before), '{}'), :reason, :as_of, :by, :demo) returning id"
                ),
                {
                    "quarter": quarter,
                    "version": found[0].version + 1 if found else 1,
                    "content": _content(connection, person, quarter, now),
                    "before": found[0].id if found else None,
                    "reason": why if found else None,
                    "as_of": now,
                    "by": person.id,
                    "demo": person.is_demo,
                },
            ).scalar_one()
        )
    audit(connection, "quarter_report.begin", f"quarter_report:{number}")
    return number


def count_quarter(connection: Connection, person: Person, number: int) -> None:
    """Count a draft again as of now.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        ``reports.not_found``; ``reports.national_signs``, ``reports.is_signed``.
    """
    report = _draft(connection, person, number)
    now = _now(connection)
    with own_rows():
        connection.execute(
            text("update quarter_report set content = cast(:content as jsonb), as_of = :as_of where id = :id"),
            {"content": _content(connection, person, report.quarter, now), "as_of": now, "id": number},
        )
    audit(connection, "quarter_report.count", f"quarter_report:{number}")


def write_quarter(connection: Connection, person: Person, number: int, narrative: Mapping[str, str]) -> None:
    """Keep the narrative of a draft: parts of `QuarterNarrative` by name, empty ones left out.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        As `count_quarter`; ``reports.long`` with ``most``.
    """
    _draft(connection, person, number)
    kept = kept_words(QuarterNarrative, narrative)
    with own_rows():
        connection.execute(
            text("update quarter_report set narrative = cast(:narrative as jsonb) where id = :id"),
            {"narrative": json.dumps(kept, ensure_ascii=False), "id": number},
        )
    audit(connection, "quarter_report.write", f"quarter_report:{number}", parts=len(kept))


def sign_quarter(connection: Connection, person: Person, number: int) -> None:
    """Sign a report; nothing of it is changed afterwards.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        As `count_quarter`; ``reports.not_over``, ``reports.no_words``.
    """
    report = _draft(connection, person, number)
    if _now(connection).astimezone(ZoneInfo(TIMEZONE)).date() <= quarter_end(report.quarter):
        raise StepRefused("reports.not_over")
    if not report.narrative.get(QuarterNarrative.SUMMARY):
        raise StepRefused("reports.no_words")
    with own_rows():
        connection.execute(
            text("update quarter_report set state = 'signed', signed_by = :by, signed_at = now() where id = :id"),
            {"by": person.id, "id": number},
        )
    audit(connection, "quarter_report.sign", f"quarter_report:{number}", version=report.version)


def _content(connection: Connection, person: Person, quarter: date, now: datetime) -> str:
    connection.execute(text(f"set local statement_timeout = '{PATIENCE}'"))
    content = quarter_content(connection, scope_of(person), quarter, now)
    return json.dumps(to_json(content), ensure_ascii=False)


def _national(person: Person) -> None:
    if person.role is not Role.NATIONAL:
        raise StepRefused("reports.national_signs")


def _draft(connection: Connection, person: Person, number: int) -> QuarterReport:
    _national(person)
    report = quarter_report(connection, number)
    if report.state is not ReportState.DRAFT:
        raise StepRefused("reports.is_signed")
    return report


def _now(connection: Connection) -> datetime:
    found: datetime = connection.execute(text("select now()")).scalar_one()
    return found
