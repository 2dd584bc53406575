"""Find cases in the inbox: by number or words, and narrowed to a district, a type or whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import desk, office
from dashboard.i18n import name, t
from dashboard.i18n.dates import number
from dashboard.labels import plain
from dashboard.panels.case_words import district_words
from geo.model import CrimeType, District
from geo.model.person import Person
from geo.queries.case import staff
from geo.queries.inbox import InboxFilter

__all__ = ["clear", "show"]

WORDS, _DISTRICT, _TYPE, _WHO = (desk.field_key("inbox", "find", name) for name in ("words", "district", "type", "who"))
_NOBODY = 0
LONGEST = 100


def show(person: Person, types: Mapping[str, CrimeType], districts: Mapping[str, District], lang: str) -> InboxFilter:
    """Draw the field and the panel beside it; what is to be listed."""
    with st.container(horizontal=True, key="find", vertical_alignment="bottom"):
        st.text_input(
            t("inbox.find", lang), key=WORDS, max_chars=LONGEST, placeholder=t("inbox.find", lang), icon=":material/search:",
            label_visibility="collapsed", on_change=desk.first_page,
        )  # fmt: skip
        narrowed = sum(desk.said(key) is not None for key in (_DISTRICT, _TYPE, _WHO))
        label = t("inbox.narrow", lang) + (f" {number(narrowed)}" if narrowed else "")
        with st.popover(label, icon=":material/tune:", key="narrow", type="primary" if narrowed else "secondary"):
            _panel(person, types, districts, lang)
            if narrowed:
                st.button(t("inbox.widen", lang), key="widen", icon=":material/filter_alt_off:", on_click=_widen)
    return _found(person)


def _found(person: Person) -> InboxFilter:
    """What the field and the panel say."""
    district, kind, who = (desk.said(key) for key in (_DISTRICT, _TYPE, _WHO))
    return InboxFilter(
        words=str(desk.said(WORDS) or "").strip(),
        districts=(district,) if district in person.districts else (),
        types=(kind,) if kind else (),
        officer=who or None,
        nobodys=who == _NOBODY and who is not None,
    )


def _panel(person: Person, types: Mapping[str, CrimeType], districts: Mapping[str, District], lang: str) -> None:
    if len(person.districts) > 1:
        _choice("district", _DISTRICT, {code: district_words(code, districts, lang) for code in person.districts}, lang)
    _choice("type", _TYPE, {code: name(kind, lang) for code, kind in types.items()}, lang)
    with office.acting(person) as connection:
        people = {one.id: one.name for code in person.districts for one in staff(connection, code)}
    _choice("who", _WHO, {_NOBODY: t("inbox.nobody", lang)} | people, lang)


def _choice(field: str, key: str, options: Mapping[Any, str], lang: str) -> None:
    st.selectbox(
        t(f"inbox.by.{field}", lang), [None, *options], key=key, on_change=desk.first_page,
        format_func=lambda code: t(f"inbox.any.{field}", lang) if code is None else plain(options.get(code, str(code))),
    )  # fmt: skip


def _widen() -> None:
    for key in (_DISTRICT, _TYPE, _WHO):
        desk.put(key, None)
    desk.first_page()


def clear() -> None:
    """Callback: look for nothing."""
    desk.put(WORDS, "")
    desk.first_page()
