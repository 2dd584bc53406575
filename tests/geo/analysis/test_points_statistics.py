"""What must hold of clusters, near repeats, scans and surfaces whatever the points are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.analysis.cluster_summary import cluster_summary
from geo.analysis.clusters import dbscan
from geo.analysis.emerging import emerging
from geo.analysis.kernel_density import density, suggested_bandwidth
from geo.analysis.near_repeat import knox
from geo.analysis.neighbourhoods import PlaceNeighbourhoods
from geo.analysis.scan import scan_recent
from geo.errors import AnalysisCancelled, AnalysisRefused

clouds = st.integers(3, 60).flatmap(
    lambda n: arrays.arrays(np.float64, (3, n), elements=st.integers(0, 400).map(float))
)


def partition(label: pd.Series) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(label == one)) for one in set(label) if one >= 0}


@settings(max_examples=150)
@given(clouds, st.sampled_from([5.0, 20.0, 60.0]), st.integers(1, 6))
def test_clusters_have_the_core_points_and_the_noise_that_scikit_learn_finds(cloud, eps, least):
    learn = pytest.importorskip("sklearn.cluster")
    x, y, _ = cloud
    ours = dbscan(x, y, eps, least)
    theirs = learn.DBSCAN(eps=eps, min_samples=least).fit(np.column_stack([x, y]))
    core = np.isin(np.arange(len(x)), theirs.core_sample_indices_)
    np.testing.assert_array_equal(ours.core, core)
    np.testing.assert_array_equal(ours.label < 0, theirs.labels_ < 0)
    assert partition(ours.label.where(core, -1)) == partition(pd.Series(theirs.labels_).where(core, -1))


def test_a_few_points_at_the_edge_of_a_great_heap_are_told_as_by_comparing_all_with_all():
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.uniform(0, 100, 4000), rng.uniform(-40, 140, 60)])
    y = np.concatenate([rng.uniform(0, 100, 4000), rng.uniform(-40, 140, 60)])
    found = dbscan(x, y, 10, 5)
    near = np.hypot(x[:, None] - x, y[:, None] - y) <= 10
    core = near.sum(axis=1) >= 5
    assert 10 < (~core).sum() < 60
    np.testing.assert_array_equal(found.core, core)
    np.testing.assert_array_equal(found.label < 0, ~(near & core).any(axis=1))
    away = np.where(core, np.hypot(x[:, None] - x, y[:, None] - y), np.inf)
    edge = ~core & (found.label >= 0)
    np.testing.assert_array_equal(found.label[edge], found.label.to_numpy()[away[edge].argmin(axis=1)])


@given(clouds, st.integers(1, 5), st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_the_order_of_rows_nor_on_where_they_lie(cloud, least, random):
    x, y, _ = cloud
    order = np.array(random.sample(range(len(x)), len(x)))
    straight = dbscan(x, y, 30, least)
    np.testing.assert_array_equal(dbscan(x[order], y[order], 30, least).label, straight.label.to_numpy()[order])
    np.testing.assert_array_equal(dbscan(x + 7000, y - 900, 30, least).label, straight.label)


@given(clouds)
def test_clusters_and_noise_are_all_points(cloud):
    x, y, t = cloud
    found = dbscan(x, y, 30, 3)
    table = cluster_summary(x, y, found.label, t=t, kind=np.where(t > 200, "late", "early"))
    assert table["count"].sum() + (found.label < 0).sum() == len(x)
    for label, row in table.iterrows():
        mine = found.label == label
        assert row["last"] == t[mine].max()
        assert row.main_share >= 0.5


@settings(max_examples=25)
@given(clouds, st.randoms(use_true_random=False))
def test_near_repeats_do_not_depend_on_the_order_of_rows_nor_on_where_they_lie(cloud, random):
    x, y, t = cloud
    order = np.array(random.sample(range(len(x)), len(x)))
    asked = {"space": [50, 100], "time": [7, 14], "permutations": 19}
    table = knox(x, y, t, **asked).table
    pd.testing.assert_frame_equal(knox(x[order], y[order], t[order], **asked).table, table)
    pd.testing.assert_frame_equal(knox(x + 5000, y + 70, t + 30, **asked).table, table)
    close = (np.hypot(x[:, None] - x, y[:, None] - y) <= 100) & (np.abs(t[:, None] - t) <= 14)
    assert table.observed.sum() == (close.sum() - len(x)) / 2


@settings(max_examples=25)
@given(clouds, st.randoms(use_true_random=False))
def test_a_scan_does_not_depend_on_the_order_of_rows(cloud, random):
    x, y, t = cloud
    t[0], t[-1] = 0, 400
    order = np.array(random.sample(range(len(x)), len(x)))
    one, other = (
        scan_recent(a, b, c, radius=80, permutations=9) for a, b, c in ((x, y, t), (x[order], y[order], t[order]))
    )
    assert [c.log_ratio for c in one.clusters] == pytest.approx([c.log_ratio for c in other.clusters])
    assert [c.p for c in one.clusters] == [c.p for c in other.clusters]
    np.testing.assert_allclose(one.simulated, other.simulated, atol=1e-9)


def test_a_scan_finds_what_was_planted_and_calls_it_unlikely():
    random = np.random.default_rng(5)
    x, y = random.uniform(0, 100_000, (2, 800)).round(-4)
    t = random.integers(0, 365, 800).astype(float)
    x[:15], y[:15], t[:15] = 50_000, 50_000, random.integers(355, 365, 15)
    t[20] = 364
    best = scan_recent(x, y, t, radius=15_000, permutations=99).clusters[0]
    assert (best.x, best.y) == (50_000, 50_000)
    assert best.observed >= 15
    assert best.p == 0.01


def test_a_scan_of_too_many_places_says_how_it_put_them_together():
    random = np.random.default_rng(6)
    x, y = random.uniform(0, 100_000, (2, 3000))
    found = scan_recent(x, y, random.integers(0, 90, 3000), radius=10_000, permutations=9)
    assert found.square > 0
    assert found.places <= 1000
    assert len(found.place_of) == 3000


@settings(max_examples=30)
@given(clouds, st.integers(-20, 20), st.integers(-20, 20))
def test_moving_all_points_by_whole_cells_moves_the_surface(cloud, east, north):
    x, y, _ = cloud
    here, there = density(x, y, 50, cell=10), density(x + east * 10, y + north * 10, 50, cell=10)
    np.testing.assert_allclose(here.density, there.density, atol=1e-6 * here.density.max())
    assert (there.raster.west - here.raster.west, there.raster.south - here.raster.south) == (east * 10, north * 10)
    assert here.kept == pytest.approx(len(x), rel=0.01)


def test_one_point_has_a_surface_and_no_clusters():
    surface = density([3.0], [4.0], 100)
    assert surface.density.max() == pytest.approx(3 / (np.pi * 100**2) * 1e6, rel=0.01)
    assert suggested_bandwidth([3.0], [4.0]) == 1
    assert list(dbscan([3.0], [4.0], 10, 2).label) == [-1]


def test_long_simulations_tell_how_far_they_are_and_stop_when_asked():
    random = np.random.default_rng(7)
    x, y, t = random.uniform(0, 1000, (3, 50))
    told: list[tuple[int, int]] = []
    knox(x, y, t, 100, 30, permutations=5, progress=lambda done, total: told.append((done, total)))
    assert told == [(n, 5) for n in range(1, 6)]
    for simulation in (
        lambda: knox(x, y, t, 100, 30, cancelled=lambda: True),
        lambda: scan_recent(x, y, t, radius=100, cancelled=lambda: True),
    ):
        with pytest.raises(AnalysisCancelled) as stopped:
            simulation()
        assert stopped.value.code == "analysis.cancelled"


@pytest.mark.parametrize(
    ("compute", "code"),
    [
        (lambda: density([], [], 10), "analysis.no_points"),
        (lambda: dbscan([], [], 10, 3), "analysis.no_points"),
        (lambda: dbscan([1], [1], 10, 0), "analysis.not_whole"),
        (lambda: knox([1], [1], [1], 10, 3), "analysis.too_few"),
        (lambda: knox([1, 2], [1, 2], [1, 2], 10, -3), "analysis.not_positive"),
        (lambda: scan_recent([1, 2], [1, 2], [1, 2], radius=5), "analysis.too_few"),
        (lambda: scan_recent([1, 2, 3], [1, 2, 3], [1, 1, 1], radius=5), "analysis.one_day"),
        (lambda: emerging([[1], [2], [3]], PlaceNeighbourhoods([1, 2, 3], [0, 0, 0], 1)), "analysis.too_few_slices"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(compute, code):
    with pytest.raises(AnalysisRefused) as refused:
        compute()
    assert refused.value.code == code


def test_near_repeats_of_too_many_pairs_are_those_of_a_part_and_say_so(monkeypatch):
    monkeypatch.setattr("geo.analysis.near_repeat.MOST_PAIRS", 1000)
    random = np.random.default_rng(8)
    x, y, t = random.uniform(0, 1000, (3, 400))
    found = knox(x, y, t, 200, 30, permutations=9)
    assert 2 <= found.used < found.given == 400


def test_a_lone_point_far_from_every_cluster_is_in_none() -> None:
    found = dbscan([0, 1, 2, 9000], [0, 0, 0, 9000], 100, 3)
    assert found.label.tolist() == [0, 0, 0, -1]
    assert found.core.tolist() == [True, True, True, False]
