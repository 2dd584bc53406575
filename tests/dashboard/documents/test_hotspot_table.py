"""An answer that is taken away says how it was come by, and no cell of it is computed by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pandas as pd
import pytest
import shapely

from dashboard.documents.hotspot_table import FORMS, file_of, forms_of
from dashboard.documents.tables import MOST
from dashboard.hotspots.answer import Answer
from geo.analysis.plane import BORDER, Plane

LINE = "DBSCAN · 1 km · 7 incidents · as of 14:05"
ABOUT = [("How", LINE), ("Note", "=HYPERLINK(1)")]


@pytest.fixture
def answer() -> Answer:
    rows = pd.DataFrame({
        "count": [5, 2], "x": [0.0, 1000.0], "y": [0.0, 500.0], "near_th": ["=cmd|' /C calc'!A1", "บ้านแพง"], "p": [0.01, float("nan")],
    })  # fmt: skip
    shapes = shapely.buffer(shapely.points(rows["x"], rows["y"]), 300.0)
    return Answer({"method": "dbscan", "n": 7}, rows, shapes, plane=Plane(*BORDER))


def test_csv_holds_the_line_and_the_rows_in_degrees(answer: Answer) -> None:
    lines = list(csv.reader(io.StringIO(file_of(answer, "csv", ABOUT, "en").decode("utf-8-sig"))))
    assert lines[0] == ["How", LINE]
    assert lines[1] == ["Note", "'=HYPERLINK(1)"]
    head, first, second = lines[3:]
    assert head[:3] == ["Longitude", "Latitude", "Incidents"]
    assert [float(cell) for cell in first[:2]] == [103.0, 15.0]
    assert first[3].startswith("'=cmd")
    assert second[4] == ""


def test_a_workbook_holds_the_same(answer: Answer) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_of(answer, "xlsx", ABOUT, "th")))
    rows, about = book.worksheets
    assert [cell.value for cell in rows[1]][:3] == ["ลองจิจูด", "ละติจูด", "จำนวนเหตุ"]
    assert rows.max_row == 3
    assert about["B1"].value == LINE
    assert rows["D2"].data_type == "s"


def test_geojson_holds_shapes_in_degrees_and_the_line(answer: Answer) -> None:
    told = json.loads(file_of(answer, "geojson", ABOUT, "en"))
    assert told["about"]["How"] == LINE
    first = told["features"][0]
    assert first["properties"]["count"] == 5
    assert shapely.from_geojson(json.dumps(first["geometry"])).contains(shapely.Point(103, 15))
    assert told["features"][1]["properties"]["p"] is None


def test_only_files_are_offered_that_can_hold_it(answer: Answer) -> None:
    assert forms_of(answer) == tuple(FORMS)
    many = pd.DataFrame({"count": range(MOST["xlsx"] + 1)})
    assert forms_of(Answer({"method": "when", "n": 1}, many, placed=False)) == ("csv",)
