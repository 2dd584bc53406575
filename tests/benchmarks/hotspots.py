"""The hotspot statistics on 10^4, 10^5 and 10^6 incidents, each beside the usual library on the same input.

usage: python tests/benchmarks/hotspots.py [10000 100000 1000000]

`hotspot_page.py` beside measures the whole answers of the page: reading, computing, handing over, memory.

A library is not asked above the size in `LIBRARY_AT_MOST`: it would take minutes or more memory than the machine has.
"""

from __future__ import annotations

import importlib
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.analysis.clusters import dbscan
from geo.analysis.emerging import emerging
from geo.analysis.hexagons import hexagons_around
from geo.analysis.hot_spots import gi_star, gi_star_of
from geo.analysis.kernel_density import density
from geo.analysis.near_repeat import knox
from geo.analysis.neighbourhoods import HexagonNeighbourhoods
from geo.analysis.prediction import scored
from geo.analysis.scan import scan_recent

LIBRARY_AT_MOST = {"gi": 100_000, "kde": 10_000, "dbscan": 100_000, "emerging": 10_000, "knox": 10_000}
PERMUTATIONS = 99


def timed(work: Callable[[], Any]) -> float:
    """Seconds of processor time: other programs on the machine do not lengthen it."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def incidents(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A border of 900 km: two thirds of the incidents around 60 places, the rest anywhere; three years of days."""
    random = np.random.default_rng(1)
    middles = random.uniform((0, 0), (900_000, 60_000), (60, 2))
    at = middles[random.integers(0, 60, n)] + random.normal(0, 4000, (n, 2))
    at[::3] = random.uniform((0, 0), (900_000, 60_000), (len(at[::3]), 2))
    return at[:, 0], at[:, 1], random.integers(0, 1095, n).astype(float)


def measure(n: int) -> None:
    """One line a method: ours, the library's."""
    for library in ("esda", "libpysal", "pointpats", "pymannkendall", "scipy.stats", "sklearn.cluster"):
        importlib.import_module(library)  # not timed
    x, y, t = incidents(n)
    grid = hexagons_around(x, y, 5000.0)
    around = HexagonNeighbourhoods(grid, 10_000.0)
    month = (t // 31).astype(np.int64)
    months = int(month.max()) + 1

    def gi_library() -> None:
        import esda
        from libpysal import weights

        near = weights.DistanceBand(np.column_stack([px, py]), 250, binary=True, silence_warnings=True)
        esda.getisord.G_Local(values, weights.fill_diagonal(near, 1), transform="B", star=None, permutations=0)

    def kde_library() -> None:
        from scipy.stats import gaussian_kde

        east, north = np.meshgrid(np.arange(0, 900_000, 5000), np.arange(0, 60_000, 5000))
        gaussian_kde(np.stack([x, y]))(np.stack([east.ravel(), north.ravel()]))

    def dbscan_library() -> None:
        from sklearn.cluster import DBSCAN

        DBSCAN(eps=1000, min_samples=5).fit(np.column_stack([x, y]))

    def cube() -> np.ndarray:
        at = grid.locate(x, y)
        return np.bincount(at * months + month, minlength=len(grid) * months).reshape(len(grid), months)

    def emerging_library() -> None:
        import pymannkendall

        for row in cube().astype(float):
            pymannkendall.original_test(row)

    def knox_library() -> None:
        from pointpats import Knox

        Knox(np.column_stack([x, y]), t[:, None], delta=1000, tau=7, permutations=PERMUTATIONS)

    def foretell() -> None:
        early = t < 1064
        before, later = grid.counts(x[early], y[early]), grid.counts(x[~early], y[~early])
        surface = density(x[early], y[early], 5000)
        kde = surface.raster.at(surface.density, grid.x, grid.y)
        scored({"count": before, "kde": kde, "gi": gi_star_of(before, around).z}, later)

    # Values at n places, 100 m apart on average: what esda is made for.
    random = np.random.default_rng(2)
    px, py = random.uniform(0, 100 * np.sqrt(n), (2, n))
    values = random.poisson(3, n).astype(float)
    methods: list[tuple[str, str, Callable[[], Any], str, Callable[[], Any] | None]] = [
        ("gi", "Gi* of values at n places, 250 m", lambda: gi_star(values, px, py, 250), "esda", gi_library),
        ("gi_hexagons", "Gi* on 5 km hexagons", lambda: gi_star_of(grid.counts(x, y), around), "", None),
        ("kde", "KDE 5 km, cells of 1 km", lambda: density(x, y, 5000), "scipy gaussian_kde, cells of 5 km", kde_library),
        ("kde_adaptive", "KDE adaptive", lambda: density(x, y, 5000, adaptive=True), "", None),
        ("dbscan", "DBSCAN 1 km, 5", lambda: dbscan(x, y, 1000, 5), "scikit-learn", dbscan_library),
        ("emerging", "Emerging, 36 months", lambda: emerging(cube(), around), "pymannkendall alone", emerging_library),
        ("pai", "PAI of three maps", foretell, "", None),
        ("knox", f"Knox 1 km 7 d, {PERMUTATIONS}", lambda: knox(x, y, t, 1000, 7, permutations=PERMUTATIONS), "pointpats", knox_library),
        ("scan", f"Scan 30 days, {PERMUTATIONS}", lambda: scan_recent(x, y, t, radius=30_000, permutations=PERMUTATIONS), "", None),
    ]  # fmt: skip
    for name, what, ours, library, theirs in methods:
        seconds = timed(ours)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        said = "-"
        if theirs is not None:
            said = f"{timed(theirs):.2f} s" if n <= LIBRARY_AT_MOST[name] else "not asked"
        print(
            f"| {n:>9,} | {what:<32} | {seconds:8.2f} s | {said:>10} {library:<34} | {memory:.2f} GiB so far |",
            flush=True,
        )


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ("10000", "100000", "1000000")):
        measure(size)
