"""A centre's report of a month, ready to be set in any form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.documents.meeting_pack import MeetingPack
from dashboard.documents.meeting_pages import page
from dashboard.documents.referral_pack import Names
from dashboard.documents.thai_digits import thai_digits
from dashboard.i18n import t
from dashboard.i18n.dates import day, local, moment, month, number
from dashboard.report_words import decision_words, place_name, sections, state_words, title
from geo.model.meeting import CameSince, Meeting, MeetingFilter, MeetingState
from geo.model.month_report import MonthReport, Narrative, ReportState, last_day

__all__ = ["SHAPE", "MonthPack", "month_data", "with_thai_digits"]

SHAPE = (0.62, 0.95)
"""Lowest and highest height of the map by its width."""


@dataclass(frozen=True, slots=True)
class MonthPack:
    """What is taken away of a month.

    Attributes
    ----------
    lang
        ``th`` or ``en``.
    digits
        Thai digits in place of Arabic ones.
    now
        Aware moment of taking away.
    """

    report: MonthReport
    names: Names
    lang: str
    now: datetime
    digits: bool = False

    def as_meeting(self) -> MeetingPack:
        """The sheet of the month as a meeting takes it away, for its map and weeks."""
        sheet, one = self.report.content.sheet, self.report
        chosen = MeetingFilter(one.month, last_day(one.month), verified_only=False)
        meeting = Meeting(
            id=one.id, title="", held_on=one.month, prepared_by=None, prepared_name=None, state=MeetingState.HELD,
            districts=(one.district,), filter=chosen, layers=(), as_of=one.content.as_of, hides_small=False,
            created_at=one.made_at, started_at=None, finished_at=None, is_demo=one.is_demo,
        )  # fmt: skip
        return MeetingPack(meeting, None, (sheet,), (), CameSince(0, {}), self.names, self.lang, self.now)


def month_data(pack: MonthPack) -> dict[str, Any]:
    """Every word and number of the papers, in their order; the map's drawing is ``sheet.map.svg``."""
    report, lang = pack.report, pack.lang
    same = t("dates.unchanged", lang)
    data = {
        "lang": lang,
        "title": title(report.month, lang),
        "centre": place_name(report, pack.names, lang),
        "month": month(report.month, lang, short=False),
        "version": t("reports.version", lang, n=report.version)
        if report.reason is None
        else t("reports.version_because", lang, n=report.version, reason=report.reason),
        "state": state_words(report, lang),
        "draft": t("reports.unsigned", lang) if report.state is ReportState.DRAFT else "",
        "as_of": t("reports.as_of", lang, time=moment(report.content.as_of, lang)),
        "demo": t("reports.demo", lang) if report.is_demo else "",
        "sections": [
            {
                "group": str(section.group),
                "title": section.title,
                "lines": [
                    {"label": line.label, "value": line.value, "before": line.before,
                     "change": "=" if line.change == same else line.change,
                     "corrected": bool(line.correction)}
                    for line in section.lines
                ],
            }
            for section in sections(report, pack.names, lang)
        ],
        "corrections": [
            {"label": line.label, "words": line.correction, "by": report.corrections[line.key].by or "–"}
            for section in sections(report, pack.names, lang)
            for line in section.lines
            if line.correction
        ],
        "narrative": [
            {"title": t(f"reports.narrative.{part}", lang), "words": report.narrative.get(part, "")} for part in Narrative
        ],
        "decisions": [
            {"words": one.words, "more": decision_words(one, pack.names, lang), "late": one.late}
            for one in report.content.decisions
        ],
        "sheet": page(pack.as_meeting(), report.content.sheet, SHAPE),
        "signed_by": report.signed_by or "",
        "signed_on": day(local(report.signed_at).date(), lang) if report.signed_at else "",
        "chain": t("reports.chain", lang, entries=number(report.content.chain_entries), head=report.content.chain_head[:16]),
        "words": {key: t(f"reports.{key}", lang) for key in WORDS} | {"credit": t("map.attribution", lang)},
    }  # fmt: skip
    return with_thai_digits(data) if pack.digits else data


WORDS = (
    "this", "before", "change", "figure", "corrections", "counted", "corrected_to", "by", "map", "weeks", "decisions",
    "no_decisions", "nothing_written", "none_there", "reports_not_crime", "page", "signature",
)  # fmt: skip
KEPT = frozenset({"svg", "file", "key", "group", "chain", "credit", "lang", "pages"})
"""What is no text for a reader, or is compared letter by letter."""


def with_thai_digits(value: Any) -> Any:
    """The same data with Thai digits in all that is read."""
    if isinstance(value, str):
        return thai_digits(value)
    if isinstance(value, Mapping):
        return {key: one if key in KEPT else with_thai_digits(one) for key, one in value.items()}
    if isinstance(value, list):
        return [with_thai_digits(one) for one in value]
    return value
