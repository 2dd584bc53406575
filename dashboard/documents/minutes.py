"""The minutes of a meeting as a Word document: who came, what was said of each item, and what was decided.

Thai is complex script to Word: it takes the font, the size and the language of Thai letters from settings of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from dashboard.documents.typesetting import printable
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, local, moment, number
from dashboard.meeting_decisions import Known, district_words, due_words, ended_words, owner_words
from geo.model.meeting import Decision, DecisionState, Meeting
from geo.model.meeting_minutes import AgendaItem, Attendance

__all__ = ["FONT", "Minutes", "minutes_docx"]

FONT = "TH Sarabun New"
"""The letter of Thai government papers; where it is missing Word takes another."""
POINTS = 16
LOCALES = {"th": "th-TH", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the paper tells; words of agenda, offices and decisions are text of people.

    Attributes
    ----------
    now
        Aware moment of taking it away.
    """

    meeting: Meeting
    agenda: Sequence[AgendaItem]
    came: Sequence[Attendance]
    decisions: Sequence[Decision]
    known: Known
    now: datetime


def minutes_docx(paper: Minutes) -> bytes:
    """The DOCX, on A4."""
    document = Document()
    lang, one = paper.known.lang, paper.meeting
    _letters(document, lang)
    document.core_properties.title = printable(one.title)
    document.core_properties.author = t("app.title", lang)
    document.core_properties.language = LOCALES[lang]
    document.core_properties.created = document.core_properties.modified = paper.now.replace(tzinfo=None)
    _line(document, t("minutes.title", lang), "Title")
    _line(document, printable(one.title), "Subtitle")
    held = [day(one.held_on, lang)]
    if one.started_at and one.finished_at:
        held.append(t("minutes.hours", lang, begun=f"{_clock(one.started_at)}", ended=f"{_clock(one.finished_at)}"))
    _line(document, " ".join(held), "Subtitle")
    if one.is_demo:
        _line(document, t("meeting_paper.demo", lang), "Subtitle")
    _line(
        document,
        t("minutes.districts", lang, names=", ".join(district_words(code, paper.known) for code in one.districts)),
    )
    _came(document, paper)
    _agenda(document, paper)
    _decided(document, paper)
    _signed(document, lang)
    _line(document, t("minutes.taken", lang, at=moment(paper.now, lang), as_of=moment(one.as_of, lang)), "Caption")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _clock(at: datetime) -> str:
    return f"{local(at):%H:%M}"


def _letters(document: Paper, lang: str) -> None:
    """Font, size and language of every style, for Latin and for Thai letters; margins of a government paper."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    sizes = {"Title": 22, "Subtitle": 18, "Heading 1": 18, "Heading 2": 16, "Caption": 12}
    for called in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Number", "Table Grid"):
        style: Any = document.styles[called]
        size = sizes.get(called, POINTS)
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = None
        settings = style.element.get_or_add_rPr()
        fonts = settings.find(qn("w:rFonts"))
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would come first
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
        _set(settings, "w:szCs", **{"w:val": str(size * 2)})
        _set(settings, "w:lang", **{"w:val": LOCALES[lang], "w:eastAsia": LOCALES[lang], "w:bidi": "th-TH"})
        if called in sizes:
            bold = called not in ("Subtitle", "Caption")
            style.font.bold, style.font.italic = bold, False
            _set(settings, "w:bCs", **({} if bold else {"w:val": "0"}))
            _set(settings, "w:iCs", **{"w:val": "0"})
        if called in ("Title", "Subtitle"):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            style.paragraph_format.space_after = Pt(2)
            for border in style.element.findall(f".//{qn('w:pBdr')}"):
                border.getparent().remove(border)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)


_ORDER = (
    "w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:color", "w:spacing", "w:kern", "w:sz", "w:szCs", "w:lang",
)  # fmt: skip
"""Settings of letters stand in this order, or Word calls the paper damaged."""


def _set(settings: Any, what: str, **values: str) -> None:
    """Put a setting into its place among the others."""
    for old in settings.findall(qn(what)):
        settings.remove(old)
    made = OxmlElement(what)
    for key, value in values.items():
        made.set(qn(key), value)
    later = {qn(other) for other in _ORDER[_ORDER.index(what) + 1 :]}
    before = next((child for child in settings if child.tag in later), None)
    if before is None:
        settings.append(made)
    else:
        before.addprevious(made)


def _line(document: Paper, words: str, style: str = "Normal") -> None:
    paragraph = document.add_paragraph(style=style)
    for at, line in enumerate(words.split("\n")):
        run = paragraph.add_run(line)
        run.font.complex_script = True
        if at:
            run.element.insert(0, OxmlElement("w:br"))


def _table(document: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """A table with a row of headings that is said again on each page."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    for at, width in enumerate(widths):  # Word goes by the cells, others by the columns
        table.columns[at].width = Cm(width)
    _set_head(table.rows[0])
    for at, words in enumerate(heads):
        _cell(table.rows[0].cells[at], words, widths[at], bold=True)
    for row in rows:
        made = table.add_row()
        made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = made.cells
        for at, words in enumerate(row):
            _cell(cells[at], words, widths[at])


def _set_head(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _cell(cell: Any, words: str, width: float, *, bold: bool = False) -> None:
    cell.width = Cm(width)
    paragraph = cell.paragraphs[0]
    for at, line in enumerate(words.split("\n")):
        run = paragraph.add_run(line)
        run.bold = run.font.cs_bold = bold
        run.font.complex_script = True
        if at:
            run.element.insert(0, OxmlElement("w:br"))


def _came(document: Paper, paper: Minutes) -> None:
    lang, agencies = paper.known.lang, paper.known.agencies
    _line(document, t("minutes.came", lang), "Heading 1")
    if not paper.came:
        _line(document, t("minutes.came_none", lang))
        return
    rows = [
        [str(place), printable(_office(one, agencies, lang)), number(one.present)]
        for place, one in enumerate(paper.came, 1)
    ]
    rows.append(["", t("minutes.all", lang), number(sum(one.present for one in paper.came))])
    _table(
        document, [t(f"minutes.column.{key}", lang) for key in ("number", "office", "present")], rows, (1.5, 11.5, 3)
    )


def _office(one: Attendance, agencies: Mapping[str, Any], lang: str) -> str:
    if one.agency is None:
        return one.office or ""
    return name(agencies[one.agency], lang) if one.agency in agencies else one.agency


def _agenda(document: Paper, paper: Minutes) -> None:
    lang = paper.known.lang
    if not paper.agenda:
        return
    _line(document, t("minutes.agenda", lang), "Heading 1")
    for place, one in enumerate(paper.agenda, 1):
        _line(document, t("minutes.item", lang, n=place, words=printable(one.words)), "Heading 2")
        for line in (one.note or t("minutes.no_note", lang)).split("\n"):
            _line(document, printable(line))


def _decided(document: Paper, paper: Minutes) -> None:
    lang, known = paper.known.lang, paper.known
    _line(document, t("minutes.decided", lang), "Heading 1")
    if not paper.decisions:
        _line(document, t("minutes.decided_none", lang))
        return
    rows = [
        [
            str(place), f"{district_words(one.district, known)}\n{printable(one.words)}", printable(owner_words(one, known)),
            due_words(one, known.today, lang) if one.state is DecisionState.OPEN else printable(ended_words(one, lang)),
        ]
        for place, one in enumerate(paper.decisions, 1)
    ]  # fmt: skip
    _table(
        document,
        [t(f"minutes.column.{key}", lang) for key in ("number", "decision", "owner", "state")],
        rows,
        (1.2, 7.8, 3.5, 3.5),
    )


def _signed(document: Paper, lang: str) -> None:
    for who in ("writer", "checker"):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(28)
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(t(f"minutes.{who}", lang))
        run.font.complex_script = True
