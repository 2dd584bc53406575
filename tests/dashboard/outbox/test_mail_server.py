"""The settings of what is sent: understood, refused in words, and never shown with their password."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard.mail_server import MailServer, mail_server
from dashboard.messages import sentence
from dashboard.settings import DashboardSettings
from geo.db.engine import libpq_url
from tests.dashboard.outbox.conftest import KEY, Desk
from tests.dashboard.outbox.mail_stand_in import MailServerStandIn

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("smtp://relay.test", MailServer("smtp", "relay.test", 25)),
        ("starttls://me:p%40ss@mail.test", MailServer("starttls", "mail.test", 587, "me", "p@ss")),
        ("smtps://me@mail.test:1465/", MailServer("smtps", "mail.test", 1465, "me")),
        ("smtp://me:x@127.0.0.1:2525", MailServer("smtp", "127.0.0.1", 2525, "me", "x")),
    ],
)
def test_a_mail_server_is_named_in_one_line(url: str, meant: MailServer) -> None:
    assert mail_server(url) == meant
    assert not meant.password or meant.password not in repr(meant)


@pytest.mark.parametrize(
    "given",
    [
        {"smtp_url": "http://me:hunter2@mail.test"},
        {"smtp_url": "smtp://me:hunter2@mail.test"},
        {"smtp_url": "smtps://me:hunter2@mail.test:port"},
        {"smtp_url": "smtps://me:hunter2@"},
        {"smtp_url": "smtps://me:hunter2@mail.test/?x=1"},
        {"smtp_url": "smtps://me:hunter2%0A@mail.test"},
        {"smtp_url": "smtps://me:hunter2@mail.test", "mail_from": ""},
        {"mail_from": "Watch <watch@a.test>"},
        {"digest_hour": 24},
    ],
)
def test_a_wrong_setting_is_named_and_no_password_said(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        DashboardSettings(**{"mail_from": "watch@a.test"} | given)
    said = sentence(refused.value, "en")
    assert "hunter2" not in said
    assert "WATCH_" in said


def command(desk: Desk, folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WATCH_")} | {
        "WATCH_DB_URL": libpq_url(desk.office.owner.url), "WATCH_VAR_DIR": str(folder), "WATCH_SECRET_KEY": KEY,
        "WATCH_LANGUAGE": "en",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "dashboard", "notifications", *words], cwd=ROOT, env=environment | settings,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_an_administrator_tries_the_mail_server_from_the_command_line(
    desk: Desk, post: MailServerStandIn, tmp_path: Path
) -> None:
    server = {"WATCH_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "WATCH_MAIL_FROM": "watch@centre.test"}
    done = command(desk, tmp_path, "test", "--to", "admin@centre.test", **server)
    assert (done.returncode, done.stdout) == (0, "A trial e-mail was sent to admin@centre.test.\n")
    assert [handed.to for handed in post.taken] == [["admin@centre.test"]]
    for words, settings in (
        (("test", "--to", "admin@centre.test"), {}),
        (("test", "--to", "nonsense"), server),
        (
            ("test", "--to", "a@b.test"),
            {"WATCH_SMTP_URL": "smtp://127.0.0.1:1", "WATCH_MAIL_FROM": "watch@centre.test"},
        ),
    ):
        failed = command(desk, tmp_path, *words, **settings)
        assert (failed.returncode, failed.stdout, len(failed.stderr.splitlines())) == (2, "", 1)
