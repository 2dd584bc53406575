"""The number on the bell: one websocket per open page, one small query per process when something happens.

Pages are not drawn again for it, and nothing asks every few seconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from anyio import to_thread
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard import store
from dashboard.web.origin import own_origins
from dashboard.web.visitors import session_token, visitors
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable
from geo.queries.notifications import unread_of

__all__ = ["Bells", "bell_endpoint", "bells"]

log = logging.getLogger("watch.bell")

TOGETHER_S = 0.3
"""What happens within so long is counted once."""
AGAIN_S = 2.0
"""After the database did not answer."""
ALIVE_S = 60.0
"""How often a silent line is used, and whose it is asked again."""


class _Line:
    """What one open page is to be told: the newest number, however many there were."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.told = asyncio.Event()

    def tell(self, number: int) -> None:
        if number != self.number:
            self.number = number
            self.told.set()


class Bells:
    """Who has pages open, and how much they have not read."""

    def __init__(self) -> None:
        self._open: dict[int, set[_Line]] = {}
        self._news = asyncio.Event()

    def heard(self, table: str) -> None:
        """Take what the `Hub` heard: the name of a table, ``*`` after a gap."""
        if table in {"notification", "notification_read", "*"}:
            self._news.set()

    @contextmanager
    def line(self, person: int) -> Iterator[_Line]:
        """A page of this person, from now on; its first number comes as soon as it is counted."""
        line = _Line()
        self._open.setdefault(person, set()).add(line)
        self._news.set()
        try:
            yield line
        finally:
            self._open[person].discard(line)
            if not self._open[person]:
                del self._open[person]

    async def keep_ringing(self) -> None:
        """For ever: count for everybody who has a page open, whenever something was heard."""
        while True:
            await self._news.wait()
            await asyncio.sleep(TOGETHER_S)
            self._news.clear()
            people = tuple(self._open)
            if not people:
                continue
            try:
                found = await to_thread.run_sync(_count, people)
            except DatabaseUnavailable:
                await asyncio.sleep(AGAIN_S)
                self._news.set()
                continue
            for person, number in found.items():
                for line in self._open.get(person, ()):
                    line.tell(number)


def _count(people: tuple[int, ...]) -> dict[int, int]:
    with transaction(store.engine()) as connection:
        return unread_of(connection, people)


bells = Bells()


async def _is_still(token: str | None, person: int) -> bool:
    """Whether the session goes on; while the database is away nothing can be told anyway."""
    try:
        found = await to_thread.run_sync(visitors.person, token)
    except DatabaseUnavailable:
        return True
    return found is not None and found.id == person


async def bell_endpoint(socket: WebSocket) -> None:
    """``/notifications/live``: the number of what the person has not read, whenever it changes. Behind the gate."""
    person, token = socket.scope["watch.person"], session_token(socket.cookies)
    if socket.headers.get("origin") not in own_origins(socket, store.settings().public_url):
        await socket.close(4403)  # a page of somebody else, in the browser of one of ours
        return
    await socket.accept()
    with bells.line(person.id) as line:
        reader = asyncio.create_task(socket.receive())
        try:
            while not reader.done():
                told = asyncio.create_task(line.told.wait())
                await asyncio.wait({reader, told}, timeout=ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
                told.cancel()
                if reader.done():
                    break
                if not await _is_still(token, person.id):
                    await socket.close(4401)
                    break
                line.told.clear()
                if line.number is not None:
                    await socket.send_json({"unread": line.number})
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            reader.cancel()
