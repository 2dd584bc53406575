"""Whether a token still opens anything: it ends with the session it was made in, and with the rights it was made for."""

from __future__ import annotations

from dashboard import store
from dashboard.access import WATCHERS
from dashboard.web.token import Pass, TokenRefused, read_token
from dashboard.web.visitors import KEPT_S, visitors
from geo.model.person import scope_of

__all__ = ["admitted", "still_open"]

BELIEVED_S = 60.0
"""How long a session is believed to be open while news of its end would be heard: tiles cost the database nothing more."""


def admitted(text: str, *, hears: bool) -> Pass:
    """What a token opens now.

    Parameters
    ----------
    hears
        Whether this process would hear of the end of a session, or of changed rights.

    Raises
    ------
    TokenRefused
        It is not one of ours, its time is over, its session was closed, or its owner's rights are others by
        now; only those who watch the border have any.
    geo.errors.DatabaseUnavailable
        The database does not answer, and the session was not known before.
    """
    found = read_token(store.signing_key(), text)
    if not still_open(found, hears=hears):
        raise TokenRefused
    return found


def still_open(found: Pass, *, hears: bool) -> bool:
    """Whether the session goes on, and its owner may see what the token says.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database does not answer, and the session was not known before.
    """
    person = visitors.person_of(found.session, BELIEVED_S if hears else KEPT_S)
    if person is None or person.must_change_password or person.role not in WATCHERS:
        return False
    return scope_of(person) == found.scope
