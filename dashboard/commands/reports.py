"""``python -m dashboard report monthly`` and ``report quarterly``: the papers that the page of reports hands out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from dashboard.console import language, say
from geo.crs import TIMEZONE
from geo.errors import WatchError

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from geo.model.month_report import MonthReport
    from geo.model.quarter_report import QuarterReport

__all__ = ["register"]


class Form(StrEnum):
    """Kinds of files."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


class Language(StrEnum):
    """Languages of papers."""

    TH = "th"
    EN = "en"


Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write; one that is there is replaced.")]
Kind = Annotated[Form, typer.Option("--format", help="Kind of file.")]
Lang = Annotated[Language | None, typer.Option("--lang", help="Language of the paper [that of WATCH_LANGUAGE].")]
Digits = Annotated[bool, typer.Option("--thai-digits", help="Thai digits in a Thai paper.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    report = typer.Typer(no_args_is_help=True, help="Reports of a month and of a quarter, as PDF, DOCX or XLSX.")
    report.command("monthly")(monthly)
    report.command("quarterly")(quarterly)
    app.add_typer(report, name="report")


def monthly(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="The month.")],
    district: Annotated[str, typer.Option(metavar="CODE", help="District of the centre, four digits.")],
    out: Out,
    form: Kind = Form.PDF,
    lang: Lang = None,
    thai_digits: Digits = False,
) -> None:
    """Write a centre's report of a month: its newest version, or where there is none what would be counted now, as a draft."""
    from dashboard.documents.month_pack import MonthPack
    from dashboard.documents.referral_pack import Names
    from dashboard.web.report_papers import FORMS
    from geo.db.engine import open_store
    from geo.model.month_report import month_of
    from geo.queries.places import agencies, crime_types, district_names

    now = datetime.now(ZoneInfo(TIMEZONE))
    of = month_of(month, now.date())
    engine = open_store()
    try:
        with engine.begin() as connection:
            names = Names(crime_types(connection), district_names(connection), agencies(connection))
            if district not in names.districts:
                raise WatchError("reports.no_district", district=district)
            report = _newest(connection, district, of, now)
    finally:
        engine.dispose()
    words = str(lang or language())
    made = FORMS[form][1](MonthPack(report, names, words, now, thai_digits and words == Language.TH))
    _write(out, made)
    say("cli.report.written", file=out, kilobytes=len(made) / 1024)


def quarterly(
    quarter: Annotated[str, typer.Argument(metavar="YYYY-QN", help="The quarter of the calendar year.")],
    out: Out,
    form: Kind = Form.PDF,
    lang: Lang = None,
    thai_digits: Digits = False,
) -> None:
    """Write the report of a quarter: its newest version, or where there is none what would be counted now, as a draft."""
    from dashboard.documents.quarter_pack import QuarterPack
    from dashboard.documents.referral_pack import Names
    from dashboard.web.report_papers import QUARTER_FORMS
    from geo.db.engine import open_store
    from geo.model.quarter_report import quarter_of
    from geo.queries.places import agencies, crime_types, district_names

    now = datetime.now(ZoneInfo(TIMEZONE))
    of = quarter_of(quarter, now.date())
    engine = open_store()
    try:
        with engine.begin() as connection:
            names = Names(crime_types(connection), district_names(connection), agencies(connection))
            report = _newest_quarter(connection, of, now)
    finally:
        engine.dispose()
    words = str(lang or language())
    made = QUARTER_FORMS[form][1](QuarterPack(report, names, words, now, thai_digits and words == Language.TH))
    _write(out, made)
    say("cli.report.written", file=out, kilobytes=len(made) / 1024)


def _newest_quarter(connection: Connection, of: date, now: datetime) -> QuarterReport:
    from geo.errors import NotFound
    from geo.model import Scope
    from geo.model.month_report import ReportState
    from geo.model.quarter_report import QuarterReport
    from geo.queries.people import is_demonstration
    from geo.queries.quarter_figures import quarter_content
    from geo.queries.quarter_reports import newest_quarter

    try:
        return newest_quarter(connection, of)
    except NotFound:
        content = quarter_content(connection, Scope.everything(), of, now)
        demo = is_demonstration(connection)
        return QuarterReport(0, of, 1, ReportState.DRAFT, content, {}, None, None, now, None, None, demo)


def _newest(connection: Connection, district: str, of: date, now: datetime) -> MonthReport:
    from geo.actions.month_reports import content_of
    from geo.errors import NotFound
    from geo.model import Scope
    from geo.model.month_report import MonthReport, ReportState
    from geo.queries.month_reports import newest
    from geo.queries.people import is_demonstration

    try:
        return newest(connection, district, of)
    except NotFound:
        content = content_of(connection, Scope.everything(), district, of, now)
        demo = is_demonstration(connection)
        return MonthReport(0, district, of, 1, ReportState.DRAFT, content, {}, {}, None, None, now, None, None, demo)


def _write(out: Path, content: bytes) -> None:
    """The file, whole or not at all."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WatchError("reports.not_written", file=out, reason=error.strerror or str(error)) from None
