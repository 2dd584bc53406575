"""An answer of the planning: how good it is, its sites with their reasons, and what a person does with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import desk, office, plan_desk, session
from dashboard.documents.position import grid_words
from dashboard.i18n import name as of_place
from dashboard.i18n import t
from dashboard.i18n.dates import number as figure
from dashboard.labels import plain
from dashboard.maps.palette import palette
from dashboard.panels.case_words import refusal
from dashboard.panels.plan_charts import curve_chart
from dashboard.panels.plan_question import place_field
from dashboard.planning.found import Found, Site, way_unit
from dashboard.planning.question import question_json
from geo.actions.plans import NewPlan, change_plan, make_plan
from geo.errors import WatchError
from geo.model import District
from geo.model.person import Person
from geo.model.plan import MAKES, PlanSite, SiteRole

__all__ = ["figures", "how_good", "measured", "save", "show_sites", "site_rows"]

STEP_M = 500
"""Metres of one nudge."""
DEGREE_M = 111_320.0


def how_good(found: Found, lang: str) -> str:
    """That nothing better exists, or by how much at most."""
    told = found.told
    gap = told.get("gap")
    if told["status"] == "optimal":
        return t("plans.good.optimal", lang)
    if told["status"] == "given":
        return t("plans.good.given", lang)
    if gap is None:
        return t("plans.good.unknown", lang)
    share = f"{math.ceil(1000 * gap) / 10:.1f}"
    return t(f"plans.good.{told['status']}", lang, share=share)


def figures(found: Found, lang: str) -> None:
    """The figures that matter, large, and how good they are."""
    told = found.told
    with st.container(horizontal=True, gap="small", key="plan_figures"):
        share = told.get("coverage_share")
        if share is not None:
            st.metric(t("plans.figure.covered", lang), f"{100 * share:.1f}%")
        if told.get("backup_share") is not None:
            st.metric(t("plans.figure.twice", lang), f"{100 * told['backup_share']:.1f}%")
        if told.get("mean_distance") is not None:
            unit, by = way_unit(told)
            st.metric(
                t(f"plans.figure.mean_{unit}", lang), t(f"plans.{unit}", lang, n=f"{told['mean_distance'] / by:.1f}")
            )
        st.metric(t("plans.figure.new", lang), figure(len(found.new)))
    st.text(how_good(found, lang))
    if told.get("radius") is not None:
        st.caption(plain(measured(told, lang)))


def measured(told: Mapping[str, Any], lang: str) -> str:
    """Of an answer that has a reach: how far is near and by which distance, and what the incidents weigh together."""
    mode = {"straight_line": "straight"}.get(told["distance"], told["distance"])
    n = told["radius"] if mode == "minutes" else told["radius"] / 1000
    return t(
        "plans.measured", lang, reach=t(f"plans.reach.{mode}", lang, n=f"{n:g}"), n=figure(told["demand"]),
        weight=f"{told['demand_weight']:,.6g}",
    )  # fmt: skip


def site_rows(found: Found, districts: dict[str, District], lang: str) -> list[dict[str, object]]:
    """The sites as a table."""
    ways = found.told.get("method") == "pmedian"
    unit, by = way_unit(found.told)
    divisor = by * float(found.told.get("demand_weight") or 1.0) if ways else 1.0

    def of(value: float | None) -> float | None:
        return None if value is None else round(value / divisor, 2 if ways else 1)

    return [
        {
            t("plans.column.number", lang): site.number,
            t("plans.column.name", lang): _name(site, lang),
            t("plans.column.district", lang): of_place(districts[site.district], lang)
            if site.district in districts
            else "–",
            t("plans.column.role", lang): t(f"plans.role.{site.role}", lang),
            t(f"plans.column.adds_{unit}" if ways else "plans.column.adds", lang): of(site.adds),
            t(f"plans.column.lost_{unit}" if ways else "plans.column.lost", lang): of(site.lost),
            "MGRS": grid_words(site.lon, site.lat),
        }
        for site in found.sites
    ]


def show_sites(found: Found, districts: dict[str, District], lang: str, *, may_change: bool) -> None:
    """The sites, the reasons of the one looked at, and the curve."""
    chosen = plan_desk.looked_at()
    if found.new:
        session.put("plan.pick", chosen if chosen is not None and chosen <= len(found.new) else None)
        st.pills(
            t("plans.sites", lang), [site.number for site in found.new], key="plan.pick", on_change=_picked,
            format_func=str, help=t("plans.sites_help", lang),
        )  # fmt: skip
        if chosen is not None and chosen <= len(found.new):
            with st.container(border=True, key="plan_site"):
                _site(found, found.sites[chosen - 1], districts, lang, may_change)
    with st.expander(t("plans.table", lang), icon=":material/table:"):
        st.dataframe(site_rows(found, districts, lang), hide_index=True, key="plan_table")
    if rows := found.told.get("curve"):
        with st.expander(t("plans.curve.title", lang), icon=":material/show_chart:", expanded=True):
            ways = found.told["method"] == "pmedian"
            ink = palette(session.night())
            st.vega_lite_chart(
                curve_chart(rows, len(found.new), way_unit(found.told) if ways else None, lang, ink),
                width="stretch",
                key="plan_curve",
            )
            st.caption(t("plans.curve.about_ways" if ways else "plans.curve.about", lang))
    for key, params in found.remarks:
        st.caption(plain(t(key, lang, **params)))


def _picked() -> None:
    plan_desk.look_at(session.value("plan.pick"))


def _name(site: Site, lang: str) -> str:
    return site.name if lang == "th" else site.name_en


def _site(found: Found, site: Site, districts: dict[str, District], lang: str, may_change: bool) -> None:
    st.text(f"{site.number}. {_name(site, lang)}")
    where = of_place(districts[site.district], lang) if site.district in districts else ""
    st.caption(
        plain(
            " · ".join(
                part for part in (where, t(f"plans.role.{site.role}", lang), grid_words(site.lon, site.lat)) if part
            )
        )
    )
    for line in _why(found, site, lang):
        st.text(line)
    if not may_change or site.role == "existing":
        return
    with st.container(horizontal=True, gap="small"):
        if (place := plan_desk.clicked()) is not None:
            st.button(
                t("plans.move.here", lang, place=grid_words(*place)), key="plan_move_click", icon=":material/pin_drop:",
                on_click=plan_desk.move, args=(found, site.number, *place),
            )  # fmt: skip
        for code, east, north in (("north", 0, 1), ("south", 0, -1), ("west", -1, 0), ("east", 1, 0)):
            lon = site.lon + east * STEP_M / (DEGREE_M * math.cos(math.radians(site.lat)))
            lat = site.lat + north * STEP_M / DEGREE_M
            st.button(
                t(f"plans.move.{code}", lang), key=f"plan_nudge_{code}", help=t("plans.move.nudge_help", lang, n=STEP_M),
                on_click=plan_desk.move, args=(found, site.number, lon, lat),
            )  # fmt: skip
    st.text_input(
        t("plans.move.type", lang), key="plan.move_place", placeholder=grid_words(site.lon, site.lat), on_change=_typed,
        args=(found, site.number),
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("plans.move.remove", lang), key="plan_remove", icon=":material/delete:", on_click=plan_desk.remove,
            args=(found, site.number),
        )  # fmt: skip
        asked = plan_desk.question()
        if asked is not None and asked.given is None and site.source != "own":
            for rule in ("forced", "forbidden"):
                st.button(
                    t(f"plans.rule.make_{rule}", lang), key=f"plan_{rule}", on_click=_rule, args=(rule, site.code)
                )


def _rule(rule: str, code: str) -> None:
    asked = plan_desk.question()
    if asked is not None:
        plan_desk.ask(
            replace(asked, forced=(*asked.forced, code))
            if rule == "forced"
            else replace(asked, forbidden=(*asked.forbidden, code))
        )


def _typed(found: Found, number: int) -> None:
    desk.clear()
    text = str(desk.said("plan.move_place") or "").strip()
    if text and (place := place_field(text, session.language())) is not None:
        plan_desk.move(found, number, *place)
        desk.put("plan.move_place", "")


def _why(found: Found, site: Site, lang: str) -> list[str]:
    ways = found.told["method"] == "pmedian"
    total = float(found.told.get("demand_weight") or 1.0)
    unit, by = way_unit(found.told)

    def said(value: float) -> str:
        return t(f"plans.{unit}", lang, n=f"{value / total / by:.2f}") if ways else f"{value:,.6g}"

    kind = "ways" if ways else "cover"
    lines = []
    if site.covers is not None:
        lines.append(
            t(f"plans.why.covers_{kind}", lang, n=f"{site.covers:,.6g}", share=f"{100 * site.covers / total:.1f}")
        )
    if site.adds is not None:
        lines.append(t(f"plans.why.adds_{kind}", lang, n=said(site.adds)))
    if site.lost is not None:
        lines.append(t(f"plans.why.lost_{kind}", lang, n=said(site.lost)))
    if site.second_best is not None and site.swap_loss is not None:
        other = site.second_best[0 if lang == "th" else 1]
        code = "second_same" if site.swap_loss <= 0 else f"second_{kind}"
        lines.append(t(f"plans.why.{code}", lang, name=other, n=said(site.swap_loss)))
    if found.told["method"] == "mclp" and site.moved:
        lines.append(t("plans.why.moved", lang))
    return lines


# ---------------------------------------------------------------- keeping it


def save(person: Person, found: Found, lang: str) -> None:
    """Keep the answer as a draft, or bring the draft that is being changed to it."""
    if person.role not in MAKES:
        st.caption(t("plans.save.not_yours", lang))
        return
    known = plan_desk.draft()
    with st.container(border=True, key="plan_save_box"):
        if desk.said("plan.title") is None:
            session.put("plan.title", known[2] if known else "")
        st.text_input(t("plans.save.title", lang), key="plan.title", max_chars=200)
        with st.container(horizontal=True, gap="small"):
            if known is not None:
                st.button(
                    t("plans.save.change", lang, n=known[0]), key="plan_change", type="primary", icon=":material/save:",
                    on_click=_save, args=(person, found, False),
                )  # fmt: skip
            st.button(
                t("plans.save.new", lang), key="plan_save", type="secondary" if known else "primary",
                icon=":material/save:", on_click=_save, args=(person, found, True),
            )  # fmt: skip


def _save(person: Person, found: Found, new: bool) -> None:
    lang, asked, known = session.language(), plan_desk.question(), plan_desk.draft()
    assert asked is not None
    title = str(desk.said("plan.title") or "")
    told = {
        key: value for key, value in found.told.items() if key not in {"explained", "sites", "new_sites", "site_ids"}
    }
    sites = tuple(
        PlanSite(
            site.name, site.district, site.lon, site.lat, SiteRole(site.role), site.kind,
            site.checkpoint, site.cost, site.staff, site.moved, site.figures,
        )
        for site in found.sites
    )  # fmt: skip
    districts = asked.demand.districts or tuple(sorted({site.district for site in found.new if site.district}))
    plan = NewPlan(title, districts, sites, question_json(replace(asked, given=None)), told, found.as_of)
    try:
        with office.acting(person) as connection:
            if new or known is None:
                number = make_plan(connection, person, plan)
            else:
                number = known[0]
                change_plan(connection, person, number, known[1], plan)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    plan_desk.ask(None)
    plan_desk.lay_open(number)
    desk.put("plan.title", "")
    plan_desk.turn_to("plans")
    desk.say("done", t("plans.save.saved", lang, n=number))
