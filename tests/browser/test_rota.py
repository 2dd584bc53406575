"""Suggested patrols and rotas as a chief meets them, and as those do who need not know where nobody will be."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.model.person import Role
from tests.browser.conftest import Enter, drawn, press, wait_for

pytestmark = pytest.mark.browser

NONG_KHAI = "4301"
HOSTILE = "ด่าน ${7*7} {{7*7}} <img src=x onerror=alert(1)>"
STORE = """
insert into checkpoint (code, name, kind, status, district_code, geom) values
    ('CP-1', :hostile, 'checkpoint', 'active', '4301', st_point(102.74, 17.86, 4326)),
    ('CP-2', 'จุดตรวจบ้านท่า', 'checkpoint', 'active', '4301', st_point(102.80, 17.88, 4326)),
    ('CP-3', 'จุดตรวจริมโขง', 'river', 'planned', '4301', st_point(102.66, 17.85, 4326)),
    ('CP-4', 'จุดตรวจไกล', 'checkpoint', 'active', '4301', st_point(102.90, 17.75, 4326))
"""
INCIDENTS = """
insert into incident (public_id, crime_type, occurred_at, channel, status, district_code, geom)
    select 'R-' || n, (select code from crime_type order by code limit 1), now() - n % 90 * interval '1 day' - n % 24 * interval '1 hour',
           'online', 'verified', '4301', st_point(102.70 + n % 7 * 0.015, 17.82 + n % 5 * 0.012, 4326) from generate_series(1, 300) n
"""


@pytest.fixture
def watched_border(border_store: Engine) -> Engine:
    """Four posts of a district and what happened around them."""
    with border_store.begin() as connection:
        connection.execute(text(STORE), {"hostile": HOSTILE})
        connection.execute(text(INCIDENTS))
    return border_store


def part(page: Page, code: str) -> None:
    """Open a part of the page of patrols."""
    drawn(page)
    page.locator(".st-key-patrol_part").get_by_text(t(f"patrols.part.{code}", "th"), exact=True).click()
    page.locator(f".st-key-patrol_{code}").wait_for()


def options(page: Page, label: str) -> Locator:
    """The options of a list, which is open then; a list that is drawn anew meanwhile closes, and is opened again."""
    found = page.get_by_role("option")

    def is_open() -> bool:
        drawn(page)
        if not found.count():
            page.get_by_label(t(label, "th"), exact=True).click()
            with suppress(TimeoutError):
                found.first.wait_for(timeout=2_000)
        return found.count() > 0

    wait_for(page, is_open)
    return found


def test_a_rota_is_drawn_changed_published_and_hidden_and_a_patrol_suggested(
    watched_border: Engine, enter: Enter
) -> None:
    chief = enter("rota-chief", Role.CHIEF, "/patrols", districts=(NONG_KHAI,))
    page = chief.page
    part(page, "rota")
    press(page, "rota_new")
    page.get_by_label(t("rota.form.days", "th"), exact=True).fill("14")
    page.get_by_label(t("rota.form.reason", "th"), exact=True).fill("ไม่ให้เดาได้")
    page.keyboard.press("Tab")
    press(page, "rota_go")
    expect(page.locator(".rota-chances tbody tr")).to_have_count(6, timeout=60_000)  # four checkpoints, two crossings
    expect(page.locator(".rota-chances")).to_contain_text("${7*7} {{7*7}}")
    expect(page.locator(".st-key-rota_warning")).to_have_count(0)
    # By hand the same rare place on nights in a row.
    page.locator("[class*=rota-field-week] [role=radio]").nth(1).click()
    expect(page.locator(".rota-week thead th")).to_have_count(8)
    page.locator(".st-key-rota_change summary").click()
    moved = 0
    for day in range(3):
        chosen = options(page, "rota.change_day").nth(day)
        said = chosen.inner_text()
        chosen.click()
        expect(page.get_by_label(t("rota.change_day", "th"), exact=True)).to_have_value(said)
        rare = options(page, "rota.change_to").filter(has_text="จุดตรวจไกล")
        if not rare.count():  # drawn already
            page.keyboard.press("Escape")
            continue
        rare.first.click()
        page.get_by_label(t("rota.change_why", "th"), exact=True).fill("งานวัด")
        page.keyboard.press("Tab")
        press(page, "rota_change_go")
        moved += 1
        expect(page.locator(".rota-week .rota-hand")).to_have_count(moved)
    expect(page.locator(".st-key-notice")).to_contain_text(t("rota.changed", "th"))
    expect(page.locator(".st-key-rota_warning")).to_contain_text("จุดตรวจไกล")
    press(page, "rota_publish")
    expect(page.locator(".office-number")).to_contain_text(t("rota.state.published", "th"))
    expect(page.locator(".st-key-rota_redraw")).to_have_count(0)
    address = page.locator(".st-key-rota_pdf a").get_attribute("href")
    paper = page.request.get(f"{page.url.split('/patrols')[0]}/{address}")
    assert paper.status == 200
    assert paper.body()[:4] == b"%PDF"
    assert not chief.faults
    assert not chief.dialogs

    officer = enter("rota-officer", Role.OFFICER, "/patrols?rota=1", districts=(NONG_KHAI,))
    part(officer.page, "rota")
    expect(officer.page.get_by_text(t("rota.not_yours", "th"))).to_be_visible()
    assert officer.page.request.get(f"{page.url.split('/patrols')[0]}/{address}").status == 403
    # No rota, but where to be in the next hours.
    part(officer.page, "runs")
    expect(officer.page.locator(".st-key-patrol_duty [data-testid=stDataFrame]")).to_be_visible()
    expect(officer.page.locator(".st-key-patrol_duty")).to_contain_text(t("patrols.duty.about", "th"))

    # The other part of the page: a patrol is suggested on the map and as a table.
    part(page, "suggest")
    page.get_by_label(t("outing.form.hours", "th"), exact=True).fill("2")
    page.get_by_label(t("outing.form.teams", "th"), exact=True).fill("2")
    page.keyboard.press("Tab")
    press(page, "outing_go")
    expect(page.locator(".outing-table")).to_have_count(2, timeout=60_000)
    expect(page.locator(".outing-table").first).to_contain_text("48Q")
    frame = chief.map_frame()
    assert frame.evaluate("watch.analysis.marks.ways.length") == 2
    assert frame.evaluate("watch.analysis.marks.places.filter(p => p.n === 0).length") == 1
    with page.expect_download() as download:
        press(page, "outing_gpx_1")
    assert b"<gpx" in download.value.path().read_bytes()
    assert not chief.faults
    assert not chief.dialogs
