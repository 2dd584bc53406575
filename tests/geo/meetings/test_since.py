"""What has happened since a decision: counted on the store, beside a district that is like it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geo.actions.decisions import NewDecision, decide
from geo.model.meeting_sheet import DecisionSoFar
from geo.queries import meetings
from geo.queries.decision_since import DecisionSince, decision_since
from tests.geo.meetings.conftest import ARANYA, MUKDAHAN, NEXT_DOOR, NONG_KHAI, Hall

AGO = 28


def reported(hall: Hall, district: str, before: int, after: int, **more: Any) -> None:
    """So many incidents in each of the twelve weeks before the day and the four after it."""
    for week in range(16):
        n = before if week < 12 else after
        if n:
            hall.report(district, n=n, days_ago=AGO + 84 - 7 * week - 3, **more)


def since(hall: Hall, who: str = "commander", radius_m: float = 5000, **place: Any) -> DecisionSince | None:
    districts = (NONG_KHAI,)
    meeting = hall.prepare("chief", districts)
    with hall.acting("chief") as connection:
        number = decide(
            connection,
            hall.people["chief"],
            meeting,
            NewDecision(NONG_KHAI, "เพิ่มลาดตระเวน", hall.today, owner_id=hall.people["chief"].id, **place),
        )
    with hall.owner.begin() as connection:
        connection.execute(text("alter table decision disable trigger decision_stays"))
        connection.execute(
            text("update decision set decided_at = decided_at - :ago * interval '1 day' where id = :n"),
            {"ago": place.pop("ago", AGO), "n": number},
        )
        connection.execute(text("alter table decision enable trigger decision_stays"))
    with hall.acting(who) as connection:
        return decision_since(connection, meetings.decision(connection, number), hall.today, radius_m=radius_m)


def test_the_next_meeting_keeps_what_it_counted_and_its_older_kin_are_read_without(hall: Hall) -> None:
    reported(hall, NONG_KHAI, 10, 3)
    reported(hall, MUKDAHAN, 11, 11)
    counted = since(hall)
    assert counted is not None
    number = hall.prepare("commander", (NONG_KHAI, MUKDAHAN))

    def kept() -> tuple[DecisionSoFar, ...]:
        with hall.acting("chief") as connection:
            assert meetings.sheet(connection, number, NONG_KHAI).so_far == meetings.so_far(connection, number)
            return meetings.so_far(connection, number)

    (one,) = before = kept()
    assert (one.before, one.after, one.direction, one.days) == (
        counted.change.before, counted.change.after, counted.change.direction, AGO,
    )  # fmt: skip
    assert (one.beside, one.beside_before, one.beside_after) == (MUKDAHAN, 44, 44)
    hall.report(NONG_KHAI, n=30, days_ago=5)
    assert kept() == before
    with hall.acting("commander") as connection:
        assert meetings.sheet(connection, number, MUKDAHAN).so_far == ()
    hall.put("alter table meeting_sheet disable trigger user")
    hall.put("update meeting_sheet set content = content - 'so_far'")
    assert kept() == ()


@pytest.mark.parametrize("who", ["commander", "planner", "chief"])
def test_a_fall_is_told_beside_the_district_that_is_like_it(hall: Hall, who: str) -> None:
    reported(hall, NONG_KHAI, 10, 3)
    reported(hall, MUKDAHAN, 11, 11)
    reported(hall, ARANYA, 40, 40)
    reported(hall, NEXT_DOOR, 10, 10)  # next door: things may have gone there
    found = since(hall, who)
    assert found is not None
    assert (found.place, found.days, found.split) == (False, AGO, hall.today - timedelta(days=AGO))
    assert (found.change.before, found.change.after, found.change.direction) == (40, 12, "fell")
    assert found.match is not None
    assert (found.match.code, found.match_name_th, found.match.n, found.match.own_n) == (
        MUKDAHAN, "เมืองมุกดาหาร", 132, 120,
    )  # fmt: skip
    assert found.change.against is not None
    assert found.change.against.value == pytest.approx(0.3)
    assert found.change.against.high is not None
    assert found.change.against.high < 1


def test_what_fell_everywhere_did_not_fall_here(hall: Hall) -> None:
    reported(hall, NONG_KHAI, 10, 3)
    reported(hall, MUKDAHAN, 10, 3)
    found = since(hall)
    assert found is not None
    assert found.change.direction == "no_clear_change"
    assert found.change.own.high is not None
    assert found.change.own.high < 1


def test_a_place_is_counted_within_its_radius_and_in_the_ring_around(hall: Hall) -> None:
    reported(hall, NONG_KHAI, 10, 2)
    reported(hall, NONG_KHAI, 1, 8, off=0.07)  # some 7 km to the east
    reported(hall, NONG_KHAI, 5, 5, channel="patrol")
    reported(hall, NONG_KHAI, 5, 5, status="received")
    reported(hall, NONG_KHAI, 5, 5, off=0.3)
    reported(hall, MUKDAHAN, 10, 10)
    found = since(hall, lon=102.76, lat=17.87)
    assert found is not None
    assert found.around is not None
    assert (found.around.before, found.around.after) == (40, 8)
    assert (found.around.ring_before, found.around.ring_after) == (4, 32)
    assert (found.change.direction, found.place, found.radius_m) == ("fell", True, 5000)
    assert found.displacement == pytest.approx((32 / 40 - 4 / 40) / (8 / 40 - 40 / 40))
    wide = since(hall, radius_m=10_000, lon=102.76, lat=17.87)
    assert wide is not None
    assert wide.around is not None
    assert (wide.around.before, wide.around.after) == (44, 40)


def test_a_checkpoint_that_was_planned_is_the_place(hall: Hall) -> None:
    hall.put(
        "insert into checkpoint (code, name, kind, status, district_code, geom) values ('CP1', 'ท่า', 'river', 'planned',"
        " '4301', st_point(102.76, 17.87, 4326))"
    )
    reported(hall, NONG_KHAI, 6, 6)
    found = since(hall, checkpoint="CP1")
    assert found is not None
    assert (found.lon, found.lat, found.change.before, found.change.after) == (102.76, 17.87, 24, 24)


def test_little_is_told_of_little_and_nothing_in_the_first_week(hall: Hall) -> None:
    hall.report(n=4, days_ago=AGO + 3)
    hall.report(n=40, days_ago=AGO - 3)
    few = since(hall)
    assert few is not None
    assert (few.change.direction, few.match) == ("too_few", None)
    with hall.acting("chief") as connection:
        meeting = meetings.meetings(connection)[0].id
        fresh = decide(
            connection,
            hall.people["chief"],
            meeting,
            NewDecision(NONG_KHAI, "ใหม่", hall.today, owner_id=hall.people["chief"].id),
        )
        decision = meetings.decision(connection, fresh)
        assert decision_since(connection, decision, hall.today + timedelta(days=6)) is None
        later = decision_since(connection, decision, hall.today + timedelta(days=400))
    assert later is not None
    assert later.days == 90


def test_a_district_where_something_was_decided_too_is_no_comparison(hall: Hall) -> None:
    reported(hall, NONG_KHAI, 10, 3)
    reported(hall, MUKDAHAN, 10, 10)
    reported(hall, ARANYA, 12, 12)
    hall.put(
        "insert into meeting (title, held_on, districts, first_day, last_day, is_demo) values ('x', now(), '{4901}', now(),"
        " now(), true)"
    )
    hall.put(
        "insert into decision (meeting_id, district_code, words, agency, due, decided_by, decided_at) select m.id, '4901', 'x',"
        " 'customs', now(), p.id, now() - interval '20 days' from meeting m, person p where p.login = 'national.hall' and m.is_demo"
    )
    for who in ("commander", "chief"):
        found = since(hall, who)
        assert found is not None
        assert found.match is not None
        assert found.match.code == ARANYA


def test_effort_stands_beside(hall: Hall) -> None:
    reported(hall, NONG_KHAI, 5, 5)
    hall.put(
        "insert into patrol_route (code, name, kind, district_code, geom) values ('R1', 'ริมโขง', 'land', '4301',"
        " st_multi(st_geomfromtext('LINESTRING(102.7 17.85, 102.8 17.86)', 4326)))"
    )
    hall.put(
        "insert into patrol (code, route_id, status, started_at, ended_at) select 'P' || k, r.id, 'done',"
        " now() - k * interval '10 days', now() - k * interval '10 days' + interval '5 hours'"
        " from patrol_route r, generate_series(1, 4) k where r.code = 'R1'"
    )
    found = since(hall)
    assert found is not None
    assert (found.hours_before, found.hours_after) == (10, 10)
