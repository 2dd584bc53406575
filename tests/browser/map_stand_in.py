"""A server with just what the map in the browser asks for, so that the map can be tried without a database.

The page holds streamlit-folium's own frame, sandboxed as the application sandboxes it, and hands it the
arguments that ``st_folium`` would: the map is tried through the same doors as in the application.
"""

from __future__ import annotations

import asyncio
import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import folium
import mapbox_vector_tile
import pyproj
import shapely
import streamlit_folium
import uvicorn
from shapely.geometry import LineString, Point, box
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.maps.assets import NODE_MODULES, OWN_FILES
from dashboard.maps.base import BaseMap
from dashboard.maps.state import state_group

mercator = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform
OPEN = {"Access-Control-Allow-Origin": "*"}
MVT = "application/vnd.mapbox-vector-tile"

PAGE = """<!doctype html><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;display:block}</style>
<iframe id="frame" title="map" src="/component/streamlit_folium.st_folium/index.html"></iframe>
<script>
window.values = []; window.escaped = false; let ready;
const started = new Promise(go => ready = go), frame = document.getElementById("frame");
window.addEventListener("message", e => {
  if (e.data.type === "streamlit:componentReady") ready();
  if (e.data.type === "streamlit:setComponentValue") window.values.push(e.data.value);
});
window.give = args => started.then(() => frame.contentWindow.postMessage(
  {type: "streamlit:render", args, disabled: false, theme: null, dfs: []}, "*"));
</script>"""


def square(layer: str, features: list[tuple[Any, dict[str, Any]]], bounds: tuple[float, float, float, float]) -> Any:
    """One layer of a vector tile from WGS 84 shapes, cut to the tile with a margin."""
    width = (bounds[2] - bounds[0]) * 0.04
    area = box(*bounds).buffer(width, join_style="mitre")
    rows = []
    for shape, properties in features:
        cut = shapely.transform(shape, mercator, interleaved=False).intersection(area)
        if not cut.is_empty:
            rows.append({"geometry": cut, "properties": properties})
    return {"name": layer, "features": rows}


def tile_bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Web Mercator box of a tile, in metres."""
    side = 40075016.685578488 / 2**z
    west, north = -20037508.342789244 + x * side, 20037508.342789244 - y * side
    return west, north - side, west + side, north


def encode(layers: list[Any], z: int, x: int, y: int) -> bytes:
    """A vector tile."""
    kept = [layer for layer in layers if layer["features"]]
    return (
        bytes(mapbox_vector_tile.encode(kept, default_options={"quantize_bounds": tile_bounds(z, x, y)}))
        if kept
        else b""
    )


def simple_ground(z: int, x: int, y: int) -> bytes:
    """Two countries, two districts, a border between them, and a name."""
    thai, lao = box(99, 11, 103, 20.5), box(103, 11, 107, 20.5)
    first, second = box(102, 15, 103, 16), box(102, 16, 103, 17)
    district = {"border": True, "name_th": "เมือง", "name_en": "Mueang"}
    layers: list[tuple[str, list[tuple[Any, dict[str, Any]]]]] = [
        ("land", [(thai, {"country": "TH"}), (lao, {"country": "LA"})]),
        ("district", [(first, district | {"code": "4101", "target": "named"}),
                      (second, district | {"code": "4102", "target": "no"})]),
        ("section", [(LineString([(103, 15), (103, 16)]), {"undetermined": False}),
                     (LineString([(103, 16), (103, 17)]), {"undetermined": True})]),
        ("label", [(Point(102.5, 15.5), {"kind": "district", "name_th": "เมือง", "name_en": "Mueang"})]),
    ]  # fmt: skip
    bounds = tile_bounds(z, x, y)
    return encode([square(name, features, bounds) for name, features in layers], z, x, y)


def tiny_archive(tile: bytes, kind: int) -> bytes:
    """A PMTiles file (version 3) whose tiles of zoom 0 and 1 are all the same; kind 1 is vector, 2 is PNG."""
    directory = bytes([1, 0, 5]) + _varint(len(tile)) + bytes([1])
    metadata = b"{}"
    root, meta, data = 127, 127 + len(directory), 127 + len(directory) + len(metadata)
    numbers = [root, len(directory), meta, len(metadata), data, 0, data, len(tile), 5, 1, 1]
    header = b"PMTiles\x03" + struct.pack("<11Q", *numbers) + bytes([1, 1, 1, kind, 0, 1])
    header += struct.pack("<4iB2i", -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    return header + directory + metadata + tile


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


class World:
    """What there is, what was asked, and what goes wrong on purpose.

    Attributes
    ----------
    points
        Per filter text: incidents as (longitude, latitude, n, type id or nothing, status letter or nothing).
    asked
        Path and query of every request so far.
    failing
        Path beginnings that are answered with this status.
    slow
        Seconds that an incident tile takes.
    archive
        A PMTiles file.
    """

    def __init__(self) -> None:
        self.points: dict[str, list[tuple[float, float, int, int | None, str | None]]] = {}
        self.layers: dict[str, Any] = {}
        self.ground: Callable[[int, int, int], bytes] = simple_ground
        self.incidents: Callable[[str, int, int, int], bytes] = self._incidents
        self.asked: list[str] = []
        self.failing: dict[str, int] = {}
        self.slow = 0.0
        self.archive = b""
        self.version = "a-1"
        self.url = ""
        self._sockets: set[WebSocket] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None

    def _incidents(self, query: str, z: int, x: int, y: int) -> bytes:
        rows = [
            (Point(lon, lat), {"n": n} | ({} if t is None else {"t": t}) | ({} if s is None else {"s": s}))
            for lon, lat, n, t, s in self.points.get(query, [])
        ]
        return encode([square("incidents", rows, tile_bounds(z, x, y))], z, x, y)

    def tell(self, message: dict[str, Any]) -> None:
        """Send news to every open map."""
        assert self._loop is not None
        for socket in list(self._sockets):
            asyncio.run_coroutine_threadsafe(socket.send_json(message), self._loop).result(5)

    def hang_up(self) -> None:
        """Close every open line."""
        assert self._loop is not None
        for socket in list(self._sockets):
            asyncio.run_coroutine_threadsafe(socket.close(1001), self._loop).result(5)

    @property
    def lines(self) -> int:
        """Open lines."""
        return len(self._sockets)

    def count(self, beginning: str) -> int:
        """How many requests began so."""
        return sum(path.startswith(beginning) for path in self.asked)

    async def live(self, socket: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        if "/live" in self.failing:
            await socket.close(4401)
            return
        await socket.accept()
        self._sockets.add(socket)
        try:
            await socket.send_json({"type": "hello", "version": self.version, "up": True})
            while True:
                await socket.receive_text()
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            self._sockets.discard(socket)

    def app(self) -> ASGIApp:
        frame = Path(streamlit_folium.__file__).parent / "frontend" / "build"

        def base(request: Request) -> Response:
            return Response(self.ground(*(int(request.path_params[k]) for k in "zxy")), media_type=MVT, headers=OPEN)

        def incidents(request: Request) -> Response:
            time.sleep(self.slow)
            query = request.url.query.split("&v=")[0]
            return Response(
                self.incidents(query, *(int(request.path_params[k]) for k in "zxy")),
                media_type=MVT,
                headers=OPEN,
            )

        def layer(request: Request) -> Response:
            empty = {"type": "FeatureCollection", "features": []}
            return JSONResponse(self.layers.get(request.path_params["name"], empty), headers=OPEN)

        def archive(request: Request) -> Response:
            first, last = (int(n) for n in request.headers["range"].removeprefix("bytes=").split("-"))
            last = min(last, len(self.archive) - 1)
            place = {"Content-Range": f"bytes {first}-{last}/{len(self.archive)}"}
            return Response(self.archive[first : last + 1], 206, headers=OPEN | place)

        def component(request: Request) -> Response:
            path = frame / request.path_params["path"]
            if not path.is_file():
                return Response(status_code=404)
            return FileResponse(path, headers=OPEN | {"Content-Security-Policy": "sandbox allow-scripts allow-popups"})

        def asset(request: Request) -> Response:
            path = request.path_params["path"]
            file = OWN_FILES / path[6:] if path.startswith("watch/") else NODE_MODULES / path
            return FileResponse(file, headers=OPEN) if file.is_file() else Response(status_code=404, headers=OPEN)

        routes = [
            Route("/", lambda request: HTMLResponse(PAGE)),
            Route("/favicon.ico", lambda request: Response(status_code=204)),
            Route("/tiles/base/{version}/{z:int}/{x:int}/{y:int}", base),
            Route("/tiles/incidents/{z:int}/{x:int}/{y:int}", incidents),
            Route("/layers/{name}", layer),
            Route("/basemap.pmtiles", archive),
            WebSocketRoute("/live", self.live),
            Mount("/component/streamlit_folium.st_folium", routes=[Route("/{path:path}", component)]),
            Route("/assets/{path:path}", asset),
        ]
        inner = Starlette(routes=routes)

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                self.asked.append(f"{scope['path']}?{scope['query_string'].decode()}")
                for beginning, status in self.failing.items():
                    if scope["path"].startswith(beginning):
                        start: Message = {"type": "http.response.start", "status": status,
                                          "headers": [(b"access-control-allow-origin", b"*")]}  # fmt: skip
                        await send(start)
                        await send({"type": "http.response.body", "body": b""})
                        return
            await inner(scope, receive, send)

        return watched

    @contextmanager
    def running(self) -> Iterator[World]:
        """Serve on a free port."""
        self._server = uvicorn.Server(
            uvicorn.Config(self.app(), host="127.0.0.1", port=0, log_level="error", ws="websockets-sansio")
        )
        thread = threading.Thread(target=self._server.run, daemon=True)
        thread.start()
        while not self._server.started:
            time.sleep(0.02)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            self._server.should_exit = True
            thread.join(10)

    def state(self, query: str = "from=2026-01-01&to=2026-12-31", **changes: Any) -> dict[str, Any]:
        """A complete state for the map, as a page would make it."""
        return {
            "lang": "th", "night": False, "wall": False, "words": {}, "token": "t1",
            "token_expires": time.time() + 3600,
            "base": {"version": "b1", "url": "/tiles/base/{version}/{z}/{x}/{y}"},
            "incidents": {"url": "/tiles/incidents/{z}/{x}/{y}?{query}", "new_url": "/layers/new?{query}",
                          "query": query, "version": "a-1"},
            "types": [{"id": 1, "code": "drugs", "colour": "#009e73", "label": "ยาเสพติด"}],
            "statuses": "rvyfc", "layers": {}, "choropleth": None, "picked": None, "overlays": {},
            "basemap": None,
            "attribution": "geoBoundaries", "view": {"n": 0, "bounds": None}, "live": {"url": "/live"},
        } | changes  # fmt: skip


def component_arguments(state: dict[str, Any]) -> dict[str, Any]:
    """What ``st_folium`` sends to its frame for the base map and this state."""
    caught: dict[str, Any] = {}
    real = streamlit_folium._component_func
    streamlit_folium._component_func = lambda **arguments: caught.update(arguments)
    try:
        group: folium.FeatureGroup = state_group(state)
        streamlit_folium.st_folium(
            BaseMap(),
            key="watch",
            returned_objects=[],
            feature_group_to_add=group,
            use_container_width=True,
            height=700,
        )
    finally:
        streamlit_folium._component_func = real
    caught.pop("on_change")
    return dict(json.loads(json.dumps(caught)))
