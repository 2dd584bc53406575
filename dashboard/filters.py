"""The filter's widgets: one place, the same on every page. They show the filter and change it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import streamlit as st

from dashboard import session
from dashboard.filter_state import (
    CHOROPLETHS,
    EARLIEST,
    LAYERS,
    NEIGHBOURS,
    MapFilter,
    Period,
    period_days,
)
from dashboard.filter_words import Part
from dashboard.i18n import LANGUAGES, name, t
from dashboard.i18n import dates as say
from dashboard.labels import plain
from geo.model import Channel, CrimeType, District, Status

__all__ = ["dropped_note", "language_switch", "sentence_bar", "sidebar"]

_TYPE = "filter_type"


def _take(key: str, field: str, convert: Callable[[Any], Any], also: Mapping[str, Any]) -> None:
    """Callback: what the widget says becomes the filter's field."""
    session.change(**{field: convert(session.value(key)), **also})


def _bound(key: str, wanted: Any, field: str, convert: Callable[[Any], Any], **also: Any) -> dict[str, Any]:
    """Make a widget show the filter's value and change it: its ``key`` and callback."""
    session.put(key, wanted)
    return {"key": key, "on_change": _take, "args": (key, field, convert, also)}


def _several(
    label: str,
    key: str,
    field: str,
    options: Sequence[str],
    chosen: tuple[str, ...],
    said: Callable[[str], str],
    **more: Any,
) -> None:
    wanted = [code for code in options if code in chosen]

    def taken(codes: Sequence[str]) -> tuple[str, ...]:
        # As in `_one`: a click takes one away, so that several never go at once.
        return tuple(codes) if codes or len(wanted) < 2 else chosen

    st.pills(
        label, options, selection_mode="multi", format_func=lambda code: plain(said(code)),
        **_bound(key, wanted, field, taken), **more,
    )  # fmt: skip


def _one(
    label: str,
    key: str,
    field: str,
    options: Sequence[str],
    chosen: str,
    said: Callable[[str], str],
    label_visibility: Literal["visible", "collapsed"] = "visible",
) -> None:
    # A browser that has not drawn the choice yet says nothing of it, with whatever is pressed: then it stays as it is.
    st.pills(
        label, options, required=True, format_func=lambda code: plain(said(code)), label_visibility=label_visibility,
        **_bound(key, chosen, field, lambda code: chosen if code is None else code),
    )  # fmt: skip


def _names(rows: Mapping[str, CrimeType] | Mapping[str, District], lang: str) -> dict[str, str]:
    return {code: name(row, lang) or code for code, row in rows.items()}


def _paint(colours: Iterable[object]) -> None:
    """Give each type's pill a dot of its colour, as on the map. The colours are checked: they go into a style sheet."""
    rules = [
        f".st-key-{_TYPE} button:nth-of-type({place})"
        "{padding-left:1.7rem;"
        f"background-image:radial-gradient(circle at 0.95rem 50%,{colour} 5px,transparent 5.8px)}}"
        for place, colour in enumerate(colours, 1)
        if isinstance(colour, str) and re.fullmatch(r"#[0-9a-f]{6}", colour)
    ]
    st.html(f"<style>{''.join(rules)}</style>")


def sidebar(
    chosen: MapFilter,
    today: date,
    crime_types: Mapping[str, CrimeType],
    places: Mapping[str, District],
    basemaps: Mapping[str, str],
    *,
    of_map: bool = True,
) -> None:
    """Draw all the filter's widgets in the sidebar. A change is in `session.map_filter` at the next run.

    Parameters
    ----------
    chosen
        The filter of this run.
    today
        The day in Bangkok.
    crime_types
        By code, in display order.
    places
        Border districts by code.
    basemaps
        Code and name, in the reader's language, of the base maps that can be had besides the own one.
    of_map
        Also what is shown on the live map, and its full screen.
    """
    lang = chosen.lang
    with st.sidebar:
        language_switch(lang)
        _period(chosen, today)
        names = _names(crime_types, lang)
        _several(
            t("filter.crime_types", lang),
            _TYPE,
            "crime_types",
            list(names),
            chosen.crime_types,
            names.__getitem__,
        )
        _paint(row.colour for row in crime_types.values())
        _place(chosen, places)
        _several(
            t("filter.statuses", lang), "filter_status", "statuses", list(map(str, Status)),
            chosen.statuses, lambda code: t(f"status.{code}", lang), help=t("filter.statuses_help", lang),
        )  # fmt: skip
        _several(
            t("filter.channels", lang), "filter_channel", "channels", list(map(str, Channel)),
            chosen.channels, lambda code: t(f"channel.{code}", lang),
        )  # fmt: skip
        if of_map:
            with st.expander(t("filter.layers", lang), icon=":material/layers:"):
                _map_choices(chosen, basemaps)
            st.button(
                t("filter.wall", lang), key="filter_wall", icon=":material/fullscreen:", width="stretch",
                on_click=session.change, kwargs={"wall": True},
            )  # fmt: skip
        st.button(
            t("filter.reset", lang), key="filter_reset", icon=":material/filter_alt_off:", width="stretch",
            on_click=session.reset,
        )  # fmt: skip


def language_switch(lang: str) -> None:
    """The languages, each under its own name."""
    _one(
        t("language.choose", lang),
        "filter_lang",
        "lang",
        LANGUAGES,
        lang,
        lambda code: t("language.self", code),
        label_visibility="collapsed",
    )


def _period(chosen: MapFilter, today: date) -> None:
    lang, key = chosen.lang, "filter_period"
    first, last = period_days(chosen, today)

    def take() -> None:
        if session.value(key) is None:  # not drawn yet, as above
            return
        period = Period(session.value(key))
        days = (first, last) if period == Period.CUSTOM else (None, None)
        session.change(period=period, first=days[0], last=days[1], week=None)

    session.put(key, chosen.period.value)
    st.pills(
        t("filter.period", lang), [p.value for p in Period], required=True, key=key, on_change=take,
        format_func=lambda code: plain(t(f"period.{code}", lang)),
    )  # fmt: skip
    if chosen.period == Period.CUSTOM:
        _days(chosen, max(today, last))
    st.caption(plain(say.period(first, last, lang)))


def _days(chosen: MapFilter, latest: date) -> None:
    key = "filter_days"

    def take() -> None:
        days = session.value(key)
        if len(days) == 2:  # between the two clicks there is only a first day
            session.change(first=days[0], last=days[1], week=None)

    if not (key in st.session_state and len(session.value(key)) == 1):
        session.put(key, (chosen.first, chosen.last))
    st.date_input(
        t("filter.days", chosen.lang),
        min_value=EARLIEST,
        max_value=latest,
        format="DD/MM/YYYY",
        key=key,
        on_change=take,
    )


def _place(chosen: MapFilter, places: Mapping[str, District]) -> None:
    lang = chosen.lang
    st.segmented_control(
        t("filter.neighbour", lang), NEIGHBOURS, format_func=lambda code: plain(t(f"neighbour.{code}", lang)),
        **_bound("filter_near", chosen.neighbour, "neighbour", lambda code: code),
    )  # fmt: skip
    near = {c: place for c, place in places.items() if not chosen.neighbour or chosen.neighbour in place.neighbours}
    provinces = {place.province_code: name(place, lang, "province") for place in near.values()}
    if chosen.province:
        provinces.setdefault(chosen.province, chosen.province)
        near = {code: place for code, place in near.items() if place.province_code == chosen.province}
    st.selectbox(
        t("filter.province", lang), sorted(provinces, key=provinces.__getitem__), index=None,
        format_func=lambda code: provinces.get(code, code), placeholder=t("filter.any_province", lang),
        **_bound("filter_province", chosen.province, "province", lambda code: code, districts=()),
    )  # fmt: skip
    districts = _names(near, lang)
    for code in chosen.districts:
        districts.setdefault(code, name(places.get(code), lang) or code)
    st.multiselect(
        t("filter.districts", lang), sorted(districts, key=districts.__getitem__),
        format_func=lambda code: districts.get(code, code), placeholder=t("filter.any_district", lang),
        **_bound("filter_district", list(chosen.districts), "districts", tuple),
    )  # fmt: skip


def _map_choices(chosen: MapFilter, basemaps: Mapping[str, str]) -> None:
    lang = chosen.lang
    _several(
        t("filter.layers", lang), "filter_layers", "layers", LAYERS, chosen.layers,
        lambda code: t(f"layer.{code}", lang), label_visibility="collapsed",
    )  # fmt: skip
    _one(
        t("filter.choropleth", lang), "filter_colour", "choropleth", CHOROPLETHS, chosen.choropleth,
        lambda code: t(f"choropleth.{code}", lang),
    )  # fmt: skip
    names = {"own": t("basemap.own", lang), **basemaps}
    _one(t("filter.basemap", lang), "filter_base", "basemap", list(names), chosen.basemap, names.__getitem__)
    if chosen.basemap not in {"own", "offline"}:
        st.caption(t("basemap.online_note", lang))


def sentence_bar(parts: Iterable[Part], lang: str) -> None:
    """The sentence above the map; a click on a part takes it off.

    Parameters
    ----------
    parts
        From `dashboard.filter_words.describe`.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="filter_sentence"):
        for part in parts:
            if not part.key:
                st.text(part.text, width="content")
                continue
            taken = st.button(
                plain(part.text), key=f"filter_off_{part.key}", icon=":material/close:",
                icon_position="right", help=t("filter.take_off", lang),
                on_click=session.take_off, args=(part.key,),
            )  # fmt: skip
            if taken:  # the bar may stand in a fragment, and the sidebar outside must hear of it too
                st.rerun()


def dropped_note(lang: str) -> None:
    """Say which parts of a link were not understood; nothing where all were."""
    if session.dropped():
        said = ", ".join(t(f"filter.key.{key}", lang) for key in session.dropped())
        st.warning(t("filter.dropped", lang, parts=said), icon=":material/link_off:")
