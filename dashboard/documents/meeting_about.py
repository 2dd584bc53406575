"""What stands with every figure of a meeting that is taken away: the filter, the method, the moment, and what to bear in mind."""

from __future__ import annotations

from dashboard.documents.meeting_pack import MeetingPack
from dashboard.documents.typesetting import printable
from dashboard.i18n import has, t
from dashboard.i18n.dates import day, local, moment, number, period
from dashboard.meeting_decisions import came_words
from dashboard.meeting_screen import choice_words
from geo.model.meeting_sheet import MeetingSheet, OverviewSheet

__all__ = ["about", "cover", "foot", "method_lines"]

NOTES = ("figures", "change", "unverified")
"""What holds for every figure; the words are ``meeting_paper.note.…``."""


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


def cover(pack: MeetingPack) -> dict[str, str]:
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
