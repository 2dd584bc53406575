"""The way in over real HTTP: our routes behind the gate, as the server wires them, with pages that only say who came."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
import requests
import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from dashboard import store
from dashboard.settings import DashboardSettings
from dashboard.web import bell, entrance, gate, notifications, sign_in, sign_in_oidc, visitors
from dashboard.web.headers import SafeHeaders
from geo.credentials.attempts import Attempts

KEY = "a key for these tests alone, 32+"


async def _who(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"login={request.state.person.login} {request.scope['watch.person'].role}")


async def _open(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("open")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


PRIVATE = ["/", "/live_map", "/media/1.csv", "/_stcore/health", "/_stcore/host-config", "/static/js/main.js"]


@dataclass
class Door:
    """Address of the server, and a browser of our own."""

    address: str
    known: visitors.Visitors

    def browser(self, language: str = "en") -> Browser:
        return Browser(self.address, language)


class Browser(requests.Session):
    """Keeps cookies, follows nothing by itself, and fills forms in as it finds them."""

    def __init__(self, address: str, language: str = "en") -> None:
        super().__init__()
        self.address = address
        self.headers["Accept-Language"] = language

    def page(self, path: str, **options: Any) -> requests.Response:
        options.setdefault("headers", {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
        return self.get(self.address + path, allow_redirects=False, timeout=20, **options)

    def fill(
        self, page: requests.Response, path: str, headers: dict[str, str] | None = None, **fields: str
    ) -> requests.Response:
        """Send a form of this page, with what stands hidden in it."""
        kept = {"form": hidden(page, "form")} | {k: hidden(page, k) for k in ("lang", "proof", "enrolment", "next")}
        said = {k: v for k, v in (kept | fields).items() if v}
        return self.post(self.address + path, data=said, headers=headers or {}, allow_redirects=False, timeout=30)

    def sign_in(self, login: str, password: str, path: str = "/sign-in") -> requests.Response:
        return self.fill(self.page(path), "/sign-in", login=login, password=password)

    def who(self) -> str:
        answer = self.page("/")
        return answer.text if answer.status_code == 200 else ""


def hidden(page: requests.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return unescape(found[1]) if found else ""


def said(page: requests.Response) -> str:
    """What the page says went wrong or well."""
    found = re.search(r'<p class="(?:problem|done|notice)"[^>]*>([^<]*)<', page.text)
    return unescape(found[1]) if found else ""


@contextmanager
def front_door(engine: Engine, patch: pytest.MonkeyPatch, **settings: Any) -> Iterator[Door]:
    """A server on ``engine``; ``settings`` as of `DashboardSettings`."""
    chosen = DashboardSettings(secret_key=KEY, **settings)
    known = visitors.Visitors()
    patch.setattr(store, "settings", lambda: chosen)
    patch.setattr(store, "signing_key", lambda: KEY)
    patch.setattr(store, "engine", lambda: engine)
    patch.setattr(sign_in, "attempts", Attempts())
    patch.setattr(notifications, "tries", Attempts(notifications.TRIES))
    notifications.outbox.cache_clear()
    for module in (bell, sign_in, visitors, entrance.account, gate):
        patch.setattr(module, "visitors", known)
    sign_in.keys.cache_clear()
    sign_in_oidc._provider.cache_clear()
    app = Starlette(
        routes=[
            *entrance.routes,
            *notifications.routes,
            *(Route(path, _who) for path in PRIVATE),
            Route("/report", _open),
            Route("/health", _open),
            WebSocketRoute("/_stcore/stream", _socket),
            WebSocketRoute("/live", _socket),
        ],
        middleware=[Middleware(SafeHeaders), Middleware(gate.Gate, known=known)],
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Door(f"http://127.0.0.1:{port}", known)
    finally:
        server.should_exit = True
        thread.join(10)
