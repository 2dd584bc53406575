"""A track becomes the scheduled patrol that it can only have been, and in every doubt a patrol of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo.actions.patrols import PatrolsWritten, write_patrols
from geo.model import Scope
from geo.model.track import PatrolFix, logs
from geo.queries import patrols

START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
OVERDUE = timedelta(minutes=30)
MONTH = timedelta(days=30)


@pytest.fixture
def planned(store: Engine) -> Engine:
    """A store with two routes going north, 2.1 km apart, and one patrol of the western that should have started."""
    with store.begin() as connection:
        connection.execute(
            text(
                "insert into agency values ('bpp', 'ตชด', 'BPP', null), ('army', 'ทบ', 'Army', null);"
                "insert into patrol_route (code, name, kind, agency, geom) values"
                " ('WEST', 'a', 'land', 'bpp', 'srid=4326;multilinestring((104 17, 104 17.2))'),"
                " ('EAST', 'b', 'land', null, 'srid=4326;multilinestring((104.02 17, 104.02 17.2))')"
            )
        )
    schedule(store, "PLAN-1")
    return store


def schedule(store: Engine, code: str, route: str = "WEST", at: datetime = START, **columns: object) -> None:
    values = {"status": "scheduled", "agency": None, "unit": None, "is_demo": False} | columns
    with store.begin() as connection:
        connection.execute(
            text(
                "insert into patrol (code, route_id, status, scheduled_start, agency, unit, is_demo) select :code, id,"
                " :status, :at, :agency, :unit, :is_demo from patrol_route where code = :route"
            ),
            values | {"code": code, "route": route, "at": at},
        )


def walk(
    late: timedelta = timedelta(0), east: float = 0.0, fixes: int = 30, aside: int = 0, patrol: str = "P1"
) -> list[PatrolFix]:
    """A fix every two minutes going north along WEST at 3 km/h, the last ``aside`` of them going east from there."""
    return [
        PatrolFix(
            n + 1, patrol, "ชปล.1", None, START + late + timedelta(minutes=2 * n),
            104.0 + east + max(0, n - (fixes - aside)) * 0.001, 17.0 + min(n, fixes - aside) * 0.0009,
        )
        for n in range(fixes)
    ]  # fmt: skip


def write(store: Engine, fixes: list[PatrolFix], now: datetime = START + MONTH, **options: str) -> PatrolsWritten:
    with store.begin() as connection:
        return write_patrols(connection, logs(fixes), source="test.gpx", now=now, **options)


def rows(store: Engine, sql: str) -> list[tuple]:
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


WALKED = "select code, status, started_at, ended_at, st_npoints(geom), unit, source from patrol order by id"


def test_a_track_along_the_route_becomes_the_scheduled_patrol_which_is_overdue_no_longer(planned: Engine) -> None:
    now = START + timedelta(hours=2)

    def shown() -> list[tuple[object, object]]:
        with planned.connect() as connection:
            frame = patrols.patrol_list(connection, Scope.everything(), now, OVERDUE)
        return list(zip(frame["code"], frame["status"], strict=True))

    assert shown() == [("PLAN-1", "start_overdue")]
    written = write(planned, walk(), now)
    assert (written.scheduled, written.new, written.extended) == (["PLAN-1"], [], [])
    assert (written.added, written.already) == (30, 0)
    assert rows(planned, WALKED) == [
        ("PLAN-1", "done", START, START + timedelta(minutes=58), 30, "ชปล.1", "test.gpx"),
    ]
    assert shown() == [("PLAN-1", "done")]


def test_it_is_active_while_the_track_grows_and_the_same_file_again_adds_nothing(planned: Engine) -> None:
    assert write(planned, walk(fixes=15), START + timedelta(minutes=40)).scheduled == ["PLAN-1"]
    assert [row[1] for row in rows(planned, WALKED)] == ["active"]
    grown = write(planned, walk(), START + timedelta(hours=9))
    assert (grown.added, grown.already, grown.extended, grown.scheduled) == (15, 15, ["PLAN-1"], [])
    before = rows(planned, "select p::text, f::text from patrol p join patrol_fix f on f.patrol_id = p.id order by 2")
    again = write(planned, walk())
    assert (again.added, again.already, again.scheduled, again.new) == (0, 30, [], [])
    after = rows(planned, "select p::text, f::text from patrol p join patrol_fix f on f.patrol_id = p.id order by 2")
    assert after == before


def test_an_unnamed_track_is_found_again_in_the_scheduled_patrol(planned: Engine) -> None:
    assert write(planned, walk(patrol="")).scheduled == ["PLAN-1"]
    assert write(planned, walk(patrol="")).already == 30
    assert write(planned, walk(patrol="")[5:]).already == 25
    assert rows(planned, "select count(*) from patrol") == [(1,)]


@pytest.mark.parametrize("status", ["scheduled", "ready", "start_overdue"])
@pytest.mark.parametrize(("minutes", "taken"), [(-181, False), (-180, True), (180, True), (181, False)])
def test_three_hours_before_and_after_its_time_and_no_more(
    store: Engine, planned: Engine, status: str, minutes: int, taken: bool
) -> None:
    with planned.begin() as connection:
        connection.execute(text("update patrol set status = :status"), {"status": status})
    written = write(planned, walk(late=timedelta(minutes=minutes)))
    assert (written.scheduled == ["PLAN-1"], len(written.new)) == (taken, 0 if taken else 1)


@pytest.mark.parametrize(
    ("fixes", "why"),
    [
        (walk(east=0.006), "638 m beside the route"),
        (walk(aside=16), "more than three tenths of the way leads off the route"),
        (walk(fixes=5), "400 m do not say which way was taken"),
        (walk(fixes=1), "a single position is no way"),
    ],
)
def test_a_track_that_need_not_be_that_patrol_is_one_of_its_own(
    planned: Engine, fixes: list[PatrolFix], why: str
) -> None:
    written = write(planned, fixes)
    assert (written.scheduled, len(written.new)) == ([], 1), why
    assert rows(planned, "select status, started_at, geom from patrol where code = 'PLAN-1'") == [
        ("scheduled", None, None)
    ]


def test_a_little_off_the_route_is_still_that_patrol(planned: Engine) -> None:
    assert write(planned, walk(east=0.004)).scheduled == ["PLAN-1"]


def test_of_two_that_it_may_be_it_is_neither(planned: Engine) -> None:
    schedule(planned, "PLAN-2", at=START + timedelta(hours=2))
    written = write(planned, walk())
    assert (written.scheduled, len(written.new)) == ([], 1)
    assert rows(planned, "select count(*) from patrol where started_at is null") == [(2,)]


def test_one_of_another_day_or_another_route_is_no_doubt(planned: Engine) -> None:
    schedule(planned, "PLAN-2", at=START + timedelta(days=1))
    schedule(planned, "PLAN-3", route="EAST")
    assert write(planned, walk()).scheduled == ["PLAN-1"]


def test_the_route_that_was_given_decides(planned: Engine) -> None:
    schedule(planned, "PLAN-3", route="EAST")
    assert write(planned, walk(east=0.5), route="EAST").scheduled == ["PLAN-3"]
    assert write(planned, walk(patrol="P2"), route="EAST").scheduled == []
    assert rows(planned, "select status from patrol where code = 'PLAN-1'") == [("scheduled",)]


def test_another_agencys_patrol_is_left_alone(planned: Engine) -> None:
    assert write(planned, walk(), agency="army").scheduled == []
    assert write(planned, walk(patrol="P2"), agency="bpp").scheduled == ["PLAN-1"]


@pytest.mark.parametrize(
    "change",
    [
        "status = 'cancelled'",
        "is_demo = true",
        "started_at = scheduled_start",
        "status = 'done', geom = 'srid=4326;multilinestring((104 17, 104 17.1))'",
        "geom = 'srid=4326;multilinestring((104 17, 104 17.1))'",
        "source_key = 'another list: 7'",
        "route_id = null",
        "scheduled_start = null",
    ],
)
def test_what_is_not_waiting_for_a_track_is_never_written_over(planned: Engine, change: str) -> None:
    with planned.begin() as connection:
        connection.execute(text(f"update patrol set {change}"))
    before = rows(planned, "select p::text from patrol p")
    written = write(planned, walk())
    assert (written.scheduled, len(written.new)) == ([], 1)
    assert rows(planned, "select p::text from patrol p where code = 'PLAN-1'") == before


def test_a_patrol_that_has_fixes_is_never_written_over(planned: Engine) -> None:
    with planned.begin() as connection:
        connection.execute(
            text(
                "insert into patrol_fix (patrol_id, fixed_at, geom) select id, :at, st_point(104, 17, 4326) from patrol"
            ),
            {"at": START},
        )
    assert write(planned, walk()).scheduled == []


def test_two_tracks_of_one_walk_do_not_share_a_patrol(planned: Engine) -> None:
    written = write(planned, walk() + walk(late=timedelta(minutes=1), patrol="P2"))
    assert (written.scheduled, len(written.new)) == (["PLAN-1"], 1)
    assert rows(planned, "select st_npoints(geom) from patrol order by id") == [(30,), (30,)]


def test_what_the_plan_says_of_unit_stays(planned: Engine) -> None:
    with planned.begin() as connection:
        connection.execute(text("update patrol set unit = 'ร้อย ตชด.234'"))
    write(planned, walk())
    assert rows(planned, "select unit from patrol") == [("ร้อย ตชด.234",)]


walks = st.lists(
    st.tuples(st.integers(-400, 400), st.sampled_from([0.0, 0.004, 0.02, 0.1]), st.integers(1, 20)),
    min_size=1, max_size=4,
)  # fmt: skip
plans = st.lists(st.tuples(st.integers(-400, 400), st.sampled_from(["WEST", "EAST"])), max_size=4)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walks=walks, plans=plans)
def test_whatever_is_walked_and_planned_no_fix_is_lost_and_a_second_import_changes_nothing(
    planned: Engine, walks: list[tuple[int, float, int]], plans: list[tuple[int, str]]
) -> None:
    with planned.begin() as connection:
        connection.execute(text("delete from patrol"))
    for number, (minutes, route) in enumerate(plans):
        schedule(planned, f"PLAN-{number}", route, START + timedelta(minutes=minutes))
    fixes = [
        fix
        for number, (minutes, east, count) in enumerate(walks)
        for fix in walk(timedelta(minutes=minutes), east, count, patrol=f"P{number}")
    ]
    written = write(planned, fixes)
    assert written.added == len(fixes)
    assert len(written.scheduled) + len(written.new) == len(walks)
    assert len(set(written.scheduled)) == len(written.scheduled) <= len(plans)
    assert rows(planned, "select count(*) from patrol_fix") == [(len(fixes),)]
    assert rows(planned, "select count(*) from patrol") == [(len(plans) + len(written.new),)]
    assert rows(
        planned,
        "select count(*) from patrol p join patrol_route r on r.id = p.route_id where p.started_at is not null and not"
        " (p.started_at between p.scheduled_start - interval '3 h' and p.scheduled_start + interval '3 h'"
        " and st_hausdorffdistance(p.geom, r.geom) < 1 and st_distance(p.geom::geography, r.geom::geography) < 500)",
    ) == [(0,)]
    again = write(planned, list(reversed(fixes)))
    assert (again.added, again.already, again.new, again.scheduled, again.extended) == (0, len(fixes), [], [], [])
