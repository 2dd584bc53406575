"""Take a file of patrols' positions into the store, with an account of every row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from geo.actions.case_history import audit
from geo.actions.case_steps import own_rows
from geo.actions.incidents import record_batch
from geo.actions.patrols import PatrolsWritten, write_patrols
from geo.crs import REGION
from geo.ingest.account import Refusal, Remark
from geo.ingest.agencies import AgencyWords
from geo.ingest.coordinates import Region
from geo.ingest.patrol_fixes import read_fixes
from geo.ingest.table import Table
from geo.model.track import logs
from geo.queries.places import agencies

__all__ = ["PatrolOutcome", "import_patrols"]


@dataclass(frozen=True, slots=True)
class PatrolOutcome:
    """The account of a file: ``read`` = ``written.added`` + ``written.already`` + ``len(refused)``."""

    read: int
    refused: list[Refusal]
    remarks: list[Remark]
    written: PatrolsWritten


def import_patrols(
    connection: Connection,
    table: Table,
    *,
    file_name: str,
    sha256: str,
    region: Region = REGION,
    route: str | None = None,
    agency: str | None = None,
    run: str | None = None,
    person: int | None = None,
    now: datetime | None = None,
) -> PatrolOutcome:
    """Add the positions of a table to patrols, in the caller's transaction.

    Parameters
    ----------
    route, agency
        Codes for all patrols of the file.
    run
        Code of the run that the file is the track of.
    person
        Who hands it in on a page, with their rights: the log says so. Nobody for a command, whose batch is kept.

    Raises
    ------
    FileRefused
        The file as a whole cannot be taken.
    NotFound
        ``route.unknown``, ``agency.unknown``, ``patrol.not_found``.
    StepRefused
        ``case.not_yours``: it is of another's district.
    """
    now = now or datetime.now(UTC)
    words = AgencyWords(map(asdict, agencies(connection).values()))
    reading = read_fixes(table, words, region=region, now=now)
    with own_rows():
        written = write_patrols(
            connection, logs(reading.taken), source=file_name, route=route, agency=agency, run=run, now=now
        )
    late = [Refusal(reading.rows[one.fix.row], one.code) for one in written.refused]
    refused, remarks = reading.account(late)
    if person is not None:
        audit(
            connection, "patrol.track", f"patrol:{run or next(iter((*written.scheduled, *written.extended, *written.new)), '-')}",
            rows=reading.read, added=written.added, runs=len(written.scheduled),
        )  # fmt: skip
        return PatrolOutcome(reading.read, refused, remarks, written)
    record_batch(
        connection,
        "patrols",
        file_name=file_name,
        sha256=sha256,
        read=reading.read,
        added=written.added,
        already=written.already,
        refused=len(refused),
    )
    return PatrolOutcome(reading.read, refused, remarks, written)
