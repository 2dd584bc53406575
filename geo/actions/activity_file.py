"""A spreadsheet of activities: all of it is taken or nothing, and every row that cannot be taken is named with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from geo.actions.activities import may_write, put_activity
from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.incidents import record_batch
from geo.errors import FileRefused, WatchError
from geo.ingest.account import Refusal, Remark
from geo.ingest.activities import ActivityRow, ActivityRules, read_activities
from geo.ingest.agencies import AgencyWords
from geo.ingest.district_words import DistrictWords
from geo.ingest.reading import Reading
from geo.ingest.table import Table
from geo.ingest.text import match_key
from geo.model.activity import WRITES, NewActivity
from geo.model.person import Person
from geo.queries.known_words import district_names
from geo.queries.places import agencies
from geo.queries.report_places import places_in

__all__ = ["MOST_ROWS", "ActivityFile", "import_activities"]

MOST_ROWS = 2000
"""A district has some hundred in a year."""


@dataclass(frozen=True, slots=True)
class ActivityFile:
    """The account of a file: ``read`` = ``added`` + ``already``, or nothing was taken and ``refused`` says why.

    Rows that are fine by themselves are in neither where others are refused.
    """

    read: int
    added: int
    already: int
    refused: list[Refusal]
    remarks: list[Remark]


def import_activities(
    connection: Connection,
    table: Table,
    *,
    file_name: str,
    sha256: str,
    person: Person | None = None,
    district: str | None = None,
) -> ActivityFile:
    """Take every row of a table, in the caller's transaction, or none.

    Parameters
    ----------
    person
        Who hands it in on a page, with their rights. Nobody for a command, whose batch is kept.
    district
        Code for rows that name none.

    Raises
    ------
    FileRefused
        The file as a whole cannot be taken; ``file.too_many_rows``.
    StepRefused
        ``activity.not_allowed``.
    """
    if person is not None and person.role not in WRITES:
        raise StepRefused("activity.not_allowed")
    now = connection.execute(text("select now()")).scalar_one()
    reading = read_activities(table, _rules(connection, district, now))
    if reading.read > MOST_ROWS:
        raise FileRefused("file.too_many_rows", limit=MOST_ROWS)
    refused, keys = list(reading.refused), _keys(reading)
    added = already = 0
    kept = connection.begin_nested()  # of a file with a mistake nothing stays
    for one, (key, first) in zip(reading.taken, keys, strict=True):
        try:
            if first != one.row:
                raise StepRefused("row.activity_twice", other=first)
            if person is not None and not may_write(person, one.new.district):
                raise StepRefused("activity.not_your_district", district=one.new.district)
            with connection.begin_nested():
                _, is_new = put_activity(
                    connection, one.new, made_by=person.id if person else None, is_demo=person is not None and person.is_demo,
                    source=file_name, source_key=key, person=person,
                )  # fmt: skip
        except WatchError as error:
            refused.append(Refusal(reading.rows[one.row], error.code, error.params))
            continue
        added, already = added + is_new, already + (not is_new)
    if refused:
        kept.rollback()
        return ActivityFile(reading.read, 0, 0, sorted(refused, key=lambda told: told.row.number), [])
    kept.commit()
    if person is not None:
        audit(connection, "activity.import", "activity:*", rows=reading.read, added=added)
    else:
        record_batch(
            connection, "activities", file_name=file_name, sha256=sha256, read=reading.read, added=added, already=already, refused=0
        )  # fmt: skip
    return ActivityFile(reading.read, added, already, [], reading.remarks)


def _rules(connection: Connection, district: str | None, now: datetime) -> ActivityRules:
    found: dict[str, Mapping[str, str]] = {}

    def subdistricts(code: str) -> Mapping[str, str]:
        if code not in found:
            found[code] = {
                key: area for area, *names in places_in(connection, code) for key in (area, *map(match_key, names))
            }
        return found[code]

    words = AgencyWords(asdict(one) for one in agencies(connection).values() if one.active)
    return ActivityRules(DistrictWords(district_names(connection)), words, subdistricts, district, now)


def _keys(reading: Reading[ActivityRow]) -> list[tuple[str, int]]:
    """By what each row is known again, and the first row of the file that is the same."""
    first: dict[str, int] = {}
    return [(key, first.setdefault(key, one.row)) for one in reading.taken for key in [_key(one.new)]]


def _key(new: NewActivity) -> str:
    """The same activity in a later file: of the same district, kind, day, hour, title and place."""
    said = (
        new.district,
        new.kind,
        new.first_day,
        new.begins,
        match_key(new.title),
        new.area_code,
        match_key(new.place or ""),
    )
    return f"file:{hashlib.sha256('|'.join(map(str, said)).encode()).hexdigest()}"
