"""Agreed contact points of a pair: offices, ways and hours; a person only with their consent, and each opening is logged."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import desk, office, pair_desk, session, store
from dashboard.access import CENTRE, Viewer
from dashboard.contact import seal, unseal
from dashboard.i18n import t
from dashboard.i18n.dates import day
from dashboard.labels import plain
from dashboard.panels.case_words import refusal
from geo.actions.pairs import add_contact_point, end_contact_point, open_pair_contact, withdraw_consent
from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model.pair import KEEPS, LONGEST_HOURS, LONGEST_NAME, ContactPoint, ContactWay, Pair, Side
from geo.model.person import Person
from geo.queries.pairs import contact_points

__all__ = ["draw"]

LONGEST_PERSON = 200
_OPENED = "desk.pair_person"


def draw(viewer: Viewer, pair: Pair, lang: str, now: datetime) -> None:
    """The points in force, then those that have ended; and a form for who keeps the pair."""
    with office.acting(viewer.person) as connection:
        found = contact_points(connection, pair.id)
    if not found:
        st.info(t("pairs.contacts_none", lang), icon=":material/contacts:")
    keeps = viewer.may(KEEPS) and pair.to_day is None
    for one in found:
        _point(viewer, one, lang, keeps=keeps)
    if keeps:
        st.button(
            t("pairs.contact_add", lang),
            key="pair_contact_add",
            icon=":material/add:",
            on_click=pair_desk.begin,
            args=("contact",),
        )
        if pair_desk.form() == "contact":
            _form(viewer.person, pair, lang, now)
    st.caption(t("pairs.contacts_about", lang))


def _point(viewer: Viewer, one: ContactPoint, lang: str, *, keeps: bool) -> None:
    with st.container(border=True, key=f"pair_point_{one.id}"):
        st.text(f"{t(f'pairs.side.{one.side}', lang)} · {one.office}")
        told = [t(f"pairs.way.{one.way}", lang), one.hours or "", t("pairs.agreed", lang, day=day(one.agreed_on, lang))]
        if one.ended_on is not None:
            told.append(t("pairs.contact_ended", lang, day=day(one.ended_on, lang)))
        st.text(" · ".join(part for part in told if part))
        if said := desk.said(f"{_OPENED}/{one.id}"):
            st.text(said)
        with st.container(horizontal=True, gap="small"):
            if one.has_person and viewer.may(CENTRE) and not desk.said(f"{_OPENED}/{one.id}"):
                st.button(
                    t("pairs.person_open", lang), key=f"pair_person_{one.id}", icon=":material/contact_phone:",
                    help=t("silence.phone_help", lang), on_click=_open, args=(viewer.person, one.id),
                )  # fmt: skip
            if keeps and one.has_person:
                st.button(
                    t("pairs.consent_withdraw", lang), key=f"pair_forget_{one.id}", type="tertiary", icon=":material/person_off:",
                    on_click=_act, args=(viewer.person, one.id, "consent"),
                )  # fmt: skip
            if keeps and one.ended_on is None:
                st.button(
                    t("pairs.contact_end", lang), key=f"pair_end_{one.id}", type="tertiary", icon=":material/block:",
                    on_click=_act, args=(viewer.person, one.id, "end"),
                )  # fmt: skip


def _form(person: Person, pair: Pair, lang: str, now: datetime) -> None:
    def key(field: str) -> str:
        return desk.field_key(pair_desk.FORM, "contact", field)

    with st.form("pair_contact_form"):
        sides, ways = [str(one) for one in Side], [str(one) for one in ContactWay]
        st.radio(
            t("pairs.field.side", lang), sides, horizontal=True, key=key("side"),
            format_func=lambda code: plain(t(f"pairs.side.{code}", lang)),
        )  # fmt: skip
        st.text_input(
            t("pairs.field.office", lang),
            key=key("office"),
            max_chars=LONGEST_NAME,
            help=t("pairs.field.office_help", lang),
        )
        with st.container(horizontal=True):
            st.selectbox(
                t("pairs.field.way", lang), ways, key=key("way"), format_func=lambda code: t(f"pairs.way.{code}", lang)
            )
            st.text_input(t("pairs.field.hours", lang), key=key("hours"), max_chars=LONGEST_HOURS)
            st.date_input(t("pairs.field.agreed_on", lang), now.date(), key=key("agreed_on"), format="DD/MM/YYYY")
        st.text_input(
            t("pairs.field.person", lang),
            key=key("person"),
            max_chars=LONGEST_PERSON,
            help=t("pairs.field.person_help", lang),
        )
        st.checkbox(t("pairs.field.consented", lang), key=key("consented"))
        with st.container(horizontal=True):
            st.form_submit_button(
                t("silence.save", lang), type="primary", key="pair_contact_save", on_click=_save, args=(person, pair.id)
            )
            st.form_submit_button(t("silence.leave", lang), key="pair_contact_leave", on_click=pair_desk.close)


def _save(person: Person, pair: int) -> None:
    lang, said = session.language(), desk.answers(pair_desk.FORM, "contact")
    desk.clear()
    named = clean(str(said.get("person") or ""))[:LONGEST_PERSON]
    try:
        with office.acting(person) as connection:
            add_contact_point(
                connection, person, pair, Side(said["side"]), str(said.get("office") or ""), ContactWay(said["way"]),
                said.get("hours"), said["agreed_on"], sealed=seal(store.signing_key(), named) if named else None,
                consented=bool(said.get("consented")),
            )  # fmt: skip
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    pair_desk.close()
    desk.forget(pair_desk.FORM, "contact")
    desk.say("done", t("pairs.contact_added", lang))


def _act(person: Person, contact: int, what: str) -> None:
    lang = session.language()
    desk.clear()
    act = withdraw_consent if what == "consent" else end_contact_point
    try:
        with office.acting(person) as connection:
            act(connection, person, contact)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(f"{_OPENED}/{contact}", None)
    desk.say("done", t(f"pairs.done.{what}", lang))


def _open(person: Person, contact: int) -> None:
    """Callback: the opening is logged by the database itself."""
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            sealed = open_pair_contact(connection, contact)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(f"{_OPENED}/{contact}", unseal(store.signing_key(), sealed) or t("silence.phone_unreadable", lang))
