"""A centre's report to take away: ``/papers/month/{number}.pdf``, ``.docx`` and ``.xlsx``, with the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import REPORTERS
from dashboard.documents.month_book import month_book
from dashboard.documents.month_pack import MonthPack
from dashboard.documents.month_pdf import month_pdf
from dashboard.documents.month_word import month_word
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

__all__ = ["DOCX", "FORMS", "routes"]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: dict[str, tuple[str, Callable[[MonthPack], bytes]]] = {
    "pdf": (PDF, month_pdf),
    "docx": (DOCX, month_word),
    "xlsx": (TABLE_FORMS["xlsx"], month_book),
}
"""Media type of each form, and who makes it."""
LARGEST = 1 << 31


def take(request: Request) -> Response:
    """One version of a month, in the language of ``?lang=th``, with Thai digits where ``?digits=thai``."""

    def make() -> Response:
        form = request.path_params["form"]
        if form not in FORMS:
            raise WatchError("export.unknown")
        person = person_of(request, REPORTERS, "documents.not_yours")
        number = request.path_params["number"]
        lang = request.query_params.get("lang", "")
        lang = lang if lang in LANGUAGES else store.settings().language
        digits = lang == "th" and request.query_params.get("digits") == "thai"
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            report = month_report(connection, number if number < LARGEST else 0)
            audit(connection, "paper.month_report", f"month_report:{number}", form=form, lang=lang)
        media_type, made_by = FORMS[form]
        made = made_by(MonthPack(report, names(), lang, datetime.now(ZoneInfo(TIMEZONE)), digits))
        name = f"report-{report.district}-{report.month:%Y-%m}-v{report.version}-{lang}.{form}"
        return handed_over(name, media_type, made, len(made))

    return answered(request, make)


routes: list[BaseRoute] = [Route("/papers/month/{number:int}.{form}", take)]
