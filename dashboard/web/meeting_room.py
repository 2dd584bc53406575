"""The meeting's screen: ``/meetings/{number}``, its frozen sheets, what is decided on it, and news of what others decide.

A page of its own beside Streamlit: all sheets come at once, so that a key shows the next without asking the server, and under
a policy that runs no script but ours, whatever was typed.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import MEETERS
from dashboard.i18n.dates import local
from dashboard.kept import Kept
from dashboard.maps.assets import asset_url
from dashboard.meeting_decisions import choices
from dashboard.meeting_follow import followed, undone_cards
from dashboard.meeting_screen import papers, screen_of
from dashboard.messages import sentence
from dashboard.web import meeting_acts
from dashboard.web.live import hub
from dashboard.web.meeting_answers import (
    NO_STORE,
    NOT_YOURS,
    acting,
    answered,
    known_in,
    live,
    number_of,
    seen_now,
    status_of,
    told,
)
from dashboard.web.taken import person_of
from dashboard.web.words import language_of, page
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.meeting import MeetingState
from geo.model.person import Person, scope_of
from geo.queries import meetings
from geo.queries.checkpoints import checkpoint_list
from geo.queries.meeting_people import assignees
from geo.queries.plans import plans

__all__ = ["routes"]

STYLES = (
    "leaflet/dist/leaflet.css",
    *(f"@fontsource/sarabun/{weight}.css" for weight in (400, 600, 700)),
    "watch/meeting.css",
)
SCRIPTS = (
    "leaflet/dist/leaflet.js",
    "protomaps-leaflet/dist/protomaps-leaflet.js",
    *(f"watch/{file}.js" for file in ("symbols", "tiles", "ground", "meeting-map", "meeting-decide", "meeting")),
)
DUE_DAYS = 28
"""By when a decision is to be done where nobody says another day."""
_frozen: Kept[bytes] = Kept(24)


def room(request: Request) -> Response:
    """``GET /meetings/5?lang=th&night=1``"""
    lang, number, night = language_of(request), number_of(request), request.query_params.get("night")
    try:
        person = person_of(request, MEETERS, NOT_YOURS)
        with acting(person) as connection:
            meetings.meeting(connection, number)
    except DatabaseUnavailable:
        return page(request, "busy.html", lang, 503)
    except WatchError as error:
        back = "/" if error.code == NOT_YOURS else "/meeting"
        return page(request, "meeting_refused.html", lang, status_of(error), said=sentence(error, lang), back=back)
    return page(
        request, "meeting.html", lang, number=number, night=night if night in {"0", "1"} else None,
        sheets=[asset_url(path) for path in STYLES], scripts=[asset_url(path) for path in SCRIPTS],
    )  # fmt: skip


def sheets(request: Request) -> Response:
    """``GET /meetings/5/sheets``: everything that is frozen. It never changes, and is put into words once for all who see as much."""
    lang = language_of(request)

    def make(person: Person) -> Response:
        number, scope, known = number_of(request), scope_of(person), known_in(lang)
        demo = store.state(hub.version)["demo"]
        with acting(person) as connection:
            found = meetings.meeting(connection, number)

        def read() -> bytes:
            with acting(person) as connection:
                overview, frozen = meetings.overview(connection, number), meetings.sheets(connection, number)
            shown = screen_of(found, overview, tuple(frozen.values()), known, demo=demo)
            return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()

        said = _frozen.get((number, scope, lang, tuple(known.types.values()), demo), read)
        return Response(said, media_type="application/json", headers=NO_STORE)

    return answered(request, make)


def opening(request: Request) -> Response:
    """``GET /meetings/5/opening``: what the screen needs once besides: what is undone, who can be given something, the ground."""

    def make(person: Person, lang: str) -> dict[str, Any]:
        scope, known = scope_of(person), known_in(lang)
        with acting(person) as connection:
            seen = seen_now()
            found = meetings.meeting(connection, number_of(request))
            undone = followed(
                meetings.open_before(connection, found.districts, found.id),
                meetings.so_far(connection, found.id),
                local(found.as_of).date(),
            )
            people = assignees(connection, scope, found.districts)
            posts = checkpoint_list(connection, scope, known.today)
            moving = live(connection, person, found, known, seen)
            proposals = plans(connection)
        said = {
            "follow": undone_cards(undone, known, found.hides_small),
            "may_start": moving["may_hold"] and found.state is MeetingState.PREPARED,
            "ground": {"url": "/tiles/base/{version}/{z}/{x}/{y}", "version": store.area_version(hub.version)},
            "papers": [{"href": href, "label": label} for href, label in papers(found.id, lang)],
            "due": (known.today + timedelta(days=DUE_DAYS)).isoformat(),
            "today": known.today.isoformat(),
        }
        return said | moving | choices(people, posts, known, proposals)

    return told(request, make)


def news(request: Request) -> Response:
    """``GET /meetings/5/news?seen=…``: decisions and how much came since, where anything changed; asked every few seconds."""

    def make(person: Person, lang: str) -> dict[str, Any] | None:
        seen = seen_now()
        if not hub.up:
            raise DatabaseUnavailable("database.unavailable")  # who hears nothing must not say that nothing is new
        if request.query_params.get("seen") == seen:
            return None
        with acting(person) as connection:
            found = meetings.meeting(connection, number_of(request))
            return live(connection, person, found, known_in(lang), seen)

    return told(request, make)


routes: list[BaseRoute] = [
    Route("/meetings/{number:int}", room),
    Route("/meetings/{number:int}/sheets", sheets),
    Route("/meetings/{number:int}/opening", opening),
    Route("/meetings/{number:int}/news", news),
    Route("/meetings/{number:int}/decisions", meeting_acts.decisions, methods=["GET", "POST"]),
    Route("/meetings/{number:int}/decisions/{decision:int}", meeting_acts.ending, methods=["GET", "POST"]),
    Route("/meetings/{number:int}/state", meeting_acts.moving, methods=["GET", "POST"]),
]
"""Behind the gate: nobody without a session gets here."""
