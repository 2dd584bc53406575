"""Reports to take away: ``/papers/month/{number}.pdf``, ``.docx``, ``.xlsx`` and ``/papers/quarter/…``, with the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import REPORTERS, Role
from dashboard.documents.month_book import month_book
from dashboard.documents.month_pack import MonthPack
from dashboard.documents.month_pdf import month_pdf
from dashboard.documents.month_word import month_word
from dashboard.documents.quarter_pack import QuarterPack
from dashboard.documents.quarter_papers import quarter_book, quarter_pdf, quarter_word
from dashboard.documents.tables import FORMS as TABLE_FORMS
from dashboard.i18n import LANGUAGES
from dashboard.web.papers import PDF, names
from dashboard.web.taken import answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import scope_of
from geo.queries.month_reports import month_report
from geo.queries.quarter_reports import quarter_report

__all__ = ["DOCX", "FORMS", "QUARTER_FORMS", "routes"]

WIDE = frozenset({Role.COMMANDER, Role.NATIONAL})
"""Those who read the quarter: it tells of all centres."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: dict[str, tuple[str, Callable[[MonthPack], bytes]]] = {
    "pdf": (PDF, month_pdf),
    "docx": (DOCX, month_word),
    "xlsx": (TABLE_FORMS["xlsx"], month_book),
}
"""Media type of each form, and who makes it."""
QUARTER_FORMS: dict[str, tuple[str, Callable[[QuarterPack], bytes]]] = {
    "pdf": (PDF, quarter_pdf),
    "docx": (DOCX, quarter_word),
    "xlsx": (TABLE_FORMS["xlsx"], quarter_book),
}
LARGEST = 1 << 31


def month(request: Request) -> Response:
    """One version of a month, in the language of ``?lang=th``, with Thai digits where ``?digits=thai``."""

    def make(connection: Any, number: int, lang: str, digits: bool, form: str) -> tuple[str, str, bytes]:
        report = month_report(connection, number)
        media_type, made_by = FORMS[form]
        made = made_by(MonthPack(report, names(), lang, datetime.now(ZoneInfo(TIMEZONE)), digits))
        return f"report-{report.district}-{report.month:%Y-%m}-v{report.version}-{lang}.{form}", media_type, made

    return answered(request, lambda: _take(request, "month_report", make))


def quarter(request: Request) -> Response:
    """One version of a quarter, likewise."""

    def make(connection: Any, number: int, lang: str, digits: bool, form: str) -> tuple[str, str, bytes]:
        report = quarter_report(connection, number)
        media_type, made_by = QUARTER_FORMS[form]
        made = made_by(QuarterPack(report, names(), lang, datetime.now(ZoneInfo(TIMEZONE)), digits))
        of = f"{report.quarter.year}-Q{(report.quarter.month + 2) // 3}"
        return f"report-{of}-v{report.version}-{lang}.{form}", media_type, made

    return answered(request, lambda: _take(request, "quarter_report", make))


def _take(request: Request, kind: str, make: Callable[[Any, int, str, bool, str], tuple[str, str, bytes]]) -> Response:
    form = request.path_params["form"]
    if form not in FORMS:
        raise WatchError("export.unknown")
    person = person_of(request, REPORTERS if kind == "month_report" else WIDE, "documents.not_yours")
    number = request.path_params["number"]
    lang = request.query_params.get("lang", "")
    lang = lang if lang in LANGUAGES else store.settings().language
    digits = lang == "th" and request.query_params.get("digits") == "thai"
    with transaction(store.engine()) as connection:
        enter(connection, scope_of(person), person.id)
        name, media_type, made = make(connection, number if number < LARGEST else 0, lang, digits, form)
        audit(connection, f"paper.{kind}", f"{kind}:{number}", form=form, lang=lang)
    return handed_over(name, media_type, made, len(made))


routes: list[BaseRoute] = [
    Route("/papers/month/{number:int}.{form}", month),
    Route("/papers/quarter/{number:int}.{form}", quarter),
]
