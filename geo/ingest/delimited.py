"""CSV in the encodings and with the delimiters that offices use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from geo.errors import FileRefused
from geo.ingest.encodings import decode
from geo.ingest.headers import Vocabulary
from geo.ingest.limits import HEADER_ROWS, MAX_COLUMNS, MAX_LINE
from geo.ingest.table import Row, Table, best_header, headings_of, limited, refuse_header, says_nothing

__all__ = ["DELIMITERS", "read"]

DELIMITERS = (",", ";", "\t", "|")


def read(data: bytes, vocabulary: Vocabulary, least: int) -> Table:
    """The table in a CSV. That delimiter is right which makes most headings known.

    Raises
    ------
    FileRefused
        ``file.csv_broken`` and what `decode` and `headings_of` refuse.
    """
    text, encoding = decode(data)
    heads = {mark: list(islice(_records(text, mark, strict=False), HEADER_ROWS)) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda d: (best_header(heads[d], vocabulary)[1], *map(len, heads[d][:1])))
    at, known = best_header(heads[delimiter], vocabulary)
    if known < least:
        raise refuse_header(heads[delimiter])
    headings = headings_of(heads[delimiter][at])
    vocabulary.require_given(headings)
    return Table(
        headings,
        vocabulary.assign(headings),
        limited(_rows(text, delimiter, at, len(headings))),
        "csv",
        encoding,
    )


def _rows(text: str, delimiter: str, header_at: int, width: int) -> Iterator[Row]:
    for number, cells in enumerate(_records(text, delimiter, strict=True), 1):
        if number <= header_at + 1:
            continue
        # A comma too many moves every later cell under the wrong heading.
        trouble = "" if says_nothing(cells[width:]) else "row.too_many_cells"
        yield Row(number, tuple(cells if trouble else cells[:width]), trouble)


def _records(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    reader = csv.reader(_lines(text, delimiter), delimiter=delimiter, strict=strict)
    number = 0
    try:
        for cells in reader:
            number += 1
            if len(cells) > MAX_COLUMNS and not says_nothing(cells[MAX_COLUMNS:]):
                raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
            yield cells
    except csv.Error as wrong:
        # A quotation mark that is never closed would swallow the rows after it.
        raise FileRefused("file.csv_broken", row=number + 1) from wrong


def _lines(text: str, delimiter: str) -> Iterator[str]:
    stream = io.StringIO(text, newline="")
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            if line.count(delimiter) > MAX_COLUMNS:
                raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
            raise FileRefused("file.line_too_long", limit=MAX_LINE)
        yield line
