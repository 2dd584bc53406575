"""Cells that touch are one patch, whatever the order of rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.hexagons import UP
from geo.analysis.patches import patches

cells = st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), unique=True, max_size=60)


def middles(at: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    q, r = (np.array([one[axis] for one in at], dtype=float) for axis in (0, 1))
    return 5000 * (q + r / 2), 5000 * UP * r


def touching(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return (b[0] - a[0], b[1] - a[1]) in {(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)}


@given(cells)
def test_neighbours_share_a_patch_and_patches_do_not_touch(at: list[tuple[int, int]]) -> None:
    label = patches(*middles(at), 5000)
    for i, a in enumerate(at):
        for j, b in enumerate(at):
            if touching(a, b):
                assert label[i] == label[j]
    groups = {one: [at[i] for i in np.flatnonzero(label == one)] for one in set(label.tolist())}
    for group in groups.values():  # each patch holds together
        reached, todo = {group[0]}, [group[0]]
        while todo:
            here = todo.pop()
            for there in group:
                if there not in reached and touching(here, there):
                    reached.add(there)
                    todo.append(there)
        assert reached == set(group)


def test_nothing_and_one_cell() -> None:
    assert patches([], [], 5000).tolist() == []
    assert patches([3.0], [4.0], 5000).tolist() == [0]
