"""A stranger's report on its way in, and what the reporter may ask afterwards.

Everything goes through the functions of ``0003_intake.sql``: the caller's transaction acts for
`geo.model.Reach.INTAKE` (or for a coordinator), who may call them and read nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg.errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.crs import TIMEZONE
from geo.db.transaction import commit_with
from geo.errors import WatchError
from geo.ingest.text import clean

__all__ = [
    "MAX_DESCRIPTION",
    "MAX_PHOTOS",
    "MAX_VILLAGE",
    "NewReport",
    "Received",
    "ReportRefused",
    "answer",
    "dispute",
    "state",
    "submit",
]

MAX_DESCRIPTION = 4_000
MAX_VILLAGE = 120
MAX_ANSWER = 2_000
MAX_PHOTOS = 5
LANGUAGES = ("th", "en", "lo", "km")
WHEN = ("now", "today", "date", "unsure")
CHANNELS = ("online", "agency", "coordinator")
WEST, SOUTH, EAST, NORTH = 90.0, 0.0, 115.0, 30.0
"""A point outside this box, from Sumatra to Yunnan, is a mistake and not a place of this border."""
FIRST_YEAR = 2000
CLOCKS_DIFFER = timedelta(minutes=10)
"""A telephone's clock may be fast by as much; what it says is then taken for now."""


class ReportRefused(WatchError):
    """One thing in a report cannot be taken; ``field`` names it, ``code`` begins with ``report.``."""

    def __init__(self, code: str, field: str, **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that may be handed in: made only of what passed every check.

    Attributes
    ----------
    client_id
        Made by the sender; the same one again is the same report.
    receipt_hash
        Keyed hash of the receipt code; none for a coordinator, who has a list.
    channel
        ``online`` (the form, a partner's system), ``agency`` or ``coordinator``.
    crime_type
        Code, or none where the reporter is not sure.
    when_said
        ``now``, ``today``, ``date`` or ``unsure``.
    occurred_at
        Aware moment; midnight in Asia/Bangkok where only the day is known; none for today or not sure.
    lon, lat
        Degrees (WGS 84), or both nothing. Then ``area_code`` is needed.
    area_code
        Code of a Thai district (4 digits), sub-district (6) or village (8).
    description
        What happened, in the reporter's words: line breaks stay, control characters go.
    contact_sealed
        How to reach the reporter, encrypted by the caller.
    photos
        JPEG, rebuilt from pixels by the caller (`dashboard.photos`).
    api_key_id
        The key by which a partner's system handed it in.
    content_hash
        Keyed hash of what that system sent: the same ``client_id`` with another one is refused.

    Raises
    ------
    ReportRefused
        Something is missing, too long, or cannot be; ``field`` says what.
    """

    client_id: UUID
    receipt_hash: bytes | None
    channel: str = "online"
    language: str = "th"
    crime_type: str | None = None
    when_said: str = "unsure"
    occurred_at: datetime | None = None
    ongoing: bool | None = None
    lon: float | None = None
    lat: float | None = None
    area_code: str | None = None
    village: str | None = None
    description: str | None = None
    contact_sealed: bytes | None = None
    photos: Sequence[bytes] = field(default=(), repr=False)
    api_key_id: int | None = None
    content_hash: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, allowed in (("channel", CHANNELS), ("language", LANGUAGES), ("when_said", WHEN)):
            if getattr(self, name) not in allowed:
                raise ReportRefused("report.choice", name)
        self._put("crime_type", self.crime_type or None)
        self._put("area_code", self.area_code or None)
        self._put("village", _words(self.village, "village", MAX_VILLAGE))
        self._put("description", _words(self.description, "description", MAX_DESCRIPTION, lines=True))
        if self.crime_type is None and self.description is None:
            raise ReportRefused("report.nothing_said", "description")
        if self.crime_type is not None and not (self.crime_type.isascii() and len(self.crime_type) <= 60):
            raise ReportRefused("report.crime_type", "crime_type")
        self._check_place()
        self._check_time()
        if len(self.photos) > MAX_PHOTOS:
            raise ReportRefused("report.photos", "photos", n=MAX_PHOTOS)

    def _put(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_place(self) -> None:
        if (self.lon is None) != (self.lat is None):
            raise ReportRefused("report.half_point", "place")
        if self.lon is None or self.lat is None:
            if self.area_code is None:
                raise ReportRefused("report.no_place", "place")
        elif not (WEST <= self.lon <= EAST and SOUTH <= self.lat <= NORTH):  # false for NaN as well
            raise ReportRefused("report.far_away", "place")
        else:  # to a centimetre: finer digits say nothing, and the smallest of them cannot be counted with
            self._put("lon", round(self.lon, 7))
            self._put("lat", round(self.lat, 7))
        if self.area_code is not None and not (
            self.area_code.isascii() and self.area_code.isdigit() and len(self.area_code) in (4, 6, 8)
        ):
            raise ReportRefused("report.area", "place")

    def _check_time(self) -> None:
        if self.when_said == "date" and self.occurred_at is None:
            raise ReportRefused("report.no_date", "occurred_at")
        if self.occurred_at is None:
            return
        if self.occurred_at.tzinfo is None:
            raise ReportRefused("report.date", "occurred_at")
        now = datetime.now(ZoneInfo(TIMEZONE))
        if self.occurred_at > now:
            if self.occurred_at > now + CLOCKS_DIFFER:
                raise ReportRefused("report.future", "occurred_at")
            self._put("occurred_at", now)
        if self.occurred_at.year < FIRST_YEAR:
            raise ReportRefused("report.long_ago", "occurred_at", year=FIRST_YEAR)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a report.

    Attributes
    ----------
    public_id
        Name of the report for whoever handed it in; it tells nothing of the case.
    is_new
        False where it was there already.
    similar_near
        Another report of the same kind within 1 km in the last 24 hours; nothing else of it is told.
    """

    public_id: str
    is_new: bool
    similar_near: bool


_SUBMIT = (
    "select public_id, is_new, similar_near from submit_report({client_id}, {receipt_hash}, {channel}, {language},"
    " {crime_type}, {when_said}, {occurred_at}, {ongoing}, {lon}, {lat}, {area_code}, {village}, {description},"
    " {contact_sealed}, cast({photos} as bytea[]), {api_key_id}, {content_hash})"
)
_SUBMITTED = text(_SUBMIT.format_map({name: f":{name}" for name in NewReport.__slots__}))
_LAST = _SUBMIT.format_map({name: f"%({name})s" for name in NewReport.__slots__})
_REFUSALS = {
    "unknown_crime_type": ("report.crime_type", "crime_type"),
    "unknown_area": ("report.area", "place"),
    "no_place": ("report.no_place", "place"),
    "channel": ("report.choice", "channel"),
    "client_id_taken": ("report.client_id", "client_id"),
    "content_differs": ("report.content", "client_id"),
}


def submit(connection: Connection, report: NewReport, *, goes_on: bool = False, commits: bool = False) -> Received:
    """Take a report in, once however often it is sent; its case is made with it.

    Parameters
    ----------
    connection
        In a transaction that acts for the public form or a coordinator; the caller commits.
    goes_on
        Whether the transaction is used further where the report is refused. It costs two more trips to the database.
    commits
        Whether it is the last of the transaction, and may be committed in the same trip.

    Raises
    ------
    ReportRefused
        The type or the place is not known, or the client's identifier belongs to another sender's report or to one
        with another content.
    """
    values: dict[str, Any] = {name: getattr(report, name) for name in NewReport.__slots__}
    values["photos"] = list(report.photos)
    try:
        if commits and not report.photos:  # the driver's pipeline stands still under megabytes
            row = commit_with(connection, _LAST, values)
            assert row is not None
            return Received(*row)
        with connection.begin_nested() if goes_on else nullcontext():
            return Received(*connection.execute(_SUBMITTED, values).one())
    except (DBAPIError, psycopg.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(said, psycopg.Error) and said.sqlstate == "WR001":
            code, where = _REFUSALS[said.diag.message_primary or ""]
            raise ReportRefused(code, where) from error
        raise


def state(connection: Connection, receipt_hash: bytes) -> dict[str, Any] | None:
    """What the reporter may know, or nothing where there is no such receipt.

    Keys: ``status``, ``received_at``, ``outcome``, ``closed_at``, ``disputed_at``, ``may_dispute`` and ``questions``
    (each ``id``, ``question``, ``asked_at``, ``answer``, ``answered_at``); moments are ISO 8601 with offset.
    """
    found = connection.execute(text("select report_state(:hash)"), {"hash": receipt_hash}).scalar()
    return None if found is None else dict(found)


def answer(connection: Connection, receipt_hash: bytes, question_id: int, said: str) -> bool:
    """Answer a question of the centre; false where it is not one of this report's or has its answer.

    Raises
    ------
    ReportRefused
        The answer is empty or longer than 2,000 characters.
    """
    cleaned = _words(said, "answer", MAX_ANSWER, lines=True)
    if cleaned is None:
        raise ReportRefused("report.no_answer", "answer")
    if not 0 < question_id < 1 << 31:
        return False
    return bool(
        connection.execute(
            text("select answer_question(:hash, :question, :answer)"),
            {"hash": receipt_hash, "question": question_id, "answer": cleaned},
        ).scalar()
    )


def dispute(connection: Connection, receipt_hash: bytes, note: str | None) -> bool:
    """Say that the outcome is not right: the case is looked at again. False where it is not closed.

    Raises
    ------
    ReportRefused
        The note is longer than 2,000 characters.
    """
    return bool(
        connection.execute(
            text("select dispute_report(:hash, :note)"),
            {"hash": receipt_hash, "note": _words(note, "note", MAX_ANSWER, lines=True)},
        ).scalar()
    )


def _words(said: str | None, field: str, limit: int, *, lines: bool = False) -> str | None:
    """Text without what is not seen; none where nothing is left."""
    if said is None:
        return None
    if len(said) > 2 * limit:  # line breaks come as two characters; a longer text need not be read
        raise ReportRefused("report.too_long", field, n=limit)
    cleaned = clean(said, lines=lines).strip()
    if len(cleaned) > limit:
        raise ReportRefused("report.too_long", field, n=limit)
    return cleaned or None
