"""``python -m dashboard import-patrols`` and ``import-checkpoints``: what moves and stands at the border."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import say
from dashboard.import_console import give_account, region_of, take_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo.actions.checkpoint_file import CheckpointOutcome
    from geo.actions.patrol_file import PatrolOutcome

__all__ = ["register"]

SHOWN_CODES = 10

Columns = Annotated[
    list[str] | None,
    typer.Option(metavar="HEADING=FIELD", help='Odd headings, repeatable: "GPS=position".'),
]
RegionBox = Annotated[str, typer.Option(metavar="W,S,E,N", help="Box in degrees in which points are accepted.")]
Rejects = Annotated[Path | None, typer.Option(metavar="PATH", help="Where refused rows go; beside FILE by default.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("import-patrols")(import_patrol_file)
    app.command("import-checkpoints")(import_checkpoint_file)


def import_patrol_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GPX, GeoJSON, CSV or XLSX of positions.")],
    route: Annotated[str, typer.Option(metavar="CODE", help="Patrol route that all patrols of FILE followed.")] = "",
    agency: Annotated[str, typer.Option(metavar="CODE", help="Agency of patrols for which FILE names none.")] = "",
    columns: Columns = None,
    region: RegionBox = "",
    rejects: Rejects = None,
) -> None:
    """Import patrol tracks from FILE; a file that continues a patrol extends it, the same file adds nothing.

    Exit code 2: the file as a whole was refused and nothing written. 1: not one position could be taken.
    """
    from geo.actions.patrol_file import import_patrols
    from geo.analysis.tracks import MAX_SPEED_KMH
    from geo.ingest.headers import parse_columns
    from geo.ingest.patrol_fixes import fix_table

    box = region_of(region)
    table = fix_table(file, parse_columns(columns or []))

    def write(connection: Connection, file_name: str, sha256: str) -> PatrolOutcome:
        return import_patrols(
            connection,
            table,
            file_name=file_name,
            sha256=sha256,
            region=box,
            route=route or None,
            agency=agency or None,
        )

    def more() -> None:
        if done.repeated:
            say("import_patrols.repeated", count=done.repeated)
        if done.new or done.scheduled or done.extended:
            counts = {"new": len(done.new), "scheduled": len(done.scheduled), "extended": len(done.extended)}
            say("import_patrols.patrols", km=done.kilometres, **counts)
        for key, codes in (("codes", done.new), ("scheduled", done.scheduled)):
            if codes:
                more_codes = " …" if len(codes) > SHOWN_CODES else ""
                say(f"import_patrols.{key}", codes=", ".join(codes[:SHOWN_CODES]) + more_codes)
        if done.impossible:
            say("import_patrols.impossible", count=done.impossible, kmh=MAX_SPEED_KMH)

    outcome, lists = take_in(file, rejects, table, write)
    done = outcome.written
    refused = len(outcome.refused)
    say("import_patrols.sum", read=outcome.read, added=done.added, already=done.already, refused=refused)
    give_account(table, outcome, lists, more)


def import_checkpoint_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, GeoJSON or GeoPackage.")],
    columns: Columns = None,
    region: RegionBox = "",
    rejects: Rejects = None,
) -> None:
    """Import checkpoints from FILE; known ones are brought to what FILE says, the same file changes nothing.

    Exit code 2: the file as a whole was refused and nothing written. 1: not one row could be taken.
    """
    from geo.actions.checkpoint_file import import_checkpoints
    from geo.ingest.checkpoints import checkpoint_table
    from geo.ingest.headers import parse_columns
    from geo.queries.places import has_boundaries

    box = region_of(region)
    table = checkpoint_table(file, parse_columns(columns or []))
    known = True

    def write(connection: Connection, file_name: str, sha256: str) -> CheckpointOutcome:
        nonlocal known
        known = has_boundaries(connection)
        return import_checkpoints(connection, table, file_name=file_name, sha256=sha256, region=box)

    def more() -> None:
        if not known:
            say("import.no_boundaries")

    outcome, lists = take_in(file, rejects, table, write)
    say(
        "import_checkpoints.sum",
        read=outcome.read,
        added=outcome.added,
        updated=outcome.updated,
        already=outcome.already,
        refused=len(outcome.refused),
    )
    give_account(table, outcome, lists, more)
