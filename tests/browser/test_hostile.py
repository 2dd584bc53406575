"""Hostile text goes in by every way and is looked at on every page: shown letter by letter, and nothing else happens."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, Frame, Locator, Page
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from typer.testing import CliRunner
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from dashboard.cli import app
from dashboard.filter_address import KEYS
from geo.db.engine import libpq_url
from geo.ingest.text import clean
from geo.model.person import Role
from tests import hostile
from tests.browser.conftest import ROOT, Watched, opened, serving, signed_in
from tests.conftest import _copy

pytestmark = pytest.mark.browser

SHOWN = 10
"""The page lists so many of the newest incidents: their notes hold the whole corpus."""
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no workbook can hold."""
Cells = dict[str, object]


@dataclass
class Infested:
    """A server on a store that is full of hostile text.

    Attributes
    ----------
    corpus
        All strings.
    said
        What the importers printed, by command and file.
    beacon
        Requests that a beacon on another port got: each is an officer betrayed.
    """

    url: str
    store: Engine
    folder: Path
    corpus: list[str]
    said: dict[str, str] = field(default_factory=dict)
    beacon: list[str] = field(default_factory=list)

    @property
    def made(self) -> Path:
        return self.folder / "made"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.store.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture(scope="module")
def beacon() -> Iterator[tuple[str, list[str]]]:
    """Address of a server that only notes who asks, and its notes."""
    asked: list[str] = []

    class Beacon(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None:
            """Its own notes are enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Beacon)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/beacon", asked
    server.shutdown()
    server.server_close()


def sheets(folder: Path, name: str, rows: list[Cells]) -> list[Path]:
    """The same rows as CSV, XLSX and GeoJSON, as far as each can hold them."""
    headings = list(rows[0])
    files = [folder / f"{name}.csv", folder / f"{name}.xlsx", folder / f"{name}.geojson"]
    with files[0].open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.DictWriter(out, headings)
        writer.writeheader()
        writer.writerows(rows)
    book = openpyxl.Workbook()
    sheet = book.create_sheet("rows", 0)
    sheet.append(headings)
    for row in rows:
        sheet.append([NO_XML.sub("", v) if isinstance(v, str) else v for v in row.values()])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(files[1])
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]}}
        for row in rows
    ]
    files[2].write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="ascii")
    return files


def at(number: int) -> Cells:
    """A place in Mueang Mukdahan, another one for each number."""
    return {"lat": round(16.45 + number % 40 * 0.002, 5), "lon": round(104.60 + number // 40 * 0.002, 5)}


def infest(found: Infested, run: CliRunner) -> None:
    """Bring the corpus in by every way there is."""
    now = datetime.now(UTC).astimezone() - timedelta(hours=2)
    words, turn = found.corpus, cycle(found.corpus)

    def take(command: str, *files: Path, more: tuple[str, ...] = ()) -> None:
        for file in files:
            done = run.invoke(app, [command, str(file), *more])
            assert done.exit_code in (0, 1, 2), f"{file.name}: {done.output[-2000:]} {done.exception!r}"
            assert not done.exception or isinstance(done.exception, SystemExit), f"{file.name}: {done.exception!r}"
            found.said[file.name] = done.output

    def incident(number: int, note: str, district: str = "") -> Cells:
        moment = now + timedelta(seconds=number)
        return {
            "crime type": "drug_trafficking", "date": (now - timedelta(days=3)).isoformat(),
            "date reported": moment.isoformat(), "location": note, "title": next(turn), "description": next(turn),
            "district": district, "case no": f"{number}-{note[:20]}", **at(number),
        }  # fmt: skip

    each = [incident(number, word) for number, word in enumerate(words)]
    stated = [incident(3000 + number, "x", word) for number, word in enumerate(words)]
    storable = [word for word in words if len(word) < 1000 and clean(word)]
    together = [incident(6000 + n, " ¦ ".join(storable[n::SHOWN])) for n in range(SHOWN)]
    take("import-incidents", *sheets(found.folder, "each", each), *sheets(found.folder, "stated", stated))
    take("import-incidents", sheets(found.folder, "together", together)[0])
    posts: list[Cells] = [
        {"checkpoint name": word, "note": next(turn), "id": f"{n} {word}", **at(n)} for n, word in enumerate(words)
    ]
    fixes: list[Cells] = [
        {"patrol id": f"{n // 2} {words[n // 2]}", "unit name": words[n // 2],
         "timestamp": (now - timedelta(minutes=9 - n % 2)).isoformat(), **at(n // 2)}
        for n in range(2 * len(words))
    ]  # fmt: skip
    take("import-checkpoints", *sheets(found.folder, "posts", posts))
    take("import-checkpoints", *sheets(found.folder, "posts_of", [{"agency": next(turn), **row} for row in posts]))
    take("import-patrols", *sheets(found.folder, "fixes", fixes))
    take("import-patrols", *sheets(found.folder, "fixes_of", [{"organization": next(turn), **row} for row in fixes]))
    place = json.loads(found.rows("select st_asgeojson(rep_point) from area where code = '4901'")[0][0])
    villages = [
        {"type": "Feature", "properties": {"VILL_CODE": f"490101{n:02}", "VILL_NAME": word}, "geometry": place}
        for n, word in enumerate(words[:99])
    ]
    file = found.folder / "villages.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": villages}), encoding="ascii")
    take("load-boundaries", file, more=("--level", "village"))
    (found.folder / "half.csv").write_bytes("date,location\n2026-01-01,\ud800".encode("utf-8", "surrogatepass"))
    take("import-incidents", found.folder / "half.csv")
    _by_sql(found)


def _by_sql(found: Infested) -> None:
    """What administrators may write: names of types, agencies, areas, routes, crossings."""
    words = [word for word in found.corpus if hostile.storable(word) and word.strip()]
    with found.store.begin() as connection:
        for table, key, where in (
            ("crime_type", "code", "true order by sort, code"),
            ("agency", "code", "true order by code"),
            ("area", "code", "level = 'district' and is_border order by code = '4901' desc, code"),
            ("area", "code", "level = 'province' and country = 'TH' order by code = '49' desc, code"),
            ("crossing", "code", "true order by code"),
        ):
            codes = connection.execute(text(f"select {key} from {table} where {where}")).scalars().all()
            for code, thai, english in zip(codes, cycle(words), cycle(words[1:] + words[:1]), strict=False):
                connection.execute(
                    text(f"update {table} set name_th = :thai, name_en = :english where {key} = :code"),
                    {"thai": thai, "english": english, "code": code},
                )
        connection.execute(
            text(
                "insert into patrol_route (code, name, kind, geom) select 'R' || n, word, 'land',"
                " st_geomfromtext('MULTILINESTRING((104.6 16.5, 104.7 16.6))', 4326)"
                " from unnest(cast(:words as text[])) with ordinality as w (word, n)"
            ),
            {"words": words[:40]},
        )


@pytest.fixture(scope="module")
def infested(
    cluster: URL, border_template: str, beacon: tuple[str, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Infested]:
    """The corpus brought in by every way, and a server on it."""
    folder = tmp_path_factory.mktemp("hostile")
    var_dir = tmp_path_factory.mktemp("var")
    if (ROOT / "var" / "boundaries").is_dir():
        shutil.copytree(ROOT / "var" / "boundaries", var_dir / "boundaries", copy_function=os.link)
    corpus = [*hostile.corpus(folder / "made", beacon[0]), *hostile.naughty()]
    for store in _copy(cluster, border_template):
        found = Infested("", store, folder, corpus, beacon=beacon[1])
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WATCH_DB_URL", libpq_url(store.url))
            patch.setenv("WATCH_VAR_DIR", str(var_dir))
            patch.setenv("WATCH_LANGUAGE", "en")
            infest(found, CliRunner())
        signed_in(store)
        with serving(libpq_url(store.url), var_dir) as url:
            found.url = url
            yield found


def letters(shown: str) -> str:
    """Text without its spaces, which browsers may show otherwise, and without the joiner that keeps addresses text."""
    return "".join(shown.replace("\N{WORD JOINER}", "").split())


def texts(place: Locator) -> list[str]:
    return [letters(shown) for shown in place.all_text_contents()]


def nothing_happened(found: Infested, watched: Watched) -> None:
    """No script ran, nobody was told, nothing was calculated, no file was made, nothing complained."""
    assert watched.dialogs == []
    assert found.beacon == []
    assert watched.strangers == []
    assert not found.made.exists()
    for frame in watched.page.frames:
        assert hostile.COMPUTED not in frame.content()
        assert frame.evaluate("[...document.images].filter(i => !i.src.startsWith(location.origin)).length") == 0
    assert watched.faults == []


def test_every_row_of_every_file_is_accounted_for(infested: Infested) -> None:
    half = infested.said.pop("half.csv")
    assert "Traceback" not in half
    for name, said in infested.said.items():
        assert "Traceback" not in said, name
        line = next((line for line in said.splitlines() if re.match(r"Read [\d,]+ |.* read = ", line)), "")
        assert line, f"{name}: {said}"
        read, *parts = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", line)]
        assert read == sum(parts), line
        assert read > 0
    assert infested.rows("select count(*) from incident where location_note is not null")[0][0] > 400
    assert infested.rows("select count(*) from checkpoint")[0][0] > 300
    assert infested.rows("select count(*) from patrol")[0][0] > 300
    assert infested.rows("select count(*) from area where level = 'village'")[0][0] > 50
    assert not infested.made.exists()


def test_lists_of_refused_rows_hold_no_formula(infested: Infested) -> None:
    lists = list(infested.folder.glob("*.rejects*.csv")) + list(infested.folder.glob("*.notes*.csv"))
    assert lists
    for path in lists:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        bad = [c for c in cells if c[:1] in "=@\t\r" and c] + [c for c in cells if c[:2] in ("+1", "-2")]
        assert bad == [], path.name


@pytest.fixture
def chief_again(infested: Infested) -> Iterator[None]:
    """Whoever a test signs in, the next one finds the chief."""
    yield
    signed_in(infested.store)


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.usefixtures("chief_again")
def test_text_of_others_is_shown_letter_by_letter(infested: Infested, browser: Browser, lang: str) -> None:
    with opened(browser) as watched:
        page = watched.page
        address = f"{infested.url}/?lang={lang}&layers=incidents.districts.border.crossings.checkpoints.routes.patrols"
        page.goto(address)
        watched.map_frame()
        for number, (public_id, note) in enumerate(infested.rows(
            "select public_id, location_note from incident where district_code is not null"
            " order by reported_at desc, id desc limit 10"
        )):  # fmt: skip
            page.locator(".st-key-newest button").nth(number).click()
            says(page, public_id, part=True)
            says(page, note)
        page.goto("about:blank")  # an open map would go on asking as the chief, and be refused
        signed_in(infested.store, Role.COMMANDER)  # sees what lies in no district too
        page.goto(address)
        frame = watched.map_frame()
        looked_at = {
            "checkpoints": "select code, name from checkpoint order by id limit 12",
            "patrols": "select code, unit from patrol where unit is not null order by id limit 8",
            "crossings": f"select code, name_{lang} from crossing order by code limit 8",
        }
        for layer, query in looked_at.items():
            for code, name in infested.rows(query):
                report(frame, layer, code)
                says(page, name)
        page.locator('[data-testid="stExpandSidebarButton"]').click()
        pills = page.locator(".st-key-filter_type button")
        pills.first.wait_for()
        names = [n for (n,) in infested.rows(f"select name_{lang} from crime_type order by sort, code")]
        assert texts(pills) == [letters(name) for name in names]
        provinces = page.locator(".st-key-filter_province input")
        provinces.scroll_into_view_if_needed()
        page.wait_for_timeout(700)  # a list that opens while the sidebar still moves closes again
        provinces.focus()
        page.keyboard.press("ArrowDown")
        page.locator('[role="option"]').first.wait_for()
        page.keyboard.press("Escape")
        for chart in page.locator("[data-testid='stVegaLiteChart']").all():
            chart.scroll_into_view_if_needed()
            chart.hover(force=True)
        page.wait_for_timeout(500)
        legend = letters(frame.locator(".watch-legend").text_content() or "")
        coloured = infested.rows(f"select name_{lang} from crime_type where colour is not null order by sort, code")
        assert all(letters(name) in legend for (name,) in coloured)
        nothing_happened(infested, watched)


def says(page: Page, words: str, part: bool = False) -> None:
    """Wait until a text of the card is ``words``, letter by letter, or holds them."""
    page.wait_for_function(
        "([words, part]) => [...document.querySelectorAll('.st-key-card [data-testid=stText]')]"
        ".map(e => e.textContent.replace(/[\\s\\u2060]/gu, '')).some(t => part ? t.includes(words) : t === words)",
        arg=[letters(words), part],
    )  # fmt: skip


def report(frame: Frame, layer: str, code: str) -> None:
    """What the map reports when a symbol on it is clicked."""
    frame.evaluate(
        "([layer, id]) => watch.report({event: 'pick', lat: 16.5, lng: 104.7, zoom: 9, radius_m: 10,"
        " symbol: {layer: layer, id: id}, incident: false})", [layer, code],
    )  # fmt: skip


@pytest.mark.parametrize(
    "view", ["wall=1", "wall=1&lang=en", "district=4901&province=49&type=drug_trafficking", "at=4901"]
)
def test_names_do_no_harm_in_other_views(infested: Infested, browser: Browser, view: str) -> None:
    with opened(browser, "projector") as watched:
        watched.page.goto(f"{infested.url}/?{view}")
        frame = watched.map_frame()
        frame.evaluate("watch.map.setView([16.5, 104.7], 10, {animate: false})")
        watched.map_frame()
        watched.page.wait_for_timeout(500)
        district = infested.rows("select name_th from area where code = '4901'")[0][0]
        if view == "at=4901":
            assert letters(district) in letters(watched.page.locator(".st-key-card").text_content() or "")
        nothing_happened(infested, watched)


def percent(word: str) -> str:
    return quote(word.encode("utf-8", "surrogatepass"))


def test_no_key_of_an_address_takes_text_in(infested: Infested, browser: Browser) -> None:
    """Each key gets the whole corpus, a handful of strings a page."""
    words = [word[:300] for word in infested.corpus]
    pages = 8
    with opened(browser) as watched:
        for number in range(pages):
            mine = words[number::pages]
            pairs = [f"{key}={percent('.'.join(mine[n :: len(KEYS)])[:1200])}" for n, key in enumerate(KEYS)]
            watched.page.goto(f"{infested.url}/?{'&'.join(pairs)}&{percent(mine[0])}={percent(mine[0])}")
            watched.map_frame()
            assert watched.page.locator('[data-testid="stMetricValue"]').first.inner_text()
            nothing_happened(infested, watched)


def test_no_address_of_tiles_layers_and_news_takes_text_in(infested: Infested, browser: Browser) -> None:
    token, query = sight(infested, browser)
    server = urlsplit(infested.url)

    def ask(path: str) -> tuple[int, bytes]:
        connection = HTTPConnection(server.hostname or "", server.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    paths = []
    for word in infested.corpus:
        bad = percent(word[:500])
        good = f"{query}&token={token}"
        paths += [
            f"/tiles/incidents/6/50/28?{query}&token={bad}",
            f"/tiles/incidents/6/50/28?from={bad}&to={bad}&token={token}",
            f"/tiles/incidents/6/50/28?{good}&type={bad}&district={bad}",
            f"/tiles/incidents/6/50/28?{good}&status={bad}&channel={bad}&{bad}={bad}",
            f"/tiles/incidents/{bad}/0/0?{good}",
            f"/tiles/base/{bad}/6/50/28",
            f"/layers/{bad}?token={token}",
            f"/layers/new?{good}&ids={bad}",
            f"/{bad}",
            f"/assets/watch/{bad}",
        ]
    with ThreadPoolExecutor(4) as pool:
        for path, (status, body) in zip(paths, pool.map(ask, paths), strict=True):
            assert status < 500, path
            assert b"Traceback" not in body, path
            assert hostile.COMPUTED.encode() not in body, path
    assert {status for status, _ in map(ask, [f"/tiles/incidents/6/50/28?{query}&token={token}"])} == {200}
    assert infested.rows("select count(*) > 400 from incident") == [(True,)]
    assert infested.beacon == []


def sight(infested: Infested, browser: Browser) -> tuple[str, str]:
    """Token and query of an open map."""
    with opened(browser) as watched:
        watched.page.goto(infested.url)
        frame = watched.map_frame()
        token, query = frame.evaluate("[watch.token, watch.source.query]")
        return str(token), str(query)


def test_the_news_line_is_closed_to_text(infested: Infested, browser: Browser) -> None:
    token, _ = sight(infested, browser)
    address = f"{infested.url.replace('http', 'ws')}/live?token="
    for word in hostile.corpus(infested.made, "http://127.0.0.1:9/beacon"):
        with pytest.raises((InvalidHandshake, ConnectionClosed)), connect(address + percent(word[:500])) as line:
            line.recv(timeout=5)
    with connect(address + token) as line:
        assert json.loads(line.recv(timeout=5))["type"] == "hello"
        for word in infested.corpus[:80]:
            line.send(word.encode("utf-8", "replace"))
            line.send(word.encode("utf-8", "replace").decode())
        with connect(address + token) as other:
            assert json.loads(other.recv(timeout=5))["type"] == "hello"


def test_the_map_still_draws_for_everybody(infested: Infested, browser: Browser) -> None:
    with opened(browser) as watched:
        watched.page.goto(f"{infested.url}/?period=7")
        frame = watched.map_frame()
        count = infested.rows(
            "select count(*) from incident where status not in ('unfounded', 'duplicate') and district_code is not null"
        )[0][0]
        assert watched.page.locator('[data-testid="stMetricValue"]').first.inner_text() == f"{count:,}"
        assert frame.evaluate("watch.incidents.top") > 1
        nothing_happened(infested, watched)


def test_the_beacon_would_have_told(infested: Infested, browser: Browser, beacon: tuple[str, list[str]]) -> None:
    """Where this fails, the other tests prove nothing."""
    address, asked = beacon
    assert asked == []
    with opened(browser) as watched:
        watched.page.goto(infested.url)
        watched.map_frame().evaluate("address => fetch(address + '?control', {mode: 'no-cors'}).then(() => 1)", address)
        watched.page.evaluate("alert('control')")
        assert asked == ["/beacon?control"]
        assert watched.dialogs == ["control"]
    asked.clear()
