"""Acting as an administrator: one transaction for each step, with the web process's own rights, and who acts asked anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dashboard import desk, session, store
from dashboard.i18n import name
from dashboard.messages import sentence
from dashboard.web.live import hub
from geo.actions.administration import administers
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import Person

__all__ = ["administering", "refusal", "take"]


@contextmanager
def administering(person: Person) -> Iterator[Any]:
    """A connection for what only an administrator reads and does; kept as a whole at the end, or not at all.

    Raises
    ------
    geo.errors.WatchError
        ``office.signed_out``: the person is no longer who they were when the page was drawn;
        ``people.not_administrator``: or no longer an administrator.
    geo.errors.DatabaseUnavailable
        The database does not answer, or not in time. Nothing was kept.
    """
    viewer = session.viewer()
    if viewer is None or viewer.person.id != person.id:
        raise WatchError("office.signed_out")
    with transaction(store.engine()) as connection:
        administers(connection, viewer.person)
        yield connection


def refusal(error: WatchError, lang: str) -> str:
    """Why a step was refused, with kinds of crime as people call them."""
    said: dict[str, Any] = dict(error.params)
    if "type" in said:
        found = store.crime_types(hub.version).get(str(said["type"]))
        said["type"] = name(found, lang) if found else said["type"]
    return sentence(WatchError(error.code, **said), lang)


def take(person: Person, act: Callable[[Any], object], done: str) -> bool:
    """Take a step in a transaction of its own and say what came of it; whether it was taken.

    Parameters
    ----------
    done
        The sentence for when it was.
    """
    desk.clear()
    try:
        with administering(person) as connection:
            act(connection)
    except WatchError as error:
        desk.say("refused", refusal(error, session.language()))
        return False
    desk.say("done", done)
    return True
