"""What is to be covered, and how far a checkpoint reaches."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import plan_desk, store
from dashboard.access import Viewer
from dashboard.i18n import name, t
from dashboard.labels import plain
from dashboard.planning.demand import DemandAsked
from dashboard.planning.reach import Reach
from dashboard.web.live import hub

__all__ = ["show"]

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
    border, types = store.border_districts(hub.version), store.crime_types(hub.version)
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
        radius = st.number_input(
            t("plans.asked.radius", lang),
            0.5,
            100.0,
            last.reach.metres / 1000 if last else 10.0,
            0.5,
            key=f"{of}.radius",
        )
    known = dict(last.demand.weights) if last else {}
    weights = []
    with st.popover(t("plans.asked.weights", lang), icon=":material/balance:", width="stretch"):
        st.caption(t("plans.asked.weights_about", lang))
        for code, kind in types.items():
            weight = float(
                st.number_input(
                    plain(name(kind, lang)), 0.0, 100.0, known.get(code, 1.0), 0.5, key=f"{of}.weight.{code}"
                )
            )
            if weight != 1.0:
                weights.append((code, weight))
    return DemandAsked(
        today - timedelta(days=days - 1), today, tuple(chosen) or tuple(own or ()), tuple(weights)
    ), Reach(1000 * radius)
