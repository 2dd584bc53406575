"""A spreadsheet of activities: what offices write is understood, all is taken or nothing, and nothing twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.documents.activity_table import form_book, form_csv
from dashboard.import_account import reason
from geo.actions.activity_file import ActivityFile, import_activities
from geo.errors import FileRefused, WatchError
from geo.ingest.activities import ActivityRow, ActivityRules, activity_table, read_activities
from geo.ingest.activity_words import ACTIVITY_WORDS, SEXES
from geo.ingest.agencies import AgencyWords
from geo.ingest.district_words import DistrictWords
from geo.ingest.facts import rows
from geo.ingest.reading import Reading
from geo.model.activity import ActivityKind, ActivityState, AttendeeRole, Heads, NewActivity
from geo.queries.activities import activities
from tests.geo.activities.conftest import MUKDAHAN, NONG_KHAI, Hall

NOW = datetime(2026, 9, 15, tzinfo=UTC)
DISTRICTS = DistrictWords(
    [
        {"code": NONG_KHAI, "name_th": "เมืองหนองคาย", "name_en": "Mueang Nong Khai", "province_code": "43", "province_th": "หนองคาย", "province_en": "Nong Khai"},
        {"code": MUKDAHAN, "name_th": "เมืองมุกดาหาร", "name_en": "Mueang Mukdahan", "province_code": "49", "province_th": "มุกดาหาร", "province_en": "Mukdahan"},
    ]
)  # fmt: skip
RULES = ActivityRules(
    DISTRICTS, AgencyWords(rows("agencies")), lambda _: {"430101": "430101", "ในเมือง": "430101"}, None, NOW
)


def sheet(*lines: Sequence[str], fields: Sequence[str] = ()) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[ACTIVITY_WORDS[field][0] for field in fields], *lines] if fields else lines)
    return out.getvalue().encode()


def read(content: bytes, name: str = "a.csv") -> Reading[ActivityRow]:
    reading = read_activities(activity_table(content, name), RULES)
    assert reading.read == len(reading.taken) + len(reading.refused)
    return reading


def test_a_sheet_as_an_office_writes_it_is_understood() -> None:
    heads = ("ประเภทกิจกรรม", "เรื่อง", "วันที่จัด", "เวลา", "เวลาสิ้นสุด", "อ.", "ต.", "กำนันผู้ใหญ่บ้าน ชาย", "กำนันผู้ใหญ่บ้าน หญิง",
             "ประชาชน ไม่ระบุเพศ", "งบประมาณ (บาท)", "งบประมาณที่ใช้", "ผู้จัด", "คะแนนก่อน", "คะแนนหลัง", "ผู้ทำแบบทดสอบ", "พิกัด")  # fmt: skip
    first, second = read(
        sheet(
            heads,
            ("การอบรม", "อบรม ชรบ.", "๑ ส.ค. ๖๙", "09.00 น.", "16.30", "อ.เมืองหนองคาย", "ต.ในเมือง", "๒๔", "11 คน", "1,200", "", "12,500.50 บาท",
             "ตชด.", "45%", "78.5", "35", "17.88, 102.74"),
            ("หอกระจายข่าว", "เตือนภัย", "1/10/2569", "", "", "4901", "", "", "", "", "", "", "", "", "", "", ""),
        )
    ).taken  # fmt: skip
    assert first.new == NewActivity(
        NONG_KHAI, ActivityKind.TRAINING, "อบรม ชรบ.", date(2026, 8, 1), date(2026, 8, 1), begins=time(9), ends=time(16, 30),
        area_code="430101", lon=102.74, lat=17.88, agency="bpp", baht=12500.5, score_before=45, score_after=78.5, scored=35,
        heads={AttendeeRole.HEADMAN: Heads(24, 11), AttendeeRole.VILLAGER: Heads(unstated=1200)},
    )  # fmt: skip
    assert (second.new.district, second.new.state, second.new.begins) == (MUKDAHAN, ActivityState.PLANNED, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "-"}, "row.activity_title_missing"),
        ({"kind": "เต้นรำ"}, "row.activity_kind_unknown"),
        ({"kind": ""}, "row.activity_kind_missing"),
        ({"first_day": ""}, "row.activity_day_missing"),
        ({"first_day": "31/2/2569"}, "row.date_impossible"),
        ({"first_day": "1/1/2575"}, "row.date_future"),
        ({"district": ""}, "row.district_missing"),
        ({"district": "นครสวรรค์"}, "row.district_unknown"),
        ({"subdistrict": "ไม่มีจริง"}, "row.subdistrict_unknown"),
        ({"headman_men": "สิบ"}, "row.number_unreadable"),
        ({"headman_men": "-3"}, "row.number_negative"),
        ({"headman_men": "2.5"}, "row.number_not_whole"),
        ({"state": "อาจจะ"}, "row.activity_state_unknown"),
        ({"agency": "ใครก็ไม่รู้"}, "row.agency_unknown"),
        ({"begins": "บ่าย"}, "row.time_unreadable"),
        ({"place": "ก" * 201}, "row.too_long"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(change: dict[str, str], code: str) -> None:
    row = {"kind": "อบรม", "title": "ก", "first_day": "1/8/2569", "district": "4301"} | change
    (refused,) = read(sheet(tuple(row.values()), fields=tuple(row))).refused
    assert refused.code == code
    assert all(reason(refused, lang) for lang in ("th", "en"))


CELL = st.text(max_size=12) | st.sampled_from(
    ["อบรม", "1/8/2569", "4301", "๓๐ คน", "-", "=1+1", "1e999", "25:00", "ยกเลิก", "17.88, 102.74"]
)


@given(
    st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=4), st.permutations(sorted(ACTIVITY_WORDS))
)
@settings(max_examples=50)
def test_whatever_stands_in_a_sheet_every_row_is_taken_or_refused(lines: list[list[str]], fields: list[str]) -> None:
    needed = ["kind", "title", "first_day"]
    chosen = [*needed, *[field for field in fields if field not in needed][:3]]
    try:
        reading = read(sheet(*lines, fields=chosen))
    except FileRefused:
        return
    for one in reading.taken:
        assert one.new.title
        assert all(n >= 0 for heads in one.new.heads.values() for n in (heads.men, heads.women, heads.unstated))
    for refusal in reading.refused:
        assert reason(refusal, "th")


def test_the_form_is_understood_by_the_import_itself() -> None:
    for content, name in ((form_csv(), "form.csv"), (form_book(), "form.xlsx")):
        table = activity_table(content, name)
        assert set(table.columns) >= {f"{role}_{sex}" for role in AttendeeRole for sex in SEXES}
        assert table.unused == ()
        assert [one.new.kind for one in read(content, name).taken] == [ActivityKind.TRAINING, ActivityKind.ONLINE_POST]


# ---------------------------------------------------------------- into the store


def take(hall: Hall, who: str, content: bytes) -> ActivityFile:
    with hall.acting(who) as connection:
        return import_activities(
            connection, activity_table(content, "a.csv"), file_name="a.csv", sha256="0" * 64, person=hall.people[who], district=NONG_KHAI
        )  # fmt: skip


FIELDS = ("kind", "title", "first_day", "begins", "ends", "district", "villager_men")
GOOD = (
    ("อบรม", "จากไฟล์ ๑", "1/8/2569", "09:00", "12:00", "", "20"),
    ("วิทยุ", "จากไฟล์ ๒", "2/8/2569", "", "", "4301", ""),
)


def test_all_of_a_file_is_taken_or_nothing_and_nothing_twice(hall: Hall) -> None:
    def titles() -> list[str]:
        with hall.acting("commander") as connection:
            found = activities(connection, date(2026, 8, 1), date(2026, 8, 31))
        return sorted(one.what.title for one in found)

    bad = (
        *GOOD,
        ("อบรม", "เลิกก่อนเริ่ม", "3/8/2569", "12:00", "09:00", "", ""),
        ("อบรม", "ที่อื่น", "3/8/2569", "", "", MUKDAHAN, ""),
        GOOD[0],
    )
    done = take(hall, "officer", sheet(*bad, fields=FIELDS))
    assert [(one.row.number, one.code) for one in done.refused] == [
        (4, "activity.clock"), (5, "activity.not_your_district"), (6, "row.activity_twice"),
    ]  # fmt: skip
    assert (done.added, titles()) == (0, [])
    done = take(hall, "officer", sheet(*GOOD, fields=FIELDS))
    assert (done.read, done.added, done.already, titles()) == (2, 2, 0, ["จากไฟล์ ๑", "จากไฟล์ ๒"])
    more = sheet(*GOOD, ("โรงเรียน", "ใหม่", "4/8/2569", "", "", "", ""), fields=FIELDS)
    done = take(hall, "chief", more)
    assert (done.added, done.already, len(titles())) == (1, 2, 3)
    with pytest.raises(WatchError):
        take(hall, "planner", more)
    assert hall.one("select count(*) from audit_log where action = 'activity.import'") == 2


def test_a_command_keeps_its_batch(hall: Hall) -> None:
    with hall.owner.begin() as connection:
        table = activity_table(sheet(("ประชุม", "ของคำสั่ง", "5/9/2569", "", "", MUKDAHAN, ""), fields=FIELDS), "b.csv")
        done = import_activities(connection, table, file_name="b.csv", sha256="1" * 64)
    assert done.added == 1
    assert hall.one("select rows_added from import_batch where kind = 'activities'") == 1
