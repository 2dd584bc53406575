"""What keeps machines from flooding the public form, without knowing who anybody is.

Nothing here is stored: counts stand in memory under keyed hashes of addresses, the key is random and lives a day. A form
carries a signed token with its age. Where very much comes in, a telephone does a small sum (proof of work); whoever has
no JavaScript waits some seconds and sends again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from uuid import UUID, uuid4

from itsdangerous import BadData, URLSafeSerializer

from geo.errors import WatchError

__all__ = [
    "DAY",
    "WAIT",
    "YOUNGEST",
    "Form",
    "FormRefused",
    "Load",
    "Places",
    "Proofs",
    "check_age",
    "new_form",
    "read_form",
    "waiting_form",
]

YOUNGEST, OLDEST = 3.0, 24 * 3600.0
"""Seconds after which a form may come back, and after which it may not."""
WAIT = 8.0
"""Seconds that somebody without JavaScript waits while very much comes in."""
DAY = 24 * 3600.0
_SALT = "report-form"


class FormRefused(WatchError):
    """The form cannot be taken now; ``code`` begins with ``report.``."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that we handed out: the identifier of its report, when it was, and from when a second try passes."""

    client_id: UUID
    made: float
    waited_until: float = 0.0

    @property
    def has_waited(self) -> bool:
        """Whether somebody was asked to wait, and did."""
        return 0 < self.waited_until <= time.time()


def _signed(key: str, form: Form) -> str:
    return str(URLSafeSerializer(key, salt=_SALT).dumps([form.client_id.hex, form.made, form.waited_until]))


def new_form(key: str, client_id: UUID | None = None) -> str:
    """Token of a form handed out now."""
    return _signed(key, Form(client_id or uuid4(), round(time.time(), 2)))


def waiting_form(key: str, form: Form) -> str:
    """Token of the same form, to be sent again after `WAIT` seconds."""
    return _signed(key, Form(form.client_id, form.made, form.waited_until or round(time.time() + WAIT, 2)))


def read_form(key: str, token: str) -> Form:
    """What a token says.

    Raises
    ------
    FormRefused
        ``report.form``: not one of ours.
    """
    try:
        client_id, made, waited = URLSafeSerializer(key, salt=_SALT).loads(token[:1000])
        form = Form(UUID(client_id), float(made), float(waited))
    except (BadData, ValueError, TypeError, AttributeError) as error:
        raise FormRefused("report.form") from error
    return form


def check_age(form: Form) -> None:
    """Refuse a form that comes back before anybody can have read it, or long after.

    Raises
    ------
    FormRefused
        ``report.too_fast``, ``report.too_old``.
    """
    age = time.time() - form.made
    if age < YOUNGEST:
        raise FormRefused("report.too_fast")
    if age > OLDEST:
        raise FormRefused("report.too_old")


class Places:
    """How often something came from one place within a window of time.

    Parameters
    ----------
    window_s
        Length of the window in seconds.
    places
        How many are remembered; the one that was longest silent is forgotten first.
    """

    def __init__(self, window_s: float, places: int = 50_000) -> None:
        self.window_s, self._places = window_s, places
        self._times: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = threading.Lock()
        self._renew()

    def _renew(self) -> None:
        self._key, self._until = secrets.token_bytes(32), time.monotonic() + DAY
        self._times.clear()

    def _of(self, place: str) -> deque[float]:
        now = time.monotonic()
        if now > self._until:
            self._renew()
        name = hmac.digest(self._key, place.encode(), hashlib.sha256)
        times = self._times.setdefault(name, deque())
        self._times.move_to_end(name)
        while times and times[0] < now - self.window_s:
            times.popleft()
        while len(self._times) > self._places:
            self._times.popitem(last=False)
        return times

    def count(self, place: str) -> int:
        """How often it was within the window."""
        with self._lock:
            return len(self._of(place))

    def add(self, place: str) -> int:
        """Count one more; how many it is now."""
        with self._lock:
            times = self._of(place)
            times.append(time.monotonic())
            return len(times)


class Load:
    """How much came in within the last seconds, from everywhere."""

    def __init__(self, window_s: float = 10.0) -> None:
        self._window = window_s
        self._times: deque[float] = deque(maxlen=100_000)

    def add(self) -> float:
        """Count one; how many a second come in."""
        now = time.monotonic()
        self._times.append(now)
        while self._times[0] < now - self._window:
            self._times.popleft()
        return len(self._times) / self._window


class Proofs:
    """Sums that cost a sender some work and us nothing: find ``n`` so that SHA-256 of challenge and ``n`` begins with zeros.

    A challenge is signed and ends after ten minutes; one that was used is remembered until then.
    """

    BITS = 15
    LASTS = 600.0

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._used: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def challenge(self) -> str:
        """A new one: ``random.end.bits.signature``."""
        body = f"{secrets.token_hex(12)}.{int(time.time() + self.LASTS)}.{self.BITS}"
        return f"{body}.{self._sign(body)}"

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()[:32]

    def holds(self, proof: str) -> bool:
        """Whether ``challenge:n`` is the answer to one of our challenges, given for the first time."""
        challenge, _, answer = proof[:300].partition(":")
        body, _, signature = challenge.rpartition(".")
        if not (answer.isascii() and answer.isdigit()) or not hmac.compare_digest(
            self._sign(body).encode(), signature.encode()
        ):
            return False
        name, end, bits = body.split(".")
        if float(end) < time.time():
            return False
        digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - int(bits)):
            return False
        with self._lock:
            while self._used and next(iter(self._used.values())) < time.time():
                self._used.popitem(last=False)
            if name in self._used:
                return False
            self._used[name] = time.time() + self.LASTS
        return True
