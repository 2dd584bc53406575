"""One plan: what was asked and found, its sites, who took it how far, the next steps; and two plans side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import desk, office, plan_desk, session
from dashboard.documents.position import grid_words
from dashboard.i18n import name, t
from dashboard.i18n.dates import moment, number
from dashboard.labels import plain
from dashboard.panels.case_words import refusal
from dashboard.panels.plan_answer import measured
from dashboard.planning.found import way_unit
from dashboard.planning.question import PlanQuestion, question_from
from dashboard.spreadsheet import csv_bytes
from geo.actions.plans import duplicate_plan, may_take, move_plan
from geo.errors import WatchError
from geo.model import District
from geo.model.person import Person
from geo.model.plan import MAKES, NEXT, Plan, PlanState, SiteRole

__all__ = ["compare", "reach_m", "show"]

ICONS = {
    PlanState.PROPOSED: "send",
    PlanState.APPROVED: "check",
    PlanState.REJECTED: "block",
    PlanState.WITHDRAWN: "undo",
    PlanState.IN_FORCE: "play_arrow",
    PlanState.ENDED: "stop",
}
FORWARD = {PlanState.PROPOSED, PlanState.APPROVED, PlanState.IN_FORCE}


def show(
    person: Person, one: Plan, others: Sequence[Plan], districts: Mapping[str, District], lang: str, now: datetime
) -> None:
    """Everything of a plan."""
    st.button(
        t("plans.one.back", lang),
        key="plan_back",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=plan_desk.lay_open,
        args=(None,),
    )
    st.text(f"{one.id}. {one.title}")
    st.caption(plain(" · ".join([t(f"plans.state.{one.state}", lang), *_facts(one, lang)])))
    if one.reason:
        st.text(t("plans.one.reason", lang, reason=one.reason))
    _steps(person, one, lang)
    rows = _rows(one, districts, lang)
    st.dataframe(rows, hide_index=True, key="plan_sites_table")
    with st.container(horizontal=True, gap="small"):
        how = (
            {t("plans.column.measured", lang): measured(one.answer, lang)}
            if one.answer.get("radius") is not None
            else {}
        )
        taken = [row | how for row in rows]
        head = tuple(taken[0]) if taken else ()
        st.download_button(
            t("plans.one.take", lang), csv_bytes([head, *_texts(taken)]), f"plan-{one.id}.csv",
            "text/csv", key="plan_take", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        if person.role in MAKES:
            st.button(
                t("plans.one.copy", lang),
                key="plan_copy",
                icon=":material/content_copy:",
                on_click=_copy,
                args=(person, one),
            )
            if one.state is PlanState.DRAFT and (asked := question_from(one.question, one.sites)) is not None:
                st.button(
                    t("plans.one.edit", lang),
                    key="plan_edit",
                    icon=":material/edit:",
                    on_click=_edit,
                    args=(asked, one),
                )
    if others:
        session.put("plan.beside_pick", None)
        titles = {other.id: f"{other.id}. {other.title}" for other in others}
        st.selectbox(
            t("plans.compare.with", lang), list(titles), index=None, key="plan.beside_pick", on_change=_lay_beside,
            format_func=lambda code: plain(titles[code]), placeholder=t("plans.compare.choose", lang),
        )  # fmt: skip
    with st.expander(t("plans.one.history", lang), icon=":material/history:"):
        for step in one.steps:
            who = step.name or t("plans.one.nobody", lang)
            said = t(
                "plans.one.step", lang, state=t(f"plans.did.{step.state}", lang), name=who, when=moment(step.at, lang)
            )
            st.text(said + (f" – {step.reason}" if step.reason else ""))


def reach_m(one: Plan) -> float | None:
    """How far its sites reach, where that is a distance in a straight line."""
    asked = question_from(one.question, one.sites)
    return None if asked is None or asked.reach.by_road else asked.reach.metres


def _facts(one: Plan, lang: str) -> list[str]:
    told = one.answer
    facts = [t("plans.list.sites", lang, n=number(one.new_sites))]
    if told.get("coverage_share") is not None:
        facts.append(t("plans.one.covered", lang, share=f"{100 * told['coverage_share']:.1f}"))
    if told.get("radius") is not None:
        facts.append(measured(told, lang))
    facts.append(t("plans.one.as_of", lang, when=moment(one.as_of, lang)))
    return facts


def _rows(one: Plan, districts: Mapping[str, District], lang: str) -> list[dict[str, Any]]:
    return [
        {
            t("plans.column.number", lang): at,
            t("plans.column.name", lang): site.name,
            t("plans.column.district", lang): _district(site.district, districts, lang) or "–",
            t("plans.column.role", lang): t(f"plans.role.{site.role}", lang) + (" *" if site.moved else ""),
            t("plans.column.checkpoint", lang): site.checkpoint or "",
            t("plans.column.cost", lang): site.cost,
            t("plans.column.staff", lang): site.staff,
            "MGRS": grid_words(site.lon, site.lat),
        }
        for at, site in enumerate(one.sites, 1)
    ]


def _texts(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [tuple("" if cell is None else str(cell) for cell in row.values()) for row in rows]


# ---------------------------------------------------------------- steps


def _steps(person: Person, one: Plan, lang: str) -> None:
    can = [state for state in NEXT.get(one.state, ()) if may_take(person, one, state)]
    if one.state is PlanState.PROPOSED and person.id in one.hands and person.role not in MAKES:
        st.caption(t("plans.one.own", lang))
    if not can:
        return
    key = f"plan.reason.{one.id}"
    st.text_input(t("plans.one.why", lang), key=key, max_chars=2000)
    with st.container(horizontal=True, gap="small", key="plan_steps"):
        for state in can:
            st.button(
                t(f"plans.do.{state}", lang), key=f"plan_do_{state}", icon=f":material/{ICONS[state]}:",
                type="primary" if state in FORWARD else "secondary", on_click=_move, args=(person, one.id, one.revision, state, key),
                help=t(f"plans.do_help.{state}", lang),
            )  # fmt: skip


def _move(person: Person, plan: int, revision: int, state: PlanState, key: str) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            move_plan(connection, person, plan, revision, state, str(desk.said(key) or ""))
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(key, "")
    desk.say("done", t(f"plans.moved.{state}", lang))


def _copy(person: Person, one: Plan) -> None:
    lang = session.language()
    desk.clear()
    title = t("plans.one.copy_title", lang, title=one.title)[:200]
    try:
        with office.acting(person) as connection:
            made = duplicate_plan(connection, person, one.id, title)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    plan_desk.lay_open(made)
    desk.say("done", t("plans.one.copied", lang, n=made))


def _edit(asked: PlanQuestion, one: Plan) -> None:
    plan_desk.take_up(asked, (one.id, one.revision, one.title))
    desk.put("plan.title", one.title)
    plan_desk.turn_to("next")


def _lay_beside() -> None:
    plan_desk.lay_beside(session.value("plan.beside_pick"))


# ---------------------------------------------------------------- two of them


def compare(one: Plan, other: Plan, districts: Mapping[str, District], lang: str) -> None:
    """The figures of both, line by line, and what only one of them has."""
    st.button(
        t("plans.compare.back", lang), key="plan_compare_back", icon=":material/arrow_back:", type="tertiary",
        on_click=plan_desk.lay_beside, args=(None,),
    )  # fmt: skip
    st.text(f"{one.id}. {one.title}  ↔  {other.id}. {other.title}")
    columns = [f"{plan.id}. {plan.title}"[:40] for plan in (one, other)]
    if columns[0] == columns[1]:
        columns = [str(one.id), str(other.id)]
    figures = [_compared(plan, lang) for plan in (one, other)]
    st.dataframe(
        [
            {t("plans.compare.what", lang): label, columns[0]: figures[0][label], columns[1]: figures[1][label]}
            for label in figures[0]
        ],
        hide_index=True, key="plan_compare",
    )  # fmt: skip
    if not _alike(one, other):
        st.caption(t("plans.compare.unlike", lang))
    for title, rest in ((columns[0], _only(one, other)), (columns[1], _only(other, one))):
        st.text(t("plans.compare.only", lang, title=title, n=len(rest)))
        for site in rest:
            where = _district(site.district, districts, lang)
            st.caption(plain(f"{site.name} · {where} · {grid_words(site.lon, site.lat)}"))


def _compared(one: Plan, lang: str) -> dict[str, str]:
    told, new = one.answer, [site for site in one.sites if site.role is not SiteRole.EXISTING]

    def share(key: str) -> str:
        value = told.get(key)
        return "–" if value is None else f"{100 * value:.1f}%"

    mean, (unit, by) = told.get("mean_distance"), way_unit(told)
    gap = told.get("gap")
    return {
        t("plans.compare.state", lang): t(f"plans.state.{one.state}", lang),
        t("plans.figure.new", lang): number(one.new_sites),
        t("plans.figure.covered", lang): share("coverage_share"),
        t("plans.figure.twice", lang): share("backup_share"),
        t("plans.figure.mean_km", lang): "–" if mean is None else t(f"plans.{unit}", lang, n=f"{mean / by:.1f}"),
        t("plans.compare.gap", lang): "–" if gap is None else f"{100 * gap:.1f}%",
        t("plans.column.cost", lang): _sum([site.cost for site in new]),
        t("plans.column.staff", lang): _sum([site.staff for site in new]),
        t("plans.compare.as_of", lang): moment(one.as_of, lang),
    }


def _sum(figures: Sequence[float | None]) -> str:
    """Their sum; nothing where somebody did not say."""
    known = [figure for figure in figures if figure is not None]
    return f"{sum(known):,.10g}" if known and len(known) == len(figures) else "–"


def _alike(one: Plan, other: Plan) -> bool:
    """Whether both count the same demand with the same reach: else their shares are not the same share."""
    first, second = (question_from(plan.question, ()) for plan in (one, other))
    return first is not None and second is not None and (first.demand, first.reach) == (second.demand, second.reach)


def _only(one: Plan, other: Plan) -> list[Any]:
    there = {(round(site.lon, 4), round(site.lat, 4)) for site in other.sites}
    return [
        site
        for site in one.sites
        if site.role is not SiteRole.EXISTING and (round(site.lon, 4), round(site.lat, 4)) not in there
    ]


def _district(code: str | None, districts: Mapping[str, District], lang: str) -> str:
    return name(districts[code], lang) if code is not None and code in districts else ""
