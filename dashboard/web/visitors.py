"""Who asks: the person of a session's cookie, remembered for a moment."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from dashboard import store
from geo.actions.sign_in import person_of_session, token_hash
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable
from geo.model.person import Person
from geo.queries.people import is_demonstration

__all__ = [
    "KEPT_S",
    "PLAIN",
    "SECURE",
    "Visitors",
    "on_behalf_of",
    "session_name",
    "session_token",
    "viewer_from_cookie",
    "visitors",
]

SECURE, PLAIN = "__Host-watch", "watch"
"""Name of the cookie where the line is encrypted (browsers then take it from this very host alone), and where not."""
KEPT_S = 5.0
MOST = 5_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def session_name(token: str) -> str:
    """What a session is called outside its cookie: nobody comes in with it."""
    return base64.urlsafe_b64encode(token_hash(token)).decode().rstrip("=")


class Visitors:
    """Finds people by their session's token, or by the session's name.

    An answer is believed for some seconds, and until the database says that people or sessions changed. While the
    database does not answer, who was known before stays known: there is nothing to read then either.
    """

    def __init__(self, seconds: float = KEPT_S) -> None:
        self._seconds = seconds
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._lock = threading.Lock()
        self._news = 0

    def heard(self, payload: str = "*") -> None:
        """Take a notification of the channel ``watch_office``; ``*`` after a gap in hearing."""
        if payload in {"person", "person_district", "sign_in", "*"}:
            with self._lock:
                self._news += 1
                for name, (_, person) in self._known.items():
                    self._known[name] = (float("-inf"), person)

    def remembered(self, token: str | None) -> Person | None:
        """Who this is, as far as it is known without asking the database."""
        if token is None or not _TOKEN.fullmatch(token):
            return None
        with self._lock:
            at, known = self._known.get(session_name(token), (float("-inf"), None))
        return known if time.monotonic() - at < self._seconds else None

    def person(self, token: str | None) -> Person | None:
        """Who is signed in with this token, if anybody.

        Raises
        ------
        geo.errors.DatabaseUnavailable
            The database does not answer, and the token was not known before.
        """
        return None if token is None or not _TOKEN.fullmatch(token) else self.person_of(session_name(token))

    def person_of(self, name: str, seconds: float | None = None) -> Person | None:
        """Who works in the session of this name, if it is still open.

        Parameters
        ----------
        seconds
            How old an answer may be, where not as usual.

        Raises
        ------
        geo.errors.DatabaseUnavailable
            The database does not answer, and the session was not known before.
        """
        if not _TOKEN.fullmatch(name):  # a hash has as many letters as a token
            return None
        with self._lock:
            at, known = self._known.get(name, (float("-inf"), None))
            news = self._news
        if known is not None and time.monotonic() - at < (self._seconds if seconds is None else seconds):
            return known
        try:
            found = self._read(name)
        except DatabaseUnavailable:
            if known is None:
                raise
            return known
        with self._lock:
            self._known.pop(name, None)
            if found is not None:
                # What was read before the latest news is good for this answer only.
                self._known[name] = (time.monotonic() if news == self._news else float("-inf"), found)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def _read(self, name: str) -> Person | None:
        idle = timedelta(hours=store.settings().sign_in_idle_hours)
        with transaction(store.engine()) as connection:
            found = person_of_session(connection, base64.urlsafe_b64decode(f"{name}="), idle)
            if found is not None and found.is_demo and not is_demonstration(connection):
                return None
        return found


visitors = Visitors()


def session_token(cookies: Mapping[str, str]) -> str | None:
    """The session's token among the cookies. Where there is TLS, only the cookie that no other host can set counts."""
    if SECURE in cookies:
        return cookies[SECURE]
    return None if store.settings().public_url.startswith("https://") else cookies.get(PLAIN)


_beside: ContextVar[str | None] = ContextVar("session", default=None)


@contextmanager
def on_behalf_of(name: str) -> Iterator[None]:
    """Work for the session of this name where no page runs: Streamlit makes a file that is asked for beside the page."""
    before = _beside.set(name)
    try:
        yield
    finally:
        _beside.reset(before)


def viewer_from_cookie(cookies: Mapping[str, str]) -> Person | None:
    """Who looks at a page: of ``st.context.cookies`` at every rerun, so that who was signed out sees it at the next.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database does not answer, and this session was not known before.
    """
    token, beside = session_token(cookies), _beside.get()
    return visitors.person_of(beside) if token is None and beside else visitors.person(token)
