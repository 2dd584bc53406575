"""Who is late against which rhythm: known answers, and what holds whatever was sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.silence import LATE, LEAST_DAYS, deadline, gaps_of, silence, typical_gap
from geo.crs import TIMEZONE

ZONE = ZoneInfo(TIMEZONE)
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=ZONE)
DAY = timedelta(days=1)


def at(days_ago: float) -> datetime:
    return NOW - days_ago * DAY


def place(area: str = "430101", **more: object) -> dict[str, object]:
    empty = {
        "last_report": None,
        "said_at": None,
        "said_month": None,
        "since": at(400),
        "coordinators": 1,
        "trained": None,
        "village": "หมู่ 1",
    }
    return {"area_code": area} | empty | more


def judged(
    places: list[dict[str, object]], days: list[tuple[str, str, str, date]], now: datetime = NOW
) -> pd.DataFrame:
    frame = pd.DataFrame(places)
    for column in ("last_report", "said_at", "since"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return silence(frame, pd.DataFrame(days, columns=["area_code", "village", "channel", "day"]), now)


def sent(
    *days_ago: float, area: str = "430101", channel: str = "coordinator", village: str = "หมู่ 1"
) -> list[tuple[str, str, str, date]]:
    return [(area, village, channel, at(one).date()) for one in days_ago]


def test_a_rhythm_is_a_median_drawn_towards_the_district_s() -> None:
    assert list(gaps_of([date(2026, 1, 11), date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 4)])) == [3, 7]
    assert typical_gap(np.array([8.0, 8.0, 8.0]), 2.0) == pytest.approx(
        4.0
    )  # as many gaps as the weight: the middle of logarithms
    assert typical_gap(np.full(3000, 8.0), 2.0) == pytest.approx(8.0, rel=0.01)


def test_a_month_is_owed_until_the_seventh_of_the_month_after_the_next_and_a_rhythm_may_be_shorter() -> None:
    last = datetime(2026, 10, 3, 9, 0, tzinfo=ZONE)
    assert deadline(date(2026, 10, 1), last, float("nan")) == datetime(2026, 12, 8, tzinfo=ZONE)
    assert deadline(date(2026, 12, 1), last, float("nan")) == datetime(2027, 2, 8, tzinfo=ZONE)
    assert deadline(date(2026, 10, 1), last, 5.0) == last + LATE * 5 * DAY
    assert deadline(date(2026, 10, 1), last, 0.5) == last + LEAST_DAYS * DAY


def test_heard_quiet_silent_and_never_are_told_apart() -> None:
    found = judged(
        [
            place(last_report=at(3)),  # reports every five days
            place("430102", last_report=at(40), said_at=at(20), said_month=date(2026, 10, 1)),
            place("430103", last_report=at(60)),  # neither October nor its own rhythm
            place("430104"),
            place("430105", since=None, coordinators=0, village=""),
            place("430106", since=at(5)),  # came this month, and has time
        ],
        [*sent(3, 8, 13, 18), *sent(40, area="430102"), *sent(20, area="430102", channel="quiet"), *sent(60, 65, 70, area="430103"),
         *sent(2, 12, 22, area="430104", channel="online", village="")],
    )  # fmt: skip
    assert list(found["state"]) == ["heard", "quiet", "silent", "never", "never", "never"]
    assert found["gap_days"].iloc[0] == pytest.approx(5.0)
    late = at(60) + LATE * found["gap_days"].iloc[2] * DAY
    assert found["due"].iloc[2] == late
    assert found["overdue_days"].iloc[2] == pytest.approx((NOW - late) / DAY)
    assert found["overdue_days"].iloc[3] > 300
    assert pd.isna(found["overdue_days"].iloc[4])
    assert found["overdue_days"].iloc[5] < 0
    assert (found["online_last"].iloc[3], found["online_gap_days"].iloc[3]) == (at(2).date(), pytest.approx(10.0))


moments = st.one_of(st.none(), st.floats(0, 300))


@settings(max_examples=50)
@given(told=moments, said=moments, days=st.lists(st.floats(0, 300), max_size=8), later=st.floats(0, 200))
def test_time_alone_never_makes_a_place_less_silent(
    told: float | None, said: float | None, days: list[float], later: float
) -> None:
    when = None if said is None else at(said)
    one = place(
        last_report=None if told is None else at(told), said_at=when, said_month=when and when.date().replace(day=1)
    )
    rank = {"heard": 0, "quiet": 0, "never": 1, "silent": 1}
    now, then = (judged([one], sent(*days), NOW + more * DAY).iloc[0] for more in (0, later))
    assert rank[now["state"]] <= rank[then["state"]]
    assert (now["state"] == "never") == (told is None and said is None)
    assert now["due"] == then["due"]
    assert (now["state"] == "silent") == (now["overdue_days"] > 0 and now["state"] != "never")


@settings(max_examples=50)
@given(gaps=st.lists(st.integers(1, 200), min_size=1, max_size=20), around=st.floats(1, 200))
def test_a_typical_gap_lies_between_the_own_and_the_district_s(gaps: list[int], around: float) -> None:
    own = float(np.median(gaps))
    found = typical_gap(np.array(gaps, dtype=float), around)
    assert min(own, around) * 0.999 <= found <= max(own, around) * 1.001


def test_a_silent_place_whose_coordinators_were_never_trained_needs_training_not_a_call() -> None:
    days = sent(95, 105, 115)
    for trained, state in ((None, "silent"), (True, "silent"), (False, "never")):
        found = judged([place(last_report=at(95), trained=trained)], days).iloc[0]
        assert (found["state"], found["overdue_days"] > 0) == (state, True)
    assert judged([place(last_report=at(1), trained=False)], sent(1, 3, 5)).iloc[0]["state"] == "heard"
