"""``/api/reports``: reports from partners' systems, as JSON and with a key. Described at ``/api/openapi.json``."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import anyio
from anyio import to_thread
from pydantic import BaseModel
from starlette.endpoints import HTTPEndpoint
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import store
from dashboard.i18n import t
from dashboard.web.api_body import read_body, strict_json
from dashboard.web.api_intake import ReportKeys, known_key, state_of, take_in
from dashboard.web.api_kobo import from_kobo
from dashboard.web.api_models import UUID_FORM, Misfit, Report, State, Told, read
from dashboard.web.api_openapi import description
from dashboard.web.api_problem import NO_STORE, ApiRefused, Fault, fault_of, problem, wanted_language
from dashboard.web.api_rate import Buckets
from geo.errors import DatabaseUnavailable
from geo.queries.api_keys import ApiKey

__all__ = ["routes"]

log = logging.getLogger("watch.api")

AT_ONCE = 6
"""Calls that use the database or build photos at one time: the map's connections stay free."""
AGAIN_IN_S = 5
_Answer = TypeVar("_Answer")


@cache
def _turns() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(AT_ONCE)


@cache
def _buckets() -> Buckets:
    return Buckets(store.settings().api_calls_per_minute)


def _keys() -> ReportKeys:
    return ReportKeys.of(store.signing_key())


async def _in_turn(work: Callable[..., _Answer], *arguments: object) -> _Answer:
    return await to_thread.run_sync(work, *arguments, limiter=_turns())


async def _partner(request: Request) -> ApiKey:
    """Who calls, where they may.

    Raises
    ------
    ApiRefused
        ``api.key`` (401), ``api.too_many_calls`` (429).
    """
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or (found := await _in_turn(known_key, _keys(), shown.strip())) is None:
        raise ApiRefused("api.key", 401)
    if wait := _buckets().take(found.id):
        raise ApiRefused("api.too_many_calls", 429, seconds=math.ceil(wait))
    return found


def _answer(made: BaseModel, lang: str, status: int = 200) -> Response:
    return Response(
        made.model_dump_json(), status, NO_STORE | {"Content-Language": lang}, media_type="application/json"
    )


class _Endpoint(HTTPEndpoint):
    """Answers in words whatever is wrong with a call."""

    async def dispatch(self) -> None:
        """Call the method asked for."""
        request = Request(self.scope, receive=self.receive)
        lang = wanted_language(request)
        try:
            response = await self._called(request)
        except Misfit as error:
            response = problem(lang, 422, error.faults)
        except DatabaseUnavailable as error:
            response = problem(lang, 503, [fault_of(error)], {"Retry-After": str(AGAIN_IN_S)})
        except ApiRefused as error:
            headers = {
                401: {"WWW-Authenticate": 'Bearer realm="reports"'},
                405: {"Allow": ", ".join(self._allowed_methods)},
                429: {"Retry-After": str(error.params.get("seconds"))},
            }.get(error.status)
            response = problem(lang, error.status, [fault_of(error)], headers)
        except ClientDisconnect:
            return  # nobody is there to be answered, and nothing was kept
        except Exception:
            log.exception("call failed")
            response = problem(lang, 500, [Fault("unexpected")])
        await response(self.scope, self.receive, self.send)

    async def _called(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        if method not in self._allowed_methods:
            raise ApiRefused("api.method", 405, methods=", ".join(self._allowed_methods))
        answered: Response = await getattr(self, method.lower())(request)
        return answered


class Reports(_Endpoint):
    """``POST /api/reports``"""

    async def post(self, request: Request) -> Response:
        """Take a report in."""
        partner = await _partner(request)
        body = await read_body(request)
        strict_json(body)
        return await _taken(request, partner, read(Report, body))


class Kobo(_Endpoint):
    """``POST /api/reports/kobo``"""

    async def post(self, request: Request) -> Response:
        """Take a submission of KoboToolbox in."""
        partner = await _partner(request)
        return await _taken(request, partner, from_kobo(strict_json(await read_body(request))))


async def _taken(request: Request, partner: ApiKey, report: Report) -> Response:
    accepted, is_new = await _in_turn(take_in, _keys(), partner, report)
    return _answer(accepted, wanted_language(request), 201 if is_new else 200)


class ReportState(_Endpoint):
    """``GET /api/reports/{client_id}``"""

    async def get(self, request: Request) -> Response:
        """Say what became of a report."""
        partner = await _partner(request)
        client_id, lang = request.path_params["client_id"], wanted_language(request)
        found = await _in_turn(state_of, _keys(), partner, client_id) if UUID_FORM.fullmatch(client_id) else None
        if found is None:
            raise ApiRefused("api.no_report", 404, "client_id")
        told = Told.model_validate({"code": found, "words": t(f"api.state.{found}", lang)})
        return _answer(State.model_validate({"client_id": client_id, "state": told}), lang)


class Description(_Endpoint):
    """``GET /api/openapi.json``"""

    async def get(self, _request: Request) -> Response:
        """Describe the interface."""
        return Response(description(), media_type="application/json", headers={"Cache-Control": "max-age=300"})


routes = [
    Route("/api/reports", Reports),
    Route("/api/reports/kobo", Kobo),
    Route("/api/reports/{client_id}", ReportState),
    Route("/api/openapi.json", Description),
]
