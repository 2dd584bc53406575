"""A case on its way from received to closed, step by step, by those who may and not by others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from dashboard.i18n import words
from dashboard.messages import sentence
from geo.actions import cases, closing, evidence, fact_checks, joint_log, questions, referrals
from geo.actions.case_history import StepRefused
from geo.actions.case_merge import merge, split
from geo.errors import NotFound, WatchError
from geo.ingest.text import clean
from geo.model import Reach, Scope
from geo.model.case import Event, Finding, Grade, Outcome, UnitKind
from geo.queries.case import read_case
from tests.hostile import corpus, naughty

B2 = Grade("B", 2)
HERE = Scope(("4301",), Reach.CENTRE)
PHOTO = b"\xff\xd8\xff\xe0 a photo"


def verified(office: Any, **given: Any) -> str:
    """A case that was verified."""
    case = office.case(**given)
    with office.acting("officer") as connection:
        cases.start_verifying(connection, office.ids["officer"], case)
    with office.acting("officer") as connection:
        cases.verify(connection, office.ids["officer"], case, B2)
    return case


def refused(code: str, error: pytest.ExceptionInfo[WatchError]) -> None:
    assert error.value.code == code


def test_a_case_goes_from_received_to_closed_by_two_people(office: Any) -> None:
    case = office.case()
    officer, chief = office.ids["officer"], office.ids["chief"]
    with office.acting("officer") as connection:
        assert cases.look(connection, officer, case) is not None
    with office.acting("officer") as connection:
        assert cases.look(connection, officer, case) is None
    with office.acting("officer") as connection:
        cases.start_verifying(connection, officer, case, "โทรหาผู้ใหญ่บ้าน")
    with office.acting("officer") as connection:
        check = fact_checks.ask_unit(connection, officer, case, UnitKind.VILLAGE_SECURITY, "ชรบ. หมู่ 4")
    with office.acting("officer") as connection:
        fact_checks.record_finding(connection, officer, check, Finding.CONFIRMED, "พบเรือจริง")
    with office.acting("officer") as connection:
        evidence.add_evidence(connection, officer, case, "image/jpeg", PHOTO)
    with office.acting("officer") as connection:
        cases.verify(connection, officer, case, B2)
    with office.acting("officer") as connection:
        referral = referrals.refer(connection, officer, case, "local_police", "ขอให้ดำเนินการ")
    with office.acting("police") as connection:
        referrals.accept(connection, office.ids["police"], referral)
    with office.acting("police") as connection:
        referrals.report_outcome(connection, office.ids["police"], referral, Outcome.ARREST, "จับ 2 คน")
    with office.acting("officer") as connection:
        closing.propose_closing(connection, officer, case, Outcome.ARREST)
    assert office.status(case) == "referred"
    with office.acting("officer") as connection, pytest.raises(StepRefused) as same:
        closing.confirm_closing(connection, officer, case)
    refused("case.second_person", same)
    with office.acting("chief") as connection:
        closing.confirm_closing(connection, chief, case, draw=lambda: 1.0)
    assert office.status(case) == "closed"
    with office.acting("officer") as connection:
        whole = read_case(connection, HERE, case)
    assert [event.kind for event in whole.events] == [
        "looked", "verifying", "check_asked", "check_done", "evidence_added", "verified", "referred", "referral_accepted",
        "referral_done", "closing_proposed", "closed",
    ]  # fmt: skip
    assert (whole.closing_by and whole.closing_by.id, whole.closed_by and whole.closed_by.id) == (officer, chief)
    assert (whole.grade, whole.outcome, whole.recheck) == (B2, "arrest", False)
    assert all(clock.done for clock in whole.clocks)
    actions = [row[0] for row in office.rows("select action from audit_log order by id")]
    assert actions == [
        "case.open", "case.open", "case.start_verifying", "check.ask", "check.record", "evidence.add", "case.verify",
        "referral.send", "referral.accept", "referral.outcome", "case.propose_closing", "case.close",
    ]  # fmt: skip
    people = {row[0] for row in office.rows("select person_id from audit_log")}
    assert people == {officer, chief, office.ids["police"]}
    assert ("referred", case) in office.told("police")
    assert office.told("customs") == office.told("neighbour") == office.told("commander") == []
    assert [kind for kind, _ in office.told("officer")] == ["referral_accepted", "referral_done", "closed"]
    assert [kind for kind, _ in office.told("chief")] == ["closing_proposed"]


STEPS: list[Callable[[Connection, int, str], object]] = [
    cases.look,
    cases.start_verifying,
    lambda c, who, case: cases.verify(c, who, case, B2),
    lambda c, who, case: cases.unfounded(c, who, case, "x"),
    lambda c, who, case: cases.note(c, who, case, "x"),
    lambda c, who, case: cases.grade(c, who, case, B2),
    cases.take,
    lambda c, who, case: cases.approve_text(c, who, case, "x"),
    lambda c, who, case: fact_checks.ask_unit(c, who, case, UnitKind.VDC, "x"),
    lambda c, who, case: evidence.add_evidence(c, who, case, "text/plain", b"x"),
    lambda c, who, case: referrals.refer(c, who, case, "customs"),
    lambda c, who, case: closing.propose_closing(c, who, case, Outcome.ARREST, "x"),
    closing.confirm_closing,
    lambda c, who, case: closing.send_back(c, who, case, "x"),
    lambda c, who, case: closing.recheck(c, who, case, holds=True),
    lambda c, who, case: closing.reopen(c, who, case, "x"),
    lambda c, who, case: joint_log.add_log_entry(
        c, who, "4301", joint_log.LogKind.CALL, "x", agency="customs", public_id=case
    ),
    lambda c, who, case: split(c, who, case, [1]),
]


@pytest.mark.parametrize("step", STEPS)
def test_nobody_but_the_district_changes_a_case(office: Any, step: Callable[[Connection, int, str], object]) -> None:
    case = verified(office)
    with office.acting("officer") as connection:
        referrals.refer(connection, office.ids["officer"], case, "local_police")
    before = office.rows("select * from case_event"), office.rows("select * from case_file")
    for who in ("neighbour", "commander", "planner", "police", "customs", "headman"):
        with office.acting(who) as connection, pytest.raises((StepRefused, NotFound)) as error:
            step(connection, office.ids[who], case)
        assert error.value.code in ("case.not_yours", "case.not_found"), who
    assert (office.rows("select * from case_event"), office.rows("select * from case_file")) == before
    assert office.status(case) == "referred"


def test_steps_that_do_not_fit_are_refused_and_nothing_is_written(office: Any) -> None:
    case = office.case()
    officer = office.ids["officer"]
    for step, code in (
        (lambda c: cases.verify(c, officer, case, B2), "case.is_received_imported"),
        (lambda c: cases.unfounded(c, officer, case, "x"), "case.is_received_imported"),
        (lambda c: referrals.refer(c, officer, case, "local_police"), "case.is_received_imported"),
        (lambda c: closing.propose_closing(c, officer, case, Outcome.ARREST, "x"), "case.is_received_imported"),
        (lambda c: closing.confirm_closing(c, officer, case), "case.nobody_asked"),
        (lambda c: closing.reopen(c, officer, case, "x"), "case.is_received_imported"),
        (lambda c: closing.recheck(c, officer, case, holds=True), "case.no_recheck"),
        (lambda c: cases.note(c, officer, case, " \n\x00 "), "case.needs_text"),
        (lambda c: cases.note(c, officer, case, "x" * 10_001), "case.text_too_long"),
        (lambda c: cases.assign(c, officer, case, office.ids["neighbour"]), "case.not_staff"),
        (lambda c: cases.assign(c, officer, case, office.ids["headman"]), "case.not_staff"),
        (lambda c: evidence.add_evidence(c, officer, case, "image/jpeg", b"<svg>"), "evidence.media_type"),
        (lambda c: evidence.add_evidence(c, officer, case, "text/html", b"<b>"), "evidence.media_type"),
        (lambda c: evidence.add_evidence(c, officer, case, "text/plain", b""), "evidence.empty"),
        (lambda c: evidence.add_evidence(c, officer, case, "text/plain", b"x" * 5_000_001), "evidence.too_large"),
        (lambda c: fact_checks.ask_unit(c, officer, case, UnitKind.VDC, "  "), "check.needs_unit"),
        (lambda c: fact_checks.record_finding(c, officer, 99, Finding.CONFIRMED), "check.not_found"),
        (lambda c: merge(c, officer, case, case), "case.merge_itself"),
        (lambda c: split(c, officer, case, office.report_ids(case)), "case.would_be_empty"),
        (lambda c: split(c, officer, case, []), "case.no_reports"),
        (lambda c: split(c, officer, case, [999]), "case.report_not_found"),
        (lambda c: questions.ask_reporter(c, officer, 999, "x"), "case.report_not_found"),
        (lambda c: joint_log.add_log_entry(c, officer, "4301", joint_log.LogKind.CALL, "x"), "log.needs_partner"),
        (lambda c: joint_log.add_log_entry(c, officer, "4901", joint_log.LogKind.CALL, "x", agency="bpp"), "case.not_yours"),
        (lambda c: joint_log.add_log_entry(c, officer, "4301", joint_log.LogKind.CALL, "x", agency="?"), "log.unknown_agency"),
        (lambda c: cases.note(c, officer, "NTS69-9999999", "x"), "case.not_found"),
    ):  # fmt: skip
        with pytest.raises(WatchError) as error, office.acting("officer") as connection:
            step(connection)
        refused(code, error)
    assert office.status(case) == "received"
    assert office.rows("select * from case_event") == office.rows("select * from case_file") == []
    assert office.rows("select * from audit_log") == []


def test_verifying_needs_a_grade_and_an_unfounded_case_a_reason(office: Any) -> None:
    case = office.case()
    officer = office.ids["officer"]
    with office.acting("officer") as connection:
        cases.start_verifying(connection, officer, case)
    with pytest.raises(WatchError) as error, office.acting("officer") as connection:
        cases.verify(connection, officer, case)
    refused("case.needs_grade", error)
    with pytest.raises(WatchError) as error, office.acting("officer") as connection:
        cases.unfounded(connection, officer, case, "")
    refused("case.needs_reason", error)
    with office.acting("officer") as connection:
        cases.grade(connection, officer, case, Grade("C", 3))
    with office.acting("officer") as connection:
        cases.verify(connection, officer, case)
    assert office.rows("select source_grade, info_grade, graded_by from case_file") == [("C", 3, officer)]


def test_the_second_of_two_officers_is_told_what_happened_meanwhile(office: Any) -> None:
    case = office.case()
    officer, second = office.ids["officer"], office.ids["second"]
    with office.acting("second") as connection:
        seen = read_case(connection, HERE, case).last_event
    with office.acting("officer") as connection:
        cases.start_verifying(connection, officer, case)
    with pytest.raises(StepRefused) as error, office.acting("second") as connection:
        cases.start_verifying(connection, second, case)
    refused("case.is_verifying", error)
    assert error.value.params["person"] == "คุณ officer"
    with pytest.raises(StepRefused) as error, office.acting("second") as connection:
        cases.note(connection, second, case, "x", seen=seen)
    refused("case.changed", error)
    what = error.value.params["what"]
    assert isinstance(what, WatchError)
    assert (error.value.params["person"], what.code) == ("คุณ officer", f"case.event.{Event.VERIFYING}")
    for lang in ("th", "en"):
        assert "คุณ officer" in sentence(error.value, lang)
        assert words(lang)["errors.case.event.verifying"] in sentence(error.value, lang)


def test_closing_needs_evidence_or_a_reason_and_no_agency_that_still_works_on_it(office: Any) -> None:
    case = verified(office)
    officer, second = office.ids["officer"], office.ids["second"]

    def propose(outcome: Outcome, note: str | None = None) -> str:
        try:
            with office.acting("officer") as connection:
                closing.propose_closing(connection, officer, case, outcome, note)
        except StepRefused as error:
            return error.code
        return "asked"

    assert propose(Outcome.WARNING) == "case.needs_evidence"
    assert propose(Outcome.NOTHING_FOUND) == "case.outcome_needs_note"
    with office.acting("officer") as connection:
        referral = referrals.refer(connection, officer, case, "local_police")
    assert propose(Outcome.HANDED_OVER, "ส่งแล้ว") == "case.referral_open"
    with office.acting("officer") as connection:
        referrals.accept(connection, officer, referral, on_paper="ร.ต.อ. ก")
    assert propose(Outcome.ARREST, "จับได้") == "case.referral_open"
    assert propose(Outcome.HANDED_OVER, "ส่งแล้ว") == "asked"
    assert propose(Outcome.HANDED_OVER, "ส่งแล้ว") == "case.closing_waits"
    with pytest.raises(StepRefused) as error, office.acting("second") as connection:
        referrals.refer(connection, second, case, "customs")
    refused("case.closing_waits", error)
    with office.acting("second") as connection:
        closing.send_back(connection, second, case, "ขอหลักฐานรับมอบ")
    assert office.rows("select outcome, outcome_note, closing_by, closing_at from case_file") == [(None,) * 4]
    assert office.told("officer")[-1] == ("closing_sent_back", case)
    with office.acting("officer") as connection:
        evidence.add_evidence(connection, officer, case, "application/pdf", b"%PDF-1.7")
    assert propose(Outcome.HANDED_OVER) == "asked"
    assert ("closing_proposed", case) in office.told("chief")
    assert ("closing_proposed", case) not in office.told("second")


def test_a_drawn_share_is_rechecked_by_another_and_reopened_where_it_does_not_hold(office: Any) -> None:
    officer, second, chief = (office.ids[name] for name in ("officer", "second", "chief"))
    office.put("insert into setting (key, value) values ('recheck.share', '0.3')")
    drawn = []
    for number in (0.29, 0.31):
        case = verified(office)
        with office.acting("officer") as connection:
            closing.propose_closing(connection, officer, case, Outcome.SEIZURE, "ยึดได้")
        with office.acting("second") as connection:
            closing.confirm_closing(connection, second, case, draw=lambda number=number: number)
        drawn.append(
            (
                case,
                office.one(
                    "select recheck from case_file join incident on id = incident_id where public_id = :p", p=case
                ),
            )
        )
    (case, yes), (other, no) = drawn
    assert (yes, no) == (True, False)
    assert ("recheck_drawn", case) in office.told("chief")
    with pytest.raises(StepRefused) as error, office.acting("officer") as connection:
        closing.recheck(connection, officer, case, holds=True)
    refused("case.not_own_recheck", error)
    with pytest.raises(StepRefused) as error, office.acting("chief") as connection:
        closing.recheck(connection, chief, other, holds=True)
    refused("case.no_recheck", error)
    with office.acting("chief") as connection:
        closing.recheck(connection, chief, case, holds=False, note="ไม่มีของกลาง")
    assert office.status(case) == "verifying"
    event = office.rows("select from_status, to_status, detail from case_event where kind = 'reopened'")[0]
    assert event[:2] == ("closed", "verifying")
    assert (event[2]["outcome"], event[2]["closed_by"], event[2]["outcome_note"]) == ("seizure", second, "ยึดได้")
    assert office.rows(
        "select closed_at, closed_by, recheck, reopened_at is not null from case_file f join incident i on i.id = f.incident_id where public_id = :p",
        p=case,
    ) == [(None, None, False, True)]


def test_handing_over_tells_the_officer_who_gets_the_case(office: Any) -> None:
    case = office.case()
    with office.acting("chief") as connection:
        cases.assign(connection, office.ids["chief"], case, office.ids["second"], "ฝากดู")
    assert office.told("second") == [("assigned", case)]
    assert office.told("officer") == office.told("chief") == []
    with pytest.raises(StepRefused) as error, office.acting("second") as connection:
        cases.take(connection, office.ids["second"], case)
    refused("case.has_it_already", error)


def test_the_same_file_is_kept_once_and_a_finding_is_not_written_twice(office: Any) -> None:
    case, officer = office.case(), office.ids["officer"]
    numbers = []
    for _ in range(2):
        with office.acting("officer") as connection:
            numbers.append(evidence.add_evidence(connection, officer, case, "image/jpeg", PHOTO))
    assert numbers[0] == numbers[1]
    with office.acting("officer") as connection:
        check = fact_checks.ask_unit(connection, officer, case, UnitKind.HEADMAN, "ผญบ. หมู่ 2")
    with pytest.raises(StepRefused) as error, office.acting("officer") as connection:
        fact_checks.record_finding(connection, officer, check, Finding.UNCLEAR)
    refused("check.needs_words", error)
    with office.acting("officer") as connection:
        fact_checks.record_finding(connection, officer, check, Finding.NOT_FOUND)
    with pytest.raises(StepRefused) as error, office.acting("second") as connection:
        fact_checks.record_finding(connection, office.ids["second"], check, Finding.CONFIRMED)
    refused("check.done_already", error)


def test_hostile_text_is_kept_as_text_and_goes_nowhere_else(office: Any, tmp_path: Path) -> None:
    case, officer = office.case(), office.ids["officer"]
    texts = [*corpus(tmp_path / "made", "http://127.0.0.1:9/beacon"), *naughty()]
    with office.acting("officer") as connection:
        for said in texts:
            if clean(said, lines=True):
                cases.note(connection, officer, case, said)
            else:
                with pytest.raises(StepRefused, match="needs_text"):
                    cases.note(connection, officer, case, said)
    stored = [row[0] for row in office.rows("select note from case_event order by id")]
    assert len(stored) > 400
    assert stored == [clean(said, lines=True) for said in texts if clean(said, lines=True)]
    assert {row[0] for row in office.rows("select detail::text from audit_log")} == {"{}"}
    with office.acting("officer") as connection:
        assert [event.note for event in read_case(connection, HERE, case).events] == stored
