"""What is known of a pair, and the forms that make, change and end one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import desk, office, pair_desk, session, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import day
from dashboard.panels.case_words import district_words, refusal
from dashboard.web.live import hub
from geo.actions.pairs import change_pair, end_pair, make_pair
from geo.errors import WatchError
from geo.model.pair import KEEPS, LONGEST_NAME, LONGEST_SOURCE, MOST_AREAS, Pair, PairWords, Suggestion
from geo.model.person import Person
from geo.queries.pairs import suggestions

__all__ = ["about", "new"]

_DISTRICT, _NEIGHBOUR = "desk.pair_district", "desk.pair_neighbour"


def new(person: Person, lang: str, now: datetime) -> None:
    """The form for another pair: district and neighbour first, what lies there is then offered."""
    districts, border = store.district_names(hub.version), store.border_districts(hub.version)
    own = [code for code in (person.districts or tuple(border)) if code in border]
    with st.container(border=True, key="pair_new_form"):
        st.subheader(t("pairs.new", lang))
        if not own:
            st.warning(t("errors.pair.no_border", lang), icon=":material/map:")
            return
        with st.container(horizontal=True):
            district = st.selectbox(
                t("inbox.by.district", lang), own, key=_DISTRICT,
                format_func=lambda code: district_words(code, districts, lang, province=True),
            )  # fmt: skip
            neighbours = list(border[district or own[0]].neighbours)
            neighbour = st.selectbox(
                t("pairs.field.neighbour", lang), neighbours, key=_NEIGHBOUR,
                format_func=lambda code: t(f"neighbour.{code}", lang),
            )  # fmt: skip
        if district and neighbour:
            _form(person, "new", f"{district}-{neighbour}", None, _offered(person, district, neighbour), lang, now)


def about(viewer: Viewer, pair: Pair, lang: str, now: datetime) -> None:
    """Since when, by what paper, and of which areas; with the forms to change and to end it."""
    words, known = pair.words, _offered(viewer.person, pair.district_code, pair.neighbour)
    names = {one.code: one.name_en for one in known}
    rows = [
        ("from_day", day(words.from_day, lang)),
        ("to_day", day(pair.to_day, lang) if pair.to_day else t("pairs.in_force", lang)),
        ("source", words.source or "–"),
        ("areas", ", ".join(names.get(code, code) for code in words.counterpart_codes) or t("pairs.areas_none", lang)),
    ]
    for key, said in rows:
        st.text(f"{t(f'pairs.field.{key}', lang)}: {said}")
    if not viewer.may(KEEPS) or pair.to_day is not None:
        return
    with st.container(horizontal=True):
        st.button(
            t("pairs.change", lang),
            key="pair_change",
            icon=":material/edit:",
            on_click=pair_desk.begin,
            args=("change",),
        )
        st.button(
            t("pairs.end", lang), key="pair_end", icon=":material/block:", on_click=pair_desk.begin, args=("end",)
        )
    if pair_desk.form() == "change":
        _form(viewer.person, "change", str(pair.id), pair, known, lang, now)
    elif pair_desk.form() == "end":
        _end(viewer.person, pair, lang, now)


def _offered(person: Person, district: str, neighbour: str) -> tuple[Suggestion, ...]:
    with office.acting(person) as connection:
        return tuple(one for one in suggestions(connection, district) if one.neighbour == neighbour)


def _form(
    person: Person, code: str, of: str, pair: Pair | None, offered: Sequence[Suggestion], lang: str, now: datetime
) -> None:
    def key(field: str) -> str:
        return desk.field_key(pair_desk.FORM, f"{code}-{of}", field)

    words = pair.words if pair else None
    labels = {one.code: t("pairs.area", lang, name=one.name_en, km=f"{one.shared_km:.0f}") for one in offered}
    for kept in words.counterpart_codes if words else ():
        labels.setdefault(kept, kept)
    with st.form(f"pair_form_{code}_{of}"):
        st.caption(t("pairs.suggested", lang))
        st.multiselect(
            t("pairs.field.areas", lang), list(labels), list(words.counterpart_codes) if words else [], key=key("areas"),
            format_func=labels.__getitem__, max_selections=MOST_AREAS, help=t("pairs.field.areas_help", lang), placeholder=t("pairs.areas_choose", lang),
        )  # fmt: skip
        with st.container(horizontal=True):
            for field in ("name_en", "name_th", "name_local"):
                st.text_input(
                    t(f"pairs.field.{field}", lang), (getattr(words, field) if words else "") or "", key=key(field),
                    max_chars=LONGEST_NAME,
                )  # fmt: skip
        with st.container(horizontal=True):
            st.date_input(
                t("pairs.field.from_day", lang), words.from_day if words else now.date(), key=key("from_day"),
                format="DD/MM/YYYY",
            )  # fmt: skip
            st.text_input(
                t("pairs.field.source", lang),
                (words.source if words else "") or "",
                key=key("source"),
                max_chars=LONGEST_SOURCE,
            )
        with st.container(horizontal=True):
            st.form_submit_button(
                t("silence.save", lang),
                type="primary",
                key=f"pair_save_{code}",
                on_click=_save,
                args=(person, code, of, pair),
            )
            st.form_submit_button(t("silence.leave", lang), key=f"pair_leave_{code}", on_click=pair_desk.close)


def _save(person: Person, code: str, of: str, pair: Pair | None) -> None:
    lang, form = session.language(), f"{code}-{of}"
    said: dict[str, Any] = desk.answers(pair_desk.FORM, form)
    desk.clear()
    words = PairWords(
        str(said.get("name_en") or ""), said.get("name_th"), said.get("name_local"), tuple(said.get("areas") or ()),
        said["from_day"], said.get("source"),
    )  # fmt: skip
    try:
        with office.acting(person) as connection:
            if pair is None:
                district, neighbour = of.split("-")
                number = make_pair(connection, person, district, neighbour, words)
            else:
                number = pair.id
                change_pair(connection, person, number, words)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.forget(pair_desk.FORM, form)
    pair_desk.lay_open(number)
    desk.say("done", t("pairs.done.new" if pair is None else "pairs.done.change", lang))


def _end(person: Person, pair: Pair, lang: str, now: datetime) -> None:
    key = desk.field_key(pair_desk.FORM, "end", "day")
    with st.form("pair_end_form"):
        st.text(t("pairs.end_about", lang))
        st.date_input(t("pairs.field.to_day", lang), now.date(), key=key, format="DD/MM/YYYY")
        st.form_submit_button(
            t("pairs.end", lang), type="primary", key="pair_end_go", on_click=_ended, args=(person, pair.id, key)
        )


def _ended(person: Person, number: int, key: str) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            end_pair(connection, person, number, desk.said(key))
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    pair_desk.close()
    desk.say("done", t("pairs.done.ended", lang))
