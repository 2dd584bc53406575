"""The server folds the counts by itself, and nothing that happens to the database ends that."""

from __future__ import annotations

import asyncio
import logging

import pytest
from sqlalchemy import Engine, text

from dashboard.web import upkeep
from geo.actions.counts import fold_counts
from geo.db.engine import libpq_url
from tests.apart import run_apart

SEVERAL = text(
    "select count(*) from (select from incident_count group by level, tier, block, cell, district_code, crime_type,"
    " status, channel having count(*) > 1) s"
)


@pytest.fixture
def written(store: Engine) -> Engine:
    """A store whose counts were written to in two statements."""
    with store.begin() as connection:
        connection.execute(text("insert into crime_type (code, name_th, name_en) values ('a', 'ก', 'A')"))
    _add(store)
    _add(store)
    return store


def _add(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, geom)"
                " values ('a', timestamptz '2025-01-05 12:00+07', 'online', st_point(102.5, 13.7, 4326))"
            )
        )


def _several(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(SEVERAL).scalar_one())


def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "FIRST_S", (0.0, 0.01))
    monkeypatch.setattr(upkeep, "EVERY_S", 0.05)
    monkeypatch.setattr(upkeep, "AGAIN_S", 0.05)


async def _until_folded(engine: Engine, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while await asyncio.to_thread(_several, engine):
            await asyncio.sleep(0.05)


def test_what_was_written_is_folded_again_and_again(written: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    _hurry(monkeypatch)

    async def live() -> None:
        task = asyncio.create_task(upkeep.keep_folded(libpq_url(written.url)))
        await _until_folded(written)
        _add(written)
        await _until_folded(written)
        task.cancel()

    assert _several(written) > 0
    run_apart(live())
    assert _several(written) == 0


def test_a_fold_goes_on_where_the_database_went_away(
    written: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _hurry(monkeypatch)
    url, asked = libpq_url(written.url), []

    async def away(address: str) -> int:
        asked.append(address)
        if len(asked) == 1:
            address = address.replace(str(written.url.database), "nothing_here")
        return await fold_counts(address)

    monkeypatch.setattr(upkeep, "fold_counts", away)

    async def live() -> None:
        task = asyncio.create_task(upkeep.keep_folded(url))
        await _until_folded(written)
        task.cancel()

    with caplog.at_level(logging.WARNING, "watch.upkeep"):
        run_apart(live())
    assert [record.getMessage() for record in caplog.records] == ["counts could not be folded: OperationalError"]


def test_a_fold_that_is_cancelled_ends_at_once_and_changes_nothing(written: Engine) -> None:
    async def stop() -> None:
        task = asyncio.create_task(fold_counts(libpq_url(written.url)))
        while True:
            await asyncio.sleep(0.02)
            if await asyncio.to_thread(_waiting, written):
                break
        task.cancel()
        async with asyncio.timeout(5):
            with pytest.raises(asyncio.CancelledError):
                await task

    before = _several(written)
    with written.begin() as holder:
        holder.execute(text("lock table incident_count in exclusive mode"))
        run_apart(stop())
    assert _several(written) == before


def _waiting(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(
            connection.execute(
                text(
                    "select exists (select from pg_stat_activity where datname = current_database()"
                    " and application_name = 'nts-mekong-watch upkeep' and wait_event_type = 'Lock')"
                )
            ).scalar_one()
        )


def test_an_import_of_years_is_folded_though_statements_are_limited(written: Engine) -> None:
    with written.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = written.url.database
        connection.execute(text(f"alter database {name} set statement_timeout = 1"))
    assert run_apart(fold_counts(libpq_url(written.url))) > 0


def test_the_web_process_may_fold_though_it_may_not_read_the_counts(written: Engine) -> None:
    own = written.url.update_query_dict({"user": "watch_app"})
    assert run_apart(fold_counts(libpq_url(own))) > 0
    assert _several(written) == 0


def test_what_takes_long_is_logged(
    store: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _hurry(monkeypatch)
    monkeypatch.setattr(upkeep, "LONG_S", -1.0)

    async def live() -> None:
        task = asyncio.create_task(upkeep.keep_folded(libpq_url(store.url)))
        async with asyncio.timeout(20):
            while not caplog.records:
                await asyncio.sleep(0.02)
        task.cancel()

    with caplog.at_level(logging.WARNING, "watch.upkeep"):
        run_apart(live())
    assert caplog.records[0].getMessage().startswith("folding 0 rows of counts took")


def test_processes_that_start_together_do_not_fold_together_nor_while_they_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    for _ in range(50):
        with pytest.raises(asyncio.CancelledError):
            run_apart(upkeep.keep_folded("postgresql://nobody@127.0.0.1:1/none"))
    assert min(waits) > 180
    assert max(waits) - min(waits) > 300
