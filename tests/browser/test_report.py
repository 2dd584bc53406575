"""A citizen reports on a telephone: with a line, without one, and without JavaScript."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy import Engine, text

from dashboard.i18n.form import LANGUAGES
from geo.db.engine import libpq_url
from geo.ingest.text import clean
from tests import hostile
from tests.browser.conftest import FLAGS, serving
from tests.browser.phone import LAO, PHONE, phone, photo, ready, waited
from tests.chaos import ROOMY

pytestmark = pytest.mark.browser


@pytest.fixture
def address(border_store: Engine, var_dir: Path) -> Iterator[str]:
    """The application, with limits that one telephone does not reach."""
    with serving(libpq_url(border_store.url), var_dir) as found:
        yield found


def reports(store: Engine) -> list[dict[str, Any]]:
    with store.connect() as connection:
        return [dict(row) for row in connection.execute(text("select * from report order by id")).mappings()]


def fill(page: Page, said: str = "ເຫັນເຮືອສາມລຳ") -> None:
    page.get_by_text(LAO["what"]["types"]["drug_trafficking"]).click()
    page.locator("#description-box").fill(said)
    page.locator("#district").select_option("5703")


def test_a_report_in_lao_shows_its_code_and_the_status_page_knows_it(
    browser: Browser, address: str, border_store: Engine
) -> None:
    with phone(browser) as page:
        page.goto(f"{address}/report")
        expect(page.locator("h1")).to_have_text(LAO["page"]["title"])
        fill(page)
        page.wait_for_selector("#subdistrict-field:not([hidden])")
        page.locator("#subdistrict").select_option("570301")
        page.locator("#photos-box").set_input_files([photo()])
        page.wait_for_selector("#chosen img")
        page.locator("#send").click()
        page.wait_for_selector("#received:not([hidden])")
        code = page.locator("#received .code").inner_text()
        waited(page, lambda: page.evaluate("ReportQueue.all()") == [])  # it is shown only now: the telephone forgets it
        assert re.fullmatch(r"(\d{4} ){3}\d{4}", code)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        card = page.locator("#received").bounding_box()
        assert card
        wide = page.evaluate(
            "(() => { const r = document.createRange(); r.selectNodeContents(document.querySelector('#received .code')); return r.getBoundingClientRect().right })()"
        )
        assert wide <= card["x"] + card["width"] - 12
        page.goto(f"{address}/report/status")
        page.locator("#code").fill(code)
        page.locator("button.main").click()
        expect(page.locator(".state .big")).to_have_text(LAO["states"]["received"])
    (row,) = reports(border_store)
    assert (row["language"], row["area_code"]) == ("lo", "570301")
    with border_store.connect() as connection:
        kept = bytes(connection.execute(text("select content from evidence")).scalar_one())
    assert max(Image.open(io.BytesIO(kept)).size) == 1600
    assert b"SomchaiPhone" not in kept


def test_a_report_written_without_a_line_arrives_once_when_it_is_back(
    browser: Browser, address: str, border_store: Engine
) -> None:
    with phone(browser) as page:
        page.goto(f"{address}/report")
        ready(page)
        page.context.set_offline(True)
        page.goto(f"{address}/report")  # opened again without a line
        expect(page.locator("h1")).to_have_text(LAO["page"]["title"])
        expect(page.locator("#phone")).to_contain_text(LAO["phone"]["offline"])
        fill(page)
        page.locator("#photos-box").set_input_files([photo()])
        page.wait_for_selector("#chosen img")
        page.locator("#send").click()
        expect(page.locator("#phone h2")).to_have_text(LAO["phone"]["waiting"].format(n=1))
        assert page.locator("#description-box").input_value() == ""
        assert reports(border_store) == []
        page.reload()
        expect(page.locator("#phone h2")).to_have_text(LAO["phone"]["waiting"].format(n=1))
        page.context.set_offline(False)
        expect(page.locator("#phone .code")).to_be_visible()
        code = page.locator("#phone .code").inner_text()
        assert len(reports(border_store)) == 1
        kept = page.evaluate("ReportQueue.all()")
        assert [set(entry) for entry in kept] == [
            {"id", "state", "code", "same", "at", "lang"}
        ]  # what was written is gone
        page.reload()
        expect(page.locator("#phone .code")).to_have_text(code)
        page.wait_for_timeout(1500)
        assert len(reports(border_store)) == 1
        page.locator("#phone").get_by_text(LAO["phone"]["delete"]).click()
        expect(page.locator("#phone")).to_be_hidden()
        assert page.evaluate("ReportQueue.all()") == []


def test_what_waits_outlives_the_browser(
    playwright: Playwright, address: str, border_store: Engine, tmp_path: Path
) -> None:
    import shutil

    path = next((p for name in ("chromium", "google-chrome") if (p := shutil.which(name))), None)

    def started() -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=path, args=FLAGS, viewport=PHONE, locale="lo"
        )

    context = started()
    page = context.new_page()
    page.goto(f"{address}/report")
    ready(page)
    context.set_offline(True)
    fill(page, "ກ່ອນປິດ")
    page.locator("#send").click()
    expect(page.locator("#phone h2")).to_have_text(LAO["phone"]["waiting"].format(n=1))
    context.close()
    assert reports(border_store) == []
    context = started()
    page = context.new_page()
    page.goto(f"{address}/report")
    expect(page.locator("#phone .code")).to_be_visible()
    context.close()
    assert [row["description"] for row in reports(border_store)] == ["ກ່ອນປິດ"]


def test_an_answer_that_is_lost_on_the_way_makes_no_second_report(
    browser: Browser, address: str, border_store: Engine
) -> None:
    with phone(browser, service_workers="block") as page:
        page.goto(f"{address}/report")
        fill(page)
        page.wait_for_timeout(3200)  # an older form is not sent a second time for its age
        lost = []

        def lose(route: Any) -> None:
            if route.request.method == "POST" and not lost:
                lost.append(route.fetch().status)  # it arrives; the answer does not
                route.abort()
            else:
                route.continue_()

        page.route("**/report?*", lose)
        page.locator("#send").click()
        expect(page.locator("#phone h2")).to_have_text(LAO["phone"]["waiting"].format(n=1))
        assert len(lost) == 1
        assert len(reports(border_store)) == 1
        page.get_by_text(LAO["phone"]["try"]).click()
        expect(page.locator("#phone .code")).to_be_visible()
        assert len(reports(border_store)) == 1


def test_without_javascript_everything_works(browser: Browser, address: str, border_store: Engine) -> None:
    with phone(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/report")
        assert page.locator("#locate").is_hidden()
        page.locator("#district").select_option("5703")
        page.wait_for_timeout(3200)
        page.locator("#send").click()
        expect(page.locator("#wrong-description")).to_have_text(LAO["errors"]["nothing_said"])
        assert page.locator("#district").input_value() == "5703"
        page.locator("#description-box").fill("ບໍ່ມີ JavaScript")
        page.locator("[name=step]").click()
        page.locator("#subdistrict").select_option("570301")
        page.locator("#photos-box").set_input_files([photo()])
        page.wait_for_timeout(3200)
        page.locator("#send").click()
        code = page.locator(".code").inner_text()
        page.get_by_role("link", name=LAO["done"]["look"]).click()
        page.locator("#code").fill(code)
        page.locator("button.main").click()
        expect(page.locator(".state .big")).to_have_text(LAO["states"]["received"])
    (row,) = reports(border_store)
    assert (row["description"], row["area_code"]) == ("ບໍ່ມີ JavaScript", "570301")


def test_the_map_is_fetched_only_when_asked_for_and_one_tap_marks_the_place(
    browser: Browser, address: str, border_store: Engine
) -> None:
    with phone(browser, service_workers="block") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/report")
        page.wait_for_load_state("networkidle")
        assert not [url for url in asked if "leaflet" in url or "/tiles/" in url]
        page.locator("#open-map").click()
        waited(page, lambda: bool(page.evaluate("!!(window.ReportMap && ReportMap.ready)")))
        waited(page, lambda: any("/tiles/base/" in url for url in asked))
        assert all(url.startswith((address, "blob:", "data:")) for url in asked)
        page.locator("#map").click(position={"x": 150, "y": 150})
        expect(page.locator("#point")).to_be_visible()
        page.locator("#description-box").fill("ໃນແຜນທີ່")
        page.locator("#send").click()
        page.wait_for_selector("#received:not([hidden])")
    (row,) = reports(border_store)
    assert row["geom"] is not None


def test_the_place_of_the_telephone_is_taken_only_when_asked_for(
    browser: Browser, address: str, border_store: Engine
) -> None:
    where = {"longitude": 100.4063, "latitude": 20.2606}
    with phone(browser, geolocation=where, permissions=["geolocation"]) as page:
        page.goto(f"{address}/report")
        assert page.locator("[name=lat]").input_value() == ""
        page.locator("#locate").click()
        expect(page.locator("[name=lat]")).to_have_value("20.26060")
        page.locator("#no-point").click()
        expect(page.locator("[name=lat]")).to_have_value("")


def test_what_is_missing_is_said_beside_its_field(browser: Browser, address: str) -> None:
    with phone(browser) as page:
        page.goto(f"{address}/report")
        page.locator("#send").click()
        expect(page.locator("#wrong-description")).to_have_text(LAO["errors"]["nothing_said"])
        expect(page.locator("#wrong-place")).to_have_text(LAO["errors"]["no_place"])
        assert page.evaluate("document.activeElement.id") == "wrong"


def test_a_telephone_does_the_small_sum_while_very_much_comes_in(
    browser: Browser, border_store: Engine, var_dir: Path
) -> None:
    with (
        serving(libpq_url(border_store.url), var_dir, WATCH_REPORTS_PER_SECOND="0.0001") as address,
        phone(browser) as page,
    ):
        page.goto(f"{address}/report")
        fill(page)
        page.locator("#send").click()
        page.wait_for_selector("#received:not([hidden])")
    assert len(reports(border_store)) == 1


QUEUED = """async ([texts, token, languages]) => {
    for (let n = 0; n < texts.length; n++) {
        const bad = texts[n], lang = languages[n % languages.length];
        const entry = (fields) => ({
            id: crypto.randomUUID(), state: "waiting", lang: lang, token: token, made: Date.now(), photos: [], fields: fields });
        await ReportQueue.put(entry({
            description: bad.slice(0, 3900) + ".", village: bad.slice(0, 100), contact: bad.slice(0, 150), district: "5703" }));
        await ReportQueue.put(entry({
            description: bad, village: bad, contact: bad, crime_type: bad, when: bad, day: bad, clock: bad, lat: bad, lon: bad,
            said_at: bad, ongoing: bad, subdistrict: bad, district: bad }));
    }
    await ReportQueue.send(() => Promise.resolve(""));
    const all = await ReportQueue.all();
    return ["sent", "refused", "waiting"].map((state) => all.filter((one) => one.state === state).length);
}"""


def test_hostile_text_does_nothing_on_the_telephone_or_the_status_page(
    browser: Browser, border_store: Engine, var_dir: Path, tmp_path: Path
) -> None:
    with (
        serving(libpq_url(border_store.url), var_dir, **ROOMY) as address,
        phone(browser, service_workers="block") as page,
    ):
        texts = hostile.sample(tmp_path / "made", f"{address}/beacon")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/report")
        page.wait_for_timeout(3200)  # a form that comes back sooner was filled in by no person
        token = page.locator("[name=token]").input_value()
        done = page.evaluate(QUEUED, [texts, token, list(LANGUAGES)])
        assert done == [len(texts), len(texts), 0]
        page.reload()
        expect(page.locator("#phone .was-sent")).to_have_count(len(texts))
        expect(page.locator("#phone .is-refused")).to_have_count(len(texts))
        page.locator("#phone .is-refused").nth(17).get_by_text(LAO["phone"]["edit"]).click()
        expect(page.locator("#phone .is-refused")).to_have_count(len(texts) - 1)
        refilled = hostile.letters(page.locator("#description-box").input_value())
        assert refilled in [hostile.letters(bad) for bad in texts]
        assert page.locator("main").locator("img, iframe, svg, style, link, object").count() == 0
        client_id, code = page.evaluate(
            "ReportQueue.all().then(all => all.filter(e => e.code).map(e => [e.id, e.code])[0])"
        )
        shown = [clean(bad, lines=True) or "?" for bad in texts]
        with border_store.begin() as connection:
            connection.execute(
                text(
                    "insert into report_question (report_id, question, answer, answered_at) select r.id, q, q, now()"
                    " from report r, unnest(cast(:shown as text[])) q where r.client_id = :id"
                ),
                {"shown": shown, "id": client_id},
            )
        page.goto(f"{address}/report/status")
        page.locator("#code").fill(code)
        page.locator("button.main").click()
        expect(page.locator(".asked")).to_have_count(len(texts))
        assert [hostile.letters(one) for one in page.locator(".asked").all_text_contents()] == [
            hostile.letters(one) for one in shown
        ]
        page.wait_for_timeout(500)
        assert not [url for url in asked if "beacon" in url]
        assert hostile.COMPUTED not in page.inner_text("body")
    assert not (tmp_path / "made").exists()
    assert len(reports(border_store)) == len(texts)
