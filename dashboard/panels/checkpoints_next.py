"""The next checkpoints: the question at the side, its answer on the map, and what a person does with it."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import desk, plan_desk, session, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.labels import plain
from dashboard.maps import plan_layers
from dashboard.messages import sentence
from dashboard.panels import plan_answer, plan_asked, plan_map, plan_question
from dashboard.panels.case import show_notice
from dashboard.planning.found import Found
from dashboard.planning.service import Asked, Running, look
from dashboard.web.live import hub
from geo.errors import AnalysisCancelled, DatabaseUnavailable, WatchError
from geo.model.plan import MAKES

__all__ = ["draw"]

MAP = "plan_map"
EVERY_S = 1.0
SEARCH_S, FIGURES_S = 0.8, 4.0
"""So long a run of the page waits: a search tells its best so far soon, the figures of given sites are there in a moment."""
AROUND = 0.15
"""Degrees around the sites that the map goes to."""
KEPT_S = 600


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """Question, map and answer."""
    plan_map.hear(MAP)
    version = session.pinned(hub.version, KEPT_S)
    found, running, refused = _answer(viewer, version)
    best = found or (running.best if running else None)
    if best is not None:
        plan_desk.keep(best)
    shown = best or (plan_desk.last() if running else None)
    left, right = st.columns([10, 4], gap="small")
    with left:
        plan_map.draw(viewer, lang, now, _picture(shown, lang), MAP, _box(shown))
        st.caption(t("plans.map_about", lang))
    with right, st.container(key="figures"):
        if (told := desk.notice()) is not None:
            show_notice(told)
        if refused:
            st.warning(plain(refused), icon=":material/info:")
        if running is not None:
            asked = plan_desk.question()
            assert asked is not None
            _wait(Asked(viewer.scope, asked, version), lang)
        elif found is not None:
            plan_answer.figures(found, lang)
            districts = dict(store.district_names(version))
            plan_answer.show_sites(found, districts, lang, may_change=viewer.person.role in MAKES)
            plan_answer.save(viewer.person, found, lang)
        with st.expander(
            t("plans.ask", lang), expanded=best is None and running is None, icon=":material/help:", key="plan_question"
        ):
            demand, reach = plan_asked.show(viewer, lang, now.date())
            plan_question.show(viewer, lang, demand, reach)


def _answer(viewer: Viewer, version: str) -> tuple[Found | None, Running | None, str]:
    """The answer, or what is under way; and why there is none."""
    asked = plan_desk.question()
    if asked is None:
        return None, None, ""
    try:
        found = look(Asked(viewer.scope, asked, version), SEARCH_S if asked.given is None else FIGURES_S)
    except DatabaseUnavailable:
        raise
    except AnalysisCancelled:
        plan_desk.ask(None)
        return None, None, ""
    except WatchError as error:
        return None, None, sentence(error, session.language())
    return (None, found, "") if isinstance(found, Running) else (found, None, "")


def _picture(found: Found | None, lang: str) -> dict[str, Any]:
    """The answer on the map; nothing but candidates of one's own where there is none."""
    if found is None:
        own = plan_desk.own()
        return {"marks": plan_layers.marks_of([(one.lon, one.lat) for one in own], [False] * len(own))} if own else {}
    at = plan_desk.looked_at()
    here = at - 1 if at is not None and at <= len(found.new) else None
    # Those that are there already stand on the map as checkpoints.
    places = [(site.lon, site.lat) for site in found.new]
    strong = [here is None or place == here for place in range(len(places))]
    drawn: dict[str, Any] = {"marks": plan_layers.marks_of(places, strong)}
    asked = plan_desk.question()
    if asked is not None and not asked.reach.by_road:  # no circle says how far roads lead
        drawn["outlines"] = plan_layers.reach_of(
            places if here is None else places[here : here + 1], asked.reach.metres
        )
    if found.cells is not None:
        drawn |= plan_layers.demand_layer(found.cells, here, lang, session.night())
    return drawn


def _box(found: Found | None) -> plan_map.Box | None:
    """Around the new sites of each answer, once."""
    if found is None or not found.new or found.cells is None:
        return None
    lon, lat = [site.lon for site in found.new], [site.lat for site in found.new]
    number = zlib.crc32(repr(sorted(site.code for site in found.new)).encode())
    return plan_map.Box(number, min(lon) - AROUND, min(lat) - AROUND, max(lon) + AROUND, max(lat) + AROUND)


@st.fragment(run_every=EVERY_S)
def _wait(asked: Asked, lang: str) -> None:
    """How far the search is, and the best so far. The rest of the page can be used meanwhile."""
    try:
        running = look(asked, wait_s=0)
    except WatchError:
        st.rerun()  # the page asks again, and says what is wrong
        return
    if not isinstance(running, Running):
        st.rerun()
        return
    best = running.best
    said = t("plans.wait.first", lang) if best is None else plan_answer.how_good(best, lang)
    st.progress(running.share, text=t("plans.wait.working", lang))
    if best is not None:
        plan_answer.figures(best, lang)
        if desk.said("plan.drawn") != (drawn := tuple(site.code for site in best.sites)):
            desk.put("plan.drawn", drawn)
            st.rerun()  # the map shows the better sites
    else:
        st.text(said)
    st.button(t("plans.wait.stop", lang), key="plan_stop", icon=":material/stop:", on_click=running.cancel)
