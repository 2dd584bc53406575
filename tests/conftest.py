"""Real PostGIS for the tests: a temporary cluster a session, a database a test, copied from a template."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL

from geo.db import local
from geo.db.engine import libpq_url, make_engine
from geo.db.migrate import migrate

# A busy machine is no fault of the code; the same examples each time, so that a change is judged by itself. Others are sought
# with --hypothesis-profile=search.
hypothesis_settings.register_profile("watch", deadline=None, derandomize=True)
hypothesis_settings.register_profile("search", deadline=None)
hypothesis_settings.load_profile("watch")

ROOM = 2 << 30
"""Bytes that a session's cluster may come to need."""


def _short() -> Path:
    """Where clusters are made: in memory where there is room, as a database a test is a thousand databases of 350 files.

    A unix socket's path is at most about 100 bytes long; pytest's own folders can be longer.
    """
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2 * ROOM else Path("/tmp")


SHORT = _short()
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "256MB",
    "min_wal_size": "64MB",
}
_number = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Tests never touch the data of whoever runs them."""
    for name in [name for name in os.environ if name.startswith("WATCH_")]:
        del os.environ[name]


def _remove_what_killed_sessions_left() -> None:
    for folder in SHORT.glob("watch-test-*-*"):
        pid = folder.name.split("-")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            local.stop(folder)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster_folder() -> Iterator[Path]:
    """Folder of the session's temporary cluster, for tests that stop and start it."""
    _remove_what_killed_sessions_left()
    var_dir = Path(tempfile.mkdtemp(prefix=f"watch-test-{os.getpid()}-", dir=SHORT))
    var_dir.chmod(0o755)  # the account that runs PostgreSQL for root has to get in
    try:
        yield var_dir
    finally:
        local.stop(var_dir)
        shutil.rmtree(var_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(cluster_folder: Path) -> URL:
    """URL of the session's temporary cluster; its databases are made and dropped by the other fixtures."""
    return make_url(local.ensure_running(cluster_folder, THROWN_AWAY)).set(drivername="postgresql+psycopg")


def _administer(cluster: URL, statement: str, **names: str) -> None:
    with psycopg.connect(libpq_url(cluster.set(database="postgres")), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(**{k: sql.Identifier(v) for k, v in names.items()}))


def _copy(cluster: URL, template: str) -> Iterator[Engine]:
    """Engine on a new database like ``template``, which is dropped afterwards."""
    name = f"test_{next(_number)}"
    _administer(cluster, "create database {name} template {template} strategy file_copy", name=name, template=template)
    engine = make_engine(cluster.set(database=name))
    try:
        yield engine
    finally:
        engine.dispose()
        _administer(cluster, "drop database {name} with (force)", name=name)


@pytest.fixture(scope="session")
def store_template(cluster: URL) -> str:
    """Name of a migrated, empty database that nobody writes to."""
    _administer(cluster, "create database {name}", name="template_store")
    engine = make_engine(cluster.set(database="template_store"))
    migrate(engine)
    engine.dispose()
    return "template_store"


@pytest.fixture(scope="session")
def border_template(cluster: URL, store_template: str) -> str:
    """Name of a database with the real boundaries and reference data that nobody writes to."""
    from geo.ingest.boundaries import load_shipped

    _administer(cluster, "create database {name} template {of}", name="template_border", of=store_template)
    engine = make_engine(cluster.set(database="template_border"))
    loaded = load_shipped(engine)
    engine.dispose()
    assert not loaded.approximate, "the wheels with the real boundaries could not be had"
    return "template_border"


@pytest.fixture
def store(cluster: URL, store_template: str) -> Iterator[Engine]:
    """Engine on a fresh, migrated, empty database."""
    yield from _copy(cluster, store_template)


@pytest.fixture
def border_store(cluster: URL, border_template: str) -> Iterator[Engine]:
    """Engine on a fresh database with the real boundaries and reference data."""
    yield from _copy(cluster, border_template)


@pytest.fixture
def store_url(store: Engine) -> str:
    """libpq URL of the `store` fixture's database, for ``WATCH_DB_URL`` and command-line programs."""
    return libpq_url(store.url)
