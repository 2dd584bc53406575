"""``plan`` as a person at the keyboard meets it, on files, on published instances and on the store."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from geo.analysis.plane import Plane

ROOT = Path(__file__).resolve().parents[3]
ANSWERS = ROOT.parent / "shared" / "reference_answers"
with_answers = pytest.mark.skipif(not ANSWERS.exists(), reason="the reference answers in ../shared are not here")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCH_LANGUAGE", "en")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["plan", *(str(word) for word in words)])


def answer(result: Result) -> dict:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, pd.DataFrame, pd.DataFrame]:
    """300 weighted demand rows and 25 candidates with an existing, a forced and a forbidden one."""
    random = np.random.default_rng(4)
    demand = pd.DataFrame(random.uniform(0, 60_000, (300, 2)), columns=["x", "y"])
    demand["weight"] = random.integers(1, 9, 300)
    sites = pd.DataFrame(random.uniform(0, 60_000, (25, 2)), columns=["x", "y"])
    sites["id"] = [f"S{number}" for number in range(25)]
    sites["fixed"], sites["forced"], sites["never"] = (np.arange(25) == row for row in (3, 5, 7))
    sites["fixed"] = sites.fixed.astype(int)
    sites["cost"] = random.integers(1, 5, 25)
    sites["district"] = np.arange(25) % 3
    demand.to_csv(tmp_path / "demand.csv", index=False)
    sites.to_csv(tmp_path / "sites.csv", index=False)
    return tmp_path / "demand.csv", tmp_path / "sites.csv", demand, sites


def near(demand: pd.DataFrame, sites: pd.DataFrame, radius: float) -> np.ndarray:
    return (
        np.hypot(*(demand[["x", "y"]].to_numpy()[:, None] - sites[["x", "y"]].to_numpy()).transpose(2, 0, 1)) <= radius
    )


def test_maximal_covering_keeps_what_is_there_and_counts_rows_from_nothing(files):
    demand, sites, rows, places = files
    told = answer(run("--demand", demand, "--candidates", sites, "--coords", "planar", "--method", "mclp", "--p", 4,
                      "--radius", 9000, "--weight-column", "weight", "--fixed-column", "fixed",
                      "--forced-column", "forced", "--forbidden-column", "never", "--json"))  # fmt: skip
    assert told["status"] == "optimal"
    assert told["gap"] == 0
    assert {3, 5} <= set(told["sites"])
    assert 7 not in told["sites"]
    assert len(told["new_sites"]) == 4
    assert told["site_ids"] == [f"S{site}" for site in told["sites"]]
    covered = rows.weight[near(rows, places, 9000)[:, told["sites"]].any(axis=1)].sum()
    assert told["objective"] == told["bound"] == covered
    assert told["coverage_share"] == pytest.approx(covered / rows.weight.sum())


def test_every_method_answers_in_one_object(files):
    demand, sites, rows, places = files
    asked = ("--demand", demand, "--candidates", sites, "--coords", "planar", "--weight-column", "weight", "--json")
    wanted = {"objective", "coverage_share", "bound", "gap", "status", "seconds", "sites"}
    lscp = answer(run(*asked, "--method", "lscp", "--radius", 12000, "--share", 0.8))
    assert lscp["objective"] == len(lscp["sites"])
    assert lscp["coverage_share"] >= 0.8
    median = answer(run(*asked, "--method", "pmedian", "--p", 5))
    distance = np.hypot(*(rows[["x", "y"]].to_numpy()[:, None] - places[["x", "y"]].to_numpy()[median["sites"]]).transpose(2, 0, 1))  # fmt: skip
    assert median["objective"] == pytest.approx((rows.weight * distance.min(axis=1)).sum())
    backup = answer(run(*asked, "--method", "backup", "--p", 8, "--radius", 12000))
    times = near(rows, places, 12000)[:, backup["sites"]].sum(axis=1)
    assert backup["objective"] == rows.weight[times >= 2].sum()
    assert backup["coverage_share"] == pytest.approx(rows.weight[times >= 1].sum() / rows.weight.sum())
    for told in (lscp, median, backup):
        assert wanted <= told.keys()
        assert told["status"] == "optimal"


def test_backup_covers_everything_once_where_so_many_sites_can(files):
    demand, sites, _, _ = files
    asked = ("--demand", demand, "--candidates", sites, "--coords", "planar", "--method", "backup", "--radius", 24000)
    told = answer(run(*asked, "--p", 9, "--json"))
    assert told["everything_once"]
    assert told["coverage_share"] == 1
    few = answer(run(*asked, "--p", 2, "--json"))
    assert not few["everything_once"]


def test_a_budget_staff_and_districts_bind(files):
    demand, sites, _, places = files
    told = answer(run("--demand", demand, "--candidates", sites, "--coords", "planar", "--radius", 9000, "--budget", 9,
                      "--cost-column", "cost", "--staff-column", "cost", "--staff", 8, "--district-column", "district",
                      "--least-each", 1, "--json"))  # fmt: skip
    assert told["status"] == "optimal"
    assert places.cost[told["sites"]].sum() <= 8
    assert set(places.district[told["sites"]]) == {0, 1, 2}


def test_capacities_bind_what_is_covered(files):
    demand, sites, _, places = files
    places.assign(room=30).to_csv(sites, index=False)
    asked = ("--demand", demand, "--candidates", sites, "--coords", "planar", "--radius", 9000, "--p", 4, "--capacity-column",
             "room", "--weight-column", "weight", "--json")  # fmt: skip
    told = answer(run(*asked))
    assert told["status"] == "optimal"
    assert told["objective"] == pytest.approx(120)
    why = run(*asked, "--explain")
    told = answer(why)
    assert told["coverage_share"] == pytest.approx(120 / told["demand_weight"]), "what the sites have room for"
    assert sum(row["adds"] for row in told["explained"]) == pytest.approx(120)
    assert all(row["lost"] <= 30 + 1e-6 < row["covers"] for row in told["explained"])
    assert told["curve"][-1]["share"] <= 1
    assert "lies within reach" in why.stderr
    refused = run(*asked, "--method", "backup")
    assert refused.exit_code == 2
    assert "--method mclp only" in refused.stderr


def test_degrees_give_what_metres_give_and_features_what_rows_give(files, tmp_path):
    demand, sites, rows, places = files
    plane = Plane(103, 16)
    told = answer(
        run("--demand", demand, "--candidates", sites, "--coords", "planar", "--p", 4, "--radius", 9000, "--json")
    )
    for name, frame in (("d", rows), ("c", places)):
        lon, lat = plane.degrees(frame.x, frame.y)
        pd.DataFrame({"lon": lon, "lat": lat}).to_csv(tmp_path / f"{name}.csv", index=False)
        features = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [a, b]}, "properties": {}}
                    for a, b in zip(lon, lat, strict=True)]  # fmt: skip
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    for ending in ("csv", "geojson"):
        same = answer(run("--demand", tmp_path / f"d.{ending}", "--candidates", tmp_path / f"c.{ending}",
                          "--coords", "lonlat", "--p", 4, "--radius", 9000, "--json"))  # fmt: skip
        assert same["objective"] == told["objective"]


def test_without_json_it_is_said_in_words_and_explained(files):
    demand, sites, _, _ = files
    said = run("--demand", demand, "--candidates", sites, "--coords", "planar", "--p", 3, "--radius", 9000, "--explain",
               "--fixed-column", "fixed")  # fmt: skip
    assert said.exit_code == 0
    assert "No better choice exists" in said.stdout
    assert "existing: row 3 S3" in said.stdout
    assert "lost without it" in said.stdout
    assert "6 new:" in said.stdout


def test_nothing_but_the_object_stands_on_standard_output(files):
    demand, sites, _, _ = files
    command = [sys.executable, "-m", "dashboard", "plan", "--demand", demand, "--candidates", sites, "--coords", "planar",
               "--method", "lscp", "--radius", "11000", "--share", "0.85", "--json"]  # fmt: skip
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["status"] == "optimal"
    assert done.stdout.count("\n") == 1


@with_answers
def test_the_p_medians_of_the_or_library():
    folder = ANSWERS / "pmedian_orlib"
    optima = dict(line.split() for line in (folder / "pmedopt.txt").read_text().splitlines()[1:] if line.strip())
    here = sorted(path.stem for path in folder.glob("pmed*.txt") if path.stem in optima)
    assert len(here) == 18
    for name in here:
        told = answer(run("--distances", folder / f"{name}.txt", "--method", "pmedian", "--time-limit", 8, "--json"))
        assert told["objective"] == float(optima[name]), name
        assert told["bound"] <= told["objective"]
        assert len(told["sites"]) == told["p"]


@with_answers
def test_the_stores_of_san_francisco(tmp_path):
    folder = ANSWERS / "mclp_sf"
    ways = pd.read_csv(
        folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv", dtype={"DestinationName": str}
    )
    ways = ways.rename(columns={"DestinationName": "demand", "name": "candidate", "demand": "people"})
    ways.to_csv(tmp_path / "ways.csv", index=False)
    tracts = pd.read_csv(folder / "SF_demand_205_centroid_uniform_weight.csv", dtype={"NAME": str})
    tracts = tracts.rename(columns={"ID": "tract", "long": "lon"})[["NAME", "lon", "lat", "POP2000"]]
    tracts.to_csv(tmp_path / "tracts.csv", index=False)
    stores = pd.read_csv(folder / "SF_store_site_16_longlat.csv")[["NAME", "long", "lat"]]
    stores.to_csv(tmp_path / "stores.csv", index=False)
    asked = ("--distances", tmp_path / "ways.csv", "--demand", tmp_path / "tracts.csv",
             "--candidates", tmp_path / "stores.csv", "--json")  # fmt: skip
    people = ("--weight-column", "POP2000")
    assert answer(run(*asked, "--method", "lscp", "--radius", 5000))["objective"] == 8
    mclp = answer(run(*asked, *people, "--method", "mclp", "--radius", 5000, "--p", 4))
    assert mclp["objective"] == 875_247
    assert mclp["coverage_share"] == pytest.approx(0.91638, abs=1e-5)
    median = answer(run(*asked, *people, "--method", "pmedian", "--p", 4))
    assert median["objective"] == pytest.approx(2_848_268_129.7145, abs=0.01)
    assert median["mean_distance"] == pytest.approx(2982.12686, abs=1e-5)
    backup = answer(run(*asked, "--method", "backup", "--radius", 8000, "--p", 3))
    assert (backup["objective"], backup["coverage_share"]) == (140, 1)
    assert all(told["status"] == "optimal" for told in (mclp, median, backup))


GOOD_DEMAND = "x,y,w\n0,0,1\n1000,0,2\n0,2000,3\n"
GOOD_SITES = "x,y,fixed,never\n0,0,0,0\n900,0,0,0\n0,1900,0,1\n"


@pytest.mark.parametrize(
    ("demand", "sites", "words", "said"),
    [
        ("x,y\n", GOOD_SITES, "--p 1", "no demand"),
        ("", GOOD_SITES, "--p 1", "empty"),
        (GOOD_DEMAND, "x,y\n", "--p 1", "no place where a site could stand"),
        ("x,y,w\n0,0,-1\n1,1,1\n", GOOD_SITES, "--p 1 --weight-column w", "Demand row 1 weighs -1"),
        ("x,y,w\n0,0,nan\n1,1,1\n", GOOD_SITES, "--p 1 --weight-column w", "Row 1: w"),
        ("x,y,w\n0,0,0\n1,1,0\n", GOOD_SITES, "--p 1 --weight-column w", "All demand weighs 0"),
        ("x,y\n0,inf\n", GOOD_SITES, "--p 1", "Row 1: y"),
        (GOOD_DEMAND, "x,y\n0,0\n-7000000,100\n", "--p 1", "Candidate row 2 lies 7,000 km"),
        (GOOD_DEMAND, GOOD_SITES, "--p 4", "only 3 candidates"),
        (GOOD_DEMAND, GOOD_SITES, "--p 3 --forbidden-column never", "only 2 candidates"),
        (GOOD_DEMAND, GOOD_SITES, "--p 0", "0 sites cannot be chosen"),
        (GOOD_DEMAND, GOOD_SITES, "--p -2", "-2 sites cannot be chosen"),
        (GOOD_DEMAND, GOOD_SITES, "", "needs --p"),
        (GOOD_DEMAND, GOOD_SITES, "--p 1 --radius 0", "radius is 0"),
        (GOOD_DEMAND, GOOD_SITES, "--p 1 --radius nan", "radius is nan"),
        (GOOD_DEMAND, GOOD_SITES, "--p 1 --time-limit 0", "time-limit is 0"),
        (GOOD_DEMAND, GOOD_SITES, "--p 1 --weight-column nope", "no column nope"),
        (GOOD_DEMAND, GOOD_SITES, "--p 1 --fixed-column nope", "no column nope"),
        (GOOD_DEMAND, "x,y,f\n0,0,maybe\n", "--p 1 --fixed-column f", 'Row 1: f is "maybe"'),
        (GOOD_DEMAND, "a,b\n0,0\n", "--p 1", "no columns x, y"),
        (GOOD_DEMAND, GOOD_SITES, "--method lscp --share 1.5", "share to cover is 1.5"),
        (GOOD_DEMAND, GOOD_SITES, "--method lscp --radius 10 --share 0.9", "together cover"),
        (GOOD_DEMAND, GOOD_SITES, "--budget 2", "needs --cost-column"),
        (GOOD_DEMAND, GOOD_SITES, "--p 1 --distances nowhere.csv", "nowhere.csv"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(tmp_path, demand, sites, words, said):
    (tmp_path / "d.csv").write_text(demand)
    (tmp_path / "c.csv").write_text(sites)
    radius = () if "--radius" in words else ("--radius", 500)
    result = run("--demand", tmp_path / "d.csv", "--candidates", tmp_path / "c.csv", "--coords", "planar", *radius,
                 *words.split(), "--json")  # fmt: skip
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"d.csv", "c.csv"}


def test_a_candidate_in_africa_is_refused(tmp_path):
    (tmp_path / "d.csv").write_text("lon,lat\n102.6,17.9\n103.1,18.2\n")
    (tmp_path / "c.csv").write_text("lon,lat\n102.7,17.9\n20.1,2.5\n")
    result = run("--demand", tmp_path / "d.csv", "--candidates", tmp_path / "c.csv", "--p", 1, "--radius", 9000)
    assert result.exit_code == 2
    assert "Candidate row 2 lies at 20.1, 2.5, outside Thailand, Laos and Cambodia" in result.stderr


def test_rules_that_no_choice_keeps_to_are_told_as_infeasible(tmp_path):
    (tmp_path / "d.csv").write_text(GOOD_DEMAND)
    (tmp_path / "c.csv").write_text("x,y,price,district\n0,0,6,a\n900,0,6,b\n0,1900,6,b\n")
    result = run("--demand", tmp_path / "d.csv", "--candidates", tmp_path / "c.csv", "--coords", "planar", "--radius", 500,
                 "--cost-column", "price", "--budget", 7, "--district-column", "district", "--least-each", 1, "--json")  # fmt: skip
    assert result.exit_code == 2
    assert "No choice keeps to all these rules" in result.stderr
    assert json.loads(result.stdout)["status"] == "infeasible"
    assert json.loads(result.stdout)["sites"] == []


def test_candidates_at_the_same_place_are_told(tmp_path):
    (tmp_path / "d.csv").write_text(GOOD_DEMAND)
    (tmp_path / "c.csv").write_text("x,y\n0,0\n900,0\n0,0\n")
    result = run("--demand", tmp_path / "d.csv", "--candidates", tmp_path / "c.csv", "--coords", "planar", "--radius", 500,
                 "--p", 2, "--json")  # fmt: skip
    assert answer(result)["objective"] == 2
    assert "rows 0 and 2" in result.stderr


def test_only_one_of_the_two_files_is_refused(files):
    result = run("--demand", files[0], "--p", 1, "--radius", 9000)
    assert result.exit_code == 2
    assert "--candidates is missing" in result.stderr


def test_the_store_gives_verified_incidents_crossings_and_checkpoints(store: Engine, store_url, monkeypatch):
    monkeypatch.setenv("WATCH_DB_URL", store_url)
    nothing = run("--json")
    assert nothing.exit_code == 2
    assert "no demand" in nothing.stderr
    with store.begin() as connection:
        connection.execute(
            text("insert into crime_type (code, name_th, name_en) values ('test_type', 'ทดสอบ', 'Test')")
        )
        for number in range(30):
            connection.execute(
                text(
                    "insert into incident (public_id, crime_type, occurred_at, status, channel, geom) values"
                    " (:id, 'test_type', now() - interval '30 days', :status, 'online',"
                    " st_setsrid(st_makepoint(102.5 + :n * 0.01, 17.9), 4326))"
                ),
                {"id": f"T-{number}", "n": number, "status": "received" if number < 5 else "verified"},
            )
        connection.execute(
            text(
                "insert into checkpoint (code, kind, status, name, geom, valid_from, source) select 'K-' || n, 'checkpoint',"
                " case when n = 1 then 'active' else 'planned' end, 'Post', st_setsrid(st_makepoint(102.5 + n * 0.05, 17.9), 4326),"
                " case when n = 1 then current_date - 40 else current_date + 40 end, 'test' from generate_series(0, 5) n"
            )
        )
    told = answer(run("--p", 1, "--radius", 4000, "--json"))
    assert told["demand"] == 25
    assert len(told["sites"]) == 2
    assert "K-1" in told["site_ids"]
    assert told["status"] == "optimal"
    heavy = answer(run("--p", 1, "--radius", 4000, "--crime-weights", "test_type=3", "--json"))
    assert heavy["objective"] == 3 * told["objective"]
    for words, why in (
        (("--crime-weights", "nonsense=3"), "no crime type nonsense"),
        (("--crime-weights", "test_type=much"), "--crime-weights"),
        (("--by", "road"), "No road file is loaded"),
        (("--road-candidates",), "No road file is loaded"),
        (("--by", "road", "--distances", "d.csv"), "--by goes with the store only"),
    ):
        refused = run("--p", 1, *words)
        assert refused.exit_code == 2, words
        assert why in refused.stderr
    with store.begin() as connection:
        for number in (0, 1):
            connection.execute(
                text("insert into road_node values (:n, st_point(102.4 + 0.5 * :n, 17.9, 4326))"), {"n": number}
            )
        connection.execute(
            text(
                "insert into road_edge select 0, 0, 1, 'primary', false, 60, st_length(g::geography), g"
                " from (select st_setsrid(st_makeline(st_point(102.4, 17.9), st_point(102.9, 17.9)), 4326) as g) t"
            )
        )
        connection.execute(
            text(
                "insert into road_file (file_name, sha256, source, licence, nodes, edges, km) values ('r', 'x', 'OSM', 'ODbL', 2, 1, 53)"
            )
        )
    by_road = answer(run("--p", 1, "--by", "road", "--radius", 4000, "--method", "pmedian", "--json"))
    assert by_road["distance"] == "road"
    minutes = run("--p", 1, "--by", "minutes", "--radius", 9, "--method", "pmedian", "--explain")
    assert minutes.exit_code == 0, minutes.output
    assert "minutes on average" in minutes.stdout
    assert "Times are those of a car along the loaded roads." in minutes.stdout
