"""``/report/status``: with the receipt code, what became of a report, what the centre asks, and "this is not right"."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard import store
from dashboard.i18n import LANGUAGES
from dashboard.i18n.dates import day, local
from dashboard.i18n.form import sentence
from dashboard.receipt import grouped, typed_code
from dashboard.web import report_page
from dashboard.web.address import place_of
from dashboard.web.report_body import BodyRefused, read_body
from dashboard.web.report_form import receipts
from dashboard.web.report_guard import Places
from geo.actions import intake
from geo.errors import DatabaseUnavailable

__all__ = ["ask", "status_page"]

WINDOW = 900.0
MOST_WRONG = 8
"""Codes that are none, from one place within the window. A typing error shows by the check digit and does not count."""
SLOWEST = 3.0
TAKES = 0.5
"""Seconds that every answer takes: how long it takes tells nothing."""
_wrong = Places(WINDOW)


async def status_page(request: Request) -> Response:
    """``GET /report/status``: the place to type a code."""
    return _page(request, report_page.language(request))


async def ask(request: Request) -> Response:
    """``POST /report/status``: look a code up; with ``do`` answer a question or say that the outcome is not right."""
    began = time.monotonic()
    response = await _answer(request)
    await anyio.sleep(max(0.0, TAKES - (time.monotonic() - began)))
    return response


async def _answer(request: Request) -> Response:
    lang, place = report_page.language(request), place_of(request)
    try:
        form = await read_body(request, files=0)
    except BodyRefused:
        return _page(request, lang, error=sentence("form", lang), status=400)
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    wrong = _wrong.count(place)
    if wrong >= MOST_WRONG:
        said = sentence("many_codes", lang, minutes=round(WINDOW / 60))
        return _page(request, lang, error=said, status=429, headers={"Retry-After": str(round(WINDOW))})
    code = typed_code(typed.get("code", ""))
    if code is None:
        return _page(request, lang, typed=typed.get("code", "")[:40], error=sentence("typing", lang), status=422)
    await anyio.sleep(min(SLOWEST, 0.1 * 2**wrong - 0.1))  # before the look, so that right and wrong wait alike
    try:
        found = await run_in_threadpool(_act, receipts().kept(code), typed)
    except DatabaseUnavailable:
        said = sentence("unavailable", lang)
        return _page(request, lang, typed=grouped(code), error=said, status=503, headers={"Retry-After": "30"})
    if found is None:
        _wrong.add(place)
        return _page(request, lang, typed=grouped(code), error=sentence("unknown_code", lang), status=404)
    report, said_code, params = found
    problem = sentence(said_code, lang, **params) if said_code and said_code != "answered" else ""
    return report_page.render(
        request, "status.html", lang, code=grouped(code), report=report, typed="", error="", problem=problem,
        answered=said_code == "answered", day=_day(report["received_at"], lang), kept=typed,
        status=422 if problem else 200,
    )  # fmt: skip


def _act(receipt_hash: bytes, typed: Mapping[str, str]) -> tuple[dict[str, Any], str, Mapping[str, object]] | None:
    """The report's state after what was asked was done; what is to be said of that."""
    said: str = ""
    params: Mapping[str, object] = {}
    with store.intake() as connection:
        found = intake.state(connection, receipt_hash)
        if found is None:
            return None
        try:
            if typed.get("do") == "answer":
                question = typed.get("question", "")
                number = int(question) if question.isascii() and question.isdigit() and len(question) < 12 else 0
                said = (
                    "answered"
                    if intake.answer(connection, receipt_hash, number, typed.get("answer", ""))
                    else "not_asked"
                )
            elif typed.get("do") == "dispute" and not intake.dispute(connection, receipt_hash, typed.get("note")):
                said = "not_closed"
        except intake.ReportRefused as error:
            said, params = error.code, error.params
        after = intake.state(connection, receipt_hash) if typed.get("do") else found
    return (after or found), said, params


def _day(moment: str, lang: str) -> str:
    at = local(datetime.fromisoformat(moment))
    return day(at.date(), lang) if lang in LANGUAGES else f"{at:%d/%m/%Y}"


def _page(
    request: Request,
    lang: str,
    *,
    typed: str = "",
    error: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return report_page.render(
        request, "status.html", lang, status=status, headers=headers, typed=typed, error=error, report=None, code="",
        problem="", answered=False, day="", kept={},
    )  # fmt: skip
