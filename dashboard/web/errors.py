"""One place for what no page expected: logged for the administrator, said kindly to the reader."""

from __future__ import annotations

import logging

import streamlit as st

from dashboard import session
from dashboard.i18n import t
from dashboard.messages import sentence
from geo.errors import WatchError

__all__ = ["on_script_error"]

log = logging.getLogger("watch.page")


def on_script_error(error: Exception) -> bool:
    """Show one sentence in the reader's language instead of a trace. The trace goes to the log."""
    lang = session.language()
    if isinstance(error, WatchError):
        log.warning("%s", error)
        st.error(sentence(error, lang), icon=":material/error:")
    else:
        log.error("page failed", exc_info=error)
        st.error(t("errors.unexpected", lang), icon=":material/error:")
    return True
