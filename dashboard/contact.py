"""How to reach a reporter: encrypted before it is stored, opened only for the district's officers."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken

from geo.credentials.keys import derived_key

__all__ = ["seal", "unseal"]


def seal(secret: str, contact: str) -> bytes:
    """Encrypt under the installation's key for contacts. The length is hidden in steps of 64 bytes."""
    plain = contact.encode()
    return _box(secret).encrypt(plain + b"\0" * (-len(plain) % 64))


def unseal(secret: str, sealed: bytes) -> str | None:
    """What was encrypted; nothing where it was sealed with another key."""
    try:
        return _box(secret).decrypt(sealed).rstrip(b"\0").decode()
    except InvalidToken:
        return None


def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(secret, "contact")))
