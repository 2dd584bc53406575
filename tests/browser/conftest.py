"""The application as people meet it: a process of its own, a real PostGIS, a real browser, every other host refused."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Playwright, Request, expect, sync_playwright
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from dashboard.web.visitors import PLAIN
from geo.actions.people import create_person
from geo.actions.sign_in import token_hash
from geo.db.engine import libpq_url
from geo.model.person import DISTRICT_ROLES, Role
from tests.conftest import _copy

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
PATIENCE_MS = 90_000.0
"""So long is waited for what should be there at once: a machine of many tests is slow."""
expect.set_options(timeout=PATIENCE_MS)
SIZES = {"phone": (390, 844), "laptop": (1366, 768), "projector": (1920, 1080)}


@dataclass
class Watched:
    """A page, what the browser complained of, and what it asked other hosts for."""

    page: Page
    faults: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    """What came over its websockets."""

    def map_frame(self) -> Frame:
        """The map's frame, once its script has drawn all that it was asked for."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            for frame in self.page.frames:
                if "streamlit_folium" in frame.url and frame.evaluate("!!(window.watch && watch.source && watch.idle)"):
                    return frame
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no map within 90 s: {self.page.inner_text('body')[:2000]} {self.faults[:5]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(url: str, var_dir: Path, **settings: str) -> Iterator[str]:
    """``python -m dashboard run`` on a database, as an address; stopped at the end."""
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WATCH_")} | {
        "WATCH_DB_URL": url, "WATCH_VAR_DIR": str(var_dir), "WATCH_PORT": str(port), "WATCH_DEMO_INCIDENTS": "0",
    } | settings  # fmt: skip
    log = (var_dir / f"server-{port}.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "run"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                with urlopen(f"{address}/health", timeout=2):
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise AssertionError(f"the server did not start: {log.read()[-3000:]}") from None
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(15)
        log.close()


TOKEN = "a-session-that-every-test-of-pages-shares-012"[:43]
"""Cookie of `signed_in`: one for all tests, as cookies know no ports."""


def signed_in(store: Engine, role: Role = Role.CHIEF, **more: Any) -> None:
    """Somebody with a session under `TOKEN`; a chief of every district unless said otherwise, who sees all of it exactly."""
    with store.begin() as connection:
        if role in DISTRICT_ROLES and "districts" not in more:
            codes = connection.execute(
                text("select code from area where level = 'district' and country = 'TH'")
            ).scalars()
            more["districts"] = tuple(codes)
        login = f"{role}.test"
        known = connection.execute(text("select id from person where login = :login"), {"login": login}).scalar()
        if known is None:
            known = create_person(connection, login, "ผู้ทดสอบ", role, **more).id
        connection.execute(text("delete from sign_in where token_hash = :hash"), {"hash": token_hash(TOKEN)})
        connection.execute(
            text("insert into sign_in (token_hash, person_id, ends_at) values (:hash, :id, now() + interval '1 day')"),
            {"hash": token_hash(TOKEN), "id": known},
        )


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    """A folder for the server's files, with the boundary wheels where they are."""
    made = ROOT / "var" / "boundaries"
    if made.is_dir():
        shutil.copytree(made, tmp_path / "boundaries", copy_function=os.link)
    return tmp_path


@pytest.fixture(scope="module")
def shared_store(cluster: URL, border_template: str) -> Iterator[Engine]:
    """One database with the real boundaries for those tests of a module that only look."""
    yield from _copy(cluster, border_template)


@pytest.fixture(scope="module")
def shared(shared_store: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the application on the `shared_store`, whose chief is signed in."""
    signed_in(shared_store)
    with serving(libpq_url(shared_store.url), tmp_path_factory.mktemp("shared")) as address:
        yield address


@pytest.fixture
def served(border_store: Engine, var_dir: Path) -> Iterator[str]:
    """Address of the application on the `border_store` of the same test, whose chief is signed in."""
    signed_in(border_store)
    with serving(libpq_url(border_store.url), var_dir) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One Playwright a session."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The distribution's Chromium, else the one that Playwright fetched; headless."""
    path = next((p for name in ("chromium", "google-chrome") if (p := shutil.which(name))), None)
    chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield chromium
    chromium.close()


def _sought(message: ConsoleMessage) -> bool:
    """Streamlit looks for its server under the page's own address first."""
    return message.location.get("url", "").endswith(("/_stcore/health", "/_stcore/host-config"))


def _bytes(said: str | bytes) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


@contextmanager
def opened(browser: Browser, size: str = "laptop", locale: str = "th-TH", dark: bool = False) -> Iterator[Watched]:
    """A page that may ask no host but this machine, and notes what goes wrong."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=locale, timezone_id="Asia/Bangkok",
        color_scheme="dark" if dark else "light",
    )  # fmt: skip
    context.add_cookies([{"name": PLAIN, "value": TOKEN, "domain": "127.0.0.1", "path": "/"}])
    context.set_default_timeout(PATIENCE_MS)
    watched = Watched(context.new_page())

    def note(asked: Request) -> None:
        if not asked.url.startswith(("data:", "blob:")) and urlsplit(asked.url).hostname != "127.0.0.1":
            watched.strangers.append(asked.url)

    page = watched.page
    page.on("request", note)  # the browser itself finds no other host: to ask here would take its cache away
    page.on("console", lambda m: watched.faults.append(m.text) if m.type == "error" and not _sought(m) else None)
    page.on("pageerror", lambda e: watched.faults.append(str(e)))
    page.on("websocket", lambda line: line.on("framereceived", lambda said: watched.heard.append(_bytes(said))))
    page.on("dialog", lambda d: (watched.dialogs.append(d.message), d.dismiss()))
    try:
        yield watched
    finally:
        context.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A laptop's page in Thai."""
    with opened(browser) as page:
        yield page


Enter = Callable[..., Watched]


@pytest.fixture
def enter(border_store: Engine, served: str, browser: Browser) -> Iterator[Enter]:
    """Opens a page on which somebody of one's own is signed in; of the same login as many as are asked for."""
    with ExitStack() as stack:

        def somebody(login: str, role: Role, path: str = "/", size: str = "laptop", **more: object) -> Watched:
            token = f"a-session-of-{login}-in-a-test-of-the-office-{'x' * 43}"[:43]
            with border_store.begin() as connection:
                known = connection.execute(text("select id from person where login = :l"), {"l": login}).scalar()
                if known is None:
                    known = create_person(connection, login, f"คุณ {login}", role, **more).id  # type: ignore[arg-type]
                connection.execute(
                    text(
                        "insert into sign_in (token_hash, person_id, ends_at) values (:h, :p, now() + interval '1 day')"
                        " on conflict do nothing"
                    ),
                    {"h": token_hash(token), "p": known},
                )
            watched = stack.enter_context(opened(browser, size))
            context = watched.page.context
            context.clear_cookies()
            context.add_cookies([{"name": PLAIN, "value": token, "domain": "127.0.0.1", "path": "/"}])
            watched.page.goto(f"{served}{path}")
            return watched

        yield somebody


def drawn(page: Page) -> None:
    """Wait until the page is drawn to its end: what is above a button may still push it away, and it acts on what was drawn."""
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")


def press(page: Page, key: str) -> None:
    """Press a button of Streamlit's, by its key or a beginning of it that ends with ``_``, once it stands still.

    A page that has only been loaded has not begun to be drawn: it is at its end when the button is there and nothing runs.
    """
    drawn(page)
    place = f"[class*=st-key-{key}]" if key.endswith("_") else f".st-key-{key}"
    button = page.locator(f"{place} button").first
    button.wait_for()
    drawn(page)
    button.click()


def wait_for(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds: a minute, as a machine of many tests is slow, and none where it holds already."""
    for _ in range(600):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.inner_text("body")[:1500])
