"""Round trips: published optima, and what holds for every one of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyvrp import read

from geo.analysis.patrolling.outing import round_trips
from geo.analysis.patrolling.overland import overland, seconds
from geo.analysis.patrolling.solver import solved
from geo.errors import AnalysisCancelled, AnalysisRefused

ANSWERS = Path(__file__).resolve().parents[4].parent / "shared" / "reference_answers"
with_answers = pytest.mark.skipif(not ANSWERS.exists(), reason="the reference answers in ../shared are not here")


def straight_ways(x, y):
    return seconds(overland(x, y, None).metres, kmh=30, detour=1.3)


@with_answers
def test_tsiligirides_first_set_by_budget():
    x, y, prize = np.loadtxt(ANSWERS / "orienteering" / "tsiligirides1.txt").T
    ways = np.hypot(x[:, None] - x, y[:, None] - y)
    best = {5: 10, 10: 15, 15: 45, 20: 65, 25: 90, 35: 135, 40: 155, 50: 190, 70: 260, 73: 265, 75: 270, 85: 285}
    found = {limit: round_trips(ways, prize, limit=limit, finish=1, iterations=200) for limit in best}
    assert {limit: trips.prize for limit, trips in found.items()} == best
    assert all(trip.back <= limit for limit, trips in found.items() for trip in trips.trips)
    # These two take the solver longer.
    assert [round_trips(ways, prize, limit=limit, finish=1, iterations=1400).prize for limit in (55, 60)] == [205, 225]


@with_answers
def test_the_solver_finds_the_optimum_of_e_n22_k4(tmp_path):
    copy = tmp_path / "E-n22-k4.vrp"
    copy.write_text((ANSWERS / "cvrp" / "E-n22-k4.txt").read_text())
    assert solved(read(copy, round_func="round"), seed=1, iterations=300).cost() == 375


@given(seed=st.integers(0, 10**9), teams=st.integers(1, 3), hours=st.floats(1.5, 8))
@settings(max_examples=8, deadline=None)
def test_nobody_is_late_and_no_place_is_visited_twice(seed, teams, hours):
    random = np.random.default_rng(seed)
    ways = straight_ways(*random.uniform(0, 40_000, (2, 25)))
    prize = random.exponential(5, 25)
    asked = {"teams": teams, "stop": 600.0, "iterations": 60, "seed": seed}
    assume((2 * ways[0, 1:] + 600 <= hours * 3600).any())
    found = round_trips(ways, prize, limit=hours * 3600, **asked)
    assert len(found.trips) <= teams
    stops = np.concatenate([trip.stops for trip in found.trips])
    assert 0 not in stops
    assert len(set(stops)) == len(stops)
    assert not set(stops) & (set(found.left_out) | set(found.out_of_reach))
    assert len(stops) + len(found.left_out) + len(found.out_of_reach) == 24
    for trip in found.trips:
        way = [0, *trip.stops, 0]
        travelled = sum(ways[a, b] for a, b in pairwise(way))
        assert trip.back == pytest.approx(travelled + 600 * len(trip.stops))
        assert trip.back <= hours * 3600
        assert trip.prize == pytest.approx(prize[trip.stops].sum())
    longer = round_trips(ways, prize, limit=hours * 1.5 * 3600, **asked)
    assert longer.prize >= 0.98 * found.prize


def test_the_same_seed_gives_the_same_routes_and_it_can_be_stopped():
    random = np.random.default_rng(5)
    ways = straight_ways(*random.uniform(0, 40_000, (2, 30)))
    prize = random.exponential(5, 30)
    told = []
    first, again = (
        round_trips(ways, prize, limit=4 * 3600, teams=2, iterations=80, seed=3, progress=lambda *at: told.append(at))
        for _ in range(2)
    )
    assert [trip.stops.tolist() for trip in first.trips] == [trip.stops.tolist() for trip in again.trips]
    assert told[:80] == [(done, 80) for done in range(1, 81)]
    with pytest.raises(AnalysisCancelled):
        round_trips(ways, prize, limit=4 * 3600, iterations=10**6, cancelled=lambda: True)


def test_what_cannot_be_is_refused():
    ways, prize = np.ones((3, 3)) * 60, np.array([0.0, 1, 1])
    for wrong, code in (
        ({"teams": 11}, "patrolling.many_teams"),
        ({"limit": 0}, "analysis.not_positive"),
        ({"limit": 100}, "patrolling.nothing_reached"),
        ({"stop": -1}, "patrolling.negative"),
        ({"prize": [0, 0, 0]}, "patrolling.nothing_reached"),
        ({"prize": [0, 0]}, "patrolling.ways"),
        ({"ways": [[0.0]], "prize": [0]}, "patrolling.no_places"),
    ):
        given_ways, worth = wrong.pop("ways", ways), wrong.pop("prize", prize)
        with pytest.raises(AnalysisRefused) as refused:
            round_trips(given_ways, worth, **({"limit": 3600} | wrong))
        assert refused.value.code == code
    with pytest.raises(AnalysisRefused, match=r"patrolling\.detour"):
        seconds(np.ones((2, 2)), kmh=30, detour=0.5)


def test_a_place_without_a_way_is_out_of_reach():
    ways = np.full((3, 3), 600.0)
    ways[:, 2] = np.inf
    found = round_trips(ways, [0, 1, 9], limit=3600, iterations=20)
    assert [trip.stops.tolist() for trip in found.trips] == [[1]]
    assert found.out_of_reach.tolist() == [2]
