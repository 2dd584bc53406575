"""Signing in over HTTP: cookies, forms of our own alone, codes, the account page, the demonstration's people."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import Engine, make_url, text

from dashboard import store
from dashboard.i18n import t
from dashboard.web.gate import viewer_from_cookie
from geo.actions.demo_people import add_demo_people
from geo.actions.people import change_person, create_person
from geo.credentials.totp import code_at
from geo.db.engine import make_engine
from geo.model.person import Role
from geo.queries.people import person_by_login
from tests.dashboard.web.conftest import GOOD
from tests.dashboard.web.front_door import Door, front_door, hidden, said


def _sessions(office: Engine) -> int:
    with office.connect() as connection:
        return int(connection.execute(text("select count(*) from sign_in")).scalar_one())


# ---------------------------------------------------------------- the password


def test_the_right_password_opens_a_session_that_no_script_can_read(door: Door) -> None:
    browser = door.browser()
    answer = browser.sign_in("Planner", GOOD, "/sign-in?next=/live_map%3Ftype%3Ddrugs")
    assert (answer.status_code, answer.headers["location"]) == (303, "/live_map?type=drugs")
    cookie = next(c for c in answer.raw.headers.getlist("set-cookie") if c.startswith("watch="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Domain" not in cookie
    assert browser.who() == "login=planner planner"
    assert viewer_from_cookie(browser.cookies.get_dict()) is not None
    assert browser.page("/sign-in?next=/live_map").headers["location"] == "/live_map"


def test_behind_tls_the_cookie_is_bound_to_this_host(
    office: Engine, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    with front_door(office, monkeypatch, public_url="https://watch.test") as secure:
        page = requests.get(f"{secure.address}/sign-in", timeout=20)
        form = page.headers["set-cookie"].split(";")[0]
        assert page.headers["set-cookie"].startswith("__Host-watch-form=")
        for origin, status in (("https://watch.test", 303), ("https://evil.test", 400), ("http://watch.test", 400)):
            answer = requests.post(
                f"{secure.address}/sign-in", allow_redirects=False, timeout=20,
                headers={"Cookie": form, "Origin": origin},
                data={"form": hidden(page, "form"), "login": "planner", "password": GOOD},
            )  # fmt: skip
            assert answer.status_code == status, origin
            if status == 303:
                cookie = answer.headers["set-cookie"]
                assert cookie.startswith("__Host-watch=")
                assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
                token = cookie.split(";")[0].partition("=")[2]
        assert viewer_from_cookie({"__Host-watch": token}) is not None
        assert viewer_from_cookie({"watch": token}) is None  # any neighbouring host could have set that one


def test_nobody_types_a_password_into_an_unencrypted_page_of_another_machine(door: Door) -> None:
    browser = door.browser()
    for host in ("watch.test", "192.0.2.7:8501", "localhost.evil.test"):
        page = browser.page("/sign-in", headers={"Host": host})
        assert page.status_code == 403
        assert t("errors.sign_in.needs_https", "en") == said(page)
        assert 'type="password"' not in page.text
    for host in ("localhost:8501", "127.0.0.1", "[::1]:8501"):
        assert browser.page("/sign-in", headers={"Host": host}).status_code == 200


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(door: Door) -> None:
    answers = [door.browser().sign_in(login, "not the password") for login in ("planner", "nobody")]
    assert [a.status_code for a in answers] == [401, 401]
    assert {said(a) for a in answers} == {t("errors.sign_in.wrong", "en")}
    for _ in range(4):
        door.browser().sign_in("planner", "not the password")
    locked = door.browser().sign_in("planner", GOOD)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "900")
    assert said(locked) == t("errors.sign_in.locked", "en", minutes=15)


def test_twenty_guesses_at_once_do_not_get_through(door: Door, office: Engine) -> None:
    guesses = [f"guess number {n}" for n in range(19)] + [GOOD]

    def guess(password: str) -> int:
        browser = door.browser()
        page = browser.page("/sign-in")
        return browser.fill(page, "/sign-in", login="planner", password=password).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(guess, guesses))
    assert set(statuses) <= {303, 401, 429}
    assert statuses.count(401) <= 5
    assert statuses.count(429) >= 14


def test_one_network_may_try_so_many_logins_and_then_waits(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = door.browser()
    page = browser.page("/sign-in")
    statuses = [browser.fill(page, "/sign-in", login=f"nobody{n}", password="x").status_code for n in range(31)]
    assert statuses == [401] * 30 + [429]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "/%0d%0aSet-Cookie:x=1",
        "/\r\nx", "/\tevil", "///evil.test", "/sign-in?next=/", "/sign-out", "evil.test", "",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(door: Door, wanted: str) -> None:
    browser = door.browser()
    page = browser.page("/sign-in")
    answer = browser.fill(page, "/sign-in", login="planner", password=GOOD, next=wanted)
    assert answer.status_code == 303
    assert answer.headers["location"] in {"/", "/%0d%0aSet-Cookie:x=1"}


def test_a_form_that_is_not_ours_changes_nothing(door: Door, office: Engine) -> None:
    browser, other = door.browser(), door.browser()
    page, fields = browser.page("/sign-in"), {"login": "planner", "password": GOOD}
    refused = [
        browser.fill(page, "/sign-in", form="x", **fields),
        browser.fill(page, "/sign-in", form=hidden(other.page("/sign-in"), "form"), **fields),
        browser.fill(page, "/sign-in", {"Origin": "https://evil.test"}, **fields),
        browser.fill(page, "/sign-in", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, **fields),
        browser.fill(page, "/sign-in", {"Sec-Fetch-Site": "same-site"}, **fields),
        browser.post(f"{door.address}/sign-in", data=fields, timeout=20),
        browser.post(f"{door.address}/sign-in", json=fields, timeout=20),
        browser.post(f"{door.address}/sign-in", files={"login": b"planner"}, timeout=20),
        browser.fill(page, "/sign-in", password="x" * 20_000, login="planner"),
        requests.post(f"{door.address}/sign-out", timeout=20),
        browser.fill(page, "/sign-in/code", code="000000", proof="x"),
        browser.fill(page, "/sign-in/demo", form="x", person="1"),
    ]
    assert [r.status_code for r in refused] == [400] * len(refused)
    assert _sessions(office) == 0
    same_origin = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}  # as Chromium sends it
    assert browser.fill(page, "/sign-in", same_origin, **fields).status_code == 303
    assert _sessions(office) == 1
    stale = browser.fill(page, "/account", action="sign_out_all")  # made before the session was there
    assert stale.status_code == 400
    assert _sessions(office) == 1


def test_the_page_speaks_thai_first_and_english_where_asked(door: Door) -> None:
    browser = door.browser("th-TH,th;q=0.9,en;q=0.5")
    assert t("sign_in.enter", "th") in browser.page("/sign-in").text
    assert t("sign_in.enter", "en") in browser.page("/sign-in?lang=en").text
    assert t("sign_in.enter", "en") in door.browser("en-GB").page("/sign-in").text
    for odd in ("", "lo", "*", "en;q=x,,;q=", "x" * 9000):
        assert t("sign_in.enter", "th") in door.browser(odd).page("/sign-in").text, odd
    assert said(browser.fill(browser.page("/sign-in?lang=en"), "/sign-in", login="x", password="y")) == t(
        "errors.sign_in.wrong", "en"
    )


# ---------------------------------------------------------------- out again


def test_signing_out_ends_the_session_and_takes_the_cookie_away(door: Door) -> None:
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    token = browser.cookies["watch"]
    out = browser.fill(browser.page("/account"), "/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in?out=1&lang=en")
    assert "watch" not in browser.cookies
    assert t("sign_in.signed_out", "en") in browser.page("/sign-in?out=1").text
    assert viewer_from_cookie({"watch": token}) is None


def test_signing_in_again_closes_the_session_that_was_open_here(door: Door, office: Engine) -> None:
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    first = browser.cookies["watch"]
    account = browser.page("/account")
    assert browser.fill(account, "/sign-in", login="planner", password=GOOD).status_code == 303
    assert browser.cookies["watch"] != first
    assert viewer_from_cookie({"watch": first}) is None
    assert _sessions(office) == 1


def test_a_new_password_ends_the_other_sessions_and_the_old_one_fits_no_more(door: Door) -> None:
    here, there = door.browser(), door.browser()
    for browser in (here, there):
        browser.sign_in("planner", GOOD)
    account, new = here.page("/account"), "violet tractor nine moons"
    for fields, problem in (
        ({"old": GOOD, "new": new, "again": "another"}, "differ"),
        ({"old": "wrong", "new": new, "again": new}, "wrong_old"),
        ({"old": GOOD, "new": GOOD, "again": GOOD}, "same"),
        ({"old": GOOD, "new": "planner-planner", "again": "planner-planner"}, "own"),
        ({"old": GOOD, "new": "password1234", "again": "password1234"}, "common"),
    ):
        answer = here.fill(account, "/account", action="password", **fields)
        assert (answer.status_code, said(answer)) == (400, t(f"errors.password.{problem}", "en")), problem
    done = here.fill(account, "/account", action="password", old=GOOD, new=new, again=new)
    assert done.headers["location"] == "/account?done=password&lang=en"
    assert (here.who(), there.who()) == ("login=planner planner", "")
    assert door.browser().sign_in("planner", GOOD).status_code == 401
    assert door.browser().sign_in("planner", new).status_code == 303


def test_signing_out_everywhere_ends_all_sessions(door: Door, office: Engine) -> None:
    here, there = door.browser(), door.browser()
    for browser in (here, there):
        browser.sign_in("planner", GOOD)
    account = here.page("/account")
    assert account.text.count("<tr>") == 3
    assert here.fill(account, "/account", action="sign_out_all").status_code == 303
    assert (here.who(), there.who(), _sessions(office)) == ("", "", 0)


def test_a_first_password_lets_nobody_further_than_to_change_it(door: Door, office: Engine) -> None:
    with office.begin() as connection:
        create_person(connection, "new.one", "ใหม่", Role.PLANNER, password="first vivid kettle")
    browser = door.browser()
    assert browser.sign_in("new.one", "first vivid kettle").status_code == 303
    assert browser.page("/live_map").headers["location"] == "/account"
    assert browser.get(f"{door.address}/media/1.csv", timeout=20).status_code == 401
    account = browser.page("/account")
    assert t("account.must_change", "en") in account.text
    new = "violet tractor nine moons"
    browser.fill(account, "/account", action="password", old="first vivid kettle", new=new, again=new)
    assert browser.who() == "login=new.one planner"


# ---------------------------------------------------------------- codes


def test_codes_are_set_up_asked_for_and_stopped(door: Door) -> None:
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    account = browser.page("/account")
    assert said(browser.fill(account, "/account", action="codes_begin", old="wrong")) == t(
        "errors.password.wrong_old", "en"
    )
    begun = browser.fill(account, "/account", action="codes_begin", old=GOOD)
    assert "<svg" in begun.text
    shown = re.search(r'<code id="secret">([A-Z2-7 ]+)<', begun.text)
    assert shown is not None
    secret = base64.b32decode(shown[1].replace(" ", ""))
    again = browser.fill(begun, "/account", action="codes_finish", code="12345")
    assert said(again) == t("errors.sign_in.wrong_code", "en")
    step = int(time.time() // 30)
    done = browser.fill(again, "/account", action="codes_finish", code=code_at(secret, step))
    assert done.headers["location"] == "/account?done=codes_on&lang=en"

    other = door.browser()
    asked = other.sign_in("planner", GOOD, "/sign-in?next=/live_map")
    assert asked.status_code == 200
    assert other.who() == ""
    used = other.fill(asked, "/sign-in/code", code=code_at(secret, step))
    assert (used.status_code, said(used)) == (401, t("errors.sign_in.wrong_code", "en"))
    stolen = door.browser()
    stolen.page("/sign-in")
    assert stolen.fill(used, "/sign-in/code", code=code_at(secret, step + 1)).status_code == 400
    entered = other.fill(used, "/sign-in/code", code=code_at(secret, step + 1))
    assert (entered.status_code, entered.headers["location"]) == (303, "/live_map")
    assert other.who() == "login=planner planner"

    account = other.page("/account")
    assert said(other.fill(account, "/account", action="codes_stop", code="000")) == t(
        "errors.sign_in.wrong_code", "en"
    )
    with pytest.MonkeyPatch.context() as later:
        now = time.time()
        later.setattr(time, "time", lambda: now + 60)
        stopped = other.fill(account, "/account", action="codes_stop", code=code_at(secret, int((now + 60) // 30)))
    assert stopped.headers["location"] == "/account?done=codes_off&lang=en"
    assert door.browser().sign_in("planner", GOOD).status_code == 303


# ---------------------------------------------------------------- the demonstration


@pytest.fixture
def demonstration(office: Engine, border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, district_code, is_demo)"
                " values ('contraband', now(), 'online', '4301', true)"
            )
        )
        add_demo_people(connection)
    with front_door(office, monkeypatch) as opened:
        yield opened


def test_on_demonstration_data_one_tap_is_enough_for_every_role(demonstration: Door) -> None:
    page = demonstration.browser().page("/sign-in")
    for role in Role:
        assert t(f"role.{role}", "en") in page.text
    people = re.findall(r'name="person" value="(\d+)"', page.text)
    assert len(people) == 9
    roles = set()
    for number in people:
        browser = demonstration.browser()
        answer = browser.fill(browser.page("/sign-in?next=/live_map"), "/sign-in/demo", person=number)
        assert (answer.status_code, answer.headers["location"]) == (303, "/live_map")
        roles.add(browser.who().split()[1])
    assert roles == set(map(str, Role))
    account = browser.page("/account")
    assert t("account.demo", "en") in account.text
    assert browser.fill(account, "/account", action="password", old="", new=GOOD, again=GOOD).status_code == 400


def test_a_real_account_ends_the_demonstration_also_for_who_is_in(demonstration: Door, office: Engine) -> None:
    browser = demonstration.browser()
    page = browser.page("/sign-in")
    number = hidden(page, "person") or page.text.split('name="person" value="')[1].split('"')[0]
    browser.fill(page, "/sign-in/demo", person=number)
    assert browser.who()
    with office.begin() as connection:
        real = create_person(connection, "boss", "ก", Role.ADMINISTRATOR, password=GOOD)
    demonstration.known.heard("person")
    assert browser.who() == ""
    other = demonstration.browser()
    page = other.page("/sign-in")
    assert 'name="person"' not in page.text
    assert "(สาธิต)" not in page.text
    for wanted in (number, str(real.id), "", "0", "x"):
        refused = other.fill(page, "/sign-in/demo", person=wanted)
        assert (refused.status_code, said(refused)) == (403, t("errors.sign_in.no_demo", "en"))


def test_without_demonstration_data_nobody_is_listed_and_nobody_comes_in_by_a_tap(door: Door, office: Engine) -> None:
    browser = door.browser()
    page = browser.page("/sign-in")
    assert 'name="person"' not in page.text
    with office.connect() as connection:
        number = str(person_by_login(connection, "planner").id)
    assert browser.fill(page, "/sign-in/demo", person=number).status_code == 403
    assert _sessions(office) == 0


# ---------------------------------------------------------------- when something is wrong


def test_a_switched_off_person_is_out_at_the_next_request(door: Door, office: Engine) -> None:
    browser = door.browser()
    browser.sign_in("planner", GOOD)
    assert browser.who()
    with office.begin() as connection:
        change_person(connection, person_by_login(connection, "planner").id, active=False)
    door.known.heard("person")
    assert browser.who() == ""


def test_without_the_database_the_page_says_so_and_who_is_in_stays(
    door: Door, office: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, outside = door.browser(), door.browser()
    inside.sign_in("planner", GOOD)
    assert inside.who()
    page = outside.page("/sign-in")
    dead = make_engine(make_url("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    monkeypatch.setattr(store, "engine", lambda: dead)
    door.known.heard("*")
    assert inside.who() == "login=planner planner"
    assert outside.page("/sign-in").status_code == 503
    failed = outside.fill(page, "/sign-in", login="planner", password=GOOD)
    assert (failed.status_code, said(failed)) == (503, t("errors.database.unavailable", "en"))
    stranger = {"watch": "x" * 43}
    assert requests.get(f"{door.address}/", cookies=stranger, timeout=20).status_code == 503
    monkeypatch.setattr(store, "engine", lambda: office)
    assert requests.get(f"{door.address}/", cookies=stranger, timeout=20).status_code == 401
    assert outside.sign_in("planner", GOOD).status_code == 303
