"""Keys by which partners' systems hand in reports: made and shown once, revoked for good."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, session, store
from dashboard.administration import administering, take
from dashboard.i18n import t
from dashboard.i18n.dates import ago, moment
from geo.actions.api_keys import MAX_PARTNER, make_key, revoke_key
from geo.credentials.keys import derived_key
from geo.crs import TIMEZONE
from geo.model.person import Person
from geo.queries.api_keys import ApiKey, api_keys

__all__ = ["show"]

_SHOWN, _ASKED, _PARTNER = "desk.api_key", "desk.api_key_revoke", "desk.api_key_partner"


def show(person: Person, lang: str) -> None:
    """Draw the keys, and the way to a new one."""
    now = datetime.now(ZoneInfo(TIMEZONE))
    with administering(person) as connection:
        found = api_keys(connection)
    st.caption(t("settings.keys_help", lang))
    with st.form("api_key"):
        st.text_input(t("settings.partner", lang), key=_PARTNER, max_chars=MAX_PARTNER)
        st.form_submit_button(
            t("settings.key_make", lang),
            type="primary",
            key="make_key",
            icon=":material/key:",
            on_click=_make,
            args=(person,),
        )
    if shown := desk.said(_SHOWN):
        with st.container(border=True, key="shown_key"):
            st.markdown(f"**{t('settings.key_once', lang)}**")
            st.code(shown, language=None)
            st.button(t("people.written_down", lang), key="key_written_down", on_click=desk.put, args=(_SHOWN, None))
    if not found:
        st.info(t("settings.no_keys", lang), icon=":material/key_off:")
    for key in found:
        _row(person, key, now, lang)


def _row(person: Person, key: ApiKey, now: datetime, lang: str) -> None:
    with st.container(border=True, key=f"api_key_{key.id}"):
        st.text(key.partner)
        told = [t("settings.key_number", lang, n=key.id), t("settings.key_made", lang, at=moment(key.created_at, lang))]
        if key.revoked_at:
            told.append(t("settings.key_revoked", lang, at=moment(key.revoked_at, lang)))
        elif key.last_used_at:
            told.append(t("settings.key_used", lang, ago=ago(key.last_used_at, now, lang)))
        else:
            told.append(t("settings.key_unused", lang))
        st.caption(" · ".join(told))
        if key.revoked_at:
            return
        if desk.said(_ASKED) != key.id:
            st.button(
                t("settings.key_revoke", lang), key=f"revoke_{key.id}", icon=":material/block:", on_click=desk.put,
                args=(_ASKED, key.id),
            )  # fmt: skip
            return
        st.text(t("settings.key_revoke_ask", lang))
        with st.container(horizontal=True):
            st.button(
                t("settings.key_revoke", lang), key=f"revoke_really_{key.id}", type="primary", on_click=_revoke,
                args=(person, key.id),
            )  # fmt: skip
            st.button(t("case.cancel", lang), key=f"revoke_not_{key.id}", on_click=desk.put, args=(_ASKED, None))


def _make(person: Person) -> None:
    secret = derived_key(store.signing_key(), "api-key")
    made: list[str] = []
    partner = str(desk.said(_PARTNER) or "")
    if take(
        person,
        lambda c: made.append(make_key(c, secret, partner, person)[1]),
        t("settings.key_done", session.language()),
    ):
        desk.put(_SHOWN, made[0])
        desk.put(_PARTNER, "")


def _revoke(person: Person, number: int) -> None:
    if take(person, lambda c: revoke_key(c, number, person), t("settings.key_revoked_done", session.language())):
        desk.put(_ASKED, None)
