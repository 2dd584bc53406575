"""What is done on the meeting's screen: decisions are written down and end, and the meeting begins and ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from dashboard.meeting_decisions import new_decision
from dashboard.web.form import check_form, read_form
from dashboard.web.meeting_answers import NO_FORM, NO_STORE, acting, known_in, live, number_of, told
from geo.actions.decisions import decide, end_decision
from geo.actions.meetings import finish_meeting, start_meeting
from geo.errors import WatchError
from geo.model.meeting import DecisionState, MeetingState
from geo.model.person import Person
from geo.queries import meetings

__all__ = ["decisions", "ending", "moving"]


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
        number = number_of(request)
        with acting(person) as connection:
            act(connection, person, fields)
        with acting(person) as connection:
            return live(connection, person, meetings.meeting(connection, number), known_in(lang), "")

    return await to_thread.run_sync(told, request, make)


async def decisions(request: Request) -> Response:
    """``POST /meetings/5/decisions``: words, owner, due, code, and perhaps lon and lat or plan."""

    def act(connection: Any, person: Person, fields: Mapping[str, str]) -> None:
        decide(connection, person, number_of(request), new_decision(fields))

    return await _send(request, act)


async def ending(request: Request) -> Response:
    """``POST /meetings/5/decisions/17``: state (done, dropped) and reason."""

    def act(connection: Any, person: Person, fields: Mapping[str, str]) -> None:
        state = fields.get("state", "")
        if state not in {DecisionState.DONE, DecisionState.DROPPED}:
            raise WatchError(NO_FORM)
        end_decision(connection, person, number_of(request, "decision"), DecisionState(state), fields.get("reason"))

    return await _send(request, act)


async def moving(request: Request) -> Response:
    """``POST /meetings/5/state``: state (running, held)."""

    def act(connection: Any, person: Person, fields: Mapping[str, str]) -> None:
        number, wanted = number_of(request), fields.get("state")
        if wanted not in {MeetingState.RUNNING, MeetingState.HELD}:
            raise WatchError(NO_FORM)
        start_meeting(connection, person, number)
        if wanted == MeetingState.HELD:
            finish_meeting(connection, person, number)

    return await _send(request, act)
