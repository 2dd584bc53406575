"""Quarters: their days, their neighbours, and how they are written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import WatchError
from geo.model.quarter import Quarter

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@given(DAYS)
def test_every_day_lies_in_one_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert quarter.next.first == quarter.last + timedelta(days=1)
    assert quarter.next.before == quarter == quarter.before.next
    assert Quarter.read(f" {str(quarter).lower()} ") == quarter
    assert quarter.before < quarter


def test_a_quarter_is_told_thirty_days_after_its_end() -> None:
    assert [Quarter(2026, n).opens for n in (1, 2, 3, 4)] == [
        date(2026, 4, 30), date(2026, 7, 30), date(2026, 10, 30), date(2027, 1, 30),
    ]  # fmt: skip


@pytest.mark.parametrize("said", ["", "2026", "2026-Q5", "2569-Q1", "2026-Q3; drop", "20๒๖-Q1", "2026-Q0"])
def test_what_is_no_quarter_is_refused(said: str) -> None:
    with pytest.raises(WatchError, match=r"release\.quarter"):
        Quarter.read(said)
