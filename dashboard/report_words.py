"""What a report says in words: its figures with their labels, corrections beside what was counted, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.documents.referral_pack import Names
from dashboard.i18n import has, name, t
from dashboard.i18n.dates import change, day, moment, month, number
from geo.model.month_report import FigureRow, Group, MonthReport, OpenDecision, ReportState

__all__ = [
    "Line",
    "Section",
    "decision_words",
    "label",
    "place_name",
    "sections",
    "state_words",
    "title",
    "written",
    "written_figure",
]

HIDES_EMPTY = frozenset({Group.ACTIVITIES, Group.OUTCOMES, Group.REFERRALS, Group.STATES, Group.CHANNELS})
"""Groups whose figures that are 0 in both months say nothing; all of them stand in the workbook."""
ALWAYS = frozenset({"referrals.sent", "activities.people"})


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it is read.

    Attributes
    ----------
    value, before, change
        In words; ``before`` and ``change`` are empty where they cannot be told.
    correction
        What was counted and why it was corrected; empty where it was not.
    """

    key: str
    label: str
    value: str
    before: str
    change: str
    correction: str


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one group."""

    group: Group
    title: str
    lines: tuple[Line, ...]


def sections(report: MonthReport, names: Names, lang: str, *, whole: bool = False) -> tuple[Section, ...]:
    """The figures in their groups; ``whole`` keeps those that are 0 in both months."""
    found = []
    for group in Group:
        lines = [
            _line(report, row, names, lang)
            for row in report.content.figures
            if row.group is group and (whole or _tells(report, row))
        ]
        found.append(Section(group, t(f"reports.group.{group}", lang), tuple(lines)))
    return tuple(found)


def _tells(report: MonthReport, row: FigureRow) -> bool:
    return row.group not in HIDES_EMPTY or row.key in ALWAYS or bool(report.value(row) or row.before)


def _line(report: MonthReport, row: FigureRow, names: Names, lang: str) -> Line:
    correction = report.corrections.get(row.key)
    value = report.value(row)
    counts = value is not None and row.before is not None and float(value).is_integer() and row.before.is_integer()
    return Line(
        row.key,
        label(row, names, lang),
        written(row, value, lang),
        written(row, row.before, lang) if row.before is not None else "",
        change(int(value), int(row.before), lang) if counts and value is not None and row.before is not None else "",
        ""
        if correction is None
        else t(
            "reports.corrected_from",
            lang,
            counted=written(row, correction.counted, lang),
            corrected=written(row, correction.corrected, lang),
            reason=correction.reason,
        ),
    )


def label(row: FigureRow, names: Names, lang: str) -> str:
    """What a figure is called."""
    match row.group:
        case Group.TYPES:
            return name(names.types[row.code], lang) if row.code in names.types else row.code
        case Group.CHANNELS:
            return t(f"channel.{row.code}", lang)
        case Group.STATES:
            return t(f"status.{row.code}", lang)
        case Group.OUTCOMES:
            return t(f"outcome.{row.code}", lang)
        case Group.ACTIVITIES if has(f"activities.kind.{row.code}"):
            return t(f"activities.kind.{row.code}", lang)
        case Group.AGENCIES:
            return name(names.agencies[row.code], lang) if row.code in names.agencies else row.code
        case Group.PLACES:
            return (name(row, lang) or row.code) if row.code != "unknown" else t("reports.unknown_place", lang)
    return t(f"reports.row.{row.group}.{row.code}", lang)


def written_figure(key: str, names: Names, lang: str) -> str:
    """What the figure of a correction is called, by its key."""
    group, _, code = key.partition(".")
    return f"{t(f'reports.group.{group}', lang)}: {label(FigureRow(Group(group), code, None), names, lang)}"


def written(row: FigureRow, value: float | None, lang: str) -> str:
    """A value as it is read: counts whole, hours and kilometres in tenths."""
    if value is None:
        return "–"
    if row.code.endswith("hours"):
        return t("reports.hours", lang, n=f"{value:,.1f}")
    return number(int(value)) if float(value).is_integer() else f"{value:,.1f}"


def title(of: date, lang: str) -> str:
    """Title of the report of a month."""
    return t("reports.paper_title", lang, month=month(of, lang, short=False))


def place_name(report: MonthReport, names: Names, lang: str) -> str:
    """The centre in words."""
    place = names.districts.get(report.district)
    if place is None:
        return report.district
    return t("reports.paper_of", lang, district=name(place, lang), province=name(place, lang, "province"))


def state_words(report: MonthReport, lang: str) -> str:
    """Who answers for it and since when; that it is a draft."""
    if report.state is ReportState.DRAFT or report.signed_at is None:
        return t("reports.state_draft", lang)
    return t("reports.state_signed", lang, name=report.signed_by or "–", time=moment(report.signed_at, lang))


def decision_words(one: OpenDecision, names: Names, lang: str) -> str:
    """Who does what was decided, and until when."""
    agency = name(names.agencies[one.agency], lang) if one.agency and one.agency in names.agencies else one.agency
    code = "decision_late" if one.late else "decision_due"
    return " · ".join(
        part for part in (one.owner or agency, t(f"reports.{code}", lang, day=day(one.due, lang))) if part
    )
