"""The methods of the hotspot page and command on points that were read: an answer with its summary and its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis import clusters, emerging, hot_spots, kernel_density, near_repeat, prediction, scan
from geo.analysis.cluster_summary import cluster_summary
from geo.analysis.hexagons import Hexagons, hexagons_around, hexagons_over
from geo.analysis.neighbourhoods import HexagonNeighbourhoods
from geo.analysis.simulation import Cancelled, Progress
from geo.errors import AnalysisRefused
from geo.ingest.points import EPOCH, Points

__all__ = ["METHODS", "Answer", "Asked", "run"]

WIDEST_SHARE = 10
"""The widest circle of a scan is this part of the way across all points, where none is given."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Parameters of all methods, metres and days; nothing: the method's own choice, which its summary tells."""

    bandwidth: float | None = None
    adaptive: bool = False
    cell: float | None = None
    distance: float | None = None
    uncorrected: bool = False
    eps: float = 1000.0
    min_points: int = 5
    radius: float | None = None
    days: int = 30
    space: tuple[float, ...] = (1000.0,)
    time: tuple[float, ...] = (7.0,)
    permutations: int = 999
    seed: int = 1
    slice_days: float | None = None
    split: float | None = None
    land: BaseGeometry | None = None
    progress: Progress | None = None
    cancelled: Cancelled | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a method found.

    Attributes
    ----------
    summary
        Plain values: ``method``, ``n``, the parameters, the results.
    rows
        A table; columns ``x``, ``y`` in metres where ``shapes`` is nothing and ``placed`` is true.
    shapes
        Geometry of each row in metres, or nothing.
    placed
        Whether the rows are places.
    remarks
        Keys of sentences and their values.
    """

    summary: dict[str, Any]
    rows: pd.DataFrame
    shapes: np.ndarray[Any, Any] | None = None
    placed: bool = True
    remarks: tuple[tuple[str, dict[str, Any]], ...] = field(default=())


def run(method: str, points: Points, asked: Asked) -> Answer:
    """The answer of one of `METHODS`.

    Raises
    ------
    AnalysisRefused
        ``analysis.no_points``, ``analysis.no_time``, and what the method refuses.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    if len(points) == 0:
        raise AnalysisRefused("analysis.no_points")
    if method in {"emerging", "scan", "knox", "pai"} and points.t is None:
        raise AnalysisRefused("analysis.no_time", method=method)
    return METHODS[method](points, asked)


def _gi(points: Points, asked: Asked) -> Answer:
    outside = 0
    if points.value is not None:
        if asked.distance is None:
            raise AnalysisRefused("analysis.needs", method="gi", option="distance", example=1000)
        found = hot_spots.gi_star(points.value, points.x, points.y, asked.distance)
        rows, shapes, cell, distance = _beside(points, found), shapely.points(points.x, points.y), None, asked.distance
    else:
        grid = _grid(points, asked)
        cell, distance = grid.spacing, asked.distance or 2 * grid.spacing
        counts = grid.counts(points.x, points.y)
        outside = len(points) - int(counts.sum())
        found = hot_spots.gi_star_of(counts, HexagonNeighbourhoods(grid, distance))
        rows = pd.concat([pd.DataFrame({"x": grid.x, "y": grid.y, "count": counts}), found], axis=1)
        shapes = grid.outlines()
    if asked.uncorrected:
        found["class"] = rows["class"] = hot_spots.confidence_class(found.z, found.p)
    number = found["class"].value_counts()
    summary = {"method": "gi", "n": len(points), "places": len(found), "distance": distance, "cell": cell}
    summary |= {"outside": outside, "corrected": not asked.uncorrected}
    for side, sign in (("hot", 1), ("cold", -1)):
        summary |= {f"{side}_{level}": int(number.get(sign * c, 0)) for c, level in ((1, 90), (2, 95), (3, 99))}
    return Answer(summary, rows, shapes, remarks=_few(points))


def _kde(points: Points, asked: Asked) -> Answer:
    h = asked.bandwidth or kernel_density.suggested_bandwidth(points.x, points.y)
    surface = kernel_density.density(
        points.x, points.y, h, cell=asked.cell, land=asked.land, weights=points.value, adaptive=asked.adaptive
    )
    row, column = np.nonzero(surface.density > 0)
    x, y, value = surface.raster.x()[column], surface.raster.y()[row], surface.density[row, column]
    top = int(value.argmax()) if len(value) else None
    summary = {
        "method": "kde",
        "n": len(points),
        "bandwidth": h,
        "bandwidth_rule": None if asked.bandwidth else "0.9 min(SD, Dm / sqrt(ln 2)) n^(-1/5)",
        "kernel": "quartic",
        "adaptive": asked.adaptive,
        "cell": surface.raster.cell,
        "exact": surface.exact,
        "error_at_most_per_km2": _plain(surface.error),
        "sum": surface.points,
        "kept": surface.kept,
        "peak_per_km2": None if top is None else float(value[top]),
        "peak": None if top is None else _where(points, float(x[top]), float(y[top])),
    }
    return Answer(
        summary, pd.DataFrame({"x": x, "y": y, "density_per_km2": value}), shapely.points(x, y), remarks=_few(points)
    )


def _dbscan(points: Points, asked: Asked) -> Answer:
    found = clusters.dbscan(points.x, points.y, asked.eps, asked.min_points)
    table = cluster_summary(points.x, points.y, found.label, t=points.t, kind=points.kind)
    listed = []
    for one in table.drop(columns="hull").head(100).reset_index().to_dict("records"):
        told = {str(name): _plain(value) for name, value in one.items()}
        told |= _where(points, told.pop("x"), told.pop("y"))
        if points.t is not None:
            told["last"] = _day(points, float(one["last"]))
        listed.append(told)
    summary = {
        "method": "dbscan",
        "n": len(points),
        "eps": asked.eps,
        "min_points": asked.min_points,
        "clusters": len(table),
        "noise": int((found.label < 0).sum()),
        "core": int(found.core.sum()),
        "largest": listed,
    }
    found["core"] = found["core"].astype(np.int8)
    return Answer(summary, _beside(points, found), shapely.points(points.x, points.y), remarks=_few(points))


def _emerging(points: Points, asked: Asked) -> Answer:
    grid = _grid(points, asked)
    distance = asked.distance or 2 * grid.spacing
    number, length = _slices(points, asked)
    slices = int(number.max()) + 1
    at = grid.locate(points.x, points.y)
    inside = at >= 0
    cube = np.bincount(at[inside] * slices + number[inside], minlength=len(grid) * slices).reshape(len(grid), slices)
    found = emerging.emerging(cube, HexagonNeighbourhoods(grid, distance), corrected=not asked.uncorrected)
    rows = pd.concat([pd.DataFrame({"x": grid.x, "y": grid.y, "count": cube.sum(axis=1)}), found], axis=1)
    classes = {str(name): int(n) for name, n in found["class"].value_counts().sort_index().items()}
    summary = {"method": "emerging", "n": len(points), "places": len(grid), "cell": grid.spacing, "distance": distance}
    summary |= {
        "outside": int((~inside).sum()),
        "slices": slices,
        "slice": length,
        "corrected": not asked.uncorrected,
        "classes": classes,
    }
    return Answer(summary, rows, grid.outlines(), remarks=_few(points))


def _scan(points: Points, asked: Asked) -> Answer:
    assert points.t is not None
    across = float(np.hypot(np.ptp(points.x), np.ptp(points.y)))
    found = scan.scan_recent(
        points.x,
        points.y,
        points.t,
        radius=asked.radius or max(across / WIDEST_SHARE, 1.0),
        days=asked.days,
        permutations=asked.permutations,
        seed=asked.seed,
        progress=asked.progress,
        cancelled=asked.cancelled,
    )
    rows = pd.DataFrame(
        [
            {
                "x": c.x,
                "y": c.y,
                "radius": c.radius,
                "first": _day(points, c.first),
                "last": _day(points, c.last),
                "places": len(c.places),
                "observed": c.observed,
                "expected": c.expected,
                "log_ratio": c.log_ratio,
                "p": c.p,
            }
            for c in found.clusters
        ],
        columns=["x", "y", "radius", "first", "last", "places", "observed", "expected", "log_ratio", "p"],
    )
    best = {str(name): _plain(value) for name, value in rows.to_dict("records")[0].items()} if len(rows) else {}
    if best:
        best |= _where(points, best.pop("x"), best.pop("y"))
    summary = {
        "method": "scan",
        "n": len(points),
        "places": found.places,
        "square": found.square,
        "radius_at_most": found.radius,
        "days": found.days,
        "permutations": found.permutations,
        "seed": found.seed,
        "clusters": len(rows),
        "p": best.get("p"),
        "most_likely": best or None,
    }
    remarks = _few(points)
    if found.square:
        remarks += (("hotspots.thinned_scan", {"square": found.square}),)
    middles = shapely.points(rows.x.to_numpy(np.float64), rows.y.to_numpy(np.float64))  # of none too
    return Answer(summary, rows, middles, remarks=remarks)


def _knox(points: Points, asked: Asked) -> Answer:
    assert points.t is not None
    found = near_repeat.knox(
        points.x,
        points.y,
        points.t,
        asked.space,
        asked.time,
        permutations=asked.permutations,
        seed=asked.seed,
        progress=asked.progress,
        cancelled=asked.cancelled,
    )
    first = found.table.iloc[0]
    summary = {
        "method": "knox",
        "n": len(points),
        "used": found.used,
        "pairs": found.pairs,
        "space": list(asked.space),
        "time": list(asked.time),
        "permutations": found.permutations,
        "seed": found.seed,
        "observed": int(first.observed),
        **{name: _plain(first[name]) for name in ("expected", "ratio", "simulated", "p", "p_poisson")},
    }
    remarks = _few(points)
    if found.used < found.given:
        remarks += (("hotspots.thinned_knox", {"given": found.given, "used": found.used}),)
    return Answer(summary, found.table, placed=False, remarks=remarks)


def _pai(points: Points, asked: Asked) -> Answer:
    assert points.t is not None
    split = np.floor(points.t.max()) + 1 - 30 if asked.split is None else asked.split
    before = points.t < split
    if not before.any():
        raise AnalysisRefused("analysis.nothing_earlier")
    if before.all():
        raise AnalysisRefused("analysis.nothing_later")
    grid = _grid(points, asked)
    earlier, later = (grid.counts(points.x[part], points.y[part]) for part in (before, ~before))
    x, y = points.x[before], points.y[before]
    h = asked.bandwidth or max(kernel_density.suggested_bandwidth(x, y), grid.spacing)
    scores: dict[str, Any] = {"count": earlier}
    for name, adaptive in (("kde", False), ("kde_adaptive", True)):
        surface = kernel_density.density(x, y, h, adaptive=adaptive)
        scores[name] = surface.raster.at(surface.density, grid.x, grid.y)
    distance = asked.distance or 2 * grid.spacing
    scores["gi"] = hot_spots.gi_star_of(earlier, HexagonNeighbourhoods(grid, distance)).z
    found = prediction.scored(scores, later)
    summary = {
        "method": "pai",
        "n": len(points),
        "earlier": int(before.sum()),
        "later": int((~before).sum()),
        "split": _day(points, float(split)),
        "places": len(grid),
        "cell": grid.spacing,
        "bandwidth": h,
        "distance": distance,
        "scores": [{str(k): _plain(v) for k, v in row.items()} for row in found.to_dict("records")],
    }
    return Answer(summary, found, placed=False, remarks=_few(points))


METHODS: dict[str, Callable[[Points, Asked], Answer]] = {
    "gi": _gi,
    "kde": _kde,
    "dbscan": _dbscan,
    "emerging": _emerging,
    "scan": _scan,
    "knox": _knox,
    "pai": _pai,
}


def _grid(points: Points, asked: Asked) -> Hexagons:
    """Hexagons over the land, else around the points; of a size that gives each half an incident where none is told."""
    if asked.land is not None:
        cell = asked.cell or 5000.0
        # Those at the edge too: a corner is 0.58 of the width from its middle, so no incident on the land is lost.
        return hexagons_over(shapely.buffer(asked.land, 0.6 * cell), cell)
    if asked.cell is not None:
        return hexagons_around(points.x, points.y, asked.cell)
    hull = shapely.convex_hull(shapely.multipoints(np.column_stack([points.x, points.y])))
    across = max(float(np.hypot(np.ptp(points.x), np.ptp(points.y))), 100.0)
    area = max(hull.area, across**2 / 100)
    return hexagons_around(points.x, points.y, float(np.sqrt(2 * area / max(min(len(points), 100_000), 50) / 0.866)))


def _slices(points: Points, asked: Asked) -> tuple[np.ndarray[Any, Any], str]:
    """The slice of each point, 0 the oldest: calendar months of dates, else so many days ending with the last."""
    assert points.t is not None
    if points.dated and asked.slice_days is None:
        month = (EPOCH + pd.to_timedelta(np.floor(points.t), unit="D")).to_period("M")
        number = month.year.to_numpy() * 12 + month.month.to_numpy()
        return number - number.min(), "month"
    length = asked.slice_days or 30.0
    if not length > 0:
        raise AnalysisRefused("analysis.not_positive", name="slice-days", value=length)
    back = ((np.floor(points.t.max()) + 1 - points.t) / length - 1e-12).astype(np.int64)
    return back.max() - back, f"{length:g} days"


def _beside(points: Points, found: pd.DataFrame) -> pd.DataFrame:
    """The file's own columns and the results; of equal names the file's gets the ending ``_given``."""
    own = points.rows.rename(
        columns={name: f"{name}_given" for name in points.rows.columns if str(name) in found.columns}
    )
    return pd.concat([own.reset_index(drop=True), found.reset_index(drop=True)], axis=1)


def _few(points: Points) -> tuple[tuple[str, dict[str, Any]], ...]:
    return (("hotspots.few", {"n": len(points)}),) if len(points) < 30 else ()


def _where(points: Points, x: float, y: float) -> dict[str, float]:
    """A place as the file gives places: degrees, or metres."""
    if points.plane is None:
        return {"x": x, "y": y}
    lon, lat = points.plane.degrees(x, y)
    return {"lon": round(float(lon), 6), "lat": round(float(lat), 6)}


def _day(points: Points, t: float) -> str | float:
    return str((EPOCH + pd.Timedelta(days=float(np.floor(t)))).date()) if points.dated else float(t)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
