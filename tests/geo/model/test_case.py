"""The rules of a case and its clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.i18n import words
from geo.actions.notify import TOLD
from geo.model import Status
from geo.model.case import ENDED, MAY_BECOME, OPEN, Event, Finding, Grade, Outcome, UnitKind, may_become
from geo.model.clock import ClockName, Targets, case_clocks
from geo.queries.inbox import Group
from geo.queries.inbox_sql import WHY

NOON = datetime(2026, 7, 14, 5, tzinfo=UTC)


def test_every_state_leads_on_and_what_ended_only_back_to_be_verified() -> None:
    assert set(MAY_BECOME) == set(Status)
    assert set(Status) == OPEN | ENDED
    for state in ENDED:
        assert MAY_BECOME[state] == {Status.VERIFYING}
    for state in Status:
        assert not may_become(state, Status.RECEIVED)


def test_nothing_is_closed_referred_or_unfounded_that_nobody_checked() -> None:
    before = {then: {now for now in Status if may_become(now, then)} for then in Status}
    assert before[Status.UNFOUNDED] == {Status.VERIFYING}
    assert before[Status.VERIFIED] == {Status.VERIFYING, Status.REFERRED}  # taken back from an agency, it is as it was
    assert before[Status.CLOSED] == {Status.VERIFIED, Status.REFERRED}
    assert Status.RECEIVED not in before[Status.REFERRED]


@pytest.mark.parametrize(("source", "info"), [("G", 1), ("", 1), ("AB", 1), ("A", 0), ("A", 7)])
def test_there_is_no_other_grade(source: str, info: int) -> None:
    with pytest.raises(ValueError, match="no such grade"):
        Grade(source, info)


def test_settings_that_are_no_time_are_as_by_default() -> None:
    default = Targets()
    for value in (0, -1, "5", None, True, 1e9, [1], float("nan")):
        assert Targets.from_settings({"target.closure_hours": value}) == default
    assert Targets.from_settings({"target.closure_hours": 5, "other": 1}).span(ClockName.CLOSURE) == timedelta(hours=5)


def clocks(**given: object) -> dict[str, object]:
    base = {"first_look_at": None, "verified_at": None, "closed_at": None, "reopened_at": None, "ended": False}
    made = case_clocks(Targets(), reported_at=NOON, **{**base, **given})  # type: ignore[arg-type]
    return {clock.name: clock.done for clock in made}


def test_clocks_stop_when_it_is_done_and_begin_again_when_a_case_is_reopened() -> None:
    hour = timedelta(hours=1)
    assert set(clocks().values()) == {None}
    assert clocks(first_look_at=NOON + hour)["first_look"] == NOON + hour
    again = clocks(verified_at=NOON + hour, reopened_at=NOON + 9 * hour)
    assert again == {"first_look": NOON + 9 * hour, "verification": None, "closure": None}
    assert set(clocks(ended=True).values()) == {NOON}


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_clock_is_overdue_or_late_exactly_after_its_due_moment(asked: int, done: int) -> None:
    now = NOON + timedelta(hours=asked)
    running = case_clocks(
        Targets(), reported_at=NOON, first_look_at=None, verified_at=None, closed_at=None, reopened_at=None, ended=False
    )
    for clock in running:
        assert clock.overdue(now) == (clock.left(now) < timedelta(0))
    at = NOON + timedelta(hours=done)
    stopped = case_clocks(
        Targets(), reported_at=NOON, first_look_at=at, verified_at=None, closed_at=None, reopened_at=None, ended=False
    )[0]
    assert stopped.late == (done > 24)
    assert not stopped.overdue(now)


def test_every_code_has_words() -> None:
    """Codes that pages say by their name; the languages are compared with each other elsewhere."""
    keys = {
        "errors.case.event": Event, "outcome": Outcome, "unit_kind": UnitKind, "finding": Finding, "clock": ClockName,
        "case_group": [group.name.lower() for group in Group],
        "case_why": [*WHY, *(f"{name}_overdue" for name in ClockName)],
        "errors.case": [f"is_{state}{end}" for state in Status for end in ("", "_imported")],
        "errors.referral": [f"is_{state}" for state in ("sent", "accepted", "returned", "lapsed", "done")],
        "referral_state": ["sent", "accepted", "returned", "lapsed", "done"],
        "grade_source": "ABCDEF", "grade_info": "123456",
        "grade_reason": [
            "source_unknown", "official_source", "source_new", "source_history", "confirmed_on_spot", "findings_differ",
            "not_found_on_spot", "sources_agree", "two_sources", "evidence_only", "single_source",
        ],
        "same_case": ["near", "same_subdistrict", "same_hours", "same_days", "same_type", "shared_type", "related_type"],
    }  # fmt: skip
    assert [
        f"{table}.{key}" for table, names in keys.items() for key in names if f"{table}.{key}" not in words("th")
    ] == []
    assert set(TOLD) <= set(Event)
