"""Settings of the store. Environment variables begin with ``WATCH_``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["ROOT", "StoreSettings"]

ROOT = Path(__file__).resolve().parent.parent


class StoreSettings(BaseSettings):
    """Where the data is.

    Attributes
    ----------
    db_url
        SQLAlchemy or libpq URL of a PostGIS database. Empty: the private cluster under ``var_dir``.
    app_db_url
        URL by which the pages connect, for a server that is not ours: a role that owns nothing and is a member of
        watch_app's roles. Empty: they connect by ``db_url`` and lay its rights down at once (role watch_app).
    var_dir
        Folder for everything that is not in git: the cluster, downloaded wheels, PMTiles, the signing key.
    pool_size
        Connections that one process keeps open for pages.
    statement_timeout_s
        Seconds after which the database gives up a page's query.
    """

    model_config = SettingsConfigDict(env_prefix="WATCH_", extra="ignore")

    db_url: str = ""
    app_db_url: str = ""
    var_dir: Path = ROOT / "var"
    pool_size: int = Field(8, ge=1, le=100)
    statement_timeout_s: int = Field(5, ge=1, le=600)
