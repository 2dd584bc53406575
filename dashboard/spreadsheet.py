"""Cells that are safe to open in a spreadsheet, whoever wrote them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from geo.ingest.text import clean

__all__ = ["csv_bytes", "safe_cell"]

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Text without control characters, with an apostrophe where a spreadsheet would compute it."""
    cleaned = clean(text, lines=True)
    return f"'{cleaned}" if cleaned.startswith(_STARTS_A_FORMULA) else cleaned


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a CSV that Excel opens in the right encoding (UTF-8 with a byte order mark), all cells safe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")
