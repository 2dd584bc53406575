"""The statistics against figures that were published or that reference programs gave, and against plain sums."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.change import change
from geo.analysis.concentration import concentration, few_places
from geo.analysis.emerging import classify
from geo.analysis.false_discovery import q_values
from geo.analysis.kernel_density import binning_error, density, density_at
from geo.analysis.near_repeat import knox
from geo.analysis.prediction import captured, pai, pei, scored
from geo.analysis.rates import empirical_bayes
from geo.analysis.spatial_scan import most_likely_circle
from geo.analysis.time_patterns import by_hour_and_weekday, by_week
from geo.analysis.trend import mann_kendall

ANSWERS = Path(__file__).resolve().parents[3].parent / "shared" / "reference_answers"
with_answers = pytest.mark.skipif(not ANSWERS.exists(), reason="the reference answers in ../shared are not here")


@with_answers
@pytest.mark.parametrize(
    ("space", "time", "observed", "expected", "p"),
    [
        (20, 5, 13, 10.14382, 0.205),
        (2.5, 30, 3, 1.393958, 0.145),
        (5, 60, 12, 8.929343, 0.209),
        (10, 90, 69, 43.89396, 0.001),
        (20, 180, 308, 261.0082, 0.002),
    ],
)
def test_knox_on_burkitts_lymphoma_as_surveillance_gives_it(space, time, observed, expected, p):
    cases = pd.read_csv(ANSWERS / "knox_burkitt" / "burkitt.csv")
    found = knox(cases.X, cases.Y, cases["T"], space, time)
    first = found.table.iloc[0]
    assert first.observed == observed
    assert first.expected == pytest.approx(expected, abs=1e-4)
    assert first.p == pytest.approx(p, abs=0.04)
    assert found.pairs == 188 * 187 / 2


def test_knoxs_own_leukaemia_has_the_poisson_p_of_at_least_five():
    from scipy import stats

    assert stats.poisson.sf(5 - 1, 25 * 152 / 4560) == pytest.approx(0.001684, abs=1e-6)


@with_answers
def test_the_scan_of_pennsylvania_finds_the_counties_of_spatialepi():
    land = pd.read_csv(ANSWERS / "scan_pennLC" / "pennLC_county.csv")
    where = (land.x_km * 1000, land.y_km * 1000, land.cases, land.population)
    binomial = most_likely_circle(*where, permutations=99)
    assert binomial.log_ratio == pytest.approx(36.57051, abs=1e-5)
    assert binomial.expected == pytest.approx(2008.223, abs=1e-3)
    assert ",".join(land.county[binomial.places]) == "washington,greene,allegheny,beaver,fayette,westmoreland,butler"
    poisson = most_likely_circle(*where, expected=land.expected, permutations=99)
    assert poisson.log_ratio == pytest.approx(17.66288, abs=1e-5)
    assert ",".join(land.county[poisson.places]) == "delaware,philadelphia"
    assert binomial.p == poisson.p == 0.01


@with_answers
def test_the_rates_of_auckland_are_marshalls():
    land = pd.read_csv(ANSWERS / "eb_auckland" / "auckland_EBest.csv")
    ours = empirical_bayes(land.M77_85, land.base)
    np.testing.assert_allclose(ours.smoothed, land.estmm, atol=1e-12)
    assert ours.attrs["a"] == pytest.approx(7.284173e-07, rel=1e-6)


def test_the_variance_between_areas_is_never_below_nothing():
    ours = empirical_bayes([2, 2, 2], [1000, 1000, 1000])
    assert ours.attrs["a"] == 0
    assert (ours.smoothed == ours.attrs["m"]).all()


@with_answers
def test_mann_kendall_gives_what_r_gives_for_360_values():
    values = pd.read_csv(ANSWERS / "mannkendall" / "series_360.csv", skip_blank_lines=False).value
    trend = mann_kendall(values)
    assert trend.s == -1959
    assert trend.variance == pytest.approx(4889800.333333333)
    assert trend.p == pytest.approx(0.37591058740506833)
    assert trend.tau == pytest.approx(-0.03153167653875869)
    assert trend.slope == pytest.approx(-0.006369426751592357)


def test_mann_kendall_of_ten_falling_and_of_equal_values():
    falling = mann_kendall(np.arange(10, 0, -1))
    assert (falling.s, falling.variance) == (-45, 125)
    assert falling.z == pytest.approx(-44 / np.sqrt(125))
    level = mann_kendall(np.full(9, 4.0))
    assert (level.s, level.variance, level.z, level.p) == (0, 0, 0, 1)


def test_pai_and_pei_of_the_textbook():
    assert pai(20, 100, 2, 100) == pytest.approx(10)
    assert pai(25, 100, 50, 100) == pytest.approx(0.5)
    assert pai(100, 100, 100, 100) == 1
    assert pei(20, 40) == 0.5
    table = scored({"hindsight": [9, 1, 0, 0], "blind": [1, 1, 1, 1]}, [9, 1, 0, 0], [0.25, 1])
    assert list(table[table.method == "hindsight"].pei) == [1, 1]
    assert list(table[table.method == "blind"].pai) == pytest.approx([1, 1])


def test_cells_of_equal_score_count_with_the_share_that_is_taken():
    assert captured([5, 1, 1, 1], [4, 3, 0, 0], 2) == pytest.approx(5)
    assert captured([1, 1, 5, 1], [0, 3, 4, 0], 2) == pytest.approx(5)


def test_kernel_density_is_the_sum_of_its_kernels_and_by_cells_within_its_bound():
    random = np.random.default_rng(2)
    x, y = random.normal(0, 8000, (2, 3000))
    one_by_one = density(x, y, 5000, exact=True)
    by_cells = density(x, y, 5000, exact=False)
    east, north = np.meshgrid(one_by_one.raster.x(), one_by_one.raster.y())
    plain = density_at(x, y, east.ravel(), north.ravel(), 5000).reshape(one_by_one.raster.shape)
    np.testing.assert_allclose(one_by_one.density, plain, atol=1e-9)
    wrong = np.abs(by_cells.density - plain).max()
    assert wrong <= by_cells.error < binning_error(3000, 5000, 1000)
    assert wrong <= 0.02 * plain.max()
    assert by_cells.kept == pytest.approx(3000, rel=0.005)


def test_an_adaptive_surface_of_many_points_is_near_that_of_their_own_kernels():
    random = np.random.default_rng(3)
    x, y = np.concatenate([random.normal(0, 2000, (2, 2000)), random.uniform(-40_000, 40_000, (2, 2000))], axis=1)
    own, classes = (density(x, y, 5000, adaptive=True, exact=exact).density for exact in (True, False))
    assert np.abs(own - classes).max() <= 0.15 * own.max()
    assert own.max() > density(x, y, 5000).density.max()


@pytest.mark.parametrize(
    ("states", "trend", "kind"),
    [
        ("........+", 0, "hot_new"),
        ("-...-...+", 0, "hot_new"),
        (".....++++", 0, "hot_consecutive"),
        ("+++++++++", 1, "hot_intensifying"),
        ("+++++++++", 0, "hot_persistent"),
        ("+++++++++", -1, "hot_diminishing"),
        ("++.+..+.+", 0, "hot_sporadic"),
        ("+-.+..+.+", 0, "hot_oscillating"),
        ("+++++++++.", 0, "hot_historical"),
        ("........-", 0, "cold_new"),
        (".....----", 0, "cold_consecutive"),
        ("---------", -1, "cold_intensifying"),
        ("---------", 0, "cold_persistent"),
        ("---------", 1, "cold_diminishing"),
        ("--.-..-.-", 0, "cold_sporadic"),
        ("-+.-..-.-", 0, "cold_oscillating"),
        ("---------.", 0, "cold_historical"),
        (".........", 1, "no_pattern"),
        ("++.+..+..", 0, "no_pattern"),
    ],
)
def test_the_classes_of_emerging_hot_spots_are_those_of_esri(states, trend, kind):
    row = np.array([[{"+": 1, "-": -1, ".": 0}[state] for state in states]], dtype=np.int8)
    assert classify(row, np.array([float(trend)]))[0] == kind


@pytest.mark.parametrize(
    ("before", "latest", "kind"),
    [
        (2, 5, "limited_change"),
        (0, 5, "limited_change"),
        (0, 6, "strong_increase"),
        (3, 0, "strong_decrease"),
        (100, 125, "strong_increase"),
        (100, 124, "increase"),
        (100, 110, "increase"),
        (100, 109, "no_change"),
        (100, 91, "no_change"),
        (100, 90, "decrease"),
        (100, 75, "strong_decrease"),
    ],
)
def test_change_has_its_classes_and_small_numbers_have_none(before, latest, kind):
    assert change([latest], [before])["class"][0] == kind


def test_no_percentage_is_told_of_fewer_than_five():
    told = change([4, 10, 10], [10, 4, 8])
    assert list(told.percent.isna()) == [True, True, False]


def test_one_place_of_four_that_has_three_of_four_incidents_holds_half():
    found = concentration([0, 6, 1, 1])
    assert found.holds_half == 0.25
    assert list(found.incidents) == pytest.approx([0, 0.75, 0.875, 1, 1])
    assert concentration([2, 2, 2, 2]).gini == pytest.approx(0)
    assert list(few_places(pd.Series([0, 6, 1, 1], index=list("abcd"))).index) == ["b", "c"]


def test_hours_are_those_of_bangkok_and_a_day_without_hour_is_told_apart():
    when = pd.Series(pd.to_datetime(["2026-05-04T17:30:00Z", "2026-05-05T01:00:00Z", "2025-12-29T00:00:00Z"], utc=True))
    table, without = by_hour_and_weekday(when, [False, False, True])
    assert without == 1
    assert table.loc[2, 0] == 1  # Monday evening in Greenwich is Tuesday in Bangkok
    assert table.to_numpy().sum() + without == 3
    weeks = by_week(when)
    assert weeks.loc[2026, 1] == 1  # 29 December 2025 lies in the first week of 2026
    assert weeks.to_numpy().sum() == 3


def test_mann_kendall_with_ties_is_that_of_pymannkendall():
    theirs = pytest.importorskip("pymannkendall")
    random = np.random.default_rng(11)
    for _ in range(20):
        values = random.integers(0, 4, 25).astype(float)
        ours, expected = mann_kendall(values), theirs.original_test(values)
        assert (ours.s, ours.variance, ours.z, ours.p) == pytest.approx(
            (expected.s, expected.var_s, expected.z, expected.p)
        )
        assert ours.slope == pytest.approx(expected.slope)


@given(st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=60))
def test_corrected_probabilities_are_those_of_scipy(p):
    from scipy import stats

    np.testing.assert_allclose(q_values(p), stats.false_discovery_control(p), rtol=1e-12)


def test_poisson_probabilities_and_limits_are_those_of_scipy():
    from scipy import stats

    counts = np.array([0, 1, 5, 40, 3000])
    found = empirical_bayes(counts, np.full(5, 1000.0))
    np.testing.assert_allclose(found.low[1:], stats.chi2.ppf(0.025, 2 * counts[1:]) / 2000)
    np.testing.assert_allclose(found.high, stats.chi2.ppf(0.975, 2 * counts + 2) / 2000)
    assert found.low[0] == 0
    random = np.random.default_rng(3)
    table = knox(
        *random.uniform(0, 900, (2, 60)), random.integers(0, 90, 60), (1.0, 100.0, 300.0), (2.0, 20.0), permutations=9
    ).table
    np.testing.assert_allclose(table.p_poisson, stats.poisson.sf(table.observed - 1, table.expected), rtol=1e-9)
    assert (table.observed == 0).any()
