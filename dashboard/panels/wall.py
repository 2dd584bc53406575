"""Wall mode: the map, five figures, a clock. No control, big type, right for hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from dashboard import session, store
from dashboard.filter_words import describe, sentence
from dashboard.i18n import name, t
from dashboard.i18n.dates import ago, change, clock, local, moment, number
from geo.errors import DatabaseUnavailable
from geo.model import CrimeType, District, Scope
from geo.queries.figures import Figures
from geo.queries.incidents import Newest

__all__ = ["read", "show"]


def read(scope: Scope, now: datetime) -> Mapping[str, int] | DatabaseUnavailable:
    """Patrols of now by status, asked for before the board's turn to be drawn; a failure is said when it is drawn."""
    try:
        return store.patrol_counts(scope, now)
    except DatabaseUnavailable as error:
        return error


def show(
    found: Figures,
    newest: Sequence[Newest],
    types: Mapping[str, CrimeType],
    places: Mapping[str, District],
    districts: Mapping[str, District],
    patrols: Mapping[str, int] | DatabaseUnavailable,
    demo: bool,
    now: datetime,
    lang: str,
) -> None:
    """Draw the clock, what is shown, and the five figures.

    Raises
    ------
    DatabaseUnavailable
        The patrols could not be read.
    """
    chosen = session.map_filter(now.date())
    with st.container(horizontal=True, key="wall_head", vertical_alignment="center", gap="small"):
        st.text(sentence(describe(chosen, lang, now.date(), types, places)), width="stretch")
        if demo:
            st.badge(t("map.demo", lang), icon=":material/science:", color="orange")
        st.caption(t("map.as_of", lang, time=clock(now, lang)), width="content")
        with st.container(key="wall_clock", width="content"):
            _clock(lang)
        st.button(
            " ", icon=":material/fullscreen_exit:", type="tertiary", help=t("map.leave_wall", lang), key="leave_wall",
            on_click=session.change, kwargs={"wall": False},
        )  # fmt: skip
    if isinstance(patrols, DatabaseUnavailable):
        raise patrols
    overdue = patrols.get("start_overdue", 0)
    district = {row.code: row.n for row in found.by_district if row.code is not None}
    figures = {
        "total": (number(found.total), change(found.total, found.before, lang)),
        "type": (_top(found.by_type, types, lang), _count(found.by_type, lang)),
        "district": (_top(district, districts, lang), _count(district, lang)),
        "latest": (ago(local(newest[0].reported_at), now, lang) if newest else "–", None),
        "patrols": (
            t("wall.patrols_out", lang, active=patrols.get("active", 0)),
            t("wall.patrols_overdue", lang, n=overdue) if overdue else None,
        ),
    }
    with st.container(key="wall_figures"):
        boxes = st.columns([1, 1.75, 1.35, 1.1, 1.1], gap="small")
        for box, (what, (value, below)) in zip(boxes, figures.items(), strict=True):
            with box.container(key=f"wall_{what}"):
                st.metric(
                    t(f"wall.{what}", lang), value, below, delta_arrow="off",
                    delta_color="inverse" if what == "patrols" else "off",
                )  # fmt: skip


def _top(counts: Mapping[str, int], rows: Mapping[str, CrimeType] | Mapping[str, District], lang: str) -> str:
    """Name of the first."""
    row = rows.get(next(iter(counts), ""))
    return name(row, lang) if row else t("wall.none", lang)


def _count(counts: Mapping[str, int], lang: str) -> str | None:
    """Count of the first."""
    return t("wall.cases", lang, n=number(next(iter(counts.values())))) if counts else None


@st.fragment(run_every=30)
def _clock(lang: str) -> None:
    st.text(moment(datetime.now().astimezone(), lang), width="content")
