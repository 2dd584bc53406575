"""Files of every kind, and files that are none of them."""

from __future__ import annotations

import io
import json
import resource
import sqlite3
import time
import zipfile
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import FileRefused
from geo.ingest.encodings import decode
from geo.ingest.headers import Vocabulary, parse_columns
from geo.ingest.limits import MAX_BYTES, MAX_COLUMNS
from geo.ingest.tabular import Table, kind_of, read_bytes, read_file, read_table

WORDS = Vocabulary({"when": ("วันที่",), "lat": ("ละติจูด", "latitude"), "lon": ("ลองจิจูด",), "geometry": ()})
THAI = "วันที่;ละติจูด;ลองจิจูด\n14 ก.ค. 2569;17,88;102,71\n"


def table(data: bytes | str, name: str = "a.csv") -> Table:
    return read_table(data.encode() if isinstance(data, str) else data, name, WORDS)


def refused(data: bytes | str, name: str = "a.csv") -> str:
    with pytest.raises(FileRefused) as caught:
        list(table(data, name).rows)
    return caught.value.code


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {number}")
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# ---------------------------------------------------------------- CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874", "tis-620"])
def test_thai_is_read_in_every_encoding_that_offices_use(encoding: str) -> None:
    data = THAI.encode(encoding)
    if encoding in ("utf-16-le", "utf-16-be"):
        data = "\ufeff".encode(encoding) + data
    found = table(data)
    assert found.headings == ("วันที่", "ละติจูด", "ลองจิจูด")
    assert [row.cells for row in found.rows] == [("14 ก.ค. 2569", "17,88", "102,71")]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("when,lat\ncafé à Zürich,1\n", "latin-1"),
        ("when,lat\nMünchen,1\n", "cp1252"),
        ("when,lat\nПхет,1\n", "cp1251"),
        ("when,lat\n東京都,1\n", "shift_jis"),
    ],
)
def test_other_code_pages_are_refused_and_never_turned_into_wrong_thai(text: str, encoding: str) -> None:
    assert refused(text.encode(encoding)) in ("file.encoding_unknown", "file.binary")


@given(st.text(alphabet="กขคงชดตนบปพมยรลวสหอะาิีุูเแโใไ่้ ,0123456789\n", min_size=1).filter(str.strip))
def test_text_never_changes_by_the_encoding_it_comes_in(text: str) -> None:
    text = f"วันที่,ละติจูด\n{text}"
    assert decode(text.encode("utf-8"))[0] == text
    code, from_thai = "file.encoding_unknown", text
    try:
        from_thai = decode(text.encode("cp874"))[0]
    except FileRefused as wrong:
        code = wrong.code
    assert (code, from_thai) == ("file.encoding_unknown", text)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    line = delimiter.join(["when", "lat", "lon"])
    assert next(table(f"{line}\n{delimiter.join('abc')}\n").rows).cells == ("a", "b", "c")


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    found = table('ศูนย์ NTS\n\n"when",lat\n"a\nb",1\n\n\nc,2\n')
    assert [(row.number, row.cells) for row in found.rows] == [(4, ("a\nb", "1")), (7, ("c", "2"))]


def test_a_comma_too_many_is_a_trouble_of_that_row_and_empty_cells_at_the_end_are_not() -> None:
    rows = list(table("when,lat\na,1,,\nb,2,x\nc,3\n").rows)
    assert [row.trouble for row in rows] == ["", "row.too_many_cells", ""]


def test_an_open_quotation_mark_is_refused_with_its_row_and_swallows_nothing() -> None:
    found = table('when,lat\na,1\nb,"2\nc,3\n')
    with pytest.raises(FileRefused) as caught:
        list(found.rows)
    assert (caught.value.code, caught.value.params["row"]) == ("file.csv_broken", 3)


def test_ten_million_columns_fail_fast_in_little_memory() -> None:
    data = b"lat" + b"," * 10_000_000 + b"\n1,2\n"
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refused(data) == "file.too_many_columns"
    assert time.monotonic() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b" \r\n\t", "file.empty"),
        (b"\xef\xbb\xbf", "file.empty"),
        (b"\xff\xfe", "file.empty"),
        (bytes(range(256)) * 50, "file.binary"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "file.binary"),
        (b"%PDF-1.7", "file.binary"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "file.old_excel"),
        (b"<html><table>", "file.web_page"),
        (b"<OGRVRTDataSource>", "file.web_page"),
        (b"a,b,c\n1,2,3\n", "file.no_header"),
        (b"PK\x03\x04 when,lat", "file.content_differs"),
        (b'{"type": "FeatureCollection"}', "file.content_differs"),
        (b"when,lat\n" + b"1,2\n" * 200_001, "file.too_many_rows"),
        (b"when,lat" + b",x" * MAX_COLUMNS + b"\n1,2\n", "file.too_many_columns"),
        (b'when,lat\n"' + b"x" * 2_000_000, "file.line_too_long"),
        (b"x" * (MAX_BYTES + 1), "file.too_large"),
    ],
)
def test_a_bad_csv_is_refused_with_a_code(data: bytes, code: str) -> None:
    assert refused(data) == code


# ---------------------------------------------------------------- XLSX


def test_a_workbook_gives_dates_numbers_and_the_sheets_not_read() -> None:
    day = datetime(2026, 7, 14, 21, 5)
    found = table(workbook([["รายงาน"], [], ["วันที่", "ละติจูด"], [day, 17.88], [46217, "๑๗"]], [["x"]]), "a.xlsx")
    assert [(row.number, row.cells) for row in found.rows] == [(4, (day, 17.88)), (5, (46217, "๑๗"))]
    assert found.other_sheets == ("sheet 1",)


def test_the_first_visible_sheet_with_known_headings_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["คำชี้แจง"])
    hidden = book.create_sheet("ซ่อน")
    hidden.append(["when", "lat"])
    hidden.sheet_state = "hidden"
    book.create_sheet("ข้อมูล").append(["when", "lat"])
    book["ข้อมูล"].append(["a", 1])
    stream = io.BytesIO()
    book.save(stream)
    assert table(stream.getvalue(), "a.xlsx").detail == "ข้อมูล"


def test_a_wrong_claim_of_the_sheets_size_hides_no_rows() -> None:
    data = workbook([["when", "lat"], *[[f"r{n}", n] for n in range(50)]])
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'<dimension ref="A1:B51"', b'<dimension ref="A1:A1"')
    assert parts["xl/worksheets/sheet1.xml"] != sheet
    assert len(list(table(packed(parts), "a.xlsx").rows)) == 50


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_sheet(xml: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook([["when", "lat"], ["a", 1]]))) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    return packed(parts | {"xl/worksheets/sheet1.xml": xml})


NS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04junk", "file.xlsx_broken"),
        (packed({"a.txt": b"hello"}), "file.not_workbook"),
        (packed({"xl/workbook.xml": b"\0" * 20_000_000}), "file.zip_bomb"),
        (packed({f"{n}": b"" for n in range(2_500)}), "file.zip_bomb"),
        (with_sheet(NS + b"<row r='1'><c r='A1'"), "file.xlsx_broken"),
        (
            with_sheet(b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + NS + b"&a;</sheetData></worksheet>"),
            "file.xlsx_broken",
        ),
        (with_sheet(NS + b"</sheetData></worksheet>"), "file.empty"),
    ],
)
def test_a_bad_workbook_is_refused_with_a_code(data: bytes, code: str) -> None:
    assert refused(data, "a.xlsx") == code


def test_a_forged_row_number_is_refused_in_bounded_time() -> None:
    cell = b"<c r='A%d' t='inlineStr'><is><t>when</t></is></c><c r='B%d' t='inlineStr'><is><t>lat</t></is></c>"
    row = b"<row r='%d'>" + cell + b"</row>"
    xml = NS + row % (1, 1, 1) + row % (2_000_000_000, 2, 2) + b"</sheetData></worksheet>"
    started = time.monotonic()
    assert refused(with_sheet(xml), "a.xlsx") == "file.too_many_rows"
    assert time.monotonic() - started < 20


@given(
    st.binary(max_size=300),
    st.sampled_from(["a.csv", "a.xlsx", "a.geojson"]),
    st.sampled_from([b"", b"PK\x03\x04", b"{", b"when,lat\n"]),
)
def test_any_bytes_give_a_table_or_are_refused(data: bytes, name: str, start: bytes) -> None:
    code = "file."
    try:
        list(table(start + data, name).rows)
    except FileRefused as wrong:
        code = wrong.code
    assert code.startswith("file.")


# ---------------------------------------------------------------- GeoJSON and GeoPackage


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def test_features_become_rows_with_their_point() -> None:
    data = collection(
        {
            "type": "Feature",
            "id": 7,
            "properties": {"when": "x", "kinds": ["a", "b"]},
            "geometry": {"type": "Point", "coordinates": [102.7, 17.9]},
        },
        {"type": "Feature", "properties": None, "geometry": {"type": "Polygon", "coordinates": []}},
        {
            "type": "Feature",
            "properties": {"when": "\ud800"},
            "geometry": {"type": "Point", "coordinates": []},
        },
        17,
    )
    found = table(data, "a.geojson")
    rows = list(found.rows)
    assert found.headings == ("when", "kinds", "id", "geometry")
    assert rows[0].cells == ("x", "a, b", 7, "POINT (102.7 17.9)")
    assert rows[1].cells[-1] == "POLYGON (…)"
    assert rows[2].cells[-1] == "POINT EMPTY"
    assert rows[3].trouble == "row.not_a_feature"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "file.json_broken"),
        (b'{"a":' * 100_000, "file.json_broken"),
        (b'{"type": "Topology"}', "file.not_geojson"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "file.json_broken"),
        (collection(), "file.empty"),
        (
            collection({}, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}),
            "file.wrong_crs",
        ),
        (collection({"properties": {str(n): 1 for n in range(1000)}}), "file.too_many_columns"),
        (collection({"properties": {"a": 1}}), "file.no_header"),
        (b"when,lat\n1,2", "file.content_differs"),
    ],
)
def test_a_bad_geojson_is_refused_with_a_code(data: bytes, code: str) -> None:
    assert refused(data, "a.geojson") == code


def test_a_geopackage_is_read_and_put_into_wgs84(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    points = gpd.points_from_xy([258000, 259000], [1978000, 1978500])
    gpd.GeoDataFrame({"when": ["a", "ข"]}, geometry=points, crs=32648).to_file(path, driver="GPKG")
    rows = list(read_file(path, WORDS).rows)
    assert rows[1].cells[1] == "ข"
    assert rows[0].cells[-1].startswith("POINT (102.71609803")


def test_a_geopackage_is_for_the_command_line_only(tmp_path: Path) -> None:
    assert refused(b"SQLite format 3\0" + b"\0" * 100, "a.gpkg") == "file.gpkg_from_command_line"


def test_an_sqlite_file_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("create table t (a)")
    path2 = tmp_path / "b.gpkg"
    path2.write_bytes(path.read_bytes()[:50] + b"junk" * 100)
    for one in (path, path2):
        with pytest.raises(FileRefused) as caught:
            read_file(one, WORDS)
        assert caught.value.code == "file.gpkg_broken"


# ---------------------------------------------------------------- names and headings


def test_unknown_endings_and_missing_files_are_refused(tmp_path: Path) -> None:
    assert refused(b"when,lat\n", "a.ods") == "file.type_unknown"
    for wrong in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FileRefused) as caught:
            read_bytes(wrong)
        assert caught.value.code == "file.not_found"
    assert kind_of("เหตุ.CSV", b"a,b") == "csv"


def test_headings_that_the_user_named_outrank_known_ones_and_must_be_there() -> None:
    words = Vocabulary({"when": ("date",), "lat": ()}, parse_columns(["Seen On=when", "a=b=lat"]))
    assert read_table(b"date,SEEN ON,a=b\n", "a.csv", words).columns == {"when": 1, "lat": 2}
    with pytest.raises(FileRefused, match=r"file\.column_not_found"):
        read_table(b"date,lat\n", "a.csv", words)
    with pytest.raises(FileRefused, match=r"file\.unknown_field"):
        Vocabulary({"when": ()}, {"x": "height"})
    with pytest.raises(FileRefused, match=r"file\.columns_unreadable"):
        parse_columns(["just a heading"])


def test_brackets_in_headings_explain_and_the_surest_heading_wins() -> None:
    words = Vocabulary({"when": ("วันที่เกิดเหตุ", "วันที่"), "lat": ()})
    assert words.assign(["วันที่", "วันที่ เกิดเหตุ (พ.ศ.)", "LAT"]) == {"when": 1, "lat": 2}


def test_missing_columns_are_named_with_what_was_seen() -> None:
    with pytest.raises(FileRefused) as caught:
        table("when,lat\n").require("lon")
    assert caught.value.params == {"fields": "ลองจิจูด (lon)", "seen": "when, lat"}
