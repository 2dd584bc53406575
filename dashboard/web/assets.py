"""Scripts, styles and fonts from our own host. A border post's network lets no CDN through."""

from __future__ import annotations

from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import store
from dashboard.maps.assets import NODE_MODULES, OWN_FILES

__all__ = ["asset_mounts", "offline_basemap"]

PACKAGES = ("leaflet", "protomaps-leaflet", "pmtiles", "mgrs", "@fontsource")
"""Only these packages are served, not whatever npm brought along."""


class _Open:
    """Lets the sandboxed frame (origin null) read fonts and styles, and browsers keep them for a day."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(b"access-control-allow-origin", b"*"), (b"cache-control", b"public, max-age=86400")]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self.app(scope, receive, with_headers)


def _mount(path: str, folder: Path) -> BaseRoute:
    return Mount(path, StaticFiles(directory=folder), middleware=[Middleware(_Open)])


def asset_mounts() -> list[BaseRoute]:
    """Routes under ``/assets``: our own files, and the npm packages that are installed."""
    smaller = Middleware(GZipMiddleware, minimum_size=1000)
    mounts: list[BaseRoute] = [
        Mount("/assets/watch", StaticFiles(directory=OWN_FILES), middleware=[Middleware(_Open), smaller])
    ]
    mounts += [_mount(f"/assets/{name}", NODE_MODULES / name) for name in PACKAGES if (NODE_MODULES / name).is_dir()]
    return mounts


def offline_basemap(_request: Request) -> Response:
    """``/basemap.pmtiles``: the file an administrator placed in ``var/``, read in ranges."""
    file = store.settings().basemap_file()
    if file is None:
        return Response(status_code=404, headers={"Access-Control-Allow-Origin": "*"})
    return FileResponse(file, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "private, max-age=3600"})
