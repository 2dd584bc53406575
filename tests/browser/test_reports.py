"""Reports in a real browser: a centre makes its month, corrects, signs and takes it along; the national centre asks the others."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.model.person import Role
from tests.browser.conftest import Enter, Watched, drawn, press, wait_for

pytestmark = pytest.mark.browser

HOSTILE = "{{7*7}} ${alert(1)} <img src=x onerror=alert(1)> ![x](http://beacon.test/x) =1+1"


def _area(watched: Watched, label: str, words: str) -> None:
    field = watched.page.get_by_label(label, exact=True)
    field.fill(words)
    field.blur()
    drawn(watched.page)


def _taken(watched: Watched, form: str) -> bytes:
    with watched.page.expect_download() as download:
        watched.page.locator(".st-key-reports_papers a", has_text=form).click()
    return Path(download.value.path()).read_bytes()


def test_a_month_is_made_corrected_signed_and_seen_by_the_national_centre(enter: Enter, border_store: Engine) -> None:
    month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    with border_store.begin() as connection:
        connection.execute(
            text(
                "update area set target = case when code in ('4301', '4302') then 'named' else 'no' end where level = 'district'"
            )
        )
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, reported_at, status, channel, geom) select 'contraband',"
                " cast(:day as date) + time '12:00', cast(:day as date) + time '13:00', 'verified', 'online',"
                " st_setsrid(st_makepoint(102.72 + k * 0.001, 17.85), 4326) from generate_series(1, 13) k"
            ),
            {"day": month + timedelta(days=4)},
        )
    chief = enter("chief", Role.CHIEF, "/reports?lang=en", districts=("4301",))
    page = chief.page
    press(page, "reports_begin")
    page.locator(".report-figure b", has_text="13").first.wait_for()

    # Text of people is shown as it was typed, and nothing of it is done.
    _area(chief, t("reports.narrative.situation", "en"), HOSTILE)
    press(page, "reports_save")
    page.get_by_text(t("reports.saved", "en")).wait_for()
    page.locator("summary", has_text=t("reports.correct", "en")).click()
    value = page.get_by_label(t("reports.correct_value", "en"), exact=True)
    value.fill("12")
    value.press("Enter")
    drawn(page)
    press(page, "reports_correct")
    page.get_by_text(t("errors.reports.no_reason", "en")).wait_for()  # not without a reason
    why = page.get_by_label(t("reports.correct_why", "en"), exact=True)
    why.fill("counted twice")
    why.press("Enter")
    drawn(page)
    press(page, "reports_correct")
    page.locator(".report-figure", has_text="counted twice").wait_for()
    assert page.locator(".report-figure b").first.inner_text() == "12"

    press(page, "reports_sign")
    press(page, "reports_sign_yes")
    page.get_by_text(t("reports.signed", "en")).wait_for()
    drawn(page)
    page.get_by_text(HOSTILE).first.wait_for()
    assert page.locator(".st-key-reports_save").count() == 0
    assert _taken(chief, "PDF").startswith(b"%PDF")
    assert _taken(chief, "DOCX").startswith(b"PK")
    assert _taken(chief, "XLSX").startswith(b"PK")

    # The table of all centres, the reminder of the one that is missing, and the quarter.
    national = enter("national", Role.NATIONAL, "/reports?lang=en")
    page = national.page
    page.locator(".st-key-reports_table").wait_for()
    page.get_by_text("missing").first.wait_for()
    press(page, "reports_remind_all")
    page.get_by_text(t("reports.reminded", "en", n="1")).wait_for()
    with border_store.connect() as connection:
        assert connection.execute(text("select district_code, month from month_reminder")).all() == [("4302", month)]
    page.get_by_text(t("reports.parts.quarter", "en"), exact=True).click()
    drawn(page)
    press(page, "quarter_begin")
    page.get_by_text(t("quarter.centres", "en"), exact=True).wait_for()
    wait_for(page, lambda: page.locator(".report-wide td", has_text="Mueang Nong Khai").count() == 1)
    assert _taken(national, "PDF").startswith(b"%PDF")
    for watched in (chief, national):
        assert watched.strangers == []
        assert watched.dialogs == []


def test_the_page_fits_a_phone_and_opens_what_its_address_names(enter: Enter, border_store: Engine) -> None:
    officer = enter("officer", Role.OFFICER, "/reports?lang=th&month=2026-03", size="phone", districts=("4301",))
    page = officer.page
    press(page, "reports_begin")
    page.locator(".report-figures").wait_for()
    page.get_by_text(t("reports.paper_title", "th", month="มีนาคม 2569")).wait_for()
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_text(t("reports.chief_signs_note", "th")).count() == 1
