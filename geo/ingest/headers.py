"""Which column holds which field, from headings in any language and from what the user said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from geo.errors import FileRefused
from geo.ingest.text import Cell, cell_text, clean, match_key

__all__ = ["Vocabulary", "parse_columns", "seen"]

MAX_SEEN = 12
"""Headings that a sentence repeats."""


class Vocabulary:
    """The headings that name each field.

    Parameters
    ----------
    words
        Field to headings, the surest first; compared without case, spaces and punctuation.
    given
        Heading to field as the user said; outranks ``words``. An empty field means: do not use this column.
    """

    def __init__(self, words: Mapping[str, Sequence[str]], given: Mapping[str, str] | None = None) -> None:
        self.fields = tuple(words)
        self._words = words
        self.given = dict(given or {})
        for field in self.given.values():
            if field and field not in words:
                raise FileRefused("file.unknown_field", field=clean(field), fields=", ".join(self.fields))
        self._given = {match_key(heading): field for heading, field in self.given.items()}
        self._rank = {
            match_key(word): (field, rank)
            for field, spellings in words.items()
            for rank, word in enumerate([*spellings, field])
        }

    @property
    def labels(self) -> dict[str, str]:
        """Field to what a sentence calls it: its surest heading, and the name that ``--columns`` takes."""
        return {field: f"{words[0]} ({field})" if words else field for field, words in self._words.items()}

    def assign(self, headings: Sequence[Cell]) -> dict[str, int]:
        """Field to column index. Of several columns for a field the surest heading wins, then the first."""
        found: dict[str, tuple[int, int]] = {}
        for index, heading in enumerate(headings):
            field, rank = self._meaning(cell_text(heading))
            if field and (field not in found or rank < found[field][0]):
                found[field] = (rank, index)
        return {field: index for field, (_, index) in found.items()}

    def require_given(self, headings: Sequence[Cell]) -> None:
        """Refuse where a column that the user named is not there (``file.column_not_found``)."""
        there = {match_key(cell_text(heading)) for heading in headings}
        for heading in self.given:
            if match_key(heading) not in there:
                raise FileRefused("file.column_not_found", column=clean(heading), seen=seen(headings))

    def _meaning(self, heading: str) -> tuple[str, int]:
        key = match_key(heading)
        if key in self._given:
            return self._given[key], -1
        if key in self._rank:
            return self._rank[key]
        # "วันที่เกิดเหตุ (พ.ศ.)", "Latitude [WGS84]": what stands in brackets explains, it does not name.
        bare = match_key(re.sub(r"[(\[].*?[)\]]", " ", heading))
        return self._rank.get(bare, ("", 0))


def parse_columns(pairs: Iterable[str]) -> dict[str, str]:
    """``HEADING=field`` pairs as a mapping; the last ``=`` divides.

    Raises
    ------
    FileRefused
        ``file.columns_unreadable``.
    """
    given = {}
    for pair in pairs:
        heading, divider, field = pair.rpartition("=")
        if not divider or not match_key(heading):
            raise FileRefused("file.columns_unreadable", value=clean(pair))
        given[heading] = field.strip()
    return given


def seen(headings: Iterable[Cell]) -> str:
    """The headings as a sentence lists them: quoted, shortened, not too many."""
    names = [clean(cell_text(heading)) for heading in headings]
    names = [name if len(name) <= 30 else name[:29] + "…" for name in names if name]
    return ", ".join(names[:MAX_SEEN]) + (" …" if len(names) > MAX_SEEN else "")
