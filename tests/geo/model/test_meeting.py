"""A meeting and its sheets as plain values: written and read again they are the same."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model.json_form import from_json, to_json
from geo.model.meeting import Decision, DecisionState, Meeting, MeetingFilter
from geo.model.meeting_sheet import FIGURES, SAYS, BorderLine, MeetingSheet, Outline, OverviewSheet, small_hidden

numbers = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
shapes = st.dictionaries(st.text(max_size=3), plain, max_size=2)
for shaped in (BorderLine, Outline):
    st.register_type_strategy(shaped, st.builds(shaped, geometry=shapes))
st.register_type_strategy(float, numbers)


@pytest.mark.parametrize("kind", [Meeting, MeetingFilter, Decision, MeetingSheet, OverviewSheet])
@given(data=st.data())
@settings(max_examples=15)
def test_what_was_written_is_read_again_unchanged(kind: type, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    written = json.loads(json.dumps(to_json(value)))
    assert from_json(kind, written) == value
    assert to_json(from_json(kind, written)) == written


def test_a_form_of_before_a_field_was_added_is_still_read() -> None:
    written = to_json(MeetingFilter(date(2026, 1, 1), date(2026, 1, 31), verified_only=False))
    assert from_json(MeetingFilter, {k: v for k, v in written.items() if k != "channels"}).channels == ()
    assert from_json(MeetingFilter, written | {"later": 1}).verified_only is False
    with pytest.raises(KeyError, match=r"MeetingFilter\.first"):
        from_json(MeetingFilter, {"last": "2026-01-31"})


@pytest.mark.parametrize(
    "wrong", [{"first": "yesterday"}, {"first": 5}, {"crime_types": 5}, {"verified_only": "no"}, {"channels": [1]}]
)
def test_what_is_of_another_kind_is_refused(wrong: dict[str, Any]) -> None:
    written = to_json(MeetingFilter(date(2026, 1, 1), date(2026, 1, 31)))
    with pytest.raises((TypeError, ValueError)):
        from_json(MeetingFilter, written | wrong)
    with pytest.raises(TypeError):
        from_json(MeetingFilter, [written])
    with pytest.raises(TypeError, match="no plain form"):
        to_json({"shape": object()})


def test_the_choice_of_a_meeting_is_the_filter_of_every_count() -> None:
    chosen = MeetingFilter(date(2026, 1, 1), date(2026, 1, 31), ("online_scam",)).incidents(("4301",))
    assert set(chosen.statuses) == {"verified", "referred", "closed"}
    assert (chosen.districts, chosen.crime_types, chosen.days) == (("4301",), ("online_scam",), 31)
    every = MeetingFilter(date(2026, 1, 1), date(2026, 1, 31), verified_only=False).incidents(())
    assert "received" in every.statuses
    assert "duplicate" not in every.statuses


@given(st.lists(st.integers(0, 30), max_size=8))
def test_no_small_count_is_written_and_none_follows_from_the_total(counts: list[int]) -> None:
    hidden = small_hidden(counts)
    small = [1 <= n <= 4 for n in counts]
    assert all(h for h, s in zip(hidden, small, strict=True) if s)
    assert any(hidden) == any(small)
    assert not any(h for h, n in zip(hidden, counts, strict=True) if n == 0)
    if sum(hidden) == 1:  # nothing else was there to hide it behind
        assert sum(n > 0 for n in counts) == 1


def test_a_decision_is_late_from_the_day_after_its_day_until_it_ends() -> None:
    day = date(2026, 7, 14)
    given = {one.name: None for one in fields(Decision) if one.default is MISSING}
    for state in DecisionState:
        decision = Decision(**(given | {"due": day, "state": state}))  # type: ignore[arg-type]
        assert not decision.late(day)
        assert decision.late(day + timedelta(days=1)) == (state is DecisionState.OPEN)


def test_every_figure_has_sentences() -> None:
    assert {code.partition(".")[0] for code in SAYS} == set(FIGURES)
