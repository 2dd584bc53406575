"""A paper for a word processor: fonts, language and tables as Thai offices use them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from geo.ingest.text import clean

__all__ = ["WordPaper"]

FONT = "TH SarabunPSK"
"""What government offices in Thailand write with; where it is missing, word processors take another Thai font."""
INK, FAINT = RGBColor(0x26, 0x31, 0x3D), RGBColor(0x5D, 0x67, 0x70)


class WordPaper:
    """An A4 document that is filled from the top.

    Parameters
    ----------
    lang
        ``th`` or ``en``: a word processor breaks lines and checks words by it.
    title
        Of the file.
    made
        Aware moment that the file tells as its date.
    """

    def __init__(self, lang: str, title: str, made: datetime) -> None:
        self._document: Any = Document()
        self._lang = {"th": "th-TH", "en": "en-GB"}[lang]
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2)
        for style, size in (("Normal", 15), ("Title", 22), ("Heading 1", 18), ("Table Grid", 14)):
            self._style(style, size)
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = title, "NTS-Mekong Watch", self._lang
        properties.created = properties.modified = made.replace(tzinfo=None)

    def _style(self, name: str, size: int) -> None:
        """The font for Latin and for Thai letters, which a document sets apart."""
        style = self._document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
        style.font.bold = name in ("Title", "Heading 1")
        properties = style.element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
        for tag, values in (
            ("w:szCs", {"w:val": str(2 * size)}),
            ("w:lang", {"w:val": self._lang, "w:bidi": "th-TH", "w:eastAsia": self._lang}),
        ):
            for old in properties.findall(qn(tag)):
                properties.remove(old)
            properties.append(_element(tag, values))
        if style.font.bold:
            properties.append(_element("w:bCs", {}))
        for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")) if name == "Title" else ():
            border.getparent().remove(border)
        if name != "Table Grid":
            space = style.paragraph_format
            space.space_before, space.space_after = Pt(10 if name == "Heading 1" else 0), Pt(4)
            space.line_spacing = 1.0

    def title(self, words: str, *under: str) -> None:
        """The title, and lines under it."""
        self._document.add_paragraph(clean(words), style="Title")
        for line in under:
            self._run(self._document.add_paragraph(), line, faint=True)

    def heading(self, words: str) -> None:
        """The heading of a part."""
        self._document.add_heading(clean(words), level=1)

    def text(self, words: str, *, bold: bool = False, faint: bool = False) -> None:
        """A paragraph; lines of a text stay lines."""
        paragraph = self._document.add_paragraph()
        self._run(paragraph, words, bold=bold, faint=faint)

    def picture(self, content: bytes, centimetres: float) -> None:
        """A PNG as wide as that, on the page of the words before it."""
        self._document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._document.add_picture(BytesIO(content), width=Cm(centimetres))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table whose first column is words and whose others are numbers; ``widths`` in centimetres."""
        made = self._document.add_table(rows=1, cols=len(heads), style="Table Grid")
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        head = made.rows[0]
        head._tr.get_or_add_trPr().append(_element("w:tblHeader", {"w:val": "true"}))
        for column, wide in zip(made.columns, widths, strict=True):
            column.width = Cm(wide)
        for row, cells in [(head, heads), *((made.add_row(), cells) for cells in rows)]:
            row._tr.get_or_add_trPr().append(_element("w:cantSplit", {"w:val": "true"}))
            for at, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
                cell.width = Cm(widths[at])
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                if at:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._run(paragraph, words, bold=row is head, size=13)

    def signature(self, lines: Sequence[str]) -> None:
        """Who answers for it, at the right."""
        for words in lines:
            paragraph = self._document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self._run(paragraph, words)

    def _run(
        self, paragraph: Any, words: str, *, bold: bool = False, faint: bool = False, size: int | None = None
    ) -> None:
        for number, line in enumerate(clean(words, lines=True).split("\n")):
            run = paragraph.add_run(line)
            if number:
                run._r.insert(0, OxmlElement("w:br"))
            properties = run._r.get_or_add_rPr()
            properties.append(_element("w:cs", {}))  # Thai is a complex script: sizes and weights of its own
            if bold:
                run.font.bold = True
                properties.append(_element("w:bCs", {}))
            if faint:
                run.font.color.rgb = FAINT
            if size is not None:
                run.font.size = Pt(size)
                properties.append(_element("w:szCs", {"w:val": str(2 * size)}))

    def content(self) -> bytes:
        """The DOCX."""
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()


def _element(tag: str, values: dict[str, str]) -> Any:
    made = OxmlElement(tag)
    for key, value in values.items():
        made.set(qn(key), value)
    return made
