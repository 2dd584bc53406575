"""Who is told of what: those whom it concerns, once, without a word of the case."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions import cases, closing
from geo.actions.notify import TOLD, mark_read
from geo.model.case import Event, Grade, Outcome
from geo.queries.notifications import notifications, unread


def happened(office: Any, case: str, kind: str, detail: str = "{}") -> None:
    office.put(
        "insert into case_event (incident_id, kind, detail) select id, :k, cast(:d as jsonb) from incident where public_id = :p",
        k=kind,
        d=detail,
        p=case,
    )


def test_a_new_report_is_told_to_the_district_and_then_to_who_has_the_case(office: Any) -> None:
    case = office.case()
    happened(office, case, "received")
    assert {who for who in office.ids if office.told(who)} == {"officer", "second", "chief"}
    with office.acting("officer") as connection:
        cases.take(connection, office.ids["officer"], case)
    happened(office, case, "answered")
    assert office.told("officer") == [("received", case), ("answered", case)]
    assert office.told("second") == [("received", case)]


def test_the_same_news_is_told_once_until_it_is_read(office: Any) -> None:
    case, officer = office.case(), office.ids["officer"]
    for _ in range(3):
        happened(office, case, "answered")
    with office.acting("officer") as connection:
        [one] = notifications(connection, officer)
        assert (one.kind, one.public_id, one.read, unread(connection, officer)) == ("answered", case, False, 1)
        assert mark_read(connection, officer, [one.id]) == 1
        assert mark_read(connection, officer) == unread(connection, officer) == 0
    happened(office, case, "answered")
    with office.acting("officer") as connection:
        assert [note.read for note in notifications(connection, officer)] == [False, True]


def test_where_the_chief_asks_to_close_the_officers_are_told(office: Any) -> None:
    case, chief = office.case(), office.ids["chief"]
    for step in (
        lambda c: cases.start_verifying(c, chief, case),
        lambda c: cases.verify(c, chief, case, Grade("A", 1)),
        lambda c: closing.propose_closing(c, chief, case, Outcome.WARNING, "ตักเตือน"),
    ):
        with office.acting("chief") as connection:
            step(connection)
    assert office.told("officer") == office.told("second") == [("closing_proposed", case)]
    assert office.told("chief") == []


@pytest.mark.parametrize("kind", [Event.LOOKED, Event.NOTED, Event.MERGED, Event.CHECK_DONE, Event.CONTACT_OPENED])
def test_of_the_rest_nobody_is_told(office: Any, kind: str) -> None:
    happened(office, office.case(), kind)
    assert office.rows("select * from notification") == []


@pytest.mark.parametrize("kind", sorted(TOLD))
def test_of_each_kind_that_is_told_somebody_is(office: Any, kind: str) -> None:
    happened(office, office.case(), kind, f'{{"to": {office.ids["second"]}, "agency": "customs"}}')
    assert {who for who in office.ids if office.told(who)} == {
        "referred": {"customs"}, "referral_withdrawn": {"customs"}, "assigned": {"second"}, "closing_sent_back": {"second"}, "closed": {"second"},
        "closing_proposed": {"chief"}, "recheck_drawn": {"chief"},
    }.get(kind, {"officer", "second", "chief"})  # fmt: skip


def test_nobody_writes_or_reads_what_others_are_told(office: Any) -> None:
    happened(office, office.case(), "received")
    for who in ("officer", "commander", "police", "headman"):
        with office.acting(who) as connection:
            assert set(connection.execute(text("select person_id from notification")).scalars()) <= {office.ids[who]}
        with pytest.raises(DBAPIError, match="permission denied"), office.acting(who) as connection:
            connection.execute(text("insert into notification (person_id, kind) values (1, 'x')"))


def test_who_no_longer_works_here_is_not_told(office: Any) -> None:
    office.put("update person set active = false where login = 'second'")
    happened(office, office.case(), "received")
    assert office.told("second") == []
