"""Every question on instances small enough that all choices can be tried, with and without the rules of a planner."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.siting import capacity, fewest, maximal, median_solve
from geo.analysis.siting.answer import Clock, Status
from geo.analysis.siting.cover import cover_within
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.covering_search import greedy
from geo.analysis.siting.explain_capacity import curve_of_capacity, explained_capacity
from geo.analysis.siting.median import median_within
from geo.analysis.siting.median_bound import median_bound
from geo.analysis.siting.median_branch import branched
from geo.analysis.siting.median_search import neighbours
from geo.analysis.siting.rules import rules
from geo.errors import AnalysisRefused

SITES = 9
ROWS = 30


@st.composite
def places(draw):
    """Demand, candidates, weights, a radius; what is existing, forced and forbidden; districts, costs."""
    random = np.random.default_rng(draw(st.integers(0, 10**9)))
    kind = random.choice(3, SITES, p=[0.75, 0.13, 0.12])
    return {
        "demand": random.uniform(0, 100, (ROWS, 2)),
        "sites": random.uniform(0, 100, (SITES, 2)),
        "weight": random.integers(0, 9, ROWS) + (random.random(ROWS) if draw(st.booleans()) else 0.5 * 2),
        "radius": float(random.uniform(12, 45)),
        "existing": kind == 1,
        "forbidden": kind == 2,
        "forced": (kind == 0) & (random.random(SITES) < 0.1),
        "district": random.integers(0, 3, SITES),
        "cost": random.integers(1, 9, SITES).astype(float),
        "number": draw(st.integers(1, 4)),
        "least": draw(st.integers(0, 1)),
        "budget": draw(st.one_of(st.none(), st.integers(8, 30))),
    }


def asked_rules(p, number):
    budgets = ((p["cost"], p["budget"]),) if p["budget"] else ()
    return rules(SITES, number, existing=p["existing"], forced=p["forced"], forbidden=p["forbidden"],
                 district=p["district"], least_each=p["least"], budgets=budgets)  # fmt: skip


def choices(p, number):
    """Every set of sites that keeps to the rules, found by trying all."""
    new = [j for j in range(SITES) if not p["existing"][j] and not p["forbidden"][j]]
    at_most = p["budget"] is not None
    numbers = range(len(new) + 1) if number is None else range(number + 1) if at_most else [number]
    for k in numbers:
        for some in combinations(new, k):
            every = sorted({*some, *np.flatnonzero(p["existing"])})
            if not set(np.flatnonzero(p["forced"] & ~p["existing"])) <= set(every):
                continue
            if at_most and p["cost"][list(some)].sum() > p["budget"]:
                continue
            if p["least"] and any((p["district"][every] == d).sum() < p["least"] for d in np.unique(p["district"])):
                continue
            yield np.array(every, dtype=int)


def reach(p):
    d = np.hypot(*(p["demand"][:, None] - p["sites"]).transpose(2, 0, 1))
    return d, d <= p["radius"]


def asked_or_refused(p, number):
    """The rules, or nothing where they are refused, which must be where no choice keeps to them."""
    limits, code = refused_or(lambda: asked_rules(p, number))
    assert limits is not None or code == "siting.too_many" or not list(choices(p, number))
    return limits


def refused_or(work):
    try:
        return work(), ""
    except AnalysisRefused as refused:
        return None, refused.code


def keeps_to_the_rules(p, answer, number):
    assert any(set(answer.sites) == set(choice) for choice in choices(p, number))


@pytest.mark.parametrize(("once", "twice", "all_once"), [(1, 0, False), (0, 1, False), (1, 1, False), (0, 1, True)])
@given(p=places())
@settings(max_examples=40, deadline=None)
def test_covering_once_and_twice_is_the_best_of_all_choices(p, once, twice, all_once):
    limits = asked_or_refused(p, p["number"])
    if limits is None:
        return
    _, near = reach(p)
    can = np.flatnonzero(near.any(axis=1) & (p["weight"] > 0))

    def value(choice):
        times = near[:, choice].sum(axis=1)
        if all_once and (times[can] == 0).any():
            return -np.inf
        return float(once * p["weight"][times >= 1].sum() + twice * p["weight"][times >= 2].sum())

    best = max(map(value, choices(p, p["number"])), default=-np.inf)
    cover = cover_within(*p["demand"].T, *p["sites"].T, p["radius"], p["weight"])
    asked = Covering(cover, limits, once, twice, all_once)
    first, _ = maximal.first_answer(asked)
    told = []
    answer = maximal.solve(asked, 20, report=told.append)
    assert all(one.bound >= best - 1e-6 and not one.value > best + 1e-6 for one in told)
    if best == -np.inf:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.value == pytest.approx(best)
    assert answer.bound == answer.value
    keeps_to_the_rules(p, answer, p["number"])
    assert value(answer.sites) == pytest.approx(answer.value)
    assert first.bound >= best - 1e-6
    if first.found:
        assert answer.value >= first.value - 1e-9
        if limits.kept_to(greedy(asked)) and not all_once:
            assert answer.value >= asked.value(cover.counts(np.flatnonzero(greedy(asked)))) - 1e-9


@given(p=places(), share=st.sampled_from([0.3, 0.75, 1.0]))
@settings(max_examples=60, deadline=None)
def test_the_fewest_that_cover_a_share(p, share):
    p["budget"] = None
    limits = asked_or_refused(p, None)
    if limits is None:
        return
    _, near = reach(p)
    need = share * p["weight"].sum() * (1 - 1e-9)
    cover = cover_within(*p["demand"].T, *p["sites"].T, p["radius"], p["weight"])
    numbers = [
        len(choice) - int(p["existing"].sum())
        for choice in choices(p, None)
        if p["weight"][near[:, choice].any(axis=1)].sum() >= need
    ]
    asked, code = refused_or(lambda: fewest.fewest(cover, limits, share))
    if asked is None:
        assert (code, numbers) == ("siting.share_unreachable", [])
        return
    told = []
    answer = fewest.solve(asked, 20, report=told.append)
    assert all(one.bound <= min(numbers) for one in told)
    assert answer.status is Status.OPTIMAL
    assert answer.value == min(numbers)
    assert fewest.first_answer(asked).bound <= min(numbers)
    keeps_to_the_rules(p, answer, None)
    assert p["weight"][near[:, answer.sites].any(axis=1)].sum() >= need


@given(p=places())
@settings(max_examples=60, deadline=None)
def test_the_shortest_ways(p):
    limits = asked_or_refused(p, p["number"])
    if limits is None:
        return
    d, _ = reach(p)
    asked = median_within(*p["demand"].T, *p["sites"].T, limits, p["weight"])
    told = []
    answer = median_solve.solve(asked, 20, report=told.append)
    values = [(p["weight"] * d[:, c].min(axis=1)).sum() for c in choices(p, p["number"]) if len(c)]
    if not values:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.value == pytest.approx(min(values))
    assert all(one.bound <= min(values) * (1 + 1e-9) for one in told)
    assert median_solve.first_answer(asked)[0].bound <= min(values) * (1 + 1e-9)
    keeps_to_the_rules(p, answer, p["number"])


@given(p=places())
@settings(max_examples=30, deadline=None)
def test_branching_proves_the_shortest_ways_from_any_choice(p):
    p |= {"least": 0, "budget": None}
    limits = asked_or_refused(p, p["number"])
    if limits is None:
        return
    d, _ = reach(p)
    asked = median_within(*p["demand"].T, *p["sites"].T, limits, p["weight"])
    worst = max(choices(p, p["number"]), key=lambda c: (p["weight"] * d[:, c].min(axis=1)).sum())
    begin = np.isin(np.arange(SITES), worst)
    around = neighbours(asked)
    bounds = []
    chosen, bound = branched(
        asked, begin, median_bound(asked, begin, around), around, Clock(), lambda _, bound: bounds.append(bound)
    )
    best = min((p["weight"] * d[:, c].min(axis=1)).sum() for c in choices(p, p["number"]))
    assert asked.value(chosen) == bound == pytest.approx(best)
    assert all(one <= best * (1 + 1e-9) for one in bounds)


@given(p=places(), room=st.integers(5, 60))
@settings(max_examples=30, deadline=None)
def test_capacities_bind(p, room):
    limits = asked_or_refused(p, p["number"])
    if limits is None:
        return
    _, near = reach(p)
    most = np.random.default_rng(room).integers(0, room, SITES)
    cover = cover_within(*p["demand"].T, *p["sites"].T, p["radius"], p["weight"])
    answer = capacity.solve(capacity.capacitated(cover, limits, most), 20)
    best = max((most_served(near[:, c], p["weight"], most[c]) for c in choices(p, p["number"])), default=None)
    if best is None:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.value == pytest.approx(best, abs=1e-5)
    keeps_to_the_rules(p, answer, p["number"])
    assert most_served(near[:, answer.sites], p["weight"], most[answer.sites]) == pytest.approx(best, abs=1e-5)

    # The reasons share the demand out anew: without a site, with another one in its place, and site by site.
    def served(sites):
        sites = np.array(sites, dtype=int)
        return most_served(near[:, sites], p["weight"], most[sites])

    asked = capacity.capacitated(cover, limits, most)
    why = explained_capacity(asked, answer.sites)
    order = list(why.index)
    assert why.adds.cumsum().tolist() == pytest.approx([served(order[: n + 1]) for n in range(len(order))], abs=1e-4)
    chosen = np.isin(np.arange(SITES), order)
    for site, row in why.iterrows():
        rest = [one for one in order if one != site]
        assert row.lost == pytest.approx(best - served(rest), abs=1e-4)
        can = np.flatnonzero(limits.swappable(chosen, np.array([site]))[:, 0]) if limits.free[site] else []
        assert (row.second_best == -1) == (not len(can))
        if len(can):
            assert row.second_best in can
            assert row.swap_loss == pytest.approx(best - max(served([*rest, other]) for other in can), abs=1e-4)
    more = curve_of_capacity(asked, p["number"])
    assert (np.diff(more.value) >= -1e-6).all()
    assert more.value.iloc[-1] == pytest.approx(served([*limits.always, *more.site[1:]]), abs=1e-4)


def most_served(near, weight, most):
    """Maximal flow from demand to sites: the least of all cuts between sites (few) and the demand that they reach."""
    sites = range(near.shape[1])
    cuts = (
        most[list(cut)].sum() + weight[near[:, [j for j in sites if j not in cut]].any(axis=1)].sum()
        for k in range(near.shape[1] + 1)
        for cut in combinations(sites, k)
    )
    return float(min(cuts))
