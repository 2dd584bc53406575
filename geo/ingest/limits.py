"""How much a file may hold. What is larger is refused at once, and the sentence says to cut it up."""

from __future__ import annotations

__all__ = [
    "HEADER_ROWS",
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_LINE",
    "MAX_RATIO",
    "MAX_ROWS",
    "MAX_UNPACKED",
    "MAX_ZIP_MEMBERS",
    "RATIO_FROM",
]

MAX_BYTES = 64 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_LINE = 2**20
"""Characters of one line of a CSV."""
MAX_CELL = 32_767
"""Characters of one cell: what Excel allows."""
HEADER_ROWS = 30
"""The row of headings is looked for in this many rows; titles stand above it."""
MAX_UNPACKED = 160 * 2**20
MAX_RATIO = 60
"""A workbook of real rows packs to a tenth or a twentieth; a bomb to a thousandth."""
RATIO_FROM = 8 * 2**20
"""Small workbooks may pack as well as they like."""
MAX_ZIP_MEMBERS = 2_000
