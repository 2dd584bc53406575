"""One centre's report of a month: what was counted, what the centre says of it, and its signature."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import desk, month_desk, office, session
from dashboard.documents.meeting_map import draw_sheet
from dashboard.documents.month_pack import SHAPE
from dashboard.documents.referral_pack import Names
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, moment, month
from dashboard.panels.case import show_notice
from dashboard.panels.reports_acts import done_as
from dashboard.panels.take_away import link, links
from dashboard.report_words import Line, decision_words, place_name, sections, state_words, title
from geo.actions import month_reports as acts
from geo.errors import NotFound
from geo.model.month_report import LONGEST_WORDS, Group, MonthReport, Narrative, ReportState, due_day, last_day
from geo.model.person import Person, Role
from geo.queries.month_reports import Version, due_setting, month_report, versions

__all__ = ["choose_district", "choose_month", "show"]

MONTHS = 25
"""Months to choose from, this one first."""
FORMS = ("pdf", "docx", "xlsx")


def choose_month(lang: str, today: date) -> date:
    """Which month; the one that is reported now at first."""
    shown = [
        date(today.year - (back + 12 - today.month) // 12, (today.month - back - 1) % 12 + 1, 1)
        for back in range(MONTHS)
    ]
    kept = month_desk.chosen_month(today)
    desk.put(month_desk.MONTH, kept)
    found = st.selectbox(
        t("reports.month", lang), shown if kept in shown else [kept, *shown], key=month_desk.MONTH, width=220,
        format_func=lambda one: month(one, lang, short=False), on_change=desk.clear,
    )  # fmt: skip
    return found or kept


def choose_district(own: Sequence[str], names: Names, lang: str) -> str:
    """Which centre, for who works in several."""
    found = st.selectbox(
        t("reports.district", lang), list(own), key="reports_district", width=240,
        format_func=lambda code: name(names.districts[code], lang) if code in names.districts else code,
    )  # fmt: skip
    return found or own[0]


def show(person: Person, district: str, of: date, names: Names, lang: str, today: date) -> None:
    """The report of a month, or the way to make it."""
    works = person.role in (Role.CHIEF, Role.OFFICER)
    with office.acting(person) as connection:
        found = versions(connection, district, of)
        due = due_day(of, due_setting(connection))
        wanted = desk.said(month_desk.WHICH)
        number = wanted if wanted in {one.id for one in found} else (found[0].id if found else None)
        try:
            report = None if number is None else month_report(connection, number)
        except NotFound:  # taken out of sight meanwhile
            report = None
    with st.container():  # has its place also while it is empty: else what is below is made anew
        if told := desk.notice():
            show_notice(told)
    if report is None:
        _nothing(person, district, of, works, due, lang)
        return
    _head(report, names, due, lang)
    _ways(person, report, found, works, today, lang)
    left, right = st.columns([8, 13], gap="medium")
    draft = works and report.state is ReportState.DRAFT
    with left:
        _narrative(person, report, draft, lang)
        if draft:
            _correction(person, report, names, lang)
        _decisions(report, names, lang)
    with right:
        _figures(report, names, lang)


def _nothing(person: Person, district: str, of: date, works: bool, due: date, lang: str) -> None:
    st.info(t("reports.none_yet" if works else "reports.none_signed", lang), icon=":material/description:")
    st.caption(t("reports.due", lang, day=day(due, lang)))
    if works:
        st.button(
            t("reports.begin", lang), key="reports_begin", type="primary", icon=":material/add:", on_click=done_as,
            args=(person, "", lambda connection: acts.begin_report(connection, person, district, of)),
        )  # fmt: skip
        st.caption(t("reports.begin_help", lang))


def _head(report: MonthReport, names: Names, due: date, lang: str) -> None:
    full = " full" if report.state is ReportState.SIGNED else ""
    facts = [
        t("reports.as_of", lang, time=moment(report.content.as_of, lang)),
        t("reports.due", lang, day=day(due, lang)),
        *([t("reports.demo", lang)] if report.is_demo else []),
    ]
    st.html(
        f'<h2 class="report-head">{html.escape(title(report.month, lang))}</h2>'
        f'<p class="office-line">{html.escape(place_name(report, names, lang))}</p>'
        f'<p class="office-line"><span class="office-chip{full}">{html.escape(_version(report.version, report.reason, lang))}</span> '
        f"{html.escape(state_words(report, lang))}</p>"
        f'<p class="office-line office-faint">{html.escape(" · ".join(facts))}</p>'
    )


def _version(number: int, reason: str | None, lang: str) -> str:
    if reason is None:
        return t("reports.version", lang, n=number)
    return t("reports.version_because", lang, n=number, reason=reason)


# ---------------------------------------------------------------- what can be done


def _ways(person: Person, report: MonthReport, found: Sequence[Version], works: bool, today: date, lang: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="reports_ways"):
        digits = st.toggle(t("reports.thai_digits", lang), key="reports_digits") if lang == "th" else False
        paths = {form.upper(): f"papers/month/{report.id}.{form}" for form in FORMS}
        links(paths, {"lang": lang} | ({"digits": "thai"} if digits else {}), "reports_papers")
        if works and report.state is ReportState.DRAFT:
            st.button(
                t("reports.count_anew", lang), key="reports_count", icon=":material/refresh:", on_click=done_as,
                args=(person, t("reports.counted_anew", lang), lambda connection: acts.count_anew(connection, person, report.id)),
            )  # fmt: skip
    if works and report.state is ReportState.DRAFT:
        _signing(person, report, today, lang)
    elif works and report.id == found[0].id:
        _anew(person, report, lang)
    if len(found) > 1:
        desk.put(month_desk.WHICH, report.id)
        st.selectbox(
            t("reports.versions", lang), [one.id for one in found], key=month_desk.WHICH, width=420,
            format_func=lambda number: next(_version(one.version, one.reason, lang) for one in found if one.id == number),
        )  # fmt: skip


def _signing(person: Person, report: MonthReport, today: date, lang: str) -> None:
    ends = last_day(report.month)
    if today <= ends:
        st.caption(t("reports.not_over", lang, day=day(date.fromordinal(ends.toordinal() + 1), lang)))
        return
    if person.role is not Role.CHIEF:
        st.caption(t("reports.chief_signs_note", lang))
        return
    if desk.said(month_desk.ASKED) != report.id:
        st.button(
            t("reports.sign", lang), key="reports_sign", type="primary", icon=":material/signature:", on_click=desk.put,
            args=(month_desk.ASKED, report.id),
        )  # fmt: skip
        return
    with st.container(border=True, key="reports_sure"):
        st.text(t("reports.sign_sure", lang))
        with st.container(horizontal=True):
            st.button(
                t("reports.sign_yes", lang), key="reports_sign_yes", type="primary", on_click=_sign, args=(person, report.id)
            )  # fmt: skip
            st.button(
                t("reports.sign_no", lang), key="reports_sign_no", on_click=desk.put, args=(month_desk.ASKED, None)
            )


def _sign(person: Person, number: int) -> None:
    said = t("reports.signed", session.language())
    done_as(person, said, lambda connection: acts.sign(connection, person, number))


def _anew(person: Person, report: MonthReport, lang: str) -> None:
    key = month_desk.field(report.id, "anew")
    with st.popover(t("reports.anew", lang), icon=":material/edit_document:"):
        st.text_area(t("reports.anew_why", lang), key=key, max_chars=acts.LONGEST_REASON, height=90)
        st.button(
            t("reports.anew", lang), key="reports_anew", type="primary", on_click=done_as,
            args=(person, "", lambda connection: acts.begin_report(
                connection, person, report.district, report.month, desk.said(key) or "")),
        )  # fmt: skip


def _narrative(person: Person, report: MonthReport, draft: bool, lang: str) -> None:
    if not draft:
        for part in Narrative:
            st.html(f'<h3 class="report-head">{html.escape(t(f"reports.narrative.{part}", lang))}</h3>')
            st.text(report.narrative.get(part) or t("reports.nothing_written", lang))
        return
    with st.form(f"reports_write_{report.id}"):
        for part in Narrative:
            st.text_area(
                t(f"reports.narrative.{part}", lang), value=report.narrative.get(part, ""), max_chars=LONGEST_WORDS,
                key=month_desk.field(report.id, part), height=130 if part is Narrative.SITUATION else 80,
            )  # fmt: skip
        st.form_submit_button(
            t("reports.save", lang), key="reports_save", type="primary", icon=":material/save:", on_click=_write,
            args=(person, report.id),
        )  # fmt: skip


def _write(person: Person, number: int) -> None:
    said = {str(part): desk.said(month_desk.field(number, part)) or "" for part in Narrative}
    done_as(
        person, t("reports.saved", session.language()), lambda connection: acts.write(connection, person, number, said)
    )


def _correction(person: Person, report: MonthReport, names: Names, lang: str) -> None:
    lines = {
        line.key: (section.title, line)
        for section in sections(report, names, lang, whole=True)
        for line in section.lines
    }
    key = {part: month_desk.field(report.id, part) for part in ("which", "value", "why")}
    with st.expander(t("reports.correct", lang), icon=":material/edit:", key="reports_correcting"):
        which = st.selectbox(
            t("reports.correct_which", lang), list(lines), key=key["which"],
            format_func=lambda one: f"{lines[one][0]} · {lines[one][1].label}: {lines[one][1].value}",
        )  # fmt: skip
        st.number_input(t("reports.correct_value", lang), min_value=0.0, step=1.0, value=None, key=key["value"])
        st.text_input(t("reports.correct_why", lang), key=key["why"], max_chars=acts.LONGEST_REASON)
        with st.container(horizontal=True):
            st.button(
                t("reports.correct_save", lang), key="reports_correct", type="primary", on_click=_correct,
                args=(person, report.id, which, key),
            )  # fmt: skip
            if which in report.corrections:
                st.button(
                    t("reports.take_back", lang), key="reports_take_back", on_click=done_as,
                    args=(person, t("reports.taken_back", lang), lambda connection: acts.take_back(
                        connection, person, report.id, str(which))),
                )  # fmt: skip


def _correct(person: Person, number: int, which: str, key: dict[str, str]) -> None:
    value, why = desk.said(key["value"]), desk.said(key["why"]) or ""

    def act(connection: Any) -> None:
        acts.correct(connection, person, number, which, -1 if value is None else float(value), why)

    done_as(person, t("reports.corrected", session.language()), act)
    if (told := desk.notice()) is not None and told.kind == "done":
        desk.put(key["value"], None)
        desk.put(key["why"], "")


# ---------------------------------------------------------------- what was counted


def _figures(report: MonthReport, names: Names, lang: str) -> None:
    first, *more = sections(report, names, lang)
    tiles = "".join(
        f'<div class="report-figure"><small>{html.escape(line.label)}</small><b>{html.escape(line.value)}</b>'
        f"<small>{html.escape(_beside(line, lang))}</small></div>"
        for line in first.lines
    )
    st.html(f'<div class="report-figures">{tiles}</div>')
    drawn = draw_sheet(report.content.sheet.map, report.content.sheet.top, names.types, SHAPE)
    with st.expander(t("reports.map", lang), icon=":material/map:", key="reports_map"):
        st.image(drawn.svg, width="stretch")
        query = {
            "districts": report.district,
            "from": str(report.month),
            "to": str(last_day(report.month)),
            "lang": lang,
        }
        link("live_map", query, t("reports.map_live", lang), "reports_live_map")
    tables = "".join(
        _section(section.title, section.lines, lang) for section in more if section.group is not Group.TOTALS
    )
    st.html(f'<div class="report-sections">{tables}</div>')
    st.caption(t("reports.reports_not_crime", lang))


def _beside(line: Line, lang: str) -> str:
    before = f"{t('reports.before', lang)} {line.before} {line.change}".strip() if line.before else ""
    return line.correction or before


def _section(head: str, lines: Sequence[Line], lang: str) -> str:
    if not lines:
        return (
            f'<div class="report-section"><table><caption>{html.escape(head)}</caption>'
            f"<tr><td>{html.escape(t('reports.none_there', lang))}</td></tr></table></div>"
        )
    heads = "".join(
        f"<th>{html.escape(t(f'reports.{key}', lang))}</th>" for key in ("figure", "this", "before", "change")
    )
    rows = "".join(
        f"<tr><td>{html.escape(line.label)}"
        + (f'<span class="report-why">{html.escape(line.correction)}</span>' if line.correction else "")
        + f"</td><td><b>{html.escape(line.value)}</b></td><td>{html.escape(line.before)}</td><td>{html.escape(line.change)}</td></tr>"
        for line in lines
    )
    return (
        f'<div class="report-section"><table><caption>{html.escape(head)}</caption><tr>{heads}</tr>{rows}</table></div>'
    )


def _decisions(report: MonthReport, names: Names, lang: str) -> None:
    st.html(f'<h3 class="report-head">{html.escape(t("reports.decisions", lang))}</h3>')
    if not report.content.decisions:
        st.caption(t("reports.no_decisions", lang))
    for one in report.content.decisions:
        late = " late" if one.late else ""
        st.html(
            f'<div class="report-decision{late}">{html.escape(one.words)}<br>'
            f'<span class="office-faint">{html.escape(decision_words(one, names, lang))}</span></div>'
        )
