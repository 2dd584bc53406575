"""Accounts for everybody in a spreadsheet: each row is made or refused by itself, and every row is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from geo.actions.administration import administers
from geo.actions.people import create_person
from geo.credentials.passwords import hash_password, random_password
from geo.errors import NotFound, WatchError
from geo.ingest.account import Refusal
from geo.ingest.agencies import AgencyWords
from geo.ingest.district_words import DistrictWords
from geo.ingest.people import NewPerson, read_people
from geo.ingest.reading import Reading
from geo.ingest.table import Table
from geo.ingest.text import match_key
from geo.model.person import Person
from geo.queries.known_words import district_names
from geo.queries.people import person_by_login
from geo.queries.places import agencies
from geo.queries.report_places import places_in

__all__ = ["MOST_ROWS", "Candidate", "MadePerson", "PeopleAccount", "add_people", "understood", "with_passwords"]

MOST_ROWS = 300
"""A district has some hundred headmen."""


@dataclass(frozen=True, slots=True)
class MadePerson:
    """An account that was made, and its first password: the only sight of it. A demonstration person has none."""

    person: Person
    password: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is to be made, with a first password and its hash."""

    new: NewPerson
    password: str | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class PeopleAccount:
    """``read`` = ``len(made)`` + ``already`` + ``len(refused)``. ``already``: the same person under the same login."""

    read: int
    made: list[MadePerson]
    already: int
    refused: list[Refusal]


def understood(connection: Connection, table: Table) -> Reading[NewPerson]:
    """Understand the rows by what the store knows of places and agencies; nothing is written.

    Raises
    ------
    geo.errors.FileRefused
        The file as a whole cannot be taken.
    """
    found: dict[str, Mapping[str, str]] = {}

    def subdistricts(district: str) -> Mapping[str, str]:
        if district not in found:
            found[district] = {
                key: code for code, *names in places_in(connection, district) for key in (code, *map(match_key, names))
            }
        return found[district]

    words = AgencyWords(asdict(one) for one in agencies(connection).values() if one.active)
    return read_people(table, DistrictWords(district_names(connection)), words, subdistricts, most=MOST_ROWS)


def with_passwords(
    reading: Reading[NewPerson], by: Person | None = None, progress: Callable[[float], object] = lambda _: None
) -> list[Candidate]:
    """First passwords for everybody who was understood. Takes a twentieth of a second each, so no transaction waits for it.

    Parameters
    ----------
    progress
        Told the share that is done.
    """
    made = []
    for number, new in enumerate(reading.taken, 1):
        secret = None if by is not None and by.is_demo else random_password()
        made.append(Candidate(new, secret, None if secret is None else hash_password(secret)))
        progress(number / len(reading.taken))
    return made


def add_people(
    connection: Connection, reading: Reading[NewPerson], candidates: Sequence[Candidate], by: Person | None = None
) -> PeopleAccount:
    """Make an account of every row that was understood.

    Raises
    ------
    geo.errors.WatchError
        ``people.not_administrator``; what is wrong with a row is in the account.
    """
    administers(connection, by)
    made: list[MadePerson] = []
    refused = list(reading.refused)
    already = 0
    for one in candidates:
        new = one.new
        try:
            known = person_by_login(connection, new.login)
        except NotFound:
            known = None
        if known and (known.name, known.role, known.area_code) == (new.name, new.role, new.area_code):
            already += 1
            continue
        try:
            with connection.begin_nested():
                person = create_person(
                    connection, new.login, new.name, new.role, districts=(new.district,) if new.district else (),
                    agency=new.agency, area_code=new.area_code, village=new.village, language=new.language,
                    password_hash=one.password_hash, by=by,
                )  # fmt: skip
        except WatchError as error:
            refused.append(Refusal(reading.rows[new.row], error.code, error.params))
            continue
        made.append(MadePerson(person, one.password))
    return PeopleAccount(reading.read, made, already, sorted(refused, key=lambda told: told.row.number))
