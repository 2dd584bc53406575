"""Addresses of the public report form. None of them needs a sign-in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.i18n.form import LANGUAGES
from dashboard.maps.assets import OWN_FILES
from dashboard.web import report_form, report_page, report_status

__all__ = ["routes"]


def worker(_request: Request) -> Response:
    """``/report/worker.js``: opens the form without a line, and sends what waits when there is one again."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/report"}
    return Response(_worker(OWN_FILES), media_type="text/javascript", headers=headers)


@lru_cache
def _worker(folder: Path) -> str:
    files = report_page.scripts()
    kept = [files[name] for name in ("report.css", "report.js", "report-queue.js", "report-proof.js", "icon.svg")]
    names = ",".join(f'"{name}"' for name in kept)
    languages = ",".join(f'"{lang}"' for lang in LANGUAGES)
    head = f"const FILES=[{names}],LANGUAGES=[{languages}];\n"
    return head + (folder / "report-worker.js").read_text(encoding="utf-8")


def with_slash(_request: Request) -> Response:
    """``/report/``: the same page."""
    return RedirectResponse("/report", 308)


_SMALLER = [Middleware(GZipMiddleware, minimum_size=1000)]
"""A poor line carries a quarter of the letters. Nothing on these pages is both secret and chosen by a stranger."""

routes = [
    Route("/report", report_form.form_page, methods=["GET"], middleware=_SMALLER),
    Route("/report", report_form.send, methods=["POST"], middleware=_SMALLER),
    Route("/report/", with_slash, methods=["GET"]),
    Route("/report/token", report_form.token, methods=["GET"]),
    Route("/report/places", report_form.places, methods=["GET"], middleware=_SMALLER),
    Route("/report/status", report_status.status_page, methods=["GET"]),
    Route("/report/status", report_status.ask, methods=["POST"]),
    Route("/report/worker.js", worker, methods=["GET"], middleware=_SMALLER),
]
