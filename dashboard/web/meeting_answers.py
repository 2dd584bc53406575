"""What the routes of the meeting's screen share: who asks, what is refused in which words, and what moves on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard import store
from dashboard.access import MEETERS
from dashboard.meeting_decisions import Known, came_words, decision_rows, leads
from dashboard.messages import sentence
from dashboard.web.live import hub
from dashboard.web.taken import person_of
from dashboard.web.words import language_of
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable, NotFound, WatchError
from geo.model.meeting import PREPARES, Meeting, MeetingState
from geo.model.person import Person, scope_of
from geo.queries import meetings

__all__ = [
    "NOT_YOURS", "NO_FORM", "NO_STORE", "acting", "answered", "known_in", "live", "number_of", "seen_now", "status_of", "told",
]  # fmt: skip

NO_STORE = {"Cache-Control": "no-store"}
NOT_YOURS, NO_FORM = "meeting_screen.not_yours", "meeting_screen.form"
LARGEST = 1 << 31
"""Of a number in the store."""


def number_of(request: Request, name: str = "number") -> int:
    """A number of the address; none in the store where it is larger than any can be."""
    said = int(request.path_params[name])
    return said if said < LARGEST else 0


@contextmanager
def acting(person: Person) -> Iterator[Any]:
    """A transaction with this person's rights."""
    with transaction(store.engine()) as connection:
        enter(connection, scope_of(person), person.id)
        yield connection


def known_in(lang: str) -> Known:
    """What codes are called now, and which day it is."""
    version = hub.version
    types, agencies, places = store.crime_types(version), store.agencies(version), store.district_names(version)
    return Known(types, agencies, places, lang, datetime.now(ZoneInfo(TIMEZONE)).date())


def seen_now() -> str:
    """Name of the present state of decisions and reports: while it stays nobody asks the database."""
    return f"{hub.version}.{hub.office}"


def told(request: Request, make: Callable[[Person, str], dict[str, Any] | None]) -> Response:
    """An answer for the screen's script; nothing where nothing has changed."""
    lang = language_of(request)

    def answer(person: Person) -> Response:
        said = make(person, lang)
        if said is None:
            return Response(status_code=204, headers=NO_STORE)
        return JSONResponse(said, headers=NO_STORE)

    return answered(request, answer)


def answered(request: Request, make: Callable[[Person], Response]) -> Response:
    """The answer to who takes part in meetings; what cannot be done is said in a sentence."""
    try:
        return make(person_of(request, MEETERS, NOT_YOURS))
    except WatchError as error:
        said = sentence(error, language_of(request))
        return JSONResponse({"said": said}, status_of(error), NO_STORE)


def status_of(error: WatchError) -> int:
    """Number of the answer."""
    match error:
        case DatabaseUnavailable():
            return 503
        case NotFound():
            return 404
    return 403 if error.code.endswith(".not_yours") else 400 if error.code == NO_FORM else 409


def live(connection: Any, person: Person, found: Meeting, known: Known, seen: str) -> dict[str, Any]:
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
