"""The numbers of a centre's month as a workbook: counted and corrected, as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from dashboard.documents.month_pack import MonthPack
from dashboard.documents.tables import Cell, Table, write_book
from dashboard.i18n import t
from dashboard.i18n.dates import moment, number
from dashboard.report_words import decision_words, label, place_name, sections, state_words, title
from geo.model.month_report import Narrative

__all__ = ["month_book"]


def month_book(pack: MonthPack) -> bytes:
    """The XLSX."""
    out = BytesIO()
    write_book(list(_tables(pack)), out)
    return out.getvalue()


def _tables(pack: MonthPack) -> Iterator[Table]:
    lang, report = pack.lang, pack.report
    content = report.content
    chain = t("reports.chain", lang, entries=number(content.chain_entries), head=content.chain_head)
    about = [
        (title(report.month, lang), place_name(report, pack.names, lang)),
        (t("reports.version", lang, n=report.version), state_words(report, lang)),
        (t("reports.figure", lang), t("reports.as_of", lang, time=moment(content.as_of, lang))),
        (t("reports.page", lang), t("reports.reports_not_crime", lang)),
        ("SHA-256", chain),
    ]
    titles = {section.group: section.title for section in sections(report, pack.names, lang, whole=True)}

    def figures() -> Iterator[list[Cell]]:
        for row in content.figures:
            correction = report.corrections.get(row.key)
            yield [
                titles[row.group],
                label(row, pack.names, lang),
                row.code,
                report.value(row),
                row.before,
                row.value if correction else None,
                correction.reason if correction else None,
                correction.by if correction else None,
            ]

    heads = [
        ("part", 30),
        ("figure", 46),
        ("district", 26),
        ("this", 12),
        ("before", 12),
        ("counted", 12),
        ("correct_why", 50),
        ("by", 26),
    ]
    yield Table(
        t("reports.group.totals", lang), about, t("reports.title", lang),
        [("code" if key == "district" else t(f"reports.{key}", lang), width) for key, width in heads], figures(),
    )  # fmt: skip
    yield Table(
        t("reports.write", lang), about, t("reports.title", lang), [(t("reports.part", lang), 34), (t("reports.write", lang), 100)],
        ([t(f"reports.narrative.{part}", lang), report.narrative.get(part, "")] for part in Narrative),
    )  # fmt: skip
    yield Table(
        t("reports.decisions", lang), about, t("reports.title", lang), [(t("reports.decisions", lang), 90), (t("reports.by", lang), 50)],
        ([one.words, decision_words(one, pack.names, lang)] for one in content.decisions),
    )  # fmt: skip
