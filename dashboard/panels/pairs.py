"""Paired districts: choose a pair, and one of its parts under it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, pair_desk, session, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import day
from dashboard.pair_words import counterpart_words, pair_words
from dashboard.panels import (
    case,
    office_style,
    pairs_along,
    pairs_contacts,
    pairs_form,
    pairs_log,
    pairs_style,
    unavailable,
)
from dashboard.panels.live_office import hear
from dashboard.web.live import hub
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.model.pair import KEEPS, Pair
from geo.queries.pairs import pairs

__all__ = ["PARTS", "show"]

PARTS = ("along", "contacts", "log", "about")


def show(viewer: Viewer) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    pairs_style.frame()
    try:
        _draw(viewer, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(viewer: Viewer, lang: str, now: datetime) -> None:
    heard = hub.office
    with office.acting(viewer.person) as connection:
        found = {one.id: one for one in pairs(connection)}
    chosen = pair_desk.opened(list(found))
    with st.container(key="pair_page"):
        with st.container(horizontal=True, vertical_alignment="center", key="pair_top"):
            st.html(f'<h1 class="office-title">{html.escape(t("nav.pairs", lang))}</h1>')
            if found:
                _choice(found, chosen, lang)
            if viewer.may(KEEPS):
                st.button(
                    t("pairs.new", lang), key="pair_new", icon=":material/add:", on_click=pair_desk.begin, args=("new",),
                )  # fmt: skip
        with st.container():  # has its place also while it is empty: else what is below is made anew
            if told := desk.notice():
                case.show_notice(told)
        if pair_desk.form() == "new" and viewer.may(KEEPS):
            pairs_form.new(viewer.person, lang, now)
        if chosen is None:
            st.info(t("pairs.none", lang), icon=":material/compare_arrows:")
        else:
            _one(viewer, found[chosen], lang, now)
    hear(heard, now)


def _choice(found: Mapping[int, Pair], chosen: int | None, lang: str) -> None:
    names = {number: pair_words(one, store.district_names(hub.version), lang) for number, one in found.items()}
    desk.put("pair_choice", chosen)
    st.selectbox(
        t("pairs.choose", lang), list(names), format_func=names.__getitem__, key="pair_choice",
        label_visibility="collapsed", on_change=_chosen, width=420,
    )  # fmt: skip


def _chosen() -> None:
    if (number := desk.said("pair_choice")) is not None:
        pair_desk.lay_open(int(number))


def _one(viewer: Viewer, pair: Pair, lang: str, now: datetime) -> None:
    _head(pair, lang)
    part = pair_desk.part(PARTS)
    desk.put("pair_part", part)
    st.segmented_control(
        t("pairs.parts", lang), list(PARTS), key="pair_part", label_visibility="collapsed",
        format_func=lambda code: t(f"pairs.part.{code}", lang), on_change=_part_chosen,
    )  # fmt: skip
    with st.container(key=f"pair_{part}"):
        match part:
            case "along":
                pairs_along.draw(viewer, pair, lang, now)
            case "contacts":
                pairs_contacts.draw(viewer, pair, lang, now)
            case "log":
                pairs_log.draw(viewer, pair, lang, now)
            case _:
                pairs_form.about(viewer, pair, lang, now)


def _part_chosen() -> None:
    if code := desk.said("pair_part"):
        pair_desk.take_part(code)


def _head(pair: Pair, lang: str) -> None:
    said: Sequence[str] = counterpart_words(pair, lang)
    with st.container(horizontal=True, vertical_alignment="center", key="pair_head"):
        st.html(f'<p class="office-line"><b>{html.escape(" · ".join(said))}</b></p>')
        if pair.is_demo:
            st.badge(t("map.demo", lang), icon=":material/science:", color="orange", help=t("map.demo_help", lang))
        if pair.to_day is not None:
            st.badge(t("pairs.ended", lang, day=day(pair.to_day, lang)), icon=":material/block:", color="gray")
