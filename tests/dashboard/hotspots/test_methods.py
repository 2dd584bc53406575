"""What must hold of every method whatever the points are: where they lie, in which order they come, and how few they are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked, Base, based_on
from dashboard.hotspots.material import Material
from dashboard.hotspots.methods import BY_NAME, run
from dashboard.hotspots.periods import Comparison, compared
from geo.errors import AnalysisRefused
from geo.ingest.points import Points
from geo.model import Channel, IncidentFilter, Status

OF_FILES = ("gi", "kde", "dbscan", "places", "emerging", "scan", "knox", "concentration", "when", "pai")
ASKED = Asked(eps=300.0, min_points=3, space=(500.0,), time=(10.0,), permutations=9, slice_days=20.0)
clouds = st.integers(3, 40).flatmap(
    lambda n: st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 90)), min_size=n, max_size=n
    )
)


def material(cloud: list[tuple[int, int, int]], east: float = 0.0, north: float = 0.0) -> Material:
    x, y, t = np.array(cloud, dtype=np.float64).reshape(-1, 3).T
    kind = np.where(t > 40, "late", "early").astype(object)
    return Material(Points(pd.DataFrame({"number": range(len(x))}), x + east, y + north, None, t, True, None, kind))


def told(method: str, given: Material) -> Answer | str:
    try:
        return run(method, given, ASKED)
    except AnalysisRefused as refused:
        return refused.code


def plain(value: Any, east: float = 0.0, north: float = 0.0) -> Any:
    """Values without places in them, figures to nine digits."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if name not in {"x", "y", "scores", "peak"}}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def same(here: Answer | str, there: Answer | str, east: float = 0.0, north: float = 0.0) -> None:
    if isinstance(here, str) or isinstance(there, str):
        assert here == there
        return
    assert plain(here.summary) == plain(there.summary)
    rows = here.rows
    other = there.rows
    if "pei" in rows:  # surfaces may order cells of equal density either way by the last digit
        rows, other = (frame[frame["method"].isin(["count", "gi"])] for frame in (rows, other))
    for name in rows.columns:
        ours, theirs = rows[name].to_numpy(), other[name].to_numpy()
        if pd.api.types.is_numeric_dtype(rows[name]):
            moved = {"x": east, "y": north}.get(name, 0.0)
            np.testing.assert_allclose(ours + moved, theirs, rtol=1e-6, atol=1e-6, err_msg=name)
        else:
            assert list(ours) == list(theirs)


@pytest.mark.parametrize("method", OF_FILES)
@settings(max_examples=25)
@given(cloud=clouds, east=st.integers(-2_000_000, 2_000_000), north=st.integers(-2_000_000, 2_000_000))
def test_moving_all_points_moves_the_answer_and_changes_nothing_else(method, cloud, east, north):
    same(told(method, material(cloud)), told(method, material(cloud, east, north)), east, north)


@pytest.mark.parametrize("method", OF_FILES)
@settings(max_examples=25)
@given(cloud=clouds, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(method, cloud, random):
    order = random.sample(range(len(cloud)), len(cloud))
    here, there = told(method, material(cloud)), told(method, material([cloud[at] for at in order]))
    same(here, there)
    if isinstance(here, Answer) and isinstance(there, Answer) and here.each is not None:
        assert there.each is not None
        np.testing.assert_array_equal(here.each.to_numpy()[order], there.each.to_numpy())


@settings(max_examples=40)
@given(clouds)
def test_no_incident_is_lost_on_the_way_to_places_hours_and_clusters(cloud):
    n = len(cloud)
    given_ = material(cloud)
    gi, kde, hours = (run(method, given_, ASKED) for method in ("gi", "kde", "when"))
    assert gi.rows["count"].sum() == n
    assert kde.summary["sum"] == n
    assert kde.summary["kept"] == pytest.approx(n, rel=0.05)
    assert hours.rows["count"].sum() + hours.summary["without_hour"] == n
    assert sum(week["count"] for week in hours.summary["weeks"]) == n
    clusters = run("dbscan", given_, ASKED)
    assert clusters.rows["count"].sum() + clusters.summary["noise"] == n
    everything = run("places", given_, Asked(share=1.0))
    assert everything.rows["count"].sum() == n
    assert everything.rows["until_here"].iloc[-1] == pytest.approx(1)
    curve = run("concentration", given_, ASKED).rows
    assert curve["incidents"].iloc[-1] == pytest.approx(1)
    assert (curve.diff().dropna() >= -1e-12).all(axis=None)


@pytest.mark.parametrize("method", sorted(BY_NAME))
@pytest.mark.parametrize("n", [0, 1, 2])
def test_none_one_and_two_points_are_answered_in_words_or_with_finite_figures(method, n):
    found = told(method, material([(5, 7, 3)] * n))
    if isinstance(found, str):
        assert found.startswith("analysis.")
    else:
        assert found.summary["n"] == n
        assert "hotspots.few" in dict(found.remarks)
        assert all(not isinstance(value, float) or math.isfinite(value) for value in found.summary.values())
    if n == 0:
        assert isinstance(found, str)


def test_the_base_keeps_the_channels_that_were_chosen_where_it_has_them():
    chosen = IncidentFilter(*compared(Comparison.DAYS_28, pd.Timestamp("2026-05-31").date())[0])
    public = based_on(chosen)
    assert set(public.channels) == {str(c) for c in Channel if c is not Channel.PATROL}
    assert set(public.statuses) == {Status.VERIFIED, Status.REFERRED, Status.CLOSED}
    assert based_on(chosen, Base.PATROLS).channels == ("patrol",)
    assert based_on(chosen, Base.ALL).channels == ()
    online = IncidentFilter(chosen.first, chosen.last, channels=("online", "patrol"))
    assert based_on(online).channels == ("online",)
    assert set(based_on(online, Base.ALL, unverified=True).channels) == {"online", "patrol"}


@given(st.dates(min_value=pd.Timestamp("2001-01-01").date(), max_value=pd.Timestamp("2098-12-31").date()))
def test_compared_periods_follow_each_other(last):
    (first, until), (before, before_until) = compared(Comparison.DAYS_28, last)
    assert until == last
    assert (until - first).days == (before_until - before).days == 27
    assert (first - before_until).days == 1
    (first, until), (before, before_until) = compared(Comparison.YEAR, last)
    assert (first.year, first.month, first.day, until) == (last.year, 1, 1, last)
    assert (before.year, before_until.year) == (last.year - 1, last.year - 1)
    assert before_until.month == last.month
    assert abs((until - first).days - (before_until - before).days) <= 1
