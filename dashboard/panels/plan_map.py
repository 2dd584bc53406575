"""The map of plans: the live map's script and ground with checkpoints, the demand and the sites on it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import plan_desk, session, store
from dashboard.access import Viewer
from dashboard.filter_state import MapFilter, incident_filter
from dashboard.maps.live_state import Source, live_state
from dashboard.panels import map_frame, map_pass
from dashboard.web.live import hub
from dashboard.web.query import encode

__all__ = ["Box", "draw", "hear"]

LAYERS = ("districts", "sections", "crossings", "checkpoints")
CLOCK_S = 300
SIGNS_FROM = 8
"""Zoom from which crossings are drawn."""
PINS_S = 600


@dataclass(frozen=True, slots=True)
class Box:
    """Where the map goes when ``number`` is new: west, south, east, north in degrees."""

    number: int
    west: float
    south: float
    east: float
    north: float


def hear(key: str) -> None:
    """Take in what the map reported since the last run: a number or a place that was clicked, or a token near its end."""
    event = session.map_event(key)
    if event is None:
        return
    if event.get("event") == "renew":
        session.drop_token()
    if event.get("event") != "pick":
        return
    hit = event.get("computed")
    if isinstance(hit, Mapping) and isinstance(hit.get("mark"), int):
        plan_desk.tell_mark(hit["mark"])
        return
    lat, lon = event.get("lat"), event.get("lng")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        plan_desk.click((float(lon), float(lat)))


def draw(
    viewer: Viewer, lang: str, now: datetime, computed: Mapping[str, Any], key: str, box: Box | None = None
) -> None:
    """Draw the map. Always in the same place of the page, so that its frame is not made anew."""
    version = session.pinned(hub.version, PINS_S)
    border = store.border_districts(version)
    chosen = MapFilter(lang=lang)
    incidents = incident_filter(chosen, now.date(), border)
    token, expires = map_pass.token(viewer.scope)
    source = Source(
        encode(incidents), version, store.area_version(version), token, expires, int(time.time() // CLOCK_S)
    )
    state = live_state(
        chosen, incidents, store.crime_types(version), source, store.settings(), None,
        _goes_to(viewer, version, box), night=session.night(),
    )  # fmt: skip
    shown = {
        "live": None,
        "basemap": None,
        "picked": None,
        "signs_from": SIGNS_FROM,
        "layers": {name: name in LAYERS for name in state["layers"]},
        "analysis": computed or None,
    }
    with st.container(key="map"):
        map_frame.draw(state | shown, key)


def _goes_to(viewer: Viewer, version: str, box: Box | None) -> Mapping[str, Any] | None:
    if box is None:
        return map_pass.own_view(viewer.scope, version)
    return {"n": box.number, "bounds": [[box.south, box.west], [box.north, box.east]]}
