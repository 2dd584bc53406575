"""``import-incidents`` from the command line: words, exit codes, lists of rows."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.i18n import has, words
from dashboard.spreadsheet import csv_bytes, safe_cell
from geo.db.engine import libpq_url
from geo.settings import ROOT

SAMPLE = ROOT.parent / "shared" / "samples" / "ushahidi_haiti_2010_deidentified.csv"
HAITI = (-75.0, 17.0, -71.0, 21.0)
SHEET = (
    "วันที่เกิดเหตุ,ประเภทเหตุ,ละติจูด,ลองจิจูด,อำเภอ,รายละเอียด\n"
    "14 ก.ค. 2569,ยาบ้า,17.8712,102.7125,,ก\n"
    "14/07/2569,ยาบ้า,102.7125,17.8712,,ข\n"
    "31/02/2569,ยาบ้า,17.8712,102.7125,,=1+1\n"
)
Import = Callable[..., Result]


@pytest.fixture
def run(border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setenv("WATCH_DB_URL", libpq_url(border_store.url))
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    return lambda *arguments: CliRunner().invoke(app, ["import-incidents", *map(str, arguments)])


@pytest.fixture
def run_on_empty(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Import:
    """The command on a store that holds nothing: enough for files that are refused as a whole."""
    monkeypatch.setenv("WATCH_DB_URL", libpq_url(store.url))
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    return lambda *arguments: CliRunner().invoke(app, ["import-incidents", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "เหตุ.csv"
    path.write_bytes(SHEET.encode("cp874"))
    return path


def total(store: Engine, table: str = "incident") -> int:
    with store.connect() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def listed(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_a_file_is_imported_and_its_account_adds_up(run: Import, file: Path, border_store: Engine) -> None:
    result = run(file)
    assert result.exit_code == 0, result.output
    assert "Read 3 rows = 2 added + 0 already there + 1 refused" in result.output
    assert total(border_store) == 2
    (head, refused) = listed(file.with_name("เหตุ.rejects.csv"))
    assert head[4:] == SHEET.splitlines()[0].split(",")
    assert refused[:2] == ["4", "row.date_impossible"]
    assert "31/02/2569" in refused[2]
    assert "31/02/2569" in refused[3]
    assert refused[-1] == "'=1+1"
    (_, note) = listed(file.with_name("เหตุ.notes.csv"))
    assert note[:2] == ["3", "swapped_lat_lon"]


def test_importing_twice_adds_nothing(run: Import, file: Path, border_store: Engine) -> None:
    run(file)
    result = run(file)
    assert result.exit_code == 0
    assert "Read 3 rows = 0 added + 2 already there + 1 refused" in result.output
    assert total(border_store) == total(border_store, "report") == 2


def test_a_corrected_list_of_rejects_can_be_imported(run: Import, file: Path, border_store: Engine) -> None:
    run(file)
    rejects = file.with_name("เหตุ.rejects.csv")
    rejects.write_bytes(rejects.read_bytes().replace(b",31/02/2569,", b",28/02/2569,"))
    result = run(rejects)
    assert "1 added" in result.output, result.output
    with border_store.connect() as connection:
        assert connection.execute(text("select description from report order by id desc limit 1")).scalar() == "=1+1"


def test_a_list_that_was_corrected_by_hand_is_not_overwritten(run: Import, file: Path) -> None:
    run(file)
    rejects = file.with_name("เหตุ.rejects.csv")
    rejects.write_text("by hand")
    run(file)
    assert rejects.read_text() == "by hand"
    assert file.with_name("เหตุ.rejects-2.csv").exists()


def test_the_account_is_in_thai_by_default(run: Import, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCH_LANGUAGE")
    result = run(file)
    assert "อ่าน 3 แถว = เพิ่มใหม่ 2 + มีอยู่แล้ว 0 + ไม่รับ 1" in result.output
    assert "ละติจูดกับลองจิจูดสลับกัน" in result.output


@pytest.mark.parametrize(
    ("name", "content", "words_in_it"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", bytes(range(256)) * 20, "neither text nor a table"),
        ("a.csv", b"lat" + b"," * 10_000_000, "columns"),
        ("a.xlsx", b"PK\x03\x04", "damaged"),
        ("a.ods", b"x", "not taken"),
        ("a.csv", b"a,b\n1,2\n", "headings"),
        ("a.csv", "วันที่,ประเภท\n1,2\n".encode(), "พิกัด (position)"),
        ("a.geojson", b"<OGRVRTDataSource/>", "web page"),
    ],
)
def test_a_bad_file_is_one_clear_line_exit_code_2_and_nothing_written(
    run_on_empty: Import, tmp_path: Path, store: Engine, name: str, content: bytes, words_in_it: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run_on_empty(path)
    assert result.exit_code == 2
    assert words_in_it in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert total(store) == total(store, "import_batch") == 0
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("arguments", "words_in_it"),
    [
        (["--columns", "nonsense"], "heading=field"),
        (["--columns", "รายละเอียด=height"], "no field height"),
        (["--columns", "ไม่มี=lat"], "no column"),
        (["--region", "1,2"], "not a box"),
        (["--type-for-unknown", "chicken"], "no crime type with the code chicken"),
        (["--rejects", "/nowhere/x.csv"], "cannot be written"),
    ],
)
def test_wrong_options_are_said_in_words_and_nothing_is_written(
    run_on_empty: Import, file: Path, store: Engine, arguments: list[str], words_in_it: str
) -> None:
    result = run_on_empty(file, *arguments)
    assert result.exit_code == 2, result.output
    assert words_in_it in result.stderr
    assert total(store) == total(store, "import_batch") == 0


def test_rejects_never_overwrite_the_file_itself(run_on_empty: Import, file: Path) -> None:
    before = file.read_bytes()
    assert run_on_empty(file, "--rejects", file).exit_code == 2
    assert file.read_bytes() == before


def test_a_store_without_boundaries_takes_incidents_and_says_what_is_missing(
    run_on_empty: Import, file: Path, store: Engine
) -> None:
    result = run_on_empty(file)
    assert result.exit_code == 0
    assert "no district boundaries" in result.output
    assert total(store) == 2


def test_a_file_of_which_no_row_can_be_taken_gives_exit_code_1(run_on_empty: Import, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,type,lat,lon\n31/02/2569,ยาบ้า,17.8,102.7\n")
    assert run_on_empty(path).exit_code == 1


def test_a_database_that_does_not_answer_is_said_and_leaves_no_lists(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCH_DB_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = CliRunner().invoke(app, ["import-incidents", str(file)])
    assert result.exit_code == 2
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_the_command_runs_by_itself(border_store: Engine, file: Path) -> None:
    environment = {"PATH": "", "WATCH_DB_URL": libpq_url(border_store.url), "WATCH_LANGUAGE": "en"}
    command = [sys.executable, "-m", "dashboard", "import-incidents", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "2 added" in done.stdout


def test_every_code_that_the_importers_use_has_its_sentence() -> None:
    import re

    sources = [*(ROOT / "geo" / "ingest").glob("*.py"), ROOT / "dashboard" / "commands" / "incidents.py"]
    sources += [ROOT / "dashboard" / "import_account.py", ROOT / "geo" / "actions" / "incident_file.py"]
    sources += [ROOT / "geo" / "actions" / "coordinator_file.py"]
    text_of_all = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    codes = set(re.findall(r'"((?:file|row)\.[a-z_0-9]+)"', text_of_all))
    assert len(codes) > 50
    assert {code for code in codes if not has(f"errors.{code}")} == set()
    remarks = set(re.findall(r'(?:_remark\(|Remark\(\w+(?:\[\w+\])?(?:\.\w+)?, )"([a-z_]+)"', text_of_all))
    remarks |= {"swapped_lat_lon", "swapped_east_north", "repeats_row"}
    assert remarks == {key.removeprefix("import.remark.") for key in words("th") if key.startswith("import.remark.")}


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_cells_that_a_spreadsheet_would_compute_are_neutralised(formula: str) -> None:
    assert safe_cell(formula).startswith("'")
    assert b"\x1b" not in csv_bytes([["\x1b[31m"]])


@pytest.mark.skipif(not SAMPLE.exists(), reason="../shared/samples is not there")
def test_a_real_campaign_of_another_country_is_taken_whole(run: Import, tmp_path: Path, border_store: Engine) -> None:
    path = tmp_path / "haiti.csv"
    path.write_bytes(SAMPLE.read_bytes())
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    west, south, east, north = HAITI
    nameless = {n for n, one in enumerate(rows, 2) if not one["CATEGORY"].strip(" ,")}
    wild = {
        n
        for n, one in enumerate(rows, 2)
        if not (west <= float(one["LONGITUDE"]) <= east and south <= float(one["LATITUDE"]) <= north)
    }
    assert nameless
    assert wild
    arguments = [path, "--columns", "INCIDENT DATE=occurred_at", "--columns", "Serial=source_id"]
    arguments += ["--region=" + ",".join(map(str, HAITI)), "--type-for-unknown", "suspicious_activity"]
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    refused = listed(tmp_path / "haiti.rejects.csv")[1:]
    assert {int(one[0]) for one in refused if one[1] == "row.coordinate_outside"} == wild - nameless
    assert {int(one[0]) for one in refused if one[1] == "row.type_missing"} == nameless
    assert len(refused) == len(wild | nameless)
    assert total(border_store) == len(rows) - len(refused)
    again = run(*arguments)
    assert f"{len(rows):,} rows = 0 added + {len(rows) - len(refused):,} already there" in again.output
