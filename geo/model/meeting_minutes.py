"""Agenda of a meeting, what was said of each item, and how many came from which agency. Not a figure of its snapshot."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LONGEST_ITEM", "LONGEST_NOTE", "LONGEST_OFFICE", "MOST_ITEMS", "MOST_OFFICES", "MOST_PRESENT", "AgendaItem", "Attendance"]  # fmt: skip

LONGEST_ITEM, LONGEST_NOTE, LONGEST_OFFICE = 300, 4000, 200
"""Characters."""
MOST_ITEMS, MOST_OFFICES, MOST_PRESENT = 50, 100, 1000


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An item and what was said of it: text of people."""

    words: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many came from an agency, by its code, or from an office in words; one of the two."""

    agency: str | None
    office: str | None
    present: int
