"""What a coordinator hands in, in every way, and what the database lets them see of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from geo.actions.coordinator_file import MOST_ROWS, import_reports
from geo.actions.intake import NewReport, submit
from geo.actions.quiet_months import say_quiet
from geo.crs import TIMEZONE
from geo.errors import FileRefused, WatchError
from geo.ingest.incidents import incident_vocabulary
from geo.ingest.table import Table
from geo.ingest.tabular import read_table
from geo.queries.own_reports import area_line, case_number, own_reports, quiet_months, reported_months
from tests.geo.cases.conftest import NONG_KHAI, Office

HEAD = "วันที่เกิดเหตุ,ประเภทเหตุ,อำเภอ,สถานที่,รายละเอียด,สถานะ\n"


def table(*rows: str) -> Table:
    return read_table((HEAD + "\n".join(rows)).encode(), "a.csv", incident_vocabulary())


def this_month() -> date:
    return datetime.now(ZoneInfo(TIMEZONE)).date().replace(day=1)


def hand_in(office: Office, told: str = "เรือ") -> str:
    with office.acting("headman") as connection:
        return submit(
            connection,
            NewReport(
                uuid4(), None, channel="coordinator", crime_type="contraband", area_code=NONG_KHAI, description=told
            ),
        ).public_id


def test_a_coordinator_sees_what_became_of_the_own_reports_and_of_no_others(office: Office) -> None:
    foreign = office.case(told="ของผู้อื่น")
    name = hand_in(office)
    with office.acting("headman") as connection:
        own = own_reports(connection, office.ids["headman"])
        number = case_number(connection, name)
    assert [(one.description, one.status, one.case) for one in own] == [("เรือ", "received", number)]
    assert number != foreign
    assert number.startswith("NTS")
    office.put("update incident set status = 'closed' where public_id = :p", p=number)
    with office.acting("headman") as connection:
        assert own_reports(connection, office.ids["headman"])[0].status == "closed"


def test_nothing_to_report_is_recorded_once(office: Office) -> None:
    who, month = office.ids["headman"], this_month()
    for wanted in (True, False):
        with office.acting("headman") as connection:
            assert say_quiet(connection, who, "430101", "หมู่ 1", month) is wanted
    with office.acting("headman") as connection:
        assert list(quiet_months(connection, who, month)) == [month]
    assert office.one("select count(*) from audit_log where action = 'quiet_month.say'") == 1


def test_who_reported_something_cannot_say_that_there_was_nothing(office: Office) -> None:
    hand_in(office)
    who, month = office.ids["headman"], this_month()
    with office.acting("headman") as connection:
        assert reported_months(connection, who, month) == {month: 1}
    with office.acting("headman") as connection, pytest.raises(WatchError, match="has_reports"):
        say_quiet(connection, who, "430101", None, month)
    assert office.one("select count(*) from quiet_month") == 0


@pytest.mark.parametrize(("area", "ahead", "code"), [(None, 0, "no_area"), ("430101", 1, "month_ahead")])
def test_a_month_needs_a_place_and_has_to_have_begun(office: Office, area: str | None, ahead: int, code: str) -> None:
    month = this_month()
    later = date(month.year + (month.month + ahead > 12), (month.month + ahead - 1) % 12 + 1, 1)
    with office.acting("headman") as connection, pytest.raises(WatchError, match=code):
        say_quiet(connection, office.ids["headman"], area, None, later)


def test_a_sheet_is_taken_row_by_row_and_only_once(office: Office) -> None:
    rows = (
        '14/07/2569 21:05,ยาเสพติด,เมืองหนองคาย,ท่าทราย,"=1+1",ยุติเรื่อง',
        "เมื่อวานซืน,ยาเสพติด,เมืองหนองคาย,x,y,",
        "15/07/2569,ไม่รู้จักเลย,เมืองหนองคาย,x,y,",
        f"16/07/2569,ยาเสพติด,เมืองหนองคาย,{'ก' * 130},เรือ,",
    )
    who = office.ids["headman"]
    for added, already in ((2, 0), (0, 2)):
        with office.acting("headman") as connection:
            account = import_reports(connection, who, table(*rows), "th")
        assert (account.read, account.added, account.already, len(account.refused)) == (4, added, already, 2)
        assert account.read == account.added + account.already + len(account.refused)
        assert [one.row.number for one in account.refused] == [3, 4]
        assert "status_by_centre" in {one.code for one in account.remarks}
    found = office.rows(
        "select i.status, r.description, r.village, r.entered_by, r.channel from report r join incident i on i.id ="
        " r.incident_id order by r.id"
    )
    assert [tuple(row) for row in found] == [
        ("received", "=1+1", "ท่าทราย", who, "coordinator"),
        ("received", "ก" * 130 + "\nเรือ", None, who, "coordinator"),
    ]


def test_a_districts_sheet_is_not_a_villages(office: Office) -> None:
    many = table(*["14/07/2569,ยาเสพติด,เมืองหนองคาย,x,y,"] * (MOST_ROWS + 1))
    with office.acting("headman") as connection, pytest.raises(FileRefused, match="too_many_rows"):
        import_reports(connection, office.ids["headman"], many, "th")
    assert office.one("select count(*) from report") == 0


def test_an_area_is_named_with_all_it_lies_in(office: Office) -> None:
    with office.acting("headman") as connection:
        found = area_line(connection, "430101")
    assert set(found) == {"subdistrict", "district", "province"}
    assert found["province"] == ("หนองคาย", "Nong Khai")
