"""A spreadsheet of reports: read, handed in row by row, and accounted for."""

from __future__ import annotations

import hashlib

import streamlit as st

from dashboard import desk, office
from dashboard.i18n import t
from dashboard.import_account import account_bytes, reason
from dashboard.panels.case_words import refusal
from geo.actions.coordinator_file import MOST_ROWS, FileAccount, import_reports
from geo.errors import WatchError
from geo.ingest.incidents import incident_vocabulary
from geo.ingest.tabular import read_table
from geo.model.person import Person

__all__ = ["show"]

_DONE = "desk.sheet"
SHOWN = 20
"""Reasons told on the page; the list to download has all."""


def show(person: Person, lang: str) -> None:
    """Draw the way in, and the account of the file that was handed in."""
    st.caption(t("coordinator.sheet_help", lang, n=MOST_ROWS))
    file = st.file_uploader(
        t("coordinator.sheet", lang), type=["xlsx", "xlsm", "csv", "tsv", "txt", "geojson", "json"], key="sheet"
    )
    if file is None:
        return
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    kept = desk.said(_DONE)
    if kept is None or kept[0] != digest:
        if not st.button(
            t("coordinator.send_sheet", lang), type="primary", key="send_sheet", icon=":material/upload_file:"
        ):
            return
        try:
            table = read_table(content, file.name, incident_vocabulary())
            with office.acting(person) as connection:
                account = import_reports(connection, person.id, table, lang)
        except WatchError as error:
            st.error(refusal(error, lang), icon=":material/block:")
            return
        desk.clear()
        desk.put(_DONE, (digest, account, tuple(table.headings), tuple(table.unused)))
        st.rerun()  # the list beside it has them too
    _, account, headings, unused = kept
    _tell(account, headings, unused, file.name, lang)


def _tell(account: FileAccount, headings: tuple[str, ...], unused: tuple[str, ...], name: str, lang: str) -> None:
    st.text(
        t(
            "import.sum",
            lang,
            read=account.read,
            added=account.added,
            already=account.already,
            refused=len(account.refused),
        )
    )
    if unused:
        st.text(t("import.unused", lang, columns=", ".join(unused)))
    for told, title, kind in (
        (account.refused, "import.refused", "rejects"),
        (account.remarks, "import.remarks", "notes"),
    ):
        if not told:
            continue
        st.text(t(title, lang))
        for one in told[:SHOWN]:
            st.text(t("coordinator.row", lang, n=one.row.number, why=reason(one, lang)))
        stem = name.rsplit(".", 1)[0]
        st.download_button(
            t(f"coordinator.{kind}", lang, n=len(told)), account_bytes(headings, told), f"{stem}.{kind}.csv", "text/csv",
            key=f"download_{kind}", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
