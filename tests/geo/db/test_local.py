"""The private cluster: started on demand, once, and again after everything that can kill it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from geo.db import cluster_folder, local, packages
from geo.db.cluster_folder import ClusterFolder
from geo.db.cluster_settings import settings_text
from geo.db.engine import database_url, libpq_url, make_engine
from geo.errors import ClusterError
from geo.settings import ROOT, StoreSettings
from tests.conftest import SHORT

FAST = {"fsync": "off", "shared_buffers": "16MB", "max_wal_size": "256MB"}


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """A short folder that every account may enter; whatever runs in it is stopped."""
    folder = Path(tempfile.mkdtemp(prefix=f"watch-test-{os.getpid()}-", dir=SHORT))
    folder.chmod(0o755)
    yield folder
    local.stop(folder)
    shutil.rmtree(folder)


def _version(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("show server_version").fetchone()
    assert row
    return str(row[0])


def _keep(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values (%s)", (word,))


def _kept(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select word from kept").fetchone()
    assert row
    return str(row[0])


def test_a_cluster_is_made_started_used_and_stopped(var_dir: Path) -> None:
    assert not local.status(var_dir).running
    assert list(var_dir.iterdir()) == []  # asking makes nothing

    url = local.ensure_running(var_dir, FAST)
    assert local.status(var_dir).running
    assert local.status(var_dir).url == url
    _keep(url, "ชายแดน")
    assert local.stop(var_dir) is True
    assert not local.status(var_dir).running
    assert local.stop(var_dir) is False

    assert local.ensure_running(var_dir, FAST) == url
    assert _kept(url) == "ชายแดน"


def test_the_url_serves_sqlalchemy_and_libpq_alike(var_dir: Path) -> None:
    url = local.ensure_running(var_dir, FAST)
    engine = make_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(text("create extension postgis"))
        assert connection.scalar(text("select current_database()")) == "watch"
    assert _version(libpq_url(engine.url)) == _version(url)
    assert database_url(StoreSettings(var_dir=var_dir, db_url="")) == engine.url
    engine.dispose()


def test_nobody_else_on_the_machine_can_reach_it(var_dir: Path) -> None:
    url = local.ensure_running(var_dir, FAST)
    with psycopg.connect(url) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("show fsync").fetchone() == ("off",)
    folder = ClusterFolder.of(var_dir)
    for private in (folder.top, folder.data, folder.socket_dir):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_data_is_flushed_to_the_disk_unless_a_test_says_otherwise() -> None:
    assert "fsync" not in settings_text(Path("/x"))
    assert "shared_buffers = '16MB'" in settings_text(Path("/x"), FAST)


def test_a_second_call_uses_the_server_that_runs(var_dir: Path) -> None:
    local.ensure_running(var_dir, FAST)
    pid = local.status(var_dir).pid
    local.ensure_running(var_dir, FAST)
    assert local.status(var_dir).pid == pid


def test_two_processes_at_once_share_one_server(var_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from geo.db import local;print(local.ensure_running(Path(sys.argv[1])))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(var_dir)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1]
    assert _version(said[0])


def test_it_recovers_after_its_server_was_killed(var_dir: Path) -> None:
    url = local.ensure_running(var_dir)  # with fsync, as in use
    _keep(url, "kept")
    pid = local.status(var_dir).pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert local.ensure_running(var_dir) == url
    assert local.status(var_dir).pid != pid
    assert _kept(url) == "kept"


def test_it_starts_where_a_dead_servers_number_belongs_to_another_program(var_dir: Path) -> None:
    url = local.ensure_running(var_dir, FAST)
    folder = ClusterFolder.of(var_dir)
    written = (folder.data / "postmaster.pid").read_text()
    local.stop(var_dir)
    lines = written.split("\n")
    lock = folder.socket.with_name(f"{folder.socket.name}.lock")
    other = subprocess.Popen(
        ["sleep", "60"], user=folder.account().pw_uid if os.geteuid() == 0 else None
    )  # PostgreSQL believes a process of its own account
    try:
        for file in (folder.data / "postmaster.pid", lock):
            file.write_text("\n".join([str(other.pid), *lines[1:]]))
        assert local.ensure_running(var_dir, FAST) == url
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_it_comes_back_when_its_socket_was_deleted(var_dir: Path) -> None:
    url = local.ensure_running(var_dir, FAST)
    ClusterFolder.of(var_dir).socket.unlink()
    assert local.ensure_running(var_dir, FAST) == url
    assert _version(url)


def test_it_outlives_the_program_that_started_it(var_dir: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from geo.db import local;"
        "local.ensure_running(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(var_dir)], cwd=ROOT, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert local.status(var_dir).running
    assert _version(local.ensure_running(var_dir))


def test_half_a_data_directory_is_never_taken_for_a_whole_one(var_dir: Path) -> None:
    making = ClusterFolder.of(var_dir).top / "data.making"
    ClusterFolder.of(var_dir).prepare()
    making.mkdir()
    (making / "PG_VERSION").write_text("15\n")
    assert _version(local.ensure_running(var_dir, FAST))
    assert not making.exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(var_dir: Path) -> None:
    long = var_dir / ("ศูนย์" * 8) / "var, with 'signs' and spaces"
    url = local.ensure_running(long, FAST)
    folder = ClusterFolder.of(long)
    try:
        assert len(os.fsencode(folder.socket_dir)) < 80
        assert stat.S_IMODE(folder.socket_dir.stat().st_mode) == 0o700
        assert _version(url)
        assert make_url(url).query["host"] == str(folder.socket_dir)
    finally:
        local.stop(long)
    assert not folder.socket_dir.exists()


def test_a_socket_folder_that_another_made_is_not_used(var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_folder, "SHORT_PLACE", var_dir)
    folder = ClusterFolder.of(var_dir / ("x" * 100))
    folder.socket_dir.mkdir()
    folder.socket_dir.chmod(0o777)
    with pytest.raises(ClusterError) as caught:
        local.ensure_running(folder.var_dir)
    assert caught.value.code == "cluster.socket_taken"
    assert not local.status(folder.var_dir).running


def test_signs_in_a_folders_name_mean_nothing_to_the_server(var_dir: Path) -> None:
    odd = var_dir / 'it\'s, a "odd" one'
    try:
        assert _version(local.ensure_running(odd, FAST))
    finally:
        local.stop(odd)


def test_data_of_another_postgresql_is_left_alone_and_the_version_is_named(var_dir: Path) -> None:
    data = ClusterFolder.of(var_dir).data
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ClusterError) as caught:
        local.ensure_running(var_dir)
    assert caught.value.code == "cluster.other_version"
    assert caught.value.params["data"] == 9
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_folder_that_cannot_be_written_is_named(var_dir: Path) -> None:
    file = var_dir / "file"
    file.write_text("in the way")
    with pytest.raises(ClusterError) as caught:
        local.ensure_running(file / "var")
    assert caught.value.code == "cluster.folder"
    assert caught.value.params["folder"] == file / "var"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the cluster to another account")
def test_a_folder_that_the_database_account_may_not_enter_is_named(var_dir: Path) -> None:
    closed = var_dir / "closed"
    (closed / "var" / "postgres").mkdir(parents=True)
    shutil.chown(closed / "var" / "postgres", "postgres")
    closed.chmod(0o700)  # closed after the cluster was made: what is there is not left behind for a new one
    with pytest.raises(ClusterError) as caught:
        local.ensure_running(closed / "var")
    assert caught.value.code == "cluster.not_reachable"
    assert caught.value.params["folder"] == closed


def test_a_full_disk_is_said_before_anything_is_made(var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(var_dir)._replace(free=5 * 1024**2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    with pytest.raises(ClusterError) as caught:
        local.ensure_running(var_dir)
    assert caught.value.code == "cluster.disk_full"
    assert caught.value.params["free_mb"] == 5
    assert not ClusterFolder.of(var_dir).data.exists()


def test_a_server_that_does_not_start_is_quoted(var_dir: Path) -> None:
    local.ensure_running(var_dir, FAST)
    local.stop(var_dir)
    with pytest.raises(ClusterError) as caught:
        local.ensure_running(var_dir, {"no_such_setting": "1"})
    assert caught.value.code == "cluster.start_failed"
    assert "no_such_setting" in str(caught.value.params["reason"])
    assert _version(local.ensure_running(var_dir, FAST))  # and nothing was spoilt


def test_missing_programs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "DEBIAN", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    for find in (packages.find_installation, lambda: packages.client_program("pg_dump")):
        with pytest.raises(ClusterError) as caught:
            find()
        assert caught.value.code == "cluster.no_postgresql"


def test_a_server_without_postgis_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A version that no distribution has, so that no postgis.control of this machine is found for it.
    bin_dir = tmp_path / "99" / "bin"
    bin_dir.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (bin_dir / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 99.1'\n")
        (bin_dir / name).chmod(0o755)
    monkeypatch.setattr(packages, "DEBIAN", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(ClusterError) as caught:
        packages.find_installation()
    assert caught.value.code == "cluster.no_postgis"
    assert caught.value.params["major"] == 99


def test_a_start_waits_for_a_server_that_is_still_recovering(var_dir: Path) -> None:
    url = local.ensure_running(var_dir)
    with psycopg.connect(url) as connection:
        connection.execute("create table much as select repeat('x', 200) from generate_series(1, 200000)")
    pid = local.status(var_dir).pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    began = time.monotonic()
    assert _version(local.ensure_running(var_dir))
    assert time.monotonic() - began < 60


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the cluster to another account")
def test_a_folder_that_the_account_cannot_reach_gets_a_cluster_it_can(tmp_path: Path) -> None:
    closed = Path(tempfile.mkdtemp(prefix="watch-test-closed-", dir=SHORT))
    closed.chmod(0o700)
    var_dir = closed / "var"
    try:
        url = local.ensure_running(var_dir)
        assert (var_dir / "postgres").is_symlink()
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert local.ensure_running(var_dir) == url
        assert local.stop(var_dir)
    finally:
        local.stop(var_dir)
        shutil.rmtree((var_dir / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(closed, ignore_errors=True)
