"""Before and after: exact intervals against independent ones, and what must hold for any counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.analysis.before_after import Around, Direction, around, displacement, ratio, ratio_of_ratios, since
from geo.errors import AnalysisRefused

few = st.integers(0, 60)
some = st.integers(1, 400)


def near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is None and (other is None or math.isinf(other))
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)


@given(few, few)
def test_the_ratio_of_two_counts_has_the_interval_of_the_binomial_share(after: int, before: int) -> None:
    found = ratio(after, before)
    if after + before == 0:
        assert (found.value, found.low, found.high) == (None, 0, None)
        return
    share = stats.binomtest(after, after + before).proportion_ci(method="exact")
    assert near(found.low, share.low / (1 - share.low) if share.low < 1 else math.inf)
    assert near(found.high, share.high / (1 - share.high) if share.high < 1 else math.inf)


@given(st.integers(1, 60), st.integers(1, 60))
def test_an_interval_leaves_one_out_exactly_where_the_exact_test_does(after: int, before: int) -> None:
    found = ratio(after, before)
    tail = min(stats.binom.cdf(after, after + before, 0.5), stats.binom.sf(after - 1, after + before, 0.5))
    assert found.high is not None
    assert (found.low > 1 or found.high < 1) == (tail < 0.025)


@given(few, few, few, few)
@settings(max_examples=60)
def test_the_ratio_of_ratios_has_the_exact_conditional_interval(a: int, b: int, c: int, d: int) -> None:
    found = ratio_of_ratios(a, b, c, d)
    if 0 in (a + b, c + d, a + c, b + d):  # the margins leave no choice: nothing is told
        assert (found.low, found.high) == (0, None)
        return
    exact = stats.contingency.odds_ratio([[a, b], [c, d]], kind="conditional").confidence_interval(0.95)
    assert math.isclose(found.low, exact.low, rel_tol=1e-5, abs_tol=1e-9)
    assert math.isclose(math.inf if found.high is None else found.high, exact.high, rel_tol=1e-5)


def test_fishers_tea_has_the_published_limits() -> None:
    # R, example of fisher.test: the lower limit of the one-sided 95 % interval is 0.3135693.
    tea = ratio_of_ratios(3, 1, 1, 3, confidence=0.90)
    assert tea.value == 9
    assert tea.low == pytest.approx(0.3135693, rel=1e-4)


@given(some, some, some, some)
def test_what_is_looked_at_the_other_way_round_is_turned_over(a: int, b: int, c: int, d: int) -> None:
    one, other = ratio(a, b), ratio(b, a)
    assert one.high is not None
    assert other.high is not None
    assert near(one.low * other.high, 1)
    assert near(one.high * other.low, 1)
    there, back, across = ratio_of_ratios(a, b, c, d), ratio_of_ratios(b, a, d, c), ratio_of_ratios(a, c, b, d)
    assert there.high is not None
    assert near(there.low, 1 / back.high if back.high else 0)
    assert near(there.low, across.low)
    assert near(there.high, across.high)
    assert there.value is not None
    assert there.low <= there.value <= there.high


@given(some, some, st.integers(2, 5))
def test_more_of_the_same_is_surer(after: int, before: int, times: int) -> None:
    once, often = ratio(after, before), ratio(after * times, before * times)
    assert once.value == pytest.approx(often.value)
    assert once.high is not None
    assert often.high is not None
    assert often.low >= once.low
    assert often.high <= once.high


@given(st.integers(5, 200), st.integers(5, 200))
def test_more_after_is_never_less_of_a_rise(after: int, before: int) -> None:
    order = [Direction.FELL, Direction.NO_CLEAR_CHANGE, Direction.ROSE]
    steps = [order.index(since(after + more, before).direction) for more in (0, 1, 10, 100)]
    assert steps == sorted(steps)


@pytest.mark.parametrize(
    ("after", "before", "other", "direction"),
    [
        (10, 40, None, "fell"),
        (40, 10, None, "rose"),
        (20, 22, None, "no_clear_change"),
        (4, 40, None, "too_few"),
        (40, 4, None, "too_few"),
        (10, 40, (10, 40), "no_clear_change"),  # it fell as much elsewhere
        (10, 40, (40, 40), "fell"),
        (40, 40, (10, 40), "rose"),  # it did not fall where all else did
        (10, 40, (3, 40), "too_few"),
    ],
)
def test_a_change_is_told_beside_what_happened_elsewhere(
    after: int, before: int, other: tuple[int, int] | None, direction: str
) -> None:
    found = since(after, before, other)
    assert found.direction == direction
    assert (found.other is None) == (found.against is None) == (other is None)


@pytest.mark.parametrize("wrong", [-1, 1.5, float("nan")])
def test_what_is_no_count_is_refused(wrong: float) -> None:
    for numbers in ((wrong, 3), (3, wrong)):
        with pytest.raises((AnalysisRefused, ValueError)):
            ratio(*numbers)


# ---------------------------------------------------------------- around a spot
spots = st.lists(st.tuples(st.floats(-5e4, 5e4), st.floats(-5e4, 5e4), st.integers(0, 100)), max_size=60)


def counted(rows: list[tuple[float, float, int]], **change: float) -> Around:
    x, y, day = ([row[n] for row in rows] for n in range(3))
    move = change.get("move", 0.0)
    return around(
        np.array(x) + move, np.array(y) + move, np.array(day), at=(move, move), radius=5000, split=50, days=20
    )


@given(spots, st.randoms())
def test_counts_around_a_spot_do_not_depend_on_order_and_are_those_of_a_plain_loop(
    rows: list[tuple[float, float, int]], draw: object
) -> None:
    found = counted(rows)
    draw.shuffle(rows)  # type: ignore[attr-defined]
    assert counted(rows) == found
    away = [(math.hypot(x, y), day) for x, y, day in rows]
    assert found.before == sum(r <= 5000 and 30 <= day < 50 for r, day in away)
    assert found.after == sum(r <= 5000 and 50 <= day < 70 for r, day in away)
    assert found.ring_after == sum(5000 < r <= 10000 and 50 <= day < 70 for r, day in away)
    assert found.ring_before == sum(5000 < r <= 10000 and 30 <= day < 50 for r, day in away)


def test_moving_everything_moves_nothing_and_nothing_is_nothing() -> None:
    rows = [(100.0, 0.0, 40), (4000.0, 0.0, 55), (7000.0, 0.0, 55), (20000.0, 0.0, 55), (0.0, 0.0, 90)]
    assert counted(rows) == counted(rows, move=1024.0) == Around(1, 1, 0, 1)
    assert counted([]) == Around(0, 0, 0, 0)
    with pytest.raises(AnalysisRefused, match="not_positive"):
        around([], [], [], at=(0, 0), radius=0, split=1, days=1)
    with pytest.raises(AnalysisRefused, match="not_whole"):
        around([], [], [], at=(0, 0), radius=1, split=1, days=0)


def test_displacement_tells_what_left_for_the_ring() -> None:
    # Bowers and Johnson 2003: (ring after / other after - ring before / other before) / (the same of the middle).
    assert displacement(Around(40, 20, 10, 30), 100, 100) == pytest.approx(-1)
    assert displacement(Around(40, 20, 20, 10), 100, 100) == pytest.approx(0.5)
    assert displacement(Around(40, 20, 10, 10), 100, 100) == pytest.approx(0)
    assert displacement(Around(40, 20, 10, 30), 0, 100) is None
    assert displacement(Around(40, 40, 10, 30), 100, 100) is None
    assert displacement(Around(40, 60, 10, 30), 100, 100) is None
