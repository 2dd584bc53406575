"""``make bench``: load a million incidents once, measure, print tables, and write them to RESULTS.md.

Nothing here fails because it is slow: an aim that is missed is said. Data stay in var/bench for the next run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

import numpy as np  # noqa: E402
from sqlalchemy import text  # noqa: E402

from geo.model import Scope  # noqa: E402
from geo.queries.figures import by_district, figures  # noqa: E402
from geo.queries.incidents import newest  # noqa: E402
from tests.benchmarks import browser, data, office, peers, tiles  # noqa: E402
from tests.benchmarks.report import Report, holds  # noqa: E402
from tests.benchmarks.serving import Server, serving  # noqa: E402

PARTS = ("tiles", "figures", "office", "browser", "peers", "maps")
TEN_MILLION = 10_000_000
TILE_MS, FIGURES_MS, CHANGE_MS, MESSAGE_KB, MAP_SHARE, GROWTH, OPEN_MAPS_S = 100, 300, 1000, 100, 0.7, 3.0, 1.0
OFFICE_MS = 300
"""What the project aims at."""
IDLE_S = 60


def main() -> None:
    """Measure what is asked for."""
    asked = _asked()
    report = Report()
    loaded = data.load(asked.incidents, report.say)
    try:
        report.machine(loaded.engine())
        _sizes(report, loaded)
        costs = _tiles(report, loaded, asked.tiles) if "tiles" in asked.parts else []
        if "figures" in asked.parts:
            _figures(report, loaded)
        if "office" in asked.parts:
            _office(report, loaded)
        if "browser" in asked.parts:
            with browser.chromium() as chromium:
                _browser(report, loaded, chromium, asked.changes)
        report.write(asked.out)
        if "maps" in asked.parts:
            _maps(report, loaded, asked.maps, asked.minutes)
            report.write(asked.out)
        if asked.ten_million:
            _growth(report, costs or _tiles(report, loaded, asked.tiles), asked.tiles)
            report.write(asked.out)
        if "peers" in asked.parts:
            _tipg(report, loaded)
            report.write(asked.out)
            with browser.chromium() as chromium:
                _usual(report, loaded, chromium, asked.usual_minutes)
        report.end()
        report.write(asked.out)
    finally:
        data.stop()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument(
        "--ten-million", action="store_true", help="also load 10,000,000 (half an hour, 15 GB) and say the growth"
    )
    parser.add_argument("--tiles", type=int, default=20, help="fullest tiles of each zoom")
    parser.add_argument("--changes", type=int, default=20, help="clicks on filters in the browser")
    parser.add_argument("--maps", type=int, default=150, help="maps open at once")
    parser.add_argument("--minutes", type=float, default=3, help="how long they are measured")
    parser.add_argument("--usual-minutes", type=float, default=2, help="limit for each map written the usual way")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    return parser.parse_args()


def _ms(value: float) -> str:
    return f"{value:.0f}"


def _percentiles(values: list[float]) -> tuple[float, float, float]:
    middle, high = np.percentile(values, [50, 95])
    return float(middle), float(high), max(values)


def _sizes(report: Report, loaded: data.Loaded) -> None:
    with loaded.engine().connect() as connection:
        counted, table, indexes = connection.execute(
            text(
                "select count(*), pg_relation_size('incident_count'), pg_indexes_size('incident_count') from incident_count"
            )
        ).one()
        incidents = connection.execute(text("select pg_total_relation_size('incident')")).scalar_one()
    took = f", loaded in {loaded.seconds:.0f} s when they were loaded" if loaded.seconds else ""
    report.say(
        f"{loaded.incidents:,} synthetic incidents (seed {data.SEED}) of {data.YEARS} years to {loaded.until}{took}. Incidents with their indexes: {incidents / 2**20:,.0f} MB. Counts"
        f" beside them: {counted:,} rows, {table / 2**20:,.0f} MB and {indexes / 2**20:,.0f} MB of index."
    )


def _tiles(report: Report, loaded: data.Loaded, count: int) -> list[tiles.Cost]:
    chosen = tiles.filters(loaded.until)
    report.section(f"Tiles of {loaded.incidents:,} incidents")
    with loaded.engine().connect() as connection:
        fullest = {zoom: tiles.fullest(connection, zoom, count) for zoom in tiles.ZOOMS}
        costs = tiles.measure(connection, chosen, fullest)
        worst = max(costs, key=lambda c: c.worst)
        report.say(
            f"The {count} fullest tiles of each zoom, made anew each time: the application keeps none, PostgreSQL's own"
            " buffers are warm. Milliseconds by the clock, middle / 95 % / longest of the tiles.",
            "",
        )
        report.table(
            ["zoom", *chosen],
            [
                [zoom, *(f"{_ms(c.median)} / {_ms(c.p95)} / {_ms(c.worst)}{' !' if c.worst > TILE_MS else ''}"
                         for c in costs if c.zoom == zoom)]
                for zoom in tiles.ZOOMS
            ],
        )  # fmt: skip
        everything = [ms for c in costs for ms in c.ms]
        cpu = [ms for c in costs for ms in c.cpu_ms]
        over = sum(ms > TILE_MS for ms in everything)
        report.say(
            f"All together: {_ms(statistics.median(everything))} ms in the middle, 95 % within"
            f" {_ms(float(np.percentile(everything, 95)))} ms, longest {_ms(worst.worst)} ms (zoom {worst.zoom}, {worst.filter});"
            f" {over} of {len(everything)} over {TILE_MS} ms. PostgreSQL's processor time, which other processes do not"
            f" lengthen: longest {_ms(max(cpu))} ms. Largest tile: {max(c.most_bytes for c in costs) / 1024:.0f} KB."
            f" Every tile under {TILE_MS} ms: {holds(worst.worst, TILE_MS)} (processor time: {holds(max(cpu), TILE_MS)}).",
            "",
            "How PostgreSQL reads the fullest tile (EXPLAIN ANALYZE):",
            "",
        )
        rows = []
        for zoom, name, near in (
            (5, "everything", False), (8, "28 days", False), (10, "everything", False), (11, "one channel", False),
            (12, "28 days", True), (15, "everything", True), (17, "fiscal year", True),
        ):  # fmt: skip
            found = tiles.plan(connection, chosen[name], fullest[zoom][0], near)
            scans = ", ".join(f"{n} × {s}" for s, n in sorted({s: found.scans.count(s) for s in found.scans}.items()))
            rows.append([zoom, name, scans, found.rows, found.heap_fetches, found.buffers])
        report.table(["zoom", "filter", "scans", "rows", "heap fetches", "buffers"], rows)
    return costs


def _growth(report: Report, few: list[tiles.Cost], count: int) -> None:
    loaded = data.load(TEN_MILLION, report.say, as_it_is=True)
    _sizes(report, loaded)
    many = _tiles(report, loaded, count)
    report.section("Ten times the incidents")
    report.say("Processor time of the middle tile at 10,000,000 over that at 1,000,000.", "")
    names = list(dict.fromkeys(c.filter for c in few))
    of = {(c.zoom, c.filter): c for c in few}
    ratio = {
        (c.zoom, c.filter): statistics.median(c.cpu_ms) / statistics.median(of[c.zoom, c.filter].cpu_ms) for c in many
    }
    report.table(["zoom", *names], [[zoom, *(f"{ratio[zoom, n]:.1f}" for n in names)] for zoom in tiles.ZOOMS])
    total = sum(sum(c.cpu_ms) for c in many) / sum(sum(c.cpu_ms) for c in few)
    clock = sum(sum(c.ms) for c in many) / sum(sum(c.ms) for c in few)
    over = sum(r >= GROWTH for r in ratio.values())
    report.say(
        f"All tiles together: {total:.2f} times the processor time, {clock:.2f} times by the clock; {over} of {len(ratio)}"
        f" pairs of zoom and filter at {GROWTH:.0f} or more. Less than {GROWTH:.0f} times: {holds(total, GROWTH)}."
    )


def _figures(report: Report, loaded: data.Loaded) -> None:
    report.section("Figures of the page")
    scope, rows, worst = Scope.everything(), [], 0.0
    with loaded.engine().connect() as connection:
        for name, chosen in tiles.filters(loaded.until).items():
            figures(connection, scope, chosen)
            newest(connection, scope, chosen)
            both, ten = [], []
            for _ in range(9):
                start = time.perf_counter()
                found = figures(connection, scope, chosen)
                middle = time.perf_counter()
                newest(connection, scope, chosen)
                both.append((time.perf_counter() - start) * 1000)
                ten.append((time.perf_counter() - middle) * 1000)
            worst = max(worst, float(np.percentile(both, 95)))
            rows.append([name, f"{found.total:,}", *map(_ms, _percentiles(both)), _ms(statistics.median(ten))])
    report.table(["filter", "incidents", "ms", "95 %", "longest", "of this the newest ten"], rows)
    report.say(f"All figures within {FIGURES_MS} ms: {holds(worst, FIGURES_MS)}.")


def _office(report: Report, loaded: data.Loaded) -> None:
    report.section("The district centre's pages")
    found = office.measure(loaded.engine(), 60)
    report.say(
        f"As an officer of district {found.code}, which has {found.open:,} open cases, with row-level security. Milliseconds that"
        " the page waits for PostGIS; a case with its staff, its places and what may be the same one.",
        "",
    )
    report.table(
        ["opened", "ms", "95 %", "longest"],
        [[name, *map(_ms, _percentiles(ms))] for name, ms in found.ms.items()],
    )
    for name in ("inbox", "case"):
        within = _percentiles(found.ms[name])[1]
        report.say(f"95 % of opening the {name} within {OFFICE_MS} ms: {holds(within, OFFICE_MS)}.")


def _browser(report: Report, loaded: data.Loaded, chromium: Any, changes: int) -> None:
    report.section(f"{changes} changes of the filter in Chromium")
    with serving(loaded) as server:
        told = browser.measure(chromium, server, changes)
    report.table(
        ["change", "map drawn, ms", "page at rest, ms", "websocket, KB"],
        [
            [name, _ms(drawn), _ms(rest), f"{size / 1000:.0f}"]
            for name, drawn, rest, size in zip(told.names, told.map_ms, told.page_ms, told.message_bytes, strict=True)
        ],
    )
    drawn, rest = _percentiles(told.map_ms), _percentiles(told.page_ms)
    report.say(
        "From the click to everything drawn, window 1366 × 768, half the changes far out, half at zoom 10. The map:"
        f" {_ms(drawn[0])} ms in the middle, 95 % within {_ms(drawn[1])} ms; with every figure, chart and table:"
        f" {_ms(rest[0])} and {_ms(rest[1])} ms. Map under {CHANGE_MS} ms: {holds(drawn[1], CHANGE_MS)};"
        f" whole page: {holds(rest[1], CHANGE_MS)}. First picture of a new page {told.first_ms / 1000:.1f} s (the process"
        f" had served nobody before). A rerun sends at most {max(told.message_bytes) / 1000:.0f} KB; under {MESSAGE_KB} KB:"
        f" {holds(max(told.message_bytes) / 1000, MESSAGE_KB)}. The map takes {told.map_share:.0%} of the window below the"
        f" top bar; at least {MAP_SHARE:.0%}: {'yes' if told.map_share >= MAP_SHARE else '**no**'}."
    )


def _usual(report: Report, loaded: data.Loaded, chromium: Any, minutes: float) -> None:
    report.section("The map written the usual way")
    with serving(loaded) as server:
        ours = browser.measure(chromium, server, 6)
    mine = statistics.median(ours.map_ms) / 1000
    found = []
    for kind in ("geojson", "cluster"):
        for count in (20_000, 100_000, 1_000_000):
            one = peers.usual(chromium, loaded, kind, min(count, loaded.incidents), minutes * 60)
            found.append(one)
            if one.stopped:
                break

    def seconds(value: float | None) -> str:
        return "–" if value is None else f"{value:.1f}"

    report.say(
        "Every point handed to folium (GeoJson with circles; MarkerCluster filled in a loop) and shown by streamlit-folium,"
        f" with its scripts answered from this machine. Each step may take {minutes:g} minutes. Our map in the same run, all"
        f" {loaded.incidents:,} incidents behind it: {mine:.2f} s from the click to the map drawn,"
        f" {max(ours.message_bytes) / 1000:.0f} KB.",
        "",
    )
    report.table(
        ["way", "points", "HTML, s", "HTML, MB", "first drawn, s", "change drawn, s", "slower than ours", "more bytes", "stopped"],
        [
            [
                u.kind, f"{u.count:,}", seconds(u.html_s), "–" if u.html_bytes is None else f"{u.html_bytes / 1e6:.1f}",
                seconds(u.first_s), seconds(u.change_s), "–" if u.change_s is None else f"{u.change_s / mine:.0f} ×",
                "–" if u.html_bytes is None else f"{u.html_bytes / max(ours.message_bytes):.0f} ×", u.stopped,
            ]
            for u in found
        ],
    )  # fmt: skip


def _tipg(report: Report, loaded: data.Loaded) -> None:
    report.section(f"tipg {peers.TIPG} on the same table")
    chosen = tiles.filters(loaded.until)["everything"]
    zooms = (6, 8, 10, 12, 14, 16)
    with loaded.engine().connect() as connection:
        addresses = [tiles.fullest(connection, zoom, 1)[0] for zoom in zooms]
    with serving(loaded) as server:
        peers.our_tile(server, chosen, addresses[0], 0)
        ours = [
            min((peers.our_tile(server, chosen, a, i + 1) for i in range(3)), key=lambda s: s.ms) for a in addresses
        ]
    with peers.tipg(loaded, None) as url:
        usual = [min((peers.tipg_tile(url, a, None) for _ in range(3)), key=lambda s: s.ms) for a in addresses]
    with peers.tipg(loaded, loaded.incidents) as url:
        whole = [peers.tipg_tile(url, a, loaded.incidents) for a in addresses]

    def told(one: peers.Served) -> str:
        return f"{one.ms:,.0f} ms, {one.bytes / 1000:,.0f} KB" if one.status == 200 else f"status {one.status}"

    def ratio(one: peers.Served, mine: peers.Served) -> str:
        if one.status != 200:
            return "–"
        return f"{one.ms / mine.ms:.1f} × time, {one.bytes / max(1, mine.bytes):.0f} × bytes"

    report.say(
        "The fullest tile of a zoom over HTTP, all three years, none kept anywhere (the best of three; without its limit:"
        " once). tipg stops at 10,000 features a tile by default and shows whichever come first; ours stands for all.",
        "",
    )
    report.table(
        ["zoom", "ours", "tipg", "to ours", "tipg without its limit", "to ours"],
        [
            [z, told(o), told(u), ratio(u, o), told(w), ratio(w, o)]
            for z, o, u, w in zip(zooms, ours, usual, whole, strict=True)
        ],
    )


def _watch(server: Server, seen: list[tuple[float, float]], stop: threading.Event) -> None:
    while not stop.wait(10):
        seen.append((time.monotonic(), server.memory_mb()))


def _maps(report: Report, loaded: data.Loaded, maps: int, minutes: float) -> None:
    report.section(f"{maps} open maps on one process, {minutes:g} minutes")
    last_month = tiles.filters(loaded.until)["28 days"]
    with loaded.engine().connect() as connection:
        found = by_district(connection, Scope.everything(), last_month)
        counts = {str(code): int(n) for code, n in found.items() if isinstance(code, str)}
        near = {code: n for code, n in counts.items() if 250 <= n <= 1000} or counts
        places = connection.execute(
            text("select code, st_x(rep_point), st_y(rep_point) from area where code = any(:codes)"),
            {"codes": list(near)},
        ).all()
    with serving(loaded) as server:
        fresh = server.memory_mb()
        seen: list[tuple[float, float]] = []
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(server, seen, stop), daemon=True)
        watcher.start()
        used, start = server.processor_s(), time.monotonic()
        said = subprocess.run(
            [sys.executable, str(HERE / "map_load.py")],
            input=json.dumps(
                {"url": server.url, "cookie": server.session, "maps": maps, "minutes": minutes, "until": loaded.until.isoformat(),
                 "places": [list(p) for p in places]}
            ),
            text=True, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        used, took = server.processor_s() - used, time.monotonic() - start
        stop.set()
        watcher.join()
        end = server.memory_mb()
        time.sleep(IDLE_S)
        idle = server.memory_mb()
    told = json.loads(said.stdout)
    actions = told["filter"] + told["fragment"]
    report.table(
        ["what", "how many", "middle, s", "95 %, s", "longest, s"],
        [
            [name, len(values), *(f"{v:.2f}" for v in _percentiles(values))]
            for name, values in (
                ("page opened", told["opening"]), ("filter changed", told["filter"]),
                ("board alone", told["fragment"]), ("both", actions), ("tile", told["tile"]),
            ) if values
        ],
    )  # fmt: skip
    measured = [mb for at, mb in seen if at > seen[-1][0] - minutes * 60] or [end]
    rows = f"{statistics.median(near.values()):.0f}"
    report.say(
        f"Each map acts every 10 s (two thirds another filter, one third the board alone), asks for 4 to 8 tiles, hears the"
        f" news, and has some {rows} incidents in view. One process used {used / took:.0%} of a core; the load generator is"
        f" a process of its own on the same machine. Failures: {len(told['failures'])}"
        f"{' (' + told['failures'][0] + ')' if told['failures'] else ''}. 95 % under {OPEN_MAPS_S:g} s:"
        f" {holds(_percentiles(actions)[1], OPEN_MAPS_S)}.",
        f"Memory of the process: {fresh:.0f} MB fresh, {measured[0]:.0f} MB as measuring began, {measured[-1]:.0f} MB as it"
        f" ended ({measured[-1] / measured[0] - 1:+.0%}), {end:.0f} MB with all maps closed, {idle:.0f} MB {IDLE_S} s later.",
    )


if __name__ == "__main__":
    main()
