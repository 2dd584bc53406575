"""Hexagons: every point in the nearest one, nothing lost, nothing counted twice."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.analysis.hexagons import Hexagons, hexagon_of, hexagons_around, hexagons_over
from geo.errors import AnalysisRefused

coordinates = st.integers(1, 60).flatmap(
    lambda n: arrays.arrays(np.float64, (2, n), elements=st.floats(-50_000, 50_000, allow_nan=False))
)


@given(coordinates)
def test_counting_by_hexagons_loses_no_point(xy):
    grid = hexagons_around(*xy, 1000.0)
    assert grid.counts(*xy).sum() == xy.shape[1]


@given(coordinates)
def test_a_point_lies_in_the_hexagon_whose_middle_is_nearest(xy):
    grid = hexagons_around(*xy, 5000.0)
    at = grid.locate(*xy)
    own = np.hypot(xy[0] - grid.x[at], xy[1] - grid.y[at])
    nearest = np.hypot(xy[0][:, None] - grid.x, xy[1][:, None] - grid.y).min(axis=1)
    np.testing.assert_allclose(own, nearest, atol=1e-6)


@given(coordinates, st.integers(-20, 20), st.integers(-20, 20))
def test_moving_all_points_by_whole_hexagons_moves_the_counts(xy, q, r):
    spacing = 1024.0  # a power of two, so that moving rounds nothing to the east
    moved_q, moved_r = hexagon_of(xy[0] + spacing * q, xy[1], spacing)
    there_q, there_r = hexagon_of(*xy, spacing)
    east, north = spacing * (q + r / 2), spacing * 3**0.5 / 2 * r
    middle = Hexagons(spacing, there_q, there_r)
    assert (hexagon_of(middle.x + east, middle.y + north, spacing)[1] == there_r + r).all()
    near_an_edge = np.hypot(xy[0] - middle.x, xy[1] - middle.y) > spacing * 0.499
    assert ((moved_q == there_q + q) | near_an_edge).all()
    assert ((moved_r == there_r) | near_an_edge).all()


def test_a_hexagon_has_the_area_and_the_neighbours_that_it_should():
    grid = hexagons_over(shapely.box(0, 0, 20_000, 20_000), 1000.0)
    outlines = grid.outlines()
    assert shapely.area(outlines) == pytest.approx(grid.area_km2 * 1e6)
    assert shapely.union_all(outlines).area == pytest.approx(len(grid) * grid.area_km2 * 1e6)
    assert len(grid) == pytest.approx(400 / grid.area_km2, rel=0.1)


def test_only_hexagons_with_their_middle_on_the_land_are_there():
    land = shapely.box(0, 0, 10_000, 10_000)
    grid = hexagons_over(land, 700.0)
    assert shapely.intersects_xy(land, grid.x, grid.y).all()
    assert (np.diff(grid.keys) > 0).all()
    assert grid.counts([5000.0, 50_000.0], [5000.0, 5000.0]).sum() == 1


@pytest.mark.parametrize(
    ("land", "spacing", "code"),
    [
        (shapely.Polygon(), 100.0, "analysis.no_cells"),
        (shapely.box(1, 1, 2, 2), 1e6, "analysis.no_cells"),
        (shapely.box(0, 0, 1e6, 1e6), 1.0, "analysis.too_many_cells"),
        (shapely.box(0, 0, 1, 1), 0.0, "analysis.not_positive"),
    ],
)
def test_what_gives_no_grid_is_refused_in_words(land, spacing, code):
    with pytest.raises(AnalysisRefused) as refused:
        hexagons_over(land, spacing)
    assert refused.value.code == code


@given(coordinates, st.floats(-3e6, 3e6), st.floats(-3e6, 3e6))
def test_hexagons_around_points_move_with_them(xy, east, north):
    whole = np.rint(xy)
    here = hexagons_around(*whole, 1024.0)
    there = hexagons_around(whole[0] + np.rint(east), whole[1] + np.rint(north), 1024.0)
    np.testing.assert_array_equal(here.keys, there.keys)
    np.testing.assert_array_equal(
        here.counts(*whole), there.counts(whole[0] + np.rint(east), whole[1] + np.rint(north))
    )
    np.testing.assert_allclose(there.x - here.x, np.rint(east))
