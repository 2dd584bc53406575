"""What a plan is made from: demand and candidates of files, distances of a file, or places of the store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse.csgraph import floyd_warshall
from scipy.spatial import KDTree

from geo.analysis.arrays import Bools, Floats
from geo.analysis.plane import Plane
from geo.analysis.siting.cover import Cover
from geo.crs import REGION
from geo.errors import AnalysisRefused, FileRefused
from geo.ingest.encodings import decode
from geo.ingest.points import Points, read_points
from geo.ingest.problems import quoted

__all__ = ["Columns", "Inputs", "of_distances", "of_files", "of_places"]

FAR_AWAY = 500_000.0
"""Metres from all demand beyond which a candidate is taken for a mistake."""
OWN_NAMES = ("id", "code", "name")
YES, NO = {"1", "1.0", "true", "yes", "y"}, {"", "0", "0.0", "false", "no", "n"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns: the first of demand, the others of candidates; empty where there is none."""

    weight: str = ""
    fixed: str = ""
    forced: str = ""
    forbidden: str = ""
    district: str = ""
    cost: str = ""
    staff: str = ""
    capacity: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Demand and candidates.

    Attributes
    ----------
    demand, sites
        Metres on one plane, shape (m, 2) and (n, 2); nothing where only distances are known.
    costs
        Shape (m, n), or nothing: straight lines.
    weight
        Shape (m,).
    names
        The candidates' own, shape (n,), or nothing.
    fixed, forced, forbidden, district, cost, staff, capacity
        Of the candidates, shape (n,), or nothing.
    number
        How many sites a file of distances asks for.
    cover
        Who covers what, where that is known already, for example by road.
    """

    weight: Floats
    demand: Floats | None = None
    sites: Floats | None = None
    costs: Floats | None = None
    names: npt.NDArray[np.object_] | None = None
    fixed: Bools | None = None
    forced: Bools | None = None
    forbidden: Bools | None = None
    district: npt.NDArray[np.object_] | None = None
    cost: Floats | None = None
    staff: Floats | None = None
    capacity: Floats | None = None
    number: int | None = None
    cover: Cover | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of demand rows and of candidates."""
        given = self.costs if self.costs is not None else self.sites
        assert given is not None
        return len(self.weight), int(given.shape[1] if self.costs is not None else len(given))


def of_files(demand: Path, candidates: Path, columns: Columns, *, planar: bool | None) -> Inputs:
    """Demand and candidates of two files of points.

    Raises
    ------
    FileRefused, AnalysisRefused
        As `read_points`; ``siting.no_demand``, ``siting.no_candidates``, ``siting.coordinates_differ``, ``siting.far_away``,
        ``siting.outside``, ``siting.mark``.
    """
    wanted = _read(demand, "siting.no_demand", planar, columns.weight)
    places = _read(candidates, "siting.no_candidates", planar, "")
    if (wanted.plane is None) != (places.plane is None):
        raise AnalysisRefused("siting.coordinates_differ", demand=demand.name, candidates=candidates.name)
    at, where = np.column_stack([wanted.x, wanted.y]), np.column_stack([places.x, places.y])
    if wanted.plane is not None and places.plane is not None:
        degrees = [np.column_stack(p.plane.degrees(p.x, p.y)) for p in (wanted, places) if p.plane is not None]
        _inside_region(*degrees)
        plane = Plane.around(*np.concatenate(degrees).T)
        at, where = (np.column_stack(plane.metres(*one.T)) for one in degrees)
    _near(at, where)
    weight = np.ones(len(at)) if wanted.value is None else wanted.value
    return _marked(Inputs(weight, at, where), places.rows, columns)


def of_distances(path: Path, demand: Path | None, candidates: Path | None, columns: Columns) -> Inputs:
    """Distances of a file: a CSV with columns demand, candidate, distance, or a network as the OR-Library writes it.

    The CSV names rows by their own names (column id, code or name of the two files), else by their numbers from 0;
    without files for them in the order in which they come. Pairs that are missing cannot be reached. In a network every
    vertex is demand of weight 1 and a candidate, and the file's first line says how many sites are asked for.

    Raises
    ------
    FileRefused
        ``file.not_found``, ``analysis.file_unreadable``.
    AnalysisRefused
        ``analysis.columns``, ``siting.unknown_name``, as `of_files`.
    """
    if not path.is_file():
        raise FileRefused("file.not_found", name=str(path))
    text, _ = decode(path.read_bytes())
    head = text.split("\n", 1)[0]
    if len(head.split()) == 3 and all(word.isdigit() for word in head.split()):
        return _network(path, text)
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    names = {str(name).strip().lower(): str(name) for name in table.columns}
    if not {"demand", "candidate", "distance"} <= names.keys():
        raise AnalysisRefused(
            "analysis.columns", wanted="demand, candidate, distance", seen=", ".join(map(str, table.columns))
        )
    distance = pd.to_numeric(table[names["distance"]], errors="coerce").to_numpy(dtype=np.float64)
    if (bad := ~np.isfinite(distance)).any():
        at = int(bad.argmax())
        raise AnalysisRefused(
            "analysis.value_unreadable",
            row=at + 1,
            column="distance",
            value=quoted(table[names["distance"]].iloc[at]),
        )
    wanted = None if demand is None else _read(demand, "siting.no_demand", None, columns.weight)
    places = None if candidates is None else _read(candidates, "siting.no_candidates", None, "")
    row, rows, _ = _positions(table[names["demand"]], wanted)
    column, sites, own = _positions(table[names["candidate"]], places)
    costs = np.full((rows, sites), np.inf)
    costs[row, column] = distance
    weight = np.ones(rows) if wanted is None or wanted.value is None else wanted.value
    given = Inputs(weight, costs=costs, names=own)
    return given if places is None else _marked(given, places.rows, columns)


def of_places(demand: Points, candidates: pd.DataFrame) -> Inputs:
    """Incidents and candidates of the store: each incident weighs 1, open checkpoints are kept.

    Parameters
    ----------
    candidates
        Columns ``code``, ``district_code``, ``lon``, ``lat``, ``existing``.

    Raises
    ------
    AnalysisRefused
        ``siting.no_demand``, ``siting.no_candidates``.
    """
    if not len(demand) or demand.plane is None:
        raise AnalysisRefused("siting.no_demand")
    if candidates.empty:
        raise AnalysisRefused("siting.no_candidates")
    return Inputs(
        np.ones(len(demand)),
        np.column_stack([demand.x, demand.y]),
        np.column_stack(demand.plane.metres(candidates.lon, candidates.lat)),
        names=candidates.code.to_numpy(dtype=object),
        fixed=candidates.existing.to_numpy(dtype=np.bool_),
        district=candidates.district_code.fillna("").to_numpy(dtype=object),
    )


def _read(path: Path, nothing: str, planar: bool | None, value: str) -> Points:
    try:
        return read_points(path, planar=planar, value_column=value)
    except AnalysisRefused as refused:
        if refused.code == "analysis.no_points":
            raise AnalysisRefused(nothing) from refused
        raise


def _inside_region(*places: Floats) -> None:
    """Refuse single places outside the region where the others lie inside it."""
    west, south, east, north = REGION
    inside = [(west <= lon) & (lon <= east) & (south <= lat) & (lat <= north) for lon, lat in (one.T for one in places)]
    if not any(one.any() for one in inside):
        return
    for what, one, within in zip(("demand", "candidates"), places, inside, strict=True):
        if not within.all():
            at = int((~within).argmax())
            raise AnalysisRefused(
                f"siting.outside_{what}", row=at + 1, lon=round(float(one[at, 0]), 5), lat=round(float(one[at, 1]), 5)
            )


def _near(demand: Floats, sites: Floats) -> None:
    """Refuse a candidate that lies farther from all demand than the demand reaches across."""
    away, _ = KDTree(demand).query(sites)
    across = float(np.hypot(*np.ptp(demand, axis=0)))
    if away.max() > max(FAR_AWAY, across):
        at = int(away.argmax())
        raise AnalysisRefused("siting.far_away", row=at + 1, kilometres=float(away[at]) / 1000)


def _marked(given: Inputs, rows: pd.DataFrame, columns: Columns) -> Inputs:
    found: dict[str, Any] = {}
    for what in ("fixed", "forced", "forbidden"):
        if name := getattr(columns, what):
            found[what] = _marks(_column(rows, name), name)
    for what in ("cost", "staff", "capacity"):
        if name := getattr(columns, what):
            found[what] = _numbers(_column(rows, name), name)
    if columns.district:
        found["district"] = _column(rows, columns.district).astype(str).str.strip().to_numpy(dtype=object)
    return replace(given, names=_own_names(rows) if given.names is None else given.names, **found)


def _column(rows: pd.DataFrame, name: str) -> pd.Series[Any]:
    for column in rows.columns:
        if str(column).strip().lower() == name.strip().lower():
            return rows[column]
    raise AnalysisRefused("analysis.no_column", column=name, seen=", ".join(map(str, rows.columns)) or "-")


def _own_names(rows: pd.DataFrame) -> npt.NDArray[np.object_] | None:
    names = {str(column).strip().lower(): column for column in reversed(list(rows.columns))}
    for name in OWN_NAMES:
        if name in names:
            return rows[names[name]].fillna("").astype(str).str.strip().to_numpy(dtype=object)
    return None


def _marks(column: pd.Series[Any], name: str) -> Bools:
    said = column.fillna("").astype(str).str.strip().str.lower()
    yes = said.isin(YES)
    if (odd := ~(yes | said.isin(NO))).any():
        at = int(odd.to_numpy().argmax())
        raise AnalysisRefused("siting.mark", row=at + 1, column=name, value=quoted(str(column.iloc[at])))
    return yes.to_numpy(dtype=np.bool_)


def _numbers(column: pd.Series[Any], name: str) -> Floats:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    if (bad := ~np.isfinite(numbers)).any():
        at = int(bad.argmax())
        raise AnalysisRefused("analysis.value_unreadable", row=at + 1, column=name, value=quoted(str(column.iloc[at])))
    return numbers


def _positions(
    column: pd.Series[Any], known: Points | None
) -> tuple[npt.NDArray[np.integer[Any]], int, npt.NDArray[np.object_] | None]:
    """Where the names of a column stand, how many there are, and their own names."""
    said = column.astype(str).str.strip()
    if known is None:
        codes, found = pd.factorize(said)
        return codes, len(found), np.asarray(found, dtype=object)
    own = _own_names(known.rows)
    names = np.arange(len(known)).astype(str).astype(object) if own is None else own
    at = pd.Index(names).get_indexer(pd.Index(said)) if pd.Index(names).is_unique else None
    if at is None:
        raise AnalysisRefused("siting.names_twice")
    if (at < 0).any():
        raise AnalysisRefused("siting.unknown_name", name=quoted(said.iloc[int((at < 0).argmax())]))
    return at, len(names), own


def _network(path: Path, text: str) -> Inputs:
    """The p-median files of the OR-Library: an edge that comes again replaces the one before; then shortest paths."""
    try:
        numbers = np.array(text.split(), dtype=np.float64)
        n, m, p = (int(number) for number in numbers[:3])
        edges = numbers[3:].reshape(m, 3)
        ends = edges[:, :2].astype(np.int64) - 1
        costs = np.full((n, n), np.inf)
        np.fill_diagonal(costs, 0.0)
        for (i, j), cost in zip(ends, edges[:, 2], strict=True):
            costs[i, j] = costs[j, i] = cost
    except (ValueError, IndexError) as wrong:
        raise FileRefused(
            "analysis.file_unreadable", file=path.name, kind="OR-Library", reason=str(wrong)[:120]
        ) from wrong
    # What is called 1 in the file is called 1 in the answer's names; row numbers begin at 0 as everywhere.
    names = (np.arange(n) + 1).astype(str).astype(object)
    return Inputs(np.ones(n), costs=floyd_warshall(costs), names=names, number=p)
