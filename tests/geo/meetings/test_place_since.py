"""What became of checkpoints and routes: known counts inside, in the ring, along a line, and in districts like theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geo.model.person import scope_of
from geo.queries.place_since import Place, PlaceSince, place_since, places_since
from tests.geo.meetings.conftest import ARANYA, MUKDAHAN, NONG_KHAI, Hall
from tests.geo.meetings.test_since import AGO, reported


def found(hall: Hall, who: str, code: str, radius_m: float = 5000) -> tuple[Place, PlaceSince | None]:
    with hall.acting(who) as connection:
        places = places_since(connection, scope_of(hall.people[who]), hall.today)
        place = next(one for one in places if one.code == code)
        return place, place_since(connection, place, hall.today, radius_m=radius_m)


@pytest.fixture
def stands(hall: Hall) -> Hall:
    """A checkpoint and a route in Nong Khai since four weeks, one that is young, one that is planned, one without a day."""
    for code, status, since in (
        ("OLD", "active", AGO), ("YOUNG", "active", 3), ("ENDED", "closed", 60), ("PLAN", "planned", AGO),
    ):  # fmt: skip
        hall.put(
            "insert into checkpoint (code, name, kind, status, valid_from, valid_to, district_code, geom) values"
            " (:c, :c, 'checkpoint', :s, cast(:today as date) - cast(:n as int), case when :c = 'ENDED' then"
            "  cast(:today as date) - 20 end, :d, st_point(102.76, 17.87, 4326))",
            c=code, s=status, n=since, d=NONG_KHAI, today=hall.today,
        )  # fmt: skip
    return hall


def test_only_what_was_in_force_is_listed_and_each_reader_sees_their_districts(stands: Hall) -> None:
    with stands.acting("chief") as connection:
        places = places_since(connection, scope_of(stands.people["chief"]), stands.today)
    assert [one.code for one in places] == ["YOUNG", "OLD", "ENDED"]
    assert [one.until is None for one in places] == [True, True, False]
    assert found(stands, "commander", "YOUNG")[1] is None
    ended = found(stands, "commander", "ENDED")[1]
    assert ended is not None
    assert ended.days == 40, "it is held against the time that it stood"


@pytest.mark.parametrize("who", ["commander", "planner", "chief"])
def test_inside_ring_and_districts_beside_are_counted(stands: Hall, who: str) -> None:
    reported(stands, NONG_KHAI, 10, 3)
    reported(stands, MUKDAHAN, 11, 11)
    reported(stands, ARANYA, 9, 9)
    place, told = found(stands, who, "OLD")
    assert told is not None
    assert (place.kind, place.district, told.days, told.split) == (
        "checkpoint", NONG_KHAI, AGO, stands.today - timedelta(days=AGO),
    )  # fmt: skip
    assert {one.code for one in told.beside} <= {ARANYA, MUKDAHAN}
    wide = found(stands, who, "OLD", 60_000)[1]
    assert wide is not None
    assert (wide.around.before, wide.around.after, wide.around.ring_before) == (40, 12, 0)
    assert wide.change.direction == "fell"
    assert wide.ring.direction == "too_few"
    assert sum(n for _, n in wide.weeks) == 52
    assert (sum(one.before for one in wide.beside), sum(one.after for one in wide.beside)) == (80, 80)


def test_a_route_is_counted_along_its_line_since_its_first_patrol(hall: Hall) -> None:
    hall.put(
        "insert into patrol_route (code, name, kind, district_code, geom) values ('R', 'ร', 'foot', :d,"
        " 'srid=4326;multilinestring((102.70 17.87, 102.80 17.87))')", d=NONG_KHAI,
    )  # fmt: skip
    with hall.acting("commander") as connection:
        assert places_since(connection, scope_of(hall.people["commander"]), hall.today) == ()
    hall.put(
        "insert into patrol (code, route_id, status, started_at) select 'P', id, 'done', cast(:day as date) + interval '9 hours'"
        " from patrol_route", day=hall.today - timedelta(days=AGO),
    )  # fmt: skip
    for n, lat, ago in ((6, 17.87 + 0.02, 40), (2, 17.87 + 0.02, 5), (7, 17.87 + 0.07, 5)):
        for _ in range(n):
            hall.put(
                "insert into incident (crime_type, occurred_at, channel, status, geom) values ('contraband', now() -"
                " make_interval(days => :ago), 'online', 'verified', st_point(102.75, :lat, 4326))", ago=ago, lat=lat,
            )  # fmt: skip
    place, told = found(hall, "commander", "R")
    assert told is not None
    assert place.kind == "route"
    assert (told.around.before, told.around.after, told.around.ring_before, told.around.ring_after) == (6, 2, 0, 7)
    assert told.change.direction == "too_few"
