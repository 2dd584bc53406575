"""The peers, on the same data in the same run: the map written the usual way, and tipg serving the same table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Error, Frame, Page, Route

from dashboard.settings import DashboardSettings
from dashboard.web.query import encode
from dashboard.web.token import make_token
from dashboard.web.visitors import session_name
from geo.db.engine import libpq_url
from geo.model import IncidentFilter, Reach, Scope
from tests.benchmarks.browser import QUIET_MS, STEP_LIMIT_MS, VIEW
from tests.benchmarks.data import FOLDER, ROOT, Loaded
from tests.benchmarks.serving import Server, free_port, ready

__all__ = ["TIPG", "Served", "Usual", "our_tile", "tipg", "tipg_tile", "usual"]

HERE = Path(__file__).parent
TIPG = "1.6.1"
CLUSTER = "1.5.3"
Tile = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual way at one size; seconds, or nothing where it did not come within the limit.

    Attributes
    ----------
    html_s, html_bytes
        To make the map's HTML, and its length.
    first_s, change_s
        From opening the page, and from the click on another filter, to all points drawn.
    """

    kind: str
    count: int
    html_s: float | None
    html_bytes: int | None
    first_s: float | None
    change_s: float | None
    stopped: str = ""


def _local(route: Route) -> None:
    """Answer for the CDNs from npm packages; what only decorates is left empty."""
    url = route.request.url
    found = {
        "leaflet.js": ROOT / "node_modules/leaflet/dist/leaflet.js",
        "leaflet.css": ROOT / "node_modules/leaflet/dist/leaflet.css",
        "leaflet.markercluster.js": FOLDER / "npm/node_modules/leaflet.markercluster/dist/leaflet.markercluster.js",
        "MarkerCluster.css": FOLDER / "npm/node_modules/leaflet.markercluster/dist/MarkerCluster.css",
        "MarkerCluster.Default.css": FOLDER / "npm/node_modules/leaflet.markercluster/dist/MarkerCluster.Default.css",
    }.get(url.split("?")[0].rsplit("/", 1)[-1])
    if url.startswith("http://127.0.0.1"):
        route.continue_()
    elif found:
        route.fulfill(path=found)
    else:
        route.fulfill(status=200, body="", content_type="text/css" if url.endswith(".css") else "text/javascript")


def _get_cluster_plugin() -> None:
    folder = FOLDER / "npm"
    if not (folder / "node_modules" / "leaflet.markercluster").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')  # else npm takes the project's own
        subprocess.run(
            ["npm", "install", "--silent", "--no-fund", "--no-audit", f"leaflet.markercluster@{CLUSTER}"],
            cwd=folder,
            check=True,
        )


COUNT = """turn => {
  const map = window.map_div || window.map;
  if (!map || !map.options || Math.abs(map.options.center[0] - 16 - turn / 1000) > 1e-6) return -1;
  let n = 0;
  map.eachLayer(l => { if (l._topClusterLevel) n += l.getLayers().length; else if (l.getLatLng && l.feature) n += 1; });
  return n;
}"""


def _drawn(page: Page, turn: int, count: int, end: float) -> bool:
    while time.monotonic() < end:
        for frame in page.frames:
            if "streamlit_folium" in frame.url and _counted(frame, turn) >= count:
                frame.evaluate("new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))")
                return True
        page.wait_for_timeout(25)
    return False


def _counted(frame: Frame, turn: int) -> int:
    try:
        return int(frame.evaluate(COUNT, turn))
    except Error:  # the frame was made anew meanwhile
        return -1


def usual(browser: Browser, loaded: Loaded, kind: str, count: int, limit_s: float) -> Usual:
    """Make the map the usual way, show it, change its filter; nothing takes longer than ``limit_s`` seconds."""
    _get_cluster_plugin()
    environment = os.environ | {"BENCH_URL": loaded.url, "BENCH_KIND": kind, "BENCH_COUNT": str(count)}
    script = str(HERE / "usual_way.py")
    try:
        said = subprocess.run(
            [sys.executable, script], env=environment, capture_output=True, text=True, timeout=limit_s, check=True
        )
    except subprocess.TimeoutExpired:
        return Usual(kind, count, None, None, None, None, f"no HTML within {limit_s:.0f} s")
    except subprocess.CalledProcessError as error:
        return Usual(kind, count, None, None, None, None, f"ended with code {error.returncode}")
    html = json.loads(said.stdout.splitlines()[-1])
    port, log = free_port(), FOLDER / "usual.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", "--server.address=127.0.0.1",
             "--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none",
             "--server.maxMessageSize=2000"],
            env=environment, stdout=out, stderr=out, cwd=FOLDER,
        )  # fmt: skip
    try:
        ready(f"http://127.0.0.1:{port}/_stcore/health", process, log)
        page = browser.new_page(viewport=VIEW)
        page.route("**/*", _local)
        page.set_default_timeout(STEP_LIMIT_MS)
        start = time.monotonic()
        page.goto(f"http://127.0.0.1:{port}")
        if not _drawn(page, 0, count, start + limit_s):
            return Usual(kind, count, html["seconds"], html["bytes"], None, None, f"not drawn within {limit_s:.0f} s")
        first = time.monotonic() - start
        page.wait_for_timeout(QUIET_MS)
        start = time.monotonic()
        page.get_by_role("button", name="change").click()
        change = time.monotonic() - start if _drawn(page, 1, count, start + limit_s) else None
        page.close()
        stopped = "" if change else f"change not drawn within {limit_s:.0f} s"
        return Usual(kind, count, html["seconds"], html["bytes"], first, change, stopped)
    except Error as error:
        return Usual(kind, count, html["seconds"], html["bytes"], None, None, error.message.splitlines()[0])
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Served:
    """One tile as it came over HTTP: milliseconds, bytes, or the status of the refusal."""

    ms: float
    bytes: int
    status: int = 200


def _get(url: str, timeout: float = 120) -> Served:
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            body = answer.read()
            return Served((time.perf_counter() - start) * 1000, len(body), answer.status)
    except urllib.error.HTTPError as error:
        return Served((time.perf_counter() - start) * 1000, 0, error.code)
    except TimeoutError:
        return Served((time.perf_counter() - start) * 1000, 0, 0)


def our_tile(server: Server, chosen: IncidentFilter, tile: Tile, turn: int) -> Served:
    """A tile of ours that the server has not kept: each turn asks for a period a day longer."""
    key = DashboardSettings(var_dir=FOLDER).signing_key()
    token, _ = make_token(key, session_name(server.session.partition("=")[2]), Scope(None, Reach.WIDE), 60)
    longer = encode(IncidentFilter(chosen.first - timedelta(days=turn), chosen.last))
    return _get(f"{server.url}/tiles/incidents/{tile[0]}/{tile[1]}/{tile[2]}?{longer}&token={quote(token)}")


@contextmanager
def tipg(loaded: Loaded, most: int | None) -> Iterator[str]:
    """Address of tipg serving this database, in its own virtual environment.

    Parameters
    ----------
    most
        Features a tile; nothing: tipg's own limit of 10,000.
    """
    place = FOLDER / "tipg-venv"
    python = place / "bin" / "python"
    if not (place / "bin" / "uvicorn").exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", f"tipg=={TIPG}", "uvicorn"], check=True)
    url = loaded.engine().url
    socket = url.query["host"]
    dsn = libpq_url(url.set(query={}, host="socket", username="postgres")).replace(
        "@socket", f"@{quote(str(socket), safe='')}"
    )
    environment = os.environ | {
        "DATABASE_URL": dsn,
        "TIPG_DB_TABLES": '["public.incident"]',
        "TIPG_CATALOG_TTL": "100000",
    }
    if most:
        environment["TIPG_MAX_FEATURES_PER_TILE"] = str(most)
    port, log = free_port(), FOLDER / "tipg.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(python), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"],
            env=environment, stdout=out, stderr=out, cwd=FOLDER,
        )  # fmt: skip
    try:
        ready(f"http://127.0.0.1:{port}/healthz", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def tipg_tile(url: str, tile: Tile, limit: int | None, last: date | None = None) -> Served:
    """The same tile from tipg."""
    more = f"?limit={limit}" if limit else ""
    return _get(f"{url}/collections/public.incident/tiles/WebMercatorQuad/{tile[0]}/{tile[1]}/{tile[2]}{more}")
