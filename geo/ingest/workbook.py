"""XLSX, after its parts and their unpacked sizes were looked at."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.datetime import MAC_EPOCH

from geo.errors import FileRefused
from geo.ingest.dates import EXCEL_EPOCH, EXCEL_EPOCH_1904
from geo.ingest.headers import Vocabulary
from geo.ingest.limits import (
    HEADER_ROWS,
    MAX_COLUMNS,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED,
    MAX_ZIP_MEMBERS,
    RATIO_FROM,
)
from geo.ingest.table import Row, Table, best_header, headings_of, limited, refuse_header
from geo.ingest.text import Cell

__all__ = ["check_zip", "read"]

warnings.filterwarnings("ignore", module="openpyxl")  # about styles and validations that are not read here

_BLANK_ROWS = 1_048_576
"""Rows of the largest sheet; a row number beyond it is forged."""


def read(data: bytes, vocabulary: Vocabulary, least: int) -> Table:
    """The table on the first visible sheet whose headings are known. Formulas give their last computed value.

    Raises
    ------
    FileRefused
        ``file.zip_bomb``, ``file.not_workbook``, ``file.xlsx_broken`` and what `headings_of` refuses.
    """
    check_zip(data)
    with _foreign():
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    first: list[tuple[Cell, ...]] = []
    for sheet in sheets:
        with _foreign():
            head = list(islice(_cells(sheet, MAX_COLUMNS + 1), HEADER_ROWS))
        at, known = best_header(head, vocabulary)
        if known >= least:
            break
        first = first or [row for row in head if any(cell is not None for cell in row)]
    else:
        raise refuse_header(first) if first else FileRefused("file.empty")
    headings = headings_of(head[at])
    vocabulary.require_given(headings)
    return Table(
        headings,
        vocabulary.assign(headings),
        limited(_rows(sheet, at, len(headings))),
        "xlsx",
        str(sheet.title),
        tuple(str(other.title) for other in sheets if other is not sheet),
        EXCEL_EPOCH_1904 if book.epoch == MAC_EPOCH else EXCEL_EPOCH,
    )


def check_zip(data: bytes) -> None:
    """Refuse a packed file that would unpack to too much, before anything of it is unpacked.

    Raises
    ------
    FileRefused
        ``file.zip_bomb``, ``file.not_workbook``, ``file.xlsx_broken``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as wrong:
        raise FileRefused("file.xlsx_broken") from wrong
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > MAX_ZIP_MEMBERS
        or unpacked > MAX_UNPACKED
        or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * len(data))
    ):
        raise FileRefused("file.zip_bomb", megabytes=MAX_UNPACKED // 2**20)
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise FileRefused("file.not_workbook")


def _rows(sheet: Any, header_at: int, width: int) -> Iterator[Row]:
    with _foreign():
        for number, cells in enumerate(_cells(sheet, width), 1):
            if number > _BLANK_ROWS:
                raise FileRefused("file.too_many_rows", limit=MAX_ROWS)
            if number > header_at + 1:
                yield Row(number, cells)


def _cells(sheet: Any, width: int) -> Iterator[tuple[Cell, ...]]:
    sheet.reset_dimensions()  # the size that a file claims is often wrong
    for values in sheet.iter_rows(max_col=width, values_only=True):
        yield tuple(_cell(value) for value in values)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | datetime | date | time):
        return value
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return str(value)


@contextmanager
def _foreign() -> Iterator[None]:
    # openpyxl meets a forged or broken part with whatever its code happens to raise.
    try:
        yield
    except FileRefused:
        raise
    except Exception as wrong:
        raise FileRefused("file.xlsx_broken") from wrong
