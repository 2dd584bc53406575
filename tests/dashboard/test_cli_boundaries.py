"""``python -m dashboard load-boundaries`` and ``border-section`` as a person types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.commands.boundaries import tell
from dashboard.i18n import t
from geo.db.engine import libpq_url
from geo.errors import WatchError
from geo.ingest import boundaries, official
from geo.ingest.boundaries import load_shipped
from geo.ingest.progress import Step
from geo.ingest.wheel import WheelUnavailable


@pytest.fixture
def command_store(border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The store that the commands use, with boundaries."""
    monkeypatch.setenv("WATCH_DB_URL", libpq_url(border_store.url))
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    return border_store


def command(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def boundary_file(folder: Path, *rows: tuple[dict[str, str], object]) -> Path:
    path = folder / "official.geojson"
    features = [{"type": "Feature", "properties": row, "geometry": shape} for row, shape in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_file_is_loaded_and_what_is_refused_is_listed_with_reasons(
    command_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "_follow", lambda *_: None)
    box = shapely.geometry.mapping(shapely.box(104.5, 17.2, 104.8, 17.5))
    rows = (({"code": "4801", "name": ""}, box), ({"code": "", "name": "=cmd|'x'!A1"}, box), ({"code": "4803"}, None))
    path = boundary_file(tmp_path, *rows)
    result = command("load-boundaries", str(path), "--level", "district", "--source", "กรมการปกครอง 2569")
    assert result.exit_code == 0, result.output
    summary = "3 features read = 1 areas replaced + 0 further pieces of them + 0 already the same + 2 refused"
    assert summary in result.stdout
    with (tmp_path / "official.geojson.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.reader(file))
    assert listed == [
        ["feature", "code or name", "reason"],
        ["2", "'=cmd|'x'!A1", t("errors.place.unknown_name", "en", value="=cmd|'x'!A1")],
        ["3", "4803", t("errors.place.no_shape", "en")],
    ]
    with command_store.connect() as connection:
        assert connection.scalar(text("select geom_source from area where code = '4801'")) == "กรมการปกครอง 2569"


def test_a_bad_file_is_one_line_and_exit_code_2_and_nothing_is_written(command_store: Engine, tmp_path: Path) -> None:
    box = shapely.geometry.mapping(shapely.box(104.5, 17.2, 104.8, 17.5))
    bad = [tmp_path / "none.gpkg", tmp_path / "empty.zip", boundary_file(tmp_path, ({"code": "0000"}, box))]
    bad[1].write_bytes(b"")
    for path in bad:
        result = command("load-boundaries", str(path), "--level", "district")
        assert result.exit_code == 2
        assert len(result.stderr.strip().splitlines()) == 1
        assert "Traceback" not in result.output
    assert "There is no area with the code 0000." in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"empty.zip", "official.geojson"}
    with command_store.connect() as connection:
        assert connection.scalar(text("select count(*) from import_batch")) == 0


def test_the_list_of_refused_features_is_taken_back_when_the_store_fails(
    command_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = shapely.geometry.mapping(shapely.box(104.5, 17.2, 104.8, 17.5))
    path = boundary_file(tmp_path, ({"code": "480101"}, box), ({"code": "999901"}, box))
    with command_store.begin() as connection:
        connection.execute(
            text(
                "create function fail() returns trigger language plpgsql as $$ begin raise 'disk full'; end $$;"
                " create constraint trigger late after insert on import_batch deferrable initially deferred"
                " for each row execute function fail()"
            )
        )
    result = command("load-boundaries", str(path), "--level", "subdistrict")
    assert result.exit_code != 0
    assert [file.name for file in tmp_path.iterdir()] == ["official.geojson"]
    with command_store.connect() as connection:
        assert connection.scalar(text("select geom from area where code = '480101'")) is None


def test_a_section_is_marked_undetermined_and_agreed_again(command_store: Engine) -> None:
    marked = command("border-section", "3304-kh", "--undetermined", "--note", "ยังไม่ปักปัน")
    assert (marked.exit_code, marked.stdout.strip()) == (0, "Section 3304-KH is now drawn as undetermined.")
    query = text("select undetermined, note from border_section where code = '3304-KH'")
    with command_store.connect() as connection:
        assert tuple(connection.execute(query).one()) == (True, "ยังไม่ปักปัน")
    assert command("border-section", "3304-KH", "--agreed").exit_code == 0
    with command_store.connect() as connection:
        assert tuple(connection.execute(query).one()) == (False, "ยังไม่ปักปัน")


def test_a_section_that_does_not_exist_is_said(command_store: Engine) -> None:
    result = command("border-section", "1001-KH", "--undetermined")
    assert result.exit_code == 2
    assert result.stderr.strip() == t("errors.section.unknown", "en", section="1001-KH")


def test_every_step_of_a_load_has_words(
    store: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[Step] = []
    monkeypatch.setattr(boundaries, "fetch", _offline)
    load_shipped(store, say=said.append)
    monkeypatch.undo()
    load_shipped(store, say=said.append)
    assert {step.code for step in said} >= {"boundaries.approximate", "boundaries.reading", "boundaries.loaded"}
    said += [Step("boundaries.fetching", file="x.whl", size_mb=1), Step("boundaries.replacing", n=1)]
    said += [Step("boundaries.relocating")]
    for step in said:
        tell(step)
    spoken = capsys.readouterr().out
    assert len(spoken.splitlines()) == len(said)
    assert "boundaries." not in spoken
    assert t("errors.wheel.wrong_content", "th", file="x.whl") in spoken


def _offline(*_: object) -> Path:
    raise WheelUnavailable("wheel.wrong_content", file="x.whl")


@pytest.mark.parametrize(
    "error",
    [
        WheelUnavailable("wheel.not_downloaded", file="x", reason="y"),
        WheelUnavailable("wheel.folder", folder="x", reason="y"),
        WatchError("boundaries.wrong_count", country="TH", found=1, expected=2),
        WatchError("boundaries.missing_districts", codes="1001"),
        WatchError("boundaries.rejects", name="x", reason="y"),
        WatchError("zip.bomb", megabytes=1),
        WatchError("zip.too_many", limit=1),
        WatchError("layer.unknown", layer="x", layers="y"),
        WatchError("place.ambiguous", value="x", n=2),
        WatchError("place.outside_region", lon="1", lat="2"),
    ],
)
def test_every_refusal_has_a_sentence(error: WatchError) -> None:
    for lang in ("th", "en"):
        assert t(f"errors.{error.code}", lang, **error.params)
