"""Fifty reports a second for a minute from partners' systems, and the same with PostGIS killed in the middle.

Run by hand: ``python tests/benchmarks/intake_load.py [--rate 50] [--seconds 60]``. It makes a private cluster of its own in
a temporary folder, with the settings of ``make run``, starts the application on it as ``make run`` does, opens the live map
of a commander in Chromium, and prints a table. A report is acknowledged by 200 or 201; it is lost where the database does not have it at the end. A sender whom
nobody answers sends the same report again after a second, as the description says.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import psutil  # type: ignore[import-untyped]  # noqa: E402
import psycopg  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from sqlalchemy import make_url  # noqa: E402

from geo.db import local  # noqa: E402
from geo.db.cluster_folder import ClusterFolder  # noqa: E402
from geo.db.cluster_process import postmaster  # noqa: E402
from geo.db.engine import make_engine  # noqa: E402
from geo.db.packages import find_installation  # noqa: E402
from geo.model.person import Role  # noqa: E402
from tests.benchmarks.serving import free_port, ready  # noqa: E402
from tests.browser.conftest import FLAGS, opened, signed_in  # noqa: E402

AGAIN_S, GIVE_UP_S, DOWN_S = 1.0, 90.0, 3.0
WITH_PHOTO = 0.1


@dataclass
class Measured:
    """One run; times in seconds from when a report was due to be sent to its acknowledgement."""

    name: str
    took: list[float] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    sent: int = 0
    again: int = 0
    never: int = 0
    kept: int = 0
    lost: int = 0
    twice: int = 0
    down_s: float = 0.0
    processor_s: float = 0.0
    postgis_s: float = 0.0
    load: float = 0.0
    map_late_s: float = 0.0


class Lines:
    """Connections that are kept open from one report to the next."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.head = port, f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, body: bytes) -> tuple[int, dict[str, object]]:
        """Hand in a report: status and answer."""
        while self.free and self.free[-1][0].at_eof():  # the server hangs up on those that were idle
            self.free.pop()[1].close()
        reader, writer = self.free.pop() if self.free else await asyncio.open_connection("127.0.0.1", self.port)
        try:
            async with asyncio.timeout(30):
                head = f"POST /api/reports HTTP/1.1\r\n{self.head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = next(line for line in said.split("\r\n") if line.startswith("content-length:"))
                answer = await reader.readexactly(int(length.split(":")[1]))
        except BaseException:
            writer.close()
            raise
        self.free.append((reader, writer))
        return int(said.split(" ")[1]), json.loads(answer)


def photo() -> str:
    """A picture of some 60 KB, as a telephone makes it smaller before it sends."""
    out = io.BytesIO()
    Image.effect_noise((480, 360), 60).convert("RGB").save(out, "JPEG", quality=80)
    return base64.b64encode(out.getvalue()).decode()


async def one(lines: Lines, told: Measured, due: float, body: bytes) -> None:
    """Send one report until it is acknowledged."""
    while time.monotonic() < due + GIVE_UP_S:
        try:
            status, answer = await lines.post(body)
        except (OSError, EOFError, TimeoutError):
            status, answer = 0, {}
        if status in (200, 201):
            told.took.append(time.monotonic() - due)
            told.acknowledged.add(str(answer["report"]))
            return
        if status not in (0, 429, 503):
            raise SystemExit(f"{status}: {answer}")
        told.again += 1
        await asyncio.sleep(AGAIN_S)
    told.never += 1


async def load(told: Measured, port: int, key: str, rate: int, seconds: int, kill: bool, folder: Path) -> None:
    """Send reports at their times, whether earlier ones were answered or not."""
    lines, picture, draw = Lines(port, key), photo(), random.Random(1)
    start, tasks, killing = time.monotonic() + 0.5, [], None
    for number in range(rate * seconds):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if kill and killing is None and number > rate * seconds / 2:
            killing = asyncio.create_task(asyncio.to_thread(kill_and_start, folder))
        report: dict[str, object] = {
            "client_id": str(uuid4()), "crime_type": "contraband", "description": f"รายงานทดสอบ {number}",
            "place": {"lat": draw.uniform(17.7, 18.0), "lon": draw.uniform(102.5, 103.0)}, "occurred": {"when": "now"},
        }  # fmt: skip
        if draw.random() < WITH_PHOTO:
            report["photos"] = [picture]
        told.sent += 1
        tasks.append(asyncio.create_task(one(lines, told, due, json.dumps(report).encode())))
    await asyncio.gather(*tasks)
    if killing:
        told.down_s = await killing
    for _, writer in lines.free:
        writer.close()


def kill_and_start(folder: Path) -> float:
    """End PostGIS as a power cut does, and start it again a little later; seconds until it answers."""
    begun = time.monotonic()
    cluster = ClusterFolder.of(folder)
    major = int((cluster.data / "PG_VERSION").read_text())
    stopped = cluster.run(
        [find_installation(major).program("pg_ctl"), "-D", str(cluster.data), "-m", "immediate", "stop"]
    )
    if stopped.returncode:
        raise SystemExit(stopped.stderr)
    time.sleep(DOWN_S)
    local.ensure_running(folder)
    return time.monotonic() - begun


def count(told: Measured, url: str) -> None:
    """Compare what was acknowledged with what is there."""
    with psycopg.connect(url) as connection:
        there = [row[0] for row in connection.execute("select public_id from report")]
        pairs = connection.execute(
            "select count(*) from report r join incident i on i.id = r.incident_id join case_event e on e.incident_id = i.id"
        ).fetchone()
        connection.execute("truncate incident, report cascade")
    told.kept, told.lost = len(there), len(told.acknowledged - set(there))
    told.twice = len(there) - told.sent + told.never
    if pairs is None or pairs[0] != len(there):
        raise SystemExit(f"{len(there)} reports, but {pairs} with a case and its history")


def until_drawn(page: Page, url: str, last: float) -> float:
    """Seconds from a moment until the open map's figure is the number of cases."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from incident").fetchone()
    wanted = f"{row[0] if row else 0:,}"
    page.wait_for_function(
        "n => document.querySelector('[data-testid=stMetricValue]')?.innerText === n", arg=wanted, timeout=60_000
    )
    return time.monotonic() - last


def processor(folder: Path) -> dict[int, float]:
    """Processor time of each process of PostGIS until now, in seconds; the father's has that of those that ended in it."""
    number = postmaster(ClusterFolder.of(folder))
    if number is None:
        raise SystemExit("PostGIS does not run")
    father = psutil.Process(number)
    return {one.pid: sum(one.cpu_times()[:2]) for one in father.children(recursive=True)} | {
        number: sum(father.cpu_times()[:4])
    }


def main() -> None:
    """Make the store, serve, measure twice, print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rate", type=int, default=50)
    asked.add_argument("--seconds", type=int, default=60)
    given = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="watch-intake-", dir="/tmp"))
    folder.chmod(0o755)
    if (ROOT / "var" / "boundaries").is_dir():
        shutil.copytree(ROOT / "var" / "boundaries", folder / "boundaries")
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WATCH_")} | {
        "WATCH_VAR_DIR": str(folder), "WATCH_PORT": str(port), "WATCH_DEMO_INCIDENTS": "0",
        "WATCH_API_CALLS_PER_MINUTE": "1000000",
    }  # fmt: skip
    log = folder / "serve.log"
    runs = [Measured("undisturbed"), Measured("PostGIS killed in the middle")]
    process = None
    try:
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, "-m", "dashboard", "run"], cwd=ROOT, env=environment, stdout=out, stderr=out)  # fmt: skip
        ready(f"http://127.0.0.1:{port}/health", process, log, 300)
        made = subprocess.run(
            [sys.executable, "-m", "dashboard", "api-key", "add", "load"], cwd=ROOT, env=environment, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        key, url = made.stdout.splitlines()[-1], local.ensure_running(folder)
        store = make_engine(make_url(url).set(drivername="postgresql+psycopg"))
        signed_in(store, Role.COMMANDER)
        store.dispose()
        served = psutil.Process(process.pid)
        path = next((p for name in ("chromium", "google-chrome") if (p := shutil.which(name))), None)
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=path, args=FLAGS) as browser,
            opened(browser) as watched,
            ThreadPoolExecutor(1) as apart,
        ):
            for one in psutil.Process().children(recursive=True):
                if "chrom" in one.name():
                    one.nice(10)  # it stands for another machine
            watched.page.goto(f"http://127.0.0.1:{port}/")
            watched.map_frame()
            for told in runs:
                before, before_store = sum(served.cpu_times()[:2]), processor(folder)
                kill = told is runs[1]
                sending = apart.submit(asyncio.run, load(told, port, key, given.rate, given.seconds, kill, folder))
                while not sending.done():
                    watched.page.wait_for_timeout(200)
                sending.result()
                last = time.monotonic()
                told.processor_s, told.load = sum(served.cpu_times()[:2]) - before, os.getloadavg()[0]
                if not kill:  # a killed process tells no more what it used
                    after = processor(folder)
                    told.postgis_s = sum(after[pid] - before_store.get(pid, 0.0) for pid in after)
                told.map_late_s = until_drawn(watched.page, url, last)
                count(told, url)
            if watched.dialogs or watched.strangers:
                raise SystemExit(f"{watched.dialogs} {watched.strangers}")
    finally:
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            print(log.read_text("utf-8", "replace")[-1500:], file=sys.stderr)
        local.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{given.rate} reports a second for {given.seconds} s, one in {1 / WITH_PHOTO:.0f} with a photo")
    print("| run | sent | acknowledged | kept | lost | twice | never answered | sent again | PostGIS away | middle | 95 % | longest | application, of PostGIS, processor/report | map right after the last | load |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for told in runs:
        ninety_five = statistics.quantiles(told.took, n=20)[-1]
        print(
            f"| {told.name} | {told.sent} | {len(told.acknowledged)} | {told.kept} | {told.lost} | {told.twice} | {told.never}"
            f" | {told.again} | {told.down_s:.1f} s | {statistics.median(told.took) * 1e3:.0f} ms | {ninety_five * 1e3:.0f} ms"
            f" | {max(told.took):.1f} s | {told.processor_s / told.sent * 1e3:.1f} ms, {told.postgis_s / told.sent * 1e3:.1f} ms"
            f" | {told.map_late_s:.1f} s | {told.load:.1f} |"
        )


if __name__ == "__main__":
    main()
