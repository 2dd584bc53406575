"""``hotspots`` as a person at the keyboard meets it, on files and on the store."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from geo.analysis.clusters import dbscan
from geo.analysis.hot_spots import gi_star
from geo.analysis.near_repeat import knox
from geo.analysis.plane import Plane


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCH_LANGUAGE", "en")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["hotspots", *(str(word) for word in words)])


@pytest.fixture
def cases(tmp_path: Path) -> pd.DataFrame:
    """200 cases with values, in a CSV beside."""
    random = np.random.default_rng(9)
    frame = pd.DataFrame({"x": random.normal(5000, 900, 200), "y": random.normal(7000, 900, 200)}).round(1)
    frame["t"] = random.integers(0, 200, 200)
    frame["value"] = random.poisson(4, 200)
    frame["note"] = "=1+1"
    frame.to_csv(tmp_path / "cases.csv", index=False)
    return frame


def summary(result: Result) -> dict:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_gi_writes_z_p_and_q_beside_each_row(tmp_path, cases):
    out = tmp_path / "gi.csv"
    told = summary(run("--method", "gi", "--points", tmp_path / "cases.csv", "--coords", "planar",
                       "--value-column", "value", "--distance", 500, "--out", out, "--json"))  # fmt: skip
    rows = pd.read_csv(out)
    ours = gi_star(cases.value, cases.x, cases.y, 500)
    np.testing.assert_allclose(rows[["z", "p", "q"]], ours[["z", "p", "q"]])
    assert list(rows.x) == list(cases.x)
    assert set(rows.note) == {"'=1+1"}  # a spreadsheet computes nothing of it
    assert told["n"] == 200
    assert told["distance"] == 500


def test_dbscan_writes_a_label_and_whether_it_is_core_as_geojson_too(tmp_path, cases):
    ours = dbscan(cases.x, cases.y, 200, 6)
    for name in ("db.csv", "db.geojson"):
        told = summary(run("--method", "dbscan", "--points", tmp_path / "cases.csv", "--coords", "planar",
                           "--eps", 200, "--min-points", 6, "--out", tmp_path / name, "--json"))  # fmt: skip
        assert told["clusters"] == ours.label.max() + 1
        assert told["noise"] == (ours.label < 0).sum()
    rows = pd.read_csv(tmp_path / "db.csv")
    features = json.loads((tmp_path / "db.geojson").read_text())["features"]
    assert list(rows.label) == list(ours.label) == [f["properties"]["label"] for f in features]
    assert list(rows.core) == list(ours.core.astype(int))
    assert features[0]["geometry"]["coordinates"] == [cases.x[0], cases.y[0]]


def test_knox_tells_observed_expected_and_p(tmp_path, cases):
    told = summary(run("--method", "knox", "--points", tmp_path / "cases.csv", "--coords", "planar", "--space", 300,
                       "--time", 10, "--permutations", 99, "--json"))  # fmt: skip
    first = knox(cases.x, cases.y, cases.t, 300, 10, permutations=99).table.iloc[0]
    assert (told["observed"], told["expected"], told["p"]) == (first.observed, first.expected, first.p)


@pytest.mark.parametrize("method", ["gi", "kde", "emerging", "scan", "pai"])
def test_every_method_answers_in_one_object_and_writes_its_rows(tmp_path, cases, method):
    out = tmp_path / f"{method}.csv"
    told = summary(run("--method", method, "--points", tmp_path / "cases.csv", "--coords", "planar",
                       "--permutations", 19, "--out", out, "--json"))  # fmt: skip
    assert told["method"] == method
    assert told["n"] == 200
    assert len(pd.read_csv(out)) > 0


def test_degrees_dates_and_features_give_the_same_as_metres_and_days(tmp_path, cases):
    lon, lat = Plane(102, 16).degrees(cases.x, cases.y)
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(cases.t, unit="D")
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [a, b]}, "properties": {"t": str(d.date())}}
        for a, b, d in zip(lon, lat, days, strict=True)
    ]
    (tmp_path / "f.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    pd.DataFrame({"Latitude": lat, "LON": lon, "T": days.dt.strftime("%d/%m/%Y")}).to_csv(
        tmp_path / "d.csv", index=False
    )
    asked = ("--method", "knox", "--space", 300, "--time", 10, "--permutations", 9, "--json", "--points")
    planar = summary(run(*asked, tmp_path / "cases.csv", "--coords", "planar"))
    for name in ("f.geojson", "d.csv"):
        assert summary(run(*asked, tmp_path / name))["observed"] == planar["observed"]
    part = summary(run(*asked, tmp_path / "d.csv", "--from", "2026-02-01", "--to", "2026-03-31"))
    assert part["n"] == ((days >= "2026-02-01") & (days < "2026-04-01")).sum()


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("x,y\n", "--method kde --coords planar", "no incidents"),
        ("", "--method kde --coords planar", "is empty|no incidents"),
        ("a,b\n1,2\n", "--method kde", "no columns x, y"),
        ("x,y\n1,2\n3,4\n", "--method kde", "may be degrees"),
        ("x,y\n1,2\n3,oops\n", "--method kde --coords planar", 'Row 2: y is "oops"'),
        ("x,y\n1,2\n3,nan\n", "--method kde --coords planar", "Row 2"),
        ("x,y\n1,2,9\n3,4\n", "--method kde --coords planar", "more cells than there are headings"),
        ("x,y\n1,2\n3,4,9\n", "--method kde --coords planar", "cannot be read as CSV"),
        ("lon,lat\n102,17\n17,102\n", "--method kde", "no place on the earth"),
        ("x,y\n1,2\n", "--method gi --coords planar --value-column v", "no column v"),
        ("x,y,v\n1,2,3\n", "--method gi --coords planar --value-column v --distance 5", "Only 1 points"),
        ("x,y,v\n1,2,3\n", "--method gi --coords planar --value-column v", "needs --distance"),
        ("x,y,v\n1,2,3\n2,2,3\n5,2,3\n", "--method gi --coords planar --value-column v --distance -1", "above 0"),
        ("x,y\n1,2\n3,4\n", "--method knox --coords planar", "no column t"),
        ("x,y,t\n1,2,3\n", "--method knox --coords planar", "Only 1 points"),
        ("x,y,t\n1,2,soon\n", "--method knox --coords planar", 'Row 1: t is "soon"'),
        ("x,y,t\n1,2,3\n3,4,5\n", "--method knox --coords planar --permutations 0", "whole number"),
        ("x,y,t\n1,2,3\n", "--method kde --coords planar --from 2026-01-01", "holds no dates"),
        ("x,y\n1,2\n", "--method dbscan --coords planar --eps 0", "above 0"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_written(tmp_path, content, words, said):
    (tmp_path / "p.csv").write_text(content)
    out = tmp_path / "out.csv"
    result = run(*words.split(), "--points", tmp_path / "p.csv", "--out", out, "--json")
    assert result.exit_code == 2
    assert any(part in result.stderr for part in said.split("|")), result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output
    assert {path.name for path in tmp_path.iterdir()} == {"p.csv"}


def test_a_scan_that_finds_nothing_says_so(tmp_path):
    (tmp_path / "p.csv").write_text("x,y,t\n1,2,1\n300,400,15\n900,100,40\n")
    told = summary(run("--method", "scan", "--points", tmp_path / "p.csv", "--coords", "planar", "--permutations", 9,
                       "--out", tmp_path / "o.geojson", "--json"))  # fmt: skip
    assert (told["clusters"], told["p"], told["remarks"]) == (0, None, ["few"])
    assert json.loads((tmp_path / "o.geojson").read_text())["features"] == []


def test_a_name_that_is_neither_csv_nor_geojson_is_refused_before_anything_is_computed(tmp_path, cases):
    result = run(
        "--method", "kde", "--points", tmp_path / "cases.csv", "--coords", "planar", "--out", tmp_path / "o.shp"
    )
    assert result.exit_code == 2
    assert ".csv or .geojson" in result.stderr


def test_the_store_gives_what_the_public_reported_and_was_verified(store: Engine, store_url, monkeypatch, tmp_path):
    monkeypatch.setenv("WATCH_DB_URL", store_url)
    with store.begin() as connection:
        connection.execute(
            text("insert into crime_type (code, name_th, name_en) values ('test_type', 'ทดสอบ', 'Test')")
        )
        for number in range(40):
            status = "received" if number < 5 else "verified"
            channel = "patrol" if number >= 35 else "online"
            connection.execute(
                text(
                    "insert into incident (public_id, crime_type, occurred_at, status, channel, geom) values"
                    " (:id, 'test_type', timestamptz '2026-03-01 09:00+07' + :n * interval '1 day', :status, :channel,"
                    " st_setsrid(st_makepoint(102.5 + :n * 0.001, 17.9), 4326))"
                ),
                {"id": f"T-{number}", "n": number, "status": status, "channel": channel},
            )
    asked = ("--method", "dbscan", "--from", "2026-03-01", "--to", "2026-04-30", "--json")
    told = summary(run(*asked))
    assert told["n"] == 30
    assert told["clusters"] == 1
    assert told["largest"][0]["main_kind"] == "test_type"
    assert told["largest"][0]["last"] == "2026-04-04"
    assert summary(run(*asked, "--unverified", "--patrols"))["n"] == 40
    refused = run(*asked, "--crime-type", "nonsense")
    assert refused.exit_code == 2
    assert "nonsense" in refused.stderr


def test_on_the_store_hexagons_and_surfaces_end_where_the_watched_land_ends(
    border_store: Engine, monkeypatch, tmp_path
):
    monkeypatch.setenv(
        "WATCH_DB_URL", border_store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (public_id, crime_type, occurred_at, status, channel, geom)"
                " select 'T-' || n, (select min(code) from crime_type), timestamptz '2026-01-01 09:00+07' + n * interval '1 day',"
                " 'verified', 'online', (st_dump(st_generatepoints(geom, 1, n))).geom from generate_series(1, 200) n"
                " join (select geom, row_number() over (order by code) as at from area where level = 'district'"
                " and country = 'TH' and is_border and geom is not null) d on d.at = 1 + n % 3"
            )
        )
    asked = ("--from", "2026-01-01", "--to", "2026-12-31", "--json", "--out", tmp_path / "o.csv")
    for method in ("gi", "kde", "emerging", "pai"):
        told = summary(run("--method", method, *asked))
        assert told["n"] == 200
        if method == "kde":
            assert (told["bandwidth"], told["cell"]) == (5000, 1000)
            assert 100 < told["kept"] < 200
        else:
            assert told["cell"] == 5000
            assert told["places"] > 1000
        if method in {"gi", "emerging"}:
            assert pd.read_csv(tmp_path / "o.csv")["count"].sum() == 200
            assert told["outside"] == 0


REFERENCE = Path(__file__).resolve().parents[3].parent / "shared" / "reference_answers"


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference answers in ../shared are not here")
@pytest.mark.parametrize(("order", "east"), [(None, 0.0), (3, 0.0), (None, 1e6)])
def test_the_published_answers_come_out_of_the_command_whatever_the_order_and_the_origin(tmp_path, order, east):
    cells = pd.read_csv(REFERENCE / "gistar_getisord" / "getisord.csv")
    cases = pd.read_csv(REFERENCE / "knox_burkitt" / "burkitt.csv")
    if order is not None:
        cells, cases = (frame.sample(frac=1, random_state=order) for frame in (cells, cases))
    cells.assign(x=cells.x + east, y=cells.y - east).to_csv(tmp_path / "cells.csv", index=False)
    cases.assign(X=cases.X + east, Y=cases.Y - east).to_csv(tmp_path / "cases.csv", index=False)
    for metres in (30, 90):
        out = tmp_path / "gi.csv"
        summary(run("--method", "gi", "--points", tmp_path / "cells.csv", "--coords", "planar", "--value-column", "val",
                    "--distance", metres, "--out", out, "--json"))  # fmt: skip
        rows = pd.read_csv(out)
        np.testing.assert_allclose(rows.z, rows[f"Gstar{metres}"], atol=1e-12)
        assert list(rows["id"]) == list(cells["id"])
    told = summary(run("--method", "knox", "--points", tmp_path / "cases.csv", "--coords", "planar", "--space", 10,
                       "--time", 90, "--permutations", 199, "--json"))  # fmt: skip
    assert told["observed"] == 69
    assert told["expected"] == pytest.approx(43.89396, abs=1e-4)
    assert told["p"] <= 0.01


def test_hours_need_dates_and_districts_need_the_store(tmp_path, cases):
    for method, said in (("when", "needs dates"), ("rates", "Leave --points out"), ("compare", "Leave --points out")):
        refused = run("--method", method, "--points", tmp_path / "cases.csv", "--coords", "planar", "--json")
        assert refused.exit_code == 2
        assert said in refused.stderr
