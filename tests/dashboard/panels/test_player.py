"""The week player: plays to the end and stops there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.filter_state import MapFilter, Period, weeks_of
from dashboard.panels import player

TODAY = date(2026, 11, 23)
WEEKS = tuple(weeks_of(MapFilter(period=Period.DAYS_28), TODAY))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A session of its own, whose clock stands still until the test moves it; reruns are counted."""
    now = [1000.0]
    monkeypatch.setattr(session.st, "session_state", {})
    monkeypatch.setattr(session.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(player.st, "rerun", lambda: None)
    return now


def advance(clock: list[float], seconds: float = player.STEP_S) -> None:
    clock[0] += seconds
    player._advance.__wrapped__(WEEKS)  # type: ignore[attr-defined]


def test_it_begins_with_the_first_week_and_stops_after_the_last(clock: list[float]) -> None:
    player._toggle(list(WEEKS), None)
    seen = [session.chosen_week()]
    for _ in range(20):
        advance(clock)
        if session.playing():
            seen.append(session.chosen_week())
    assert tuple(seen) == WEEKS
    assert session.chosen_week() == WEEKS[-1]
    assert not session.playing()


def test_a_rerun_for_another_reason_is_no_step(clock: list[float]) -> None:
    player._toggle(list(WEEKS), None)
    for _ in range(9):
        advance(clock, player.STEP_S / 10)
    assert session.chosen_week() in WEEKS[:2]
    assert [session.due(5), session.due(5)] == [False, False]
    clock[0] += 5
    assert [session.due(5), session.due(5)] == [True, False]


def test_played_again_from_the_end_it_begins_anew_and_from_the_middle_goes_on(clock: list[float]) -> None:
    player._toggle(list(WEEKS), WEEKS[-1])
    assert session.chosen_week() == WEEKS[0]
    player._toggle(list(WEEKS), WEEKS[0])
    assert not session.playing()
    session.change(week=WEEKS[2])
    player._toggle(list(WEEKS), WEEKS[2])
    assert session.playing()
    assert session.chosen_week() == WEEKS[2]
    advance(clock)
    assert session.chosen_week() == WEEKS[3]


def test_a_week_that_the_period_no_longer_has_gives_way_to_the_first(clock: list[float]) -> None:
    session.change(week=WEEKS[0] - timedelta(days=700))
    session.set_playing(True)
    advance(clock)
    assert session.chosen_week() == WEEKS[0]


def test_closing_it_shows_the_whole_period(clock: list[float]) -> None:
    session.toggle_player()
    assert session.player_open()
    player._toggle(list(WEEKS), None)
    session.toggle_player()
    assert (session.player_open(), session.playing(), session.chosen_week()) == (False, False, None)


def page(period: str) -> None:
    """A page with the player alone, opened."""
    from datetime import date

    import streamlit as st

    from dashboard import session
    from dashboard.panels import player

    today = date(2026, 11, 23)
    session.begin(today)
    chosen = session.map_filter(today)
    player.switch(chosen, today)
    player.show(chosen, today)
    st.session_state["shown"] = chosen


def opened(period: str) -> AppTest:
    app = AppTest.from_function(page, args=(period,), default_timeout=20)
    app.query_params["period"] = period
    app.run()
    assert not app.exception
    return app


def test_the_slider_moves_the_week_and_stops_the_play() -> None:
    app = opened("28")
    app.button(key="player_switch").click().run()
    slider = app.select_slider(key=player.SLIDER)
    assert len(slider.options) == len(WEEKS) + 1
    app.button(key="player_button").click().run()
    assert app.session_state["watch.playing"]
    assert app.session_state["shown"].week == WEEKS[0]
    app.select_slider(key=player.SLIDER).set_value(WEEKS[2]).run()
    assert not app.session_state["watch.playing"]
    assert app.session_state["shown"].week == WEEKS[2]
    assert not app.exception


def test_the_address_waits_until_the_play_has_ended() -> None:
    app = opened("28")
    app.button(key="player_switch").click().run()
    before = dict(app.query_params)
    app.button(key="player_button").click().run()
    assert dict(app.query_params) == before
    app.button(key="player_button").click().run()
    assert "week" in app.query_params


@pytest.mark.parametrize("period", ["today"])
def test_one_week_has_nothing_to_play(period: str) -> None:
    app = opened(period)
    assert [button.key for button in app.button] == []
