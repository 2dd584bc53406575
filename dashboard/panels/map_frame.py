"""The map's component. ``st_folium`` renders the whole map at every rerun; of ours nothing changes but the state in it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from typing import Any

import streamlit_folium

from dashboard.maps.base import BaseMap
from dashboard.maps.state import state_group, state_json

__all__ = ["arguments", "draw"]

_component = streamlit_folium._component_func
"""The component itself: another run may just be finding out, in its place, what is handed to it."""
_once = threading.Lock()


@functools.cache
def _constant(key: str) -> tuple[Mapping[str, Any], str, str]:
    """What ``st_folium`` hands to its component, and what stands before and after the state in it."""
    caught: dict[str, Any] = {}
    streamlit_folium._component_func = lambda **handed: caught.update(handed)
    try:
        streamlit_folium.st_folium(
            BaseMap(), key=key, height=640, use_container_width=True, returned_objects=[],
            feature_group_to_add=state_group({}),
        )  # fmt: skip
    finally:
        streamlit_folium._component_func = _component
    before, state, after = caught.pop("feature_group").partition(state_json({}))
    assert state, "st_folium writes the state in another way than state_json"
    return caught, before, after


def arguments(state: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What ``st_folium`` would hand to its component for the base map and this state."""
    with _once:
        constant, before, after = _constant(key)
    return {**constant, "feature_group": f"{before}{state_json(state)}{after}"}


def draw(state: Mapping[str, Any], key: str) -> None:
    """Draw the map with a state; what it reports is in the session under ``key``."""
    _component(**arguments(state, key))
