"""Our own HTML pages: templates, and the language they are in."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboard import store
from dashboard.i18n import LANGUAGES, t
from dashboard.web.form import form_cookie, keep_form_cookie, make_form_token

__all__ = ["language_of", "page"]

CHOICES = ("th", "en")


@cache
def _templates() -> Environment:
    folder = Path(__file__).with_name("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def language_of(request: Request, said: str | None = None) -> str:
    """Language of a page: the one said, or in the address, else the browser's, else the installation's."""
    for asked in (said, request.query_params.get("lang")):
        if asked in CHOICES and asked in LANGUAGES:
            return str(asked)
    best, quality = store.settings().language, 0.0
    for part in request.headers.get("accept-language", "")[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted = float(weight) if weight else 1.0
        except ValueError:
            continue
        code = tag.strip().lower()[:2]
        if code in CHOICES and wanted > quality:
            best, quality = code, wanted
    return best


def page(request: Request, template: str, lang: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, never kept by browsers, whose forms are bound to this browser."""
    cookie = form_cookie(request)

    def other(code: str) -> str:
        kept = {k: v for k, v in request.query_params.items() if k == "next"}
        return "?" + urlencode(kept | {"lang": code})

    body = _templates().get_template(template).render(
        values | {"t": partial(_say, lang), "lang": lang, "languages": [(c, t("language.self", c), other(c)) for c in CHOICES],
        "form_token": make_form_token(request, cookie)}
    )  # fmt: skip
    response = HTMLResponse(body, status, {"Cache-Control": "no-store"})
    keep_form_cookie(request, response, cookie)
    return response


def _say(lang: str, key: str, **values: object) -> str:
    return t(key, lang, **values)
