"""A server with somebody of every role before it, and cases of two districts behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy import Engine
from sqlalchemy.engine import URL
from websockets.sync.client import ClientConnection, connect

from dashboard.web.token import make_token
from dashboard.web.visitors import PLAIN, session_name
from geo.actions.people import change_person, create_person
from geo.db.engine import libpq_url
from geo.model import Scope
from geo.model.person import Role, scope_of
from tests.browser.conftest import ROOT, serving
from tests.conftest import _copy
from tests.everybody import HERE, Everybody, cookie_of, settle, sign_in

__all__ = ["KEY", "OUTSIDE", "PERIOD", "Town", "named", "town"]

KEY = "a key for these tests alone, 32+"
PERIOD = {"from": "2020-01-01", "to": "2099-12-31", "status": "received.verifying.verified.referred"}
OUTSIDE = ("nobody at all", "no such session", "an expired session", "an idle session", "a deactivated person")
"""Who is answered like a stranger, whatever cookie they send."""
_line = requests.Session()


def named(who: str) -> str | None:
    """Whose cookie somebody sends; nobody at all sends none."""
    return None if who == OUTSIDE[0] else who


@dataclass(frozen=True, slots=True)
class Town:
    """A server, its store and its people."""

    address: str
    store: Engine
    all: Everybody

    def ask(self, method: str, path: str, who: str | None = None, **headers: str) -> requests.Response:
        """One request, as somebody whose session is called ``who``; nothing is followed."""
        cookie = {} if who is None else {"Cookie": f"{PLAIN}={cookie_of(who)}"}
        return _line.request(
            method, self.address + path, headers=cookie | headers, allow_redirects=False, timeout=30, cookies={}
        )

    def token(self, role: Role, scope: Scope | None = None, who: str | None = None, minutes: float = 5) -> str:
        """What the map of somebody would carry."""
        name = session_name(cookie_of(who or str(role)))
        return make_token(KEY, name, scope or scope_of(self.all.people[role]), minutes)[0]

    def tile(self, token: str, at: str = "6/50/28", **query: str) -> requests.Response:
        """A tile of incidents of all times."""
        return self.ask("GET", f"/tiles/incidents/{at}?{urlencode(PERIOD | query | {'token': token})}")

    def live(self, token: str, **headers: str) -> ClientConnection:
        """The websocket of a map."""
        return connect(f"{self.address.replace('http', 'ws')}/live?token={token}", additional_headers=headers)


@pytest.fixture(scope="module")
def town(cluster: URL, border_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One server for all tests of a module; whoever changes somebody makes a person of their own."""
    for store in _copy(cluster, border_template):
        everybody = settle(store)
        with store.begin() as connection:
            for who, ends, seen in (("an expired session", "-1 minute", "0"), ("an idle session", "1 day", "30 days")):
                sign_in(connection, everybody.people[Role.CHIEF], who, ends, seen)
            left = create_person(connection, "left", "ลาออก", Role.CHIEF, districts=(HERE,))
            change_person(connection, left.id, active=False)
            sign_in(connection, left, "a deactivated person")
            new = create_person(
                connection, "new", "มาใหม่", Role.CHIEF, districts=(HERE,), password="first vivid kettle"
            )
            sign_in(connection, new, "a first password")
        folder = tmp_path_factory.mktemp("town")
        if (ROOT / "var" / "boundaries").is_dir():
            (folder / "boundaries").symlink_to(ROOT / "var" / "boundaries")
        with serving(libpq_url(store.url), folder, WATCH_SECRET_KEY=KEY) as address:
            yield Town(address, store, everybody)
