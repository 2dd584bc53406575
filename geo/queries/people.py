"""Who has an account. Read as the web process itself: other roles see names only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.person import Person, Role

__all__ = [
    "demo_people",
    "is_demonstration",
    "people",
    "person",
    "person_by_login",
    "person_by_subject",
    "person_from",
]

PERSON = (
    "p.id, p.login, p.name, p.role, p.agency, p.area_code, p.village, p.language, p.must_change_password, p.active,"
    " p.is_demo, p.password_hash is not null as has_password, p.totp_sealed is not null as has_totp,"
    " p.subject is not null as linked,"
    " array(select d.district_code from person_district d where d.person_id = p.id order by 1) as districts"
)
"""Columns of a `Person`; secrets are not among them."""


def person_from(row: Any) -> Person:
    """A row with the columns of ``PERSON`` as a person."""
    values = {name: row[name] for name in Person.__dataclass_fields__}
    return Person(**values | {"role": Role(row["role"]), "districts": tuple(row["districts"])})


def _one(connection: Connection, where: str, **values: object) -> Person | None:
    row = connection.execute(text(f"select {PERSON} from person p where {where}"), values).mappings().first()
    return None if row is None else person_from(row)


def person(connection: Connection, number: int) -> Person:
    """The person of a number.

    Raises
    ------
    geo.errors.NotFound
        ``people.unknown``
    """
    found = _one(connection, "p.id = :id", id=number)
    if found is None:
        raise NotFound("people.unknown", login=number)
    return found


def person_by_login(connection: Connection, login: str) -> Person:
    """The person of a login, however its letters are written.

    Raises
    ------
    geo.errors.NotFound
        ``people.unknown``
    """
    found = _one(connection, "p.login = :login", login=login.strip().lower())
    if found is None:
        raise NotFound("people.unknown", login=login)
    return found


def person_by_subject(connection: Connection, subject: str) -> Person | None:
    """The active person that an OpenID Connect account is linked to, if any."""
    return _one(connection, "p.subject = :subject and p.active", subject=subject)


def people(connection: Connection) -> tuple[Person, ...]:
    """Everybody, the active first, by login."""
    rows = connection.execute(text(f"select {PERSON} from person p order by not p.active, p.login")).mappings()
    return tuple(person_from(row) for row in rows)


def demo_people(connection: Connection) -> tuple[Person, ...]:
    """The demonstration people that one can be, in the order in which they were made; nobody where the data is none."""
    if not is_demonstration(connection):
        return ()
    rows = connection.execute(
        text(
            f"select {PERSON} from person p where p.is_demo and p.active and p.login not like 'headman.demo.%' order by p.id"
        )
    )
    return tuple(person_from(row) for row in rows.mappings())


def is_demonstration(connection: Connection) -> bool:
    """Whether whoever opens the pages may be a demonstration person.

    There are demonstration incidents, nobody real has an account yet, and no real incident was imported. A report that
    somebody sends through the form while trying it does not end the demonstration.
    """
    return bool(connection.execute(text("select watch_demonstration()")).scalar_one())
