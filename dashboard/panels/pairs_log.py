"""The joint log with the counterpart of a pair."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import desk, office, session
from dashboard.access import CENTRE, Viewer
from dashboard.i18n import t
from dashboard.panels import joint_entry
from dashboard.panels.case_words import refusal
from geo.errors import WatchError
from geo.model.pair import Pair
from geo.model.person import Person
from geo.queries.case_parts import pair_log

__all__ = ["draw"]

MOST = 100
"""Entries that are shown, newest first."""
FORM = "pair_log"
_DRAFT = "desk.pair_log_draft"


def draw(viewer: Viewer, pair: Pair, lang: str, now: datetime) -> None:
    """A form for the district's own people, and what was exchanged."""
    with office.acting(viewer.person) as connection:
        entries = pair_log(connection, pair.id, limit=MOST)
    left, right = st.columns([5, 7], gap="large")
    with left, st.container(key="pair_log_side"):
        if viewer.may(CENTRE) and pair.to_day is None:
            draft = f"{pair.id}-{desk.said(_DRAFT) or 0}"  # an entry that was kept takes its fields with it
            with st.form(f"{FORM}/{draft}"):
                joint_entry.fields(FORM, draft, lang, now)
                st.form_submit_button(
                    t("joint_log.add", lang), type="primary", key="pair_add_log", on_click=_add,
                    args=(viewer.person, pair, draft),
                )  # fmt: skip
        st.caption(t("pairs.log_about", lang))
    with right:
        if not entries:
            st.info(t("pairs.log_empty", lang), icon=":material/handshake:")
        joint_entry.lines(entries, lang, cases=True)


def _add(person: Person, pair: Pair, draft: str) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            joint_entry.write(connection, person.id, pair.district_code, desk.answers(FORM, draft), pair=pair.id)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.forget(FORM, draft)
    desk.put(_DRAFT, int(desk.said(_DRAFT) or 0) + 1)
    desk.say("done", t("case.done.log", lang))
