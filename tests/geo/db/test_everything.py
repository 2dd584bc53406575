"""Everything leaves the store in open forms, and brings an empty installation to the same state."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pyogrio
import pytest
from sqlalchemy import URL, Engine, text

from geo.db.bring_in import bring_in
from geo.db.engine import libpq_url, make_engine
from geo.db.leaving import KEPT_BACK, LEFT_OUT, tables
from geo.db.migrate import migrate
from geo.db.take_out import Taken, take_out
from geo.errors import ClusterError
from geo.ingest.demo.fill import fill
from geo.queries.audit import verify

TELEPHONE = "081-234-5678 แม่บ้าน"
TEXTS = (
    "=1+1",
    "+66 81",
    "-3",
    "@SUM(A1)",
    "'quoted",
    "''twice",
    "\tตาราง",
    'a "b", c',
    "สอง\nบรรทัด",
    "",
    " ",
    "{{7*7}} ${x}",
)
SEALED = b"sealed:"
csv.field_size_limit(10_000_000)  # a boundary is one cell
HOSTILE = "insert into report (incident_id, channel, description) select min(id), 'online', %s from incident"


def _seal(contact: str) -> bytes:
    return SEALED + contact.encode()


def _open(sealed: bytes) -> str | None:
    return sealed.removeprefix(SEALED).decode() if sealed.startswith(SEALED) else None


def _take(url: URL, file: Path, *, reporters: bool = False) -> Taken:
    return take_out(
        url,
        file,
        described=lambda table, column: [f"th {table} {column}", f"en {table} {column}"],
        languages=("th", "en"),
        readme="อ่าน",
        opened=_open if reporters else None,
    )


@pytest.fixture(scope="module")
def town(cluster: URL, border_template: str) -> Iterator[Engine]:
    """Demonstration data with every kind of text, a reporter's contact and a password, for tests that only take out."""
    from tests.conftest import _copy

    for engine in _copy(cluster, border_template):
        fill(engine, 250, seed=4, until=date(2026, 11, 20), say=lambda *_: None)
        with psycopg.connect(libpq_url(engine.url)) as connection:
            for words in TEXTS:
                connection.execute(HOSTILE, (words,))
            connection.execute(
                "insert into report_contact select max(id), %s from report", (SEALED + TELEPHONE.encode(),)
            )
            connection.execute("update person set password_hash = 'argon', webhook_url = 'https://example.org/x'")
        yield engine


@pytest.fixture
def empty(store: Engine) -> Engine:
    """An installation as it is after its set-up: with reference data of its own, and nothing else."""
    with store.begin() as connection:
        connection.execute(text("insert into crime_type (code, name_th, name_en) values ('own', 'ของเดิม', 'Own')"))
        connection.execute(text("select audit('boundaries.load', 'area', '{}')"))
    return store


def _files(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_everything_comes_back_in_an_empty_installation(town: Engine, empty: Engine, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    taken = _take(town.url, first, reporters=True)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert taken.rows["incident"] == 250
    assert taken.size == first.stat().st_size

    brought = bring_in(empty.url, first, _seal)
    empty.dispose()
    assert brought.rows == taken.rows
    assert brought.with_reporters
    _take(empty.url, second, reporters=True)
    one, other = _files(first), _files(second)
    assert one.keys() == other.keys()
    same = [name for name in one if name not in {"csv/audit_log.csv", "everything.gpkg", "manifest.json"}]
    assert [name for name in same if one[name] != other[name]] == []
    log, log_after = (files["csv/audit_log.csv"].decode() for files in (one, other))
    assert log_after.startswith(log)
    assert log_after.removeprefix(log).count("store.bring_in") == 1
    manifest, after = (json.loads(files["manifest.json"]) for files in (one, other))
    assert manifest["sequences"] == after["sequences"]
    assert sum(name.startswith("files/evidence/") for name in one) == taken.rows["evidence"] > 0

    with town.connect() as here, empty.connect() as there:
        for question in (
            "select sum(n), sum(n * level), count(distinct (block, cell)) from incident_count where n <> 0",
            "select count(*), bit_xor(hashtextextended(content::text, 0)) from evidence",
            "select tgrelid::regclass::text, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2",
            "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint order by 1, 2",
            "select tablename, policyname, qual, with_check from pg_policies order by 1, 2",
            "select description from report order by id",
            "select sealed from report_contact",
        ):
            assert here.execute(text(question)).fetchall() == there.execute(text(question)).fetchall(), question
        assert there.scalar(text("select count(*) from person where password_hash is not null")) == 0
        assert verify(there).broken is None


def test_reporters_and_passwords_stay_unless_asked_for(town: Engine, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    _take(town.url, file)
    files = _files(file)
    assert "csv/report_contact.csv" not in files
    assert json.loads(files["manifest.json"])["with_reporters"] is False
    for name, content in files.items():
        for secret in (TELEPHONE, SEALED.decode(), SEALED.hex(), "argon", "example.org/x"):
            assert secret.encode() not in content, (name, secret)
    with_them = tmp_path / "with.zip"
    _take(town.url, with_them, reporters=True)
    assert TELEPHONE in _files(with_them)["csv/report_contact.csv"].decode()
    with pytest.raises(ClusterError, match="other_key"):
        take_out(
            town.url,
            tmp_path / "no.zip",
            described=lambda *_: [],
            languages=(),
            readme="",
            opened=lambda _: None,
        )
    assert {one.name for one in tmp_path.iterdir()} == {"all.zip", "with.zip"}


def test_tables_read_without_this_program_and_compute_nothing_in_a_spreadsheet(town: Engine, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    _take(town.url, file)
    files = _files(file)
    package = tmp_path / "everything.gpkg"
    package.write_bytes(files["everything.gpkg"])
    layers = dict(pyogrio.list_layers(package))
    with psycopg.connect(libpq_url(town.url)) as connection:
        leaving = {one.name: one for one in tables(connection)}
        assert leaving.keys() & LEFT_OUT == set()
        words = _rows(files["dictionary.csv"])
        told = {(row["table"], row["column"]) for row in words}
        for name, table in leaving.items():
            if name == "report_contact":
                assert name not in layers
                continue
            rows = _rows(files[f"csv/{name}.csv"])
            assert list(rows[0] if rows else {}) in ([], [one.name for one in table.leaving])
            assert len(rows) == connection.execute(f"select count(*) from {name}").fetchone()[0]  # type: ignore[index]
            assert name in layers
            assert pyogrio.read_info(package, layer=name)["features"] == len(rows)
            assert {(name, one.name) for one in table.columns if one.name not in KEPT_BACK} | {(name, "")} <= told
    assert layers["incident"] == "Point"
    assert layers["person"] is None
    assert all(row["meaning_th"] and row["meaning_en"] for row in words)
    points = pyogrio.read_dataframe(package, layer="incident")
    assert points.crs == "EPSG:4326"
    with_point = [row for row in _rows(files["csv/incident.csv"]) if row["geom"]]
    assert points.geometry.notna().sum() == len(with_point)
    for name, content in files.items():
        if name.startswith("csv/"):
            for row in _rows(content):
                for column, cell in row.items():
                    formula = cell.startswith(("=", "+", "@", "\t")) or (cell.startswith("-") and not _number(cell))
                    assert not formula, (name, column, cell)


def _number(cell: str) -> bool:
    try:
        return float(cell) < 0
    except ValueError:
        return False


def test_what_cannot_be_brought_in_leaves_the_store_as_it_is(
    town: Engine, empty: Engine, cluster: URL, tmp_path: Path
) -> None:
    good = tmp_path / "good.zip"
    _take(town.url, good)
    files = _files(good)
    manifest = json.loads(files["manifest.json"])

    def refused(name: str, code: str, change: dict[str, bytes | None] | bytes, engine: Engine = empty) -> None:
        file = tmp_path / name
        if isinstance(change, bytes):
            file.write_bytes(change)
        else:
            with zipfile.ZipFile(file, "w") as archive:
                for part, content in (files | change).items():
                    if content is not None:
                        archive.writestr(part, content)
        with pytest.raises(ClusterError) as caught:
            bring_in(engine.url, file, _seal)
        assert caught.value.code == f"everything.{code}", name

    def told(**other: object) -> dict[str, bytes | None]:
        return {"manifest.json": json.dumps(manifest | other).encode()}

    refused("words.zip", "not_ours", b"no archive at all")
    refused("other.zip", "not_ours", {"manifest.json": b"[]"})
    refused("format.zip", "newer", told(format=2))
    refused("revision.zip", "newer", told(revision="9999_later"))
    refused("missing.zip", "damaged", {"csv/person.csv": None})
    refused("changed.zip", "damaged", {"csv/patrol.csv": files["csv/patrol.csv"] + b"\n"})
    refused("fewer.zip", "damaged", {"csv/meeting.csv": b"\n".join(files["csv/meeting.csv"].split(b"\n")[:1]) + b"\n"})
    photo = next(name for name in files if name.startswith("files/"))
    refused("photo.zip", "damaged", {photo: b"another"})
    half = bytearray(good.read_bytes())
    half[len(half) // 3] ^= 0xFF
    (tmp_path / "half.zip").write_bytes(bytes(half))
    with pytest.raises(ClusterError):
        bring_in(empty.url, tmp_path / "half.zip", _seal)
    with pytest.raises(ClusterError, match="no_file"):
        bring_in(empty.url, tmp_path / "nowhere.zip", _seal)
    refused("full.zip", "not_empty", {}, town)
    empty.dispose()
    with empty.connect() as connection:
        assert connection.scalar(text("select string_agg(code, ',') from crime_type")) == "own"
        assert connection.scalar(text("select count(*) from incident")) == 0
    with make_engine(cluster.set(database="postgres")).connect() as admin:
        assert admin.scalar(text("select count(*) from pg_database where datname ~ '_(restoring|replaced)$'")) == 0
    migrate(empty)
