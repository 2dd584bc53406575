"""Coverage and plans along the roads that were loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from sqlalchemy import Engine, text

from dashboard.planning import coverage
from dashboard.planning.candidates import Own, Sources
from dashboard.planning.coverage import Asked
from dashboard.planning.demand import DemandAsked
from dashboard.planning.found import way_unit
from dashboard.planning.question import PlanQuestion, question_from, question_json
from dashboard.planning.reach import Reach
from dashboard.planning.run import run
from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused
from geo.ingest.road_file import RoadLines
from geo.ingest.roads import load_roads
from geo.model import Scope

NOW = datetime.now(ZoneInfo(TIMEZONE))
SCOPE = Scope.everything()
ROAD = "linestring (102.70 17.80, 102.70 17.75, 102.74 17.75, 102.74 17.80)"
"""From the checkpoint round to a village 4.2 km east of it: 15.3 km."""
CAR = Reach(12_000.0, "road")


def loaded(engine: Engine) -> None:
    line = np.array([shapely.from_wkt(ROAD)], dtype=object)
    lines = RoadLines(
        "r.gpkg", "0" * 64, line, np.array(["secondary"], dtype=object), np.zeros(1, np.int8), np.full(1, 60.0), 1, 0, 0
    )
    load_roads(engine, lines, "OpenStreetMap", "ODbL 1.0", say=lambda _: None)


def test_what_is_near_in_a_straight_line_may_be_far_by_road(border_store: Engine) -> None:
    with border_store.begin() as connection:
        for lon, lat in ((102.70, 17.76), (102.7405, 17.80), (102.70, 17.8005)):
            connection.execute(
                text(
                    "insert into incident (crime_type, occurred_at, channel, status, geom) values ('contraband', now() -"
                    " interval '2 days', 'online', 'verified', st_point(:lon, :lat, 4326))"
                ),
                {"lon": lon, "lat": lat},
            )
        connection.execute(
            text(
                "insert into checkpoint (code, name, kind, status, district_code, geom)"
                " values ('A', 'ก', 'checkpoint', 'active', '4301', st_point(102.70, 17.80, 4326))"
            )
        )
    demand = DemandAsked((NOW - timedelta(days=89)).date(), NOW.date(), ("4301",))
    asked = Asked(SCOPE, demand, Reach(12_000.0), "incidents", 7, "1")
    plan = PlanQuestion(
        demand, CAR, number=1, sources=Sources(crossings=False, own=(Own("B", "ข", 102.739, 17.79),)), time_limit=5.0
    )

    def share(reach: Reach) -> float:
        with border_store.connect() as connection:
            return coverage.run(connection, replace(asked, reach=reach), NOW).share

    assert share(Reach(12_000.0)) == 1
    for question in (CAR, Reach(mode="minutes")):
        with pytest.raises(AnalysisRefused, match=r"roads\.none"):
            share(question)
    loaded(border_store)
    assert share(CAR) == pytest.approx(2 / 3)
    assert share(replace(CAR, metres=16_000.0)) == 1
    assert share(Reach(mode="minutes", minutes=14.0)) == pytest.approx(2 / 3)
    assert share(Reach(mode="minutes", minutes=18.0)) == 1

    with border_store.connect() as connection:
        by_road = coverage.run(connection, replace(asked, reach=CAR), NOW)
        straight = coverage.run(connection, asked, NOW)
        assert by_road.alone_km >= straight.alone_km
        assert by_road.off_road == straight.off_road == 0
        everywhere = coverage.run(
            connection, replace(asked, reach=CAR, basis="border", demand=replace(demand, districts=())), NOW
        )
        assert 0.9 < everywhere.off_road < 1
        assert everywhere.share == pytest.approx(1 - everywhere.alone_km / everywhere.km)
        found = run(connection, SCOPE, plan, NOW)
        assert found.told["coverage_share"] == 1
        assert [site.code for site in found.new] == ["B"]
        assert found.new[0].adds == 1
        assert (found.told["distance"], found.told["radius"]) == ("road", 12_000)
        assert run(connection, SCOPE, replace(plan, reach=Reach(12_000.0)), NOW).new[0].adds == 0
        # Nearest: the place of one's own is 4.2 km away in a straight line and far by road, until the village counts.
        mean = run(connection, SCOPE, replace(plan, method="pmedian"), NOW)
        assert (mean.told["distance"], mean.remarks) == ("road", ())
        assert 1_400 < mean.told["mean_distance"] < 2_200
        assert way_unit(mean.told) == ("km", 1000.0)
        quick = run(connection, SCOPE, replace(plan, method="pmedian", reach=Reach(mode="minutes")), NOW)
        assert way_unit(quick.told) == ("min", 1.0)
        assert quick.told["mean_distance"] < 30
        # Candidates on the road: junctions and every 550 m of it, some kilometres apart and off the edge of the land.
        on_road = replace(plan, sources=Sources(False, False, roads=True, spacing_km=3.0, within_km=40.0))
        suggested = run(connection, SCOPE, on_road, NOW)
        assert [site.source for site in suggested.new] == ["road"]
        assert suggested.told["candidates"] >= 4
        line = shapely.from_wkt(ROAD)
        assert all(line.distance(shapely.Point(site.lon, site.lat)) < 1e-6 for site in suggested.new)
    again = question_from(question_json(plan), ())
    assert again is not None
    assert again.reach == CAR
    older = question_json(plan) | {"reach": {"metres": 8000.0}}
    kept = question_from(older, ())
    assert kept is not None
    assert kept.reach == Reach(8000.0)

    with border_store.begin() as connection:
        connection.execute(text("delete from checkpoint"))
        connection.execute(
            text(
                "insert into patrol (code, status, started_at, ended_at, geom) values ('P', 'done', now() - interval '2 days',"
                " now() - interval '1 day', 'srid=4326;multilinestring((102.70 17.80, 102.70 17.75))')"
            )
        )
    assert share(CAR) == 1, "a patrol reaches along roads from all of its way"
    assert share(replace(CAR, metres=3000.0)) == pytest.approx(2 / 3)
