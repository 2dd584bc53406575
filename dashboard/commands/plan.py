"""``python -m dashboard plan``: where the next checkpoints should stand, on the store or on files of points."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.console import language, stoppable
from dashboard.crime_weights import instead, weights
from dashboard.i18n import t as words

if TYPE_CHECKING:
    from dashboard.plan_methods import Plan
    from dashboard.planning.found import Found
    from geo.analysis.siting.answer import Answer

__all__ = ["register"]

USUAL_RADIUS = {"straight": 10_000.0, "road": 10_000.0, "minutes": 15.0}
"""Metres, or minutes; of the store."""


class Method(StrEnum):
    """What can be asked for."""

    MCLP = "mclp"
    LSCP = "lscp"
    PMEDIAN = "pmedian"
    BACKUP = "backup"


class By(StrEnum):
    """How far is near, of the store."""

    STRAIGHT = "straight"
    ROAD = "road"
    MINUTES = "minutes"


class Coords(StrEnum):
    """What the coordinates of files are."""

    PLANAR = "planar"
    LONLAT = "lonlat"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("plan")(plan)


def plan(
    demand: Annotated[Path | None, typer.Option(metavar="FILE", help="CSV or GeoJSON of points to be covered.")] = None,
    candidates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV or GeoJSON of points where a site can stand.")
    ] = None,
    distances: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Instead of straight lines: CSV demand,candidate,distance; or OR-Library."),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="Most covered; fewest sites; shortest ways; most covered twice.")
    ] = Method.MCLP,
    p: Annotated[
        int | None, typer.Option("--p", help="New sites; existing ones are not counted. Not for lscp.")
    ] = None,
    radius: Annotated[
        float | None, typer.Option(help="Covered within, metres (--by minutes: minutes; --distances: its unit).")
    ] = None,
    weight_column: Annotated[str, typer.Option(metavar="NAME", help="Demand: what each row weighs [1].")] = "",
    fixed_column: Annotated[str, typer.Option(metavar="NAME", help="Candidates: 1 = existing, kept, not in p.")] = "",
    forced_column: Annotated[str, typer.Option(metavar="NAME", help="Candidates: 1 = always chosen, in p.")] = "",
    forbidden_column: Annotated[str, typer.Option(metavar="NAME", help="Candidates: 1 = never chosen.")] = "",
    district_column: Annotated[str, typer.Option(metavar="NAME", help="Candidates: district of each.")] = "",
    least_each: Annotated[int, typer.Option(help="At least so many sites in each district.", min=0)] = 0,
    cost_column: Annotated[str, typer.Option(metavar="NAME", help="Candidates: what each costs.")] = "",
    budget: Annotated[float | None, typer.Option(help="New sites cost at most so much; --p may be left out.")] = None,
    staff_column: Annotated[str, typer.Option(metavar="NAME", help="Candidates: officers that each needs.")] = "",
    staff: Annotated[float | None, typer.Option(help="Officers that there are for new sites.")] = None,
    capacity_column: Annotated[
        str, typer.Option(metavar="NAME", help="Candidates, mclp: weight that each can look after at most.")
    ] = "",
    coords: Annotated[Coords | None, typer.Option(help="planar: x and y in metres; lonlat: lon and lat.")] = None,
    by: Annotated[
        By | None,
        typer.Option(help="Without files: in a straight line [default], along the loaded roads, or minutes there."),
    ] = None,
    crime_weights: Annotated[
        str, typer.Option(metavar="CODE=N,…", help="Without files: what an incident of a type counts [as on the page].")
    ] = "",
    road_candidates: Annotated[
        bool, typer.Option(help="Without files: places on the loaded roads near the border can be chosen too.")
    ] = False,
    share: Annotated[float, typer.Option(help="lscp: share of the demand to cover, above 0 to 1.")] = 1.0,
    time_limit: Annotated[float | None, typer.Option(help="Seconds [30; 8 for a large pmedian].")] = None,
    explain: Annotated[bool, typer.Option(help="What each site adds, and the curve against the number.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Choose sites: the best choice if it can be proven in time, else the best found and how much better one could be.

    SITES ARE NUMBERS OF DATA ROWS OF THE CANDIDATES, AND THE FIRST ROW IS 0; existing ones are listed too (new_sites:
    without them), and site_ids gives their own names where there is a column id, code or name. Without files: verified
    incidents of the last 365 days with the weights that the page begins with, crossings and checkpoints of the store,
    p 5, radius 10000 (--by minutes: 15). Exit code 2: nothing was
    found, and a sentence says why.
    """
    from dashboard.plan_inputs import Columns, of_distances, of_files
    from dashboard.plan_methods import Plan, planned
    from geo.errors import AnalysisRefused

    columns = Columns(
        weight_column,
        fixed_column,
        forced_column,
        forbidden_column,
        district_column,
        cost_column,
        staff_column,
        capacity_column,
    )
    files = [path for path in (distances, demand, candidates) if path is not None]
    for option, value in (("--by", by), ("--crime-weights", crime_weights), ("--road-candidates", road_candidates)):
        if value and files:
            raise AnalysisRefused("siting.store_only", option=option)
    if distances is not None:
        given = of_distances(distances, demand, candidates, columns)
    elif demand is not None and candidates is not None:
        given = of_files(demand, candidates, columns, planar=None if coords is None else coords == Coords.PLANAR)
    elif demand is not None or candidates is not None:
        raise AnalysisRefused("siting.two_files", missing="--candidates" if candidates is None else "--demand")
    else:
        given = None
        p = 5 if p is None and budget is None and staff is None else p
    asked = Plan(method.value, p, radius, share, time_limit, least_each, budget, staff, explain)
    tells = sys.stderr.isatty()
    with stoppable() as stopped:
        if given is None:
            told = _stored(asked, (by or By.STRAIGHT).value, weights(crime_weights), road_candidates, tells, stopped)
        else:
            told = planned(given, asked, _answered if tells else None, stopped)
    for key, params in told.pop("remarks"):
        typer.echo(words(key, language(), **params), err=True)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
    else:
        _say(told)
    if told["objective"] is None:
        raise AnalysisRefused(f"siting.{told['status']}")


def _stored(
    asked: Plan,
    by: str,
    said: dict[str, float],
    road_candidates: bool,
    tells: bool,
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """As the page of checkpoints answers for who may see everything."""
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    from dashboard.planning.candidates import Sources
    from dashboard.planning.demand import DemandAsked
    from dashboard.planning.question import PlanQuestion
    from dashboard.planning.reach import Reach
    from dashboard.planning.run import run
    from geo.crs import TIMEZONE
    from geo.db.engine import open_store
    from geo.model import Scope

    now = datetime.now(ZoneInfo(TIMEZONE))
    today = now.date()
    radius = USUAL_RADIUS[by] if asked.radius is None else asked.radius
    reach = Reach(mode=by, minutes=radius) if by == "minutes" else Reach(radius, by)
    engine = open_store()
    try:
        with engine.connect() as connection:
            demand = DemandAsked(today - timedelta(days=364), today, (), instead(connection, said))
            question = PlanQuestion(
                demand, reach, asked.method, asked.number, asked.share, asked.budget, asked.staff, least_each=asked.least_each,
                sources=Sources(roads=road_candidates), time_limit=asked.time_limit,
            )  # fmt: skip
            found = run(connection, Scope.everything(), question, now, _heard if tells else None, cancelled)
    finally:
        engine.dispose()
    why = set() if asked.explain else {"explained", "curve"}
    return {name: value for name, value in found.told.items() if name not in why} | {"remarks": found.remarks}


def _say(told: dict[str, Any]) -> None:
    """The answer in sentences."""
    lang = language()
    if told["objective"] is None:
        return
    ways = told["method"] == "pmedian"
    in_minutes = "_minutes" if ways and told["distance"] == "minutes" else ""
    typer.echo(words(f"siting.said.{told['method']}{in_minutes}", lang, **told))
    if not ways:
        typer.echo(words("siting.said.share", lang, share=told["coverage_share"]))
    typer.echo(words(f"siting.said.{told['status']}", lang, gap=told["gap"] or 0.0, seconds=told["seconds"]))
    names = told.get("site_ids") or [""] * len(told["sites"])
    new = set(told["new_sites"])
    for site, name in zip(told["sites"], names, strict=True):
        key = "siting.said.new" if site in new else "siting.said.existing"
        typer.echo("  " + words(key, lang, row=site, name=name).rstrip())
    for row in told.get("explained", ()):
        figures = {name: "–" if row[name] is None else f"{row[name]:,.6g}" for name in ("adds", "covers", "lost")}
        typer.echo("  " + words("siting.said.why", lang, site=row["site"], **figures))
    for row in told.get("curve", ()):
        typer.echo("  " + words(f"siting.said.curve{'_ways' if ways else ''}{in_minutes}", lang, **row))
    typer.echo(words(f"siting.said.distance.{told['distance']}", lang))


def _answered(answer: Answer) -> None:
    if answer.found:
        _progress(answer.value, answer.gap, answer.seconds, answer.proven)


def _heard(found: Found) -> None:
    told = found.told
    _progress(told["objective"], told["gap"] or 0.0, told["seconds"], told["status"] == "optimal")


def _progress(value: float, gap: float, seconds: float, last: bool) -> None:
    line = words("siting.said.progress", language(), value=value, gap=gap, seconds=seconds)
    typer.echo(f"\r{line}", nl=last, err=True)
