"""The maps of the page of patrols: the live map's script and ground, with ways and numbered places on it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import patrol_desk, session, store
from dashboard.access import Viewer
from dashboard.filter_state import incident_filter
from dashboard.maps.live_state import Source, live_state
from dashboard.panels import map_frame, map_pass
from dashboard.web.live import hub
from dashboard.web.query import encode

__all__ = ["Pressed", "draw", "pressed"]

CLOCK_S = 300
SIGNS_FROM = 8
"""Zoom from which crossings are drawn: farther out they would hide the ways."""
SHOWN = ("districts", "sections", "border", "crossings")


@dataclass(frozen=True, slots=True)
class Pressed:
    """Where the map was pressed, degrees (WGS 84), and the position of the numbered place that was hit."""

    lon: float
    lat: float
    mark: int | None


def pressed(key: str) -> Pressed | None:
    """What was pressed since the last run."""
    event = session.map_event(f"{key}_frame")
    if event is None:
        return None
    if event.get("event") == "renew":
        session.drop_token()
    lon, lat, computed = event.get("lng"), event.get("lat"), event.get("computed")
    if event.get("event") != "pick" or not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    mark = computed.get("mark") if isinstance(computed, Mapping) else None
    return Pressed(float(lon), float(lat), mark if isinstance(mark, int) else None)


def draw(
    viewer: Viewer, now: datetime, drawn: Mapping[str, Any], key: str, view: Mapping[str, Any] | None = None
) -> None:
    """Draw it.

    Parameters
    ----------
    drawn
        ``ways``, ``marks`` and ``legend`` as dashboard/web/assets/analysis.js takes them.
    key
        Of the component; its container is ``key`` too.
    view
        ``n`` and ``bounds``: where it goes when ``n`` is new; without it where the page of patrols asked it to go.
    """
    version = hub.version
    token, expires = map_pass.token(viewer.scope)
    chosen = session.map_filter(now.date())
    incidents = incident_filter(chosen, now.date(), store.border_districts(version))
    source = Source(
        encode(incidents), version, store.area_version(version), token, expires, int(time.time() // CLOCK_S)
    )
    state = live_state(
        chosen, incidents, store.crime_types(version), source, store.settings(), None,
        _goes_to(viewer, version) if view is None else view,
        night=session.night(),
    )  # fmt: skip
    with st.container(key=key):
        map_frame.draw(
            state
            | {
                "live": None,
                "basemap": None,
                "picked": None,
                "signs_from": SIGNS_FROM,
                "layers": {name: name in SHOWN for name in state["layers"]},
                "analysis": dict(drawn),
            },
            f"{key}_frame",
        )


def _goes_to(viewer: Viewer, version: str) -> Mapping[str, Any] | None:
    asked = patrol_desk.asked_box()
    if asked is None:
        return map_pass.own_view(viewer.scope, version)
    n, (west, south, east, north) = asked
    return {"n": n, "bounds": [[south, west], [north, east]]}
