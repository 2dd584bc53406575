"""``python -m dashboard patrols suggest`` and ``patrols rota``: what the page of patrols suggests and draws."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from dashboard.console import language, say, stoppable
from dashboard.crime_weights import instead, weights
from dashboard.i18n import t as words
from geo.crs import TIMEZONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.patrolling.suggestion import Suggestion

__all__ = ["register"]


class Scheme(StrEnum):
    """Parts of the day."""

    FOUR = "four"
    THREE = "three"
    TWO = "two"
    NIGHT = "night"


class Ways(StrEnum):
    """What a patrol follows."""

    ROAD = "road"
    STRAIGHT = "straight"


Types = Annotated[str, typer.Option(metavar="CODES", help="Crime types with commas between; all by default.")]
Weights = Annotated[str, typer.Option(metavar="CODE=N,…", help="What an incident of a type counts [as on the page].")]
Days = Annotated[int, typer.Option(help="Days up to yesterday whose incidents make the demand.", min=1, max=3660)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same answer.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    patrols = typer.Typer(no_args_is_help=True, help="Suggested patrols, and rotas that cannot be foreseen.")
    patrols.command("suggest")(suggest)
    patrols.command("rota")(rota)
    app.add_typer(patrols, name="patrols")


def suggest(
    post: Annotated[str, typer.Option(metavar="CODE", help="Checkpoint or crossing where the teams set out.")],
    hours: Annotated[float, typer.Option(help="Back within so many hours.", min=0.5, max=72)] = 6.0,
    teams: Annotated[int, typer.Option(help="Teams, 1 to 10.")] = 1,
    kmh: Annotated[float, typer.Option(help="Speed on the way.", min=1, max=150)] = 40.0,
    stop: Annotated[float, typer.Option(help="Minutes at each place.", min=0, max=240)] = 15.0,
    detour: Annotated[float, typer.Option(help="How much longer ways are than straight lines.")] = 1.3,
    ways: Annotated[
        Ways, typer.Option(help="Along the loaded roads where they lead, or in straight lines, as boats go.")
    ] = Ways.ROAD,
    start: Annotated[str, typer.Option(metavar="YYYY-MM-DDTHH:MM", help="When they set out [tomorrow, 6:00].")] = "",
    days: Days = 365,
    crime_types: Types = "",
    crime_weights: Weights = "",
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Suggest a round trip from a post through the places where most happened and nobody was lately.

    Exit code 2: nothing can be suggested, and a sentence says why.
    """
    from dashboard.patrolling.asked import Demand, OutingAsked, OutingQuestion
    from dashboard.patrolling.outing_work import suggested
    from geo.db.engine import open_store
    from geo.model import Scope
    from geo.model.json_form import to_json

    said = weights(crime_weights)
    engine = open_store()
    try:
        with engine.connect() as connection, stoppable() as stopped:
            demand = Demand(days, _codes(crime_types), weights=instead(connection, said))
            asked = OutingAsked(post, _moment(start), hours, teams, kmh, stop, detour, seed, demand, ways.value)
            question = OutingQuestion(Scope.everything(), asked, "")
            found = suggested(connection, question, _progress() if sys.stderr.isatty() else None, stopped)
    finally:
        engine.dispose()
    if as_json:
        typer.echo(json.dumps(to_json(found), ensure_ascii=False, allow_nan=False))
    else:
        _say(found)


def rota(
    posts: Annotated[str, typer.Option(metavar="CODES", help="Checkpoints and crossings, commas between.")],
    scheme: Annotated[
        Scheme, typer.Option(help="Parts of the day: four, three, two, or three of the night.")
    ] = Scheme.FOUR,
    teams: Annotated[str, typer.Option(metavar="N,N,…", help="Teams in each part, or one number for all.")] = "1",
    floor: Annotated[float, typer.Option(help="Least probability of each place in each part.", min=0, max=1)] = 0.05,
    radius: Annotated[float, typer.Option(help="Metres around a place that it looks after.")] = 5_000.0,
    first_day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="First day [tomorrow].")] = "",
    length: Annotated[int, typer.Option(help="Days of the rota.", min=7, max=92)] = 28,
    days: Days = 365,
    crime_types: Types = "",
    crime_weights: Weights = "",
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Work out how often to be where, and draw a rota with these probabilities. Nothing is kept: the page keeps rotas.

    Exit code 2: nothing can be drawn, and a sentence says why.
    """

    from dashboard.patrolling.asked import SCHEMES, Demand, RotaAsked, RotaQuestion
    from dashboard.patrolling.rota_work import rota_posts
    from geo.actions.rotas import worked_out
    from geo.analysis.patrolling.drawn import drawn_shifts, probability_of, shifts_as_array
    from geo.analysis.patrolling.guessable import guessed
    from geo.db.engine import open_store
    from geo.model import Scope
    from geo.model.json_form import to_json
    from geo.model.rota import NewRota

    windows = SCHEMES[scheme.value]
    each = tuple(_whole(one) for one in teams.split(","))
    each = each * len(windows) if len(each) == 1 else each
    said = weights(crime_weights)
    engine = open_store()
    try:
        with engine.connect() as connection:
            demand = Demand(days, _codes(crime_types), weights=instead(connection, said))
            asked = RotaAsked(_codes(posts), scheme.value, each, floor, radius, demand)
            made, districts, about = rota_posts(connection, RotaQuestion(Scope.everything(), asked, ""))
    finally:
        engine.dispose()
    begins = _day(first_day) if first_day else datetime.now(ZoneInfo(TIMEZONE)).date() + timedelta(days=1)
    what = worked_out(NewRota("-", districts, begins, length, windows, each, floor, "-", about, made))
    shifts = drawn_shifts(what, seed)
    guess = guessed(shifts_as_array(what, shifts)[0], probability_of(what))
    told: dict[str, Any] = {
        "seed": seed,
        "first_day": str(begins),
        "days": length,
        "windows": [str(window) for window in windows],
        "teams": list(each),
        "floor": floor,
        "asked": about,
        "posts": to_json(what.posts),
        "shifts": [{"day": str(one.day), "slot": one.slot, "team": one.team, "place": one.place} for one in shifts],
        "score": guess.score,
        "right": guess.right,
        "known": guess.known,
        "guessable": guess.guessable,
    }
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
        return
    for post in what.posts:
        typer.echo(f"{post.name}: " + " ".join(f"{p:4.0%}" for p in post.probability))
    say("rota.said.score", score=guess.score or 0.0, right=guess.right, known=guess.known)
    for shift in shifts:
        typer.echo(f"{shift.day} {windows[shift.slot]} {shift.team} {what.posts[shift.place].name}")


def _codes(said: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in said.split(",") if code.strip())


def _whole(said: str) -> int:
    if not said.strip().isdecimal():
        raise typer.BadParameter(said)
    return int(said)


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise typer.BadParameter(said) from None


def _moment(said: str) -> datetime:
    zone = ZoneInfo(TIMEZONE)
    if not said:
        tomorrow = datetime.now(zone).date() + timedelta(days=1)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, 6, tzinfo=zone)
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise typer.BadParameter(said) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _progress() -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if done == total or done % 50 == 0:
            typer.echo(
                f"\r{words('outing.said.progress', language(), done=done, total=total)}", nl=done == total, err=True
            )

    return tell


def _say(found: Suggestion) -> None:
    """The round trips in sentences."""
    lang = language()
    say("outing.said.sum", teams=len(found.teams), share=found.prize / found.possible if found.possible else 0.0)
    for number, team in enumerate(found.teams, 1):
        say("outing.said.team", team=number, start=f"{team.start:%H:%M}", back=f"{team.back:%H:%M}", km=team.kilometres)
        for at, stop in enumerate(team.stops, 1):
            place = stop.place
            line = words(
                "outing.said.stop", lang, n=at, at=f"{stop.arrive:%H:%M}", place=(place.name_th if lang == "th" else place.name_en) or place.name_th or "-", incidents=place.incidents,
                hours=place.hours_since, lat=place.lat, lon=place.lon,
            )  # fmt: skip
            typer.echo(f"  {line}")
    typer.echo(words(f"outing.ways.{found.ways}", lang))
