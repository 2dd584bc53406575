"""What a tile costs: the fullest tiles of every zoom, for the filters that people use and for awkward ones."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from geo.model import IncidentFilter, Scope
from geo.queries.incident_tiles import KEY_ZOOM, STATUS_LETTER, incident_tile, tile_query

__all__ = ["ZOOMS", "Cost", "Tile", "filters", "fullest", "measure", "plan"]

ZOOMS = range(5, 19)
REPEATS = 3
Tile = tuple[int, int, int]


def filters(until: date) -> dict[str, IncidentFilter]:
    """Name -> filter, for data that end on the day ``until``."""
    start = until - timedelta(days=round(3 * 365.25))
    october = date(until.year - (until.month < 10), 10, 1)
    return {
        "28 days": IncidentFilter(until - timedelta(days=27), until),
        "fiscal year": IncidentFilter(october, until),
        "last fiscal year": IncidentFilter(date(october.year - 1, 10, 1), october - timedelta(days=1)),
        "everything": IncidentFilter(start, until),
        "odd edges": IncidentFilter(start + timedelta(days=9), until - timedelta(days=3)),
        "one type": IncidentFilter(start, until, crime_types=("drug_trafficking",)),
        "one channel": IncidentFilter(start, until, channels=("online",)),
        "all statuses": IncidentFilter(start, until, statuses=tuple(STATUS_LETTER)),
    }


def fullest(connection: Connection, zoom: int, count: int) -> list[Tile]:
    """The tiles with most incidents, fullest first."""
    rows = connection.execute(
        text(
            "select zkey >> :shift from incident where zkey is not null group by 1 order by count(*) desc, 1 limit :n"
        ),
        {"shift": 2 * (KEY_ZOOM - zoom), "n": count},
    )
    return [(zoom, _even_bits(key), _even_bits(key >> 1)) for (key,) in rows]


def _even_bits(key: int) -> int:
    return sum((key >> 2 * bit & 1) << bit for bit in range(KEY_ZOOM))


@dataclass(frozen=True, slots=True)
class Cost:
    """What the tiles of one zoom cost for one filter: milliseconds of each, by the clock and of PostgreSQL's processor
    time (which does not see who else uses the machine), and the largest one's bytes."""

    zoom: int
    filter: str
    ms: tuple[float, ...]
    cpu_ms: tuple[float, ...]
    most_bytes: int

    @property
    def median(self) -> float:
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        return float(np.percentile(self.ms, 95))

    @property
    def worst(self) -> float:
        return max(self.ms)


def measure(connection: Connection, chosen: dict[str, IncidentFilter], tiles: dict[int, list[Tile]]) -> list[Cost]:
    """Cost of every tile for every filter: the middle one of ``REPEATS`` runs after one that fills PostgreSQL's buffers.

    The application keeps no tile here: each run asks the database.
    """
    scope, found = Scope.everything(), []
    server = Path(f"/proc/{connection.execute(text('select pg_backend_pid()')).scalar_one()}/schedstat")
    for name, kept in chosen.items():
        for zoom, addresses in tiles.items():
            times, cpu, size = [], [], 0
            for address in addresses:
                size = max(size, len(incident_tile(connection, scope, kept, *address)))
                runs, used = [], []
                for _ in range(REPEATS):
                    before, start = _used(server), time.perf_counter()
                    incident_tile(connection, scope, kept, *address)
                    runs.append((time.perf_counter() - start) * 1000)
                    used.append(_used(server) - before)
                times.append(statistics.median(runs))
                cpu.append(statistics.median(used))
            found.append(Cost(zoom, name, tuple(times), tuple(cpu), size))
    return found


def _used(server: Path) -> float:
    """Processor time of a process so far, in milliseconds."""
    return int(server.read_text().split()[0]) / 1e6


@dataclass(frozen=True, slots=True)
class Plan:
    """How PostgreSQL reads one tile: kinds of scan on the large tables, heap fetches, buffers."""

    scans: tuple[str, ...]
    heap_fetches: int
    buffers: int
    rows: int


def plan(connection: Connection, chosen: IncidentFilter, address: Tile, near: bool) -> Plan:
    """The plan of one tile as it ran."""
    sql, values = tile_query(Scope.everything(), chosen, *address, near)
    told = connection.execute(text(f"explain (analyze, buffers, format json) {sql}"), values).scalar_one()
    nodes = list(_nodes(told[0]["Plan"]))
    scans = [n for n in nodes if n.get("Relation Name") in ("incident", "incident_count")]
    return Plan(
        scans=tuple(f"{n['Node Type']} on {n.get('Index Name', n['Relation Name'])}" for n in scans),
        heap_fetches=sum(n.get("Heap Fetches", 0) for n in scans),
        buffers=nodes[0].get("Shared Hit Blocks", 0) + nodes[0].get("Shared Read Blocks", 0),
        rows=sum(n["Actual Rows"] * n["Actual Loops"] for n in scans),
    )


def _nodes(node: dict[str, Any]) -> Any:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)
