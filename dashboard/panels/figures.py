"""The figures beside the map, in a fixed order: total, by type, by district, by week, the newest ten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.i18n import name, t
from dashboard.i18n.dates import ago, change, day, local, number, period
from dashboard.labels import plain
from dashboard.maps.palette import OTHER_TYPE, palette
from dashboard.panels import charts
from geo.model import IncidentFilter
from geo.queries.figures import Figures

__all__ = ["district_table", "newest_rows", "show", "type_rows", "week_rows"]


def _names(rows: pd.DataFrame, codes: pd.Series | pd.Index, lang: str) -> dict[str, str]:
    """Names of those codes only: a rerun has no time for a thousand districts."""
    return {row["code"]: name(row, lang) for row in rows[rows["code"].isin(codes)].to_dict("records")}


def type_rows(found: Figures, types: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Types with a colour of their own by count, then the others as one row: name, n, colour."""
    counts = found.by_type.to_dict()
    coloured = types.dropna(subset="colour")
    rows = [
        {"name": name(row, lang), "n": counts[row["code"]], "colour": row["colour"]}
        for row in coloured.to_dict("records")
        if row["code"] in counts
    ]
    rows.sort(key=lambda row: -row["n"])
    others = sum(n for code, n in counts.items() if code not in set(coloured["code"]))
    if others:
        rows.append({"name": t("figures.other_types", lang), "n": others, "colour": OTHER_TYPE})
    return pd.DataFrame(rows, columns=["name", "n", "colour"])


def week_rows(found: Figures, chosen: IncidentFilter, lang: str) -> pd.DataFrame:
    """Weeks in time order: label, period, n, whole."""
    rows = []
    for monday, n in zip(found.by_week.index.tolist(), found.by_week.tolist(), strict=True):
        sunday = monday + timedelta(days=6)
        whole = chosen.first <= monday and sunday <= chosen.last
        said = period(max(monday, chosen.first), min(sunday, chosen.last), lang)
        rows.append({"label": day(monday, lang).rsplit(" ", 1)[0] if len(found.by_week) < 53 else day(monday, lang),
                     "period": said, "n": int(n), "whole": whole})  # fmt: skip
    return pd.DataFrame(rows, columns=["label", "period", "n", "whole"])


def district_table(found: Figures, districts: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Districts by count, one row each, indexed by code: district, n, change in words."""
    names = _names(districts, found.by_district.index, lang)
    rows = [
        {
            "code": row["code"],
            "district": names.get(row["code"], t("figures.no_district", lang)),
            "n": int(row["n"]),
            "change": change(int(row["n"]), int(row["before"]), lang),
        }
        for row in found.by_district.rename_axis("code").reset_index().to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["code", "district", "n", "change"]).set_index("code")


def newest_rows(
    newest: pd.DataFrame, types: pd.DataFrame, districts: pd.DataFrame, lang: str, now: datetime
) -> list[dict[str, str]]:
    """Incidents in the order given: id, and in words what, where, when."""
    type_names = _names(types, newest["crime_type"], lang)
    names, unknown = _names(districts, newest["district_code"], lang), t("figures.no_district", lang)
    return [
        {
            "id": row["public_id"],
            "what": type_names[row["crime_type"]],
            "where": names.get(row["district_code"], unknown),
            "when": ago(local(row["reported_at"].to_pydatetime()), now, lang),
        }
        for row in newest.to_dict("records")
    ]


def show(
    found: Figures,
    newest: pd.DataFrame,
    chosen: IncidentFilter,
    types: pd.DataFrame,
    districts: pd.DataFrame,
    lang: str,
    now: datetime,
) -> None:
    """Draw the figures; a chosen district or incident is put into the session for the map to go to."""
    colours = palette(session.night())
    st.metric(
        t("figures.total", lang), number(found.total),
        delta=t("figures.against_before", lang, change=change(found.total, found.before, lang),
                before=number(found.before)),
        delta_color="off", delta_arrow="off",
    )  # fmt: skip
    if not found.total:
        st.info(t("figures.nothing", lang), icon=":material/filter_alt_off:")
        return
    st.subheader(t("figures.by_type", lang))
    st.vega_lite_chart(charts.by_type(type_rows(found, types, lang), colours["ink"]), width="stretch", theme=None)

    st.subheader(t("figures.by_district", lang))
    ranked = district_table(found, districts, lang)
    st.dataframe(
        ranked, hide_index=True, height=min(246, 35 * (len(ranked) + 1) + 3), width="stretch",
        key=session.DISTRICT_TABLE, selection_mode="single-cell",
        on_select=lambda: session.pick_row(session.DISTRICT_TABLE, "district", list(ranked.index)),
        column_config={
            "district": st.column_config.TextColumn(t("figures.district", lang)),
            "n": st.column_config.ProgressColumn(
                t("figures.count", lang), format="%d", min_value=0, max_value=int(ranked["n"].max()), width="small"),
            "change": st.column_config.TextColumn(
                t("figures.change", lang), width="small", help=t("figures.change_help", lang)),
        },
    )  # fmt: skip
    st.subheader(t("figures.by_week", lang))
    weeks = week_rows(found, chosen, lang)
    st.vega_lite_chart(
        charts.by_week(weeks, colours["ink"], colours["count"], t("figures.by_week", lang)), width="stretch", theme=None
    )
    st.subheader(t("figures.newest", lang))
    with st.container(key="newest", gap=None):  # a table cuts long names, a button lets them wrap
        for row in newest_rows(newest, types, districts, lang, now):
            st.button(
                f"{plain(row['what'])} :gray[{plain(row['where'])} · {plain(row['when'])}]", key=f"newest_{row['id']}",
                type="tertiary", width="stretch", on_click=session.go_to, args=("incident", row["id"]),
            )  # fmt: skip
