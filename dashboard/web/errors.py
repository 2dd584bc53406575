"""One place for what no page expected: logged for the administrator under a number, said kindly to the reader."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from dashboard import session
from dashboard.i18n import t
from dashboard.messages import sentence
from geo.errors import WatchError

__all__ = ["numbered", "on_script_error"]

log = logging.getLogger("watch.page")


def numbered(error: Exception) -> str:
    """Write an error with its trace to the log; the number under which it is found there, for the reader to pass on."""
    number = secrets.token_hex(3).upper()
    log.error("page failed, number %s", number, exc_info=error)
    return number


def on_script_error(error: Exception) -> bool:
    """Show one sentence in the reader's language instead of a trace. The trace goes to the log."""
    lang = session.language()
    if isinstance(error, WatchError):
        log.warning("%s", error)
        st.error(sentence(error, lang), icon=":material/error:")
    else:
        st.error(t("errors.unexpected", lang), icon=":material/error:")
        st.text(t("unavailable.number", lang, number=numbered(error)))
    return True
