"""The page of patrols in a real browser: a route is drawn from a file, runs planned and moved, a track finds its run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from dashboard.i18n import t
from geo.db.engine import libpq_url
from tests.browser.conftest import ROOT, Watched, drawn, opened, press, serving, signed_in, wait_for
from tests.conftest import _copy

pytestmark = pytest.mark.browser

LINE = [(102.700, 17.867), (102.7292, 17.8765), (102.7556, 17.8855), (102.765, 17.897)]
HOSTILE = "ริมโขง {{7*7}} <img src=x onerror='window.escaped=1'> ![x](http://beacon.test/x)"


@dataclass
class Served:
    """Where the page is, and its store."""

    address: str
    store: Engine

    def one(self, statement: str, **values: Any) -> Any:
        with self.store.connect() as connection:
            return connection.execute(text(statement), values).scalar()


@pytest.fixture(scope="module")
def patrols(cluster: URL, border_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for both tests, on a store with the border and no patrol, whose chief is signed in."""
    folder = tmp_path_factory.mktemp("patrols")
    if (ROOT / "var" / "boundaries").is_dir():
        (folder / "boundaries").symlink_to(ROOT / "var" / "boundaries")
    for store in _copy(cluster, border_template):
        signed_in(store)
        with serving(libpq_url(store.url), folder) as address:
            yield Served(address, store)


def part(watched: Watched, code: str) -> None:
    drawn(watched.page)
    watched.page.locator(".st-key-patrol_part button", has_text=t(f"patrols.part.{code}", "en")).first.click()
    watched.page.locator(f".st-key-patrol_{code}").wait_for()
    drawn(watched.page)


def choose_row(watched: Watched, table: str, n: int, came: Any) -> None:
    """A table is a picture that takes clicks by what lies over it, and takes none until it has drawn itself."""
    grid = watched.page.locator(f".st-key-{table} canvas").first
    for _ in range(12):
        drawn(watched.page)
        grid.click(position={"x": 18, "y": 38 + 35 * n + 17}, force=True)
        for _ in range(30):
            if came():
                return
            watched.page.wait_for_timeout(100)
    raise AssertionError(watched.page.inner_text("body")[:1500])


def ways(watched: Watched) -> int:
    analysis = watched.map_frame().evaluate("JSON.stringify(watch.state.analysis || null)")
    return len((json.loads(analysis) or {}).get("ways", []))


def test_from_a_file_of_a_route_to_a_run_that_came_back_with_its_track(
    patrols: Served, browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, locale="en-US") as watched:
        page = watched.page
        page.goto(f"{patrols.address}/patrols?lang=en&part=routes")
        page.get_by_text(t("patrols.no_routes", "en")).first.wait_for(timeout=60_000)
        press(page, "patrol_new_route")
        route = tmp_path / "route.geojson"
        feature = {
            "type": "Feature",
            "properties": {"name": HOSTILE},
            "geometry": {"type": "LineString", "coordinates": LINE},
        }
        route.write_text(json.dumps(feature))
        page.locator(".st-key-patrol_card_route input[type=file]").set_input_files(route)
        page.get_by_text("7.9 km long").wait_for()
        wait_for(page, lambda: ways(watched) == 1)
        press(page, "patrol_route_go")
        page.get_by_text(t("patrols.route_kept", "en", code="RT-0001")).wait_for()
        assert patrols.one("select district_code from patrol_route") == "4301"

        press(page, "patrol_plan_this")
        page.locator(".st-key-patrol_card_plan").wait_for()
        press(page, "patrol_plan_go")
        page.get_by_text(t("patrols.form.kept", "en", n=1)).wait_for()
        press(page, "patrol_step_ready")
        wait_for(page, lambda: patrols.one("select status from patrol") == "ready")
        code = patrols.one("select code from patrol")
        with page.expect_download() as taken:
            page.locator(".st-key-patrol_paper_gpx a").click()
        assert "<trkpt" in Path(taken.value.path()).read_text(encoding="utf-8")

        start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
        with patrols.store.begin() as connection:
            connection.execute(text("update patrol set scheduled_start = :at, scheduled_end = null"), {"at": start})
        fixes = "".join(
            f'<trkpt lat="{lat}" lon="{lon}"><time>{start + timedelta(minutes=25 * n):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>'
            for n, (lon, lat) in enumerate(LINE)
        )
        track = tmp_path / "track.gpx"
        track.write_text(f'<gpx version="1.1"><trk><name>team 1</name><trkseg>{fixes}</trkseg></trk></gpx>')
        press(page, "patrol_close")
        press(page, "patrol_track")
        page.locator(".st-key-patrol_card_track input[type=file]").set_input_files(track)
        press(page, "patrol_track_go")
        page.get_by_text(f"Matches the planned run {code}").wait_for()
        assert patrols.one("select status from patrol") == "done"
        press(page, "patrol_open_")
        page.get_by_text(t("patrols.fact.share", "en")).wait_for()
        card = page.locator(".st-key-patrol_card").inner_text()
        assert "100%" in card
        assert "{{7*7}}" in card

        part(watched, "gaps")
        wait_for(page, lambda: ways(watched) > 60)
        part(watched, "work")
        page.get_by_text(t("patrols.by_agency", "en")).wait_for()
        assert not page.evaluate("!!window.escaped")
        assert watched.strangers == []
        assert [fault for fault in watched.faults if "404" not in fault] == []


def test_every_part_fits_on_a_telephone(patrols: Served, browser: Browser) -> None:
    lang = "th"
    with opened(browser, "phone") as watched:
        page = watched.page
        page.goto(f"{patrols.address}/patrols?lang={lang}")
        for code in ("runs", "gaps", "work", "routes"):
            page.locator(".st-key-patrol_part button", has_text=t(f"patrols.part.{code}", lang)).first.click(
                timeout=60_000
            )
            page.locator(f".st-key-patrol_{code}").wait_for()
            drawn(page)
            wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert wide <= seen, code
            assert page.locator(".patrol-figure").count() == 5
        assert page.locator('[data-testid="stException"]').count() == 0
        assert watched.strangers == []
