"""Nothing is cut, hidden or out of reach, at every size."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from geo.model.person import Role
from tests.browser.conftest import SIZES, opened, signed_in
from tests.browser.test_live_map import report

pytestmark = pytest.mark.browser

REACH = """[...document.querySelectorAll('.st-key-head button, header button')].filter(b => b.offsetWidth).map(b => {
  const r = b.getBoundingClientRect(), hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
  return [b.textContent, b.contains(hit)];
})"""
OVERLAPS = """(() => {
  const boxes = [...document.querySelectorAll('header button, .st-key-head button, .st-key-head [data-testid=stText]')]
    .filter(e => e.offsetWidth).map(e => [e.textContent, e.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) =>
    p.x < q.right - 1 && q.x < p.right - 1 && p.y < q.bottom - 1 && q.y < p.bottom - 1).map(([b]) => [a, b]));
})()"""
CUT = "e => e.scrollWidth > e.clientWidth + 1"


def put_many(store: Engine) -> None:
    """Incidents of several types in the last weeks."""
    with store.connect() as connection:
        known = [code for (code,) in connection.exec_driver_sql("select code from crime_type order by sort")]
    for number in range(24):
        report(store, known[number % 9], ago=number, at=(104.70 + number / 400, 16.50))


@pytest.fixture(scope="module")
def many(shared_store: Engine) -> None:
    """Incidents on the map of those tests that only look."""
    put_many(shared_store)


def settled(page: Page) -> None:
    page.wait_for_timeout(700)


@pytest.mark.parametrize(
    ("size", "query"),
    [(size, "type=drug_trafficking&period=7&province=49&channel=online") for size in SIZES]
    + [("phone", ""), ("phone", "type=unheard_of")],
)
def test_what_stands_above_the_map_can_be_read_and_pressed(
    shared: str, many: None, browser: Browser, size: str, query: str
) -> None:
    with opened(browser, size) as watched:
        watched.page.goto(f"{shared}/?{query}")
        watched.map_frame()
        settled(watched.page)
        assert watched.page.evaluate(OVERLAPS) == []
        reached = watched.page.evaluate(REACH)
        assert len(reached) >= 3
        assert [name for name, can in reached if not can] == []


@pytest.mark.parametrize("size", ["laptop", "projector"])
def test_the_figures_scroll_and_the_page_does_not(shared: str, many: None, browser: Browser, size: str) -> None:
    with opened(browser, size) as watched:
        page = watched.page
        page.goto(shared)
        watched.map_frame()
        page.locator(".st-key-newest button").last.scroll_into_view_if_needed()
        assert page.evaluate("document.querySelector('.st-key-figures').scrollTop") > 0
        main = page.evaluate("(e => [e.scrollTop, e.scrollHeight - e.clientHeight])(document.querySelector('.stMain'))")
        assert main[0] == 0
        assert main[1] <= 2
        page.locator(".st-key-newest button").last.click()
        card = page.locator(".st-key-card")
        card.wait_for()
        box, column = card.bounding_box(), page.locator(".st-key-figures").bounding_box()
        assert box
        assert column
        assert column["y"] <= box["y"]
        assert box["y"] + box["height"] <= column["y"] + column["height"]


def test_on_a_phone_the_card_lies_at_the_bottom_in_sight(shared: str, many: None, browser: Browser) -> None:
    with opened(browser, "phone") as watched:
        watched.page.goto(f"{shared}/?at=4901")
        watched.map_frame()
        settled(watched.page)
        box = watched.page.locator(".st-key-card").bounding_box()
        assert box
        assert box["y"] + box["height"] <= SIZES["phone"][1] + 1
        assert box["y"] > 400
        button = watched.page.locator(".st-key-card_close button").filter(visible=True)
        head, close = watched.page.locator(".st-key-card_head").bounding_box(), button.bounding_box()
        assert head
        assert close
        assert head["y"] <= close["y"] <= head["y"] + head["height"]
        button.click()
        watched.page.locator(".st-key-card").wait_for(state="detached")


@pytest.mark.parametrize("lang", ["th", "en"])
def test_no_name_of_a_type_is_cut(shared: str, many: None, browser: Browser, lang: str) -> None:
    with opened(browser) as watched:
        page = watched.page
        page.goto(f"{shared}/?lang={lang}")
        watched.map_frame()
        page.locator('[data-testid="stExpandSidebarButton"]').click()
        page.locator(".st-key-filter_type button").last.wait_for()
        settled(page)
        for kind in (".st-key-filter_type button p", ".st-key-newest button p"):
            texts = page.locator(kind)
            assert texts.count() >= 9
            cut = [text.inner_text() for text in texts.all() if text.evaluate(CUT)]
            assert cut == []
        first, types = page.locator(".st-key-filter_period"), page.locator(".st-key-filter_type")
        above, below = first.bounding_box(), types.bounding_box()
        assert above
        assert below
        assert above["y"] < below["y"]


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_wall_shows_whole_words_in_big_type(shared: str, many: None, browser: Browser, lang: str) -> None:
    with opened(browser, "projector") as watched:
        page = watched.page
        page.goto(f"{shared}/?wall=1&lang={lang}")
        frame = watched.map_frame()
        settled(page)
        values = page.locator('[data-testid="stMetricValue"]')
        assert values.count() == 5
        for value in values.all():
            assert not value.evaluate(CUT)
            assert value.evaluate("e => e.scrollHeight <= e.clientHeight + 2")
            assert value.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 28
        assert page.evaluate("document.querySelector('.stMain').scrollHeight") <= SIZES["projector"][1] + 2
        body = frame.locator(".watch-legend-body")
        assert body.evaluate("e => e.scrollHeight <= e.clientHeight + 2")


LEGEND = """() => {
  const at = e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const body = document.querySelector('.watch-legend-body'), [left, top, right, bottom] = at(body.parentElement);
  const over = ['.watch-zoom', '.watch-status', '.watch-credit', '.leaflet-control-scale'].filter(name => {
    const e = document.querySelector(name), [l, t, r, b] = at(e);
    return r > l && l < right && left < r && t < bottom && top < b && getComputedStyle(e).visibility === 'visible';
  });
  return [body.scrollHeight - body.clientHeight, body.scrollWidth - body.clientWidth, over,
          left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight];
}"""


def test_the_legend_of_everything_needs_no_scrolling_and_covers_no_control(
    border_store: Engine, served: str, browser: Browser
) -> None:
    put_many(border_store)
    signed_in(border_store, Role.COMMANDER)  # sees what lies in no district too
    with border_store.begin() as connection:
        for number, status in enumerate(("scheduled", "ready", "start_overdue", "active", "done", "cancelled")):
            connection.exec_driver_sql(
                "insert into patrol (code, status, scheduled_start, started_at, geom) values (%s, %s, now(), now(),"
                " 'srid=4326;multilinestring((104.7 16.5, 104.72 16.6))')", (f"P{number}", status),
            )  # fmt: skip
            connection.exec_driver_sql(
                "insert into patrol_fix (patrol_id, fixed_at, geom) select id, now(), st_point(104.7, 16.5, 4326)"
                " from patrol where code = %s", (f"P{number}",),
            )  # fmt: skip
        connection.exec_driver_sql(
            "insert into patrol_route (code, name, kind, geom) values"
            " ('R', 'x', 'land', 'srid=4326;multilinestring((104.7 16.5, 104.72 16.6))')"
        )
        for number, (kind, status) in enumerate(
            [("checkpoint", "active"), ("checkpoint", "planned"), ("checkpoint", "closed"), ("interception", "active"),
             ("river", "active")]
        ):  # fmt: skip
            connection.exec_driver_sql(
                "insert into checkpoint (code, name, kind, status, geom) values (%s, 'x', %s, %s,"
                " st_point(104.7, 16.5, 4326))", (f"C{number}", kind, status),
            )  # fmt: skip
    layers = "incidents.districts.border.crossings.checkpoints.routes.patrols"
    with opened(browser) as watched:
        for query in ("lang=th", "lang=en&colour=change", "wall=1&lang=th&colour=change", "wall=1&lang=en"):
            watched.page.goto(f"{served}/?layers={layers}&period=90&{query}")
            for size, (width, height) in SIZES.items():
                watched.page.set_viewport_size({"width": width, "height": height})
                frame = watched.map_frame()
                settled(watched.page)
                if frame.locator(".watch-legend-body").is_hidden():
                    frame.locator(".watch-legend-button").click()
                assert len(frame.locator(".watch-legend .watch-row").all()) >= 26, (query, size)
                down, aside, over, inside = frame.evaluate(LEGEND)
                assert (down <= 1, aside <= 1, over, inside) == (True, True, [], True), (query, size)
