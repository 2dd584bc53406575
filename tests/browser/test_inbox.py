"""The inbox in a real browser: finding a case, and going through the list without a mouse."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, text

from geo.model.person import Role
from tests.browser.conftest import Enter, press, wait_for

pytestmark = pytest.mark.browser

NUMBER = r"NTS\d\d-\d{7}"


def test_a_case_is_found_by_words_and_the_next_one_opened_by_a_key(enter: Enter, border_store: Engine) -> None:
    with border_store.begin() as connection:
        for kind, told in (("contraband", "เรือสองลำ"), ("forged_documents", "ร้านถ่ายเอกสารท้ายตลาด")):
            connection.execute(
                text(
                    "with i as (insert into incident (crime_type, occurred_at, channel, district_code, geom) values"
                    " (:kind, now(), 'online', '4301', st_point(102.74, 17.87, 4326)) returning id)"
                    " insert into report (incident_id, channel, description) select id, 'online', :told from i"
                ),
                {"kind": kind, "told": told},
            )
        numbers = connection.execute(text("select public_id from incident order by id")).scalars().all()
    officer = enter("officer", Role.OFFICER, "/inbox", districts=("4301",))
    page, rows = officer.page, officer.page.locator(".st-key-list_scroll [class*=st-key-row_]")
    rows.nth(1).wait_for()
    for n, number in enumerate(numbers):
        page.locator(".st-key-turn_below button:enabled").wait_for()
        page.keyboard.press("Alt+ArrowDown")
        page.locator(".st-key-case_head").get_by_text(number).wait_for()
        if n == 0:
            page.locator(".st-key-turn_above button:disabled").wait_for()
    page.locator(".st-key-turn_below button:disabled").wait_for()
    page.keyboard.press("Alt+ArrowUp")
    page.locator(".st-key-case_head").get_by_text(numbers[0]).wait_for()

    page.locator(".st-key-find input").fill("ท้ายตลาด")
    page.keyboard.press("Enter")
    page.get_by_text("พบ 1 เรื่อง").wait_for()
    assert set(re.findall(NUMBER, page.locator(".st-key-list_scroll").inner_text())) == {numbers[1]}
    page.locator(".st-key-find input").fill("ไม่มีคำนี้")
    page.keyboard.press("Enter")
    page.get_by_text("ไม่พบเรื่องที่ตรงกับคำค้น").wait_for()
    press(page, "clear_find")
    rows.nth(1).wait_for()
    press(page, "narrow")
    page.locator("[data-testid=stPopoverBody] [data-testid=stSelectbox]").first.click()
    page.keyboard.type("ปลอม")
    page.keyboard.press("Enter")
    rows.nth(1).wait_for(state="detached")
    assert set(re.findall(NUMBER, page.locator(".st-key-list_scroll").inner_text())) == {numbers[1]}
    assert (officer.dialogs, officer.strangers) == ([], [])


def openings(store: Engine) -> list[tuple[str, str]]:
    with store.connect() as connection:
        found = connection.execute(
            text("select action, subject from audit_log where action in ('referral.open', 'case.open') order by id")
        )
        return [(row[0], row[1]) for row in found]


def test_a_referral_leads_to_its_case_and_a_link_to_a_page_of_others_to_ones_own(
    enter: Enter, border_store: Engine
) -> None:
    chief = enter("chief", Role.CHIEF, "/referrals", districts=("4301",)).page
    with border_store.begin() as connection:
        number = connection.execute(
            text(
                "with i as (insert into incident (crime_type, occurred_at, channel, district_code, status, geom) values"
                " ('contraband', now(), 'online', '4301', 'referred', st_point(102.74, 17.87, 4326)) returning id, public_id), r as"
                " (insert into referral (incident_id, agency, sent_by, answer_due) select i.id, 'customs', p.id,"
                " now() + interval '1 day' from i, (select min(id) as id from person) p returning id) select public_id from i, r"
            )
        ).scalar_one()
    chief.locator("[class*=st-key-open_] button").first.click()
    chief.locator(".st-key-case_head").get_by_text(number).wait_for()
    wait_for(chief, lambda: openings(border_store) == [("referral.open", f"incident:{number}")])
    press(chief, "to_inbox")
    chief.locator(".st-key-case_side").wait_for()
    assert f"/inbox?case={number}" in chief.url
    assert openings(border_store) == [(f"{what}.open", f"incident:{number}") for what in ("referral", "case")]
    headman = enter("headman", Role.COORDINATOR, "/inbox", area_code="430101", village="หมู่ 1", size="phone").page
    headman.locator(".st-key-send_one").wait_for()
    assert headman.locator("[data-testid=stDialog]").count() == 0
    day = headman.locator(".st-key-coordinator_day")
    day.wait_for(state="hidden")
    headman.locator("[data-testid=stRadioOption]").nth(2).click()
    day.wait_for()
