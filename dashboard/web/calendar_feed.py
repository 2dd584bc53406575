"""``/calendars/{token}.ics``: the calendar of whoever has this secret address, with their rights as they are now."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import MEETERS, Role
from dashboard.activity_words import Known
from dashboard.documents.activity_calendar import activity_feed
from dashboard.i18n import LANGUAGES
from dashboard.web.live import hub
from geo.actions.calendar_pass import owner_of
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable
from geo.model.person import scope_of
from geo.queries.activity_calendar import calendar_entries

__all__ = ["SUBSCRIBERS", "routes"]

SUBSCRIBERS = MEETERS | {Role.COORDINATOR}
"""Who has a calendar: whoever sees the page of activities."""
BACK, AHEAD = timedelta(days=120), timedelta(days=400)
MEDIA_TYPE = "text/calendar; charset=utf-8"
NO_STORE = {"Cache-Control": "no-store"}


def feed(request: Request) -> Response:
    """The iCalendar; 404 for an address that opens nothing, whatever the reason."""
    try:
        with transaction(store.engine()) as connection:
            person = owner_of(connection, request.path_params["token"])
        if person is None or person.role not in SUBSCRIBERS:
            return PlainTextResponse("", 404, NO_STORE)
        today = datetime.now(ZoneInfo(TIMEZONE)).date()
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            entries = calendar_entries(connection, today - BACK, today + AHEAD, cancelled=True)
        version = hub.version
        lang = person.language if person.language in LANGUAGES else store.settings().language
        known = Known(store.district_names(version), store.agencies(version), lang, today)
    except DatabaseUnavailable:
        return PlainTextResponse("", 503, NO_STORE | {"Retry-After": "60"})
    return Response(
        activity_feed(entries, known), media_type=MEDIA_TYPE,
        headers=NO_STORE | {"Content-Disposition": 'inline; filename="activities.ics"'},
    )  # fmt: skip


routes: list[BaseRoute] = [Route("/calendars/{token}.ics", feed)]
