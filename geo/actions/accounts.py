"""What an administrator does for somebody who cannot get in, or must not stay in."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.administration import administers
from geo.actions.audit import audit
from geo.actions.people import may_change, set_password
from geo.credentials.passwords import random_password
from geo.errors import WatchError
from geo.model.person import Person
from geo.queries.people import person

__all__ = ["end_sessions", "give_password", "take_codes_away", "unlock"]


def give_password(connection: Connection, number: int, login_key: bytes, by: Person | None = None) -> str:
    """A new first password, and the only sight of it. Signs the person out, takes their one-time codes away, unlocks them.

    Raises
    ------
    geo.errors.WatchError
        ``people.own_account``: one's own is changed in one's own account; as `geo.actions.people.set_password` does.
    """
    _hold(connection, number, by)
    if by is not None and by.id == number:
        raise WatchError("people.own_account")
    secret = random_password()
    _forget_attempts(connection, login_key)
    set_password(connection, number, secret, by=by)
    return secret


def take_codes_away(connection: Connection, number: int, by: Person | None = None) -> None:
    """Ask for one-time codes no longer, of somebody whose telephone is gone; where it was signed in, it is no longer.

    Raises
    ------
    geo.errors.WatchError
        ``people.no_codes``: none are asked for; ``people.not_administrator``, ``people.demo_only``, ``people.unknown``.
    """
    if not _hold(connection, number, by).has_totp:
        raise WatchError("people.no_codes")
    connection.execute(
        text("update person set totp_sealed = null, totp_last_step = null where id = :id"), {"id": number}
    )
    connection.execute(text("delete from sign_in where person_id = :id"), {"id": number})
    audit(connection, "person.totp_off", f"person:{number}")


def end_sessions(connection: Connection, number: int, by: Person | None = None) -> int:
    """Sign somebody out everywhere, at once; how many sessions that were. Raises as `take_codes_away` does."""
    _hold(connection, number, by)
    closed = int(connection.execute(text("delete from sign_in where person_id = :id"), {"id": number}).rowcount)
    audit(connection, "sign_in.close_all", f"person:{number}", sessions=closed)
    return closed


def unlock(connection: Connection, number: int, login_key: bytes, by: Person | None = None) -> None:
    """Let somebody try again who was wrong too often.

    Parameters
    ----------
    login_key
        From `geo.actions.sign_in.login_key`.
    """
    _hold(connection, number, by)
    _forget_attempts(connection, login_key)
    audit(connection, "sign_in.unlock", f"person:{number}")


def _hold(connection: Connection, number: int, by: Person | None) -> Person:
    administers(connection, by)
    found = person(connection, number)
    may_change(by, found)
    return found


def _forget_attempts(connection: Connection, login_key: bytes) -> None:
    connection.execute(text("delete from sign_in_attempt where login_key = :key"), {"key": login_key})
