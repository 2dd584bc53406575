"""Agencies to which cases are referred: added, renamed, retired."""

from __future__ import annotations

import html
from typing import Any

import streamlit as st

from dashboard import desk, session
from dashboard.administration import administering, take
from dashboard.i18n import name, t
from dashboard.labels import plain
from geo.actions.agencies import add_agency, put_agency
from geo.model import Agency
from geo.model.person import Person
from geo.queries.places import agencies

__all__ = ["show"]

_OPEN = "desk.agency"
NEW, STEP = "+", "agency"


def show(person: Person, lang: str) -> None:
    """Draw the list, and the form of the one that is opened or new."""
    with administering(person) as connection:
        found = agencies(connection)
    st.caption(t("settings.agencies_help", lang))
    left, right = st.columns([5, 6], gap="large")
    with left:
        st.button(
            t("settings.agency_add", lang), key="agency_add", icon=":material/add:", on_click=_lay_open, args=(NEW,),
            type="primary" if desk.said(_OPEN) is None else "secondary",
        )  # fmt: skip
        for agency in sorted(found.values(), key=lambda one: (not one.active, name(one, lang))):
            _row(agency, lang)
    with right:
        chosen = desk.said(_OPEN)
        if chosen == NEW or chosen in found:
            _form(person, found.get(chosen), lang)


def _lay_open(code: str | None) -> None:
    desk.clear()
    desk.put(_OPEN, code)


def _row(agency: Agency, lang: str) -> None:
    faint = [agency.abbrev_th or "", agency.code, "" if agency.active else t("settings.retired", lang)]
    is_open = desk.said(_OPEN) == agency.code
    with st.container(border=True, key=f"row_{'open_' if is_open else ''}{agency.code}"):
        st.html(
            f'<div class="office-head"><b>{html.escape(name(agency, lang))}</b></div>'
            f'<p class="office-line office-faint">{html.escape(" · ".join(part for part in faint if part))}</p>'
        )
        st.button(
            t("settings.open", lang, name=plain(name(agency, lang))), key=f"open_{agency.code}", on_click=_lay_open,
            args=(agency.code,),
        )  # fmt: skip


def _form(person: Person, agency: Agency | None, lang: str) -> None:
    of = agency.code if agency else NEW

    def key(field: str) -> str:
        return desk.field_key(of, STEP, field)

    with st.container(key="settings_form"), st.form(f"agency/{of}"):
        st.markdown(f"**{plain(name(agency, lang)) if agency else t('settings.agency_add', lang)}**")
        for field in ("name_th", "name_en", "abbrev_th"):
            st.text_input(
                t(f"settings.field.{field}", lang), getattr(agency, field, None) or "", key=key(field), max_chars=200
            )
        if agency:
            st.checkbox(t("settings.field.offered", lang), agency.active, key=key("active"))
        with st.container(horizontal=True):
            st.form_submit_button(
                t("case.save", lang), type="primary", key="save_agency", on_click=_save, args=(person, of)
            )
            st.form_submit_button(t("case.cancel", lang), key="cancel_agency", on_click=_lay_open, args=(None,))


def _save(person: Person, of: str) -> None:
    lang = session.language()
    said: dict[str, Any] = desk.answers(of, STEP)
    names = [str(said.get(field) or "") for field in ("name_th", "name_en", "abbrev_th")]

    def act(connection: Any) -> None:
        if of == NEW:
            add_agency(connection, *names, by=person)
        else:
            put_agency(connection, of, *names, active=bool(said.get("active")), by=person)

    if take(person, act, t("settings.agency_saved", lang)):
        desk.forget(of, STEP)
        desk.put(_OPEN, None)
