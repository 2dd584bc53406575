"""Many open maps: websocket clients that speak Streamlit's protocol, each with its own filter, tiles and news.

A process of its own, so that what it costs is not the server's: it reads one JSON object from standard input (``url``,
``cookie``, ``maps``, ``minutes``, ``until``, ``places``: district code, longitude, latitude) and prints one.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

EVERY_S = 10.0
"""Time between two actions of one map."""
GIVE_UP_S = 30.0
SETTLE_S = 20.0
"""What is measured begins this long after the last map was opened."""
TILES = (4, 8)
TYPES = ("drug_trafficking", "contraband", "irregular_entry", "illegal_logging", "wildlife_trafficking")
APPLY = "window.watch.apply("

Place = tuple[str, float, float]


@dataclass
class Measured:
    """What all maps saw together; times in seconds, from the action to the end of the script or of the answer."""

    opening: list[float] = field(default_factory=list)
    filter: list[float] = field(default_factory=list)
    fragment: list[float] = field(default_factory=list)
    tile: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Http:
    """One connection that is kept open, as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self.port, self.lines = port, asyncio.Lock()
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> int:
        """Status of an answer that was read to its end."""
        async with self.lines, asyncio.timeout(GIVE_UP_S):
            if self.ends is None:
                self.ends = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self.ends
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
            await reader.readexactly(int(length.split(":")[1]))
            return int(head.split(" ")[1])

    def close(self) -> None:
        """Hang up, as a browser does that has asked nothing for seconds."""
        if self.ends:
            self.ends[1].close()
            self.ends = None


class OpenMap:
    """One reader with one open page, who looks at a district and changes what is shown of it."""

    def __init__(
        self, port: int, cookie: str, number: int, places: Sequence[Place], until: date, told: Measured
    ) -> None:
        self.cookie = cookie
        self.port, self.places, self.until, self.told = port, places, until, told
        self.random = random.Random(number)
        self.http = [Http(port) for _ in range(4)]
        self.page = self.fragment = ""
        self.state: dict[str, Any] = {}
        self.opened = False

    def change(self) -> str:
        """Query of another picture with some 500 incidents: four weeks of a district, or a year of one type in it."""
        self.place = self.random.choice(self.places)
        last = self.until - timedelta(days=self.random.randrange(0, 200))
        query = {"period": "custom", "to": last.isoformat(), "district": self.place[0], "lang": "th"}
        query["from"] = (last - timedelta(days=27)).isoformat()
        if self.random.random() < 0.5:
            query["type"] = self.random.choice(TYPES)
            query["from"] = (last - timedelta(days=364)).isoformat()
        return urlencode(query)

    async def act(self, socket: ClientConnection, query: str, *, fragment: bool = False) -> float:
        """One rerun, of the page with another filter or of the board alone; seconds to the end of the script."""
        back = BackMsg()
        back.rerun_script.query_string = query
        back.rerun_script.page_script_hash = self.page
        back.rerun_script.context_info.timezone = "Asia/Bangkok"
        back.rerun_script.context_info.locale = "th-TH"
        back.rerun_script.is_history_navigation = bool(self.page) and not fragment
        if fragment:
            back.rerun_script.fragment_id = self.fragment
        start, size = time.perf_counter(), 0
        await socket.send(back.SerializeToString())
        async with asyncio.timeout(GIVE_UP_S):
            while True:
                raw = await socket.recv()
                size += len(raw)
                message = ForwardMsg.FromString(raw)
                kind = message.WhichOneof("type")
                if kind == "new_session":
                    self.page = message.new_session.page_script_hash
                elif kind == "delta":
                    self.look(message)
                elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    break
        self.told.bytes.append(size)
        return time.perf_counter() - start

    def look(self, message: ForwardMsg) -> None:
        """Keep what the map is told, and which fragment it belongs to."""
        delta = message.delta
        if delta.WhichOneof("type") == "new_element" and delta.new_element.WhichOneof("type") == "component_instance":
            self.fragment = delta.fragment_id
            script = json.loads(delta.new_element.component_instance.json_args).get("feature_group") or ""
            if APPLY in script:
                self.state = json.JSONDecoder().raw_decode(script.split(APPLY, 1)[1])[0]

    async def tiles(self) -> None:
        """The tiles around the district, four at a time as a browser asks."""
        incidents = self.state["incidents"]
        zoom, wanted = self.random.choice((8, 9, 10)), self.random.randint(*TILES)
        n = 1 << zoom
        x = int((self.place[1] + 180) / 360 * n)
        y = int((1 - math.asinh(math.tan(math.radians(self.place[2]))) / math.pi) / 2 * n)
        around = [(x + i % 3 - 1, y + i // 3 - 1) for i in range(wanted)]
        end = f"?{incidents['query']}&v={quote(incidents['version'])}&token={quote(self.state['token'])}"

        async def one(number: int, column: int, row: int) -> None:
            start = time.perf_counter()
            status = await self.http[number % 4].get(f"/tiles/incidents/{zoom}/{column}/{row}{end}")
            self.told.tile.append(time.perf_counter() - start)
            if status != 200:
                self.told.failures.append(f"tile {status}")

        await asyncio.gather(*(one(i, *address) for i, address in enumerate(around)))
        for http in self.http:
            http.close()

    async def hear(self) -> None:
        """Keep the map's line for news open."""
        url = f"ws://127.0.0.1:{self.port}/live?token={quote(self.state['token'])}"
        async with connect(url, proxy=None) as line:
            async for _news in line:
                pass

    async def live(self, wait: float, end: float) -> None:
        """Open the page after ``wait`` seconds, act every ten seconds, go at the end."""
        await asyncio.sleep(wait)
        hearing = None
        try:
            url = f"ws://127.0.0.1:{self.port}/_stcore/stream"
            async with connect(
                url,
                subprotocols=[Subprotocol("streamlit")],
                max_size=None,
                compression=None,
                proxy=None,
                additional_headers={"Cookie": self.cookie},
            ) as socket:
                query = self.change()
                self.told.opening.append(await self.act(socket, query))
                hearing = asyncio.create_task(self.hear())
                await self.tiles()
                while (begun := time.monotonic()) < end:
                    fragment = self.random.random() < 1 / 3
                    query = query if fragment else self.change()
                    took = await self.act(socket, query, fragment=fragment)
                    (self.told.fragment if fragment else self.told.filter).append(took)
                    await self.tiles()
                    await asyncio.sleep(max(0.0, begun + EVERY_S * self.random.uniform(0.8, 1.2) - time.monotonic()))
        except (WebSocketException, OSError, EOFError, TimeoutError) as error:
            self.told.failures.append(f"{type(error).__name__}: {error}")
        finally:
            if hearing:
                hearing.cancel()
                with suppress(asyncio.CancelledError, WebSocketException, OSError):
                    await hearing


async def main() -> None:
    """Open the maps one after the other, let them work, say what was measured."""
    asked = json.load(sys.stdin)
    told, port = Measured(), urlsplit(asked["url"]).port or 80
    opening = asked["maps"] * 0.15
    end = time.monotonic() + opening + SETTLE_S + asked["minutes"] * 60
    places = [tuple(place) for place in asked["places"]]
    maps = [
        OpenMap(port, asked["cookie"], i, places, date.fromisoformat(asked["until"]), told)
        for i in range(asked["maps"])
    ]

    async def settle() -> None:
        await asyncio.sleep(opening + SETTLE_S)
        for times in (told.filter, told.fragment, told.tile, told.bytes):
            times.clear()

    await asyncio.gather(settle(), *(one.live(i * 0.15, end) for i, one in enumerate(maps)))
    print(json.dumps(asdict(told)))


if __name__ == "__main__":
    asyncio.run(main())
