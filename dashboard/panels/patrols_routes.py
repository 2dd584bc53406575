"""Routes: on the map, in a list, new ones from a file, and what is said of one."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import desk, office, patrol_desk, session, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import distance, moment, number
from dashboard.maps import patrol_ways
from dashboard.maps.palette import palette
from dashboard.panels import patrols_map, patrols_new_route, patrols_run
from dashboard.panels.case import show_notice
from dashboard.panels.case_words import refusal
from dashboard.panels.take_away import link
from dashboard.patrol_words import agency_words, district_words
from dashboard.web.live import hub
from geo.actions.patrol_routes import RouteWords, change_route
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.patrol import LONGEST_NAME, LONGEST_NOTE, PLANS, RouteKind
from geo.model.person import Person
from geo.queries import patrol_runs
from geo.queries.patrol_runs import RunRoute

__all__ = ["draw"]


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The whole part."""
    with office.acting(viewer.person) as connection:
        routes = patrol_runs.routes(connection)
    _hear()
    opened = next((route for route in routes if route.code == patrol_desk.chosen("route", None)), None)
    if told := desk.notice():
        show_notice(told)
    if viewer.may(PLANS):
        with st.container(horizontal=True, key="patrol_choice", gap="small"):
            st.button(
                t("patrols.new_route", lang),
                key="patrol_new_route",
                type="primary",
                icon=":material/add_road:",
                on_click=_begin,
            )
    left, right = st.columns([8, 5], gap="small")
    with left:
        _map(viewer, routes, opened, lang, now)
    with right:
        if patrol_desk.form() == "route":
            patrols_new_route.show(viewer.person, lang)
        elif opened is not None:
            _one(viewer, opened, lang)
        else:
            st.caption(t("patrols.pick_route", lang))
        _list(routes, lang)


def _begin() -> None:
    patrol_desk.choose("route", None)
    patrol_desk.open_form("route")


def _hear() -> None:
    at = patrols_map.pressed("patrol_map_routes")
    if at is None:
        return
    if patrol_desk.form() == "route":
        patrols_new_route.press(at.lon, at.lat)
        return
    listed = patrol_desk.chosen("route_rows", ())
    if at.mark is not None and at.mark < len(listed):
        patrol_desk.choose("route", listed[at.mark])


def _map(viewer: Viewer, routes: Sequence[RunRoute], opened: RunRoute | None, lang: str, now: datetime) -> None:
    night = session.night()
    colours = palette(night)
    ways: list[dict[str, Any]] = []
    for route in routes:
        if route.active and route is not opened:
            ways += patrol_ways.lines(route.line, colours["route"])
    if opened is not None:
        ways += patrol_ways.lines(opened.line, colours["picked"], 0.0001)
    drawing = patrol_desk.form() == "route"
    line = patrols_new_route.waiting() if drawing else None
    if line is not None:
        ways += patrol_ways.lines(line, colours["active"], 0.00005)
    used = [route for route in routes if route.active]
    places = [tuple(route.line.geoms[0].coords[0][:2]) for route in used]
    if drawing:
        places = patrols_new_route.points()
    chosen = next((at for at, route in enumerate(used) if route is opened), None)
    legend = {"title": t("patrols.legend.routes", lang), "labels": [t("patrols.legend.route", lang)], "colours": [colours["route"]],
              "note": ""}  # fmt: skip
    patrol_desk.choose("route_rows", tuple(route.code for route in used))
    patrols_map.draw(
        viewer, now, patrol_ways.shown(ways, patrol_ways.marks(places, chosen), legend), "patrol_map_routes"
    )


def _list(routes: Sequence[RunRoute], lang: str) -> None:
    if not routes:
        st.info(f"**{t('patrols.no_routes', lang)}** {t('patrols.no_routes_next', lang)}", icon=":material/route:")
        return
    version = hub.version
    agencies, districts = store.agencies(version), store.district_names(version)
    numbers = {route.code: n for n, route in enumerate((one for one in routes if one.active), 1)}
    frame = pd.DataFrame(
        {
            "n": [str(numbers.get(route.code, "")) for route in routes],
            "route": [route.name if route.active else t("patrols.retired", lang, name=route.name) for route in routes],
            "kind": [t(f"route_kind.{route.kind}", lang) for route in routes],
            "length": [distance(route.km * 1000, lang) for route in routes],
            "agency": [agency_words(route.agency, agencies, lang) for route in routes],
            "district": [district_words(route.district, districts, lang) for route in routes],
            "made": [number(route.done) for route in routes],
            "last": [moment(route.last_at, lang) if route.last_at else "–" for route in routes],
        }
    )
    st.dataframe(
        frame, key="patrol_route_list", hide_index=True, height=min(420, 38 + 35 * len(frame)), on_select=_row_chosen,
        selection_mode="single-row", row_height=35,
        column_config={"n": st.column_config.TextColumn(t("patrols.column.number", lang), width=44)}
        | {key: st.column_config.TextColumn(t(f"patrols.column.{key}", lang)) for key in frame.columns if key != "n"},
    )  # fmt: skip
    patrol_desk.choose("route_list", [(route.code, patrol_ways.box([route.line])) for route in routes])


def _row_chosen() -> None:
    rows, listed = desk.said("patrol_route_list")["selection"]["rows"], patrol_desk.chosen("route_list", ())
    if rows and rows[0] < len(listed):
        code, box = listed[rows[0]]
        desk.clear()
        patrol_desk.close_form()
        patrol_desk.choose("route", code)
        patrol_desk.go_to(box)


def _one(viewer: Viewer, route: RunRoute, lang: str) -> None:
    agencies, districts = store.agencies(hub.version), store.district_names(hub.version)
    with st.container(border=True, key="patrol_card"):
        st.html(f'<p class="office-line"><b>{html.escape(route.name)}</b></p>')
        patrols_run.facts(
            [
                (t("patrols.column.kind", lang), t(f"route_kind.{route.kind}", lang)),
                (t("patrols.column.length", lang), distance(route.km * 1000, lang)),
                (t("patrols.column.agency", lang), agency_words(route.agency, agencies, lang)),
                (t("patrols.column.district", lang), district_words(route.district, districts, lang)),
                (t("patrols.column.made", lang), number(route.done)),
                (t("patrols.column.last", lang), moment(route.last_at, lang) if route.last_at else "–"),
                (t("patrols.fact.next", lang), moment(route.next_at, lang) if route.next_at else "–"),
                (t("patrols.fact.note", lang), route.note or ""),
                (t("patrols.fact.code", lang), route.code),
            ]
        )
        with st.container(horizontal=True, key="patrol_papers", gap="small"):
            for form in ("pdf", "gpx", "kml"):
                link(
                    f"papers/patrol_route/{route.id}.{form}", {"lang": lang}, t(f"patrols.take.{form}", lang),
                    f"patrol_route_paper_{form}",
                )  # fmt: skip
        if not viewer.may(PLANS):
            return
        if patrol_desk.form() == route.code:
            _change(viewer.person, route, lang)
        else:
            with st.container(horizontal=True, key="patrol_steps", gap="small"):
                if route.active:
                    st.button(
                        t("patrols.plan", lang), key="patrol_plan_this", type="primary", icon=":material/event_available:",
                        on_click=_plan, args=(route.code,),
                    )  # fmt: skip
                st.button(
                    t("patrols.change", lang), key="patrol_change", icon=":material/edit:", on_click=patrol_desk.open_form,
                    args=(route.code,),
                )  # fmt: skip


def _plan(code: str) -> None:
    patrol_desk.open_part("runs")
    patrol_desk.lay_open(None)
    desk.put("patrol.plan.route", code)
    patrol_desk.open_form("plan")


def _change(person: Person, route: RunRoute, lang: str) -> None:
    version = hub.version
    agencies, districts = store.agencies(version), store.border_districts(version)
    own = [code for code in districts if not person.districts or code in person.districts]
    if route.district is not None and route.district not in own:
        own.append(route.district)

    def key(field: str) -> str:
        return f"patrol.route.{route.code}.{field}"

    st.text_input(t("patrols.column.route", lang), route.name, key=key("name"), max_chars=LONGEST_NAME)
    kinds = [str(kind) for kind in RouteKind]
    st.selectbox(
        t("patrols.column.kind", lang), kinds, kinds.index(route.kind), key=key("kind"),
        format_func=lambda code: t(f"route_kind.{code}", lang),
    )  # fmt: skip
    known = [None, *agencies]
    st.selectbox(
        t("patrols.column.agency", lang), known, known.index(route.agency) if route.agency in known else 0, key=key("agency"),
        format_func=lambda code: agency_words(code, agencies, lang),
    )  # fmt: skip
    names = store.district_names(version)
    st.selectbox(
        t("patrols.column.district", lang), own, own.index(route.district) if route.district in own else 0, key=key("district"),
        format_func=lambda code: district_words(code, names, lang),
    )  # fmt: skip
    st.text_area(t("patrols.fact.note", lang), route.note or "", key=key("note"), max_chars=LONGEST_NOTE, height=90)
    st.checkbox(t("patrols.in_use", lang), route.active, key=key("active"), help=t("patrols.in_use_help", lang))
    with st.container(horizontal=True, key="patrol_steps_change", gap="small"):
        st.button(
            t("patrols.keep", lang), key="patrol_change_go", type="primary", icon=":material/check:", on_click=_keep,
            args=(person, route.code, key("")),
        )  # fmt: skip
        st.button(t("patrols.leave", lang), key="patrol_change_leave", on_click=patrol_desk.close_form)


def _keep(person: Person, code: str, prefix: str) -> None:
    lang = session.language()

    def said(field: str) -> Any:
        return desk.said(f"{prefix}{field}")

    words = RouteWords(
        str(said("name")),
        RouteKind(said("kind")),
        said("agency"),
        said("district"),
        str(said("note") or ""),
        bool(said("active")),
    )
    try:
        with office.acting(person) as connection:
            change_route(connection, person, code, words)
    except DatabaseUnavailable:
        raise
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    patrol_desk.close_form()
    desk.say("done", t("patrols.route_changed", lang))
