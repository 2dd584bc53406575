"""The data that is measured: a private cluster under var/bench, kept from run to run, one database a size."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url

from geo.crs import TIMEZONE
from geo.db import local, migrate
from geo.db.engine import make_engine
from geo.ingest import demo
from geo.ingest.boundaries import load_shipped

__all__ = ["FOLDER", "SEED", "Loaded", "load", "stop"]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"
SEED = 1
YEARS = 3
STALE = timedelta(days=7)
"""The page's own periods end today: data that ended longer ago would leave them half empty."""
SCHEMA = Path(migrate.__file__).with_name("migrations") / "versions" / "0001_store.sql"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A database that is ready to be measured.

    Attributes
    ----------
    url
        For ``WATCH_DB_URL`` and psycopg.
    until
        Last day that has incidents.
    seconds
        How long loading took, when it was loaded.
    """

    url: str
    incidents: int
    until: date
    seconds: float

    def engine(self) -> Engine:
        """Engine as pages have it, without their time limit."""
        return make_engine(make_url(self.url).set(drivername="postgresql+psycopg"))


def load(incidents: int, say: Callable[[str], object], *, as_it_is: bool = False) -> Loaded:
    """The database with so many synthetic incidents; made where it is not there, half made or out of date.

    Parameters
    ----------
    as_it_is
        Take what is there, however old and of whatever schema.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    url = make_url(local.ensure_running(FOLDER))
    name = f"bench_{incidents}"
    schema = hashlib.sha256(SCHEMA.read_bytes()).hexdigest()[:12]
    today = time_in_thailand()
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        said = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", (name,)
        ).fetchone()
        if said and said[0]:
            kept = json.loads(said[0])
            until = date.fromisoformat(kept["until"])
            if as_it_is or (kept["schema"] == schema and kept["seed"] == SEED and today - until < STALE):
                return Loaded(url.set(database=name).render_as_string(False), incidents, until, kept["seconds"])
        named = sql.Identifier(name)
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(named))
        connection.execute(sql.SQL("create database {}").format(named))
        until = today - timedelta(days=1)
        engine = make_engine(url.set(database=name, drivername="postgresql+psycopg"))
        say(f"loading {incidents:,} incidents into {name}; they are kept for the next run")
        migrate.migrate(engine)
        load_shipped(engine, FOLDER)
        start = time.perf_counter()
        demo.fill(engine, incidents, SEED, YEARS, until, lambda _step: None)
        seconds = round(time.perf_counter() - start, 1)
        engine.dispose()
        about = {"schema": schema, "seed": SEED, "until": until.isoformat(), "seconds": seconds}
        connection.execute(sql.SQL("comment on database {} is {}").format(named, sql.Literal(json.dumps(about))))
    return Loaded(url.set(database=name).render_as_string(False), incidents, until, seconds)


def time_in_thailand() -> date:
    """Today, as the page has it."""
    return datetime.now(ZoneInfo(TIMEZONE)).date()


def stop() -> None:
    """Stop the cluster; its data stay."""
    local.stop(FOLDER)
