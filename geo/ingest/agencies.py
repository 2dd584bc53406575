"""Which agency a cell means: its code, its name in Thai or English, or its abbreviation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from geo.ingest.problems import CellRefused, quoted
from geo.ingest.text import Cell, cell_text, is_blank, match_key

__all__ = ["AgencyWords"]


class AgencyWords:
    """The words for the agencies of the store.

    Parameters
    ----------
    rows
        Mappings with code, name_th, name_en, abbrev_th. A name may hold several, parted by ``/`` or brackets:
        each is a word of its own. A word that two agencies share means neither.
    """

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        found: dict[str, set[str]] = {}
        for row in rows:
            code = str(row["code"])
            for name in (code, row["name_th"], row["name_en"], row["abbrev_th"]):
                if not isinstance(name, str):
                    continue
                for word in (name, *re.split(r"[/()]", name)):
                    if key := match_key(word):
                        found.setdefault(key, set()).add(code)
        self._codes = {key: codes.pop() for key, codes in found.items() if len(codes) == 1}

    def code(self, cell: Cell) -> str | None:
        """Code of the agency, or nothing where the cell says nothing.

        Raises
        ------
        CellRefused
            ``row.agency_unknown``.
        """
        if is_blank(cell):
            return None
        try:
            return self._codes[match_key(cell_text(cell))]
        except KeyError:
            raise CellRefused("row.agency_unknown", value=quoted(cell_text(cell))) from None
