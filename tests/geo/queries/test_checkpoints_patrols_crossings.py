"""What the map is told of checkpoints, crossings, routes and patrols, and what it is not told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from geo.errors import NotFound
from geo.model import Scope
from geo.queries import checkpoints, crossings, patrols

ALL = Scope.everything()
WEST, EAST = Scope(("4301",)), Scope(("4302",))
NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
OVERDUE = timedelta(minutes=30)
HOSTILE = "{{7*7}}<img src=x onerror=alert(1)>"

PLACES = """
insert into area (code, level, country, geom) values
    ('4301', 'district', 'TH', 'srid=4326;multipolygon(((102 17, 103 17, 103 18, 102 18, 102 17)))'),
    ('4302', 'district', 'TH', 'srid=4326;multipolygon(((103 17, 104 17, 104 18, 103 18, 103 17)))');
insert into area_part select code, (st_dump(geom)).geom from area;
insert into agency values ('bpp', 'ตชด', 'BPP', null);
insert into crossing (code, name_th, name_en, kind, neighbour, district_code, accuracy, source, geom) values
    ('X1', 'จุดผ่าน', 'Crossing', 'permanent', 'LA', '4301', 'good', 'test', 'srid=4326;point(102.5 17.9)'),
    ('X2', 'จุดผ่าน', 'Crossing', 'temporary', 'LA', '4302', 'poor', 'test', 'srid=4326;point(103.5 17.9)');
"""


@pytest.fixture
def connection(store: Engine):
    with store.begin() as connection:
        connection.execute(text(PLACES))
        yield connection
        connection.rollback()


def properties(found: dict) -> dict[str, dict]:
    return {f["properties"]["code"]: f["properties"] for f in found["features"]}


def add_checkpoint(connection: Connection, code: str, status: str, valid_from=None, valid_to=None, lon=102.5):
    connection.execute(
        text(
            "insert into checkpoint (code, name, kind, agency, status, valid_from, valid_to, district_code,"
            " note, geom) values (:code, :hostile, 'river', 'bpp', :status, :first, :last, :district,"
            " :hostile, st_setsrid(st_makepoint(:lon, 17.5), 4326))"
        ),
        {"code": code, "hostile": HOSTILE, "status": status, "first": valid_from, "last": valid_to}
        | {"lon": lon, "district": "4301" if lon < 103 else "4302"},
    )


@pytest.mark.parametrize(
    ("status", "first", "last", "expected"),
    [
        ("active", None, None, "active"),
        ("active", date(2026, 3, 1), date(2026, 3, 1), "active"),
        ("active", date(2026, 3, 2), None, "planned"),
        ("active", None, date(2026, 2, 28), "closed"),
        ("planned", None, None, "planned"),
        ("planned", date(2026, 3, 1), None, "active"),
        ("planned", date(2026, 3, 2), None, "planned"),
        ("planned", date(2026, 1, 1), date(2026, 2, 1), "closed"),
        ("closed", date(2026, 1, 1), None, "closed"),
    ],
)
def test_a_checkpoint_stands_as_its_dates_say(connection, status, first, last, expected):
    add_checkpoint(connection, "C1", status, first, last)
    on = date(2026, 3, 1)
    assert properties(checkpoints.checkpoints(connection, ALL, on))["C1"]["status"] == expected
    assert checkpoints.card(connection, ALL, "C1", on)["status"] == expected
    assert checkpoints.checkpoint_list(connection, ALL, on)["status"].tolist() == [expected]


def test_scope_limits_checkpoints_and_crossings_to_their_districts(connection):
    add_checkpoint(connection, "C1", "active")
    add_checkpoint(connection, "C2", "active", lon=103.5)
    on = date(2026, 3, 1)
    assert set(properties(checkpoints.checkpoints(connection, ALL, on))) == {"C1", "C2"}
    assert set(properties(checkpoints.checkpoints(connection, EAST, on))) == {"C2"}
    assert checkpoints.checkpoint_list(connection, WEST, on)["code"].tolist() == ["C1"]
    assert set(properties(crossings.crossings(connection, WEST))) == {"X1"}
    assert set(properties(crossings.crossings(connection, ALL))) == {"X1", "X2"}
    assert checkpoints.checkpoints(connection, Scope(()), on)["features"] == []
    with pytest.raises(NotFound):
        checkpoints.card(connection, EAST, "C1", on)
    with pytest.raises(NotFound):
        crossings.card(connection, EAST, "X1")
    assert crossings.card(connection, WEST, "X1")["name_th"] == "จุดผ่าน"


ROUTE = """insert into patrol_route (code, name, kind, agency, district_code, geom) values
    (:code, :hostile, 'river', 'bpp', :district, 'srid=4326;multilinestring((102.1 17.1, 102.2 17.2))')"""


def add_patrol(connection: Connection, code: str, status: str, *, route: str | None = None, **times: timedelta):
    connection.execute(
        text(
            "insert into patrol"
            " (code, route_id, unit, status, scheduled_start, scheduled_end, started_at, ended_at)"
            " values (:code, (select id from patrol_route where code = :route), :hostile, :status,"
            " :scheduled_start, :scheduled_end, :started_at, :ended_at)"
        ),
        {"code": code, "route": route, "hostile": HOSTILE, "status": status}
        | {
            name: NOW + times[name] if name in times else None
            for name in ("scheduled_start", "scheduled_end", "started_at", "ended_at")
        },
    )


def add_fix(connection: Connection, code: str, ago: timedelta, lon: float, impossible: bool = False):
    connection.execute(
        text(
            "insert into patrol_fix select id, :at, 5, :impossible,"
            " st_setsrid(st_makepoint(:lon, 17.5), 4326) from patrol where code = :code"
        ),
        {"code": code, "at": NOW - ago, "lon": lon, "impossible": impossible},
    )


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def found(connection: Connection, scope: Scope = ALL) -> dict[str, dict]:
    return properties(patrols.patrols(connection, scope, NOW, OVERDUE))


@pytest.mark.parametrize(
    ("status", "start", "expected"),
    [
        ("scheduled", minutes(-31), "start_overdue"),
        ("ready", minutes(-31), "start_overdue"),
        ("scheduled", minutes(-29), "scheduled"),
        ("ready", minutes(60), "ready"),
        ("cancelled", minutes(-60), "cancelled"),
        ("start_overdue", minutes(-60), "start_overdue"),
    ],
)
def test_a_patrol_that_did_not_start_in_time_is_overdue_by_the_clock(connection, status, start, expected):
    add_patrol(connection, "P1", status, scheduled_start=start)
    assert found(connection)["P1"]["status"] == expected
    assert patrols.card(connection, ALL, "P1", NOW, OVERDUE)["status"] == expected
    assert patrols.patrol_list(connection, ALL, NOW, OVERDUE)["status"].tolist() == [expected]


def test_a_patrol_that_started_is_not_overdue(connection):
    add_patrol(connection, "P1", "ready", scheduled_start=hours(-2), started_at=hours(-1))
    assert found(connection)["P1"]["status"] == "ready"


def test_a_patrol_known_from_its_track_is_done_half_an_hour_after_its_last_fix(connection):
    add_patrol(connection, "P1", "active", started_at=hours(-3), ended_at=minutes(-31))
    add_patrol(connection, "P2", "active", started_at=hours(-3), ended_at=minutes(-29))
    assert {code: p["status"] for code, p in found(connection).items()} == {"P1": "done", "P2": "active"}


def test_only_patrols_around_now_and_those_that_are_out_are_shown(connection):
    add_patrol(connection, "past", "done", started_at=hours(-30), ended_at=hours(-25))
    add_patrol(connection, "just past", "done", started_at=hours(-30), ended_at=hours(-23))
    add_patrol(connection, "missed long ago", "scheduled", scheduled_start=hours(-48))
    add_patrol(connection, "soon", "scheduled", scheduled_start=hours(23))
    add_patrol(connection, "far", "scheduled", scheduled_start=hours(25))
    add_patrol(connection, "out for days", "active", started_at=hours(-72))
    assert set(found(connection)) == {"just past", "soon", "out for days"}
    assert patrols.card(connection, ALL, "past", NOW, OVERDUE)["status"] == "done"


def test_a_patrol_stands_at_its_last_believable_fix_else_where_its_route_starts(connection):
    connection.execute(text(ROUTE), {"code": "R1", "hostile": HOSTILE, "district": "4301"})
    add_patrol(connection, "P1", "active", started_at=hours(-1), route="R1")
    add_fix(connection, "P1", minutes(20), 102.3)
    add_fix(connection, "P1", minutes(10), 102.4)
    add_fix(connection, "P1", minutes(5), 109.0, impossible=True)
    add_patrol(connection, "P2", "ready", scheduled_start=hours(1), route="R1")
    add_patrol(connection, "P3", "ready", scheduled_start=hours(1))
    collection = patrols.patrols(connection, ALL, NOW, OVERDUE)
    where = {f["properties"]["code"]: (f["properties"]["placed"], f["geometry"]) for f in collection["features"]}
    assert where == {
        "P1": ("fix", {"type": "Point", "coordinates": [102.4, 17.5]}),
        "P2": ("route", {"type": "Point", "coordinates": [102.1, 17.1]}),
        "P3": ("nowhere", None),
    }
    known = found(connection)["P1"]
    assert datetime.fromisoformat(known["last_fix_at"]) == NOW - minutes(10)
    assert (known["route"], known["kind"], known["agency"]) == ("R1", "river", "bpp")
    card = patrols.card(connection, ALL, "P1", NOW, OVERDUE)
    assert (card["fixes"], card["impossible_fixes"], card["lon"], card["unit"]) == (3, 1, 102.4, HOSTILE)


def test_a_track_is_a_line_of_its_own_before_the_positions(connection):
    add_patrol(connection, "P1", "done", started_at=hours(-2), ended_at=hours(-1))
    connection.execute(text("update patrol set geom = 'srid=4326;multilinestring((102.1 17.1, 102.1 17.2))'"))
    collection = patrols.patrols(connection, ALL, NOW, OVERDUE)
    parts = [(f["properties"]["part"], (f["geometry"] or {}).get("type")) for f in collection["features"]]
    assert parts == [("track", "MultiLineString"), ("position", None)]
    assert patrols.card(connection, ALL, "P1", NOW, OVERDUE)["kilometres"] == pytest.approx(11.07, abs=0.01)


def test_scope_shows_patrols_of_own_routes_and_those_that_came_into_own_districts(connection):
    connection.execute(text(ROUTE), {"code": "R1", "hostile": HOSTILE, "district": "4301"})
    add_patrol(connection, "of the west", "ready", scheduled_start=hours(1), route="R1")
    add_patrol(connection, "in the east", "active", started_at=hours(-1))
    add_fix(connection, "in the east", minutes(5), 103.5)
    add_patrol(connection, "nowhere", "ready", scheduled_start=hours(1))
    assert set(found(connection, WEST)) == {"of the west"}
    assert set(found(connection, EAST)) == {"in the east"}
    assert set(properties(patrols.routes(connection, WEST))) == {"R1"}
    assert patrols.routes(connection, EAST)["features"] == []
    assert patrols.route_card(connection, WEST, "R1")["kilometres"] == pytest.approx(15.35, abs=0.1)
    with pytest.raises(NotFound):
        patrols.card(connection, EAST, "of the west", NOW, OVERDUE)
    with pytest.raises(NotFound):
        patrols.route_card(connection, EAST, "R1")


def test_no_text_that_a_person_wrote_reaches_the_map(connection):
    add_checkpoint(connection, "C1", "active")
    connection.execute(text(ROUTE), {"code": "R1", "hostile": HOSTILE, "district": "4301"})
    add_patrol(connection, "P1", "ready", scheduled_start=hours(1), route="R1")
    for layer in (
        checkpoints.checkpoints(connection, ALL, NOW.date()),
        crossings.crossings(connection, ALL),
        patrols.routes(connection, ALL),
        patrols.patrols(connection, ALL, NOW, OVERDUE),
    ):
        assert layer["features"]
        assert "7*7" not in json.dumps(layer)
