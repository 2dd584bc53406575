"""The methods of placing checkpoints, on inputs that were read: one summary that can be written as JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.plan_inputs import Inputs
from geo.analysis.arrays import Floats, Ints, positive
from geo.analysis.simulation import Cancelled
from geo.analysis.siting import capacity, fewest, maximal, median_solve
from geo.analysis.siting.answer import Answer, Clock, Report
from geo.analysis.siting.backup import backup
from geo.analysis.siting.cover import Cover, cover_of, cover_within
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.explain import curve, explained
from geo.analysis.siting.explain_capacity import MOST_TRIED, curve_of_capacity, explained_capacity
from geo.analysis.siting.explain_median import curve_of_ways, explained_ways
from geo.analysis.siting.median import Median, median_of, median_within
from geo.analysis.siting.median_solve import LARGE
from geo.analysis.siting.rules import Rules, rules
from geo.errors import AnalysisRefused

__all__ = ["Plan", "planned"]

USUAL_LIMIT, LARGE_LIMIT = 30.0, 8.0
"""Seconds."""
EXPLAIN_S = 5.0
"""Seconds for other places instead of each site, and for the curve, where sites have room for so much only."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked: method, number of new sites, metres, share of the demand, seconds (nothing: as usual), and limits of the rules."""

    method: str
    number: int | None = None
    radius: float | None = None
    share: float = 1.0
    time_limit: float | None = None
    least_each: int = 0
    budget: float | None = None
    staff: float | None = None
    explain: bool = False


def planned(
    given: Inputs, plan: Plan, report: Report | None = None, cancelled: Cancelled | None = None
) -> dict[str, Any]:
    """Solve, and say what was found.

    Raises
    ------
    AnalysisRefused
        What is wrong with the inputs or the rules; ``siting.needs`` (an option is missing), ``siting.time_limit``.
    """
    sites = given.shape[1]
    number = plan.number if plan.number is not None else given.number
    limit = positive("time-limit", _usual_limit(plan, given) if plan.time_limit is None else plan.time_limit)
    if plan.radius is None and plan.method != "pmedian":
        raise AnalysisRefused("analysis.needs", method=plan.method, option="radius", example="10000")
    if plan.method == "lscp":
        number = None
    if given.capacity is not None and plan.method != "mclp":
        raise AnalysisRefused("siting.only_mclp")
    if plan.method != "lscp" and number is None and plan.budget is None and plan.staff is None:
        raise AnalysisRefused("analysis.needs", method=plan.method, option="p", example="5")
    limits = _rules(given, plan, number, sites)
    cover = None if plan.radius is None else _cover(given, plan.radius)
    found: dict[str, Any] = {}
    covering: Covering | None = None
    ways: Median | None = None
    limited: capacity.Capacitated | None = None
    if plan.method == "pmedian":
        ways = (
            median_of(given.costs, limits, given.weight)
            if given.costs is not None
            else median_within(*_columns(given.demand), *_columns(given.sites), limits, given.weight)
        )
        answer = median_solve.solve(ways, limit, report=report, cancelled=cancelled)
        found["mean_distance"] = answer.value / float(given.weight.sum())
    elif plan.method == "lscp":
        assert cover is not None
        asked = fewest.fewest(cover, limits, plan.share)
        answer = fewest.solve(asked, limit, report=report, cancelled=cancelled)
        covering = Covering(cover, limits)
    elif given.capacity is not None:
        assert cover is not None
        limited = capacity.capacitated(cover, limits, given.capacity)
        answer = capacity.solve(limited, limit, report=report, cancelled=cancelled)
    else:
        assert cover is not None
        covering = Covering(cover, limits)
        if plan.method == "backup":
            covering = backup(cover, limits, limit / 4, cancelled=cancelled)
            found = {"everything_once": covering.all_once}
        answer = maximal.solve(covering, limit, report=report, cancelled=cancelled)
    told = _told(given, plan, number, answer, cover) | {name: _plain(value) for name, value in found.items()}
    if plan.explain and answer.found and ways is not None:
        told |= _why_ways(ways, answer)
    elif plan.explain and answer.found and limited is not None:
        told |= _why_limited(limited, answer, number)
    elif plan.explain and answer.found and covering is not None:
        told |= _why(covering, answer, number)
    remarks = _remarks(given)
    if limited is not None and answer.found:
        # Within reach is not looked after: the share that is covered is what the sites have room for.
        remarks.append(("siting.within_reach", {"share": told["coverage_share"], "tried": MOST_TRIED}))
        told["coverage_share"] = answer.value / limited.cover.total
    return told | {"remarks": remarks}


def _usual_limit(plan: Plan, given: Inputs) -> float:
    """Seconds: a large p-median is as good after a few as after thirty."""
    rows, sites = given.shape
    return LARGE_LIMIT if plan.method == "pmedian" and rows * sites > LARGE else USUAL_LIMIT


def _rules(given: Inputs, plan: Plan, number: int | None, sites: int) -> Rules:
    budgets: list[tuple[Floats, float]] = []
    for name, costs, limit in (("cost-column", given.cost, plan.budget), ("staff-column", given.staff, plan.staff)):
        if limit is not None:
            if costs is None:
                raise AnalysisRefused("analysis.needs", method=plan.method, option=name, example=name.split("-")[0])
            budgets.append((costs, limit))
    if plan.least_each and given.district is None:
        raise AnalysisRefused("analysis.needs", method=plan.method, option="district-column", example="district")
    return rules(
        sites,
        number,
        existing=given.fixed,
        forced=given.forced,
        forbidden=given.forbidden,
        district=given.district,
        least_each=plan.least_each,
        budgets=tuple(budgets),
    )


def _cover(given: Inputs, radius: float) -> Cover:
    if given.cover is not None:
        return given.cover
    if given.costs is not None:
        return cover_of(given.costs, radius, given.weight)
    return cover_within(*_columns(given.demand), *_columns(given.sites), radius, given.weight)


def _columns(places: Floats | None) -> tuple[Floats, Floats]:
    assert places is not None
    return places[:, 0], places[:, 1]


def _told(given: Inputs, plan: Plan, number: int | None, answer: Answer, cover: Cover | None) -> dict[str, Any]:
    rows, sites = given.shape
    new = answer.sites if given.fixed is None else answer.sites[~given.fixed[answer.sites]]
    told: dict[str, Any] = {
        "method": plan.method,
        "objective": answer.value if answer.found else None,
        "coverage_share": _share(cover, answer.sites, 1) if answer.found else None,
        "bound": answer.bound,
        "gap": answer.gap,
        "status": str(answer.status),
        "seconds": round(answer.seconds, 3),
        "sites": [int(site) for site in answer.sites],
        "new_sites": [int(site) for site in new],
        "demand": rows,
        "demand_weight": float(given.weight.sum()),
        "candidates": sites,
        "p": number,
        "radius": plan.radius,
        "distance": "file" if given.costs is not None else "straight_line",
    }
    if given.names is not None:
        told["site_ids"] = [str(given.names[site]) for site in answer.sites]
    if plan.method == "lscp":
        told["share"] = plan.share
    if plan.method == "backup" and answer.found:
        told["backup_share"] = _share(cover, answer.sites, 2)
    return {name: _plain(value) for name, value in told.items()}


def _remarks(given: Inputs) -> list[tuple[str, dict[str, Any]]]:
    """What is odd about the candidates but no mistake for certain."""
    if given.sites is None:
        return []
    _, first, inverse = np.unique(given.sites, axis=0, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[inverse.ravel()] != np.arange(len(given.sites)))
    if not len(again):
        return []
    at = int(again[0])
    return [("siting.same_place", {"count": len(again), "first": int(first[inverse.ravel()[at]]), "second": at})]


def _share(cover: Cover | None, sites: Ints, times: int) -> float | None:
    if cover is None:
        return None
    return float(cover.weight[cover.counts(sites) >= times].sum() / cover.total)


def _why(asked: Covering, answer: Answer, number: int | None) -> dict[str, Any]:
    why = explained(asked, answer.sites).reset_index()
    new = len(answer.sites) - int(asked.rules.existing[answer.sites].sum())
    more = curve(asked, max(2 * new, number or 0)).reset_index()
    return {
        "explained": _rows(why),
        "curve": _rows(more),
    }


def _why_limited(asked: capacity.Capacitated, answer: Answer, number: int | None) -> dict[str, Any]:
    new = len(answer.sites) - int(asked.rules.existing[answer.sites].sum())
    return {
        "explained": _rows(explained_capacity(asked, answer.sites, Clock(EXPLAIN_S)).reset_index()),
        "curve": _rows(curve_of_capacity(asked, max(2 * new, number or 0), Clock(EXPLAIN_S)).reset_index()),
    }


def _why_ways(asked: Median, answer: Answer) -> dict[str, Any]:
    new = len(answer.sites) - int(asked.rules.existing[answer.sites].sum())
    return {
        "explained": _rows(explained_ways(asked, answer.sites).reset_index()),
        "curve": _rows(curve_of_ways(asked, max(2 * new, 4)).reset_index()),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): _plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
