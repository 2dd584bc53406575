"""Keep the counts beside the incidents small: rows of the same key are put together."""

from __future__ import annotations

import psycopg

from geo.errors import DatabaseUnavailable

__all__ = ["fold_counts"]


async def fold_counts(libpq_url: str) -> int:
    """Fold what was written since the last time; how many rows were taken, 0 where another process is at it.

    On a connection of its own, without a time limit: after an import of years it takes minutes. Nobody waits for it,
    and whoever cancels it leaves the counts as they were.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database cannot be reached, or went away.
    """
    try:
        return await _fold(libpq_url)
    except (psycopg.Error, OSError) as error:
        raise DatabaseUnavailable("database.unavailable") from error


async def _fold(libpq_url: str) -> int:
    async with await psycopg.AsyncConnection.connect(
        libpq_url,
        connect_timeout=5,
        application_name="nts-mekong-watch upkeep",
        keepalives_idle=30,
        keepalives_interval=10,
        keepalives_count=3,
    ) as connection:
        await connection.execute("set local statement_timeout = 0")
        row = await (await connection.execute("select incident_count_fold()")).fetchone()
    return int(row[0]) if row else 0
