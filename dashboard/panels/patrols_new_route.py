"""A new route: drawn on the map of the form, or from a file of a receiver or a map program."""

from __future__ import annotations

import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry

from dashboard import desk, office, patrol_desk, session, store
from dashboard.i18n import t
from dashboard.i18n.dates import distance
from dashboard.maps import patrol_ways
from dashboard.panels.case_words import refusal
from dashboard.patrol_words import agency_words
from dashboard.web.live import hub
from geo.actions.patrol_routes import RouteWords, draw_route
from geo.analysis.tracks import distance_m
from geo.errors import DatabaseUnavailable, FileRefused, WatchError
from geo.ingest.route_lines import ENDINGS, RouteLine, read_routes
from geo.model.patrol import LONGEST_NAME, LONGEST_NOTE, RouteKind
from geo.model.person import Person

__all__ = ["points", "press", "show", "waiting"]

_LINE = "patrol.route.line"
MOST_POINTS = 500


def _key(field: str) -> str:
    return f"patrol.route.new.{field}"


def points() -> list[tuple[float, float]]:
    """The bends that were pressed so far, degrees (WGS 84)."""
    return list(patrol_desk.chosen("points", ()))


def press(lon: float, lat: float) -> None:
    """Go on to where the map was pressed, while somebody draws."""
    if desk.said(_key("way")) == "draw" and len(points()) < MOST_POINTS:
        patrol_desk.choose("points", (*points(), (lon, lat)))


def waiting() -> BaseGeometry | None:
    """The line that is about to be kept, for the map."""
    if desk.said(_key("way")) == "draw":
        at = points()
        return shapely.linestrings(at) if len(at) > 1 else None
    line: BaseGeometry | None = desk.said(_LINE)
    return line


def show(person: Person, lang: str) -> None:
    """The form."""
    agencies = store.agencies(hub.version)
    with st.container(border=True, key="patrol_card_route"):
        st.html(f'<b class="office-line">{t("patrols.new_route", lang)}</b>')
        way = st.segmented_control(
            t("patrols.form.how", lang), ["file", "draw"], default="file", required=True, key=_key("way"),
            label_visibility="collapsed", format_func=lambda code: t(f"patrols.form.by_{code}", lang),
        )  # fmt: skip
        found = _file(lang) if way == "file" else _drawn(lang)
        line = None if found is None else found.line
        if line != desk.said(_LINE):
            desk.put(_LINE, line)
            if way == "file" and (box := patrol_ways.box([line] if line is not None else [])) is not None:
                patrol_desk.go_to(box)
                st.rerun()
        st.text_input(
            t("patrols.column.route", lang), found.name if found else "", key=_key(f"name.{found.name if found else ''}"),
            max_chars=LONGEST_NAME,
        )  # fmt: skip
        st.selectbox(
            t("patrols.column.kind", lang), [RouteKind.FOOT, RouteKind.VEHICLE, RouteKind.RIVER], key=_key("kind"),
            format_func=lambda code: t(f"route_kind.{code}", lang),
        )  # fmt: skip
        st.selectbox(
            t("patrols.column.agency", lang), [None, *(code for code, one in agencies.items() if one.active)], key=_key("agency"),
            format_func=lambda code: agency_words(code, agencies, lang),
        )  # fmt: skip
        st.text_area(t("patrols.fact.note", lang), key=_key("note"), max_chars=LONGEST_NOTE, height=80)
        if found is not None:
            st.caption(t("patrols.form.length", lang, km=distance(_length_m(found.line), lang)))
        with st.container(horizontal=True, key="patrol_steps_route", gap="small"):
            st.button(
                t("patrols.keep_route", lang), key="patrol_route_go", type="primary", icon=":material/check:",
                disabled=found is None, on_click=_go, args=(person, found),
            )  # fmt: skip
            st.button(t("patrols.leave", lang), key="patrol_route_leave", on_click=patrol_desk.close_form)


def _file(lang: str) -> RouteLine | None:
    file = st.file_uploader(
        t("patrols.form.file", lang), type=list(ENDINGS), key=_key("file"), help=t("patrols.form.file_help", lang)
    )
    if file is None:
        return None
    try:
        lines = read_routes(file.getvalue(), file.name)
    except FileRefused as error:
        st.error(refusal(error, lang), icon=":material/block:")
        return None
    at = 0
    if len(lines) > 1:
        at = st.selectbox(
            t("patrols.form.which", lang), range(len(lines)), key=_key("which"),
            format_func=lambda n: f"{n + 1} {lines[n].name} · {distance(_length_m(lines[n].line), lang)}",
        )  # fmt: skip
    return lines[at]


def _drawn(lang: str) -> RouteLine | None:
    at = points()
    st.caption(t("patrols.form.draw_help", lang, n=len(at)))
    with st.container(horizontal=True, key="patrol_steps_draw", gap="small"):
        st.button(
            t("patrols.form.undo", lang), key="patrol_undo", icon=":material/undo:", disabled=not at, on_click=_undo
        )
        st.button(
            t("patrols.form.again", lang),
            key="patrol_again",
            icon=":material/delete:",
            disabled=not at,
            on_click=_again,
        )
    return RouteLine("", shapely.linestrings(at)) if len(at) > 1 else None


def _length_m(line: BaseGeometry) -> float:
    """Metres on the ellipsoid of a line in degrees (WGS 84)."""
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
    return sum(float(distance_m(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1]).sum()) for at in parts)


def _undo() -> None:
    patrol_desk.choose("points", tuple(patrol_desk.chosen("points", ()))[:-1])


def _again() -> None:
    patrol_desk.choose("points", ())


def _go(person: Person, found: RouteLine) -> None:
    lang = session.language()
    words = RouteWords(
        str(desk.said(_key(f"name.{found.name}")) or ""), RouteKind(desk.said(_key("kind"))), desk.said(_key("agency")),
        note=str(desk.said(_key("note")) or ""),
    )  # fmt: skip
    try:
        with office.acting(person) as connection:
            code = draw_route(connection, person, words, found.line)
    except DatabaseUnavailable:
        raise
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    _again()
    desk.put(_LINE, None)
    patrol_desk.close_form()
    patrol_desk.choose("route", code)
    desk.say("done", t("patrols.route_kept", lang, code=code))
