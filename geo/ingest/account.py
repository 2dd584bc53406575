"""The account that is given of every row: refused and why, or taken and what was remarkable about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from geo.errors import WatchError
from geo.ingest.table import Row

__all__ = ["Refusal", "Remark", "by_code"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken. ``code`` is that of the sentence ``errors.<code>``."""

    row: Row
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A row that was taken, what an officer should look at, and ``because`` of what a value was left out."""

    row: Row
    code: str
    params: dict[str, object] = field(default_factory=dict)
    because: WatchError | None = None


def by_code(told: Iterable[Refusal | Remark]) -> dict[str, int]:
    """How many rows for each code, most first."""
    return dict(Counter(one.code for one in told).most_common())
