"""The district centre's work in a real browser: a case from its report to its closing by a second person."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text

from geo.model.person import Role
from tests.browser.conftest import Watched, opened, signed_in

pytestmark = pytest.mark.browser

NONG_KHAI = ("4301",)
TOLD = "# **หัวข้อ** <img src=x onerror=alert(1)> ![x](http://beacon.test/x) {{7*7}} ${alert(1)}"


@pytest.fixture
def case(border_store: Engine) -> str:
    """Number of a case in Nong Khai whose report is hostile; another lies in Mukdahan."""
    with border_store.begin() as connection:
        for district, lon, lat in (("4901", 104.72, 16.54), ("4301", 102.74, 17.87)):
            row = connection.execute(
                text(
                    "insert into incident (crime_type, occurred_at, channel, district_code, geom) values"
                    " ('contraband', now(), 'online', :district, st_point(:lon, :lat, 4326)) returning id, public_id"
                ),
                {"district": district, "lon": lon, "lat": lat},
            ).one()
            connection.execute(
                text("insert into report (incident_id, channel, description) values (:i, 'online', :told)"),
                {"i": row.id, "told": TOLD},
            )
    return str(row.public_id)


@pytest.fixture
def officer(border_store: Engine, served: str, browser: Browser) -> Iterator[Watched]:
    """A laptop on which an officer of Nong Khai is signed in."""
    signed_in(border_store, Role.OFFICER, districts=NONG_KHAI)
    with opened(browser) as watched:
        yield watched


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").first.click()


def state(store: Engine, public_id: str) -> str:
    with store.connect() as connection:
        found = connection.execute(text("select status from incident where public_id = :i"), {"i": public_id})
        return str(found.scalar_one())


def wait_for_state(page: Page, store: Engine, public_id: str, wanted: str) -> None:
    for _ in range(100):
        if state(store, public_id) == wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{state(store, public_id)} instead of {wanted}: {page.inner_text('body')[:1500]}")


def test_a_case_goes_from_received_to_closed_by_two_people(
    case: str, officer: Watched, served: str, border_store: Engine
) -> None:
    page = officer.page
    page.goto(f"{served}/inbox")
    page.get_by_text(case).first.wait_for()
    listed = set(re.findall(r"NTS\d\d-\d{7}", page.inner_text("body")))
    assert listed == {case}, "the case of the next district is not in the list"
    page.goto(f"{served}/inbox?case={case}")
    page.get_by_text("onerror").wait_for()
    assert TOLD.replace(" ", "") in page.inner_text("body").replace(" ", "").replace("\n", "")

    press(page, "do_start")
    wait_for_state(page, border_store, case, "verifying")
    press(page, "do_verify")
    press(page, "save_verify")
    wait_for_state(page, border_store, case, "verified")
    press(page, "do_close")
    page.locator(".st-key-save_close").wait_for()  # before it the form of the step before may still stand there
    page.locator("textarea").last.fill("จับกุมแล้ว ส่งพนักงานสอบสวน")
    press(page, "save_close")
    page.locator(".st-key-do_close").wait_for(state="detached")
    assert state(border_store, case) == "verified", "one person alone closes nothing"

    signed_in(border_store, Role.CHIEF, districts=NONG_KHAI)
    page.goto(f"{served}/inbox?case={case}")
    press(page, "do_confirm")
    press(page, "save_confirm")
    wait_for_state(page, border_store, case, "closed")
    assert (officer.dialogs, officer.strangers) == ([], [])


def test_the_next_district_finds_nothing(case: str, served: str, border_store: Engine, browser: Browser) -> None:
    signed_in(border_store, Role.OFFICER, districts=("4302",))
    with opened(browser, "phone") as watched:
        watched.page.goto(f"{served}/inbox?case={case}")
        watched.page.locator(".stMain").wait_for()
        watched.page.wait_for_timeout(3000)
        body = watched.page.inner_text("body")
        assert "onerror" not in body
        assert "102.74" not in body
