"""Runs of a period: on the map, in a list, and the one that lies open beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import desk, office, patrol_desk, session, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import distance
from dashboard.maps import patrol_ways
from dashboard.panels import patrols_duty, patrols_map, patrols_plan, patrols_run, patrols_take, patrols_track
from dashboard.panels.case import show_notice
from dashboard.patrol_reading import overdue_after
from dashboard.patrol_words import agency_words, runs_table, when_words
from dashboard.web.live import hub
from geo.errors import NotFound
from geo.model.patrol import PLANS, PatrolStatus
from geo.queries import patrol_runs
from geo.queries.patrol_runs import PatrolRun, RunRoute
from geo.queries.rotas import duty

__all__ = ["PERIODS", "draw", "whose"]

PERIODS = {"now": (1, 1), "week": (7, 7), "month": (28, 28), "quarter": (90, 90)}
"""Days back and ahead."""
ALL = ""


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The whole part."""
    back, ahead = PERIODS[patrol_desk.chosen("period", "week")]
    with office.acting(viewer.person) as connection:
        found = patrol_runs.runs(
            connection, now - timedelta(days=back), now + timedelta(days=ahead), now, overdue_after()
        )
        routes = patrol_runs.routes(connection)
        shifts = duty(connection)
    agency, state = patrol_desk.chosen("agency", ALL), patrol_desk.chosen("state", ALL)
    shown = [run for run in found if agency in (ALL, run.agency) and state in (ALL, run.status)]
    _hear(shown)
    if told := desk.notice():
        show_notice(told)
    _choice(viewer, found, lang)
    left, right = st.columns([8, 5], gap="small")
    with left:
        _map(viewer, shown, routes, lang, now)
    with right:
        _side(viewer, routes, lang, now)
        patrols_duty.show(shifts, lang, now)
        _list(shown, lang, now)


def whose(codes: Sequence[str | None], lang: str, key: str) -> None:
    """Choose one agency of those that are there, or all of them."""
    agencies = store.agencies(hub.version)
    known = [ALL, *sorted({code for code in codes if code}, key=lambda code: agency_words(code, agencies, lang))]
    kept = patrol_desk.chosen("agency", ALL)
    if kept not in known:
        known.append(kept)
    desk.put(key, kept)
    st.selectbox(
        t("patrols.column.agency", lang), known, key=key, label_visibility="collapsed",
        format_func=lambda code: agency_words(code, agencies, lang) if code else t("patrols.all_agencies", lang), width=240,
        on_change=lambda: patrol_desk.choose("agency", desk.said(key)),
    )  # fmt: skip


def _choice(viewer: Viewer, found: Sequence[PatrolRun], lang: str) -> None:
    with st.container(horizontal=True, key="patrol_choice", gap="small"):
        desk.put("patrol_period", patrol_desk.chosen("period", "week"))
        st.segmented_control(
            t("patrols.period_label", lang), list(PERIODS), key="patrol_period", label_visibility="collapsed",
            format_func=lambda code: t(f"patrols.period.{code}", lang), on_change=_period_chosen,
        )  # fmt: skip
        whose([run.agency for run in found], lang, "patrol_agency")
        states = [ALL, *(str(status) for status in PatrolStatus)]
        desk.put("patrol_state", patrol_desk.chosen("state", ALL))
        st.selectbox(
            t("patrols.column.state", lang), states, key="patrol_state", label_visibility="collapsed",
            format_func=lambda code: t(f"patrol_status.{code}", lang) if code else t("patrols.all_states", lang), width=170,
            on_change=lambda: patrol_desk.choose("state", desk.said("patrol_state")),
        )  # fmt: skip
        if viewer.may(PLANS):
            st.button(
                t("patrols.plan", lang), key="patrol_plan", type="primary", icon=":material/event_available:",
                on_click=_begin, args=("plan",),
            )  # fmt: skip
            st.button(
                t("patrols.track", lang), key="patrol_track", icon=":material/upload_file:", on_click=_begin, args=("track",),
            )  # fmt: skip


def _period_chosen() -> None:
    if code := desk.said("patrol_period"):
        patrol_desk.choose("period", code)


def _begin(form: str) -> None:
    patrol_desk.lay_open(None)
    patrol_desk.open_form(form)


def _marked(runs: Sequence[PatrolRun]) -> list[int]:
    """Positions of the runs that call for somebody: late, out, ready."""
    calling = (PatrolStatus.START_OVERDUE, PatrolStatus.ACTIVE, PatrolStatus.READY)
    return [at for at, run in enumerate(runs) if run.status in calling]


def _hear(shown: Sequence[PatrolRun]) -> None:
    at = patrols_map.pressed("patrol_map")
    with_number = patrol_desk.chosen("marks", ())
    if at is None or at.mark is None or at.mark >= len(with_number):
        return
    if any(run.code == with_number[at.mark] for run in shown):
        patrol_desk.lay_open(with_number[at.mark])


def _map(viewer: Viewer, shown: Sequence[PatrolRun], routes: Sequence[RunRoute], lang: str, now: datetime) -> None:
    night, opened = session.night(), patrol_desk.opened()
    ways_of = {route.code: route.line for route in routes}
    ways: list[dict[str, Any]] = []
    # What was called off is in the list; on the map it would say that somebody goes there.
    on_map = [
        run for run in shown
        if run.route in ways_of and (run.status is not PatrolStatus.CANCELLED or run.code == opened)
    ]  # fmt: skip
    for run in sorted(on_map, key=lambda run: (run.code == opened, -list(PatrolStatus).index(run.status))):
        ways += patrol_ways.lines(ways_of[str(run.route)], patrol_ways.status_colour(run.status, night))
    marked = [shown[at] for at in _marked(shown) if shown[at].route in ways_of]
    patrol_desk.choose("marks", tuple(run.code for run in marked))
    places = [tuple(ways_of[str(run.route)].geoms[0].coords[0][:2]) for run in marked]
    chosen = next((at for at, run in enumerate(marked) if run.code == opened), None)
    legend = patrol_ways.state_legend([run.status for run in on_map], night, lang)
    patrols_map.draw(viewer, now, patrol_ways.shown(ways, patrol_ways.marks(places, chosen), legend), "patrol_map")


def _list(shown: Sequence[PatrolRun], lang: str, now: datetime) -> None:
    version = hub.version
    agencies, districts = store.agencies(version), store.district_names(version)
    if not shown:
        st.info(f"**{t('patrols.no_runs', lang)}** {t('patrols.no_runs_next', lang)}", icon=":material/event_busy:")
        return
    numbers = {at: n for n, at in enumerate(_marked(shown), 1)}
    frame = pd.DataFrame(
        {
            "n": [str(numbers.get(at, "")) for at in range(len(shown))],
            "state": [t(f"patrol_status.{run.status}", lang) for run in shown],
            "when": [when_words(run, lang) for run in shown],
            "route": [run.route_name or t("patrols.no_route", lang) for run in shown],
            "agency": [agency_words(run.agency, agencies, lang) for run in shown],
            "km": ["" if run.km is None else distance(run.km * 1000, lang) for run in shown],
            "share": ["" if run.route_share is None else f"{run.route_share:.0%}" for run in shown],
            "code": [run.code for run in shown],
        }
    )
    st.dataframe(
        frame, key="patrol_list", hide_index=True, height=min(420, 38 + 35 * len(frame)), on_select=_row_chosen,
        selection_mode="single-row", row_height=35,
        column_config={"n": st.column_config.TextColumn(t("patrols.column.number", lang), width=44)}
        | {key: st.column_config.TextColumn(t(f"patrols.column.{key}", lang)) for key in frame.columns if key != "n"},
    )  # fmt: skip
    patrol_desk.choose("rows", tuple(run.code for run in shown))
    patrols_take.buttons(lambda: runs_table(shown, agencies, districts, now, lang), "patrol-runs", lang)


def _row_chosen() -> None:
    rows, codes = desk.said("patrol_list")["selection"]["rows"], patrol_desk.chosen("rows", ())
    if rows and rows[0] < len(codes):
        patrol_desk.lay_open(codes[rows[0]])
        patrol_desk.choose("go", codes[rows[0]])


def _side(viewer: Viewer, routes: Sequence[RunRoute], lang: str, now: datetime) -> None:
    code, form = patrol_desk.opened(), patrol_desk.form()
    if form == "plan" and code is None:
        patrols_plan.show(viewer.person, routes, lang, now)
    elif form == "track" and code is None:
        patrols_track.show(viewer.person, None, lang)
    elif code is not None:
        try:
            patrols_run.show(viewer.person, code, lang, now)
        except NotFound as error:
            patrols_run.gone(error, lang)
    else:
        st.caption(t("patrols.pick", lang))
