"""What is taken back and what is looked at again, in a real browser: a referral in error, a closed case that was drawn."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from geo.model.person import Role
from tests.browser.conftest import Enter, drawn, press, wait_for

pytestmark = pytest.mark.browser

HERE = ("4301",)


def put(store: Engine, statement: str, **values: object) -> object:
    with store.begin() as connection:
        result = connection.execute(text(statement), values)
        return result.scalar() if result.returns_rows else None


def one_case(store: Engine, status: str) -> tuple[int, str]:
    number = put(
        store,
        "insert into incident (crime_type, occurred_at, channel, status, district_code, geom) values"
        " ('contraband', now(), 'online', :status, '4301', st_point(102.74, 17.87, 4326)) returning id",
        status=status,
    )
    put(store, "insert into case_file (incident_id) values (:i)", i=number)
    return int(str(number)), str(put(store, "select public_id from incident where id = :i", i=number))


def test_a_referral_in_error_is_taken_back_and_a_drawn_case_is_found_and_rechecked(
    enter: Enter, border_store: Engine
) -> None:
    page = enter("officer", Role.OFFICER, "/inbox", districts=HERE).page
    chief = enter("chief", Role.CHIEF, "/inbox", districts=HERE).page
    officer = put(border_store, "select id from person where login = 'officer'")
    referred, name = one_case(border_store, "referred")
    closed, other = one_case(border_store, "closed")
    put(
        border_store,
        "insert into referral (incident_id, agency, sent_by, answer_due) values (:i, 'customs', :o, now() + interval '1 day')",
        i=referred, o=officer,
    )  # fmt: skip
    put(
        border_store,
        "update case_file set closing_by = :o, closing_at = now(), closed_by = (select id from person where login = 'chief'),"
        " closed_at = now(), outcome = 'warning', recheck = true where incident_id = :i",
        i=closed, o=officer,
    )  # fmt: skip

    page.goto(page.url.split("?")[0] + f"?case={name}")
    press(page, "do_withdraw")
    page.get_by_text("ถอนได้จนกว่าหน่วยงานจะรับเรื่อง").wait_for()
    press(page, "save_withdraw")
    page.locator(".st-key-notice").get_by_text("เหตุผล").wait_for()
    drawn(page)
    page.locator("[data-testid=stForm] textarea").first.fill("ส่งผิดหน่วยงาน")
    press(page, "save_withdraw")
    page.locator(".st-key-notice").get_by_text("ถอนเรื่องกลับแล้ว").wait_for()
    wait_for(page, lambda: put(border_store, "select status from incident where id = :i", i=referred) == "verified")

    chief.reload()
    press(chief, "group_recheck")
    chief.locator("[class*=st-key-row_]").get_by_text(other).first.wait_for()
    chief.locator("[class*=st-key-open_] button").first.click()
    press(chief, "do_recheck")
    press(chief, "save_recheck")
    chief.locator(".st-key-notice").get_by_text("บันทึกผลตรวจซ้ำแล้ว").wait_for()
    assert put(border_store, "select rechecked_by is not null from case_file where incident_id = :i", i=closed)
