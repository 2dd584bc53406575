"""A person's own account: name, password, one-time codes, and where they are signed in."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import segno
from anyio import to_thread
from itsdangerous import BadData
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import store
from dashboard.i18n import t
from dashboard.i18n.dates import moment
from dashboard.messages import sentence
from dashboard.web.form import check_form, read_form, signer
from dashboard.web.sign_in import area_of, forget, keys
from dashboard.web.visitors import session_token, visitors
from dashboard.web.words import language_of, page
from geo.actions.people import set_name, set_password, set_totp
from geo.actions.sign_in import close_sessions, open_sessions, prove_code, prove_password, token_hash
from geo.credentials.passwords import SHORTEST
from geo.credentials.totp import new_secret, open_secret, provisioning_uri, seal_secret, step_of
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import Person

__all__ = ["routes"]

ENROL_MINUTES = 15
DONE = ("name", "password", "codes_on", "codes_off")


def _show(
    request: Request, person: Person, lang: str, *, error: WatchError | None = None, sealed: bytes | None = None
) -> Response:
    token, idle = session_token(request.cookies) or "", timedelta(hours=store.settings().sign_in_idle_hours)
    with transaction(store.engine()) as connection:
        sessions = open_sessions(connection, person.id, token, idle)
    enrolment: dict[str, Any] = {"qr": "", "secret": "", "enrolment": ""}
    if sealed is not None and (secret := open_secret(keys().totp, sealed)) is not None:
        picture = segno.make(provisioning_uri(secret, person.login, "NTS-Mekong Watch"), error="m")
        enrolment = {
            "qr": Markup(picture.svg_inline(scale=5, border=3, dark="#000", light="#fff", omitsize=True)),  # noqa: S704 - drawn here from our own text
            "secret": " ".join(_groups(base64.b32encode(secret).decode())),
            "enrolment": signer("enrolment").dumps([person.id, base64.b64encode(sealed).decode()]),
        }
    done = request.query_params.get("done")
    return page(
        request, "account.html", lang, 200 if error is None else 400, person=person, place=area_of(person, lang),
        role=t(f"role.{person.role}", lang), least=SHORTEST, error=None if error is None else sentence(error, lang),
        done=t(f"account.done_{done}", lang) if error is None and done in DONE else None,
        sessions=[(moment(s.began_at, lang), moment(s.seen_at, lang), s.own) for s in sessions], **enrolment,
    )  # fmt: skip


def _groups(secret: str) -> list[str]:
    return [secret[i : i + 4] for i in range(0, len(secret), 4)]


def _change(request: Request, person: Person, fields: Mapping[str, str], lang: str) -> Response:
    """What one of the page's buttons asks for."""
    engine = store.engine()
    match fields.get("action"):
        case "name":
            with transaction(engine) as connection:
                set_name(connection, person.id, fields.get("name", ""))
            done = "name"
        case "password":
            _change_password(request, person, fields)
            done = "password"
        case "codes_begin":
            _prove_again(person, fields)
            return _show(request, person, lang, sealed=seal_secret(keys().totp, new_secret()))
        case "codes_finish":
            sealed = _enrolment(person, fields)
            step = step_of(open_secret(keys().totp, sealed) or b"", fields.get("code", ""))
            if step is None:
                return _show(request, person, lang, error=WatchError("sign_in.wrong_code"), sealed=sealed)
            with transaction(engine) as connection:
                set_totp(connection, person.id, sealed, step)
            done = "codes_on"
        case "codes_stop":
            prove_code(engine, keys(), person.id, fields.get("code", ""))
            with transaction(engine) as connection:
                set_totp(connection, person.id, None)
            done = "codes_off"
        case "sign_out_all":
            with transaction(engine) as connection:
                close_sessions(connection, person.id)
            visitors.heard("sign_in")
            response = RedirectResponse(f"/sign-in?out=1&lang={lang}", 303)
            forget(response)
            return response
        case _:
            raise WatchError("sign_in.form")
    visitors.heard("person")
    return RedirectResponse(f"/account?done={done}&lang={lang}", 303, {"Cache-Control": "no-store"})


def _prove_again(person: Person, fields: Mapping[str, str]) -> None:
    """Whoever found an open page must not change the ways in."""
    try:
        prove_password(store.engine(), keys(), person.login, fields.get("old", ""))
    except WatchError as error:
        raise (WatchError("password.wrong_old") if error.code == "sign_in.wrong" else error) from error


def _change_password(request: Request, person: Person, fields: Mapping[str, str]) -> None:
    new = fields.get("new", "")
    if new != fields.get("again", ""):
        raise WatchError("password.differ")
    if new == fields.get("old"):
        raise WatchError("password.same")
    _prove_again(person, fields)
    own = token_hash(session_token(request.cookies) or "")
    with transaction(store.engine()) as connection:
        set_password(connection, person.id, new, own=True, keep=own)


def _enrolment(person: Person, fields: Mapping[str, str]) -> bytes:
    try:
        number, sealed = signer("enrolment").loads(fields.get("enrolment", ""), max_age=ENROL_MINUTES * 60)
    except BadData as error:
        raise WatchError("sign_in.form") from error
    if number != person.id or open_secret(keys().totp, base64.b64decode(sealed)) is None:
        raise WatchError("sign_in.form")
    return base64.b64decode(sealed)


async def _account(request: Request) -> Response:
    """``GET`` and ``POST /account``"""
    fields: Mapping[str, str] = {}
    problem: WatchError | None = None
    if request.method == "POST":
        try:
            fields = await read_form(request)
            check_form(request, fields)
        except WatchError as error:
            problem = error
    lang = language_of(request, fields.get("lang"))

    def work() -> Response:
        person = visitors.person(session_token(request.cookies))
        if person is None:
            return RedirectResponse(f"/sign-in?next=/account&lang={lang}", 303, {"Cache-Control": "no-store"})
        if request.method != "POST" or problem is not None:
            return _show(request, person, lang, error=problem)
        try:
            return _change(request, person, fields, lang)
        except WatchError as error:
            return _show(request, person, lang, error=error)

    return await to_thread.run_sync(work)


routes = [Route("/account", _account, methods=["GET", "POST"])]
