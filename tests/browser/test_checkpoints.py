"""Coverage as it stands in a real browser, in Thai: in a straight line, along roads once they are loaded, and on a telephone."""

from __future__ import annotations

import re
from contextlib import suppress

import numpy as np
import pytest
import shapely
from playwright.sync_api import TimeoutError, expect
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.ingest.road_file import RoadLines
from geo.ingest.roads import load_roads
from geo.model.person import Role
from tests.browser.conftest import Enter, Watched, drawn, wait_for

pytestmark = pytest.mark.browser

STORE = """
insert into incident (crime_type, occurred_at, status, channel, geom)
select 'contraband', now() - interval '2 days', 'verified', 'online', st_point(102.70 + n * 0.02, 17.80, 4326)
from generate_series(0, 2) n;
insert into checkpoint (code, name, kind, status, district_code, geom)
values ('A', 'ก', 'checkpoint', 'active', '4301', st_point(102.70, 17.80, 4326))
"""
ROUND = "linestring (102.70 17.80, 102.70 17.75, 102.72 17.75, 102.72 17.80)"
"""12.9 km to what is 2 km away; what is 4 km away lies 2.1 km from any road."""


def choose(watched: Watched, key: str, words: str) -> None:
    """Take an entry of a list, which closes again where the page still moved when it was opened."""
    field = watched.page.locator(f".st-key-{key} [data-testid=stSelectbox] input")
    entry = watched.page.get_by_role("option", name=words)

    def taken() -> bool:
        drawn(watched.page)
        field.click()
        with suppress(TimeoutError):
            entry.click(timeout=2000)
            return True
        return False

    wait_for(watched.page, taken)
    drawn(watched.page)


def headline(watched: Watched, share: str, reach: str) -> None:
    words = t("coverage.headline", "th", share=0.5, reach=reach).replace("50%", share)
    watched.page.get_by_role("heading", name=re.compile(re.escape(words))).wait_for()


def test_coverage_in_a_straight_line_and_by_road(enter: Enter, border_store: Engine) -> None:
    with border_store.begin() as connection:
        for statement in STORE.split(";"):
            connection.execute(text(statement))
    planner = enter("planner", Role.PLANNER, "/checkpoints?lang=th")
    page = planner.page
    headline(planner, "100%", t("plans.km", "th", n="10"))
    page.locator("summary", has_text=t("coverage.ask", "th")).click()
    page.get_by_text(t("plans.asked.no_roads", "th")).wait_for()
    assert page.locator(".st-key-coverage-mode").count() == 0, "without roads there is nothing to choose"

    line = np.array([shapely.from_wkt(ROUND)], dtype=object)
    kind, way, speed = np.array(["secondary"], dtype=object), np.zeros(1, np.int8), np.full(1, 60.0)
    load_roads(border_store, RoadLines("r.gpkg", "0" * 64, line, kind, way, speed, 1, 0, 0), "OSM", "ODbL 1.0", str)

    phone = enter("planner", Role.PLANNER, "/checkpoints?lang=th", "phone")
    page = phone.page
    headline(phone, "100%", t("plans.km", "th", n="10"))
    page.locator("summary", has_text=t("coverage.ask", "th")).click()
    choose(phone, "coverage-mode", t("plans.asked.modes.road", "th"))
    headline(phone, "33%", t("plans.reach.road", "th", n="10"))
    page.get_by_text("ODbL 1.0").first.wait_for()
    choose(phone, "coverage-mode", t("plans.asked.modes.minutes", "th"))
    headline(phone, "67%", t("plans.reach.minutes", "th", n="15"))
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= seen
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    for watched in (planner, phone):
        assert watched.faults == watched.strangers == watched.dialogs == []
