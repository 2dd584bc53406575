"""A new account: who it is, what they do, and the one sight of their first password."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import desk, session
from dashboard.administration import take
from dashboard.i18n import t
from dashboard.panels import admin_account, case
from dashboard.panels.admin_fields import given, scope_fields
from geo.actions.people import create_person
from geo.credentials.passwords import random_password
from geo.model import District
from geo.model.person import Person

__all__ = ["show"]

OF, STEP = "account", "new"


def show(person: Person, districts: Mapping[str, District], lang: str) -> None:
    """Draw the form."""
    admin_account.back(lang)
    with st.container(key="case_head"):
        st.subheader(t("people.do.add", lang))
    if told := desk.notice():
        case.show_notice(told)
    if person.is_demo:
        st.info(t("people.demo_note", lang), icon=":material/info:")
    with st.container(border=True, key="step_form"):
        st.text_input(t("people.field.name", lang), key=desk.field_key(OF, STEP, "name"), max_chars=100)
        st.text_input(
            t("people.field.login", lang), key=desk.field_key(OF, STEP, "login"), max_chars=100,
            help=t("people.login_help", lang),
        )  # fmt: skip
        scope_fields(person, OF, STEP, None, districts, lang)
        st.button(
            t("people.make", lang),
            type="primary",
            key="make_person",
            icon=":material/person_add:",
            on_click=_make,
            args=(person,),
        )


def _make(person: Person) -> None:
    """Callback: what was written stays until the account was made."""
    lang, said, wanted = session.language(), desk.answers(OF, STEP), given(OF, STEP)
    secret = None if person.is_demo else random_password()
    made: list[Person] = []

    def act(connection: object) -> None:
        made.append(
            create_person(
                connection, str(said.get("login") or ""), str(said.get("name") or ""), password=secret, by=person,  # type: ignore[arg-type]
                **wanted,
            )
        )  # fmt: skip

    if take(person, act, t("people.made", lang)):
        desk.forget(OF, STEP)
        admin_account.lay_open(made[0].id, keep=True)
        if secret:
            admin_account.show_once(made[0], secret)
