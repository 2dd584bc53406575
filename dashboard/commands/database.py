"""``python -m dashboard db …``: start, stop, save, restore the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.console import say
from geo.errors import ClusterError
from geo.settings import StoreSettings

__all__ = ["register"]

NOT_RUNNING = 3
"""Exit code of ``db status`` for a cluster that is not running, as pg_ctl has it."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="File in pg_dump's custom format.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    db = typer.Typer(no_args_is_help=True, help="Start, stop, save and restore the PostGIS store.")
    db.command("start")(start)
    db.command("stop")(stop)
    db.command("status")(status)
    db.command("url")(url)
    db.command("migrate")(migrate_store)
    db.command("backup")(backup_store)
    db.command("restore")(restore_store)
    db.command("clear-demo")(clear_demo_rows)
    app.add_typer(db, name="db")


def _private_cluster() -> Path:
    """Folder of the private cluster, where that is what is in use."""
    settings = StoreSettings()
    if settings.db_url:
        raise ClusterError("cluster.other_server")
    return settings.var_dir


def start() -> None:
    """Start the private PostGIS cluster, making it where there is none."""
    from geo.db import local

    var_dir = _private_cluster()
    if local.status(var_dir).running:
        say("cli.db.already_running")
        return
    say("cli.db.starting")
    local.ensure_running(var_dir)
    say("cli.db.started")


def stop() -> None:
    """Stop the private PostGIS cluster. Data stays."""
    from geo.db import local

    say("cli.db.stopped" if local.stop(_private_cluster()) else "cli.db.was_not_running")


def status() -> None:
    """Say whether the store is running (exit code 0) or not (3)."""
    from geo.db import local
    from geo.db.engine import open_store

    settings = StoreSettings()
    if settings.db_url:
        with open_store(settings).connect():
            say("cli.db.other_server_answers")
        return
    found = local.status(settings.var_dir)
    if not found.running:
        say("cli.db.is_not_running")
        raise typer.Exit(NOT_RUNNING)
    say("cli.db.is_running", pid=found.pid, major=found.major, folder=found.data)


def url() -> None:
    """Print the connection URL in use, for QGIS and psql; starts the private cluster if needed."""
    from geo.db.engine import database_url, libpq_url

    typer.echo(libpq_url(database_url(StoreSettings())))


def migrate_store() -> None:
    """Bring the store to the current schema."""
    from geo.db.engine import open_store
    from geo.db.migrate import migrate

    migrate(open_store())
    say("cli.db.migrated")


def backup_store(file: File) -> None:
    """Save the whole store in FILE."""
    from geo.db.backup import backup
    from geo.db.engine import database_url

    say("cli.db.saving", file=file)
    size = backup(database_url(StoreSettings()), file)
    say("cli.db.saved", file=file, megabytes=size / 1024**2)


def restore_store(file: File) -> None:
    """Replace the whole store by what FILE holds; where that fails, the present data stays."""
    from geo.db.backup import restore
    from geo.db.engine import database_url

    say("cli.db.restoring", file=file)
    restore(database_url(StoreSettings()), file)
    say("cli.db.restored", file=file)


def clear_demo_rows() -> None:
    """Delete the demonstration data; everything else stays."""
    from geo.actions.demo_data import clear_demo
    from geo.db.engine import open_store

    with open_store().begin() as connection:
        deleted = clear_demo(connection)
    say("cli.db.demo_cleared", **deleted)
