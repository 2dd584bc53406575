"""Signing in and out: routes of our own, because a cookie that no script can read is set by HTTP alone."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from itsdangerous import BadData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import store
from dashboard.i18n import name
from dashboard.messages import sentence
from dashboard.web.address import place_of
from dashboard.web.form import check_form, form_cookie, read_form, signer
from dashboard.web.live import hub
from dashboard.web.origin import is_safe_way, is_secure, own_path
from dashboard.web.visitors import PLAIN, SECURE, session_token, visitors
from dashboard.web.words import language_of, page
from geo.actions.sign_in import SignInKeys, close_session, open_session, prove_code, prove_password
from geo.credentials.attempts import Attempts
from geo.credentials.keys import derived_key
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.person import Person
from geo.queries import people

__all__ = ["area_of", "attempts", "enter", "forget", "keys", "routes", "show_sign_in"]

CODE_MINUTES = 5
"""So long a right password waits for its code."""
STATUS = {
    "sign_in.form": 400, "sign_in.no_demo": 403, "sign_in.locked": 429, "sign_in.many": 429, "sign_in.busy": 503,
    "sign_in.needs_https": 403, "sign_in.oidc_silent": 503,
}  # fmt: skip

attempts = Attempts()


@functools.cache
def keys() -> SignInKeys:
    """Keys that this process derives once."""
    key = store.signing_key()
    return SignInKeys(derived_key(key, "sign-in-attempts"), derived_key(key, "totp"))


def area_of(person: Person, lang: str) -> str:
    """Districts or agency of a person in words, as far as they are known; empty where the role has none."""
    try:
        if person.agency:
            return name(store.agencies(hub.version).get(person.agency), lang) or person.agency
        known = store.district_names(hub.version)
    except DatabaseUnavailable:
        return ""
    return ", ".join(name(known[code], lang) if code in known else code for code in person.districts)


def show_sign_in(
    request: Request, lang: str, wanted: str, error: WatchError | None = None, login: str = "", signed_out: bool = False
) -> Response:
    """The sign-in page, with what went wrong. Not for the event loop: it asks the database."""
    settings = store.settings()
    demo: tuple[Person, ...] = ()
    try:
        with transaction(store.engine()) as connection:
            demo = people.demo_people(connection)
    except DatabaseUnavailable as down:
        error = error or down
    safe = is_safe_way(request, settings.public_url)
    if not safe:
        error = WatchError("sign_in.needs_https")
    status = 200 if error is None else STATUS.get(error.code, 503 if isinstance(error, DatabaseUnavailable) else 401)
    response = page(
        request, "sign_in.html", lang, status, safe=safe, wanted=wanted, login=login, signed_out=signed_out,
        error=None if error is None else sentence(error, lang), provider=settings.oidc_name if settings.oidc_issuer else "",
        demo=[(person, area_of(person, lang)) for person in demo] if safe else [],
        oidc=f"/sign-in/oidc?lang={lang}&next={quote(wanted, safe='')}",
    )  # fmt: skip
    if error is not None and "minutes" in error.params:
        response.headers["Retry-After"] = str(60 * math.ceil(float(str(error.params["minutes"]))))
    return response


def enter(request: Request, person: Person, way: str, wanted: str) -> Response:
    """Open a session, close the one that was open here, and go where the person wanted to go."""
    settings = store.settings()
    lifetime = timedelta(days=settings.sign_in_days)
    old = session_token(request.cookies)
    with transaction(store.engine()) as connection:
        if old:
            close_session(connection, old)
        token = open_session(connection, person.id, way, lifetime)
    visitors.heard("sign_in")
    response = RedirectResponse(own_path(wanted), 303, {"Cache-Control": "no-store"})
    secure = is_secure(request, settings.public_url)
    response.set_cookie(
        SECURE if secure else PLAIN, token, max_age=int(lifetime.total_seconds()), path="/", secure=secure,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return response


def _guarded(work: Callable[[Request, Mapping[str, str]], Response]) -> Callable[[Request], Any]:
    """A route that takes a form of ours; what goes wrong is said on the sign-in page."""

    async def route(request: Request) -> Response:
        fields: Mapping[str, str] = {}
        try:
            fields = await read_form(request)
            check_form(request, fields)
            if not is_safe_way(request, store.settings().public_url):
                raise WatchError("sign_in.needs_https")
            return await to_thread.run_sync(work, request, fields)
        except WatchError as error:
            lang, wanted = language_of(request, fields.get("lang")), own_path(fields.get("next"))
            return await to_thread.run_sync(show_sign_in, request, lang, wanted, error, fields.get("login", "")[:100])

    return route


async def _show(request: Request) -> Response:
    """``GET /sign-in?next=…``"""
    wanted, lang = own_path(request.query_params.get("next")), language_of(request)

    def work() -> Response:
        try:
            if visitors.person(session_token(request.cookies)) is not None:
                return RedirectResponse(wanted, 303, {"Cache-Control": "no-store"})
        except DatabaseUnavailable as error:
            return show_sign_in(request, lang, wanted, error)
        return show_sign_in(request, lang, wanted, signed_out="out" in request.query_params)

    return await to_thread.run_sync(work)


def _with_password(request: Request, fields: Mapping[str, str]) -> Response:
    """``POST /sign-in``"""
    place = place_of(request)
    attempts.charge(place)
    found = prove_password(store.engine(), keys(), fields.get("login", "")[:200], fields.get("password", ""))
    attempts.take_back(place)
    wanted = own_path(fields.get("next"))
    if found.has_totp:
        proof = signer("password-proved").dumps([found.id, form_cookie(request)])
        return _ask_code(request, language_of(request, fields.get("lang")), str(proof), wanted)
    return enter(request, found, "password", wanted)


def _ask_code(request: Request, lang: str, proof: str, wanted: str, error: WatchError | None = None) -> Response:
    status = 200 if error is None else STATUS.get(error.code, 401)
    said = None if error is None else sentence(error, lang)
    return page(request, "sign_in_code.html", lang, status, proof=proof, wanted=wanted, error=said)


def _with_code(request: Request, fields: Mapping[str, str]) -> Response:
    """``POST /sign-in/code``: only after a right password, in the same browser."""
    proof, wanted = fields.get("proof", ""), own_path(fields.get("next"))
    try:
        number, browser = signer("password-proved").loads(proof, max_age=CODE_MINUTES * 60)
    except BadData as error:
        raise WatchError("sign_in.form") from error
    if browser != form_cookie(request):
        raise WatchError("sign_in.form")
    place = place_of(request)
    attempts.charge(place)
    try:
        found = prove_code(store.engine(), keys(), int(number), fields.get("code", ""))
    except WatchError as error:
        if error.code != "sign_in.wrong_code":
            raise
        return _ask_code(request, language_of(request, fields.get("lang")), proof, wanted, error)
    attempts.take_back(place)
    return enter(request, found, "totp", wanted)


def _as_demo(request: Request, fields: Mapping[str, str]) -> Response:
    """``POST /sign-in/demo``: as one of the demonstration people, while there is nothing but a demonstration."""
    with transaction(store.engine()) as connection:
        known = {str(person.id): person for person in people.demo_people(connection)}
    found = known.get(fields.get("person", ""))
    if found is None:
        raise WatchError("sign_in.no_demo")
    return enter(request, found, "demo", own_path(fields.get("next")))


def _out(request: Request, fields: Mapping[str, str]) -> Response:
    """``POST /sign-out``"""
    token = session_token(request.cookies)
    if token:
        with transaction(store.engine()) as connection:
            close_session(connection, token)
        visitors.heard("sign_in")
    lang = language_of(request, fields.get("lang"))
    response = RedirectResponse(f"/sign-in?out=1&lang={lang}", 303, {"Cache-Control": "no-store"})
    forget(response)
    return response


def forget(response: Response) -> None:
    """Take the session's cookie away."""
    response.delete_cookie(SECURE, path="/", secure=True, httponly=True, samesite="lax")
    response.delete_cookie(PLAIN, path="/", httponly=True, samesite="lax")


routes = [
    Route("/sign-in", _show, methods=["GET"]),
    Route("/sign-in", _guarded(_with_password), methods=["POST"]),
    Route("/sign-in/code", _guarded(_with_code), methods=["POST"]),
    Route("/sign-in/demo", _guarded(_as_demo), methods=["POST"]),
    Route("/sign-out", _guarded(_out), methods=["POST"]),
]
"""Behind ``/sign-in`` and ``/sign-out``; the account's and the provider's are in modules of their own."""
