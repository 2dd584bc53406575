"""Dates, durations, distances and changes in the words of an officer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.i18n import LANGUAGES, dates

EVENING = datetime(2026, 7, 14, 14, 5, tzinfo=UTC)
"""21:05 in Bangkok."""


def test_a_moment_is_said_in_bangkok_time_and_in_the_years_of_the_language() -> None:
    assert dates.moment(EVENING, "th") == "14 ก.ค. 2569 เวลา 21:05 น."
    assert dates.moment(EVENING, "en") == "14 Jul 2026, 21:05"
    assert dates.clock(EVENING, "th") == "21:05 น."


def test_after_17_o_clock_in_greenwich_it_is_already_the_next_day() -> None:
    late = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)
    assert dates.today(late) == date(2026, 1, 1)
    assert dates.moment(late, "th") == "1 ม.ค. 2569 เวลา 00:30 น."


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        dates.moment(datetime(2026, 7, 14, 21, 5), "th")


@pytest.mark.parametrize(
    ("first", "last", "thai", "english"),
    [
        (date(2026, 7, 1), date(2026, 7, 28), "1–28 ก.ค. 2569", "1–28 Jul 2026"),
        (date(2026, 10, 27), date(2026, 11, 23), "27 ต.ค. – 23 พ.ย. 2569", "27 Oct – 23 Nov 2026"),
        (
            date(2025, 12, 28),
            date(2026, 1, 3),
            "28 ธ.ค. 2568 – 3 ม.ค. 2569",
            "28 Dec 2025 – 3 Jan 2026",
        ),
        (date(2026, 7, 1), date(2026, 7, 1), "1 ก.ค. 2569", "1 Jul 2026"),
    ],
)
def test_a_period_says_nothing_twice(first: date, last: date, thai: str, english: str) -> None:
    assert dates.period(first, last, "th") == thai
    assert dates.period(first, last, "en") == english


@pytest.mark.parametrize(
    ("minutes", "thai", "english"),
    [
        (125, "2 ชั่วโมง 5 นาที", "2 hours 5 minutes"),
        (60, "1 ชั่วโมง", "1 hour"),
        (0, "0 นาที", "0 minutes"),
        (24 * 60 + 5, "1 วัน", "1 day"),
        (3 * 24 * 60 + 125, "3 วัน 2 ชั่วโมง", "3 days 2 hours"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(minutes: int, thai: str, english: str) -> None:
    assert dates.duration(timedelta(minutes=minutes), "th") == thai
    assert dates.duration(timedelta(minutes=minutes), "en") == english


@pytest.mark.parametrize(
    ("seconds", "thai", "english"),
    [
        (20, "เมื่อสักครู่", "just now"),
        (5 * 60, "5 นาทีที่แล้ว", "5 minutes ago"),
        (3 * 3600 + 600, "3 ชั่วโมงที่แล้ว", "3 hours ago"),
        (2 * 86400 + 3600, "2 วันที่แล้ว", "2 days ago"),
        (-20, "เมื่อสักครู่", "just now"),
        (-600, "อีก 10 นาที", "in 10 minutes"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(seconds: int, thai: str, english: str) -> None:
    when = EVENING - timedelta(seconds=seconds)
    assert dates.ago(when, EVENING, "th") == thai
    assert dates.ago(when, EVENING, "en") == english


def test_what_is_older_than_a_week_is_said_as_a_moment() -> None:
    assert dates.ago(EVENING - timedelta(days=7), EVENING, "th") == "7 ก.ค. 2569 เวลา 21:05 น."


@pytest.mark.parametrize(
    ("metres", "thai"),
    [(0, "0 ม."), (850, "850 ม."), (999.7, "1.0 กม."), (1234, "1.2 กม."), (99_960, "100 กม.")],
)
def test_distances_are_metres_near_and_kilometres_far(metres: float, thai: str) -> None:
    assert dates.distance(metres, "th") == thai


def test_a_change_has_a_sign_and_no_percentage_of_a_small_number() -> None:
    assert dates.change(112, 100, "th") == "+12%"
    assert dates.change(50, 100, "en") == "−50%"
    assert dates.change(7, 4, "th") == "+3"
    assert dates.change(0, 4, "th") == "−4"
    assert dates.change(3, 3, "th") == "เท่าเดิม"
    assert dates.change(5000, 5, "en") == "+99,900%"
    assert dates.percent(0.001) == "0%"


def test_the_fiscal_year_begins_in_october_and_is_named_for_its_end() -> None:
    assert dates.fiscal_year(date(2026, 9, 30), "th") == "2569"
    assert dates.fiscal_year(date(2026, 10, 1), "th") == "2570"
    assert dates.fiscal_year(date(2026, 10, 1), "en") == "2027"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_names_twelve_months_both_ways(lang: str) -> None:
    for short in (True, False):
        assert len({dates.month(date(2026, m, 1), lang, short) for m in range(1, 13)}) == 12


@given(st.integers(-(10**12), 10**12))
def test_a_number_can_be_read_back(value: int) -> None:
    assert int(dates.number(value).replace(",", "").replace("−", "-")) == value
