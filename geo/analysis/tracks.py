"""GPS tracks: which fixes can be believed, where the line breaks, how far and how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

__all__ = [
    "GAP_S",
    "MAX_SPEED_KMH",
    "NOISE_M",
    "Track",
    "believe",
    "distance_m",
    "make_track",
    "one_fix_per_time",
]

MAX_SPEED_KMH = 150.0
"""Faster than any patrol on the border's roads or the river (fast boats do about 90 km/h), slower than the
jumps of a receiver that lost its satellites. Patrols do not fly."""

NOISE_M = 50.0
"""Metres that a hand-held receiver under trees may be off. Two fixes a fraction of a second apart would
otherwise be impossible because of the error alone."""

GAP_S = 30 * 60.0
"""Seconds without a fix after which nobody can say which way the patrol went: the line is broken there."""

LOOK_BACK = 64
"""How many runs of fixes back a possible predecessor is looked for."""

_GEOD = Geod(ellps="WGS84")

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Track:
    """One patrol's fixes in order of time, with what can be said of them.

    Attributes
    ----------
    time, lon, lat
        Seconds since 1970 UTC, rising without repetition; degrees, WGS 84. Shape (n,).
    speed_kmh
        From the last believed fix to this one; NaN where there is none before it. Shape (n,).
    impossible
        True where the fix cannot be reached from the believed ones. Shape (n,).
    pieces
        Index arrays into the above, two or more believed fixes each: the lines that may be drawn.
    kilometres, hours
        Length of the pieces on the ellipsoid, and the time they took.
    """

    time: Floats
    lon: Floats
    lat: Floats
    speed_kmh: Floats
    impossible: Bools
    pieces: tuple[Ints, ...]
    kilometres: float
    hours: float


def distance_m(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Geodesic distance in metres between points in degrees on WGS 84; the arguments broadcast."""
    a, b, c, d = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (lon1, lat1, lon2, lat2)))
    return np.asarray(_GEOD.inv(a, b, c, d)[2], dtype=np.float64)


def one_fix_per_time(time: ArrayLike, lon: ArrayLike, lat: ArrayLike) -> Ints:
    """Indices that put fixes in order of time and keep one of those that share a time.

    Of several the most western, then the most southern is kept, so that the answer does not depend on the
    order of the rows.
    """
    t, x, y = (np.asarray(v, dtype=np.float64) for v in (time, lon, lat))
    order = np.lexsort((y, x, t))
    first = np.ones(order.size, dtype=np.bool_)
    first[1:] = np.diff(t[order]) > 0
    return order[first]


def believe(time: Floats, lon: Floats, lat: Floats, max_speed_kmh: float = MAX_SPEED_KMH) -> Bools:
    """Which fixes belong to the longest story in which every step is possible.

    A jump out and back leaves out the fix that jumped, not its good neighbours; a wrong first fix (a receiver
    that starts cold) leaves out that one, not all that follow. A step is possible when it is no longer than
    the distance at ``max_speed_kmh`` plus `NOISE_M`.

    Parameters
    ----------
    time, lon, lat
        Seconds, rising without repetition, and degrees. Shape (n,).

    Returns
    -------
    Booleans of shape (n,), True where the fix is believed.

    Notes
    -----
    Fixes are first cut into runs in which each step is possible. The best chain of runs is then found by
    dynamic programming over the number of fixes; a run may be entered late, at its first fix that can be
    reached. On a tie the earlier run wins.
    """
    n = time.size
    believed = np.ones(n, dtype=np.bool_)
    if n < 2:
        return believed
    metres_per_s = max_speed_kmh / 3.6
    step = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    breaks = np.flatnonzero(step > np.diff(time) * metres_per_s + NOISE_M) + 1
    if breaks.size == 0:
        return believed
    starts = np.concatenate(([0], breaks))
    ends = np.concatenate((breaks, [n])) - 1
    score = (ends - starts + 1).astype(np.int64)
    entered = starts.copy()
    before = np.full(starts.size, -1, dtype=np.int64)
    for run in range(1, starts.size):
        here = slice(int(starts[run]), int(ends[run]) + 1)
        best = int(score[run])
        for earlier in range(run - 1, max(-1, run - 1 - LOOK_BACK), -1):
            last = ends[earlier]
            if score[earlier] + (ends[run] - starts[run] + 1) <= best:
                continue
            reach = (time[here] - time[last]) * metres_per_s + NOISE_M
            possible = distance_m(lon[last], lat[last], lon[here], lat[here]) <= reach
            if not possible.any():
                continue
            at = int(starts[run]) + int(np.argmax(possible))
            gain = int(score[earlier]) + int(ends[run]) - at + 1
            if gain > best:
                best, before[run], entered[run] = gain, earlier, at
        score[run] = best
    believed[:] = False
    run = int(np.argmax(score))
    while run >= 0:
        believed[entered[run] : ends[run] + 1] = True
        run = int(before[run])
    return believed


def make_track(
    time: ArrayLike,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    max_speed_kmh: float = MAX_SPEED_KMH,
    gap_s: float = GAP_S,
) -> Track:
    """Order fixes, mark the impossible ones, and cut the line there and at gaps.

    Parameters
    ----------
    time, lon, lat
        Seconds since 1970 UTC and degrees (WGS 84), any order, finite. Shape (n,), n may be 0.
    """
    order = one_fix_per_time(time, lon, lat)
    t, x, y = (np.asarray(v, dtype=np.float64)[order] for v in (time, lon, lat))
    believed = believe(t, x, y, max_speed_kmh)
    speed = _speed_from_last_believed(t, x, y, believed)
    pieces = _pieces(t, believed, gap_s)
    metres = sum(float(distance_m(x[p[:-1]], y[p[:-1]], x[p[1:]], y[p[1:]]).sum()) for p in pieces)
    seconds = sum(float(t[p[-1]] - t[p[0]]) for p in pieces)
    return Track(t, x, y, speed, ~believed, pieces, metres / 1000, seconds / 3600)


def _speed_from_last_believed(t: Floats, x: Floats, y: Floats, believed: Bools) -> Floats:
    speed = np.full(t.size, np.nan)
    last = np.maximum.accumulate(np.where(believed, np.arange(t.size), -1))
    previous = np.concatenate(([-1], last[:-1]))[: t.size].astype(np.intp)
    known = previous >= 0
    at = previous[known]
    metres = distance_m(x[at], y[at], x[known], y[known])
    speed[known] = metres / (t[known] - t[at]) * 3.6
    return speed


def _pieces(t: Floats, believed: Bools, gap_s: float) -> tuple[Ints, ...]:
    kept = np.flatnonzero(believed)
    if kept.size < 2:
        return ()
    cut = (np.diff(kept) > 1) | (np.diff(t[kept]) > gap_s)
    return tuple(p for p in np.split(kept, np.flatnonzero(cut) + 1) if p.size > 1)
