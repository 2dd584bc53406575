"""Kernel density in metres: incidents a square kilometre, smoothed by the quartic kernel.

Source: Silverman 1986, Density Estimation, 4.2 (quartic kernel) and 5.3 (adaptive, after Abramson 1982). A kernel of
bandwidth h spreads an incident over a disc of radius h: K(d) = 3 / (pi h^2) (1 - (d/h)^2)^2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft
from shapely.geometry.base import BaseGeometry

from geo.analysis.arrays import Bools, Floats, finite, points, positive
from geo.analysis.rasters import Raster, raster_over

__all__ = ["CELLS_A_BANDWIDTH", "Surface", "binning_error", "density", "density_at", "suggested_bandwidth"]

CELLS_A_BANDWIDTH = 5
"""The default cell is the bandwidth divided by this."""
EXACT = 60_000_000
"""Kernel values beyond which points are shared among cells first: about two seconds."""
CLASSES = 8
"""Bandwidths between which those of single points are shared where points are too many for their own."""
NARROWEST, WIDEST = 1 / 3, 3.0
"""Bounds of an adaptive bandwidth, as a multiple of the fixed one."""
KM2 = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A density on a grid.

    Attributes
    ----------
    raster
        The grid, metres.
    density
        Incidents a square kilometre, shape of the raster; 0 where ``inside`` is not.
    inside
        Cells on the land.
    bandwidth
        Metres; of an adaptive surface that of a point in the middle of the densities.
    adaptive, exact
        Whether each point had its own bandwidth; whether kernels were summed point by point or by cells.
    points, kept
        Points (or their weights), and what of them the cells on the land hold: the rest is smoothed off the land.
    error
        Most that a value can be wrong by because of cells, incidents a square kilometre: 0 where exact, NaN (not known) of an
        adaptive surface.
    """

    raster: Raster
    density: Floats
    inside: Bools
    bandwidth: float
    adaptive: bool
    exact: bool
    points: float
    kept: float
    error: float


def suggested_bandwidth(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """A bandwidth for points of which nothing is known: 0.9 min(SD, Dm / sqrt(ln 2)) n^(-1/5), metres.

    SD is the standard distance from the mean centre, Dm the median distance. Source: the spatial variant of Silverman's rule
    of thumb that ArcGIS takes by default ("How Kernel Density works"). Where all points are one, 1 m.
    """
    xs, ys = points(x, y)
    away = np.hypot(xs - xs.mean(), ys - ys.mean())
    spread = float(np.sqrt(np.mean(away**2)))
    middle = float(np.median(away) / np.sqrt(np.log(2)))
    narrow = min(spread, middle) or spread
    return 0.9 * narrow * len(xs) ** -0.2 if narrow > 1e-9 else 1.0


def density(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    bandwidth: float,
    *,
    cell: float | None = None,
    land: BaseGeometry | None = None,
    weights: npt.ArrayLike | None = None,
    adaptive: bool = False,
    exact: bool | None = None,
) -> Surface:
    """The density of points on a grid.

    Few points are summed one by one. Of many, each is shared among the four cells around it and the cells are convolved
    with the kernel; `binning_error` bounds what that changes.

    Parameters
    ----------
    x, y
        Metres, shape (n,).
    bandwidth
        Radius of the kernel, metres.
    cell
        Width of a cell, metres; a fifth of the bandwidth where not given.
    land
        Polygons in metres to which the surface is cut; without it nothing is cut.
    weights
        How many incidents each point stands for, shape (n,).
    adaptive
        Narrower where points are dense: h (f / g)^(-1/2) with the fixed density f at a point and its geometric mean g,
        within a third and three times of h.
    exact
        True or False override the choice by the number of points.

    Raises
    ------
    AnalysisRefused
        As `points`, `finite` and `geo.analysis.rasters.raster_over`.
    """
    xs, ys = points(x, y)
    h = positive("bandwidth", bandwidth)
    step = h / CELLS_A_BANDWIDTH if cell is None else positive("cell", cell)
    w = np.ones(len(xs)) if weights is None else finite("weight", weights, len(xs))
    bounds = (xs.min(), ys.min(), xs.max(), ys.max()) if land is None else land.bounds
    # Without land the cells move with the points.
    origin = (float(xs.min()), float(ys.min())) if land is None else (0.0, 0.0)
    raster = raster_over(bounds, step, (WIDEST if adaptive else 1) * h, origin)
    if exact is None:
        exact = len(xs) * (2 * h / step + 1) ** 2 <= EXACT
    own = np.full(len(xs), h)
    if adaptive:
        pilot = raster.at(_by_cells(raster, xs, ys, own, w), xs, ys)
        own = h * _abramson(pilot, w)
    surface = _one_by_one(raster, xs, ys, own, w) if exact else _by_cells(raster, xs, ys, own, w)
    # The transform leaves crumbs where nothing is, and so does the very edge of a kernel.
    surface[np.abs(surface) < 1e-12 * np.abs(surface).max()] = 0.0
    inside = np.ones(raster.shape, dtype=np.bool_) if land is None else raster.on(land)
    surface[~inside] = 0.0
    kept = float(surface.sum() * step**2)
    error = 0.0
    if not exact:
        # Only points within the kernel of a place can make its value wrong.
        together = _disc_sums(raster.shared(xs, ys, np.abs(w)), step, h + 2 * step)
        error = float("nan") if adaptive else binning_error(together, h, step)
    return Surface(raster, surface * KM2, inside, h, adaptive, exact, float(w.sum()), kept, error)


def density_at(x: npt.ArrayLike, y: npt.ArrayLike, px: npt.ArrayLike, py: npt.ArrayLike, bandwidth: float) -> Floats:
    """The fixed density at places (metres, shape (m,)), summed pair by pair, incidents a square kilometre, shape (m,)."""
    xs, ys = points(x, y)
    pxs, pys = points(px, py)
    h = positive("bandwidth", bandwidth)
    total = np.empty(len(pxs))
    for at in range(len(pxs)):
        total[at] = _kernel((xs - pxs[at]) ** 2 + (ys - pys[at]) ** 2, np.float64(h)).sum()
    return total * KM2


def binning_error(n: float, bandwidth: float, cell: float) -> float:
    """Most by which sharing points among cells can change a value, incidents a square kilometre.

    Linear interpolation in squares of width c is wrong by at most c^2 / 8 times the sum of the largest second
    derivatives; those of the quartic kernel are at most 8 K(0) / h^2 each. So n times 2 K(0) (c / h)^2, where n is how many
    points the kernel of a place can reach; in practice, with points on all sides, a hundredth of it.
    """
    return n * 2 * 3 / (np.pi * bandwidth**2) * (cell / bandwidth) ** 2 * KM2


def _kernel(d2: Floats, h: Floats | np.float64) -> Floats:
    inner = np.maximum(1 - d2 / h**2, 0)
    return np.asarray(3 / (np.pi * h**2) * inner * inner)


def _abramson(pilot: Floats, w: Floats) -> Floats:
    known = np.maximum(pilot, pilot.max() * 1e-9)
    typical = np.exp(np.average(np.log(known), weights=w))
    return np.asarray(np.clip((known / typical) ** -0.5, NARROWEST, WIDEST))


def _by_cells(raster: Raster, x: Floats, y: Floats, own: Floats, w: Floats) -> Floats:
    """Cells convolved with the kernel; a bandwidth between two classes is shared between them."""
    low, high = float(own.min()), float(own.max())
    if high / low < 1 + 1e-9:
        return _spread(raster.shared(x, y, w), raster.cell, low)
    classes = np.geomspace(low, high, CLASSES)
    place = np.log(own / low) / np.log(high / low) * (CLASSES - 1)
    total = np.zeros(raster.shape)
    for number, h in enumerate(classes):
        share = np.maximum(1 - np.abs(place - number), 0)
        some = share > 0
        if some.any():
            total += _spread(raster.shared(x[some], y[some], (share * w)[some]), raster.cell, float(h))
    return total


def _spread(binned: Floats, cell: float, h: float) -> Floats:
    reach = int(h / cell)
    offsets = np.arange(-reach, reach + 1) * cell
    kernel = _kernel(offsets[:, None] ** 2 + offsets**2, np.float64(h))
    return _convolved(binned, kernel)


def _convolved(binned: Floats, kernel: Floats) -> Floats:
    """Sums of the cells around each cell weighted by a kernel of odd shape; shape of ``binned``."""
    rows, columns = binned.shape
    full = [fft.next_fast_len(n + k - 1, real=True) for n, k in zip(binned.shape, kernel.shape, strict=True)]
    product = fft.rfft2(binned, full) * fft.rfft2(kernel, full)
    down, across = kernel.shape[0] // 2, kernel.shape[1] // 2
    return np.asarray(fft.irfft2(product, full)[down : down + rows, across : across + columns])


def _disc_sums(binned: Floats, cell: float, radius: float) -> float:
    """Most points within a radius of any cell."""
    offsets = np.arange(-int(radius / cell), int(radius / cell) + 1) * cell
    disc = (offsets[:, None] ** 2 + offsets**2 <= radius**2).astype(np.float64)
    return float(_convolved(binned, disc).max())


def _one_by_one(raster: Raster, x: Floats, y: Floats, own: Floats, w: Floats) -> Floats:
    order = np.argsort(own, kind="stable")  # points of like bandwidth together need the same window
    total = np.zeros(raster.rows * raster.columns)
    start = 0
    while start < len(order):
        reach = int(np.ceil(own[order[start]] / raster.cell)) + 1
        stop = start + max(1, 1_000_000 // (2 * reach + 1) ** 2)
        # Within one block the widest bandwidth tells the window.
        block = order[start:stop]
        reach = int(np.ceil(own[block[-1]] / raster.cell)) + 1
        window = np.arange(-reach, reach + 1)
        column = np.rint((x[block] - raster.west) / raster.cell).astype(np.int64)[:, None] + window
        row = np.rint((y[block] - raster.south) / raster.cell).astype(np.int64)[:, None] + window
        dx2 = (raster.west + column * raster.cell - x[block][:, None]) ** 2
        dy2 = (raster.south + row * raster.cell - y[block][:, None]) ** 2
        value = _kernel(dy2[:, :, None] + dx2[:, None, :], own[block][:, None, None]) * w[block][:, None, None]
        ok = ((row >= 0) & (row < raster.rows))[:, :, None] & ((column >= 0) & (column < raster.columns))[:, None, :]
        at = np.where(ok, row[:, :, None] * raster.columns + column[:, None, :], 0)
        total += np.bincount(at.ravel(), weights=np.where(ok, value, 0).ravel(), minlength=len(total))
        start = stop
    return total.reshape(raster.shape)
