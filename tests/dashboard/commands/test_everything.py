"""``python -m dashboard export`` and ``import`` as a person types them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, Engine, text
from typer.testing import CliRunner, Result

from dashboard import contact, store
from dashboard.cli import app
from dashboard.i18n import t
from geo.credentials.passwords import hash_password
from geo.db.engine import libpq_url
from tests.conftest import _copy

PASSWORD = "หน่อไม้ฝรั่งสีม่วง-42"
TELEPHONE = "081-234-5678"


@pytest.fixture
def old(store_template: str, cluster: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An installation with a report and its contact, an administrator and an officer, which the commands work on."""
    for engine in _copy(cluster, store_template):
        monkeypatch.setenv("WATCH_DB_URL", libpq_url(engine.url))
        monkeypatch.setenv("WATCH_LANGUAGE", "en")
        hashed = hash_password(PASSWORD)
        with psycopg.connect(libpq_url(engine.url)) as connection:
            connection.execute("insert into crime_type (code, name_th, name_en) values ('drugs', 'ยาเสพติด', 'Drugs')")
            connection.execute(
                "insert into person (login, name, role, password_hash)"
                " values ('admin', 'ผู้ดูแล', 'administrator', %s), ('officer', 'เจ้าหน้าที่', 'officer', %s)",
                (hashed, hashed),
            )
            connection.execute(
                "insert into incident (crime_type, occurred_at, channel) values ('drugs', '2026-10-01 12:00+07', 'online')"
            )
            connection.execute(
                "insert into report (incident_id, channel, description) select id, 'online', 'เห็นเรือ' from incident"
            )
            connection.execute(
                "insert into report_contact select id, %s from report", (contact.seal(store.signing_key(), TELEPHONE),)
            )
        yield engine


def _run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def test_what_is_exported_is_imported_and_goes_on(
    old: Engine, cluster: URL, store_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.zip"
    done = _run("export", str(file), "--with-reporters", "--as", "admin", typed=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert t("cli.everything.with_reporters", "en") in done.stdout
    with zipfile.ZipFile(file) as archive:
        readme = archive.read("README.txt").decode()
        words = list(csv.DictReader(io.StringIO(archive.read("dictionary.csv").decode())))
        assert TELEPHONE in archive.read("csv/report_contact.csv").decode()
    for lang in ("th", "en"):
        assert t("everything.readme.title", lang) in readme
        assert t("everything.readme.care", lang) in readme
    assert [row for row in words if not row["meaning_th"].strip() or not row["meaning_en"].strip()] == []
    assert [row for row in words if "⟦" in row["meaning_th"] + row["meaning_en"]] == []

    for engine in _copy(cluster, store_template):
        monkeypatch.setenv("WATCH_DB_URL", libpq_url(engine.url))
        again = _run("import", str(file))
        assert again.exit_code == 0, again.output
        assert t("cli.everything.passwords", "en") in again.stdout
        engine.dispose()
        with engine.connect() as connection:
            sealed = connection.execute(text("select sealed from report_contact")).scalar_one()
            assert contact.unseal(store.signing_key(), sealed) == TELEPHONE
            assert connection.scalar(text("select count(*) from incident")) == 1
            acts = connection.execute(text("select action, person_id, detail from audit_log order by id")).all()
        assert [act for act, *_ in acts] == ["store.take_out", "store.bring_in"]
        assert acts[0][1] is not None
        assert acts[0][2] == {"with_reporters": True}
        refused = _run("import", str(file))
        assert refused.exit_code == 2
        assert refused.stderr.strip() == t("errors.everything.not_empty", "en", table="incident")


def test_contacts_leave_for_an_administrator_alone(old: Engine, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    for words, typed, key in (
        (["--with-reporters"], "", "errors.everything.who_asks"),
        (["--as", "admin"], "", "errors.everything.who_asks"),
        (["--with-reporters", "--as", "admin"], "wrong\n", "errors.sign_in.wrong"),
        (["--with-reporters", "--as", "officer"], f"{PASSWORD}\n", "errors.everything.not_administrator"),
    ):
        refused = _run("export", str(file), *words, typed=typed)
        assert refused.exit_code == 2, refused.output
        assert refused.stderr.strip() == t(key, "en", login="officer")
    assert list(tmp_path.iterdir()) == []
    plain = _run("export", str(file))
    assert plain.exit_code == 0, plain.output
    with zipfile.ZipFile(file) as archive:
        assert all(TELEPHONE.encode() not in archive.read(name) for name in archive.namelist())
    taken = _run("export", str(file))
    assert taken.exit_code == 2
    assert taken.stderr.strip() == t("errors.backup.exists", "en", file=file)
