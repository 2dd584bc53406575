"""Which centres have sent their monthly reports: a row a centre, a column a month, and whom to ask."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import desk, month_desk, office, session
from dashboard.documents.referral_pack import Names
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, local, moment, month, number, year
from dashboard.panels.case import show_notice
from dashboard.panels.case_words import refusal
from geo.actions.month_reports import remind
from geo.errors import WatchError
from geo.model.month_report import Sent
from geo.model.person import Person, Role
from geo.queries.month_reports import Stand, stands
from geo.queries.quarter_figures import programme_districts

__all__ = ["show"]

FIRST_YEAR = 2024
_TABLE, _YEAR = "reports_table", "reports_year"
_COLOURS = {Sent.IN_TIME: "#1b7a3d", Sent.LATE: "#8a5a00", Sent.MISSING: "#b3261e"}
_NIGHT = {Sent.IN_TIME: "#7fd39a", Sent.LATE: "#f0c060", Sent.MISSING: "#ff9c94"}


def show(person: Person, names: Names, lang: str, now: datetime) -> None:
    """The table of a year."""
    with office.acting(person) as connection:
        codes = programme_districts(connection)
    if not codes:
        st.info(t("reports.no_targets", lang), icon=":material/info:")
        return
    today = now.date()
    years = list(range(today.year, FIRST_YEAR - 1, -1))
    with st.container(horizontal=True, vertical_alignment="bottom", key="reports_top"):
        of = st.selectbox(t("reports.year", lang), years, key=_YEAR, format_func=lambda one: year(one, lang), width=160)
    months = [date(of or today.year, number_, 1) for number_ in range(1, 13)]
    with office.acting(person) as connection:
        found = stands(connection, codes, months, now)
    with st.container():  # has its place also while it is empty: else what is below is made anew
        if told := desk.notice():
            show_notice(told)
    st.html(f'<h2 class="report-head">{html.escape(t("reports.table_title", lang, n=number(len(codes))))}</h2>')
    counted = {sent: sum(one.sent is sent for one in found.values()) for sent in Sent}
    st.caption(
        t("reports.sum", lang, **{str(sent): number(n) for sent, n in counted.items()})
        + " · "
        + t("reports.table_help", lang)
    )
    cells = _table(codes, months, found, names, lang)
    _chosen(person, cells, codes, months, found, names, lang)


def _table(
    codes: Sequence[str], months: Sequence[date], found: dict[tuple[str, date], Stand], names: Names, lang: str
) -> Sequence[tuple[int, str]]:
    """Draw it; the cells that are chosen, by row and head."""
    heads = [month(one, lang).split()[0] for one in months]
    rows: dict[str, list[str]] = {t("reports.district", lang): [_district(code, names, lang) for code in codes]}
    for head, of in zip(heads, months, strict=True):
        rows[head] = [_cell(found[code, of], lang) for code in codes]
    colours = _NIGHT if session.night() else _COLOURS
    looks = {t(f"reports.sent.{sent}", lang): f"color:{colour};font-weight:600" for sent, colour in colours.items()}

    def look(cell: Any) -> str:
        return next((style for words, style in looks.items() if str(cell).startswith(words)), "")

    frame = pd.DataFrame(rows)
    event: Any = st.dataframe(
        frame.style.map(look), hide_index=True, key=_TABLE, on_select="rerun", selection_mode="single-cell",
        height=min(38 * (len(codes) + 1), 560), row_height=36,
        column_config={t("reports.district", lang): st.column_config.TextColumn(pinned=True, width=190)}
        | {head: st.column_config.TextColumn(width=104) for head in heads},
    )  # fmt: skip
    found_cells: Sequence[tuple[int, str]] = event.selection.cells
    return found_cells


def _cell(one: Stand, lang: str) -> str:
    said = t(f"reports.sent.{one.sent}", lang)
    return said if one.sent_at is None else f"{said} {local(one.sent_at):%d/%m}"


def _district(code: str, names: Names, lang: str) -> str:
    place = names.districts[code]
    return f"{name(place, lang)} ({name(place, lang, 'province')})"


def _chosen(
    person: Person,
    cells: Sequence[tuple[int, str]],
    codes: Sequence[str],
    months: Sequence[date],
    found: dict[tuple[str, date], Stand],
    names: Names,
    lang: str,
) -> None:
    """What can be done with the cell that was tapped, and with all that are missing of a month."""
    heads = [month(one, lang).split()[0] for one in months]
    if cells and cells[0][1] in heads and cells[0][0] < len(codes):
        row, of = codes[cells[0][0]], months[heads.index(cells[0][1])]
        _one(person, found[row, of], names, lang)
    late = {of: [code for code in codes if found[code, of].sent is Sent.MISSING] for of in months}
    waiting = [of for of in months if late[of]]
    if person.role is Role.NATIONAL and waiting:
        with st.container(horizontal=True, vertical_alignment="bottom", key="reports_remind"):
            of = st.selectbox(
                t("reports.month", lang), waiting, index=len(waiting) - 1, key="reports_remind_month", width=220,
                format_func=lambda one: month(one, lang, short=False),
            )  # fmt: skip
            if of is not None:
                st.button(
                    t("reports.remind", lang, n=number(len(late[of]))), key="reports_remind_all", icon=":material/notifications:",
                    on_click=_remind, args=(person, late[of], of),
                )  # fmt: skip


def _one(person: Person, stand: Stand, names: Names, lang: str) -> None:
    told = [
        f"{_district(stand.district, names, lang)} · {month(stand.month, lang, short=False)}",
        t(f"reports.sent.{stand.sent}", lang),
        t("reports.due", lang, day=day(stand.due, lang)),
    ]
    if stand.reminded_at is not None:
        told.append(t("reports.reminded_at", lang, time=moment(stand.reminded_at, lang)))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="reports_cell"):
        st.text(" · ".join(told))
        if stand.report is not None:
            st.button(
                t("reports.open", lang), key="reports_open", type="primary", on_click=month_desk.lay_open,
                args=(stand.district, stand.month),
            )  # fmt: skip
        elif stand.sent is Sent.MISSING and person.role is Role.NATIONAL:
            st.button(
                t("reports.remind_one", lang), key="reports_remind_one", icon=":material/notifications:", on_click=_remind,
                args=(person, [stand.district], stand.month),
            )  # fmt: skip


def _remind(person: Person, districts: Sequence[str], of: date) -> None:
    lang = session.language()
    try:
        with office.acting(person) as connection:
            for code in districts:
                remind(connection, person, code, of)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.say("done", t("reports.reminded", lang, n=number(len(districts))))
