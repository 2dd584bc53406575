"""Accounts for many at once, from a spreadsheet: what was made, with first passwords to hand out, and what was not and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import streamlit as st

from dashboard import desk
from dashboard.administration import administering, refusal
from dashboard.i18n import t
from dashboard.import_account import account_bytes, reason
from dashboard.panels import admin_account
from dashboard.panels.admin_words import place_words
from dashboard.spreadsheet import csv_bytes
from geo.actions.people_file import MOST_ROWS, PeopleAccount, add_people, understood, with_passwords
from geo.errors import WatchError
from geo.ingest.people import people_table
from geo.model import District
from geo.model.person import Person
from geo.queries.case_places import area_names

__all__ = ["show"]

_DONE = "desk.people_file"
SHOWN = 20
EXAMPLE = (
    ("ชื่อ-สกุล", "ตำแหน่ง", "จังหวัด", "อำเภอ", "ตำบล", "หมู่ที่", "ชื่อผู้ใช้"),
    ("บุญมา ใจดี", "ผู้ใหญ่บ้าน", "หนองคาย", "เมืองหนองคาย", "ในเมือง", "3", ""),
    ("สมศรี รักถิ่น", "กำนัน", "หนองคาย", "เมืองหนองคาย", "มีชัย", "", ""),
)
"""A sheet to begin with."""


def show(person: Person, districts: Mapping[str, District], lang: str) -> None:
    """Draw the way in, and the account of the file that was handed in."""
    admin_account.back(lang)
    with st.container(key="case_head"):
        st.subheader(t("people.do.file", lang))
    st.caption(t("people.file_help", lang, n=MOST_ROWS))
    st.download_button(
        t("people.file_example", lang), csv_bytes(EXAMPLE), "people.csv", "text/csv", key="people_example",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    file = st.file_uploader(t("people.file", lang), type=["xlsx", "xlsm", "csv", "tsv", "txt"], key="people_sheet")
    if file is None:
        desk.put(_DONE, None)  # the passwords were seen
        return
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    kept = desk.said(_DONE)
    if kept is None or kept[0] != digest:
        if not st.button(t("people.file_make", lang), type="primary", key="send_people", icon=":material/group_add:"):
            return
        try:
            kept = (digest, *_made(person, content, file.name, lang))
        except WatchError as error:
            st.error(refusal(error, lang), icon=":material/block:")
            return
        desk.clear()
        desk.put(_DONE, kept)
        st.rerun()  # the list beside it has them too
    _tell(person, kept[1], kept[2], kept[3], file.name, districts, lang)


def _made(
    person: Person, content: bytes, name: str, lang: str
) -> tuple[PeopleAccount, tuple[str, ...], tuple[str, ...]]:
    table = people_table(content, name)
    with administering(person) as connection:
        reading = understood(connection, table)
    bar = st.progress(0.0, t("people.file_busy", lang))
    candidates = with_passwords(reading, person, bar.progress)
    with administering(person) as connection:
        account = add_people(connection, reading, candidates, person)
    return account, tuple(table.headings), tuple(table.unused)


def _tell(
    person: Person, account: PeopleAccount, headings: tuple[str, ...], unused: tuple[str, ...], name: str,
    districts: Mapping[str, District], lang: str,
) -> None:  # fmt: skip
    st.text(
        t("people.file_sum", lang, read=account.read, made=len(account.made), already=account.already,
          refused=len(account.refused))
    )  # fmt: skip
    if unused:
        st.text(t("import.unused", lang, columns=", ".join(unused)))
    stem = name.rsplit(".", 1)[0]
    if account.made:
        with administering(person) as connection:
            areas = area_names(connection, {one.person.area_code for one in account.made if one.person.area_code})
        rows = [
            (one.person.name, place_words(one.person, districts, areas, lang), one.person.login, one.password or "–")
            for one in account.made
        ]
        head = tuple(t(f"people.column.{code}", lang) for code in ("name", "place", "login", "password"))
        with st.container(border=True, key="first_password"):
            st.caption(t("people.file_passwords", lang))
            st.download_button(
                t("people.file_take", lang, n=len(rows)), csv_bytes([head, *rows]), f"{stem}.passwords.csv", "text/csv",
                key="people_passwords", type="primary", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
            st.dataframe([dict(zip(head, row, strict=True)) for row in rows], hide_index=True, key="people_made")
    if account.refused:
        st.text(t("import.refused", lang))
        for one in account.refused[:SHOWN]:
            st.text(t("coordinator.row", lang, n=one.row.number, why=reason(one, lang)))
        st.download_button(
            t("coordinator.rejects", lang, n=len(account.refused)), account_bytes(headings, account.refused),
            f"{stem}.rejects.csv", "text/csv", key="people_rejects", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
