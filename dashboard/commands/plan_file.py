"""``python -m dashboard import-plan``: a draft plan of checkpoints from a list of sites."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import say
from dashboard.import_console import give_account, take_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo.actions.plan_file import PlanOutcome

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("import-plan")(import_plan_file)


def import_plan_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, GeoJSON or GeoPackage of sites.")],
    title: Annotated[str, typer.Option(help="Name of the plan.")],
    by: Annotated[str, typer.Option(metavar="LOGIN", help="Planner or district chief whose draft it is.")],
    rejects: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Where refused rows go; beside FILE by default.")
    ] = None,
) -> None:
    """Make a draft plan from FILE: name, position, type, cost, staff and rule of each site. It is proposed on the page.

    Exit code 2: the file as a whole was refused and nothing written. 1: not one row could be taken.
    """
    from geo.actions.plan_file import import_plan
    from geo.ingest.sites import site_file
    from geo.queries.people import person_by_login

    table = site_file(file)

    def write(connection: Connection, file_name: str, sha256: str) -> PlanOutcome:
        person = person_by_login(connection, by)
        return import_plan(connection, person, table, title, file_name=file_name, sha256=sha256)

    done, lists = take_in(file, rejects, table, write)
    say("import_plan.sum", read=done.read, sites=done.sites, refused=len(done.refused))
    if done.plan is not None:
        say("import_plan.made", number=done.plan)
    give_account(table, done, lists)
