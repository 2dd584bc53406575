"""The map's script in Chromium, inside streamlit-folium's sandboxed frame, against a stand-in server."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import mapbox_vector_tile
import mgrs
import pytest
from PIL import Image
from playwright.sync_api import Browser, Dialog, Frame, Page
from shapely.geometry import Polygon

from dashboard.maps.live_state import map_words
from tests.browser.conftest import PATIENCE_MS
from tests.browser.map_stand_in import World, component_arguments, tiny_archive

pytestmark = pytest.mark.browser

ONE, OTHER = "from=2026-01-01&to=2026-01-31", "from=2026-02-01&to=2026-02-28"
HOSTILE = [
    "<img src=x onerror='window.escaped=true'>", "</script><script>window.escaped=true</script>",
    "${window.escaped=true}", "{{7*7}}", "{% x", "{# x", "`+(window.escaped=true)+`",
    "'\"><svg onload='window.escaped=true'>", "\u2028window.escaped=true\u2029",
    "javascript:window.escaped=true", "\\u003cimg src=x onerror=window.escaped=true\\u003e",
    "![](http://beacon.invalid/x)", "\u202e\u2066\ufeff",
    "Z\u0351\u036b\u0343", "red;background:url(http://beacon.invalid/y)",
    "http://beacon.invalid/{z}/{x}/{y}\"onerror=1",
]  # fmt: skip
INK = """(() => { const c = watch.incidents._container;
    const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
    let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i]) n++; return n; })()"""
NAUGHTY = Path(__file__).resolve().parents[2] / "node_modules" / "big-list-of-naughty-strings" / "blns.json"


@pytest.fixture
def world() -> Iterator[World]:
    served = World()
    served.points = {
        ONE: [(102.5, 15.5, 1, 1, "y"), (102.6, 15.6, 1, 1, "r"), (103.5, 16.5, 900, None, None)],
        OTHER: [(101.5, 14.5, 3, 1, None)],
    }
    with served.running():
        yield served


class Map:
    """One open map, and everything that went wrong on its page."""

    def __init__(self, world: World, page: Page) -> None:
        self.world, self.page = world, page
        self.faults: list[str] = []
        self.outside: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda m: self.faults.extend([m.text] if m.type == "error" else []))
        page.on("dialog", self._asked)
        page.on("request", lambda r: self._seen(r.url))
        page.goto(world.url)

    def _seen(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")) and urlsplit(url).hostname != "127.0.0.1":
            self.outside.append(url)

    def _asked(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog {dialog.message}")
        dialog.dismiss()

    @property
    def frame(self) -> Frame:
        return self.page.frames[1]

    def give(self, **changes: Any) -> None:
        query = changes.pop("query", ONE)
        self.page.evaluate("a => window.give(a)", component_arguments(self.world.state(query, **changes)))

    def drawn(self) -> None:
        self.frame.wait_for_function("() => window.watch && window.watch.idle")
        self.frame.evaluate("() => window.watch.whenIdle()")

    def do(self, script: str) -> Any:
        return self.frame.evaluate(script)

    def points(self) -> int:
        return int(self.do("() => watch.incidents.points.reduce((sum, p) => sum + p.n, 0)"))

    def values(self, event: str) -> list[dict[str, Any]]:
        return [value for value in self.page.evaluate("() => values") if value.get("event") == event]

    def until(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, "it did not happen in time"
            self.page.wait_for_timeout(40)


@pytest.fixture
def shown(world: World, browser: Browser) -> Iterator[Map]:
    page = browser.new_page(viewport={"width": 900, "height": 640}, timezone_id="Asia/Bangkok")
    page.set_default_timeout(PATIENCE_MS)
    opened = Map(world, page)
    opened.give()
    opened.drawn()
    yield opened
    page.close()


def points(*places: tuple[float, float, dict[str, Any]]) -> dict[str, Any]:
    """A GeoJSON collection of points with codes."""
    made = [
        {"type": "Feature", "properties": codes, "geometry": {"type": "Point", "coordinates": [lon, lat]}}
        for lon, lat, codes in places
    ]
    return {"type": "FeatureCollection", "features": made}


def ink(shown: Map) -> int:
    """Pixels that the incidents' canvas has."""
    return int(shown.do(INK))


def test_incidents_ground_and_names_are_drawn_without_a_fault(shown: Map) -> None:
    assert shown.points() == 902
    assert ink(shown) > 500
    tiles = shown.do("() => Object.values(watch.ground.layer._tiles).map(t => t.el.toDataURL().length)")
    assert max(tiles) > 2000
    assert shown.do("() => document.fonts.check('600 14px Sarabun', 'ก')")
    assert shown.faults == []
    assert shown.outside == []


def test_the_map_fills_its_frame(shown: Map) -> None:
    size = shown.do("() => { const s = watch.map.getSize(); return [s.x, s.y] }")
    assert size == [900, 640]


def test_a_changed_filter_keeps_frame_zoom_and_place_and_shows_other_incidents(shown: Map) -> None:
    shown.do("() => { window.same = true; watch.map.setView([15.2, 102.2], 8, {animate: false}) }")
    shown.drawn()
    shown.give(query=OTHER)
    shown.until(lambda: shown.points() == 3)
    assert shown.do("() => [window.same, watch.map.getZoom(), watch.map.getCenter().lat.toFixed(1)]") == [
        True,
        8,
        "15.2",
    ]
    assert shown.do("() => performance.getEntriesByName('watch:change').length") >= 1


def test_the_old_incidents_stay_until_the_new_ones_have_come(shown: Map) -> None:
    shown.world.slow = 0.25
    before = ink(shown)
    shown.do(f"""() => {{ window.least = 1e9; const step = () => {{
        window.least = Math.min(window.least, {INK}); requestAnimationFrame(step); }}; step(); }}""")
    shown.give(query=OTHER)
    shown.page.wait_for_timeout(120)
    assert shown.points() == 902
    assert ink(shown) == before
    shown.until(lambda: shown.points() == 3)
    shown.drawn()
    assert shown.do("() => window.least") >= min(before, ink(shown))


def test_the_same_state_again_asks_for_nothing(shown: Map) -> None:
    asked = len(shown.world.asked)
    shown.give()
    shown.give(lang="th", token_expires=time.time() + 3000)
    shown.page.wait_for_timeout(400)
    assert len(shown.world.asked) == asked


def test_a_new_token_asks_for_no_tile_again_but_is_used_for_the_next(shown: Map) -> None:
    tiles = shown.world.count("/tiles/")
    shown.give(token="t2", token_expires=time.time() + 3600)
    shown.page.wait_for_timeout(400)
    assert shown.world.count("/tiles/") == tiles
    shown.do("() => watch.map.setZoom(9, {animate: false})")
    shown.drawn()
    assert any("token=t2" in path for path in shown.world.asked if path.startswith("/tiles/incidents"))


def test_a_token_is_renewed_after_two_thirds_of_its_life(shown: Map) -> None:
    shown.give(token="short", token_expires=time.time() + 3)
    shown.until(lambda: len(shown.values("renew")) == 1, 5)
    assert shown.values("renew")[0]["seq"] > 0


def test_a_refused_tile_asks_for_a_new_token_and_keeps_what_is_drawn(shown: Map) -> None:
    shown.world.failing["/tiles/incidents"] = 401
    shown.give(query=OTHER)
    shown.until(lambda: len(shown.values("renew")) == 1)
    assert shown.points() == 902
    shown.world.failing.clear()
    shown.give(query=OTHER, token="t2")
    shown.until(lambda: shown.points() == 3)


def test_a_failing_server_never_looks_like_an_empty_map_and_the_map_recovers_by_itself(shown: Map) -> None:
    shown.world.failing["/tiles/incidents"] = 503
    shown.give(query=OTHER)
    shown.page.wait_for_timeout(600)
    assert shown.points() == 902
    shown.world.failing.clear()
    shown.until(lambda: shown.points() == 3)


def test_a_ground_that_failed_comes_later(world: World, browser: Browser) -> None:
    world.failing["/tiles/base"] = 503
    page = browser.new_page(viewport={"width": 600, "height": 500})
    page.set_default_timeout(PATIENCE_MS)
    opened = Map(world, page)
    opened.give()
    opened.until(lambda: world.count("/tiles/base") > 2)
    world.failing.clear()
    opened.drawn()
    tiles = opened.do("() => Object.values(watch.ground.layer._tiles).map(t => t.el.toDataURL().length)")
    assert max(tiles) > 2000
    page.close()


def test_a_ground_that_was_replaced_is_asked_for_no_more_and_the_new_one_is_drawn(
    world: World, browser: Browser
) -> None:
    world.failing["/tiles/base/b1"] = 404
    page = browser.new_page(viewport={"width": 600, "height": 500})
    page.set_default_timeout(PATIENCE_MS)
    opened = Map(world, page)
    opened.give()
    opened.until(lambda: world.count("/tiles/base/b1") > 2)
    opened.give(base={"version": "b2", "url": "/tiles/base/{version}/{z}/{x}/{y}"})
    opened.drawn()
    tiles = opened.do("() => Object.values(watch.ground.layer._tiles).map(t => t.el.toDataURL().length)")
    assert max(tiles) > 2000
    asked = world.count("/tiles/base/b1")
    page.wait_for_timeout(3000)  # the longest pause after so few failures is shorter
    assert world.count("/tiles/base/b1") == asked
    assert all("status of 404" in fault for fault in opened.faults), opened.faults
    page.close()


def test_a_new_incident_is_drawn_and_marked_and_the_page_is_told(shown: Map) -> None:
    shown.do("() => watch.map.setView([15.5, 102.5], 8, {animate: false})")
    shown.drawn()
    shown.world.points[ONE].append((102.4, 15.4, 1, 1, "r"))
    shown.world.layers["new"] = points((102.4, 15.4, {}))
    began = time.monotonic()
    shown.world.tell({"type": "changed", "what": ["incident"], "ids": [17], "version": "a-2"})
    shown.until(lambda: shown.points() == 903, 5)
    assert time.monotonic() - began < 20
    assert shown.do("() => document.querySelectorAll('.watch-pulse').length") == 1
    assert "ids=17" in next(path for path in shown.world.asked if path.startswith("/layers/new"))
    shown.until(lambda: len(shown.values("changed")) == 1, 5)
    assert shown.values("changed")[0]["version"] == "a-2"
    assert shown.do("() => [watch.map.getZoom(), watch.map.getCenter().lat.toFixed(1)]") == [8, "15.5"]
    shown.until(lambda: shown.do("() => document.querySelectorAll('.watch-pulse').length") == 0, 10)


def test_a_page_made_before_the_news_does_not_bring_old_data_back(shown: Map) -> None:
    shown.world.tell({"type": "changed", "what": ["incident"], "ids": "*", "version": "a-2"})
    shown.until(lambda: any("v=a-2" in path for path in shown.world.asked))
    shown.drawn()
    asked = shown.world.count("/tiles/incidents")
    for version in ("a-1", "a-2"):
        source = shown.world.state(ONE)["incidents"] | {"version": version}
        shown.give(incidents=source)
    shown.page.wait_for_timeout(300)
    assert shown.world.count("/tiles/incidents") == asked


def test_news_of_patrols_asks_for_patrols_and_for_no_incident(shown: Map) -> None:
    shown.world.layers["patrols"] = points((102.5, 15.5, {"id": 5, "status": "start_overdue"}))
    shown.give(overlays={"patrols": {"url": "/layers/patrols", "version": "1"}})
    shown.until(lambda: shown.world.count("/layers/patrols") == 1)
    tiles = shown.world.count("/tiles/")
    shown.world.tell({"type": "changed", "what": ["patrol"], "ids": [5], "version": "a-2"})
    shown.until(lambda: shown.world.count("/layers/patrols") == 2)
    assert shown.world.count("/tiles/") == tiles


def test_the_line_is_found_again_and_the_gap_is_read_again(shown: Map) -> None:
    shown.until(lambda: shown.world.lines == 1)
    assert shown.do("() => document.querySelector('.watch-dot').className") == "watch-dot live"
    shown.world.failing["/live"] = 403
    shown.world.hang_up()
    shown.until(lambda: shown.do("() => document.querySelector('.watch-dot').className") == "watch-dot waiting", 6)
    shown.world.points[ONE].append((102.4, 15.4, 7, 1, None))
    shown.world.version = "a-9"
    shown.world.failing.clear()
    shown.until(lambda: shown.points() == 909, 15)
    shown.until(lambda: shown.do("() => document.querySelector('.watch-dot').className") == "watch-dot live")


def test_a_click_on_a_count_goes_nearer_and_a_click_on_a_point_is_reported(shown: Map) -> None:
    shown.do("() => watch.map.setView([16.5, 103.5], 7, {animate: false})")
    shown.drawn()
    shown.page.mouse.click(450, 320)
    shown.until(lambda: shown.do("() => watch.map.getZoom() === 9 && !watch.map._animatingZoom"))
    assert shown.values("pick") == []
    shown.do("() => watch.map.setView([15.5, 102.5], 11, {animate: false})")
    shown.drawn()
    shown.page.mouse.click(450, 320)
    shown.until(lambda: len(shown.values("pick")) == 1)
    picked = shown.values("pick")[0]
    assert (round(picked["lat"], 2), round(picked["lng"], 2), picked["zoom"]) == (15.5, 102.5, 11)
    assert 500 < picked["radius_m"] < 1500
    assert picked["incident"] is True
    assert picked["symbol"] is None


def test_a_click_on_a_symbol_says_which(shown: Map) -> None:
    shown.world.layers["checkpoints"] = points((102.2, 15.2, {"id": 8, "kind": "river", "status": "planned"}))
    shown.give(overlays={"checkpoints": {"url": "/layers/checkpoints", "version": "1"}})
    shown.until(lambda: shown.do("() => !!watch.overlays.kept.checkpoints"))
    shown.do("() => watch.map.setView([15.2, 102.2], 10, {animate: false})")
    shown.drawn()
    shown.page.mouse.click(450, 320)
    shown.until(lambda: len(shown.values("pick")) == 1)
    assert shown.values("pick")[0]["symbol"] == {"layer": "checkpoints", "id": 8}


def test_coordinates_are_shown_in_both_ways_and_can_be_copied(shown: Map) -> None:
    shown.do("() => watch.map.setView([15.2, 102.2], 12, {animate: false})")
    shown.page.mouse.move(450, 320)
    assert shown.do("() => document.querySelector('.watch-free').textContent").startswith("48P ")
    shown.page.mouse.click(450, 320)
    shown.frame.click(".watch-kept button")
    assert shown.do("() => document.querySelector('.watch-kept button').textContent") == "Copied"
    grid = shown.do("() => NTS.grid({lat: 15.2, lng: 102.2})")
    assert re.fullmatch(r"48P [A-Z]{2} \d{5} \d{5}", grid)
    lat, lon = mgrs.MGRS().toLatLon(grid.replace(" ", ""))
    assert (round(lat, 4), round(lon, 4)) == (15.2, 102.2)


def test_the_view_moves_only_for_a_new_number(shown: Map) -> None:
    box = [[15.0, 102.0], [15.4, 102.4]]
    shown.give(view={"n": 1, "bounds": box})
    shown.until(lambda: shown.do("() => watch.map.getZoom()") >= 10)
    shown.do("() => watch.map.setZoom(7, {animate: false})")
    shown.give(view={"n": 1, "bounds": box}, query=OTHER)
    shown.until(lambda: shown.points() == 3 or shown.do("() => watch.source.query").startswith("from=2026-02"))
    shown.page.wait_for_timeout(300)
    assert shown.do("() => watch.map.getZoom()") == 7


def test_night_language_and_picked_district_redraw_without_asking(shown: Map) -> None:
    ground = shown.world.count("/tiles/base")
    before = shown.do("() => Object.values(watch.ground.layer._tiles).map(t => t.el.toDataURL()).join()")
    shown.give(night=True, lang="en", picked="4101")
    shown.drawn()
    shown.until(
        lambda: shown.do("() => Object.values(watch.ground.layer._tiles).map(t => t.el.toDataURL()).join()") != before
    )
    assert shown.do("() => watch.map.getContainer().classList.contains('night')")
    assert shown.world.count("/tiles/base") == ground


def _earth() -> bytes:
    square = Polygon([(0, 0), (4096, 0), (4096, 4096), (0, 4096)])
    layer = {"name": "earth", "features": [{"geometry": square, "properties": {}}]}
    return bytes(mapbox_vector_tile.encode([layer]))


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (256, 256), "#336699").save(kept, "PNG")
    return kept.getvalue()


@pytest.mark.parametrize(("tile", "kind"), [(_earth(), 1), (_picture(), 2)], ids=["vector", "pictures"])
def test_a_pmtiles_file_is_drawn_under_the_districts(shown: Map, tile: bytes, kind: int) -> None:
    shown.world.archive = tiny_archive(tile, kind)
    shown.give(basemap={"kind": "pmtiles", "url": "/basemap.pmtiles", "attribution": "© OpenStreetMap"})
    alpha = """() => { const t = document.querySelector('.leaflet-watch-under-pane canvas');
        return t && t.width ? t.getContext('2d').getImageData(9, 9, 1, 1).data[3] : 0 }"""
    shown.until(lambda: shown.do(alpha) == 255)
    assert "OpenStreetMap" in shown.do("() => document.querySelector('.watch-credit').textContent")
    assert shown.faults == []
    shown.give(basemap=None)
    shown.until(lambda: not shown.do("() => document.querySelector('.leaflet-watch-under-pane canvas')"))


def test_a_base_map_that_is_not_there_takes_nothing_else_away(shown: Map) -> None:
    shown.give(basemap={"kind": "pmtiles", "url": "/nothing.pmtiles", "attribution": ""}, query=OTHER)
    shown.until(lambda: shown.points() == 3)


def test_the_legend_says_what_is_drawn_and_no_more(shown: Map) -> None:
    classes = {"values": {"4101": 0, "4102": 1}, "colours": ["#e6ebf1", "#7d98bc"], "labels": ["1–4", "5–9"]}
    shown.give(choropleth=classes, words={"legend": "คำอธิบาย"})
    shown.until(lambda: "5–9" in shown.do("() => document.querySelector('.watch-legend').textContent"))
    text = shown.do("() => document.querySelector('.watch-legend').textContent")
    assert "ยาเสพติด" in text
    assert "Checkpoints" not in text
    shown.give(choropleth=None, layers={"incidents": False})
    shown.until(lambda: "5–9" not in shown.do("() => document.querySelector('.watch-legend').textContent"))
    assert "ยาเสพติด" not in shown.do("() => document.querySelector('.watch-legend').textContent")


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_nothing_sticks_out_of_the_frame_and_a_phone_starts_with_a_folded_legend(
    world: World, browser: Browser, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.set_default_timeout(PATIENCE_MS)
    opened = Map(world, page)
    opened.give(wall=width == 1920)
    opened.drawn()
    assert opened.do("() => document.querySelector('.watch-legend-body').hidden") == (width == 390)
    outside = opened.do("""() => [...document.querySelectorAll('.watch-panel')].filter(e => e.offsetParent)
        .map(e => e.getBoundingClientRect())
        .filter(r => r.left < 0 || r.top < 0 || r.right > innerWidth + 1 || r.bottom > innerHeight + 1)
        .length""")
    assert outside == 0
    page.close()


def _poisoned(text: str, state: dict[str, Any]) -> dict[str, Any]:
    keys = list(map_words("th"))
    classes = {
        "values": {"4101": 0, text: 0},
        "colours": ["#e6ebf1", text],
        "labels": [text],
    } | dict.fromkeys(("title", "note"), text)
    state["types"] = [{"id": 1, "code": text, "colour": text, "label": text}]
    return state | {
        "words": dict.fromkeys(keys, text), "attribution": text, "choropleth": classes, "picked": text,
        "statuses": "rvyud", "basemap": {"kind": "xyz", "url": text, "attribution": text}, "lang": text,
    }  # fmt: skip


def test_hostile_text_in_every_place_that_a_text_can_have_does_nothing(shown: Map) -> None:
    poisoned = points(*((102.5, 15.5, {"id": 1, "kind": text, "status": text}) for text in HOSTILE))
    for name in ("checkpoints", "patrols", "crossings", "routes"):
        shown.world.layers[name] = poisoned
    overlays = {n: {"url": f"/layers/{n}", "version": "1"} for n in ("checkpoints", "patrols", "crossings", "routes")}
    naughty = " ".join(str(text) for text in json.loads(NAUGHTY.read_text(encoding="utf-8")))
    for text in [*HOSTILE, naughty]:
        state = _poisoned(text, shown.world.state(ONE, overlays=overlays))
        shown.page.evaluate("a => window.give(a)", component_arguments(state))
        shown.page.wait_for_timeout(60)
        said = shown.do("() => document.querySelector('.watch-legend-button').textContent")
        assert said == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    shown.drawn()
    shown.page.wait_for_timeout(300)
    made = shown.do("() => document.querySelectorAll('#map_div :is(img:not(.leaflet-tile), svg, script, a)').length")
    assert made == 0
    assert shown.do("() => window.escaped") is None
    assert shown.page.evaluate("() => window.escaped") is False
    assert [url for url in shown.outside if "/{z}" not in url and not url.endswith("1")] == []
    assert [fault for fault in shown.faults if "dialog" in fault or "alert" in fault or "Error:" in fault] == []


def test_the_frame_cannot_reach_the_page_around_it(shown: Map) -> None:
    reached = shown.do("() => { try { return parent.document.title.length >= 0 } catch (e) { return e.name } }")
    assert reached == "SecurityError"
