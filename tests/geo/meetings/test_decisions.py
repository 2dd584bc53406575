"""What a meeting decides: who may, for whom, until when, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions.case_history import StepRefused
from geo.actions.decisions import NewDecision, change_decision, decide, end_decision
from geo.actions.meetings import finish_meeting, start_meeting
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.meeting import LONGEST_WORDS, DecisionState
from geo.queries import meetings
from geo.queries.notifications import meeting_of, notifications
from tests.geo.meetings.conftest import MUKDAHAN, NONG_KHAI, Hall
from tests.hostile import corpus


def new(hall: Hall, **change: Any) -> NewDecision:
    plain = NewDecision(
        NONG_KHAI, "ตั้งจุดตรวจที่ท่าเรือ", hall.today + timedelta(days=14), owner_id=hall.people["officer"].id
    )
    return replace(plain, **change)


def decided(hall: Hall, meeting: int, who: str = "commander", **change: Any) -> int:
    with hall.acting(who) as connection:
        return decide(connection, hall.people[who], meeting, new(hall, **change))


def read(hall: Hall, number: int, who: str = "commander") -> Any:
    with hall.acting(who) as connection:
        return meetings.decision(connection, number)


def test_a_decision_sent_again_is_the_same_one_as_it_is_typed_now(hall: Hall) -> None:
    meeting, other = hall.prepare(), hall.prepare()
    mine = uuid4()
    number = decided(hall, meeting, client_id=mine)
    assert decided(hall, meeting, client_id=mine) == number
    assert decided(hall, meeting, client_id=mine, words="ตั้งจุดตรวจที่วัด") == number
    assert read(hall, number).words == "ตั้งจุดตรวจที่วัด"
    with hall.acting("officer") as connection:
        assert len(notifications(connection, hall.people["officer"].id)) == 1
    assert decided(hall, meeting) != number
    for where, who in ((other, "commander"), (meeting, "chief")):
        with pytest.raises(StepRefused, match="sent_elsewhere"):
            decided(hall, where, who, client_id=mine)
    assert hall.one("select count(*) from decision") == 2
    said = hall.one("select string_agg(action, ' ' order by id) from audit_log where action like 'decision.%'")
    assert said == "decision.decide decision.change decision.decide"


def test_a_decision_is_kept_with_owner_day_and_place_and_its_owner_is_told(hall: Hall) -> None:
    meeting = hall.prepare()
    number = decided(hall, meeting, lon=102.76, lat=17.87)
    found = read(hall, number, "officer")
    assert (found.words, found.owner_name, found.state) == ("ตั้งจุดตรวจที่ท่าเรือ", "คุณ officer", DecisionState.OPEN)
    assert (found.lon, found.lat, found.meeting_title, found.decided_name) == (
        102.76, 17.87, "ประชุมประจำเดือน", "คุณ commander",
    )  # fmt: skip
    with hall.acting("officer") as connection:
        told = notifications(connection, hall.people["officer"].id)
        assert [(one.kind, one.public_id, one.decision) for one in told] == [("decision_assigned", None, number)]
        assert meeting_of(connection, hall.people["officer"].id, told[0].id) == meeting
        assert meetings.mine(connection, hall.people["officer"].id) == (found,)
    with hall.acting("commander") as connection:
        assert meeting_of(connection, hall.people["commander"].id, told[0].id) is None
    for who in ("agency", "headman"):
        with hall.acting(who) as connection:
            assert notifications(connection, hall.people[who].id) == ()
            assert meeting_of(connection, hall.people[who].id, told[0].id) is None
    own = decided(hall, meeting, owner_id=hall.people["commander"].id)
    assert hall.one("select count(*) from notification where decision_id = :d", d=own) == 0
    decided(hall, meeting, owner_id=None, agency="customs", area_code=f"{NONG_KHAI}01")
    logged = hall.one("select detail from audit_log where subject = :s", s=f"decision:{number}")
    assert logged["district"] == NONG_KHAI
    assert "ท่าเรือ" not in str(logged)


def test_what_does_not_fit_is_refused_in_words(hall: Hall) -> None:
    meeting = hall.prepare("chief", (NONG_KHAI,))
    hall.put(
        "insert into checkpoint (code, name, kind, status, district_code, geom) values ('CP1', 'ท่า', 'river', 'planned',"
        " '4901', st_point(104.7, 16.5, 4326))"
    )
    for change, code in (
        ({"words": " \u200b\n"}, "no_words"),
        ({"words": "ก" * 2001}, "long_words"),
        ({"owner_id": None}, "needs_owner"),
        ({"agency": "customs"}, "one_owner"),
        ({"owner_id": 999999}, "unknown_owner"),
        ({"owner_id": None, "agency": "nobody"}, "unknown_agency"),
        ({"due": hall.today - timedelta(days=1)}, "due_past"),
        ({"lon": 102.7}, "half_place"),
        ({"lon": 102.7, "lat": 17.8, "area_code": f"{NONG_KHAI}01"}, "one_place"),
        ({"lon": 104.7, "lat": 16.5}, "elsewhere"),
        ({"area_code": f"{MUKDAHAN}01"}, "unknown_area"),
        ({"checkpoint": "CP1"}, "unknown_checkpoint"),
        ({"district": MUKDAHAN}, "not_in_meeting"),
    ):
        with pytest.raises(StepRefused, match=f"decision.{code}"):
            decided(hall, meeting, "chief", **change)
    for who in ("officer", "administrator", "agency", "headman"):
        with pytest.raises(StepRefused, match="not_allowed"), hall.acting(who) as connection:
            decide(connection, hall.people[who], meeting, new(hall))
    with pytest.raises(NotFound, match="not_found"):
        decided(hall, meeting, "neighbour")
    both = hall.prepare()
    with pytest.raises(StepRefused, match="not_yours"):
        decided(hall, both, "neighbour")
    assert decided(hall, both, "neighbour", district=MUKDAHAN)
    assert hall.one("select count(*) from decision") == 1


def test_a_decision_can_be_about_a_plan_of_its_district(hall: Hall) -> None:
    meeting = hall.prepare()
    here, there = (
        hall.put(
            "insert into plan (title, districts) values ('แผนริมโขง', array[cast(:d as text)]) returning id", d=district
        )
        for district in (NONG_KHAI, MUKDAHAN)
    )
    with pytest.raises(StepRefused, match="unknown_plan"):
        decided(hall, meeting, plan=there)
    number = decided(hall, meeting, plan=here)
    assert (read(hall, number).plan, read(hall, number).plan_title) == (here, "แผนริมโขง")
    with hall.acting("commander") as connection:
        change_decision(connection, hall.people["commander"], number, new(hall, plan=None))
    assert read(hall, number).plan_title is None


def test_hostile_words_are_kept_as_text(hall: Hall) -> None:
    meeting = hall.prepare("chief", (NONG_KHAI,))
    kept = 0
    for words in corpus(Path("/tmp/made"), "http://beacon.test/x"):
        typed = clean(words, lines=True).strip()
        if not typed or len(typed) > LONGEST_WORDS:
            with pytest.raises(StepRefused, match="words"):
                decided(hall, meeting, words=words)
            continue
        assert read(hall, decided(hall, meeting, words=words)).words == typed
        kept += 1
    assert kept > 30
    assert not Path("/tmp/made").exists()


def test_who_has_to_do_it_says_that_it_is_done_and_no_more(hall: Hall) -> None:
    meeting = hall.prepare()
    number, other = decided(hall, meeting), decided(hall, meeting, owner_id=hall.people["planner"].id)
    officer = hall.people["officer"]
    with hall.acting("officer") as connection, pytest.raises(StepRefused, match="not_allowed"):
        change_decision(connection, officer, number, new(hall, words="อย่างอื่น"))
    with hall.acting("officer") as connection, pytest.raises(StepRefused, match="not_yours"):
        end_decision(connection, officer, other, DecisionState.DONE)
    with pytest.raises(DBAPIError, match="only who may decide"), hall.acting("officer") as connection:
        connection.execute(text("update decision set words = 'x' where id = :n"), {"n": number})
    with hall.acting("officer") as connection:
        assert connection.execute(text("update decision set reason = 'x' where id = :n"), {"n": other}).rowcount == 0
        end_decision(connection, officer, number, DecisionState.DONE, " ตั้งแล้ว ")
    found = read(hall, number)
    assert (found.state, found.reason, found.ended_name) == (DecisionState.DONE, "ตั้งแล้ว", "คุณ officer")
    with hall.acting("commander") as connection, pytest.raises(StepRefused, match="ended"):
        end_decision(connection, hall.people["commander"], number, DecisionState.DROPPED, "x")
    with pytest.raises(DBAPIError, match="has ended"):
        hall.put("update decision set state = 'open', ended_at = null where id = :n", n=number)
    with pytest.raises(DBAPIError, match="where and when"):
        hall.put("update decision set district_code = '4901' where id = :n", n=other)


def test_dropping_needs_a_reason_and_undone_ones_are_found_again(hall: Hall) -> None:
    meeting = hall.prepare()
    first, second, there = decided(hall, meeting), decided(hall, meeting), decided(hall, meeting, district=MUKDAHAN)
    commander = hall.people["commander"]
    with hall.acting("commander") as connection:
        with pytest.raises(StepRefused, match="needs_reason"):
            end_decision(connection, commander, first, DecisionState.DROPPED, " ")
        end_decision(connection, commander, first, DecisionState.DROPPED, "ไม่มีกำลังคน")
    hall.put("update decision set due = due - 30 where id = :n", n=second)
    with hall.acting("commander") as connection:
        assert {one.id for one in meetings.open_before(connection, (NONG_KHAI, MUKDAHAN))} == {second, there}
        assert [one.id for one in meetings.open_before(connection, (NONG_KHAI,))] == [second]
        assert meetings.open_before(connection, (NONG_KHAI,), before=meeting) == ()
        assert [(one.id, one.late(hall.today)) for one in meetings.overdue(connection)] == [(second, True)]
        assert [one.id for one in meetings.decisions_of(connection, meeting)] == [second, there, first]
    with hall.acting("chief") as connection:
        assert {one.id for one in meetings.decisions_of(connection, meeting)} == {first, second}
        with pytest.raises(NotFound, match="not_found"):
            meetings.decision(connection, there)
    with hall.acting("far") as connection:
        assert meetings.overdue(connection) == ()


def test_words_stand_once_the_meeting_is_held_but_the_day_can_be_moved(hall: Hall) -> None:
    meeting = hall.prepare()
    number = decided(hall, meeting)
    commander = hall.people["commander"]
    with hall.acting("commander") as connection:
        change_decision(connection, commander, number, new(hall, words="สองจุด", owner_id=hall.people["chief"].id))
        start_meeting(connection, commander, meeting)
        finish_meeting(connection, commander, meeting)
    assert hall.one("select count(*) from notification where person_id = :p", p=hall.people["chief"].id) == 1
    later = hall.today + timedelta(days=60)
    with hall.acting("commander") as connection:
        with pytest.raises(StepRefused, match="words_stand"):
            change_decision(connection, commander, number, new(hall, words="สามจุด"))
        with pytest.raises(StepRefused, match="other_district"):
            change_decision(connection, commander, number, new(hall, district=MUKDAHAN))
        change_decision(
            connection, commander, number, new(hall, words="สองจุด", owner_id=None, agency="customs", due=later)
        )
        with pytest.raises(StepRefused, match="held"):
            decide(connection, commander, meeting, new(hall))
    found = read(hall, number)
    assert (found.words, found.agency, found.owner_id, found.due) == ("สองจุด", "customs", None, later)
    log = hall.one(
        "select string_agg(action, ' ' order by id) from audit_log where subject = :s", s=f"decision:{number}"
    )
    assert log == "decision.decide decision.change decision.change"


def test_a_checkpoint_that_is_taken_down_leaves_the_decision(hall: Hall) -> None:
    hall.put(
        "insert into checkpoint (code, name, kind, status, district_code, geom) values ('CP1', 'ท่าเรือ', 'river', 'planned',"
        " '4301', st_point(102.76, 17.87, 4326))"
    )
    number = decided(hall, hall.prepare(), checkpoint="CP1")
    assert (read(hall, number).checkpoint, read(hall, number).checkpoint_name) == ("CP1", "ท่าเรือ")
    with hall.acting("officer") as connection:
        end_decision(connection, hall.people["officer"], number, DecisionState.DONE)
    hall.put("delete from checkpoint")
    assert read(hall, number).checkpoint is None
