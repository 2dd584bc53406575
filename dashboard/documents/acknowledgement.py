"""The short code on a paper that goes out and comes back: it tells which referral the paper belongs to."""

from __future__ import annotations

import hashlib
import hmac

from geo.credentials.keys import derived_key

__all__ = ["acknowledgement_code"]

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are misread."""
LENGTH = 6


def acknowledgement_code(secret: str, referral: int) -> str:
    """Six letters and digits, ``7K4-2PX``; from the referral's number under the installation's key, kept nowhere."""
    drawn = hmac.digest(derived_key(secret, "acknowledgement"), str(referral).encode(), hashlib.sha256)
    number = int.from_bytes(drawn[:8], "big")
    letters = "".join(_LETTERS[number >> (5 * place) & 31] for place in range(LENGTH))
    return f"{letters[:3]}-{letters[3:]}"
