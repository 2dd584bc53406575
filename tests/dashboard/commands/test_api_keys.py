"""``api-key`` as whoever looks after an installation types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.i18n import t


@pytest.fixture(autouse=True)
def _of_a_store(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DB_URL", store_url), ("VAR_DIR", str(tmp_path)), ("LANGUAGE", "en")):
        monkeypatch.setenv(f"WATCH_{name}", value)


def _key(*words: str) -> Result:
    return CliRunner().invoke(app, ["api-key", *words])


def test_a_key_is_made_listed_and_revoked(store: Engine) -> None:
    made = _key("add", "LINE bot")
    assert made.exit_code == 0
    said, shown = made.stdout.splitlines()
    assert said == t("cli.api_key.added", "en", number=1, partner="LINE bot")
    assert shown.startswith("ntsw_")
    row = _key("list").stdout.splitlines()[0].split("\t")
    assert (row[0], row[1], row[3], row[4]) == ("1", "in force", "-", "LINE bot")
    assert _key("revoke", "1").stdout.strip() == t("cli.api_key.revoked", "en", number=1, partner="LINE bot")
    listed = _key("list").stdout
    assert "revoked" in listed
    assert shown not in listed
    with store.connect() as connection:
        actions = connection.execute(text("select action, subject, detail from audit_log order by id")).all()
    assert actions == [("api_key.create", "api_key:1", {}), ("api_key.revoke", "api_key:1", {})]


@pytest.mark.parametrize(
    ("words", "key", "params"),
    [
        (["add", " "], "api_key.partner", {"n": 100}),
        (["add", "x" * 101], "api_key.partner", {"n": 100}),
        (["revoke", "7"], "api_key.unknown", {"number": 7}),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_written(
    store: Engine, words: list[str], key: str, params: dict[str, object]
) -> None:
    result = _key(*words)
    assert result.exit_code == 2
    assert result.stderr.strip() == t(f"errors.{key}", "en", **params)
    with store.connect() as connection:
        assert connection.execute(text("select count(*) from api_key")).scalar() == 0


def test_a_key_is_revoked_only_once() -> None:
    _key("add", "Kobo")
    _key("revoke", "1")
    result = _key("revoke", "1")
    assert result.exit_code == 2
    assert result.stderr.strip() == t("errors.api_key.revoked", "en", number=1)
