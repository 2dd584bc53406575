"""The whole answers of the hotspot page on a store with a million incidents: reading, computing, handing over, memory.

usage: python tests/benchmarks/hotspot_page.py [INCIDENTS | store] [METHOD …]

``store`` measures the store that WATCH_VAR_DIR or WATCH_DB_URL names as it is; else one of so many synthetic incidents is made
under var/bench and kept. All incidents of every state are asked about, by somebody who sees all districts (and of them what is
verified). The first answer reads the incidents too; "again" is what another viewer or a rerun of the page gets.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

MEASURED = (
    "kde", "gi", "gi_districts", "dbscan", "emerging", "pai", "places", "concentration", "when", "rates", "compare",
    "compare_districts", "knox", "scan",
)  # fmt: skip
PERMUTATIONS = 999
MOST_S = 3.0
SIMULATED = {"knox", "scan"}


def main(which: str, methods: tuple[str, ...] = MEASURED) -> None:
    """Print one line a method."""
    if which != "store":
        from tests.benchmarks import data

        os.environ["WATCH_DB_URL"] = data.load(int(which), print).url
    from dashboard.hotspots import service
    from dashboard.hotspots.answer import Answer
    from dashboard.hotspots.asked import Asked
    from dashboard.hotspots.question import Question
    from geo.model import IncidentFilter, Scope, Status
    from geo.model.filter import Reach

    everywhere = Scope(None, Reach.WIDE)
    chosen = IncidentFilter(date(2020, 1, 1), date(2099, 12, 31), statuses=tuple(map(str, Status)))

    def ask(method: str) -> Answer:
        asked = Question(everywhere, chosen, method, Asked(permutations=PERMUTATIONS), "1")  # type: ignore[arg-type]
        found = service.look(asked, 1200)
        assert isinstance(found, Answer)
        return found

    def workers() -> list[int]:
        return [w.process.pid for w in (service.quick, service.simulations) if w.process is not None]

    print(f"Load average at the beginning: {os.getloadavg()[0]:.1f}.\n")
    print("| method | incidents | answer | of that the worker's processor | again | most memory of page and workers |")
    print("|---|---:|---:|---:|---:|---:|")
    slow = []
    service.warm().result()  # as the server does soon after it has begun
    for method in methods:
        before = sum(map(_processor, workers()))
        with _memory(workers) as peak:
            begun = time.perf_counter()
            found = ask(method)
            seconds = time.perf_counter() - begun
        used = sum(map(_processor, workers())) - before
        begun = time.perf_counter()
        ask(method)
        again = time.perf_counter() - begun
        if seconds > MOST_S and method not in SIMULATED:
            slow.append(method)
        print(
            f"| {method} | {found.summary['n']:,} | {seconds:.2f} s | {used:.2f} s | {again * 1000:.1f} ms | {peak[0]} MB |",
            flush=True,
        )
    print(f"\nEvery one but the simulations under {MOST_S:.0f} s: {'yes' if not slow else 'no: ' + ', '.join(slow)}.")
    service.forget()


def _processor(pid: int) -> float:
    """Seconds of processor time."""
    part = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(part[11]) + int(part[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _memory(workers: Callable[[], list[int]]) -> Iterator[list[int]]:
    """The most memory of this process and its workers together, MB, looked at 20 times a second."""
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], sum(map(_proportional, [os.getpid(), *workers()])))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "1000000", tuple(sys.argv[2:]) or MEASURED)
