"""Rotas on the page of patrols: those there are, and the one that lies open. Only for those who make them."""

from __future__ import annotations

import html
from datetime import datetime

import streamlit as st

from dashboard import desk, office, rota_desk
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import moment
from dashboard.panels import rota_form, rota_one, rota_tables
from dashboard.panels.case import show_notice
from dashboard.rota_words import when_words
from geo.model.person import Person
from geo.model.rota import MAKES, Rota
from geo.queries import rotas

__all__ = ["draw"]


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The whole part."""
    if not viewer.may(MAKES):
        st.info(t("rota.not_yours", lang), icon=":material/lock:")
        return
    st.html(f"<style>{rota_tables.RULES}</style>")
    with st.container(key="rota_part"):
        if (number := rota_desk.opened()) is not None:
            rota_one.show(viewer.person, number, lang, now)
        else:
            _list(viewer.person, lang, now)


def _list(person: Person, lang: str, now: datetime) -> None:
    with office.acting(person) as connection:
        found = rotas.rotas(connection)
    if told := desk.notice():
        show_notice(told)
    st.caption(t("rota.intro", lang))
    st.caption(f":material/lock: {t('rota.secret', lang)}")
    if rota_desk.form_is_open():
        rota_form.show(person, lang, now)
    else:
        st.button(
            t("rota.new", lang), key="rota_new", type="primary", icon=":material/casino:", on_click=rota_desk.open_form
        )
    if not found:
        st.info(f"**{t('rota.none', lang)}** {t('rota.none_next', lang)}", icon=":material/event_busy:")
    for one in found:
        _row(one, lang)


def _row(one: Rota, lang: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"rota_row_{one.id}"):
        state = html.escape(t(f"rota.state.{one.state}", lang))
        who = f"{t('rota.by', lang, name=one.made_by)} · {moment(one.made_at, lang)}"
        st.html(
            f'<p class="office-line"><b>{html.escape(one.what.title)}</b> <span class="office-chip">{state}</span></p>'
            f'<p class="office-line">{html.escape(when_words(one, lang))}</p>'
            f'<p class="office-line office-faint">{html.escape(who)}</p>'
        )
        st.button(t("rota.open", lang), key=f"rota_open_{one.id}", on_click=rota_desk.lay_open, args=(one.id,))
