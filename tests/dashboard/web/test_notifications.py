"""The list behind the bell, and how people choose to be told: theirs alone, from our own pages alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from markupsafe import escape
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from dashboard.i18n import t
from dashboard.web import notifications as web
from geo.actions.notify import kinds_for
from geo.actions.people import set_password
from geo.model.person import Role
from geo.queries.people import person
from tests.dashboard.outbox.conftest import Certificate, Receiver, certificate, receiver
from tests.dashboard.outbox.mail_stand_in import MailServerStandIn
from tests.dashboard.web.front_door import KEY, Browser, Door, front_door, hidden, said
from tests.geo.cases.conftest import Office, office
from tests.hostile import corpus

__all__ = ["certificate", "office", "receiver"]

PASSWORD = "kettle vivid ocarina"


@pytest.fixture
def post() -> Iterator[MailServerStandIn]:
    with MailServerStandIn() as server:
        yield server


@pytest.fixture
def door(
    office: Office, post: MailServerStandIn, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Door]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with front_door(
        office.app, monkeypatch, smtp_url=f"smtp://127.0.0.1:{post.port}", mail_from="watch@centre.test",
        private_webhooks=True,
    ) as made:  # fmt: skip
        yield made


def enter(office: Office, door: Door, login: str) -> Browser:
    with office.app.begin() as connection:
        set_password(connection, office.ids[login], PASSWORD, own=True)
    browser = door.browser()
    assert browser.sign_in(login, PASSWORD).status_code == 303
    return browser


def happens(office: Office, kind: str, case: str, detail: str = "{}") -> int:
    office.put(
        "insert into case_event (incident_id, kind, detail) select id, :k, cast(:d as jsonb) from incident"
        " where public_id = :p",
        k=kind, d=detail, p=case,
    )  # fmt: skip
    return int(office.one("select max(id) from notification"))


def own(office: Office, login: str) -> int:
    return int(office.one("select max(id) from notification where person_id = :p", p=office.ids[login]))


def unread(office: Office, login: str) -> int:
    return int(
        office.one("select count(*) from notification where person_id = :p and read_at is null", p=office.ids[login])
    )


def fill(browser: Browser, action: str, **fields: str) -> requests.Response:
    return browser.fill(browser.page("/notifications"), "/notifications", action=action, **fields)


def fields(page: requests.Response) -> dict[str, str]:
    """What stands chosen in the page's lists and fields."""
    found = {}
    for name, options in re.findall(r'<select [^>]*name="(\w+)">(.*?)</select>', page.text):
        chosen = re.search(r'value="(\w*)" ?(?:lang="\w+")? ?selected', options)
        found[name] = chosen[1] if chosen else ""
    return found | {
        name: unescape(value) for name, value in re.findall(r'name="(email|webhook)"[^>]* value="([^"]*)"', page.text)
    }


def test_nobody_without_a_session_gets_near(door: Door) -> None:
    browser = door.browser()
    for path in ("/notifications", "/notifications/1", "/notifications?done=ways"):
        assert browser.page(path).headers["location"].startswith("/sign-in?next=/notifications")
    assert requests.get(f"{door.address}/notifications/list", timeout=10).status_code == 401
    assert requests.post(f"{door.address}/notifications/read", timeout=10).status_code == 401


def test_a_page_of_another_host_does_not_hear_the_bell(office: Office, door: Door) -> None:
    cookies = enter(office, door, "officer").cookies.get_dict()
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    address = f"{door.address.replace('http', 'ws')}/notifications/live"
    with connect(address, origin=Origin(door.address), additional_headers=cookie):
        pass
    for origin, headers in (("https://evil.test", cookie), ("null", cookie), (None, cookie), (door.address, {})):
        said = None if origin is None else Origin(origin)
        with pytest.raises(InvalidStatus), connect(address, origin=said, additional_headers=headers):
            pass


def test_a_notification_leads_to_its_case_and_is_read_with_all_of_that_case(office: Office, door: Door) -> None:
    case, other = office.case(), office.case()
    for kind in ("received", "answered"):
        happens(office, kind, case)
    number = own(office, "officer")
    happens(office, "received", other)
    browser = enter(office, door, "officer")
    shown = browser.page("/notifications/list?lang=en").json()
    assert shown["unread"] == 3
    assert [(row["words"], row["case"], row["read"]) for row in shown["rows"]] == [
        ("A new report came in", other, False),
        ("The reporter answered a question", case, False),
        ("A new report came in", case, False),
    ]
    page = browser.page("/notifications")
    assert page.text.count('class="new"') == 3
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    answer = browser.page(shown["rows"][1]["href"])
    assert (answer.status_code, answer.headers["location"]) == (303, f"/inbox?case={case}&lang=en")
    assert shown["rows"][1]["href"] == f"/notifications/{number}?lang=en"
    assert unread(office, "officer") == 1
    assert unread(office, "chief") == 3


def test_an_agency_is_led_to_what_was_referred_to_it(office: Office, door: Door) -> None:
    case = office.case(status="referred")
    numbers = [
        office.put(
            "insert into referral (incident_id, agency, sent_by, answer_due) select id, :a, :by, now() + interval '1 day'"
            " from incident where public_id = :p returning id",
            a=agency, by=office.ids["officer"], p=case,
        )
        for agency in ("local_police", "customs")
    ]  # fmt: skip
    happens(office, "referred", case, '{"agency": "local_police"}')
    browser = enter(office, door, "police")
    answer = browser.page(f"/notifications/{own(office, 'police')}")
    assert answer.headers["location"] == f"/referrals?referral={numbers[0]}"
    assert set(fields(browser.page("/notifications"))) >= {"referred"}
    assert "assigned" not in fields(browser.page("/notifications"))


def test_who_was_given_something_to_do_is_led_to_the_meeting_that_decided_it(office: Office, door: Door) -> None:
    meeting = office.put(
        "insert into meeting (title, held_on, prepared_by, districts, first_day, last_day) values ('ประชุม', now(), :by, '{4301}',"
        " now(), now()) returning id",
        by=office.ids["chief"],
    )
    decision = office.put(
        "insert into decision (meeting_id, district_code, words, owner_id, due, decided_by) values (:m, '4301', 'ลับ', :p, now(),"
        " :by) returning id",
        m=meeting, p=office.ids["officer"], by=office.ids["chief"],
    )  # fmt: skip
    number = own(office, "officer")
    browser = enter(office, door, "officer")
    (row,) = browser.page("/notifications/list?lang=en").json()["rows"]
    assert (row["words"], row["case"]) == ("A meeting gave you something to do", f"Decision {decision}")
    answer = browser.page(row["href"])
    assert (answer.status_code, answer.headers["location"]) == (303, f"/meeting?meeting={meeting}&lang=en")
    assert unread(office, "officer") == 0
    assert "ลับ" not in browser.page("/notifications").text
    for other in ("chief", "police"):
        assert enter(office, door, other).page(f"/notifications/{number}").status_code == 404


def test_those_of_others_and_of_cases_that_are_no_longer_theirs_open_nothing(office: Office, door: Door) -> None:
    case = office.case()
    happens(office, "received", case)
    browser = enter(office, door, "officer")
    assert browser.page(f"/notifications/{own(office, 'chief')}").status_code == 404
    assert browser.page("/notifications/999999999999").status_code == 404
    assert browser.page("/notifications/99999999999999999999999").status_code == 404
    assert unread(office, "chief") == 1
    office.put("update incident set district_code = '4901' where public_id = :p", p=case)
    answer = browser.page(f"/notifications/{own(office, 'officer')}?lang=en")
    assert (answer.status_code, said(answer)) == (404, t("errors.notify.gone", "en"))
    assert case not in answer.text
    assert unread(office, "officer") == 0


def test_all_are_marked_as_read_from_the_page_or_the_bell_and_from_nowhere_else(office: Office, door: Door) -> None:
    browser = enter(office, door, "officer")
    happens(office, "received", office.case())
    for headers in (
        {},
        {"X-Watch-Bell": "1"},
        {"X-Watch-Bell": "1", "Origin": "https://evil.test"},
        {"Origin": door.address},
    ):
        assert browser.post(f"{door.address}/notifications/read", headers=headers, timeout=10).status_code == 403
    assert browser.post(f"{door.address}/notifications", data={"action": "read"}, timeout=10).status_code == 400
    assert unread(office, "officer") == 1
    good = {"X-Watch-Bell": "1", "Origin": door.address}
    assert browser.post(f"{door.address}/notifications/read", headers=good, timeout=10).status_code == 200
    assert unread(office, "officer") == 0
    happens(office, "received", office.case())
    assert fill(browser, "read").headers["location"] == "/notifications?done=read&lang=en"
    assert unread(office, "officer") == 0


def test_ways_and_addresses_are_kept_and_shown_again(office: Office, door: Door) -> None:
    browser = enter(office, door, "officer")
    assert set(fields(browser.page("/notifications")).values()) == {"none", "", "th"}
    assert (
        fill(browser, "ways", received="email", answered="webhook", closed="digest", nonsense="email").status_code
        == 303
    )
    fill(browser, "addresses", email=" me@centre.test ", webhook="https://hooks.test/x", tongue="en")
    page = browser.page("/notifications")
    kept = fields(page)
    assert {k: v for k, v in kept.items() if v not in {"none", ""}} == {
        "received": "email", "answered": "webhook", "closed": "digest", "tongue": "en", "email": "me@centre.test",
        "webhook": "https://hooks.test/x",
    }  # fmt: skip
    assert web.outbox().webhook_key(office.ids["officer"]) in page.text
    everything = {kind.value: "email" for kind in kinds_for(Role.OFFICER)}
    assert fill(browser, "ways", all="digest", **everything).status_code == 303  # as large as a browser sends it
    assert office.rows("select distinct way from notification_choice") == [("digest",)]
    fill(browser, "ways", all="none", received="email")
    assert office.rows("select * from notification_choice") == []
    fill(browser, "addresses", email="", webhook="", tongue="th")
    assert office.rows("select email, webhook_url, language from person where login = 'officer'") == [
        (None, None, "th")
    ]
    assert office.rows("select action, count(*) from audit_log where action like 'notify%' group by 1 order by 1") == [
        ("notify.addresses", 2), ("notify.ways", 3),
    ]  # fmt: skip
    assert "centre.test" not in str(office.rows("select detail from audit_log"))


def test_hostile_addresses_are_refused_shown_as_text_and_not_kept(office: Office, door: Door, tmp_path: Path) -> None:
    browser = enter(office, door, "officer")
    for word in corpus(tmp_path / "made", "http://beacon.test/x")[:40]:
        answer = fill(browser, "addresses", email=word[:200], webhook="", tongue="th")
        assert answer.status_code == 400
        assert said(answer) in {t("errors.notify.email_form", "en"), t("errors.sign_in.form", "en")}
        if word.isprintable() and said(answer) == t("errors.notify.email_form", "en"):
            assert f'value="{escape(word[:200])}"' in answer.text
    for url in ("http://10.0.0.1/x", "https://me:pw@x.test/", "https://x.test/#y"):
        assert said(fill(browser, "addresses", webhook=url, tongue="th")) == t("errors.notify.webhook_form", "en")
    assert said(fill(browser, "addresses", tongue="xx")) == t("errors.notify.language", "en")
    assert office.rows("select email, webhook_url from person where login = 'officer'") == [(None, None)]
    assert not (tmp_path / "made").exists()


def test_a_trial_goes_to_ones_own_address_a_few_times(
    office: Office, door: Door, post: MailServerStandIn, receiver: Receiver
) -> None:
    browser = enter(office, door, "officer")
    assert said(fill(browser, "try_email")) == t("errors.notify.no_address", "en")
    fill(browser, "addresses", email="me@centre.test", webhook=f"{receiver.address}/in", tongue="en")
    assert fill(browser, "try_email", email="other@centre.test").headers["location"].endswith("done=email&lang=en")
    assert [handed.to for handed in post.taken] == [["me@centre.test"]]
    assert fill(browser, "try_webhook").headers["location"].endswith("done=webhook&lang=en")
    assert [path for path, _, _ in receiver.got] == ["/in"]
    post.refuse["me@centre.test"] = "550 <script>secret</script>"
    answer = fill(browser, "try_email")
    assert said(answer) == t("errors.notify.mail_refused", "en", answer=550)
    assert "secret" not in answer.text
    receiver.answer = 302
    assert said(fill(browser, "try_webhook")) == t("errors.notify.webhook_refused", "en", answer=302)
    fill(browser, "try_webhook")
    assert said(fill(browser, "try_email")) == t("errors.notify.too_many", "en", minutes=15)
    assert len(receiver.got) == 3


def test_a_demonstration_sends_nothing_out(
    office: Office, door: Door, post: MailServerStandIn, monkeypatch: Any
) -> None:
    browser = enter(office, door, "officer")
    office.put("update person set is_demo = true, email = 'all@centre.test' where login = 'officer'")
    with office.app.begin() as connection:
        demo = person(connection, office.ids["officer"])
    monkeypatch.setattr(door.known, "person", lambda _token: demo)
    monkeypatch.setattr(door.known, "remembered", lambda _token: demo)
    page = browser.page("/notifications")
    assert t("errors.notify.demo", "en") in unescape(page.text)
    for action in ("addresses", "try_email"):
        assert said(fill(browser, action, email="x@centre.test", tongue="th")) == t("errors.notify.demo", "en")
    assert (post.taken, hidden(page, "form") != "", KEY not in page.text) == ([], True, True)


def test_who_is_told_of_nothing_is_told_so(office: Office, door: Door) -> None:
    page = enter(office, door, "commander").page("/notifications?lang=en")
    assert t("notification.nothing", "en") in page.text
    assert "<select" not in page.text
