"""Who is signed in, and the way to their account; or that nobody is any more."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.i18n import t
from geo.model.person import Person

__all__ = ["link", "signed_out"]


def link(person: Person, lang: str) -> None:
    """Name and role at the foot of the sidebar, with a link to the account, where one signs out."""
    said = f"{escape(person.name)} · {escape(t(f'role.{person.role}', lang))}"
    with st.sidebar, st.container(key="account"):
        st.html(f'<a href="/account?lang={lang}" target="_self">{said}<br>{escape(t("account.link", lang))}</a>')


def signed_out(lang: str) -> None:
    """The session was ended elsewhere, or its time is over."""
    with st.container(key="signed_out"):
        st.warning(t("access.signed_out", lang), icon=":material/logout:")
        st.html(f'<a href="/sign-in?lang={lang}" target="_self">{escape(t("access.sign_in", lang))}</a>')
