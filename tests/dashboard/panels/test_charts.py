"""Charts beside the map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.panels import charts

ROWS = [
    charts.TypeBar("การลักลอบเข้าเมืองผิดกฎหมาย (หลบหนีเข้าเมือง)", 319, "#0072b2"),
    charts.TypeBar("Contraband / tax-evading goods (alcohol, cigarettes, fuel, crops)", 1200, "#56b4e9"),
    charts.TypeBar("อื่น", 1, "#7d7d7d"),
]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("การค้ามนุษย์", ["การค้ามนุษย์"]),
        ("การลักลอบค้าและลำเลียงยาเสพติดข้ามแดน", ["การลักลอบค้าและลำเลียงยาเสพติดข้ามแดน"]),
        ("Drug trafficking / cross-border drug smuggling", ["Drug trafficking / cross-border drug", "smuggling"]),
        (
            "Contraband / tax-evading goods (alcohol, cigarettes, fuel, crops)",
            ["Contraband / tax-evading goods (alcohol,", "cigarettes, fuel, crops)"],
        ),
        ("", [""]),
    ],
)
def test_names_are_broken_at_a_space_where_they_are_too_long(text: str, lines: list[str]) -> None:
    assert charts.lines_of(text) == lines


@given(st.text(max_size=200))
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    lines = charts.lines_of(text)
    assert " ".join(line for line in lines if line).split() == text.split()
    assert 1 <= len(lines) <= 2


def test_bars_stand_under_their_names_and_touch_nothing() -> None:
    drawn = charts.by_type(ROWS, "#000000")
    rows = drawn["data"]["values"].to_pylist()
    assert [row["count"] for row in rows] == ["319", "1,200", "1"]
    for row, following in zip(rows, [*rows[1:], {"top": drawn["height"]}], strict=True):
        written = charts.LINE * (row["lines"].count("\n") + 1)
        assert row["top"] + written <= row["bar"] < row["low"] < following["top"]
    assert max(row["share"] for row in rows) == 1


def test_weeks_keep_the_order_of_time() -> None:
    rows = [charts.WeekColumn(label, label, n, n > 1) for n, label in enumerate(["28 ธ.ค.", "4 ม.ค.", "11 ม.ค."])]
    drawn = charts.by_week(rows, "#000000", "#123456", "รายสัปดาห์")
    assert [row["order"] for row in drawn["data"]["values"].to_pylist()] == [0, 1, 2]
    assert drawn["description"] == "รายสัปดาห์"
    assert drawn["encoding"]["x"]["sort"] == {"field": "order"}
