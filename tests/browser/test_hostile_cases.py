"""Hostile words in every field of a case, brought in by the steps themselves and looked at where officers, agencies and
coordinators read them: shown letter by letter, and nothing else happens."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page
from sqlalchemy import Connection, Engine, text

from dashboard.panels.coordinator_one import Home
from dashboard.panels.coordinator_rows import _report
from geo.actions import case_merge, cases, closing, fact_checks, intake, joint_log, questions, referrals
from geo.actions.evidence import add_evidence
from geo.actions.intake import NewReport
from geo.actions.people import create_person
from geo.crs import TIMEZONE
from geo.db.scope import enter as act_as
from geo.ingest.text import clean
from geo.model import Reach, Scope
from geo.model.case import Finding, Grade, Outcome, UnitKind
from geo.model.person import Person, Role, scope_of
from geo.queries.people import person_by_login
from tests import hostile
from tests.browser.conftest import Enter, Watched, press

pytestmark = pytest.mark.browser

HERE = ("4301",)
LONG, VILLAGE = 3_500, 100
STRANGER = Scope(districts=(), role=Reach.INTAKE)
TODAY = "today"


def handed_in(connection: Connection, **given: Any) -> str:
    """A stranger's report; the number of its case."""
    values = {
        "receipt_hash": uuid4().bytes * 2,
        "crime_type": "contraband",
        "area_code": HERE[0],
        "lon": 102.74,
        "lat": 17.87,
    } | given
    received = intake.submit(connection, NewReport(client_id=uuid4(), **values))
    connection.execute(text("set local role none"))
    return str(
        connection.execute(
            text("select i.public_id from incident i join report r on r.incident_id = i.id where r.public_id = :p"),
            {"p": received.public_id},
        ).scalar_one()
    )


class Centre:
    """Two officers and a chief of a district, and customs, who write hostile words wherever they can."""

    def __init__(self, store: Engine) -> None:
        self.store = store
        with store.begin() as connection:
            for login, role, more in (
                ("officer", Role.OFFICER, {"districts": HERE}), ("chief", Role.CHIEF, {"districts": HERE}),
                ("customs", Role.AGENCY, {"agency": "customs"}),
            ):  # fmt: skip
                create_person(connection, login, f"คุณ {login}", role, **more)

    def act(self, login: str, step: Any, *given: Any, **more: Any) -> Any:
        """Take one step as somebody, with that person's rights, in a transaction of its own."""
        with self.store.begin() as connection:
            who = person_by_login(connection, login)
            assert who is not None
            act_as(connection, scope_of(who), who.id)
            return step(connection, who.id, *given, **more)

    def one(self, statement: str, **values: Any) -> Any:
        with self.store.connect() as connection:
            return connection.execute(text(statement), values).scalar_one()

    def infest(self, case: str, word: str) -> None:
        """The whole way of a case with these words in every field that takes some, and back to its beginning."""
        report = self.one(
            "select max(r.id) from report r join incident i on i.id = r.incident_id where i.public_id = :c", c=case
        )
        receipt = bytes(self.one("select receipt_hash from report where id = :r", r=report))
        self.act("officer", cases.note, case, word)
        check = self.act("officer", fact_checks.ask_unit, case, UnitKind.VDC, word, instruction=word)
        self.act("officer", fact_checks.record_finding, check, Finding.UNCLEAR, word)
        self.act("officer", add_evidence, case, "text/plain", word.encode(), word)
        self.act("officer", add_evidence, case, "application/pdf", b"%PDF-1.4 " + word.encode(), word)
        asked = self.act("officer", questions.ask_reporter, report, word)
        with self.store.begin() as connection:
            act_as(connection, STRANGER)
            assert intake.answer(connection, receipt, asked, word[:2000])
        self.act("officer", cases.grade, case, Grade("B", 2), word)
        free = self.one(
            "select min(p.id) from person p where role in ('officer', 'chief') and p.id is distinct from"
            " (select f.officer_id from case_file f join incident i on i.id = f.incident_id where i.public_id = :c)",
            c=case,
        )
        self.act("officer", cases.assign, case, free, word)
        self.act(
            "officer", joint_log.add_log_entry, HERE[0], joint_log.LogKind.CALL, word, counterpart=word, public_id=case
        )
        self.act("officer", cases.verify, case, Grade("B", 2), word)
        sent = self.act("officer", referrals.refer, case, "customs", word)
        self.act("customs", referrals.give_back, sent, word)
        sent = self.act("officer", referrals.refer, case, "customs", word)
        self.act("officer", referrals.accept, sent, on_paper=word)
        self.act("customs", referrals.report_outcome, sent, Outcome.OTHER, word)
        self.act("officer", cases.draft_text, case, word)
        self.act("chief", cases.approve_text, case, word)
        self.act("officer", closing.propose_closing, case, Outcome.OTHER, word)
        self.act("chief", closing.send_back, case, word)
        self.act("officer", closing.propose_closing, case, Outcome.OTHER, word)
        self.act("chief", closing.confirm_closing, case, word)
        with self.store.begin() as connection:
            act_as(connection, STRANGER)
            assert intake.dispute(connection, receipt, word[:2000])
        self.act("officer", cases.unfounded, case, word)
        self.act("chief", closing.reopen, case, word)


def nothing_happened(watched: Watched, made: Path) -> None:
    """No script ran, nobody was told, nothing was calculated, no file was made, nothing complained."""
    assert (watched.dialogs, watched.strangers, watched.faults) == ([], [], [])
    page = watched.page
    assert hostile.COMPUTED not in page.inner_text("body")
    assert page.locator("a[href*=beacon], img[src*=beacon], iframe[src*=beacon], link[href*=beacon]").count() == 0
    assert not made.exists()


def shows(page: Page, words: list[str], within: str = "body") -> None:
    """Each of the words stands there, letter by letter, in an element of plain text."""
    texts = page.locator(f"{within} [data-testid=stText]").all_text_contents()
    shown = "\n".join(hostile.letters(one) for one in texts)
    for word in words:
        for part in clean(word, lines=True).split(hostile.MARK):
            assert hostile.letters(part) in shown, part


def wait_for_texts(page: Page, least: int) -> None:
    """Wait until so many plain texts are drawn, and no more come."""
    page.wait_for_function(
        "n => document.querySelectorAll('[data-testid=stText]').length >= n && !document.querySelector('[data-stale=true]')",
        arg=least,
    )  # fmt: skip


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    """Hostile texts as they can be stored, more than 200."""
    found = [one for one in hostile.sample(tmp_path / "made", hostile.BEACON) if hostile.storable(one)]
    assert len([one for one in found if len(one) <= LONG and clean(one, lines=True)]) >= hostile.LEAST
    return found


def test_words_in_every_field_of_a_case_are_shown_and_do_nothing(
    enter: Enter, border_store: Engine, tmp_path: Path, texts: list[str]
) -> None:
    made, centre = tmp_path / "made", Centre(border_store)
    words = hostile.gathered(texts, LONG)
    assert sum(word.count(hostile.MARK) + 1 for word in words) >= hostile.LEAST
    villages = [one for one in hostile.gathered(texts, VILLAGE) if clean(one)]
    with border_store.begin() as connection:
        case = handed_in(connection, description=words[0], village=villages[0])
        other = [handed_in(connection, description=word, lon=102.9) for word in words[1:]]
        listed = {handed_in(connection, village=one, lon=102.6): one for one in villages[:60]}
        connection.execute(
            text("update person set name = :w where login = 'officer'"),
            {"w": f"<img src=x onerror=alert(1)> ![]({hostile.BEACON}) {{{{7919*7907}}}} **fat**"},
        )
    centre.act("officer", cases.start_verifying, case)
    for word in words:
        centre.infest(case, word)
    for number, word in zip(other, words[1:], strict=True):
        centre.act("officer", case_merge.merge, number, case, word)

    officer = enter("officer", Role.OFFICER, f"/inbox?case={case}", districts=HERE)
    officer.page.locator(".st-key-history").wait_for()
    wait_for_texts(officer.page, 20 * len(words))
    shows(officer.page, words, ".st-key-case_body")
    for field in ("report_", "evidence_"):
        shows(officer.page, words, f"[class*=st-key-{field}]")
    shows(officer.page, words, ".st-key-history")
    nothing_happened(officer, made)
    press(officer.page, "do_question")
    officer.page.locator(".st-key-save_question").wait_for()
    nothing_happened(officer, made)

    log = enter("officer", Role.OFFICER, "/joint_log", districts=HERE)
    wait_for_texts(log.page, 3 * len(words))
    shows(log.page, words, "[class*=st-key-log_]")
    nothing_happened(log, made)

    customs = enter("customs", Role.AGENCY, agency="customs")
    press(customs.page, "group_returned")
    customs.page.locator("[class*=st-key-open_] button").first.click()
    wait_for_texts(customs.page, len(words))
    shows(customs.page, words, ".st-key-case_body")
    nothing_happened(customs, made)

    seen = set()
    officer.page.goto(officer.page.url.split("?")[0])
    while True:
        officer.page.locator(".st-key-list_scroll [class*=st-key-open_] button").first.wait_for()
        officer.page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
        seen |= {
            hostile.letters(one)
            for one in officer.page.locator(".st-key-list_scroll [data-testid=stText]").all_text_contents()
        }
        following = officer.page.locator(".st-key-next button")
        if not following.count() or following.first.is_disabled():
            break
        before = officer.page.inner_text(".st-key-list_scroll")
        following.first.click()
        officer.page.wait_for_function("b => document.querySelector('.st-key-list_scroll').innerText !== b", arg=before)
    for village in listed.values():
        assert any(hostile.letters(clean(village)) in one for one in seen), village
    nothing_happened(officer, made)

    live = enter("officer", Role.OFFICER, "/", districts=HERE)
    live.map_frame()
    card = ""
    for button in range(5):
        live.page.locator(".st-key-newest button").nth(button).click()
        live.page.wait_for_function(
            "b => ![b, ''].includes(document.querySelector('.st-key-card')?.innerText ?? '')", arg=card
        )
        live.page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
        card = live.page.inner_text(".st-key-card")
        number = re.search(r"NTS\d\d-\d{7}", card)
        assert number
        shows(live.page, [listed[number[0]]], ".st-key-card")
    nothing_happened(live, made)


def test_a_coordinators_words_are_shown_and_do_nothing(
    enter: Enter, border_store: Engine, tmp_path: Path, texts: list[str]
) -> None:
    made = tmp_path / "made"
    short = hostile.gathered(texts, 150)
    home = f"<b>{{{{7919*7907}}}}</b> ![]({hostile.BEACON})"
    with border_store.begin() as connection:
        person = create_person(
            connection, "headman", "[x](javascript:alert(1))", Role.COORDINATOR, area_code="430101", village=home
        )
        taken = by_rows(connection, person, texts)
        assert taken >= hostile.LEAST
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["วันที่เกิดเหตุ", "ประเภทเหตุ", "อำเภอ", "สถานที่", "รายละเอียด"])
    day = f"{datetime.now(ZoneInfo(TIMEZONE)):%d/%m/%Y}"
    for word in texts:
        writer.writerow([day, "ยาเสพติด", "เมืองหนองคาย", word[:100], word[:2000]])
    for word in texts[:40]:
        writer.writerow([word, word, word, word, word])

    headman = enter("headman", Role.COORDINATOR, area_code="430101", village=home)
    page = headman.page
    page.locator("textarea").first.fill(short[0][:150])
    page.get_by_role("tab").nth(2).click()
    page.locator("input[type=file]").set_input_files(
        {
            "name": "<img src=x onerror=alert(1)>{{7919*7907}}.csv",
            "mimeType": "text/csv",
            "buffer": sheet.getvalue().encode("utf-8", "replace"),
        }
    )
    press(page, "send_sheet")
    page.get_by_text("อ่าน ").first.wait_for()
    nothing_happened(headman, made)
    with page.expect_download() as download:
        press(page, "download_rejects")
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=@\t\r" and cell] == []
    page.get_by_role("tab").nth(0).click()
    press(page, "send_one")
    page.locator(".st-key-notice").wait_for()
    page.locator("[class*=st-key-own_]").first.get_by_text("{{").wait_for()
    shows(page, [short[0][:150]], "[class*=st-key-own_]")
    shows(page, [home])
    nothing_happened(headman, made)


def by_rows(connection: Connection, person: Person, texts: list[str]) -> int:
    """What the table hands in, as the page does it; how many were taken."""
    act_as(connection, scope_of(person), person.id)
    home, batch = Home(person, HERE[0], ()), uuid4()
    days = {datetime.now(ZoneInfo(TIMEZONE)).date(): TODAY}
    taken = 0
    for word in texts:
        row = {"type": "", "day": TODAY, "time": "", "village": word[:100], "told": f"{word[:3900]}."}
        taken += intake.submit(connection, _report(home, row, batch, {"": "", "x": word}, days, "th")).is_new
    return taken
