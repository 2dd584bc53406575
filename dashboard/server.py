"""The ASGI application: Streamlit's pages and our own routes behind one origin. A wiring list."""

from __future__ import annotations

import asyncio
import functools
import gc
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from streamlit.elements.widgets import button_group
from streamlit.string_util import extract_leading_icon

from dashboard import store
from dashboard.hotspots import service
from dashboard.web import (
    calendar_feed,
    entrance,
    exports,
    headers,
    layers,
    meeting_papers,
    meeting_room,
    minutes_papers,
    notifications,
    pair_papers,
    papers,
    patrol_papers,
    public_page,
    report_api,
    report_papers,
    report_routes,
    rota_papers,
)
from dashboard.web.assets import asset_mounts, offline_basemap
from dashboard.web.bell import bells
from dashboard.web.errors import on_script_error
from dashboard.web.gate import ENDS, Gate
from dashboard.web.live import hub, live_endpoint
from dashboard.web.media import OwnMedia, remember_owners
from dashboard.web.start_page import StartPage
from dashboard.web.telling import Telling
from dashboard.web.upkeep import keep_folded
from dashboard.web.visitors import visitors
from geo.db.engine import APP_ROLE, EAR_ROLE, conninfo_as

__all__ = ["app"]

WARM_UP_S = 20


async def health(_request: Request) -> JSONResponse:
    """``/health``: whether the process serves and hears its database."""
    return JSONResponse({"ok": hub.up, "maps": hub.listeners}, status_code=200 if hub.up else 503)


def remember_labels() -> None:
    """Let Streamlit remember which labels begin with an icon: it looks for 4,000 in every pill of every rerun."""
    remembered = functools.lru_cache(4096)(extract_leading_icon)
    setattr(button_group, "extract_leading_icon", remembered)  # noqa: B010 - the module does not export it


async def warm_up() -> None:
    """Start the worker of the hotspot page once the server is at rest."""
    await asyncio.sleep(WARM_UP_S)
    service.warm()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Hear the database, keep its counts folded, and tell people of news, for as long as the process serves."""
    # What lives as long as the process is taken out of the garbage collector's sight: it would otherwise be walked
    # through again and again, while every map waits. Pages are first imported by a rerun, so what they draw with is
    # imported here; all but streamlit_folium, whose component is known to Streamlit only when a rerun imports it.
    for name in ("dashboard.filters", "dashboard.maps.base", "dashboard.maps.live_state", "dashboard.panels.figures"):
        importlib.import_module(name)
    remember_labels()
    remember_owners()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    telling = Telling()
    hub.hearers += [visitors.heard, bells.heard, telling.heard]
    url = store.engine().url
    tasks = [
        asyncio.create_task(hub.listen(conninfo_as(EAR_ROLE, url))),
        asyncio.create_task(keep_folded(conninfo_as(APP_ROLE, url))),
        asyncio.create_task(bells.keep_ringing()),
        asyncio.create_task(warm_up()),
        asyncio.create_task(telling.keep_telling(notifications.outbox())),
    ]
    try:
        yield {}
    finally:
        for task in tasks:
            task.cancel()


app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[
        Route("/tiles/base/{version}/{z:int}/{x:int}/{y:int}", layers.base_tile),
        Route("/tiles/incidents/{z:int}/{x:int}/{y:int}", layers.incident_tile),
        Route("/layers/new", layers.new_incidents),
        Route("/layers/{name}", layers.layer),
        WebSocketRoute("/live", live_endpoint),
        Route("/basemap.pmtiles", offline_basemap),
        Route("/health", health),
        *entrance.routes,
        *notifications.routes,
        *report_routes.routes,
        *public_page.routes,
        *report_api.routes,
        *papers.routes,
        *exports.routes,
        *meeting_room.routes,
        *meeting_papers.routes,
        *pair_papers.routes,
        *patrol_papers.routes,
        *rota_papers.routes,
        *report_papers.routes,
        *minutes_papers.routes,
        *calendar_feed.routes,
        *asset_mounts(),
        *ENDS,
    ],
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=list(store.settings().allowed_hosts), www_redirect=False),
        Middleware(headers.SafeHeaders),
        Middleware(Gate),
        Middleware(StartPage),
        Middleware(OwnMedia),
    ],
    lifespan=lifespan,
    on_script_error=on_script_error,
)
# Only now: the application's own config.toml is read when the first option is asked for, and found through `app`.
st.config.set_option("server.allowedHosts", list(store.settings().allowed_hosts))
