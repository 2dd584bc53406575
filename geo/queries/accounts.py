"""Accounts as an administrator looks for them: by name, role and place, and by what is the matter with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from geo.actions.sign_in import MOST_WRONG, WINDOW
from geo.model.person import Person
from geo.queries.people import PERSON, person_from

__all__ = ["STATES", "Account", "AccountFilter", "accounts"]

STATES = {
    "active": "p.active",
    "off": "not p.active",
    "locked": "p.login = any(:locked)",
    "no_codes": "p.active and p.totp_sealed is null",
    "never": "p.active and p.last_sign_in_at is null",
}
"""What can be the matter with an account, as conditions."""


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts to list; what is nothing does not matter.

    Attributes
    ----------
    said
        Part of a name, login or village.
    district
        Code; also of coordinators of its sub-districts.
    state
        One of `STATES`.
    """

    said: str = ""
    role: str | None = None
    district: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what an administrator asks about them.

    Attributes
    ----------
    sessions
        Where they are signed in now.
    locked
        Whether too many wrong passwords or codes keep them out for a while.
    """

    person: Person
    created_at: datetime
    last_sign_in_at: datetime | None
    sessions: int
    locked: bool


def accounts(
    connection: Connection,
    chosen: AccountFilter,
    login_key: Callable[[str], bytes],
    *,
    idle: timedelta,
    number: int | None = None,
    skip: int = 0,
    limit: int = 50,
) -> tuple[tuple[Account, ...], int]:
    """A page of accounts, the active first, by role and login, and how many there are. Read as the web process itself.

    Parameters
    ----------
    login_key
        From `geo.actions.sign_in.login_key`: attempts are counted under keys that do not tell whose they are.
    idle
        So long a session lives that is not used.
    number
        Only this person, whatever was chosen.
    """
    locked = _locked(connection, login_key)
    where: list[str] = []
    if number is not None:
        where.append("p.id = :number")
    else:
        if chosen.said:
            where.append(
                "(strpos(lower(p.name), lower(:said)) > 0 or strpos(p.login, lower(:said)) > 0"
                " or strpos(lower(coalesce(p.village, '')), lower(:said)) > 0)"
            )
        if chosen.role:
            where.append("p.role = :role")
        if chosen.district:
            where.append(
                "exists (select from person_district d where d.person_id = p.id and d.district_code = :district)"
            )
        if chosen.state:
            where.append(STATES[chosen.state])
    condition = " and ".join(where) or "true"
    values: dict[str, Any] = {
        "said": chosen.said, "role": chosen.role, "district": chosen.district, "number": number, "idle": idle,
        "locked": list(locked), "skip": skip, "limit": limit,
    }  # fmt: skip
    total = connection.execute(text(f"select count(*) from person p where {condition}"), values).scalar_one()
    rows = connection.execute(
        text(
            f"select {PERSON}, p.created_at, p.last_sign_in_at, (select count(*) from sign_in s where s.person_id = p.id"
            " and s.ends_at > now() and s.seen_at > now() - :idle) as sessions"
            f" from person p where {condition} order by not p.active, p.role = 'coordinator', p.role, p.login"
            " offset :skip limit :limit"
        ),
        values,
    ).mappings()
    found = tuple(
        Account(
            person_from(row), row["created_at"], row["last_sign_in_at"], int(row["sessions"]), row["login"] in locked
        )
        for row in rows
    )
    return found, int(total)


def _locked(connection: Connection, login_key: Callable[[str], bytes]) -> frozenset[str]:
    """Logins that are kept out now. Nearly always nobody is, and then nobody's key is computed."""
    keys = {
        bytes(key)
        for key in connection.execute(
            text(
                "select login_key from sign_in_attempt where at > now() - :window group by 1 having count(*) >= :most"
            ),
            {"window": WINDOW, "most": MOST_WRONG},
        ).scalars()
    }
    if not keys:
        return frozenset()
    logins = connection.execute(text("select login from person")).scalars()
    return frozenset(login for login in logins if login_key(login) in keys)
