"""What every map of a session carries: the token that opens its tiles, and where it begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard import session, store
from dashboard.web.token import make_token
from geo.model import Scope

__all__ = ["own_view", "token"]

AROUND_DEG = 0.08
"""How much of what lies around the own districts is seen at least: some 9 km, so that the border beyond is in sight."""


def token(scope: Scope) -> tuple[str, int]:
    """The session's token; a new one when a third of its time is left, so that most reruns send the same text."""
    minutes = store.settings().token_minutes
    kept, made_for = session.token(), (session.identity(), scope)
    if kept is not None and kept[2] == made_for and kept[1] - datetime.now().timestamp() > minutes * 60 / 3:
        return kept[0], kept[1]
    token, expires = make_token(store.signing_key(), *made_for, minutes)
    session.keep_token(token, expires, made_for)
    return token, expires


def own_view(scope: Scope, version: str) -> Mapping[str, Any] | None:
    """The own districts with what lies around them; the whole border for whoever sees all of it."""
    border = store.border_districts(version)
    own = tuple(code for code in scope.districts or () if code in border)
    box = store.bounds(own, version) if 0 < len(own) < len(border) else None
    if box is None:
        return None
    west, south, east, north = box
    around = max(AROUND_DEG, (east - west) / 4, (north - south) / 4)
    return {"n": -1, "bounds": [[south - around, west - around], [north + around, east + around]]}
