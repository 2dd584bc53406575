"""The meeting's screen: ``/meetings/{number}``, its frozen sheets, what is decided on it, and news of what others decide.

A page of its own beside Streamlit: all sheets come at once, so that a key shows the next without asking the server, and under
a policy that runs no script but ours, whatever was typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import MEETERS
from dashboard.i18n.dates import local
from dashboard.kept import Kept
from dashboard.maps.assets import asset_url
from dashboard.meeting_decisions import Known, came_words, choices, decision_rows, leads, new_decision
from dashboard.meeting_follow import FollowUp, undone_cards
from dashboard.meeting_screen import papers, screen_of
from dashboard.messages import sentence
from dashboard.web.form import check_form, read_form
from dashboard.web.live import hub
from dashboard.web.taken import person_of
from dashboard.web.words import language_of, page
from geo.actions.decisions import decide, end_decision
from geo.actions.meetings import finish_meeting, start_meeting
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable, NotFound, WatchError
from geo.model.meeting import PREPARES, DecisionState, Meeting, MeetingState
from geo.model.person import Person, scope_of
from geo.queries import meetings
from geo.queries.checkpoints import checkpoint_list
from geo.queries.decision_since import decision_since
from geo.queries.meeting_people import assignees

__all__ = ["routes"]

NO_STORE = {"Cache-Control": "no-store"}
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
MOST_FOLLOWED = 12
"""Undone decisions of which it is counted what happened since; a room looks at no more."""
NOT_YOURS, NO_FORM = "meeting_screen.not_yours", "meeting_screen.form"


DUE_DAYS = 28
"""By when a decision is to be done where nobody says another day."""
_frozen: Kept[bytes] = Kept(24)
LARGEST = 1 << 31
"""Of a number in the store."""


def _number(request: Request, name: str = "number") -> int:
    """A number of the address; none in the store where it is larger than any can be."""
    said = int(request.path_params[name])
    return said if said < LARGEST else 0


@contextmanager
def _acting(person: Person) -> Iterator[Any]:
    with transaction(store.engine()) as connection:
        enter(connection, scope_of(person), person.id)
        yield connection


def _known(lang: str) -> Known:
    version = hub.version
    types, agencies, places = store.crime_types(version), store.agencies(version), store.district_names(version)
    return Known(types, agencies, places, lang, datetime.now(ZoneInfo(TIMEZONE)).date())


def _seen() -> str:
    """Name of the present state of decisions and reports: while it stays nobody asks the database."""
    return f"{hub.version}.{hub.office}"


# ---------------------------------------------------------------- reading


def room(request: Request) -> Response:
    """``GET /meetings/5?lang=th&night=1``"""
    lang, number, night = language_of(request), _number(request), request.query_params.get("night")
    try:
        person = person_of(request, MEETERS, NOT_YOURS)
        with _acting(person) as connection:
            meetings.meeting(connection, number)
    except DatabaseUnavailable:
        return page(request, "busy.html", lang, 503)
    except WatchError as error:
        back = "/" if error.code == NOT_YOURS else "/meeting"
        return page(request, "meeting_refused.html", lang, _status(error), said=sentence(error, lang), back=back)
    return page(
        request, "meeting.html", lang, number=number, night=night if night in {"0", "1"} else None,
        sheets=[asset_url(path) for path in STYLES], scripts=[asset_url(path) for path in SCRIPTS],
    )  # fmt: skip


def _told(request: Request, make: Callable[[Person, str], dict[str, Any] | None]) -> Response:
    """An answer for the screen's script; nothing where nothing has changed."""
    lang = language_of(request)

    def answer(person: Person) -> Response:
        said = make(person, lang)
        if said is None:
            return Response(status_code=204, headers=NO_STORE)
        return JSONResponse(said, headers=NO_STORE)

    return _answered(request, answer)


def _answered(request: Request, make: Callable[[Person], Response]) -> Response:
    """The answer to who takes part in meetings; what cannot be done is said in a sentence."""
    try:
        return make(person_of(request, MEETERS, NOT_YOURS))
    except WatchError as error:
        said = sentence(error, language_of(request))
        return JSONResponse({"said": said}, _status(error), NO_STORE)


def _status(error: WatchError) -> int:
    match error:
        case DatabaseUnavailable():
            return 503
        case NotFound():
            return 404
    return 403 if error.code.endswith(".not_yours") else 400 if error.code == NO_FORM else 409


def sheets(request: Request) -> Response:
    """``GET /meetings/5/sheets``: everything that is frozen. It never changes, and is put into words once for all who see as much."""
    lang = language_of(request)

    def make(person: Person) -> Response:
        number, scope, known = _number(request), scope_of(person), _known(lang)
        demo = store.state(hub.version)["demo"]
        with _acting(person) as connection:
            found = meetings.meeting(connection, number)

            def read() -> bytes:
                overview, frozen = meetings.overview(connection, number), meetings.sheets(connection, number)
                told = screen_of(found, overview, tuple(frozen.values()), known, demo=demo)
                return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

            said = _frozen.get((number, scope, lang, tuple(known.types.values()), demo), read)
        return Response(said, media_type="application/json", headers=NO_STORE)

    return _answered(request, make)


def opening(request: Request) -> Response:
    """``GET /meetings/5/opening``: what the screen needs once besides: what is undone, who can be given something, the ground."""

    def make(person: Person, lang: str) -> dict[str, Any]:
        scope, known = scope_of(person), _known(lang)
        with _acting(person) as connection:
            seen = _seen()
            found = meetings.meeting(connection, _number(request))
            undone = _followed(connection, found)
            people = assignees(connection, scope, found.districts)
            posts = checkpoint_list(connection, scope, known.today)
            live = _live(connection, person, found, known, seen)
        told = {
            "follow": undone_cards(undone, known),
            "may_start": live["may_hold"] and found.state is MeetingState.PREPARED,
            "ground": {"url": "/tiles/base/{version}/{z}/{x}/{y}", "version": store.area_version(hub.version)},
            "papers": [{"href": href, "label": label} for href, label in papers(found.id, lang)],
            "due": (known.today + timedelta(days=DUE_DAYS)).isoformat(),
            "today": known.today.isoformat(),
        }
        return told | live | choices(people, posts, known)

    return _told(request, make)


def _followed(connection: Any, found: Meeting) -> list[FollowUp]:
    """What earlier meetings left undone, and what happened there up to the day before the snapshot."""
    undone = meetings.open_before(connection, found.districts, found.id)
    day, types = local(found.as_of).date(), found.filter.crime_types
    return [
        FollowUp(one, decision_since(connection, one, day, types=types) if place < MOST_FOLLOWED else None)
        for place, one in enumerate(undone)
    ]


def news(request: Request) -> Response:
    """``GET /meetings/5/news?seen=…``: decisions and how much came since, where anything changed; asked every few seconds."""

    def make(person: Person, lang: str) -> dict[str, Any] | None:
        seen = _seen()
        if not hub.up:
            raise DatabaseUnavailable("database.unavailable")  # who hears nothing must not say that nothing is new
        if request.query_params.get("seen") == seen:
            return None
        with _acting(person) as connection:
            found = meetings.meeting(connection, _number(request))
            return _live(connection, person, found, _known(lang), seen)

    return _told(request, make)


def _live(connection: Any, person: Person, found: Meeting, known: Known, seen: str) -> dict[str, Any]:
    """What moves: decisions, how much came since, and what the reader may do."""
    decided = meetings.decisions_of(connection, found.id)
    earlier = meetings.open_before(connection, found.districts, found.id)
    runs = found.state is not MeetingState.HELD
    return {
        "decisions": decision_rows((*earlier, *decided), found, person, known),
        "news": came_words(meetings.came_since(connection, found.id), known.lang),
        "may_decide": runs and person.role in PREPARES,
        "may_hold": runs and leads(person, found),
        "seen": seen,
    }


# ---------------------------------------------------------------- writing


async def _send(request: Request, act: Callable[[Any, Person, Mapping[str, str]], None]) -> Response:
    """Take what the screen sends, from the screen alone, and answer with what stands now."""
    if request.method != "POST":  # what no route of ours answers is a page of Streamlit's
        return Response(status_code=405, headers=NO_STORE)
    try:
        fields: Mapping[str, str] = await read_form(request)
        check_form(request, fields)
        refused = None
    except WatchError:
        fields, refused = {}, WatchError(NO_FORM)

    def make(person: Person, lang: str) -> dict[str, Any]:
        if refused is not None:
            raise refused
        number = _number(request)
        with _acting(person) as connection:
            act(connection, person, fields)
        with _acting(person) as connection:
            return _live(connection, person, meetings.meeting(connection, number), _known(lang), "")

    return await to_thread.run_sync(_told, request, make)


async def decisions(request: Request) -> Response:
    """``POST /meetings/5/decisions``: words, owner, due, code, and perhaps lon and lat or plan."""

    def act(connection: Any, person: Person, fields: Mapping[str, str]) -> None:
        decide(connection, person, _number(request), new_decision(fields))

    return await _send(request, act)


async def ending(request: Request) -> Response:
    """``POST /meetings/5/decisions/17``: state (done, dropped) and reason."""

    def act(connection: Any, person: Person, fields: Mapping[str, str]) -> None:
        state = fields.get("state", "")
        if state not in {DecisionState.DONE, DecisionState.DROPPED}:
            raise WatchError(NO_FORM)
        end_decision(connection, person, _number(request, "decision"), DecisionState(state), fields.get("reason"))

    return await _send(request, act)


async def moving(request: Request) -> Response:
    """``POST /meetings/5/state``: state (running, held)."""

    def act(connection: Any, person: Person, fields: Mapping[str, str]) -> None:
        number, wanted = _number(request), fields.get("state")
        if wanted not in {MeetingState.RUNNING, MeetingState.HELD}:
            raise WatchError(NO_FORM)
        start_meeting(connection, person, number)
        if wanted == MeetingState.HELD:
            finish_meeting(connection, person, number)

    return await _send(request, act)


routes: list[BaseRoute] = [
    Route("/meetings/{number:int}", room),
    Route("/meetings/{number:int}/sheets", sheets),
    Route("/meetings/{number:int}/opening", opening),
    Route("/meetings/{number:int}/news", news),
    Route("/meetings/{number:int}/decisions", decisions, methods=["GET", "POST"]),
    Route("/meetings/{number:int}/decisions/{decision:int}", ending, methods=["GET", "POST"]),
    Route("/meetings/{number:int}/state", moving, methods=["GET", "POST"]),
]
"""Behind the gate: nobody without a session gets here."""
