"""``python -m dashboard db …`` as a person types it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.i18n import t
from geo.db import local
from geo.settings import ROOT
from tests.conftest import SHORT


@pytest.fixture
def var_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A private cluster's folder of its own, said in English."""
    folder = Path(tempfile.mkdtemp(prefix=f"watch-test-{os.getpid()}-", dir=SHORT))
    folder.chmod(0o755)
    monkeypatch.setenv("WATCH_VAR_DIR", str(folder))
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    yield folder
    local.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def other_server(store_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The commands work on the database that WATCH_DB_URL names."""
    monkeypatch.setenv("WATCH_DB_URL", store_url)
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    return store_url


def _db(*words: str) -> Result:
    return CliRunner().invoke(app, ["db", *words])


def _refused(result: Result, key: str, **params: object) -> None:
    assert result.exit_code == 2
    assert result.stderr.strip() == t(key, "en", **params)
    assert "Traceback" not in result.output


def test_help_names_the_commands_of_the_store() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "dashboard", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert shown.returncode == 0
    assert " db " in shown.stdout
    assert {"start", "stop", "status", "url", "migrate", "backup", "restore", "clear-demo"} <= set(
        _db("--help").output.split()
    )


def test_the_private_cluster_is_started_asked_and_stopped(var_dir: Path) -> None:
    assert _db("status").exit_code == 3
    assert _db("start").exit_code == 0
    again = _db("start")
    assert (again.exit_code, again.stdout.strip()) == (0, t("cli.db.already_running", "en"))
    asked = _db("status")
    assert asked.exit_code == 0
    assert str(var_dir) in asked.stdout
    assert _db("stop").stdout.strip() == t("cli.db.stopped", "en")
    assert _db("stop").stdout.strip() == t("cli.db.was_not_running", "en")


def test_the_url_is_all_that_is_printed_and_opens_the_store(var_dir: Path) -> None:
    assert _db("migrate").exit_code == 0
    printed = _db("url").stdout
    with psycopg.connect(printed.strip()) as connection:
        assert connection.execute("select count(*) from incident").fetchone() == (0,)
    assert printed.count("\n") == 1


def test_a_folder_in_the_way_is_said_in_one_line(var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (var_dir / "file").write_text("in the way")
    monkeypatch.setenv("WATCH_VAR_DIR", str(var_dir / "file"))
    _refused(_db("url"), "errors.cluster.folder", folder=var_dir / "file", reason=os.strerror(17))  # 17: it exists


def test_another_server_is_neither_started_nor_stopped(other_server: str) -> None:
    assert _db("status").stdout.strip() == t("cli.db.other_server_answers", "en")
    for word in ("start", "stop"):
        _refused(_db(word), "errors.cluster.other_server")


def test_an_address_that_is_none_and_a_server_that_is_down_are_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    monkeypatch.setenv("WATCH_DB_URL", "not an address")
    _refused(_db("migrate"), "errors.cluster.bad_url")
    monkeypatch.setenv("WATCH_DB_URL", "postgresql://nobody:secret@127.0.0.1:1/watch")
    down = _db("migrate")
    assert down.exit_code == 2
    assert "127.0.0.1" in down.stderr
    assert "secret" not in down.output
    assert len(down.stderr.strip().splitlines()) == 1


def test_a_setting_that_cannot_be_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    monkeypatch.setenv("WATCH_POOL_SIZE", "many")
    result = _db("url")
    assert result.exit_code == 2
    assert "WATCH_POOL_SIZE" in result.stderr
    assert "Traceback" not in result.output


def test_thai_is_spoken_where_no_language_is_named(other_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for chosen in ("th", "xx", ""):
        monkeypatch.setenv("WATCH_LANGUAGE", chosen)
        assert _db("status").stdout.strip() == t("cli.db.other_server_answers", "th")


def test_a_backup_is_made_and_restored(other_server: str, store: Engine, tmp_path: Path) -> None:
    file = tmp_path / "store.dump"
    with store.begin() as connection:
        connection.execute(text("insert into agency (code, name_th, name_en) values ('bpp', 'ตชด.', 'BPP')"))
    saved = _db("backup", str(file))
    assert saved.exit_code == 0
    assert file.exists()
    _refused(_db("backup", str(file)), "errors.backup.exists", file=file)
    with store.begin() as connection:
        connection.execute(text("delete from agency"))
    assert _db("restore", str(file)).exit_code == 0
    store.dispose()
    with store.connect() as connection:
        assert connection.scalar(text("select name_th from agency")) == "ตชด."


def test_demo_data_goes_and_real_data_stays(other_server: str, store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(text("insert into crime_type (code, name_th, name_en) values ('drugs', 'ยาเสพติด', 'Drugs')"))
        connection.execute(
            text(
                "insert into incident (public_id, crime_type, occurred_at, channel, is_demo)"
                " select 'NTS-' || n, 'drugs', now(), 'online', n > 2 from generate_series(1, 5) n"
            )
        )
        connection.execute(
            text(
                "insert into report (incident_id, channel, is_demo)"
                " select id, 'online', is_demo from incident union all"
                " select max(id), 'coordinator', false from incident"
            )
        )
        connection.execute(
            text(
                "insert into patrol (code, status, is_demo) values ('D', 'done', true), ('R', 'done', false);"
                "insert into patrol_fix (patrol_id, fixed_at, geom)"
                " select id, now(), st_setsrid(st_makepoint(103, 18), 4326) from patrol;"
                "insert into checkpoint (code, name, kind, status, is_demo, geom) values"
                " ('D', 'ด่าน', 'river', 'active', true, st_setsrid(st_makepoint(103, 18), 4326))"
            )
        )
    cleared = _db("clear-demo")
    assert cleared.exit_code == 0
    assert "3 incidents" in cleared.stdout
    with store.connect() as connection:
        rows = {
            table: connection.scalar(text(f"select count(*) from {table}"))
            for table in ("incident", "report", "patrol", "patrol_fix", "checkpoint")
        }
        assert rows == {"incident": 2, "report": 3, "patrol": 1, "patrol_fix": 1, "checkpoint": 0}
        assert connection.scalar(text("select count(*) from report where incident_id is null")) == 1
        counted = text("select sum(n) from incident_count where level = 9 and tier = 1")
        assert connection.scalar(counted) == 2
    assert "0 incidents" in _db("clear-demo").stdout
