"""What the map reports: a click, a token near its end, or something that nobody understands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard import session, store
from dashboard.panels import live_map, map_pass
from geo.model import IncidentFilter, Scope

SCOPE = Scope.everything()
CHOSEN = IncidentFilter(date(2026, 11, 1), date(2026, 11, 23))
CLICK = {"event": "pick", "lat": 16.53, "lng": 104.72, "zoom": 9, "radius_m": 300.0, "incident": True}


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of its own."""
    made: dict[str, Any] = {}
    monkeypatch.setattr(session.st, "session_state", made)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the store is asked for; it answers with the incident, the district where no incident is meant, or nothing."""
    made: list[tuple[object, ...]] = []

    def pick(scope: Scope, chosen: IncidentFilter, lat: float, lon: float, radius: float, incident: bool) -> object:
        made.append((lat, lon, radius, incident))
        if lat < 0:
            return None
        return ("incident", "NTS69-0000001") if incident else ("district", "4901")

    monkeypatch.setattr(store, "pick", pick)
    return made


def hear(state: dict[str, Any], **event: object) -> None:
    state[live_map.MAP] = event
    live_map._hear(SCOPE, CHOSEN)


def test_a_click_on_an_incident_opens_its_card_once(state: dict[str, Any], asked: list[object]) -> None:
    hear(state, seq=1, **CLICK)
    assert session.picked() == ("incident", "NTS69-0000001")
    session.unpick()
    live_map._hear(SCOPE, CHOSEN)  # the same event is still there at the next rerun
    assert session.picked() is None
    assert asked == [(16.53, 104.72, 300.0, True)]


def test_a_click_beside_them_picks_the_district_and_one_abroad_lets_go(
    state: dict[str, Any], asked: list[object]
) -> None:
    hear(state, seq=1, **(CLICK | {"incident": False}))
    assert session.picked() == ("district", "4901")
    hear(state, seq=2, **(CLICK | {"lat": -1.0}))
    assert session.picked() is None


def test_no_click_reaches_farther_than_twenty_kilometres(
    state: dict[str, Any], asked: list[tuple[object, ...]]
) -> None:
    hear(state, seq=1, **(CLICK | {"radius_m": 1e9}))
    assert asked[0][2] == 20_000


@pytest.mark.parametrize(("layer", "kind"), live_map.SYMBOLS.items())
def test_a_symbol_opens_its_card_without_asking_for_incidents(
    state: dict[str, Any], asked: list[object], layer: str, kind: str
) -> None:
    hear(state, seq=1, **(CLICK | {"symbol": {"layer": layer, "id": "X-1"}}))
    assert session.picked() == (kind, "X-1")
    assert asked == []


def test_an_unknown_symbol_is_a_click_on_the_map(state: dict[str, Any], asked: list[object]) -> None:
    hear(state, seq=1, **(CLICK | {"symbol": {"layer": "secrets", "id": "X-1"}}))
    assert session.picked() == ("incident", "NTS69-0000001")


def test_a_token_near_its_end_is_made_anew_and_others_are_kept(state: dict[str, Any]) -> None:
    first = map_pass.token(SCOPE)
    assert map_pass.token(SCOPE) == first
    hear(state, seq=1, event="changed", version="x-1")
    assert map_pass.token(SCOPE) == first
    hear(state, seq=2, event="renew")
    assert session.token() is None
    assert map_pass.token(Scope(("4901",))) != first


@pytest.mark.parametrize(
    "event", [{}, {"event": "pick"}, {"event": "pick", "lat": "x", "lng": None, "radius_m": 1}, {"event": 7},
              CLICK | {"lat": float("nan")}, CLICK | {"lat": 1e308}, CLICK | {"radius_m": float("inf")}, CLICK | {"radius_m": -5}],
)  # fmt: skip
def test_what_is_not_understood_is_left(state: dict[str, Any], asked: list[object], event: dict[str, object]) -> None:
    hear(state, seq=1, **event)
    assert session.picked() is None
    assert asked == []


@pytest.mark.parametrize("event", [None, "pick", 7, ["pick"]])
def test_what_is_no_event_is_left(state: dict[str, Any], event: object) -> None:
    state[live_map.MAP] = event
    live_map._hear(SCOPE, CHOSEN)
    assert session.picked() is None
