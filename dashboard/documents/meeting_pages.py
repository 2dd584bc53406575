"""A meeting's sheets as pages: every word and number of its papers and slides, from the frozen sheets alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.documents.map_names import Label
from dashboard.documents.meeting_about import method_lines
from dashboard.documents.meeting_map import DrawnSheet, draw_sheet
from dashboard.documents.meeting_pack import MeetingPack, district_name
from dashboard.documents.typesetting import printable
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, month
from dashboard.meeting_words import breakdown, figure_words, found_words, place_rows, week_counts, written
from geo.model.meeting_sheet import MeetingSheet, OverviewSheet, WeekCount

__all__ = ["overview_rows", "page"]

MOST_TYPES = 6
"""Rows of the breakdown for which a page has room; all of it stands in the workbook."""


def overview_rows(pack: MeetingPack) -> list[dict[str, Any]]:
    """A row for each district, with its five figures as they are written on its page."""
    hides = pack.meeting.hides_small
    return [
        {
            "district": district_name(row, pack.lang),
            "province": name(row, pack.lang, "province"),
            "figures": [figure_words(one, pack.lang, hides).value for one in row.figures],
        }
        for row in (pack.overview.rows if pack.overview is not None else pack.sheets)
    ]


def page(pack: MeetingPack, sheet: MeetingSheet | OverviewSheet, shape: tuple[float, float]) -> dict[str, Any]:
    """Everything that stands on a sheet's page.

    Parameters
    ----------
    shape
        Lowest and highest height of its map by its width.
    """
    lang, hides, types = pack.lang, pack.meeting.hides_small, pack.names.types
    places = place_rows(sheet.top, types, lang, hides)
    weeks = week_counts(sheet.by_week, hides)
    counts = (
        {row.district: round(row.figures[0].value or 0) for row in sheet.rows}
        if isinstance(sheet, OverviewSheet)
        else None
    )
    drawn = draw_sheet(sheet.map, sheet.top, types, shape, counts)
    return {
        "figures": [_figure(one.title, one.value, one.under) for one in (figure_words(f, lang, hides) for f in sheet.figures)],
        "changed": list(found_words(sheet, types, lang, hides)),
        "types": [
            {"name": pack.type_name(row.code), "now": row.now, "before": row.before, "change": row.change or "–"}
            for row in breakdown(sheet.by_type, lang, hides)
        ][:MOST_TYPES],
        "places": [
            {
                "rank": str(row.rank), "place": printable(row.place, 120), "count": row.count, "type": row.main_type,
                "share": "" if row.n is None else f"{one.main_share:.0%}", "last": day(one.last, lang),
                "signs": " · ".join(row.signs),
            }
            for row, one in zip(places, sheet.top, strict=True)
        ],
        "weeks": _weeks(sheet.by_week, weeks, lang),
        "few": t("meeting_screen.method.few", lang) if sheet.few else "",
        "method": " · ".join(method_lines(sheet, lang)),
        "map": _map(drawn, sheet, pack),
    }  # fmt: skip


def _figure(title: str, value: str, under: str) -> dict[str, str]:
    return {"title": title, "value": value, "under": under}


def _weeks(weeks: Sequence[WeekCount], said: Sequence[str], lang: str) -> dict[str, Any]:
    """Columns as shares of the highest; one whose count is not told is drawn at the lowest that it could be."""
    told = [int(count.replace(",", "")) if count[:1].isdigit() and "–" not in count else None for count in said]
    most = max([5, *(n for n in told if n is not None)])
    columns = [
        {"share": (1 if n is None else n) / most, "said": count, "told": n is not None, "whole": week.days == 7}
        for week, count, n in zip(weeks, said, told, strict=True)
    ]
    return {
        "columns": columns,
        "first": _short(weeks[0].monday, lang) if weeks else "",
        "last": _short(weeks[-1].monday, lang) if weeks else "",
    }


def _short(monday: date, lang: str) -> str:
    return f"{monday.day} {month(monday, lang)}"


def _map(drawn: DrawnSheet, sheet: MeetingSheet | OverviewSheet, pack: MeetingPack) -> dict[str, Any]:
    lang = pack.lang
    called = {one.code: name(one, lang) for one in (*sheet.map.districts, *sheet.map.around)}
    return {
        "svg": drawn.svg,
        "ratio": drawn.ratio,
        "scale": t("dates.kilometres", lang, n=f"{drawn.scale_km:g}"),
        "scale_share": drawn.scale_share,
        "north": t("meeting_paper.north", lang),
        "labels": [
            {"kind": one.kind, "words": _label(one, called, pack), "x": round(one.x, 4), "y": round(one.y, 4)}
            for one in drawn.labels
        ],
        "legend": [{"key": key, "words": _legend(key, pack)} for key in drawn.legend],
    }


def _label(one: Label, called: Mapping[str, str], pack: MeetingPack) -> str:
    match one.kind:
        case "country":
            return t(f"neighbour.{one.of}", pack.lang)
        case "rank" | "count":
            return one.of
        case "cell":
            return written([int(one.of)], pack.meeting.hides_small)[0]
    return printable(called.get(one.of) or one.of, 40)


def _legend(key: str, pack: MeetingPack) -> str:
    group, _, of = key.partition(":")
    match group:
        case "gi":
            return t(f"meeting.gi.{of}" if of != "0" else "meeting_screen.legend.some", pack.lang)
        case "emerging":
            return t(f"meeting.emerging.{of}", pack.lang)
        case "temper" | "checkpoint":
            return t(f"meeting_paper.legend.{group}_{of}", pack.lang)
        case "type":
            return pack.type_name(of) if of else t("meeting_screen.legend.other", pack.lang)
    return t(f"meeting_paper.legend.{group}", pack.lang)
