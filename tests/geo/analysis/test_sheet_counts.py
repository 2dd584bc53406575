"""What is hidden from a sheet stays hidden: attacked with linear programmes over all three tables together."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.analysis.sheet_counts import LEAST, hide_small

Shown = dict[int, int | None]


def test_small_counts_go_and_the_smallest_of_the_others_with_them() -> None:
    assert hide_small({"a": 20, "b": 4, "c": 7, "d": 0}) == {"a": 20, "b": None, "c": None, "d": None}
    assert hide_small({"a": 5, "b": 6}) == {"a": 5, "b": 6}
    assert hide_small({"a": 1, "b": 2}) == {"a": None, "b": None}


def widths(tables: list[Shown]) -> list[float]:
    """How wide each hidden cell can be pinned by whoever knows that all tables have the same sum."""
    places = [(n, key) for n, table in enumerate(tables) for key in table]
    rows, sums = [], []
    for n, key in places:
        if (value := tables[n][key]) is not None:
            rows.append([float(place == (n, key)) for place in places])
            sums.append(float(value))
    for n in range(1, len(tables)):
        rows.append([float(place[0] == n) - float(place[0] == 0) for place in places])
        sums.append(0.0)
    found = []
    for at, (n, key) in enumerate(places):
        if tables[n][key] is not None:
            continue
        goal = np.zeros(len(places))
        goal[at] = 1
        ends = []
        for sign in (1, -1):
            answer = linprog(sign * goal, A_eq=np.array(rows), b_eq=np.array(sums), bounds=(0, None))
            ends.append(np.inf if answer.status == 3 else abs(answer.fun))
        found.append(ends[1] - ends[0])
    return found


@settings(max_examples=25)
@given(cells=st.lists(st.integers(0, 12), min_size=27, max_size=27))
def test_no_hidden_count_is_pinned_to_fewer_than_five_values(cells: list[int]) -> None:
    cube = np.array(cells).reshape(3, 3, 3) // 3
    sides = [cube.sum(axis=axes) for axes in ((1, 2), (0, 2), (0, 1))]
    tables = [hide_small({key: int(n) for key, n in enumerate(side)}) for side in sides]
    for (table, side), key in product(zip(tables, sides, strict=True), range(3)):
        assert table[key] in (None, int(side[key]))
        assert table[key] is None or int(side[key]) >= LEAST
    if cube.sum() >= 2 * LEAST:
        assert all(width >= LEAST - 1e-6 for width in widths(tables))
