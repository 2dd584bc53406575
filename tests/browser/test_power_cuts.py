"""PostGIS is killed again and again while people report: nothing acknowledged is lost, and open pages come back by themselves."""

from __future__ import annotations

import re
import time
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page
from psycopg import sql
from sqlalchemy import Engine, text

from geo.actions.api_keys import make_key
from geo.credentials.keys import derived_key
from geo.db import local
from geo.db.engine import libpq_url
from tests.browser.conftest import opened, serving, signed_in
from tests.chaos import ROOMY, Sent, Writers, kill, wrong
from tests.conftest import THROWN_AWAY

pytestmark = pytest.mark.browser

SECRET = "a secret for the tests of power cuts alone"
KILLS = 4
BACK_WITHIN_S = 60.0
"""Beside other tests; how long it takes alone is measured by `tests/benchmarks/power_cuts.py`."""
TOTAL = {"inbox": ".st-key-group_all button", "map": '[data-testid="stMetricValue"]'}


def shown(page: Page, where: str) -> int:
    """How many cases a page says there are; -1 where it does not say."""
    places = page.locator(TOTAL[where])
    digits = re.sub(r"\D", "", places.first.inner_text()) if places.count() else ""
    return int(digits) if digits else -1


def until_shown(store: Engine, inbox: Page, live: Page, within_s: float) -> float:
    """Wait until both pages tell of more cases than there were when PostGIS came back; how long that took, in seconds."""
    back = time.monotonic()
    store.dispose()
    with store.connect() as connection:
        there = connection.execute(text("select count(*) from report")).scalar_one()
    missing = {"inbox": inbox, "map": live}
    while missing := {where: page for where, page in missing.items() if shown(page, where) <= there}:
        assert time.monotonic() - back < within_s, {
            where: page.inner_text("body")[:500] for where, page in missing.items()
        }
        inbox.wait_for_timeout(100)
    return time.monotonic() - back


def test_no_acknowledged_report_is_lost_and_open_pages_come_back(
    border_store: Engine, var_dir: Path, cluster_folder: Path, browser: Browser
) -> None:
    name = border_store.url.database
    with psycopg.connect(libpq_url(border_store.url), autocommit=True) as connection:
        # The tests' cluster answers before anything is written; here an answer has to mean something.
        connection.execute(sql.SQL("alter database {} set synchronous_commit = on").format(sql.Identifier(name or "")))
    signed_in(border_store, districts=("4301",))
    with border_store.begin() as connection:
        key = make_key(connection, derived_key(SECRET, "api-key"), "LINE bot")[1]
    border_store.dispose()
    with (
        serving(libpq_url(border_store.url), var_dir, WATCH_SECRET_KEY=SECRET, **ROOMY) as address,
        opened(browser) as inbox,
        opened(browser) as live,
    ):
        inbox.page.goto(f"{address}/inbox")
        live.page.goto(address)
        live.map_frame()
        inbox.page.locator(TOTAL["inbox"]).wait_for()
        writers = Writers(address, key)
        writers.start()
        try:
            for _ in range(KILLS):
                inbox.page.wait_for_timeout(1500)
                kill(cluster_folder)
                inbox.page.wait_for_timeout(500)
                local.ensure_running(cluster_folder, THROWN_AWAY)
                until_shown(border_store, inbox.page, live.page, BACK_WITHIN_S)
        finally:
            sent = writers.stop()
        assert writers.odd == []
        assert len(sent) > 20 * KILLS
        assert [one for one in sent if one.tries > 1], "nobody was writing while it was away"
        assert wrong(border_store, sent, SECRET) == []
        never = Sent(uuid4(), "form", 0, False, code="0" * 16)
        assert wrong(border_store, [*sent, never], SECRET), "a loss would not be seen"
        live.map_frame()
        for watched in (inbox, live):
            assert (watched.dialogs, watched.strangers) == ([], [])
