"""What is said to people in four languages: ``four_languages.csv``, the one file that translators edit.

Whoever edits it needs a spreadsheet and no programmer: a row is a sentence, ``lo_state`` and ``km_state`` say ``draft`` until a
native speaker has read it and writes ``reviewed``. ``python -m dashboard translations`` says what is left to do and what is wrong.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.i18n.marked import marked

__all__ = ["FILE", "LANGUAGES", "REVIEWED_LANGUAGES", "STATES", "Entry", "drafts", "entries", "faults", "said", "words"]

LANGUAGES = ("th", "en", "lo", "km")
REVIEWED_LANGUAGES = ("lo", "km")
"""Those whose words were drafted by people who do not speak them from home."""
STATES = ("draft", "reviewed")
FILE = Path(__file__).with_suffix(".csv")
_COLUMNS = ("key", "th", "en", "lo", "lo_state", "km", "km_state", "note")
_PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence: its line in the file, and under each language its words (empty where there are none) and their state."""

    line: int
    key: str
    words: Mapping[str, str]
    states: Mapping[str, str]


def entries(file: Path = FILE) -> tuple[Entry, ...]:
    """All sentences, in the order of the file.

    Raises
    ------
    ValueError
        It has other columns.
    """
    return tuple(_read(file))


def _read(file: Path) -> Iterator[Entry]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise ValueError(f"{file.name}: its columns are {', '.join(_COLUMNS)}")
        for row in reader:
            yield Entry(
                reader.line_num,
                (row["key"] or "").strip(),
                {lang: (row[lang] or "").strip() for lang in LANGUAGES},
                {lang: (row[f"{lang}_state"] or "").strip() for lang in REVIEWED_LANGUAGES},
            )


def faults(found: tuple[Entry, ...]) -> Iterator[tuple[int, str, str]]:
    """What is wrong: line, key, and what: ``twice``, ``no_words``, ``placeholders``, ``state``, ``html``."""
    keys: set[str] = set()
    for one in found:
        if one.key in keys:
            yield one.line, one.key, "twice"
        keys.add(one.key)
        if not one.words["th"] or not one.words["en"]:
            yield one.line, one.key, "no_words"
        wanted = sorted(_PLACE.findall(one.words["th"]))
        for lang in LANGUAGES:
            if one.words[lang] and sorted(_PLACE.findall(one.words[lang])) != wanted:
                yield one.line, one.key, "placeholders"
            if "<" in one.words[lang]:
                yield one.line, one.key, "html"
        for lang, state in one.states.items():
            if (state not in STATES) if one.words[lang] else (state not in ("", "draft")):
                yield one.line, one.key, "state"


@cache
def _table() -> Mapping[str, Entry]:
    return {one.key: one for one in entries()}


@cache
def words(subject: str, lang: str) -> Mapping[str, Any]:
    """Everything under ``subject`` in a language, as nested tables; what it lacks stands there in English, marked."""
    tree: dict[str, Any] = {}
    for key in _table():
        head, _, rest = key.partition(".")
        if head != subject:
            continue
        *path, last = rest.split(".")
        at = tree
        for part in path:
            at = at.setdefault(part, {})
        at[last] = said(key, lang)
    return tree


def said(key: str, lang: str, **params: object) -> str:
    """One sentence.

    Raises
    ------
    KeyError
        There is none, or a value that it mentions is not given.
    """
    found = _table()[key].words
    sentence = found[lang] or marked(found["en"])
    return sentence.format_map(params) if params else sentence


def drafts(subject: str, lang: str) -> int:
    """How many sentences of a subject no native speaker has read yet, or are missing."""
    if lang not in REVIEWED_LANGUAGES:
        return 0
    own = [one for key, one in _table().items() if key.startswith(f"{subject}.")]
    return sum(one.states[lang] != "reviewed" for one in own)
