"""What all import commands do alike: one transaction with its lists of rows, the account on the screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import typer

from dashboard.console import language, say
from geo.errors import FileRefused

if TYPE_CHECKING:
    from geo.ingest.account import Refusal, Remark
    from geo.ingest.coordinates import Region
    from geo.ingest.table import Table

__all__ = ["ALL_REFUSED", "Told", "give_account", "region_of", "take_in"]

ALL_REFUSED = 1
"""Exit code where a file was read but not one of its rows could be taken."""


class Told(Protocol):
    """What an import tells of its rows."""

    @property
    def read(self) -> int:
        """Rows of the file that say something."""

    @property
    def refused(self) -> Sequence[Refusal]:
        """Those that were not taken."""

    @property
    def remarks(self) -> Sequence[Remark]:
        """Those that were taken and should be looked at."""


OutcomeT = TypeVar("OutcomeT", bound=Told)


def region_of(text: str) -> Region:
    """The box of ``--region``; ours where it is not given.

    Raises
    ------
    FileRefused
        ``file.region_unreadable``.
    """
    from geo.crs import REGION
    from geo.ingest.coordinates import parse_region

    try:
        return parse_region(text) if text else REGION
    except ValueError as wrong:
        raise FileRefused("file.region_unreadable", value=text) from wrong


def take_in(
    file: Path, rejects: Path | None, table: Table, write: Callable[[Any, str, str], OutcomeT]
) -> tuple[OutcomeT, list[Path]]:
    """Import a table in one transaction; the lists of refused and remarked rows stand or fall with it.

    Parameters
    ----------
    write
        Called with a connection, the file's name and its SHA-256.

    Returns
    -------
    The outcome, and the lists that were written.
    """
    import hashlib

    from geo.actions.reference import load_reference
    from geo.db.engine import open_store
    from geo.db.migrate import migrate
    from geo.ingest.tabular import read_bytes
    from geo.ingest.text import clean
    from geo.queries.known_words import crime_type_names

    if rejects and rejects.resolve() == file.resolve():
        raise FileRefused("file.account_over_file", name=clean(str(rejects)))
    say("import.reading", file=clean(file.name), kind=table.kind, detail=table.detail)
    engine = open_store()
    migrate(engine)
    written: list[Path] = []
    try:
        with engine.begin() as connection:
            if not crime_type_names(connection):
                load_reference(connection)
            sha256 = hashlib.sha256(read_bytes(file)).hexdigest()
            outcome = write(connection, clean(file.name), sha256)
            _write_lists(file, rejects, table, outcome, written)
    except BaseException:
        for path in written:  # the store took nothing: no list may say that it did
            path.unlink(missing_ok=True)
        raise
    return outcome, written


def _write_lists(file: Path, rejects: Path | None, table: Table, outcome: Told, written: list[Path]) -> None:
    from dashboard.import_account import account_bytes, account_path, write_account

    told: Sequence[Refusal | Remark]
    for kind, told in (("rejects", outcome.refused), ("notes", outcome.remarks)):
        if not told:
            continue
        content = account_bytes(table.headings, told)
        path = rejects if rejects and kind == "rejects" else account_path(rejects or file, kind, content)
        write_account(path, content)
        written.append(path)


def give_account(table: Table, outcome: Told, written: Sequence[Path], more: Callable[[], None] = lambda: None) -> None:
    """Print why rows were refused or remarked, what ``more`` says, what was not read, where the lists are.

    Exits with `ALL_REFUSED` where nothing could be taken.
    """
    if outcome.refused:
        say("import.refused")
        _by_reason(outcome.refused)
    if outcome.remarks:
        say("import.remarks")
        _by_reason(outcome.remarks)
    more()
    if table.unused:
        say("import.unused", columns=", ".join(table.unused))
    if table.other_sheets:
        say("import.other_sheets", sheets=", ".join(table.other_sheets))
    for path in written:
        say("import.list", file=path)
    if outcome.read == len(outcome.refused):
        raise typer.Exit(ALL_REFUSED)


def _by_reason(told: Sequence[Refusal | Remark]) -> None:
    """One line a reason, most first, with the first row as the example."""
    from dashboard.import_account import reason

    groups: defaultdict[str, list[Refusal | Remark]] = defaultdict(list)
    for one in told:
        groups[one.code].append(one)
    for group in sorted(groups.values(), key=len, reverse=True):
        first = group[0]
        say("import.reason", count=len(group), row=first.row.number, reason=reason(first, language()))
