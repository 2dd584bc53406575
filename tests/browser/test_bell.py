"""The bell as people meet it: it counts along on every page without drawing any again, leads to the case, and is not on the wall."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.actions.people import create_person
from geo.db.engine import libpq_url
from geo.model.person import Role
from tests.browser.conftest import Enter, serving, wait_for
from tests.dashboard.outbox.mail_stand_in import MailServerStandIn

pytestmark = pytest.mark.browser

HERE = ("4301",)
NUMBER = "#watch-bell .number"


def happens(store: Engine, status: str = "received", kind: str = "received", detail: str = "{}") -> str:
    """Something is told of a new case in Nong Khai; its number."""
    with store.begin() as connection:
        made = connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, status, district_code, geom) values"
                " ('contraband', now(), 'online', :s, '4301', st_point(102.74, 17.87, 4326)) returning id, public_id"
            ),
            {"s": status},
        ).one()
        connection.execute(
            text("insert into case_event (incident_id, kind, detail) values (:i, :k, cast(:d as jsonb))"),
            {"i": made.id, "k": kind, "d": detail},
        )
        if kind == "referred":
            connection.execute(
                text(
                    "insert into referral (incident_id, agency, sent_by, answer_due) select :i, 'customs', min(id),"
                    " now() + interval '1 day' from person"
                ),
                {"i": made.id},
            )
    return str(made.public_id)


def test_the_bell_counts_along_and_leads_to_the_case(enter: Enter, border_store: Engine) -> None:
    on_map = enter("officer", Role.OFFICER, districts=HERE)
    phone = enter("officer", Role.OFFICER, "/inbox", size="phone").page
    wall = enter("officer", Role.OFFICER, "/?wall=1").page
    page = on_map.page
    on_map.map_frame()
    bell = page.get_by_role("button", name=t("notification.title", "th"))
    expect(bell).to_be_visible()
    expect(page.locator(NUMBER)).to_be_hidden()
    phone.locator("#watch-bell button").wait_for()

    case = happens(border_store)
    expect(page.locator(NUMBER)).to_have_text("1")
    expect(phone.locator(NUMBER)).to_have_text("1")
    other = happens(border_store, kind="answered")
    expect(page.locator(NUMBER)).to_have_text("2")
    wall.locator(".st-key-wall_figures").wait_for()
    expect(wall.locator("#watch-bell")).to_have_count(0)

    bell.click()
    rows = page.locator("#watch-bell li")
    expect(rows).to_have_count(2)
    assert [other in rows.nth(0).inner_text(), case in rows.nth(1).inner_text()] == [True, True]
    assert t("notification.kind.answered", "th") in rows.nth(0).inner_text()
    page.keyboard.press("Escape")
    expect(rows).to_have_count(0)
    expect(bell).to_be_focused()

    bell.click()
    page.get_by_role("link", name=re.compile(case)).click()
    page.wait_for_url(re.compile(rf"/inbox\?case={case}"))
    page.locator(".st-key-case_head").get_by_text(case).wait_for()
    expect(page.locator(NUMBER)).to_have_text("1")
    expect(phone.locator(NUMBER)).to_have_text("1")

    phone.locator("#watch-bell button").click()
    box = phone.locator("#watch-bell .list").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    phone.get_by_role("button", name=t("notification.read_all", "th")).click()
    expect(page.locator(NUMBER)).to_be_hidden()
    expect(phone.locator(NUMBER)).to_be_hidden()
    assert on_map.strangers == []
    assert [fault for fault in on_map.faults if "bell" in fault or "notifications" in fault] == []

    # Whoever is signed out hears nothing more: the bell goes when it would have rung.
    with border_store.begin() as connection:
        connection.execute(
            text("delete from sign_in where person_id = (select id from person where login = 'officer')")
        )
    happens(border_store)
    wait_for(phone, lambda: phone.locator("#watch-bell").count() == 0)


def test_an_agency_is_led_to_its_referral_and_chooses_to_be_told(enter: Enter, border_store: Engine) -> None:
    watched = enter("customs", Role.AGENCY, agency="customs", size="phone")
    page = watched.page
    page.locator("#watch-bell button").wait_for()
    case = happens(border_store, "referred", "referred", '{"agency": "customs"}')
    expect(page.locator(NUMBER)).to_have_text("1")
    page.locator("#watch-bell button").click()
    page.get_by_role("link", name=re.compile(case)).click()
    page.locator(".st-key-case_head").get_by_text(case).first.wait_for()
    assert "referral=" in page.url

    page.goto(f"{page.url.split('/?')[0]}/notifications")
    page.locator("#way-referred").select_option("digest")
    page.get_by_role("button", name=t("notification.save_ways", "th")).click()
    page.get_by_text(t("notification.done_ways", "th")).wait_for()
    assert page.locator("#way-referred").input_value() == "digest"
    page.locator("#email").fill("desk@customs.test")
    page.get_by_role("button", name=t("notification.save_addresses", "th")).click()
    page.get_by_text(t("notification.done_addresses", "th")).wait_for()
    page.wait_for_load_state("load")  # with its style sheet
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heights = page.locator("main button, main select, main input:not([type=hidden])").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 40


def test_two_running_applications_tell_everybody_once_and_by_themselves(border_store: Engine, var_dir: Path) -> None:
    with border_store.begin() as connection:
        for number in range(6):
            made = create_person(connection, f"officer{number}", "ผู้ทดสอบ", Role.OFFICER, districts=HERE, language="en")
            connection.execute(
                text("update person set email = :e where id = :i"), {"e": f"o{number}@centre.test", "i": made.id}
            )
            connection.execute(
                text("insert into notification_choice (person_id, kind, way) values (:i, 'received', 'email')"),
                {"i": made.id},
            )
    with MailServerStandIn() as post:
        mail = {"WATCH_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "WATCH_MAIL_FROM": "watch@centre.test",
                "WATCH_SECRET_KEY": "a key for these tests alone, 32+"}  # fmt: skip
        url = libpq_url(border_store.url)
        with serving(url, var_dir, **mail), serving(url, var_dir, **mail):
            case = happens(border_store)
            deadline = time.monotonic() + 60
            while len(post.taken) < 6:
                assert time.monotonic() < deadline, len(post.taken)
                time.sleep(0.1)
            happens(border_store, kind="reopened")  # chosen by nobody; both look for what is due again
            time.sleep(4)
    assert sorted(handed.to[0] for handed in post.taken) == [f"o{number}@centre.test" for number in range(6)]
    assert {handed.mail.get_content().splitlines()[0] for handed in post.taken} == {f"A new report came in · {case}"}
