"""``python -m dashboard import-incidents``: spreadsheets and map files of incidents into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import say
from dashboard.import_console import give_account, region_of, take_in
from geo.model import Channel

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo.actions.incident_file import Outcome

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("import-incidents")(import_file)


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, GeoJSON or GeoPackage.")],
    columns: Annotated[
        list[str] | None,
        typer.Option(metavar="HEADING=FIELD", help='Odd headings, repeatable: "DATE (LOCAL)=occurred_at".'),
    ] = None,
    channel: Annotated[Channel, typer.Option(help="Channel of rows that name none.")] = Channel.COORDINATOR,
    type_for_unknown: Annotated[
        str, typer.Option(metavar="CODE", help="Crime type for unknown words; without it they are refused.")
    ] = "",
    region: Annotated[str, typer.Option(metavar="W,S,E,N", help="Box in degrees in which points are accepted.")] = "",
    month_first: Annotated[bool, typer.Option(help="Read 07/05/2026 as 5 July.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Where refused rows go; beside FILE by default.")
    ] = None,
) -> None:
    """Import incidents from FILE; importing it twice adds nothing. Refused rows go to FILE's .rejects.csv.

    Exit code 2: the file as a whole was refused and nothing written. 1: not one row could be taken.
    """
    from geo.actions.incident_file import FileOptions, import_incidents
    from geo.ingest.headers import parse_columns
    from geo.ingest.incidents import incident_vocabulary
    from geo.ingest.tabular import read_file
    from geo.queries.places import has_boundaries

    options = FileOptions(channel, type_for_unknown, region_of(region), month_first)
    table = read_file(file, incident_vocabulary(parse_columns(columns or [])))
    known = True

    def write(connection: Connection, file_name: str, sha256: str) -> Outcome:
        nonlocal known
        known = has_boundaries(connection)
        return import_incidents(connection, table, options, file_name=file_name, sha256=sha256)

    outcome, written = take_in(file, rejects, table, write)
    say(
        "import.sum",
        read=outcome.read,
        added=outcome.added,
        already=outcome.already,
        refused=len(outcome.refused),
    )
    give_account(table, outcome, written, lambda: _say_places(outcome, known))


def _say_places(outcome: Outcome, known: bool) -> None:
    if outcome.added:
        found = {name: outcome.places.get(name, 0) for name in ("inside", "snapped", "outside", "no_point")}
        say("import.places", **found, conflicts=outcome.conflicts)
    if not known:
        say("import.no_boundaries")
