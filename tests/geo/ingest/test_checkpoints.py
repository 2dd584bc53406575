"""Lists of checkpoints as offices keep them."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas
import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import FileRefused
from geo.ingest.agencies import AgencyWords
from geo.ingest.checkpoints import checkpoint_table, read_checkpoints
from geo.ingest.facts import rows
from geo.ingest.reading import Reading
from geo.model.checkpoint import CheckpointEntry

NOW = datetime(2026, 6, 1, tzinfo=UTC)
AGENCIES = AgencyWords(rows("agencies"))
COLUMNS = ("name", "kind", "agency", "status", "valid_from", "valid_to", "lat", "lon")


def read(path: Path, **options) -> Reading[CheckpointEntry]:
    reading = read_checkpoints(checkpoint_table(path, options.pop("given", None)), AGENCIES, now=NOW, **options)
    assert reading.read == len(reading.taken) + len(reading.refused) == len(reading.rows)
    return reading


def csv_file(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
def test_a_thai_list_with_buddhist_years_and_grid_references_is_read(tmp_path: Path, encoding: str):
    path = csv_file(
        tmp_path,
        "ลำดับ,รหัส,ชื่อจุดตรวจ,ประเภท,หน่วยงานรับผิดชอบ,สถานะ,ตั้งแต่วันที่,ถึงวันที่,พิกัด,หมายเหตุ",
        "๑,นค-๑,จุดตรวจบ้านท่า,ด่านตรวจ,ตชด.,เปิดใช้งาน,๑ ต.ค. ๒๕๖๘,30/9/2569,17-30-00N 102-30-00E,กลางวัน",
        "๒,นค-๒,จุดสกัดสะพาน,จุดสกัด,อส.,ตามแผน,,ปัจจุบัน,48QTE1234567890,",
        "๓,,ท่าเรือ,ทางน้ำ,,ยกเลิก,,,48QTE1234567890,",
        encoding=encoding,
    )
    reading = read(path)
    assert reading.refused == []
    one, two, three = reading.taken
    assert (one.row, one.reference, one.name, one.kind) == (2, "นค-๑", "จุดตรวจบ้านท่า", "checkpoint")
    assert (one.agency, one.status, one.note) == ("bpp", "active", "กลางวัน")
    assert (one.valid_from, one.valid_to) == (date(2025, 10, 1), date(2026, 9, 30))
    assert (one.lon, one.lat) == (102.5, 17.5)
    assert (two.kind, two.agency, two.status, two.valid_to, two.note) == (
        "interception",
        "vdc",
        "planned",
        None,
        None,
    )
    assert (three.reference, three.kind, three.agency, three.status) == ("", "river", None, "closed")


def test_an_english_list_is_read(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "id,name,type,agency,status,start date,end date,latitude,longitude",
        "7,Bridge,checkpoint,Border Patrol Police,planned,2027-01-01,2028-01-01,17.5,102.5",
    )
    (only,) = read(path).taken
    assert (only.reference, only.kind, only.agency, only.status) == ("7", "checkpoint", "bpp", "planned")
    assert (only.valid_from, only.valid_to) == (date(2027, 1, 1), date(2028, 1, 1))


def test_a_workbook_with_a_title_and_real_dates_is_read(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["บัญชีจุดตรวจจุดสกัด อำเภอเมือง"])
    sheet.append([])
    sheet.append(["ชื่อ", "ประเภท", "วันที่เริ่ม", "ละติจูด", "ลองจิจูด"])
    sheet.append(["จุดตรวจหนึ่ง", "จุดตรวจ", datetime(2026, 3, 1), 17.5, 102.5])
    sheet.append(["จุดตรวจสอง", "จุดตรวจ", "1 มี.ค. 69", 102.5, 17.5])
    book.save(tmp_path / "list.xlsx")
    reading = read(tmp_path / "list.xlsx")
    assert [(e.row, e.valid_from, e.lon, e.lat) for e in reading.taken] == [
        (4, date(2026, 3, 1), 102.5, 17.5),
        (5, date(2026, 3, 1), 102.5, 17.5),
    ]
    assert [(remark.row.number, remark.code) for remark in reading.remarks] == [(5, "swapped_lat_lon")]


def test_geojson_points_are_read_and_other_shapes_refused(tmp_path: Path):
    path = tmp_path / "list.geojson"
    shapes = [
        {"type": "Point", "coordinates": [102.5, 17.5]},
        {"type": "LineString", "coordinates": [[102.5, 17.5], [102.6, 17.5]]},
        {"type": "Point", "coordinates": []},
    ]
    features = [{"type": "Feature", "properties": {"name": "a"}, "geometry": shape} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    reading = read(path)
    assert [entry.row for entry in reading.taken] == [1]
    assert [(r.row.number, r.code) for r in reading.refused] == [
        (2, "row.geometry_not_point"),
        (3, "row.point_empty"),
    ]


def test_a_geopackage_is_read(tmp_path: Path):
    frame = geopandas.GeoDataFrame(
        {"ชื่อ": ["จุดตรวจหนึ่ง"], "สถานะ": ["ปิด"]}, geometry=[shapely.Point(102.5, 17.5)], crs=4326
    )
    frame.to_file(tmp_path / "list.gpkg", layer="จุดตรวจ")
    (only,) = read(tmp_path / "list.gpkg").taken
    assert (only.name, only.status, only.lon, only.lat) == ("จุดตรวจหนึ่ง", "closed", 102.5, 17.5)


def test_every_row_that_cannot_be_taken_has_its_number_and_a_reason(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "name,kind,agency,status,valid from,valid to,lat,lon",
        ",,,,,,17.5,102.5",
        "a,castle,,,,,17.5,102.5",
        "a,,wizards,,,,17.5,102.5",
        "a,,,enchanted,,,17.5,102.5",
        "a,,,,2026-03-02,2026-03-01,17.5,102.5",
        "a,,,,31/2/2569,,17.5,102.5",
        "a,,,,,,,",
        "a,,,,,,48.1,11.5",
        "a,,,,1/1/2700,,17.5,102.5",
    )
    assert [(r.row.number, r.code) for r in read(path).refused] == [
        (2, "checkpoint.name_missing"),
        (3, "checkpoint.kind_unknown"),
        (4, "row.agency_unknown"),
        (5, "checkpoint.status_unknown"),
        (6, "checkpoint.dates_reversed"),
        (7, "row.date_impossible"),
        (8, "row.coordinate_missing"),
        (9, "row.coordinate_outside"),
        (10, "row.date_future"),
    ]


def test_what_a_row_does_not_say_stays_unsaid(tmp_path: Path):
    (only,) = read(csv_file(tmp_path, "name,kind,lat,lon", "จุดสกัดหนึ่ง,,17.5,102.5")).taken
    assert (only.kind, only.agency, only.status, only.valid_from, only.note) == (None,) * 5


def test_a_list_without_kinds_has_them_in_the_names(tmp_path: Path):
    path = csv_file(tmp_path, "name,lat,lon", "จุดสกัดหนึ่ง,17.5,102.5", "บ้านท่า,17.5,102.5")
    assert [entry.kind for entry in read(path).taken] == ["interception", None]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("name,status", "a,active"), "file.missing_columns"),
        (("status,lat,lon", "active,17.5,102.5"), "file.missing_columns"),
        (("name,lat,lon",), "file.no_rows"),
        (("foo,bar", "1,2"), "checkpoint.no_header"),
    ],
)
def test_a_list_that_lacks_the_essential_is_refused_as_a_whole(tmp_path: Path, lines: tuple[str, ...], code: str):
    with pytest.raises(FileRefused) as refused:
        read(csv_file(tmp_path, *lines))
    assert refused.value.code == code


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=12), min_size=8, max_size=8), min_size=1, max_size=4))
def test_any_cells_are_read_or_refused_row_by_row(tmp_path: Path, cells: list[list[str]]):
    book = [dict(zip(COLUMNS, row, strict=True)) for row in cells]
    path = tmp_path / "any.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"properties": row} for row in book]}))
    with suppress(FileRefused):  # where no row says anything; anything else fails the test
        for entry in read(path).taken:
            assert 97 <= entry.lon <= 109
            assert entry.name
