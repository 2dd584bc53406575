"""Lines of roads as a network: places where roads meet, and the pieces of road between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from geo.analysis.arrays import Bools, Floats, Ints
from geo.errors import AnalysisRefused

__all__ = ["Network", "network"]

SAME = 1e7
"""Vertices are one where they agree to a ten-millionth of a degree, a centimetre: as OpenStreetMap keeps them."""
LONGEST = 0.005
"""Degrees, some 550 m: longer pieces get a place in between, so that what lies beside a long road finds one near."""
_ELLIPSOID = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Places and the pieces of road between them.

    Attributes
    ----------
    lon, lat
        Of the places, degrees (WGS 84), shape (n,).
    first, last
        Places that a piece leads from and to, shape (m,).
    metres
        Length of each piece on the ellipsoid, shape (m,).
    line
        Which of the lines each piece is of, shape (m,).
    shape
        The pieces, LineStrings in degrees, shape (m,).
    """

    lon: Floats
    lat: Floats
    first: Ints
    last: Ints
    metres: Floats
    line: Ints
    shape: npt.NDArray[np.object_]

    def only(self, kept: Bools) -> Network:
        """Of the places (shape (n,)) only some, with the pieces that have both ends there; places of no piece go too."""
        pieces = kept[self.first] & kept[self.last]
        used = np.zeros(len(self.lon), dtype=np.bool_)
        used[self.first[pieces]] = used[self.last[pieces]] = True
        number = np.cumsum(used) - 1
        return Network(
            self.lon[used],
            self.lat[used],
            number[self.first[pieces]],
            number[self.last[pieces]],
            self.metres[pieces],
            self.line[pieces],
            self.shape[pieces],
        )

    def connected(self) -> tuple[int, float]:
        """Parts that no piece connects, whichever way it is driven, and the share of the places in the largest."""
        n = len(self.lon)
        table = sparse.coo_array((np.ones(len(self.first)), (self.first, self.last)), shape=(n, n))
        parts, of = connected_components(table, directed=False)
        return int(parts), float(np.bincount(of).max() / n)


def network(lines: npt.NDArray[np.object_]) -> Network:
    """Split lines where they share a vertex; lines that only cross, as on a bridge, do not meet.

    Parameters
    ----------
    lines
        LineStrings in degrees (WGS 84), shape (k,).

    Raises
    ------
    AnalysisRefused
        ``roads.no_lines``: none has a length.
    """
    at, of = shapely.get_coordinates(shapely.segmentize(lines, LONGEST), return_index=True)
    key = np.round(at * SAME).astype(np.int64)
    again = np.zeros(len(at), dtype=np.bool_)
    again[1:] = (of[1:] == of[:-1]) & (key[1:] == key[:-1]).all(axis=1)
    at, of, key = at[~again], of[~again], key[~again]
    if len(at) < 2:
        raise AnalysisRefused("roads.no_lines", n=len(lines))
    _, where, inverse, times = np.unique(key, axis=0, return_index=True, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    begins = np.append(True, of[1:] != of[:-1])
    ends = np.append(begins[1:], True)
    step = np.append(0.0, _ELLIPSOID.inv(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1])[2])
    step[begins] = 0.0
    along = np.cumsum(step)
    stops = np.flatnonzero(begins | ends | (times[inverse] > 1) | _between(at, of))
    one, two = stops[:-1], stops[1:]
    pieces = (of[one] == of[two]) & (inverse[one] != inverse[two])
    one, two = one[pieces], two[pieces]
    if not len(one):
        raise AnalysisRefused("roads.no_lines", n=len(lines))
    places, number = np.unique(np.concatenate([inverse[one], inverse[two]]), return_inverse=True)
    size = two - one + 1
    offset = np.repeat(one - (np.cumsum(size) - size), size)
    shapes = shapely.linestrings(at[np.arange(size.sum()) + offset], indices=np.repeat(np.arange(len(one)), size))
    first = at[where[places]]
    return Network(
        first[:, 0],
        first[:, 1],
        number[: len(one)],
        number[len(one) :],
        along[two] - along[one],
        of[one].astype(np.int64),
        np.asarray(shapes, dtype=object),
    )


def _between(at: Floats, of: npt.NDArray[np.integer]) -> Bools:
    """Vertices at which a line has gone on for another `LONGEST`, shape (vertices,)."""
    step = np.append(0.0, np.hypot(*np.diff(at, axis=0).T))
    step[np.append(True, of[1:] != of[:-1])] = 0.0
    along = np.cumsum(step)
    begin = np.append(True, of[1:] != of[:-1])
    since = along - np.maximum.accumulate(np.where(begin, along, 0.0))
    leg = np.floor(since / LONGEST)
    return np.append(False, (leg[1:] != leg[:-1]) & (of[1:] == of[:-1]))
