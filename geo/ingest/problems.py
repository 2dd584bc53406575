"""Why one row of a file cannot be taken: a code and its values, like every other error of `geo`."""

from __future__ import annotations

from geo.errors import WatchError
from geo.ingest.text import clean

__all__ = ["MAX_QUOTED", "CellRefused", "quoted"]

MAX_QUOTED = 60
"""Characters of a cell that a sentence repeats."""


class CellRefused(WatchError):
    """A value of a row cannot be taken; ``code`` begins with ``row.``."""


def quoted(value: object) -> str:
    """A cell as a sentence repeats it: on one line, short, without what would move a terminal's cursor."""
    text = clean(str(value))
    return text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + "…"
