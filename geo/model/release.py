"""A release: what is told to the public of one quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from geo.model.person import Role
from geo.model.quarter import Quarter

__all__ = ["LONGEST_NOTE", "MAKES", "NOTE_LANGUAGES", "Figures", "Release", "ReleaseState", "ShownRelease"]

MAKES = frozenset({Role.NATIONAL})
"""Who makes, approves and publishes; the database's function release_maker says the same."""
LONGEST_NOTE = 2_000
"""Characters, in each language."""
NOTE_LANGUAGES = ("th", "en", "lo", "km")


class ReleaseState(StrEnum):
    """How far a release is."""

    PREPARED = "prepared"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is shown of a quarter.

    Attributes
    ----------
    districts
        Codes of all districts that touch the border, whether they have figures or not.
    provinces
        Codes of theirs, in the order of their rows. A province here is its border districts together.
    types
        Codes of crime types, in the order of their columns.
    cells
        Verified incidents: a row for the whole border, one for each province, one for each district; a column for all
        types together, then one for each. ``None`` is hidden.
    """

    districts: tuple[str, ...]
    provinces: tuple[str, ...]
    types: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]

    @property
    def total(self) -> int | None:
        """All types on the whole border."""
        return self.cells[0][0]

    @property
    def hidden(self) -> int:
        """How many figures are not shown."""
        return sum(cell is None for row in self.cells for cell in row)

    @property
    def size(self) -> int:
        """How many figures there are, hidden ones too."""
        return len(self.cells) * len(self.cells[0])

    def district(self, code: str) -> tuple[int | None, ...]:
        """The row of a district."""
        return self.cells[1 + len(self.provinces) + self.districts.index(code)]

    def province(self, code: str) -> tuple[int | None, ...]:
        """The row of a province."""
        return self.cells[1 + self.provinces.index(code)]


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """What everybody may read: of each quarter the newest version that is published."""

    id: int
    quarter: Quarter
    version: int
    made_at: datetime
    published_at: datetime
    figures: Figures
    note: Mapping[str, str]
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Release:
    """A release as those see it who make them."""

    id: int
    quarter: Quarter
    version: int
    state: ReleaseState
    figures: Figures
    made_at: datetime
    made_by: str | None
    published_at: datetime | None
    published_by: str | None
    withdrawn_at: datetime | None
    reason: str | None
    is_demo: bool
    note: Mapping[str, str] = field(default_factory=dict)
    note_approved: bool = False
