"""Every route of the server, asked by everybody and by nobody. A route that is not stated here fails the first test."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from unittest.mock import MagicMock
from urllib.parse import urlencode

import mapbox_vector_tile
import pytest
import requests
from sqlalchemy import text
from starlette.routing import BaseRoute, WebSocketRoute
from streamlit.web.server.starlette import starlette_app
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.web.gate import ENDS, is_public
from dashboard.web.token import make_token
from dashboard.web.visitors import PLAIN, session_name
from geo.actions.people import change_person, create_person
from geo.model import Reach, Scope
from geo.model.person import Person, Role, scope_of
from tests.browser.conftest import ROOT
from tests.browser.town import KEY, OUTSIDE, PERIOD, Town, named, town
from tests.dashboard.web.front_door import Browser
from tests.everybody import CASES, HERE, MAY_SEE, THERE, cookie_of, sign_in

pytestmark = pytest.mark.browser

__all__ = ["town"]

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
EVIL = "https://evil.example"
CENTRE = frozenset({Role.OFFICER, Role.CHIEF})
WATCH = {Role.OFFICER, Role.CHIEF, Role.COMMANDER, Role.NATIONAL, Role.PLANNER, Role.ADMINISTRATOR}
MEET = frozenset({Role.OFFICER, Role.CHIEF, Role.COMMANDER, Role.NATIONAL, Role.PLANNER})


# ---------------------------------------------------------------- what is expected


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is answered on a route, and how.

    Attributes
    ----------
    who
        ``everybody``: cookies make no difference. ``token``: the map's frame, by a token in the address. ``key``: a partner, by
        a key. ``account``: everybody, but what is shown is one's own. ``signed in``: a session.
    asked
        An address of it.
    said
        Method -> number of the answer for who may; everything else is 405.
    else_said
        The same for whoever may not, where that is not 401 for everything.
    roles
        Whose session; all others are answered 403.
    """

    who: str
    asked: str
    said: dict[str, int] = field(default_factory=dict)
    else_said: dict[str, int] | None = None
    roles: frozenset[Role] = frozenset(Role)

    def answer(self, method: str, role: Role | None) -> int:
        """Number of the answer to a role, or to a stranger."""
        if role is not None and role not in self.roles:
            return 403 if method in self.said else 405
        if role is not None or self.who not in {"signed in", "account"}:
            return self.said.get(method, 405)
        return 401 if self.else_said is None else self.else_said.get(method, 405)


def _get(number: int = 200, **more: int) -> dict[str, int]:
    return {"GET": number, "HEAD": number} | more


_FORM = {"POST": 400}  # without the form's own token nothing is taken, whoever sends it
_GONE = _get(404)
_ALL = dict.fromkeys(METHODS, 404)
_TILE = "/tiles/incidents/{z:int}/{x:int}/{y:int}"
RULES = {
    "/tiles/base/{version}/{z:int}/{x:int}/{y:int}": Rule("everybody", "/tiles/base/old/6/50/28", _GONE),
    _TILE: Rule("token", "/tiles/incidents/6/50/28", _get(401)),
    "/layers/new": Rule("token", "/layers/new?ids=1", _get(401)),
    "/layers/{name}": Rule("token", "/layers/crossings", _get(401)),
    "/basemap.pmtiles": Rule("everybody", "/basemap.pmtiles", _GONE),  # nobody placed one
    "/calendars/{token}.ics": Rule(
        "everybody", "/calendars/no-such-secret.ics", _GONE
    ),  # the address itself is the key
    "/health": Rule("everybody", "/health", _get()),
    "/sign-in": Rule("account", "/sign-in", _get(303) | _FORM, _get() | _FORM),
    "/sign-in/code": Rule("everybody", "/sign-in/code", _GONE | _FORM),
    "/sign-in/demo": Rule("everybody", "/sign-in/demo", _GONE | _FORM),
    "/sign-out": Rule("everybody", "/sign-out", _GONE | _FORM),
    "/sign-in/oidc": Rule("everybody", "/sign-in/oidc", _GONE),  # no provider is set
    "/sign-in/oidc/callback": Rule("everybody", "/sign-in/oidc/callback?code=1&state=1", _GONE),
    "/account": Rule("account", "/account", _get() | _FORM, _get(303, POST=303)),
    "/report": Rule("everybody", "/report", _get() | _FORM),
    "/report/": Rule("everybody", "/report/", dict.fromkeys(METHODS, 308)),
    "/report/token": Rule("everybody", "/report/token", _get()),
    "/report/places": Rule("everybody", f"/report/places?in={HERE}", _get()),
    "/report/status": Rule("everybody", "/report/status", _get(POST=422)),
    "/report/worker.js": Rule("everybody", "/report/worker.js", _get()),
    "/public": Rule("everybody", "/public", _get()),
    "/public/{quarter}.csv": Rule("everybody", "/public/2026-Q1.csv", _GONE),  # nothing was published
    "/public/{quarter}.pdf": Rule("everybody", "/public/2026-Q1.pdf", _GONE),
    "/api/reports": Rule("key", "/api/reports", {"POST": 401}),
    "/api/reports/kobo": Rule("key", "/api/reports/kobo", {"POST": 401}),
    "/api/reports/{client_id}": Rule("key", "/api/reports/2f1a3a7e-0000-4000-8000-000000000000", _get(401)),
    "/api/openapi.json": Rule("everybody", "/api/openapi.json", _get()),
    **{
        f"/assets/{folder}": Rule("everybody", f"/assets/{folder}/none.js", _GONE)
        for folder in ("watch", "leaflet", "protomaps-leaflet", "pmtiles", "mgrs", "@fontsource")
    },
    "/notifications": Rule("signed in", "/notifications", _get() | _FORM),
    "/notifications/list": Rule("signed in", "/notifications/list", _get()),
    "/notifications/read": Rule("signed in", "/notifications/read", _get(POST=403)),
    "/notifications/{number:int}": Rule("signed in", "/notifications/999999", _get(404)),
    "/papers/referral/{number:int}.pdf": Rule("signed in", "/papers/referral/999999.pdf", _get(404), roles=CENTRE),
    "/papers/counterpart/{public_id}.pdf": Rule("signed in", "/papers/counterpart/none.pdf", _get(404), roles=CENTRE),
    "/exports/{table}.{form}": Rule("signed in", "/exports/none.csv", _get(409)),  # by table: see EXPORTS
    "/papers/pair/{number:int}.pdf": Rule(
        "signed in", "/papers/pair/999999.pdf", _get(404), roles=CENTRE | {Role.NATIONAL}
    ),
    "/papers/month/{number:int}.{form}": Rule(
        "signed in", "/papers/month/999999.pdf", _get(404), roles=CENTRE | {Role.COMMANDER, Role.NATIONAL}
    ),
    "/papers/quarter/{number:int}.{form}": Rule(
        "signed in", "/papers/quarter/999999.pdf", _get(404), roles=frozenset({Role.COMMANDER, Role.NATIONAL})
    ),
    "/papers/patrol/{number:int}.{form}": Rule("signed in", "/papers/patrol/999999.pdf", _get(404), roles=MEET),
    "/papers/patrol_route/{number:int}.{form}": Rule(
        "signed in", "/papers/patrol_route/999999.gpx", _get(404), roles=MEET
    ),
    "/papers/meeting/{number:int}.{form}": Rule("signed in", "/papers/meeting/999999.pdf", _get(404), roles=MEET),
    "/papers/minutes/{number:int}.docx": Rule("signed in", "/papers/minutes/999999.docx", _get(404), roles=MEET),
    "/papers/rota/{number:int}.{form}": Rule(
        "signed in", "/papers/rota/999999.pdf", _get(404), roles=MEET - {Role.OFFICER}
    ),
    "/meetings/{number:int}": Rule("signed in", "/meetings/999999", _get(404), roles=MEET),
    "/meetings/{number:int}/sheets": Rule("signed in", "/meetings/999999/sheets", _get(404), roles=MEET),
    "/meetings/{number:int}/opening": Rule("signed in", "/meetings/999999/opening", _get(404), roles=MEET),
    "/meetings/{number:int}/news": Rule("signed in", "/meetings/99999999999999999999/news", _get(404), roles=MEET),
    "/meetings/{number:int}/decisions": Rule("signed in", "/meetings/999999/decisions", _FORM, roles=MEET),
    "/meetings/{number:int}/decisions/{decision:int}": Rule(
        "signed in", "/meetings/999999/decisions/1", _FORM, roles=MEET
    ),
    "/meetings/{number:int}/state": Rule("signed in", "/meetings/999999/state", _FORM, roles=MEET),
    # Streamlit's own
    "/_stcore/health": Rule("signed in", "/_stcore/health", _get(OPTIONS=204)),
    "/_stcore/metrics": Rule("signed in", "/_stcore/metrics", _get(OPTIONS=204)),  # how many sessions there are
    "/_stcore/host-config": Rule("signed in", "/_stcore/host-config", _get()),
    "/media/{file_id:path}": Rule("signed in", f"/media/{'0' * 56}.txt", _ALL),
    "/_stcore/upload_file/{session_id}/{file_id}": Rule(
        "signed in", "/_stcore/upload_file/1/1", {"PUT": 403, "DELETE": 403, "OPTIONS": 204, **_get()}
    ),  # GET is a page's address like any other
    "/component/{path:path}": Rule(
        "everybody", "/component/streamlit_folium.st_folium/none.js", _get(404, OPTIONS=204)
    ),
    "/_stcore/bidi-components/{path:path}": Rule("signed in", "/_stcore/bidi-components/1", _get(404, OPTIONS=204)),
    "/auth/login": Rule("signed in", "/auth/login", _get(302)),
    "/auth/logout": Rule("signed in", "/auth/logout", _get(302)),
    "/oauth2callback": Rule("signed in", "/oauth2callback", _get(302)),
    "/_stcore/agent/interact": Rule("signed in", "/_stcore/agent/interact", {"POST": 403}),  # switched off
    "/_stcore/agent/openapi.json": Rule("signed in", "/_stcore/agent/openapi.json", _get()),
    "/_stcore/agent/mcp": Rule("signed in", "/_stcore/agent/mcp", {"POST": 400}),
    "": Rule("signed in", "/no_such_page", _get()),  # Streamlit's shell: what it shows comes over the websocket
}
SOCKETS = {"/live": "token", "/notifications/live": "signed in", "/_stcore/stream": "signed in"}
EXPORTS = {
    "incidents": WATCH,
    "inbox": CENTRE,
    "referrals": CENTRE | {Role.AGENCY},
    "reports": {Role.COORDINATOR},
    "silence": CENTRE | {Role.COMMANDER, Role.NATIONAL},  # dates of places and counts of districts, of no case
}
"""Who may take which table away."""


def _routes() -> list[BaseRoute]:
    from dashboard.server import app

    own = [route for route in app._user_routes if route not in ENDS]
    return [*own, *starlette_app.create_streamlit_routes(MagicMock())]


def test_every_route_is_stated_here_with_who_is_answered_on_it() -> None:
    found, sockets = set(), set()
    for route in _routes():
        (sockets if isinstance(route, WebSocketRoute) else found).add(str(getattr(route, "path", "")))
    assert not found - set(RULES), f"state in RULES who is answered on these, and why: {sorted(found - set(RULES))}"
    assert not set(RULES) - found, f"not there any more: {sorted(set(RULES) - found)}"
    assert sockets == set(SOCKETS), "state in SOCKETS who is let in"
    for path, rule in RULES.items():
        assert is_public(rule.asked.partition("?")[0]) == (rule.who != "signed in"), path


# ---------------------------------------------------------------- everybody before the server


def test_every_route_answers_everybody_as_it_is_stated(town: Town) -> None:
    wrong = []
    for path, rule in RULES.items():
        for who in (*OUTSIDE, *map(str, Role)):
            role = None if who in OUTSIDE else Role(who)
            # All methods for one of each kind, those that are stated for all.
            methods = METHODS if who in {OUTSIDE[0], OUTSIDE[2], "officer"} else {"GET", "POST", *rule.said}
            for method in methods:
                answer = town.ask(method, rule.asked, named(who), Origin=EVIL)
                expected = rule.answer(method, role)
                wrong += [f"{method} {path} as {who}: {one}" for one in town.all.betrayed(role, answer.content)]
                if answer.status_code != expected:
                    wrong.append(f"{method} {path} as {who}: {answer.status_code} instead of {expected}")
                reader = answer.headers.get("access-control-allow-origin")
                if reader == EVIL or (reader == "*" and rule.who == "signed in"):
                    wrong.append(f"{method} {path} as {who}: another origin may read the answer")
                if expected == 401 and rule.who == "signed in" and answer.content:
                    wrong.append(f"{method} {path} as {who}: says {answer.content[:80]!r}")
    assert not wrong, "\n".join(wrong)


def test_what_is_nowhere_under_a_public_prefix_is_not_streamlits_page(town: Town) -> None:
    for route in ENDS:
        asked = str(getattr(route, "path", "")).replace("{rest:path}", "none/such")
        if any(rule.asked.partition("?")[0] == asked for rule in RULES.values()):
            continue
        answer = town.ask("GET", asked, **{"Sec-Fetch-Mode": "navigate", "Accept": "text/html"})
        assert (answer.status_code, b"streamlit" in answer.content.lower()) == (404, False), asked


def test_whoever_still_has_a_first_password_gets_no_further_than_to_change_it(town: Town) -> None:
    for path, rule in RULES.items():
        if rule.who == "signed in":
            answer = town.ask("GET", rule.asked, "a first password")
            assert (answer.status_code, answer.content) == (401, b""), path
    sent = town.ask("GET", "/", "a first password", **{"Sec-Fetch-Mode": "navigate"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/account")


def test_streamlits_interface_for_programs_is_off_also_for_whoever_is_signed_in(town: Town) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    for path in ("/_stcore/agent/mcp", "/_stcore/agent/interact"):
        answer = requests.post(
            town.address + path, json=asked, headers=headers, cookies={PLAIN: cookie_of("administrator")}, timeout=20
        )
        assert answer.status_code in {400, 403, 404}, path
        assert not town.all.betrayed(Role.ADMINISTRATOR, answer.content)
        assert b'"result"' not in answer.content, answer.content[:300]


def test_whoever_opens_a_page_without_a_session_is_sent_to_the_way_in(town: Town) -> None:
    for page in sorted(path.stem for path in (ROOT / "pages").glob("*.py")):
        for who in OUTSIDE:
            answer = town.ask("GET", f"/{page}?case=1", named(who), **{"Sec-Fetch-Mode": "navigate"})
            assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=/{page}%3Fcase%3D1"), who
            assert not answer.content


# ---------------------------------------------------------------- papers and tables


def test_tables_are_taken_by_those_whose_page_shows_them_and_hold_nothing_else(town: Town) -> None:
    from dashboard.web.exports import ROLES

    assert ROLES == EXPORTS, "state in EXPORTS who may take a table, and why"
    for table, roles in EXPORTS.items():
        for role in Role:
            answer = town.ask(
                "GET", f"/exports/{table}.csv?period=year&{urlencode({'status': PERIOD['status']})}", str(role)
            )
            assert answer.status_code == (200 if role in roles else 403), (table, role)
            assert town.all.betrayed(role, answer.content) == [], (table, role)
            assert (
                town.ask("GET", f"/exports/{table}.csv", str(role), **{"Sec-Fetch-Site": "cross-site"}).status_code
                == 403
            )
            if role in roles and MAY_SEE[role]["number"] and table not in {"inbox", "silence"}:
                assert any(town.all.numbers[name].encode() in answer.content for name in MAY_SEE[role]["number"]), (
                    table,
                    role,
                )


def test_papers_of_a_case_are_made_for_the_districts_own_people_alone(town: Town) -> None:
    with town.store.connect() as connection:
        referrals = {row[0]: row[1] for row in connection.execute(text("select id, incident_id from referral"))}
    named_by = {number: name for name, number in town.all.ids.items()}
    for role in Role:
        for number, incident in referrals.items():
            own = CASES[named_by[incident]].district == HERE
            answer = town.ask("GET", f"/papers/referral/{number}.pdf", str(role))
            assert answer.status_code == (403 if role not in CENTRE else 200 if own else 404), (role, number)
            assert answer.content.startswith(b"%PDF") == (answer.status_code == 200)
        for name, case in CASES.items():
            answer = town.ask("GET", f"/papers/counterpart/{town.all.numbers[name]}.pdf", str(role))
            assert answer.status_code != 200 or (role in CENTRE and case.district == HERE), (role, name)
            assert town.all.betrayed(role, answer.content) in ([], [f"number of {name}"]), (role, name)


# ---------------------------------------------------------------- from other sites


def test_no_other_site_can_act_for_somebody(town: Town) -> None:
    """Even with the form that was made for the person, nothing is taken whose origin is another site's."""
    victim = Browser(town.address)
    victim.cookies.set(PLAIN, cookie_of("chief"))
    account = victim.page("/account")
    assert account.status_code == 200
    acting = {path: rule for path, rule in RULES.items() if {"POST", "PUT", "DELETE", "PATCH"} & set(rule.said)}
    assert {"/sign-in", "/sign-out", "/account"} <= set(acting)
    for path, rule in acting.items():
        for method in {"POST", "PUT", "DELETE", "PATCH"} & set(rule.said):
            for foreign in (
                {"Origin": EVIL},
                {"Sec-Fetch-Site": "cross-site"},
                {"Origin": EVIL, "Sec-Fetch-Site": "same-site"},
            ):
                if (
                    method == "POST"
                    and rule.who in {"everybody", "account"}
                    and path not in {"/report/", "/report", "/report/status"}
                ):
                    sent = victim.fill(account, path, headers=foreign, action="sign_out_all", name="x")
                else:
                    sent = victim.request(
                        method, town.address + rule.asked, headers=foreign, allow_redirects=False, timeout=30
                    )
                assert sent.status_code in {308, 400, 401, 403, 404, 422}, (method, path, foreign, sent.status_code)
                assert "set-cookie" not in sent.headers or PLAIN + "=" not in sent.headers["set-cookie"], path
    assert town.ask("GET", "/_stcore/health", "chief").status_code == 200
    # What a stranger's site could send to the public form is what a stranger could send: nobody's cookie counts there.
    for path in ("/report", "/report/status"):
        assert RULES[path].who == "everybody"


def test_no_other_site_opens_a_websocket(town: Town) -> None:
    stream = town.address.replace("http", "ws") + "/_stcore/stream"
    cookie = {"Cookie": f"{PLAIN}={cookie_of('chief')}"}

    def number(headers: dict[str, str]) -> int:
        try:
            with connect(stream, additional_headers=headers):
                return 101
        except InvalidStatus as refused:
            return int(refused.response.status_code)

    assert number(cookie | {"Origin": town.address}) == 101
    assert number(cookie | {"Origin": EVIL}) == 403
    assert number(cookie | {"Origin": "null"}) == 403
    assert number({"Origin": town.address}) == 403
    for who in OUTSIDE[1:]:
        assert number({"Cookie": f"{PLAIN}={cookie_of(who)}", "Origin": town.address}) == 403
    token = town.token(Role.CHIEF)
    for origin in ("null", town.address):
        with town.live(token, Origin=origin) as socket:
            assert json.loads(socket.recv(10))["type"] == "hello"
    for headers, shown in (({"Origin": EVIL}, token), ({"Origin": "null"}, "forged"), (cookie, "")):
        with pytest.raises((InvalidStatus, ConnectionClosed)), town.live(shown, **headers) as socket:
            socket.recv(10)


# ---------------------------------------------------------------- tokens of maps


def test_a_token_opens_what_its_owner_may_see_and_nothing_else(town: Town) -> None:
    for role in Role:
        may, token = MAY_SEE[role]["place"], town.token(role)
        assert town.tile(token).status_code == (200 if role in WATCH else 401), role
        for layer in ("crossings", "checkpoints", "routes", "patrols"):
            assert town.ask("GET", f"/layers/{layer}?token={token}").status_code == (200 if role in WATCH else 401)
        if role not in WATCH:
            continue
        for name, case in CASES.items():
            rough = name not in may and role in {Role.COMMANDER, Role.NATIONAL, Role.PLANNER, Role.ADMINISTRATOR}
            ids = urlencode(PERIOD | {"ids": str(town.all.ids[name]), "token": token})
            marked = [f["geometry"]["coordinates"] for f in town.ask("GET", f"/layers/new?{ids}").json()["features"]]
            assert len(marked) == (name in may or rough), (role, name)
            assert ([case.lon, case.lat] in marked) == (name in may), (role, name)
            for query in ({}, {"district": case.district}):
                near = _near(
                    town.tile(token, _tile_of(case.lon, case.lat, 17), **query).content, case.lon, case.lat, 17
                )
                assert near == (name in may), (role, name, query)
        told = town.tile(token).content + town.ask("GET", f"/layers/patrols?token={token}").content
        assert not town.all.betrayed(role, told)


def test_a_token_in_anothers_hands_opens_what_its_owner_may_see(town: Town) -> None:
    token, at = town.token(Role.OFFICER), _tile_of(CASES["there, verified"].lon, CASES["there, verified"].lat, 12)
    own = town.tile(token, at).content
    asked = f"/tiles/incidents/{at}?{urlencode(PERIOD | {'token': token})}"
    for who in (None, "commander", "administrator", "agency"):
        assert town.ask("GET", asked, who).content == own
    assert len(town.tile(town.token(Role.COMMANDER), at).content) > len(own)


def _tile_of(lon: float, lat: float, zoom: int) -> str:
    x, y = _world(lon, lat, zoom)
    return f"{zoom}/{int(x)}/{int(y)}"


def _world(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    side = 2**zoom
    return (lon + 180) / 360 * side, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side


def _near(tile: bytes, lon: float, lat: float, zoom: int) -> bool:
    """Whether something is drawn within some ten metres of a place."""
    if not tile:
        return False
    x, y = _world(lon, lat, zoom)
    layer = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})["incidents"]
    drawn = [feature["geometry"]["coordinates"] for feature in layer["features"]]
    at = ((x % 1) * layer["extent"], (y % 1) * layer["extent"])
    return any(abs(px - at[0]) < layer["extent"] / 32 and abs(py - at[1]) < layer["extent"] / 32 for px, py in drawn)


def test_a_token_for_more_than_its_owner_may_see_opens_nothing(town: Town) -> None:
    for role in WATCH:
        own = scope_of(town.all.people[role])
        for other in (
            Scope(None, Reach.WIDE), Scope(None, Reach.PLANNER), Scope((THERE,), Reach.CENTRE), Scope((HERE, THERE), Reach.CENTRE),
            Scope(None, Reach.CENTRE), Scope(None, None), Scope(None, Reach.AGENCY, "customs"), Scope((), Reach.INTAKE),
        ):  # fmt: skip
            expected = 200 if other == own else 401
            assert town.tile(town.token(role, other)).status_code == expected, (role, other)
            assert town.ask("GET", f"/layers/new?ids=1&token={town.token(role, other)}").status_code in {expected, 400}
    for who in (*OUTSIDE[1:], "a first password"):
        assert town.tile(town.token(Role.CHIEF, who=who)).status_code == 401
    assert town.tile(town.token(Role.CHIEF, minutes=-1)).status_code == 401
    assert town.tile("").status_code == town.tile("forged").status_code == 401


def _until(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _hear_out(socket: ClientConnection) -> None:
    for _ in range(100):
        socket.recv(3)


def _somebody(town: Town, login: str, role: Role = Role.OFFICER, **more: object) -> Person:
    with town.store.begin() as connection:
        made = create_person(connection, login, login, role, **({"districts": (HERE,)} | more))  # type: ignore[arg-type]
        sign_in(connection, made, login)
    return made


def _signs_out(town: Town, person: Person) -> None:
    browser = Browser(town.address)
    browser.cookies.set(PLAIN, cookie_of(person.login))
    assert browser.fill(browser.page("/account"), "/sign-out").headers["location"].startswith("/sign-in")


def _changes(**new: object) -> Callable[[Town, Person], None]:
    def change(town: Town, person: Person) -> None:
        with town.store.begin() as connection:  # by a command, or in another process
            change_person(connection, person.id, **new)  # type: ignore[arg-type]

    return change


ENDINGS: dict[str, Callable[[Town, Person], None]] = {
    "sign-out": _signs_out,
    "another role": _changes(role=Role.PLANNER, districts=()),
    "another district": _changes(districts=(THERE,)),
    "deactivation": _changes(active=False),
}


@pytest.mark.parametrize("way", ENDINGS)
def test_a_token_dies_with_its_session_and_with_its_owners_rights(town: Town, way: str) -> None:
    person = _somebody(town, f"ends-by-{way.replace(' ', '-')}")
    token = make_token(KEY, session_name(cookie_of(person.login)), scope_of(person), 15)[0]
    assert town.tile(token).status_code == 200
    with town.live(token, Origin="null") as socket:
        assert json.loads(socket.recv(10))["type"] == "hello"
        ENDINGS[way](town, person)
        _until(lambda: town.tile(token).status_code == 401, 3)
        with pytest.raises(ConnectionClosed) as closed:
            _hear_out(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    again = make_token(KEY, session_name(cookie_of(person.login)), Scope((HERE,), Reach.CENTRE), 15)[0]
    assert town.tile(again).status_code == 401
