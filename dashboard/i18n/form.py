"""Words of the public report form, in the four languages spoken along the border. The pages behind it have fewer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.i18n import four_languages
from dashboard.i18n.four_languages import LANGUAGES

__all__ = ["LANGUAGES", "accepted", "sentence", "words"]


def words(lang: str) -> Mapping[str, Any]:
    """All words of a language, by table and key."""
    return four_languages.words("form", lang)


def sentence(code: str, lang: str, **params: object) -> str:
    """The sentence of an error: ``report.no_place`` and ``no_place`` are one, ``photo.heic`` is ``photo_heic``."""
    key = code.removeprefix("report.").replace(".", "_")
    return str(words(lang)["errors"][key]).format_map(params)


def accepted(header: str, first: str = "th") -> str:
    """The language that a browser asks for by ``Accept-Language``, of those there are; else ``first``."""
    best, weight = first, 0.0
    for part in header[:1000].split(","):
        name, _, rest = part.strip().partition(";")
        lang = name.split("-")[0].lower()
        if lang not in LANGUAGES:
            continue
        try:
            wish = float(rest.strip().removeprefix("q=")) if rest.strip() else 1.0
        except ValueError:
            continue
        if weight < wish <= 1:
            best, weight = lang, wish
    return best
