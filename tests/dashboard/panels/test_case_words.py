"""Cases, clocks and refusals in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.panels.case_words import clock_words, due_words, grade_words, head_html, place_words, why_words
from geo.model import CrimeType
from geo.model.case import Grade
from geo.model.clock import Clock, ClockName
from geo.queries.case_places import CasePlace
from geo.queries.inbox import Group, InboxRow

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ROW = InboxRow(
    1, "NTS69-0000001", "contraband", "received", "online", "4301", NOW, False, NOW, None, None, None, None, 1, Group.OVERDUE,
    ("first_look_overdue",), NOW - timedelta(hours=3), ClockName.FIRST_LOOK, "0.0.1",
)  # fmt: skip


def test_a_clock_that_ran_out_says_by_how_much() -> None:
    assert due_words(ClockName.FIRST_LOOK, NOW - timedelta(hours=3), NOW, "th") == "เปิดดูครั้งแรก เกินกำหนด 3 ชั่วโมง"
    assert due_words(ClockName.CLOSURE, NOW + timedelta(days=2, hours=1), NOW, "en").endswith("2 days 1 hour left")


def test_from_a_week_on_hours_are_not_said() -> None:
    assert "hour" not in due_words(ClockName.CLOSURE, NOW - timedelta(days=9, hours=5), NOW, "en")


@pytest.mark.parametrize(("took", "key"), [(2, "in time"), (30, "6 hours late")])
def test_a_stopped_clock_says_whether_it_was_in_time(took: int, key: str) -> None:
    clock = Clock(ClockName.FIRST_LOOK, NOW, NOW + timedelta(hours=24), NOW + timedelta(hours=took))
    assert clock_words(clock, NOW, "en").endswith(key)


def test_why_a_case_is_in_the_list_is_said_with_its_clock() -> None:
    assert why_words(ROW, NOW, "th", 1) == [("เปิดดูครั้งแรก เกินกำหนด 3 ชั่วโมง", True)]
    going = replace(ROW, why=(), due=NOW + timedelta(hours=5), group=Group.GOING)
    assert why_words(going, NOW, "en", 1) == [("First look: 5 hours left", False)]


def test_who_asked_to_close_reads_that_somebody_else_has_to_confirm() -> None:
    waiting = replace(ROW, why=("closing_waiting",), closing_by=7)
    assert why_words(waiting, NOW, "en", 7) != why_words(waiting, NOW, "en", 8)


def test_both_parts_of_a_grade_are_said() -> None:
    assert grade_words(Grade("B", 2), "en") == "source: Usually reliable; information: Probably true"


def test_a_place_is_said_from_the_village_up() -> None:
    place = CasePlace("ในเมือง", "Nai Mueang", None, None, "ท่า\nทราย")
    assert place_words(place, "th") == "ท่า ทราย ต.ในเมือง"
    assert place_words(None, "th") == ""


def test_what_is_not_verified_is_hollow() -> None:
    types = {"contraband": CrimeType("contraband", 1, "<b>หนีภาษี</b>", "Contraband", colour="#d55e00")}
    hollow, full = (head_html("contraband", status, types, "th") for status in ("received", "verified"))
    assert "background:transparent" in hollow
    assert "background:#d55e00" in full
    assert "<b>หนี" not in hollow
    assert "&lt;b&gt;หนี" in hollow
