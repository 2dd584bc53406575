"""Questions to the reporter, and the contact: who may open it, and that every opening is written down."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions.contact import open_contact
from geo.actions.questions import MOST_OPEN, ask_reporter, read_answers
from geo.db.scope import enter
from geo.errors import WatchError
from geo.model import Reach, Scope
from geo.queries.case import read_case, staff

HERE = Scope(("4301",), Reach.CENTRE)


def with_contact(office: Any) -> tuple[str, int]:
    case = office.case()
    [report] = office.report_ids(case)
    office.put("insert into report_contact values (:r, 'sealed'::bytea)", r=report)
    return case, report


def test_an_officer_of_the_district_opens_a_contact_and_it_is_written_down_twice(office: Any) -> None:
    case, report = with_contact(office)
    with office.acting("officer") as connection:
        [told] = read_case(connection, HERE, case).reports
    assert told.has_contact
    assert office.rows("select * from audit_log") == []
    with office.acting("officer") as connection:
        assert open_contact(connection, report) == b"sealed"
    officer = office.ids["officer"]
    assert office.rows("select action, subject, person_id, detail from audit_log") == [
        ("contact.open", f"incident:{case}", officer, {"report": report})
    ]
    assert office.rows("select kind, person_id, detail from case_event") == [
        ("contact_opened", officer, {"report": report})
    ]


@pytest.mark.parametrize("who", ["neighbour", "commander", "planner", "police", "headman"])
def test_nobody_else_opens_a_contact(office: Any, who: str) -> None:
    _, report = with_contact(office)
    with pytest.raises(WatchError) as error, office.acting(who) as connection:
        open_contact(connection, report)
    assert error.value.code == "case.not_yours"
    assert office.rows("select * from audit_log") == []


def test_a_scope_that_was_widened_or_a_person_who_left_opens_nothing(office: Any) -> None:
    _, report = with_contact(office)
    for scope, who in ((HERE, "neighbour"), (HERE, "headman"), (HERE, "commander")):
        with office.app.begin() as connection:
            enter(connection, scope, office.ids[who])
            with pytest.raises(WatchError):
                open_contact(connection, report)
    office.put("update person set active = false where login = 'officer'")
    with pytest.raises(WatchError), office.acting("officer") as connection:
        open_contact(connection, report)
    with pytest.raises(DBAPIError, match="permission denied"), office.app.begin() as connection:
        connection.execute(text("select open_contact(:r)"), {"r": report})


def test_where_none_was_left_there_is_none_and_nothing_is_written(office: Any) -> None:
    [report] = office.report_ids(office.case())
    with pytest.raises(WatchError) as error, office.acting("officer") as connection:
        open_contact(connection, report)
    assert error.value.code == "case.no_contact"
    assert office.rows("select * from audit_log") == []


def test_a_question_is_asked_answered_and_read(office: Any) -> None:
    case = office.case()
    [report] = office.report_ids(case)
    officer = office.ids["officer"]
    with office.acting("officer") as connection:
        ask_reporter(connection, officer, report, "เรือสีอะไร")
    with office.acting("officer") as connection:
        assert read_answers(connection, officer, case) == 0
    receipt = office.one("select receipt_hash from report")
    with office.app.begin() as connection:
        enter(connection, Scope(None, Reach.INTAKE))
        question = connection.execute(
            text("select report_state(:r) -> 'questions' -> 0 ->> 'id'"), {"r": receipt}
        ).scalar()
        assert connection.execute(
            text("select answer_question(:r, :q, 'สีเขียว')"), {"r": receipt, "q": int(question)}
        ).scalar()
    assert office.told("officer") == office.told("chief") == [("answered", case)]
    with office.acting("officer") as connection:
        [asked] = read_case(connection, HERE, case).questions
        assert (asked.answer, asked.read) == ("สีเขียว", False)
        assert read_answers(connection, officer, case) == 1


def test_who_cannot_read_a_question_is_not_asked_and_nobody_is_asked_without_end(office: Any) -> None:
    case = office.case()
    [report] = office.report_ids(case)
    officer = office.ids["officer"]
    for _ in range(MOST_OPEN):
        with office.acting("officer") as connection:
            ask_reporter(connection, officer, report, "?")
    with pytest.raises(WatchError) as error, office.acting("officer") as connection:
        ask_reporter(connection, officer, report, "?")
    assert error.value.code == "case.questions_open"
    office.put("update report set receipt_hash = null")
    with pytest.raises(WatchError) as error, office.acting("officer") as connection:
        ask_reporter(connection, officer, report, "?")
    assert error.value.code == "case.no_receipt"


def test_the_staff_of_a_district_is_known_to_those_who_work_in_it(office: Any) -> None:
    with office.acting("officer") as connection:
        assert [one.name for one in staff(connection, "4301")] == ["คุณ officer", "คุณ second", "คุณ chief"]
        assert staff(connection, "4901") == ()
    with office.acting("commander") as connection:
        assert len(staff(connection, "4901")) == 1
    with pytest.raises(DBAPIError, match="permission denied"), office.acting("police") as connection:
        staff(connection, "4301")
