"""Times that things may take, and the share of closed cases that is looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from dashboard import desk, session
from dashboard.administration import administering, take
from dashboard.i18n import t
from dashboard.i18n.dates import duration, moment
from geo.actions.settings import put_setting
from geo.model.person import Person
from geo.model.setting import SETTINGS, Setting
from geo.queries.case_settings import Kept, numbers

__all__ = ["show"]

OF, STEP = "settings", "numbers"
_UNITS = {"hours": "hours", "share": "percent", "day": "day"}


def show(person: Person, lang: str) -> None:
    """Draw the form."""
    with administering(person) as connection:
        kept = numbers(connection)
    st.caption(t("settings.numbers_help", lang))
    with st.form("numbers"):
        for setting in SETTINGS.values():
            _field(setting, kept[setting.key], lang)
        st.form_submit_button(
            t("case.save", lang),
            type="primary",
            key="save_numbers",
            icon=":material/save:",
            on_click=_save,
            args=(person, {key: one.value for key, one in kept.items()}),
        )


def _field(setting: Setting, kept: Kept, lang: str) -> None:
    whole = setting.kind != "share"
    said = _words(setting, setting.default, lang)
    label = t(f"settings.number.{setting.key}", lang)
    scale = 1 if whole else 100
    key = desk.field_key(OF, STEP, setting.key)
    with st.container(horizontal=True, vertical_alignment="center", key=f"number_{setting.key.replace('.', '_')}"):
        # Bounds are said by the refusal, in words: the browser's own would be in its language, or would change the number.
        st.number_input(
            t(f"settings.in_{_UNITS[setting.kind]}", lang, what=label),
            value=round(kept.value) if whole else round(kept.value * scale, 2), step=1 if whole else 1.0, key=key, width=360,
        )  # fmt: skip
        told = [_words(setting, kept.value, lang), t("settings.default", lang, value=said)]
        if kept.changed_at is not None:
            told.append(t("settings.changed", lang, person=kept.changed_by or "–", at=moment(kept.changed_at, lang)))
        st.text(" · ".join(told))


def _words(setting: Setting, value: float, lang: str) -> str:
    if setting.kind == "day":
        return f"{value:g}"
    return duration(timedelta(hours=value), lang) if setting.kind == "hours" else f"{value * 100:g}%"


def _save(person: Person, shown: Mapping[str, float]) -> None:
    """Callback: all that were changed, or none; what nobody touched stays as another administrator may have set it."""
    lang = session.language()
    said = desk.answers(OF, STEP)

    def act(connection: object) -> None:
        for key, setting in SETTINGS.items():
            if (value := said.get(key)) is not None:
                number = float(value) if setting.kind != "share" else round(float(value) / 100, 6)
                if number != shown[key]:
                    put_setting(connection, key, number, by=person)  # type: ignore[arg-type]

    if take(person, act, t("settings.saved", lang)):
        desk.forget(OF, STEP)
