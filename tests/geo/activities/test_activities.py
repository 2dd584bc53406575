"""Activities: what is refused, who writes and reads what, and that nothing is overwritten or taken away unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions.activities import change_activity, record_activity
from geo.actions.activity_files import MOST, add_material, remove_material
from geo.actions.activity_follow import add_follow_up, finish_follow_up
from geo.errors import WatchError
from geo.model.activity import ActivityKind, ActivityState, AttendeeRole, Heads, NewActivity
from geo.queries.activities import activities, activity, coordinators_of, material_content, partners
from tests.geo.activities.conftest import MUKDAHAN, NONG_KHAI, TRAINING, Hall

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF"


def record(hall: Hall, who: str, new: NewActivity = TRAINING, **more: Any) -> int:
    with hall.acting(who) as connection:
        return record_activity(connection, hall.people[who], new, **more)


def refused(hall: Hall, who: str, new: NewActivity) -> str:
    with pytest.raises(WatchError) as error:
        record(hall, who, new)
    return error.value.code


def seen(hall: Hall, who: str) -> set[int]:
    with hall.acting(who) as connection:
        return {one.id for one in activities(connection, TRAINING.first_day, hall.today + timedelta(days=400))}


def test_what_is_typed_comes_back_as_it_was(hall: Hall) -> None:
    with hall.acting("chief") as connection:
        trained = [
            number
            for number, (_, area, _) in coordinators_of(connection, NONG_KHAI).items()
            if area == f"{NONG_KHAI}01"
        ]
        across = partners(connection, NONG_KHAI)
    assert trained == [hall.people["headman"].id]
    assert across
    assert all(code.startswith(("LA", "KH")) for code in across)
    whole = replace(
        TRAINING, coordinators=tuple(trained), begins=time(9), ends=time(16, 30), lon=102.75, lat=17.88, village="หมู่ 1", note="ก\nข"
    )  # fmt: skip
    number = record(hall, "officer", whole)
    with hall.acting("commander") as connection:
        one = activity(connection, number)
    assert one.what == whole
    assert (one.revision, one.made_name, one.what.people) == (1, "คุณ officer", 35)
    visit = replace(
        TRAINING, kind=ActivityKind.VISIT_TO, partner_code=next(iter(across)), heads={AttendeeRole.OFFICIAL: Heads(3)}
    )
    assert record(hall, "chief", visit)
    assert (
        hall.one(
            "select detail ->> 'people' from audit_log where action = 'activity.record' and subject = :s",
            s=f"activity:{number}",
        )
        == "35"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " \u200b "}, "activity.no_title"),
        ({"title": "ก" * 201}, "activity.too_long"),
        ({"last_day": TRAINING.first_day - timedelta(days=1)}, "activity.days"),
        ({"begins": time(10), "ends": time(10), "last_day": TRAINING.first_day}, "activity.clock"),
        ({"ends": time(10)}, "activity.clock"),
        ({"first_day": TRAINING.first_day.replace(year=2099), "last_day": TRAINING.last_day.replace(year=2099)}, "activity.held_ahead"),
        ({"kind": ActivityKind.VISIT_FROM}, "activity.needs_partner"),
        ({"lon": 102.7}, "activity.half_place"),
        ({"lon": 104.7, "lat": 16.5}, "activity.elsewhere"),
        ({"baht": float("nan")}, "activity.number"),
        ({"reach": -1}, "activity.number"),
        ({"score_after": None}, "activity.half_score"),
        ({"answered": None}, "activity.half_satisfaction"),
        ({"heads": {AttendeeRole.OTHER: Heads(100_001)}}, "activity.number"),
        ({"area_code": f"{MUKDAHAN}01"}, "activity.unknown_area"),
        ({"agency": "nobody"}, "activity.unknown_agency"),
        ({"partner_code": "4902"}, "activity.unknown_partner"),
        ({"coordinators": (1_000_000,)}, "activity.unknown_coordinator"),
        ({"district": MUKDAHAN, "area_code": None}, "activity.not_your_district"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_words(hall: Hall, change: dict[str, Any], code: str) -> None:
    assert refused(hall, "chief", replace(TRAINING, **change)) == code


def test_who_writes_and_who_reads(hall: Hall) -> None:
    ours, theirs = (
        record(hall, "national"),
        record(hall, "neighbour", replace(TRAINING, district=MUKDAHAN, area_code=None)),
    )
    for who in ("commander", "planner", "administrator", "agency", "headman"):
        assert refused(hall, who, TRAINING) == "activity.not_allowed"
    assert all({ours, theirs} <= seen(hall, who) for who in ("commander", "planner", "national", "administrator"))
    assert ours in seen(hall, "officer")
    assert theirs not in seen(hall, "officer")
    assert theirs in seen(hall, "neighbour")
    assert ours not in seen(hall, "neighbour")
    with hall.acting("headman") as connection:  # what is on at home, and nothing of money or who came
        assert connection.execute(text("select array_agg(distinct district_code) from activity")).scalar() == [
            NONG_KHAI
        ]
    for who, asked in (
        ("headman", "select baht from activity"), ("headman", "select * from activity_attendance"), ("agency", "select id from activity"),
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match="permission denied"), hall.acting(who) as connection:
            connection.execute(text(asked))


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        ("commander", "update activity set title = 'x'"),
        ("officer", "update activity set title = 'x' where district_code = '4901'"),
        ("officer", "delete from activity_attendance where activity_id in (select id from activity where district_code = '4901')"),
        ("planner", "delete from activity_attendance"),
        ("officer", "insert into activity (district_code, kind, title, first_day, last_day, made_by) values ('4901', 'school', 'x', now(), now(), watch_person())"),
        ("officer", "insert into activity (district_code, kind, title, first_day, last_day, made_by) values ('4301', 'school', 'x', now(), now(), 1)"),
        ("commander", "insert into activity_target (indicator, since, value, set_by) values ('people_reached', '2026-10-01', 5, watch_person())"),
        ("national", "insert into activity_target (indicator, since, value, set_by) values ('people_reached', '2026-10-01', 5, 1)"),
        ("national", "delete from activity"),
        ("national", "update activity set district_code = '4301'"),
        ("officer", "select * from calendar_pass"),
        ("officer", "select id from district_coordinators('4901')"),
    ],
)  # fmt: skip
def test_the_database_itself_keeps_the_rules(hall: Hall, who: str, statement: str) -> None:
    said = ""
    try:
        with hall.acting(who) as connection:
            assert connection.execute(text(statement)).rowcount == 0
    except DBAPIError as error:
        said = str(error)
    assert not said or "row-level security" in said or "permission denied" in said


def test_an_activity_stays_and_nobody_overwrites_what_they_did_not_see(hall: Hall) -> None:
    number = record(hall, "chief")
    with hall.acting("chief") as connection:
        change_activity(
            connection, hall.people["chief"], number, 1, replace(TRAINING, heads={AttendeeRole.VILLAGER: Heads(0, 4)})
        )
    with pytest.raises(WatchError) as error, hall.acting("officer") as connection:
        change_activity(connection, hall.people["officer"], number, 1, TRAINING)
    assert error.value.code == "activity.changed"
    with hall.acting("officer") as connection:
        assert activity(connection, number).what.heads == {AttendeeRole.VILLAGER: Heads(0, 4)}
        change_activity(connection, hall.people["officer"], number, 2, replace(TRAINING, state=ActivityState.CANCELLED))
    assert number not in seen(hall, "officer")
    with pytest.raises(DBAPIError, match="an activity is kept"):
        hall.put("delete from activity where id = :id", id=number)
    client = uuid4()
    assert record(hall, "chief", client_id=client) == record(hall, "chief", client_id=client)
    with pytest.raises(WatchError) as error:  # the same name from another district tells nothing of ours
        record(hall, "neighbour", replace(TRAINING, district=MUKDAHAN, area_code=None), client_id=client)
    assert error.value.code == "case.not_yours"


def test_files_are_pictures_and_quiet_pdfs_and_can_be_taken_away(hall: Hall) -> None:
    number, chief = record(hall, "chief"), hall.people["chief"]
    for media_type, content, code in (
        ("application/pdf", b"", "material_empty"), ("text/html", b"<p>", "material_type"), ("application/pdf", b"MZ", "material_type"),
        ("application/pdf", PDF + b"0" * 5_000_000, "material_large"), ("application/pdf", PDF + b"/OpenAction 3 0 R", "material_active"),
    ):  # fmt: skip
        with pytest.raises(WatchError) as error, hall.acting("chief") as connection:
            add_material(connection, chief, number, media_type, content)
        assert error.value.code == f"activity.{code}"
    with hall.acting("chief") as connection:
        first = add_material(connection, chief, number, "application/pdf", PDF, "กำหนดการ")
        assert add_material(connection, chief, number, "application/pdf", PDF) == first
        for n in range(MOST - 1):
            add_material(connection, chief, number, "application/pdf", PDF + bytes([65 + n]))
    with pytest.raises(WatchError) as error, hall.acting("chief") as connection:
        add_material(connection, chief, number, "application/pdf", PDF + b"z")
    assert error.value.code == "activity.many_materials"
    for who in ("neighbour", "planner"):
        with pytest.raises((WatchError, DBAPIError)), hall.acting(who) as connection:
            material_content(connection, first)
    with pytest.raises(WatchError), hall.acting("neighbour") as connection:
        remove_material(connection, first)
    with hall.acting("officer") as connection:
        assert material_content(connection, first) == ("application/pdf", PDF)
        remove_material(connection, first)
        assert first not in {one.id for one in activity(connection, number).materials}


def test_what_follows_is_done_once(hall: Hall) -> None:
    number, chief = record(hall, "chief"), hall.people["chief"]
    due = hall.today + timedelta(days=7)
    with hall.acting("chief") as connection:
        later = add_follow_up(connection, chief, number, "ส่งคู่มือให้ครบทุกหมู่บ้าน", due, owner_id=hall.people["officer"].id)
        add_follow_up(connection, chief, number, "ขอวิทยากร", due, agency="local_police")
        for bad, code in (({"words": ""}, "no_words"), ({"owner_id": 10**6}, "unknown_owner"), ({"agency": "x"}, "unknown_agency"),
                          ({"owner_id": 1, "agency": "local_police"}, "one_owner")):  # fmt: skip
            with pytest.raises(WatchError) as error:
                add_follow_up(connection, chief, number, **{"words": "ก", "due": due} | bad)
            assert error.value.code == f"activity.{code}"
    with hall.acting("officer") as connection:
        finish_follow_up(connection, hall.people["officer"], later)
    with pytest.raises(WatchError), hall.acting("officer") as connection:
        finish_follow_up(connection, hall.people["officer"], later)
    with hall.acting("planner") as connection:
        follows = activity(connection, number).follow_ups
    assert [(one.owner_name, one.agency, one.done_at is None) for one in follows] == [
        (None, "local_police", True), ("คุณ officer", None, False),
    ]  # fmt: skip
    assert follows[0].late(due + timedelta(days=1))
    assert not follows[1].late(due + timedelta(days=1))
