"""Fill in an activity: a few fields that every one has, and the rest in a panel below."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import streamlit as st

from dashboard import activity_desk, desk, office, session
from dashboard.activity_words import ICONS, Known, agency_words, district_choices
from dashboard.i18n import name, t
from dashboard.panels.activities_answers import answered, begun
from dashboard.panels.activities_heads import groups
from dashboard.panels.case_words import refusal
from geo.actions.activities import change_activity, record_activity
from geo.errors import NotFound, WatchError
from geo.model.activity import ABROAD, LONGEST, OUTREACH, Activity, ActivityKind, ActivityState
from geo.model.person import Person
from geo.queries.activities import activity, coordinators_of, partners
from geo.queries.case_places import area_names
from geo.queries.report_places import places_in

__all__ = ["show"]

AHEAD_DAYS, BACK_DAYS = 730, 3650


def show(person: Person, number: int, known: Known) -> None:
    """Draw the form of a new activity, or of one that is there."""
    lang, draft = known.lang, activity_desk.draft()
    try:
        with office.acting(person) as connection:
            one = activity(connection, number) if number else None
    except NotFound as error:
        st.warning(refusal(error, lang), icon=":material/search_off:")
        return
    if one is not None and desk.said(_key(draft, "kind")) is None:
        for field, value in begun(one).items():
            desk.put(_key(draft, field), value)
    with st.container(border=True, key="activity_form"):
        st.subheader(t("activities.edit" if one else "activities.new", lang))
        district, kind = _first(person, draft, known, one)
        with office.acting(person) as connection:
            places = places_in(connection, district)
            across = partners(connection, district) if kind in ABROAD or kind is ActivityKind.AGENCY_MEETING else {}
            trained = coordinators_of(connection, district) if kind is ActivityKind.TRAINING else {}
            names = area_names(connection, {area for _, area, _ in trained.values() if area})
        subdistricts = {code: thai if lang == "th" else english for code, thai, english in places}
        _place(draft, subdistricts, known)
        if kind in ABROAD:
            _partner(draft, across, known)
        if kind in OUTREACH:
            st.number_input(
                t("activities.field.reach", lang), 0, 100_000_000, None, key=_key(draft, "reach"),
                help=t("activities.help.reach", lang),
            )  # fmt: skip
        groups(draft, kind, len(one.what.heads) if one else 0, lang)
        if trained:
            _coordinators(
                draft,
                trained,
                {code: name({"name_th": thai, "name_en": english}, lang) for code, (thai, english) in names.items()},
                lang,
            )
        with st.expander(t("activities.more", lang), icon=":material/expand_circle_down:"):
            _more(draft, kind, across, known)
        with st.container(horizontal=True, key="activity_ways", gap="small"):
            st.button(
                t("activities.keep", lang), key="activity_keep", type="primary", icon=":material/check:", on_click=_keep,
                args=(person, district, one),
            )  # fmt: skip
            st.button(t("activities.leave", lang), key="activity_leave", on_click=activity_desk.leave_form)


def _key(draft: str, field: str) -> str:
    return desk.field_key("activity", draft, field)


def _first(person: Person, draft: str, known: Known, one: Activity | None) -> tuple[str, ActivityKind]:
    """Kind, title, day and district: what every activity has."""
    lang = known.lang
    if desk.said(_key(draft, "kind")) is None:
        desk.put(_key(draft, "kind"), ActivityKind.TRAINING)
    kind = st.pills(
        t("activities.field.kind", lang), list(ActivityKind), required=True, key=_key(draft, "kind"), format_func=lambda code: f":material/{ICONS[code]}: {t(f'activities.kind.{code}', lang)}",
    )  # fmt: skip
    st.text_input(t("activities.field.title", lang), key=_key(draft, "title"), max_chars=LONGEST["title"])
    with st.container(horizontal=True):
        if desk.said(_key(draft, "first_day")) is None:
            desk.put(_key(draft, "first_day"), known.today)
        st.date_input(
            t("activities.field.first_day", lang), format="DD/MM/YYYY", key=_key(draft, "first_day"),
            min_value=known.today - timedelta(days=BACK_DAYS), max_value=known.today + timedelta(days=AHEAD_DAYS),
        )  # fmt: skip
        names = district_choices(person, known)
        if one is not None:
            district = one.what.district
        elif len(names) == 1:
            district = next(iter(names))
        else:
            district = st.selectbox(
                t("activities.field.district", lang), list(names), format_func=lambda code: names[code],
                key=_key(draft, "district"),
            )  # fmt: skip
    return district, ActivityKind(kind or ActivityKind.TRAINING)


def _place(draft: str, subdistricts: dict[str, str], known: Known) -> None:
    lang = known.lang
    with st.container(horizontal=True):
        codes = _choices(draft, "area_code", subdistricts)
        st.selectbox(
            t("activities.field.area_code", lang), codes, key=_key(draft, "area_code"),
            format_func=lambda code: subdistricts.get(code, code) if code else t("activities.whole_district", lang),
        )  # fmt: skip
        st.text_input(t("activities.field.place", lang), key=_key(draft, "place"), max_chars=LONGEST["place"])


def _choices(draft: str, field: str, known: Iterable[str]) -> list[str]:
    """Nothing, what can be chosen, and what was chosen before though it is not offered any more: a village, a far partner."""
    kept = desk.said(_key(draft, field))
    return list(dict.fromkeys(["", *known, *([kept] if kept else [])]))


def _partner(draft: str, across: dict[str, Any], known: Known) -> None:
    lang = known.lang
    names = {code: name({"name_th": thai, "name_en": english}, lang) for code, (thai, english) in across.items()}
    codes = _choices(draft, "partner_code", names)
    with st.container(horizontal=True):
        st.selectbox(
            t("activities.field.partner_code", lang), codes, key=_key(draft, "partner_code"),
            format_func=lambda code: names.get(code, code) if code else t("activities.not_in_list", lang),
        )  # fmt: skip
        st.text_input(t("activities.field.partner", lang), key=_key(draft, "partner"), max_chars=LONGEST["partner"])


def _coordinators(draft: str, trained: dict[int, Any], areas: dict[str, str], lang: str) -> None:
    def words(number: int) -> str:
        if number not in trained:
            return t("activities.coordinator_gone", lang)
        called, area, village = trained[number]
        return " · ".join(part for part in (areas.get(area, ""), village, called) if part)

    kept = desk.said(_key(draft, "coordinators")) or []
    st.multiselect(
        t("activities.field.coordinators", lang), list(dict.fromkeys([*trained, *kept])), format_func=words,
        key=_key(draft, "coordinators"), help=t("activities.help.coordinators", lang),
        placeholder=t("activities.choose", lang),
    )  # fmt: skip


def _more(draft: str, kind: ActivityKind, across: dict[str, Any], known: Known) -> None:
    lang = known.lang
    with st.container(horizontal=True):
        st.date_input(t("activities.field.last_day", lang), None, format="DD/MM/YYYY", key=_key(draft, "last_day"))
        st.time_input(t("activities.field.begins", lang), None, key=_key(draft, "begins"), step=900)
        st.time_input(t("activities.field.ends", lang), None, key=_key(draft, "ends"), step=900)
    with st.container(horizontal=True):
        states = ["", str(ActivityState.CANCELLED)]
        st.selectbox(
            t("activities.field.state", lang), states, key=_key(draft, "state"),
            format_func=lambda code: t(f"activities.state.{code}" if code else "activities.state.by_day", lang),
        )  # fmt: skip
        st.text_input(t("activities.field.village", lang), key=_key(draft, "village"), max_chars=LONGEST["village"])
        st.text_input(
            t("activities.field.position", lang), key=_key(draft, "position"), max_chars=60,
            help=t("activities.help.position", lang),
        )  # fmt: skip
    if kind is ActivityKind.AGENCY_MEETING:
        _partner(draft, across, known)
    with st.container(horizontal=True):
        codes = _choices(draft, "agency", [code for code, one in known.agencies.items() if one.active])
        st.selectbox(
            t("activities.field.agency", lang), codes, key=_key(draft, "agency"),
            format_func=lambda code: agency_words(code or None, known),
        )  # fmt: skip
        st.number_input(t("activities.field.baht", lang), 0.0, 1e9, None, 100.0, format="%.2f", key=_key(draft, "baht"))
        st.text_input(
            t("activities.field.baht_source", lang), key=_key(draft, "baht_source"), max_chars=LONGEST["baht_source"]
        )
    with st.container(horizontal=True):
        for field in ("score_before", "score_after"):
            st.number_input(
                t(f"activities.field.{field}", lang), 0.0, 100.0, None, 1.0, format="%.1f", key=_key(draft, field)
            )
        st.number_input(t("activities.field.scored", lang), 1, 100_000, None, key=_key(draft, "scored"))
    with st.container(horizontal=True):
        st.number_input(
            t("activities.field.satisfaction", lang),
            1.0,
            5.0,
            None,
            0.1,
            format="%.1f",
            key=_key(draft, "satisfaction"),
        )
        st.number_input(t("activities.field.answered", lang), 1, 100_000, None, key=_key(draft, "answered"))
    st.text_area(t("activities.field.note", lang), key=_key(draft, "note"), max_chars=LONGEST["note"], height=90)


def _keep(person: Person, district: str, one: Activity | None) -> None:
    lang, draft = session.language(), activity_desk.draft()
    desk.clear()
    answers = desk.answers("activity", draft)
    if desk.said(_sent := f"activity.sent.{draft}") is None:
        desk.put(_sent, uuid4())
    try:
        new = answered(answers, district)
        with office.acting(person) as connection:
            if one is None:
                number = record_activity(connection, person, new, client_id=desk.said(_sent))
            else:
                number = one.id
                change_activity(connection, person, number, one.revision, new)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    activity_desk.kept()
    activity_desk.lay_open(number)
    desk.say("done", t("activities.kept", lang))
