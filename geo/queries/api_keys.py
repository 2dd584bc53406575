"""Which partners' systems may hand in reports. Read as the web process itself; the keys themselves are kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from geo.errors import NotFound

__all__ = ["KEY", "ApiKey", "api_key", "api_keys"]

KEY = "id, partner, created_at, revoked_at, last_used_at"
"""Columns of an `ApiKey`, in its order."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a partner. A partner may have several, so that one can take the place of another.

    Attributes
    ----------
    last_used_at
        To the minute.
    """

    id: int
    partner: str
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


def api_keys(connection: Connection) -> tuple[ApiKey, ...]:
    """All keys, those in force first, by partner."""
    rows = connection.execute(text(f"select {KEY} from api_key order by revoked_at is not null, partner, id"))
    return tuple(ApiKey(*row) for row in rows)


def api_key(connection: Connection, number: int) -> ApiKey:
    """The key of a number.

    Raises
    ------
    geo.errors.NotFound
        ``api_key.unknown``
    """
    row = connection.execute(text(f"select {KEY} from api_key where id = :id"), {"id": number}).first()
    if row is None:
        raise NotFound("api_key.unknown", number=number)
    return ApiKey(*row)
