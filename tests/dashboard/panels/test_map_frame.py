"""The map's component is handed what ``st_folium`` hands to it, whatever the state."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import streamlit_folium

from dashboard.maps.base import BaseMap
from dashboard.maps.state import state_group
from dashboard.panels import map_frame

STATES: list[dict[str, Any]] = [
    {},
    {
        "night": True,
        "words": {"legend": "คำอธิบาย", "a_b": "x_y {{z}} {% q %} ${w} </script>"},
        "deep": {"er": {"est": {}}},
    },
    {
        "token": "abc_def-123",
        "query": "from=2026-11-01&to=2026-11-23",
        "types": [{"id": 1, "label": "\\ \" '"}],
        "none": None,
    },
]


def handed(monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]) -> dict[str, Any]:
    caught: dict[str, Any] = {}
    with monkeypatch.context() as patch:
        patch.setattr(streamlit_folium, "_component_func", lambda **arguments: caught.update(arguments))
        streamlit_folium.st_folium(
            BaseMap(), key="map", height=640, use_container_width=True, returned_objects=[],
            feature_group_to_add=state_group(state),
        )  # fmt: skip
    return caught


@pytest.mark.parametrize("state", STATES)
def test_it_is_handed_what_st_folium_hands_to_it(monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]) -> None:
    theirs, ours = handed(monkeypatch, state), map_frame.arguments(state, "map")
    assert callable(theirs.pop("on_change"))
    assert callable(ours.pop("on_change"))
    assert ours == theirs


def test_all_that_changes_with_the_state_is_the_feature_group() -> None:
    first, second = (map_frame.arguments(state, "map") for state in STATES[:2])
    assert first.pop("feature_group") != second.pop("feature_group")
    assert first == second


def test_what_the_map_reports_comes_into_the_session_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    told = map_frame.arguments({}, "map")
    for report in ("one", "another"):
        session = {told["key"]: report}
        monkeypatch.setattr(streamlit_folium.st, "session_state", session)
        told["on_change"]()
        assert session["map"] == report


def test_of_many_that_draw_first_at_once_each_gets_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    real = streamlit_folium.st_folium

    def slow(*given: Any, **named: Any) -> None:
        time.sleep(0.2)  # the others come to the component meanwhile
        real(*given, **named)

    monkeypatch.setattr(streamlit_folium, "st_folium", slow)
    monkeypatch.setattr(map_frame, "_component", lambda **handed: drawn.append(handed["feature_group"]))
    map_frame._constant.cache_clear()
    try:
        threads = [threading.Thread(target=map_frame.draw, args=({"n": n}, "map")) for n in range(5)]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
        for thread in threads:
            thread.join()
    finally:
        monkeypatch.undo()
        streamlit_folium._component_func = map_frame._component
    assert len(set(map(str, drawn))) == 5


def test_the_component_is_there_again_after_the_first_drawing() -> None:
    map_frame._constant.cache_clear()
    before = streamlit_folium._component_func
    map_frame.arguments({}, "map")
    assert streamlit_folium._component_func is before
