"""The number on the bell follows what happens, for everybody at once, and messages go out by themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from dashboard import store
from dashboard.web import bell, telling
from dashboard.web.bell import Bells
from dashboard.web.live import Hub
from geo.actions.notify import mark_read
from geo.db.engine import libpq_url
from geo.errors import DatabaseUnavailable
from tests.apart import run_apart
from tests.geo.cases.conftest import Office, office

__all__ = ["office"]


def happens(office: Office, kind: str = "received") -> None:
    office.put(
        "insert into case_event (incident_id, kind) select id, :k from incident where public_id = :p",
        k=kind, p=office.case(),
    )  # fmt: skip


async def until(ready: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not ready():
            await asyncio.sleep(0.02)


def test_open_pages_count_along_and_one_query_counts_for_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "engine", lambda: office.app)
    asked: list[tuple[int, ...]] = []
    count = bell._count

    def counted(people: tuple[int, ...]) -> dict[int, int]:
        asked.append(people)
        if len(asked) == 2:
            raise DatabaseUnavailable("database.unavailable")  # once, and then it answers again
        return count(people)

    monkeypatch.setattr(bell, "_count", counted)
    monkeypatch.setattr(bell, "AGAIN_S", 0.05)

    async def live() -> None:
        hub, rung = Hub(), Bells()
        hub.hearers.append(rung.heard)
        tasks = [asyncio.create_task(hub.listen(libpq_url(office.owner.url))), asyncio.create_task(rung.keep_ringing())]
        officer, chief, neighbour = (office.ids[who] for who in ("officer", "chief", "neighbour"))
        with (
            rung.line(officer) as first,
            rung.line(officer) as second,
            rung.line(chief) as third,
            rung.line(neighbour) as last,
        ):
            lines = (first, second, third, last)
            await until(lambda: hub.up and [line.number for line in lines] == [0, 0, 0, 0])
            before = len(asked)
            await asyncio.to_thread(happens, office)
            await until(lambda: [line.number for line in lines] == [1, 1, 1, 0])
            assert len(asked) - before <= 3  # what comes together is counted together, for all
            office_before = hub.office
            with office.acting("officer") as connection:
                mark_read(connection, officer)
            await until(lambda: [line.number for line in lines] == [0, 0, 1, 0])
            assert hub.office == office_before
        assert rung._open == {}
        for task in tasks:
            task.cancel()

    run_apart(live())


class _Outbox:
    """Counts rounds; some of them fail."""

    def __init__(self, faults: list[Exception]) -> None:
        self.rounds, self.tidied, self.faults = 0, 0, faults
        self.stop: Any = type("Stop", (), {"is_set": False, "set": lambda stop: setattr(stop, "is_set", True)})()

    def round(self) -> int:
        self.rounds += 1
        if self.faults:
            raise self.faults.pop()
        return 0

    def tidy(self) -> tuple[int, int]:
        self.tidied += 1
        return 2, 0


def test_a_round_follows_every_news_and_nothing_that_goes_wrong_ends_them(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(telling, "TOGETHER_S", 0.01)
    monkeypatch.setattr(telling, "FIRST_TIDY_S", (0.0, 0.0))
    outbox = _Outbox([RuntimeError("a mistake of ours"), DatabaseUnavailable("database.busy")])

    async def live() -> None:
        told = telling.Telling()
        task = asyncio.create_task(told.keep_telling(outbox))  # type: ignore[arg-type]
        for number in range(1, 4):
            told.heard("notification")
            await until(lambda number=number: outbox.rounds == number)  # type: ignore[misc]
        for other in ("notification_read", "case_file", "sign_in"):
            told.heard(other)
        await asyncio.sleep(0.2)
        assert outbox.rounds == 3
        monkeypatch.setattr(telling, "EVERY_S", 0.01)
        told.heard("*")
        await until(lambda: outbox.rounds > 5)  # later also without news
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with caplog.at_level(logging.INFO, "watch.outbox"):
        run_apart(live())
    assert outbox.stop.is_set
    assert outbox.tidied == 1
    said = [record.getMessage() for record in caplog.records]
    assert said == ["people could not be told: database.busy", "people could not be told", "2 referrals lapsed"]
