"""Several people at work at once in real browsers: officers of one district, a coordinator, an agency."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dashboard.contact import seal
from geo.model.person import Role
from tests.browser.conftest import Enter, drawn, press, wait_for

pytestmark = pytest.mark.browser

HERE = ("4301",)


def put(store: Engine, statement: str, **values: object) -> int:
    with store.begin() as connection:
        result = connection.execute(text(statement), values)
        return int(result.scalar() or 0) if result.returns_rows else 0


def one(store: Engine, statement: str, **values: object) -> object:
    with store.connect() as connection:
        return connection.execute(text(statement), values).scalar()


@pytest.fixture
def case(border_store: Engine) -> str:
    """A case in Nong Khai that is being verified, with one report."""
    number = put(
        border_store,
        "insert into incident (crime_type, occurred_at, channel, status, district_code, geom) values"
        " ('contraband', now(), 'online', 'verifying', '4301', st_point(102.74, 17.87, 4326)) returning id",
    )
    put(
        border_store,
        "insert into report (incident_id, channel, description, receipt_hash) values (:i, 'online', 'เรือสองลำ', sha256('1'))",
        i=number,
    )
    return str(one(border_store, "select public_id from incident where id = :i", i=number))


def test_of_two_at_once_the_second_is_told_and_keeps_every_word(enter: Enter, case: str, border_store: Engine) -> None:
    second = enter("second", Role.OFFICER, f"/inbox?case={case}", districts=HERE).page
    press(second, "do_unfounded")
    second.locator("textarea").first.press_sequentially("ไปดูแล้วไม่มีอะไร")
    first = enter("first", Role.CHIEF, f"/inbox?case={case}", districts=HERE).page
    press(first, "do_verify")
    press(first, "save_verify")
    first.get_by_text("ยืนยันเรื่องแล้ว").wait_for()

    second.get_by_text("สถานะของเรื่องเปลี่ยนไปแล้ว").wait_for()
    form = second.locator("[data-testid=stForm]")
    assert "ยืนยันเรื่อง" in form.inner_text()
    assert "คุณ first" in form.inner_text()
    assert second.locator("textarea").first.input_value() == "ไปดูแล้วไม่มีอะไร"
    assert second.locator(".st-key-save_unfounded button").first.is_disabled()
    assert one(border_store, "select status from incident where public_id = :p", p=case) == "verified"


def test_a_step_on_a_case_that_changed_is_refused_once_and_then_taken(
    enter: Enter, case: str, border_store: Engine
) -> None:
    page = enter("officer", Role.OFFICER, f"/inbox?case={case}", districts=HERE).page
    press(page, "do_verify")
    page.locator("textarea").first.fill("เห็นกับตา")
    put(  # somebody else, unheard: the page learns of it only from the refusal
        border_store,
        "insert into case_event (incident_id, person_id, kind, note) select i.id, p.id, 'noted', 'รอก่อน' from incident i,"
        " person p where i.public_id = :c and p.role = 'chief' limit 1",
        c=case,
    )
    press(page, "save_verify")
    page.locator(".st-key-notice").get_by_text("ไปก่อนแล้ว").wait_for()
    assert page.locator("textarea").first.input_value() == "เห็นกับตา"
    assert one(border_store, "select status from incident where public_id = :p", p=case) == "verifying"
    press(page, "save_verify")
    wait_for(page, lambda: one(border_store, "select status from incident where public_id = :p", p=case) == "verified")


def test_a_new_report_appears_by_itself(enter: Enter, border_store: Engine) -> None:
    officer = enter("officer", Role.OFFICER, "/inbox", districts=HERE).page
    officer.get_by_text("ไม่มีเรื่องที่ต้องดำเนินการ").wait_for()
    headman = enter("headman", Role.COORDINATOR, area_code="430101", village="หมู่ 1").page
    headman.locator("textarea").first.fill("รถแปลกหน้าจอดริมน้ำ")
    press(headman, "send_one")
    headman.locator(".st-key-notice").wait_for()
    number = re.search(r"NTS\d\d-\d{7}", headman.inner_text(".st-key-notice"))
    assert number
    officer.get_by_text(number[0]).first.wait_for()
    assert "หมู่ 1" in officer.inner_text(".st-key-list_scroll")
    wait_for(headman, lambda: headman.locator("textarea").first.input_value() == "")


def test_the_account_of_a_file_stays_in_sight_when_an_earlier_message_goes(enter: Enter) -> None:
    page = enter("headman", Role.COORDINATOR, area_code="430101", village="หมู่ 1").page
    page.locator("textarea").first.fill("รถแปลกหน้าจอดริมน้ำ")
    press(page, "send_one")
    page.locator(".st-key-notice").wait_for()
    drawn(page)
    page.get_by_role("tab").nth(2).click()
    sheet = "วันที่เกิดเหตุ,ประเภทเหตุ,อำเภอ,สถานที่,รายละเอียด\n1/2/2569,ยาเสพติด,เมืองหนองคาย,ท่าน้ำ,รถสองคัน\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "รายงาน.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    press(page, "send_sheet")
    page.locator(".st-key-notice").wait_for(state="detached")
    page.get_by_text("อ่าน 1 แถว").wait_for()


def test_opening_a_contact_is_logged_and_opening_a_case_too(enter: Enter, case: str, border_store: Engine) -> None:
    put(
        border_store,
        "insert into report_contact (report_id, sealed) select r.id, :s from report r",
        s=seal("another key of the same length, forty letters", "ลุงมี"),
    )
    page = enter("officer", Role.OFFICER, f"/inbox?case={case}", districts=HERE).page
    press(page, "contact_")
    page.get_by_text("อ่านช่องทางติดต่อไม่ได้").wait_for()
    actions = one(
        border_store,
        "select string_agg(action, ' ' order by id) from audit_log where subject = :s",
        s=f"incident:{case}",
    )
    assert actions == "case.open contact.open"
    page.get_by_text("เปิดดูช่องทางติดต่อผู้แจ้ง (คุณ officer)").first.wait_for()


def test_an_agency_answers_what_was_sent_to_it_and_sees_nothing_else(
    enter: Enter, case: str, border_store: Engine
) -> None:
    put(border_store, "update incident set status = 'verified' where public_id = :p", p=case)
    officer = enter("officer", Role.OFFICER, f"/inbox?case={case}", districts=HERE).page
    press(officer, "do_refer")
    officer.locator(".st-key-save_refer").wait_for()
    officer.locator("[data-testid=stForm] [data-testid=stSelectbox]").first.click()
    officer.keyboard.type("ศุลกากร")
    officer.keyboard.press("Enter")
    press(officer, "save_refer")
    wait_for(officer, lambda: one(border_store, "select agency from referral") == "customs")

    police = enter("police", Role.AGENCY, agency="local_police").page
    police.get_by_text("ยังไม่มีเรื่องที่ส่งถึงหน่วยงาน").wait_for()
    assert case not in police.inner_text("body")
    customs = enter("customs", Role.AGENCY, agency="customs", size="phone").page
    press(customs, "open_")
    customs.get_by_text("เรือสองลำ").wait_for()
    press(customs, "do_return")
    press(customs, "save_return")
    customs.locator(".st-key-notice").get_by_text("กรุณาเขียนเหตุผลที่ส่งคืน").wait_for()
    customs.locator("textarea").first.fill("ไม่ใช่สินค้าหนีภาษี")
    press(customs, "save_return")
    customs.locator(".st-key-notice").get_by_text("ส่งคืนแล้ว").wait_for()
    officer.get_by_text("ไม่ใช่สินค้าหนีภาษี").first.wait_for()
    officer.locator(".st-key-group_orphan button").wait_for()


def test_suggestions_are_merged_and_taken_apart_again(enter: Enter, case: str, border_store: Engine) -> None:
    put(
        border_store,
        "with i as (insert into incident (crime_type, occurred_at, channel, district_code, geom) values ('contraband', now(),"
        " 'online', '4301', st_point(102.741, 17.871, 4326)) returning id) insert into report (incident_id, channel,"
        " description) select id, 'online', 'เรือลำเดียวกัน' from i",
    )
    page = enter("officer", Role.OFFICER, f"/inbox?case={case}", districts=HERE).page
    page.get_by_text("อาจเป็นเรื่องเดียวกัน (1)").wait_for()
    press(page, "merge_")
    page.get_by_text("เรื่องที่แจ้ง (2)").wait_for()
    page.locator(".st-key-case_body").get_by_text("เรือลำเดียวกัน").wait_for()
    drawn(page)
    page.get_by_text("แยกรายงานออกเป็นอีกเรื่อง").click()
    page.locator("[data-testid=stCheckbox]").last.locator("label").click()
    page.get_by_role("button", name="แยกรายงานที่เลือก").click()
    page.get_by_text("เรื่องที่แจ้ง (1)").wait_for()
    assert one(border_store, "select count(distinct incident_id) from report") == 2


def test_rows_that_cannot_be_sent_stay_with_the_reason(enter: Enter, border_store: Engine) -> None:
    page = enter("headman", Role.COORDINATOR, area_code="430101", village="หมู่ 1").page
    page.get_by_role("tab").nth(2).click()
    sheet = (
        "วันที่เกิดเหตุ,ประเภทเหตุ,อำเภอ,รายละเอียด\n14/11/2569,ยาเสพติด,เมืองหนองคาย,เรือ\nวันไหนสักวัน,ยาเสพติด,เมืองหนองคาย,เรือ\n"
    )
    page.locator("input[type=file]").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    press(page, "send_sheet")
    page.get_by_text("อ่าน 2 แถว = เพิ่มใหม่ 1 + มีอยู่แล้ว 0 + ไม่รับ 1").wait_for()
    assert "แถว 3" in page.inner_text("body")
    with page.expect_download() as download:
        press(page, "download_rejects")
    assert "วันไหนสักวัน" in Path(download.value.path()).read_text("utf-8-sig")
    assert one(border_store, "select count(*) from report") == 1
    drawn(page)
    page.locator("[class*=st-key-quiet_2] button").first.click()
    page.locator(".st-key-notice").get_by_text("บันทึกแล้วว่า").wait_for()
    assert one(border_store, "select count(*) from quiet_month") == 1


def test_what_is_said_to_a_neighbour_stands_in_the_joint_log_of_the_district(
    enter: Enter, case: str, border_store: Engine
) -> None:
    chief = enter("chief", Role.CHIEF, "/joint_log", districts=HERE).page
    chief.get_by_text("ยังไม่มีบันทึกการประสานงาน").wait_for()
    officer = enter("officer", Role.OFFICER, "/joint_log", districts=HERE).page
    press(officer, "add_log")
    officer.locator(".st-key-notice").get_by_text("กรุณาระบุหน่วยงาน").wait_for()
    drawn(officer)
    officer.get_by_label("สำนักงานฝั่งประเทศเพื่อนบ้าน (ถ้ามี)").fill("เมืองหาดทรายฟอง")
    officer.locator("[data-testid=stForm] textarea").fill("นัดลาดตระเวนร่วมวันศุกร์")
    press(officer, "add_log")
    officer.locator("[class*=st-key-log_]").get_by_text("นัดลาดตระเวนร่วมวันศุกร์").wait_for()
    wait_for(officer, lambda: officer.locator("[data-testid=stForm] textarea").input_value() == "")
    chief.locator("[class*=st-key-log_]").get_by_text("เมืองหาดทรายฟอง").wait_for()

    desk = enter("second", Role.OFFICER, f"/inbox?case={case}", districts=HERE).page
    press(desk, "do_log")
    desk.locator("[data-testid=stForm] textarea").fill("แจ้งแขวงแล้ว")
    desk.get_by_label("สำนักงานฝั่งประเทศเพื่อนบ้าน (ถ้ามี)").fill("แขวงเวียงจันทน์")
    press(desk, "save_log")
    chief.locator("[class*=st-key-log_]").get_by_text("แจ้งแขวงแล้ว").wait_for()
    chief.locator("[class*=st-key-log_]").get_by_text(case).wait_for()
    assert one(border_store, "select count(*) from log_entry where incident_id is null") == 1
