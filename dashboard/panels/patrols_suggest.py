"""Suggested patrols on the page of patrols: asked for, worked out beside the page, and told as a map and as tables."""

from __future__ import annotations

import html
import time
import zlib
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import rota_desk, session, store
from dashboard.access import WATCHERS, Viewer
from dashboard.documents.outing_pack import place_words
from dashboard.documents.outing_pack import post_words as home_words
from dashboard.documents.position import grid_words
from dashboard.filter_state import MapFilter
from dashboard.i18n import name, t
from dashboard.i18n.dates import clock, day, moment, period
from dashboard.jobs import Job
from dashboard.labels import plain
from dashboard.maps import outing
from dashboard.maps.live_state import Source, live_state
from dashboard.maps.palette import TEAMS
from dashboard.messages import sentence
from dashboard.panels import map_frame, map_pass, outing_take
from dashboard.panels.plan_asked import weight_fields
from dashboard.panels.rota_form import BACK, known_posts, post_words
from dashboard.patrolling import service
from dashboard.patrolling.asked import Demand, OutingAsked, OutingQuestion
from dashboard.patrolling.suggestion import PlaceToGo, Suggestion, Team
from dashboard.web.live import hub
from dashboard.web.query import encode
from geo.crs import TIMEZONE
from geo.errors import AnalysisCancelled, DatabaseUnavailable, WatchError

__all__ = ["draw"]

MAP = "outing_map"
CLOCK_S = 300
SPEEDS = {"foot": 4.0, "motorcycle": 25.0, "car": 40.0, "boat": 20.0}
"""Kilometres an hour on the way, of an ordinary day; a person may say otherwise."""
EVERY_S = 1
_RULES = """
.st-key-outing_map iframe{width:100%!important;height:62dvh!important;border:1px solid var(--office-line);border-radius:6px}
.outing-team{font-size:1.05rem;font-weight:700;line-height:1.6;margin:0.5rem 0 0}
.outing-team i{display:inline-block;width:1.4rem;height:0.3rem;border-radius:2px;vertical-align:0.2rem;margin-right:0.5rem}
.outing-table{border-collapse:collapse;font-size:0.92rem;line-height:1.5;width:100%;font-variant-numeric:tabular-nums}
.outing-table :is(th,td){border-bottom:1px solid var(--office-line);padding:0.2rem 0.5rem;text-align:left;vertical-align:top}
.outing-table th{font-weight:400;color:var(--office-faint);font-size:0.86rem}
.outing-table td:first-child{text-align:right}
.outing-table td:not(:nth-child(4)){white-space:nowrap}
.outing-table td:nth-child(4){min-width:8rem}
.outing-scroll{overflow-x:auto}
"""


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The whole part."""
    if not viewer.may(WATCHERS):
        return
    st.html(f"<style>{_RULES}</style>")
    with st.container(key="outing_part"):
        st.caption(t("outing.intro", lang))
        left, right = st.columns([2, 3], gap="medium")
        with left:
            _form(viewer, lang, now)
        question = rota_desk.asked()
        with right:
            if question is None or question.scope != viewer.scope:
                st.info(t("outing.nothing_yet", lang), icon=":material/route:")
                return
            found = _found(question, lang)
            if found is None:
                return
            _map(viewer, question, found, lang, now)
        _tell(question, found, lang)
        outing_take.links(viewer.person, found, lang)


# ---------------------------------------------------------------- what is asked


def _form(viewer: Viewer, lang: str, now: datetime) -> None:
    def key(field: str) -> str:
        return rota_desk.field(f"outing_{field}")

    rows, types = known_posts(viewer.person, now.date()), store.crime_types(hub.version)
    rows = rows[rows["kind"] != "stretch"]
    if rows.empty:
        st.info(t("outing.no_posts", lang), icon=":material/location_off:")
        return
    post = st.selectbox(
        t("outing.form.post", lang),
        list(rows.index),
        key=key("post"),
        format_func=lambda code: post_words(rows, code, lang),
    )
    one, two = st.columns(2, gap="small")
    with one:
        on = st.date_input(
            t("outing.form.day", lang), now.date() + timedelta(days=1), format="DD/MM/YYYY", key=key("day")
        )
        hours = st.number_input(t("outing.form.hours", lang), 1.0, 24.0, 6.0, 0.5, key=key("hours"))
        speed = st.selectbox(
            t("outing.form.by", lang),
            list(SPEEDS),
            index=2,
            key=key("by"),
            format_func=lambda code: t(f"outing.by.{code}", lang),
        )
    with two:
        at = st.time_input(t("outing.form.at", lang), clock_time(6), key=key("at"))
        teams = st.number_input(t("outing.form.teams", lang), 1, 10, 1, key=key("teams"))
        kmh = st.number_input(t("outing.form.kmh", lang), 1.0, 120.0, SPEEDS[speed], 1.0, key=key(f"kmh_{speed}"))
    with st.expander(t("meeting_page.form.more", lang), icon=":material/tune:", key="outing_more"):
        stop = st.slider(t("outing.form.stop", lang), 0, 60, 15, 5, key=key("stop"))
        detour = st.slider(
            t("outing.form.detour", lang),
            1.0,
            2.5,
            1.3,
            0.1,
            key=key("detour"),
            help=t("outing.form.detour_help", lang),
        )
        ways = _ways(viewer, speed, lang)
        back = st.pills(t("rota.form.back", lang), BACK, required=True, default=365, key=key("back"))
        kinds = st.multiselect(
            t("rota.form.types", lang), list(types), key=key("types"), placeholder=t("rota.form.types_all", lang),
            format_func=lambda code: name(types[code], lang),
        )  # fmt: skip
        weights = weight_fields(lang, key("weight"))
        seed = st.number_input(
            t("outing.form.seed", lang), 1, 9999, 1, key=key("seed"), help=t("outing.form.seed_help", lang)
        )
    asked = OutingAsked(
        str(post), _start(on, at), float(hours), int(teams), float(kmh), float(stop), float(detour), int(seed),
        Demand(back or 365, tuple(kinds), weights=weights), ways,
    )  # fmt: skip
    # Not by a callback: it would ask for what stood in the fields when they were drawn.
    if st.button(t("outing.form.go", lang), key="outing_go", type="primary", icon=":material/route:"):
        rota_desk.ask(OutingQuestion(viewer.scope, asked, hub.version))


def _ways(viewer: Viewer, speed: str, lang: str) -> str:
    """Along roads where there are some, and it is no boat."""
    if store.road_file(viewer.scope, hub.version) is None:
        return "straight"
    if speed == "boat":
        st.caption(t("outing.form.ways_boat", lang))
        return "straight"
    return str(
        st.segmented_control(
            t("outing.form.ways", lang), ("road", "straight"), required=True, default="road", key=rota_desk.field("outing_ways"),
            format_func=lambda code: t(f"outing.form.way_{code}", lang),
        )
    )  # fmt: skip


def _start(on: date, at: clock_time) -> datetime:
    return datetime.combine(on, at, ZoneInfo(TIMEZONE))


# ---------------------------------------------------------------- what is found


def _found(question: OutingQuestion, lang: str) -> Suggestion | None:
    """The answer, or nothing: then it is said why, or how far it is."""
    try:
        found = service.look(question)
    except DatabaseUnavailable:
        raise
    except AnalysisCancelled:
        rota_desk.ask(None)
        st.rerun()
    except WatchError as error:
        st.info(plain(sentence(error, lang)), icon=":material/info:")
        return None
    if isinstance(found, Job):
        _wait(question, lang)
        return None
    return found


@st.fragment(run_every=EVERY_S)
def _wait(question: OutingQuestion, lang: str) -> None:
    """How far it is; when it is done the page shows it."""
    try:
        running = service.look(question, wait_s=0)
    except WatchError:
        st.rerun()  # the page asks again, and says what is wrong
    if not isinstance(running, Job):
        st.rerun()
    share = running.done / running.total if running.total else 0.0
    st.progress(share, text=t("outing.working", lang))
    st.button(
        t("hotspots_page.cancel", lang), key="outing_stop", icon=":material/stop:", on_click=_stop, args=(question,)
    )


def _stop(question: OutingQuestion) -> None:
    service.stop(question)
    rota_desk.ask(None)


def _map(viewer: Viewer, question: OutingQuestion, found: Suggestion, lang: str, now: datetime) -> None:
    token, expires = map_pass.token(viewer.scope)
    chosen, incidents = MapFilter(lang=lang), question.asked.demand.incidents(now.date())
    source = Source(
        encode(incidents),
        question.version,
        store.area_version(question.version),
        token,
        expires,
        int(time.time() // CLOCK_S),
    )
    west, south, east, north = outing.box(found)
    view = {"n": zlib.crc32(repr(question).encode()), "bounds": [[south, west], [north, east]]}
    state = live_state(
        chosen, incidents, store.crime_types(hub.version), source, store.settings(), None, view, night=session.night()
    )
    shown = {layer: layer in {"districts", "sections", "checkpoints", "crossings"} for layer in state["layers"]}
    with st.container(key="outing_map_box"):
        map_frame.draw(
            state | {"live": None, "basemap": None, "picked": None, "layers": shown, "analysis": outing.drawn(found, lang), "together": None},
            MAP,
        )  # fmt: skip


def _tell(question: OutingQuestion, found: Suggestion, lang: str) -> None:
    share = found.prize / found.possible if found.possible else 0.0
    st.text(t("outing.said.sum", lang, teams=len(found.teams), share=share))
    for number, team in enumerate(found.teams, 1):
        st.html(_team(number, team, found, lang))
    if found.left_out:
        with st.expander(t("outing.left_out", lang, n=len(found.left_out)), key="outing_left"):
            for place in found.left_out:
                st.text(
                    t(
                        "outing.left_row",
                        lang,
                        place=_named(place, lang),
                        incidents=place.incidents,
                        hours=place.hours_since,
                    )
                )
    first, last = date.fromisoformat(found.first), date.fromisoformat(found.last)
    st.caption(
        plain(
            t(
                "outing.how", lang, n=found.incidents, period=period(first, last, lang), as_of=moment(datetime.fromisoformat(found.as_of), lang),
                ways=t(f"outing.along.{found.ways}", lang, detour=question.asked.detour), kmh=question.asked.kmh, seed=found.seed,
            )
        )
    )  # fmt: skip
    st.caption(t(f"outing.ways.{found.ways}", lang))


def _named(place: PlaceToGo, lang: str) -> str:
    return place_words(place, lang) or grid_words(place.lon, place.lat)


def _team(number: int, team: Team, found: Suggestion, lang: str) -> str:
    post = home_words(found, lang)
    head = t(
        "outing.team", lang, team=number, day=day(team.start.date(), lang), start=clock(team.start, lang), back=clock(team.back, lang),
        km=team.kilometres, n=len(team.stops),
    )  # fmt: skip
    columns = "".join(
        f"<th>{html.escape(t(f'outing.column.{key}', lang))}</th>"
        for key in ("number", "arrive", "leave", "place", "mgrs", "incidents", "since")
    )
    rows = [("0", "", clock(team.start, lang), post, grid_words(found.lon, found.lat), "", "")]
    rows += [
        (
            str(at), clock(stop.arrive, lang), clock(stop.leave, lang), _named(stop.place, lang), grid_words(stop.place.lon, stop.place.lat),
            f"{stop.place.incidents:,}", t("outing.hours", lang, n=stop.place.hours_since),
        )
        for at, stop in enumerate(team.stops, 1)
    ]  # fmt: skip
    rows.append(
        (
            "",
            clock(team.back, lang),
            "",
            t("outing.back_at", lang, place=post),
            grid_words(found.lon, found.lat),
            "",
            "",
        )
    )
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    colour = TEAMS[(number - 1) % len(TEAMS)]
    return (
        f'<p class="outing-team"><i style="background:{colour}"></i>{html.escape(head)}</p><div class="outing-scroll">'
        f'<table class="outing-table"><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>'
    )
