"""Preparing a meeting: which districts, which days, what is counted and drawn; one press freezes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from dashboard import desk, meeting_desk, meeting_work, store
from dashboard.i18n import name, t
from dashboard.i18n.dates import month, number, period
from dashboard.messages import sentence
from dashboard.web.live import hub
from geo.model import CrimeType, District, IncidentFilter
from geo.model.incident import Channel
from geo.model.meeting import MOST_DISTRICTS, MeetingFilter, MeetingLayer
from geo.model.person import Person, scope_of

__all__ = ["show"]

DAYS = (28, 90, 180, 365)
CUSTOM = 0


def show(person: Person, lang: str, today: date) -> None:
    """The form, or how far the preparing has got."""
    with st.container(border=True, key="meeting_form"):
        work = meeting_work.of(person.id)
        if work is None:
            _form(person, lang, today)
        else:
            _working(person, lang)


def _key(field: str) -> str:
    return f"meeting.form.{field}"


def _form(person: Person, lang: str, today: date) -> None:
    version = hub.version
    places, types = store.border_districts(version), store.crime_types(version)
    left, right = st.columns([3, 1], gap="small")
    with left:
        title = st.text_input(
            t("meeting_page.form.name", lang), t("meeting_page.form.name_default", lang, month=month(today, lang, False)),
            max_chars=200, key=_key("title"),
        )  # fmt: skip
    with right:
        held_on = st.date_input(t("meeting_page.form.day", lang), today, format="DD/MM/YYYY", key=_key("day"))
    first, last = _period(lang, today)
    districts = _districts(person, places, first, last, lang)
    with st.expander(t("meeting_page.form.more", lang), icon=":material/tune:", key="meeting_more"):
        chosen, layers, small = _more(types, first, last, lang)
    _go(person, lang, title, held_on, districts, chosen, layers, small)


def _period(lang: str, today: date) -> tuple[date, date]:
    days = st.pills(
        t("meeting_page.form.period", lang), (*DAYS, CUSTOM), required=True, default=DAYS[0], key=_key("days"),
        format_func=lambda n: t("meeting_page.form.days", lang, n=n) if n else t("meeting_page.form.custom", lang),
    )  # fmt: skip
    first, last = today - timedelta(days=(days or DAYS[0]) - 1), today
    if days == CUSTOM:
        said = st.date_input(
            t("meeting_page.form.from_to", lang), (first, last), max_value=today, format="DD/MM/YYYY", key=_key("span")
        )
        if isinstance(said, tuple) and len(said) == 2:
            first, last = said
    return first, last


def _ways(person: Person, places: Mapping[str, District]) -> list[str]:
    own = scope_of(person).districts
    if own is None:
        return ["target", "all", "province", "chosen"]
    return ["own", "chosen"] if len([code for code in own if code in places]) > 1 else ["own"]


def _districts(person: Person, places: Mapping[str, District], first: date, last: date, lang: str) -> tuple[str, ...]:
    """Codes in the order in which they will be looked at."""
    ways, own = _ways(person, places), scope_of(person).districts
    mine = {code: place for code, place in places.items() if own is None or code in own}
    way = ways[0]
    if len(ways) > 1:
        way = st.segmented_control(
            t("meeting_page.form.which", lang), ways, required=True, default=ways[0], key=_key("which"),
            format_func=lambda code: t(f"meeting_page.form.{code}", lang),
        )  # fmt: skip
    if way == "chosen":
        return tuple(
            st.multiselect(
                t("meeting_page.form.chosen_which", lang), sorted(mine, key=lambda code: name(mine[code], lang)),
                format_func=lambda code: name(mine[code], lang), max_selections=MOST_DISTRICTS, key=_key("chosen"),
            )
        )  # fmt: skip
    if way == "province":
        provinces = {place.province_code: name(place, lang, "province") for place in mine.values()}
        province = st.selectbox(
            t("meeting_page.form.province_which", lang), sorted(provinces, key=provinces.__getitem__),
            format_func=provinces.__getitem__, key=_key("province"),
        )  # fmt: skip
        found = [code for code, place in mine.items() if place.province_code == province]
    elif way == "target":
        found = [code for code, place in mine.items() if place.target in {"named", "likely"}]
    else:
        found = list(mine) or list(own or ())
    return _ordered(person, found, mine, first, last, lang)


def _ordered(
    person: Person, codes: list[str], places: Mapping[str, District], first: date, last: date, lang: str
) -> tuple[str, ...]:
    if len(codes) < 2:
        return tuple(codes)
    order = st.segmented_control(
        t("meeting_page.form.order", lang), ("by_count", "by_border", "by_name"), required=True, default="by_count",
        key=_key("order"), format_func=lambda code: t(f"meeting_page.form.{code}", lang),
    )  # fmt: skip
    if order == "by_name":
        return tuple(sorted(codes, key=lambda code: name(places.get(code), lang)))
    if order == "by_border":
        return tuple(sorted(codes))
    figures, _ = store.figures_of(scope_of(person), IncidentFilter(first, last), hub.version)
    counts = {one.code: one.n for one in figures.by_district}
    return tuple(sorted(codes, key=lambda code: (-counts.get(code, 0), code)))


def _more(
    types: Mapping[str, CrimeType], first: date, last: date, lang: str
) -> tuple[MeetingFilter, tuple[MeetingLayer, ...], bool]:
    """What is counted, what is drawn, and whether small counts are hidden."""
    kinds = st.multiselect(
        t("meeting_page.form.types", lang), list(types), key=_key("types"), placeholder=t("meeting_page.form.types_all", lang),
        format_func=lambda code: name(types[code], lang),
    )  # fmt: skip
    channels = st.pills(
        t("filter.channels", lang), list(map(str, Channel)), selection_mode="multi", key=_key("channels"),
        format_func=lambda code: t(f"channel.{code}", lang), help=t("meeting_page.form.channels_help", lang),
    )  # fmt: skip
    layers = st.pills(
        t("meeting_page.form.layers", lang), [layer.value for layer in MeetingLayer], selection_mode="multi",
        default=[layer.value for layer in MeetingLayer if layer is not MeetingLayer.EMERGING], key=_key("layers"),
        format_func=lambda code: t(f"meeting_page.layer.{code}", lang),
    )  # fmt: skip
    verified = st.checkbox(
        t("meeting_page.form.verified", lang),
        True,
        key=_key("verified"),
        help=t("meeting_page.form.verified_help", lang),
    )
    small = st.checkbox(
        t("meeting_page.form.small", lang), True, key=_key("small"), help=t("meeting_page.form.small_help", lang)
    )
    chosen = MeetingFilter(first, last, tuple(kinds), tuple(channels), verified)
    return chosen, tuple(MeetingLayer(code) for code in layers), small


def _go(
    person: Person,
    lang: str,
    title: str,
    held_on: date,
    districts: tuple[str, ...],
    chosen: MeetingFilter,
    layers: tuple[MeetingLayer, ...],
    small: bool,
) -> None:
    n = len(districts)
    problem = "none" if not n else "too_many" if n > MOST_DISTRICTS else "no_name" if not title.strip() else None
    with st.container(horizontal=True, vertical_alignment="center", key="meeting_go"):
        if st.button(
            t("meeting_page.form.go", lang), key="meeting_freeze", type="primary", icon=":material/photo_camera:",
            disabled=problem is not None,
        ):  # fmt: skip
            meeting_work.begin(person, meeting_work.Choice(title, held_on, districts, chosen, layers, small))
            st.rerun()
        st.button(t("meeting_page.form.close", lang), key="meeting_close", on_click=meeting_desk.close_form)
        said = t("meeting_page.form.will", lang, n=number(n), period=period(chosen.first, chosen.last, lang))
        st.caption(said if problem is None else t(f"meeting_page.form.{problem}", lang, most=MOST_DISTRICTS))


@st.fragment(run_every=0.7)
def _working(person: Person, lang: str) -> None:
    """How far it is; at its end the meeting opens by itself."""
    work = meeting_work.of(person.id)
    if work is None:
        st.rerun()
        return
    if work.meeting is not None:
        meeting_work.forget(person.id)
        meeting_desk.lay_open(work.meeting)
        desk.say("done", t("meeting_page.form.ready", lang))
        st.rerun()
    if work.error is not None:
        st.error(t("meeting_page.form.failed", lang), icon=":material/error:")
        st.text(sentence(work.error, lang))
        if st.button(t("meeting_page.form.again", lang), key="meeting_again"):
            meeting_work.forget(person.id)
            st.rerun()
        return
    st.progress(
        min(1.0, work.done / max(1, work.total)),
        t("meeting_page.form.working", lang, done=number(work.done), total=number(work.total)),
    )
    st.caption(t("meeting_page.form.working_help", lang))
