"""``import-patrols`` and ``import-checkpoints`` as a person at the keyboard meets them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"
REAL_PATROLS = SAMPLES / "ecoscope_smart_patrol_fixes.csv"
KENYA = "33,-5,42,5"

GPX = """<gpx><trk><name>ชปล.1</name><trkseg>
<trkpt lat="17.5" lon="102.5"><time>2026-03-01T01:00:00Z</time></trkpt>
<trkpt lat="17.501" lon="102.5"><time>2026-03-01T01:01:00Z</time></trkpt>
<trkpt lat="18.9" lon="102.5"><time>2026-03-01T01:02:00Z</time></trkpt>
<trkpt lat="17.503" lon="102.5"><time>2026-03-01T01:03:00Z</time></trkpt>
<trkpt lat="17.504" lon="102.5"><time>2026-03-01T01:04:00Z</time></trkpt>
<trkpt lat="17.505" lon="102.5"/></trkseg></trk></gpx>"""

LAND = """
insert into area (code, level, country, geom) values
    ('4301', 'district', 'TH', 'srid=4326;multipolygon(((102 17, 103 17, 103 18, 102 18, 102 17)))');
insert into area_part select code, (st_dump(geom)).geom from area;
"""
CHECKPOINTS = """รหัส,ชื่อ,ประเภท,หน่วยงาน,สถานะ,ละติจูด,ลองจิจูด
1,จุดตรวจบ้านท่า,ด่านตรวจ,ตชด.,เปิดใช้งาน,17.5,102.5
2,จุดสกัดสะพาน,จุดสกัด,อส.,ตามแผน,17.6,102.5
3,อีกฝั่ง,ทางน้ำ,,เปิดใช้งาน,18.5,102.5
"""


@pytest.fixture
def run(store_url: str, monkeypatch: pytest.MonkeyPatch):
    """Run a command on a fresh store, in English."""
    monkeypatch.setenv("WATCH_DB_URL", store_url)
    monkeypatch.setenv("WATCH_LANGUAGE", "en")

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


def rows(store: Engine, sql: str) -> list[tuple]:
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def figures(result: Result) -> list[int]:
    """The figures of the line that adds up, in their order."""
    (line,) = (line for line in result.output.splitlines() if line.startswith("Read "))
    return [int(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*", line)]


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def rejects(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_gpx_file_is_imported_once_and_every_refused_position_is_listed(run, store: Engine, tmp_path: Path):
    file = write(tmp_path, "track.gpx", GPX)
    first = run("import-patrols", file)
    assert first.exit_code == 0, first.output
    assert figures(first) == [6, 5, 0, 1]
    assert "1 positions could only be reached faster than 150 km/h" in first.output
    _, *refused = rejects(tmp_path / "track.rejects.csv")
    assert [row[0] for row in refused] == ["6"]
    assert "no time" in refused[0][3]
    again = run("import-patrols", file)
    assert figures(again) == [6, 0, 5, 1]
    assert rows(store, "select count(*), min(unit), min(status) from patrol") == [(1, "ชปล.1", "done")]
    assert rows(store, "select kind, rows_read, rows_added, rows_already, rows_refused from import_batch") == [
        ("patrols", 6, 5, 0, 1),
        ("patrols", 6, 0, 5, 1),
    ]


def test_a_track_that_walked_a_scheduled_patrol_is_that_patrol_and_it_is_said(run, store: Engine, tmp_path: Path):
    with store.begin() as connection:
        connection.execute(
            text(
                "insert into patrol_route (code, name, kind, geom) values"
                " ('R1', 'x', 'land', 'srid=4326;multilinestring((102.5 17.4, 102.5 17.6))');"
                "insert into patrol (code, route_id, status, scheduled_start)"
                " select 'PT69-000042', id, 'scheduled', '2026-03-01T08:30+07:00' from patrol_route"
            )
        )
    file = write(tmp_path, "track.gpx", GPX.replace('lat="17.50', 'lat="17.5'))
    first = run("import-patrols", file)
    assert first.exit_code == 0, first.output
    assert "0 new · 1 as scheduled · 0 extended" in first.output
    assert "now recorded as walked: PT69-000042" in first.output
    assert "New patrols" not in first.output
    again = run("import-patrols", file)
    assert figures(again) == [6, 0, 5, 1]
    assert "now recorded as walked" not in again.output
    assert rows(store, "select code, status, source, started_at is not null, geom is not null from patrol") == [
        ("PT69-000042", "done", "track.gpx", True, True)
    ]


def test_a_route_or_agency_that_does_not_exist_is_one_clear_line_and_nothing_is_written(
    run, store: Engine, tmp_path: Path
):
    file = write(tmp_path, "track.gpx", GPX)
    for option in ("--route", "--agency"):
        result = run("import-patrols", file, option, "none")
        assert result.exit_code == 2
        assert "Check the code. Nothing was written." in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert rows(store, "select count(*) from patrol") == [(0,)]
    assert list(tmp_path.iterdir()) == [file]
    assert run("import-patrols", file, "--agency", "bpp").exit_code == 0
    assert rows(store, "select agency from patrol") == [("bpp",)]


@pytest.mark.parametrize("command", ["import-patrols", "import-checkpoints"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("binary.csv", bytes(range(256)) * 10),
        ("wide.csv", b"a," * 1_000_000),
        ("bad.geojson", b'{"features": ['),
        ("bad.xlsx", b"PK\x03\x04 not really"),
        (
            "bomb.gpx",
            b'<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><gpx><trk><name>&b;</name></trk></gpx>',
        ),
        ("other.pdf", b"%PDF-1.7"),
        ("vrt.geojson", b"<OGRVRTDataset><OGRVRTLayer/></OGRVRTDataset>"),
    ],
)
def test_a_bad_file_is_one_clear_line_and_nothing_is_written(
    run, store: Engine, tmp_path: Path, command: str, name: str, content: bytes
):
    path = tmp_path / name
    path.write_bytes(content)
    result = run(command, path)
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == [path]
    assert rows(store, "select (select count(*) from import_batch), (select count(*) from patrol)") == [(0, 0)]


def test_a_track_without_times_is_no_patrol_and_exits_1(run, store: Engine, tmp_path: Path):
    file = write(tmp_path, "plan.gpx", '<gpx><trk><trkseg><trkpt lat="17" lon="102"/></trkseg></trk></gpx>')
    result = run("import-patrols", file)
    assert result.exit_code == 1
    assert figures(result) == [1, 0, 0, 1]
    assert rows(store, "select count(*) from patrol") == [(0,)]


def test_a_thai_list_of_checkpoints_is_imported_once_and_updated_when_it_changes(run, store: Engine, tmp_path: Path):
    with store.begin() as connection:
        connection.execute(text(LAND))
    file = write(tmp_path, "จุดตรวจ.csv", CHECKPOINTS)
    first = run("import-checkpoints", file)
    assert first.exit_code == 0, first.output
    assert figures(first) == [3, 2, 0, 0, 1]
    (refused,) = rejects(tmp_path / "จุดตรวจ.rejects.csv")[1:]
    assert refused[0] == "4"
    assert "นอกเขตแดนไทย" in refused[2]
    assert "over the border or in the sea" in refused[3]
    assert figures(run("import-checkpoints", file)) == [3, 0, 0, 2, 1]
    write(tmp_path, "จุดตรวจ.csv", CHECKPOINTS.replace("ตามแผน", "เปิดใช้งาน"))
    assert figures(run("import-checkpoints", file)) == [3, 0, 1, 1, 1]
    assert rows(store, "select name, kind, agency, status, district_code from checkpoint order by id") == [
        ("จุดตรวจบ้านท่า", "checkpoint", "bpp", "active", "4301"),
        ("จุดสกัดสะพาน", "interception", "vdc", "active", "4301"),
    ]


def test_without_boundaries_checkpoints_are_taken_and_it_is_said(run, tmp_path: Path):
    result = run("import-checkpoints", write(tmp_path, "a.csv", CHECKPOINTS))
    assert figures(result) == [3, 3, 0, 0, 0]
    assert "no district boundaries" in result.output


@pytest.mark.skipif(not REAL_PATROLS.exists(), reason="../shared/samples is not here")
def test_the_real_fixes_of_18_patrols_are_imported_and_importing_them_again_adds_nothing(
    run, store: Engine, tmp_path: Path
):
    path = tmp_path / REAL_PATROLS.name
    path.symlink_to(REAL_PATROLS)
    elsewhere = run("import-patrols", path)
    assert (elsewhere.exit_code, figures(elsewhere)) == (1, [32145, 0, 0, 32145])
    first = run("import-patrols", path, "--region", KENYA)
    assert first.exit_code == 0, first.output
    read, added, already, refused = figures(first)
    assert read == 32145 == added + already + refused
    assert rows(store, "select count(*), count(distinct unit) > 0 from patrol") == [(18, True)]
    again = run("import-patrols", path, "--region", KENYA)
    assert figures(again) == [read, 0, added + already, refused]
    assert "repeat another row of the file" in first.output
    assert rows(store, "select count(*) from patrol_fix") == [(added,)]
    assert rows(
        store,
        "select count(*) from (select st_distance(geom::geography, (lag(geom) over w)::geography) as metres,"
        " extract(epoch from fixed_at - lag(fixed_at) over w) as seconds from patrol_fix where not impossible"
        " window w as (partition by patrol_id order by fixed_at)) s"
        " where metres > 150 / 3.6 * seconds + 50.01",
    ) == [(0,)]
