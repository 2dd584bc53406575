"""Two people at once: one does it, the other is told; nobody waits for ever and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Connection, text

from geo.actions import cases, closing, referrals
from geo.actions.case_merge import merge, split
from geo.errors import WatchError
from geo.model.case import Grade, Outcome

Step = Callable[[Connection, int], object]


def at_once(office: Any, *steps: tuple[str, Step]) -> list[str]:
    """What became of each: ``done`` or the code of the refusal."""
    gate = Barrier(len(steps))

    def one(who: str, step: Step) -> str:
        try:
            with office.acting(who) as connection:
                connection.execute(text("select 1"))
                gate.wait(timeout=20)
                step(connection, office.ids[who])
        except WatchError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(lambda pair: one(*pair), steps))


def verified(office: Any) -> str:
    case = office.case()
    with office.acting("officer") as connection:
        cases.start_verifying(connection, office.ids["officer"], case)
    with office.acting("officer") as connection:
        cases.verify(connection, office.ids["officer"], case, Grade("B", 2))
    return str(case)


def test_of_two_who_begin_one_begins(office: Any) -> None:
    for _ in range(5):
        case = office.case()
        result = at_once(
            office, *((who, lambda c, p, case=case: cases.start_verifying(c, p, case)) for who in ("officer", "second"))
        )
        assert sorted(result) == ["case.is_verifying", "done"]
        assert (
            office.one(
                "select count(*) from case_event e join incident i on i.id = incident_id where public_id = :p", p=case
            )
            == 1
        )


def test_of_verifying_and_finding_unfounded_one_happens(office: Any) -> None:
    for _ in range(5):
        case = office.case()
        with office.acting("officer") as connection:
            cases.start_verifying(connection, office.ids["officer"], case)
        result = at_once(
            office,
            ("officer", lambda c, p, case=case: cases.verify(c, p, case, Grade("A", 1))),
            ("second", lambda c, p, case=case: cases.unfounded(c, p, case, "ไม่พบ")),
        )
        assert result in (["done", "case.is_verified"], ["case.is_unfounded", "done"])
        assert office.status(case) == ("verified" if result[0] == "done" else "unfounded")


def test_a_case_is_closed_once_and_by_one(office: Any) -> None:
    case = verified(office)
    with office.acting("officer") as connection:
        closing.propose_closing(connection, office.ids["officer"], case, Outcome.WARNING, "ตักเตือน")
    result = at_once(
        office,
        ("second", lambda c, p: closing.confirm_closing(c, p, case)),
        ("chief", lambda c, p: closing.confirm_closing(c, p, case)),
    )
    assert sorted(result) == ["case.nobody_asked", "done"]
    assert office.rows("select count(*) from case_event where kind = 'closed'") == [(1,)]


def test_an_answer_and_a_lapse_at_once_leave_one_of_them(office: Any) -> None:
    for _ in range(5):
        case = verified(office)
        with office.acting("officer") as connection:
            number = referrals.refer(connection, office.ids["officer"], case, "local_police")
        office.put("update referral set answer_due = now() - interval '1 minute' where id = :n", n=number)
        at_once(
            office,
            ("police", lambda c, p, number=number: referrals.accept(c, p, number)),
            ("officer", lambda c, p: referrals.lapse_overdue(c)),
        )
        state = office.one("select state from referral where id = :n", n=number)
        kinds = office.rows(
            "select kind from case_event where detail ->> 'referral' = :n and kind <> 'referred'", n=str(number)
        )
        assert [(f"referral_{state}",)] == kinds


def test_merges_crosswise_end_with_one_case_and_one_duplicate(office: Any) -> None:
    for _ in range(5):
        one, other = office.case(), office.case()
        result = at_once(
            office,
            ("officer", lambda c, p, a=one, b=other: merge(c, p, a, b)),
            ("second", lambda c, p, a=one, b=other: merge(c, p, b, a)),
        )
        assert sorted(result) == ["case.merge_into_ended", "done"]
        assert sorted([office.status(one), office.status(other)]) == ["duplicate", "received"]
        assert sorted(len(office.report_ids(case)) for case in (one, other)) == [0, 2]


def test_the_same_report_is_not_moved_to_two_places(office: Any) -> None:
    case, other, one, two = (office.case() for _ in range(4))
    with office.acting("officer") as connection:
        merge(connection, office.ids["officer"], other, case)
    report = office.report_ids(case)[1]
    result = at_once(
        office,
        ("officer", lambda c, p: split(c, p, case, [report], one)),
        ("second", lambda c, p: split(c, p, case, [report], two)),
    )
    assert sorted(result) == ["case.report_not_found", "done"]
    assert office.one("select count(*) from report") == 4


def test_the_chain_of_the_audit_log_holds_when_many_write_at_once(office: Any) -> None:
    numbers = [office.case() for _ in range(6)]
    result = at_once(office, *(("officer", lambda c, p, case=case: cases.note(c, p, case, "x")) for case in numbers))
    assert result == ["done"] * 6
    broken = office.rows(
        "select a.id from audit_log a left join audit_log b on b.id = a.id - 1 where a.hash <> audit_hash(a.id, a.at, a.person_id,"
        " a.action, a.subject, a.detail, a.previous) or a.previous <> coalesce(b.hash, sha256('NTS-Mekong Watch'::bytea))"
    )
    assert broken == []
    assert office.one("select max(id) = count(*) and count(*) = 6 from audit_log")
