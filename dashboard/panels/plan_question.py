"""What the planner asks for: how many or how much, under which rules, and where sites may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import desk, plan_desk, session, store
from dashboard.access import Viewer
from dashboard.documents.position import grid_words
from dashboard.i18n import t
from dashboard.import_account import account_bytes, reason
from dashboard.labels import plain
from dashboard.messages import sentence
from dashboard.planning.candidates import Own, Sources
from dashboard.planning.demand import DemandAsked
from dashboard.planning.question import METHODS, Chosen, PlanQuestion
from dashboard.planning.reach import Reach
from dashboard.web.live import hub
from geo.errors import WatchError
from geo.ingest.coordinates import parse_place
from geo.ingest.sites import read_sites, site_table

__all__ = ["place_field", "show"]

MOST_SITES = 200
SHOWN = 10
TIMES = (10, 30, 120)
"""Seconds of search."""


def show(viewer: Viewer, lang: str, demand: DemandAsked, reach: Reach) -> None:
    """The form; its button asks."""
    last = plan_desk.question() or PlanQuestion(demand, reach)
    method = st.segmented_control(
        t("plans.method", lang), METHODS, required=True, default=last.method, key="plan.method",
        format_func=lambda code: t(f"plans.methods.{code}", lang), help=t("plans.method_help", lang),
    ) or last.method  # fmt: skip
    st.caption(t(f"plans.method_about.{method}", lang))
    number: int | None = None
    share = last.share
    if method == "lscp":
        per_cent = st.slider(
            t("plans.share", lang), 5, 100, round(100 * last.share), 5, format="%d%%", key="plan.share"
        )
        share = per_cent / 100
    else:
        number = int(st.number_input(t("plans.number", lang), 1, MOST_SITES, last.number or 5, 1, key="plan.number"))
    go = st.container()
    with st.expander(t("plans.candidates", lang), icon=":material/add_location_alt:"):
        sources = _sources(viewer, last, demand, reach, lang)
    with st.expander(t("plans.rules", lang), icon=":material/rule:"):
        rules = _rules(last, method, lang)
    asked = PlanQuestion(demand, reach, method, number, share, sources=sources, **rules)
    go.button(
        t("plans.find", lang), key="plan_find", type="primary", icon=":material/search:", on_click=_find, args=(asked,),
        width="stretch",
    )  # fmt: skip


def _find(asked: PlanQuestion) -> None:
    desk.clear()
    kept = plan_desk.draft()
    plan_desk.ask(asked)
    if kept is not None:
        plan_desk.take_up(asked, kept)


def _sources(viewer: Viewer, asked: PlanQuestion, demand: DemandAsked, reach: Reach, lang: str) -> Sources:
    last = asked.sources
    crossings = st.checkbox(t("plans.source.crossings", lang), last.crossings, key="plan.crossings")
    planned = st.checkbox(t("plans.source.planned", lang), last.planned, key="plan.planned")
    grid = st.checkbox(t("plans.source.grid", lang), last.grid, key="plan.grid", help=t("plans.source.grid_help", lang))
    roads = False
    if store.road_file(viewer.scope, hub.version) is not None:
        roads = st.checkbox(
            t("plans.source.roads", lang), last.roads, key="plan.roads", help=t("plans.source.roads_help", lang)
        )
    spacing, within = last.spacing_km, last.within_km
    if grid or roads:
        with st.container(horizontal=True, gap="small"):
            spacing = float(
                st.number_input(t("plans.source.spacing", lang), 0.5, 50.0, spacing, 0.5, key="plan.spacing")
            )
            within = float(st.number_input(t("plans.source.within", lang), 1.0, 100.0, within, 1.0, key="plan.within"))
    st.caption(t("plans.source.existing_note", lang))
    _own(demand, reach, lang)
    return Sources(crossings, planned, grid, roads, spacing, within, plan_desk.own())


def _own(demand: DemandAsked, reach: Reach, lang: str) -> None:
    """The planner's own places: typed, pointed at, or from a file."""
    st.text_input(
        t("plans.source.type", lang), key="plan.own_place", placeholder="48Q TE 60410 77331", on_change=_typed,
        help=t("plans.source.type_help", lang),
    )  # fmt: skip
    if (place := plan_desk.clicked()) is not None:
        words = grid_words(*place)
        st.button(
            t("plans.source.pointed", lang, place=words), key="plan_add_click", icon=":material/add:", on_click=_add,
            args=(place,),
        )  # fmt: skip
    _file(demand, reach, lang)
    mine = plan_desk.own()
    for one in mine[:SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"{one.name} · {grid_words(one.lon, one.lat)}")
            st.button(
                t("plans.source.remove", lang), key=f"plan_drop_{one.code}", type="tertiary", icon=":material/close:",
                on_click=plan_desk.remove_own, args=(one.code,),
            )  # fmt: skip
    if mine:
        st.button(
            t("plans.source.remove_all", lang, n=len(mine)),
            key="plan_drop_all",
            on_click=plan_desk.remove_own,
            type="tertiary",
        )


def place_field(text: str, lang: str) -> tuple[float, float] | None:
    """Longitude and latitude of what somebody typed; what is wrong with it is said."""
    try:
        found = parse_place(text)
    except WatchError as error:
        desk.say("refused", sentence(error, lang))
        return None
    return found.lon, found.lat


def _typed() -> None:
    desk.clear()
    text = str(desk.said("plan.own_place") or "").strip()
    if text and (place := place_field(text, session.language())) is not None:
        _add(place)
        desk.put("plan.own_place", "")


def _add(place: tuple[float, float]) -> None:
    plan_desk.add_own(Own("", grid_words(*place), *place))
    plan_desk.click(None)


def _file(demand: DemandAsked, reach: Reach, lang: str) -> None:
    file = st.file_uploader(
        t("plans.source.file", lang), type=["csv", "tsv", "txt", "xlsx", "geojson", "json"], key="plan.file",
        help=t("plans.source.file_help", lang),
    )  # fmt: skip
    if file is None:
        return
    try:
        table = site_table(file.getvalue(), file.name)
        reading = read_sites(table)
    except WatchError as error:
        st.error(sentence(error, lang), icon=":material/block:")
        return
    st.text(t("plans.source.file_sum", lang, read=reading.read, taken=len(reading.taken), refused=len(reading.refused)))
    if reading.refused:
        for one in reading.refused[:SHOWN]:
            st.text(t("coordinator.row", lang, n=one.row.number, why=reason(one, lang)))
        st.download_button(
            t("coordinator.rejects", lang, n=len(reading.refused)), account_bytes(table.headings, reading.refused),
            f"{file.name.rsplit('.', 1)[0]}.rejects.csv", "text/csv", key="plan_rejects", icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip
    for remark in reading.remarks[:SHOWN]:
        st.text(t("coordinator.row", lang, n=remark.row.number, why=reason(remark, lang)))
    own = [
        Own(
            "", one.name or grid_words(one.lon, one.lat), one.lon, one.lat, one.kind or "checkpoint", one.cost, one.staff,
            one.capacity, one.mark,
        )
        for one in reading.taken
    ]  # fmt: skip
    known = {(one.name, one.lon, one.lat) for one in plan_desk.own()}
    new = [one for one in own if (one.name, one.lon, one.lat) not in known]
    if new:
        st.button(
            t("plans.source.file_add", lang, n=len(new)), key="plan_add_file", icon=":material/add:",
            on_click=_add_all, args=(new,),
        )  # fmt: skip
    st.button(
        t("plans.source.file_given", lang), key="plan_given_file", icon=":material/checklist:", on_click=_settle,
        args=(own, demand, reach), help=t("plans.source.file_given_help", lang),
    )  # fmt: skip


def _settle(own: Sequence[Own], demand: DemandAsked, reach: Reach) -> None:
    """The places of the file are the sites: nothing is chosen, their figures are worked out."""
    desk.clear()
    last = plan_desk.question() or PlanQuestion(demand, reach)
    given = tuple(
        Chosen(
            f"file:{at}", one.name, one.lon, one.lat, one.kind, one.cost, one.staff, "forced" if one.mark else "chosen"
        )
        for at, one in enumerate(own, 1)
        if one.mark != "forbidden"
    )
    plan_desk.ask(replace(last, demand=demand, reach=reach, given=given))


def _add_all(own: Sequence[Own]) -> None:
    plan_desk.add_own(*own)


def _rules(last: PlanQuestion, method: str, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    told["least_each"] = int(
        st.number_input(
            t("plans.rule.least", lang),
            0,
            20,
            last.least_each,
            1,
            key="plan.least",
            help=t("plans.rule.least_help", lang),
        )
    )
    with st.container(horizontal=True, gap="small"):
        cost = st.number_input(
            t("plans.rule.budget", lang),
            0.0,
            None,
            last.budget,
            key="plan.budget",
            help=t("plans.rule.budget_help", lang),
        )
        told["cost_each"] = float(
            st.number_input(t("plans.rule.cost_each", lang), 0.0, None, last.cost_each, key="plan.cost_each")
        )
    with st.container(horizontal=True, gap="small"):
        staff = st.number_input(
            t("plans.rule.staff", lang), 0, None, None if last.staff is None else int(last.staff), key="plan.staff"
        )
        told["staff_each"] = float(
            st.number_input(t("plans.rule.staff_each", lang), 0, None, int(last.staff_each), key="plan.staff_each")
        )
    told["budget"], told["staff"] = cost or None, float(staff) if staff else None
    if method == "mclp":
        capacity = st.number_input(
            t("plans.rule.capacity", lang),
            0.0,
            None,
            last.capacity_each,
            key="plan.capacity",
            help=t("plans.rule.capacity_help", lang),
        )
        told["capacity_each"] = capacity or None
    told["time_limit"] = float(
        st.segmented_control(
            t("plans.rule.time", lang), TIMES, required=True, default=int(last.time_limit or 30), key="plan.time",
            format_func=lambda n: t("plans.rule.seconds", lang, n=n), help=t("plans.rule.time_help", lang),
        ) or 30
    )  # fmt: skip
    told["forced"], told["forbidden"] = last.forced, last.forbidden
    for name in ("forced", "forbidden"):
        codes = getattr(last, name)
        if codes:
            st.text(plain(t(f"plans.rule.{name}", lang, names=", ".join(codes))))
    if last.forced or last.forbidden:
        st.button(t("plans.rule.clear", lang), key="plan_clear_rules", type="tertiary", on_click=_clear, args=(last,))
    return told


def _clear(last: PlanQuestion) -> None:
    plan_desk.ask(replace(last, forced=(), forbidden=()))
