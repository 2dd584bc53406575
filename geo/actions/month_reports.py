"""A centre's report of a month: begin it, count anew, write, correct, sign; and ask for one that is late."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.actions.meetings import district_sheet
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.ingest.text import clean
from geo.model import Scope
from geo.model.json_form import to_json
from geo.model.month_report import DUE_DAY, LONGEST_WORDS, MonthContent, MonthReport, Narrative, ReportState
from geo.model.person import Person, Role, scope_of
from geo.queries import audit as chain
from geo.queries.month_figures import month_figures, open_decisions
from geo.queries.month_reports import month_report, versions

__all__ = [
    "begin_report",
    "content_of",
    "correct",
    "count_anew",
    "kept_words",
    "remind",
    "remind_late",
    "sign",
    "take_back",
    "write",
]

LONGEST_REASON = 1000
MOST = 1e9
"""A figure is below this."""


def content_of(connection: Connection, scope: Scope, district: str, month: date, as_of: datetime) -> MonthContent:
    """Count and draw a month of a district, with the rights of the transaction.

    Raises
    ------
    StepRefused
        ``meeting.unknown_district``.
    """
    head = chain.head(connection)
    return MonthContent(
        district=district,
        month=month,
        as_of=as_of,
        figures=month_figures(connection, scope, district, month, as_of),
        decisions=open_decisions(connection, district, as_of),
        sheet=district_sheet(connection, scope, district, month, as_of),
        chain_entries=head.entries,
        chain_head=head.head,
    )


def begin_report(connection: Connection, person: Person, district: str, month: date, reason: str = "") -> int:
    """Make the draft of a month, or go on with the one that is there; its number.

    Parameters
    ----------
    reason
        Why it is made anew; asked for where a signed version is there, whose narrative goes on.

    Raises
    ------
    StepRefused
        ``reports.not_yours``, ``reports.future``, ``reports.why_anew``, ``reports.reason_long``.
    """
    _own(person, district)
    now = _now(connection)
    if month > now.astimezone(ZoneInfo(TIMEZONE)).date():
        raise StepRefused("reports.future")
    found = versions(connection, district, month)
    if found and found[0].state is ReportState.DRAFT:
        return found[0].id
    why = _reason(reason) if found else None
    content = content_of(connection, scope_of(person), district, month, now)
    with own_rows():
        number = int(
            connection.execute(
                text(
                    "insert into month_report (district_code, month, version, content, narrative, reason, as_of, made_by, is_demo)"
                    " values (:district, :month, :version, cast(:content as jsonb), coalesce((select narrative from month_report"
                    " where id = :before), '{}'), :reason, :as_of, :by, :demo) returning id"
                ),
                {
                    "district": district,
                    "month": month,
                    "version": found[0].version + 1 if found else 1,
                    "content": json.dumps(to_json(content), ensure_ascii=False),
                    "before": found[0].id if found else None,
                    "reason": why,
                    "as_of": now,
                    "by": person.id,
                    "demo": person.is_demo,
                },
            ).scalar_one()
        )
    audit(connection, "month_report.begin", f"month_report:{number}", district=district, month=f"{month:%Y-%m}")
    return number


def count_anew(connection: Connection, person: Person, number: int) -> None:
    """Count a draft again as of now. What was corrected stays corrected.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        ``reports.not_found``; ``reports.not_yours``, ``reports.is_signed``.
    """
    report = _draft(connection, person, number)
    now = _now(connection)
    content = content_of(connection, scope_of(person), report.district, report.month, now)
    with own_rows():
        connection.execute(
            text("update month_report set content = cast(:content as jsonb), as_of = :as_of where id = :id"),
            {"content": json.dumps(to_json(content), ensure_ascii=False), "as_of": now, "id": number},
        )
    audit(connection, "month_report.count", f"month_report:{number}")


def write(connection: Connection, person: Person, number: int, narrative: Mapping[str, str]) -> None:
    """Keep the narrative of a draft: parts of `Narrative` by name, empty ones left out.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        As `count_anew`; ``reports.long`` with ``most``.
    """
    _draft(connection, person, number)
    kept = kept_words(Narrative, narrative)
    with own_rows():
        connection.execute(
            text("update month_report set narrative = cast(:narrative as jsonb) where id = :id"),
            {"narrative": json.dumps(kept, ensure_ascii=False), "id": number},
        )
    audit(connection, "month_report.write", f"month_report:{number}", parts=len(kept))


def kept_words(parts: Iterable[str], said: Mapping[str, str]) -> dict[str, str]:
    """The parts of a narrative that say something, as they are kept.

    Raises
    ------
    StepRefused
        ``reports.long`` with ``most``.
    """
    kept = {str(part): clean(said.get(part, ""), lines=True).strip() for part in parts}
    if any(len(words) > LONGEST_WORDS for words in kept.values()):
        raise StepRefused("reports.long", most=LONGEST_WORDS)
    return {part: words for part, words in kept.items() if words}


def correct(connection: Connection, person: Person, number: int, figure: str, value: float, reason: str) -> None:
    """Say another value than was counted, and why; both are kept.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        As `count_anew`; ``reports.no_figure``, ``reports.no_value``, ``reports.no_reason``, ``reports.reason_long``.
    """
    report = _draft(connection, person, number)
    if figure not in {row.key for row in report.content.figures}:
        raise StepRefused("reports.no_figure")
    if not 0 <= value < MOST:
        raise StepRefused("reports.no_value")
    with own_rows():
        connection.execute(
            text(
                "insert into month_correction (month_report_id, figure, corrected, reason, person_id)"
                " values (:id, :figure, :value, :reason, :by) on conflict (month_report_id, figure) do update"
                " set corrected = excluded.corrected, reason = excluded.reason,"
                " person_id = excluded.person_id, at = now()"
            ),
            {
                "id": number,
                "figure": figure,
                "value": value,
                "reason": _reason(reason, "reports.no_reason"),
                "by": person.id,
            },
        )
    audit(connection, "month_report.correct", f"month_report:{number}", figure=figure)


def take_back(connection: Connection, person: Person, number: int, figure: str) -> None:
    """Let what was counted stand again.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        As `count_anew`.
    """
    _draft(connection, person, number)
    with own_rows():
        connection.execute(
            text("delete from month_correction where month_report_id = :id and figure = :figure"),
            {"id": number, "figure": figure},
        )
    audit(connection, "month_report.uncorrect", f"month_report:{number}", figure=figure)


def sign(connection: Connection, person: Person, number: int) -> None:
    """Sign a report, which sends it; nothing of it is changed afterwards.

    Raises
    ------
    geo.errors.NotFound, StepRefused
        As `count_anew`; ``reports.chief_signs``; ``reports.not_over``: the month has not ended; ``reports.no_words``.
    """
    if person.role is not Role.CHIEF:
        raise StepRefused("reports.chief_signs")
    report = _draft(connection, person, number)
    now = _now(connection).astimezone(ZoneInfo(TIMEZONE)).date()
    if (now.year, now.month) <= (report.month.year, report.month.month):
        raise StepRefused("reports.not_over")
    if not report.narrative.get(Narrative.SITUATION):
        raise StepRefused("reports.no_words")
    with own_rows():
        connection.execute(
            text("update month_report set state = 'signed', signed_by = :by, signed_at = now() where id = :id"),
            {"by": person.id, "id": number},
        )
    audit(connection, "month_report.sign", f"month_report:{number}", version=report.version)


def remind(connection: Connection, person: Person, district: str, month: date) -> None:
    """Ask a centre for its report: its chiefs are told.

    Raises
    ------
    StepRefused
        ``reports.national_reminds``.
    """
    if person.role is not Role.NATIONAL:
        raise StepRefused("reports.national_reminds")
    with own_rows():
        connection.execute(
            text("insert into month_reminder (district_code, month, person_id) values (:district, :month, :by)"),
            {"district": district, "month": month, "by": person.id},
        )
    audit(connection, "month_report.remind", f"district:{district}", month=f"{month:%Y-%m}")


async def remind_late(libpq_url: str) -> int:
    """Ask the centres whose report of last month is overdue, once a month each; how many. With the rights of the web process.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database cannot be reached, or went away.
    """
    try:
        async with await psycopg.AsyncConnection.connect(libpq_url, connect_timeout=5) as connection:
            row = await (await connection.execute(_REMIND, {"usual": DUE_DAY[1], "key": DUE_DAY[0]})).fetchone()
    except (psycopg.Error, OSError) as error:
        raise DatabaseUnavailable("database.unavailable") from error
    return int(row[0]) if row else 0


_REMIND = """
    with today as (select (now() at time zone 'Asia/Bangkok')::date as day),
    due as (select coalesce((select (value #>> '{}')::numeric from setting where key = %(key)s), %(usual)s) as day)
    select coalesce((select remind_reports((date_trunc('month', t.day) - interval '1 month')::date)
                     from today t, due d where extract(day from t.day) > d.day), 0)
"""


def _own(person: Person, district: str) -> None:
    if person.role not in (Role.CHIEF, Role.OFFICER) or district not in (person.districts or ()):
        raise StepRefused("reports.not_yours")


def _draft(connection: Connection, person: Person, number: int) -> MonthReport:
    report = month_report(connection, number)
    _own(person, report.district)
    if report.state is not ReportState.DRAFT:
        raise StepRefused("reports.is_signed")
    return report


def _reason(words: str, code: str = "reports.why_anew") -> str:
    kept = clean(words).strip()
    if not kept:
        raise StepRefused(code)
    if len(kept) > LONGEST_REASON:
        raise StepRefused("reports.reason_long", most=LONGEST_REASON)
    return kept


def _now(connection: Connection) -> datetime:
    found: datetime = connection.execute(text("select now()")).scalar_one()
    return found
