"""The report of a quarter, ready to be set in any form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.documents.month_pack import with_thai_digits
from dashboard.documents.referral_pack import Names
from dashboard.documents.typesetting import printable
from dashboard.i18n import t
from dashboard.i18n.dates import day, local, moment, number
from dashboard.quarter_words import centre_lines, judged, quarter_name, said_by, share_words, type_lines
from dashboard.report_words import written_figure
from geo.analysis.shares import FEW
from geo.model.month_report import Narrative, ReportState
from geo.model.quarter_report import Indicator, QuarterNarrative, QuarterReport

__all__ = ["QuarterPack", "quarter_data"]

WORDS = (
    "targets", "target", "result", "centres", "centres_note", "centre", "reports", "incidents", "before", "change",
    "hours", "types", "trend", "decisions", "corrections_none", "internal",
)  # fmt: skip
COMMON = ("nothing_written", "none_there", "reports_not_crime", "page", "signature", "corrections", "by")


@dataclass(frozen=True, slots=True)
class QuarterPack:
    """What is taken away of a quarter; as `dashboard.documents.month_pack.MonthPack`."""

    report: QuarterReport
    names: Names
    lang: str
    now: datetime
    digits: bool = False


def quarter_data(pack: QuarterPack) -> dict[str, Any]:
    """Every word and number of the papers, in their order."""
    report, names, lang = pack.report, pack.names, pack.lang
    content = report.content
    most = max([1, *(one.incidents for one in content.trend)])
    state = t("reports.state_draft", lang)
    if report.signed_at is not None:
        state = t("reports.state_signed", lang, name=report.signed_by or "–", time=moment(report.signed_at, lang))
    data = {
        "lang": lang,
        "title": t("quarter.paper_title", lang, quarter=quarter_name(report.quarter, lang)),
        "centre": t("quarter.paper_of", lang),
        "quarter": quarter_name(report.quarter, lang),
        "version": t("reports.version", lang, n=report.version)
        if report.reason is None
        else t("reports.version_because", lang, n=report.version, reason=report.reason),
        "state": state,
        "draft": t("reports.unsigned", lang) if report.state is ReportState.DRAFT else "",
        "demo": t("reports.demo", lang) if report.is_demo else "",
        "as_of": t("reports.as_of", lang, time=moment(content.as_of, lang)),
        "narrative": [
            {"title": t(f"quarter.narrative.{part}", lang), "words": printable(report.narrative.get(part, ""))}
            for part in QuarterNarrative
        ],
        "targets": [_target(content.shares[str(one)], content.targets[str(one)], one, lang) for one in Indicator],
        "indicators": [t(f"quarter.indicator.{one}", lang) for one in Indicator],
        "centres": [
            {"name": line.name, "reports": line.reports, "incidents": line.incidents, "before": line.before,
             "change": line.change, "shares": list(line.shares), "under": list(line.under), "hours": line.hours}
            for line in centre_lines(content, names, lang)
        ],
        "types": [{"name": called, "now": now, "before": before} for called, now, before in type_lines(content, names, lang)],
        "trend_heads": [t(f"quarter.trend_column.{key}", lang) for key in ("incidents", "verified_n", "closed_n", "sent")],
        "trend": [
            {"quarter": quarter_name(one.quarter, lang), "share": one.incidents / most,
             "cells": [number(one.incidents), number(one.verified_n), number(one.closed_n), number(one.sent)]}
            for one in content.trend
        ],
        "said": [
            {"title": t(f"quarter.said_{part}", lang), "none": t("quarter.said_none", lang), "rows": [
                {"who": said_by(one.district, one.month, names, lang), "words": printable(one.words)}
                for one in content.said if one.part == part]}
            for part in (Narrative.PRACTICE, Narrative.PROBLEM, Narrative.PROPOSAL)
        ],
        "decided": t("quarter.decisions_line", lang, **{key: number(n) for key, n in content.decisions.items()}),
        "corrections": [
            {"who": said_by(one.district, one.month, names, lang),
             "label": written_figure(one.figure, names, lang),
             "words": printable(t("reports.corrected_from", lang, counted="–" if one.counted is None else f"{one.counted:g}",
                                  corrected=f"{one.corrected:g}", reason=one.reason))}
            for one in content.corrected
        ],
        "signed_by": report.signed_by or "",
        "signed_on": day(local(report.signed_at).date(), lang) if report.signed_at else "",
        "chain": t("reports.chain", lang, entries=number(content.chain_entries), head=content.chain_head[:16]),
        "words": {key: t(f"quarter.{key}", lang) for key in WORDS} | {key: t(f"reports.{key}", lang) for key in COMMON},
    }  # fmt: skip
    return with_thai_digits(data) if pack.digits else data


def _target(share: Any, target: float, indicator: Indicator, lang: str) -> dict[str, Any]:
    told = judged(share, target)
    return {
        "label": t(f"quarter.indicator.{indicator}", lang),
        "target": f"{target:.0%}",
        "result": share_words(share, lang),
        "of": t("quarter.of", lang, n=number(share.n), of=number(share.of)) if share.of >= FEW else "",
        "judged": t(f"quarter.judged.{told}", lang),
        "under": told == "under",
        "share": share.n / share.of if share.of else 0,
        "wanted": target,
        "low": share.low or 0,
        "high": share.high or 0,
        "told": share.of > 0,
    }
