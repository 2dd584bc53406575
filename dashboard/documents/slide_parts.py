"""Parts of a slide: text in a font for Thai, tables, pictures. What people typed is text and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

__all__ = ["FAINT", "FONT", "INK", "PLATE", "Box", "Column", "Deck", "Words"]

FONT = "Sarabun"
INK, FAINT, PLATE, RULE = "26313D", "5D6770", "F4F1E9", "B9C0C6"
WIDE, HIGH = 13.333, 7.5
"""Inches of a slide of 16:9."""
_SPEAKS = {"th": "th-TH", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, inches from the top left."""

    left: float
    top: float
    wide: float
    high: float

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """As python-pptx takes it."""
        return Inches(self.left), Inches(self.top), Inches(self.wide), Inches(self.high)


@dataclass(frozen=True, slots=True)
class Words:
    """Text of one look; lines break where it has them."""

    text: str
    points: float = 13
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its width in inches, and whether it holds numbers."""

    head: str
    wide: float
    number: bool = False


class Deck:
    """A presentation that is being made.

    Parameters
    ----------
    lang
        ``th`` or ``en``: what the text is checked as.
    """

    def __init__(self, lang: str, title: str) -> None:
        self._speaks = _SPEAKS.get(lang, "en-GB")
        self._made = Presentation()
        self._made.slide_width, self._made.slide_height = Inches(WIDE), Inches(HIGH)
        core = self._made.core_properties
        core.title, core.author, core.language = title[:200], "NTS-Mekong Watch", self._speaks
        core.last_modified_by, core.keywords, core.comments = "", "", ""

    def slide(self) -> Any:
        """A new slide with a field for its title alone, which readers of the outline and screen readers hear."""
        return self._made.slides.add_slide(self._made.slide_layouts[5])

    def title(self, slide: Any, box: Box, lines: Sequence[Sequence[Words]]) -> None:
        """The title of a slide."""
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = box.sides
        self._fill(shape.text_frame, lines, MSO_ANCHOR.MIDDLE, PP_ALIGN.LEFT)

    def text(
        self, slide: Any, box: Box, lines: Sequence[Sequence[Words]], *, right: bool = False, middle: bool = False,
        plate: bool = False, shrinks: bool = False,
    ) -> None:  # fmt: skip
        """A text box: paragraphs of runs.

        Parameters
        ----------
        plate
            Whether it has a ground of its own.
        shrinks
            Whether an office program may make the text smaller until it fits.
        """
        shape = (
            slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.sides) if plate else slide.shapes.add_textbox(*box.sides)
        )
        if plate:
            shape.fill.solid()
            shape.fill.fore_color.rgb = _rgb(PLATE)
            shape.line.fill.background()
            shape.shadow.inherit = False
        anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
        self._fill(shape.text_frame, lines, anchor, PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT)
        if shrinks:
            shape.text_frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE

    def picture(self, slide: Any, box: Box, content: bytes, ratio: float, said: str) -> None:
        """A picture as large as the box bears; ``ratio`` is its height by its width, ``said`` what it shows."""
        wide = min(box.wide, box.high / ratio)
        shape = slide.shapes.add_picture(
            BytesIO(content), Inches(box.left), Inches(box.top), Inches(wide), Inches(wide * ratio)
        )
        shape._element.nvPicPr.cNvPr.set("descr", said)

    def table(
        self, slide: Any, left: float, top: float, columns: Sequence[Column], rows: Sequence[Sequence[str]], points: float, high: float
    ) -> None:  # fmt: skip
        """A table with a head, rows at least ``high`` inches."""
        wide = sum(column.wide for column in columns)
        box = Box(left, top, wide, high * (len(rows) + 1))
        frame = slide.shapes.add_table(len(rows) + 1, len(columns), *box.sides)
        table = frame.table
        table.horz_banding = False
        frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN
        for number, column in enumerate(columns):
            table.columns[number].width = Inches(column.wide)
            self._cell(table.cell(0, number), Words(column.head, points - 1, False, FAINT), column.number)
        for at, row in enumerate(rows, 1):
            table.rows[at].height = Inches(high)
            for number, (column, said) in enumerate(zip(columns, row, strict=True)):
                self._cell(table.cell(at, number), Words(said, points, column.number), column.number)
        table.rows[0].height = Inches(high)

    def notes(self, slide: Any, lines: Sequence[str]) -> None:
        """What stands under a slide for whoever presents it."""
        self._fill(slide.notes_slide.notes_text_frame, [[Words(line, 12)] for line in lines], None, PP_ALIGN.LEFT)

    def saved(self) -> bytes:
        """The file."""
        out = BytesIO()
        self._made.save(out)
        return out.getvalue()

    def _cell(self, cell: Any, words: Words, number: bool) -> None:
        cell.margin_left = cell.margin_right = Inches(0.06)
        cell.margin_top = cell.margin_bottom = Inches(0.02)
        self._fill(cell.text_frame, [[words]], None, PP_ALIGN.RIGHT if number else PP_ALIGN.LEFT)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        properties = cell._tc.get_or_add_tcPr()
        line = properties.makeelement(qn("a:lnB"), {"w": str(Pt(0.75))})
        ink = line.makeelement(qn("a:solidFill"), {})
        ink.append(ink.makeelement(qn("a:srgbClr"), {"val": RULE}))
        line.append(ink)
        properties.append(line)

    def _fill(self, frame: Any, lines: Sequence[Sequence[Words]], anchor: Any, align: Any) -> None:
        frame.word_wrap = True
        if anchor is not None:
            frame.vertical_anchor = anchor
            frame.margin_left = frame.margin_right = Inches(0.08)
            frame.margin_top = frame.margin_bottom = Inches(0.04)
        for at, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.alignment = align
            for words in line:
                for number, piece in enumerate(words.text.split("\n")):
                    if number:
                        paragraph.add_line_break()
                    self._run(paragraph, piece, words)

    def _run(self, paragraph: Any, piece: str, words: Words) -> None:
        run = paragraph.add_run()
        run.text = piece
        run.font.size, run.font.bold = Pt(words.points), words.bold
        run.font.color.rgb = _rgb(words.colour)
        run.font.name = FONT
        # Thai is set in the font for complex scripts, which python-pptx has no word for.
        properties = run._r.get_or_add_rPr()
        properties.set("lang", self._speaks)
        properties.append(properties.makeelement(qn("a:cs"), {"typeface": FONT}))


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call]


_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The table style without a ground and without lines, as office programs know it; the lines are the cells' own."""
