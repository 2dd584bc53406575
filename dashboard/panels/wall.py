"""Wall mode: the map, five figures, a clock. No control, big type, right for hours."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard import session, store
from dashboard.filter_words import describe, sentence
from dashboard.i18n import name, t
from dashboard.i18n.dates import ago, change, local, moment, number
from dashboard.web.live import hub
from geo.model import IncidentFilter, Scope
from geo.queries.figures import Figures

__all__ = ["show"]


def show(
    found: Figures, types: pd.DataFrame, places: pd.DataFrame, scope: Scope, incidents: IncidentFilter, now: datetime, lang: str
) -> None:
    """Draw the clock, what is shown, and the five figures."""
    chosen = session.map_filter(now.date())
    with st.container(horizontal=True, key="wall_head", vertical_alignment="center", gap="small"):
        st.text(sentence(describe(chosen, lang, now.date(), types, places)), width="stretch")
        if store.state(hub.version)["demo"]:
            st.badge(t("map.demo", lang), icon=":material/science:", color="orange")
        _clock(lang)
        st.button(
            " ", icon=":material/fullscreen_exit:", type="tertiary", help=t("map.leave_wall", lang), key="leave_wall",
            on_click=session.change, kwargs={"wall": False},
        )  # fmt: skip
    newest = store.newest(scope, incidents, hub.version, now.date())
    patrols = store.patrol_counts(scope, now)
    overdue = patrols.get("start_overdue", 0)
    district = found.by_district[found.by_district.index.notna()].head(1)
    boxes = st.columns(5, gap="small")
    boxes[0].metric(
        t("wall.total", lang), number(found.total), change(found.total, found.before, lang), delta_color="off", delta_arrow="off"
    )
    boxes[1].metric(t("wall.top_type", lang), _top(found.by_type.index, types, lang), _count(found.by_type))
    boxes[2].metric(t("wall.top_district", lang), _top(district.index, places, lang), _count(district["n"]))
    boxes[3].metric(
        t("wall.latest", lang), "–" if newest.empty else ago(local(newest.iloc[0]["reported_at"]), now, lang),
    )  # fmt: skip
    boxes[4].metric(
        t("wall.patrols", lang), t("wall.patrols_out", lang, active=patrols.get("active", 0)),
        t("wall.patrols_overdue", lang, n=overdue) if overdue else None, delta_color="inverse", delta_arrow="off",
    )  # fmt: skip


def _top(codes: pd.Index, rows: pd.DataFrame, lang: str) -> str:
    match = rows[rows["code"] == codes[0]] if len(codes) else rows.iloc[:0]
    return name(match.iloc[0], lang) if len(match) else t("wall.none", lang)


def _count(counts: pd.Series) -> str | None:
    return number(int(counts.iloc[0])) if len(counts) else None


@st.fragment(run_every=30)
def _clock(lang: str) -> None:
    st.text(moment(datetime.now().astimezone(), lang), width="content")
