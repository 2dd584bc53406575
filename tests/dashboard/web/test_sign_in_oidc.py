"""Signing in with an OpenID Connect account: whom the provider vouches for, and every answer that is not believed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.actions.people import change_person, create_person, link_account
from geo.model.person import Role
from tests.dashboard.web.front_door import Browser, Door, front_door, said
from tests.dashboard.web.provider_stand_in import CLIENT, SECRET, StandIn, stand_in


@pytest.fixture
def provider() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


@pytest.fixture
def office_door(office: Engine, provider: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with office.begin() as connection:
        made = create_person(connection, "officer", "ปลัด", Role.OFFICER, districts=("4301",))
        link_account(connection, made.id, f"{provider.issuer} 7")
    settings = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "DOPA ID",
    }
    with front_door(office, monkeypatch, **settings) as opened:
        yield opened


def _there(browser: Browser, wanted: str = "/live_map") -> str:
    """Off to the provider and back to our own address, which is not asked yet."""
    away = browser.page(f"/sign-in/oidc?next={wanted}")
    assert away.status_code == 303
    back = requests.get(away.headers["location"], allow_redirects=False, timeout=20)
    return back.headers["location"].removeprefix(browser.address)


def _sessions(office: Engine) -> int:
    with office.connect() as connection:
        return int(connection.execute(text("select count(*) from sign_in")).scalar_one())


def test_who_is_linked_comes_in(office_door: Door, office: Engine, provider: StandIn) -> None:
    browser = office_door.browser()
    assert "DOPA ID" in browser.page("/sign-in").text
    entered = browser.page(_there(browser))
    assert (entered.status_code, entered.headers["location"]) == (303, "/live_map")
    assert browser.who() == "login=officer officer"
    assert "watch-trip" not in browser.cookies
    assert provider.refused == []
    with office.connect() as connection:
        detail = connection.execute(text("select detail from audit_log where action = 'sign_in.open'")).scalar_one()
    assert detail == {"way": "oidc"}


def test_who_is_not_linked_is_refused_with_what_the_administrator_needs(
    office_door: Door, office: Engine, provider: StandIn
) -> None:
    provider.subject = "<b>8</b>"
    browser = office_door.browser()
    refused = browser.page(_there(browser))
    assert refused.status_code == 401
    assert said(refused) == t("errors.sign_in.oidc_unlinked", "en", provider="DOPA ID", subject="<b>8</b>")
    assert "<b>8" not in refused.text
    assert _sessions(office) == 0


def test_who_is_switched_off_is_not_let_in(office_door: Door, office: Engine) -> None:
    with office.begin() as connection:
        number = connection.execute(text("select id from person where login = 'officer'")).scalar_one()
        change_person(connection, number, active=False)
    browser = office_door.browser()
    assert browser.page(_there(browser)).status_code == 401
    assert _sessions(office) == 0


def _claims(**claims: Any) -> Callable[[StandIn], None]:
    return lambda provider: provider.claims.update(claims)


def _foreign_key(provider: StandIn) -> None:
    provider.sign_with = RSAKey.generate_key(2048, parameters={"kid": "one"})


def _no_signature(provider: StandIn) -> None:
    provider.sign_with = None


def _signed_with_the_secret(provider: StandIn) -> None:
    provider.sign_with, provider.header = OctKey.import_key(SECRET * 4), {"alg": "HS256"}


@pytest.mark.parametrize(
    "lie",
    [
        _claims(iss="https://evil.test"),
        _claims(aud="another"),
        _claims(aud=["watch", "another"], azp="another"),
        _claims(nonce="another"),
        _claims(nonce=None),
        _claims(exp=int(time.time()) - 3600),
        _claims(exp=None),
        _claims(sub=None),
        _claims(sub=""),
        _claims(sub=7),
        _claims(at_hash="another"),
        _foreign_key,
        _no_signature,
        _signed_with_the_secret,
    ],
)
def test_a_token_that_is_not_right_in_every_part_is_not_believed(
    office_door: Door, office: Engine, provider: StandIn, lie: Callable[[StandIn], None]
) -> None:
    lie(provider)
    browser = office_door.browser()
    refused = browser.page(_there(browser))
    assert said(refused) == t("errors.sign_in.oidc_failed", "en", provider="DOPA ID")
    assert _sessions(office) == 0


def test_an_answer_to_somebody_elses_question_is_refused(office_door: Door, office: Engine) -> None:
    attacker, victim = office_door.browser(), office_door.browser()
    answer = _there(attacker)
    _there(victim)
    state = parse_qs(urlsplit(answer).query)["state"][0]
    for path in (
        answer,
        answer.replace(state, "x"),
        "/sign-in/oidc/callback",
        "/sign-in/oidc/callback?error=access_denied",
        f"{answer}&error=access_denied",
    ):
        assert said(victim.page(path)) == t("errors.sign_in.oidc_failed", "en", provider="DOPA ID"), path
        _there(victim)
    assert said(office_door.browser().page(answer)) == t("errors.sign_in.oidc_failed", "en", provider="DOPA ID")
    assert _sessions(office) == 0
    mixed_up = answer.replace("iss=http", "iss=https")
    assert attacker.page(mixed_up).status_code == 401


def test_an_answer_is_good_once(office_door: Door, provider: StandIn) -> None:
    browser = office_door.browser()
    answer = _there(browser)
    cookie = browser.cookies["watch-trip"]
    assert browser.page(answer).status_code == 303
    browser.cookies["watch-trip"] = cookie
    assert browser.page(answer, headers={"Accept": "text/html"}).status_code == 401
    assert provider.refused == ["code"]


def test_nobody_is_sent_to_another_host_afterwards(office_door: Door) -> None:
    browser = office_door.browser()
    assert browser.page(_there(browser, "https://evil.test/")).headers["location"] == "/"


def test_keys_that_the_provider_changed_meanwhile_are_read_again(office_door: Door, provider: StandIn) -> None:
    first = office_door.browser()
    assert first.page(_there(first)).status_code == 303
    provider.key = RSAKey.generate_key(2048, parameters={"kid": "two"})
    provider.sign_with, provider.header = provider.key, {"alg": "RS256", "kid": "two"}
    second = office_door.browser()
    assert second.page(_there(second)).status_code == 303


def test_a_provider_that_calls_itself_otherwise_is_not_asked(office_door: Door, provider: StandIn) -> None:
    provider.metadata = {"issuer": "https://evil.test"}
    refused = office_door.browser().page("/sign-in/oidc")
    assert said(refused) == t("errors.sign_in.oidc_failed", "en", provider="DOPA ID")


def test_a_provider_that_does_not_answer_is_said_to(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": CLIENT, "oidc_name": "DOPA ID"}
    with front_door(office, monkeypatch, **settings) as door:
        refused = door.browser().page("/sign-in/oidc")
        assert (refused.status_code, said(refused)) == (503, t("errors.sign_in.oidc_silent", "en", provider="DOPA ID"))


def test_without_a_provider_there_is_no_such_way_in(door: Door) -> None:
    browser = door.browser()
    assert "/sign-in/oidc" not in browser.page("/sign-in").text
    assert browser.page("/sign-in/oidc").status_code == 404
    assert browser.page("/sign-in/oidc/callback?code=x&state=y").status_code == 404
