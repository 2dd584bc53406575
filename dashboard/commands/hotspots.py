"""``python -m dashboard hotspots``: the statistics of the hotspot page, on the store or on any file of points."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import language, stoppable
from dashboard.i18n import t as words

if TYPE_CHECKING:
    from datetime import date

    from dashboard.hotspots.material import Material
    from dashboard.hotspots.question import Question
    from geo.model import IncidentFilter

__all__ = ["register"]


class Method(StrEnum):
    """What can be asked for."""

    GI = "gi"
    GI_DISTRICTS = "gi_districts"
    KDE = "kde"
    DBSCAN = "dbscan"
    PLACES = "places"
    EMERGING = "emerging"
    SCAN = "scan"
    KNOX = "knox"
    CONCENTRATION = "concentration"
    WHEN = "when"
    PAI = "pai"
    RATES = "rates"
    COMPARE = "compare"
    COMPARE_DISTRICTS = "compare_districts"


class Coords(StrEnum):
    """What the coordinates of a file are."""

    PLANAR = "planar"
    DEGREES = "degrees"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("hotspots")(hotspots)


def hotspots(
    method: Annotated[Method, typer.Option(help="Statistic to compute.")],
    points: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV or GeoJSON instead of the store: x,y or lon,lat; t.")
    ] = None,
    coords: Annotated[Coords | None, typer.Option(help="planar: x and y in metres; degrees: lon and lat.")] = None,
    value_column: Annotated[str, typer.Option(metavar="NAME", help="Column of FILE with values at places.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First day, for example 2026-05-07.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day, included.")] = "",
    crime_type: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Repeatable.")] = None,
    unverified: Annotated[bool, typer.Option(help="Store: what is not verified yet too.")] = False,
    patrols: Annotated[bool, typer.Option(help="Store: what patrols found themselves too.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where rows go: .csv or .geojson.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
    distance: Annotated[float | None, typer.Option(help="gi, emerging: neighbours within, metres.")] = None,
    uncorrected: Annotated[bool, typer.Option(help="gi, emerging: classes by p instead of q.")] = False,
    cell: Annotated[float | None, typer.Option(help="Width of hexagons or cells, metres.")] = None,
    bandwidth: Annotated[float | None, typer.Option(help="kde, pai: radius of the kernel, metres.")] = None,
    adaptive: Annotated[bool, typer.Option(help="kde: narrower where points are dense.")] = False,
    eps: Annotated[float, typer.Option(help="dbscan: metres.")] = 1000.0,
    min_points: Annotated[int, typer.Option(help="dbscan: points within eps, itself counted.")] = 5,
    space: Annotated[list[float] | None, typer.Option(help="knox: metres; repeatable for bands [1000].")] = None,
    time: Annotated[list[float] | None, typer.Option(help="knox: days; repeatable for bands [7].")] = None,
    permutations: Annotated[int, typer.Option(help="knox, scan: simulations.")] = 999,
    seed: Annotated[int, typer.Option(help="knox, scan: of the random numbers.", min=0)] = 1,
    radius: Annotated[float | None, typer.Option(help="scan: widest circle, metres.")] = None,
    days: Annotated[int, typer.Option(help="scan: longest time, days.")] = 30,
    slice_days: Annotated[float | None, typer.Option(help="emerging: days in a slice; months where not given.")] = None,
    share: Annotated[float, typer.Option(help="places: the list ends where it holds this share.")] = 0.8,
    earlier: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="DAY DAY", help="compare, rates: the earlier period [just before]."),
    ] = None,
    split: Annotated[str, typer.Option(metavar="DAY", help="pai: first day of the later period [last 30].")] = "",
) -> None:
    """Compute one hotspot statistic. Exit code 2: it could not be computed, and nothing was written."""
    from dashboard.hotspots.asked import Asked
    from dashboard.hotspots.file import check_ending, write_answer
    from dashboard.hotspots.material import Watch
    from dashboard.hotspots.methods import run
    from dashboard.hotspots.question import Question
    from dashboard.hotspots.work import answered
    from geo.model import Scope

    if out is not None:
        check_ending(out)
    types = tuple(crime_type or ())
    asked = Asked(
        bandwidth=bandwidth,
        adaptive=adaptive,
        cell=cell,
        distance=distance,
        uncorrected=uncorrected,
        eps=eps,
        min_points=min_points,
        radius=radius,
        days=days,
        space=tuple(space or (1000.0,)),
        time=tuple(time or (7.0,)),
        permutations=permutations,
        seed=seed,
        slice_days=slice_days,
        split=_day(split, split, split) if split else None,
        share=share,
        earlier=None if earlier is None else _days(*earlier),
    )
    with stoppable() as stopped:
        watch = Watch(_progress() if sys.stderr.isatty() else None, stopped)
        if points is not None:
            planar = None if coords is None else coords == Coords.PLANAR
            given = _from_file(points, planar, value_column, first, last, types)
            answer = run(method.value, given, asked, watch)
        else:
            chosen = _filter(first, last, types, unverified=unverified, patrols=patrols)
            question = Question(Scope.everything(), chosen, method.value, asked, "")
            given = _from_store(question)
            answer = answered(given, question, watch)
    if out is not None:
        written = write_answer(out, answer, given.points)
        typer.echo(words("hotspots.written", language(), file=str(out), rows=written), err=as_json)
    for key, params in answer.remarks:
        typer.echo(words(key, language(), **params), err=True)
    if as_json:
        remarks = [key.split(".")[-1] for key, _ in answer.remarks]
        typer.echo(json.dumps({**answer.summary, "remarks": remarks}, ensure_ascii=False, allow_nan=False))
    else:
        for name, value in answer.summary.items():
            typer.echo(f"{name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value}")


def _from_file(
    file: Path, planar: bool | None, value_column: str, first: str, last: str, types: tuple[str, ...]
) -> Material:
    """The rows of a file in the period and of the types."""
    import numpy as np

    from dashboard.hotspots.material import Material
    from geo.errors import AnalysisRefused
    from geo.ingest.points import read_points

    given = read_points(file, planar=planar, value_column=value_column)
    keep = np.ones(len(given), dtype=np.bool_)
    if first or last:
        if given.t is None or not given.dated:
            raise AnalysisRefused("analysis.period_without_dates")
        low = _day(first, first, last) if first else -np.inf
        high = _day(last, first, last) + 1 if last else np.inf
        if high <= low:
            raise AnalysisRefused("analysis.bad_period", first=first, last=last)
        keep &= (given.t >= low) & (given.t < high)
    if types:
        if given.kind is None:
            raise AnalysisRefused("analysis.no_types")
        keep &= np.isin(given.kind.astype(str), types)
    return Material(given if keep.all() else given.only(keep))


def _filter(first: str, last: str, types: tuple[str, ...], *, unverified: bool, patrols: bool) -> IncidentFilter:
    """By default the verified incidents that the public reported, of the last 365 days."""
    from datetime import date, datetime, timedelta
    from zoneinfo import ZoneInfo

    from dashboard.hotspots.asked import Base, based_on
    from geo.crs import TIMEZONE
    from geo.errors import AnalysisRefused
    from geo.model import IncidentFilter

    try:
        until = date.fromisoformat(last) if last else datetime.now(ZoneInfo(TIMEZONE)).date()
        since = date.fromisoformat(first) if first else until - timedelta(days=364)
        chosen = IncidentFilter(since, until, types)
    except ValueError as wrong:
        raise AnalysisRefused("analysis.bad_period", first=first or "…", last=last or "…") from wrong
    return based_on(chosen, Base.ALL if patrols else Base.PUBLIC, unverified=unverified)


def _from_store(question: Question) -> Material:
    from dashboard.hotspots.reading import Memory, material_of
    from geo.db.engine import open_store
    from geo.errors import AnalysisRefused
    from geo.queries.known_words import crime_type_names

    engine = open_store()
    try:
        with engine.connect() as connection:
            known = [str(row["code"]) for row in crime_type_names(connection)]
            if odd := set(question.chosen.crime_types) - set(known):
                raise AnalysisRefused("analysis.unknown_types", types=", ".join(sorted(odd)), known=", ".join(known))
            return material_of(connection, question, Memory())
    finally:
        engine.dispose()


def _days(first: str, last: str) -> tuple[date, date]:
    from datetime import date

    from geo.errors import AnalysisRefused

    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as wrong:
        raise AnalysisRefused("analysis.bad_period", first=first, last=last) from wrong


def _day(text: str, first: str, last: str) -> float:
    """A day, or a number of days, as days."""
    import pandas as pd

    from geo.errors import AnalysisRefused
    from geo.ingest.points import days_of

    try:
        return float(days_of(pd.Series([text]))[0][0])
    except AnalysisRefused as wrong:
        raise AnalysisRefused("analysis.bad_period", first=first or "…", last=last or "…") from wrong


def _progress() -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if done == total or done % max(1, total // 100) == 0:
            line = words("hotspots.round", language(), done=done, total=total)
            typer.echo(f"\r{line}", nl=done == total, err=True)

    return tell
