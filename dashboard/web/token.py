"""Short-lived signed tokens for tiles and layers.

The map's frame is sandboxed: its origin is null and it sends no cookie. So the address carries a token that says
which session asked and what it may see, and that ends soon.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from geo.model import Reach, Scope

__all__ = ["Pass", "TokenRefused", "make_token", "read_token"]

_SALT = "map-layers"


class TokenRefused(Exception):
    """The token is missing, forged or over."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token stands for.

    Attributes
    ----------
    session
        Name of the session in which it was made; with that it ends (dashboard/web/passes.py).
    scope
        What it opens.
    expires
        Seconds since 1970 (UTC) after which it opens nothing.
    """

    session: str
    scope: Scope
    expires: int


def make_token(key: str, session: str, scope: Scope, minutes: float) -> tuple[str, int]:
    """Token and the moment (seconds since 1970) at which it ends."""
    expires = int(time.time() + minutes * 60)
    districts = None if scope.districts is None else list(scope.districts)
    said = [session, districts, scope.role, scope.agency, expires]
    return str(URLSafeSerializer(key, salt=_SALT).dumps(said)), expires


def read_token(key: str, token: str, now: float | None = None) -> Pass:
    """What ``token`` allows.

    Raises
    ------
    TokenRefused
        It is not one of ours, or its time is over.
    """
    try:
        session, districts, role, agency, expires = URLSafeSerializer(key, salt=_SALT).loads(token)
        scope = Scope(None if districts is None else tuple(districts), None if role is None else Reach(role), agency)
        found = Pass(str(session), scope, int(expires))
    except (BadData, ValueError, TypeError) as error:
        raise TokenRefused from error
    if found.expires < (time.time() if now is None else now):
        raise TokenRefused
    return found
