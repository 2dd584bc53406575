"""``person`` and ``audit`` as an administrator at the keyboard meets them."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from geo.actions.audit import audit
from geo.actions.sign_in import SignInKeys, prove_password
from geo.db.engine import libpq_url
from geo.errors import WatchError
from geo.queries.people import people

GOOD, KEYS = "kettle vivid ocarina", SignInKeys(b"a" * 32, b"t" * 32)


class Console:
    """Commands on one store."""

    def __init__(self, store: Engine) -> None:
        self.store = store

    def __call__(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, list(words), input=typed)


@pytest.fixture
def run(border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setenv("WATCH_DB_URL", libpq_url(border_store.url))
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    return Console(border_store)


def test_the_first_administrator_is_made_with_a_password_from_standard_input(run: Console) -> None:
    done = run("person", "add", "boss", "--name", "ผู้ดูแล", "--role", "administrator", typed=f"{GOOD}\n")
    assert done.exit_code == 0, done.output
    assert "Administrator" in done.output
    assert GOOD not in done.output
    found = prove_password(run.store, KEYS, "boss", GOOD)
    assert found.must_change_password
    assert run("audit", "verify").exit_code == 0


def test_a_made_password_is_printed_once_and_fits(run: Console) -> None:
    done = run("person", "add", "officer", "--name", "ป", "--role", "officer", "--district", "4301", "--random")
    password = re.search(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", done.output)
    assert password is not None
    assert prove_password(run.store, KEYS, "officer", password[0]).districts == ("4301",)
    again = run("person", "password", "officer", "--random")
    assert again.exit_code == 0
    with pytest.raises(WatchError):
        prove_password(run.store, KEYS, "officer", password[0])


def test_people_are_listed_changed_linked_and_switched_off(run: Console) -> None:
    assert run("person", "add", "one", "--name", "ก", "--role", "planner", "--no-password").exit_code == 0
    assert "no way in yet" in run("person", "list").output
    assert run("person", "link", "one", "7", "--issuer", "https://id.test").exit_code == 0
    assert run("person", "change", "one", "--role", "agency", "--agency", "customs").exit_code == 0
    listed = run("person", "list").output
    assert "one\tAgency\tcustoms\tlinked\tก" in listed
    assert run("person", "link", "one", "--remove").exit_code == 0
    assert run("person", "off", "one").exit_code == 0
    assert "one\tAgency\tcustoms\toff\tก" in run("person", "list").output
    assert run("person", "change", "one", "--on").exit_code == 0
    with run.store.connect() as connection:
        assert [(p.active, p.linked, p.agency) for p in people(connection)] == [(True, False, "customs")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["person", "add", "Two Words", "--name", "x", "--role", "planner", "--random"], "small letters"),
        (["person", "add", "two", "--name", "x", "--role", "officer", "--random"], "district"),
        (["person", "add", "two", "--name", "x", "--role", "officer", "--district", "0000", "--random"], "0000"),
        (["person", "add", "two", "--name", "x", "--role", "agency", "--random"], "agency"),
        (["person", "add", "two", "--name", "x", "--role", "planner"], "12 characters"),
        (["person", "password", "nobody", "--random"], "nobody"),
        (["person", "off", "nobody"], "nobody"),
        (["person", "link", "nobody"], "SUBJECT"),
        (["person", "add", "two", "--name", "x", "--role", "king", "--random"], "king"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(run: Console, words: list[str], said: str) -> None:
    refused = run(*words)
    assert refused.exit_code == 2, refused.output
    assert said in refused.stderr
    assert "Traceback" not in refused.output
    with run.store.connect() as connection:
        assert people(connection) == ()


def test_the_audit_log_is_verified_and_a_broken_entry_named(run: Console) -> None:
    for number in range(3):
        with run.store.begin() as connection:
            audit(connection, "test", f"x:{number}")
    head = run("audit", "head").output.split()
    assert head[0] == "3"
    whole = run("audit", "verify")
    assert whole.exit_code == 0
    assert head[1] in whole.output
    with run.store.begin() as connection:
        connection.execute(text("alter table audit_log disable trigger user"))
        connection.execute(text("update audit_log set subject = 'x:9' where id = 2"))
        connection.execute(text("alter table audit_log enable trigger user"))
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "entry 2 of 3" in broken.stderr
