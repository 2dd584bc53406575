"""Silence in the store: what each may see of it, who may call whom, and that a call that confirms is a confirmation."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import DBAPIError

from geo.actions.case_history import StepRefused
from geo.actions.silence_calls import keep_coordinator_contact, note_call, open_coordinator_contact
from geo.analysis.silence import silence
from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.model.silence import CallOutcome
from geo.queries.silence import calls, coordinators, place_spots, silence_days, silence_places
from tests.geo.meetings.conftest import NONG_KHAI, Hall
from tests.geo.pairs.conftest import refused_by_the_database

BACK = timedelta(days=365)


def now() -> datetime:
    return datetime.now(ZoneInfo(TIMEZONE))


def told(hall: Hall, who: str, days_ago: int) -> None:
    """A report that a coordinator entered, and one from the internet of the same sub-district."""
    area = hall.people[who].area_code
    for channel, by in (("coordinator", hall.people[who].id), ("online", None)):
        hall.put(
            "insert into report (channel, received_at, area_code, entered_by) values (:channel, now() - make_interval(days => :ago),"
            " :area, :by)",
            channel=channel, ago=days_ago, area=area, by=by,
        )  # fmt: skip


def state_of(hall: Hall, who: str, of: str) -> str:
    with hall.acting(who) as connection:
        places = silence_places(connection)
        found = places.join(silence(places, silence_days(connection, hall.today - BACK), now()))
    home = hall.people[of]
    return str(found[(found["area_code"] == home.area_code) & (found["village"] == home.village)]["state"].iloc[0])


def test_every_place_of_one_s_district_is_judged_and_a_call_confirms_a_month(hall: Hall) -> None:
    for ago in (100, 110, 120):
        told(hall, "headman", ago)
    with hall.acting("chief") as connection:
        places = silence_places(connection)
        days = silence_days(connection, hall.today - BACK)
        people = coordinators(connection)
    assert set(places["district_code"]) == {NONG_KHAI}
    assert len(places) == hall.one(
        "select count(*) from area where parent_code = :d and level = 'subdistrict'", d=NONG_KHAI
    )
    assert places.set_index("area_code")["coordinators"].to_dict()[f"{NONG_KHAI}03"] == 0
    assert [(one.area_code, one.has_contact) for one in people] == [
        (f"{NONG_KHAI}01", False),
        (f"{NONG_KHAI}02", False),
    ]
    assert set(days["channel"]) == {"coordinator", "online"}
    assert state_of(hall, "chief", "headman") == "silent"
    assert state_of(hall, "commander", "other") == "never"

    # Nobody was reached; then somebody said that there was nothing, and the place is quiet.
    headman, this = hall.people["headman"], hall.today.replace(day=1)
    with hall.acting("officer") as connection:
        note_call(connection, headman.id, CallOutcome.UNREACHABLE, at=now() - timedelta(hours=3), note="ไม่รับสาย")
    assert state_of(hall, "chief", "headman") == "silent"
    with hall.acting("chief") as connection:
        note_call(connection, headman.id, CallOutcome.NOTHING, month=this)
        first, second = calls(connection, NONG_KHAI)
    assert (first.by, first.outcome, first.month) == (hall.people["chief"].name, "nothing", this)
    assert (second.by, second.note, second.village) == (hall.people["officer"].name, "ไม่รับสาย", "หมู่ 1")
    assert state_of(hall, "commander", "headman") == "quiet"
    assert hall.one("select person_id from quiet_month") == headman.id
    told_in_the_log = hall.one(
        "select string_agg(detail::text, '' order by id) from audit_log where action = 'silence.call'"
    )
    assert "unreachable" in told_in_the_log
    assert "ไม่รับสาย" not in told_in_the_log

    # A coordinator who reported in a month did not have nothing in it.
    told(hall, "other", 0)
    assert state_of(hall, "chief", "other") == "heard"
    with hall.acting("chief") as connection:
        for values, code in (
            ({"outcome": CallOutcome.NOTHING}, "silence.no_month"),
            ({"outcome": CallOutcome.NOTHING, "month": this + timedelta(days=40)}, "coordinator.month_ahead"),
            ({"outcome": CallOutcome.WILL_REPORT, "at": now() + timedelta(hours=1)}, "log.in_future"),
            ({"outcome": CallOutcome.WILL_REPORT, "note": "ก" * 1001}, "silence.note_long"),
        ):
            with pytest.raises(StepRefused) as refused:
                note_call(connection, hall.people["other"].id, **values)  # type: ignore[arg-type]
            assert refused.value.code == code


def test_only_the_district_s_own_centre_calls_and_reads_calls(hall: Hall) -> None:
    headman = hall.people["headman"].id
    statement = "insert into silence_call (person_id, called_at, outcome) values (:who, now(), 'will_report')"
    for who in ("neighbour", "commander", "national", "planner", "agency", "headman"):
        assert refused_by_the_database(hall, who, statement, who=headman), who
        assert refused_by_the_database(hall, who, "select * from silence_coordinators()"), who
    assert refused_by_the_database(hall, "chief", statement, who=hall.people["officer"].id)  # no coordinator
    assert not refused_by_the_database(hall, "officer", statement, who=headman)
    for change in ("update silence_call set outcome = 'replaced'", "delete from silence_call"):
        assert refused_by_the_database(hall, "chief", change)
        with pytest.raises(DBAPIError):
            hall.put(change)  # not even the owner
    with hall.acting("neighbour") as connection:
        assert calls(connection, NONG_KHAI) == ()
        assert NONG_KHAI not in set(silence_places(connection)["district_code"])
    with hall.acting("national") as connection:
        assert {NONG_KHAI, "4901"} <= set(silence_places(connection)["district_code"])


def test_a_telephone_is_kept_sealed_and_each_opening_is_logged(hall: Hall) -> None:
    headman = hall.people["headman"].id
    with pytest.raises(NotFound), hall.acting("officer") as connection:
        open_coordinator_contact(connection, headman)
    with hall.acting("officer") as connection:
        keep_coordinator_contact(connection, headman, b"sealed")
    with hall.acting("chief") as connection:
        assert open_coordinator_contact(connection, headman) == b"sealed"
    assert hall.one("select count(*) from audit_log where action = 'coordinator_contact.open'") == 1
    for who in ("neighbour", "national", "headman"):
        assert refused_by_the_database(hall, who, "select open_coordinator_contact(:who)", who=headman), who
        assert refused_by_the_database(hall, who, "select sealed from coordinator_contact"), who
    with pytest.raises(StepRefused), hall.acting("chief") as connection:
        keep_coordinator_contact(connection, hall.people["chief"].id, b"sealed")
    with hall.acting("chief") as connection:
        keep_coordinator_contact(connection, headman, None)
    assert hall.one("select count(*) from coordinator_contact") == 0


def test_a_place_stands_where_it_is_known_else_in_its_district(hall: Hall) -> None:
    hall.put(
        "update area set geom = st_multi(st_buffer((select rep_point from area where code = :d), 0.01)) where code = :c",
        d=NONG_KHAI, c=f"{NONG_KHAI}01",
    )  # fmt: skip
    with hall.acting("chief") as connection:
        spots = place_spots(connection, [f"{NONG_KHAI}01", f"{NONG_KHAI}02"], shapes=True)
    own, other = spots[f"{NONG_KHAI}01"], spots[f"{NONG_KHAI}02"]
    assert (own.level, other.level) == ("subdistrict", "district")
    assert own.shape is not None
    assert other.shape is None
    assert (round(own.lon or 0, 2), round(own.lat or 0, 2)) == (round(other.lon or 0, 2), round(other.lat or 0, 2))


def test_the_last_report_and_the_days_are_found_by_their_indexes(hall: Hall) -> None:
    hall.put(
        "insert into report (channel, received_at, area_code, entered_by) select case when n % 2 = 0 then 'online' else 'coordinator' end,"
        " now() - make_interval(mins => n * 30), '4901' || lpad((n % 9 + 1)::text, 2, '0'), case when n % 2 = 1 then :who end"
        " from generate_series(1, 20000) n",
        who=hall.people["other"].id,
    )  # fmt: skip
    hall.put("analyze report")
    for statement, index in (
        (f"select max(received_at) from report where entered_by = {hall.people['headman'].id}", "report_entered"),
        (
            "select distinct area_code, received_at::date from report where channel = 'online' and area_code is not null"
            " and left(area_code, 4) = any (array['4301']) and received_at >= now() - interval '1 year'",
            "report_online",
        ),
    ):
        with hall.owner.connect() as connection:
            plan = "\n".join(connection.exec_driver_sql(f"explain {statement}").scalars())
        assert index in plan, plan


def test_who_was_trained_is_known_where_trainings_are_written_down(hall: Hall) -> None:
    area = f"{NONG_KHAI}07"

    def headman(village: str) -> int:
        person: int = hall.put(
            "insert into person (login, name, role, area_code, village, created_at)"
            " values (:login, 'x', 'coordinator', :area, :village, now() - interval '300 days') returning id",
            login=f"headman.new.{village[-1]}", area=area, village=village,
        )  # fmt: skip
        for ago in (100, 110, 120):
            hall.put(
                "insert into report (channel, received_at, area_code, entered_by) values ('coordinator', now() - make_interval(days => :ago), :area, :by)",
                ago=ago, area=area, by=person,
            )  # fmt: skip
        return person

    def states(who: str) -> dict[str, str]:
        with hall.acting(who) as connection:
            places = silence_places(connection)
            found = places.join(silence(places, silence_days(connection, hall.today - BACK), now()))
        return dict(found[found["area_code"] == area].set_index("village")["state"])

    first, second = headman("หมู่ 1"), headman("หมู่ 2")
    assert states("chief") == {"หมู่ 1": "silent", "หมู่ 2": "silent"}  # nothing is known of any training
    number = hall.put(
        "insert into activity (district_code, kind, title, first_day, last_day) values ('4301', 'training', 'อบรม', :day, :day) returning id",
        day=hall.today,
    )
    hall.put("insert into activity_coordinator values (:a, :p)", a=number, p=first)
    assert states("chief") == states("national") == {"หมู่ 1": "silent", "หมู่ 2": "never"}
    hall.put("insert into activity_coordinator values (:a, :p)", a=number, p=second)
    assert states("chief") == {"หมู่ 1": "silent", "หมู่ 2": "silent"}
