"""Totals, indicators and targets of districts, and what can be told of reporting after a training."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.actions.activities import record_activity
from geo.actions.activity_targets import set_target
from geo.actions.quiet_months import say_quiet
from geo.analysis.before_after import Direction
from geo.errors import WatchError
from geo.model.activity import ActivityKind, ActivityState, AttendeeRole, Heads, NewActivity
from geo.model.activity_figures import Indicator, Target, quarter_of, quarters_back, target_of
from geo.queries.activities import activity_totals
from geo.queries.activity_figures import activity_targets, indicators
from geo.queries.training_since import training_since, trainings
from tests.geo.activities.conftest import MUKDAHAN, NONG_KHAI, TRAINING, Hall, on
from tests.geo.meetings.conftest import ARANYA


def record(hall: Hall, who: str, new: NewActivity) -> int:
    with hall.acting(who) as connection:
        return record_activity(connection, hall.people[who], new)


@settings(max_examples=50)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 9))
def test_quarters_follow_each_other_without_a_gap(day: date, n: int) -> None:
    spans = quarters_back(day, n)
    assert spans[0][0] <= day <= spans[0][1]
    assert all(later[0] - earlier[1] == timedelta(days=1) for later, earlier in pairwise(spans))
    assert all(first.day == 1 and quarter_of(last) == (first, last) for first, last in spans)


def test_a_districts_own_target_comes_before_that_of_all_and_the_later_before_the_earlier() -> None:
    aim, early, late = Indicator.PEOPLE_REACHED, date(2026, 1, 1), date(2026, 7, 1)
    targets = (
        Target(aim, None, early, 1),
        Target(aim, None, late, 2),
        Target(aim, "4301", early, 3),
        Target(Indicator.PLACES_HEARD, "4301", late, 9),
    )
    assert [target_of(targets, aim, code, day) for code in ("4301", "4901") for day in (date(2025, 10, 1), early, late)] == [
        None, 3, 3, None, 1, 2,
    ]  # fmt: skip


def test_what_was_held_adds_up_and_what_was_planned_or_cancelled_does_not_count(hall: Hall) -> None:
    ids = hall.people
    record(hall, "officer", replace(on(hall, 20), coordinators=(ids["headman"].id,)))
    record(
        hall,
        "chief",
        on(
            hall,
            10,
            heads={AttendeeRole.HEADMAN: Heads(5, 5)},
            score_before=50.0,
            score_after=60.0,
            scored=10,
            baht=None,
        ),
    )
    record(
        hall,
        "chief",
        on(
            hall,
            9,
            kind=ActivityKind.ONLINE_POST,
            heads={},
            reach=1800,
            score_before=None,
            score_after=None,
            scored=None,
            satisfaction=None,
            answered=None,
            baht=None,
        ),
    )
    record(hall, "chief", on(hall, -5, state=ActivityState.PLANNED))
    record(hall, "chief", on(hall, 5, state=ActivityState.CANCELLED))
    record(hall, "neighbour", on(hall, 7, district=MUKDAHAN, area_code=None))
    since = hall.today - timedelta(days=30)
    with hall.acting("chief") as connection:
        ours = activity_totals(connection, (NONG_KHAI,), since, hall.today + timedelta(days=30))
        both = activity_totals(connection, (NONG_KHAI, MUKDAHAN), since, hall.today)
    assert dict(ours.by_kind) == {ActivityKind.TRAINING: 2, ActivityKind.ONLINE_POST: 1}
    assert ours.by_role == {AttendeeRole.HEADMAN: Heads(25, 14, 1), AttendeeRole.OFFICIAL: Heads(2, 3)}
    assert (ours.total, ours.heads, ours.reach, ours.baht) == (3, Heads(27, 17, 1), 1800, 12_500.5)
    assert (ours.score_before, ours.score_after, ours.scored) == (pytest.approx(43.625), pytest.approx(73.5), 40)
    assert (ours.watched, ours.trained) == (2, 1)
    assert both == ours  # another's activities are not told
    with hall.acting("commander") as connection:
        all_of_them = activity_totals(connection, (NONG_KHAI, MUKDAHAN), since, hall.today)
        before = activity_totals(connection, (NONG_KHAI,), since - timedelta(days=60), since)
    assert (all_of_them.total, all_of_them.watched, all_of_them.trained) == (4, 3, 1)
    assert (before.total, before.score_before, before.satisfaction, before.trained) == (0, None, None, 0)


def test_indicators_stand_beside_what_the_national_centre_aims_at(hall: Hall) -> None:
    first, last = quarter_of(hall.today)
    for who in ("chief", "commander", "administrator"):
        with pytest.raises(WatchError), hall.acting(who) as connection:
            set_target(connection, hall.people[who], Indicator.PLACES_HEARD, None, first, 50)
    with hall.acting("national") as connection:
        national = hall.people["national"]
        for indicator, district, value in (
            (Indicator.PLACES_HEARD, None, 40.0), (Indicator.PLACES_HEARD, None, 50.0), (Indicator.HOURS_TO_VERIFY, MUKDAHAN, 1.0),
            (Indicator.TRAINED_VILLAGES, NONG_KHAI, 80.0),
        ):  # fmt: skip
            set_target(connection, national, indicator, district, hall.today, value)
        for bad in (-1.0, 101.0):
            with pytest.raises(WatchError):
                set_target(connection, national, Indicator.PLACES_HEARD, None, first, bad)
    with hall.acting("headman") as connection:
        say_quiet(connection, hall.people["headman"].id, f"{NONG_KHAI}01", "หมู่ 1", hall.today.replace(day=1))
    with hall.acting("chief") as connection:
        assert len(activity_targets(connection)) == 3
        found = indicators(connection, (NONG_KHAI, MUKDAHAN), first, last)
    assert set(found) == {NONG_KHAI}
    heard, trained = found[NONG_KHAI][Indicator.PLACES_HEARD], found[NONG_KHAI][Indicator.TRAINED_VILLAGES]
    assert (heard.part, heard.whole, heard.value, heard.target, heard.meets(Indicator.PLACES_HEARD)) == (
        1,
        2,
        50,
        50,
        True,
    )
    assert (trained.whole, trained.meets(Indicator.TRAINED_VILLAGES)) == (2, False)
    assert found[NONG_KHAI][Indicator.HOURS_TO_VERIFY].meets(Indicator.HOURS_TO_VERIFY) is None
    with hall.acting("national") as connection:
        set_target(connection, national, Indicator.PLACES_HEARD, None, hall.today, None)
        assert len(activity_targets(connection)) == 2


def test_reporting_after_a_training_is_told_beside_districts_without_one(hall: Hall) -> None:
    """Twice as much in Nong Khai as before, nothing new in Aranyaprathet: the third, which trained too, is no comparison."""
    day, hall_today = 42, hall.today
    number = record(hall, "chief", on(hall, day))
    record(hall, "chief", on(hall, 4, kind=ActivityKind.NEWS_TOWER))
    for district, before, after in ((NONG_KHAI, 2, 6), (ARANYA, 2, 2)):
        for ago in range(1, day + 85, 2):
            hall.report(
                district,
                days_ago=ago,
                n=after if ago <= day else before,
                channel="coordinator" if ago % 4 == 1 else "online",
            )
    hall.report(NONG_KHAI, days_ago=3, n=40, channel="patrol")  # found by looking, not told
    hall.report(NONG_KHAI, days_ago=3, n=40, status="received")
    with hall.acting("chief") as connection:
        one = next(found for found in trainings(connection, hall_today) if found.activity == number)
        since = training_since(connection, one, hall_today)
        young = training_since(connection, replace(one, day=hall_today - timedelta(days=6)), hall_today)
    assert young is None
    assert since is not None
    assert (since.days, one.people, [b.code for b in since.beside]) == (42, 35, [ARANYA])
    assert (since.change.before, since.change.after) == (42, 126)
    assert (since.beside[0].before, since.beside[0].after) == (42, 42)
    assert since.change.direction is Direction.ROSE
    assert since.change.against is not None
    assert since.change.against.low > 1
    assert since.outreach >= 1
    assert sum(n for _, n in since.weeks) == 168
    record(
        hall,
        "national",
        replace(
            TRAINING,
            district=ARANYA,
            area_code=None,
            first_day=hall_today - timedelta(days=30),
            last_day=hall_today - timedelta(days=30),
        ),
    )
    with hall.acting("chief") as connection:
        alone = training_since(connection, one, hall_today)
    assert alone is not None
    assert alone.beside == ()
    assert alone.change.against is None
