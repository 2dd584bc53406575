"""Figures equal a count of the incidents themselves, whatever the filter, the scope and the edges of the period."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from geo.model import Channel, IncidentFilter, Scope, Status
from geo.queries.conditions import DAY_ZERO, codes, split_period
from geo.queries.figures import by_district, figures, weekly
from geo.queries.incidents import newest

FIRST, LAST = date(2024, 1, 3), date(2025, 2, 20)
TYPES = ("drugs", "scam", "cattle")
DISTRICTS = ("9901", "9902", "9903")


@pytest.fixture
def filled(store: Engine) -> Engine:
    """800 incidents with and without a district and a place; half of their counts lie folded."""
    rng = np.random.default_rng(8)
    with store.begin() as connection:
        for code in DISTRICTS:
            connection.execute(
                text("insert into area (code, level, country) values (:c, 'district', 'TH')"), {"c": code}
            )
        for code in TYPES:
            connection.execute(text("insert into crime_type (code, name_th, name_en) values (:c, :c, :c)"), {"c": code})
        for part in range(2):
            connection.execute(
                text(
                    "insert into incident (crime_type, occurred_at, reported_at, status, channel, district_code, geom)"
                    " values (:type, :at, :reported, :status, :channel, :district,"
                    " case when :lon > 100 then st_point(:lon, 15, 4326) end)"
                ),
                [
                    {
                        "type": str(rng.choice(TYPES)),
                        "at": (at := _moment(int(rng.integers((LAST - FIRST).days + 1)), int(rng.integers(24)))),
                        "reported": at + timedelta(hours=int(rng.integers(1, 200))),
                        "status": str(rng.choice(list(Status))),
                        "channel": str(rng.choice(list(Channel))),
                        "district": None if (k := int(rng.integers(4))) == 3 else DISTRICTS[k],
                        "lon": float(rng.uniform(99.9, 101)),
                    }
                    for _ in range(400)
                ],
            )
            if part == 0:
                connection.execute(text("select incident_count_fold()"))
    return store


def _moment(day: int, hour: int) -> datetime:
    """A time of that day in Bangkok."""
    return datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(days=day, hours=hour - 7)


days = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
periods = st.one_of(st.just((FIRST, LAST)), st.tuples(days, days).map(lambda pair: (min(pair), max(pair))))
filters = st.builds(
    lambda period, types, districts, statuses, channels: IncidentFilter(
        period[0], period[1], tuple(types), tuple(districts), tuple(statuses), tuple(channels)
    ),
    periods,
    st.lists(st.sampled_from(TYPES), max_size=2, unique=True),
    st.lists(st.sampled_from(DISTRICTS), max_size=2, unique=True),
    st.one_of(
        st.just(IncidentFilter(FIRST, LAST).statuses),
        st.lists(st.sampled_from(list(map(str, Status))), max_size=7, unique=True),
    ),
    st.lists(st.sampled_from(list(map(str, Channel))), max_size=3, unique=True),
)
scopes = st.sampled_from([Scope.everything(), Scope(()), Scope(("9901",)), Scope(("9902", "9903")), Scope(("0000",))])


def _direct(connection: Connection, scope: Scope, chosen: IncidentFilter, what: str) -> Counter[object]:
    """Incidents by one expression, counted one by one."""
    where, values = codes(chosen, scope)
    rows = connection.execute(
        text(f"select {what}, count(*) from incident where day between :first and :last{where} group by 1"),
        values | {"first": chosen.first, "last": chosen.last},
    )
    return Counter({key: int(n) for key, n in rows})


def _seen(counts: Mapping[Any, int]) -> Counter[object]:
    return Counter({key: n for key, n in counts.items() if n})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters, scopes)
def test_figures_equal_a_direct_count(filled: Engine, chosen: IncidentFilter, scope: Scope) -> None:
    with filled.connect() as connection:
        found = figures(connection, scope, chosen)
        districts = _direct(connection, scope, chosen, "district_code")
        assert found.total == districts.total()
        assert found.before == _direct(connection, scope, chosen.before(), "district_code").total()
        assert _seen({row.code: row.n for row in found.by_district}) == districts
        assert _seen({row.code: row.before for row in found.by_district}) == _direct(
            connection, scope, chosen.before(), "district_code"
        )
        assert _seen(found.by_type) == _direct(connection, scope, chosen, "crime_type")
        assert _seen(found.by_week) == _direct(connection, scope, chosen, "date_trunc('week', day)::date")
        assert _seen(by_district(connection, scope, chosen)) == districts
        if scope.districts is not None:
            assert set(districts) <= set(scope.districts)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters, scopes)
def test_every_week_of_the_period_is_there_in_order(filled: Engine, chosen: IncidentFilter, scope: Scope) -> None:
    with filled.connect() as connection:
        weeks = list(weekly(connection, scope, chosen))
    assert weeks[0] <= chosen.first < weeks[0] + timedelta(days=7)
    assert weeks[-1] <= chosen.last < weeks[-1] + timedelta(days=7)
    assert all(later - earlier == timedelta(days=7) for earlier, later in itertools.pairwise(weeks))
    assert all(monday.weekday() == 0 for monday in weeks)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters, scopes)
def test_the_newest_are_those_reported_last(filled: Engine, chosen: IncidentFilter, scope: Scope) -> None:
    where, values = codes(chosen, scope)
    with filled.connect() as connection:
        found = newest(connection, scope, chosen)
        wanted = connection.execute(
            text(
                f"select public_id from incident where day between :first and :last{where}"
                " order by reported_at desc, id desc limit 10"
            ),
            values | {"first": chosen.first, "last": chosen.last},
        ).scalars()
        assert [row.public_id for row in found] == list(wanted)


def test_largest_come_first(filled: Engine) -> None:
    with filled.connect() as connection:
        found = figures(connection, Scope.everything(), IncidentFilter(FIRST, LAST))
    assert list(found.by_type.values()) == sorted(found.by_type.values(), reverse=True)
    districts = [row.n for row in found.by_district]
    assert districts == sorted(districts, reverse=True)
    assert [row.code for row in found.by_district].count(None) == 1


lengths = st.sampled_from([(), (7,), (56,), (7, 56), (56, 7), (7, 28, 364)])


@given(st.dates(date(1890, 1, 1), date(2090, 1, 1)), st.integers(0, 2000), lengths)
def test_a_period_is_covered_exactly_once(first: date, more: int, lengths: tuple[int, ...]) -> None:
    last = first + timedelta(days=more)
    period = split_period(first, last, lengths)
    covered = [
        DAY_ZERO + timedelta(days=number * length + day)
        for length, numbers in period.blocks.items()
        for number in numbers
        for day in range(length)
    ] + period.days
    assert sorted(covered) == [first + timedelta(days=n) for n in range(more + 1)]
    assert set(period.blocks) <= set(lengths)
    if lengths:
        assert len(period.days) <= 2 * (min(lengths) - 1)
