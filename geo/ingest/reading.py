"""Every row of a table understood or refused: what importers of things with a place do alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from geo.errors import FileRefused
from geo.ingest.account import Refusal, Remark
from geo.ingest.coordinates import Fix, Region
from geo.ingest.places import locate
from geo.ingest.problems import CellRefused
from geo.ingest.table import Row, Table

__all__ = ["Reading", "read_rows", "require_located"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """All rows of a table: ``read`` = ``len(taken)`` + ``len(refused)``; ``rows`` by their numbers."""

    read: int
    taken: list[T]
    refused: list[Refusal]
    remarks: list[Remark]
    rows: dict[int, Row]

    def account(self, late: list[Refusal]) -> tuple[list[Refusal], list[Remark]]:
        """Refusals in the order of the file with those of the store, and the remarks on what it took."""
        refused = sorted([*self.refused, *late], key=lambda refusal: refusal.row.number)
        not_taken = {refusal.row.number for refusal in late}
        return refused, [remark for remark in self.remarks if remark.row.number not in not_taken]


def read_rows(table: Table, understand: Callable[[Row, list[Remark]], T]) -> Reading[T]:
    """Understand every row; ``understand`` adds to the list what is remarkable about one, or refuses it.

    Raises
    ------
    FileRefused
        ``file.no_rows``; what reading rows refuses.
    """
    rows = list(table.rows)
    if not rows:
        raise FileRefused("file.no_rows")
    reading: Reading[T] = Reading(len(rows), [], [], [], {row.number: row for row in rows})
    for row in rows:
        try:
            if row.trouble:
                raise CellRefused(row.trouble)
            reading.taken.append(understand(row, reading.remarks))
        except CellRefused as refused:
            reading.refused.append(Refusal(row, refused.code, refused.params))
    return reading


def require_located(table: Table, row: Row, region: Region, remarks: list[Remark]) -> Fix:
    """The row's place; latitude and longitude that were put right are remarked.

    Raises
    ------
    CellRefused
        ``row.coordinate_missing``; what `geo.ingest.places.locate` refuses.
    """
    place = locate(table, row, region)
    if place is None:
        raise CellRefused("row.coordinate_missing")
    if place.correction:
        remarks.append(Remark(row, place.correction, {"lat": f"{place.lat:.5f}", "lon": f"{place.lon:.5f}"}))
    return place
