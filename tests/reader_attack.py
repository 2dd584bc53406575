"""A reader who tries to work out what published tables hide, with what stands in them and a linear programme. Knows none of our code.

What such a reader knows: that a province is its districts, the border its provinces, all kinds the kinds; and that
counts are whole numbers, never negative.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

__all__ = ["Cell", "Published", "exact_ranges", "grown", "ranges", "read_csv"]

Cell = tuple[str, str]
"""Code of a place (empty: the border; two digits: a province; four: a district) and of a kind (empty: all)."""
Published = Mapping[Cell, int | None]
CEILING = 1e5
"""Of what nothing else bounds."""


def read_csv(content: bytes) -> dict[Cell, int | None]:
    """The table as it is taken away from the page."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return {
        (row["code"], row["crime_type"]): int(row["verified_incidents"]) if row["verified_incidents"] else None
        for row in rows
    }


def _sums(cells: Iterable[Cell]) -> list[tuple[Cell, list[Cell]]]:
    """Every total with its parts."""
    inside: dict[Cell, list[Cell]] = defaultdict(list)
    for place, kind in cells:
        if place:
            inside["" if len(place) == 2 else place[:2], kind].append((place, kind))
    across: dict[str, list[Cell]] = defaultdict(list)
    for place, kind in cells:
        if kind:
            across[place].append((place, kind))
    return [*inside.items(), *(((place, ""), parts) for place, parts in across.items())]


def _system(tables: list[Published]) -> tuple[list[tuple[int, Cell]], sparse.csr_array, np.ndarray]:
    """Unknown cells of all tables, and what holds between them."""
    unknown = [(n, cell) for n, table in enumerate(tables) for cell, count in table.items() if count is None]
    at = {one: column for column, one in enumerate(unknown)}
    rows, columns, signs, right = [], [], [], []
    for n, table in enumerate(tables):
        for total, parts in _sums(table):
            said = 0.0
            touched = False
            for cell, sign in [(total, 1.0), *((part, -1.0) for part in parts)]:
                count = table[cell]
                if count is None:
                    rows.append(len(right))
                    columns.append(at[n, cell])
                    signs.append(sign)
                    touched = True
                else:
                    said -= sign * count
            if touched:
                right.append(said)
            else:
                assert said == 0, f"{total} does not add up"
    matrix = sparse.csr_array((signs, (rows, columns)), shape=(len(right), len(unknown)))
    return unknown, matrix, np.array(right)


def grown(tables: list[Published]) -> tuple[sparse.csr_array, np.ndarray]:
    """What a reader may take for granted of versions of one quarter: each cell of a later one is at least that of the one before.

    As ``matrix @ unknown <= right``.
    """
    unknown, _, _ = _system(tables)
    at = {one: column for column, one in enumerate(unknown)}
    rows, columns, signs, right = [], [], [], []
    for n in range(1, len(tables)):
        for cell in tables[n]:
            before, now = tables[n - 1][cell], tables[n][cell]
            if before is not None and now is not None:
                continue
            said = 0.0
            for which, count, sign in ((n - 1, before, 1.0), (n, now, -1.0)):
                if count is None:
                    rows.append(len(right))
                    columns.append(at[which, cell])
                    signs.append(sign)
                else:
                    said -= sign * count
            right.append(said)
    return sparse.csr_array((signs, (rows, columns)), shape=(len(right), len(unknown))), np.array(right)


def ranges(tables: list[Published], enough: float = 5) -> dict[tuple[int, Cell], float]:
    """Width of what each hidden cell can be, as far as ``enough``, by linear programmes (a lower bound of the width)."""
    unknown, matrix, right = _system(tables)
    if not unknown:
        return {}
    low, high = np.full(len(unknown), np.inf), np.full(len(unknown), -np.inf)
    chance = np.random.default_rng(7)

    def look(cost: np.ndarray) -> None:
        found = linprog(cost, A_eq=matrix, b_eq=right, bounds=(0, CEILING), method="highs-ds")
        assert found.status == 0, found.message
        np.minimum(low, found.x, out=low)
        np.maximum(high, found.x, out=high)

    narrow = len(unknown) + 1
    while 0 < (now := int((high - low < enough).sum()) if np.isfinite(high).all() else len(unknown)) < narrow:
        narrow = (
            now  # tables that fit: each cell can be what it is in any of them; for as long as that widens any range
        )
        cost = chance.normal(size=len(unknown)) * ~(high - low >= enough)
        look(cost)
        look(-cost)
    for cell in np.flatnonzero(high - low < enough):
        for sign in (1.0, -1.0):
            cost = np.zeros(len(unknown))
            cost[cell] = sign
            look(cost)
    return dict(zip(unknown, (high - low).round(6), strict=True))


def exact_ranges(
    tables: list[Published], more: tuple[sparse.csr_array, np.ndarray] | None = None
) -> dict[tuple[int, Cell], tuple[int, int]]:
    """Least and most that each hidden cell can be, in whole numbers. For small tables."""
    unknown, matrix, right = _system(tables)
    limits = [LinearConstraint(matrix, right, right)] if len(right) else []
    if more is not None and len(more[1]):
        limits.append(LinearConstraint(more[0], -np.inf, more[1]))
    found = {}
    for column, one in enumerate(unknown):
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(unknown))
            cost[column] = sign
            done = milp(cost, constraints=limits, integrality=np.ones(len(unknown)), bounds=Bounds(0, 500))
            assert done.success, done.message
            ends.append(round(done.x[column]))
        found[one] = (ends[0], ends[1])
    return found
