"""Plan a run, or runs that go again on certain weekdays at certain times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, patrol_desk, session, store
from dashboard.i18n import t
from dashboard.i18n.dates import local, moment
from dashboard.panels.case_words import refusal
from dashboard.patrol_words import agency_words, district_words
from dashboard.web.live import hub
from geo.actions.patrol_runs import plan_runs, starts
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.patrol import LONGEST_CONTACT, LONGEST_NAME, LONGEST_NOTE, MOST_RUNS, Repeat, RunPlan
from geo.model.person import Person
from geo.queries.patrol_runs import RunRoute

__all__ = ["show"]

DAY_FORM = "DD/MM/YYYY"
TIMES = tuple(time(minute // 60, minute % 60) for minute in range(0, 24 * 60, 30))


def _key(field: str) -> str:
    return f"patrol.plan.{field}"


def show(person: Person, routes: Sequence[RunRoute], lang: str, now: datetime) -> None:
    """The form."""
    version = hub.version
    agencies, districts = store.agencies(version), store.district_names(version)
    usable = {route.code: route for route in routes if route.active}
    with st.container(border=True, key="patrol_card_plan"):
        st.html(f'<b class="office-line">{t("patrols.plan_title", lang)}</b>')
        if not usable:
            st.info(f"**{t('patrols.no_routes', lang)}** {t('patrols.no_routes_next', lang)}", icon=":material/route:")
            st.button(
                t("patrols.part.routes", lang), key="patrol_to_routes", on_click=patrol_desk.open_part, args=("routes",)
            )
            return
        code = st.selectbox(
            t("patrols.column.route", lang), list(usable), key=_key("route"),
            format_func=lambda code: f"{usable[code].name} · {district_words(usable[code].district, districts, lang)}",
        )  # fmt: skip
        tomorrow = local(now).date() + timedelta(days=1)
        left, middle, right = st.columns(3, gap="small")
        with left:
            on = st.date_input(
                t("patrols.form.day", lang), tomorrow, key=_key("day"), min_value=local(now).date(), format=DAY_FORM
            )
        with middle:
            at = st.time_input(t("patrols.form.time", lang), time(6, 0), key=_key("time"), step=900)
        with right:
            hours = st.number_input(t("patrols.form.hours", lang), 0.5, 72.0, 3.0, 0.5, key=_key("hours"))
        repeat = _repeat(on if isinstance(on, date) else tomorrow, at, lang)
        agency = st.selectbox(
            t("patrols.column.agency", lang), [None, *(one for one, row in agencies.items() if row.active)], key=_key("agency"),
            format_func=lambda one: agency_words(one, agencies, lang) if one
            else t("patrols.form.agency_of_route", lang, agency=agency_words(usable[code].agency, agencies, lang)),
        )  # fmt: skip
        unit = st.text_input(t("patrols.column.unit", lang), key=_key("unit"), max_chars=LONGEST_NAME)
        contact = st.text_input(
            t("patrols.fact.contact", lang),
            key=_key("contact"),
            max_chars=LONGEST_CONTACT,
            help=t("patrols.form.contact_help", lang),
        )
        note = st.text_area(t("patrols.fact.note", lang), key=_key("note"), max_chars=LONGEST_NOTE, height=80)
        start = datetime.combine(on if isinstance(on, date) else tomorrow, at, ZoneInfo(TIMEZONE))
        plan = RunPlan(code, start, round(hours * 60), repeat, agency, unit, contact, note)
        moments = starts(plan)
        st.caption(_said(moments, lang))
        with st.container(horizontal=True, key="patrol_steps_plan", gap="small"):
            st.button(
                t("patrols.form.keep", lang, n=len(moments)), key="patrol_plan_go", type="primary", icon=":material/check:",
                disabled=not 0 < len(moments) <= MOST_RUNS, on_click=_go, args=(person, plan),
            )  # fmt: skip
            st.button(t("patrols.leave", lang), key="patrol_plan_leave", on_click=patrol_desk.close_form)


def _repeat(first: date, at: time, lang: str) -> Repeat | None:
    if not st.toggle(t("patrols.form.repeat", lang), key=_key("repeat")):
        return None
    names = t("patrols.form.weekdays", lang).split()
    desk_key = _key("weekdays")
    if desk.said(desk_key) is None:
        desk.put(desk_key, [first.weekday()])
    days = st.pills(
        t("patrols.form.on_days", lang), list(range(7)), selection_mode="multi", key=desk_key,
        format_func=lambda one: names[one],
    )  # fmt: skip
    more = st.multiselect(
        t("patrols.form.more_times", lang),
        TIMES,
        key=_key("times"),
        format_func=lambda one: f"{one:%H:%M}",
        max_selections=6,
        placeholder=t("patrols.form.no_more", lang),
    )
    until = st.date_input(
        t("patrols.form.until", lang), first + timedelta(days=28), key=_key("until"), min_value=first, format=DAY_FORM
    )
    return Repeat(tuple(days), tuple({at, *more}), until if isinstance(until, date) else first)


def _said(moments: Sequence[datetime], lang: str) -> str:
    if len(moments) == 1:
        return t("patrols.form.once", lang, at=moment(moments[0], lang))
    code = "many" if len(moments) <= MOST_RUNS else "too_many"
    return t(
        f"patrols.form.{code}",
        lang,
        n=len(moments),
        at=moment(moments[0], lang),
        until=moment(moments[-1], lang),
        most=MOST_RUNS,
    )


def _go(person: Person, plan: RunPlan) -> None:
    lang = session.language()
    try:
        with office.acting(person) as connection:
            codes = plan_runs(connection, person, plan, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable:
        raise
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    patrol_desk.lay_open(codes[0])
    patrol_desk.choose("go", codes[0])
    desk.say("done", t("patrols.form.kept", lang, n=len(codes)))
