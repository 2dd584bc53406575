"""Take a list of checkpoints into the store, with an account of every row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from geo.actions.checkpoints import write_checkpoints
from geo.actions.incidents import record_batch
from geo.crs import REGION
from geo.ingest.account import Refusal, Remark
from geo.ingest.agencies import AgencyWords
from geo.ingest.checkpoints import read_checkpoints
from geo.ingest.coordinates import Region
from geo.ingest.table import Table
from geo.queries.places import agencies

__all__ = ["CheckpointOutcome", "import_checkpoints"]


@dataclass(frozen=True, slots=True)
class CheckpointOutcome:
    """The account of a file: ``read`` = ``added`` + ``updated`` + ``already`` + ``len(refused)``."""

    read: int
    added: int
    updated: int
    already: int
    refused: list[Refusal]
    remarks: list[Remark]


def import_checkpoints(
    connection: Connection,
    table: Table,
    *,
    file_name: str,
    sha256: str,
    region: Region = REGION,
    now: datetime | None = None,
) -> CheckpointOutcome:
    """Add and update the checkpoints of a table, in the caller's transaction.

    Raises
    ------
    FileRefused
        The file as a whole cannot be taken.
    """
    words = AgencyWords(map(asdict, agencies(connection).values()))
    reading = read_checkpoints(table, words, region=region, now=now)
    written = write_checkpoints(connection, reading.taken, source=file_name)
    late = [Refusal(reading.rows[one.entry.row], one.code, one.params) for one in written.refused]
    refused, remarks = reading.account(late)
    record_batch(
        connection,
        "checkpoints",
        file_name=file_name,
        sha256=sha256,
        read=reading.read,
        added=written.added,
        updated=written.updated,
        already=written.already,
        refused=len(refused),
    )
    return CheckpointOutcome(reading.read, written.added, written.updated, written.already, refused, remarks)
