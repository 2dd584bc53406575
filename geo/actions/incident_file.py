"""Take a file of incidents into the store: read, understand, add, and give an account of every row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from geo.actions.incidents import Added, add_incidents, record_batch
from geo.crs import REGION
from geo.ingest.account import Refusal, Remark
from geo.ingest.coordinates import Region
from geo.ingest.crime_words import CrimeWords
from geo.ingest.dates import BANGKOK
from geo.ingest.district_words import DistrictWords
from geo.ingest.incidents import IncidentRules, Reading, read_incidents
from geo.ingest.table import Table
from geo.model import Channel
from geo.queries.known_words import crime_type_names, district_names

__all__ = ["FileOptions", "Outcome", "import_incidents"]


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What the user said about a file; see `geo.ingest.incidents.IncidentRules`."""

    channel: Channel = Channel.COORDINATOR
    type_for_unknown: str = ""
    region: Region = REGION
    month_first: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(BANGKOK))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The account of a file: ``read`` = ``added`` + ``already`` + ``len(refused)``.

    Attributes
    ----------
    remarks
        Rows that were taken but should be looked at, in the order of the file.
    places
        How many of the added are inside a district, snapped to one, outside all, or have no point.
    conflicts
        How many of the added state another district than that of their point.
    """

    read: int
    added: int
    already: int
    refused: list[Refusal]
    remarks: list[Remark]
    places: dict[str, int]
    conflicts: int


def import_incidents(
    connection: Connection, table: Table, options: FileOptions, *, file_name: str, sha256: str
) -> Outcome:
    """Add the incidents of a table, in the caller's transaction.

    Raises
    ------
    FileRefused
        The file as a whole cannot be taken; nothing was written.
    """
    rules = IncidentRules(
        CrimeWords(crime_type_names(connection)),
        DistrictWords(district_names(connection)),
        options.channel,
        options.type_for_unknown,
        options.region,
        options.month_first,
        options.now,
    )
    reading = read_incidents(table, rules)
    added = add_incidents(connection, reading.incidents, source=file_name)
    record_batch(
        connection,
        "incidents",
        file_name=file_name,
        sha256=sha256,
        read=reading.read,
        added=len(added.placed),
        already=len(added.already),
        refused=len(reading.refused),
    )
    return Outcome(
        reading.read,
        len(added.placed),
        len(added.already),
        reading.refused,
        _remarks(reading, added),
        dict(Counter(placed.location_check for placed in added.placed.values())),
        sum(placed.conflict for placed in added.placed.values()),
    )


def _remarks(reading: Reading, added: Added) -> list[Remark]:
    """What reading the file remarked of rows that are new, and what the store found about their places."""
    remarks = [remark for remark in reading.remarks if remark.row.number in added.placed]
    stated = {incident.row: incident.district for incident in reading.incidents}
    for number, placed in added.placed.items():
        row = reading.rows[number]
        if placed.conflict:
            found = placed.point_district or "-"
            remarks.append(Remark(row, "district_conflict", {"stated": stated[number], "found": found}))
        elif placed.location_check == "outside":
            remarks.append(Remark(row, "outside_districts"))
    for number, first in added.already.items():
        if first:
            remarks.append(Remark(reading.rows[number], "repeats_row", {"first": first}))
    return sorted(remarks, key=lambda remark: remark.row.number)
