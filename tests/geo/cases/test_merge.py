"""Merging and splitting move reports from case to case and back; nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from geo.actions import cases, closing
from geo.actions.case_merge import merge, split, unmerge
from geo.actions.evidence import add_evidence
from geo.errors import NotFound, WatchError
from geo.model import Reach, Scope
from geo.queries.case import read_case

HERE = Scope(("4301",), Reach.CENTRE)


def photo_of(office: Any, report: int) -> None:
    office.put(
        "insert into evidence (incident_id, report_id, media_type, content, sha256)"
        " select incident_id, id, 'image/jpeg', 'x', 'x' from report where id = :r",
        r=report,
    )


def code_of(office: Any, who: str, step: Any) -> str:
    with pytest.raises(WatchError) as error, office.acting(who) as connection:
        step(connection)
    return error.value.code


def test_a_merge_moves_reports_with_their_photos_and_leaves_a_duplicate_that_knows_where(office: Any) -> None:
    one, other = office.case(told="ก"), office.case(told="ข")
    officer = office.ids["officer"]
    [mine], [theirs] = office.report_ids(one), office.report_ids(other)
    photo_of(office, theirs)
    with office.acting("officer") as connection:
        add_evidence(connection, officer, other, "text/plain", "บันทึกคำให้การ".encode())
    with office.acting("officer") as connection:
        merge(connection, officer, other, one, "เรือลำเดียวกัน")
    assert office.report_ids(one) == [mine, theirs]
    assert office.report_ids(other) == []
    assert (office.status(one), office.status(other)) == ("received", "duplicate")
    with office.acting("officer") as connection:
        whole, empty = read_case(connection, HERE, one), read_case(connection, HERE, other)
    assert (whole.merged, empty.merged_into) == ((other,), one)
    assert {(e.of, e.media_type, e.report_id) for e in whole.evidence} == {
        (one, "image/jpeg", theirs),
        (other, "text/plain", None),
    }
    assert {event.kind for event in whole.events} == {"absorbed", "merged", "evidence_added"}
    assert [event.kind for event in empty.events] == ["evidence_added", "merged"]


def test_a_merge_is_taken_back_with_all_it_brought(office: Any) -> None:
    one, two, three = office.case(), office.case(), office.case()
    officer = office.ids["officer"]
    reports = {case: office.report_ids(case) for case in (one, two, three)}
    with office.acting("officer") as connection:
        merge(connection, officer, three, two)
    with office.acting("officer") as connection:
        merge(connection, officer, two, one)
    assert office.report_ids(one) == sorted(report for some in reports.values() for report in some)
    with office.acting("officer") as connection:
        assert read_case(connection, HERE, one).merged == (two, three)
    # The one that came by way of another goes back from where it is now.
    with office.acting("officer") as connection:
        unmerge(connection, officer, three, "คนละเรื่อง")
    assert office.report_ids(three) == reports[three]
    with office.acting("officer") as connection:
        closing.reopen(connection, officer, two, "คนละเรื่อง")
    assert {case: office.report_ids(case) for case in reports} == reports
    assert [office.status(case) for case in (one, two, three)] == ["received", "verifying", "verifying"]


def test_one_report_is_split_off_to_a_case_of_its_own_and_put_back(office: Any) -> None:
    one, other = office.case(told="ก"), office.case(told="ข", crime_type="contraband")
    officer = office.ids["officer"]
    both = office.report_ids(one) + office.report_ids(other)
    photo_of(office, both[1])
    with office.acting("officer") as connection:
        merge(connection, officer, other, one)
    with office.acting("officer") as connection:
        new = split(connection, officer, one, [both[1]])
    assert (office.report_ids(one), office.report_ids(new), office.status(new)) == ([both[0]], [both[1]], "received")
    assert (
        office.one("select count(*) from evidence e join incident i on i.id = incident_id where public_id = :p", p=new)
        == 1
    )
    row = office.rows(
        "select district_code, district_conflict, geom is not null, channel from incident where public_id = :p", p=new
    )
    assert row == [("4301", False, True, "online")]
    assert code_of(office, "officer", lambda c: split(c, officer, new, [both[1]], one)) == "case.would_be_empty"
    assert code_of(office, "officer", lambda c: split(c, officer, one, [both[1]])) == "case.report_not_found"
    with office.acting("officer") as connection:
        cases.note(connection, officer, new, "ที่จริงเรื่องเดียวกัน")
    with office.acting("officer") as connection:
        merge(connection, officer, new, one)
    assert office.report_ids(one) == both


def test_a_report_goes_to_another_open_case_and_the_history_of_both_says_so(office: Any) -> None:
    one, two, three = office.case(), office.case(), office.case()
    officer = office.ids["officer"]
    with office.acting("officer") as connection:
        merge(connection, officer, two, one)
    moving = office.report_ids(one)[1]
    with office.acting("officer") as connection:
        assert split(connection, officer, one, [moving], three) == three
    assert moving in office.report_ids(three)
    kinds = office.rows(
        "select i.public_id, e.kind, e.detail ->> 'reports' from case_event e join incident i on i.id = e.incident_id"
        " where e.kind like 'split%' order by e.id"
    )
    assert kinds == [(one, "split", f"[{moving}]"), (three, "split_from", f"[{moving}]")]


def test_merges_that_would_lose_something_are_refused(office: Any) -> None:
    one, other, away = office.case(), office.case(), office.case(district="4901", lon=104.72, lat=16.54)
    officer = office.ids["officer"]
    with office.acting("officer") as connection:
        cases.start_verifying(connection, officer, one)
    with office.acting("officer") as connection:
        cases.unfounded(connection, officer, one, "ไม่มีเรือ")
    assert code_of(office, "officer", lambda c: merge(c, officer, other, one)) == "case.merge_into_ended"
    assert code_of(office, "officer", lambda c: merge(c, officer, one, other)) == "case.is_unfounded"
    assert code_of(office, "officer", lambda c: merge(c, officer, other, away)) == "case.not_found"
    assert code_of(office, "neighbour", lambda c: merge(c, officer, other, away)) == "case.not_found"
    assert code_of(office, "officer", lambda c: unmerge(c, officer, other, "x")) == "case.is_received_imported"
    imported = office.case(status="duplicate")
    assert code_of(office, "officer", lambda c: unmerge(c, officer, imported, "x")) == "case.not_merged"
    with pytest.raises(NotFound), office.acting("neighbour") as connection:
        read_case(connection, Scope(("4901",), Reach.CENTRE), one)
