"""Acting as the person who looks at the page: one transaction for each step, with that person's rights and no others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dashboard import session, store
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import Person, scope_of

__all__ = ["acting"]


@contextmanager
def acting(person: Person) -> Iterator[Any]:
    """A connection whose transaction has this person's rights; kept as a whole at the end, or not at all.

    A button remembers who saw it. Who presses it is asked anew, so that somebody who was signed out or given another
    role meanwhile does nothing with the rights of before.

    Raises
    ------
    geo.errors.WatchError
        ``office.signed_out``: the person is no longer who they were when the page was drawn.
    geo.errors.DatabaseUnavailable
        The database does not answer, or not in time. Nothing was kept.
    """
    viewer = session.viewer()
    if viewer is None or viewer.person.id != person.id:
        raise WatchError("office.signed_out")
    with transaction(store.engine()) as connection:
        enter(connection, scope_of(viewer.person), viewer.person.id)
        yield connection
