"""Coverage probabilities, shifts drawn with them, and what somebody who watches can guess."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.analysis.patrolling.comb import draw
from geo.analysis.patrolling.game import coverage, coverage_by_window
from geo.analysis.patrolling.guessable import Habit, guessed
from geo.analysis.patrolling.habits import Kind, patterns
from geo.errors import AnalysisRefused


def test_the_published_game():
    found = coverage([4, 2, 1], 1)
    assert found.probability == pytest.approx([2 / 3, 1 / 3, 0])
    assert found.level[0] == pytest.approx(4 / 3)


@st.composite
def games(draw_):
    n = draw_(st.integers(1, 9))
    value = draw_(st.lists(st.one_of(st.just(0.0), st.floats(0.01, 100)), min_size=n, max_size=n))
    teams = draw_(st.integers(1, n))
    return value, teams, draw_(st.floats(0, 1)) * teams / n


@given(game=games())
@settings(max_examples=50, deadline=None)
def test_no_strategy_is_better_as_linear_programming_says(game):
    value, teams, floor = game
    n, worth = len(value), np.array(value)
    found = coverage(worth, teams, floor=floor)
    best = linprog(
        np.append(np.zeros(n), 1),
        A_ub=np.column_stack([-np.diag(worth), -np.ones(n)]),
        b_ub=-worth,
        A_eq=[np.append(np.ones(n), 0)],
        b_eq=[teams],
        bounds=[(floor, 1)] * n + [(0, None)],
    )
    assert (worth * (1 - found.probability)).max() == pytest.approx(best.fun, abs=1e-6)
    assert found.probability.sum() == pytest.approx(teams)
    assert found.probability.min() >= floor - 1e-9
    assert found.probability.max() <= 1 + 1e-9
    assert (np.diff(found.probability[np.argsort(worth, kind="stable")]) >= -1e-9).all()


PROBABILITY = coverage_by_window(np.random.default_rng(0).random((8, 3)) * 5, [2, 2, 3], floor=0.08).probability


def test_each_shift_has_exactly_its_teams_and_in_the_long_run_each_place_its_share():
    rota = draw(PROBABILITY, 20_000, seed=3)
    assert (rota.sum(axis=2) == [2, 2, 3]).all()
    error = 4 * np.sqrt(PROBABILITY * (1 - PROBABILITY) / len(rota))
    assert (np.abs(rota.mean(axis=0).T - PROBABILITY) <= error).all()
    # Each pair is together at some time: who sees one team does not know where the others are.
    together = np.einsum("di,dj->ij", rota[:, 0].astype(int), rota[:, 0].astype(int))
    assert (together[~np.eye(8, dtype=bool)] > 0).mean() > 0.9
    # And the days follow on each other by chance.
    one = rota[:, 0, 0].astype(float)
    assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < 0.04


def test_a_seed_draws_the_same_and_another_one_does_not():
    assert (draw(PROBABILITY, 28, seed=7) == draw(PROBABILITY, 28, seed=7)).all()
    assert (draw(PROBABILITY, 28, seed=7) != draw(PROBABILITY, 28, seed=8)).any()
    # Stored rotas are explained by their seed: the stream must not change under them.
    assert [np.flatnonzero(of).tolist() for of in draw(PROBABILITY, 2, seed=1)[:, 0]] == [[0, 2], [0, 3]]


@given(seed=st.integers(0, 10**6), period=st.sampled_from([1, 2, 3, 7]), days=st.integers(21, 42))
@settings(max_examples=15, deadline=None)
def test_what_repeats_is_guessed_and_what_is_drawn_is_not(seed, period, days):
    drawn = draw(PROBABILITY, days, seed=seed)
    fair = guessed(drawn, PROBABILITY)
    assert fair.score is not None
    assert 0 <= fair.score <= 100
    repeated = np.concatenate([drawn[:period]] * days)[:days]
    habit = guessed(repeated, PROBABILITY)
    assert habit.guessable
    assert habit.score <= 100 * (period + 1) / days + 25
    assert habit.score < fair.score
    # Names and order of places tell nothing.
    mixed = np.random.default_rng(seed).permutation(8)
    assert guessed(repeated[:, :, mixed], PROBABILITY[mixed]).right == pytest.approx(habit.right)


def test_drawn_rotas_are_seldom_called_guessable():
    guesses = [guessed(draw(PROBABILITY, 28, seed=seed), PROBABILITY) for seed in range(60)]
    assert sum(one.guessable for one in guesses) <= 3
    assert np.mean([one.score for one in guesses]) > 95
    told = [bool(patterns(draw(PROBABILITY, 28, seed=seed), PROBABILITY)) for seed in range(60)]
    assert sum(told) <= 4


def test_a_rota_of_habit_is_named():
    week = np.concatenate([draw(PROBABILITY, 7, seed=1)] * 4)
    found = guessed(week, PROBABILITY)
    assert (found.habit, found.days) == (Habit.SAME, 7)
    assert found.score < 30
    assert Kind.WEEKDAY in {one.kind for one in patterns(week, PROBABILITY)}


def test_by_hand_the_same_place_every_monday_is_told():
    rota = draw(PROBABILITY, 28, seed=5)
    changed = np.zeros_like(rota)
    rare = int(PROBABILITY[:, 0].argmin())
    assert not patterns(rota, PROBABILITY)
    for monday in range(0, 28, 7):
        if not rota[monday, 0, rare]:
            other = np.flatnonzero(rota[monday, 0])[0]
            rota[monday, 0, [other, rare]] = False, True
            changed[monday, 0, [other, rare]] = True
    first = patterns(rota, PROBABILITY, changed)[0]
    assert (first.kind, first.place, first.window, first.weekday, first.times) == (Kind.WEEKDAY, rare, 0, 0, 4)
    assert first.by_hand


def test_where_there_is_nothing_to_guess_there_is_no_score():
    assert guessed(draw(PROBABILITY, 6, seed=1), PROBABILITY).score is None
    assert guessed(draw([[1.0], [1.0]], 20, seed=1), [[1.0], [1.0]]).score is None


def test_what_cannot_be_is_refused():
    for value, teams, floor, code in (
        ([], 1, 0, "patrolling.no_places"),
        ([1, -1], 1, 0, "patrolling.negative"),
        ([1, 1], 3, 0, "patrolling.more_teams"),
        ([1, 1, 1, 1], 1, 0.3, "patrolling.floor"),
        ([1, float("nan")], 1, 0, "analysis.not_finite"),
        ([1, 1], 0, 0, "analysis.not_whole"),
    ):
        with pytest.raises(AnalysisRefused) as refused:
            coverage(value, teams, floor=floor)
        assert refused.value.code == code
    with pytest.raises(AnalysisRefused, match=r"patrolling\.probability"):
        draw([[0.5], [0.4]], 3, seed=1)
    with pytest.raises(AnalysisRefused, match=r"patrolling\.rota"):
        guessed(np.ones((8, 3, 8)), [[0.5], [0.5]])
