"""Plans in a real browser: asked, explained, moved by hand, kept, proposed by one and approved by another, seen on the live map."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.model.person import Role
from tests.browser.conftest import Enter, Watched, drawn, press, wait_for

pytestmark = pytest.mark.browser

HERE = ("4301", "4302", "4308")
HOSTILE = "{{7*7}} ${alert(1)} <img src=x onerror=alert(1)> ![x](http://beacon.test/x) =1+1"
INCIDENTS = """
insert into incident (crime_type, occurred_at, status, channel, geom)
select 'contraband', now() - make_interval(days => 1 + (row_number() over ())::int % 90), 'verified', 'online', p.geom
from (select (st_dump(st_generatepoints(st_buffer(st_intersection(s.geom, a.geom), 0.03), 60, 7))).geom
      from border_section s join area a on a.code = s.district_code where a.code = any(:here)) p
"""


def part(watched: Watched, code: str) -> None:
    """Turn to a part of the page."""
    drawn(watched.page)
    watched.page.locator(".st-key-checkpoints-part button").nth(
        ("coverage", "next", "plans", "effect").index(code)
    ).click()
    drawn(watched.page)


def write(watched: Watched, key: str, words: str) -> None:
    """Fill in a field, and let the page know."""
    field = watched.page.locator(f".st-key-{key} input").first
    field.fill(words)
    field.press("Enter")
    drawn(watched.page)


def covered(watched: Watched) -> str:
    return watched.page.locator(".st-key-plan_figures [data-testid=stMetricValue]").first.inner_text()


def test_a_plan_is_found_explained_kept_proposed_approved_and_seen_on_the_live_map(
    enter: Enter, border_store: Engine
) -> None:
    with border_store.begin() as connection:
        connection.execute(text(INCIDENTS), {"here": list(HERE)})
    planner = enter("planner", Role.PLANNER, "/checkpoints?lang=en")
    page = planner.page

    # What is covered as it stands, and where nobody is near.
    page.locator(".st-key-coverage_figures").wait_for()
    wait_for(page, lambda: planner.map_frame().evaluate("!!(watch.state && watch.state.analysis)"))
    frame = planner.map_frame()
    assert frame.evaluate("watch.state.analysis.legend.labels.length") == 3
    assert frame.evaluate("watch.state.analysis.ways.length") > 0
    part(planner, "next")

    page.locator(".st-key-plan_find button").first.wait_for()
    page.locator("summary", has_text=t("plans.candidates", "en")).click()
    write(planner, "plan-own_place", "0, 0")
    page.locator(".st-key-notice").wait_for()  # nobody can stand there, and it says so

    # The first answer soon, and proven in the end; the map shows the sites and what is covered.
    press(planner.page, "plan_find")
    page.locator(".st-key-plan_save button").first.wait_for(timeout=90_000)
    page.get_by_text(t("plans.good.optimal", "en")).first.wait_for()
    frame = planner.map_frame()
    assert frame.evaluate("[watch.state.analysis.marks.length, watch.state.analysis.legend.labels.length]") == [5, 4]
    assert frame.evaluate("watch.analysis.areas.length") > 10

    # A site has its reasons; moved by hand its figures follow.
    page.locator(".st-key-plan-pick").get_by_text("1", exact=True).click()
    page.locator(".st-key-plan_site").get_by_text("Without it").wait_for()
    before = covered(planner)
    write(planner, "plan-move_place", "17.40, 102.60")  # far from the border
    wait_for(page, lambda: covered(planner) not in {before, ""})
    page.get_by_text(t("plans.good.given", "en")).first.wait_for()

    # Kept under a name that does no harm, and proposed.
    write(planner, "plan-title", HOSTILE)
    press(page, "plan_save")
    page.get_by_text(t("plans.save.saved", "en", n=1)).wait_for()
    press(page, "plan_do_proposed")
    page.get_by_text(t("plans.moved.proposed", "en")).wait_for()
    assert page.locator(".st-key-plan_do_approved").count() == 0
    assert planner.faults == planner.strangers == planner.dialogs == []

    # Somebody else approves it, and it stands on the live map as planned.
    commander = enter("commander", Role.COMMANDER, "/checkpoints?lang=en&plan=1")
    commander.page.locator(".st-key-checkpoints-part button").first.wait_for(timeout=60_000)
    part(commander, "plans")
    press(commander.page, "plan_do_approved")
    commander.page.get_by_text(t("plans.moved.approved", "en")).wait_for()
    with border_store.connect() as connection:
        posts = connection.execute(text("select code, status from checkpoint where plan_id = 1 order by code")).all()
    assert [status for _, status in posts] == ["planned"] * 5
    commander.page.goto(commander.page.url.split("/checkpoints")[0] + "/?lang=en")
    live = commander.map_frame()
    wait_for(commander.page, lambda: live.evaluate("!!watch.overlays.kept.checkpoints"))
    shown = live.evaluate("watch.overlays.kept.checkpoints.points.map(one => [one.p.code, one.p.status])")
    assert {tuple(one) for one in shown} == {tuple(row) for row in posts}
    assert commander.faults == commander.strangers == commander.dialogs == []
