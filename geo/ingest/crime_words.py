"""Which crime types a cell names, in the words of codes, official names or everyday speech."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.ingest.facts import rows
from geo.ingest.text import match_key

__all__ = ["CrimeWords", "NamedTypes"]

LONGEST = 1_000
"""Characters of a cell that can be a list of crime types; a longer one is a story."""

_SEPARATORS = ("\n", ";", "|", ",", "/", "，", "、")
_PREFIX = re.compile(
    r"^(?:\d+)?(?:คดี|ความผิดเกี่ยวกับ|ความผิดฐาน|ความผิด|ปัญหา|เรื่อง)?(?:เกี่ยวกับ)?(?:การกระทำ)?(?:การ)?(?:ลักลอบ)?"
)


@dataclass(frozen=True, slots=True)
class NamedTypes:
    """Codes in the order named, and the parts of the cell that no crime type answers to."""

    codes: tuple[str, ...]
    unknown: tuple[str, ...]


class CrimeWords:
    """Words for the crime types of a store.

    Parameters
    ----------
    types
        Rows of ``crime_type`` with ``code`` and names in any language.
    """

    def __init__(self, types: Iterable[Mapping[str, object]]) -> None:
        types = list(types)
        self.codes = frozenset(str(row["code"]) for row in types)
        self._words: dict[str, str] = {}
        self._found: dict[str, NamedTypes] = {}
        for spoken in rows("crime_type_synonyms"):
            if spoken["code"] in self.codes:
                self._add(spoken["word"], spoken["code"])
        for row in types:
            for column in ("name_th", "name_en", "name_lo", "name_km"):
                self._add_name(str(row.get(column) or ""), str(row["code"]))
            self._add(str(row["code"]), str(row["code"]))

    def _add_name(self, name: str, code: str) -> None:
        # "การหลอกลวงออนไลน์ / แก๊งคอลเซ็นเตอร์" is known whole, by its halves, and without its brackets.
        bare = re.sub(r"\(.*?\)", " ", name)
        # Halves of English names ("use", "activity") say too little.
        parts = () if name.isascii() else (*re.findall(r"\(([^()]*)\)", name), *bare.split("/"))
        for word in (bare, *parts):
            self._words.setdefault(match_key(word), code)
        self._add(name, code)

    def _add(self, word: str, code: str) -> None:
        key = match_key(word)
        if key:
            self._words[key] = code
            self._words.setdefault(_PREFIX.sub("", key, count=1) or key, code)

    def find(self, text: str) -> NamedTypes:
        """The crime types that ``text`` names; several may stand in one cell, the first is the main one."""
        if len(text) > LONGEST:
            return NamedTypes((), (text,))
        if text not in self._found:
            codes: dict[str, None] = {}
            unknown: list[str] = []
            self._find(text, codes, unknown)
            self._found[text] = NamedTypes(tuple(codes), tuple(unknown))
        return self._found[text]

    def _find(self, text: str, codes: dict[str, None], unknown: list[str]) -> None:
        key = match_key(text)
        if not key:
            return
        code = self._words.get(key) or self._words.get(_PREFIX.sub("", key, count=1))
        if code:
            codes[code] = None
            return
        for separator in _SEPARATORS:
            # A separator inside brackets belongs to the name.
            parts = re.split(rf"{re.escape(separator)}(?![^(]*\))", text)
            if len(parts) > 1:
                for part in parts:
                    self._find(part, codes, unknown)
                return
        bare = re.sub(r"\(.*?\)", " ", text)
        if bare != text and match_key(bare):
            self._find(bare, codes, unknown)
            return
        unknown.append(" ".join(text.split()))
