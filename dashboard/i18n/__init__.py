"""Words in the reader's language, Thai first: one TOML file a language, and a folder of further ones by subject.

A language is added by putting its file beside the others (``lo.toml``, ``km.toml``); what it does not say yet
is shown in English or Thai between ⟦ and ⟧, so that a missing word is seen and nothing breaks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dashboard.i18n.marked import marked

__all__ = ["LANGUAGES", "has", "name", "t", "words"]

_FOLDER = Path(__file__).parent
_FIRST = ("th", "en")

LANGUAGES: tuple[str, ...] = tuple(
    sorted(
        (file.stem for file in _FOLDER.glob("*.toml")),
        key=lambda lang: (_FIRST.index(lang) if lang in _FIRST else len(_FIRST), lang),
    )
)
"""Codes of the languages that can be chosen, Thai first."""


@cache
def words(lang: str) -> Mapping[str, str]:
    """All sentences of a language under their dotted keys.

    Raises
    ------
    ValueError
        A key stands in two files.
    """
    said: dict[str, str] = {}
    for path in (_FOLDER / f"{lang}.toml", *sorted((_FOLDER / lang).glob("*.toml"))):
        with path.open("rb") as file:
            more = dict(_flat(tomllib.load(file), ""))
        if twice := said.keys() & more.keys():
            raise ValueError(f"{path.name} says again: {sorted(twice)[:3]}")
        said |= more
    return said


def _flat(table: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            pairs.append((prefix + key, value))
        else:
            raise TypeError(f"{prefix}{key} is not text")
    return pairs


def _order(lang: str) -> list[str]:
    """The languages to ask in turn: English helps a reader of Lao or Khmer more than Thai does."""
    return [lang, *(other for other in ("en", "th") if other != lang)]


def has(key: str) -> bool:
    """Whether any language has a sentence for this key."""
    return any(key in words(lang) for lang in _FIRST)


def t(key: str, lang: str, /, **params: object) -> str:
    """Say a sentence.

    Parameters
    ----------
    key
        Dotted key, for example ``errors.file.empty``.
    lang
        One of `LANGUAGES`.
    params
        Values for the placeholders; ``{n:,}`` in the file sets thousands separators. More than the sentence
        mentions is allowed, fewer is not.

    Raises
    ------
    KeyError
        No language has the key, or a value that the sentence mentions is not given.
    """
    for asked in _order(lang):
        if asked in LANGUAGES and (sentence := words(asked).get(key)) is not None:
            said = sentence.format_map(params)
            return said if asked == lang else marked(said)
    raise KeyError(key)


def name(row: object, lang: str, what: str = "name") -> str:
    """The name of a place, a crime type, an agency … in a language, else in English or Thai, else empty.

    Parameters
    ----------
    row
        A mapping, a pandas row or an object with some of ``name_th``, ``name_en``, ``name_lo``, ``name_km``.
    lang
        One of `LANGUAGES`.
    what
        How those fields begin: ``province`` for ``province_th`` and so on.
    """
    get = getattr(row, "get", None)
    for asked in _order(lang):
        value = get(f"{what}_{asked}") if get else getattr(row, f"{what}_{asked}", None)
        if isinstance(value, str) and value.strip():  # a frame has NaN where a name is missing
            return value
    return ""
