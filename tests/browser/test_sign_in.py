"""The way in as people meet it: phone and laptop, Thai and English, one tap, a password, and out again."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.actions.demo_people import add_demo_people
from geo.actions.people import create_person
from geo.credentials.totp import code_at
from geo.db.engine import libpq_url
from geo.model.person import Role
from tests.browser.conftest import Watched, opened, serving

pytestmark = pytest.mark.browser

GOOD = "kettle vivid ocarina"


@pytest.fixture
def demonstration(border_store: Engine, var_dir: Path) -> Iterator[str]:
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, district_code, is_demo, geom)"
                " values ('contraband', now(), 'online', '4301', true, st_point(102.74, 17.87, 4326))"
            )
        )
        add_demo_people(connection)
    with serving(libpq_url(border_store.url), var_dir) as address:
        yield address


@pytest.fixture
def real(border_store: Engine, var_dir: Path) -> Iterator[str]:
    with border_store.begin() as connection:
        create_person(connection, "malee", "มาลี", Role.PLANNER, password="first vivid kettle")
    with serving(libpq_url(border_store.url), var_dir) as address:
        yield address


def _fits(page: Page) -> None:
    """Nothing is cut off to the right, nothing that is pressed is smaller than a fingertip."""
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heights = page.locator("main button, main input:not([type=hidden])").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 40
    cut = page.locator("main button, main a, main p, label").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').length"
    )
    assert cut == 0


def _shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def _quiet(watched: Watched) -> None:
    """The browser had nothing to complain of; an answer of 401 and its like is what was asked for."""
    assert [fault for fault in watched.faults if "Failed to load resource" not in fault] == []
    assert watched.strangers == []


@pytest.mark.parametrize("size", ["phone", "laptop"])
@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_page_fits_and_one_tap_leads_to_the_map(demonstration: str, browser: Browser, size: str, lang: str) -> None:
    with opened(browser, size, "th-TH" if lang == "th" else "en-GB", dark=lang == "en") as watched:
        page = watched.page
        page.goto(demonstration)
        assert page.url == f"{demonstration}/sign-in"
        page.get_by_role("heading", name=t("sign_in.demo_title", lang)).wait_for()
        assert page.locator("html").get_attribute("lang") == lang
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Sarabun'))")
        _fits(page)
        _shoot(page, f"sign_in_{size}_{lang}")
        for role in Role:
            assert page.get_by_role("button", name=t(f"role.{role}", lang)).first.is_visible()
        page.get_by_role("button", name=t("role.chief", lang)).click()
        page.locator("[data-testid=stApp]").wait_for()
        assert "watch" not in page.evaluate("document.cookie")
        page.goto(f"{demonstration}/account")
        page.get_by_role("heading", name=t("account.title", lang)).wait_for()
        _fits(page)
        _shoot(page, f"account_{size}_{lang}")
        page.get_by_role("button", name=t("account.sign_out", lang), exact=True).click()
        page.get_by_text(t("sign_in.signed_out", lang)).wait_for()
        page.goto(f"{demonstration}/live_map")
        assert "/sign-in?next=/live_map" in page.url
        _quiet(watched)


def test_the_language_is_changed_by_one_click_and_stays_through_a_mistake(real: str, browser: Browser) -> None:
    with opened(browser, "phone") as watched:
        page = watched.page
        page.goto(f"{real}/sign-in")
        page.get_by_role("link", name="English").click()
        page.get_by_label(t("sign_in.login", "en")).fill("malee")
        page.get_by_label(t("sign_in.password", "en"), exact=True).fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        assert page.get_by_role("alert").inner_text() == t("errors.sign_in.wrong", "en")
        assert page.get_by_label(t("sign_in.login", "en")).input_value() == "malee"
        assert page.get_by_label(t("sign_in.password", "en"), exact=True).input_value() == ""
        _fits(page)
        _shoot(page, "sign_in_wrong")
        _quiet(watched)


def test_a_first_password_is_changed_codes_are_set_up_by_picture_and_asked_for(real: str, browser: Browser) -> None:
    new = "violet tractor nine moons"
    with opened(browser) as watched:
        page = watched.page
        page.goto(f"{real}/sign-in?lang=en&next=/live_map")
        page.get_by_label("Login").fill("malee")
        page.get_by_label("Password", exact=True).fill("first vivid kettle")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_text(t("account.must_change", "th")).or_(
            page.get_by_text(t("account.must_change", "en"))
        ).wait_for()
        assert page.url == f"{real}/account"
        page.goto(f"{real}/account?lang=en")
        page.get_by_label("Present password").fill("first vivid kettle")
        page.get_by_label("New password (").fill(new)
        page.get_by_label("New password again").fill(new)
        page.get_by_role("button", name="Change the password").click()
        page.get_by_text(t("account.done_password", "en")).wait_for()
        page.locator("#proof").fill(new)
        page.get_by_role("button", name="Use one-time codes").click()
        assert page.locator(".qr svg").bounding_box()["width"] > 150  # type: ignore[index]
        _fits(page)
        _shoot(page, "account_codes")
        secret = base64.b32decode(page.locator("#secret").inner_text().replace(" ", ""))
        step = int(time.time() // 30)
        page.locator("#code").fill(code_at(secret, step))
        page.get_by_role("button", name="Confirm and use").click()
        page.get_by_text(t("account.done_codes_on", "en")).wait_for()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_label("Login").fill("malee")
        page.get_by_label("Password", exact=True).fill(new)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", name="One-time code").wait_for()
        _fits(page)
        _shoot(page, "sign_in_code")
        page.get_by_label(t("sign_in.code", "en")).fill(code_at(secret, step + 1))
        page.get_by_role("button", name="Confirm").click()
        page.locator("[data-testid=stApp]").wait_for()
        _quiet(watched)
