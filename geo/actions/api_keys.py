"""Keys by which partners' systems hand in reports: shown once, kept as a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from sqlalchemy import Connection, text

from geo.actions.administration import administers
from geo.actions.audit import audit
from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model.person import Person
from geo.queries.api_keys import KEY, ApiKey, api_key

__all__ = ["MAX_PARTNER", "make_key", "revoke_key", "use_key"]

MAX_PARTNER = 100
BITS = 256
MARKED_EVERY = timedelta(minutes=1)
"""How old the mark of the last use may grow before it is moved: a busy partner would write at every report."""
_FORM = re.compile(r"ntsw_[A-Za-z0-9_-]{43}")


def make_key(connection: Connection, secret: bytes, partner: str, by: Person | None = None) -> tuple[ApiKey, str]:
    """A new key of a partner, and the only sight of it.

    Parameters
    ----------
    secret
        Key of the hashes, 32 bytes, derived for the purpose ``api-key``.
    partner
        Whose system it is. Keys of one partner share the reports that were handed in by them.
    by
        Who makes it; nobody for a command.

    Raises
    ------
    geo.errors.WatchError
        ``api_key.partner``: there is no name, or one of more than 100 characters.
    """
    administers(connection, by)
    partner = clean(partner[: 4 * MAX_PARTNER]).strip()
    if not partner or len(partner) > MAX_PARTNER:
        raise WatchError("api_key.partner", n=MAX_PARTNER)
    shown = f"ntsw_{secrets.token_urlsafe(BITS // 8)}"
    number = connection.execute(
        text("insert into api_key (partner, key_hash) values (:partner, :hash) returning id"),
        {"partner": partner, "hash": _kept(secret, shown)},
    ).scalar_one()
    made = api_key(connection, number)
    audit(connection, "api_key.create", f"api_key:{number}")
    return made, shown


def revoke_key(connection: Connection, number: int, by: Person | None = None) -> ApiKey:
    """Take a key out of force, at once and for good. What came in by it stays.

    Raises
    ------
    geo.errors.WatchError
        ``api_key.unknown``, ``api_key.revoked``: it is out of force already.
    """
    administers(connection, by)
    api_key(connection, number)
    changed = connection.execute(
        text("update api_key set revoked_at = now() where id = :id and revoked_at is null"), {"id": number}
    ).rowcount
    if not changed:
        raise WatchError("api_key.revoked", number=number)
    revoked = api_key(connection, number)
    audit(connection, "api_key.revoke", f"api_key:{number}")
    return revoked


def use_key(connection: Connection, secret: bytes, shown: str) -> ApiKey | None:
    """The key that a system shows, and that it was used; nothing where it is none of ours or out of force."""
    if not _FORM.fullmatch(shown):
        return None
    row = connection.execute(
        text(
            f"select {KEY}, coalesce(last_used_at < now() - :every, true) as is_old from api_key"
            " where key_hash = :hash and revoked_at is null"
        ),
        {"hash": _kept(secret, shown), "every": MARKED_EVERY},
    ).first()
    if row is None:
        return None
    if not row.is_old:
        return ApiKey(*row[:-1])
    connection.execute(
        text(
            "update api_key set last_used_at = now() where id = :id and coalesce(last_used_at < now() - :every, true)"
        ),
        {"id": row.id, "every": MARKED_EVERY},
    )
    return api_key(connection, row.id)


def _kept(secret: bytes, shown: str) -> bytes:
    return hmac.digest(secret, shown.encode(), hashlib.sha256)
