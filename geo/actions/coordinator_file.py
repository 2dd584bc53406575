"""A coordinator's spreadsheet: each row becomes a report like one typed into the form, and every row is accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import Connection

from geo.actions.intake import MAX_VILLAGE, NewReport, ReportRefused, submit
from geo.errors import FileRefused
from geo.ingest.account import Refusal, Remark
from geo.ingest.crime_words import CrimeWords
from geo.ingest.district_words import DistrictWords
from geo.ingest.incidents import IncidentRules, read_incidents
from geo.ingest.table import Table
from geo.model import Channel, Status
from geo.model.new_incident import NewIncident
from geo.queries.known_words import crime_type_names, district_names

__all__ = ["MOST_ROWS", "FileAccount", "import_reports"]

MOST_ROWS = 500
"""A village's sheet is far smaller; a larger one is a district's, and is imported on the command line."""
_NAMESPACE = UUID("6f0f6f0e-7a52-4c1d-9d0c-1d6ed42f7a11")
"""Of the names by which a row is known again when its file comes a second time."""


@dataclass(frozen=True, slots=True)
class FileAccount:
    """``read`` = ``added`` + ``already`` + ``len(refused)``; ``remarks`` are of rows that were taken."""

    read: int
    added: int
    already: int
    refused: list[Refusal]
    remarks: list[Remark]


def import_reports(connection: Connection, who: int, table: Table, language: str) -> FileAccount:
    """Hand in the rows of a table, in the caller's transaction, which acts for the coordinator.

    Raises
    ------
    FileRefused
        The file as a whole cannot be taken; ``file.too_many_rows``.
    """
    rules = IncidentRules(
        CrimeWords(crime_type_names(connection)), DistrictWords(district_names(connection)), Channel.COORDINATOR
    )
    reading = read_incidents(table, rules)
    if reading.read > MOST_ROWS:
        raise FileRefused("file.too_many_rows", limit=MOST_ROWS)
    refused, remarks = list(reading.refused), list(reading.remarks)
    counts: Counter[bool] = Counter()
    for incident in reading.incidents:
        row = reading.rows[incident.row]
        try:
            counts[submit(connection, _report(who, incident, language), goes_on=True).is_new] += 1
        except ReportRefused as error:
            refused.append(Refusal(row, error.code, error.params))
            remarks = [remark for remark in remarks if remark.row.number != row.number]
            continue
        if incident.status is not Status.RECEIVED:
            remarks.append(Remark(row, "status_by_centre"))
    return FileAccount(
        reading.read,
        counts[True],
        counts[False],
        sorted(refused, key=lambda one: one.row.number),
        sorted(remarks, key=lambda one: one.row.number),
    )


def _report(who: int, incident: NewIncident, language: str) -> NewReport:
    note, told = incident.location_note, incident.description
    if len(note) > MAX_VILLAGE:  # a place told at length is part of the story
        note, told = "", f"{note}\n{told}".strip()
    return NewReport(
        client_id=uuid5(_NAMESPACE, f"{who}:{incident.source_key}"),
        receipt_hash=None,
        channel="coordinator",
        language=language,
        crime_type=incident.crime_type,
        when_said="date",
        occurred_at=incident.occurred_at,
        lon=incident.lon,
        lat=incident.lat,
        area_code=incident.district,
        village=note,
        description=told,
    )
