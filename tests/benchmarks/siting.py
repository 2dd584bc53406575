"""Placing checkpoints, timed and beside spopt on the same instances, each in a process of its own.

usage: python tests/benchmarks/siting.py [--spopt SECONDS] [NAME …]

NAMEs are those of the first column. spopt (with HiGHS) is stopped after SECONDS (300; 0: not asked); it is not asked for the
200,000 rows and the large p-median, whose models do not fit into memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.analysis.siting import fewest, maximal, median_solve
from geo.analysis.siting.answer import Answer
from geo.analysis.siting.backup import backup
from geo.analysis.siting.cover import cover_within
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.median import median_within
from geo.analysis.siting.rules import rules

CORRIDOR = (2_400_000, 20_000)
SQUARE = (200_000, 200_000)
CASES: dict[str, dict[str, Any]] = {
    "corridor": {"land": CORRIDOR, "method": "mclp", "p": 20, "radius": 10_000},
    "corridor existing": {"land": CORRIDOR, "method": "mclp", "p": 20, "radius": 10_000, "existing": 30},
    "corridor backup": {"land": CORRIDOR, "method": "backup", "p": 20, "radius": 10_000},
    "corridor lscp": {"land": CORRIDOR, "method": "lscp", "radius": 30_000},
    "corridor 200,000": {"land": CORRIDOR, "method": "mclp", "p": 20, "radius": 10_000, "rows": 200_000, "spopt": False},
    "square": {"land": SQUARE, "method": "mclp", "p": 40, "radius": 15_000},
    "p-median square": {"land": SQUARE, "method": "pmedian", "p": 20, "limit": 8.0, "spopt": False},
    "p-median corridor": {"land": CORRIDOR, "method": "pmedian", "p": 20, "limit": 8.0, "spopt": False},
}  # fmt: skip


def instance(land: tuple[int, int], rows: int, sites: int = 1_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Demand in 60 hot spots and beside them along a corridor, even on a square; candidates; weights from 1 to 9."""
    random = np.random.default_rng(1)
    at = random.uniform((0, 0), land, (rows, 2))
    if land == CORRIDOR:
        middles = random.uniform(0, land[0], 60)
        hot = random.random(rows) < 0.6
        at[hot, 0] = middles[random.integers(0, 60, hot.sum())] + random.normal(0, 8_000, hot.sum())
        at[:, 1] = np.abs(random.normal(0, land[1] / 3, rows))
    return at, random.uniform((0, 0), land, (sites, 2)), random.integers(1, 10, rows).astype(float)


def ours(case: dict[str, Any], tell: Connection) -> None:
    """First answer and last, with seconds of the clock and of the processor, and memory."""
    demand, sites, weight = instance(case["land"], case.get("rows", 20_000))
    existing = np.arange(len(sites)) < case.get("existing", 0)
    limit = case.get("limit", 30.0)
    told: list[Answer] = []
    begun, processor = time.perf_counter(), time.process_time()
    limits = rules(len(sites), case.get("p"), existing=existing)
    if case["method"] == "pmedian":
        asked: Any = median_within(*demand.T, *sites.T, limits, weight)
        built = time.perf_counter() - begun
        answer = median_solve.solve(asked, limit, report=told.append)
    else:
        cover = cover_within(*demand.T, *sites.T, case["radius"], weight)
        built = time.perf_counter() - begun
        if case["method"] == "lscp":
            share = float(cover.weight.sum() / cover.total)
            answer = fewest.solve(fewest.fewest(cover, limits, share), limit, report=told.append)
        else:
            asked = backup(cover, limits) if case["method"] == "backup" else Covering(cover, limits)
            answer = maximal.solve(asked, limit, report=told.append)
    whole = time.perf_counter() - begun
    in_a_second = min((one.gap for one in told if one.seconds <= 1), default=None)
    tell.send((built, told[0], in_a_second, answer, whole, time.process_time() - processor, _memory()))


def theirs(case: dict[str, Any], tell: Connection) -> None:
    """spopt with HiGHS, from the distances on."""
    import pulp
    from scipy.spatial.distance import cdist
    from spopt.locate import LSCP, MCLP

    demand, sites, weight = instance(case["land"], case.get("rows", 20_000))
    existing = np.arange(len(sites)) < case.get("existing", 0)
    begun = time.perf_counter()
    distance = cdist(demand, sites)
    solver = pulp.HiGHS(msg=False)
    if case["method"] == "lscp":
        within = distance[(distance <= case["radius"]).any(axis=1)]
        model: Any = LSCP.from_cost_matrix(within, case["radius"])
    else:
        fixed = existing.astype(int) if existing.any() else None
        number = case["p"] + int(existing.sum())
        model = MCLP.from_cost_matrix(distance, weight, case["radius"], number, predefined_facilities_arr=fixed)
    built = time.perf_counter() - begun
    model = model.solve(solver)
    tell.send((built, float(pulp.value(model.problem.objective)), time.perf_counter() - begun, _memory()))


def _memory() -> float:
    """Most that the process ever held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(work: Any, case: dict[str, Any], seconds: float) -> Any:
    """What a process of its own tells, or nothing where it needs longer."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(case, there))
    process.start()
    there.close()
    told = None
    if here.poll(seconds):
        try:
            told = here.recv()
        except EOFError:
            told = None
    process.terminate()
    process.join()
    return told


def measure(names: list[str], spopt_seconds: float) -> None:
    """A line for each case."""
    print(f"Load average at the beginning: {os.getloadavg()[0]:.1f}.\n")
    print(
        "| instance | cover built | first answer after | its gap | gap stated in 1 s | value | gap | status | seconds | of the processor | memory | spopt + HiGHS |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|---|")  # fmt: skip
    for name in names:
        case = CASES[name]
        told = apart(ours, case, 600)
        if told is None:
            print(f"| {name} | failed |", flush=True)
            continue
        built, first, soon, answer, whole, processor, memory = told
        said = "not asked"
        if spopt_seconds and case.get("spopt", True) and case["method"] != "backup":
            other = apart(theirs, case, spopt_seconds)
            said = (
                f"over {spopt_seconds:.0f} s"
                if other is None
                else f"{other[1]:,.0f} in {other[2]:.1f} s, {other[0]:.1f} s of it building, {other[3]:.0f} MB"
            )
        print(
            f"| {name} | {built:.2f} s | {first.seconds:.2f} s | {first.gap:.2%} | {'-' if soon is None else f'{soon:.2%}'}"
            f" | {answer.value:,.0f} | {answer.gap:.2%} | {answer.status} | {whole:.2f} | {processor:.2f} | {memory:.0f} MB | {said} |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(CASES)}")
    parser.add_argument("--spopt", type=float, default=300.0, metavar="SECONDS")
    asked_for = parser.parse_args()
    if odd := set(asked_for.names) - set(CASES):
        parser.error(f"there is no {', '.join(sorted(odd))}")
    measure(asked_for.names or list(CASES), asked_for.spopt)
