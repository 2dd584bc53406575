"""Bring a database to the current schema, from code."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

__all__ = ["alembic_config", "migrate"]

LOCK = 7_341_190
"""Advisory lock that keeps two processes from migrating at once."""


def alembic_config() -> Config:
    """Alembic settings without an ini file."""
    config = Config()
    config.set_main_option("script_location", "geo.db:migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: Engine) -> None:
    """Upgrade to the newest schema; does nothing where it is already there. One transaction."""
    config = alembic_config()
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text("set local statement_timeout = 0"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
