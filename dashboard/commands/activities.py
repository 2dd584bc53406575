"""``import-activities``: training, outreach, meetings with agencies and visits from a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import say
from dashboard.import_console import ALL_REFUSED, give_account, take_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo.actions.activity_file import ActivityFile

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("import-activities")(import_activity_file)


def import_activity_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX.")],
    district: Annotated[str, typer.Option(metavar="CODE", help="District of rows for which FILE names none.")] = "",
    columns: Annotated[
        list[str] | None, typer.Option(metavar="HEADING=FIELD", help='Odd headings, repeatable: "งาน=title".')
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Where refused rows go; beside FILE by default.")
    ] = None,
) -> None:
    """Import activities from FILE, all of them or none; the same file again adds nothing.

    Exit code 2: the file as a whole was refused. 1: some rows cannot be taken. Nothing is written in either case.
    """
    from geo.actions.activity_file import import_activities
    from geo.ingest.activities import activity_table
    from geo.ingest.headers import parse_columns

    table = activity_table(file, columns=parse_columns(columns or []))

    def write(connection: Connection, file_name: str, sha256: str) -> ActivityFile:
        return import_activities(connection, table, file_name=file_name, sha256=sha256, district=district or None)

    done, lists = take_in(file, rejects, table, write)
    key = "none" if done.refused else "sum"
    say(f"import_activities.{key}", read=done.read, added=done.added, already=done.already, refused=len(done.refused))
    give_account(table, done, lists)
    if done.refused:
        raise typer.Exit(ALL_REFUSED)
