"""A meeting's sheets: what stands on them, that it never moves, and that they hold nothing that a reader may not know."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions.case_history import StepRefused
from geo.actions.meetings import finish_meeting, start_meeting
from geo.errors import NotFound
from geo.model.meeting import MeetingFilter, MeetingState
from geo.model.meeting_sheet import FIGURES, SAYS, FigureName, MeetingSheet
from geo.queries import meetings
from tests.geo.meetings.conftest import ARANYA, MUKDAHAN, NONG_KHAI, Hall


def sheet_of(hall: Hall, number: int, district: str = NONG_KHAI, who: str = "commander") -> MeetingSheet:
    with hall.acting(who) as connection:
        return meetings.sheet(connection, number, district)


def value(sheet: Any, name: FigureName) -> Any:
    return next(one for one in sheet.figures if one.name == name)


def test_a_sheet_says_what_was_reported_and_every_count_is_of_the_same_incidents(hall: Hall) -> None:
    hall.report(n=9, crime_type="contraband")
    hall.report(n=6, crime_type="online_scam", days_ago=10, off=0.05)
    hall.report(n=6, crime_type="online_scam", days_ago=40)
    hall.report(n=12, crime_type="contraband", days_ago=41)
    hall.report(n=4, status="received")
    hall.report(n=2, status="duplicate")
    hall.report(n=3, channel="patrol", days_ago=5)
    hall.report(MUKDAHAN, n=5)
    hall.report(ARANYA, n=50)
    number = hall.prepare()
    sheet = sheet_of(hall, number)
    assert [one.name for one in sheet.figures] == list(FIGURES)
    assert all(set(SAYS[one.says]) <= set(one.detail) for one in sheet.figures)
    incidents, change = value(sheet, FigureName.INCIDENTS), value(sheet, FigureName.CHANGE)
    assert (incidents.value, incidents.before, incidents.detail["unverified"]) == (18, 18, 4)
    assert (change.value, change.says) == (0, "change.same")
    verified = value(sheet, FigureName.VERIFIED)
    assert (verified.detail["verified"], verified.detail["of"]) == (18, 22)
    assert {row.code: (row.now, row.before) for row in sheet.by_type} == {"contraband": (12, 12), "online_scam": (6, 6)}
    assert {row.code: row.now for row in sheet.by_channel} == {"online": 15, "patrol": 3}
    assert sum(week.n for week in sheet.by_week) == 18
    assert sum(week.days for week in sheet.by_week) == 28
    assert sum(point.n for point in sheet.map.points) == 18
    assert sum(cell.n for cell in sheet.map.unverified) == 4
    assert [(one.kind, one.n, one.main_type) for one in sheet.top] == [
        ("cluster", 9, "contraband"), ("cluster", 6, "online_scam"),
    ]  # fmt: skip
    assert sheet.top[0].last == hall.today - timedelta(days=3)
    assert sum(cell.n for cell in sheet.map.hexagons) == 15  # what patrols found themselves makes no hotspot
    assert {method.name: method.n for method in sheet.methods}["dbscan"] == 15
    assert sheet.map.districts[0].code == NONG_KHAI
    assert {one.code for one in sheet.map.around} > {"4305"}
    assert sheet.map.border
    assert any(one.code.startswith("LA-4301") for one in sheet.map.crossings)
    assert (sheet.name_th, sheet.few, sheet.as_of.tzinfo is not None) == ("เมืองหนองคาย", True, True)
    with hall.acting("commander") as connection:
        overview = meetings.overview(connection, number)
    assert overview is not None
    assert [row.district for row in overview.rows] == [NONG_KHAI, MUKDAHAN]
    assert value(overview, FigureName.INCIDENTS).value == 23
    assert sum(value(row, FigureName.INCIDENTS).value for row in overview.rows) == 23
    assert overview.rows[0].figures == sheet.figures


def test_how_long_verification_took_is_told_of_each_district_and_of_all_cases_together(hall: Hall) -> None:
    for district, hours in ((NONG_KHAI, (10, 20, 60)), (MUKDAHAN, (2,))):
        hall.report(district, n=len(hours), days_ago=9)
        for number, after in enumerate(hours):
            hall.put(
                "insert into case_file (incident_id, verified_at) select id, reported_at + :h * interval '1 hour' from incident"
                " where district_code = :d order by id offset :n limit 1",
                h=after, d=district, n=number,
            )  # fmt: skip
    hall.report(n=2, status="verifying", days_ago=20)
    number = hall.prepare()
    sheets = [sheet_of(hall, number), sheet_of(hall, number, MUKDAHAN)]
    assert [value(one, FigureName.VERIFIED).detail["median_hours"] for one in sheets] == [20, 2]
    with hall.acting("commander") as connection:
        overview = meetings.overview(connection, number)
    assert value(overview, FigureName.VERIFIED).detail == {"verified": 4, "of": 6, "median_hours": 15}
    assert value(sheets[0], FigureName.OPEN).detail == {"open": 5, "overdue": 2}
    assert value(overview, FigureName.OPEN).detail == {"open": 6, "overdue": 2}


def test_what_is_counted_too_where_it_was_asked_for(hall: Hall) -> None:
    hall.report(n=9)
    hall.report(n=5, crime_type="online_scam")
    hall.report(n=4, status="verifying", channel="coordinator")
    hall.report(n=3, channel="patrol")
    every = sheet_of(hall, hall.prepare(chosen=hall.period(verified_only=False)))
    assert value(every, FigureName.INCIDENTS).value == 21
    assert sum(point.n for point in every.map.points) == 17
    scams = sheet_of(hall, hall.prepare(chosen=hall.period(crime_types=("online_scam",))))
    assert [(row.code, row.now) for row in scams.by_type] == [("online_scam", 5)]
    patrols = sheet_of(hall, hall.prepare(chosen=hall.period(channels=("patrol",))))
    assert (value(patrols, FigureName.INCIDENTS).value, sum(cell.n for cell in patrols.map.hexagons)) == (3, 3)


def test_everybody_who_prepares_makes_the_same_sheet(hall: Hall) -> None:
    hall.report(n=9)
    hall.report(n=8, days_ago=33)
    hall.report(n=3, status="received", off=0.01)
    made = [
        sheet_of(hall, hall.prepare(who, (NONG_KHAI,)), who=who)
        for who in ("chief", "commander", "planner", "national")
    ]
    for one in made[1:]:
        for part in ("figures", "by_type", "by_week", "found", "top", "map"):
            assert getattr(one, part) == getattr(made[0], part)


def test_a_district_without_anything_says_so_and_silence_is_a_finding(hall: Hall) -> None:
    sheet = sheet_of(hall, hall.prepare())
    assert value(sheet, FigureName.INCIDENTS).says == "incidents.none"
    assert value(sheet, FigureName.VERIFIED).says == "verified.none_reported"
    assert value(sheet, FigureName.EFFORT).says == "effort.no_patrols"
    assert (sheet.top, sheet.map.points, sheet.by_type) == ((), (), ())
    assert [(one.code, dict(one.detail)) for one in sheet.found] == [("silent_villages", {"n": 1, "of": 1})]
    hall.report(days_ago=40)
    with hall.acting("headman") as connection:
        connection.execute(
            text(
                "insert into quiet_month (area_code, village, month, person_id)"
                " values (:a, 'หมู่ 1', date_trunc('month', cast(:day as date)), :p)"
            ),
            {"a": f"{NONG_KHAI}01", "day": hall.today - timedelta(days=1), "p": hall.people["headman"].id},
        )
    later = sheet_of(hall, hall.prepare())
    assert [one.code for one in later.found] == ["quiet_days"]
    assert later.found[0].detail["n"] == 39


def test_patrols_count_where_they_went(hall: Hall) -> None:
    hall.put(
        "insert into patrol_route (code, name, kind, district_code, geom) values ('R1', 'ริมโขง', 'land', '4301',"
        " st_multi(st_geomfromtext('LINESTRING(102.7 17.85, 102.8 17.86)', 4326)))"
    )
    hall.put(
        "insert into patrol (code, route_id, status, started_at, ended_at) select 'P' || k, r.id, 'done',"
        " now() - k * interval '5 days', now() - k * interval '5 days' + interval '6 hours'"
        " from patrol_route r, generate_series(1, 6) k where r.code = 'R1'"
    )
    effort = value(sheet_of(hall, hall.prepare()), FigureName.EFFORT)
    assert (effort.value, effort.before, effort.detail["patrols"]) == (30, 6, 5)


# ---------------------------------------------------------------- it never moves
def test_what_comes_later_moves_nothing_and_is_counted_beside(hall: Hall) -> None:
    hall.report(n=9)
    hall.report(n=3, status="received")
    number = hall.prepare()
    before = (
        sheet_of(hall, number),
        hall.one("select md5(string_agg(content::text, '' order by place)) from meeting_sheet"),
    )
    with hall.acting("commander") as connection:
        assert meetings.came_since(connection, number).total == 0
    hall.report(n=5)
    hall.report(n=2, status="received")
    hall.report(n=2, status="unfounded")
    hall.report(n=1, days_ago=60)
    hall.report(MUKDAHAN, n=4)
    hall.put("update incident set status = 'verified' where status = 'received'")
    hall.put("update area set name_th = 'อื่น' where code = :d", d=NONG_KHAI)
    after = (
        sheet_of(hall, number),
        hall.one("select md5(string_agg(content::text, '' order by place)) from meeting_sheet"),
    )
    assert after == before
    with hall.acting("commander") as connection:
        came = meetings.came_since(connection, number)
    assert (came.total, came.by_district) == (11, {NONG_KHAI: 7, MUKDAHAN: 4})
    with hall.acting("chief") as connection:
        assert meetings.came_since(connection, number).by_district == {NONG_KHAI: 7}


@pytest.mark.parametrize(
    "statement",
    [
        "update meeting_sheet set content = '{}'",
        "update meeting_sheet set place = place + 100",
        "delete from meeting_sheet",
        "truncate meeting_sheet",
        "insert into meeting_sheet (meeting_id, place, district_code, content) select id, 99, '4301', '{}' from meeting",
        "delete from meeting",
        "truncate meeting cascade",
        "update meeting set as_of = now()",
        "update meeting set title = 'อื่น', state = 'running', started_at = now()",
        "update meeting set districts = '{4901}'",
        "update meeting set state = 'held', finished_at = now()",
    ],
)
def test_not_even_the_owner_of_the_tables_changes_a_snapshot(hall: Hall, statement: str) -> None:
    hall.prepare()
    kept = hall.one("select md5(string_agg(s::text, '')) from meeting_sheet s")
    with pytest.raises(DBAPIError, match=r"kept|not changed"):
        hall.put(statement)
    assert hall.one("select md5(string_agg(s::text, '')) from meeting_sheet s") == kept


def test_a_meeting_is_prepared_begun_and_held_in_this_order(hall: Hall) -> None:
    number = hall.prepare()
    person = hall.people["commander"]
    for step in (finish_meeting, start_meeting, start_meeting, finish_meeting):
        with hall.acting("commander") as connection:
            state = meetings.meeting(connection, number).state
            if step is finish_meeting and state is MeetingState.PREPARED:
                with pytest.raises(StepRefused, match="not_running"):
                    finish_meeting(connection, person, number)
            else:
                step(connection, person, number)
    with hall.acting("commander") as connection:
        held = meetings.meeting(connection, number)
    assert (held.state, held.title, held.districts) == (MeetingState.HELD, "ประชุมประจำเดือน", (NONG_KHAI, MUKDAHAN))
    assert held.finished_at is not None
    for step in (start_meeting, finish_meeting):
        with hall.acting("commander") as connection, pytest.raises(StepRefused, match="held"):
            step(connection, person, number)
    log = hall.one(
        "select string_agg(action, ' ' order by id) from audit_log where subject = :s", s=f"meeting:{number}"
    )
    assert log == "meeting.prepare meeting.start meeting.finish"


# ---------------------------------------------------------------- who may
def test_preparing_is_refused_in_words(hall: Hall) -> None:
    for change, code in (
        ({"title": " \u200b "}, "no_title"),
        ({"title": "ก" * 201}, "title_long"),
        ({"districts": ()}, "no_districts"),
        ({"districts": (NONG_KHAI, NONG_KHAI)}, "many_districts"),
        ({"districts": ("9999",)}, "unknown_district"),
        ({"chosen": hall.period(400)}, "long_period"),
        ({"chosen": MeetingFilter(hall.today, hall.today - timedelta(days=1))}, "no_period"),
    ):
        with pytest.raises(StepRefused, match=f"meeting.{code}"):
            hall.prepare(**change)
    with pytest.raises(StepRefused, match="not_your_district"):
        hall.prepare("chief", (NONG_KHAI, MUKDAHAN))
    for who in ("officer", "administrator", "agency", "headman"):
        with pytest.raises(StepRefused, match="not_allowed"):
            hall.prepare(who, (NONG_KHAI,))
    assert hall.one("select count(*) from meeting") == 0


def test_each_reads_the_sheets_of_their_own_districts(hall: Hall) -> None:
    hall.report(n=3)
    both, own = hall.prepare(), hall.prepare("chief", (NONG_KHAI,))
    may = {
        "commander": {NONG_KHAI, MUKDAHAN}, "national": {NONG_KHAI, MUKDAHAN}, "planner": {NONG_KHAI, MUKDAHAN},
        "administrator": {NONG_KHAI, MUKDAHAN}, "chief": {NONG_KHAI}, "officer": {NONG_KHAI}, "neighbour": {MUKDAHAN},
    }  # fmt: skip
    for who, districts in may.items():
        with hall.acting(who) as connection:
            assert set(meetings.sheets(connection, both)) == districts
            assert (meetings.overview(connection, both) is None) == (len(districts) == 1)
            listed = {one.id for one in meetings.meetings(connection)}
            assert listed == ({both} if who == "neighbour" else {both, own})
            if who != "neighbour":
                assert meetings.overview(connection, own) is not None
    with hall.acting("neighbour") as connection:
        assert meetings.sheets(connection, own) == {}
        with pytest.raises(NotFound, match="no_sheet"):
            meetings.sheet(connection, both, NONG_KHAI)
    with hall.acting("far") as connection:
        assert meetings.meetings(connection) == ()
        assert meetings.came_since(connection, both).total == 0
        with pytest.raises(NotFound, match="not_found"):
            meetings.meeting(connection, both)
    for who in ("agency", "headman"):
        for table in ("meeting", "meeting_sheet", "decision"):
            with pytest.raises(DBAPIError, match="permission denied"), hall.acting(who) as connection:
                connection.execute(text(f"select count(*) from {table}"))


def test_a_sheet_holds_no_place_of_what_is_not_verified_and_no_word(hall: Hall) -> None:
    hall.report(n=4, status="received", off=0.0123)
    hall.put("update incident set location_note = 'kanarie-note'")
    for who in ("chief", "commander"):
        number = hall.prepare(who, (NONG_KHAI,))
        content = hall.one("select string_agg(content::text, '') from meeting_sheet where meeting_id = :m", m=number)
        sheet = sheet_of(hall, number, who=who)
        assert "kanarie" not in content
        assert "102.772" not in content
        assert [cell.n for cell in sheet.map.unverified] == [4]
        assert abs(sheet.map.unverified[0].lon - 102.7723) > 1e-3
        assert sheet.map.points == ()


def test_the_rights_of_the_web_process_alone_write_no_meeting(hall: Hall) -> None:
    number = hall.prepare("chief", (NONG_KHAI,))
    with pytest.raises(DBAPIError, match="row-level security"), hall.acting("officer") as connection:
        connection.execute(
            text(
                "insert into meeting (title, held_on, prepared_by, districts, first_day, last_day) values ('x', now(), :p,"
                " '{4301}', now(), now())"
            ),
            {"p": hall.people["officer"].id},
        )
    with pytest.raises(DBAPIError, match="row-level security"), hall.acting("chief") as connection:
        connection.execute(
            text(
                "insert into meeting (title, held_on, prepared_by, districts, first_day, last_day) values ('x', now(), :p,"
                " '{4901}', now(), now())"
            ),
            {"p": hall.people["chief"].id},
        )
    with hall.acting("neighbour") as connection:
        with pytest.raises(NotFound):
            start_meeting(connection, hall.people["neighbour"], number)
        moved = connection.execute(text("update meeting set state = 'running', started_at = now()")).rowcount
    assert moved == 0
    both = hall.prepare()
    with hall.acting("chief") as connection, pytest.raises(StepRefused, match="not_yours"):
        start_meeting(connection, hall.people["chief"], both)  # it is led by who may see all of it


def test_progress_is_told_up_to_the_end_and_what_fails_leaves_nothing(hall: Hall) -> None:
    told: list[tuple[int, int]] = []
    hall.prepare(progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 5)
    assert told[-1] == (5, 5)
    assert told == sorted(told)

    def stop(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hall.prepare(progress=stop)
    assert hall.one("select count(*) from meeting") == 1


def test_a_sheet_of_a_full_district_stays_small(hall: Hall) -> None:
    hall.put(
        "insert into incident (crime_type, occurred_at, reported_at, status, channel, district_code, geom)"
        " select 'contraband', now() - k % 27 * interval '1 day' - interval '1 day', now() - interval '1 hour', 'verified',"
        " 'online', '4301', st_setsrid(st_makepoint(102.62 + (k * 7919 % 1000) * 0.0004, 17.7 + (k * 104729 % 997) * 0.0003), 4326)"
        " from generate_series(1, 6000) k"
    )
    number = hall.prepare(chosen=hall.period(27))
    sizes = hall.one("select max(length(content::text)) from meeting_sheet where meeting_id = :m", m=number)
    assert sizes < 200_000
    sheet = sheet_of(hall, number)
    assert sum(point.n for point in sheet.map.points) == value(sheet, FigureName.INCIDENTS).value > 5000
    assert json.loads(hall.one("select content::text from meeting_sheet where meeting_id = :m and place = 1", m=number))
