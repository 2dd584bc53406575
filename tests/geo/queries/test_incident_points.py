"""Incidents as arrays are the incidents of the store, read with the rights of who asks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, text

from geo.db.scope import enter
from geo.ingest.points import EPOCH
from geo.model import IncidentFilter, Scope, Status
from geo.model.filter import Reach
from geo.queries.effort import effort
from geo.queries.incident_points import incident_points
from geo.queries.watched_land import named_places, watched_districts

EVERYTHING = IncidentFilter(date(2026, 1, 1), date(2026, 12, 31), statuses=tuple(map(str, Status)))


@pytest.fixture
def town(border_store: Engine) -> Engine:
    """300 incidents of all kinds in five districts, some without point, hour or district."""
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (public_id, crime_type, occurred_at, occurred_day_only, status, channel, district_code, geom)"
                " select 'T-' || n, k.codes[1 + n % cardinality(k.codes)],"
                " timestamptz '2026-02-01 00:30+07' + n * interval '17 hours', n % 4 = 0,"
                " (array['received', 'verified', 'closed', 'unfounded'])[1 + n % 4],"
                " (array['coordinator', 'online', 'patrol', 'agency'])[1 + n % 4], case when n % 9 <> 0 then d.code end,"
                " case when n % 11 <> 0 then st_setsrid(st_makepoint(102 + n * 0.001, 17.5 - n * 0.002), 4326) end"
                " from generate_series(1, 300) n, (select array_agg(code order by code) as codes from crime_type) k,"
                " (select array_agg(code order by code) as codes from area where level = 'district' and is_border) a,"
                " lateral (select a.codes[1 + n % 5] as code) d"
            )
        )
    return border_store


def test_every_field_of_every_incident_is_the_one_that_is_stored(town):
    with town.connect() as connection:
        found = incident_points(connection, Scope.everything(), EVERYTHING)
        stored = pd.read_sql(
            text(
                "select st_x(geom) as lon, st_y(geom) as lat, timezone('Asia/Bangkok', occurred_at) as t, crime_type,"
                " district_code, channel, occurred_day_only from incident order by id"
            ),
            connection,
        )
    order = np.argsort(found.t, kind="stable")
    assert len(found) == 300
    np.testing.assert_array_equal(found.rows["lon"].to_numpy()[order], stored["lon"])
    np.testing.assert_array_equal(found.rows["lat"].to_numpy()[order], stored["lat"])
    assert list(found.rows["t"].to_numpy()[order]) == list(stored["t"].to_numpy())
    np.testing.assert_allclose(found.t[order], (stored["t"] - EPOCH) / pd.Timedelta(days=1))
    assert list(found.kind[order]) == list(found.rows["crime_type"].to_numpy()[order]) == list(stored["crime_type"])
    districts = [None if isinstance(code, float) else code for code in stored["district_code"]]
    assert list(found.district[order]) == districts
    assert list(found.channel[order]) == list(stored["channel"])
    assert list(found.day_only[order]) == list(stored["occurred_day_only"])
    known = np.isfinite(found.rows["lon"].to_numpy())
    assert (np.isfinite(found.x) == known).all()
    lon, lat = found.plane.degrees(found.x[known], found.y[known])
    np.testing.assert_allclose(lon, found.rows["lon"].to_numpy()[known], atol=1e-9)
    np.testing.assert_allclose(lat, found.rows["lat"].to_numpy()[known], atol=1e-9)


@pytest.mark.parametrize("reach", [Reach.CENTRE, Reach.WIDE, Reach.PLANNER])
def test_a_scope_gets_what_row_level_security_lets_it_see_and_no_more(town, reach):
    with town.connect() as connection:
        codes = connection.execute(text("select distinct district_code from incident order by 1")).scalars().all()[:2]
        scope = Scope(tuple(codes) if reach is Reach.CENTRE else None, reach)
        enter(connection, scope)
        found = incident_points(connection, scope, EVERYTHING)
        seen = connection.execute(text("select count(*) from incident")).scalar()
    assert len(found) == seen
    assert 0 < seen < 300
    if reach is Reach.CENTRE:
        assert set(found.district) == set(codes)


def test_a_filter_and_a_period_without_any_incident(town):
    with town.connect() as connection:
        one = IncidentFilter(date(2026, 2, 1), date(2026, 3, 31), channels=("patrol",))
        found = incident_points(connection, Scope.everything(), one)
        assert set(found.channel) == {"patrol"}
        assert (found.t < (pd.Timestamp("2026-04-01") - EPOCH).days).all()
        none = incident_points(connection, Scope.everything(), IncidentFilter(date(2020, 1, 1), date(2020, 1, 2)))
    assert len(none) == 0
    assert len(none.rows) == 0


def test_the_watched_land_ends_with_scope_and_choice(border_store):
    with border_store.connect() as connection:
        whole = watched_districts(connection, Scope.everything(), EVERYTHING)
        some = tuple(whole.index[:3])
        own = watched_districts(connection, Scope(some), EVERYTHING)
        chosen = IncidentFilter(EVERYTHING.first, EVERYTHING.last, districts=(*some[1:], "1001"))
        both = watched_districts(connection, Scope(some), chosen)
        named = named_places(connection)
    assert len(whole) > 40
    assert whole["shape"].notna().all()
    assert tuple(own.index) == some
    assert tuple(both.index) == some[1:]
    assert set(named["kind"]) == {"crossing"}
    assert np.isfinite(named[["x", "y"]].to_numpy()).all()


def test_effort_is_patrol_hours_within_the_period_and_places_that_reported(town):
    with town.begin() as connection:
        home = connection.execute(text("select min(district_code) from incident")).scalar()
        connection.execute(
            text(
                "insert into patrol_route (code, name, kind, district_code, geom) values ('R', 'r', 'land', :home,"
                " st_geomfromtext('MULTILINESTRING((102 17, 102.1 17.1))', 4326))"
            ),
            {"home": home},
        )
        connection.execute(
            text(
                "insert into patrol (code, route_id, status, started_at, ended_at)"
                " select 'P1', id, 'done', timestamptz '2025-12-31 22:00+07', timestamptz '2026-01-01 03:00+07' from patrol_route"
                " union all select 'P2', id, 'done', timestamptz '2026-05-01 08:00+07', timestamptz '2026-05-01 10:30+07' from patrol_route"
                " union all select 'P3', id, 'done', timestamptz '2027-01-01 08:00+07', timestamptz '2027-01-01 10:30+07' from patrol_route"
            )
        )
        connection.execute(
            text(
                "insert into report (incident_id, channel, area_code)"
                " select id, 'coordinator', case when id % 2 = 0 then :home else 'TH' end from incident"
                " where district_code = :home"
            ),
            {"home": home},
        )
        found = effort(connection, Scope.everything(), EVERYTHING)
        own = effort(connection, Scope(("0000",)), EVERYTHING)
    assert found.loc[home].to_dict() == {"patrol_hours": 3 + 2.5, "reporting_places": 2}
    assert (own["reporting_places"] == 0).all()
