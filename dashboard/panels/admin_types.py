"""Kinds of crime: a list in their order, and the form of the one that is opened or new."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import desk, session
from dashboard.administration import administering, take
from dashboard.i18n import name, t
from dashboard.labels import plain
from dashboard.maps.palette import OTHER_TYPE
from geo.actions.crime_types import LAST, NOT_SURE, CrimeTypeEntry, put_crime_type
from geo.model import CrimeType
from geo.model.person import Person
from geo.model.reference import CRIME_COLOURS
from geo.queries.places import crime_types

__all__ = ["show"]

_OPEN = "desk.crime_type"
NEW = "+"
STEP = "crime_type"
NAMES = ("name_th", "name_en", "name_lo", "name_km")


def show(person: Person, lang: str) -> None:
    """Draw both."""
    with administering(person) as connection:
        types = crime_types(connection)
    st.caption(t("settings.types_help", lang, n=len(CRIME_COLOURS)))
    left, right = st.columns([5, 6], gap="large")
    with left:
        st.button(
            t("settings.type_add", lang), key="type_add", icon=":material/add:", on_click=_lay_open, args=(NEW,),
            type="primary" if desk.said(_OPEN) is None else "secondary",
        )  # fmt: skip
        for kind in types.values():
            _row(kind, lang)
    with right:
        chosen = desk.said(_OPEN)
        if chosen == NEW or chosen in types:
            _form(person, types.get(chosen), types, lang)


def _lay_open(code: str | None) -> None:
    desk.clear()
    desk.put(_OPEN, code)


def _row(kind: CrimeType, lang: str) -> None:
    colour = html.escape(kind.colour or OTHER_TYPE)
    faint = [kind.code, kind.iccs_code or ""]
    if not kind.colour:
        faint.append(t("settings.no_colour", lang))
    if not kind.active:
        faint.append(t("settings.retired", lang))
    elif not kind.is_public:
        faint.append(t("settings.not_public", lang))
    is_open = desk.said(_OPEN) == kind.code
    with st.container(border=True, key=f"row_{'open_' if is_open else ''}{kind.code}"):
        st.html(
            f'<div class="office-head"><span class="office-what"><span class="office-dot" style="border-color:{colour};'
            f'background:{colour}"></span><b>{html.escape(name(kind, lang))}</b></span></div>'
            f'<p class="office-line office-faint">{html.escape(" · ".join(part for part in faint if part))}</p>'
        )
        st.button(
            t("settings.open", lang, name=plain(name(kind, lang))),
            key=f"open_{kind.code}",
            on_click=_lay_open,
            args=(kind.code,),
        )


def _form(person: Person, kind: CrimeType | None, types: Mapping[str, CrimeType], lang: str) -> None:
    of = kind.code if kind else NEW

    def key(field: str) -> str:
        return desk.field_key(of, STEP, field)

    holders = {one.colour: one for one in types.values() if one.colour}
    with st.container(key="settings_form"), st.form(f"type/{of}"):
        st.markdown(f"**{plain(name(kind, lang)) if kind else t('settings.type_add', lang)}**")
        for field in NAMES:
            st.text_input(
                t(f"settings.field.{field}", lang), getattr(kind, field, None) or "", key=key(field), max_chars=200
            )
        colours: dict[str, str] = {"": t("settings.colour.none", lang)}
        for one in CRIME_COLOURS:
            holder = holders.get(one)
            words = t(f"settings.colour.c{one[1:]}", lang)
            if holder and holder.code != of:
                words = t("settings.colour_of", lang, colour=words, type=name(holder, lang))
            colours[one] = words
        mine = kind.colour if kind and kind.colour in colours else ""
        st.selectbox(
            t("settings.field.colour", lang), list(colours), list(colours).index(mine or ""),
            format_func=colours.__getitem__, key=key("colour"),
        )  # fmt: skip
        with st.container(horizontal=True):
            st.text_input(
                t("settings.field.iccs_code", lang), (kind.iccs_code or "") if kind else "", key=key("iccs_code"),
                max_chars=8, help=t("settings.iccs_help", lang),
            )  # fmt: skip
            st.number_input(
                t("settings.field.sort", lang), value=kind.sort if kind else max(one.sort for one in types.values()) + 10,
                step=10, key=key("sort"), help=t("settings.sort_help", lang, most=LAST),
            )  # fmt: skip
        st.checkbox(t("settings.field.is_crime", lang), kind.is_crime if kind else True, key=key("is_crime"))
        st.checkbox(t("settings.field.is_public", lang), kind.is_public if kind else True, key=key("is_public"))
        st.checkbox(
            t("settings.field.active", lang), kind.active if kind else True, key=key("active"),
            disabled=of == NOT_SURE, help=t("settings.active_help", lang),
        )  # fmt: skip
        with st.container(horizontal=True):
            st.form_submit_button(
                t("case.save", lang), type="primary", key="save_type", on_click=_save, args=(person, of)
            )
            st.form_submit_button(t("case.cancel", lang), key="cancel_type", on_click=_lay_open, args=(None,))


def _save(person: Person, of: str) -> None:
    lang = session.language()
    said: dict[str, Any] = desk.answers(of, STEP)
    entry = CrimeTypeEntry(
        **{field: str(said.get(field) or "") for field in NAMES}, iccs_code=str(said.get("iccs_code") or ""),
        colour=str(said.get("colour") or "") or None, is_crime=bool(said.get("is_crime")), sort=int(said.get("sort") or 0),
        is_public=bool(said.get("is_public")), active=bool(said.get("active", True)),
    )  # fmt: skip
    done = t("settings.type_saved", lang)
    if take(person, lambda c: put_crime_type(c, None if of == NEW else of, entry, person), done):
        desk.forget(of, STEP)
        desk.put(_OPEN, None)
