"""The public pages in four languages as people see them, and the page on which the national centre publishes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from dashboard.i18n import t
from dashboard.i18n.dates import today
from dashboard.i18n.four_languages import words
from geo.actions.releases import make_release, publish_release
from geo.db.engine import libpq_url
from geo.model.person import Role
from geo.model.quarter import Quarter
from tests.browser.conftest import drawn, opened, press, serving, signed_in

pytestmark = pytest.mark.browser

LAST = Quarter.of(today() - timedelta(days=30)).before
INCIDENTS = """
insert into incident (public_id, crime_type, occurred_at, status, channel, district_code)
select 'P-' || n, k.codes[1 + n % 3], :first + n % 180 + time '12:00', 'verified', 'online', d.codes[1 + (n % 60) * (n % 60) / 60]
from generate_series(1, 1500) n, (select array_agg(code order by sort) as codes from crime_type where is_crime) k,
     (select array_agg(code order by code) as codes from area where level = 'district' and country = 'TH' and is_border) d
"""
FONTS = {"th": "Sarabun", "lo": "Lao", "km": "Khmer"}
"""Part of the name of the font that each script is drawn with."""
LINES = """
() => { const found = [], walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const node = walk.currentNode, range = document.createRange(); let top = null;
    if (!node.data.trim() || node.parentElement.closest('select,svg,.trap')) continue;
    for (let at = 0; at < node.data.length; at++) { range.setStart(node, at); range.setEnd(node, at + 1);
      const box = range.getClientRects()[0]; if (!box || !box.height || !node.data[at].trim()) continue;
      if (top !== null && box.top > top + box.height * 0.6) found.push(node.data.slice(at, at + 12));
      if (top === null || box.top > top + box.height * 0.6) top = box.top; } }
  return found }
"""
"""Beginnings of the lines that the browser broke."""
MARKS = r"[\p{M}ๆฯໆຯ។៖៕,.)\]]"


@pytest.fixture(scope="module")
def address(shared_store: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application on a store with a quarter that is published, and one that could be."""
    with shared_store.begin() as connection:
        connection.execute(text(INCIDENTS), {"first": LAST.before.first})
        publish_release(connection, None, make_release(connection, LAST.before, None))
    signed_in(shared_store, Role.NATIONAL)
    with serving(libpq_url(shared_store.url), tmp_path_factory.mktemp("public")) as found:
        yield found


def drawn_with(page: Page) -> dict[str, int]:
    """Families of the fonts that the browser took for what stands on the page, and for how many letters."""
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    found: dict[str, int] = {}
    for node in tools.send(
        "DOM.querySelectorAll",
        {"nodeId": root, "selector": "main h1, main h2, main p, main li, main label, main button"},
    )["nodeIds"]:
        for font in tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            found[font["familyName"]] = found.get(font["familyName"], 0) + int(font["glyphCount"])
    return found


def check_words(page: Page, lang: str) -> None:
    """The script's letters come from our font, no line begins with a mark of the one before, nothing sticks out."""
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    begun = page.evaluate(LINES)
    assert begun or page.url.count("/status"), page.url
    wrong = [one for one in begun if page.evaluate("([a, m]) => new RegExp('^' + m, 'u').test(a)", [one, MARKS])]
    assert wrong == [], page.url
    if lang in FONTS:
        fonts = drawn_with(page)
        # Figures, signs and names in Latin letters are the telephone's own; the script is ours, and no third font helps out.
        assert sum(n for name, n in fonts.items() if FONTS[lang] in name) > 0.6 * sum(fonts.values()), (page.url, fonts)
        assert len(fonts) <= 2, (page.url, fonts)


@pytest.mark.parametrize("lang", ["th", "lo", "km"])
def test_public_pages_are_read_in_every_script_and_at_every_width(browser: Browser, address: str, lang: str) -> None:
    size = {"th": "laptop", "lo": "phone", "km": "projector"}[lang]
    with opened(browser, size, dark=lang == "lo") as watched:
        page, said = watched.page, words("public", lang)
        page.context.clear_cookies()
        page.goto(f"{address}/public?lang={lang}")
        expect(page.locator("h1")).to_have_text(said["title"])
        expect(page.locator("figure svg path title").first).to_be_attached()
        assert page.locator("table.places tbody tr").count() == 18 + 67
        check_words(page, lang)
        page.locator(".choose button").click()
        expect(page).to_have_url(f"{address}/public?lang={lang}&quarter={LAST.before}")
        page.locator("details summary").click()
        expect(page.locator("details table")).to_be_visible()
        with page.expect_download() as taken:
            page.get_by_text(said["csv"]).click()
        assert taken.value.suggested_filename == f"nts-mekong-watch-{LAST.before}-v1.csv"
        other = "en" if lang == "th" else "th"
        page.locator(f'.langs a[lang="{other}"]').click()
        expect(page.locator("h1")).to_have_text(words("public", other)["title"])
        for path in ("/report", "/report/status"):
            page.goto(f"{address}{path}?lang={lang}")
            check_words(page, lang)
        assert watched.faults == []
        assert watched.strangers == []


def test_the_national_centre_makes_looks_at_and_publishes_a_quarter(
    browser: Browser, address: str, shared_store: Engine
) -> None:
    with opened(browser) as watched:
        page = watched.page
        page.goto(f"{address}/public_release")
        expect(page.get_by_role("heading", name=t("release.title", "th"), exact=True)).to_be_visible()
        press(page, "release_make_it")
        expect(page.locator(".st-key-notice")).to_contain_text(t("release.made", "th"))
        drawn(page)
        page.get_by_text(t("release.publish_sure", "th")).click()
        drawn(page)
        press(page, "release_publish_")
        expect(page.locator(".st-key-notice")).to_contain_text(t("release.done_publish", "th"))
        with shared_store.connect() as connection:
            state = connection.execute(
                text("select state from public_release where quarter = :q"), {"q": str(LAST)}
            ).scalar_one()
        assert state == "published"
        page.goto(f"{address}/public?lang=en&quarter={LAST}")
        expect(page.locator("#quarter")).to_have_value(str(LAST))
        assert watched.faults == []
        assert watched.strangers == []
