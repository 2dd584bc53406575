"""Bring a database to the current schema, from code."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from geo.db.access import ensure_access

__all__ = ["alembic_config", "migrate"]

LOCK = 7_341_190
"""Advisory lock that keeps two processes from migrating at once."""


def alembic_config() -> Config:
    """Alembic settings without an ini file."""
    config = Config()
    config.set_main_option("script_location", "geo.db:migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: Engine, *, restored: bool = False) -> None:
    """Upgrade to the newest schema and rights; does nothing where they are already there. One transaction.

    Parameters
    ----------
    restored
        The database was filled from a dump, which holds no grants.
    """
    config = alembic_config()
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text("set local statement_timeout = 0"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        ensure_access(connection, anew=restored)
