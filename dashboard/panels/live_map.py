"""The live border map with its figures: one fragment that reruns when something changes or is chosen, and only then."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import filters, session, store
from dashboard.access import WATCHERS, Viewer
from dashboard.filter_address import Known, to_query
from dashboard.filter_state import MapFilter, Period, incident_filter
from dashboard.filter_words import describe
from dashboard.i18n import name, t
from dashboard.i18n.dates import clock
from dashboard.maps.choropleth import choropleth
from dashboard.maps.live_state import Source, live_state
from dashboard.panels import card, figures, map_frame, map_pass, player, styles, unavailable, wall
from dashboard.panels.take_away import table_links
from dashboard.web.live import hub
from dashboard.web.query import encode
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.model import CrimeType, District, IncidentFilter, Scope
from geo.queries.figures import Figures

__all__ = ["show"]

MAP = "live_map"
"""Key of the map's component in the session."""
CLOCK_S = 300
"""How often, at most, an open map asks again for what changes by the clock alone."""
_turns = threading.BoundedSemaphore(2)
"""Boards drawn at once. Python runs one thread at a time: of many that are begun together all come late, of many that
wait their turn most come early. What is asked of the database is asked before."""
SYMBOLS = {"checkpoints": "checkpoint", "patrols": "patrol", "crossings": "crossing"}


def show(viewer: Viewer) -> None:
    """The whole page for a viewer: filters in the sidebar, the board beside them."""
    now = datetime.now(ZoneInfo(TIMEZONE))
    styles.inject(session.wall(), session.night())
    try:
        types, places = store.crime_types(hub.version), store.border_districts(hub.version)
    except DatabaseUnavailable as error:
        unavailable.show(error, session.language())
        return
    basemaps = _basemaps(session.language())
    session.usual_period(Period.DAYS_28)
    chosen = session.map_filter(now.date(), Known.of(types, places, ("own", *basemaps)))
    if not chosen.wall:
        filters.sidebar(chosen, now.date(), types, places, basemaps)
    _board()


@st.fragment
def _board() -> None:
    """Sentence, map, figures. Reruns by itself when the map hears news or is clicked."""
    try:
        viewer = session.viewer()
        if viewer is None or not viewer.may(WATCHERS):
            st.rerun()
        _draw(viewer, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, session.language())


def _draw(viewer: Viewer, now: datetime) -> None:
    version = hub.version
    types, places = store.crime_types(version), store.border_districts(version)
    chosen = session.map_filter(now.date(), Known.of(types, places, ("own", *_basemaps(session.language()))))
    incidents = incident_filter(chosen, now.date(), places)
    _hear(viewer.scope, incidents)
    chosen = session.map_filter(now.date())
    found, newest = store.figures_of(viewer.scope, incidents, version)
    state, names, grounds = store.state(version), store.district_names(version), store.area_version(version)
    view = _view(viewer.scope, version)
    if chosen.wall:
        patrols = wall.read(viewer.scope, now)
        with _turns:
            wall.show(found, newest, types, places, names, patrols, state["demo"], now, chosen.lang)
            _map(viewer.scope, chosen, incidents, types, found, version, grounds, view)
        return
    picked = card.read(viewer.scope, now)
    with _turns:
        _head(chosen, types, places, state, now)
        left, right = st.columns([10, 2.75], gap="small")
        with left:
            _map(viewer.scope, chosen, incidents, types, found, version, grounds, view)
            player.show(chosen, now.date())
        with right, st.container(key="figures"):
            card.show(picked, types, names, places, chosen.lang, now)
            figures.show(found, newest, incidents, types, names, chosen.lang, now)
            table_links("incidents", to_query(chosen, session.default()), chosen.lang)


def _head(
    chosen: MapFilter,
    types: Mapping[str, CrimeType],
    places: Mapping[str, District],
    state: Mapping[str, bool],
    now: datetime,
) -> None:
    """What is shown, as of when, and whether it is real."""
    lang = chosen.lang
    with st.container(horizontal=True, key="head", vertical_alignment="center", gap="small"):
        filters.sentence_bar(describe(chosen, lang, now.date(), types, places), lang)
        player.switch(chosen, now.date())
        if state["demo"]:
            st.badge(t("map.demo", lang), icon=":material/science:", color="orange", help=t("map.demo_help", lang))
        st.caption(t("map.as_of", lang, time=clock(now, lang)), width="content")
    with st.container(key="notes"):  # always there: what comes and goes above the map would load its frame anew
        filters.dropped_note(lang)
        if not state["boundaries"]:
            st.warning(t("map.no_boundaries", lang), icon=":material/map:")
        if not state["incidents"]:
            st.info(f"**{t('map.empty', lang)}** {t('map.empty_next', lang)}", icon=":material/inbox:")


def _map(
    scope: Scope,
    chosen: MapFilter,
    incidents: IncidentFilter,
    types: Mapping[str, CrimeType],
    found: Figures,
    version: str,
    grounds: str,
    view: Mapping[str, Any] | None,
) -> None:
    token, expires = map_pass.token(scope)
    source = Source(encode(incidents), version, grounds, token, expires, int(time.time() // CLOCK_S))
    classes = choropleth(chosen.choropleth, found.by_district, chosen.lang, session.night())
    state = live_state(chosen, incidents, types, source, store.settings(), classes, view, night=session.night())
    with st.container(key="map"):
        map_frame.draw(state, MAP)


def _view(scope: Scope, version: str) -> Mapping[str, Any] | None:
    """Where the map is asked to go: to what a table picked, once; before that to the viewer's own districts."""
    asked = session.asked_view()
    if asked is None:
        return map_pass.own_view(scope, version)
    number, kind, code = asked
    box = store.bounds((code,), version) if kind == "district" else store.incident_box(scope, code, version)
    if box is None:
        return None
    west, south, east, north = box
    return {"n": number, "bounds": [[south, west], [north, east]]}


def _hear(scope: Scope, incidents: IncidentFilter) -> None:
    """Take in what the map reported since the last run: a click, news, or a token near its end."""
    event = session.map_event(MAP)
    if event is None:
        return
    if event.get("event") == "renew":
        session.drop_token()
    if event.get("event") != "pick":
        return
    symbol = event.get("symbol")
    if isinstance(symbol, Mapping) and symbol.get("layer") in SYMBOLS:
        session.look_at(SYMBOLS[symbol["layer"]], str(symbol.get("id")))
        return
    lat, lon, radius = (_number(event, key) for key in ("lat", "lng", "radius_m"))
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= radius < math.inf):
        return  # not from our script
    picked = store.pick(scope, incidents, lat, lon, min(radius, 20_000), bool(event.get("incident")))
    if picked is None:
        session.unpick()
    else:
        session.look_at(*picked)


def _number(event: Mapping[str, Any], key: str) -> float:
    value = event.get(key)
    return float(value) if isinstance(value, int | float) else math.nan


def _basemaps(lang: str) -> dict[str, str]:
    """Code and name of the base maps that can be had here besides our own."""
    settings = store.settings()
    offline = {"offline": t("basemap.offline", lang)} if settings.basemap_file() else {}
    return offline | {h.code: name(h, lang) for h in settings.online_hosts()}
