"""What a person is told: the list behind the bell, and how and where they want to be told elsewhere."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from dashboard import store
from dashboard.i18n import LANGUAGES, t
from dashboard.i18n.dates import ago, local, month
from dashboard.messages import sentence
from dashboard.outbox.rounds import Outbox
from dashboard.web.bell import bell_endpoint
from dashboard.web.form import check_form, read_form
from dashboard.web.origin import own_origins
from dashboard.web.words import language_of, page
from geo.actions.notify import kinds_for, mark_case_read, mark_read
from geo.actions.notify_choices import set_addresses, set_ways
from geo.credentials.attempts import Attempts
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.notification import Addresses, Way
from geo.model.person import Person, Role, scope_of
from geo.queries.notifications import (
    Notification,
    addresses,
    case_of,
    meeting_of,
    month_asked,
    notifications,
    own_referral,
    unread,
    ways,
)

__all__ = ["outbox", "routes"]

SHOWN, IN_PANEL = 50, 12
TRIES, TRIES_MINUTES = 5, 15
"""Trial messages of one person: enough to find a mistake, too few to annoy whoever's address it is."""
DONE = ("read", "ways", "addresses", "email", "webhook")
NO_STORE = {"Cache-Control": "no-store"}

tries = Attempts(TRIES, TRIES_MINUTES * 60)


@functools.cache
def outbox() -> Outbox:
    """What sends messages in this process."""
    return Outbox(store.engine(), store.settings())


@contextmanager
def _acting(person: Person) -> Iterator[Any]:
    """A transaction with this person's rights."""
    with transaction(store.engine()) as connection:
        enter(connection, scope_of(person), person.id)
        yield connection


async def _answer(request: Request, lang: str, work: Callable[[Person], Response]) -> Response:
    """Answer the person whom the gate let through; while the database is away, say so and try again."""
    try:
        return await to_thread.run_sync(work, request.state.person)
    except DatabaseUnavailable:
        return page(request, "busy.html", lang, 503)


def _row(one: Notification, lang: str, now: datetime) -> dict[str, Any]:
    about = one.public_id or (t("notification.decision", lang, number=one.decision) if one.decision else None)
    if one.month is not None:
        about = t("notification.month", lang, month=month(one.month, lang))
    return {
        "href": f"/notifications/{one.id}?{urlencode({'lang': lang})}" if about else None,
        "words": t(f"notification.kind.{one.kind}", lang),
        "case": about or t("notification.not_yours", lang),
        "ago": ago(local(one.at), now, lang),
        "read": one.read,
    }


def _now() -> datetime:
    return datetime.now(ZoneInfo(TIMEZONE))


# ---------------------------------------------------------------- the list


async def _panel(request: Request) -> Response:
    """``GET /notifications/list``: the newest, in words, for the panel under the bell."""
    lang = language_of(request)

    def work(person: Person) -> Response:
        with _acting(person) as connection:
            found, number = notifications(connection, person.id, limit=IN_PANEL), unread(connection, person.id)
        words = {key: t(f"notification.{key}", lang) for key in ("title", "none", "read_all", "see_all", "new")}
        rows = [_row(one, lang, _now()) for one in found]
        return JSONResponse({"words": words, "rows": rows, "unread": number}, headers=NO_STORE)

    return await _answer(request, lang, work)


async def _read(request: Request) -> Response:
    """``POST /notifications/read``: all of them, from the panel. A page of another host cannot send this header unasked."""
    lang = language_of(request)
    foreign = request.headers.get("origin") not in own_origins(request, store.settings().public_url)
    if foreign or request.headers.get("x-watch-bell") != "1":
        return JSONResponse({}, 403, NO_STORE)

    def work(person: Person) -> Response:
        with _acting(person) as connection:
            mark_read(connection, person.id)
        return JSONResponse({}, headers=NO_STORE)

    return await _answer(request, lang, work)


async def _open(request: Request) -> Response:
    """``GET /notifications/17`` leads to its case, an agency to what was referred to it, to the meeting that decided something;
    what is told of the case is read."""
    lang, number = language_of(request), request.path_params["number"]
    spoken = {"lang": lang} if "lang" in request.query_params else {}

    def work(person: Person) -> Response:
        try:
            with _acting(person) as connection:
                public_id = case_of(connection, person.id, number)
                decided = None if public_id else meeting_of(connection, person.id, number)
                asked = None if public_id else month_asked(connection, person.id, number)
                referral = own_referral(connection, public_id) if public_id and person.role is Role.AGENCY else None
                if public_id:
                    mark_case_read(connection, person.id, public_id)
                else:
                    mark_read(connection, person.id, [number])
        except WatchError as error:
            if isinstance(error, DatabaseUnavailable):
                raise
            return _show(request, person, lang, error=error, status=404)
        if decided is not None:
            return RedirectResponse("/meeting?" + urlencode({"meeting": decided} | spoken), 303, NO_STORE)
        if asked is not None:
            return RedirectResponse("/reports?" + urlencode({"month": f"{asked:%Y-%m}"} | spoken), 303, NO_STORE)
        if public_id is None:
            return _show(request, person, lang, error=WatchError("notify.gone"), status=404)
        if person.role is Role.AGENCY:
            way = "/referrals?" + urlencode(({"referral": referral} if referral else {}) | spoken)
        else:
            way = "/inbox?" + urlencode({"case": public_id} | spoken)
        return RedirectResponse(way, 303, NO_STORE)

    return await _answer(request, lang, work)


# ---------------------------------------------------------------- the page


def _show(
    request: Request,
    person: Person,
    lang: str,
    *,
    error: WatchError | None = None,
    status: int = 200,
    fields: Mapping[str, str] | None = None,
) -> Response:
    with _acting(person) as connection:
        found, number = notifications(connection, person.id, limit=SHOWN), unread(connection, person.id)
        chosen = ways(connection, person.id)
    to, settings = _addresses(person), store.settings()
    hour = f"{settings.digest_hour:02}"
    done = request.query_params.get("done")
    said = fields or {}
    return page(
        request, "notifications.html", lang, status, person=person, rows=[_row(one, lang, _now()) for one in found],
        unread=number, error=None if error is None else sentence(error, lang),
        done=t(f"notification.done_{done}", lang) if error is None and done in DONE else None,
        kinds=[(kind.value, t(f"notification.kind.{kind}", lang), chosen.get(kind, Way.NONE)) for kind in kinds_for(person.role)],
        choices=[(way.value, t(f"notification.way.{way}", lang, hour=hour)) for way in Way],
        email=said.get("email", to.email or ""), webhook=said.get("webhook", to.webhook or ""), saved=to,
        tongue=to.language, tongues=[(code, t("language.self", code)) for code in LANGUAGES],
        mails=outbox().mails, key=outbox().webhook_key(person.id) if to.webhook else "",
    )  # fmt: skip


def _addresses(person: Person) -> Addresses:
    with transaction(store.engine()) as connection:
        return addresses(connection, person.id)


def _change(person: Person, fields: Mapping[str, str]) -> str:
    """What one of the page's buttons asks for; the name of what was done."""
    match fields.get("action"):
        case "read":
            with _acting(person) as connection:
                mark_read(connection, person.id)
            return "read"
        case "ways":
            said = {kind: fields.get("all") or fields.get(kind.value, "") for kind in kinds_for(person.role)}
            known = {way.value for way in Way}
            with _acting(person) as connection:
                set_ways(connection, person, {kind: Way(way) for kind, way in said.items() if way in known})
            return "ways"
        case "addresses":
            with transaction(store.engine()) as connection:
                set_addresses(
                    connection, person, fields.get("email", ""), fields.get("webhook", ""), fields.get("tongue", ""),
                    private=store.settings().private_webhooks,
                )  # fmt: skip
            return "addresses"
        case "try_email":
            to = _addresses(person)
            if not to.email:
                raise WatchError("notify.no_address")
            _charge(person)
            outbox().try_mail(to.email, to.language, secrets.token_hex(16))
            return "email"
        case "try_webhook":
            to = _addresses(person)
            if not to.webhook:
                raise WatchError("notify.no_address")
            _charge(person)
            outbox().try_webhook(person.id, to, secrets.token_hex(16))
            return "webhook"
    raise WatchError("sign_in.form")


def _charge(person: Person) -> None:
    if person.is_demo:
        raise WatchError("notify.demo")
    try:
        tries.charge(str(person.id))
    except WatchError as error:
        raise WatchError("notify.too_many", minutes=TRIES_MINUTES) from error


async def _page(request: Request) -> Response:
    """``GET`` and ``POST /notifications``"""
    fields: Mapping[str, str] = {}
    problem: WatchError | None = None
    if request.method == "POST":
        try:
            fields = await read_form(request)
            check_form(request, fields)
        except WatchError as error:
            problem = error
    lang = language_of(request, fields.get("lang"))

    def work(person: Person) -> Response:
        if request.method != "POST":
            return _show(request, person, lang)
        try:
            if problem is not None:
                raise problem
            done = _change(person, fields)
        except DatabaseUnavailable:
            raise
        except WatchError as error:
            return _show(request, person, lang, error=error, status=400, fields=fields)
        return RedirectResponse(f"/notifications?{urlencode({'done': done, 'lang': lang})}", 303, NO_STORE)

    return await _answer(request, lang, work)


routes: list[BaseRoute] = [
    Route("/notifications", _page, methods=["GET", "POST"]),
    Route("/notifications/list", _panel),
    Route("/notifications/read", _read, methods=["POST"]),
    Route("/notifications/{number:int}", _open),
    WebSocketRoute("/notifications/live", bell_endpoint),
]
"""Behind the gate: nobody without a session gets here."""
