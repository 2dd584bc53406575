"""``/public``: the statistics for everybody, without an account, a cookie or a script."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.i18n.four_languages import words
from dashboard.kept import Kept
from dashboard.maps.assets import asset_url
from dashboard.published.names import Names
from dashboard.published.page import page_data
from dashboard.published.paper import release_pdf
from dashboard.published.rows import table
from dashboard.web import report_page
from dashboard.web.live import hub
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.quarter import Quarter
from geo.model.release import ShownRelease

__all__ = ["routes"]

SECONDS = 300
"""Browsers and proxies keep an answer so long; what is published does not change, but a language may be reviewed."""


@dataclass(frozen=True, slots=True)
class _Made:
    """An answer as it is sent: made once, for whoever asks."""

    body: bytes
    kind: str
    tag: str
    file_name: str = ""


_made: Kept[_Made] = Kept(size=200, seconds=3600)
"""Four languages of the page, the table and the document, for as many quarters as people look at."""


def _tagged(body: bytes, kind: str, file_name: str = "") -> _Made:
    return _Made(body, kind, f'W/"{hashlib.sha256(body).hexdigest()[:32]}"', file_name)


def _names(lang: str) -> Names:
    return Names(lang, store.border_districts(hub.version), store.crime_types(hub.version))


def _page(release: ShownRelease, releases: tuple[ShownRelease, ...], lang: str) -> _Made:
    ground = store.release_ground(hub.version)
    html = report_page.fill(
        "/public", "public.html", lang, keep=f"quarter={release.quarter}&", style=asset_url("watch/public.css"),
        p=words("public", lang), shown=page_data(release, releases, ground, _names(lang)),
    )  # fmt: skip
    return _tagged(html.encode(), "text/html; charset=utf-8")


def _nothing_yet(lang: str, said: str, status: int) -> Response:
    html = report_page.fill(
        "/public",
        "public.html",
        lang,
        style=asset_url("watch/public.css"),
        p=words("public", lang),
        shown=None,
        said=said,
    )
    return Response(html, status, {"Cache-Control": "no-cache", "Vary": "Accept-Language"}, "text/html; charset=utf-8")


def _sent(request: Request, made: _Made, lang: str) -> Response:
    headers = {
        "Cache-Control": f"public, max-age={SECONDS}", "ETag": made.tag, "Vary": "Accept-Language", "Content-Language": lang,
    }  # fmt: skip
    if made.tag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if made.file_name:
        headers["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    return Response(made.body, 200, headers, made.kind)


def _answer(
    request: Request, asked: str, kind: str, make: Callable[[ShownRelease, tuple[ShownRelease, ...], str], _Made]
) -> Response:
    lang = report_page.language(request)
    said = words("public", lang)
    try:
        releases = store.shown_releases(hub.version)
        if not releases:
            return _nothing_yet(lang, said["empty"], 200 if kind == "page" else 404)
        wanted = Quarter.read(asked) if asked else releases[0].quarter
        release = next((one for one in releases if one.quarter == wanted), None)
        if release is None:
            return RedirectResponse(f"/public?lang={lang}", 303, {"Cache-Control": "no-cache"})
        said_beside = tuple(sorted(release.note.items()))
        key = (kind, lang, release.id, said_beside, tuple(one.id for one in releases))
        return _sent(request, _made.get(key, lambda: make(release, releases, lang)), lang)
    except DatabaseUnavailable:
        return _nothing_yet(lang, said["unavailable"], 503)
    except WatchError:  # an address that somebody wrote by hand
        return RedirectResponse(f"/public?lang={lang}", 303, {"Cache-Control": "no-cache"})


async def page(request: Request) -> Response:
    """``GET /public?quarter=2026-Q3&lang=lo``."""
    return await run_in_threadpool(_answer, request, request.query_params.get("quarter", ""), "page", _page)


async def as_table(request: Request) -> Response:
    """``GET /public/2026-Q3.csv?lang=lo``: every figure of a quarter."""

    def make(release: ShownRelease, _: tuple[ShownRelease, ...], lang: str) -> _Made:
        return _tagged(
            table(release, _names(lang)),
            "text/csv; charset=utf-8",
            f"nts-mekong-watch-{release.quarter}-v{release.version}.csv",
        )

    return await run_in_threadpool(_answer, request, request.path_params["quarter"], "csv", make)


async def as_paper(request: Request) -> Response:
    """``GET /public/2026-Q3.pdf?lang=lo``: the same on paper."""

    def make(release: ShownRelease, releases: tuple[ShownRelease, ...], lang: str) -> _Made:
        made = release_pdf(release, releases, store.release_ground(hub.version), _names(lang))
        return _tagged(made, "application/pdf", f"nts-mekong-watch-{release.quarter}-v{release.version}-{lang}.pdf")

    return await run_in_threadpool(_answer, request, request.path_params["quarter"], "pdf", make)


_SMALLER = [Middleware(GZipMiddleware, minimum_size=1000)]
routes: list[BaseRoute] = [
    Route("/public", page, methods=["GET"], middleware=_SMALLER),
    Route("/public/{quarter}.csv", as_table, methods=["GET"], middleware=_SMALLER),
    Route("/public/{quarter}.pdf", as_paper, methods=["GET"]),
]
