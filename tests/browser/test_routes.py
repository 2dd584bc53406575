"""Tiles, layers and headers of the running application."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import mapbox_vector_tile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from dashboard.web.token import make_token
from dashboard.web.visitors import PLAIN, session_name
from geo.actions.people import create_person
from geo.actions.sign_in import token_hash
from geo.db.engine import libpq_url
from geo.model import Reach, Scope
from geo.model.person import Role
from geo.queries import area_tiles
from tests.browser.conftest import TOKEN, serving, signed_in

KEY = "a key for these tests alone, 32+"
COMMANDER = Scope(None, Reach.WIDE)
HERE, NOWHERE = Scope(("4901",), Reach.CENTRE), Scope((), Reach.CENTRE)
PERIOD = {"from": "2026-01-01", "to": "2026-12-31", "status": "received"}


@pytest.fixture
def address(border_store: Engine, var_dir: Path) -> Iterator[str]:
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, geom) values"
                " ('drug_trafficking', '2026-06-01', 'online', st_point(104.72, 16.53, 4326)),"
                " ('drug_trafficking', '2026-06-02', 'online', st_point(102.50, 13.70, 4326))"
            )
        )
    signed_in(border_store)
    with border_store.begin() as connection:
        for login, scope in (("commander", COMMANDER), ("officer", HERE), ("nowhere", NOWHERE)):
            role = Role.COMMANDER if scope is COMMANDER else Role.OFFICER
            person = create_person(connection, login, login, role, districts=scope.districts or ("4901",))
            if scope is NOWHERE:
                connection.execute(text("delete from person_district where person_id = :id"), {"id": person.id})
            connection.execute(
                text("insert into sign_in (token_hash, person_id, ends_at) values (:h, :id, now() + interval '1 day')"),
                {"h": token_hash(cookie(scope)), "id": person.id},
            )
    with serving(libpq_url(border_store.url), var_dir, WATCH_SECRET_KEY=KEY) as address:
        yield address


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urlopen(Request(url, headers=headers), timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def cookie(scope: Scope) -> str:
    return f"{len(scope.districts) if scope.districts is not None else 'all'}-session-of-these-tests{'x' * 43}"[:43]


def token(scope: Scope = COMMANDER, minutes: float = 5) -> str:
    return make_token(KEY, session_name(cookie(scope)), scope, minutes)[0]


def tile(address: str, at: str = "5/25/14", **query: str) -> tuple[int, dict[str, str], bytes]:
    return get(f"{address}/tiles/incidents/{at}?{urlencode(PERIOD | query)}")


def test_tiles_and_layers(address: str) -> None:
    # One server for all of it: starting one takes longer than asking it.
    status, headers, body = tile(address, token=token())
    assert status == 200
    assert headers["access-control-allow-origin"] == "*"
    features = mapbox_vector_tile.decode(body)["incidents"]["features"]
    assert sum(f["properties"]["n"] for f in features) == 2

    narrow = mapbox_vector_tile.decode(tile(address, token=token(HERE))[2])["incidents"]["features"]
    assert sum(f["properties"]["n"] for f in narrow) == 1
    assert tile(address, token=token(NOWHERE))[2] == b""

    assert tile(address)[0] == 401
    assert tile(address, token="forged")[0] == 401
    assert tile(address, token=token(minutes=-1))[0] == 401
    for bad in ({"from": "x"}, {"status": "lost"}, {"to": "2025-01-01"}, {"from": "0001-01-01"}):
        assert tile(address, **(bad | {"token": token()}))[0] == 400
    assert tile(address, "5/99/99", token=token())[0] == 400

    for name in ("crossings", "checkpoints", "routes", "patrols"):
        assert get(f"{address}/layers/{name}")[0] == 401
        status, _, body = get(f"{address}/layers/{name}?token={token()}")
        assert status == 200
        assert json.loads(body)["type"] == "FeatureCollection"
    assert get(f"{address}/layers/incident?token={token()}")[0] == 404

    status, _, body = get(f"{address}/layers/new?{urlencode(PERIOD | {'ids': '1.2.x9', 'token': token()})}")
    assert status == 400
    status, _, body = get(f"{address}/layers/new?{urlencode(PERIOD | {'ids': '1', 'token': token()})}")
    assert [f["geometry"]["coordinates"] for f in json.loads(body)["features"]] != [[104.72, 16.53]]
    near = token(HERE)
    body = get(f"{address}/layers/new?{urlencode(PERIOD | {'ids': '1.2', 'token': near})}")[2]
    assert [f["geometry"]["coordinates"] for f in json.loads(body)["features"]] == [[104.72, 16.53]]

    assert get(f"{address}/basemap.pmtiles")[0] == 404
    assert json.loads(get(f"{address}/health")[2])["ok"] is True


def test_only_the_present_version_of_the_ground_has_tiles(address: str, border_store: Engine) -> None:
    def present() -> str:
        with border_store.begin() as connection:
            return area_tiles.area_version(connection)

    version = present()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda x: get(f"{address}/tiles/base/{version}/6/{x}/28"), [50, 51, 50, 51] * 6))
    assert {status for status, _, _ in answers} == {200}
    assert all("immutable" in headers["cache-control"] for _, headers, _ in answers)
    assert {"land", "province", "district"} <= set(mapbox_vector_tile.decode(answers[0][2]))

    for other in ("any", version.upper() + "0", version[:-1], "%20" + version):
        status, headers, body = get(f"{address}/tiles/base/{other}/6/50/28")
        assert (status, headers["cache-control"], body) == (404, "no-store", b""), other

    with border_store.begin() as connection:
        connection.execute(text("update area set updated_at = now() where code = '4901'"))
    replaced = present()
    assert replaced != version
    deadline = time.monotonic() + 5
    while get(f"{address}/tiles/base/{replaced}/6/50/28")[0] != 200:
        assert time.monotonic() < deadline, "the server did not hear that a boundary was replaced"
        time.sleep(0.05)
    assert get(f"{address}/tiles/base/{version}/6/50/28")[0] == 404


def test_headers_and_hosts(address: str) -> None:
    page = get(f"{address}/", Cookie=f"{PLAIN}={TOKEN}")[1]
    assert "default-src 'self'" in page["content-security-policy"]
    assert page["x-content-type-options"] == "nosniff"
    frame = get(f"{address}/component/streamlit_folium.st_folium/index.html")[1]
    assert frame["content-security-policy"] == "sandbox allow-scripts allow-popups"
    assert get(f"{address}/", Host="evil.example")[0] == 400
    assert get(f"{address}/assets/watch/../../settings.py")[0] in {400, 401, 404}
    assert get(f"{address}/assets/leaflet/dist/leaflet.js")[1]["access-control-allow-origin"] == "*"


def test_a_base_map_file_is_served_in_ranges(border_store: Engine, var_dir: Path) -> None:
    (var_dir / "basemap.pmtiles").write_bytes(bytes(range(256)))
    with serving(libpq_url(border_store.url), var_dir) as address:
        status, _, body = get(f"{address}/basemap.pmtiles", Range="bytes=10-19")
    assert (status, body) == (206, bytes(range(10, 20)))


def test_no_address_gives_a_fault_of_the_server(address: str) -> None:
    good = token()
    texts = st.text(st.characters(codec="utf-8"), max_size=30)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        at=st.tuples(st.integers(0, 40), st.integers(0, 2**40), st.integers(0, 2**40)),
        query=st.dictionaries(
            st.sampled_from(["from", "to", "type", "district", "status", "channel", "ids", "v"]), texts
        ),
        path=st.sampled_from(["tiles/incidents", "tiles/base/v", "layers/new"]),
        real=st.booleans(),
    )
    def ask(at: tuple[int, int, int], query: dict[str, str], path: str, real: bool) -> None:
        end = "" if path == "layers/new" else "/" + "/".join(map(str, at))
        asked = urlencode((PERIOD if real else {}) | query | {"token": good})
        status, _, body = get(f"{address}/{path}{end}?{asked}")
        assert status in {200, 400, 404}, (status, body[:200])
        assert b"Traceback" not in body

    ask()
