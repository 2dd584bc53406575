"""One transaction for the pages: what goes wrong in it is said as one of our own errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg.errors
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, TimeoutError

from geo.errors import DatabaseUnavailable

__all__ = ["commit_with", "transaction"]


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
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:  # of `commit_with`
        raise _away(error) from error
    except TimeoutError as error:
        raise DatabaseUnavailable("database.busy") from error
    except IntegrityError:
        raise
    except (OperationalError, InterfaceError) as error:
        raise _away(error.orig) from error


def _away(error: BaseException | None) -> DatabaseUnavailable:
    slow = isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable)
    return DatabaseUnavailable("database.slow" if slow else "database.unavailable")


def commit_with(connection: Connection, statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run the last statement of a transaction and commit, in one trip to the database; its first row.

    What a statement locks until the commit, above all the end of the audit log, is then held for no trip to us and back:
    where the processor is busy that trip takes longer than the statement, and everybody else waits for it.

    Parameters
    ----------
    statement
        SQL with parameters like ``%(name)s``, a few kilobytes in all.

    Raises
    ------
    psycopg.Error
        As the driver says it; nothing was kept.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.pipeline():
        cursor = driver.execute(statement, values)
        driver.commit()
    return cursor.fetchone()
