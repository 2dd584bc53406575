"""Papers and tables in a real browser: printed for an agency without accounts, signed, written down, and told across the border."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, text

from geo.model.person import Role
from tests.browser.conftest import Enter, drawn, press, wait_for
from tests.dashboard.documents.conftest import jpeg, text_of

pytestmark = pytest.mark.browser

HERE = ("4301",)


def put(store: Engine, statement: str, **values: object) -> int:
    with store.begin() as connection:
        result = connection.execute(text(statement), values)
        return int(result.scalar() or 0) if result.returns_rows else 0


def one(store: Engine, statement: str) -> object:
    with store.connect() as connection:
        return connection.execute(text(statement)).scalar()


def taken(page: Page, link: str) -> bytes:
    """What a link hands over; the page stays where it is."""
    before = page.url
    with page.expect_download() as download:
        page.locator(link).click()
    assert page.url == before
    return Path(download.value.path()).read_bytes()


def test_a_referral_goes_out_on_paper_and_comes_back_signed_and_a_sheet_goes_across_the_border(
    enter: Enter, border_store: Engine
) -> None:
    number = put(
        border_store,
        "insert into incident (crime_type, occurred_at, channel, status, district_code, geom) values"
        " ('contraband', now(), 'online', 'referred', '4301', st_point(102.74, 17.87, 4326)) returning id",
    )
    put(
        border_store,
        "insert into report (incident_id, channel, description, area_code) values (:i, 'online', 'เรือสองลำ', '430105')",
        i=number,
    )
    for colour in ("#336699", "#996633"):
        put(
            border_store,
            "insert into evidence (incident_id, media_type, content, sha256) values (:i, 'image/jpeg', :c, '')",
            i=number, c=jpeg(colour),
        )  # fmt: skip
    case = str(one(border_store, "select public_id from incident"))
    officer = enter("officer", Role.OFFICER, f"/inbox?case={case}", districts=HERE)
    page = officer.page
    put(
        border_store,
        "insert into referral (incident_id, agency, sent_by, note, answer_due) select :i, 'rangers', id, 'ขอให้เฝ้าท่าน้ำ',"
        " now() + interval '3 days' from person where login = 'officer'",
        i=number,
    )
    sent = one(border_store, "select id from referral")

    page.locator(f".st-key-pack_{sent} summary").click()
    pack = page.locator(f".st-key-pack_{sent}")
    drawn(page)
    photos = pack.locator("[data-testid=stMultiSelect] input")
    photos.focus()
    wait_for(page, lambda: photos.press("ArrowDown") or page.get_by_role("option").count() > 0)
    photos.press("Enter")
    photos.press("Escape")
    drawn(page)
    pack.get_by_text("แนบข้อความที่แจ้ง").click()
    link = f".st-key-download_pack_{sent} a"
    page.locator(f"{link}[href*='photos='][href*='told=1']").wait_for()
    said = text_of(taken(page, link))
    code = pack.inner_text().split("รหัส ")[1][:7]
    for words in (case, code, "ทหารพราน", "ขอให้เฝ้าท่าน้ำ", "เรือสองลำ", "48Q TE"):
        assert words in said

    press(page, "do_paper")
    form = page.locator("[data-testid=stForm]")
    form.locator("textarea").first.wait_for()
    shown = form.evaluate("form => form.innerText + [...form.querySelectorAll('input')].map(i => i.value)")
    assert code in shown  # the code on the paper names the referral
    press(page, "save_paper")
    page.locator(".st-key-notice").get_by_text("ชื่อผู้ลงนาม").wait_for()
    form.get_by_label("ชื่อผู้ลงนามในแบบตอบรับ").fill("ร.ต.อ. สมชาย")
    press(page, "save_paper")
    wait_for(page, lambda: one(border_store, "select state from referral") == "accepted")
    page.get_by_text("ลงนามในแบบตอบรับโดย ร.ต.อ. สมชาย").wait_for()
    assert one(border_store, "select accepted_name from referral") == "ร.ต.อ. สมชาย"

    press(page, "do_open_draft")
    page.locator("[data-testid=stForm] textarea").first.fill("ขอความร่วมมือเฝ้าระวังท่าเรือ")
    press(page, "save_open_draft")
    page.locator(".st-key-counterpart").get_by_text("ขอความร่วมมือเฝ้าระวังท่าเรือ").wait_for()
    assert "ขอความร่วมมือ" not in text_of(taken(page, ".st-key-sheet_LA a"))
    chief = enter("chief", Role.CHIEF, f"/inbox?case={case}", districts=HERE).page
    press(chief, "do_open_text")
    wait_for(chief, lambda: chief.locator("[data-testid=stForm] textarea").count() == 1)
    assert chief.locator("[data-testid=stForm] textarea").input_value() == "ขอความร่วมมือเฝ้าระวังท่าเรือ"
    press(chief, "save_open_text")
    wait_for(chief, lambda: one(border_store, "select open_text from case_file") is not None)
    sheet = text_of(taken(chief, ".st-key-sheet_LA a"))
    assert "ขอความร่วมมือเฝ้าระวังท่าเรือ" in sheet
    assert "เรือสองลำ" not in sheet
    assert "48Q" not in sheet

    rows = taken(page, ".st-key-take_inbox a >> nth=0").decode("utf-8-sig")
    assert case in rows
    assert taken(page, ".st-key-take_inbox a >> nth=1").startswith(b"PK")
    commander = enter("commander", Role.COMMANDER).page
    commander.locator(".st-key-take_incidents a").first.wait_for()
    rows = taken(commander, ".st-key-take_incidents a >> nth=0").decode("utf-8-sig")
    assert case in rows
    assert (officer.dialogs, officer.strangers) == ([], [])
    made = one(border_store, "select string_agg(distinct action, ' ') from audit_log where action ~ '^(paper|export)'")
    assert made == "export paper.counterpart paper.referral"
