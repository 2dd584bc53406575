"""The calendar that a telephone reads, the table of activities, and the minutes of a meeting: whole, and nothing of it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from icalendar import Calendar
from openpyxl import load_workbook
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import store
from dashboard.activity_words import Known
from dashboard.documents.activity_calendar import activity_feed
from dashboard.documents.activity_table import activity_rows
from dashboard.documents.minutes import FONT, Minutes, minutes_docx
from dashboard.documents.tables import write
from dashboard.meeting_decisions import Known as MeetingKnown
from dashboard.settings import DashboardSettings
from dashboard.web import calendar_feed, minutes_papers
from dashboard.web.live import hub
from geo.actions.activities import record_activity
from geo.actions.calendar_pass import close_calendar, open_calendar
from geo.actions.meeting_minutes import put_minutes
from geo.errors import WatchError
from geo.model.activity import ActivityKind, ActivityState
from geo.model.meeting import Meeting, MeetingFilter, MeetingState
from geo.model.meeting_minutes import AgendaItem, Attendance
from geo.queries.activities import activities
from geo.queries.activity_calendar import Entry
from geo.queries.meeting_minutes import agenda, attendance
from tests.came import Came
from tests.geo.activities.conftest import MUKDAHAN, NONG_KHAI, TRAINING, Hall, hall, on

__all__ = ["hall"]

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
HOSTILE = '=cmd|"/c calc"!A1;,\\n\r\nEND:VEVENT\r\nBEGIN:VEVENT <b>${7*7}</b> \x07\u202e {{7*7}}'
KNOWN = Known({}, {}, "th", NOW.date())


def entry(**change: Any) -> Entry:
    usual = Entry(
        7, NONG_KHAI, ActivityKind.TRAINING, "อบรมผู้ใหญ่บ้านเรื่องการแจ้งเหตุและการสังเกตสิ่งผิดปกติตามแนวชายแดนในเวลากลางคืน", ActivityState.HELD,
        date(2026, 12, 1), date(2026, 12, 1), time(9), time(16, 30), None, "หอประชุม", None, None, None, None, None, 3, NOW, False,
    )  # fmt: skip
    return replace(usual, **change)


def events(content: bytes) -> list[Any]:
    assert content.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_the_calendar_is_one_event_for_each_activity_at_its_time() -> None:
    content = activity_feed(
        [
            entry(), entry(id=8, begins=None, ends=None, last_day=date(2026, 12, 3), state=ActivityState.PLANNED),
            entry(id=9, ends=None, state=ActivityState.CANCELLED), entry(id=10, title=HOSTILE, place=HOSTILE),
        ],
        KNOWN,
    )  # fmt: skip
    timed, days, open_end, hostile = events(content)
    bangkok = timedelta(hours=7)
    assert (timed["dtstart"].dt, timed["dtend"].dt) == (
        datetime(2026, 12, 1, 9, tzinfo=UTC) - bangkok, datetime(2026, 12, 1, 16, 30, tzinfo=UTC) - bangkok,
    )  # fmt: skip
    assert (timed["uid"], timed["sequence"], timed["status"]) == ("activity-7@nts-mekong-watch", 2, "CONFIRMED")
    assert (days["dtstart"].dt, days["dtend"].dt, days["status"]) == (date(2026, 12, 1), date(2026, 12, 4), "TENTATIVE")
    assert "dtend" not in open_end
    assert open_end["status"] == "CANCELLED"
    assert "${7*7}" in hostile["summary"]
    assert "\x07" not in hostile["summary"]
    whole = Calendar.from_ical(content)
    assert (whole["version"], whole["method"], len(list(whole.walk("VTIMEZONE")))) == ("2.0", "PUBLISH", 1)
    assert all({"uid", "dtstamp", "dtstart"} <= set(map(str.lower, event)) for event in whole.walk("VEVENT"))


def test_a_table_that_is_taken_away_has_numbers_of_people_and_nothing_that_is_computed(hall: Hall) -> None:
    with hall.acting("chief") as connection:
        record_activity(connection, hall.people["chief"], on(hall, 3, title=HOSTILE[:40], note="@x"))
        found = activities(connection, hall.today - timedelta(days=3), hall.today)
    for form in ("csv", "xlsx"):
        out = BytesIO()
        assert write(activity_rows(found, KNOWN, NOW), form, out) == len(found)
    sheet = load_workbook(out).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert {20, 9} <= {cell.value for cell in sheet[2]}


# ---------------------------------------------------------------- whose calendar an address opens


@pytest.fixture
def client(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Our routes on the hall's store."""
    chosen = DashboardSettings(secret_key="a key for these tests alone, 32+")
    monkeypatch.setattr(store, "settings", lambda: chosen)
    monkeypatch.setattr(store, "engine", lambda: hall.app)
    monkeypatch.setattr(type(hub), "version", property(lambda _: f"activities-{id(hall)}"))
    routes = [*calendar_feed.routes, *minutes_papers.routes]
    with TestClient(Came(Starlette(routes=routes), hall.people)) as made:
        made.headers["x-who"] = "chief"
        yield made


def test_a_secret_address_opens_its_owners_calendar_and_ends_with_their_rights(hall: Hall, client: TestClient) -> None:
    far = replace(TRAINING, district=MUKDAHAN, area_code=None, title="ที่มุกดาหาร")
    for who, new in (
        ("chief", on(hall, 1, title="ที่หนองคาย", note="ลับ")),
        ("neighbour", replace(far, first_day=hall.today, last_day=hall.today)),
    ):
        with hall.acting(who) as connection:
            record_activity(connection, hall.people[who], new)

    def opened(who: str) -> str:
        with hall.app.begin() as connection:
            return open_calendar(connection, hall.people[who])

    def read(token: str) -> list[str]:
        answer = client.get(f"/calendars/{token}.ics")
        assert answer.status_code == 200
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
            "text/calendar; charset=utf-8",
            "no-store",
        )
        assert "ลับ" not in answer.text
        assert "12500" not in answer.text
        assert "คุณ" not in answer.text
        return [str(event["summary"]) for event in events(answer.content)]

    tokens = {who: opened(who) for who in ("chief", "headman", "national", "agency")}
    assert any("ที่หนองคาย" in said for said in read(tokens["chief"]))
    assert not any("ที่มุกดาหาร" in said for said in read(tokens["chief"]) + read(tokens["headman"]))
    assert any("ที่หนองคาย" in said for said in read(tokens["headman"]))
    assert any("ที่มุกดาหาร" in said for said in read(tokens["national"]))
    again = opened("chief")
    with hall.app.begin() as connection:
        close_calendar(connection, hall.people["national"])
    for gone in (tokens["chief"], tokens["national"], tokens["agency"], "no-such-secret", again[:-1]):
        assert client.get(f"/calendars/{gone}.ics").status_code == 404
    assert read(again)
    hall.put("update person set active = false where id = :id", id=hall.people["headman"].id)
    assert client.get(f"/calendars/{tokens['headman']}.ics").status_code == 404
    hall.put("update person set active = true where id = :id", id=hall.people["headman"].id)
    assert not hall.one(
        "select exists (select from calendar_pass where encode(token_hash, 'escape') like '%' || :t || '%')", t=again
    )


# ---------------------------------------------------------------- minutes

MEETING = Meeting(
    3, "ประชุมประจำเดือน", date(2026, 11, 20), None, None, MeetingState.HELD, (NONG_KHAI,), MeetingFilter(date(2026, 10, 1), date(2026, 10, 28)),
    (), NOW, True, NOW, NOW, NOW + timedelta(hours=2),
)  # fmt: skip


def test_minutes_are_a_word_document_in_thai_letters() -> None:
    known = MeetingKnown({}, {}, {}, "th", NOW.date())
    made = minutes_docx(
        Minutes(MEETING, [AgendaItem("เรื่องแจ้ง", f"บรรทัดหนึ่ง\nบรรทัดสอง {HOSTILE}"), AgendaItem("อื่น ๆ")],
                [Attendance(None, "ที่ทำการปกครอง", 4), Attendance("bpp", None, 3)], [], known, NOW)
    )  # fmt: skip
    document = Document(BytesIO(made))
    told = "\n".join(
        [
            *(p.text for p in document.paragraphs),
            *(c.text for table in document.tables for row in table.rows for c in row.cells),
        ]
    )
    for words in (
        "20 พ.ย. 2569",
        "10:00–12:00",
        "วาระที่ 1 เรื่องแจ้ง",
        "บรรทัดสอง",
        "ที่ทำการปกครอง",
        "ไม่มีบันทึก",
        "ไม่มีมติ",
        "7",
    ):
        assert words in told
    assert "\x07" not in told
    with ZipFile(BytesIO(made)) as parts:
        assert not any("vbaProject" in name or "embeddings" in name for name in parts.namelist())
        styles = parts.read("word/styles.xml").decode()
    for called in ("Normal", "Title", "Heading 1", "Table Grid"):
        letters = document.styles[called].element.rPr
        assert {letters.find(qn("w:rFonts")).get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs")} == {FONT}
        assert letters.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
        order = [child.tag for child in letters if child.tag in {qn("w:sz"), qn("w:szCs"), qn("w:lang")}]
        assert order == [qn("w:sz"), qn("w:szCs"), qn("w:lang")]
    assert "csTheme" not in "".join(re.findall(r"<w:rFonts[^>]*TH Sarabun[^>]*>", styles))


def test_agenda_and_attendance_are_written_by_who_leads_and_stand_also_when_the_meeting_is_held(
    hall: Hall, client: TestClient
) -> None:
    number = hall.prepare("chief", (NONG_KHAI,))
    before = hall.one(
        "select md5(string_agg(content::text, '' order by place)) from meeting_sheet where meeting_id = :id", id=number
    )
    hall.put("update meeting set state = 'running', started_at = now() where id = :id", id=number)
    hall.put("update meeting set state = 'held', finished_at = now() where id = :id", id=number)
    items, came = (
        [AgendaItem("เรื่องแจ้ง", "ก\nข"), AgendaItem(" ")],
        [Attendance("bpp", None, 3), Attendance(None, " ศูนย์ ", 2)],
    )
    with hall.acting("chief") as connection:
        put_minutes(connection, hall.people["chief"], number, items, came)
        put_minutes(connection, hall.people["chief"], number, items, came)
        for bad, code in (([Attendance("bpp", "x", 1)], "one_office"), ([Attendance("no", None, 1)], "unknown_agency"),
                          ([*came, came[0]], "twice"), ([Attendance("bpp", None, 0)], "present")):  # fmt: skip
            with pytest.raises(WatchError) as error:
                put_minutes(connection, hall.people["chief"], number, [], bad)
            assert error.value.code == f"minutes.{code}"
    for who in ("officer", "neighbour", "administrator"):
        with pytest.raises(WatchError), hall.acting(who) as connection:
            put_minutes(connection, hall.people[who], number, [], [])
    with hall.acting("planner") as connection:
        assert agenda(connection, number) == (AgendaItem("เรื่องแจ้ง", "ก\nข"),)
        assert attendance(connection, number) == (Attendance("bpp", None, 3), Attendance(None, "ศูนย์", 2))
    assert before == hall.one(
        "select md5(string_agg(content::text, '' order by place)) from meeting_sheet where meeting_id = :id", id=number
    )
    answers = {
        who: client.get(f"/papers/minutes/{number}.docx?lang=en", headers={"x-who": who})
        for who in ("officer", "neighbour", "headman")
    }
    assert [answer.status_code for answer in answers.values()] == [200, 404, 403]
    assert any(
        "Border Patrol" in cell.text
        for table in Document(BytesIO(answers["officer"].content)).tables
        for row in table.rows
        for cell in row.cells
    )
