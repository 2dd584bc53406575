"""The gate: nobody without a session gets further than the public routes, whatever the address looks like."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import MagicMock

import pytest
import requests
from sqlalchemy import Engine, text
from starlette.routing import BaseRoute, Mount, WebSocketRoute
from streamlit.web.server.starlette import starlette_app
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.web import gate
from dashboard.web.gate import PUBLIC, Gate, is_public
from dashboard.web.visitors import Visitors
from geo.actions.people import change_person
from geo.queries.people import person_by_login
from tests.apart import run_apart
from tests.dashboard.web.conftest import GOOD
from tests.dashboard.web.front_door import PRIVATE, Door

COOKIES = [
    "",
    "watch=",
    "watch=wrong",
    f"watch={'x' * 43}",
    f"__Host-watch={'x' * 43}",
    f"watch={'ก' * 43}",
    "watch=%00",
    "=;;",
]


def _paths(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Kind and an address of every route, parameters filled in."""
    for route in routes:
        if isinstance(route, Mount):
            yield "http", f"{prefix}{route.path}/file.js"
            continue
        path = prefix + str(getattr(route, "path", ""))
        while "{" in path:
            before, _, rest = path.partition("{")
            path = f"{before}1{rest.partition('}')[2]}"
        yield ("websocket" if isinstance(route, WebSocketRoute) else "http"), path


def _every_route() -> list[tuple[str, str]]:
    from dashboard.server import app

    streamlit = starlette_app.create_streamlit_routes(MagicMock())
    return sorted({*_paths(list(app._user_routes)), *_paths(list(streamlit)), ("http", "/"), ("http", "/live_map")})


@pytest.fixture
def routes(door: Door) -> list[tuple[str, str]]:
    return _every_route()


async def _reach(kind: str, path: str, cookie: str, method: str = "GET") -> tuple[bool, list[dict[str, object]]]:
    """Whether a request reaches what lies behind, and what the gate says."""
    reached, sent = False, []

    async def behind(_scope: object, _receive: object, _send: object) -> None:
        nonlocal reached
        reached = True

    async def receive() -> dict[str, object]:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": kind, "path": path, "raw_path": path.encode(), "query_string": b"", "method": method, "scheme": "http",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())], "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await Gate(behind, known=gate.visitors)(scope, receive, send)  # type: ignore[arg-type]
    return reached, sent


def test_every_route_without_a_session_and_with_a_wrong_cookie(routes: list[tuple[str, str]]) -> None:
    private = [r for r in routes if not is_public(r[1])]
    public = [r for r in routes if is_public(r[1])]
    assert {"/_stcore/stream", "/_stcore/host-config", "/media/1", "/_stcore/upload_file/1/1"} <= {
        p for _, p in private
    }
    assert {"/sign-in", "/health", "/live", "/tiles/incidents/1/1/1"} <= {p for _, p in public}
    for kind, path in private:
        for cookie in COOKIES:
            for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
                reached, sent = run_apart(_reach(kind, path, cookie, method))
                assert not reached, (kind, path, cookie)
                first = sent[0]
                if kind == "websocket":
                    assert first["type"] == "websocket.close"
                else:
                    assert first["status"] == 401, (path, first)
    for kind, path in public:
        assert run_apart(_reach(kind, path, ""))[0], path


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../media/1.csv", "/assets/..", "/assets/./x", "/sign-in/../live_map", "//assets/x", "/assets//x",
        "/assets\\..\\media", "/sign-inx", "/assetsx", "/reports", "/live_map", "/livex", "/SIGN-IN", "", "/",
        "/healthz", "/component/../_stcore/stream", "/tiles/../media/1",
    ],
)  # fmt: skip
def test_an_address_that_only_looks_public_is_not(path: str) -> None:
    assert not is_public(path)


@pytest.mark.parametrize("prefix", PUBLIC)
def test_a_public_prefix_is_public_with_what_lies_under_it(prefix: str) -> None:
    assert is_public(prefix)
    assert is_public(f"{prefix}/x/y")
    assert not is_public(f"{prefix}x")


def test_a_browser_that_opens_a_page_is_sent_to_sign_in_and_back(door: Door) -> None:
    browser = door.browser()
    sent = browser.page("/live_map?type=a%26b&x=1")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/live_map%3Ftype%3Da%2526b%26x%3D1")
    page = browser.page(sent.headers["location"])
    back = browser.fill(page, "/sign-in", login="planner", password=GOOD)
    assert back.headers["location"] == "/live_map?type=a%26b&x=1"
    assert door.browser().page("/").headers["location"] == "/sign-in"


def test_what_is_no_page_is_answered_with_a_number_alone(door: Door) -> None:
    for path in PRIVATE:
        for cookies in ({}, {"watch": "wrong"}, {"watch": "x" * 43}, {"__Host-watch": "x" * 43}):
            answer = requests.get(f"{door.address}{path}", cookies=cookies, allow_redirects=False, timeout=20)
            assert (answer.status_code, answer.text) == (401, ""), path
            assert answer.headers["cache-control"] == "no-store"
    assert requests.post(f"{door.address}/", headers={"Accept": "text/html"}, timeout=20).status_code == 401
    assert requests.get(f"{door.address}/report", timeout=20).text == "open"


def test_a_websocket_is_refused_before_it_is_accepted(door: Door) -> None:
    address = door.address.replace("http", "ws") + "/_stcore/stream"
    for headers in ({}, {"Cookie": "watch=wrong"}, {"Cookie": f"watch={'x' * 43}"}):
        with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=headers):
            pass
        assert refused.value.response.status_code == 403
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    with connect(address, additional_headers={"Cookie": f"watch={browser.cookies['watch']}"}) as socket:
        assert socket.recv() == "in"
    with connect(door.address.replace("http", "ws") + "/live") as socket:  # known by its token
        assert socket.recv() == "in"


def test_behind_the_gate_everybody_is_known(door: Door) -> None:
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    for path in PRIVATE:
        assert browser.get(door.address + path, timeout=20).text == "login=planner planner"


def test_a_person_is_remembered_for_some_seconds_and_forgotten_at_the_news(door: Door, office: Engine) -> None:
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    token, known = browser.cookies["watch"], Visitors(seconds=60)
    assert known.person(token) is not None
    with office.begin() as connection:
        number = person_by_login(connection, "planner").id
        change_person(connection, number, active=False)
    assert known.person(token) is not None
    for unrelated in ("case_file", "report", "notification"):
        known.heard(unrelated)
        assert known.remembered(token) is not None
    known.heard("person_district")
    assert known.remembered(token) is None
    assert known.person(token) is None


def test_who_was_read_before_the_news_is_not_remembered(door: Door, office: Engine) -> None:
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    token = browser.cookies["watch"]

    class Slow(Visitors):
        def _read(self, name: str):  # type: ignore[no-untyped-def]
            found = super()._read(name)
            self.heard("person")  # while the answer was under way
            return found

    known = Slow(seconds=60)
    assert known.person(token) is not None
    assert known.remembered(token) is None


def test_a_wrong_cookie_costs_the_database_nothing_where_it_cannot_be_one(door: Door, office: Engine) -> None:
    with office.connect() as connection:
        before = connection.execute(text("select count(*) from sign_in")).scalar()
    for cookie in ("", "x", "x" * 42, "x" * 44, "x" * 100_000, "../" * 14 + "x", "é" * 43):
        assert door.known.person(cookie) is None
    assert before == 0
