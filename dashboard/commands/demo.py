"""``python -m dashboard demo``: demonstration data on the real border."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from dashboard.commands.boundaries import tell
from dashboard.console import say

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo)


def demo(
    incidents: Annotated[int, typer.Option(metavar="N", help="How many incidents.")] = 20_000,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="The same seed and --until give the same data.")] = 1,
    years: Annotated[int, typer.Option(metavar="Y", help="Length of the period.")] = 3,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Last day; else up to this moment."),
    ] = None,
    beside_real: Annotated[
        bool, typer.Option("--beside-real", help="Write although the store holds real incidents.")
    ] = False,
) -> None:
    """Fill the store with synthetic incidents, checkpoints, routes and patrols along the border sections.

    Every row is marked and the pages say so. Demonstration data that is there is replaced, so that a
    repetition adds nothing; real data is never touched. `db clear-demo` takes it all out again.
    """
    from geo.db.engine import open_store
    from geo.db.migrate import migrate
    from geo.ingest.demo import fill

    engine = open_store()
    migrate(engine)
    day: date | None = until.date() if until else None
    written = fill(engine, incidents, seed, years, day, tell, beside_real=beside_real)
    say("cli.demo.sum", **written)
