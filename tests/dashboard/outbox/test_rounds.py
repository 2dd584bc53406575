"""Whoever chose so is told outside the application: once, whatever happens on the way, and of nothing but a number."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dashboard.outbox import mail
from dashboard.outbox.rounds import Outbox
from dashboard.outbox.webhook import signature
from geo.actions.notify import mark_read
from geo.actions.notify_send import MOST_TRIES, WAITS_S, take_parcel
from geo.db.engine import libpq_url
from geo.model.case import Event
from geo.model.notification import Way
from tests.dashboard.outbox.conftest import KEY, Desk, Receiver
from tests.dashboard.outbox.mail_stand_in import MailServerStandIn

ROOT = Path(__file__).resolve().parents[3]


def bodies(post: MailServerStandIn) -> list[str]:
    return [handed.mail.get_content() for handed in post.taken]


def test_what_was_chosen_is_sent_once_and_nothing_else(desk: Desk, post: MailServerStandIn) -> None:
    case = desk.happens("received")
    desk.happens("disputed", case)  # not chosen
    outbox = desk.outbox(post.port, public_url="https://watch.test/")
    assert [outbox.round(), outbox.round()] == [1, 0]
    [handed] = post.taken
    assert handed.to == ["officer@centre.test"]
    letter = handed.mail
    assert (letter["To"], letter["From"].addresses[0].addr_spec) == ("officer@centre.test", "watch@centre.test")
    assert letter["Auto-Submitted"] == "auto-generated"
    number = desk.office.one("select id from notification where kind = 'received' and sent_at is not null")
    text = letter.get_content()
    assert text.splitlines()[:2] == [
        f"A new report came in · {case}",
        f"https://watch.test/notifications/{number}",
    ]
    assert "reporter" not in text


def test_what_happens_together_goes_into_one_message_and_the_next_waits_a_minute(
    desk: Desk, post: MailServerStandIn
) -> None:
    cases = [desk.happens("received") for _ in range(3)]
    outbox = desk.outbox(post.port)
    assert outbox.round() == 1
    [body] = bodies(post)
    assert [case in body for case in cases] == [True] * 3
    assert "http" not in body  # without an address of the pages there is no link
    desk.happens("received")
    assert outbox.round() == 0
    desk.later(2)
    assert outbox.round() == 1


def test_only_what_happens_after_the_choice_is_sent(desk: Desk, post: MailServerStandIn) -> None:
    case = desk.happens("disputed")
    desk.choose("officer", Event.DISPUTED)
    outbox = desk.outbox(post.port)
    assert outbox.round() == 0
    desk.choose("officer", Event.DISPUTED, way=Way.NONE)
    desk.happens("disputed", desk.office.case())
    desk.choose("officer", Event.DISPUTED)
    assert outbox.round() == 0
    later = desk.happens("disputed", desk.office.case())
    assert outbox.round() == 1
    assert later in bodies(post)[0]
    assert case not in bodies(post)[0]


@pytest.mark.parametrize(
    "change",
    [
        "update person set active = false where login = 'officer'",
        "update person set is_demo = true where login = 'officer'",
        "update person set email = null where login = 'officer'",
        "update notification set read_at = now()",
        "delete from notification_choice",
    ],
)
def test_who_left_or_read_it_or_chose_otherwise_is_not_told(desk: Desk, post: MailServerStandIn, change: str) -> None:
    desk.happens("received")
    desk.office.put(change)
    assert desk.outbox(post.port).round() == 0
    assert post.taken == []


def test_of_a_case_that_is_no_longer_theirs_nobody_is_told(desk: Desk, post: MailServerStandIn) -> None:
    case = desk.happens("received")
    desk.office.put(
        "update person_district set district_code = '4901' where person_id = :i", i=desk.office.ids["officer"]
    )
    assert desk.outbox(post.port).round() == 0
    assert (post.taken, case in desk.office.told("officer")[0]) == ([], True)
    assert desk.office.one("select count(*) from notification where person_id = :i and sent_at is null",
                           i=desk.office.ids["officer"]) == 0  # fmt: skip


# ---------------------------------------------------------------- several processes


def test_of_many_at_once_each_message_is_sent_by_one(desk: Desk, post: MailServerStandIn) -> None:
    for who in ("second", "chief", "neighbour"):
        desk.address(who, email=f"{who}@centre.test")
        desk.choose(who, Event.RECEIVED)
    cases = [desk.happens("received") for _ in range(6)]
    post.busy_s = 0.05
    start = threading.Barrier(6)

    def run(_: int) -> int:
        outbox = desk.outbox(post.port)
        start.wait()
        return outbox.round()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(run, range(6))) == len(post.taken)
    told = [(handed.to[0], case) for handed in post.taken for case in cases if case in handed.mail.get_content()]
    assert sorted(told) == sorted(
        (f"{who}@centre.test", case) for who in ("officer", "second", "chief") for case in cases
    )


def test_two_processes_send_everything_once(desk: Desk, post: MailServerStandIn, tmp_path: Path) -> None:
    cases = []
    for who in ("second", "chief"):
        desk.address(who, email=f"{who}@centre.test")
        desk.choose(who, Event.RECEIVED, Event.ANSWERED, Event.DISPUTED)
    for kind in ("received", "answered", "disputed"):
        cases += [desk.happens(kind) for _ in range(4)]
    environment = {
        "WATCH_DB_URL": libpq_url(desk.office.owner.url), "WATCH_VAR_DIR": str(tmp_path), "WATCH_SECRET_KEY": KEY,
        "WATCH_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "WATCH_MAIL_FROM": "watch@centre.test", "PATH": "/usr/bin:/bin",
        "WATCH_LANGUAGE": "en",
    }  # fmt: skip
    command = [sys.executable, "-m", "dashboard", "notifications", "send"]
    both = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(int(line.split(":")[1]) for line in said) == len(post.taken)
    told = [(handed.to[0], case) for handed in post.taken for case in cases if case in handed.mail.get_content()]
    assert sorted(told) == sorted(
        [(f"{who}@centre.test", case) for who in ("second", "chief") for case in cases]
        + [("officer@centre.test", case) for case in cases[:8]]
    )
    assert desk.waiting() == 4  # the officer did not choose to be told of disputes


def test_what_a_process_took_before_it_died_is_sent_by_another_one(desk: Desk, post: MailServerStandIn) -> None:
    case = desk.happens("received")
    with desk.office.app.begin() as connection:
        assert take_parcel(connection, mail=True, digest_hour=7) is not None
    outbox = desk.outbox(post.port)
    assert outbox.round() == 0
    desk.later(WAITS_S[0] / 60)
    assert outbox.round() == 1
    assert case in bodies(post)[0]


# ---------------------------------------------------------------- what goes wrong


def test_a_mail_server_that_is_away_loses_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with MailServerStandIn() as gone:
        port = gone.port
    cases = [desk.happens("received") for _ in range(2)]
    outbox = desk.outbox(port, smtp_url=f"smtp://me:hunter2-secret@127.0.0.1:{port}")
    with caplog.at_level(logging.INFO, "watch.outbox"):
        for _ in range(MOST_TRIES + 3):  # days of it
            assert outbox.round() == 0
            desk.later(WAITS_S[-1] / 60)
        with MailServerStandIn(port=port) as back:
            assert outbox.round() == 1
    assert [case in bodies(back)[0] for case in cases] == [True, True]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "hunter2" not in caplog.text
    assert "officer@centre.test" not in caplog.text


def test_an_address_that_is_not_taken_now_is_tried_again_and_at_last_given_up(
    desk: Desk, post: MailServerStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    desk.address("chief", email="chief@centre.test")
    desk.choose("chief", Event.RECEIVED)
    post.refuse["officer@centre.test"] = "451 come back later"
    desk.happens("received")
    outbox = desk.outbox(post.port)
    with caplog.at_level(logging.WARNING, "watch.outbox"):
        assert outbox.round() == 1  # the others are told all the same
        for wait in WAITS_S[:-1]:
            desk.later(wait / 60 - 1)
            assert (outbox.round(), caplog.records) == (0, [])
            desk.later(1)
            outbox.round()
    assert [record.getMessage() for record in caplog.records] == [
        f"person {desk.office.ids['officer']} is not told of 1 notifications by email, given up after {MOST_TRIES}"
        " attempts: notify.mail_refused 451"
    ]
    post.refuse.clear()
    desk.later(10_000)
    assert (outbox.round(), len(post.taken)) == (0, 1)
    assert ("received", desk.office.told("officer")[0][1]) in desk.office.told("officer")


def test_a_message_that_may_have_been_taken_is_not_sent_again_every_minute(
    desk: Desk, post: MailServerStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "ANSWER_S", 0.3)
    post.busy_s = 1.0
    desk.happens("received")
    outbox = desk.outbox(post.port)
    assert outbox.round() == 0
    for _ in range(3):
        desk.later(2)
        assert outbox.round() == 0
    assert desk.office.one("select tries from notification where person_id = :i", i=desk.office.ids["officer"]) == 1
    post.busy_s = 0.0
    desk.later(WAITS_S[0] / 60)
    assert outbox.round() == 1
    assert len({handed.mail["Message-ID"] for handed in post.taken}) == 1


def test_an_address_that_does_not_exist_is_given_up_at_once(
    desk: Desk, post: MailServerStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    post.refuse["officer@centre.test"] = "550 nobody here"
    desk.happens("received")
    outbox = desk.outbox(post.port)
    with caplog.at_level(logging.WARNING, "watch.outbox"):
        outbox.round()
    assert "given up after 1 attempts: notify.mail_refused 550" in caplog.text
    post.refuse.clear()
    desk.later(10_000)
    assert outbox.round() == 0


def test_a_password_travels_encrypted_and_to_a_server_that_proves_itself(desk: Desk) -> None:
    desk.happens("received")
    with MailServerStandIn(desk.certificate.server()) as server:
        url = f"starttls://me:pass%20word@localhost:{server.port}"
        strange = Outbox(desk.office.app, desk.settings(smtp_url=url))  # believes this machine's authorities
        assert (strange.round(), server.taken) == (0, [])
        desk.later(2)
        assert desk.outbox(smtp_url=url).round() == 1
    [handed] = server.taken
    assert (handed.encrypted, handed.signed_in) == (True, True)


# ---------------------------------------------------------------- digests


def test_a_digest_comes_once_a_day_with_what_happened_before_its_hour(desk: Desk, post: MailServerStandIn) -> None:
    desk.choose("officer", Event.RECEIVED, way=Way.DIGEST)
    desk.office.put("update notification_choice set chosen_at = now() - interval '3 days'")
    old = [desk.happens("received") for _ in range(3)]
    desk.office.put("update notification set at = now() - interval '25 hours'")
    new = desk.happens("received")
    desk.office.put("update notification set at = now() + interval '1 minute' where id = (select max(id) from notification"
                    " where person_id = :i)", i=desk.office.ids["officer"])  # fmt: skip
    outbox = desk.outbox(post.port)
    assert [outbox.round() for _ in range(3)] == [1, 0, 0]
    [handed] = post.taken
    assert handed.mail["Subject"] == "NTS-Mekong Watch, daily digest: 3"
    text = handed.mail.get_content()
    assert [case in text for case in (*old, new)] == [True, True, True, False]
    desk.later(10_000)
    assert outbox.round() == 0


def test_a_digest_of_who_has_no_mailbox_goes_to_their_webhook(desk: Desk, receiver: Receiver) -> None:
    desk.address("officer", webhook=f"{receiver.address}/in?room=1")
    desk.choose("officer", Event.RECEIVED, way=Way.DIGEST)
    desk.office.put("update notification_choice set chosen_at = now() - interval '3 days'")
    case = desk.happens("received")
    desk.office.put("update notification set at = now() - interval '25 hours'")
    assert desk.outbox().round() == 1
    [(path, _, body)] = receiver.got
    said = json.loads(body)
    assert (path, said["type"], said["notifications"][0]["case"]) == ("/in?room=1", "digest", case)


# ---------------------------------------------------------------- webhooks


def by_webhook(desk: Desk, address: str) -> None:
    desk.address("officer", webhook=address)
    desk.choose("officer", Event.RECEIVED, Event.ANSWERED, way=Way.WEBHOOK)


def test_a_webhook_gets_signed_json(desk: Desk, receiver: Receiver) -> None:
    by_webhook(desk, f"{receiver.address}/in")
    case = desk.happens("received")
    outbox = desk.outbox(public_url="https://watch.test")
    assert outbox.round() == 1
    [(path, headers, body)] = receiver.got
    number = desk.office.one("select id from notification where person_id = :i", i=desk.office.ids["officer"])
    said = json.loads(body)
    assert (path, headers["Content-Type"]) == ("/in", "application/json; charset=utf-8")
    assert said == {
        "id": headers["X-Watch-Id"], "type": "news",
        "notifications": [{
            "kind": "received", "case": case, "words": "A new report came in",
            "link": f"https://watch.test/notifications/{number}",
        }],
    }  # fmt: skip
    key = outbox.webhook_key(desk.office.ids["officer"])
    assert headers["X-Watch-Signature"] == signature(key, headers["X-Watch-Timestamp"], body)
    assert key != outbox.webhook_key(desk.office.ids["chief"])


@pytest.mark.parametrize(("answer", "again"), [(500, True), (429, True), (302, False), (404, False)])
def test_what_a_webhook_answers_decides_whether_it_is_asked_again_and_nobody_is_followed(
    desk: Desk, receiver: Receiver, answer: int, again: bool
) -> None:
    by_webhook(desk, receiver.address)
    desk.happens("received")
    receiver.answer = answer
    outbox = desk.outbox()
    assert outbox.round() == 0
    assert [path for path, _, _ in receiver.got] == ["/"]
    receiver.answer = 200
    desk.later(WAITS_S[0] / 60)
    assert outbox.round() == int(again)


def test_a_webhook_that_leads_into_the_own_network_is_not_asked(
    desk: Desk, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    by_webhook(desk, receiver.address)  # a name is only a name until it is looked up
    desk.happens("received")
    with caplog.at_level(logging.WARNING, "watch.outbox"):
        assert desk.outbox(private_webhooks=False).round() == 0
    assert receiver.got == []
    assert "notify.webhook_private" in caplog.text
    assert receiver.address not in caplog.text


# ---------------------------------------------------------------- once an hour


def test_referrals_lapse_by_themselves_and_those_concerned_are_told(desk: Desk) -> None:
    office = desk.office
    numbers = []
    for district, who in (("4301", "officer"), ("4901", "neighbour")):
        case = office.case(district=district, status="referred")
        numbers.append(
            office.put(
                "insert into referral (incident_id, agency, sent_by, answer_due) select id, 'customs', :by,"
                " now() - interval '1 minute' from incident where public_id = :p returning id",
                by=office.ids[who], p=case,
            )
        )  # fmt: skip
    outbox = desk.outbox()
    with ThreadPoolExecutor(4) as pool:
        assert sum(lapsed for lapsed, _ in pool.map(lambda _: outbox.tidy(), range(4))) == 2
    assert {row[0] for row in office.rows("select state from referral")} == {"lapsed"}
    assert [kind for kind, _ in office.told("officer")] == ["referral_lapsed"]
    assert [kind for kind, _ in office.told("neighbour")] == ["referral_lapsed"]
    assert office.rows("select person_id, detail from audit_log where action = 'referral.lapse' order by id") == [
        (None, {"referral": number}) for number in numbers
    ]


def test_what_was_read_long_ago_is_forgotten_and_nothing_else(desk: Desk) -> None:
    for days in (89, 92):
        desk.happens("received")
        with desk.office.acting("officer") as connection:
            mark_read(connection, desk.office.ids["officer"])
        desk.office.put(
            "update notification set read_at = now() - :d * interval '1 day' where read_at > now() - interval '1 hour'",
            d=days,
        )
    before: Any = desk.office.one("select count(*) from notification")
    assert desk.outbox().tidy() == (0, 1)
    assert desk.office.one("select count(*) from notification") == before - 1
