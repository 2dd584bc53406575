"""A meeting from its preparation to the next one: frozen, run from keys, decided on the screen, followed up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.actions.meetings import prepare_meeting
from geo.db.scope import enter as act_for
from geo.model.meeting import MeetingFilter
from geo.model.person import Person, Role, scope_of
from tests import hostile
from tests.browser.conftest import Enter, Watched, drawn, press

pytestmark = pytest.mark.browser

DISTRICTS = ("4301", "4302", "4308")
"""The last of them has no incident."""
HOSTILE = "ตั้งจุดสกัด <img src=http://203.0.113.7/x onerror=alert(1)> {{7*7}} ${alert(1)} ![](http://203.0.113.7/y)"
SWITCH_MS = 1000
"""The issue's aim, on a projector's computer; the machine that runs the tests is no faster."""


def _incidents(store: Engine, district: str, n: int, days_ago: int = 3) -> None:
    with store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, reported_at, channel, status, district_code, geom)"
                " select 'contraband', now() - interval '1 day' * (:ago + i % 20), now() - interval '1 day' * (:ago + i % 20),"
                " 'online', 'verified', code, st_translate(st_pointonsurface(geom), (i % 7) * 0.001, (i % 5) * 0.001)"
                " from area, generate_series(1, :n) i where code = :district"
            ),
            {"district": district, "n": n, "ago": days_ago},
        )


def _room(watched: Watched, turn: int) -> Page:
    """The meeting's screen, once this one of them stands on it and its map is drawn."""
    page = watched.page
    page.locator("#room:not([hidden])").wait_for()
    page.wait_for_function("n => document.body.dataset.at === String(n) && room.idle", arg=turn)
    return page


def _prepare(page: Page) -> None:
    press(page, "meeting_prepare")
    press(page, "meeting_freeze")
    page.locator(".meeting-title").wait_for()
    drawn(page)


def _shown(page: Page) -> Sequence[str]:
    return page.locator(".screen.now .figure-value").all_inner_texts()


def test_a_meeting_is_frozen_run_decided_held_and_the_next_one_opens_on_what_is_undone(
    enter: Enter, border_store: Engine
) -> None:
    for district, n in (("4301", 60), ("4302", 12)):
        _incidents(border_store, district, n)
    chief = enter("chief", Role.CHIEF, "/meeting", "projector", districts=DISTRICTS)
    page = chief.page
    _prepare(page)
    page.locator(".st-key-meeting_start_now a").click()

    # One district a screen, turned by the keys of a keyboard and of a remote, at once.
    _room(chief, 1)
    for key, turn in (("PageDown", 2), ("ArrowRight", 3), ("ArrowRight", 4), ("PageUp", 3), ("End", 5), ("Home", 1)):
        page.keyboard.press(key)
        page.wait_for_function("n => document.body.dataset.at === String(n)", arg=turn)
        page.wait_for_function("() => document.body.dataset.took !== undefined")
        assert page.evaluate("room.took") < SWITCH_MS
    page.keyboard.press("ArrowRight")
    _room(chief, 2)
    sizes = page.evaluate(
        "['.screen.now .figure-value', '.screen.now .lines li', '.screen.now .places .place-name', '.screen.now h2'].map("
        "s => parseFloat(getComputedStyle(document.querySelector(s)).fontSize))"
    )
    assert sizes[0] >= 64
    assert min(sizes[1:]) >= 27.9
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    before = _shown(page)
    assert before[0] == "60"

    # Somebody else of the district has it open on a device of their own.
    officer = enter("officer", Role.OFFICER, "/meetings/1", "phone", districts=("4301",))
    officer.page.goto(f"{officer.page.url}#2")
    officer.page.reload()
    _room(officer, 2)
    assert officer.page.locator(".decide-button").is_hidden()

    # What comes in moves nothing, and is counted.
    _incidents(border_store, "4301", 1, days_ago=0)
    page.locator(".screen.now .since", has_text=t("meeting_screen.came", "th", n=1)).wait_for()
    assert _shown(page) == before

    # Decided with the keyboard and one tap on the map; on every screen at once, and still there after a reload.
    page.keyboard.press("d")
    page.keyboard.type(HOSTILE)
    page.locator(".decide select").first.select_option(index=1)
    box = page.locator(".screen.now .map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".disc.chosen").wait_for(state="attached")
    lost: list[int] = []

    def lose(asked: Route) -> None:
        if lost:
            asked.continue_()
            return
        lost.append(asked.fetch().status)
        asked.abort()

    page.route("**/meetings/*/decisions?*", lose)
    page.locator(".decide button.main").click()  # it arrives, and its answer does not
    page.locator(".decide .problem", has_text=t("meeting_screen.words.not_saved", "th")).wait_for()
    assert lost == [200]
    assert page.locator(".decide textarea").input_value() == HOSTILE
    chief.faults.clear()
    page.locator(".decide button.main").click()
    page.locator(".decide").wait_for(state="hidden")
    with border_store.connect() as connection:
        assert connection.execute(text("select count(*) from decision")).scalar() == 1
    for other in (page, officer.page):
        said = other.locator(".screen.now .decision .said")
        said.wait_for()
        assert said.inner_text() == HOSTILE
        assert other.locator(".screen.now .decision img").count() == 0
    page.reload()
    _room(chief, 2)
    page.locator(".screen.now .decision .said").wait_for()
    assert _shown(page) == before
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator(".screen.now .part-quiet", has_text=t("meeting_screen.words.empty", "th")).wait_for()

    # Held: nothing can be added any more.
    page.keyboard.press("End")
    page.locator(".screen.now .ways button.main").click()
    page.locator(".decide button.main").click()
    page.locator("body.held").wait_for()
    assert page.locator(".decide-button").is_hidden()
    page.keyboard.press("d")
    assert page.locator(".decide").is_hidden()
    page.keyboard.press("Escape")
    page.locator(".meeting-title").wait_for()

    # The next meeting opens on it, with what happened there since.
    with border_store.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text("update decision set decided_at = now() - interval '10 days', due = current_date - 1"))
    press(page, "meeting_back")
    page.locator(".st-key-meeting_prepare").wait_for()
    _prepare(page)
    page.locator(".st-key-meeting_start_now a").click()
    _room(chief, 1)
    undone = page.locator(".part-undone .followed")
    assert undone.locator(".said").inner_text() == HOSTILE
    assert undone.locator("tbody tr").count() >= 1
    assert undone.locator(".late").count() == 1
    page.keyboard.press("Escape")

    # Done, from the page.
    page.locator(".st-key-meeting_back button").wait_for()
    press(page, "meeting_back")
    press(page, "end_done_")
    page.locator("[class*=st-key-decision_] textarea").fill("ตั้งแล้ว")
    press(page, "end_save_")
    page.get_by_text(t("meeting_page.undone_none", "th")).wait_for()
    for watched in (chief, officer):
        assert (watched.faults, watched.strangers, watched.dialogs) == ([], [], [])


def test_whoever_takes_no_part_is_refused_and_an_officer_prepares_none(enter: Enter, border_store: Engine) -> None:
    agency = enter("agency", Role.AGENCY, "/meetings/1", agency="customs").page
    agency.get_by_text(t("errors.meeting_screen.not_yours", "th")).wait_for()
    officer = enter("officer", Role.OFFICER, "/meeting", "phone", districts=("4301",)).page
    officer.get_by_text(t("meeting_page.none_reader", "th")).wait_for()
    drawn(officer)
    assert officer.locator(".st-key-meeting_prepare").count() == 0
    officer.goto(officer.url.split("/meeting")[0] + "/meetings/7")
    officer.get_by_text(t("errors.meeting.not_found", "th", number=7)).wait_for()


def test_whatever_was_typed_stands_on_screen_and_page_as_text(
    enter: Enter, border_store: Engine, tmp_path: Path
) -> None:
    beacon = "http://203.0.113.7/told"
    words = hostile.gathered(hostile.sample(tmp_path / "made", beacon), 1900)
    chief = enter("chief", Role.CHIEF, "/account", "projector", districts=DISTRICTS[:1])
    with border_store.begin() as connection:
        number = connection.execute(text("select id from person where login = 'chief'")).scalar_one()
        person = Person(number, "chief", "chief", Role.CHIEF, DISTRICTS[:1])
        act_for(connection, scope_of(person), number)
        day = date.today()
        chosen = MeetingFilter(day - timedelta(days=27), day)
        title = next(one for one in words if "<" in one)[:150]
        prepare_meeting(connection, person, title=title, held_on=day, districts=DISTRICTS[:1], chosen=chosen)
    with border_store.begin() as connection:
        for place, said in enumerate(words):
            connection.execute(
                text(
                    "insert into decision (meeting_id, district_code, words, owner_id, due, state, reason, decided_by, ended_at)"
                    " values (1, '4301', :said, :who, current_date, :state, :said, :who, case :state when 'done' then now() end)"
                ),
                {"said": said, "who": number, "state": "done" if place % 2 else "open"},
            )
    page = chief.page
    page.goto(f"{page.url.split('/account')[0]}/meetings/1?lang=en#3")
    _room(chief, 3)
    shown = {letters(said) for said in page.locator(".screen.now .said").all_inner_texts()}
    assert shown == {letters(said) for said in words}
    page.keyboard.press("Home")
    _room(chief, 1)
    page.keyboard.press("Escape")
    page.locator(".meeting-title").wait_for()
    drawn(page)
    assert {letters(said) for said in page.locator(".meeting-words").all_inner_texts()} == shown
    for place in (page.locator(".meeting-words *"), page.locator(".meeting-title img, .meeting-title script")):
        assert place.count() == 0
    assert not (tmp_path / "made").exists()
    assert (chief.faults, chief.strangers, chief.dialogs) == ([], [], [])


def letters(shown: str) -> str:
    """Text without its spaces and what is not seen, which browsers may show otherwise."""
    return "".join(one for one in shown if one.isprintable() and not one.isspace())
