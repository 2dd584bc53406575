"""What holds for every plan: order and number of sites, stopping, worker processes, and why a site was chosen."""

from __future__ import annotations

import multiprocessing
import time
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geo.analysis.siting import fewest, maximal, median_solve
from geo.analysis.siting.answer import Status
from geo.analysis.siting.backup import backup
from geo.analysis.siting.cover import cover_of, cover_within
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.explain import curve, explained
from geo.analysis.siting.explain_median import curve_of_ways, explained_ways
from geo.analysis.siting.median import median_of, median_within
from geo.analysis.siting.rules import rules
from geo.errors import AnalysisRefused


def land(seed: int, rows: int = 400, sites: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.uniform(0, 100_000, (rows, 2)), random.uniform(0, 100_000, (sites, 2)), random.integers(0, 9, rows)


seeds = st.integers(0, 10**9)


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_more_sites_never_cover_less_nor_make_ways_longer(seed):
    demand, sites, weight = land(seed)
    cover = cover_within(*demand.T, *sites.T, 12_000, weight)
    covered = [maximal.solve(Covering(cover, rules(len(sites), number)), 10) for number in (1, 3, 4, 8, 40)]
    assert all(one.status is Status.OPTIMAL for one in covered)
    assert [one.value for one in covered] == sorted(one.value for one in covered)
    assert covered[-1].value == cover.weight.sum()
    ways = [median_solve.solve(median_within(*demand.T, *sites.T, rules(len(sites), n), weight), 10) for n in (1, 3, 4)]
    assert [one.value for one in ways] == sorted((one.value for one in ways), reverse=True)


@given(seed=seeds)
@settings(max_examples=5, deadline=None)
def test_the_order_of_rows_changes_no_value(seed):
    demand, sites, weight = land(seed)
    again = np.random.default_rng(seed).permutation(len(demand))
    values = []
    for order in (slice(None), again):
        cover = cover_within(*demand[order].T, *sites.T, 12_000, weight[order])
        once = Covering(cover, rules(len(sites), 5))
        near = median_within(*demand[order].T, *sites.T, rules(len(sites), 4), weight[order])
        values.append(
            (
                maximal.solve(once, 10).value,
                maximal.solve(backup(cover, rules(len(sites), 5)), 10).value,
                fewest.solve(fewest.fewest(cover, rules(len(sites)), 0.5), 10).value,
                median_solve.solve(near, 10).value,
            )
        )
    assert values[0] == pytest.approx(values[1], rel=1e-9)


@given(seed=seeds)
@settings(max_examples=25, deadline=None)
def test_demand_is_put_together_without_changing_any_cover(seed):
    demand, sites, weight = land(seed)
    cover = cover_within(*demand.T, *sites.T, 20_000, weight)
    near = np.hypot(*(demand[:, None] - sites).transpose(2, 0, 1)) <= 20_000
    chosen = np.random.default_rng(seed).choice(len(sites), 6, replace=False)
    counts = near[:, chosen].sum(axis=1)
    assert Covering(cover, rules(40, 6)).value(cover.counts(chosen)) == weight[counts > 0].sum()
    assert (cover.rows_covered(chosen) == ((counts > 0) & (weight > 0))).all()
    assert (cover.rows_covered(chosen, 2) == ((counts > 1) & (weight > 0))).all()
    assert len(cover.weight) == len(np.unique(near[near.any(axis=1) & (weight > 0)], axis=0))
    for costs in (np.where(near, 7.0, np.nan), sparse.csr_array(np.where(near, 7.0, 0.0))):
        assert np.array_equal(cover_of(costs, 7, weight).by_site.toarray(), cover.by_site.toarray())


def test_a_point_exactly_at_the_radius_is_covered():
    cover = cover_within([0, 0.3], [0, 0], [0.1 + 0.2], [0], 0.3)
    assert cover.rows_covered(np.array([0])).all()


def hard() -> Covering:
    random = np.random.default_rng(1)
    demand, sites = random.uniform(0, 200_000, (20_000, 2)), random.uniform(0, 200_000, (1_000, 2))
    cover = cover_within(*demand.T, *sites.T, 15_000, random.integers(1, 10, 20_000))
    return Covering(cover, rules(1_000, 40))


def test_the_time_limit_gives_the_best_so_far_with_its_bound():
    told = []
    answer = maximal.solve(hard(), 3, report=told.append)
    assert answer.status is Status.TIME_LIMIT
    assert answer.value <= answer.bound <= 1.05 * answer.value
    assert answer.gap == pytest.approx(answer.bound / answer.value - 1)
    assert len(answer.sites) == 40
    assert [one.value for one in told] == sorted(one.value for one in told)
    assert [one.bound for one in told] == sorted((one.bound for one in told), reverse=True)


def test_a_person_can_stop_it_at_any_time():
    begun = time.perf_counter()
    answer = maximal.solve(hard(), 300, cancelled=lambda: time.perf_counter() > begun + 4)
    assert answer.status is Status.CANCELLED
    assert len(answer.sites) == 40
    demand, sites, _ = land(1, 3000, 300)
    at_once = median_solve.solve(median_within(*demand.T, *sites.T, rules(300, 10)), 300, cancelled=lambda: True)
    assert at_once.status is Status.CANCELLED
    assert 0 < at_once.bound <= at_once.value
    assert len(at_once.sites) == 10


def test_a_worker_process_takes_the_question_and_gives_the_answer():
    demand, sites, weight = land(3)
    cover = cover_within(*demand.T, *sites.T, 12_000, weight)
    asked = Covering(cover, rules(40, 5))
    near = median_within(*demand.T, *sites.T, rules(40, 5), weight)
    few = fewest.fewest(cover, rules(40), 0.6)
    for way in ("spawn", "fork"):
        with multiprocessing.get_context(way).Pool(1) as pool:
            for work, question in ((maximal.solve, asked), (median_solve.solve, near), (fewest.solve, few)):
                there = pool.apply(partial(work, limit=10), (question,))
                assert there.value == work(question, 10).value


def test_each_site_is_explained_by_what_it_adds_and_what_is_lost_without_it():
    demand, sites, weight = land(5)
    existing = np.arange(40) == 17
    cover = cover_within(*demand.T, *sites.T, 12_000, weight)
    asked = Covering(cover, rules(40, 5, existing=existing))
    answer = maximal.solve(asked, 10)
    why = explained(asked, answer.sites)
    value = lambda chosen: asked.value(cover.counts(np.array(sorted(chosen))))  # noqa: E731
    assert set(why.index) == set(answer.sites)
    assert why.index[0] == 17
    assert list(why.existing) == [True] + 5 * [False]
    assert why.adds.sum() == answer.value
    for site, row in why.iterrows():
        rest = set(answer.sites) - {site}
        assert row.lost == answer.value - value(rest)
        if site == 17:
            assert row.second_best == -1
            continue
        best = max(value(rest | {other}) for other in set(range(40)) - set(answer.sites))
        assert row.swap_loss == answer.value - best >= 0
        assert value(rest | {int(row.second_best)}) == best


def test_the_curve_rises_more_slowly_with_every_site_and_stays_under_its_bound():
    demand, sites, weight = land(6)
    cover = cover_within(*demand.T, *sites.T, 12_000, weight)
    told = curve(Covering(cover, rules(40, 3, existing=np.arange(40) < 2)), 12)
    assert list(told.index) == list(range(13))
    assert (np.diff(told.value, n=2) <= 1e-9).all()
    assert (told.bound >= told.value).all()
    for number in (1, 5, 12):
        best = maximal.solve(Covering(cover, rules(40, number, existing=np.arange(40) < 2)), 10)
        assert told.value[number] <= best.value <= told.bound[number] + 1e-6


@pytest.mark.parametrize(
    ("code", "work"),
    [
        ("siting.number", lambda: rules(5, 0)),
        ("siting.number", lambda: rules(5, 1.5)),
        ("siting.too_many", lambda: rules(5, 6)),
        ("siting.no_candidates", lambda: rules(0, 1)),
        ("siting.forced_forbidden", lambda: rules(3, 1, forced=[1, 0, 0], forbidden=[1, 0, 0])),
        ("siting.too_many_forced", lambda: rules(3, 1, forced=[1, 1, 0])),
        ("siting.spread", lambda: rules(3, 1, district=["a", "b", "b"], least_each=1)),
        ("siting.spread_short", lambda: rules(3, 2, district=["a", "b", "b"], least_each=2)),
        ("siting.budget", lambda: rules(2, forced=[1, 0], budgets=(([5, 1], 4),))),
        ("siting.negative_cost", lambda: rules(2, budgets=(([5, -1], 4),))),
        ("analysis.not_finite", lambda: rules(2, budgets=(([5, np.nan], 4),))),
        ("siting.no_demand", lambda: cover_within([], [], [1], [1], 5)),
        ("siting.no_candidates", lambda: cover_within([1], [1], [], [], 5)),
        ("siting.negative_weight", lambda: cover_within([1], [1], [1], [1], 5, [-1])),
        ("siting.no_weight", lambda: cover_within([1], [1], [1], [1], 5, [0])),
        ("analysis.not_finite", lambda: cover_within([np.nan], [1], [1], [1], 5)),
        ("analysis.not_positive", lambda: cover_within([1], [1], [1], [1], 0)),
        ("siting.unreachable", lambda: median_of([[1, 2], [np.inf, np.inf]], rules(2, 1))),
        ("siting.negative_distance", lambda: median_of([[1, -2]], rules(2, 1))),
        ("siting.share", lambda: fewest.fewest(cover_within([1], [1], [1], [1], 5), rules(1), 0)),
        ("siting.share_unreachable", lambda: fewest.fewest(cover_within([1, 99], [1, 1], [1], [1], 5), rules(1), 0.8)),
    ],
)
def test_what_cannot_be_is_refused(code, work):
    with pytest.raises(AnalysisRefused) as refused:
        work()
    assert refused.value.code == code


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_each_site_of_a_p_median_says_what_ways_are_without_it_and_what_stands_second(seed):
    demand, places, weight = land(seed, 150, 14)
    kept = np.arange(14) == seed % 14
    asked = median_within(*demand.T, *places.T, rules(14, 4, existing=kept if seed % 2 else None), weight)
    answer = median_solve.solve(asked, 10)
    told = explained_ways(asked, answer.sites)
    assert sorted(told.index) == list(answer.sites)
    assert told.covers.sum() == pytest.approx(asked.weight.sum())
    for site, row in told.iterrows():
        rest = np.setdiff1d(answer.sites, [site])
        without = float(asked.weight @ asked.nearest(rest))
        assert row.lost == pytest.approx(without - answer.value)
        if row.existing:
            assert row.second_best == -1
            continue
        others = [j for j in range(14) if j not in answer.sites]
        swaps = [float(asked.weight @ asked.nearest(np.append(rest, j))) - answer.value for j in others]
        assert row.swap_loss == pytest.approx(min(swaps), abs=1e-6 * answer.value)
        assert swaps[others.index(int(row.second_best))] == pytest.approx(min(swaps), abs=1e-6 * answer.value)
    first = told.index[0]
    assert np.isnan(told.adds.iloc[0])
    saved = float(asked.weight @ asked.nearest(np.array([first]))) - answer.value
    assert told.adds.iloc[1:].sum() == pytest.approx(saved)
    line = curve_of_ways(asked, 8)
    assert (line["mean"].diff().dropna() <= 0).all()
    assert line.value.loc[4] >= answer.value - 1e-6
    assert line.index[-1] == 8
