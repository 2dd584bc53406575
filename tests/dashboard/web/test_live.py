"""News: what the hub passes on, and that it hears again after the database was away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine, text

from dashboard.web.live import QUEUE, Hub
from geo.db.engine import libpq_url

INSERT = text(
    "insert into incident (crime_type, occurred_at, channel) select 'drug_trafficking', now(), 'online'"
    " from generate_series(1, :n)"
)


def _apart(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run in a thread of its own: Playwright keeps an event loop in the tests' thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


async def _until(ready: Callable[[], bool], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not ready():
            await asyncio.sleep(0.02)


def _heard(store: Engine, act: Callable[[Hub, asyncio.Queue[dict[str, Any]]], Awaitable[None]]) -> None:
    """Run ``act`` beside a hub that listens to the store."""

    async def run() -> None:
        hub = Hub()
        listening = asyncio.create_task(hub.listen(libpq_url(store.url)))
        try:
            async with hub.subscription() as queue:
                await _until(lambda: hub.up)
                while not queue.empty():
                    queue.get_nowait()
                await act(hub, queue)
        finally:
            listening.cancel()

    _apart(run)


def _write(store: Engine, n: int) -> None:
    with store.begin() as connection:
        connection.execute(INSERT, {"n": n})


def test_a_new_incident_is_told_by_its_id_alone(border_store: Engine) -> None:
    async def act(hub: Hub, queue: asyncio.Queue[dict[str, Any]]) -> None:
        before = hub.version
        await asyncio.to_thread(_write, border_store, 1)
        news = await asyncio.wait_for(queue.get(), 5)
        with border_store.connect() as connection:
            ids = list(connection.execute(text("select id from incident")).scalars())
        assert news == {"type": "changed", "what": ["incident"], "ids": ids, "version": hub.version}
        assert hub.version != before

    _heard(border_store, act)


def test_many_at_once_are_told_without_their_ids(border_store: Engine) -> None:
    async def act(hub: Hub, queue: asyncio.Queue[dict[str, Any]]) -> None:
        await asyncio.to_thread(_write, border_store, 21)
        assert (await asyncio.wait_for(queue.get(), 5))["ids"] == "*"

    _heard(border_store, act)


def test_a_lost_line_is_said_and_heard_again_and_all_is_read_anew(border_store: Engine) -> None:
    async def act(hub: Hub, queue: asyncio.Queue[dict[str, Any]]) -> None:
        def cut() -> None:
            with border_store.begin() as connection:
                connection.execute(
                    text(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                        " and application_name = 'nts-mekong-watch live'"
                    )
                )

        await asyncio.to_thread(cut)
        assert (await asyncio.wait_for(queue.get(), 8))["type"] == "down"
        assert (await asyncio.wait_for(queue.get(), 8))["what"] == ["*"]
        await asyncio.to_thread(_write, border_store, 1)
        assert (await asyncio.wait_for(queue.get(), 5))["what"] == ["incident"]

    _heard(border_store, act)


def test_a_map_that_falls_behind_is_told_once_that_everything_changed() -> None:
    async def run() -> None:
        hub = Hub()
        async with hub.subscription() as slow, hub.subscription() as quick:
            for n in range(QUEUE + 1):
                hub.tell(f"incident:{n}")
                quick.get_nowait()
            hub.tell("checkpoint:*")
            assert slow.get_nowait()["what"] == ["*"]
            assert slow.get_nowait()["what"] == ["checkpoint"]
            assert slow.empty()
            assert quick.get_nowait() == {"type": "changed", "what": ["checkpoint"], "ids": "*", "version": hub.version}
        assert hub.listeners == 0

    _apart(run)


def test_changes_in_the_office_are_counted_and_not_told_to_maps(border_store: Engine) -> None:
    def write(statement: str) -> None:
        with border_store.begin() as connection:
            connection.execute(text(statement))

    async def act(hub: Hub, queue: asyncio.Queue[dict[str, Any]]) -> None:
        office, people, version = hub.office, hub.people, hub.version
        await asyncio.to_thread(write, "insert into report (channel) values ('online')")
        await _until(lambda: hub.office > office)
        assert hub.people == people
        await asyncio.to_thread(write, "insert into person (login, name, role) values ('nok', 'นก', 'planner')")
        await _until(lambda: hub.people > people)
        assert queue.get_nowait() == {
            "type": "sessions"
        }  # for this server alone: an open map asks whether it may go on
        assert queue.empty()
        assert hub.version == version

    _heard(border_store, act)
