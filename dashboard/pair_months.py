"""The months that a page or sheet of a pair looks at: whole ones alone, so that the last is no smaller for being short."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

__all__ = ["MONTHS", "RADII_KM", "USUAL_KM", "USUAL_MONTHS", "chosen", "months"]

MONTHS: Final = (3, 6, 12, 24)
USUAL_MONTHS: Final = 12
RADII_KM: Final = (2, 5, 10, 20)
USUAL_KM: Final = 5


def months(back: int, today: date) -> tuple[date, date]:
    """First and last day of so many whole months before this one."""
    last = today.replace(day=1) - timedelta(days=1)
    number = last.year * 12 + last.month - back
    return date(number // 12, number % 12 + 1, 1), last


def chosen(said: str, known: tuple[int, ...], usual: int) -> int:
    """One of the numbers that can be chosen, as an address says it; the usual one where it says another."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 and int(said) in known else usual
