"""How concentrated, when, and how good a map has been."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.service import look
from dashboard.i18n import t
from dashboard.i18n.dates import day, distance, number, year
from dashboard.labels import plain
from dashboard.maps.palette import HEAT, SCORED, palette
from dashboard.panels import hotspots_charts, hotspots_where
from dashboard.panels.hotspots_charts import Bar
from dashboard.panels.hotspots_how import finding
from dashboard.panels.hotspots_list import count_column, listed, text_column
from dashboard.panels.hotspots_view import Picture, View
from geo.errors import AnalysisRefused

__all__ = [
    "beside_concentration", "beside_score", "beside_when", "concentrated", "nothing", "score_chart", "scores_here", "when_charts",
]  # fmt: skip

BESIDE = 0.05
"""The share of the land for which a map's score is told beside it."""
NIGHT = (18, 6)


def nothing(view: View, answer: Answer) -> Picture:
    """No map."""
    return Picture()


# ---------------------------------------------------------------- how concentrated


def concentrated(view: View, answer: Answer) -> Picture:
    """The places that hold half."""
    half = look(view.question("places", share=0.5), wait_s=8)
    return hotspots_where.places(view, half) if isinstance(half, Answer) else Picture(computed={})


def beside_concentration(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang = answer.summary, view.lang
    ink, colour = palette(view.night)["ink"], HEAT[hotspots_where.shade(view)][3]
    share = 100 * found["holds_half"]
    said = f"{share:.1f}" if share >= 0.1 else f"{share:.2f}"
    finding(
        t("hotspots_page.found.concentration", lang, share=said, n=number(found["half_count"]), of=number(found["places"])),
        t("hotspots_page.found.concentration_any", lang, any=number(found["places_with_any"]), of=number(found["places"])),
    )  # fmt: skip
    rows = [
        {"places": 100 * row["places"], "incidents": 100 * row["incidents"]} for row in answer.rows.to_dict("records")
    ]
    spec = hotspots_charts.curve(
        rows, ink, colour, (t("hotspots_page.axis.places", lang), t("hotspots_page.axis.incidents", lang)),
        t("hotspots_page.method.concentration", lang), (share, t("hotspots_page.half", lang, share=said)),
    )  # fmt: skip
    st.vega_lite_chart(spec, width="stretch", theme=None)
    st.caption(t("hotspots_page.gini", lang, value=f"{found['gini']:.2f}", cell=distance(found["cell"], lang)))


# ---------------------------------------------------------------- when


def when_charts(view: View, answer: Answer) -> None:
    """Hour by weekday, and week by week."""
    lang, shade = view.lang, hotspots_where.shade(view)
    ink, names = palette(view.night)["ink"], t("hotspots_page.weekdays", lang).split()
    hours = [f"{hour:02d}" for hour in range(24)]
    rows = [
        {
            "across": hours[int(row["hour"])], "down": names[int(row["weekday"]) - 1], "value": int(row["count"]),
            "said": t("hotspots_page.when_cell", lang, day=names[int(row["weekday"]) - 1], hour=f"{int(row['hour']):02d}:00",
                      n=number(int(row["count"]))),
        }
        for row in answer.rows.to_dict("records")
    ]  # fmt: skip
    st.subheader(t("hotspots_page.when_title", lang))
    spec = hotspots_charts.heat(
        rows, hours, names, HEAT[shade], ink, t("hotspots_page.when_title", lang), height=290,
        across_title=t("hotspots_page.axis.hour", lang), every=3,
    )  # fmt: skip
    st.vega_lite_chart(spec, width="stretch", theme=None)
    st.subheader(t("hotspots_page.weeks_title", lang))
    weeks = [
        Bar("", _week(one, lang), one["count"], t("hotspots_page.week_cell", lang, week=one["week"],
            year=year(one["year"], lang), n=number(one["count"])))
        for one in answer.summary["weeks"]
    ]  # fmt: skip
    chart = hotspots_charts.bars(
        weeks, ink, [palette(view.night)["count"]], t("hotspots_page.weeks_title", lang), height=170, legend=False,
        across=t("hotspots_page.axis.week", lang),
    )  # fmt: skip
    st.vega_lite_chart(chart, width="stretch", theme=None)


def _week(one: dict[str, Any], lang: str) -> str:
    return f"{one['week']}/{year(one['year'], lang)[-2:]}"


def beside_when(view: View, answer: Answer, drawn: Picture) -> None:
    lang, rows, found = view.lang, answer.rows, answer.summary
    total = int(rows["count"].sum())
    if not total:
        finding(t("hotspots_page.found.when_none", lang))
        return
    top = rows.iloc[int(rows["count"].to_numpy().argmax())]
    names = t("hotspots_page.weekdays", lang).split()
    dark = int(rows.loc[(rows["hour"] >= NIGHT[0]) | (rows["hour"] < NIGHT[1]), "count"].sum())
    finding(
        t("hotspots_page.found.when", lang, share=f"{100 * dark / total:.0f}"),
        t("hotspots_page.found.when_top", lang, day=names[int(top["weekday"]) - 1], hour=f"{int(top['hour']):02d}:00",
          n=number(int(top["count"]))),
        t("hotspots_page.found.when_without", lang, n=number(found["without_hour"])) if found["without_hour"] else "",
    )  # fmt: skip


# ---------------------------------------------------------------- how good


def score_chart(view: View, answer: Answer) -> None:
    """Hit rate by share of the land, for each map and for a plain count."""
    lang = view.lang
    methods = list(dict.fromkeys(answer.rows["method"]))
    rows = [
        Bar(t(f"hotspots_page.map.{row['method']}", lang), t("hotspots_page.of_land", lang, share=f"{100 * row['share']:g}"),
            round(100 * row["hit_rate"], 1),
            t("hotspots_page.score_cell", lang, map=t(f"hotspots_page.map.{row['method']}", lang), share=f"{100 * row['share']:g}",
              hit=f"{100 * row['hit_rate']:.0f}", pai=f"{row['pai']:.1f}"))
        for row in answer.rows.to_dict("records")
    ]  # fmt: skip
    st.subheader(t("hotspots_page.score_title", lang))
    ink = palette(view.night)["ink"]
    spec = hotspots_charts.bars(
        rows, ink, [SCORED.get(method, SCORED["count"]) for method in methods], t("hotspots_page.score_title", lang), height=420,
        up=t("hotspots_page.axis.hit_rate", lang), across=t("hotspots_page.axis.share_of_land", lang),
    )  # fmt: skip
    st.vega_lite_chart(spec, width="stretch", theme=None)
    st.caption(t("hotspots_page.score_note", lang, day=_split(answer, lang), later=number(answer.summary["later"])))


def _split(answer: Answer, lang: str) -> str:
    return day(date.fromisoformat(str(answer.summary["split"])), lang)


def _best(answer: Answer, lang: str) -> tuple[str, str]:
    """Which map held most at the usual share of the land, in words, and how the plain count did."""
    at = answer.rows[(answer.rows["share"] - BESIDE).abs() < 1e-9]
    plain_count = float(at.loc[at["method"] == "count", "hit_rate"].iloc[0])
    maps = at[at["method"] != "count"]
    best = maps.iloc[int(maps["hit_rate"].to_numpy().argmax())]
    values = {
        "map": t(f"hotspots_page.map.{best['method']}", lang), "share": f"{100 * BESIDE:g}",
        "hit": f"{100 * best['hit_rate']:.0f}", "plain": f"{100 * plain_count:.0f}",
    }  # fmt: skip
    key = "score_count" if best["hit_rate"] - plain_count < 0.02 else "score"
    return t(f"hotspots_page.found.{key}", lang, **values), best["method"]


def beside_score(view: View, answer: Answer, drawn: Picture) -> None:
    lang, rows = view.lang, answer.rows
    said, _ = _best(answer, lang)
    finding(
        said, t("hotspots_page.found.score_how", lang, day=_split(answer, lang), later=number(answer.summary["later"]))
    )
    listed(
        "scores",
        {
            "map": [t(f"hotspots_page.map.{method}", lang) for method in rows["method"]],
            "share": [f"{100 * share:g}%" for share in rows["share"]],
            "hit": [f"{100 * rate:.0f}%" for rate in rows["hit_rate"]],
            "pai": rows["pai"].round(2).tolist(),
            "pei": rows["pei"].round(2).tolist(),
        },
        {
            "map": text_column(lang, "map"),
            "share": text_column(lang, "share"),
            "hit": text_column(lang, "hit", helped=True),
            "pai": count_column(lang, "pai", helped=True, form="%.2f"),
            "pei": count_column(lang, "pei", helped=True, form="%.2f"),
        },
    )


def scores_here(view: View) -> None:
    """Beside a map of where: how well such maps have foretold here, as soon as that is known."""
    try:
        answer = look(view.question("pai"), wait_s=0.3)
    except AnalysisRefused:  # too few incidents to score a map: there is nothing to be said of it
        return
    if isinstance(answer, Answer):
        said, _ = _best(answer, view.lang)
        st.caption(f"**{plain(t('hotspots_page.score_short', view.lang))}** {plain(said)}")
