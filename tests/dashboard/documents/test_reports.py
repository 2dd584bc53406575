"""Reports on paper: the same words and numbers in every form, Thai as offices write it, and text of people as text."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.documents.month_book import month_book
from dashboard.documents.month_pack import MonthPack, month_data
from dashboard.documents.month_pdf import month_pdf, paper
from dashboard.documents.month_word import month_word
from dashboard.documents.quarter_pack import QuarterPack, quarter_data
from dashboard.documents.quarter_papers import quarter_book, quarter_paper, quarter_pdf, quarter_word
from dashboard.documents.typesetting import pngs
from dashboard.i18n import t
from dashboard.i18n.dates import month as month_words
from dashboard.quarter_words import judged
from dashboard.report_words import sections
from geo.db.engine import libpq_url
from geo.model.month_report import (
    Correction,
    FigureRow,
    Group,
    MonthContent,
    MonthReport,
    OpenDecision,
    ReportState,
    last_day,
)
from geo.model.quarter_report import (
    CentreRow,
    Corrected,
    Indicator,
    QuarterContent,
    QuarterCount,
    QuarterReport,
    Said,
    Share,
)
from tests.dashboard.documents.meeting_town import NAMES, NOW, district_sheet

HOSTILE = '=1+1 {{7*7}} ${alert(1)} #read("/etc/passwd") <b>x</b> \u202eกลับ\u202c'
DISTRICT = next(iter(NAMES.districts))
AT = datetime(2026, 11, 4, 8, 0, tzinfo=UTC)


def _figures() -> tuple[FigureRow, ...]:
    rows = [
        FigureRow(Group.TOTALS, "incidents", 1234.0, 1000.0),
        FigureRow(Group.TOTALS, "verified", 1100.0, 900.0),
        FigureRow(Group.TOTALS, "open", 77.0),
        FigureRow(Group.TOTALS, "overdue", 8.0),
        FigureRow(Group.TIMES, "verify_hours", 38.25, None),
        FigureRow(Group.OUTCOMES, "arrest", 0.0, 0.0),
        FigureRow(Group.PLACES, f"{DISTRICT}01", 6.0, 2.0, "ในเมือง", "Nai Mueang"),
        FigureRow(Group.PLACES, "unknown", 3.0, 0.0),
        FigureRow(Group.WORK, "km", 166.1, 20.0),
    ]
    rows += [FigureRow(Group.TYPES, code, float(10 * n), float(n)) for n, code in enumerate(NAMES.types, 1)]
    return tuple(rows)


@pytest.fixture(scope="module")
def report() -> MonthReport:
    content = MonthContent(
        DISTRICT, date(2026, 10, 1), AT, _figures(), (OpenDecision(HOSTILE, "ผู้ใหญ่ทา", None, date(2026, 11, 1), late=True),),
        district_sheet(0, 37, 12), 42, "ab" * 32,
    )  # fmt: skip
    return MonthReport(
        7, DISTRICT, date(2026, 10, 1), 2, ReportState.SIGNED, content, {"situation": f"เหตุการณ์ปกติ\n{HOSTILE}"},
        {"totals.incidents": Correction("totals.incidents", 1234, 1233, f"นับซ้ำ {HOSTILE}", "ปลัดสมชาย", AT)},
        "รับแจ้งย้อนหลัง", "ปลัดสมชาย", AT, "นายอำเภอประเสริฐ", AT, is_demo=True,
    )  # fmt: skip


def _pdf_words(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert not any("/JS" in str(page) for page in reader.pages)
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def _on_paper(words: str, pdf: str) -> bool:
    """Whether a PDF says it; of Thai, whose marks a reader of PDFs puts in another order, its figures alone."""
    return all(part in pdf for part in re.findall(r"[!-~–]+", words))


def _docx_words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    told = [one.text for one in document.paragraphs]
    told += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", "", "".join(told))


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_month_says_the_same_in_every_form(report: MonthReport, lang: str) -> None:
    pack = MonthPack(report, NAMES, lang, NOW)
    data = month_data(pack)
    on_pdf, in_word = _pdf_words(month_pdf(pack)), _docx_words(month_word(pack))
    book = openpyxl.load_workbook(io.BytesIO(month_book(pack)))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    for line in (line for section in data["sections"] for line in section["lines"]):
        assert _on_paper(line["value"], on_pdf)
        assert re.sub(r"\s+", "", line["label"]) in in_word
        assert re.sub(r"\s+", "", line["value"]) in in_word
    for row in report.content.figures:
        assert report.value(row) in cells
    assert 1234 in cells  # what was counted stands beside what was corrected
    assert "1,233*" in on_pdf
    for words in (report.signed_by, month_words(report.month, lang, short=False), report.content.chain_head[:16]):
        assert _on_paper(str(words), on_pdf)
        assert re.sub(r"\s+", "", str(words)) in in_word
    assert "{{7*7}}" in on_pdf
    assert "root:" not in on_pdf
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith("=")]
    arrests = next(one for one in sections(report, NAMES, lang) if one.group is Group.OUTCOMES)
    assert arrests.lines == ()  # nothing in both months is not told on paper
    assert len(pngs("month", *paper(pack), 30)) <= 5


def test_thai_digits_are_in_all_that_is_read(report: MonthReport) -> None:
    plain = _pdf_words(month_pdf(MonthPack(report, NAMES, "th", NOW)))
    thai = _pdf_words(month_pdf(MonthPack(report, NAMES, "th", NOW, digits=True)))
    assert "๑,๒๓๓*" in thai
    assert "๒๕๖๙" in thai
    assert "1,233*" not in thai
    assert "1,233*" in plain
    assert report.content.chain_head[:16] in thai


def test_a_word_processor_knows_the_language_and_the_font_of_thai(report: MonthReport) -> None:
    document = Document(io.BytesIO(month_word(MonthPack(report, NAMES, "th", NOW))))
    properties = document.styles["Normal"].element.rPr
    assert {properties.find(qn("w:rFonts")).get(qn(f"w:{of}")) for of in ("ascii", "hAnsi", "cs", "eastAsia")} == {
        "TH SarabunPSK"
    }
    assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs if run.text.strip()]
    assert runs
    styled = [run for run in runs if run._r.rPr is not None and run._r.rPr.find(qn("w:cs")) is not None]
    assert len(styled) > 5
    assert document.core_properties.language == "th-TH"
    assert document.inline_shapes


def _quarter() -> QuarterReport:
    def shares(n: int, of: int, low: float | None, high: float | None) -> dict[str, Share]:
        return {str(one): Share(n, of, low, high) for one in Indicator}

    codes = ["4301", "4302", "4303"]
    rows = (
        CentreRow(codes[0], 1, 0, 40, 20, "more", 30, 12.4, shares(6, 30, 0.095, 0.373)),
        CentreRow(codes[1], 0, 3, 3, 9, "unclear", 3, 0, shares(2, 3, 0.2, 0.94)),
        CentreRow(codes[2], 0, 0, 57, 50, "unclear", 50, 7, shares(9, 10, 0.6, 0.98)),
    )
    first = next(iter(NAMES.types))
    content = QuarterContent(
        date(2026, 7, 1), AT, {str(one): 0.8 for one in Indicator}, shares(17, 43, 0.26, 0.54), rows, ((first, 100, 79),),
        (QuarterCount(date(2026, 4, 1), 79, 70, 60, 9), QuarterCount(date(2026, 7, 1), 100, 83, 71, 12)),
        (Said(codes[0], date(2026, 8, 1), "practice", HOSTILE),),
        (Corrected(codes[0], date(2026, 8, 1), "totals.incidents", 41, 40, HOSTILE),),
        {"open": 4, "late": 1, "done": 9, "dropped": 2}, 42, "cd" * 32,
    )  # fmt: skip
    return QuarterReport(
        3,
        date(2026, 7, 1),
        1,
        ReportState.SIGNED,
        content,
        {"summary": "ผลดีขึ้น"},
        None,
        "มาลี",
        AT,
        "มาลี",
        AT,
        is_demo=False,
    )


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_quarter_says_the_same_in_every_form_and_hides_small_counts(lang: str) -> None:
    pack = QuarterPack(_quarter(), NAMES, lang, NOW)
    data = quarter_data(pack)
    centres = data["centres"]
    assert [one["incidents"] for one in centres] == ["≥5", "1–4", "57"]
    assert "3" not in [one["incidents"] for one in centres]
    assert [one["shares"][1] for one in centres] == ["20%", t("quarter.too_few", lang), "90%"]
    assert [one["under"][1] for one in centres] == [True, False, False]
    on_pdf, in_word = _pdf_words(quarter_pdf(pack)), _docx_words(quarter_word(pack))
    book = openpyxl.load_workbook(io.BytesIO(quarter_book(pack)))
    cells = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    }
    for one in (*data["targets"], *centres):
        for said in (one.get("result"), one.get("incidents"), one.get("change")):
            if said:
                bare = re.sub(r"\s+", "", said)
                assert _on_paper(said, on_pdf)
                assert bare in in_word
                assert said in cells
    assert "{{7*7}}" in on_pdf
    assert len(pngs("quarter", quarter_paper(pack), {}, 30)) <= 4


def test_a_centre_is_under_its_target_only_where_that_is_clear() -> None:
    assert judged(Share(6, 30, 0.095, 0.373), 0.8) == "under"
    assert judged(Share(7, 10, 0.4, 0.89), 0.8) == "unclear"
    assert judged(Share(9, 10, 0.6, 0.98), 0.8) == "reached"
    assert judged(Share(0, 0, None, None), 0.8) == "none"


def test_the_command_writes_what_the_page_hands_out(
    border_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCH_DB_URL", libpq_url(border_store.url))
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, reported_at, status, channel, district_code) select 'contraband',"
                " cast(:day as date) + time '12:00', cast(:day as date) + time '13:00', 'verified', 'online', '4301'"
                " from generate_series(1, 11)"
            ),
            {"day": month},
        )
    for form in ("pdf", "docx", "xlsx"):
        out = tmp_path / f"month.{form}"
        done = CliRunner().invoke(
            app, ["report", "monthly", f"{month:%Y-%m}", "--district", "4301", "--format", form, "--out", str(out)]
        )
        assert done.exit_code == 0, done.output
    words = _pdf_words((tmp_path / "month.pdf").read_bytes())
    assert re.sub(r"\s+", "", t("reports.unsigned", "en")) in words
    book = openpyxl.load_workbook(tmp_path / "month.xlsx")
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert any(row[1] == t("reports.row.totals.incidents", "en") and row[3] == 11 for row in rows if len(row) > 3)
    quarter = tmp_path / "quarter.pdf"
    told = f"{month.year}-Q{(month.month + 2) // 3}"
    done = CliRunner().invoke(
        app, ["report", "quarterly", told, "--out", str(quarter), "--lang", "th", "--thai-digits"]
    )
    assert done.exit_code == 0, done.output
    assert "๒๕" in _pdf_words(quarter.read_bytes())
    for asked, key, params in (
        (["monthly", "2026-13", "--district", "4301"], "reports.no_month", {"said": "2026-13"}),
        (["monthly", "2999-01", "--district", "4301"], "reports.future", {}),
        (["monthly", "2026-01", "--district", "9999"], "reports.no_district", {"district": "9999"}),
        (["quarterly", "2026-Q9"], "release.quarter", {"said": "2026-Q9"}),
    ):
        refused = CliRunner().invoke(app, ["report", *asked, "--out", str(tmp_path / "none.pdf")])
        assert refused.exit_code == 2
        assert refused.stderr.strip() == t(f"errors.{key}", "en", **params)
    nowhere = CliRunner().invoke(app, ["report", "quarterly", told, "--out", str(tmp_path / "no folder" / "x.pdf")])
    assert nowhere.exit_code == 2
    assert not (tmp_path / "none.pdf").exists()
    assert last_day(month) < date.today()
