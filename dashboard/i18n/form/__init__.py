"""Words of the public report form, in the four languages spoken along the border. The pages behind it have fewer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["LANGUAGES", "accepted", "sentence", "words"]

LANGUAGES = ("th", "en", "lo", "km")
_FOLDER = Path(__file__).parent


@cache
def words(lang: str) -> Mapping[str, Any]:
    """All words of a language, by table and key."""
    with (_FOLDER / f"{lang}.toml").open("rb") as file:
        return tomllib.load(file)


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
