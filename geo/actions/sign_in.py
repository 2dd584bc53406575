"""Sign people in and out: guesses are charged before they are checked, sessions are known by a hash alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from geo.actions.audit import act_as, audit
from geo.credentials.passwords import is_right
from geo.credentials.totp import open_secret, step_of
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import Person
from geo.queries.people import PERSON, person, person_from

__all__ = [
    "MOST_WRONG",
    "WINDOW",
    "OpenSession",
    "SignInKeys",
    "close_session",
    "close_sessions",
    "login_key",
    "open_session",
    "open_sessions",
    "person_of",
    "person_of_session",
    "prove_code",
    "prove_password",
    "token_hash",
]

MOST_WRONG, WINDOW = 5, timedelta(minutes=15)
"""Wrong passwords and codes of one login within this time; then it waits."""
SEEN_EVERY = timedelta(minutes=5)
"""How old the mark of the last use may grow before it is moved: a map asks many times a second."""


@dataclass(frozen=True, slots=True)
class SignInKeys:
    """Derived keys, 32 bytes each: for the names under which attempts are counted, and for the secrets of codes."""

    attempts: bytes
    totp: bytes


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where a person is signed in. ``own`` is the one that asks."""

    began_at: datetime
    seen_at: datetime
    own: bool


def login_key(keys: SignInKeys, login: str) -> bytes:
    """The name under which attempts of a login are counted; the login itself, perhaps a mistyped password, is not kept."""
    return hmac.digest(keys.attempts, login.strip().lower().encode(), hashlib.sha256)


def token_hash(token: str) -> bytes:
    """What the store knows of a session's token."""
    return hashlib.sha256(token.encode()).digest()


# ---------------------------------------------------------------- proofs


def prove_password(engine: Engine, keys: SignInKeys, login: str, password: str) -> Person:
    """The person whose login and password these are. Where codes are asked for, that is not enough to come in.

    Unknown logins take the same time and are counted in the same way.

    Raises
    ------
    geo.errors.WatchError
        ``sign_in.wrong``; ``sign_in.locked``: too many were wrong; ``sign_in.busy``.
    """
    key = login_key(keys, login)
    number = _charge(engine, key)
    with transaction(engine) as connection:
        row = (
            connection.execute(
                text(f"select {PERSON}, p.password_hash from person p where p.login = :login and p.active"),
                {"login": login.strip().lower()},
            )
            .mappings()
            .first()
        )
    try:
        right = is_right(row["password_hash"] if row else None, password)
    except WatchError:
        _take_back(engine, key, 1)
        raise
    if row is None or not right:
        if row is not None and number == MOST_WRONG:
            _say_locked(engine, int(row["id"]))
        raise WatchError("sign_in.wrong")
    found = person_from(row)
    if not found.has_totp:
        _take_back(engine, key)
    return found


def prove_code(engine: Engine, keys: SignInKeys, number: int, code: str) -> Person:
    """The person of this number, whose authenticator shows this code; a code is taken once.

    Raises
    ------
    geo.errors.WatchError
        ``sign_in.wrong_code``, ``sign_in.locked``, ``sign_in.totp_key``: the secret was sealed with another key.
    """
    with transaction(engine) as connection:
        found = person(connection, number)
    key = login_key(keys, found.login)
    tries = _charge(engine, key)
    with transaction(engine) as connection:
        row = connection.execute(
            text("select totp_sealed, totp_last_step from person where id = :id and active for update"), {"id": number}
        ).first()
        if row is None or row.totp_sealed is None:
            raise WatchError("sign_in.wrong_code")
        secret = open_secret(keys.totp, bytes(row.totp_sealed))
        if secret is None:
            raise WatchError("sign_in.totp_key")
        step = step_of(secret, code, row.totp_last_step)
        if step is not None:
            connection.execute(
                text("update person set totp_last_step = :step where id = :id"), {"id": number, "step": step}
            )
    if step is None:
        if tries == MOST_WRONG:
            _say_locked(engine, number)
        raise WatchError("sign_in.wrong_code")
    _take_back(engine, key)
    return found


def _charge(engine: Engine, key: bytes) -> int:
    """Count an attempt and say which one it is; kept before anything is checked, one of a login after the other."""
    with transaction(engine) as connection:
        connection.execute(
            text("select pg_advisory_xact_lock(:number)"), {"number": int.from_bytes(key[:8], "big", signed=True)}
        )
        connection.execute(
            text("delete from sign_in_attempt where login_key = :key and at < now() - :window"),
            {"key": key, "window": WINDOW},
        )
        counted = int(
            connection.execute(
                text("select count(*) from sign_in_attempt where login_key = :key"), {"key": key}
            ).scalar_one()
        )
        if counted < MOST_WRONG:
            connection.execute(
                text("insert into sign_in_attempt (login_key, at) values (:key, clock_timestamp())"), {"key": key}
            )
    if counted >= MOST_WRONG:
        raise WatchError("sign_in.locked", minutes=int(WINDOW.total_seconds() // 60))
    return counted + 1


def _take_back(engine: Engine, key: bytes, how_many: int | None = None) -> None:
    with transaction(engine) as connection:
        connection.execute(
            text(
                "delete from sign_in_attempt where ctid in (select ctid from sign_in_attempt where login_key = :key"
                " order by at desc limit :n)"
            ),
            {"key": key, "n": how_many},
        )


def _say_locked(engine: Engine, number: int) -> None:
    with transaction(engine) as connection:
        audit(connection, "sign_in.locked", f"person:{number}")


# ---------------------------------------------------------------- sessions


def open_session(connection: Connection, number: int, way: str, lifetime: timedelta) -> str:
    """Sign a person in; the token goes into their cookie and is kept nowhere.

    Parameters
    ----------
    way
        How they proved who they are: ``password``, ``totp``, ``oidc`` or ``demo``.
    lifetime
        After this the session is over, however busy it is.
    """
    token = secrets.token_urlsafe(32)
    act_as(connection, number)
    connection.execute(text("delete from sign_in where ends_at < now()"))
    connection.execute(text("delete from sign_in_attempt where at < now() - interval '1 day'"))
    connection.execute(
        text("insert into sign_in (token_hash, person_id, ends_at) values (:hash, :id, now() + :lifetime)"),
        {"hash": token_hash(token), "id": number, "lifetime": lifetime},
    )
    connection.execute(text("update person set last_sign_in_at = now() where id = :id"), {"id": number})
    audit(connection, "sign_in.open", f"person:{number}", way=way)
    return token


def person_of(connection: Connection, token: str, idle: timedelta) -> Person | None:
    """Who is signed in with this token; nobody where the session is over, was closed, or lay idle for too long."""
    return person_of_session(connection, token_hash(token), idle)


def person_of_session(connection: Connection, session: bytes, idle: timedelta) -> Person | None:
    """The same for a session that is known by the hash of its token alone."""
    row = (
        connection.execute(
            text(
                f"select {PERSON}, s.seen_at < now() - :every as is_old from sign_in s"
                " join person p on p.id = s.person_id where s.token_hash = :hash and p.active"
                " and s.ends_at > now() and s.seen_at > now() - :idle"
            ),
            {"hash": session, "idle": idle, "every": SEEN_EVERY},
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    if row["is_old"]:
        connection.execute(text("update sign_in set seen_at = now() where token_hash = :hash"), {"hash": session})
    return person_from(row)


def open_sessions(connection: Connection, number: int, token: str, idle: timedelta) -> tuple[OpenSession, ...]:
    """Where a person is signed in, the last used first."""
    rows = connection.execute(
        text(
            "select began_at, seen_at, token_hash = :hash as own from sign_in where person_id = :id"
            " and ends_at > now() and seen_at > now() - :idle order by own desc, seen_at desc"
        ),
        {"id": number, "hash": token_hash(token), "idle": idle},
    )
    return tuple(OpenSession(*row) for row in rows)


def close_session(connection: Connection, token: str) -> None:
    """Sign out here."""
    number = connection.execute(
        text("delete from sign_in where token_hash = :hash returning person_id"), {"hash": token_hash(token)}
    ).scalar()
    if number is not None:
        act_as(connection, number)
        audit(connection, "sign_in.close", f"person:{number}")


def close_sessions(connection: Connection, number: int) -> int:
    """Sign out everywhere; how many sessions that were."""
    act_as(connection, number)
    closed = connection.execute(text("delete from sign_in where person_id = :id"), {"id": number}).rowcount
    audit(connection, "sign_in.close_all", f"person:{number}", sessions=closed)
    return int(closed)
