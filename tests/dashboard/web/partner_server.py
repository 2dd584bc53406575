"""The interface for partners as it is served: its real routes on a real port, on a real PostGIS, with the web process's rights."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import requests
import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette

from dashboard import store
from dashboard.settings import DashboardSettings
from dashboard.web import report_api
from geo.actions.api_keys import make_key
from geo.credentials.keys import derived_key
from geo.db.engine import make_engine

__all__ = ["SECRET", "Partner", "new_partner", "report", "running"]

SECRET = "a secret of thirty-two characters or more"
NONG_KHAI = {"lat": 17.8783, "lon": 102.742}


def report(**given: Any) -> dict[str, Any]:
    """A report that is taken in, with changes."""
    return {"client_id": str(uuid4()), "crime_type": "drug_trafficking", "place": NONG_KHAI} | given


@dataclass
class Partner:
    """A partner's system with a key."""

    address: str
    key: str
    number: int
    engine: Engine = field(repr=False)
    owner: Engine | None = field(default=None, repr=False)

    def call(self, method: str, path: str, **given: Any) -> requests.Response:
        """A call with the key; ``headers`` replace or, as None, remove those that are usual."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"} | given.pop("headers", {})
        return requests.request(method, self.address + path, headers=headers, timeout=30, **given)

    def send(self, sent: dict[str, Any], **given: Any) -> requests.Response:
        """Hand in a report."""
        return self.call("POST", "/api/reports", json=sent, **given)

    def send_raw(self, body: Any, kind: str = "application/json") -> requests.Response:
        """Hand in bytes as they are."""
        return self.call("POST", "/api/reports", data=body, headers={"Content-Type": kind})


def new_partner(engine: Engine, address: str, name: str = "LINE bot") -> Partner:
    """A key, made by the web process's own role."""
    with engine.begin() as connection:
        made, shown = make_key(connection, derived_key(SECRET, "api-key"), name)
    return Partner(address, shown, made.id, engine)


@contextmanager
def running(of: Engine, patched: pytest.MonkeyPatch, per_minute: int = 1_000_000) -> Iterator[Partner]:
    """The routes, served for a partner on a database."""
    engine = make_engine(of.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    settings = DashboardSettings(secret_key=SECRET, api_calls_per_minute=per_minute, language="th")
    patched.setattr(store, "engine", lambda: engine)
    patched.setattr(store, "settings", lambda: settings)
    patched.setattr(store, "signing_key", lambda: SECRET)
    _forget()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=report_api.routes), log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        partner = new_partner(engine, address)
        partner.owner = of
        yield partner
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        engine.dispose()
        _forget()


def _forget() -> None:
    for kept in (report_api._turns, report_api._buckets):
        kept.cache_clear()
