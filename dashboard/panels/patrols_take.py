"""A table of the page of patrols to take away, as CSV or for Excel: exactly the rows that stand on the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO

import streamlit as st

from dashboard.documents.tables import FORMS, Table, write
from dashboard.i18n import t

__all__ = ["buttons"]


def buttons(make: Callable[[], Table], name: str, lang: str) -> None:
    """Draw them; the file is made when one is pressed.

    Parameters
    ----------
    name
        Of the file, without its ending: ASCII letters and hyphens.
    """
    with st.container(horizontal=True, key=f"patrol_take_{name}", gap="small"):
        for form, words in (("csv", "CSV"), ("xlsx", "Excel")):
            st.download_button(
                words, partial(_made, make, form), f"{name}.{form}", FORMS[form], key=f"take_{name}_{form}",
                icon=":material/download:", on_click="ignore", help=t("export.take", lang),
            )  # fmt: skip


def _made(make: Callable[[], Table], form: str) -> bytes:
    out = BytesIO()
    write(make(), form, out)
    return out.getvalue()
