"""``python -m dashboard run``: everything it needs, then the live map."""

from __future__ import annotations

import logging
import socket

import typer

from dashboard.commands.boundaries import tell
from dashboard.console import explain, say
from dashboard.settings import DashboardSettings
from geo.errors import WatchError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("run")(run)


def run() -> None:
    """Start the store, bring it up to date, and serve the live map."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = DashboardSettings()
    listener = _listen(settings)
    prepare(settings)
    serve(listener, settings)


def _listen(settings: DashboardSettings) -> socket.socket:
    """Take the port before the long steps: better to learn at once that it is taken.

    Raises
    ------
    WatchError
        The port is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(512)  # connections that come during the preparation wait instead of being refused
    except OSError as error:
        listener.close()
        raise WatchError("server.port", host=settings.host, port=settings.port, reason=error.strerror) from error
    return listener


def prepare(settings: DashboardSettings) -> None:
    """Start the store, migrate it, load boundaries and reference data, and fill a database that is new.

    Nothing that is there is touched; every step that has been done is skipped.
    """
    from geo.db.engine import database_url, make_engine
    from geo.db.migrate import migrate
    from geo.ingest.boundaries import load_shipped
    from geo.queries.places import is_new

    say("cli.run.database")
    engine = make_engine(database_url(settings), settings)
    migrate(engine)
    load_shipped(engine, settings.var_dir, say=tell)
    with engine.connect() as connection:
        new = is_new(connection)
    if new and settings.demo_incidents:
        from geo.ingest import demo

        say("cli.run.demo", n=settings.demo_incidents)
        try:
            demo.fill(engine, settings.demo_incidents, seed=1, say=tell)
        except WatchError as error:
            if error.code != "demo.no_border":  # without boundaries the map works, a demo cannot
                raise
            explain(error)
    engine.dispose()


def serve(listener: socket.socket, settings: DashboardSettings) -> None:
    """Serve until stopped."""
    import uvicorn

    from dashboard.server import app

    say("cli.run.address", url=f"http://{settings.host}:{settings.port}/")
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)  # addresses carry tokens: no log may hold them
    config = uvicorn.Config(
        app, log_config=None, access_log=False, proxy_headers=False, server_header=False,
        ws_ping_interval=20, ws_ping_timeout=30, ws_max_size=20_000_000, timeout_graceful_shutdown=3,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])
