"""A referral is answered, returned, forgotten or carried out; each has its clock, and what nobody takes care of is listed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions import cases, referrals
from geo.actions.agencies import put_agency
from geo.actions.case_history import StepRefused
from geo.errors import NotFound, WatchError
from geo.model import Reach, Scope
from geo.model.case import Grade, Outcome
from geo.model.clock import ClockName
from geo.queries.inbox import InboxFilter, inbox
from geo.queries.referrals import list_referrals, orphans
from geo.queries.referred import referred_case

HERE, WIDE = Scope(("4301",), Reach.CENTRE), Scope(None, Reach.WIDE)
POLICE, CUSTOMS = Scope(None, Reach.AGENCY, "local_police"), Scope(None, Reach.AGENCY, "customs")


def sent(office: Any, agency: str = "local_police") -> tuple[str, int]:
    case, officer = office.case(), office.ids["officer"]
    with office.acting("officer") as connection:
        cases.start_verifying(connection, officer, case)
    with office.acting("officer") as connection:
        cases.verify(connection, officer, case, Grade("B", 2))
    return case, again(office, case, agency)


def again(office: Any, case: str, agency: str) -> int:
    with office.acting("officer") as connection:
        return referrals.refer(connection, office.ids["officer"], case, agency)


def code_of(office: Any, who: str, step: Any) -> str:
    with pytest.raises(WatchError) as error, office.acting(who) as connection:
        step(connection)
    return error.value.code


def test_an_agency_reads_what_was_referred_to_it_and_nothing_else(office: Any) -> None:
    case, number = sent(office)
    _, other = sent(office, "customs")
    with office.acting("police") as connection:
        [mine] = list_referrals(connection, POLICE)
        whole = referred_case(connection, number)
        with pytest.raises(NotFound):
            referred_case(connection, other)
    assert (mine.of, mine.state, mine.clock.name) == (case, "sent", ClockName.REFERRAL_ANSWER)
    assert (whole.public_id, [report.description for report in whole.reports]) == (case, ["พบเรือ"])
    with office.acting("commander") as connection:
        assert len(list_referrals(connection, WIDE)) == 2
        assert [r.agency for r in list_referrals(connection, WIDE, agency="customs")] == ["customs"]
    with office.acting("neighbour") as connection:
        assert list_referrals(connection, Scope(("4901",), Reach.CENTRE)) == ()


def test_only_the_agency_or_its_signed_paper_accepts(office: Any) -> None:
    _, number = sent(office)
    officer, customs = office.ids["officer"], office.ids["customs"]
    assert code_of(office, "officer", lambda c: referrals.accept(c, officer, number)) == "referral.needs_signer"
    assert code_of(office, "customs", lambda c: referrals.accept(c, customs, number)) == "referral.not_found"
    assert (
        code_of(office, "neighbour", lambda c: referrals.accept(c, officer, number, on_paper="x"))
        == "referral.not_found"
    )
    for who in ("commander", "headman", "planner"):
        assert code_of(office, who, lambda c: referrals.give_back(c, officer, number, "x")) == "case.not_yours"
    with office.acting("officer") as connection:
        referrals.accept(connection, officer, number, on_paper="ร.ต.อ. ก")
    assert (
        code_of(office, "police", lambda c: referrals.accept(c, office.ids["police"], number)) == "referral.is_accepted"
    )
    with office.acting("officer") as connection:
        [one] = list_referrals(connection, HERE, states=["accepted"])
    assert (one.accepted_name, one.clock.name) == ("ร.ต.อ. ก", ClockName.REFERRAL_OUTCOME)


def test_an_agency_returns_with_a_reason_and_the_case_is_an_orphan_until_it_is_sent_again(office: Any) -> None:
    case, number = sent(office)
    police = office.ids["police"]
    assert code_of(office, "police", lambda c: referrals.give_back(c, police, number, " ")) == "referral.needs_reason"
    assert (
        code_of(office, "police", lambda c: referrals.report_outcome(c, police, number, Outcome.ARREST))
        == "referral.is_sent"
    )
    with office.acting("police") as connection:
        referrals.give_back(connection, police, number, "อยู่นอกเขตรับผิดชอบ")
    assert office.told("officer")[-1] == ("referral_returned", case)
    with office.acting("officer") as connection:
        [orphan] = orphans(connection, HERE)
    assert (orphan.of, orphan.return_reason, orphan.ended_by) == (case, "อยู่นอกเขตรับผิดชอบ", "คุณ police")
    again(office, case, "bpp")
    with office.acting("officer") as connection:
        assert orphans(connection, HERE) == ()
    assert code_of(office, "police", lambda c: referrals.accept(c, police, number)) == "referral.is_returned"


def test_what_nobody_answers_in_time_lapses_once(office: Any) -> None:
    case, number = sent(office)
    _, young = sent(office)
    office.put("update referral set answer_due = now() - interval '1 minute' where id = :n", n=number)
    with office.acting("officer") as connection:
        assert [one.id for one in orphans(connection, HERE)] == [number]
    with office.acting("neighbour") as connection:
        assert referrals.lapse_overdue(connection) == 0
    with office.acting("officer") as connection:
        assert referrals.lapse_overdue(connection) == 1
    with office.acting("chief") as connection:
        assert referrals.lapse_overdue(connection) == 0
    assert office.rows("select id, state from referral order by id") == [(number, "lapsed"), (young, "sent")]
    assert office.rows("select person_id, detail ->> 'referral' from case_event where kind = 'referral_lapsed'") == [
        (None, str(number))
    ]
    assert (
        code_of(office, "police", lambda c: referrals.accept(c, office.ids["police"], number)) == "referral.is_lapsed"
    )
    assert code_of(office, "commander", lambda c: referrals.lapse_overdue(c)) == "case.not_yours"
    # The officer who let it lapse learns it from the list; the case's others are told.
    assert office.rows("select count(*) from audit_log where action = 'referral.lapse'") == [(1,)]
    with office.acting("officer") as connection:
        assert [one.of for one in orphans(connection, HERE)] == [case]


def test_an_agency_has_a_case_once_at_a_time_and_due_times_lie_ahead(office: Any) -> None:
    case, _ = sent(office)
    officer = office.ids["officer"]
    past = datetime.now(ZoneInfo("Asia/Bangkok")) - timedelta(minutes=1)
    assert (
        code_of(office, "officer", lambda c: referrals.refer(c, officer, case, "local_police"))
        == "referral.has_it_already"
    )
    assert (
        code_of(office, "officer", lambda c: referrals.refer(c, officer, case, "nobody")) == "referral.unknown_agency"
    )
    assert (
        code_of(office, "officer", lambda c: referrals.refer(c, officer, case, "bpp", answer_due=past))
        == "referral.due_passed"
    )
    again(office, case, "bpp")
    assert office.status(case) == "referred"


def test_the_administrator_sets_targets_and_adds_agencies(office: Any) -> None:
    with office.app.begin() as connection:
        assert put_agency(connection, "river_rescue", "กู้ภัยทางน้ำ", "River rescue")
    with office.app.begin() as connection:
        assert not put_agency(connection, "river_rescue", "กู้ภัยแม่น้ำโขง", "Mekong rescue", "กภ.")
    for code, names, error in (("X y", ("ก", "A"), "agency.code"), ("xy", ("ก", " "), "agency.needs_names")):
        with pytest.raises(StepRefused) as refused, office.app.begin() as connection:
            put_agency(connection, code, *names)
        assert refused.value.code == error
    office.put("insert into setting (key, value) values ('target.referral_answer_hours', '5')")
    sent(office, "river_rescue")
    assert office.one("select answer_due - sent_at from referral") == timedelta(hours=5)


def test_an_agency_writes_nothing_into_a_history_but_its_answers(office: Any) -> None:
    sent(office)
    insert = "insert into case_event (incident_id, person_id, kind) select id, :p, :k from incident"
    police, officer = office.ids["police"], office.ids["officer"]
    for person, kind in ((officer, "referral_accepted"), (police, "closed")):
        with pytest.raises(DBAPIError, match="row-level security"), office.acting("police") as connection:
            connection.execute(text(insert), {"p": person, "k": kind})
    with pytest.raises(DBAPIError, match="permission denied"), office.acting("police") as connection:
        connection.execute(
            text("insert into case_event (incident_id, kind, to_status) values (1, 'referral_done', 'closed')")
        )


def test_what_was_sent_in_error_is_taken_back_and_the_agency_sees_nothing_of_it_any_more(office: Any) -> None:
    case, number = sent(office)
    officer = office.ids["officer"]

    def back(reason: str, referral: int = number) -> Any:
        return lambda connection: referrals.withdraw(connection, officer, case, referral, reason)

    assert code_of(office, "officer", back(" ")) == "referral.needs_reason"
    assert code_of(office, "neighbour", back("ผิด")) == "case.not_found"
    assert code_of(office, "police", back("ผิด")) == "case.not_yours"
    other, elsewhere = sent(office, "customs")
    assert code_of(office, "officer", back("ผิด", elsewhere)) == "referral.not_found"
    assert office.one("select state from referral where id = :id", id=number) == "sent"

    with office.acting("officer") as connection:
        back("ส่งผิดหน่วยงาน")(connection)
    assert office.status(case) == "verified"
    assert office.told("police")[-1] == ("referral_withdrawn", case)
    assert office.rows("select kind, from_status, to_status, note from case_event order by id desc limit 1") == [
        ("referral_withdrawn", "referred", "verified", "ส่งผิดหน่วยงาน")
    ]
    assert office.one("select action from audit_log order by id desc limit 1") == "referral.withdraw"
    with office.acting("police") as connection:
        assert list_referrals(connection, POLICE) == ()
        for table in ("incident", "report", "evidence", "referral"):
            assert connection.execute(text(f"select count(*) from {table}")).scalar() == 0
    accept = code_of(office, "police", lambda c: referrals.accept(c, office.ids["police"], number))
    assert accept == "referral.not_found"
    assert code_of(office, "officer", back("อีกครั้ง")) == "referral.is_withdrawn"
    again(office, case, "local_police")  # the right paper this time
    with office.acting("police") as connection:
        assert [one.state for one in list_referrals(connection, POLICE)] == ["sent"]
    assert office.status(other) == "referred"


def test_what_was_accepted_is_not_taken_back_and_a_case_that_others_had_stays_referred(office: Any) -> None:
    case, first = sent(office)
    with office.acting("police") as connection:
        referrals.give_back(connection, office.ids["police"], first, "ไม่ใช่เขตของเรา")
    second = again(office, case, "customs")
    with office.acting("officer") as connection:
        referrals.withdraw(connection, office.ids["officer"], case, second, "เข้าใจผิด")
    assert office.status(case) == "referred"
    with office.acting("officer") as connection:  # as it was before: returned, and with nobody
        assert [one.id for one in orphans(connection, HERE)] == [first]
        [row] = inbox(connection, HERE, InboxFilter(), now=datetime.now(ZoneInfo("Asia/Bangkok")))
    assert "referral_returned" in row.why
    third = again(office, case, "customs")
    with office.acting("customs") as connection:
        referrals.accept(connection, office.ids["customs"], third)
    refused = code_of(office, "officer", lambda c: referrals.withdraw(c, office.ids["officer"], case, third, "เข้าใจผิด"))
    assert refused == "referral.is_accepted"


def test_a_referred_case_is_not_verified_a_second_time(office: Any) -> None:
    case, _ = sent(office)
    step = code_of(office, "officer", lambda c: cases.verify(c, office.ids["officer"], case, Grade("A", 1)))
    assert step == "case.is_referred"


def test_a_retired_agency_gets_nothing_new_and_keeps_what_it_has(office: Any) -> None:
    case, number = sent(office, "customs")
    with office.app.begin() as connection:
        put_agency(connection, "customs", "ศุลกากร", "Customs", active=False)
    other, _ = sent(office)
    refused = code_of(office, "officer", lambda c: referrals.refer(c, office.ids["officer"], other, "customs"))
    assert refused == "referral.unknown_agency"
    with office.acting("customs") as connection:
        referrals.accept(connection, office.ids["customs"], number)
        assert [one.of for one in list_referrals(connection, CUSTOMS)] == [case]
