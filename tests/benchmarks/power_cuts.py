"""Twenty times PostGIS is killed while eight writers hand in reports by the form and the interface for partners.

Run by hand: ``python tests/benchmarks/power_cuts.py [--kills 20] [--writers 8]``. It makes a private cluster of its own in a
temporary folder, with the settings of ``make run``, starts the application on it as ``make run`` does, opens an inbox and a
live map in Chromium, and prints a table. The short form of it is ``tests/browser/test_power_cuts.py``.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from geo.actions.api_keys import make_key  # noqa: E402
from geo.credentials.keys import derived_key  # noqa: E402
from geo.db import local  # noqa: E402
from geo.db.engine import make_engine  # noqa: E402
from geo.db.migrate import migrate  # noqa: E402
from geo.ingest.boundaries import load_shipped  # noqa: E402
from tests.browser.conftest import FLAGS, opened, serving, signed_in  # noqa: E402
from tests.browser.test_power_cuts import SECRET, until_shown  # noqa: E402
from tests.chaos import ROOMY, Writers, kill, wrong  # noqa: E402


def main() -> None:
    """Make the store, serve, write, kill, count, print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--writers", type=int, default=8)
    given = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="watch-cuts-", dir="/tmp"))
    folder.chmod(0o755)
    if (ROOT / "var" / "boundaries").is_dir():
        shutil.copytree(ROOT / "var" / "boundaries", folder / "boundaries")
    draw, away, shown = random.Random(1), [], []
    path = next((p for name in ("chromium", "google-chrome") if (p := shutil.which(name))), None)
    try:
        url = local.ensure_running(folder)
        store = make_engine(url)
        migrate(store)
        load_shipped(store, folder)
        signed_in(store, districts=("4301",))
        with store.begin() as connection:
            key = make_key(connection, derived_key(SECRET, "api-key"), "power cuts")[1]
        with (
            serving(url, folder, WATCH_SECRET_KEY=SECRET, **ROOMY) as address,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=path, args=FLAGS) as browser,
            opened(browser) as inbox,
            opened(browser) as live,
        ):
            inbox.page.goto(f"{address}/inbox")
            live.page.goto(address)
            live.map_frame()
            writers = Writers(address, key, given.writers)
            writers.start()
            begun = time.monotonic()
            for _ in range(given.kills):
                inbox.page.wait_for_timeout(draw.uniform(1000, 4000))
                kill(folder)
                gone = time.monotonic()
                inbox.page.wait_for_timeout(draw.uniform(0, 1500))
                local.ensure_running(folder)
                away.append(time.monotonic() - gone)
                shown.append(until_shown(store, inbox.page, live.page, 60))
            took = time.monotonic() - begun
            sent = writers.stop()
            faults = [*writers.odd, *wrong(store, sent, SECRET)]
            store.dispose()
    finally:
        local.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
    known = [one for one in sent if one.code is not None]
    print(f"{given.kills} kills under {given.writers} writers in {took:.0f} s, load average {os.getloadavg()[0]:.1f}")
    print(
        "| sent | acknowledged | sent again | given up | away, middle and longest | pages back, middle and longest | wrong |"
    )
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {len(sent)} | {len(known)} | {sum(one.tries > 1 for one in sent)} | {len(sent) - len(known)}"
        f" | {statistics.median(away):.1f} s, {max(away):.1f} s | {statistics.median(shown):.1f} s, {max(shown):.1f} s"
        f" | {len(faults)} |"
    )
    for fault in faults[:20]:
        print(fault)


if __name__ == "__main__":
    main()
