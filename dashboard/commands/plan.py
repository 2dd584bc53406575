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
from dashboard.i18n import t as words

if TYPE_CHECKING:
    from dashboard.plan_inputs import Inputs
    from geo.analysis.siting.answer import Answer

__all__ = ["register"]


class Method(StrEnum):
    """What can be asked for."""

    MCLP = "mclp"
    LSCP = "lscp"
    PMEDIAN = "pmedian"
    BACKUP = "backup"


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
    radius: Annotated[float | None, typer.Option(help="Covered within, metres (or the unit of --distances).")] = None,
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
    share: Annotated[float, typer.Option(help="lscp: share of the demand to cover, above 0 to 1.")] = 1.0,
    time_limit: Annotated[float | None, typer.Option(help="Seconds [30; 8 for a large pmedian].")] = None,
    explain: Annotated[bool, typer.Option(help="What each site adds, and the curve against the number.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Choose sites: the best choice if it can be proven in time, else the best found and how much better one could be.

    SITES ARE NUMBERS OF DATA ROWS OF THE CANDIDATES, AND THE FIRST ROW IS 0; existing ones are listed too (new_sites:
    without them), and site_ids gives their own names where there is a column id, code or name. Without files: verified
    incidents of the last 365 days, crossings and checkpoints of the store, p 5, radius 10000. Exit code 2: nothing was
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
    if distances is not None:
        given = of_distances(distances, demand, candidates, columns)
    elif demand is not None and candidates is not None:
        given = of_files(demand, candidates, columns, planar=None if coords is None else coords == Coords.PLANAR)
    elif demand is not None or candidates is not None:
        raise AnalysisRefused("siting.two_files", missing="--candidates" if candidates is None else "--demand")
    else:
        given = _stored()
        p = 5 if p is None and budget is None and staff is None else p
        radius = radius or 10_000.0
    asked = Plan(method.value, p, radius, share, time_limit, least_each, budget, staff, explain)
    with stoppable() as stopped:
        told = planned(given, asked, _progress() if sys.stderr.isatty() else None, stopped)
    for key, params in told.pop("remarks"):
        typer.echo(words(key, language(), **params), err=True)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
    else:
        _say(told)
    if told["objective"] is None:
        raise AnalysisRefused(f"siting.{told['status']}")


def _stored() -> Inputs:
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    import numpy as np

    from dashboard.plan_inputs import of_places
    from geo.crs import TIMEZONE
    from geo.db.engine import open_store
    from geo.model import Channel, IncidentFilter, Scope, Status
    from geo.queries.incident_points import incident_points
    from geo.queries.site_candidates import site_candidates

    today = datetime.now(ZoneInfo(TIMEZONE)).date()
    states = tuple(map(str, (Status.VERIFIED, Status.REFERRED, Status.CLOSED)))
    channels = tuple(str(channel) for channel in Channel if channel is not Channel.PATROL)
    chosen = IncidentFilter(today - timedelta(days=364), today, (), (), states, channels)
    everyone = Scope.everything()
    engine = open_store()
    try:
        with engine.connect() as connection:
            incidents = incident_points(connection, everyone, chosen)
            placed = incidents.only(np.isfinite(incidents.x))
            return of_places(placed, site_candidates(connection, everyone, today))
    finally:
        engine.dispose()


def _say(told: dict[str, Any]) -> None:
    """The answer in sentences."""
    lang = language()
    if told["objective"] is None:
        return
    typer.echo(words(f"siting.said.{told['method']}", lang, **told))
    if told["method"] != "pmedian":
        typer.echo(words("siting.said.share", lang, share=told["coverage_share"]))
    typer.echo(words(f"siting.said.{told['status']}", lang, gap=told["gap"] or 0.0, seconds=told["seconds"]))
    names = told.get("site_ids") or [""] * len(told["sites"])
    new = set(told["new_sites"])
    for site, name in zip(told["sites"], names, strict=True):
        key = "siting.said.new" if site in new else "siting.said.existing"
        typer.echo("  " + words(key, lang, row=site, name=name).rstrip())
    for row in told.get("explained", ()):
        typer.echo("  " + words("siting.said.why", lang, **row))
    for row in told.get("curve", ()):
        typer.echo("  " + words("siting.said.curve", lang, **row))


def _progress() -> Callable[[Answer], None]:
    def tell(answer: Answer) -> None:
        if answer.found:
            line = words("siting.said.progress", language(), value=answer.value, gap=answer.gap, seconds=answer.seconds)
            typer.echo(f"\r{line}", nl=answer.proven, err=True)

    return tell
