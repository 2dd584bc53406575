"""``/report``: anybody tells the district centre what they saw, without an account, with or without JavaScript."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard import store
from dashboard.i18n.form import sentence, words
from dashboard.receipt import Receipts, grouped
from dashboard.web import report_page
from dashboard.web.address import place_of
from dashboard.web.live import hub
from dashboard.web.report_body import MOST, BodyRefused, read_body, read_photos
from dashboard.web.report_fields import FIELDS, read_client_id, read_report
from dashboard.web.report_guard import (
    DAY,
    WAIT,
    YOUNGEST,
    Form,
    FormRefused,
    Load,
    Places,
    Proofs,
    check_age,
    new_form,
    read_form,
    waiting_form,
)
from geo.actions import intake
from geo.credentials.keys import derived_key
from geo.errors import DatabaseUnavailable
from geo.queries.report_places import places_in

__all__ = ["form_page", "places", "receipts", "send", "token"]

log = logging.getLogger("watch.report")

HOUR = 3600.0
_NO_ERRORS = dict.fromkeys((*FIELDS, "place", "photos", "form"), "")
_senders = Places(HOUR)
_load = Load()
_told = Places(DAY)


@functools.cache
def receipts() -> Receipts:
    """Codes of this installation."""
    return Receipts.of(store.signing_key())


@functools.cache
def _proofs() -> Proofs:
    return Proofs(derived_key(store.signing_key(), "report-proof"))


@dataclass
class _Refused(Exception):
    """The report was not taken: why, and how that is answered."""

    status: int
    code: str
    token: str
    errors: Mapping[str, str]
    headers: Mapping[str, str]
    challenge: str | None = None


async def form_page(request: Request) -> Response:
    """``GET /report``: the empty form. ``?district=`` chooses a district beforehand."""
    values = dict.fromkeys(FIELDS, "") | {"district": request.query_params.get("district", "")[:8]}
    return await _page(request, report_page.language(request), values, new_form(store.signing_key()), {})


async def token(request: Request) -> Response:
    """``GET /report/token``: for a report that waited on a telephone longer than its form may be old."""
    wanted = _needs_proof(_senders.count(place_of(request)))
    return JSONResponse(
        {
            "token": new_form(store.signing_key()),
            "wait": YOUNGEST,
            "challenge": _proofs().challenge() if wanted else None,
        },
        headers={"Cache-Control": "no-store"},
    )


async def places(request: Request) -> Response:
    """``GET /report/places?in=5703``: sub-districts of a district, villages of a sub-district, and the map's version."""
    try:
        found = await run_in_threadpool(_places_in, request.query_params.get("in", "")[:8])
        version = await run_in_threadpool(store.area_version, hub.version)
    except DatabaseUnavailable:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return JSONResponse({"places": found, "map": version}, headers={"Cache-Control": "public, max-age=3600"})


def _places_in(code: str) -> tuple[tuple[str, str, str], ...]:
    if not (code.isascii() and code.isdigit()):
        return ()
    with store.intake() as connection:
        return places_in(connection, code)


async def send(request: Request) -> Response:
    """``POST /report``: take a report in and answer its receipt code, as a page or as JSON."""
    lang = report_page.language(request)
    json = "application/json" in request.headers.get("accept", "")
    values = dict.fromkeys(FIELDS, "")
    fresh = functools.partial(new_form, store.signing_key())
    try:
        form = await read_body(request)
    except BodyRefused as error:
        said = sentence(error.code, lang, mb=MOST // 2**20)
        status = 413 if error.code == "body" else 400
        return await _refusal(request, lang, json, values, _Refused(status, error.code, fresh(), {"form": said}, {}))
    try:
        values |= {name: v for name in FIELDS if isinstance(v := form.get(name, ""), str)}
        if form.get("step") == "subdistricts":
            return await _page(request, lang, values, str(form.get("token", "")), {})
        client_id = _admit(request, lang, form)
        photos = await read_photos(form)
    except _Refused as refused:
        return await _refusal(request, lang, json, values, refused)
    finally:
        await form.close()
    code = receipts().code(client_id)
    filled = await run_in_threadpool(
        read_report, values, lang, store.signing_key(), client_id, receipts().kept(code), photos.kept
    )
    if photos.refused:
        filled.errors["photos"] = sentence(photos.refused[0], lang, **photos.refused[1])
    again = new_form(store.signing_key(), client_id)
    if filled.errors or filled.report is None:
        return await _refusal(request, lang, json, values, _Refused(422, "fields", again, filled.errors, {}))
    try:
        received = await run_in_threadpool(_submit, filled.report)
    except intake.ReportRefused as error:
        wrong = {error.field: sentence(error.code, lang, **error.params)}
        return await _refusal(request, lang, json, values, _Refused(422, "fields", again, wrong, {}))
    except DatabaseUnavailable as error:
        log.warning("report not saved: %s", error)
        wrong = {"form": sentence("cannot_save", lang)}
        unsaved = _Refused(503, "unavailable", again, wrong, {"Retry-After": "30"})
        return await _refusal(request, lang, json, values, unsaved)
    same = received.is_new and _told_before(filled.report)
    if json:
        return JSONResponse(
            {"code": grouped(code), "new": received.is_new, "same": same},
            status_code=201,
            headers={"Cache-Control": "no-store"},
        )
    return report_page.render(request, "received.html", lang, code=grouped(code), new=received.is_new, same=same)


def _submit(report: intake.NewReport) -> intake.Received:
    with store.intake() as connection:
        return intake.submit(connection, report, commits=True)


def _told_before(report: intake.NewReport) -> bool:
    """Whether the same words came within a day. Kept as a keyed hash in memory, as what a place sends.

    What others told nearby is no hint for a stranger: it would betray that somebody reports there.
    """
    words = " ".join((report.description or "").split()).casefold()
    return bool(words) and _told.add(f"{report.crime_type} {words}") > 1


def _needs_proof(sent: int, per_second: float = 0.0) -> bool:
    settings = store.settings()
    return sent > settings.reports_per_hour / 4 or per_second > settings.reports_per_second


def _admit(request: Request, lang: str, form: Any) -> UUID:
    """The identifier of a report that may come in now.

    Raises
    ------
    _Refused
        The form is not ours, too young or too old, filled by a machine, or one of too many.
    """
    key = store.signing_key()
    own = read_client_id(str(form.get("client_id", "")))
    try:
        handed_out = read_form(key, str(form.get("token", "")))
        if form.get("website"):  # people do not see this field
            raise FormRefused("report.form")
    except FormRefused as error:
        said = {"form": sentence(error.code, lang)}
        raise _Refused(400, error.code, new_form(key, own), said, {}) from error
    client_id = own or handed_out.client_id
    try:
        check_age(handed_out)
    except FormRefused as error:
        kept = str(form["token"]) if error.code == "report.too_fast" else new_form(key, client_id)
        raise _Refused(400, error.code, kept, {"form": sentence(error.code, lang)}, {}) from error
    sent, per_second = _senders.add(place_of(request)), _load.add()
    if sent > store.settings().reports_per_hour:
        said = {"form": sentence("many", lang, minutes=10)}
        raise _Refused(429, "report.many", str(form["token"]), said, {"Retry-After": "600"})
    if _needs_proof(sent, per_second) and not handed_out.has_waited and not _proofs().holds(str(form.get("proof", ""))):
        waits = waiting_form(key, Form(client_id, handed_out.made, handed_out.waited_until))
        said = {"form": sentence("busy", lang, seconds=round(WAIT))}
        raise _Refused(428, "report.busy", waits, said, {"Retry-After": str(round(WAIT))}, _proofs().challenge())
    return client_id


async def _refusal(request: Request, lang: str, json: bool, values: dict[str, str], refused: _Refused) -> Response:
    if json:
        body = {"refused": refused.code, "errors": refused.errors, "challenge": refused.challenge}
        return JSONResponse(body, status_code=refused.status, headers={"Cache-Control": "no-store", **refused.headers})
    status = 503 if refused.status == 428 else refused.status  # 428 asks for what only our script can do
    return await _page(request, lang, values, refused.token, refused.errors, status=status, headers=refused.headers)


async def _page(
    request: Request,
    lang: str,
    values: Mapping[str, str],
    form_token: str,
    errors: Mapping[str, str],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    def draw() -> Response:
        main, more = report_page.kinds(lang)
        subdistricts: tuple[tuple[str, str, str], ...] = ()
        if values["district"]:
            try:
                subdistricts = _places_in(values["district"][:8])
            except DatabaseUnavailable:
                log.warning("no sub-districts to choose from: the database does not answer")
        return report_page.render(
            request, "report.html", lang, status=status, headers=headers, values=values,
            errors=_NO_ERRORS | dict(errors), token=form_token,
            kinds=main, more_kinds=more, districts=report_page.districts(lang), subdistricts=subdistricts,
            script_words=_script_words(lang),
        )  # fmt: skip

    return await run_in_threadpool(draw)


def _script_words(lang: str) -> dict[str, Any]:
    """What the script says: the rest of the words stands on the page."""
    said = words(lang)
    where = ("locating", "located", "not_located", "map_hint", "map_failed", "point", "choose")
    errors = ("nothing_said", "no_place", "photos", "photo_heic", "photo_not_one", "no_date")
    return {
        "lang": lang,
        "phone": said["phone"],
        "where": {name: said["where"][name] for name in where},
        "photos": {name: said["photos"][name] for name in ("chosen", "preparing", "remove")},
        "errors": {name: said["errors"][name] for name in errors},
        "sending": said["send"]["sending"],
        "copied": said["done"]["copied"],
        "again": said["page"]["again"],
    }
