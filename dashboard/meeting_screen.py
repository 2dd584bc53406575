"""A meeting as its screen needs it: every word said, every number written, nothing left to compute in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.i18n import name, t, words
from dashboard.i18n.dates import day as day_words
from dashboard.i18n.dates import distance, moment, number, period
from dashboard.maps.meeting_layers import bounds, jumps, outlined, sheet_layers
from dashboard.maps.palette import palette
from dashboard.meeting_decisions import Known
from dashboard.meeting_words import figure_words, found_words, place_rows
from geo.model import CrimeType
from geo.model.meeting import Meeting
from geo.model.meeting_sheet import FIGURES, Figure, MeetingSheet, OverviewSheet, TopPlace

__all__ = ["choice_words", "papers", "screen_of"]

MOST_FOUND, MOST_TOP, MOST_OVERALL, MOST_DISTRICTS = 4, 5, 3, 12
"""Lines for which there is room at a size that is read from the back of the room."""
PAPERS = ("pdf", "pptx", "xlsx", "gpkg")
_WORDS = "meeting_screen.words."


def screen_of(
    meeting: Meeting,
    overview: OverviewSheet | None,
    sheets: Sequence[MeetingSheet],
    known: Known,
    *,
    demo: bool,
) -> dict[str, Any]:
    """All that does not move: the overview, and a sheet for each district in the meeting's order.

    Parameters
    ----------
    overview
        Nothing for a reader who may not see all districts of the meeting.
    demo
        Whether the store holds a demonstration, which is said on every screen.
    """
    lang = known.lang
    screens = {sheet.district: number for number, sheet in enumerate(sheets, 1)}
    return {
        "meeting": {
            "title": meeting.title,
            "what": choice_words(meeting, known.types, lang),
            "as_of": t("meeting_screen.as_of", lang, time=moment(meeting.as_of, lang)),
            "demo": t("meeting_screen.demo", lang) if demo or meeting.is_demo else None,
        },
        "first": _overview(overview, meeting, screens, known),
        "sheets": [_sheet(sheet, meeting, known) for sheet in sheets],
        "words": {key.removeprefix(_WORDS): t(key, lang, n="{n}") for key in words("th") if key.startswith(_WORDS)}
        | {"jump": t("meeting_screen.legend.count", lang)},
        "explained": [
            [t(f"meeting_screen.about_title.{what}", lang), t(f"meeting_screen.about.{what}", lang)]
            for what in ("hot", "emerging", "top", "unverified", *(("small",) if meeting.hides_small else ()), "reports")
        ],
        "palette": {"day": palette(False), "night": palette(True)},
        "credit": t("map.attribution", lang),
    }  # fmt: skip


def _overview(
    overview: OverviewSheet | None, meeting: Meeting, screens: Mapping[str, int], known: Known
) -> dict[str, Any]:
    if overview is None:
        return {
            "figures": [],
            "bounds": None,
            "lines": None,
            "layers": [],
            "jumps": [],
            "most": [],
            "changed": (),
            "method": "",
        }
    return {
        "figures": _figures(overview.figures, meeting, known.lang),
        "bounds": bounds(overview.map),
        "lines": outlined(overview),
        "layers": [],
        "jumps": jumps(overview, screens, known.lang),
        "most": _most(overview, screens, meeting, known.lang),
        "changed": _changed(overview, meeting, known)[:MOST_OVERALL],
        "method": _method(overview, known.lang),
    }


def _most(overview: OverviewSheet, screens: Mapping[str, int], meeting: Meeting, lang: str) -> list[dict[str, Any]]:
    """The districts with most incidents, that lead to their screens."""
    rows = sorted(overview.rows, key=lambda row: -(row.figures[0].value or 0))
    told = []
    for row in rows[:MOST_DISTRICTS]:
        count, moved = (figure_words(figure, lang, meeting.hides_small) for figure in row.figures[:2])
        said = name(row, lang) or row.district
        told.append({"name": said, "screen": screens[row.district], "value": count.value, "change": moved.value})
    return told


def _figures(figures: Sequence[Figure], meeting: Meeting, lang: str) -> list[dict[str, Any]]:
    told = []
    for one in figures:
        said = figure_words(one, lang, meeting.hides_small)
        told.append({
            "label": said.title, "value": said.value, "under": said.under, "way": _way(one),
            "help": t(f"meeting_screen.help.{one.name}", lang),
        })  # fmt: skip
    return told


def _way(figure: Figure) -> str:
    """Which way it went, for a sign beside the figure; no colour says good or bad by itself."""
    if figure.change is None or figure.name != FIGURES[1]:
        return ""
    return "up" if "increase" in figure.change else "down" if "decrease" in figure.change else ""


def _sheet(sheet: MeetingSheet, meeting: Meeting, known: Known) -> dict[str, Any]:
    lang = known.lang
    rows = place_rows(sheet.top, known.types, lang, meeting.hides_small)
    return {
        "code": sheet.district,
        "name": t("meeting.place.district", lang, name=name(sheet, lang) or sheet.district),
        "where": _where(sheet, lang),
        "figures": _figures(sheet.figures, meeting, lang),
        "empty": _quiet(lang) if sheet.figures[0].value == 0 else None,
        "changed": [{"text": said} for said in _changed(sheet, meeting, known)[:MOST_FOUND]],
        "places": [
            {
                "n": row.rank, "name": row.place, "count": t("meeting_screen.place_count", lang, n=row.count),
                "sub": _sub(row.main_type, row.signs, one, lang), "lon": one.lon, "lat": one.lat,
            }
            for row, one in zip(rows, sheet.top, strict=True)
        ][:MOST_TOP],
        "bounds": bounds(sheet.map),
        "lines": outlined(sheet),
        "layers": sheet_layers(sheet.map, meeting.layers, known.types, lang),
        "method": _method(sheet, lang),
    }  # fmt: skip


def _sub(main_type: str, signs: Sequence[str], one: TopPlace, lang: str) -> str:
    said = t("meeting_screen.place_sub", lang, type=main_type, day=day_words(one.last, lang))
    return " · ".join((said, *signs[-1:]))


def _where(sheet: MeetingSheet, lang: str) -> str:
    province = name(sheet, lang, "province")
    if not sheet.neighbours:
        return t("meeting_screen.where", lang, province=province)
    beyond = ", ".join(t(f"neighbour.{code}", lang) for code in sheet.neighbours)
    return t("meeting_screen.where_neighbour", lang, province=province, neighbours=beyond)


def _quiet(lang: str) -> list[dict[str, str]]:
    return [{"text": t(f"meeting_screen.quiet.{what}", lang)} for what in ("asked", "villages", "patrols", "channels")]


def _changed(sheet: MeetingSheet | OverviewSheet, meeting: Meeting, known: Known) -> tuple[str, ...]:
    return found_words(sheet, known.types, known.lang, meeting.hides_small)


def _method(sheet: MeetingSheet | OverviewSheet, lang: str) -> str:
    """One line under the map."""
    parts = [t("meeting_screen.method.few", lang)] if sheet.few else []
    for one in sheet.methods:
        before = period(sheet.before_first, sheet.before_last, lang)
        parts.append(t(f"meeting_screen.method.{one.name}", lang, n=number(one.n), before=before))
    if sheet.map.hexagons:
        size = distance(sheet.map.hexagon_m, lang)
        parts.append(t("meeting_screen.method.hexagon", lang, distance=size))
    return " · ".join(parts)


def choice_words(meeting: Meeting, types: Mapping[str, CrimeType], lang: str) -> str:
    """What a meeting counts: period, types, and whether only what is verified."""
    chosen = meeting.filter
    kinds = ", ".join(name(types[code], lang) for code in chosen.crime_types if code in types)
    said = [
        period(chosen.first, chosen.last, lang),
        kinds or t("meeting_screen.all_types", lang),
        t("meeting_screen.verified_only" if chosen.verified_only else "meeting_screen.unverified_too", lang),
    ]
    return " · ".join((*said, *(t(f"channel.{code}", lang) for code in chosen.channels)))


def papers(number: int, lang: str) -> list[tuple[str, str]]:
    """Address and name of each file that can be taken away; the routes ask anew who comes."""
    return [(f"/papers/meeting/{number}.{form}?lang={lang}", t(f"meeting_page.{form}", lang)) for form in PAPERS]
