"""Signing in: guesses are counted before they are checked, and sessions end when they should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text

from geo.actions.people import change_person, create_person, set_password, set_totp
from geo.actions.sign_in import (
    SignInKeys,
    close_session,
    close_sessions,
    open_session,
    open_sessions,
    person_of,
    prove_code,
    prove_password,
    token_hash,
)
from geo.credentials.totp import code_at, new_secret, seal_secret
from geo.db.engine import libpq_url, make_engine
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.person import Person, Role

GOOD, KEYS = "kettle vivid ocarina", SignInKeys(b"a" * 32, b"t" * 32)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def office(store: Engine) -> Iterator[Engine]:
    """The engine of the web process."""
    engine = make_engine(store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield engine
    engine.dispose()


@pytest.fixture
def planner(office: Engine) -> Person:
    with office.begin() as connection:
        return create_person(connection, "planner", "ก", Role.PLANNER, password=GOOD)


def _refusal(engine: Engine, login: str, password: str) -> str:
    try:
        prove_password(engine, KEYS, login, password)
    except WatchError as error:
        return error.code
    return ""


def _counted(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("select count(*) from sign_in_attempt")).scalar_one())


def test_the_right_password_counts_no_attempt_and_takes_earlier_ones_back(office: Engine, planner: Person) -> None:
    assert prove_password(office, KEYS, " PLANNER", GOOD) == planner
    assert _refusal(office, "planner", "wrong") == "sign_in.wrong"
    assert _counted(office) == 1
    assert _refusal(office, "planner", GOOD) == ""
    assert _counted(office) == 0


def test_after_five_wrong_ones_even_the_right_one_waits(office: Engine, store: Engine, planner: Person) -> None:
    assert [_refusal(office, "planner", f"wrong {n}") for n in range(6)] == ["sign_in.wrong"] * 5 + ["sign_in.locked"]
    assert _refusal(office, "planner", GOOD) == "sign_in.locked"
    with office.connect() as connection:
        actions = connection.execute(text("select action, subject from audit_log order by id")).all()
    assert [tuple(a) for a in actions][1:] == [("sign_in.locked", f"person:{planner.id}")]
    with store.begin() as connection:
        connection.execute(text("update sign_in_attempt set at = at - interval '16 minutes'"))
    assert _refusal(office, "planner", GOOD) == ""


def test_an_unknown_login_is_refused_and_locked_in_the_same_words(office: Engine, planner: Person) -> None:
    for login in ("planner", "nobody", "", "ไม่มี", "x" * 200):
        assert [_refusal(office, login, "wrong") for _ in range(6)] == ["sign_in.wrong"] * 5 + ["sign_in.locked"]


def test_who_has_no_password_or_is_switched_off_is_refused_like_anybody(office: Engine, planner: Person) -> None:
    with office.begin() as connection:
        create_person(connection, "linked", "ข", Role.PLANNER)
        change_person(connection, planner.id, active=False)
    assert _refusal(office, "linked", "") == "sign_in.wrong"
    assert _refusal(office, "planner", GOOD) == "sign_in.wrong"


def test_of_twenty_guesses_at_once_five_are_looked_at(office: Engine, planner: Person) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: _refusal(office, "planner", f"guess {n}"), range(20)))
    assert answers.count("sign_in.wrong") == 5
    assert answers.count("sign_in.locked") == 15


def test_the_store_keeps_neither_the_login_that_was_tried_nor_the_token(office: Engine, planner: Person) -> None:
    _refusal(office, "my password typed in the wrong field", "x")
    with office.begin() as connection:
        token = open_session(connection, planner.id, "password", DAY)
    with office.connect() as connection:
        kept = str(connection.execute(text("select * from sign_in_attempt")).all())
        kept += str(connection.execute(text("select * from sign_in")).all())
        kept += str(connection.execute(text("select * from audit_log")).all())
    assert "typed" not in kept
    assert token not in kept
    assert len(token) == 43


def test_hostile_logins_and_passwords_are_only_wrong(office: Engine) -> None:
    for text_ in ("' or 1=1 --", "{{7*7}}", "‮", "%s", "a" * 10_000, "😀" * 60):
        assert _refusal(office, text_, text_) == "sign_in.wrong"


# ---------------------------------------------------------------- codes


def _with_codes(office: Engine, planner: Person) -> bytes:
    secret = new_secret()
    with office.begin() as connection:
        set_totp(connection, planner.id, seal_secret(KEYS.totp, secret), None)
    return secret


def _code_refusal(engine: Engine, number: int, code: str, keys: SignInKeys = KEYS) -> str:
    try:
        prove_code(engine, keys, number, code)
    except WatchError as error:
        return error.code
    return ""


def test_a_code_is_taken_once_even_if_it_comes_twice_at_the_same_moment(office: Engine, planner: Person) -> None:
    secret = _with_codes(office, planner)
    code = code_at(secret, int(time.time() // 30))
    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(lambda _: _code_refusal(office, planner.id, code), range(4)))
    assert answers == ["", "sign_in.wrong_code", "sign_in.wrong_code", "sign_in.wrong_code"]


def test_wrong_codes_lock_as_wrong_passwords_do_and_a_right_password_does_not_help(
    office: Engine, planner: Person
) -> None:
    _with_codes(office, planner)
    answers = []
    for _ in range(3):
        answers += [_refusal(office, "planner", GOOD), _code_refusal(office, planner.id, "12345")]
    assert answers == ["", "sign_in.wrong_code"] * 2 + ["", "sign_in.locked"]
    assert _refusal(office, "planner", GOOD) == "sign_in.locked"


def test_the_right_code_ends_the_counting(office: Engine, planner: Person) -> None:
    secret = _with_codes(office, planner)
    assert prove_password(office, KEYS, "planner", GOOD).has_totp
    assert _code_refusal(office, planner.id, code_at(secret, int(time.time() // 30))) == ""
    assert _counted(office) == 0


def test_codes_sealed_with_another_key_are_said_to_be(office: Engine, planner: Person) -> None:
    secret = _with_codes(office, planner)
    code = code_at(secret, int(time.time() // 30))
    assert _code_refusal(office, planner.id, code, SignInKeys(b"a" * 32, b"u" * 32)) == "sign_in.totp_key"
    assert _code_refusal(office, planner.id, code) == ""


def test_who_has_no_codes_cannot_come_in_by_one(office: Engine, planner: Person) -> None:
    assert _code_refusal(office, planner.id, "000000") == "sign_in.wrong_code"


# ---------------------------------------------------------------- sessions


def test_a_session_is_over_when_idle_when_old_and_when_closed(office: Engine, store: Engine, planner: Person) -> None:
    def opened() -> str:
        with office.begin() as connection:
            return open_session(connection, planner.id, "password", DAY)

    def seen(token: str) -> bool:
        with office.begin() as connection:
            return person_of(connection, token, HOUR) == planner

    idle, old, closed, kept = (opened() for _ in range(4))
    assert all(map(seen, (idle, old, closed, kept)))
    with store.begin() as connection:
        for change, token in (("seen_at = now() - interval '61 minutes'", idle), ("ends_at = now()", old)):
            connection.execute(text(f"update sign_in set {change} where token_hash = :h"), {"h": token_hash(token)})
    with office.begin() as connection:
        close_session(connection, closed)
    assert [seen(token) for token in (idle, old, closed, kept)] == [False, False, False, True]
    assert not seen("")
    assert not seen(kept[:-1])


def test_the_mark_of_the_last_use_moves_at_most_every_five_minutes(
    office: Engine, store: Engine, planner: Person
) -> None:
    with office.begin() as connection:
        token = open_session(connection, planner.id, "password", DAY)

    def mark() -> object:
        with office.begin() as connection:
            assert person_of(connection, token, HOUR) is not None
        with office.connect() as connection:
            return connection.execute(text("select seen_at from sign_in")).scalar_one()

    first = mark()
    assert mark() == first
    with store.begin() as connection:
        connection.execute(text("update sign_in set seen_at = seen_at - interval '6 minutes'"))
    assert mark() > first  # type: ignore[operator]


def test_signing_out_everywhere_and_a_new_password_end_the_other_sessions(office: Engine, planner: Person) -> None:
    with office.begin() as connection:
        here, there = (open_session(connection, planner.id, "password", DAY) for _ in range(2))
        assert [s.own for s in open_sessions(connection, planner.id, here, HOUR)] == [True, False]
        set_password(connection, planner.id, "another vivid kettle", own=True, keep=token_hash(here))
        assert person_of(connection, there, HOUR) is None
        assert person_of(connection, here, HOUR) is not None
        assert close_sessions(connection, planner.id) == 1
        assert person_of(connection, here, HOUR) is None


def test_sessions_that_are_over_are_cleared_away(office: Engine, store: Engine, planner: Person) -> None:
    with office.begin() as connection:
        open_session(connection, planner.id, "password", DAY)
    with store.begin() as connection:
        connection.execute(text("update sign_in set ends_at = now() - interval '1 minute'"))
    with office.begin() as connection:
        open_session(connection, planner.id, "password", DAY)
        assert connection.execute(text("select count(*) from sign_in")).scalar() == 1


def test_other_processes_are_told_that_somebody_was_signed_out(office: Engine, store: Engine, planner: Person) -> None:
    with psycopg.connect(libpq_url(store.url), autocommit=True) as listener:
        listener.execute("listen watch_office")
        with office.begin() as connection:
            token = open_session(connection, planner.id, "password", DAY)
        with office.begin() as connection:
            close_session(connection, token)
        heard = [note.payload for note in listener.notifies(timeout=2, stop_after=2)]
    assert "sign_in" in heard


def test_no_answer_of_the_database_is_said_as_such() -> None:
    engine = make_engine(make_url("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    with pytest.raises(DatabaseUnavailable), transaction(engine):
        pass
