"""Plans of checkpoints: the list, one that lies open with its steps, and another one beside it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import desk, office, plan_desk, store
from dashboard.access import Viewer
from dashboard.i18n import name, t
from dashboard.i18n.dates import moment, number
from dashboard.labels import plain
from dashboard.maps import plan_layers
from dashboard.panels import plan_map, plan_one
from dashboard.panels.case import show_notice
from dashboard.web.live import hub
from geo.errors import NotFound
from geo.model import District
from geo.model.plan import MAKES, Plan, PlanState, SiteRole
from geo.queries.plans import plan, plans

__all__ = ["draw"]

MAP = "plans_map"


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The list with the map of what is published, or the plan that lies open."""
    plan_map.hear(MAP)
    districts = store.district_names(hub.version)
    with office.acting(viewer.person) as connection:
        listed = plans(connection)
        one, other = _read(connection, plan_desk.opened()), _read(connection, plan_desk.beside())
    if one is None and plan_desk.opened() is not None:
        desk.say("refused", t("errors.plan.not_found", lang))
        plan_desk.forget_open()
    left, right = st.columns([10, 4], gap="small")
    with left:
        plan_map.draw(viewer, lang, now, _picture(one, other), MAP, _box(one, other))
        if one is not None and other is not None:
            st.caption(plain(t("plans.compare.map", lang, one=one.title, other=other.title)))
    with right, st.container(key="figures"):
        if (told := desk.notice()) is not None:
            show_notice(told)
        if one is None:
            _list(listed, districts, viewer.person.role in MAKES, lang, now)
        elif other is None:
            plan_one.show(viewer.person, one, [row for row in listed if row.id != one.id], districts, lang, now)
        else:
            plan_one.compare(one, other, districts, lang)


def _read(connection: Any, opened: int | None) -> Plan | None:
    if opened is None:
        return None
    try:
        return plan(connection, opened)
    except NotFound:
        return None


def _list(listed: tuple[Plan, ...], districts: Mapping[str, District], makes: bool, lang: str, now: datetime) -> None:
    if not listed:
        said = t("plans.list.none_next" if makes else "plans.list.none_reader", lang)
        st.info(f"**{t('plans.list.none', lang)}** {said}", icon=":material/map:")
    for one in listed:
        full = " full" if one.state in {PlanState.APPROVED, PlanState.IN_FORCE} else ""
        where = ", ".join(name(districts[code], lang) for code in one.districts[:3] if code in districts)
        more = len(one.districts) - 3
        facts = [
            t("plans.list.sites", lang, n=number(one.new_sites)),
            where + (f" +{more}" if more > 0 else ""),
            t("plans.list.by", lang, name=one.made_name) if one.made_name else "",
            moment(one.changed_at, lang),
        ]
        lines = (
            f'<div class="office-head"><b>{one.id}. {html.escape(one.title)}</b><span class="office-chip{full}">'
            f"{html.escape(t(f'plans.state.{one.state}', lang))}</span></div>"
            f'<p class="office-line">{html.escape(" · ".join(fact for fact in facts if fact))}</p>'
        )
        with st.container(border=True, key=f"row_plan_{one.id}"):
            st.html(lines)
            st.button(
                t("plans.list.open", lang, title=plain(one.title)), key=f"plan_open_{one.id}",
                on_click=plan_desk.lay_open, args=(one.id,),
            )  # fmt: skip


def _picture(one: Plan | None, other: Plan | None) -> dict[str, Any]:
    """The new sites of the plan filled, those of the one beside it hollow; each with its reach."""
    if one is None:
        return {}
    chosen = [(at, site) for at, site in enumerate(one.sites, 1) if site.role is not SiteRole.EXISTING]
    there = (
        [(at, site) for at, site in enumerate(other.sites, 1) if site.role is not SiteRole.EXISTING] if other else []
    )
    places = [(site.lon, site.lat) for _, site in (*chosen, *there)]
    metres = plan_one.reach_m(one)
    drawn: dict[str, Any] = {
        "marks": plan_layers.marks_of(
            places, [True] * len(chosen) + [False] * len(there), [at for at, _ in (*chosen, *there)]
        )
    }
    if metres is not None:
        drawn["outlines"] = plan_layers.reach_of(places[: len(chosen)], metres)
    return drawn


def _box(one: Plan | None, other: Plan | None) -> plan_map.Box | None:
    """Around the sites, once for each plan that is opened."""
    both = [*(one.sites if one else ()), *(other.sites if other else ())]
    sites = [site for site in both if site.role is not SiteRole.EXISTING]
    if one is None or not sites:
        return None
    lon, lat = [site.lon for site in sites], [site.lat for site in sites]
    seen = one.id * 1000 + (other.id if other else 0)
    return plan_map.Box(seen, min(lon) - 0.1, min(lat) - 0.1, max(lon) + 0.1, max(lat) + 0.1)
