"""Connections to the store: one SQLAlchemy engine a process for pages and commands."""

from __future__ import annotations

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.engine import URL

from geo.db import local
from geo.settings import StoreSettings

__all__ = [
    "APP_ROLE",
    "EAR_ROLE",
    "conninfo_as",
    "database_url",
    "libpq_url",
    "make_engine",
    "open_store",
    "page_engine",
]

APP_ROLE = "watch_app"
"""Role of the web process (geo/db/roles.sql): it owns nothing and takes a viewer's rights for each transaction."""
EAR_ROLE = "watch_intake"
"""Role of the connection that hears what changed: hearing needs no right to anything, and this one has the fewest."""


def database_url(settings: StoreSettings) -> URL:
    """URL of the store: the configured one, else the private cluster's, which is started where it is not running.

    Raises
    ------
    geo.errors.ClusterError
        The private cluster cannot be started.
    """
    raw = settings.db_url or local.ensure_running(settings.var_dir)
    return make_url(raw).set(drivername="postgresql+psycopg")


def libpq_url(url: URL) -> str:
    """The same URL for psql, psycopg, pg_dump and QGIS."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def conninfo_as(role: str, url: URL) -> str:
    """The same for psycopg, whose connections begin with the rights of ``role`` instead of those they sign in with."""
    parts = conninfo_to_dict(libpq_url(url))
    return make_conninfo("", **parts | {"options": f"{parts.get('options', '')} -c role={role}".strip()})


def make_engine(url: URL, settings: StoreSettings | None = None, *, for_pages: bool = False, role: str = "") -> Engine:
    """Engine for ``url``. Values never appear in error messages; a dead connection is replaced before use.

    Parameters
    ----------
    for_pages
        Give up statements after ``statement_timeout_s``, locks after 3 s, idle transactions after 10 s.
        Commands that load a million rows must not.
    role
        Role whose rights every connection begins with, instead of those it signs in with.
    """
    settings = settings or StoreSettings()
    # A plan is made for the values asked for: one made for any tile and any period reads all of them (10 to 100 ms).
    options = "-c timezone=Asia/Bangkok -c jit=off -c plan_cache_mode=force_custom_plan"
    if for_pages:
        options += (
            f" -c statement_timeout={settings.statement_timeout_s}s -c lock_timeout=3s"
            " -c idle_in_transaction_session_timeout=10s"
        )
    if role:
        options += f" -c role={role}"
    return create_engine(
        url,
        pool_size=settings.pool_size,
        max_overflow=4,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "options": options,
            "connect_timeout": 5,
            "application_name": "nts-mekong-watch",
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "tcp_user_timeout": 8000,
        },
    )


def page_engine(settings: StoreSettings | None = None) -> Engine:
    """Engine for pages and routes, whose connections have the rights of `APP_ROLE` and no others.

    On the private cluster they sign in as that role. On a server of somebody else they do where ``app_db_url`` names it,
    else they lay down the rights of ``db_url`` when they begin.
    """
    settings = settings or StoreSettings()
    if settings.app_db_url:
        return make_engine(make_url(settings.app_db_url).set(drivername="postgresql+psycopg"), settings, for_pages=True)
    url = database_url(settings)
    if not settings.db_url:
        return make_engine(url.update_query_dict({"user": APP_ROLE}), settings, for_pages=True)
    return make_engine(url, settings, for_pages=True, role=APP_ROLE)


def open_store(settings: StoreSettings | None = None, *, for_pages: bool = False) -> Engine:
    """Engine for the store that the settings name."""
    settings = settings or StoreSettings()
    return make_engine(database_url(settings), settings, for_pages=for_pages)
