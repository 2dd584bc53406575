"""The report of a quarter: all centres against targets, what they say, and the national centre's signature."""

from __future__ import annotations

import html
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard import desk, month_desk, office, session
from dashboard.documents.quarter_pack import QuarterPack, quarter_data
from dashboard.documents.referral_pack import Names
from dashboard.i18n import t
from dashboard.i18n.dates import day
from dashboard.panels.case import show_notice
from dashboard.panels.reports_acts import done_as
from dashboard.panels.take_away import links
from dashboard.quarter_words import quarter_name
from geo.actions import quarter_reports as acts
from geo.actions.month_reports import LONGEST_REASON
from geo.model.month_report import LONGEST_WORDS, ReportState
from geo.model.person import Person, Role
from geo.model.quarter_report import QuarterNarrative, QuarterReport, quarter_back, quarter_end
from geo.queries.quarter_reports import quarter_report, quarter_versions

__all__ = ["show"]

QUARTERS = 9
FORMS = ("pdf", "docx", "xlsx")
_QUARTER = "reports_quarter"


def show(person: Person, names: Names, lang: str, now: datetime) -> None:
    """Choose a quarter, and its report or the way to make it."""
    today = now.date()
    shown = [quarter_back(today, back) for back in range(QUARTERS)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="reports_top"):
        of = st.selectbox(
            t("quarter.choose", lang), shown, index=1, key=_QUARTER, width=220, on_change=desk.clear,
            format_func=lambda one: quarter_name(one, lang),
        )  # fmt: skip
    of = of or shown[1]
    works = person.role is Role.NATIONAL
    with office.acting(person) as connection:
        found = quarter_versions(connection, of)
        report = quarter_report(connection, found[0].id) if found else None
    with st.container():  # has its place also while it is empty: else what is below is made anew
        if told := desk.notice():
            show_notice(told)
    if report is None:
        st.info(t("quarter.none_yet", lang), icon=":material/description:")
        if works:
            st.button(
                t("reports.begin", lang), key="quarter_begin", type="primary", icon=":material/add:", on_click=done_as,
                args=(person, "", lambda connection: acts.begin_quarter(connection, person, of)),
            )  # fmt: skip
            st.caption(t("quarter.begin_help", lang))
        return
    data = quarter_data(QuarterPack(report, names, lang, now))
    _head(data)
    _ways(person, report, works, today, lang)
    if works and report.state is ReportState.DRAFT:
        _form(person, report, lang)
    else:
        for part in data["narrative"]:
            st.html(f'<h3 class="report-head">{html.escape(part["title"])}</h3>')
            st.text(part["words"] or data["words"]["nothing_written"])
    _figures(data)


def _head(data: dict[str, Any]) -> None:
    facts = " · ".join(one for one in (data["as_of"], data["words"]["internal"], data["demo"]) if one)
    st.html(
        f'<h2 class="report-head">{html.escape(data["title"])}</h2>'
        f'<p class="office-line"><span class="office-chip">{html.escape(data["version"])}</span> {html.escape(data["state"])}</p>'
        f'<p class="office-line office-faint">{html.escape(facts)}</p>'
    )


def _ways(person: Person, report: QuarterReport, works: bool, today: date, lang: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="reports_ways"):
        digits = st.toggle(t("reports.thai_digits", lang), key="reports_digits") if lang == "th" else False
        paths = {form.upper(): f"papers/quarter/{report.id}.{form}" for form in FORMS}
        links(paths, {"lang": lang} | ({"digits": "thai"} if digits else {}), "reports_papers")
        if works and report.state is ReportState.DRAFT:
            st.button(
                t("reports.count_anew", lang), key="quarter_count", icon=":material/refresh:", on_click=done_as,
                args=(person, t("reports.counted_anew", lang), lambda connection: acts.count_quarter(connection, person, report.id)),
            )  # fmt: skip
    if works and report.state is ReportState.DRAFT:
        _signing(person, report, today, lang)
    elif works:
        key = month_desk.field(report.id, "quarter_anew")
        with st.popover(t("reports.anew", lang), icon=":material/edit_document:"):
            st.text_area(t("reports.anew_why", lang), key=key, max_chars=LONGEST_REASON, height=90)
            st.button(
                t("reports.anew", lang), key="quarter_anew", type="primary", on_click=done_as,
                args=(person, "", lambda connection: acts.begin_quarter(
                    connection, person, report.quarter, desk.said(key) or "")),
            )  # fmt: skip


def _signing(person: Person, report: QuarterReport, today: date, lang: str) -> None:
    ends = quarter_end(report.quarter)
    if today <= ends:
        st.caption(t("reports.not_over", lang, day=day(date.fromordinal(ends.toordinal() + 1), lang)))
    elif desk.said(month_desk.ASKED) != -report.id:
        st.button(
            t("reports.sign", lang), key="quarter_sign", type="primary", icon=":material/signature:", on_click=desk.put,
            args=(month_desk.ASKED, -report.id),
        )  # fmt: skip
    else:
        with st.container(border=True, key="reports_sure"):
            st.text(t("reports.sign_sure", lang))
            with st.container(horizontal=True):
                st.button(
                    t("reports.sign_yes", lang), key="quarter_sign_yes", type="primary", on_click=done_as,
                    args=(person, t("reports.signed", lang), lambda connection: acts.sign_quarter(connection, person, report.id)),
                )  # fmt: skip
                st.button(
                    t("reports.sign_no", lang), key="quarter_sign_no", on_click=desk.put, args=(month_desk.ASKED, None)
                )


def _form(person: Person, report: QuarterReport, lang: str) -> None:
    with st.form(f"quarter_write_{report.id}"):
        for part in QuarterNarrative:
            st.text_area(
                t(f"quarter.narrative.{part}", lang), value=report.narrative.get(part, ""), max_chars=LONGEST_WORDS,
                key=month_desk.field(report.id, f"quarter_{part}"), height=110 if part is QuarterNarrative.SUMMARY else 80,
            )  # fmt: skip
        st.form_submit_button(
            t("reports.save", lang), key="quarter_save", type="primary", icon=":material/save:", on_click=_write,
            args=(person, report.id),
        )  # fmt: skip


def _write(person: Person, number: int) -> None:
    said = {str(part): desk.said(month_desk.field(number, f"quarter_{part}")) or "" for part in QuarterNarrative}
    done_as(
        person,
        t("reports.saved", session.language()),
        lambda connection: acts.write_quarter(connection, person, number, said),
    )


# ---------------------------------------------------------------- what was counted


def _figures(data: dict[str, Any]) -> None:
    w = data["words"]
    targets = [
        [one["label"], one["target"], f"{one['result']} {one['of']}".strip(), one["judged"]] for one in data["targets"]
    ]
    left, right = st.columns(2, gap="medium")
    with left:
        _table(w["targets"], ["", w["target"], w["result"], ""], targets)
        _table(w["trend"], ["", *data["trend_heads"]], [[one["quarter"], *one["cells"]] for one in data["trend"]])
        st.html(f'<p class="office-line"><b>{html.escape(w["decisions"])}</b> {html.escape(data["decided"])}</p>')
    with right:
        _table(
            w["types"],
            ["", w["incidents"], w["before"]],
            [[one["name"], one["now"], one["before"]] for one in data["types"]],
        )
    centres = [
        [one["name"], one["reports"], one["incidents"], one["before"], one["change"],
         *(f"▼ {said}" if under else said for said, under in zip(one["shares"][1:], one["under"][1:], strict=True)), one["hours"]]
        for one in data["centres"]
    ]  # fmt: skip
    heads = [w["centre"], w["reports"], w["incidents"], w["before"], w["change"], *data["indicators"][1:], w["hours"]]
    _table(w["centres"], heads, centres, w["centres_note"])
    for group in data["said"]:
        st.html(f'<h3 class="report-head">{html.escape(group["title"])}</h3>')
        if not group["rows"]:
            st.caption(group["none"])
        for one in group["rows"]:
            st.html(
                f'<div class="report-decision"><span class="office-faint">{html.escape(one["who"])}</span><br>'
                f"{html.escape(one['words'])}</div>"
            )
    st.html(f'<h3 class="report-head">{html.escape(w["corrections"])}</h3>')
    if not data["corrections"]:
        st.caption(w["corrections_none"])
    for one in data["corrections"]:
        st.text(f"{one['who']} · {one['label']}: {one['words']}")
    st.caption(w["reports_not_crime"])


def _table(title: str, heads: list[str], rows: list[list[str]], note: str = "") -> None:
    said = f'<p class="office-line office-faint">{html.escape(note)}</p>' if note else ""
    head = "".join(f"<th>{html.escape(one)}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(
        f'<div class="report-section report-wide"><h3 class="report-head">{html.escape(title)}</h3>{said}'
        f'<div class="report-scroll"><table><tr>{head}</tr>{body}</table></div></div>'
    )
