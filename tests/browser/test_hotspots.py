"""The hotspot page in a real browser: one map through all methods, two that move together, and words that do no harm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Frame
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from dashboard.i18n import t
from geo.db.engine import libpq_url
from tests.browser.conftest import ROOT, Watched, drawn, opened, press, serving, signed_in, wait_for
from tests.conftest import _copy

pytestmark = pytest.mark.browser

HOSTILE = "{{7*7}} ${window.escaped=1} <img src=x onerror='window.escaped=1'> ![x](http://beacon.test/x) =1+1"
MANY = """
insert into incident (crime_type, occurred_at, reported_at, status, channel, district_code, source, geom)
select case when n % 3 = 0 then 'online_scam' else 'drug_trafficking' end,
    now() - make_interval(days => 1 + n % 300, hours => n % 24), now() - make_interval(days => 1 + n % 300),
    case when n % 10 = 0 then 'received' else 'verified' end, case when n % 12 = 0 then 'patrol' else 'online' end, null, 'test',
    st_setsrid(st_makepoint(middle.lon + 0.02 * sin(n * 1.7), middle.lat + 0.02 * cos(n * 2.3)), 4326)
from generate_series(1, 240) n,
    lateral (select case when n % 4 = 0 then 104.55 else 104.72 end lon, case when n % 4 = 0 then 16.83 else 16.53 end lat) middle
"""
"""Incidents around two places of Mukdahan, over most of a year."""


@pytest.fixture(scope="module")
def busy(cluster: URL, border_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of one server for most tests of this module, on a store with those incidents, whose chief is signed in."""
    folder = tmp_path_factory.mktemp("hotspots")
    if (ROOT / "var" / "boundaries").is_dir():
        (folder / "boundaries").symlink_to(ROOT / "var" / "boundaries")
    for store in _copy(cluster, border_template):
        with store.begin() as connection:
            connection.execute(text(MANY))
        signed_in(store)
        with serving(libpq_url(store.url), folder) as address:
            yield address


@pytest.fixture
def page(busy: str, browser: Browser) -> Iterator[Watched]:
    """The page in English, drawn."""
    with opened(browser) as watched:
        watched.page.goto(f"{busy}/hotspots?lang=en")
        found(watched)
        yield watched


def found(watched: Watched) -> Frame:
    """The map, once there is an answer. The first takes a while: a process is begun for it."""
    watched.page.locator(".st-key-finding").wait_for()
    drawn(watched.page)
    return watched.map_frame()


def choose(watched: Watched, control: str, words: str) -> None:
    """Press one of several buttons beside each other."""
    drawn(watched.page)
    watched.page.locator(f".st-key-{control} button", has_text=words).first.click()


def choose_first_row(watched: Watched, table: str, moved: Callable[[], bool]) -> None:
    """A table is a picture that takes clicks by what lies over it, and takes none until it has drawn itself."""
    grid = watched.page.locator(f".st-key-{table} canvas").first
    for _ in range(12):
        drawn(watched.page)
        grid.click(position={"x": 18, "y": 52}, force=True)
        for _ in range(50):
            if moved():
                return
            watched.page.wait_for_timeout(100)
    raise AssertionError("the map did not go there")


def state(frame: Frame) -> dict[str, object]:
    return json.loads(frame.evaluate("JSON.stringify(watch.state.analysis || null)")) or {}


def test_one_map_stays_through_all_methods_and_goes_where_a_row_says(page: Watched) -> None:
    frame = found(page)
    assert "surface" in state(frame)
    frame.evaluate("window.mine = 1; watch.touched = true; watch.map.setView([16.6, 104.6], 9, {animate: false})")
    for control, words, part in (
        ("how", "Hexagons", "areas"),
        ("how", "Clusters", "outlines"),
        ("ask", "Is it new", "areas"),
    ):
        choose(page, control, words)
        wait_for(page.page, lambda part=part: part in state(frame))
        assert frame.evaluate("[window.mine, watch.map.getZoom()]") == [1, 9]
    choose(page, "ask", "When")  # in place of the map there are charts, and the map comes back as it was
    page.page.get_by_text(t("hotspots_page.when_title", "en")).first.wait_for()
    choose(page, "ask", "Where")
    wait_for(page.page, lambda: "surface" in state(frame))
    assert frame.evaluate("[window.mine, watch.map.getZoom()]") == [1, 9]
    drawn(page.page)
    choose_first_row(page, "peaks", lambda: frame.evaluate("watch.map.getZoom()") > 9)
    assert page.faults == page.strangers == page.dialogs == []


def test_what_patrols_found_is_never_mixed_in_and_the_line_under_the_map_says_what_is_shown(page: Watched) -> None:
    line = page.page.locator(".st-key-method_line")
    counted = "200 incidents"  # of 240 every tenth is not verified, every twelfth was found by a patrol, every sixtieth is both
    assert counted in line.inner_text()
    assert "verified only" in line.inner_text()
    page.page.locator(".st-key-figures summary").last.click()
    choose(page, "base", t("hotspots_page.base_short.patrols", "en"))
    wait_for(page.page, lambda: "16 incidents" in line.inner_text())
    assert t("hotspots_page.base.patrols", "en") in line.inner_text()
    page.page.get_by_text(t("hotspots_page.patrols_note", "en")).wait_for()
    page.page.get_by_text(t("hotspots.few", "en", n=16)).wait_for()  # under 30: said before anything else
    assert "found=patrols" in page.page.url
    with page.page.expect_download() as download:
        press(page.page, "take_csv")
    written = download.value.path().read_text("utf-8-sig")
    assert t("hotspots_page.base.patrols", "en") in written.splitlines()[1]


def test_two_periods_share_pan_and_zoom(page: Watched, busy: str) -> None:
    page.page.goto(f"{busy}/hotspots?lang=en&method=compare&beside=1")
    found(page)

    def frames() -> list[Frame]:
        return [
            f
            for f in page.page.frames
            if "streamlit_folium" in f.url and f.evaluate("!!(window.watch && watch.source)")
        ]

    wait_for(page.page, lambda: len(frames()) == 2)
    first, second = frames()
    for of, other, zoom in ((first, second, 10), (second, first, 8)):
        of.evaluate(f"watch.map.setView([16.5, 104.7], {zoom}, {{animate: false}})")
        wait_for(page.page, lambda other=other, zoom=zoom: other.evaluate("watch.map.getZoom()") == zoom)
        at = other.evaluate("[watch.map.getCenter().lat, watch.map.getCenter().lng]")
        assert at == pytest.approx([16.5, 104.7], abs=0.02)
    assert page.faults == []


def test_a_simulation_shows_how_far_it_is_and_stops_when_told(page: Watched) -> None:
    choose(page, "ask", "Is it new")
    choose(page, "how", "Near repeats")
    press(page.page, "begin")
    page.page.locator(".st-key-cancel_work, .st-key-finding").first.wait_for()
    if page.page.locator(".st-key-cancel_work").count():
        press(page.page, "cancel_work")
        page.page.locator(".st-key-begin, .st-key-finding").first.wait_for()
    if page.page.locator(".st-key-begin").count():
        press(page.page, "begin")
    page.page.locator(".st-key-finding").wait_for()
    assert "expected" in page.page.locator(".st-key-finding").inner_text()
    assert page.faults == []


def test_every_question_fits_and_hostile_names_stay_letters(
    border_store: Engine, served: str, browser: Browser
) -> None:
    with border_store.begin() as connection:
        connection.execute(text(MANY))
        for table in ("crime_type", "area", "crossing"):
            connection.execute(text(f"update {table} set name_th = :name, name_en = :name"), {"name": HOSTILE})
    for size, lang, methods in (
        ("phone", "th", ("kde", "when", "compare")),
        ("laptop", "en", ("gi_districts", "dbscan", "rates")),
        ("projector", "th", ("places", "pai")),
    ):
        with opened(browser, size) as watched:
            for method in methods:
                watched.page.goto(f"{served}/hotspots?lang={lang}&method={method}")
                found(watched)
                wide = "e => e.scrollWidth <= e.clientWidth + 1"
                assert watched.page.locator("[data-testid=stMain]").evaluate(wide), (size, method)
                assert watched.page.locator("[data-testid=stException]").count() == 0
                assert not any(frame.evaluate("window.escaped") for frame in watched.page.frames), method
                assert len(watched.map_frame().evaluate("JSON.stringify(watch.state)")) < 100_000
            assert watched.faults == watched.strangers == watched.dialogs == []


def test_without_incidents_it_says_so_and_what_to_do(served: str, browser: Browser) -> None:
    with opened(browser) as watched:
        for method in ("kde", "emerging", "pai", "compare"):
            watched.page.goto(f"{served}/hotspots?lang=en&method={method}")
            watched.page.locator(".st-key-figures [data-testid=stAlert], .st-key-finding").first.wait_for()
            watched.page.get_by_text(t("map.empty_next", "en")[:40]).wait_for()
        assert watched.faults == []
