"""Quarters of the calendar year, written ``2026-Q3``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from geo.errors import WatchError

__all__ = ["DELAY_DAYS", "Quarter"]

DELAY_DAYS = 30
"""A quarter is told to the public so many days after its last."""
_WRITTEN = re.compile(r"(20[0-9]{2})-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter: year of the common era, and 1 to 4."""

    year: int
    number: int

    @classmethod
    def read(cls, written: str) -> Quarter:
        """The quarter that is written ``2026-Q3``.

        Raises
        ------
        WatchError
            ``release.quarter``: it is none.
        """
        found = _WRITTEN.fullmatch(written.strip().upper())
        if found is None:
            raise WatchError("release.quarter", said=written[:20])
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next(self) -> Quarter:
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """The one before it."""
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def opens(self) -> date:
        """The day from which it may be told. The database's function quarter_opens says the same."""
        return self.last + timedelta(days=DELAY_DAYS)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
