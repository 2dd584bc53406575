"""Public statistics as the national centre makes them: a quarter is counted, looked at, and published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import streamlit as st

from dashboard import desk, office, session
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import day, today, year
from dashboard.labels import plain
from dashboard.messages import sentence
from dashboard.panels import office_style, public_release_one, unavailable
from dashboard.panels.case import show_notice
from geo.actions import releases as acts
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.person import Person
from geo.model.quarter import DELAY_DAYS, Quarter
from geo.model.release import NOTE_LANGUAGES, Release, ReleaseState
from geo.queries.releases import releases

__all__ = ["show"]

OF, MAKE, NOTE = "release", "make", "note"
MOST_QUARTERS = 8
"""Two years can be made, the latest first."""


def show(viewer: Viewer, lang: str) -> None:
    """The whole page."""
    office_style.frame(lang, session.night())
    try:
        with office.acting(viewer.person) as connection:
            made = releases(connection)
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)
        return
    with st.container(key="public_release"):
        st.title(t("release.title", lang))
        st.text(t("release.intro", lang))
        st.link_button(t("release.open", lang), "/public", icon=":material/public:")
        with st.container():
            if told := desk.notice():
                show_notice(told)
        _make(viewer.person, made, lang)
        if not made:
            st.info(t("release.none", lang), icon=":material/bar_chart:")
        for one in sorted(made, key=lambda one: one.state is not ReleaseState.PREPARED):  # what waits is on top
            public_release_one.show(one, lang, _buttons(viewer.person, one))


def _opened() -> list[Quarter]:
    quarter = Quarter.of(today() - timedelta(days=DELAY_DAYS)).before
    while quarter.next.opens <= today():
        quarter = quarter.next
    found = [quarter]
    while len(found) < MOST_QUARTERS:
        found.append(found[-1].before)
    return found


def quarter_words(quarter: Quarter, lang: str) -> str:
    """A quarter with its days."""
    return t(
        "release.quarter_words", lang, number=quarter.number, year=year(quarter.year, lang), first=day(quarter.first, lang),
        last=day(quarter.last, lang),
    )  # fmt: skip


def _make(person: Person, made: Sequence[Release], lang: str) -> None:
    quarters = _opened()
    key = desk.field_key(OF, MAKE, "quarter")
    with st.container(border=True, key="release_make"):
        st.subheader(t("release.make_title", lang))
        st.selectbox(
            t("release.quarter", lang), quarters, format_func=lambda one: quarter_words(one, lang), key=key, width=480
        )
        chosen: Quarter = desk.said(key) or quarters[0]
        before = [one.version for one in made if one.quarter == chosen]
        if before:
            st.text_area(t("release.reason", lang), key=desk.field_key(OF, MAKE, "reason"), height=80, max_chars=2000)
            st.caption(plain(t("release.reason_help", lang, version=max(before))))
        next_one = quarters[0].next
        st.caption(t("release.too_early", lang, day=day(next_one.opens, lang)))
        if st.button(t("release.make", lang), type="primary", key="release_make_it", icon=":material/calculate:"):
            with st.spinner(t("release.making", lang)):
                reason = str(desk.answers(OF, MAKE).get("reason") or "")
                _act(person, lambda connection: acts.make_release(connection, chosen, person, reason=reason), "made")
            st.rerun()


def _act(person: Person, act: Callable[[Any], object], done: str) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            act(connection)
    except WatchError as error:
        desk.say("refused", sentence(error, lang))
        return
    desk.say("done", t(f"release.{done}", lang))


def _buttons(person: Person, one: Release) -> Mapping[str, Callable[[], None]]:
    """What can be done with a release: callbacks of its buttons."""
    step = f"{NOTE}/{one.id}"

    def write() -> None:
        said = desk.answers(OF, step)
        note = {code: str(said.get(code) or "") for code in NOTE_LANGUAGES}
        _act(person, lambda connection: acts.write_note(connection, person, one.id, note), "done_note")

    def approve() -> None:
        _act(person, lambda connection: acts.approve_note(connection, person, one.id, one.note), "done_approve")

    def publish() -> None:
        _act(person, lambda connection: acts.publish_release(connection, person, one.id), "done_publish")

    def withdraw() -> None:
        _act(person, lambda connection: acts.withdraw_release(connection, person, one.id), "done_withdraw")

    return {"note": write, "approve": approve, "publish": publish, "withdraw": withdraw}
