"""A table is written row by row, however long it is."""

from __future__ import annotations

import io
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.documents.tables import Cell, Table, write


class _Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def __init__(self) -> None:
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        n = len(bytes(data))  # type: ignore[call-overload]
        self.size += n
        return n


def test_a_long_table_is_never_held_whole() -> None:
    def rows() -> Iterator[list[Cell]]:
        for number in range(20_000):
            yield [f"NTS69-{number:07d}", f"ข้อความที่แจ้งรายการที่ {number} " * 20, number, 102.5]

    table = Table("t", [("ตัวกรอง", "ทั้งหมด")], "a", [("a", 10)] * 4, rows())
    out = _Nowhere()
    tracemalloc.start()
    n = write(table, "csv", out)  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n == 20_000
    assert out.size > 20_000_000
    assert peak < 4_000_000


def test_a_workbook_that_fails_half_way_leaves_no_file_behind() -> None:
    def rows() -> Iterator[list[Cell]]:
        yield ["ลับ"]
        raise ValueError("half-way")

    before = set(Path(tempfile.gettempdir()).glob("openpyxl.*"))
    with pytest.raises(ValueError, match="half-way"):
        write(Table("t", [], "a", [("a", 10)], rows()), "xlsx", io.BytesIO())
    assert set(Path(tempfile.gettempdir()).glob("openpyxl.*")) == before


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_is_a_table_too(form: str) -> None:
    out = io.BytesIO()
    assert write(Table("t", [], "a", [("a", 10)], iter(())), form, out) == 0
    assert out.tell() > 0
