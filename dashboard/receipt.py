"""The receipt code of a report: sixteen digits that only the reporter has, and that nothing stored can be turned into.

The code comes from the sender's own identifier and our key, so the same report sent twice has the same code, and it
need not be kept. What is kept is a hash under another key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from geo.credentials.keys import derived_key
from geo.ingest.text import ascii_digits

__all__ = ["Receipts", "check_digit", "grouped", "typed_code"]

DIGITS = 16
_SEPARATORS = str.maketrans("", "", " \u00a0\u2009\u202f\u200b-–—.")


@dataclass(frozen=True, slots=True)
class Receipts:
    """Codes and their hashes, under keys derived from the installation's secret."""

    make: bytes
    keep: bytes

    @classmethod
    def of(cls, secret: str) -> Receipts:
        """With the keys of an installation."""
        return cls(derived_key(secret, "receipt"), derived_key(secret, "receipt-kept"))

    def code(self, client_id: UUID) -> str:
        """The sixteen digits for a sender's identifier: fifteen, and one by which a typing error shows."""
        drawn = int.from_bytes(hmac.digest(self.make, client_id.bytes, hashlib.sha256), "big")
        body = f"{drawn % 10 ** (DIGITS - 1):0{DIGITS - 1}d}"
        return body + check_digit(body)

    def kept(self, code: str) -> bytes:
        """What the store keeps of a code (32 bytes)."""
        return hmac.digest(self.keep, code.encode(), hashlib.sha256)


def check_digit(body: str) -> str:
    """The digit after ``body`` by Luhn's rule: it shows one wrong digit, and nearly every pair changed about."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def grouped(code: str) -> str:
    """Four groups of four digits, as people read and write them."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def typed_code(typed: str) -> str | None:
    """The sixteen digits that somebody typed, in digits of any script and with any spacing; nothing where it cannot be one."""
    digits = ascii_digits(typed[:100]).translate(_SEPARATORS)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()) or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits
