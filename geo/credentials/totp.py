"""One-time codes of an authenticator app (RFC 6238: SHA-1, 30 s, six digits), and how their secret is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, InvalidToken

__all__ = ["code_at", "new_secret", "open_secret", "provisioning_uri", "seal_secret", "step_of"]

STEP_S = 30
AROUND = 1
"""Steps before and after now that are taken: telephones' clocks are not exact."""


def new_secret() -> bytes:
    """A secret of 160 bits, as RFC 4226 recommends."""
    return secrets.token_bytes(20)


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a time step (seconds since 1970 divided by 30)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def step_of(secret: bytes, code: str, last_step: int | None = None, now: float | None = None) -> int | None:
    """Time step that ``code`` belongs to; nothing where it is wrong, too old, or was taken before.

    Parameters
    ----------
    last_step
        The step of the last code taken: that one and all before it are refused.
    now
        Seconds since 1970; else the clock's.
    """
    digits = "".join(code.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    present = int((time.time() if now is None else now) // STEP_S)
    found = None
    for step in range(present - AROUND, present + AROUND + 1):  # all of them, so that the time taken tells nothing
        if hmac.compare_digest(code_at(secret, step), digits) and step > (-1 if last_step is None else last_step):
            found = step
    return found


def provisioning_uri(secret: bytes, login: str, issuer: str) -> str:
    """Address that an authenticator app reads from a QR code."""
    query = urlencode({"secret": base64.b32encode(secret).decode(), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?{query}"


def seal_secret(key: bytes, secret: bytes) -> bytes:
    """The secret as it is kept; ``key`` has 32 bytes."""
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(secret)


def open_secret(key: bytes, sealed: bytes) -> bytes | None:
    """The secret again; nothing where it was sealed with another key."""
    try:
        return Fernet(base64.urlsafe_b64encode(key)).decrypt(sealed)
    except InvalidToken:
        return None
