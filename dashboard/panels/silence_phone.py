"""How a coordinator is reached: kept encrypted, shown on demand, each opening logged by the database."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import desk, office, session, store
from dashboard.contact import seal, unseal
from dashboard.i18n import t
from dashboard.labels import plain
from dashboard.panels import silence_form
from dashboard.panels.case_words import refusal
from geo.actions.silence_calls import keep_coordinator_contact, open_coordinator_contact
from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model.person import Person
from geo.model.silence import LONGEST_CONTACT
from geo.queries.silence import Coordinator

__all__ = ["buttons", "form", "opened"]

_OPENED = "desk.silence_phone"


def opened(here: Sequence[Coordinator], lang: str) -> None:
    """Telephones of this place that were opened."""
    for one in here:
        if said := desk.said(f"{_OPENED}/{one.id}"):
            st.text(said if len(here) == 1 else f"{one.name}: {said}")


def buttons(person: Person, one: Coordinator, lang: str, *, named: bool) -> None:
    """Show the telephone that is kept, or keep one; ``named`` where a place has several coordinators."""
    whose = f" {plain(one.name)}" if named else ""
    if one.has_contact and not desk.said(f"{_OPENED}/{one.id}"):
        st.button(
            t("silence.phone", lang) + whose, key=f"open_phone_{one.id}", icon=":material/contact_phone:",
            help=t("silence.phone_help", lang), on_click=_open, args=(person, one.id),
        )  # fmt: skip
    st.button(
        t("silence.phone_change" if one.has_contact else "silence.phone_add", lang) + whose, key=f"keep_phone_{one.id}",
        icon=":material/edit:", type="tertiary", on_click=silence_form.begin, args=("phone", one.id),
    )  # fmt: skip


def form(person: Person, one: Coordinator, lang: str) -> None:
    """Draw the field for it."""
    key = desk.field_key("silence_phone", str(one.id), "contact")
    with st.form(f"silence_call_form_phone_{one.id}"):
        st.text_input(
            t("silence.phone_field", lang), key=key, max_chars=LONGEST_CONTACT, help=t("silence.phone_field_help", lang)
        )
        st.form_submit_button(
            t("silence.save", lang),
            type="primary",
            key=f"silence_phone_save_{one.id}",
            on_click=_keep,
            args=(person, one.id, key),
        )


def _open(person: Person, coordinator: int) -> None:
    """Callback: the opening is logged by the database itself."""
    desk.clear()
    lang = session.language()
    try:
        with office.acting(person) as connection:
            sealed = open_coordinator_contact(connection, coordinator)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(f"{_OPENED}/{coordinator}", unseal(store.signing_key(), sealed) or t("silence.phone_unreadable", lang))


def _keep(person: Person, coordinator: int, key: str) -> None:
    desk.clear()
    lang, said = session.language(), clean(str(desk.said(key) or ""))[:LONGEST_CONTACT]
    try:
        with office.acting(person) as connection:
            keep_coordinator_contact(connection, coordinator, seal(store.signing_key(), said) if said else None)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(f"{_OPENED}/{coordinator}", None)
    desk.put(key, "")
    silence_form.close()
    desk.say("done", t("silence.phone_kept" if said else "silence.phone_removed", lang))
