"""Work out a question from the store: the one way for page and command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from dashboard.plan_inputs import Inputs
from dashboard.plan_methods import Plan, planned
from dashboard.planning.candidates import COLUMNS, candidates
from dashboard.planning.demand import Demand, demand
from dashboard.planning.found import CELL_M, Cells, Found, Site
from dashboard.planning.question import Chosen, PlanQuestion
from dashboard.planning.reach import cover as cover_by
from dashboard.planning.reach import every_way, network_of
from geo.analysis.plane import BORDER, Plane
from geo.analysis.simulation import Cancelled
from geo.analysis.siting.answer import Answer
from geo.analysis.siting.cover import Cover
from geo.errors import AnalysisRefused
from geo.model import Scope
from geo.queries.site_places import districts_of

__all__ = ["run"]

MOST_CELLS = 5000
GIVEN = "given"
"""Status of an answer whose sites a person settled on."""

Heard = Callable[[Found], object]
"""Called with the first answer at once, then with better ones."""


def run(
    connection: Any,
    scope: Scope,
    question: PlanQuestion,
    now: datetime,
    heard: Heard | None = None,
    cancelled: Cancelled | None = None,
) -> Found:
    """The answer, with the rights that the connection has.

    Raises
    ------
    AnalysisRefused
        Of demand, candidates and rules; ``siting.nothing_given``, ``siting.no_demand``, ``siting.infeasible``, ``siting.not_found``, ``roads.none``.
    """
    if question.given == ():
        raise AnalysisRefused("siting.nothing_given")
    wanted = demand(connection, scope, question.demand)
    if not len(wanted.x):
        raise AnalysisRefused("siting.no_demand")
    places = _places(connection, scope, question, now)
    net = network_of(connection, question.reach)
    cover = cover_by(
        wanted.x, wanted.y, places.x.to_numpy(dtype=np.float64), places.y.to_numpy(dtype=np.float64), question.reach, net,
        wanted.weight,
    )  # fmt: skip
    inputs, plan = _inputs(wanted, places, cover, question), _plan(question)
    guessed = None
    if net is not None and question.method == "pmedian":
        site_x, site_y = (places[axis].to_numpy(dtype=np.float64) for axis in ("x", "y"))
        costs, guessed = every_way(wanted.x, wanted.y, site_x, site_y, question.reach, net)
        inputs = replace(inputs, costs=costs)

    def report(answer: Answer) -> None:
        if heard is not None and answer.found:
            heard(_partial(answer, places, cover, now, limited=inputs.capacity is not None))

    told = planned(inputs, plan, report, cancelled)
    if told["objective"] is None:
        raise AnalysisRefused(f"siting.{told['status']}")
    if question.given is not None:
        # Nothing was chosen, so nothing is the best of anything, and there is no next site.
        told |= {"status": GIVEN, "bound": None, "gap": None, "curve": []}
    remarks = tuple((str(key), params) for key, params in told.pop("remarks"))
    if net is not None:
        told |= {"distance": question.reach.mode, "radius": question.reach.limit}
    sites = _sites(told, places)
    chosen = np.array([at for at, _ in sites], dtype=np.int64)
    if guessed is not None and inputs.costs is not None:
        remarks = (*remarks, *_estimated(inputs, guessed, chosen))
    return Found(told, tuple(site for _, site in sites), _cells(wanted, cover, chosen), now, remarks)


def _estimated(
    inputs: Inputs, guessed: np.ndarray[Any, Any], chosen: np.ndarray[Any, Any]
) -> tuple[tuple[str, dict[str, Any]], ...]:
    """How much of the demand has a way to its nearest site that is an estimate; nothing where all ways are along roads."""
    assert inputs.costs is not None
    nearest = chosen[inputs.costs[:, chosen].argmin(axis=1)]
    share = float(inputs.weight[guessed[np.arange(len(nearest)), nearest]].sum() / inputs.weight.sum())
    return (("roads.estimated", {"share": share}),) if share > 0 else ()


def _places(connection: Any, scope: Scope, question: PlanQuestion, now: datetime) -> pd.DataFrame:
    """Candidates with what they cost where that is limited; of sites that are given, these beside the open checkpoints."""
    places = _candidates(connection, scope, question, now)
    new = ~places.existing.to_numpy(dtype=np.bool_)
    for name, limit, usual in (
        ("cost", question.budget, question.cost_each),
        ("staff", question.staff, question.staff_each),
    ):
        if limit is not None:
            places[name] = pd.to_numeric(places[name]).mask(pd.to_numeric(places[name]).isna() & new, usual)
    return places


def _candidates(connection: Any, scope: Scope, question: PlanQuestion, now: datetime) -> pd.DataFrame:
    sources, districts = question.sources, question.demand.districts
    if question.given is None:
        return candidates(connection, scope, districts, sources, now.date())
    kept = replace(sources, crossings=False, planned=False, grid=False, own=())
    try:
        there = candidates(connection, scope, districts, kept, now.date())
    except AnalysisRefused as refused:
        if refused.code != "siting.no_candidates":
            raise
        there = pd.DataFrame(columns=list(COLUMNS))
    return _with_given(connection, there, question.given)


def _with_given(connection: Any, there: pd.DataFrame, given: Sequence[Chosen]) -> pd.DataFrame:
    rows = pd.DataFrame(
        [
            {
                "code": one.code, "name": one.name, "name_en": one.name, "kind": one.kind, "source": "given",
                "lon": one.lon, "lat": one.lat, "existing": False, "cost": one.cost, "staff": one.staff, "mark": "forced",
            }
            for one in given
        ],
        columns=list(COLUMNS),
    )  # fmt: skip
    rows["x"], rows["y"] = Plane(*BORDER).metres(rows.lon.astype(float), rows.lat.astype(float))
    rows["district_code"] = districts_of(connection, [(one.lon, one.lat) for one in given])
    rows["moved"] = [one.moved for one in given]
    rows["role"] = [one.role for one in given]
    rows["checkpoint"] = [one.checkpoint for one in given]
    return pd.concat([part for part in (there, rows) if len(part)], ignore_index=True) if len(rows) else there


def _inputs(wanted: Demand, places: pd.DataFrame, cover: Cover, question: PlanQuestion) -> Inputs:
    def numbers(name: str, usual: float) -> np.ndarray[Any, Any]:
        return pd.to_numeric(places[name]).fillna(usual).to_numpy(dtype=np.float64)

    capacity = None
    if question.method == "mclp":
        if question.capacity_each is not None:
            capacity = numbers("capacity", question.capacity_each)
        elif places.capacity.notna().any():
            capacity = numbers("capacity", float(wanted.weight.sum()))
    return Inputs(
        wanted.weight,
        np.column_stack([wanted.x, wanted.y]),
        places[["x", "y"]].to_numpy(dtype=np.float64),
        names=places.code.to_numpy(dtype=object),
        fixed=places.existing.to_numpy(dtype=np.bool_),
        forced=((places.mark == "forced") | places.code.isin(question.forced)).to_numpy(dtype=np.bool_),
        forbidden=((places.mark == "forbidden") | places.code.isin(question.forbidden)).to_numpy(dtype=np.bool_)
        & ~places.existing.to_numpy(dtype=np.bool_),
        district=places.district_code.astype(object).where(places.district_code.notna(), "").to_numpy(dtype=object),
        cost=numbers("cost", question.cost_each),
        staff=numbers("staff", question.staff_each),
        capacity=capacity,
        cover=cover,
    )


def _plan(question: PlanQuestion) -> Plan:
    if question.given is not None:
        # All of them are forced: what is left to work out is what they cover.
        method = "mclp" if question.method == "lscp" else question.method
        return Plan(method, len(question.given), question.reach.metres, explain=True)
    return Plan(
        question.method,
        question.number,
        question.reach.metres,
        question.share,
        question.time_limit,
        question.least_each,
        question.budget,
        question.staff,
        explain=True,
    )


def _partial(answer: Answer, places: pd.DataFrame, cover: Cover, now: datetime, *, limited: bool) -> Found:
    """The best so far; ``limited``: sites have room for so much only, and within reach is not looked after."""
    told = {
        "objective": answer.value,
        "coverage_share": answer.value / cover.total
        if limited
        else float(cover.weight[cover.counts(answer.sites) > 0].sum() / cover.total),
        "bound": answer.bound if np.isfinite(answer.bound) else None,
        "gap": answer.gap if np.isfinite(answer.gap) else None,
        "status": str(answer.status),
        "seconds": answer.seconds,
    }
    new_first = sorted(answer.sites, key=lambda at: bool(places.existing.iloc[at]))
    sites = tuple(_site(number, places.iloc[at], {}, places) for number, at in enumerate(new_first, 1))
    return Found(told, sites, None, now)


def _sites(told: dict[str, Any], places: pd.DataFrame) -> list[tuple[int, Site]]:
    """Row among the candidates and site: new ones in the order of the explanation, then those that are there already."""
    why = sorted(((int(row["site"]), row) for row in told["explained"]), key=lambda one: bool(one[1]["existing"]))
    return [(at, _site(number, places.iloc[at], row, places)) for number, (at, row) in enumerate(why, 1)]


def _site(number: int, place: Any, why: dict[str, Any], places: pd.DataFrame) -> Site:
    second = int(why.get("second_best", -1))
    other = None if second < 0 else places.iloc[second]

    def figure(name: str) -> float | None:
        value = place[name]
        return None if pd.isna(value) else float(value)

    role = "existing" if place.existing else str(place.get("role") or "")
    if role not in {"existing", "chosen", "forced"}:
        role = "forced" if place["mark"] == "forced" else "chosen"
    return Site(
        number=number,
        code=str(place.code),
        name=str(place["name"]),
        name_en=str(place.name_en),
        district=None if pd.isna(place.district_code) else str(place.district_code),
        kind=str(place.kind),
        source=str(place.source),
        role=role,
        lon=float(place.lon),
        lat=float(place.lat),
        cost=figure("cost"),
        staff=figure("staff"),
        moved=bool(place.get("moved", False)) and place.source == "given",
        checkpoint=_checkpoint(place),
        second_best=None
        if other is None
        else (str(other["name"]), str(other.name_en), float(other.lon), float(other.lat)),
        **{name: why.get(name) for name in ("covers", "adds", "lost", "swap_loss")},
    )


def _checkpoint(place: Any) -> str | None:
    if place.source in {"checkpoint", "planned"}:
        return str(place.code)
    known = place.get("checkpoint")
    return str(known) if isinstance(known, str) else None


def _cells(wanted: Demand, cover: Cover, chosen: np.ndarray[Any, Any]) -> Cells:
    """The heaviest squares, with what each site covers of them."""
    at = np.floor(np.column_stack([wanted.x, wanted.y]) / CELL_M).astype(np.int64)
    places, inverse = np.unique(at, axis=0, return_inverse=True)
    inverse = inverse.ravel()
    weight = np.bincount(inverse, weights=wanted.weight)
    safe = np.where(weight > 0, weight, 1.0)

    def share(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.bincount(inverse, weights=wanted.weight * rows, minlength=len(places)) / safe

    by_site = np.empty((len(places), len(chosen)), dtype=np.float32)
    for column, site in enumerate(chosen):
        by_site[:, column] = share(cover.rows_covered(np.array([site])))
    covered = share(cover.rows_covered(chosen))
    kept = np.sort(np.argsort(-weight, kind="stable")[:MOST_CELLS])
    middle = (places[kept] + 0.5) * CELL_M
    count = np.bincount(inverse, minlength=len(places)).astype(np.int64)
    x, y = np.asarray(middle[:, 0], dtype=np.float64), np.asarray(middle[:, 1], dtype=np.float64)
    return Cells(x, y, np.asarray(weight[kept], dtype=np.float64), count[kept], by_site[kept], covered[kept])
