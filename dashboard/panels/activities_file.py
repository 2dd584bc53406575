"""Many activities at once, from a spreadsheet: the whole file or nothing, with a reason for every row that is wrong."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from dashboard import activity_desk, desk, office
from dashboard.access import Viewer
from dashboard.activity_words import Known
from dashboard.documents.activity_table import form_book, form_csv
from dashboard.documents.tables import FORMS
from dashboard.i18n import t
from dashboard.import_account import account_bytes, reason
from dashboard.panels.case_words import refusal
from geo.actions.activity_file import MOST_ROWS, ActivityFile, import_activities
from geo.errors import WatchError
from geo.ingest.activities import activity_table

__all__ = ["draw"]

SHOWN = 20
"""Rows whose reasons are on the page; the list to take away has all of them."""


def draw(viewer: Viewer, known: Known) -> None:
    """The whole part."""
    lang = known.lang
    st.caption(t("activities.import.about", lang, n=MOST_ROWS))
    with st.container(horizontal=True, key="activity_forms", gap="small"):
        for form, make in (("csv", form_csv), ("xlsx", form_book)):
            st.download_button(
                t(f"activities.import.form_{form}", lang), make, f"activities.{form}", FORMS[form], key=f"activity_form_{form}",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
    file = st.file_uploader(
        t("activities.import.file", lang), type=["xlsx", "xlsm", "csv", "tsv", "txt"], key="activity_sheet"
    )
    if file is None:
        activity_desk.choose("file", None)
        return
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    kept = activity_desk.chosen("file", None)
    if kept is None or kept[0] != digest:
        if not st.button(
            t("activities.import.go", lang), type="primary", key="activity_import", icon=":material/upload_file:"
        ):
            return
        try:
            kept = (digest, *_taken(viewer, content, file.name, digest))
        except WatchError as error:
            st.error(refusal(error, lang), icon=":material/block:")
            return
        desk.clear()
        activity_desk.choose("file", kept)
    _tell(kept[1], kept[2], kept[3], file.name, lang)


def _taken(
    viewer: Viewer, content: bytes, name: str, digest: str
) -> tuple[ActivityFile, tuple[str, ...], tuple[str, ...]]:
    person = viewer.person
    table = activity_table(content, name)
    own = person.districts[0] if len(person.districts) == 1 else None
    with office.acting(person) as connection:
        done = import_activities(connection, table, file_name=name[:200], sha256=digest, person=person, district=own)
    return done, tuple(table.headings), tuple(table.unused)


def _tell(done: ActivityFile, headings: tuple[str, ...], unused: tuple[str, ...], name: str, lang: str) -> None:
    numbers: dict[str, Any] = {
        "read": done.read,
        "added": done.added,
        "already": done.already,
        "refused": len(done.refused),
    }
    if not done.refused:
        st.success(t("activities.import.done", lang, **numbers), icon=":material/check_circle:")
    else:
        st.error(t("activities.import.nothing", lang, **numbers), icon=":material/block:")
        for one in done.refused[:SHOWN]:
            st.text(t("coordinator.row", lang, n=one.row.number, why=reason(one, lang)))
        st.download_button(
            t("coordinator.rejects", lang, n=len(done.refused)), account_bytes(headings, done.refused),
            f"{name.rsplit('.', 1)[0]}.rejects.csv", "text/csv", key="activity_rejects", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    if unused:
        st.text(t("import.unused", lang, columns=", ".join(unused)))
