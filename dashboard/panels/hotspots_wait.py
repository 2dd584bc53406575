"""While an answer is worked out: how far it is, and a way to stop it. What takes long is begun by a button."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.hotspots.question import SIMULATED, Question
from dashboard.hotspots.service import Running, look
from dashboard.i18n import t
from dashboard.panels.hotspots_view import View
from geo.errors import WatchError

__all__ = ["forget", "offer", "show", "waits_for_a_word"]

EVERY_S = 1


def waits_for_a_word(question: Question) -> bool:
    """Whether it takes long and nobody has asked for it."""
    return question.method in SIMULATED and not session.begun(question)


def forget(question: Question) -> None:
    """It was stopped or refused: it waits for a word again."""
    session.stop(question)


def offer(view: View, question: Question) -> None:
    """The button that begins it."""
    st.button(
        t("hotspots_page.begin", view.lang), key="begin", type="primary", icon=":material/play_arrow:",
        on_click=session.begin_work, args=(question,), help=t("hotspots_page.begin_help", view.lang),
    )  # fmt: skip


@st.fragment(run_every=EVERY_S)
def show(question: Question, lang: str, running: Running) -> None:
    """How far it is. The rest of the page can be used meanwhile; when it is done the page shows it."""
    try:
        if not isinstance(look(question, wait_s=0), Running):
            st.rerun()
    except WatchError:
        st.rerun()  # the page asks again, and says what is wrong
    said = t("hotspots_page.working", lang)
    if running.total:
        said = t("hotspots_page.rounds", lang, done=running.done, total=running.total)
    st.progress(running.done / running.total if running.total else 0.0, text=said)
    st.caption(t("hotspots_page.working_help", lang))
    st.button(t("hotspots_page.cancel", lang), key="cancel_work", icon=":material/stop:", on_click=running.cancel)
