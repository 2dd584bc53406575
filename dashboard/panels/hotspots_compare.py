"""Two periods: beside each other on maps that move together, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.filter_state import EARLIEST
from dashboard.hotspot_choice import AGAINST
from dashboard.hotspots.answer import Answer
from dashboard.hotspots.periods import Comparison, compared
from dashboard.hotspots.question import Question
from dashboard.i18n import name, t
from dashboard.i18n.dates import change, number, percent, period
from dashboard.labels import plain
from dashboard.maps import computed
from dashboard.maps.choropleth import count_breaks
from dashboard.maps.computed import Classes
from dashboard.maps.palette import CHANGE, HEAT
from dashboard.panels.hotspots_how import finding
from dashboard.panels.hotspots_list import count_column, listed, text_column
from dashboard.panels.hotspots_places import named_at
from dashboard.panels.hotspots_view import Picture, View
from dashboard.panels.hotspots_where import SHOWN, legend_of, shade

__all__ = ["beside_comparison", "comparison", "controls", "question"]

KINDS = ("strong_decrease", "decrease", "no_change", "increase", "strong_increase", "limited_change")
SIGNS = ("▼▼", "▼", "=", "▲", "▲▲", "·")


def question(view: View) -> Question:
    """The later period that was chosen, against the earlier one."""
    asked = view.question()
    if view.choice.against == "custom":
        return replace(asked, asked=replace(asked.asked, earlier=view.choice.before))
    (first, last), earlier = compared(Comparison(view.choice.against), view.today)
    return replace(
        asked, chosen=replace(view.incidents, first=first, last=last), asked=replace(asked.asked, earlier=earlier)
    )


def controls(view: View) -> None:
    """Which periods, and whether beside each other."""
    lang = view.lang
    session.put("against", view.choice.against)
    st.pills(
        t("hotspots_page.against_label", lang), AGAINST, key="against", required=True, label_visibility="collapsed",
        format_func=lambda code: plain(t(f"hotspots_page.against.{code}", lang)),
        on_change=_against,
    )  # fmt: skip
    if view.choice.against == "custom":
        _days(view)
    else:
        st.caption(t("hotspots_page.own_periods", lang))
    session.put("side_by_side", view.choice.side_by_side)
    st.toggle(
        t("hotspots_page.side_by_side", lang), key="side_by_side",
        on_change=lambda: session.choose(side_by_side=session.value("side_by_side")),
    )  # fmt: skip


def _against() -> None:
    if code := session.value("against"):  # a browser that has not drawn it yet says nothing of it
        session.choose(against=code, before=None)


def _days(view: View) -> None:
    lang, later = view.lang, view.incidents
    st.caption(t("hotspots_page.later", lang, days=period(later.first, later.last, lang)))
    before = view.choice.before or (later.before().first, later.before().last)

    def take() -> None:
        days = session.value("before_days")
        if len(days) == 2:
            session.choose(before=(days[0], days[1]))

    if not session.half_chosen("before_days"):
        session.put("before_days", before)
    st.date_input(
        t("hotspots_page.earlier_days", lang), key="before_days", on_change=take, format="DD/MM/YYYY",
        min_value=EARLIEST, max_value=later.first - timedelta(days=1),
    )  # fmt: skip


def _changes(view: View) -> Classes:
    lang = view.lang
    return Classes(
        t("hotspots_page.legend.compare", lang),
        tuple(t(f"hotspots_page.change.{kind}", lang) for kind in KINDS),
        CHANGE[shade(view)], SIGNS, t("hotspots_page.legend.compare_note", lang),
    )  # fmt: skip


def comparison(view: View, answer: Answer) -> Picture:
    """The change map, or both periods on maps that move together."""
    ranked, shapes = _ranked(answer), answer.shapes_in_degrees()
    assert shapes is not None
    boxes = [None if shapes[at] is None else computed.box_of(shapes[at]) for at in ranked.index[:SHOWN]]
    if view.choice.side_by_side:
        now, before = _periods(view, answer)
        return replace(now, boxes=boxes, beside=before)
    kinds = _changes(view)
    place = [KINDS.index(kind) for kind in answer.rows["class"]]
    if "code" in answer.rows:
        values = dict(zip(answer.rows["code"], place, strict=True))
        return Picture(computed={}, classes=kinds.legend() | {"values": values}, boxes=boxes)
    # What cannot be told is drawn first: from far out areas lie over each other.
    order = sorted(range(len(place)), key=lambda at: place[at] != KINDS.index("limited_change"))
    latest = answer.rows["latest"].astype(int).tolist()
    drawn: dict[str, Any] = {
        "areas": computed.areas(shapes[order], [place[at] for at in order], kinds, [latest[at] for at in order]),
        "labels": list(kinds.labels),
        "count": t("hotspots_page.count", view.lang, n="{n}"),
        "legend": legend_of(view, kinds, [place.count(kind) for kind in range(len(KINDS))]),
    }
    return Picture(computed=drawn, boxes=boxes)


def _periods(view: View, answer: Answer) -> tuple[Picture, Picture]:
    """Both periods in the same classes of counts."""
    rows = answer.rows
    both = np.concatenate([rows["latest"].to_numpy(), rows["before"].to_numpy()])
    heat = HEAT[shade(view)]
    breaks = count_breaks((round(n) for n in both), len(heat))
    colours = heat[len(heat) - len(breaks) :]
    labels = tuple(
        number(high) if high == low + 1 else f"{number(low + 1)}–{number(high)}"
        for low, high in zip([0, *breaks], breaks, strict=False)
    )
    made = []
    for column, title in zip(("latest", "before"), titles(view, answer), strict=True):
        kinds = Classes(title, labels, colours)
        counts = rows[column].to_numpy()
        some = np.flatnonzero(counts > 0)
        some = some[np.argsort(counts[some], kind="stable")]  # the most on top
        place = np.searchsorted(breaks, counts[some]).tolist()
        if "code" in rows:
            values = dict(zip(rows["code"].iloc[some], place, strict=True))
            made.append(Picture(computed={}, classes=kinds.legend() | {"values": values}, title=title))
            continue
        shapes = answer.shapes_in_degrees()
        assert shapes is not None
        drawn = {
            "areas": computed.areas(shapes[some], place, kinds, counts[some].astype(int).tolist()),
            "labels": list(kinds.labels),
            "count": t("hotspots_page.count", view.lang, n="{n}"),
            "legend": legend_of(view, kinds, [place.count(kind) for kind in range(len(labels))]),
        }
        made.append(Picture(computed=drawn, title=title))
    return made[0], made[1]


def titles(view: View, answer: Answer) -> tuple[str, str]:
    """The later and the earlier period with their counts."""
    found, lang = answer.summary, view.lang
    return (
        t("hotspots_page.period_title", lang, days=_period(found, "first", "last", lang), n=number(found["n"])),
        t("hotspots_page.period_title", lang, days=_period(found, "earlier_first", "earlier_last", lang), n=number(found["before"])),
    )  # fmt: skip


def _period(found: Mapping[str, Any], first: str, last: str, lang: str) -> str:
    return period(date.fromisoformat(found[first]), date.fromisoformat(found[last]), lang)


def _ranked(answer: Answer) -> pd.DataFrame:
    """Where a change can be told first, the largest change on top."""
    rows = answer.rows.assign(limited=answer.rows["class"] == "limited_change", size=answer.rows["difference"].abs())
    return rows.sort_values(["limited", "size"], ascending=[True, False], kind="stable")


def beside_comparison(view: View, answer: Answer, drawn: Picture) -> None:
    lang, found = view.lang, answer.summary
    rows, now, before = _ranked(answer).head(SHOWN), found["n"], found["before"]
    later, earlier = _period(found, "first", "last", lang), _period(found, "earlier_first", "earlier_last", lang)
    finding(
        t("hotspots_page.found.compare", lang, n=number(now), before=number(before), change=change(now, before, lang)),
        t("hotspots_page.found.compare_days", lang, later=later, earlier=earlier),
        t("hotspots_page.found.compare_effort", lang) if now > before else "",
    )
    if "code" in rows:
        places = [name(row, lang) or row["code"] for row in rows.to_dict("records")]
    else:
        places = named_at(view, rows["x"].tolist(), rows["y"].tolist())
    listed(
        "changes",
        {
            "place": places,
            "before": rows["before"].astype(int).tolist(),
            "now": rows["latest"].astype(int).tolist(),
            "change": [_said(row) for row in rows.to_dict("records")],
            "kind": [t(f"hotspots_page.change.{kind}", lang) for kind in rows["class"]],
        },
        {
            "place": text_column(lang, "place"),
            "before": count_column(lang, "before"),
            "now": count_column(lang, "now"),
            "change": text_column(lang, "change", helped=True),
            "kind": text_column(lang, "change_kind", helped=True),
        },
        drawn.boxes,
    )


def _said(row: Mapping[Any, Any]) -> str:
    return f"{int(row['difference']):+,}" if not np.isfinite(row["percent"]) else percent(row["percent"] / 100)
