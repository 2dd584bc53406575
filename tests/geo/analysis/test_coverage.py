"""Coverage: known answers, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.coverage import coverage, intensity, near_ways, shares
from geo.errors import AnalysisRefused

X, Y = np.array([0.0, 900, 2000, 5000]), np.zeros(4)
WEIGHT = np.array([5.0, 1, 1, 3])


def test_what_is_within_reach_of_posts_and_ways_is_counted_by_weight() -> None:
    way = shapely.LineString([(2000, 1000), (2000, 9000)])
    found = coverage(X, Y, WEIGHT, [0, 500], [0, 0], 1000, [way])
    assert found.posts.tolist() == [2, 2, 0, 0]
    assert found.passed.tolist() == [False, False, True, False]  # exactly at the radius is near
    assert (found.share(), found.share(2)) == (7 / 10, 6 / 10)
    table = shares(found, ["a", "b", "b", None])
    assert table.index.tolist() == ["a", "b"]
    assert table.loc["b", ["demand", "covered", "twice", "open"]].tolist() == [2, 2, 1, 0]
    assert coverage(X, Y, WEIGHT, [], [], 1000).share() == 0


def test_hotspots_count_more_and_the_weight_stays() -> None:
    near = intensity([0, 10, 20, 9000], [0, 0, 0, 0], np.ones(4))
    assert near[:3] == pytest.approx(3 * near[3])
    assert near.sum() == pytest.approx(4)
    assert intensity([0, 9000], [0, 0], np.array([0.0, 2])).tolist() == [0, 2]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"x": [0.0, np.nan, 2, 3]}, "analysis.not_finite"),
        ({"weight": [1, -1, 1, 1]}, "siting.negative_weight"),
        ({"weight": np.zeros(4)}, "siting.no_weight"),
        ({"radius": 0}, "analysis.not_positive"),
        ({"x": [], "y": [], "weight": None}, "siting.no_demand"),
    ],
)
def test_what_cannot_be_is_refused(change: dict, code: str) -> None:  # type: ignore[type-arg]
    asked = {"x": X, "y": Y, "weight": WEIGHT, "site_x": [0], "site_y": [0], "radius": 1000.0} | change
    with pytest.raises(AnalysisRefused) as refused:
        coverage(**asked)
    assert refused.value.code == code


@given(seed=st.integers(0, 2**32 - 1), radius=st.floats(100, 20_000))
@settings(max_examples=40)
def test_more_never_covers_less_groups_make_the_whole_and_moving_all_changes_nothing(seed: int, radius: float) -> None:
    random = np.random.default_rng(seed)
    x, y, weight = *random.uniform(0, 50_000, (2, 60)), random.integers(0, 9, 60) + 0.5
    site_x, site_y = random.uniform(0, 50_000, (2, 8))
    way = shapely.LineString(random.uniform(0, 50_000, (5, 2)))
    few, more = (coverage(x, y, weight, site_x[:n], site_y[:n], radius, [way]) for n in (4, 8))
    assert 0 <= few.share(2) <= few.share() <= more.share() <= 1 + 1e-12
    assert (more.posts >= few.posts).all()
    table = shares(more, random.choice(["a", "b", "c"], 60))
    assert table["demand"].sum() == pytest.approx(more.total)
    assert table["covered"].sum() == pytest.approx(more.share() * more.total)
    moved = coverage(x + 1e5, y - 1e5, weight, site_x + 1e5, site_y - 1e5, radius * (1 + 1e-9))
    assert (moved.posts == coverage(x, y, weight, site_x, site_y, radius * (1 + 1e-9)).posts).all()
    exact = shapely.distance(shapely.points(x, y), way)
    near = near_ways(x, y, [way], radius)
    assert near[exact < 0.999 * radius].all()
    assert not near[exact > radius * (1 + 1e-6)].any()
