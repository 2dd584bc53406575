"""Keys for single purposes, derived from the one secret of the installation."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["derived_key"]


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose, for example ``totp``: who learns one of them knows no other (HKDF-SHA256)."""
    return HKDF(SHA256(), 32, b"NTS-Mekong Watch", purpose.encode()).derive(secret.encode())
