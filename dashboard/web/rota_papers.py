"""A rota to take away: ``/papers/rota/{number}.xlsx``, ``.pdf`` and ``.ics``, with the rights of whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.documents.rota_pack import RotaPack, rota_book, rota_calendar, rota_pdf
from dashboard.documents.tables import FORMS as TABLE_FORMS
from dashboard.i18n import LANGUAGES
from dashboard.web.papers import PDF
from dashboard.web.taken import Busy, answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import scope_of
from geo.model.rota import MAKES
from geo.queries.rotas import rota

__all__ = ["FORMS", "routes"]

FORMS: dict[str, tuple[str, Callable[[RotaPack], bytes]]] = {
    "xlsx": (TABLE_FORMS["xlsx"], rota_book),
    "pdf": (PDF, rota_pdf),
    "ics": ("text/calendar; charset=utf-8", rota_calendar),
}
"""Media type of each form, and who makes it."""
WAIT_S = 20
LARGEST = 1 << 31
_turns = threading.BoundedSemaphore(2)
"""Papers made at once: pages come first."""


def take(request: Request) -> Response:
    """The whole rota, or with ``?place=2`` the shifts of one place (from 0), in the language of ``?lang=th``."""

    def make() -> Response:
        form = request.path_params["form"]
        if form not in FORMS:
            raise WatchError("export.unknown")
        person = person_of(request, MAKES, "documents.not_yours")
        number, asked = request.path_params["number"], request.query_params
        lang = asked.get("lang", "")
        lang = lang if lang in LANGUAGES else store.settings().language
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            one = rota(connection, number if number < LARGEST else 0)
            said = asked.get("place", "")
            place = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else None
            place = place if place is not None and place < len(one.what.posts) else None
            audit(connection, "rota.take", f"rota:{number}", form=form, lang=lang)
        media_type, made_by = FORMS[form]
        if not _turns.acquire(timeout=WAIT_S):
            raise Busy("export.busy")
        try:
            made = made_by(RotaPack(one, lang, datetime.now(ZoneInfo(TIMEZONE)), place))
        finally:
            _turns.release()
        part = "" if place is None else f"-{place + 1}"
        return handed_over(f"rota-{number}{part}-{lang}.{form}", media_type, made, len(made))

    return answered(request, make)


routes: list[BaseRoute] = [Route("/papers/rota/{number:int}.{form}", take)]
