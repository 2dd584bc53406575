"""More than 200 hostile texts through every field that somebody outside may fill: taken as they are or refused, never obeyed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from dashboard.contact import unseal
from dashboard.receipt import Receipts, typed_code
from dashboard.web import sign_in
from geo.credentials.attempts import Attempts
from geo.ingest.text import clean
from tests import hostile
from tests.dashboard.web.conftest import GOOD
from tests.dashboard.web.front_door import Door
from tests.dashboard.web.partner_server import SECRET, Partner, report, running
from tests.dashboard.web.report_site import Site, code_of, site

NOWHERE = "http://127.0.0.1:9/beacon"
CHOSEN = ("crime_type", "when", "day", "clock", "lon", "lat", "subdistrict", "ongoing", "said_at", "client_id")
"""Fields of the form that hold no free text."""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder that must never come to be."""
    return tmp_path / "made"


@pytest.fixture
def texts(made: Path) -> Iterator[list[str]]:
    """The texts; nothing that they ask for was done."""
    yield hostile.sample(made, NOWHERE)
    assert not made.exists()


@pytest.fixture
def form(border_store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """The public form with roomy limits."""
    roomy = {"WATCH_REPORTS_PER_HOUR": "100000", "WATCH_REPORTS_PER_SECOND": "100000", "WATCH_SECRET_KEY": SECRET}
    with site(border_store, monkeypatch, tmp_path, **roomy) as browser:
        yield browser


def rows(store: Engine, statement: str) -> list[Any]:
    with store.connect() as connection:
        return list(connection.execute(text(statement)).all())


@pytest.mark.parametrize("lang", ["th", "en", "lo", "km"])
def test_the_public_form_takes_them_as_text_or_refuses_them(
    form: Site, border_store: Engine, texts: list[str], lang: str
) -> None:
    token = form.form(lang)["token"]

    def send(as_json: bool, **fields: str) -> Any:
        given = {"token": token, "description": "-"} | fields
        headers = {"accept": "application/json" if as_json else "text/html"}
        return form.post(f"/report?lang={lang}", data=given, headers=headers)

    harmless = [
        send(False, **dict.fromkeys(CHOSEN, said), village="x", contact="x", description=said, district=district).text
        for district in ("x", "5703", "")
        for said in ("x", "")
    ]
    sent = {}
    for number, bad in enumerate(texts):
        page = send(
            False, **dict.fromkeys(CHOSEN, bad[:100]), village=bad[:100], contact=bad[:150], description=bad[:4000],
            district=bad[:20], **{bad[:30] or "-": bad[:30]},
        )  # fmt: skip
        assert page.status_code == 422, bad
        assert hostile.planted(page.text, harmless) == [], bad
        kept = re.search(r"<textarea[^>]*>\n?([^<]*)</textarea>", page.text)
        assert kept
        assert hostile.letters(unescape(kept[1])) == hostile.letters(bad[:4000]), bad
        as_json = bool(number % 2)
        refused = send(True, description=bad[:4000], district="", contact=(bad * 300)[:900])
        assert refused.status_code == 422, bad
        client_id = str(uuid4())
        answer = send(
            as_json,
            client_id=client_id,
            district="5703",
            village=bad[:100],
            description=f"{bad[:3900]}.",
            contact=bad[:190],
        )
        assert answer.status_code == (201 if as_json else 200), (bad, answer.text[:300])
        assert hostile.COMPUTED not in answer.text
        sent[client_id] = bad
    kept_rows = rows(
        border_store,
        "select r.client_id::text as client_id, description, village, sealed from report r left join report_contact c on c.report_id = r.id",
    )
    assert len(kept_rows) == len(sent) >= hostile.LEAST
    for row in kept_rows:
        bad = sent[row.client_id]
        assert row.description == clean(f"{bad[:3900]}.", lines=True).strip()
        assert (row.village or "") == clean(bad[:100]).strip()
        assert (unseal(SECRET, bytes(row.sealed)) if row.sealed else "") == clean(bad[:190]).strip()
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", row.description)


QUESTIONS = 24
"""Questions of one report."""


def test_questions_answers_and_protests_on_the_status_page_stay_text(
    form: Site, border_store: Engine, texts: list[str]
) -> None:
    def ask(**fields: str) -> Any:
        return form.post("/report/status?lang=en", data=fields)

    answered = disputed = 0
    for start in range(0, len(texts), QUESTIONS):
        mine = texts[start : start + QUESTIONS]
        code = code_of(form.report("en").text)
        with border_store.begin() as connection:
            put = text(
                "insert into report_question (report_id, question) select max(id), cast(:q as text) from report returning id"
            )
            numbers = [
                connection.execute(put, {"q": clean(bad, lines=True) or "?"}).scalar_one()
                for bad in ("harmless", *mine)
            ]
        harmless = [ask(code=code, do="answer", question=str(numbers[0]), answer="yes").text]
        harmless.append(ask(code=code, do="answer", question="x", answer="x").text)
        for number, bad in zip(numbers[1:], mine, strict=True):
            page = ask(code=code, do="answer", question=str(number), answer=bad[:1900])
            assert page.status_code in (200, 422), bad
            assert hostile.planted(page.text, harmless) == [], bad
            answered += page.status_code == 200
            for field in ("code", "do", "question"):
                odd = ask(**({"code": code, "do": "answer", "question": "1", "answer": "x"} | {field: bad[:200]}))
                assert odd.status_code in (200, 404, 422), bad
                assert hostile.COMPUTED not in odd.text
        page = ask(code=code)
        shown = hostile.letters(unescape(re.sub("<[^>]*>", "", page.text)))
        for bad in mine:
            assert hostile.letters(clean(bad[:1900], lines=True)) in shown, bad
        closed = "update incident set status = 'closed' where id = (select max(incident_id) from report)"
        with border_store.begin() as connection:
            connection.execute(text(closed))
        harmless.append(ask(code=code, do="dispute", note="x" * 2001).text)
        for bad in mine:
            refused = ask(
                code=code, do="dispute", note=(bad * 2001)[:3000]
            )  # too long: it comes back to be made shorter
            if refused.status_code == 422:
                assert hostile.planted(refused.text, harmless) == [], bad
            page = ask(code=code, do="dispute", note=bad[:1900])
            assert page.status_code in (200, 422), bad
            disputed += page.status_code == 200
            with border_store.begin() as connection:
                connection.execute(text(closed))
    assert answered > hostile.LEAST * 0.9
    assert disputed >= hostile.LEAST
    last = [row.dispute_note for row in rows(border_store, "select dispute_note from report order by id desc limit 1")]
    assert last == [clean(texts[-1][:1900], lines=True).strip() or None]


@pytest.fixture
def partner(border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    """A partner's system with a key."""
    with running(border_store, monkeypatch) as one:
        yield one


def test_partners_systems_hand_them_in_as_text_or_are_told_what_is_wrong(
    partner: Partner, border_store: Engine, texts: list[str]
) -> None:
    expected = {}
    receipts = Receipts.of(SECRET)
    for number, bad in enumerate(texts):
        words = {"description": f"{bad[:3900]}.", "contact": bad[:190]}
        if number % 2:
            answer = partner.send(report(**words, place={"area_code": "4301", "village": bad[:100]}))
        else:
            kobo = {"_uuid": str(uuid4()), "area_code": "4301", "group/village": bad[:100], bad[:50]: bad, **words}
            answer = partner.call("POST", "/api/reports/kobo", json=kobo)
        assert answer.status_code == 201, (bad, answer.text)
        code = typed_code(answer.json()["receipt"])
        assert code
        expected[receipts.kept(code)] = bad
        for wrong in (
            report(crime_type=bad), report(language=bad), report(client_id=bad), report(photos=[bad]), report(ongoing=bad),
            report(place={"area_code": bad}), report(place={"lat": bad, "lon": bad}), report(occurred={"when": bad}),
            report(occurred={"when": "date", "at": bad}), report(**{f"{bad[:80]}_": bad}),
        ):  # fmt: skip
            told = partner.send(wrong)
            assert told.status_code in (400, 422), (bad, told.text)
            assert told.headers["content-type"] == "application/problem+json"
            assert hostile.COMPUTED not in told.text
            json.loads(told.text)
        odd = partner.call(
            "POST",
            "/api/reports/kobo",
            json={"_uuid": str(uuid4()), "area_code": bad, "occurred": bad, "crime_type": bad},
        )
        assert odd.status_code in (400, 422), (bad, odd.text)
    kept = rows(
        border_store,
        "select receipt_hash, description, village, sealed from report r left join report_contact c on c.report_id = r.id",
    )
    assert len(kept) == len(expected) >= hostile.LEAST
    for row in kept:
        bad = expected[bytes(row.receipt_hash)]
        assert row.description == clean(f"{bad[:3900]}.", lines=True).strip()
        assert (row.village or "") == clean(bad[:100]).strip()
        assert (unseal(SECRET, bytes(row.sealed)) if row.sealed else "") == clean(bad[:190]).strip()


def test_the_way_in_and_the_account_page_show_them_as_they_are(
    door: Door, office: Engine, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "attempts", Attempts(most=100_000))
    browser = door.browser()
    page = browser.page("/sign-in")
    harmless = [page.text, browser.fill(page, "/sign-in", login="nobody", password="x").text]
    for number, bad in enumerate(texts):
        asked = browser.page("/sign-in", params={"next": f"/{bad[:800]}", "lang": bad[:100], bad[:50] or "-": bad[:50]})
        assert asked.status_code == 200, bad
        assert hostile.planted(asked.text, harmless) == [], bad
        if number % 4 == 0 or number < 60:  # each costs a check of a password
            answer = browser.fill(page, "/sign-in", login=bad[:90], password=bad[:90] or "x", next=bad[:300])
            assert answer.status_code in (400, 401, 429), (bad, answer.text)
            assert hostile.planted(answer.text, harmless) == [], bad
    known = door.browser()
    known.sign_in("planner", GOOD)
    account = known.page("/account")
    harmless = [account.text, known.fill(account, "/account", action="name", name="x").text]
    harmless.append(known.fill(account, "/account", action="name", name=" ").text)
    named = 0
    for bad in texts:
        answer = known.fill(account, "/account", action="name", name=bad[:100])
        assert answer.status_code in (200, 303, 400, 422), (bad, answer.text)
        shown = known.page("/account")
        assert hostile.planted(shown.text, harmless) == [], bad
        value = re.search(r'name="name" value="([^"]*)"', shown.text)
        assert value
        if answer.status_code in (200, 303) and clean(bad[:100]).strip():
            assert hostile.letters(unescape(value[1])) == hostile.letters(clean(bad[:100])), bad
            named += 1
        for action in (bad[:40], "codes_stop", "codes_finish"):
            odd = known.fill(account, "/account", action=action, code=bad[:60], enrolment=bad[:60], old=bad[:20])
            assert odd.status_code < 500, bad
            assert hostile.COMPUTED not in odd.text
    assert named >= 0.8 * hostile.LEAST
