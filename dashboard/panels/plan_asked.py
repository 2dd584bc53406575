"""What is to be covered, and how far a checkpoint reaches: in a straight line, or along roads where a file was loaded."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import plan_desk, store
from dashboard.access import Viewer
from dashboard.i18n import name, t
from dashboard.i18n.dates import day
from dashboard.labels import plain
from dashboard.planning.demand import DemandAsked
from dashboard.planning.reach import MODES, Reach
from dashboard.web.live import hub
from geo.model.plan import USUAL_WEIGHTS

__all__ = ["reach_words", "show", "weight_fields"]

DAYS = (90, 180, 365, 730)
USUAL_DAYS = 365


def show(viewer: Viewer, lang: str, today: date, of: str = "plan") -> tuple[DemandAsked, Reach]:
    """Period, districts, weights and reach; of a plan as they were asked last.

    Parameters
    ----------
    of
        Beginning of the fields' keys: ``plan``, or another part of the page.
    """
    last = plan_desk.question() if of == "plan" else None
    border = store.border_districts(hub.version)
    own = viewer.scope.districts
    mine = [code for code in border if own is None or code in own]
    chosen = st.multiselect(
        t("plans.asked.districts", lang), mine, [code for code in last.demand.districts if code in mine] if last else [],
        key=f"{of}.districts", placeholder=t("plans.asked.all" if own is None else "plans.asked.own", lang),
        format_func=lambda code: plain(name(border[code], lang)),
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        span = (last.demand.last - last.demand.first).days + 1 if last else USUAL_DAYS
        days = st.selectbox(
            t("plans.asked.days", lang), DAYS, DAYS.index(span) if span in DAYS else DAYS.index(USUAL_DAYS),
            key=f"{of}.back", format_func=lambda n: t("plans.asked.last_days", lang, n=n),
        )  # fmt: skip
        reach = _reach(viewer, lang, last.reach if last else Reach(), of)
    _by_what(viewer, reach, lang)
    weights = weight_fields(lang, f"{of}.weight")
    return DemandAsked(today - timedelta(days=days - 1), today, tuple(chosen) or tuple(own or ()), weights), reach


def weight_fields(lang: str, key: str) -> tuple[tuple[str, float], ...]:
    """What an incident of each type counts, as a person sets it; those that count 1 are left out.

    At first as the person planned checkpoints last, else as usual.

    Parameters
    ----------
    key
        Beginning of the fields' keys.
    """
    last = plan_desk.question()
    known = dict(last.demand.weights) if last else USUAL_WEIGHTS
    weights = []
    with st.popover(t("plans.asked.weights", lang), icon=":material/balance:", width="stretch"):
        st.caption(t("plans.asked.weights_about", lang))
        for code, kind in store.crime_types(hub.version).items():
            weight = float(
                st.number_input(plain(name(kind, lang)), 0.0, 100.0, known.get(code, 1.0), 0.5, key=f"{key}.{code}")
            )
            if weight != 1.0:
                weights.append((code, weight))
    return tuple(weights)


def _reach(viewer: Viewer, lang: str, last: Reach, of: str) -> Reach:
    """Roads can be chosen where there are some."""
    mode = MODES[0]
    if store.road_file(viewer.scope, hub.version) is not None:
        mode = st.selectbox(
            t("plans.asked.mode", lang), MODES, MODES.index(last.mode), key=f"{of}.mode",
            format_func=lambda code: t(f"plans.asked.modes.{code}", lang),
        )  # fmt: skip
    if mode == "minutes":
        minutes = st.number_input(t("plans.asked.minutes", lang), 1.0, 240.0, last.minutes, 1.0, key=f"{of}.minutes")
        return Reach(last.metres, mode, float(minutes))
    radius = st.number_input(t("plans.asked.radius", lang), 0.5, 100.0, last.metres / 1000, 0.5, key=f"{of}.radius")
    return Reach(1000 * radius, mode, last.minutes)


def _by_what(viewer: Viewer, reach: Reach, lang: str) -> None:
    """Which distance is in use, and why."""
    file = store.road_file(viewer.scope, hub.version)
    if file is None:
        st.caption(t("plans.asked.no_roads", lang))
        return
    said = "plans.asked.roads_used" if reach.by_road else "plans.asked.roads_there"
    words = t(said, lang, source=file.source, licence=file.licence, loaded=day(file.loaded_at.date(), lang))
    st.caption(plain(words + (" " + t("plans.asked.minutes_about", lang) if reach.mode == "minutes" else "")))


def reach_words(reach: Reach, lang: str, *, short: bool = False) -> str:
    """``10 km in a straight line``; short where it need not be told from others."""
    if short and not reach.by_road:
        return t("plans.km", lang, n=f"{reach.metres / 1000:g}")
    n = reach.minutes if reach.mode == "minutes" else reach.metres / 1000
    return t(f"plans.reach.{reach.mode}", lang, n=f"{n:g}")
