"""Clean text of cells without harming Thai, Lao or Khmer; make keys by which words are compared."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import TypeAlias

__all__ = ["Cell", "ascii_digits", "cell_text", "clean", "is_blank", "match_key"]

Cell: TypeAlias = str | int | float | bool | datetime | date | time | None
"""A cell as its file holds it: text, or what a spreadsheet stores as a number or a date."""

MAX_MARKS = 4
"""Marks that may stand on one letter. Thai needs two, Khmer and Lao up to four; more is vandalism."""

BLANK = frozenset({"", "-", "--", "–", "—", ".", "n/a", "na", "null", "none", "ไม่มี", "ไม่ทราบ", "ไม่ระบุ"})
"""What offices write into a cell that has nothing to say."""

_DIGITS = {
    ord(digit): str(value)
    for zero in "๐໐០０"  # Thai, Lao, Khmer, full width
    for value, digit in enumerate(chr(ord(zero) + n) for n in range(10))
}
_NONCHARACTERS = frozenset(
    [*range(0xFDD0, 0xFDF0), *(plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF))]
)
_CONTROLS = dict.fromkeys([*range(32), *range(0x7F, 0xA0)], " ")
_JOINERS = frozenset("\u200c\u200d")
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32")
_PLAIN = re.compile(r"(?!.*[ัิ-ฺ็-๎]{5})[ -~ก-ฺเ-๎]*")  # nothing unseen in it, and no heap of marks


def ascii_digits(text: str) -> str:
    """Thai, Lao, Khmer and full-width digits written as 0-9."""
    return text if text.isascii() else text.translate(_DIGITS)


def clean(text: str, *, lines: bool = False) -> str:
    """Text in NFC without control, bidirectional, zero-width and broken characters, spaces made single.

    Parameters
    ----------
    lines
        Keep line breaks (descriptions); else they become spaces.

    Notes
    -----
    Joiners stay between Khmer letters, where they change the shape. Thai vowels typed in two pieces
    (ํ + า, เ + เ) are put together, so that the same word is the same text.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if not text.isascii():
        if not _PLAIN.fullmatch(text):
            text = _drop_unseen(text)
        text = unicodedata.normalize("NFC", text)
    text = _SARA_AM.sub(lambda m: f"{m[1] or m[2] or ''}\u0e33", text).replace("เเ", "แ")
    if not lines:
        return " ".join(text.translate(_CONTROLS).split())
    kept = (" ".join(line.translate(_CONTROLS).split()) for line in re.split(r"\r\n?|\n", text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _drop_unseen(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for at, char in enumerate(text):
        kind = unicodedata.category(char)
        if kind == "Cs" or ord(char) in _NONCHARACTERS:
            continue
        if kind == "Cf" and not (char in _JOINERS and _between_khmer(text, at)):
            continue
        if kind in ("Zl", "Zp"):
            char = "\n"
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def _between_khmer(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and all("\u1780" <= text[i] <= "\u17ff" for i in (at - 1, at + 1))


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it in the file: dates as ISO, whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """True where a cell says nothing: empty, a dash, "n/a", ไม่ทราบ."""
    if cell is None:
        return True
    return isinstance(cell, str) and (cell.isspace() or (len(cell) < 40 and clean(cell).casefold() in BLANK))


def match_key(text: str) -> str:
    """Letters, marks and digits of ``text`` in lower case: the same for any spacing and punctuation.

    Examples
    --------
    >>> match_key("Incident_Date ") == match_key("incident date")
    True
    >>> match_key("อ. เมืองหนองคาย")
    'อเมืองหนองคาย'
    """
    folded = unicodedata.normalize("NFKC", ascii_digits(clean(text))).casefold()
    folded = folded.replace("\u0e4d\u0e32", "\u0e33")
    folded = re.sub("\u0e4d([\u0e48-\u0e4b])\u0e32", "\\1\u0e33", folded)
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")
