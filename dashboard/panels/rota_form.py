"""Making a rota: which places, which parts of the day, how many teams; one press works out the chances and draws."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import desk, office, rota_desk, store
from dashboard.i18n import name, t
from dashboard.i18n.dates import day
from dashboard.kept import keep
from dashboard.labels import plain
from dashboard.panels.case_words import district_words, refusal
from dashboard.panels.plan_asked import weight_fields
from dashboard.patrolling import service
from dashboard.patrolling.asked import SCHEMES, Demand, RotaAsked, RotaQuestion
from dashboard.patrolling.reading import planning_posts
from dashboard.web.live import hub
from geo.actions.rotas import make_rota
from geo.errors import WatchError
from geo.model import Scope
from geo.model.person import Person, scope_of
from geo.model.rota import LONGEST_REASON, LONGEST_TITLE, MOST_DAYS, MOST_POSTS, NewRota

__all__ = ["known_posts", "post_words", "show"]

USUAL_POSTS = 12
BACK = (90, 180, 365, 730)


def known_posts(person: Person, today: date) -> pd.DataFrame:
    """The posts that a person may plan with; as `planning_posts`. Shared: nobody changes it."""
    return _known(scope_of(person), hub.version, today)


@keep(size=32, seconds=600)
def _known(scope: Scope, version: str, today: date) -> pd.DataFrame:
    with store.reading(scope) as connection:
        return planning_posts(connection, scope, today)


def post_words(rows: pd.DataFrame, code: str, lang: str) -> str:
    """What a post is called."""
    row = rows.loc[code]
    return str((row["name_th"] if lang == "th" else row["name_en"]) or row["name_th"])


def show(person: Person, lang: str, now: datetime) -> None:
    """The form."""
    key, today = rota_desk.field, now.date()
    rows = known_posts(person, today)
    with st.container(border=True, key="rota_form"):
        st.html(f'<h2 class="office-title">{t("rota.form.title", lang)}</h2>')
        left, right = st.columns(2, gap="small")
        with left:
            first = st.date_input(
                t("rota.form.first_day", lang),
                today + timedelta(days=1),
                min_value=today,
                format="DD/MM/YYYY",
                key=key("first"),
            )
        with right:
            days = st.number_input(t("rota.form.days", lang), 7, MOST_DAYS, 28, key=key("days"))
        title = st.text_input(
            t("rota.form.name", lang),
            t("rota.form.name_default", lang, day=day(first, lang)),
            max_chars=LONGEST_TITLE,
            key=key("title"),
        )
        chosen = _posts(rows, lang)
        scheme = st.segmented_control(
            t("rota.form.scheme", lang), list(SCHEMES), required=True, default="four", key=key("scheme"),
            format_func=lambda code: t(f"rota.scheme.{code}", lang),
        )  # fmt: skip
        windows = SCHEMES[scheme or "four"]
        teams = []
        for column, window in zip(st.columns(len(windows), gap="small"), windows, strict=True):
            with column:
                most = max(1, len(chosen))
                teams.append(
                    st.number_input(
                        t("rota.form.teams", lang, window=str(window)), 1, most, 1, key=key(f"teams_{window}")
                    )
                )
        with st.expander(t("meeting_page.form.more", lang), icon=":material/tune:", key="rota_more"):
            floor, radius, demand = _more(lang)
        reason = st.text_area(t("rota.form.reason", lang), max_chars=LONGEST_REASON, key=key("reason"), height=80)
        with st.container(horizontal=True):
            pressed = st.button(t("rota.form.go", lang), key="rota_go", type="primary", icon=":material/casino:")
            st.button(t("rota.close", lang), key="rota_close", on_click=rota_desk.close_form)
        if pressed:
            asked = RotaAsked(tuple(chosen), scheme or "four", tuple(map(int, teams)), floor, radius, demand)
            _make(person, lang, asked, title, first, int(days), reason)


def _posts(rows: pd.DataFrame, lang: str) -> list[str]:
    districts = store.district_names(hub.version)
    known = sorted(
        {str(code) for code in rows["district_code"].dropna()}, key=lambda code: district_words(code, districts, lang)
    )
    where = st.multiselect(
        t("rota.form.districts", lang), known, default=known if len(known) == 1 else [], key=rota_desk.field("districts"),
        format_func=lambda code: district_words(code, districts, lang),
    )  # fmt: skip
    here = rows[rows["district_code"].isin(where)]
    return list(
        st.multiselect(
            t("rota.form.posts", lang), list(here.index), default=list(here.index[here["kind"] != "stretch"][:USUAL_POSTS]), max_selections=MOST_POSTS,
            key=rota_desk.field(f"posts_{'-'.join(sorted(where))}"), help=t("rota.form.posts_help", lang),
            format_func=lambda code: post_words(rows, code, lang),
        )
    )  # fmt: skip


def _more(lang: str) -> tuple[float, float, Demand]:
    key, types = rota_desk.field, store.crime_types(hub.version)
    floor = st.slider(t("rota.form.floor", lang), 0, 20, 5, key=key("floor"), help=t("rota.form.floor_help", lang))
    radius = st.slider(t("rota.form.radius", lang), 1, 30, 5, key=key("radius"))
    back = st.pills(t("rota.form.back", lang), BACK, required=True, default=365, key=key("back"))
    kinds = st.multiselect(
        t("rota.form.types", lang), list(types), key=key("types"), placeholder=t("rota.form.types_all", lang),
        format_func=lambda code: name(types[code], lang),
    )  # fmt: skip
    weights = weight_fields(lang, key("weight"))
    return floor / 100, radius * 1000.0, Demand(back or 365, tuple(kinds), weights=weights)


def _make(person: Person, lang: str, asked: RotaAsked, title: str, first: date, days: int, reason: str) -> None:
    try:
        with st.spinner(t("rota.form.working", lang)):
            made, districts, about = service.rota_material(RotaQuestion(scope_of(person), asked, hub.version))
        what = NewRota(
            title, districts, first, days, SCHEMES[asked.scheme], asked.teams, asked.floor, reason, about, made
        )
        with office.acting(person) as connection:
            number = make_rota(connection, person, what)
    except WatchError as error:
        st.error(plain(refusal(error, lang)), icon=":material/block:")
        return
    rota_desk.lay_open(number)
    desk.say("done", t("rota.form.made", lang))
    st.rerun()
