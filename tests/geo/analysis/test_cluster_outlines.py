"""A cluster is drawn where its points are."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.analysis.cluster_outlines import cluster_outlines, hearts
from geo.analysis.cluster_summary import cluster_summary
from geo.analysis.clusters import dbscan

clouds = st.integers(5, 80).flatmap(
    lambda n: arrays.arrays(np.float64, (2, n), elements=st.integers(-3000, 3000).map(float))
)


def drawn(x, y, eps, least):
    label = dbscan(x, y, eps, least)["label"].to_numpy()
    hulls = cluster_summary(x, y, label)["hull"].to_numpy()
    return label, hulls, cluster_outlines(x, y, label, hulls, eps)


@settings(max_examples=60)
@given(clouds, st.sampled_from([200.0, 600.0]), st.integers(1, 4))
def test_every_point_of_a_cluster_lies_in_its_outline(cloud, eps, least):
    label, _, outlines = drawn(*cloud, eps, least)
    for x, y, own in zip(*cloud, label, strict=True):
        if own >= 0:
            assert shapely.distance(outlines[own], shapely.Point(x, y)) < 1e-6


def test_a_bent_chain_is_drawn_along_its_bend_and_a_round_cloud_by_its_hull():
    along = np.arange(0, 60_000, 400.0)
    x, y = np.append(along, np.zeros(150)), np.append(np.zeros(150), along)
    _, hulls, outlines = drawn(x, y, 500.0, 3)
    assert outlines[0].area < hulls[0].area / 10
    assert outlines[0].distance(shapely.Point(25_000, 25_000)) > 20_000
    x, y = np.append(x, np.full(50, 40_000.0)), np.append(y, np.full(50, 100.0))
    label, hulls, outlines = drawn(x, y, 500.0, 3)
    middles = np.array([[x.mean(), y.mean()]])
    marked = hearts(x, y, label, middles, outlines, 500.0)[0]
    assert np.hypot(marked[0] - 40_000, marked[1] - 100) < 500
    random = np.random.default_rng(5)
    _, hulls, outlines = drawn(*random.normal(0, 300, (2, 400)), 400.0, 5)
    assert outlines[0].equals(hulls[0])
