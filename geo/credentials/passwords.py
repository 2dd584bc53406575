"""Passwords: which are refused, how they are kept, and how many are checked at a time."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import WatchError

__all__ = ["LONGEST", "SHORTEST", "hash_password", "is_right", "random_password", "refuse_weak"]

SHORTEST, LONGEST = 12, 200
"""Characters; the upper bound keeps anybody from having a book hashed."""
FEWEST_KINDS = 5
"""Different characters that a password must at least be made of."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
"""OWASP's first choice for Argon2id: 19 MiB, two passes."""
_turns = threading.BoundedSemaphore(2)
"""Two checks at a time: each takes 19 MiB and a processor, and guesses must not starve the maps."""
WAIT_S = 8.0
_YEAR_OR_SIGN = re.compile(r"[\W\d_]+")
_LOOKS_LIKE = str.maketrans("@4301!5$7", "aaeoiisst")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "ๅภถุึคตจขชๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝ",
)


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common.txt").read_text(encoding="utf-8").split())


def _normal(password: str) -> str:
    """One form for texts that look alike: Thai vowels can be typed in two ways (NIST SP 800-63B asks for NFKC)."""
    return unicodedata.normalize("NFKC", password)


def refuse_weak(password: str, own_words: Iterable[str] = ()) -> None:
    """Refuse a password that is short or that a list of guesses would hold. No composition rules.

    Parameters
    ----------
    own_words
        Login and name of its owner.

    Raises
    ------
    geo.errors.WatchError
        ``password.short``, ``password.long``, ``password.common``, ``password.own``.
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        raise WatchError("password.short", least=SHORTEST)
    if len(text) > LONGEST:
        raise WatchError("password.long", most=LONGEST)
    plain = text.casefold()
    if len(set(plain)) < FEWEST_KINDS or _is_common(plain):
        raise WatchError("password.common")
    parts = [p for own in own_words for p in (own, *re.split(r"[\s@._()+-]+", own))]
    words = [_normal(part).casefold() for part in parts if len(part) > 3]
    rest = plain
    for word in words:
        rest = rest.replace(word, "")
    if rest != plain and len(_YEAR_OR_SIGN.sub("", rest)) < FEWEST_KINDS:
        raise WatchError("password.own")


def _is_common(plain: str) -> bool:
    """Whether little is left without common words, runs of the alphabet or keyboard, years and repetitions."""
    for text in (plain, plain.translate(_LOOKS_LIKE)):
        rest = text
        for word in sorted(_common(), key=len, reverse=True):
            rest = rest.replace(word, "")
        for run in _RUNS:
            for line in (run, run[::-1]):
                for length in range(min(len(line), len(rest)), 3, -1):
                    for start in range(len(line) - length + 1):
                        rest = rest.replace(line[start : start + length], "")
        rest = re.sub(r"(19|20|24|25)\d\d", "", re.sub(r"(.{1,8}?)\1+", r"\1", rest))
        if len(_YEAR_OR_SIGN.sub("", rest)) < 3 and len(rest) < SHORTEST // 2:
            return True
    return False


def hash_password(password: str) -> str:
    """The password as it is kept: Argon2id with its own salt.

    Raises
    ------
    geo.errors.WatchError
        ``sign_in.busy``: two are being checked and others wait already.
    """
    with _turn():
        return _hasher.hash(_normal(password))


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def is_right(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the kept one. Without a kept one it takes the same time and is wrong.

    Raises
    ------
    geo.errors.WatchError
        ``sign_in.busy``: two are being checked and others wait already.
    """
    with _turn():
        try:
            _hasher.verify(kept or _nobodys(), _normal(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def random_password() -> str:
    """A password of 20 letters and digits that are not mistaken for each other, in groups: 98 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


class _turn:
    """One of the two places at the hasher; waiting for it has an end."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=WAIT_S):
            raise WatchError("sign_in.busy")

    def __exit__(self, *_: object) -> None:
        _turns.release()
