"""The maps of the hotspot page: the live map's script and ground, with what was computed on it instead of the news."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import session, store
from dashboard.maps.live_state import Source, live_state
from dashboard.panels import map_frame, map_pass
from dashboard.panels.hotspots_view import Picture, View
from dashboard.web.query import encode

__all__ = ["BESIDE", "MAP", "draw", "hear"]

MAP, BESIDE = "hotspot_map", "hotspot_map_beside"
"""Keys of the components."""
LAYERS = ("districts", "border", "crossings")
CLOCK_S = 300
SIGNS_FROM = 8
"""Zoom from which crossings are drawn: farther out they would hide what was computed."""


def hear() -> None:
    """Take in what the map reported since the last run: a number or an area that was clicked, or a token near its end."""
    event = session.map_event(MAP)
    if event is None:
        return
    if event.get("event") == "renew":
        session.drop_token()
    computed = event.get("computed")
    if event.get("event") == "pick" and isinstance(computed, Mapping):
        row = computed.get("mark", computed.get("area"))
        session.go_to_box(row if isinstance(row, int) else None, None)


def draw(view: View, picture: Picture, grounds: str) -> None:
    """Draw the map, and the second one where there is one. Always in the same places, so that no frame is made anew."""
    beside = picture.beside
    with st.container(key="maps", horizontal=True, gap="small"):
        with st.container(key="map"):
            with st.container(key="map_title"):
                if picture.title:
                    st.text(picture.title)
            map_frame.draw(_state(view, picture, grounds, together=beside is not None), MAP)
        if beside is not None:
            with st.container(key="map_beside"):
                st.text(beside.title)
                map_frame.draw(_state(view, beside, grounds, together=True), BESIDE)


def _state(view: View, picture: Picture, grounds: str, *, together: bool) -> dict[str, Any]:
    token, expires = map_pass.token(view.scope)
    source = Source(encode(view.incidents), view.version, grounds, token, expires, int(time.time() // CLOCK_S))
    state = live_state(
        view.chosen,
        view.incidents,
        view.types,
        source,
        store.settings(),
        picture.classes,
        _goes_to(view),
        night=view.night,
    )
    shown = {name: name in LAYERS or name == "sections" for name in state["layers"]}
    # What comes in while one looks would move an answer that is being talked about: there is a button for it.
    return state | {
        "live": None,
        "basemap": None,
        "picked": None,
        "signs_from": SIGNS_FROM,
        "layers": shown | {"incidents": view.choice.points},
        "analysis": picture.computed,
        "together": "hotspots" if together else None,
    }


def _goes_to(view: View) -> Mapping[str, Any] | None:
    number, _, box = session.asked_box()
    if box is None:
        return map_pass.own_view(view.scope, view.version)
    west, south, east, north = box
    return {"n": number, "bounds": [[south, west], [north, east]]}
