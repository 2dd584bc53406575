"""Coverage as it stands: what checkpoints and patrols cover, where the gaps are, and what the border lacks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import desk, session, store
from dashboard.access import Viewer
from dashboard.documents.tables import Table
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, moment, number
from dashboard.labels import plain
from dashboard.maps import coverage_layer
from dashboard.messages import sentence
from dashboard.panels import patrols_take, plan_asked, plan_map
from dashboard.planning.coverage import BASES, Asked, CoverFound, look
from dashboard.web.live import hub
from geo.errors import DatabaseUnavailable, WatchError

__all__ = ["draw"]

MAP = "coverage_map"
KEPT_S = 600
EVERY_S = 1.0
DAYS = (1, 3, 7, 14, 28)
USUAL_DAYS = 7
FAR_SHARE = 0.05
"""Share of the demand without a road near, above which the file of roads is likely to be one of another province."""


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The whole part."""
    version = session.pinned(hub.version, KEPT_S)
    plan_map.hear(MAP)
    left, right = st.columns([10, 4], gap="small")
    with right, st.container(key="figures"):
        head = st.container()
        asked = _question(viewer, lang, now, version)
        found, refused = _answer(asked, lang)
        with head:
            if refused:
                st.warning(plain(refused), icon=":material/info:")
            elif found is None:
                _wait(asked, lang)
            else:
                _figures(found, asked, lang)
        if found is not None:
            _tables(found, asked, lang)
    with left:
        plan_map.draw(viewer, lang, now, _picture(found, lang), MAP)
        st.caption(plain(_method(found, asked, lang)))


def _question(viewer: Viewer, lang: str, now: datetime, version: str) -> Asked:
    with st.expander(t("coverage.ask", lang), icon=":material/tune:", key="coverage_question"):
        basis = st.pills(
            t("coverage.basis_label", lang), BASES, required=True, default=BASES[0], key="coverage.basis",
            format_func=lambda code: t(f"coverage.basis.{code}", lang),
        )  # fmt: skip
        days = st.selectbox(
            t("coverage.days", lang), DAYS, DAYS.index(USUAL_DAYS), key="coverage.days",
            format_func=lambda n: t("coverage.last_days", lang, n=n),
        )  # fmt: skip
        demand, reach = plan_asked.show(viewer, lang, now.date(), "coverage")
    return Asked(viewer.scope, demand, reach, basis or BASES[0], days, version)


def _answer(asked: Asked, lang: str) -> tuple[CoverFound | None, str]:
    try:
        return look(asked), ""
    except DatabaseUnavailable:
        raise
    except WatchError as error:
        return None, sentence(error, lang)


@st.fragment(run_every=EVERY_S)
def _wait(asked: Asked, lang: str) -> None:
    """A million incidents take some seconds; the page can be used meanwhile."""
    st.info(t("coverage.working", lang), icon=":material/hourglass_top:")
    try:
        there = look(asked, wait_s=0) is not None
    except WatchError:
        there = True  # the page asks again, and says what is wrong
    if there:
        st.rerun()


def _picture(found: CoverFound | None, lang: str) -> dict[str, Any]:
    if found is None:
        return {}
    night = session.night()
    drawn = coverage_layer.covered_squares(found.squares, lang, night)
    return drawn | {"ways": coverage_layer.alone_ways(found.alone, night)}


def _figures(found: CoverFound, asked: Asked, lang: str) -> None:
    reach = plan_asked.reach_words(asked.reach, lang, short=True)
    st.subheader(t("coverage.headline", lang, share=found.share, reach=reach))
    figures = (
        ("twice", f"{found.twice:.0%}"),
        ("open", number(round(found.demand * (1 - found.share)))),
        ("alone", t("coverage.km", lang, n=number(round(found.alone_km)))),
        ("posts", number(found.posts)),
        ("tracks", number(found.tracks)),
    )
    with st.container(horizontal=True, gap="small", key="coverage_figures"):
        for key, value in figures:
            st.metric(t(f"coverage.figure.{key}", lang, days=asked.days), value, width="content")
    if found.off_road > FAR_SHARE:
        st.warning(t("coverage.off_road", lang, share=found.off_road), icon=":material/info:")
    worst = found.by_district[found.by_district["open"] > 0]
    if len(worst):
        code, row = str(worst.index[0]), worst.iloc[0]
        place = name(store.district_names(hub.version).get(code), lang) or code
        st.text(t("coverage.worst", lang, place=place, open=number(round(row["open"])), share=float(row["share"])))
    else:
        st.success(t("coverage.all_covered", lang), icon=":material/check_circle:")


def _tables(found: CoverFound, asked: Asked, lang: str) -> None:
    """Shares by district, by section of the border, and by type, of which one is shown."""
    parts = {"district": found.by_district, "section": found.by_section}
    if found.by_type is not None:
        parts["type"] = found.by_type
    kept = desk.said("coverage.by")
    by = st.segmented_control(
        t("coverage.by_label", lang), list(parts), required=True, default=kept if kept in parts else "district",
        key="coverage.by", label_visibility="collapsed", format_func=lambda code: t(f"coverage.by.{code}", lang),
    )  # fmt: skip
    by = by if by in parts else "district"
    rows = _rows(parts[by], by, found, lang)
    heads = {key: t(f"coverage.column.{key}", lang) for key in rows.columns}
    shown = rows.assign(share=100 * rows["share"], twice_share=100 * rows["twice_share"])
    st.dataframe(
        shown, key=f"coverage_table_{by}", hide_index=True, height=min(420, 38 + 35 * max(len(rows), 1)),
        column_config={
            key: st.column_config.NumberColumn(heads[key], format="%.0f%%" if key.endswith("share") else "%,.0f")
            if key != "name"
            else st.column_config.TextColumn(heads[key])
            for key in rows.columns
        },
    )  # fmt: skip
    patrols_take.buttons(lambda: _table(rows, heads, by, found, asked, lang), f"coverage-{by}", lang)


def _rows(table: pd.DataFrame, by: str, found: CoverFound, lang: str) -> pd.DataFrame:
    shown = table[["demand", "share", "twice_share", "open"]].copy()
    version = hub.version
    districts, types = store.district_names(version), store.crime_types(version)
    if by == "section":
        shown = shown.join(found.sections, how="outer").fillna({"demand": 0.0, "open": 0.0})
        shown = shown.sort_values(["open", "alone_km"], ascending=False, kind="stable")
        called = [
            t("coverage.section", lang, district=name(districts.get(str(d)), lang) or str(d), neighbour=t(f"neighbour.{n}", lang))
            for d, n in zip(shown["district"], shown["neighbour"], strict=True)
        ]  # fmt: skip
        shown = shown.drop(columns=["district", "neighbour"])
    else:
        known: Any = districts if by == "district" else types
        called = [name(known.get(str(code)), lang) or str(code) for code in shown.index]
    shown.insert(0, "name", called)
    return shown.reset_index(drop=True)


def _table(rows: pd.DataFrame, heads: dict[str, str], by: str, found: CoverFound, asked: Asked, lang: str) -> Table:
    """What is on the page, to take away, with how it was come by."""
    about = [(t("coverage.about", lang), _method(found, asked, lang))]
    cells = ([None if pd.isna(one) else one for one in row] for row in rows.itertuples(index=False))
    return Table(
        t(f"coverage.by.{by}", lang), about, t("coverage.about", lang), [(heads[key], 24) for key in rows.columns], cells
    )  # fmt: skip


def _method(found: CoverFound | None, asked: Asked, lang: str) -> str:
    """Under the map: what was counted, how far is near, and as of when."""
    said = t(
        f"coverage.method.{asked.basis}", lang, n=number(found.rows if found else 0), reach=plan_asked.reach_words(asked.reach, lang),
        days=asked.days, first=day(asked.demand.first, lang), last=day(asked.demand.last, lang),
    )  # fmt: skip
    return said if found is None else f"{said} · {t('map.as_of', lang, time=moment(found.as_of, lang))}"
