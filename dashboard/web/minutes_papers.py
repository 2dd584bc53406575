"""``/papers/minutes/{number}.docx?lang=th``: the minutes of a meeting, with the rights of whoever asks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import MEETERS
from dashboard.documents.minutes import Minutes, minutes_docx
from dashboard.i18n import LANGUAGES
from dashboard.meeting_decisions import Known
from dashboard.web.papers import names
from dashboard.web.taken import answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.model.person import scope_of
from geo.queries import meetings
from geo.queries.meeting_minutes import agenda, attendance

__all__ = ["MEDIA_TYPE", "routes"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST = 1 << 31


def take(request: Request) -> Response:
    """The minutes, with the decisions of districts that their reader may see."""

    def make() -> Response:
        person = person_of(request, MEETERS, "documents.not_yours")
        asked, now = request.path_params["number"], datetime.now(ZoneInfo(TIMEZONE))
        number = asked if asked < LARGEST else 0
        lang = request.query_params.get("lang", "")
        lang = lang if lang in LANGUAGES else store.settings().language
        called = names()
        known = Known(called.types, called.agencies, called.districts, lang, now.date())
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            one = meetings.meeting(connection, number)
            paper = Minutes(
                one, agenda(connection, number), attendance(connection, number), meetings.decisions_of(connection, number), known, now
            )  # fmt: skip
            audit(connection, "paper.minutes", f"meeting:{number}", lang=lang)
        made = minutes_docx(paper)
        return handed_over(f"minutes-{number}-{one.held_on:%Y%m%d}-{lang}.docx", MEDIA_TYPE, made, len(made))

    return answered(request, make)


routes: list[BaseRoute] = [Route("/papers/minutes/{number:int}.docx", take)]
