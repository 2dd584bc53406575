"""Read back what was taken away of a meeting, as a reader's own program does."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pyogrio
import pypdfium2
from lxml import etree
from pptx import Presentation

__all__ = ["layers_of", "letters", "pages_of", "parts_of", "runs_of", "slides_of", "tables_of"]


def letters(text: str) -> str:
    """Text without its spaces, its hyphens at the end of a line, and the marks of Thai, whose order a PDF does not keep; a letter that it says twice
    where a mark stands on it is said once."""
    flat = unicodedata.normalize("NFKC", text)
    bare = re.sub(r"[-\s\x02\u200b\ufffe\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", flat)
    return re.sub(r"([ก-ฮ])\1+", r"\1", bare)


def pages_of(pdf: bytes) -> list[str]:
    """Text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    finally:
        document.close()


def slides_of(pptx: bytes) -> list[str]:
    """Text of each slide: boxes and tables, not the notes."""
    found = []
    for slide in Presentation(BytesIO(pptx)).slides:
        said = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                said.append(shape.text_frame.text)
            if shape.has_table:
                said += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
        found.append("\n".join(said))
    return found


def runs_of(pptx: bytes) -> list[etree._Element]:
    """Every run of text of every slide."""
    return [
        run
        for slide in Presentation(BytesIO(pptx)).slides
        for run in slide._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}r")
    ]


def parts_of(package: bytes) -> dict[str, bytes]:
    """The files inside a PPTX or XLSX."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tables_of(xlsx: bytes) -> list[list[tuple[Any, ...]]]:
    """Rows of each sheet, in their order."""
    book = openpyxl.load_workbook(BytesIO(xlsx))
    return [[tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]


def layers_of(gpkg: bytes, folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """Each layer by its name."""
    folder.mkdir(exist_ok=True)
    path = folder / "read.gpkg"
    path.write_bytes(gpkg)
    return {str(name): pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)}
