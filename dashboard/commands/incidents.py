"""``python -m dashboard import-incidents``: spreadsheets and map files of incidents into the store."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import language, say
from geo.errors import FileRefused
from geo.model import Channel

if TYPE_CHECKING:
    from geo.actions.incident_file import Outcome
    from geo.ingest.account import Refusal, Remark
    from geo.ingest.coordinates import Region
    from geo.ingest.table import Table

__all__ = ["register"]

ALL_REFUSED = 1
"""Exit code where a file was read but not one of its rows could be taken."""


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
    region: Annotated[
        str, typer.Option(metavar="W,S,E,N", help="Box in degrees in which points are accepted.")
    ] = "",
    month_first: Annotated[bool, typer.Option(help="Read 07/05/2026 as 5 July.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Where refused rows go; beside FILE by default.")
    ] = None,
) -> None:
    """Import incidents from FILE; importing it twice adds nothing. Refused rows go to FILE's .rejects.csv.

    Exit code 2: the file as a whole was refused and nothing written. 1: not one row could be taken.
    """
    import hashlib

    from geo.actions.incident_file import FileOptions, import_incidents
    from geo.actions.reference import load_reference
    from geo.db.engine import open_store
    from geo.db.migrate import migrate
    from geo.ingest.headers import parse_columns
    from geo.ingest.incidents import incident_vocabulary
    from geo.ingest.tabular import read_bytes, read_file
    from geo.ingest.text import clean
    from geo.queries.known_words import crime_type_names
    from geo.queries.places import has_boundaries

    if rejects and rejects.resolve() == file.resolve():
        raise FileRefused("file.account_over_file", name=clean(str(rejects)))
    options = FileOptions(channel, type_for_unknown, _region(region), month_first)
    table = read_file(file, incident_vocabulary(parse_columns(columns or [])))
    say("import.reading", file=clean(file.name), kind=table.kind, detail=table.detail)
    engine = open_store()
    migrate(engine)
    written: list[Path] = []
    try:
        with engine.begin() as connection:
            if not crime_type_names(connection):
                load_reference(connection)
            known = has_boundaries(connection)
            sha256 = hashlib.sha256(read_bytes(file)).hexdigest()
            outcome = import_incidents(connection, table, options, file_name=clean(file.name), sha256=sha256)
            _write_lists(file, rejects, table, outcome, written)
    except BaseException:
        for path in written:  # the store took nothing: no list may say that it did
            path.unlink(missing_ok=True)
        raise
    _summarise(table, outcome, written)
    if not known:
        say("import.no_boundaries")
    if outcome.read == len(outcome.refused):
        raise typer.Exit(ALL_REFUSED)


def _region(text: str) -> Region:
    from geo.crs import REGION
    from geo.ingest.coordinates import parse_region

    try:
        return parse_region(text) if text else REGION
    except ValueError as wrong:
        raise FileRefused("file.region_unreadable", value=text) from wrong


def _write_lists(
    file: Path, rejects: Path | None, table: Table, outcome: Outcome, written: list[Path]
) -> None:
    from dashboard.import_account import account_bytes, account_path, write_account

    for kind, told in (("rejects", outcome.refused), ("notes", outcome.remarks)):
        if not told:
            continue
        content = account_bytes(table.headings, told)
        path = rejects if rejects and kind == "rejects" else account_path(rejects or file, kind, content)
        write_account(path, content)
        written.append(path)


def _summarise(table: Table, outcome: Outcome, written: list[Path]) -> None:
    refused = len(outcome.refused)
    say("import.sum", read=outcome.read, added=outcome.added, already=outcome.already, refused=refused)
    if refused:
        say("import.refused")
        _by_reason(outcome.refused)
    if outcome.remarks:
        say("import.remarks")
        _by_reason(outcome.remarks)
    if outcome.added:
        found = {name: outcome.places.get(name, 0) for name in ("inside", "snapped", "outside", "no_point")}
        say("import.places", **found, conflicts=outcome.conflicts)
    if table.unused:
        say("import.unused", columns=", ".join(table.unused))
    if table.other_sheets:
        say("import.other_sheets", sheets=", ".join(table.other_sheets))
    for path in written:
        say("import.list", file=path)


def _by_reason(told: list[Refusal] | list[Remark]) -> None:
    """One line a reason, most first, with the first row as the example."""
    from dashboard.import_account import reason

    groups: defaultdict[str, list[Refusal | Remark]] = defaultdict(list)
    for one in told:
        groups[one.code].append(one)
    for group in sorted(groups.values(), key=len, reverse=True):
        first = group[0]
        say("import.reason", count=len(group), row=first.row.number, reason=reason(first, language()))
