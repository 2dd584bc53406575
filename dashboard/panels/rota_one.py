"""The rota that lies open: why it is so, how well it can be guessed, its weeks, and what can be done with it."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import desk, office, rota_desk, session
from dashboard.i18n import t
from dashboard.i18n.dates import day, moment, period
from dashboard.panels import rota_change, rota_tables
from dashboard.panels.case import show_notice
from dashboard.panels.case_words import refusal
from dashboard.panels.take_away import link
from dashboard.rota_words import Judged, judged, score_words, warnings, weeks, when_words, why
from geo.actions.rotas import draw_again, publish_rota, withdraw_rota
from geo.errors import NotFound, WatchError
from geo.model.person import Person
from geo.model.rota import LONGEST_REASON, Rota, RotaState
from geo.queries.rotas import rota

__all__ = ["show"]

FORMS = ("xlsx", "pdf", "ics")


def show(person: Person, number: int, lang: str, now: datetime) -> None:
    """Draw it, or say that there is none of this number for this person."""
    st.button(
        t("rota.back", lang), key="rota_back", icon=":material/arrow_back:", type="tertiary", on_click=rota_desk.lay_open,
        args=(None,),
    )  # fmt: skip
    try:
        with office.acting(person) as connection:
            one = rota(connection, number)
    except NotFound as error:
        st.warning(refusal(error, lang), icon=":material/search_off:")
        return
    if told := desk.notice():
        show_notice(told)
    found = judged(one)
    _head(one, lang)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _part("rota.probability", lang)
        st.html(rota_tables.chances(one.what, lang))
        _part("rota.why_title", lang)
        for words in why(one.what, lang):
            st.text(words)
    with right:
        _score(one, found, lang)
        _acts(person, one, found, lang)
        _take(one, lang)
    _weeks(person, one, lang, now)
    _changed(one, lang)


def _part(key: str, lang: str) -> None:
    st.html(f'<h2 class="office-title">{html.escape(t(key, lang))}</h2>')


def _head(one: Rota, lang: str) -> None:
    said = [t("rota.by", lang, name=one.made_by), t("rota.seed", lang, seed=one.seed, draws=one.draws)]
    if one.published_at is not None:
        said.append(t("rota.published_by", lang, name=one.published_by, at=moment(one.published_at, lang)))
    if one.withdrawn_at is not None:
        said.append(
            t(
                "rota.withdrawn_by",
                lang,
                name=one.withdrawn_by,
                at=moment(one.withdrawn_at, lang),
                why=one.withdrawn_why,
            )
        )
    state = html.escape(t(f"rota.state.{one.state}", lang))
    st.html(
        f'<h1 class="office-number">{html.escape(one.what.title)} <span class="office-chip">{state}</span></h1>'
        f'<p class="office-line">{html.escape(when_words(one, lang))} · {html.escape(one.what.reason)}</p>'
        f'<p class="office-line office-faint">{html.escape(" · ".join(said))}</p>'
    )


def _score(one: Rota, found: Judged, lang: str) -> None:
    score = found.guess.score
    with st.container(border=True, key="rota_score"):
        st.metric(
            t("rota.score.title", lang), t("rota.score.unknown", lang) if score is None else t("rota.score.of", lang, score=score),
            help=t("rota.score.help", lang),
        )  # fmt: skip
        st.text(score_words(found.guess, lang))
    if told := warnings(one, found, lang):
        with st.container(key="rota_warning"):
            st.warning(t("rota.pattern.title", lang), icon=":material/visibility:")
            for words in told:
                st.text(words)


def _acts(person: Person, one: Rota, found: Judged, lang: str) -> None:
    if one.state is RotaState.DRAFT:
        with st.container(horizontal=True, key="rota_acts"):
            st.button(
                t("rota.publish", lang), key="rota_publish", type="primary", icon=":material/campaign:", on_click=_act,
                args=(person, publish_rota, one.id, "rota.published"),
                help=t("rota.publish_anyway", lang) if found.guessable else None,
            )  # fmt: skip
            st.button(
                t("rota.redraw", lang), key="rota_redraw", icon=":material/casino:", on_click=_act,
                args=(person, draw_again, one.id, "rota.redrawn"), help=f"{t('rota.redraw_help', lang)} {t('rota.seed_help', lang)}",
            )  # fmt: skip
    if one.state is not RotaState.WITHDRAWN:
        with st.popover(t("rota.withdraw", lang), icon=":material/delete_forever:", key="rota_withdraw"):
            reason = st.text_area(
                t("rota.withdraw_why", lang), max_chars=LONGEST_REASON, key=rota_desk.field("withdraw_why")
            )
            st.button(
                t("rota.withdraw", lang), key="rota_withdraw_go", on_click=_act,
                args=(person, withdraw_rota, one.id, "rota.withdrawn"), kwargs={"reason": reason},
            )  # fmt: skip


def _act(person: Person, act: Callable[..., Any], number: int, done: str, **more: Any) -> None:
    lang = session.language()
    try:
        with office.acting(person) as connection:
            act(connection, person, number, **more)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.say("done", t(done, lang))


def _take(one: Rota, lang: str) -> None:
    _part("rota.take", lang)
    names = {-1: t("rota.take_all", lang)} | dict(enumerate(post.name for post in one.what.posts))
    place = st.selectbox(
        t("rota.take_place", lang), list(names), key=rota_desk.field("take"), format_func=lambda at: names[at]
    )
    query = {"lang": lang} | ({"place": str(place)} if place >= 0 else {})
    with st.container(horizontal=True, key="rota_papers", gap="small"):
        for form in FORMS:
            link(f"papers/rota/{one.id}.{form}", query, t(f"rota.{form}", lang), f"rota_{form}")
    st.caption(t("rota.take_help", lang))


def _weeks(person: Person, one: Rota, lang: str, now: datetime) -> None:
    _part("rota.calendar", lang)
    all_weeks = weeks(one.what)
    today = now.date()
    current = next((at for at, (first, last) in enumerate(all_weeks) if first <= today <= last), 0)
    at = st.segmented_control(
        t("rota.week", lang), list(range(len(all_weeks))), required=True, default=current, key=rota_desk.field(f"week_{one.id}"),
        format_func=lambda number: period(all_weeks[number][0], all_weeks[number][1], lang),
    )  # fmt: skip
    first, last = all_weeks[at or 0]
    st.html(rota_tables.week_table(one, first, last, today, lang))
    st.caption(t("rota.calendar_help", lang))
    if one.state is not RotaState.WITHDRAWN:
        rota_change.show(person, one, first, last, lang)


def _changed(one: Rota, lang: str) -> None:
    rows = [shift for shift in one.shifts if shift.reason]
    if not rows:
        return
    _part("rota.changed_list", lang)
    for shift in rows:
        st.text(
            t(
                "rota.changed_row", lang, day=day(shift.day, lang), window=str(one.what.windows[shift.slot]), team=shift.team,
                was=one.what.posts[shift.drawn].name, now=one.what.posts[shift.place].name, name=shift.changed_by, why=shift.reason,
            )
        )  # fmt: skip
