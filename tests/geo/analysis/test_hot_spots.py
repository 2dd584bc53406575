"""Getis-Ord Gi* against R's spdep and esda, and what must hold whatever the values are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.analysis.false_discovery import q_values, two_sided_p
from geo.analysis.hexagons import hexagons_around
from geo.analysis.hot_spots import confidence_class, gi_star, gi_star_of
from geo.analysis.near import neighbour_sums, pairs_within
from geo.analysis.neighbourhoods import HexagonNeighbourhoods, PlaceNeighbourhoods
from geo.errors import AnalysisRefused

GETIS_ORD = (
    Path(__file__).resolve().parents[3].parent / "shared" / "reference_answers" / "gistar_getisord" / "getisord.csv"
)

BENJAMINI_HOCHBERG_1995 = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip

places = st.integers(3, 40).flatmap(
    lambda n: st.tuples(
        arrays.arrays(np.float64, n, elements=st.integers(0, 50).map(float)),
        arrays.arrays(np.float64, n, elements=st.integers(-200, 200).map(lambda v: v * 10.0)),
        arrays.arrays(np.float64, n, elements=st.integers(-200, 200).map(lambda v: v * 10.0)),
    )
)


@pytest.mark.skipif(not GETIS_ORD.exists(), reason="the reference answers in ../shared are not here")
@pytest.mark.parametrize("metres", [30, 90])
def test_the_256_cells_of_getis_and_ord_have_the_scores_that_spdep_gives(metres: int):
    cells = pd.read_csv(GETIS_ORD)
    assert len(cells) == 256
    ours = gi_star(cells.val, cells.x, cells.y, metres)
    np.testing.assert_allclose(ours.z, cells[f"Gstar{metres}"], atol=1e-12)


def test_a_place_by_hand():
    # Values 1, 2, 9 at 0, 1, 5 m; within 1 m of the first lie 1 and 2: (3 - 4 * 2) / (s * sqrt((3 * 2 - 4) / 2)).
    ours = gi_star([1, 2, 9], [0, 1, 5], [0, 0, 0], 1)
    s = np.sqrt((1 + 4 + 81) / 3 - 16)
    assert ours.z[0] == pytest.approx(-5 / s)
    assert ours.z[2] == pytest.approx(5 / s)
    assert list(ours.neighbours) == [1, 1, 0]


def test_esda_with_binary_weights_gives_the_same_scores():
    esda, weights = pytest.importorskip("esda"), pytest.importorskip("libpysal").weights
    random = np.random.default_rng(4)
    x, y = random.uniform(0, 1000, (2, 400))
    value = random.poisson(3, 400).astype(float)
    near = weights.fill_diagonal(
        weights.DistanceBand(np.column_stack([x, y]), 120, binary=True, silence_warnings=True), 1
    )
    theirs = esda.getisord.G_Local(value, near, transform="B", star=None, permutations=0)
    np.testing.assert_allclose(gi_star(value, x, y, 120).z, theirs.Zs, atol=1e-9)


def test_four_of_the_fifteen_tests_of_benjamini_and_hochberg_are_believed():
    q = q_values(BENJAMINI_HOCHBERG_1995)
    assert (q <= 0.05).sum() == 4
    assert (np.diff(q) >= 0).all()


def test_one_hexagon_more_than_the_others_is_hot_and_one_confidence_holds_the_next():
    z = np.array([3.5, 2.4, 1.8, 1.0, -1.8, -2.4, -3.5])
    assert list(confidence_class(z, two_sided_p(z))) == [3, 2, 1, 0, -1, -2, -3]


def test_where_all_values_are_alike_nothing_is_told():
    ours = gi_star(np.full(5, 7.3), np.arange(5), np.zeros(5), 1)
    assert (ours.z == 0).all()
    assert (ours.p == 1).all()
    assert (ours["class"] == 0).all()


def test_where_every_place_is_near_every_other_nothing_is_told():
    assert (gi_star([1, 2, 3], [0, 1, 2], [0, 0, 0], 100).z == 0).all()


@given(places)
def test_the_order_of_rows_does_not_matter(given_places):
    value, x, y = given_places
    straight = gi_star(value, x, y, 150)
    turned = gi_star(value[::-1], x[::-1], y[::-1], 150)
    np.testing.assert_allclose(straight.z, turned.z[::-1], atol=1e-9)
    np.testing.assert_allclose(straight.q, turned.q[::-1], atol=1e-9)


@given(places, st.integers(-10_000, 10_000), st.integers(-10_000, 10_000))
def test_moving_all_places_changes_no_score(given_places, east, north):
    value, x, y = given_places
    np.testing.assert_allclose(gi_star(value, x, y, 150).z, gi_star(value, x + east, y + north, 150).z, atol=1e-9)


@given(places)
def test_neighbours_are_those_that_a_plain_comparison_finds(given_places):
    value, x, y = given_places
    near = np.hypot(x[:, None] - x, y[:, None] - y) <= 150
    count, total = neighbour_sums(x, y, 150, value)
    np.testing.assert_array_equal(count, near.sum(axis=1))
    np.testing.assert_allclose(total, near @ value)
    assert sorted((i, j) for pair in pairs_within(x, y, 150) for i, j in zip(*pair, strict=True)) == list(
        zip(*np.nonzero(near), strict=True)
    )
    matrix = PlaceNeighbourhoods(x, y, 150)
    np.testing.assert_allclose(matrix.sums(value), total)
    np.testing.assert_array_equal(matrix.near, count)


@settings(max_examples=30)
@given(places, st.sampled_from([100.0, 173.3, 200.0, 460.0]))
def test_runs_along_the_rows_of_hexagons_hold_the_neighbours_that_distances_tell(given_places, distance):
    _, x, y = given_places
    grid = hexagons_around(x, y, 100.0)
    counts = grid.counts(x, y)
    by_rows = gi_star_of(counts, HexagonNeighbourhoods(grid, distance))
    by_pairs = gi_star(counts, grid.x, grid.y, distance)
    np.testing.assert_array_equal(by_rows.neighbours, by_pairs.neighbours)
    np.testing.assert_allclose(by_rows.z, by_pairs.z, atol=1e-9)


def test_results_keep_the_index_of_the_values():
    value = pd.Series([1.0, 2.0, 9.0], index=["4301", "4302", "4303"])
    assert list(gi_star(value, [0, 1, 5], [0, 0, 0], 1).index) == ["4301", "4302", "4303"]


@pytest.mark.parametrize(
    ("value", "x", "code"),
    [
        ([], [], "analysis.no_points"),
        ([1.0], [0.0], "analysis.too_few"),
        ([1.0, 2.0, np.nan], [0.0, 1.0, 2.0], "analysis.not_finite"),
        ([1.0, 2.0], [0.0, 1.0, 2.0], "analysis.lengths_differ"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(value, x, code):
    with pytest.raises(AnalysisRefused) as refused:
        gi_star(value, x, np.zeros(len(x)), 10)
    assert refused.value.code == code


@pytest.mark.parametrize("distance", [0.0, -5.0, np.nan, np.inf])
def test_a_distance_must_be_more_than_nothing(distance):
    with pytest.raises(AnalysisRefused) as refused:
        gi_star([1, 2, 3], [0, 1, 2], [0, 0, 0], distance)
    assert refused.value.code == "analysis.not_positive"
