"""Places to stop at, and what places are worth by the hours of the day."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.patrolling.by_hour import value_by_window
from geo.analysis.patrolling.stops import stops
from geo.errors import AnalysisRefused
from geo.model.rota import Window

DAY = (Window(6, 18), Window(18, 30))


@given(seed=st.integers(0, 10**9))
@settings(max_examples=30, deadline=None)
def test_every_incident_counts_once_and_a_stop_is_where_one_was(seed):
    random = np.random.default_rng(seed)
    x, y = random.uniform(-9000, 9000, (2, 60))
    weight = random.integers(0, 5, 60)
    found = stops(x, y, weight)
    assert found.incidents.sum() == 60
    assert found.demand.sum() == pytest.approx(weight.sum())
    assert (np.diff(found.demand) <= 0).all()
    assert set(zip(found.x, found.y, strict=True)) <= set(zip(x, y, strict=True))


def test_a_place_takes_its_hours_from_what_happened_near_it():
    night = np.full(200, 23.0)
    noon = np.full(200, 12.0)
    x = np.repeat([0.0, 50_000.0], 200)
    value = value_by_window([0, 50_000, 90_000], [0, 0, 0], x, np.zeros(400), np.concatenate([night, noon]), np.ones(400), DAY, radius=5000)  # fmt: skip
    assert value.sum(axis=1) == pytest.approx([200, 200, 0])
    assert value[0, 1] > 180
    assert value[1, 0] > 180


def test_few_incidents_or_days_without_an_hour_take_the_hours_of_all():
    hours = np.array([*np.full(75, 20.0), *np.full(25, 8.0), np.nan])
    x = np.array([*np.zeros(100), 50_000.0])
    value = value_by_window([0, 50_000], [0, 0], x, np.zeros(101), hours, np.ones(101), DAY, radius=5000)
    assert value[1] == pytest.approx([0.25, 0.75])
    # What is in no window is left out.
    some = value_by_window([0], [0], x, np.zeros(101), hours, np.ones(101), (Window(18, 24),), radius=5000)
    assert some[0, 0] == pytest.approx(75)


def test_no_incidents_are_refused():
    with pytest.raises(AnalysisRefused, match=r"analysis\.no_points"):
        stops([], [], [])
