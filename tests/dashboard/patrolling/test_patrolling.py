"""Suggested patrols and what a rota is made from, on the store: the same from the command line as beside the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.documents.outing_pack import outing_of
from dashboard.jobs import Job
from dashboard.maps.outing import box, drawn
from dashboard.patrolling import service
from dashboard.patrolling.asked import SCHEMES, Demand, OutingAsked, OutingQuestion, RotaAsked, RotaQuestion
from dashboard.patrolling.outing_work import LONGEST_H, suggested
from dashboard.patrolling.reading import planning_posts
from dashboard.patrolling.rota_work import rota_posts
from dashboard.patrolling.suggestion import Suggestion
from geo.analysis.patrolling.overland import ROOM_M
from geo.errors import AnalysisCancelled, AnalysisRefused
from geo.model import Scope
from geo.model.filter import Reach
from geo.model.json_form import to_json

COUNTRY = "multipolygon(((102 17, 102.4 17, 102.4 17.6, 102.6 17.6, 102.6 17, 103 17, 103 18, 102 18, 102 17)))"
"""Two legs with the neighbour between them."""
STORE = f"""
insert into area (code, level, country, name_th, name_en, is_border, geom, rep_point) values
    ('TH', 'country', 'TH', 'ไทย', 'Thailand', false, 'srid=4326;{COUNTRY}', null),
    ('4301', 'district', 'TH', 'ตะวันตก', 'West', true,
     'srid=4326;multipolygon(((102 17, 102.4 17, 102.4 17.6, 102.5 17.6, 102.5 18, 102 18, 102 17)))', 'srid=4326;point(102.3 17.8)'),
    ('4302', 'district', 'TH', 'ตะวันออก', 'East', true,
     'srid=4326;multipolygon(((102.5 17.6, 102.6 17.6, 102.6 17, 103 17, 103 18, 102.5 18, 102.5 17.6)))', 'srid=4326;point(102.7 17.8)');
insert into area_part select code, (st_dump(geom)).geom from area where level = 'district';
insert into border_section (code, district_code, neighbour, undetermined, length_km, geom) values
    ('4301-LA', '4301', 'LA', false, 66, 'srid=4326;multilinestring((102.4 17, 102.4 17.6))'),
    ('4302-LA', '4302', 'LA', true, 66, 'srid=4326;multilinestring((102.6 17.6, 102.6 17))');
insert into crime_type (code, name_th, name_en) values ('drugs', 'ยาเสพติด', 'Drugs'), ('scam', 'หลอกลวง', 'Scam');
insert into checkpoint (code, name, kind, status, district_code, geom) values
    ('WEST', 'ด่านตะวันตก', 'checkpoint', 'active', '4301', st_point(102.37, 17.2, 4326)),
    ('EAST', 'ด่านตะวันออก', 'checkpoint', 'planned', '4302', st_point(102.63, 17.2, 4326)),
    ('SHUT', 'ด่านปิด', 'checkpoint', 'closed', '4301', st_point(102.3, 17.2, 4326));
insert into incident (public_id, crime_type, occurred_at, channel, status, geom)
    select 'N-' || n, 'drugs', date_trunc('day', now(), 'Asia/Bangkok') - n % 20 * interval '1 day' - interval '2 hours', 'online',
           'verified', st_point(102.30 + n % 4 * 0.02, 17.15 + n % 5 * 0.02, 4326) from generate_series(1, 60) n;
insert into incident (public_id, crime_type, occurred_at, channel, status, geom)
    select 'E-' || n, 'drugs', date_trunc('day', now(), 'Asia/Bangkok') - n % 20 * interval '1 day' - interval '12 hours',
           'coordinator', 'closed', st_point(102.64, 17.2, 4326) from generate_series(1, 40) n;
insert into incident (public_id, crime_type, occurred_at, channel, status, geom)
    select 'P-' || n, 'drugs', now() - n * interval '1 day', 'patrol', 'verified', st_point(102.1, 17.9, 4326)
    from generate_series(1, 20) n;
insert into patrol (code, status, started_at, ended_at, geom) values
    ('PT-1', 'done', now() - interval '8 hours', now() - interval '5 hours',
     st_multi(st_setsrid(st_makeline(st_point(102.335, 17.15), st_point(102.345, 17.23)), 4326)));
"""


@pytest.fixture
def border(store: Engine, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("WATCH_DB_URL", store_url)
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    with store.begin() as connection:
        connection.execute(text(STORE))
    service.forget()
    yield store
    service.forget()


def run(*words: object):
    return CliRunner().invoke(app, ["patrols", *map(str, words)])


def test_a_suggested_patrol_stays_in_the_country_and_goes_where_nobody_was(border: Engine):
    start = datetime.now(ZoneInfo("Asia/Bangkok")).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    asked = OutingAsked("WEST", start, hours=7, teams=2, kmh=100, demand=Demand(90))
    question = OutingQuestion(Scope.everything(), asked, "")
    with border.connect() as connection:
        found = suggested(connection, question)
    assert found.incidents == 100  # neither what patrols found nor what is not verified
    stops = [stop for team in found.teams for stop in team.stops]
    land = shapely.from_wkt(COUNTRY).buffer(ROOM_M / 100_000)
    for team in found.teams:
        assert team.back - team.start <= timedelta(hours=7)
        assert team.line[0] == team.line[-1] == (found.lon, found.lat)
        assert land.covers(shapely.linestrings(team.line))
    # The rich place across the bend is reached around it, by the districts' own points.
    east = next(stop.place for stop in stops if stop.place.lon > 102.6)
    assert (east.incidents, east.hours_since, east.prize) == (40, LONGEST_H, 40 * LONGEST_H)
    assert len({(stop.place.lon, stop.place.lat) for stop in stops}) == len(stops)
    passed = [stop.place.hours_since for stop in stops if abs(stop.place.lon - 102.34) < 0.001]
    assert passed
    assert all(24 <= hours < 48 for hours in passed)
    assert 0 < found.prize <= found.possible * (1 + 1e-9)

    # Beside the page it is the same, with the rights of who asks.
    beside = replace(question, scope=Scope(None, Reach.PLANNER))
    same = service.look(beside, 60)
    assert isinstance(same, Suggestion)
    assert same.teams == found.teams
    long = replace(beside, asked=replace(asked, seed=2))
    running = service.look(long, 0)
    assert isinstance(running, Job)
    service.stop(long)
    with pytest.raises(AnalysisCancelled):
        running.result(30)
    with pytest.raises(AnalysisRefused, match=r"patrolling\.no_post"):
        service.look(replace(beside, scope=Scope(("4302",), Reach.CENTRE)), 30)

    # On the map and for those who go.
    told = drawn(found, "th")
    first = found.teams[0]
    assert len(told["ways"]) == len(found.teams) == len(told["legend"]["labels"])
    assert [mark[2] for mark in told["marks"][: len(first.stops) + 1]] == list(range(len(first.stops) + 1))
    west, south, far_east, north = box(found)
    assert west < 102.37 < far_east
    assert south < 17.2 < north
    outing = outing_of(found, 1, "th", is_demo=True)
    assert len(outing.posts) == len(first.stops) + 2
    assert outing.posts[-1].at == first.back

    # The command says the same.
    asks = ("--post", "WEST", "--hours", 7, "--kmh", 100, "--days", 90)
    result = run("suggest", *asks, "--teams", 2, "--start", f"{start:%Y-%m-%dT%H:%M}", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["teams"] == to_json(found.teams)
    said = run("suggest", *asks)
    assert said.exit_code == 0
    assert "Team 1: out 06:00" in said.stdout
    for words, why in (
        (("--post", "SHUT"), "no post SHUT"),
        (("--post", "WEST", "--teams", 11), "11 teams"),
        (("--post", "WEST", "--crime-types", "scam"), "nowhere to go"),
        (("--post", "WEST", "--detour", 0.5), "detour"),
        (("--post", "WEST", "--hours", 0.5, "--kmh", 1), "no place that can be reached"),
    ):
        refused = run("suggest", *words)
        assert refused.exit_code == 2, words
        assert why in refused.stderr


ROADS = """
insert into road_node select n, st_point(102.37 - n * 0.005, 17.2, 4326) from generate_series(0, 14) n;
insert into road_edge select n, n, n + 1, 'secondary', false, 60, st_length(g::geography), g
    from generate_series(0, 13) n, lateral (select st_setsrid(st_makeline(st_point(102.37 - n * 0.005, 17.2),
    st_point(102.37 - (n + 1) * 0.005, 17.2)), 4326) as g) t;
insert into road_node values (20, st_point(102.30, 17.15, 4326)), (21, st_point(102.305, 17.15, 4326));
insert into road_edge select 20, 20, 21, 'secondary', false, 60, 530, st_setsrid(st_makeline(st_point(102.30, 17.15),
    st_point(102.305, 17.15)), 4326);
insert into road_file (file_name, sha256, source, licence, nodes, edges, km) values ('r', 'y', 'OSM', 'ODbL', 17, 15, 7);
"""


def test_a_suggested_patrol_follows_roads_and_weighs_what_happened(border: Engine):
    start = datetime.now(ZoneInfo("Asia/Bangkok")).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    with border.begin() as connection:
        connection.execute(text(ROADS))

    def found(**more: object) -> Suggestion:
        asked = OutingAsked("WEST", start, hours=3, kmh=40, demand=Demand(90))
        with border.connect() as connection:
            return suggested(connection, OutingQuestion(Scope.everything(), replace(asked, **more), ""))

    by_road = found()
    assert by_road.ways == "road"  # never by a guess to the piece of road that does not touch the others
    on_line = [at for team in by_road.teams for at in team.line]
    assert any(abs(lat - 17.2) < 1e-6 and abs(lon - 102.365) < 1e-6 for lon, lat in on_line), "by the road's own places"
    assert all(team.back - team.start <= timedelta(hours=3) for team in by_road.teams)
    # Part of a leg is on foot: it takes longer than the road alone.
    assert all((team.back - team.start).total_seconds() > 3600 * team.kilometres / 40 for team in by_road.teams)
    straight = found(ways="straight")
    assert straight.ways == "straight"
    assert straight.prize > by_road.prize, "roads cost time"
    paper = outing_of(by_road, 1, "en", is_demo=False)
    assert "follow the loaded roads" in str(paper.notes)

    heavy = found(demand=Demand(90, weights=(("drugs", 4.0),)))
    assert heavy.possible == pytest.approx(4 * by_road.possible)
    with pytest.raises(AnalysisRefused, match=r"patrolling\.no_places"):
        found(demand=Demand(90, weights=(("drugs", 0.0),)))
    asks = ("suggest", "--post", "WEST", "--hours", 3)
    assert "Ways follow the loaded roads" in run(*asks).stdout
    assert run(*asks, "--ways", "straight", "--crime-weights", "drugs=2").exit_code == 0
    refused = run(*asks, "--crime-weights", "drug=2")
    assert refused.exit_code == 2
    assert "no crime type drug" in refused.stderr


def test_a_rota_is_drawn_from_what_happened_near_its_places_and_when(border: Engine):
    asked = RotaAsked(("WEST", "EAST"), "two", (1, 1), 0.1, 8_000.0, Demand(90))
    lonely = RotaAsked(("WEST",), "two", (1, 1), 0.1, 10.0, Demand(90))
    with border.connect() as connection:
        made, districts, about = rota_posts(connection, RotaQuestion(Scope.everything(), asked, ""))
        with pytest.raises(AnalysisRefused, match=r"patrolling\.no_post"):
            rota_posts(connection, RotaQuestion(Scope(("4302",), Reach.CENTRE), asked, ""))
        with pytest.raises(AnalysisRefused, match=r"patrolling\.no_demand_near"):
            rota_posts(connection, RotaQuestion(Scope.everything(), lonely, ""))
    assert districts == ("4301", "4302")
    assert about["incidents"] == 100
    assert about["weights"]
    with border.connect() as connection:
        double = replace(asked, demand=Demand(90, weights=(("drugs", 2.0),)))
        heavy, _, _ = rota_posts(connection, RotaQuestion(Scope.everything(), double, ""))
    assert [post.value for post in heavy] == [tuple(2 * value for value in post.value) for post in made]
    west, east = made
    assert west.value[1] > west.value[0]  # at night
    assert east.value[0] > east.value[1]  # by day
    assert east.checkpoint == "EAST"
    with border.connect() as connection:
        known = planning_posts(connection, Scope.everything(), datetime.now(ZoneInfo("Asia/Bangkok")).date())
    assert (
        list(known["kind"]) == ["checkpoint"] * 2 + ["stretch"] * 7
    )  # neither what is closed nor what is not agreed upon
    assert known.loc["4301-LA@1", "name_en"] == "Border of West, km 0–9"
    assert known.loc["4301-LA@7", "lat"] == pytest.approx(17.557, abs=0.001)
    asks = ("--posts", "WEST,EAST", "--radius", 8000)
    exact = (*asks, "--scheme", "two", "--floor", 0.1, "--days", 90, "--seed", 4, "--json")
    result = run("rota", *exact)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [tuple(post["value"]) for post in told["posts"]] == [post.value for post in made]
    assert len(told["shifts"]) == 28 * len(SCHEMES["two"])
    again = json.loads(run("rota", *exact).stdout)
    assert again["shifts"] == told["shifts"]
    assert "Unpredictability" in run("rota", *asks).stdout
    refused = run("rota", *asks, "--teams", 3)
    assert refused.exit_code == 2
    assert "3 teams and only 2 places" in refused.stderr
