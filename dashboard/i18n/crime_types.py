"""Names of crime types in four languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from dashboard.i18n.four_languages import REVIEWED_LANGUAGES, entries
from dashboard.i18n.marked import marked
from geo.ingest.facts import rows
from geo.model import CrimeType

__all__ = ["is_as_shipped", "own_name", "type_name"]


@cache
def _shipped(lang: str) -> Mapping[str, str]:
    """The names that types come with, by code."""
    return {row["code"]: row[f"name_{lang}"] for row in rows("crime_types")}


@cache
def _translated(lang: str) -> Mapping[str, str]:
    """Of the file that translators edit, by code."""
    named = (one for one in entries() if one.key.startswith("crime_type."))
    return {one.key.removeprefix("crime_type."): one.words[lang] for one in named}


def is_as_shipped(kind: CrimeType, lang: str) -> bool:
    """Whether nobody gave it another name in this language than it came with."""
    return (getattr(kind, f"name_{lang}") or "") in ("", _shipped(lang).get(kind.code, ""))


def own_name(kind: CrimeType, lang: str) -> str:
    """Its name in this language and no other, else empty. What an administrator called it goes before what translators did."""
    if lang in REVIEWED_LANGUAGES and is_as_shipped(kind, lang):
        return _translated(lang).get(kind.code, "")
    return str(getattr(kind, f"name_{lang}") or "")


def type_name(kind: CrimeType, lang: str) -> str:
    """Its name; where the language has none, marked in English or Thai, so that it is seen to be missing."""
    return own_name(kind, lang) or marked(own_name(kind, "en") or own_name(kind, "th") or kind.code)
