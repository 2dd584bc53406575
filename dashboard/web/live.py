"""News of changes: one LISTEN connection per process, one websocket per open map.

PostGIS says ``incident:17,18`` or ``checkpoint:*`` on the channel ``watch`` when a transaction commits, and the name of a
table on ``watch_office``. Maps are told what changed, never what it says. Nothing polls the tables.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from anyio import to_thread
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard import store
from dashboard.web.origin import own_origins
from dashboard.web.passes import admitted, still_open
from dashboard.web.token import Pass, TokenRefused
from geo.errors import DatabaseUnavailable

__all__ = ["Hub", "hub", "live_endpoint"]

log = logging.getLogger("watch.live")

QUEUE = 64
"""News that a slow line may owe; a map further behind is told once that everything changed."""
PEOPLE = {"person", "person_district"}
SESSIONS = PEOPLE | {"sign_in"}
CHECK_S = 5.0
"""How often the silent LISTEN connection is asked whether it still lives."""
ASK_AGAIN_S = 20.0
"""How often an open map's session is asked whether it goes on, where nothing was heard of its end."""


class Hub:
    """Counts changes and passes them on.

    Attributes
    ----------
    up
        Whether the database can be heard.
    office
        Number that grows when a case, a report, a referral or a notification changes.
    people
        Number that grows when a person, their role or their districts change.
    hearers
        Called with the name of each table of the office that changed, and with ``*`` after a gap in hearing.
    """

    def __init__(self) -> None:
        self._boot = secrets.token_hex(4)
        self._number = 0
        self._queues: set[asyncio.Queue[dict[str, Any]]] = set()
        self.up = False
        self.office = 0
        self.people = 0
        self.hearers: list[Callable[[str], None]] = []

    @property
    def version(self) -> str:
        """Name of the present state of the data: another one after every change."""
        return f"{self._boot}-{self._number}"

    @property
    def listeners(self) -> int:
        """Open maps."""
        return len(self._queues)

    def tell(self, payload: str) -> None:
        """Pass on one notification, ``table:ids`` or ``table:*``."""
        table, _, ids = payload.partition(":")
        self._number += 1
        self._send({
            "type": "changed",
            "what": [table],
            "ids": "*" if ids == "*" else [int(i) for i in ids.split(",") if i.isdigit()],
            "version": self.version,
        })  # fmt: skip

    def tell_office(self, table: str) -> None:
        """Count a change that open maps have nothing to do with."""
        self.office += table != "notification_read"  # whoever reads theirs changes no page of others
        self.people += table in PEOPLE
        for hear in self.hearers:
            hear(table)
        if table in SESSIONS:
            self._send({"type": "sessions"})

    def everything_changed(self) -> None:
        """After a gap in hearing: what happened meanwhile is not known, so all is read again."""
        self._number += 1
        self.office += 1
        self.people += 1
        for hear in self.hearers:
            hear("*")
        self._send({"type": "changed", "what": ["*"], "ids": "*", "version": self.version})

    def _send(self, message: dict[str, Any]) -> None:
        for queue in self._queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                message = {"type": "changed", "what": ["*"], "ids": "*", "version": self.version}
            queue.put_nowait(message)

    @asynccontextmanager
    async def subscription(self) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        """A queue of news for one map, from now on."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    async def listen(self, libpq_url: str) -> None:
        """Hear the database for ever; where it is lost, try again after 0.5 to 5 s and then say that all changed."""
        wait = 0.5
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    libpq_url, autocommit=True, connect_timeout=5, application_name="nts-mekong-watch live"
                ) as connection:
                    await connection.execute("listen watch")
                    await connection.execute("listen watch_office")
                    self.up, wait = True, 0.5
                    self.everything_changed()
                    while True:
                        async for note in connection.notifies(timeout=CHECK_S):
                            (self.tell_office if note.channel == "watch_office" else self.tell)(note.payload)
                        await asyncio.wait_for(connection.execute("select 1"), CHECK_S)
            except (psycopg.Error, OSError, TimeoutError) as error:
                if self.up:
                    log.warning("the database cannot be heard: %s", type(error).__name__)
                    self._send({"type": "down"})
                self.up = False
            await asyncio.sleep(wait)
            wait = min(5.0, wait * 1.6)


hub = Hub()


async def _goes_on(allowed: Pass) -> bool:
    """Whether a map may hear more; while the database is away there is nothing that it could hear."""
    try:
        return await to_thread.run_sync(lambda: still_open(allowed, hears=hub.up))
    except DatabaseUnavailable:
        return True


async def live_endpoint(socket: WebSocket) -> None:
    """``/live?token=…``: hello with the version, then every change, and a sign of life every 20 s; it ends with the session."""
    token, origin = socket.query_params.get("token", ""), socket.headers.get("origin", "null")
    if origin != "null" and origin not in own_origins(socket, store.settings().public_url):
        await socket.close(4403)  # the map's own frame has the origin null
        return
    try:
        allowed = await to_thread.run_sync(lambda: admitted(token, hears=hub.up))
    except TokenRefused:
        await socket.accept()  # a browser is told the reason only on a line that was opened
        await socket.close(4401)
        return
    except DatabaseUnavailable:
        await socket.close(1013)
        return
    await socket.accept()
    async with hub.subscription() as queue:
        reader = asyncio.create_task(socket.receive())
        try:
            await socket.send_json({"type": "hello", "version": hub.version, "up": hub.up})
            asked = time.monotonic()
            while time.time() < allowed.expires:
                getter = asyncio.create_task(queue.get())
                done, _ = await asyncio.wait({reader, getter}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
                news = getter.result() if getter in done else None
                if news == {"type": "sessions"} or time.monotonic() - asked > ASK_AGAIN_S:
                    asked = time.monotonic()
                    if not await _goes_on(allowed):
                        break
                if news is not None and news["type"] != "sessions":
                    await socket.send_json(news)
                elif news is None:
                    getter.cancel()
                    if reader not in done:
                        await socket.send_json({"type": "alive"})
                if reader in done:
                    if reader.result()["type"] == "websocket.disconnect":
                        return
                    reader = asyncio.create_task(socket.receive())
            await socket.close(4401)
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            reader.cancel()
