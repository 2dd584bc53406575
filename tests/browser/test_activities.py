"""Activities as a chief meets them from the form to the telephone, and what of them a headman sees."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import requests
from icalendar import Calendar
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from dashboard.i18n import t
from dashboard.i18n.dates import today
from geo.model.person import Role
from tests.browser.conftest import Enter, Watched, drawn, press, wait_for

pytestmark = pytest.mark.browser

NONG_KHAI = "4301"
HOSTILE = "อบรม ${7*7} {{7*7}} <img src=x onerror=alert(1)> ![](http://198.51.100.7/x)"
SHEET = "ประเภท,ชื่อกิจกรรม,วันที่,ประชาชน ชาย\nอบรม,จากไฟล์,{day},{men}\nวิทยุ,อีกรายการ,{day},\n"


def part(page: Page, code: str) -> None:
    """Open a part of the page."""
    drawn(page)
    page.locator(".st-key-activity_part").get_by_text(t(f"activities.part.{code}", "th"), exact=True).click()
    drawn(page)


def fill(page: Page, label: str, words: str) -> None:
    """Type into a field and leave it."""
    field = page.get_by_label(t(f"activities.field.{label}", "th"), exact=True).first
    field.fill(words)
    field.press("Tab")
    drawn(page)


def quiet(*pages: Watched) -> None:
    """Nothing ran, nothing was fetched from elsewhere, and nothing went wrong."""
    for one in pages:
        assert not one.dialogs
        assert not one.strangers
        assert not one.faults, one.faults[:3]


def handed_in(page: Page, name: str, content: str) -> None:
    """Hand a file in and ask for it to be imported."""
    page.locator(".st-key-activity_sheet input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )
    press(page, "activity_import")


def test_an_activity_from_the_form_to_the_telephone_and_many_from_a_file(border_store: Engine, enter: Enter) -> None:
    headman = enter(
        "village-headman", Role.COORDINATOR, "/activities", "phone", area_code=f"{NONG_KHAI}01", village="หมู่ 1"
    )
    chief = enter("activity-chief", Role.CHIEF, "/activities", districts=(NONG_KHAI,))
    page = chief.page

    # The few fields first; what is missing is said, and what was typed stays.
    press(page, "activity_new")
    fill(page, "men", "21")
    press(page, "activity_keep")
    expect(page.locator(".st-key-notice")).to_contain_text(t("errors.activity.no_title", "th"))
    expect(page.get_by_label(t("activities.field.men", "th"), exact=True).first).to_have_value("21")
    fill(page, "title", HOSTILE)
    fill(page, "women", "9")
    press(page, "activity_keep")
    expect(page.locator(".st-key-notice")).to_contain_text(t("activities.kept", "th"))
    expect(page.locator(".st-key-activity_page h1").last).to_contain_text(HOSTILE)
    expect(page.locator(".activity-facts")).to_contain_text("30 คน (ชาย 21, หญิง 9)")

    # What follows.
    press(page, "activity_follow_add_")
    page.get_by_label(t("activities.follow.what", "th"), exact=True).fill("ส่งคู่มือ")
    page.keyboard.press("Tab")
    press(page, "activity_follow_keep")
    expect(page.locator("[class*=st-key-activity_after_]")).to_contain_text("ส่งคู่มือ")
    press(page, "activity_done_")
    expect(page.locator("[class*=st-key-activity_after_]")).to_contain_text(t("activities.follow.done", "th", day=""))
    press(page, "activity_back")
    expect(page.locator("[class*=st-key-activity_row_]").first).to_contain_text(HOSTILE)

    # The month, and the address for the telephone, which opens it without signing in.
    part(page, "calendar")
    expect(page.locator(".activity-calendar td.today .activity-entry")).to_contain_text(HOSTILE)
    page.get_by_text(t("activities.feed.title", "th")).click()
    press(page, "activity_feed_make")
    expect(page.locator(".st-key-notice")).to_have_count(0)
    address = page.locator("[data-testid=stCode]").inner_text().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/calendars/[\w-]{43}\.ics", address)
    (event,) = Calendar.from_ical(requests.get(address, timeout=30).content).walk("VEVENT")
    assert HOSTILE in event["summary"]

    # A file with a mistake is not taken at all; the corrected one is, whole.
    part(page, "file")
    yesterday = today() - timedelta(days=1)
    on = f"{yesterday:%d/%m}/{yesterday.year + 543}"
    handed_in(page, "bad.csv", SHEET.format(day=on, men="สิบ"))
    told = page.get_by_text(t("activities.import.nothing", "th", refused=1, read=2))
    expect(told).to_be_visible()
    expect(page.get_by_text("ประชาชน ชาย", exact=False).first).to_be_visible()
    with border_store.connect() as connection:
        assert connection.execute(text("select count(*) from activity")).scalar() == 1
    handed_in(page, "good.csv", SHEET.format(day=on, men="10"))
    expect(page.get_by_text(t("activities.import.done", "th", added=2, already=0))).to_be_visible()
    part(page, "list")
    wait_for(page, lambda: page.locator("[class*=st-key-activity_row_]").count() == 3)

    # The other parts stand, and a number on the map is a row beside it.
    part(page, "figures")
    expect(page.locator(".activity-table")).to_contain_text(t("activities.indicator.people_reached", "th"))
    part(page, "since")
    expect(page.get_by_text(t("activities.since.none", "th"))).to_be_visible()
    part(page, "map")
    chief.map_frame()

    # A headman sees what is on in the district, and nothing of it but when and where.
    theirs = headman.page
    theirs.reload()
    expect(theirs.locator(".activity-entry").first).to_be_visible()
    assert theirs.locator("a.activity-entry, .st-key-activity_new, .st-key-activity_part").count() == 0
    assert "30 คน" not in theirs.inner_text("body")
    assert theirs.evaluate("document.querySelector('.stMain').scrollWidth <= innerWidth")
    quiet(chief, headman)
