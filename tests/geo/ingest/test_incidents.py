"""Incident sheets, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import REGION
from geo.errors import FileRefused
from geo.ingest.columns import INCIDENT_WORDS
from geo.ingest.crime_words import CrimeWords
from geo.ingest.dates import BANGKOK
from geo.ingest.district_words import DistrictWords
from geo.ingest.facts import border_districts, rows
from geo.ingest.headers import Vocabulary
from geo.ingest.incidents import IncidentRules, Reading, incident_vocabulary, read_incidents
from geo.ingest.problems import CellRefused
from geo.ingest.state_words import channel_of, status_of
from geo.ingest.tabular import read_table
from geo.ingest.text import clean
from geo.model import Channel, Status

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BANGKOK)
CRIMES = CrimeWords(rows("crime_types"))
DISTRICTS = DistrictWords(
    {
        "code": one.code,
        "name_th": one.name_th,
        "name_en": one.name_en,
        "province_code": one.province_code,
        "province_th": one.province_th,
        "province_en": one.province_en,
    }
    for one in border_districts().values()
)
HEAD = ["วันที่เกิดเหตุ", "ประเภทเหตุ", "ละติจูด", "ลองจิจูด", "อำเภอ", "รายละเอียด"]
GOOD = ["14 ก.ค. 2569 เวลา 21:05 น.", "ยาบ้า", "17.8812", "102.7125", "", "พบของกลาง"]


def sheet(*lines: Sequence[str]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(lines)
    return stream.getvalue().encode()


def read(*lines: Sequence[str], **more: object) -> Reading:
    table = read_table(sheet(*lines), "a.csv", incident_vocabulary())
    return read_incidents(table, IncidentRules(CRIMES, DISTRICTS, now=NOW, **more))  # type: ignore[arg-type]


def row(**cells: str) -> list[str]:
    names = dict(zip(("when", "kind", "lat", "lon", "district", "text"), GOOD, strict=True)) | cells
    return list(names.values())


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("ยาบ้า", ["drug_trafficking"]),
        ("ค้ามนุษย์", ["trafficking_in_persons"]),
        ("หลบหนีเข้าเมือง", ["irregular_entry"]),
        ("สินค้าหนีภาษี", ["contraband"]),
        ("แก๊งคอลเซ็นเตอร์", ["online_scam"]),
        ("Human Trafficking", ["trafficking_in_persons"]),
        ("drug_trafficking", ["drug_trafficking"]),
        ("คดียาเสพติด", ["drug_trafficking"]),
        ("1. ยาเสพติด", ["drug_trafficking"]),
        ("ยาเสพติด (ยาบ้า 2,000 เม็ด)", ["drug_trafficking"]),
        ("หลบหนีเข้าเมือง, ยาเสพติด, ", ["irregular_entry", "drug_trafficking"]),
        ("ค้ามนุษย์/ฟอกเงิน", ["trafficking_in_persons", "money_laundering"]),
        ("ค้ามนุษย์|ฟอกเงิน;ยาบ้า", ["trafficking_in_persons", "money_laundering", "drug_trafficking"]),
        ("ยาบ้า\nยาไอซ์", ["drug_trafficking"]),
        ("การหลอกลวงออนไลน์ / แก๊งคอลเซ็นเตอร์, อาวุธปืน", ["online_scam", "arms_trafficking"]),
        ("อะไรสักอย่าง", []),
    ],
)
def test_crime_types_are_found_in_the_words_of_offices(words: str, codes: list[str]) -> None:
    assert list(CRIMES.find(words).codes) == codes


@pytest.mark.parametrize("column", ["code", "name_th", "name_en", "name_lo", "name_km"])
def test_every_crime_type_answers_to_each_of_its_names(column: str) -> None:
    for one in rows("crime_types"):
        if one[column]:
            assert CRIMES.find(one[column]).codes == (one["code"],), one[column]


def test_every_synonym_means_one_crime_type_of_the_store() -> None:
    for one in rows("crime_type_synonyms"):
        assert CRIMES.find(one["word"]).codes == (one["code"],), one


def test_a_crime_type_that_an_administrator_added_is_found_by_its_name() -> None:
    words = CrimeWords([*rows("crime_types"), {"code": "sand", "name_th": "ลักลอบดูดทราย", "name_en": "Sand mining"}])
    assert words.find("ดูดทราย; ยาบ้า").codes == ("sand", "drug_trafficking")


@pytest.mark.parametrize(
    ("district", "province", "code"),
    [
        ("4301", "", "4301"),
        ("TH4301", "", "4301"),
        ("อำเภอเมืองหนองคาย", "", "4301"),
        ("อ.เมือง", "หนองคาย", "4301"),
        ("เมือง", "จ.หนองคาย", "4301"),
        ("ต.ในเมือง อ.เมือง จ.หนองคาย", "", "4301"),
        ("Mueang Nong Khai", "", "4301"),
        ("Muang Nong Khai District", "", "4301"),
        ("โพนพิสัย", "43", "4305"),
        ("Amphoe Phon Phisai", "Nong Khai Province", "4305"),
        ("", "หนองคาย", None),
    ],
)
def test_districts_are_found_by_code_and_name(district: str, province: str, code: str | None) -> None:
    assert DISTRICTS.find(district, province) == code


@pytest.mark.parametrize(
    ("district", "province", "code"),
    [
        ("เมือง", "", "row.district_ambiguous"),
        ("ไม่มีอยู่จริง", "", "row.district_unknown"),
        ("โพนพิสัย", "เลย", "row.district_unknown"),
        ("โพนพิสัย", "แอตแลนติส", "row.province_unknown"),
    ],
)
def test_districts_that_are_not_one_are_refused(district: str, province: str, code: str) -> None:
    with pytest.raises(CellRefused) as refused:
        DISTRICTS.find(district, province)
    assert refused.value.code == code


def test_states_and_channels_are_understood_in_thai_and_english() -> None:
    assert status_of("อยู่ระหว่าง ตรวจสอบ") is Status.VERIFYING
    assert status_of("Closed") is Status.CLOSED
    assert channel_of("ผญบ.") is Channel.COORDINATOR
    assert channel_of("ออนไลน์") is Channel.ONLINE
    assert status_of("อะไร") is channel_of("อะไร") is None


def test_no_heading_names_two_fields() -> None:
    words = Vocabulary(INCIDENT_WORDS)
    for field, headings in INCIDENT_WORDS.items():
        for heading in [*headings, field]:
            assert words.assign([heading]) == {field: 0}, heading


# ---------------------------------------------------------------- rows


def test_a_plain_row_becomes_an_incident() -> None:
    (one,) = read(HEAD, row(district="อ.เมือง จ.หนองคาย")).incidents
    assert one.occurred_at == datetime(2026, 7, 14, 21, 5, tzinfo=BANGKOK)
    assert one.reported_at == one.occurred_at
    assert (one.crime_type, one.district, one.status, one.channel) == (
        "drug_trafficking",
        "4301",
        Status.RECEIVED,
        Channel.COORDINATOR,
    )
    assert (one.lat, one.lon, one.description) == (17.8812, 102.7125, "พบของกลาง")


def test_a_row_without_a_point_but_with_a_district_is_taken() -> None:
    reading = read(HEAD, row(lat="", lon="", district="4301"), row(lat="0", lon="0", district="4301"))
    assert [(one.lon, one.district) for one in reading.incidents] == [(None, "4301"), (None, "4301")]
    (remark,) = reading.remarks
    assert (remark.row.number, remark.code) == (3, "point_left_out")
    assert remark.because is not None
    assert remark.because.code == "row.coordinate_zero"


def test_a_district_that_is_not_understood_never_costs_a_row_with_a_point() -> None:
    reading = read(HEAD, row(district="อ.ไม่มีอยู่จริง"))
    assert reading.incidents[0].district is None
    assert "ไม่มีอยู่จริง" in reading.incidents[0].location_note
    assert [remark.code for remark in reading.remarks] == ["district_left_out"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"when": ""}, "row.date_missing"),
        ({"when": "31/02/2569"}, "row.date_impossible"),
        ({"kind": ""}, "row.type_missing"),
        ({"kind": " , "}, "row.type_missing"),
        ({"kind": "ลักขโมยไก่"}, "row.type_unknown"),
        ({"lat": "", "lon": ""}, "row.place_missing"),
        ({"lon": ""}, "row.coordinate_unreadable"),
        ({"lat": "52.5", "lon": "13.4"}, "row.coordinate_outside"),
        ({"lat": "", "lon": "", "district": "เมือง"}, "row.district_ambiguous"),
        ({"text": "x" * 40_000}, "row.cell_too_long"),
    ],
)
def test_a_row_that_lacks_what_it_needs_is_refused_with_a_code(cells: dict[str, str], code: str) -> None:
    reading = read(HEAD, row(**cells), GOOD)
    assert [(refusal.row.number, refusal.code) for refusal in reading.refused] == [(2, code)]
    assert reading.read == len(reading.incidents) + len(reading.refused) == 2


def test_unknown_crime_types_can_be_taken_as_one_that_is_named() -> None:
    reading = read(HEAD, row(kind="ลักขโมยไก่"), row(kind=""), type_for_unknown="suspicious_activity")
    assert [one.crime_type for one in reading.incidents] == ["suspicious_activity"]
    assert [refusal.code for refusal in reading.refused] == ["row.type_missing"]
    with pytest.raises(FileRefused, match=r"file\.type_for_unknown"):
        read(HEAD, GOOD, type_for_unknown="chicken")


def test_what_only_adds_to_an_incident_is_left_out_and_remarked() -> None:
    head = [*HEAD, "เวลา", "สถานะ", "ช่องทาง", "วันที่รับแจ้ง"]
    reading = read(head, [*row(when="14/7/2569", kind="ยาบ้า, ไก่"), "กลางคืน", "อะไร", "นกพิราบ", "เมื่อวาน"])
    assert {remark.code for remark in reading.remarks} == {
        "time_left_out",
        "status_unknown",
        "channel_unknown",
        "reported_left_out",
        "type_part_unknown",
    }
    assert reading.incidents[0].day_only


def test_swapped_coordinates_are_put_right_and_remarked() -> None:
    reading = read(HEAD, row(lat="102.7125", lon="17.8812"))
    assert (reading.incidents[0].lon, reading.incidents[0].lat) == (102.7125, 17.8812)
    assert [remark.code for remark in reading.remarks] == ["swapped_lat_lon"]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        (["พิกัด"], ["48Q TE 57700 78000"]),
        (["MGRS"], ["48qte5770078000"]),
        (["พิกัด", "โซน"], ["TE 57700 78000", "48Q"]),
        (["พิกัด X", "พิกัด Y", "โซน"], ["257700", "1978000", "48"]),
        (["พิกัด X", "พิกัด Y"], ["102.71327", "17.87644"]),
        (["easting", "northing", "zone"], ["257,700", "1,978,000", "48N"]),
        (["ละติจูด", "ลองจิจูด", "zone"], ["1978000", "257700", "48N"]),
        (["ละติจูด", "ลองจิจูด"], ["17.87644, 102.71327", ""]),
        (["ละติจูด", "ลองจิจูด", "พิกัด"], ["", "", "17°52'35\"N 102°42'47.8\"E"]),
    ],
)
def test_the_place_is_found_in_whichever_columns_hold_it(head: list[str], cells: list[str]) -> None:
    reading = read(["วันที่", "ประเภท", *head], ["14/7/2569", "ยาบ้า", *cells])
    assert [(refusal.code, refusal.params) for refusal in reading.refused] == []
    (one,) = reading.incidents
    assert one.lon == pytest.approx(102.71327, abs=1e-4)
    assert one.lat == pytest.approx(17.87644, abs=1e-4)


def test_where_most_dates_are_month_first_the_doubtful_ones_are_not_guessed() -> None:
    lines = [row(when=when) for when in ("07/14/2026", "07/15/2026", "13/07/2026", "07/05/2026", "14 ก.ค. 2569")]
    assert [refusal.code for refusal in read(HEAD, *lines).refused] == [
        "row.date_month_first",
        "row.date_month_first",
        "row.date_order_doubtful",
    ]
    asked = read(HEAD, *lines, month_first=True)
    assert [refusal.code for refusal in asked.refused] == ["row.date_impossible"]
    assert asked.incidents[2].occurred_at.month == 7


def test_the_same_incident_has_the_same_key_however_it_is_written() -> None:
    one = read(HEAD, row(district="4301"))
    other = read(
        ["จังหวัด", "date", "type", "พิกัด", "district", "details", "สถานะ"],
        ["หนองคาย", "๑๔/๗/๒๕๖๙ ๒๑.๐๕ น.", "ยาบ้า", "17.8812 N, 102.7125 E", "อ.เมือง", " พบของกลาง ", "ยุติเรื่อง"],
    )
    assert one.incidents[0].source_key == other.incidents[0].source_key
    assert one.incidents[0].source_key != read(HEAD, row(text="อื่น", district="4301")).incidents[0].source_key


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["วันที่", "ละติจูด", "ลองจิจูด"], "file.missing_columns"),
        (["วันที่", "ประเภท"], "file.missing_columns"),
        (["วันที่", "ประเภท", "ละติจูด"], "file.missing_columns"),
        (["วันที่", "ประเภท", "อำเภอ"], "file.no_rows"),
    ],
)
def test_a_sheet_without_what_every_row_needs_is_refused_as_a_whole(head: list[str], code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(head)
    assert refused.value.code == code


# ---------------------------------------------------------------- anything at all

HOSTILE = [
    "{{ cycler.__init__.__globals__.os.system('x') }}",
    "{% parked",
    "{# x",
    "${alert(1)}",
    "`${alert(1)}`",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "![x](http://example.org/beacon)",
    '=HYPERLINK("http://example.org")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\u202eevil\u202c",
    "a\u0000b",
    "\x1b[31mred",
    "ก" + "\u0e49" * 300,
    "'; drop table incident; --",
    "%s %d {0} {name}",
    "\U000e0041\u200b\ufeff",
    "NaN",
    "-",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("column", range(6))
def test_hostile_text_is_refused_or_kept_as_text_only(hostile: str, column: int) -> None:
    cells = list(GOOD)
    cells[column] = hostile
    reading = read(HEAD, cells)
    assert len(reading.incidents) + len(reading.refused) == 1
    for one in reading.incidents:
        for text in (one.description, one.location_note, one.source_id):
            assert clean(text, lines=True) == text


CELL = st.one_of(
    st.sampled_from(GOOD + HOSTILE + ["17°52'", "102", "48Q TE 57700 78000", "46217", "4301", "อ.เมือง", "ยาบ้า, ไก่"]),
    st.text(max_size=20),
)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([*INCIDENT_WORDS, *HEAD, "ลำดับ", ""]), max_size=10),
    st.lists(st.lists(CELL, max_size=12), max_size=8),
)
def test_any_csv_is_refused_as_a_whole_or_every_row_is_accounted_for(extra: list[str], lines: list[list[str]]) -> None:
    try:
        data = sheet([*HEAD, *extra], GOOD, *lines)
    except UnicodeEncodeError:
        return  # a lone surrogate is no CSV
    code = "file."
    try:
        table = read_table(data, "a.csv", incident_vocabulary())
        reading = read_incidents(table, IncidentRules(CRIMES, DISTRICTS, now=NOW))
    except FileRefused as refused:
        code = refused.code
    else:
        assert reading.read == len(reading.incidents) + len(reading.refused) == len(reading.rows)
        assert len({one.row for one in reading.incidents} | {one.row.number for one in reading.refused}) == reading.read
        for one in reading.incidents:
            assert one.crime_type in CRIMES.codes
            assert one.district or one.lon is not None
            assert one.lon is None or REGION[0] <= one.lon <= REGION[2]
    assert code.startswith("file.")
