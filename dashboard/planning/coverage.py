"""Coverage as it stands: worked out from the store by a process beside the page's, one answer for equal questions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from dashboard.jobs import Job, Worker
from dashboard.planning.demand import DemandAsked, demand
from dashboard.planning.found import CELL_M
from dashboard.planning.reach import Reach, covered, network_of, posts_near
from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.coverage import Coverage, intensity, shares
from geo.analysis.plane import BORDER, Plane
from geo.analysis.roads import Roads, off_road
from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused
from geo.model import Scope
from geo.queries.border_passes import segments
from geo.queries.checkpoints import checkpoint_list
from geo.queries.patrol_tracks import tracks_since

if TYPE_CHECKING:
    from geo.analysis.simulation import Cancelled

__all__ = ["BASES", "Asked", "CoverFound", "Squares", "forget", "look", "run"]

BASES = ("incidents", "hotspots", "border")
"""What is to be covered: incidents by weight; the same where many lie together counting more; each kilometre of border alike."""
NEAR_SECTION_M = 25_000.0
"""An incident farther from the border than this is of no section."""
KEPT = 16
LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks what, of which state of the data: equal ones have one answer.

    Attributes
    ----------
    days
        Patrols of the last so many days count.
    """

    scope: Scope
    demand: DemandAsked
    reach: Reach
    basis: str
    days: int
    version: str


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """Demand in squares of a kilometre: middles (metres), weight, number of rows, share covered once and twice; shape (n,)."""

    x: Floats
    y: Floats
    weight: Floats
    count: Ints
    once: Floats
    twice: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CoverFound:
    """Coverage as it stands.

    Attributes
    ----------
    share, twice
        Of the demand's weight, 0 to 1.
    demand, rows
        Weight of the demand, and how many incidents or pieces of border it is.
    posts, tracks
        Open checkpoints, and patrols that count.
    km, alone_km
        Of border, and of that without a checkpoint within reach and without a patrol in the days.
    by_district, by_section, by_type
        As `geo.analysis.coverage.shares`; sections by ``district`` and ``neighbour`` in their index. No types of border.
    sections
        Of each section: ``district``, ``neighbour``, ``km``, ``alone_km``.
    alone
        Lines (WGS 84) of those kilometres.
    squares
        For the map.
    off_road
        Share of the demand's weight (0 to 1) that no road comes near; 0 in a straight line.
    """

    share: float
    twice: float
    demand: float
    rows: int
    posts: int
    tracks: int
    km: float
    alone_km: float
    by_district: pd.DataFrame
    by_section: pd.DataFrame
    by_type: pd.DataFrame | None
    sections: pd.DataFrame
    alone: tuple[Any, ...]
    squares: Squares
    as_of: datetime
    off_road: float = 0.0


def run(connection: Any, asked: Asked, now: datetime) -> CoverFound:
    """Work it out, with the rights that the connection has.

    Raises
    ------
    AnalysisRefused
        ``siting.no_demand``, ``siting.no_weight``, ``siting.negative_weight``, ``coverage.no_border``, ``roads.none``.
    """
    plane, scope = Plane(*BORDER), asked.scope
    net = network_of(connection, asked.reach)
    mine = set(asked.demand.districts)
    posts = checkpoint_list(connection, scope, now.date())
    posts = posts[(posts.status == "active") & posts.lon.notna()]
    tracks = tracks_since(connection, scope, now - timedelta(days=asked.days), now)
    pieces = segments(connection, scope, now, now - timedelta(days=asked.days))
    pieces = pieces[pieces.district.isin(mine)] if mine else pieces
    ways = list(plane.shapes_to_metres(np.array(tracks, dtype=object))) if tracks else []
    site_x, site_y = plane.metres(posts.lon.astype(float), posts.lat.astype(float))
    px, py = _middles(pieces, plane)
    kind = None
    if asked.basis == "border":
        if pieces.empty:
            raise AnalysisRefused("coverage.no_border")
        x, y, weight = px, py, pieces.km.to_numpy(dtype=np.float64)
        district = pieces.district.to_numpy(dtype=object)
    else:
        wanted = demand(connection, scope, asked.demand)
        if not len(wanted.x):
            raise AnalysisRefused("siting.no_demand")
        x, y, weight, kind, district = wanted.x, wanted.y, wanted.weight, wanted.crime_type, wanted.district_code
        if asked.basis == "hotspots" and weight.sum() > 0:
            weight = intensity(x, y, weight)
    found = covered(x, y, weight, site_x, site_y, asked.reach, net, ways)
    alone = _alone(pieces, px, py, np.column_stack([site_x, site_y]), asked, net)
    section = _section(x, y, px, py, pieces)
    return CoverFound(
        share=found.share(),
        twice=found.share(2),
        demand=found.total,
        rows=len(x),
        posts=len(posts),
        tracks=len(tracks),
        km=float(pieces.km.sum()),
        alone_km=float(pieces.km[alone].sum()),
        by_district=shares(found, district),
        by_section=shares(found, section),
        by_type=None if kind is None else shares(found, kind),
        sections=_sections(pieces, alone),
        alone=tuple(pieces.line[alone]),
        squares=_squares(x, y, found),
        as_of=now,
        off_road=0.0 if net is None else float(found.weight[off_road(net, x, y)].sum() / found.total),
    )


def _middles(pieces: pd.DataFrame, plane: Plane) -> tuple[Floats, Floats]:
    at = [line.interpolate(0.5, normalized=True) for line in pieces.line]
    return plane.metres([one.x for one in at], [one.y for one in at])


def _alone(pieces: pd.DataFrame, px: Floats, py: Floats, sites: Floats, asked: Asked, net: Roads | None) -> Bools:
    """Pieces with no checkpoint within reach of their middle and no patrol in the days, shape (pieces,)."""
    lately = pieces.hours.to_numpy(dtype=np.float64) <= 24.0 * asked.days
    if not len(pieces) or not len(sites):
        return ~lately
    if net is not None:
        return np.asarray((posts_near(px, py, sites[:, 0], sites[:, 1], asked.reach, net) == 0) & ~lately)
    away, _ = KDTree(sites).query(np.column_stack([px, py]))
    return np.asarray((away > asked.reach.metres) & ~lately)


def _section(x: Floats, y: Floats, px: Floats, py: Floats, pieces: pd.DataFrame) -> Any:
    """Section of the nearest piece of border of each place; nothing where none is near."""
    found = np.full(len(x), None, dtype=object)
    if len(pieces):
        away, at = KDTree(np.column_stack([px, py])).query(np.column_stack([x, y]))
        near = away <= NEAR_SECTION_M
        found[near] = pieces.section.to_numpy(dtype=object)[at[near]]
    return found


def _sections(pieces: pd.DataFrame, alone: Bools) -> pd.DataFrame:
    kept = pieces.assign(alone_km=np.where(alone, pieces.km, 0.0))
    return kept.groupby("section").agg(
        district=("district", "first"), neighbour=("neighbour", "first"), km=("km", "sum"), alone_km=("alone_km", "sum")
    )


def _squares(x: Floats, y: Floats, found: Coverage) -> Squares:
    at = np.floor(np.column_stack([x, y]) / CELL_M).astype(np.int64)
    places, inverse = np.unique(at, axis=0, return_inverse=True)
    inverse = inverse.ravel()
    weight = np.asarray(np.bincount(inverse, weights=found.weight), dtype=np.float64)
    safe = np.where(weight > 0, weight, 1.0)

    def share(times: int) -> Floats:
        return np.asarray(np.bincount(inverse, weights=found.weight * (found.times >= times)) / safe)

    middles = (places.astype(np.float64) + 0.5) * CELL_M
    return Squares(middles[:, 0], middles[:, 1], weight, np.bincount(inverse), share(1), share(2))


# ---------------------------------------------------------------- beside the page
def _answer(asked: Asked, _progress: Any, _cancelled: Cancelled) -> CoverFound:
    from dashboard import store

    with store.reading(asked.scope, patient=True) as connection:
        return run(connection, asked, datetime.now(ZoneInfo(TIMEZONE)))


_lock = threading.Lock()
_kept: OrderedDict[Asked, Job[CoverFound]] = OrderedDict()
worker = Worker("coverage", nice=2)


def look(asked: Asked, wait_s: float = 4.0) -> CoverFound | None:
    """The answer, at once where it was asked before; nothing while it is worked out.

    Raises
    ------
    AnalysisRefused
        As `run`.
    JobFailed, DatabaseUnavailable
        It was cut off, or could not be read; asked again it is tried again.
    """
    with _lock:
        if asked not in _kept:
            _kept[asked] = worker.submit(_answer, asked, limit_s=LIMIT_S)
        _kept.move_to_end(asked)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        job = _kept[asked]
    try:
        return job.result(wait_s)
    except TimeoutError:
        if not job.ended:
            return None
        raise
    except AnalysisRefused:
        raise
    except Exception:
        with _lock:
            if _kept.get(asked) is job:
                del _kept[asked]
        raise


def forget() -> None:
    """Forget every answer and end the worker: the store is another one."""
    with _lock:
        _kept.clear()
    worker.end()
