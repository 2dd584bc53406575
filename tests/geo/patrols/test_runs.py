"""Runs are planned and moved by those who may, as the database's rules have it, and each step is written down."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions.case_history import StepRefused
from geo.actions.patrol_routes import RouteWords, change_route, draw_route
from geo.actions.patrol_runs import cancel_series, move_run, plan_runs, starts
from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.model.patrol import FOLLOWS, PatrolStatus, Repeat, RouteKind, RunPlan
from geo.queries import patrol_runs
from tests.geo.meetings.conftest import MUKDAHAN, NONG_KHAI, Hall
from tests.geo.patrols.conftest import BANK, bangkok

LATE = timedelta(minutes=30)
ZONE = ZoneInfo(TIMEZONE)


def planned(town: Hall, who: str = "chief", route: str = "RT-0001", days: float = 2, **more) -> list[str]:
    start = bangkok(days)
    with town.acting(who) as connection:
        return plan_runs(connection, town.people[who], RunPlan(route, start, 180, **more), datetime.now(ZONE))


def move(town: Hall, who: str, code: str, to: str, **more) -> None:
    with town.acting(who) as connection:
        move_run(connection, town.people[who], code, PatrolStatus(to), **{"at": datetime.now(ZONE), **more})


def test_a_route_lies_in_the_own_district_and_only_what_is_said_of_it_changes(town: Hall) -> None:
    assert town.one("select district_code from patrol_route where code = 'RT-0001'") == NONG_KHAI
    words = RouteWords("ริมโขง", RouteKind.RIVER, "bpp", NONG_KHAI, "ระวังน้ำวน")
    with town.acting("officer") as connection:
        change_route(connection, town.people["officer"], "RT-0002", words)
        assert [one.name for one in patrol_runs.routes(connection)] == ["ริมโขง", "ริมโขงหนองคาย"]
    with town.acting("neighbour") as connection:
        assert patrol_runs.routes(connection) == []
        with pytest.raises(StepRefused, match=r"route\.not_your_district"):
            change_route(connection, town.people["neighbour"], "RT-0002", words)
    for who, line, code in (
        ("neighbour", BANK, "no_district"),
        ("administrator", BANK, "not_allowed"),
        ("chief", shapely.LineString([(102.70, 17.855), (102.7001, 17.855)]), "too_short"),
        ("commander", shapely.LineString([(99, 12), (105, 18)]), "too_long"),
    ):
        with town.acting(who) as connection, pytest.raises(StepRefused, match=rf"route\.{code}"):
            draw_route(connection, town.people[who], RouteWords("x", RouteKind.FOOT), line)
    with town.acting("chief") as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text("update patrol_route set geom = st_translate(geom, 1, 0)"))


def test_runs_repeat_on_weekdays_and_times_until_a_day_and_are_called_off_together(town: Hall) -> None:
    first = bangkok(3)
    again = Repeat((first.weekday(), (first.weekday() + 2) % 7), (time(6), time(18)), first.date() + timedelta(days=13))
    codes = planned(town, days=3, repeat=again, note="เข้าเวรคู่", contact="ช่อง 3")
    assert len(codes) == 8
    with town.acting("commander") as connection:
        found = patrol_runs.runs(connection, first, first + timedelta(days=14), datetime.now(ZONE), LATE)
        own = [run for run in found if run.code in codes]
        assert [run.begins.astimezone(ZONE).hour for run in own] == [6, 18] * 4
        assert {(run.status, run.agency, run.note, run.repeats) for run in own} == {
            ("scheduled", "mekong_riverine", "เข้าเวรคู่", True)
        }
    move(town, "chief", codes[2], "ready")
    with town.acting("chief") as connection:
        assert cancel_series(connection, town.people["chief"], codes[1], reason="น้ำหลาก") == 7
    told = "select count(*) from patrol where code = any(:codes) and status = :is"
    assert (town.one(told, codes=codes, **{"is": "cancelled"}), town.one(told, codes=codes, **{"is": "scheduled"})) == (
        7,
        1,
    )
    assert town.one("select count(*) from audit_log where action = 'patrol.move_all'") == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"days": -3}, "past"), ({"days": 500}, "too_far"), ({"minutes": 0}, "minutes"), ({"unit": "x" * 300}, "words_long"),
        ({"repeat": Repeat(tuple(range(7)), (time(6), time(12), time(18)), date.today() + timedelta(days=300))}, "many_runs"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_refused_and_nothing_kept(town: Hall, change: dict, code: str) -> None:
    before = town.one("select count(*) from patrol")
    values = {"route": "RT-0001", "minutes": 60, "start": bangkok(change.pop("days", 2))} | change
    with town.acting("chief") as connection, pytest.raises(StepRefused, match=rf"patrol\.{code}"):
        plan_runs(connection, town.people["chief"], RunPlan(**values), datetime.now(ZONE))
    assert town.one("select count(*) from patrol") == before


def test_each_step_says_who_when_and_why_and_none_is_left_out(town: Hall) -> None:
    (code,) = planned(town)
    now = datetime.now(ZONE)
    move(town, "officer", code, "ready")
    move(town, "officer", code, "active", at=now - timedelta(hours=2))
    with pytest.raises(StepRefused, match=r"patrol\.ends_first"):
        move(town, "officer", code, "done", at=now - timedelta(hours=3))
    move(town, "chief", code, "done", at=now)
    with pytest.raises(StepRefused, match=r"patrol\.moved"):
        move(town, "chief", code, "active")
    with town.acting("officer") as connection:
        run, track, way = patrol_runs.run(connection, code, now, LATE)
        past = patrol_runs.history(connection, run.id)
    assert track is None
    assert way is not None
    assert (run.ended_at - run.started_at) == timedelta(hours=2)
    assert [(one.person, one.before, one.now) for one in past] == [
        ("คุณ chief", None, "scheduled"), ("คุณ officer", "scheduled", "ready"), ("คุณ officer", "ready", "active"),
        ("คุณ chief", "active", "done"),
    ]  # fmt: skip
    (other,) = planned(town, days=4)
    with pytest.raises(StepRefused, match=r"patrol\.no_reason"):
        move(town, "chief", other, "cancelled", reason=" ")
    move(town, "chief", other, "cancelled", reason="เรือเสีย")
    with pytest.raises(DBAPIError, match="called off stays"), town.owner.begin() as connection:
        connection.execute(text("update patrol set reason = 'x' where code = :code"), {"code": other})
    with pytest.raises(DBAPIError, match="is not changed"), town.owner.begin() as connection:
        connection.execute(text("delete from patrol_event where id = (select max(id) from patrol_event)"))
    for action in ("plan", "move", "route"):
        assert town.one("select count(*) from audit_log where action = :a", a=f"patrol.{action}") > 0


def test_the_database_has_the_same_rule_of_what_may_follow(town: Hall) -> None:
    (code,) = planned(town, days=5)
    with town.owner.connect() as connection:
        for before, after in ((a, b) for a in PatrolStatus for b in PatrolStatus if a is not b):
            with connection.begin_nested() as attempt:
                connection.execute(text("alter table patrol disable trigger patrol_rules"))
                connection.execute(
                    text("update patrol set status = :s, reason = null, ended_at = null where code = :code"),
                    {"s": before, "code": code},
                )
                connection.execute(text("alter table patrol enable trigger patrol_rules"))
                try:
                    connection.execute(
                        text("update patrol set status = :s where code = :code"), {"s": after, "code": code}
                    )
                    went = True
                except DBAPIError:
                    went = False
                attempt.rollback()
            by_clock = after is PatrolStatus.START_OVERDUE and before in (PatrolStatus.SCHEDULED, PatrolStatus.READY)
            assert went == (after in FOLLOWS[before] or by_clock), (before, after)
        connection.rollback()


def test_nobody_reads_or_moves_what_is_another_districts(town: Hall) -> None:
    (code,) = planned(town, days=6)
    for who in ("neighbour", "far"):
        with town.acting(who) as connection:
            with pytest.raises(NotFound):
                patrol_runs.run(connection, code, datetime.now(ZONE), LATE)
            with pytest.raises(NotFound):
                move_run(connection, town.people[who], code, PatrolStatus.READY, at=datetime.now(ZONE))
            with pytest.raises(NotFound):
                plan_runs(connection, town.people[who], RunPlan("RT-0001", bangkok(3), 60), datetime.now(ZONE))
    insert = (
        "insert into patrol (code, route_id, status, scheduled_start, made_by) select 'X-' || :who, id, 'scheduled', now(),"
        " watch_person() from patrol_route where code = 'RT-0001' returning 1"
    )
    for who, may in (("commander", True), ("planner", True), ("national", True), ("administrator", False)):
        with town.acting(who) as connection:
            if may:
                assert connection.execute(text(insert), {"who": who}).scalar() == 1
            else:
                with pytest.raises(DBAPIError, match="row-level security"):
                    connection.execute(text(insert), {"who": who})
    for who in ("agency", "headman"):
        with town.acting(who) as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("select 1 from patrol"))
    assert town.one("select districts from patrol where code = :code", code=code) == [NONG_KHAI]
    assert MUKDAHAN not in town.one("select districts from patrol where code = :code", code=code)


@settings(max_examples=50)
@given(
    days=st.sets(st.integers(0, 6)), times=st.sets(st.times().map(lambda at: at.replace(tzinfo=None)), max_size=3),
    until=st.integers(0, 60), start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)  # fmt: skip
def test_starts_are_in_order_each_once_on_the_days_and_never_before_the_first(days, times, until, start) -> None:
    first = start.replace(tzinfo=ZONE)
    plan = RunPlan("R", first, 60, Repeat(tuple(days), tuple(times), first.date() + timedelta(days=until)))
    found = starts(plan)
    assert found[0] == first
    assert found == sorted(set(found))
    for at in found[1:]:
        assert at.weekday() in days
        assert at.timetz().replace(tzinfo=None) in times
        assert first.date() <= at.date() <= first.date() + timedelta(days=until)
