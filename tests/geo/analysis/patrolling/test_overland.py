"""Ways that never leave the country."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.analysis.patrolling.overland import overland

BEND = shapely.union_all([shapely.box(0, 0, 10_000, 40_000), shapely.box(0, 0, 40_000, 10_000)])
"""Two arms around a neighbour's corner."""


def test_a_way_goes_around_the_neighbour_by_a_place_between():
    x, y = [5_000, 35_000, 8_000], [35_000, 5_000, 8_000]
    direct = overland(x, y, None)
    assert direct.metres[0, 1] == pytest.approx(np.hypot(30_000, 30_000))
    assert direct.way(0, 1) == [0, 1]
    found = overland(x, y, BEND)
    assert found.way(0, 1) == [0, 2, 1]
    assert found.way(1, 0) == [1, 2, 0]
    assert found.metres[0, 1] == pytest.approx(2 * np.hypot(3_000, 27_000))


def test_without_a_place_between_there_is_no_way():
    found = overland([5_000, 35_000], [35_000, 5_000], BEND)
    assert np.isinf(found.metres[0, 1])
    assert found.metres[0, 0] == 0
    assert overland([5, 5], [5, 5], None).metres[0, 1] < 0.01


def test_what_lies_a_little_outside_is_still_reached():
    found = overland([5_000, 10_500], [5_000, 12_000], BEND)
    assert np.isfinite(found.metres[0, 1])
    # But no way leads along the border on its other side.
    assert np.isinf(overland([10_500, 10_500], [15_000, 35_000], BEND).metres[0, 1])
