"""The hotspot page: a question, its answer on a map and in words, and under it always how it was come by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import filters, session, store
from dashboard.access import WATCHERS, Viewer
from dashboard.filter_address import Known
from dashboard.filter_state import MapFilter, Period, incident_filter
from dashboard.filter_words import describe
from dashboard.hotspot_choice import QUESTIONS
from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import based_on
from dashboard.hotspots.service import Running, look
from dashboard.i18n import t
from dashboard.labels import plain
from dashboard.messages import sentence
from dashboard.panels import (
    hotspots_how,
    hotspots_map,
    hotspots_methods,
    hotspots_style,
    hotspots_wait,
    styles,
    unavailable,
)
from dashboard.panels.hotspots_view import Picture, View
from dashboard.web.live import hub
from geo.crs import TIMEZONE
from geo.errors import AnalysisCancelled, DatabaseUnavailable, WatchError
from geo.model import CrimeType, District

__all__ = ["show"]

KEPT_S = 600
"""So long the page keeps to one state of the data, unless asked for the newest: what is talked about does not move."""


def show(viewer: Viewer) -> None:
    """The whole page for a viewer: filters in the sidebar, the board beside them."""
    now = datetime.now(ZoneInfo(TIMEZONE))
    styles.inject(wall=False, night=session.night())
    hotspots_style.inject()
    try:
        types, places = store.crime_types(hub.version), store.border_districts(hub.version)
    except DatabaseUnavailable as error:
        unavailable.show(error, session.language())
        return
    session.usual_period(Period.DAYS_365)
    chosen = session.map_filter(now.date(), Known.of(types, places, ("own",)))
    filters.sidebar(chosen, now.date(), types, places, {}, of_map=False)
    _board()


@st.fragment
def _board() -> None:
    """Sentence, question, map and finding."""
    try:
        viewer = session.viewer()
        if viewer is None or not viewer.may(WATCHERS):
            st.rerun()
        _draw(viewer, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, session.language())


def _draw(viewer: Viewer, now: datetime) -> None:
    version = session.pinned(hub.version, KEPT_S)
    types, border = store.crime_types(version), store.border_districts(version)
    chosen = session.map_filter(now.date(), Known.of(types, border, ("own",)))
    choice = session.choice()
    incidents = based_on(
        incident_filter(chosen, now.date(), border),
        choice.base,
        unverified=choice.unverified and not viewer.scope.rough,
    )
    state, grounds = store.state(version), store.area_version(version)
    view = View(
        viewer.person, viewer.scope, chosen, incidents, choice, version, now, session.night(), types,
        store.district_names(version), border, state["demo"],
    )  # fmt: skip
    hotspots_map.hear()
    _head(chosen, types, border, state, now)
    _ask(view)
    answer, refused = _answer(view)
    picture = hotspots_methods.picture(view, answer) if isinstance(answer, Answer) else Picture(computed={})
    left, right = st.columns([10, 4], gap="small")
    with left:
        hotspots_map.draw(view, picture, grounds)
        # Where there is no map its frame stays, unseen, so that what was looked at is there again.
        with st.container(key="charts_alone" if picture == Picture() else "charts"):
            if isinstance(answer, Answer):
                hotspots_methods.charts(view, answer)
        with st.container(key="method_line"):
            if isinstance(answer, Answer):
                st.caption(plain(hotspots_how.method_line(view, answer)))
    with right, st.container(key="figures"):
        hotspots_how.methods(view)
        hotspots_methods.controls(view)
        if refused:
            st.info(refused, icon=":material/info:")
        elif isinstance(answer, Answer):
            hotspots_how.remarks(view, answer)
            hotspots_methods.side(view, answer, picture)
        elif isinstance(answer, Running):
            hotspots_wait.show(hotspots_methods.question(view), view.lang, answer)
        else:
            hotspots_wait.offer(view, hotspots_methods.question(view))
        hotspots_how.parameters(view)
        if isinstance(answer, Answer):
            hotspots_how.take_away(view, answer)


def _answer(view: View) -> tuple[Answer | Running | None, str]:
    """The answer, or what is under way, or nothing yet; and why there is none."""
    if hotspots_how.needs_more_districts(view, view.choice.method):
        return None, t("hotspots_page.one_district", view.lang)
    question = hotspots_methods.question(view)
    if hotspots_wait.waits_for_a_word(question):
        return None, ""
    try:
        return look(question), ""
    except DatabaseUnavailable:
        raise
    except AnalysisCancelled:
        hotspots_wait.forget(question)
        return None, ""
    except WatchError as error:
        hotspots_wait.forget(question)
        return None, plain(sentence(error, view.lang))


def _head(
    chosen: MapFilter,
    types: Mapping[str, CrimeType],
    places: Mapping[str, District],
    state: Mapping[str, bool],
    now: datetime,
) -> None:
    """What is looked at, and whether it is real."""
    lang = chosen.lang
    with st.container(horizontal=True, key="head", vertical_alignment="center", gap="small"):
        usual = session.default().period
        filters.sentence_bar(describe(chosen, lang, now.date(), types, places, usual), lang)
        st.button(
            t("hotspots_page.refresh", lang), key="refresh", type="tertiary", icon=":material/refresh:",
            on_click=session.unpin, help=t("hotspots_page.refresh_help", lang),
        )  # fmt: skip
        if state["demo"]:
            st.badge(t("map.demo", lang), icon=":material/science:", color="orange", help=t("map.demo_help", lang))
    with st.container(key="notes"):
        filters.dropped_note(lang)
        if not state["boundaries"]:
            st.warning(t("map.no_boundaries", lang), icon=":material/map:")
        if not state["incidents"]:
            st.info(f"**{t('map.empty', lang)}** {t('map.empty_next', lang)}", icon=":material/inbox:")


def _ask(view: View) -> None:
    """The questions; each opens with the method that answers it in most cases."""
    session.put("ask", view.choice.question)
    st.segmented_control(
        t("hotspots_page.ask_label", view.lang), list(QUESTIONS), key="ask", label_visibility="collapsed",
        format_func=lambda code: plain(t(f"hotspots_page.ask.{code}", view.lang)), on_change=_asked,
    )  # fmt: skip


def _asked() -> None:
    if code := session.value("ask"):
        session.choose(method=QUESTIONS[code][0])
        session.go_to_box(None, None)
