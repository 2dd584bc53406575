"""The figures beside the map, in a fixed order: total, by type, by district, by week, the newest ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa  # type: ignore[import-untyped]
import streamlit as st

from dashboard import session
from dashboard.i18n import name, t
from dashboard.i18n.dates import ago, change, day, local, number, period
from dashboard.labels import plain
from dashboard.maps.palette import OTHER_TYPE, palette
from dashboard.panels import charts
from dashboard.panels.charts import TypeBar, WeekColumn
from geo.model import CrimeType, District, IncidentFilter
from geo.queries.figures import Figures
from geo.queries.incidents import Newest

__all__ = ["DistrictRow", "district_table", "newest_rows", "show", "type_rows", "week_rows"]


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A district in the table: its code, and in words its name and how its count changed."""

    code: str | None
    district: str
    n: int
    change: str


def type_rows(found: Figures, types: Mapping[str, CrimeType], lang: str) -> list[TypeBar]:
    """Types with a colour of their own by count, then the others as one row."""
    counts = found.by_type
    rows = [
        TypeBar(name(kind, lang), counts[code], kind.colour)
        for code, kind in types.items()
        if kind.colour and code in counts
    ]
    rows.sort(key=lambda row: -row.n)
    others = sum(counts.values()) - sum(row.n for row in rows)
    if others:
        rows.append(TypeBar(t("figures.other_types", lang), others, OTHER_TYPE))
    return rows


def week_rows(found: Figures, chosen: IncidentFilter, lang: str) -> list[WeekColumn]:
    """Weeks in time order."""
    rows = []
    for monday, n in found.by_week.items():
        sunday = monday + timedelta(days=6)
        whole = chosen.first <= monday and sunday <= chosen.last
        said = period(max(monday, chosen.first), min(sunday, chosen.last), lang)
        label = day(monday, lang)
        rows.append(WeekColumn(label.rsplit(" ", 1)[0] if len(found.by_week) < 53 else label, said, n, whole))
    return rows


def district_table(found: Figures, districts: Mapping[str, District], lang: str) -> list[DistrictRow]:
    """Districts by count."""
    return [
        DistrictRow(row.code, _where(row.code, districts, lang), row.n, change(row.n, row.before, lang))
        for row in found.by_district
    ]


def _where(code: str | None, districts: Mapping[str, District], lang: str) -> str:
    row = districts.get(code or "")
    return name(row, lang) if row else t("figures.no_district", lang)


def newest_rows(
    newest: Sequence[Newest],
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District],
    lang: str,
    now: datetime,
) -> list[dict[str, str]]:
    """Incidents in the order given: id, and in words what, where, when."""
    return [
        {
            "id": row.public_id,
            "what": name(types[row.crime_type], lang),
            "where": _where(row.district_code, districts, lang),
            "when": ago(local(row.reported_at), now, lang),
        }
        for row in newest
    ]


def show(
    found: Figures,
    newest: Sequence[Newest],
    chosen: IncidentFilter,
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District],
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
    table = pa.table({field: [getattr(row, field) for row in ranked] for field in ("district", "n", "change")})
    st.dataframe(
        table, hide_index=True, height=min(246, 35 * (len(ranked) + 1) + 3), width="stretch",
        key=session.DISTRICT_TABLE, selection_mode="single-cell",
        on_select=lambda: session.pick_row(session.DISTRICT_TABLE, "district", [row.code for row in ranked]),
        column_config={
            "district": st.column_config.TextColumn(t("figures.district", lang)),
            "n": st.column_config.ProgressColumn(
                t("figures.count", lang), format="%d", min_value=0, max_value=ranked[0].n, width="small"),
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
