"""What a person waits for: from the click on a filter to the map and the figures drawn, in a real Chromium."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Frame, Page, ViewportSize, sync_playwright

from tests.benchmarks.serving import Server

__all__ = ["Changes", "chromium", "measure"]

VIEW: ViewportSize = {"width": 1366, "height": 768}
STEP_LIMIT_MS = 30_000
QUIET_MS = 400
"""The page is at rest when nothing has changed in it for this long; that time is not counted."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

PILLS = {"type": "filter_type", "period": "filter_period", "channel": "filter_channel", "near": "filter_near"}
WATCH_CLICKS = """
window.bench = {clicked: 0, changed: 0};
document.addEventListener('click', () => { window.bench.clicked = performance.timeOrigin + performance.now(); }, true);
new MutationObserver(() => { window.bench.changed = performance.timeOrigin + performance.now(); }).observe(
    document.querySelector('[data-testid="stMain"]'), {subtree: true, childList: true, characterData: true, attributes: true});
"""
DRAWN = """() => {
  const all = performance.getEntriesByName('watch:drawn');
  return all.length ? performance.timeOrigin + all[all.length - 1].startTime : 0;
}"""


@dataclass
class Changes:
    """What was seen; milliseconds and bytes, one of each a change.

    Attributes
    ----------
    map_ms
        From the click to the map drawn.
    page_ms
        From the click to the last change in the page (figures, charts, tables), or the map where that was later.
    message_bytes
        What came over the page's websocket.
    map_share
        Part of the window below the top bar that is map.
    """

    names: list[str] = field(default_factory=list)
    map_ms: list[float] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)
    message_bytes: list[int] = field(default_factory=list)
    map_share: float = 0.0
    first_ms: float = 0.0


@contextmanager
def chromium() -> Iterator[Browser]:
    """A real browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class _Line:
    """Counts what comes over the page's websocket."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes, self.pages = 0, set[str]()
        session.send("Network.enable")
        session.on("Network.webSocketCreated", self._created)
        session.on("Network.webSocketFrameReceived", self._received)

    def _created(self, event: dict[str, Any]) -> None:
        if "_stcore/stream" in event["url"]:
            self.pages.add(event["requestId"])

    def _received(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.pages:
            answer = event["response"]
            data = answer["payloadData"]
            self.bytes += len(base64.b64decode(data)) if answer["opcode"] == 2 else len(data.encode())


def _frame(page: Page) -> Frame:
    """The map's frame, once the first picture is drawn."""
    page.wait_for_selector(".st-key-map iframe", timeout=STEP_LIMIT_MS)
    for _ in range(STEP_LIMIT_MS // 50):
        frame = next((f for f in page.frames if "streamlit_folium" in f.url), None)
        if frame and frame.evaluate(
            "!!(window.watch && window.watch.idle && performance.getEntriesByName('watch:drawn').length)"
        ):
            return frame
        page.wait_for_timeout(50)
    raise RuntimeError("the map did not draw")


def _at_rest(page: Page) -> None:
    page.wait_for_function(
        f"""() => document.querySelector('[data-testid="stApp"]').dataset.testScriptState === 'notRunning'
        && performance.timeOrigin + performance.now() - window.bench.changed > {QUIET_MS}""",
        timeout=STEP_LIMIT_MS,
    )


def measure(browser: Browser, server: Server, steps: int) -> Changes:
    """Click ``steps`` pills of the sidebar one after the other, half of them far out, half at the fullest place."""
    told = Changes()
    page = browser.new_page(viewport=VIEW, locale="th-TH", timezone_id="Asia/Bangkok")
    line = _Line(page.context.new_cdp_session(page))
    name, _, value = server.session.partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page.goto(server.url)
    frame = _frame(page)
    told.first_ms = page.evaluate("t => t - performance.timeOrigin", frame.evaluate(DRAWN))
    told.map_share = page.evaluate(
        """() => {
        const map = document.querySelector('.st-key-map iframe').getBoundingClientRect();
        const bar = document.querySelector('[data-testid="stHeader"]');
        const top = bar ? bar.getBoundingClientRect().height : 0;
        return map.width * Math.max(0, Math.min(map.bottom, innerHeight) - map.top) / (innerWidth * (innerHeight - top));
        }"""
    )
    page.click('[data-testid="stExpandSidebarButton"]')
    page.wait_for_selector(".st-key-filter_type button")
    page.evaluate(WATCH_CLICKS)
    page.wait_for_timeout(1500)
    clicks = [("type", 0), ("period", 3), ("type", 1), ("period", 4), ("channel", 1), ("type", 0), ("period", 2), ("near", 0),
              ("channel", 1), ("near", 0)]  # fmt: skip
    for step in range(steps):
        if step == steps // 2:
            frame.evaluate("watch.map.setView([15.2, 104.8], 10, {animate: false}), watch.whenIdle()")
            page.wait_for_timeout(1000)
        kind, number = clicks[step % len(clicks)]
        drawn, line.bytes = frame.evaluate(DRAWN), 0
        page.locator(f".st-key-{PILLS[kind]} button").nth(number).click()
        page.wait_for_function("() => window.bench.clicked > 0")
        frame.wait_for_function(f"() => window.watch.idle && ({DRAWN})() > {drawn}", timeout=STEP_LIMIT_MS)
        _at_rest(page)
        at = page.evaluate("window.bench")
        map_at = frame.evaluate(DRAWN)
        told.names.append(f"{kind} {number}")
        told.map_ms.append(map_at - at["clicked"])
        told.page_ms.append(max(map_at, at["changed"]) - at["clicked"])
        told.message_bytes.append(line.bytes)
    page.close()
    return told
