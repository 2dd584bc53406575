"""Coverage from the store: incidents against open checkpoints and patrols, and the border where nobody is near."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from dashboard.planning.coverage import Asked, CoverFound, run
from dashboard.planning.demand import DemandAsked
from dashboard.planning.reach import Reach
from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused
from geo.model import Scope

NOW = datetime.now(ZoneInfo(TIMEZONE))
HERE, THERE = (102.74, 17.87), (104.72, 16.53)
"""Nong Khai and Mukdahan, some 250 km apart."""


def asked(basis: str = "incidents", weights: tuple[tuple[str, float], ...] = (), *districts: str) -> Asked:
    demand = DemandAsked((NOW - timedelta(days=89)).date(), NOW.date(), districts, weights)
    return Asked(Scope.everything(), demand, Reach(10_000.0), basis, 7, "1")


def told(store: Engine, question: Asked) -> CoverFound:
    with store.connect() as connection:
        return run(connection, question, NOW)


def test_the_whole_of_a_store(border_store: Engine) -> None:
    with pytest.raises(AnalysisRefused, match="no_demand"):
        told(border_store, asked())
    with border_store.begin() as connection:
        for (lon, lat), kind, n in ((HERE, "contraband", 3), (THERE, "trafficking_in_persons", 1)):
            for _ in range(n):
                connection.execute(
                    text(
                        "insert into incident (crime_type, occurred_at, channel, status, geom) values (:kind, now() -"
                        " interval '2 days', 'online', 'verified', st_point(:lon, :lat, 4326))"
                    ),
                    {"kind": kind, "lon": lon, "lat": lat},
                )
        connection.execute(
            text(
                "insert into checkpoint (code, name, kind, status, geom) values"
                " ('A', 'ก', 'checkpoint', 'active', st_point(102.75, 17.87, 4326)),"
                " ('B', 'ข', 'checkpoint', 'planned', st_point(104.72, 16.53, 4326))"
            )
        )
    found = told(border_store, asked())
    assert (found.rows, found.posts, found.tracks, found.share, found.twice) == (4, 1, 0, 0.75, 0)
    assert found.by_district.loc["4901", "open"] == 1
    assert found.by_district.loc["4301", "share"] == 1
    assert found.by_type is not None
    assert found.by_type.loc["trafficking_in_persons", "share"] == 0
    assert found.km > 2000
    assert 0 < found.km - found.alone_km < 40, "one checkpoint reaches some 20 km of border"
    assert sum(found.squares.count) == 4
    assert told(border_store, asked("incidents", (("trafficking_in_persons", 9.0),))).share == 3 / 12
    assert told(border_store, asked("incidents", (), "4301")).share == 1

    border = told(border_store, asked("border"))
    assert border.by_type is None
    assert border.share == pytest.approx(1 - border.alone_km / border.km)

    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into patrol (code, status, started_at, ended_at, geom) values ('P', 'done', now() - interval '2 days',"
                " now() - interval '1 day', 'srid=4326;multilinestring((104.71 16.50, 104.73 16.56))')"
            )
        )
    again = told(border_store, asked())
    assert (again.tracks, again.share, again.twice) == (1, 1, 0)
