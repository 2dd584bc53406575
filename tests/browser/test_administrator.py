"""An administrator's day in a real browser: people, settings, kinds of crime, the audit log; and hostile names in all of it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, text

from geo.actions.agencies import add_agency
from geo.actions.api_keys import make_key
from geo.actions.crime_types import CrimeTypeEntry, put_crime_type
from geo.actions.people import create_person
from geo.actions.programme import put_section, put_target
from geo.errors import WatchError
from geo.model.person import Role
from tests import hostile
from tests.browser.conftest import Enter, drawn, press, wait_for

pytestmark = pytest.mark.browser


def one(store: Engine, statement: str, **values: object) -> object:
    with store.connect() as connection:
        return connection.execute(text(statement), values).scalar()


def choose(page: Page, field: str, said: str) -> None:
    """Choose in a list by what it says."""
    box = page.locator(f"[class*='{field}'] [data-testid=stSelectbox] input, [class*='{field}'] input").first
    box.click()
    box.fill(said)
    page.get_by_role("option", name=said).first.click()


def part(page: Page, number: int) -> None:
    drawn(page)
    page.locator(".st-key-settings [data-testid=stButtonGroup] button").nth(number).click()


def test_an_administrators_day(enter: Enter, border_store: Engine, served: str) -> None:
    with border_store.begin() as connection:
        create_person(
            connection, "officer", "ปลัดสมชาย", Role.OFFICER, districts=("4301",), password="kettle vivid ocarina"
        )
    page = enter("boss", Role.ADMINISTRATOR, "/people").page

    # somebody new, whose password is shown once
    press(page, "people_add")
    page.get_by_label("ชื่อที่แสดง").fill("นายอำเภอใหม่")
    page.get_by_label("ชื่อผู้ใช้", exact=True).fill("Chief.New")
    choose(page, "account-new-role", "นายอำเภอ")
    page.get_by_text("เช่นเดียวกับเจ้าหน้าที่อำเภอ").wait_for()
    press(page, "make_person")
    page.locator(".st-key-notice").get_by_text("อย่างน้อยหนึ่งแห่ง").wait_for()  # what was written is still there
    choose(page, "account-new-districts", "อ.ท่าบ่อ จ.หนองคาย")
    page.keyboard.press("Escape")
    drawn(page)
    press(page, "make_person")
    shown = page.locator(".st-key-first_password code").first
    shown.wait_for()
    login, secret = shown.inner_text().split()
    assert login == "chief.new"
    assert re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", secret)
    press(page, "written_down")
    shown.wait_for(state="detached")
    assert one(border_store, "select string_agg(district_code, ' ') from person_district d join person p on p.id = d.person_id"
               " where p.login = 'chief.new'") == "4302"  # fmt: skip

    # somebody who is found, renamed and switched off
    page.get_by_label("ค้นหา").fill("สมชาย")
    page.keyboard.press("Enter")
    page.get_by_text("พบ 1 บัญชี").wait_for()
    page.locator("[class*=st-key-open_] button").first.click()
    press(page, "do_off")
    page.get_by_text("จะเข้าสู่ระบบไม่ได้อีก").wait_for()
    press(page, "save_off")
    page.locator(".st-key-notice").get_by_text("ปิดบัญชี").wait_for()
    assert one(border_store, "select active from person where login = 'officer'") is False

    # many at once, from a spreadsheet, each row accounted for
    press(page, "people_file")
    sheet = (
        "ชื่อ-สกุล,ตำแหน่ง,อำเภอ,ตำบล,หมู่ที่,ชื่อผู้ใช้\nบุญมา,กำนัน,4301,,,kamnan.one\nคำดี,พระ,4301,,,x.y\n<b>ก,ปลัด,4302,,,palad.b\n"
    )
    page.locator("[data-testid=stFileUploader] input").set_input_files(
        {"name": "คน.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    press(page, "send_people")
    page.get_by_text("อ่าน 3 แถว สร้างบัญชี 2 มีอยู่แล้ว 0 ไม่ผ่าน 1").wait_for()
    page.get_by_text("ไม่รู้จักตำแหน่งหรือบทบาท").wait_for()
    with page.expect_download() as taken:
        press(page, "people_passwords")
    rows = Path(taken.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in rows[1:]] == ["kamnan.one", "palad.b"]
    assert all(re.fullmatch(r"[a-z2-9-]{23}", line.split(",")[-1]) for line in rows[1:])

    # times, and what makes no sense
    page.goto(f"{served}/settings")
    first = page.get_by_label("เปิดดูครั้งแรกภายใน (ชั่วโมง)")
    first.wait_for()
    drawn(page)
    first.fill("0")
    press(page, "save_numbers")
    page.locator(".st-key-notice").get_by_text("ระหว่าง 1 ถึง").wait_for()
    drawn(page)
    first.fill("6")
    press(page, "save_numbers")
    page.locator(".st-key-notice").get_by_text("มีผลทันที").wait_for()
    assert one(border_store, "select value from setting where key = 'target.first_look_hours'") == 6

    # a kind of crime that the public form offers at once
    part(page, 1)
    press(page, "type_add")
    page.get_by_label("ชื่อภาษาไทย").fill("ค้าอวัยวะ")
    page.get_by_label("ชื่อภาษาอังกฤษ").fill("Organ trafficking")
    page.get_by_label("ชื่อภาษาลาว").fill("ຄ້າອະໄວຍະວະ")
    press(page, "save_type")
    page.locator(".st-key-notice").get_by_text("บันทึกประเภทเหตุแล้ว").wait_for()
    wait_for(page, lambda: "ຄ້າອະໄວຍະວະ" in urlopen(f"{served}/report?lang=lo").read().decode())
    press(page, "open_organ_trafficking")  # the form of the new one is gone by then
    wait_for(page, lambda: page.get_by_label("ชื่อภาษาไทย").input_value() == "ค้าอวัยวะ")
    page.get_by_text("ให้ประชาชนเลือกในแบบแจ้งเหตุ").click()
    press(page, "save_type")
    wait_for(page, lambda: "ຄ້າອະໄວຍະວະ" not in urlopen(f"{served}/report?lang=lo").read().decode())

    # a colour that changes hands, on a map that is open
    watching = enter("watcher", Role.COMMANDER)
    kinds = "Array.from(watch.types.values()).map(type => type.code + type.colour)"
    assert "drug_trafficking#009e73" in watching.map_frame().evaluate(kinds)
    with border_store.begin() as connection:
        put_crime_type(connection, "drug_trafficking", CrimeTypeEntry("ยาเสพติด", "Drugs", sort=40))
        put_crime_type(connection, "organ_trafficking", CrimeTypeEntry("ค้าอวัยวะ", "Organs", colour="#009e73"))
    wait_for(watching.page, lambda: "organ_trafficking#009e73" in watching.map_frame().evaluate(kinds))
    watching.page.close()

    # an agency, and a key
    part(page, 2)
    press(page, "agency_add")
    page.get_by_label("ชื่อภาษาไทย").fill("กู้ภัยทางน้ำ")
    page.get_by_label("ชื่อภาษาอังกฤษ").fill("River rescue")
    press(page, "save_agency")
    page.locator(".st-key-notice").get_by_text("บันทึกหน่วยงานแล้ว").wait_for()
    part(page, 4)
    page.get_by_label("คู่ร่วมงาน").fill("ไลน์บอต")
    press(page, "make_key")
    page.locator(".st-key-shown_key code").get_by_text("ntsw_").wait_for()

    # the log tells all of it, and is whole
    page.goto(f"{served}/audit")
    press(page, "verify")
    page.locator(".st-key-chain").get_by_text("ครบถ้วนทั้ง").wait_for()
    head = page.locator(".st-key-chain code").inner_text().split()
    assert head[1] == one(border_store, "select encode(hash, 'hex') from audit_log where id = :n", n=int(head[0]))
    listed = page.locator(".st-key-audit_rows")
    for words in ("สร้างกุญแจ API", "เพิ่มหรือแก้หน่วยงาน", "เพิ่มหรือแก้ประเภทเหตุ", "เปลี่ยนค่าที่ตั้งไว้", "เพิ่มผู้ใช้: นายอำเภอใหม่"):
        listed.get_by_text(words).first.wait_for()
    with page.expect_download() as taken:
        press(page, "audit_csv")
    file = Path(taken.value.path()).read_text("utf-8-sig")
    assert "crime_type.put" in file
    assert secret not in file
    assert "ntsw_" not in file


def test_hostile_names_are_only_names(enter: Enter, border_store: Engine, served: str, tmp_path: Path) -> None:
    beacon = f"{served}/beacon"
    texts = [said for said in hostile.corpus(tmp_path / "made", beacon) if hostile.storable(said)]
    with border_store.begin() as connection:
        for n, said in enumerate(texts[:14]):
            for step, given in (
                (create_person, (f"p{n}", said, Role.COORDINATOR)),
                (put_crime_type, (None, CrimeTypeEntry(said, said, said, said))),
                (add_agency, (said, said, said)),
                (make_key, (b"s" * 32, said)),
            ):
                more = {"districts": ("4301",), "village": said} if step is create_person else {}
                try:
                    with connection.begin_nested():
                        step(connection, *given, **more)  # type: ignore[operator]
                except WatchError:
                    continue
        put_target(connection, "4301", "named", " ".join(texts[14:22])[:900])
        put_section(connection, "4301-LA", True, " ".join(texts[22:30])[:900])
    watched = enter("boss", Role.ADMINISTRATOR, "/people")
    page = watched.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[class*=st-key-open_] button").nth(3).click()
    page.locator(".st-key-facts").wait_for()
    press(page, "do_scope")
    page.locator(".st-key-step_form").wait_for()
    drawn(page)
    page.goto(f"{served}/settings")
    page.locator(".st-key-save_numbers").wait_for()
    for number in (1, 2, 3, 4):
        part(page, number)
        drawn(page)
        if number in {1, 2}:
            page.locator(f".st-key-open_{'contraband' if number == 1 else 'customs'}").wait_for()  # not the part before
            drawn(page)
            page.locator("[class*=st-key-open_] button").last.click()
            page.locator("[data-testid=stForm]").wait_for()
    page.goto(f"{served}/audit")
    page.locator(".st-key-audit_rows p").first.wait_for()
    drawn(page)
    assert watched.dialogs == []
    assert watched.strangers == []
    assert [url for url in asked if "beacon" in url] == []
    assert not (tmp_path / "made").exists()
    assert hostile.COMPUTED not in page.inner_text("body")


def test_nobody_else_gets_further_than_the_door(enter: Enter) -> None:
    page = enter("chief", Role.CHIEF, "/settings", districts=("4301",)).page
    page.locator("[data-testid=stApp]").wait_for()
    drawn(page)
    assert "การตั้งค่า" not in page.inner_text("body")
    assert page.locator(".st-key-settings").count() == 0
