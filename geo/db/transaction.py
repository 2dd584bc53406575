"""One transaction for the pages: what goes wrong in it is said as one of our own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg.errors
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, TimeoutError

from geo.errors import DatabaseUnavailable

__all__ = ["transaction"]


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection whose work is kept as a whole or not at all.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database does not answer, or not in time. Nothing was kept.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except TimeoutError as error:
        raise DatabaseUnavailable("database.busy") from error
    except IntegrityError:
        raise
    except (OperationalError, InterfaceError) as error:
        slow = isinstance(error.orig, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable)
        raise DatabaseUnavailable("database.slow" if slow else "database.unavailable") from error
