"""The pages of the public report form: words, places and kinds put into templates that escape everything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboard import store
from dashboard.i18n.crime_types import is_as_shipped, type_name
from dashboard.i18n.form import LANGUAGES, accepted, words
from dashboard.maps.assets import asset_url
from dashboard.web.live import hub
from geo.actions.intake import MAX_DESCRIPTION, MAX_PHOTOS, MAX_VILLAGE
from geo.errors import DatabaseUnavailable

__all__ = ["districts", "fill", "kinds", "language", "render", "scripts"]

_MAIN = 8
"""So many kinds are open to see; the rest unfolds."""
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language(request: Request) -> str:
    """``?lang=`` where it names one of ours, else the browser's wish."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return accepted(request.headers.get("accept-language", ""), store.settings().language)


def kinds(lang: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Kinds of crime in everyday words: those seen at once, and the rest.

    Kinds that an administrator added or renamed have the names that they were given.
    """
    said: Mapping[str, str] = words(lang)["what"]["types"]
    try:
        found = store.crime_types(hub.version)
    except DatabaseUnavailable:
        every = list(said.items())
    else:
        every = [
            (code, said[code] if code in said and is_as_shipped(kind, lang) else type_name(kind, lang))
            for code, kind in found.items()
            if kind.is_public and kind.active
        ]
    main = every[:_MAIN] + [pair for pair in every[_MAIN:] if pair[0] == "suspicious_activity"]
    return main, [pair for pair in every if pair not in main]


def districts(lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Border districts by province, for a list; empty while the database does not answer."""
    try:
        found = store.border_districts(hub.version)
    except DatabaseUnavailable:
        return []
    provinces: dict[str, list[tuple[str, str]]] = {}
    for code, district in found.items():
        thai, english = district.name_th or "", district.name_en or ""
        names = (thai, "") if lang == "th" else (english, thai)
        province = (district.province_th if lang == "th" else district.province_en) or ""
        provinces.setdefault(province, []).append((code, " · ".join(filter(None, names)) or code))
    return sorted(provinces.items())


def scripts() -> dict[str, str]:
    """Addresses of the form's own files."""
    names = ("report.css", "report.js", "report-queue.js", "report-proof.js", "report-map.js", "icon.svg")
    return {name: asset_url(f"watch/{name}") for name in names}


def fill(path: str, template: str, lang: str, *, keep: str = "", **given: Any) -> str:
    """A page's text.

    Parameters
    ----------
    path
        Its address, which other languages are asked for under.
    keep
        What of the question stays in those addresses: ``quarter=2026-Q3&``.
    """
    return _pages.get_template(template).render(
        t=words(lang),
        lang=lang,
        languages=[(code, words(code)["page"]["language"]) for code in LANGUAGES],
        path=path,
        keep=keep,
        files=scripts(),
        **given,
    )


def render(
    request: Request,
    template: str,
    lang: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **given: Any,
) -> HTMLResponse:
    """A page. Nothing keeps it but the form's own worker on the reader's telephone."""
    limits = {"description": MAX_DESCRIPTION, "village": MAX_VILLAGE, "photos": MAX_PHOTOS}
    html = fill(request.url.path, template, lang, limits=limits, **given)
    kept = {"Cache-Control": "no-store", "Content-Language": lang, "Vary": "Accept-Language"}
    return HTMLResponse(html, status_code=status, headers=kept | dict(headers or {}))
