"""One run: what is known of it, how its track followed the route, what happened, and what may be done next."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from dashboard import desk, office, patrol_desk, session, store
from dashboard.i18n import t
from dashboard.i18n.dates import moment
from dashboard.maps import patrol_ways
from dashboard.panels import patrols_track
from dashboard.panels.case_words import refusal
from dashboard.panels.take_away import link
from dashboard.patrol_reading import overdue_after
from dashboard.patrol_words import agency_words, district_words, judged_words, when_words
from dashboard.web.live import hub
from geo.actions.patrol_runs import cancel_series, move_run
from geo.errors import DatabaseUnavailable, NotFound, WatchError
from geo.model.patrol import FOLLOWS, LONGEST_NOTE, PLANS, PatrolStatus
from geo.model.person import Person
from geo.queries import patrol_runs
from geo.queries.patrol_runs import PatrolMove, PatrolRun

__all__ = ["facts", "gone", "show"]

ICONS = {
    PatrolStatus.READY: "task_alt", PatrolStatus.ACTIVE: "play_arrow", PatrolStatus.DONE: "flag",
    PatrolStatus.CANCELLED: "cancel", PatrolStatus.SCHEDULED: "undo",
}  # fmt: skip
MOST_AGO = timedelta(days=7)


def show(person: Person, code: str, lang: str, now: datetime) -> None:
    """Draw it.

    Raises
    ------
    NotFound
        ``patrol.not_found``.
    """
    with office.acting(person) as connection:
        run, track, way = patrol_runs.run(connection, code, now, overdue_after())
        past = patrol_runs.history(connection, run.id)
    if patrol_desk.chosen("go", None) == code:
        patrol_desk.choose("go", None)
        if (box := patrol_ways.box([shape for shape in (track, way) if shape is not None])) is not None:
            patrol_desk.go_to(box)
            st.rerun()
    with st.container(border=True, key="patrol_card"):
        _head(run, lang)
        _told(run, lang)
        if person.role in PLANS:
            _steps(person, run, lang, now)
        _papers(run, lang)
        _past(past, lang)


def gone(error: NotFound, lang: str) -> None:
    """The run of the address is not there, or not for this reader."""
    st.warning(refusal(error, lang), icon=":material/search_off:")
    st.button(t("patrols.close", lang), key="patrol_gone", on_click=patrol_desk.lay_open, args=(None,))


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Labels and words, which may be those of people."""
    told = "".join(f"<dt>{html.escape(label)}</dt><dd>{html.escape(words)}</dd>" for label, words in rows if words)
    st.html(f'<dl class="patrol-facts">{told}</dl>')


def _head(run: PatrolRun, lang: str) -> None:
    late = " office-late" if run.status is PatrolStatus.START_OVERDUE else ""
    full = " full" if run.status is PatrolStatus.ACTIVE else ""
    title = run.route_name or t("patrols.no_route", lang)
    with st.container(horizontal=True, vertical_alignment="top", key="patrol_head"):
        st.html(
            f'<p class="office-line"><b>{html.escape(title)}</b></p><p class="office-line">'
            f'<span class="office-chip{full}{late}">{html.escape(t(f"patrol_status.{run.status}", lang))}</span> '
            f"{html.escape(when_words(run, lang))}</p>"
        )
        st.button(
            "", key="patrol_close", icon=":material/close:", type="tertiary", help=t("patrols.close", lang),
            on_click=patrol_desk.lay_open, args=(None,),
        )  # fmt: skip


def _told(run: PatrolRun, lang: str) -> None:
    version = hub.version
    agencies, districts = store.agencies(version), store.district_names(version)
    home = [run.district_code] if run.district_code else list(run.districts)
    rows = [
        ("agency", agency_words(run.agency, agencies, lang)), ("unit", run.unit or ""), ("contact", run.contact or ""),
        ("kind", t(f"route_kind.{run.kind}", lang) if run.kind else ""),
        ("district", ", ".join(district_words(code, districts, lang) for code in home)),
        ("started", moment(run.started_at, lang) if run.started_at else ""),
        ("ended", moment(run.ended_at, lang) if run.ended_at and run.kept_status is PatrolStatus.DONE else ""),
        ("repeats", t("patrols.repeats", lang) if run.repeats else ""),
        ("note", run.note or ""), ("reason", run.reason or ""), ("code", run.code),
    ]  # fmt: skip
    told = [(t(f"patrols.fact.{key}", lang), words) for key, words in rows]
    facts([*told[:7], *judged_words(run, lang), *told[7:]])
    if run.has_track and run.route_share is None and run.route:
        st.caption(t("patrols.no_line", lang))


# ---------------------------------------------------------------- steps
def _steps(person: Person, run: PatrolRun, lang: str, now: datetime) -> None:
    form = patrol_desk.form()
    if form in (PatrolStatus.CANCELLED, PatrolStatus.ACTIVE, PatrolStatus.DONE) and form in FOLLOWS[run.kept_status]:
        _form(person, run, PatrolStatus(form), lang, now)
        return
    if form == "track":
        patrols_track.show(person, run.code, lang)
        return
    ways = FOLLOWS[run.kept_status]
    if not ways and run.has_track:
        return
    with st.container(horizontal=True, key="patrol_steps", gap="small"):
        for number, to in enumerate(ways):
            first = number == 0
            st.button(
                t(f"patrols.step.{to}", lang), key=f"patrol_step_{to}", icon=f":material/{ICONS[to]}:",
                type="primary" if first else "secondary", on_click=_step, args=(person, run.code, to),
            )  # fmt: skip
        if run.kept_status is not PatrolStatus.CANCELLED and not run.has_track:
            st.button(
                t("patrols.track_here", lang), key="patrol_step_track", icon=":material/upload_file:",
                on_click=patrol_desk.open_form, args=("track",),
            )  # fmt: skip


def _step(person: Person, code: str, to: PatrolStatus) -> None:
    if to in (PatrolStatus.READY, PatrolStatus.SCHEDULED):
        _move(person, code, to, datetime.now().astimezone(), "")
    else:
        patrol_desk.open_form(str(to))


def _form(person: Person, run: PatrolRun, to: PatrolStatus, lang: str, now: datetime) -> None:
    reason, minutes, whole = (f"patrol.{to}.{run.code}.{name}" for name in ("reason", "minutes", "series"))
    with st.container(key="patrol_step_form"):
        if to is PatrolStatus.CANCELLED:
            st.text_area(t("patrols.why", lang), key=reason, max_chars=LONGEST_NOTE, height=90)
            if run.repeats and run.started_at is None:
                st.checkbox(t("patrols.whole_series", lang), key=whole)
        else:
            st.number_input(
                t(f"patrols.minutes_ago.{to}", lang), 0, int(MOST_AGO.total_seconds() // 60), 0, 5, key=minutes,
                help=t("patrols.minutes_ago_help", lang, at=moment(now, lang)),
            )  # fmt: skip
        with st.container(horizontal=True, key="patrol_steps_go", gap="small"):
            st.button(
                t(f"patrols.step.{to}", lang), key="patrol_step_go", type="primary", icon=f":material/{ICONS[to]}:",
                on_click=_go, args=(person, run.code, to, reason, minutes, whole),
            )  # fmt: skip
            st.button(t("patrols.leave", lang), key="patrol_step_leave", on_click=patrol_desk.close_form)


def _go(person: Person, code: str, to: PatrolStatus, reason: str, minutes: str, whole: str) -> None:
    at = datetime.now().astimezone() - timedelta(minutes=int(desk.said(minutes) or 0))
    _move(person, code, to, at, str(desk.said(reason) or ""), series=bool(desk.said(whole)))


def _move(person: Person, code: str, to: PatrolStatus, at: datetime, reason: str, *, series: bool = False) -> None:
    lang = session.language()
    try:
        with office.acting(person) as connection:
            if series:
                n = cancel_series(connection, person, code, reason=reason)
            else:
                move_run(connection, person, code, to, at=at, reason=reason)
    except DatabaseUnavailable:
        raise
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    patrol_desk.close_form()
    desk.say("done", t("patrols.series_done", lang, n=n) if series else t(f"patrols.moved.{to}", lang, code=code))


# ---------------------------------------------------------------- papers and the past
def _papers(run: PatrolRun, lang: str) -> None:
    with st.container(horizontal=True, key="patrol_papers", gap="small"):
        for form in ("pdf", "gpx", "kml"):
            link(
                f"papers/patrol/{run.id}.{form}",
                {"lang": lang},
                t(f"patrols.take.{form}", lang),
                f"patrol_paper_{form}",
            )


def _past(past: Sequence[PatrolMove], lang: str) -> None:
    if not past:
        return
    lines = []
    for one in past:
        who = one.person or t("patrols.by_file", lang)
        said = f"{t(f'patrol_status.{one.now}', lang)} · {who} · {moment(one.at, lang)}"
        lines.append(f"<li>{html.escape(said)}{f'<br>{html.escape(one.reason)}' if one.reason else ''}</li>")
    st.html(
        f'<b class="office-line">{html.escape(t("patrols.past", lang))}</b><ul class="patrol-past">{"".join(lines)}</ul>'
    )
