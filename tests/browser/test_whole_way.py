"""The whole way, in real browsers: a citizen's report without a line, to a case that two people closed, and back again."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from sqlalchemy import Engine, text

from geo.db.scope import enter as act_as
from geo.model import Reach, Scope
from geo.model.person import Role
from geo.queries.audit import verify
from tests.browser.conftest import Enter, Watched, press, wait_for
from tests.browser.phone import LAO, phone, photo, ready, waited

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
"""Seven pages are open at once: on a machine that is busy with other things they take their time."""

HERE, NEXT = ("4301",), ("4302",)
AT = {"longitude": 102.7413, "latitude": 17.8785}
TOLD = "ເຮືອສາມລຳ ຂົນຖົງດຳຂຶ້ນຝັ່ງ"
VILLAGE = "ທ່າເຮືອຫຼັງວັດ"
ANSWER = "ເຮືອສີຟ້າ ບໍ່ມີເລກ"
FOUND = "พบถุงดำสิบสองใบที่ท่าน้ำ"
PROTEST = "ເຮືອຍັງມາທຸກຄືນ"
SOON_S = 60.0
"""Five seconds are promised where the machine does nothing else; here other tests run beside this one."""
HOLLOW = "r"
CASE_TABLES = (
    "incident", "incident_count", "report", "report_question", "case_file", "case_event", "evidence", "fact_check", "referral",
    "log_entry", "notification",
)  # fmt: skip


def one(store: Engine, statement: str, **values: object) -> object:
    with store.connect() as connection:
        return connection.execute(text(statement), values).scalar()


def status(store: Engine) -> object:
    return one(store, "select status from incident")


def reach(page: Page, store: Engine, wanted: str) -> None:
    wait_for(page, lambda: status(store) == wanted)


def step(page: Page, code: str, note: str | None = None) -> None:
    """Take a step that asks something."""
    press(page, f"do_{code}")
    page.locator(f".st-key-save_{code}").wait_for()  # before it the form of the step before may still stand there
    if note is not None:
        page.locator("[data-testid=stForm] textarea").last.fill(note)
    press(page, f"save_{code}")
    page.locator(f".st-key-save_{code}").wait_for(state="detached")  # drawn anew: the next step follows on this one


def is_drawn(frame: Frame, letter: str) -> None:
    """Wait until the one incident on the map is drawn in the state of this letter; all that is not verified is hollow."""
    frame.wait_for_function("s => watch.incidents.points.length === 1 && watch.incidents.points[0].s === s", arg=letter)


def look_up(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}/report/status")
    page.locator("#code").fill(code)
    page.locator("button.main").click()


def test_a_report_from_the_river_is_closed_by_two_people_and_comes_back(
    enter: Enter, served: str, border_store: Engine, browser: Browser
) -> None:
    officer = enter("officer", Role.OFFICER, "/inbox", districts=HERE)
    officer.page.get_by_text("ไม่มีเรื่องที่ต้องดำเนินการ").wait_for()
    officer.page.evaluate("window.mine = 'the same page'")
    commander = enter("commander", Role.COMMANDER, "/")
    neighbours = [enter("neighbour", Role.OFFICER, path, districts=NEXT) for path in ("/inbox", "/")]
    neighbours[0].page.get_by_text("ไม่มีเรื่องที่ต้องดำเนินการ").wait_for()
    maps = [commander.map_frame(), neighbours[1].map_frame()]
    for frame in maps:
        frame.evaluate("watch.map.setView([17.8785, 102.7413], 13, {animate: false}); window.mine = 'the same frame'")
        frame.locator("#map_div").dispatch_event("pointerdown")  # a person has moved the map: it is theirs from now on
        frame.wait_for_function("watch.idle && watch.incidents.points.length === 0")

    with phone(browser, geolocation=AT, permissions=["geolocation"]) as citizen:
        code, number = reported_without_a_line(citizen, served, officer, border_store)
        live = maps[0]
        is_drawn(live, HOLLOW)

        page = officer.page
        page.locator(".st-key-list_scroll [class*=st-key-open_] button").first.click()
        page.locator(".st-key-case_body").get_by_text(TOLD).wait_for()
        page.locator(".st-key-case_body img").first.wait_for()
        press(page, "do_start")
        page.locator(".st-key-do_start").wait_for(state="detached")
        reach(page, border_store, "verifying")

        step(page, "question", "เรือสีอะไร มีหมายเลขหรือไม่")
        page.locator(".st-key-case_body").get_by_text("เรือสีอะไร").wait_for()
        look_up(citizen, served, code)
        expect(citizen.locator(".state .big")).to_have_text(LAO["states"]["verifying"])
        expect(citizen.locator(".asked")).to_have_text("เรือสีอะไร มีหมายเลขหรือไม่")
        citizen.locator("textarea[name=answer]").fill(ANSWER)
        citizen.get_by_text(LAO["status"]["answer_button"], exact=True).click()
        expect(citizen.locator("[role=status]")).to_have_text(LAO["status"]["answered"])
        page.locator(".st-key-case_body").get_by_text(ANSWER).wait_for()

        step(page, "verify", FOUND)
        reach(page, border_store, "verified")
        assert one(border_store, "select source_grade || info_grade from case_file")
        is_drawn(live, "y")

        refer_and_hear_the_outcome(enter, page, border_store)
        is_drawn(live, "f")

        step(page, "close", "จับกุมแล้ว ส่งพนักงานสอบสวน")
        assert page.locator(".st-key-do_confirm").count() == 0
        assert status(border_store) == "referred", "one person alone closes nothing"
        chief = enter("chief", Role.CHIEF, f"/inbox?case={number}", districts=HERE)
        step(chief.page, "confirm")
        reach(chief.page, border_store, "closed")
        is_drawn(live, "c")

        look_up(citizen, served, code)
        expect(citizen.locator(".state .big")).to_have_text([LAO["states"]["closed"], LAO["outcomes"]["arrest"]])
        citizen.locator("#note").fill(PROTEST)
        citizen.get_by_role("button", name=LAO["status"]["wrong_button"]).click()
        expect(citizen.locator(".state")).to_contain_text(LAO["status"]["disputed"])
        assert status(border_store) == "verifying"
        page.locator(".st-key-case_body").get_by_text(PROTEST).wait_for()
        is_drawn(live, HOLLOW)

    assert page.evaluate("window.mine") == "the same page"
    assert [frame.evaluate("window.mine") for frame in maps] == ["the same frame"] * 2
    for watched in (officer, commander, chief, *neighbours):
        assert (watched.dialogs, watched.strangers, watched.faults) == ([], [], [])
    nothing_of_it_is_known(neighbours, border_store, number)
    verify_log(border_store)


def reported_without_a_line(citizen: Page, address: str, officer: Watched, store: Engine) -> tuple[str, str]:
    """Report on a telephone that has no line, wait for one; the receipt's code and the number of the case."""
    citizen.goto(f"{address}/report")
    ready(citizen)
    citizen.locator("#district").select_option(HERE[0])  # its sub-districts stay on the telephone
    citizen.wait_for_selector("#subdistrict-field:not([hidden])")
    citizen.context.set_offline(True)
    citizen.goto(f"{address}/report")
    expect(citizen.locator("h1")).to_have_text(LAO["page"]["title"])
    citizen.get_by_text(LAO["what"]["types"]["contraband"]).click()
    citizen.locator("#description-box").fill(TOLD)
    citizen.locator("#locate").click()
    expect(citizen.locator("[name=lat]")).to_have_value("17.87850")
    citizen.locator("#district").select_option(HERE[0])
    citizen.wait_for_selector("#subdistrict-field:not([hidden])")
    citizen.locator("#subdistrict").select_option("430101")
    citizen.locator("#village").fill(VILLAGE)
    citizen.locator("#photos-box").set_input_files([photo()])
    citizen.wait_for_selector("#chosen img")
    citizen.locator("#send").click()
    expect(citizen.locator("#phone h2")).to_have_text(LAO["phone"]["waiting"].format(n=1))
    expect(citizen.locator("#phone")).to_contain_text(LAO["phone"]["offline"])
    assert one(store, "select count(*) from report") == 0

    citizen.context.set_offline(False)
    officer.page.locator(".st-key-list_scroll").get_by_text(VILLAGE).wait_for()
    seen = time.time()
    taken_in = one(store, "select extract(epoch from received_at)::float8 from report")
    assert isinstance(taken_in, float)
    assert 0 <= seen - taken_in < SOON_S
    expect(citizen.locator("#phone .code")).to_be_visible()
    code = citizen.locator("#phone .code").inner_text()
    citizen.reload()
    expect(citizen.locator("#phone .code")).to_have_text(code)
    waited(citizen, lambda: citizen.evaluate("ReportQueue.all().then(all => all.every(e => e.state === 'sent'))"))
    assert one(store, "select count(*) from report") == one(store, "select count(*) from evidence") == 1
    assert one(store, "select concat_ws(' ', language, area_code, village) from report") == f"lo 430101 {VILLAGE}"
    return code, str(one(store, "select public_id from incident"))


def refer_and_hear_the_outcome(enter: Enter, page: Page, store: Engine) -> None:
    """Send the case to customs, who take it over and say what came of it."""
    press(page, "do_refer")
    page.locator(".st-key-save_refer").wait_for()
    page.locator("[data-testid=stForm] [data-testid=stSelectbox]").first.click()
    page.keyboard.type("ศุลกากร")
    page.keyboard.press("Enter")
    press(page, "save_refer")
    page.locator(".st-key-save_refer").wait_for(state="detached")
    wait_for(page, lambda: one(store, "select agency from referral") == "customs")
    customs = enter("customs", Role.AGENCY, agency="customs")
    customs.page.locator("[class*=st-key-open_] button").first.click()
    customs.page.get_by_text(TOLD).wait_for()
    press(customs.page, "do_accept")
    customs.page.locator(".st-key-do_accept").wait_for(state="detached")
    wait_for(customs.page, lambda: one(store, "select state from referral") == "accepted")
    step(customs.page, "outcome", "ยึดของกลางและจับผู้ต้องหา 2 คน")
    wait_for(customs.page, lambda: one(store, "select state from referral") == "done")
    page.get_by_text("ยึดของกลางและจับผู้ต้องหา 2 คน").first.wait_for()
    assert (customs.dialogs, customs.strangers, customs.faults) == ([], [], [])


def nothing_of_it_is_known(neighbours: list[Watched], store: Engine, number: str) -> None:
    """The next district saw nothing of the case on its open pages, heard nothing of it, and can read nothing of it."""
    words = [TOLD, VILLAGE, ANSWER, FOUND, PROTEST, number, "102.7413", "17.8785"]
    for watched in neighbours:
        shown = watched.page.inner_text("body")
        assert watched.heard, "a page without a websocket proves nothing"
        heard = b"\n".join(watched.heard)
        for word in words:
            assert word not in shown
            assert word.encode() not in heard
    frame = neighbours[1].map_frame()
    assert frame.evaluate("watch.incidents.points") == []
    assert neighbours[1].page.locator('[data-testid="stMetricValue"]').first.inner_text() == "0"
    neighbours[0].page.goto(neighbours[0].page.url.split("?")[0] + f"?case={number}")
    neighbours[0].page.locator(".st-key-notice, .st-key-case_head").get_by_role("alert").first.wait_for()
    assert TOLD not in neighbours[0].page.inner_text("body")
    with store.begin() as connection:
        who = connection.execute(text("select id from person where login = 'neighbour'")).scalar_one()
        act_as(connection, Scope(NEXT, Reach.CENTRE), who)
        there = {of: connection.execute(text(f"select count(*) from {of}")).scalar_one() for of in CASE_TABLES}
    assert set(there.values()) == {0}, there


def verify_log(store: Engine) -> None:
    """Everything that was done stands in the log, whose chain is whole."""
    with store.connect() as connection:
        assert verify(connection).broken is None
        actions = set(connection.execute(text("select action from audit_log")).scalars())
    assert {
        "report.receive", "case.open", "report.ask", "report.answer", "case.verify", "referral.send", "referral.open",
        "referral.accept",
        "referral.outcome", "case.propose_closing", "case.close", "report.dispute",
    } <= actions  # fmt: skip
