"""One release: what it shows, the words beside it, and the step that comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from dashboard import desk, store
from dashboard.i18n import name, t
from dashboard.i18n.dates import moment, year
from dashboard.labels import plain
from dashboard.web.live import hub
from geo.model.release import LONGEST_NOTE, NOTE_LANGUAGES, Figures, Release, ReleaseState

__all__ = ["show"]

_ICONS = {
    ReleaseState.PREPARED: ":material/hourglass_top:",
    ReleaseState.PUBLISHED: ":material/public:",
    ReleaseState.WITHDRAWN: ":material/public_off:",
}


def show(one: Release, lang: str, buttons: Mapping[str, Callable[[], None]]) -> None:
    """Draw it.

    Parameters
    ----------
    buttons
        Callbacks by name: ``note``, ``approve``, ``publish``, ``withdraw``.
    """
    with st.container(border=True, key=f"release_{one.id}"):
        numbers = {"number": one.quarter.number, "year": year(one.quarter.year, lang), "version": one.version}
        st.subheader(f"{_ICONS[one.state]} {plain(t('release.heading', lang, **numbers))}")
        st.text(t(f"release.state_{one.state}", lang))
        _facts(one, lang)
        with st.expander(t("release.look", lang), expanded=one.state is ReleaseState.PREPARED):
            st.dataframe(_frame(one.figures, lang), hide_index=True, height=320, placeholder="–")
        if one.state is not ReleaseState.WITHDRAWN:
            _note(one, lang, buttons)
        if one.state is ReleaseState.PREPARED:
            sure = st.checkbox(t("release.publish_sure", lang), key=desk.field_key("release", f"{one.id}", "sure"))
            st.button(
                t("release.publish", lang), type="primary", key=f"release_publish_{one.id}", disabled=not sure,
                on_click=buttons["publish"], icon=":material/public:",
            )  # fmt: skip
        elif one.state is ReleaseState.PUBLISHED:
            with st.popover(t("release.withdraw", lang)):  # two clicks: it cannot be put back, only made again
                st.text(t("release.withdraw_sure", lang))
                st.button(
                    t("release.withdraw_it", lang), key=f"release_withdraw_{one.id}", on_click=buttons["withdraw"]
                )


def _facts(one: Release, lang: str) -> None:
    by = one.made_by or t("release.by_command", lang)
    total = t("release.not_shown", lang) if one.figures.total is None else f"{one.figures.total:,}"
    lines = [
        t(
            "release.facts", lang, total=total, hidden=f"{one.figures.hidden:,}", size=f"{one.figures.size:,}",
            at=moment(one.made_at, lang), by=by,
        )
    ]  # fmt: skip
    if one.published_at is not None:
        by = one.published_by or t("release.by_command", lang)
        lines.append(t("release.published", lang, at=moment(one.published_at, lang), by=by))
    if one.withdrawn_at is not None:
        lines.append(t("release.withdrawn", lang, at=moment(one.withdrawn_at, lang)))
    if one.reason:
        lines.append(t("release.why", lang, reason=one.reason))
    if one.is_demo:
        lines.append(t("release.demo", lang))
    st.text("\n".join(lines))


def _note(one: Release, lang: str, buttons: Mapping[str, Callable[[], None]]) -> None:
    with st.expander(t("release.note_title", lang)):
        st.caption(t("release.note_help", lang))
        with st.form(f"release_note_{one.id}", border=False):
            for code in NOTE_LANGUAGES:
                key = desk.field_key("release", f"note/{one.id}", code)
                if desk.said(key) is None:
                    desk.put(key, one.note.get(code, ""))
                st.text_area(t(f"release.note_{code}", lang), key=key, max_chars=LONGEST_NOTE, height=90)
            st.form_submit_button(
                t("release.note_save", lang), key=f"release_note_save_{one.id}", on_click=buttons["note"]
            )
        if one.note:
            st.text(t("release.note_approved" if one.note_approved else "release.note_waiting", lang))
            if not one.note_approved:
                st.text("\n\n".join(one.note.values()))
                st.button(t("release.note_approve", lang), key=f"release_approve_{one.id}", on_click=buttons["approve"])


def _frame(figures: Figures, lang: str) -> pd.DataFrame:
    """Every figure; hidden ones are empty."""
    districts, types = store.border_districts(hub.version), store.crime_types(hub.version)
    codes = {code[:2]: code for code in reversed(figures.districts)}
    places = [t("release.border", lang)]
    for code in figures.provinces:
        found = districts.get(codes[code])
        places.append(t("release.province_row", lang, name=name(found, lang, "province") if found else code))
    places += [name(districts.get(code), lang) or code for code in figures.districts]
    frame = pd.DataFrame({t("release.district", lang): places})
    heads = [t("release.all_types", lang), *(name(types.get(code), lang) or code for code in figures.types)]
    for number, head in enumerate(heads):
        frame[head] = pd.array([row[number] for row in figures.cells], dtype="Int64")
    return frame
