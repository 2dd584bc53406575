"""What an administrator sets: times, kinds of crime, agencies, the border, and keys of partners."""

from __future__ import annotations

import streamlit as st

from dashboard import desk, session
from dashboard.administration import refusal
from dashboard.i18n import t
from dashboard.labels import plain
from dashboard.panels import (
    admin_agencies,
    admin_border,
    admin_keys,
    admin_numbers,
    admin_types,
    case,
    office_style,
    unavailable,
)
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.person import Person

__all__ = ["show"]

PARTS = {
    "numbers": admin_numbers.show,
    "types": admin_types.show,
    "agencies": admin_agencies.show,
    "border": admin_border.show,
    "keys": admin_keys.show,
}
_PART = "desk.settings_part"


def show(person: Person) -> None:
    """The whole page: one part at a time, so that each is read anew when it is opened."""
    lang = session.language()
    office_style.frame(lang, session.night())
    with st.container(key="settings"):
        st.title(t("nav.settings", lang))
        chosen = st.segmented_control(
            t("settings.part", lang), list(PARTS), default="numbers", format_func=lambda one: t(f"settings.{one}", lang),
            key=_PART, label_visibility="collapsed", on_change=desk.clear,
        )  # fmt: skip
        if told := desk.notice():
            case.show_notice(told)
        try:
            PARTS[chosen or "numbers"](person, lang)
        except DatabaseUnavailable as error:
            unavailable.show(error, lang)
        except WatchError as error:
            st.error(plain(refusal(error, lang)), icon=":material/block:")
