"""A saved store comes back whole, or the present one stays."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from geo.db import backup as backup_module
from geo.db.backup import backup, restore
from geo.db.engine import libpq_url
from geo.db.replacing import LOCK
from geo.errors import ClusterError

TYPES = """
    insert into crime_type (code, name_th, name_en)
    values ('drugs', 'ยาเสพติด', 'Drugs'), ('scam', 'หลอกลวง', 'Scam')
"""
DISTRICT = """
    insert into area (code, level, country, name_th, geom) values ('4301', 'district', 'TH', 'เมืองหนองคาย',
        st_multi(st_makeenvelope(102.5, 17.7, 103.0, 18.0, 4326)));
    insert into area_part select code, (st_dump(geom)).geom from area where code = '4301'
"""
MEETING = """
    insert into person (login, name, role) values ('chief', 'นายอำเภอ', 'chief');
    insert into meeting (title, held_on, prepared_by, districts, first_day, last_day)
    select 'ประชุม {{7*7}}', '2026-11-01', id, '{4301}', '2026-10-01', '2026-10-28' from person;
    insert into meeting_sheet (meeting_id, place, district_code, content)
    select id, 1, '4301', '{"district": "4301", "n": [1, 2.5]}' from meeting;
    insert into decision (meeting_id, district_code, words, owner_id, due, geom, decided_by)
    select m.id, '4301', 'ตั้งจุดตรวจ ${x}', p.id, '2026-12-01', st_point(102.7, 17.8, 4326), p.id from meeting m, person p
"""
ROTA = """
    insert into rota (title, districts, first_day, days, starts, ends, teams, floor, reason, asked, seed, made_by)
    select 'เวร {{7*7}}', '{4301}', '2026-12-01', 7, '{6}', '{18}', '{1}', 0.1, 'ลดการคาดเดา', '{}', 5, id from person;
    insert into rota_post (rota_id, place, name, geom, value, probability)
    select id, 0, 'ด่าน', st_point(102.7, 17.8, 4326), '{1.5}', '{1}' from rota;
    insert into rota_shift (rota_id, day, slot, team, place, drawn) select id, '2026-12-01', 0, 1, 0, 0 from rota
"""
INCIDENTS = """
    insert into incident (public_id, crime_type, occurred_at, channel, geom, location_note)
    select 'NTS-' || n, case when n % 3 = 0 then 'drugs' else 'scam' end,
           timestamptz '2026-10-01 00:30+07' + n * interval '1 hour', 'online',
           case when n % 10 > 0 then st_setsrid(st_makepoint(102.4 + n * 0.001, 17.8), 4326) end,
           'ริมโขง ${x} {{y}} ''' || n
    from generate_series(1, 500) n
"""
PICTURE = {
    "incidents": "select md5(string_agg(i::text, '|' order by id)) from incident i",
    "meetings": "select m::text, s.content::text, d::text from meeting m join meeting_sheet s on s.meeting_id = m.id"
    " join decision d on d.meeting_id = m.id",
    "rotas": "select r::text, p::text, s::text from rota r join rota_post p on p.rota_id = r.id join rota_shift s on s.rota_id = r.id",
    "counts": "select level, tier, block, cell, district_code, crime_type, status, channel, sum(n)"
    " from incident_count group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6",
    "triggers": "select tgrelid::regclass::text, tgname, tgenabled from pg_trigger"
    " where not tgisinternal order by 1, 2",
    "generated": "select table_name, column_name, generation_expression from information_schema.columns"
    " where table_schema = 'public' and is_generated = 'ALWAYS' order by 1, 2",
    "indexes": "select indexdef from pg_indexes where schemaname = 'public' order by 1",
    "constraints": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
    " where connamespace = 'public'::regnamespace order by 1, 2",
    "functions": "select proname, prosrc from pg_proc p where pronamespace = 'public'::regnamespace"
    " and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by 1",
    "comments": "select objoid::regclass::text, objsubid, description from pg_description"
    " where classoid = 'pg_class'::regclass and objoid > 16384 order by 1, 2",
    "revision": "select version_num from alembic_version",
}


@pytest.fixture
def filled(store: Engine) -> Iterator[Engine]:
    """A store with a district and 500 incidents, some of them without a point or outside the district."""
    with psycopg.connect(libpq_url(store.url)) as connection:
        for statements in (TYPES, DISTRICT, INCIDENTS, MEETING, ROTA):
            connection.execute(statements)
    yield store
    with psycopg.connect(libpq_url(store.url.set(database="postgres")), autocommit=True) as admin:
        left = admin.execute("select datname from pg_database where datname ~ '_(restoring|replaced)$'").fetchall()
    assert left == []  # no test leaves a database behind


def _picture(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    engine.dispose()  # a restore ended the connections
    with engine.connect() as connection:
        return {what: [tuple(row) for row in connection.execute(text(question))] for what, question in PICTURE.items()}


def _refusal(engine: Engine, file: Path) -> ClusterError:
    before = _picture(engine)
    with pytest.raises(ClusterError) as caught:
        restore(engine.url, file)
    assert _picture(engine) == before
    return caught.value


def test_a_round_trip_brings_back_rows_counts_triggers_and_generated_columns(filled: Engine, tmp_path: Path) -> None:
    file = tmp_path / "store.dump"
    before = _picture(filled)
    assert before["counts"]
    assert before["triggers"]
    assert len(before["meetings"]) == 1
    assert {row[1] for row in before["generated"]} >= {"day", "zkey"}

    assert backup(filled.url, file) == file.stat().st_size
    with filled.begin() as connection:
        connection.execute(text("delete from incident where crime_type = 'drugs'"))
        connection.execute(text("update incident set location_note = null"))
        connection.execute(text("update decision set words = 'อื่น'"))
    assert _picture(filled) != before

    restore(filled.url, file)
    assert _picture(filled) == before
    with pytest.raises(DBAPIError, match="not changed"), filled.begin() as connection:
        connection.execute(text("update meeting_sheet set content = '{}'"))


def test_a_restored_store_goes_on_counting(filled: Engine, tmp_path: Path) -> None:
    backup(filled.url, tmp_path / "store.dump")
    restore(libpq_url(filled.url), tmp_path / "store.dump")
    filled.dispose()
    counted = text("select sum(n) from incident_count where level = 9 and tier = 1")
    with filled.begin() as connection:
        assert connection.scalar(counted) == 500
        district, day = connection.execute(
            text(
                "insert into incident (public_id, crime_type, occurred_at, channel, geom)"
                " values ('NTS-new', 'scam', '2026-11-01 00:30+07', 'patrol',"
                " st_setsrid(st_makepoint(102.7, 17.9), 4326))"
                " returning district_code, day::text"
            )
        ).one()
        assert (district, day) == ("4301", "2026-11-01")
        assert connection.scalar(counted) == 501


def test_open_connections_do_not_stop_a_restore_and_come_back(filled: Engine, tmp_path: Path) -> None:
    backup(filled.url, tmp_path / "store.dump")
    with filled.connect() as idle:
        assert idle.scalar(text("select count(*) from incident")) == 500
        restore(filled.url, tmp_path / "store.dump")
        with pytest.raises(OperationalError):
            idle.execute(text("select 1"))
    with filled.connect() as connection:
        assert connection.scalar(text("select count(*) from incident")) == 500


def test_a_backup_is_for_its_owner_only_and_replaces_nothing(filled: Engine, tmp_path: Path) -> None:
    file = tmp_path / "store.dump"
    backup(filled.url, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    whole = file.read_bytes()
    with pytest.raises(ClusterError) as caught:
        backup(filled.url, file)
    assert caught.value.code == "backup.exists"
    assert file.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [file]


def test_a_backup_that_fails_leaves_no_file(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(ClusterError) as caught:
        backup(filled.url.set(database="no_such"), tmp_path / "store.dump")
    assert caught.value.code == "backup.failed"
    assert "no_such" in str(caught.value.params["reason"])
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ClusterError) as caught:
        backup(filled.url, tmp_path / "no folder" / "store.dump")
    assert caught.value.code == "backup.folder"


def test_the_password_stands_on_no_command_line(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[list[str], dict[str, str]]] = []
    real = backup_module._call

    def call(program: str, arguments: Sequence[str], secret: dict[str, str]) -> subprocess.CompletedProcess[str]:
        called.append((list(arguments), secret))
        return real(program, arguments, secret)

    monkeypatch.setattr(backup_module, "_call", call)
    for number, url in enumerate(
        (
            filled.url.set(password="sécret-secret/1"),
            filled.url.update_query_dict({"password": "sécret-secret/1"}),
        )
    ):
        backup(url, tmp_path / f"{number}.dump")
        arguments, secret = called[-1]
        assert arguments[0].startswith("--dbname=")
        assert "secret" not in " ".join(arguments)
        assert secret == {"PGPASSWORD": "sécret-secret/1"}


def test_a_file_that_is_no_backup_is_refused(filled: Engine, tmp_path: Path) -> None:
    for name, content in [
        ("empty", b""),
        ("text", "นี่ไม่ใช่ไฟล์สำรอง".encode()),
        ("sql", b"drop table incident;"),
        ("head", b"PGDMP"),
    ]:
        file = tmp_path / name
        file.write_bytes(content)
        assert _refusal(filled, file).code == "backup.not_a_backup"
    assert _refusal(filled, tmp_path / "missing").code == "backup.no_file"
    assert _refusal(filled, tmp_path).code == "backup.no_file"


def test_a_backup_cut_short_leaves_the_present_data(filled: Engine, tmp_path: Path) -> None:
    file = tmp_path / "store.dump"
    size = backup(filled.url, file)
    for part in (0.5, 0.9, 0.99):
        cut = tmp_path / f"cut{part}"
        cut.write_bytes(file.read_bytes()[: int(size * part)])
        assert _refusal(filled, cut).code in {"backup.not_a_backup", "backup.restore_failed"}


def test_a_backup_of_something_else_is_refused(filled: Engine, tmp_path: Path) -> None:
    file = tmp_path / "other.dump"
    backup(filled.url.set(database="postgres"), file)
    assert _refusal(filled, file).code == "backup.not_ours"


def test_a_backup_of_a_newer_version_is_refused(filled: Engine, tmp_path: Path) -> None:
    with filled.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    backup(filled.url, tmp_path / "newer.dump")
    with filled.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0001'"))
    refused = _refusal(filled, tmp_path / "newer.dump")
    assert refused.code == "backup.newer"
    assert refused.params["revision"] == "9999"


def test_what_a_killed_restore_left_is_no_obstacle(filled: Engine, tmp_path: Path) -> None:
    backup(filled.url, tmp_path / "store.dump")
    with psycopg.connect(libpq_url(filled.url.set(database="postgres")), autocommit=True) as admin:
        admin.execute(f"create database {filled.url.database}_restoring")
    restore(filled.url, tmp_path / "store.dump")
    assert _picture(filled)["incidents"]


def test_two_restores_at_once_are_one_too_many(filled: Engine, tmp_path: Path) -> None:
    backup(filled.url, tmp_path / "store.dump")
    with psycopg.connect(libpq_url(filled.url.set(database="postgres"))) as other:
        other.execute("select pg_advisory_lock(%s)", (LOCK,))
        assert _refusal(filled, tmp_path / "store.dump").code == "backup.busy"
