"""A meeting's sheets as pages: every word and number of its papers and slides, from the frozen sheets alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.documents.map_names import Label
from dashboard.documents.meeting_map import DrawnSheet, draw_sheet
from dashboard.documents.position import grid_words
from dashboard.documents.referral_pack import Names
from dashboard.documents.typesetting import printable
from dashboard.i18n import has, name, t
from dashboard.i18n.dates import day, local, moment, month, number, period, today
from dashboard.meeting_decisions import Known, came_words, due_words, ended_words, owner_words
from dashboard.meeting_screen import choice_words
from dashboard.meeting_words import breakdown, figure_words, found_words, place_rows, week_counts, written
from geo.model.meeting import CameSince, Decision, DecisionState, Meeting
from geo.model.meeting_sheet import MeetingSheet, OverviewSheet, WeekCount

__all__ = [
    "MeetingPack",
    "about",
    "cover",
    "decision_lines",
    "decisions_of",
    "district_name",
    "foot",
    "method_lines",
    "overview_rows",
    "page",
]

LONGEST = 700
"""Characters of a decision on a page or a slide; all of it stands in the workbook."""
MOST_TYPES = 6
NOTES = ("figures", "change", "unverified")
"""What holds for every figure; the words are ``meeting_paper.note.…``."""


@dataclass(frozen=True, slots=True)
class MeetingPack:
    """What is taken away of a meeting.

    Attributes
    ----------
    overview
        Nothing where only one district is taken away, or its reader may not see all districts of the meeting.
    sheets
        In the meeting's order.
    decisions
        Of these districts: those that are open, and all of this meeting.
    came
        What came after the snapshot.
    lang
        ``th`` or ``en``.
    now
        Aware moment of taking away.
    """

    meeting: Meeting
    overview: OverviewSheet | None
    sheets: tuple[MeetingSheet, ...]
    decisions: tuple[Decision, ...]
    came: CameSince
    names: Names
    lang: str
    now: datetime

    @property
    def today(self) -> date:
        """Day of taking away, in Bangkok."""
        return today(self.now)

    @property
    def known(self) -> Known:
        """What codes are called, for the words of decisions."""
        return Known(self.names.types, self.names.agencies, self.names.districts, self.lang, self.today)

    @property
    def first(self) -> MeetingSheet | OverviewSheet:
        """The sheet that says the period."""
        return self.overview or self.sheets[0]


def district_name(sheet: Any, lang: str) -> str:
    """``อ.เมืองหนองคาย`` of a sheet or a row."""
    return t("meeting.place.district", lang, name=name(sheet, lang) or sheet.district)


def where(sheet: MeetingSheet, lang: str) -> str:
    """Its province, and what it borders."""
    province = name(sheet, lang, "province")
    if not sheet.neighbours:
        return t("meeting_screen.where", lang, province=province)
    beyond = ", ".join(t(f"neighbour.{code}", lang) for code in sheet.neighbours)
    return t("meeting_screen.where_neighbour", lang, province=province, neighbours=beyond)


def foot(pack: MeetingPack) -> dict[str, str]:
    """What stands under every page and slide."""
    lang = pack.lang
    return {
        "filter": choice_words(pack.meeting, pack.names.types, lang),
        "as_of": t("meeting_screen.as_of", lang, time=moment(pack.meeting.as_of, lang)),
        "printed": t("meeting_paper.printed", lang, at=moment(local(pack.now), lang)),
        "reports": t("meeting_paper.reports", lang),
        "credit": t("paper.map_credit", lang),
        "demo": t("meeting_paper.demo", lang) if pack.meeting.is_demo else "",
    }


def cover(pack: MeetingPack) -> dict[str, Any]:
    """The title, what is counted, and since when."""
    lang, first = pack.lang, pack.first
    return {
        "title": printable(pack.meeting.title, 200),
        "held": t("meeting_paper.held", lang, day=day(pack.meeting.held_on, lang)),
        "period": period(first.first, first.last, lang),
        "before": t("meeting_paper.before", lang, period=period(first.before_first, first.before_last, lang)),
        "came": came_words(pack.came, lang),
        "small": t("meeting_paper.small", lang) if pack.meeting.hides_small else "",
    }


def about(pack: MeetingPack) -> list[tuple[str, str]]:
    """What the whole is, label and words: the meeting, the filter, the moment, the method, and what to bear in mind."""
    lang, told, under = pack.lang, cover(pack), foot(pack)
    rows = [
        (t("meeting_paper.kind", lang), pack.meeting.title),
        (t("meeting_paper.day", lang), day(pack.meeting.held_on, lang)),
        (t("meeting_paper.filter", lang), under["filter"]),
        (t("meeting_paper.against", lang), told["before"]),
        (t("export.about.as_of", lang), moment(pack.meeting.as_of, lang)),
        (t("export.about.note", lang), told["came"]),
        *((t("meeting_paper.method", lang), line) for line in method_lines(pack.first, lang)),
        *((t("export.about.note", lang), t(f"meeting_paper.note.{note}", lang)) for note in NOTES),
        (t("export.about.note", lang), told["small"]),
        (t("export.about.note", lang), under["reports"]),
        (t("meeting_paper.ground", lang), under["credit"]),
        (t("meeting_paper.versions", lang), ", ".join(f"{what} {n}" for what, n in pack.first.versions.items())),
        (t("export.about.note", lang), under["demo"]),
    ]
    return [(label, words) for label, words in rows if words]


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
            {"name": _type(row.code, pack), "now": row.now, "before": row.before, "change": row.change or "–"}
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


def _type(code: str, pack: MeetingPack) -> str:
    types = pack.names.types
    return name(types[code], pack.lang) if code in types else code


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
            return _type(of, pack) if of else t("meeting_screen.legend.other", pack.lang)
    return t(f"meeting_paper.legend.{group}", pack.lang)


def method_lines(sheet: MeetingSheet | OverviewSheet, lang: str) -> list[str]:
    """How each thing on a sheet was computed, with its parameters and of how many incidents."""
    lines = []
    for one in sheet.methods:
        before = period(sheet.before_first, sheet.before_last, lang)
        said = [t(f"meeting_paper.computed.{one.name}", lang, n=number(one.n), before=before)]
        said += [_parameter(key, value, lang) for key, value in one.parameters.items() if value is not None]
        lines.append(", ".join(said))
    return lines


def _parameter(key: str, value: float | str, lang: str) -> str:
    """A parameter with its name; what has no word of its own is said as the program calls it."""
    label = f"meeting_paper.parameter.{key}"
    said = value if isinstance(value, str) else f"{value:,.10g}"
    called = f"meeting_paper.value.{said}"
    return f"{t(label, lang) if has(label) else key} {t(called, lang) if has(called) else said}"


def decisions_of(pack: MeetingPack, district: str | None = None) -> list[Decision]:
    """Decisions of a district, or of all: open ones first, the one that is due first before."""
    chosen = [one for one in pack.decisions if district in (None, one.district)]
    return sorted(chosen, key=lambda one: (one.state is not DecisionState.OPEN, one.due, one.id))


def decision_lines(pack: MeetingPack, district: str | None = None) -> list[dict[str, Any]]:
    """Decisions in words; what people typed is text, cut where a page would not bear it."""
    lang, as_of = pack.lang, pack.today
    called = {sheet.district: district_name(sheet, lang) for sheet in pack.sheets}
    return [
        {
            "district": called.get(one.district, one.district),
            "words": printable(one.words, LONGEST),
            "owner": printable(owner_words(one, pack.known), 200),
            "due": due_words(one, as_of, lang) if one.state is DecisionState.OPEN else "",
            "late": one.late(as_of),
            "since": _since(one, pack),
            "place": printable(_place(one, lang), 200),
            "ended": printable(ended_words(one, lang), LONGEST),
        }
        for one in decisions_of(pack, district)
    ]


def _since(one: Decision, pack: MeetingPack) -> str:
    if one.meeting_id == pack.meeting.id:
        return t("meeting_paper.since_now", pack.lang)
    return t(
        "meeting_paper.since", pack.lang, day=day(one.held_on, pack.lang), meeting=printable(one.meeting_title, 120)
    )


def _place(one: Decision, lang: str) -> str:
    said = []
    if one.checkpoint_name:
        said.append(t("meeting_screen.decision.plan", lang, name=one.checkpoint_name))
    if one.lon is not None and one.lat is not None:
        said.append(grid_words(one.lon, one.lat))
    return " · ".join(said)
