"""The border that a pair shares: a map, what happened near it by type, month and sub-district, and the sheet to hand across."""

from __future__ import annotations

import zlib
from datetime import date, datetime
from typing import Any

import pandas as pd
import shapely
import streamlit as st

from dashboard import office, session, store
from dashboard.access import Viewer
from dashboard.i18n import name, t
from dashboard.i18n.dates import month, number, period
from dashboard.maps import computed, patrol_ways
from dashboard.maps.palette import OTHER_TYPE, palette
from dashboard.pair_months import MONTHS, RADII_KM, USUAL_KM, USUAL_MONTHS, months
from dashboard.panels import charts, patrols_map
from dashboard.panels.case_words import refusal, type_words
from dashboard.panels.take_away import link
from dashboard.web.live import hub
from dashboard.web.pair_papers import ROLES
from geo.errors import WatchError
from geo.model import Status
from geo.model.filter import Reach
from geo.model.pair import Pair, Stretch
from geo.queries.pairs import VISITS, along, joint_work, stretch
from geo.queries.report_places import places_in

__all__ = ["draw"]

COUNTED = tuple(str(one) for one in Status if one not in (Status.UNFOUNDED, Status.DUPLICATE))
MOST_TYPES = 8


def draw(viewer: Viewer, pair: Pair, lang: str, now: datetime) -> None:
    """Draw it."""
    with st.container(horizontal=True, key="pair_choices", vertical_alignment="bottom"):
        km = st.segmented_control(
            t("pairs.within", lang), RADII_KM, required=True, default=USUAL_KM, key="pairs.km",
            format_func=lambda n: t("pairs.km", lang, n=n),
        )  # fmt: skip
        back = st.segmented_control(
            t("pairs.back", lang), MONTHS, required=True, default=USUAL_MONTHS, key="pairs.months",
            format_func=lambda n: t("pairs.months", lang, n=n),
        )  # fmt: skip
        km, back = km or USUAL_KM, back or USUAL_MONTHS
        if viewer.may(ROLES):
            link(
                f"papers/pair/{pair.id}.pdf", {"km": str(km), "months": str(back)}, t("pairs.sheet", lang), "pair_sheet"
            )
    if viewer.may(ROLES):
        st.caption(t("pairs.sheet_about", lang))
    first, last = months(back, now.date())
    try:
        with office.acting(viewer.person) as connection:
            line = stretch(connection, pair, 1000.0 * km)
            found = along(connection, pair, 1000.0 * km, first, last, COUNTED)
            joint = joint_work(connection, pair.id, first, last)
            below = {code: (thai, english) for code, thai, english in places_in(connection, pair.district_code)}
    except WatchError as error:
        st.warning(refusal(error, lang), icon=":material/map:")
        return
    left, right = st.columns([7, 5], gap="medium")
    with left:
        patrols_map.draw(viewer, now, _drawn(line, lang), "pair_map", _view(pair, line, km))
        st.caption(_about(line, lang))
    with right:
        _counts(viewer, found, below, first, last, lang)
        _joint(joint, lang)


def _view(pair: Pair, line: Stretch, km: int) -> dict[str, Any]:
    west, south, east, north = line.box
    return {"n": zlib.crc32(f"{pair.id}/{km}/{line.box}".encode()), "bounds": [[south, west], [north, east]]}


def _drawn(line: Stretch, lang: str) -> dict[str, Any]:
    colours = palette(session.night())
    shape, zone = (shapely.geometry.shape(dict(one)) for one in (line.shape, line.zone))
    kinds = computed.Classes(
        t("pairs.legend", lang), (t("pairs.legend_shared", lang), t("pairs.legend_zone", lang)),
        (colours["overdue"], colours["planned"]),
    )  # fmt: skip
    ways = patrol_ways.lines(zone.boundary, colours["planned"]) + patrol_ways.lines(shape, colours["overdue"])
    return {"ways": ways, "legend": kinds.legend()}


def _about(line: Stretch, lang: str) -> str:
    said = [t("pairs.length", lang, km=f"{line.km:.0f}")]
    if line.whole:
        said.append(t("pairs.whole", lang))
    if line.undetermined:
        said.append(t("pairs.undetermined", lang))
    return " ".join(said)


def _counts(
    viewer: Viewer, found: pd.DataFrame, below: dict[str, tuple[str, str]], first: date, last: date, lang: str
) -> None:
    types, ink = store.crime_types(hub.version), palette(session.night())["ink"]
    total = int(found["n"].sum())
    st.subheader(t("pairs.counts", lang, n=number(total)))
    rough = viewer.scope.role in (Reach.WIDE, Reach.PLANNER)
    st.caption(f"{period(first, last, lang)} · {t('pairs.verified_only' if rough else 'pairs.all_states', lang)}")
    if not total:
        st.info(t("pairs.nothing", lang), icon=":material/inbox:")
        return
    by_type = found.groupby("crime_type")["n"].sum().sort_values(ascending=False)
    bars = [
        charts.TypeBar(
            type_words(str(code), types, lang), int(n), (types[str(code)].colour if str(code) in types else None) or OTHER_TYPE
        )
        for code, n in by_type.head(MOST_TYPES).items()
    ]  # fmt: skip
    st.vega_lite_chart(charts.by_type(bars, ink), width="stretch", theme=None)
    by_month = found.groupby("month")["n"].sum()
    starts = [one.date() for one in pd.date_range(first, last, freq="MS")]
    columns = [
        charts.WeekColumn(
            month(one, lang).rsplit(" ", 1)[0], month(one, lang, short=False), int(by_month.get(one, 0)), True
        )
        for one in starts
    ]
    st.subheader(t("pairs.by_month", lang))
    st.vega_lite_chart(
        charts.by_week(columns, ink, palette(session.night())["count"], t("pairs.by_month", lang)),
        width="stretch",
        theme=None,
    )
    st.subheader(t("pairs.by_subdistrict", lang))
    by_place = (
        found.assign(place=found["subdistrict"].fillna("")).groupby("place")["n"].sum().sort_values(ascending=False)
    )
    told = pd.DataFrame(
        {
            "place": [_place(str(code), below, lang) for code in by_place.index],
            "n": by_place.to_numpy(),
        }
    )
    st.dataframe(
        told, key="pair_places", hide_index=True, height=min(320, 38 + 35 * len(told)), row_height=35,
        column_config={
            "place": st.column_config.TextColumn(t("pairs.column.place", lang)),
            "n": st.column_config.NumberColumn(t("pairs.column.n", lang)),
        },
    )  # fmt: skip


def _place(code: str, below: dict[str, tuple[str, str]], lang: str) -> str:
    if not code:
        return t("pairs.place_unknown", lang)
    thai, english = below.get(code, (code, code))
    return name({"name_th": thai, "name_en": english}, lang)


def _kind(kind: str, lang: str) -> str:
    if kind not in VISITS:
        return t(f"log_kind.{kind}", lang)
    return t("pairs.activity" if kind == "activity" else f"activities.kind.{kind}", lang)


def _joint(joint: dict[str, int], lang: str) -> None:
    st.subheader(t("pairs.joint", lang))
    said = [f"{_kind(kind, lang)} {number(n)}" for kind, n in joint.items()]
    st.text(" · ".join(said) or t("pairs.joint_none", lang))
