"""Whatever people do with cases, in whatever order: what must hold holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.actions import cases, closing, fact_checks, referrals
from geo.actions.case_merge import merge, split
from geo.actions.evidence import add_evidence
from geo.errors import WatchError
from geo.model.case import Finding, Grade, Outcome, UnitKind, may_become

CASES = 3
Chosen = tuple[str | int, str, int, int]
"""Step, or the number of one that fits the state; who; a case and another one, by number."""


def _referral(office: Any, case: str) -> int:
    found = office.rows(
        "select r.id from referral r join incident i on i.id = r.incident_id where public_id = :p and state in ('sent', 'accepted')"
        " order by r.id desc limit 1",
        p=case,
    )
    return int(found[0][0]) if found else 0


def _check(office: Any, case: str) -> int:
    found = office.rows(
        "select c.id from fact_check c join incident i on i.id = c.incident_id where public_id = :p and done_at is null limit 1",
        p=case,
    )
    return int(found[0][0]) if found else 0


def _some_reports(office: Any, case: str) -> list[int]:
    return list(office.report_ids(case)[:1])


STEPS: dict[str, Callable[[Any, Any, int, str, str], object]] = {
    "look": lambda o, c, p, a, b: cases.look(c, p, a),
    "start": lambda o, c, p, a, b: cases.start_verifying(c, p, a),
    "verify": lambda o, c, p, a, b: cases.verify(c, p, a, Grade("B", 2)),
    "unfounded": lambda o, c, p, a, b: cases.unfounded(c, p, a, "ไม่พบ"),
    "grade": lambda o, c, p, a, b: cases.grade(c, p, a, Grade("F", 6)),
    "take": lambda o, c, p, a, b: cases.take(c, p, a),
    "ask": lambda o, c, p, a, b: fact_checks.ask_unit(c, p, a, UnitKind.VDC, "อส."),
    "find": lambda o, c, p, a, b: fact_checks.record_finding(c, p, _check(o, a), Finding.CONFIRMED),
    "prove": lambda o, c, p, a, b: add_evidence(c, p, a, "text/plain", a.encode()),
    "refer": lambda o, c, p, a, b: referrals.refer(c, p, a, "local_police"),
    "accept": lambda o, c, p, a, b: referrals.accept(c, p, _referral(o, a), on_paper="ร.ต.อ. ก"),
    "return": lambda o, c, p, a, b: referrals.give_back(c, p, _referral(o, a), "นอกเขต"),
    "done": lambda o, c, p, a, b: referrals.report_outcome(c, p, _referral(o, a), Outcome.ARREST),
    "propose": lambda o, c, p, a, b: closing.propose_closing(c, p, a, Outcome.WARNING, "ตักเตือน"),
    "confirm": lambda o, c, p, a, b: closing.confirm_closing(c, p, a, draw=lambda: p % 3 / 2),
    "send_back": lambda o, c, p, a, b: closing.send_back(c, p, a, "ยังไม่พอ"),
    "recheck": lambda o, c, p, a, b: closing.recheck(c, p, a, holds=bool(p % 2), note="ตรวจซ้ำ"),
    "reopen": lambda o, c, p, a, b: closing.reopen(c, p, a, "มีข้อมูลใหม่"),
    "merge": lambda o, c, p, a, b: merge(c, p, a, b),
    "split": lambda o, c, p, a, b: split(c, p, a, _some_reports(o, a)),
    "move": lambda o, c, p, a, b: split(c, p, a, _some_reports(o, a), b),
}
ONWARD = {
    "received": ["start", "start", "merge"],
    "verifying": ["verify", "verify", "verify", "unfounded", "merge"],
    "verified": ["refer", "propose", "confirm", "confirm"],
    "referred": ["accept", "done", "return", "propose", "confirm", "confirm"],
    "closed": ["recheck", "reopen"],
    "unfounded": ["reopen"],
    "duplicate": ["reopen", "look"],
}
"""What is likely to go through, by state: with steps drawn blindly few cases would ever be closed."""
chosen = st.tuples(
    st.integers(0, 59) | st.sampled_from([*STEPS, "split", "move"]),
    st.sampled_from(["officer", "second", "chief"]),
    st.integers(0, CASES - 1),
    st.integers(0, CASES - 1),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(chosen, min_size=25, max_size=40))
def test_any_steps_in_any_order_keep_what_must_hold(office: Any, steps: list[Chosen]) -> None:
    mine = [office.case() for _ in range(CASES)]
    told = {case: office.report_ids(case) for case in mine}
    for report in (told[mine[0]][0], told[mine[1]][0]):
        office.put(
            "insert into evidence (incident_id, report_id, media_type, content, sha256)"
            " select incident_id, id, 'image/jpeg', 'x', 'x' from report where id = :r",
            r=report,
        )
    for step, who, one, other in steps:
        if isinstance(step, int):
            fitting = ONWARD[office.status(mine[one])]
            step = fitting[step % len(fitting)]
        before = _everything(office)
        try:
            with office.acting(who) as connection:
                STEPS[step](office, connection, office.ids[who], mine[one], mine[other])
        except WatchError:
            assert _everything(office) == before, f"{step} was refused and wrote"
    _holds(office, sorted(report for some in told.values() for report in some))


def _everything(office: Any) -> list[Any]:
    counts = ", ".join(
        f"(select count(*) from {table})"
        for table in (
            "case_event",
            "case_file",
            "audit_log",
            "fact_check",
            "evidence",
            "referral",
            "incident",
            "notification",
        )
    )
    return list(office.rows(f"select {counts}, (select sum(hashtext(r.id || '-' || incident_id)) from report r)"))


def _holds(office: Any, reports: list[int]) -> None:
    moves = office.rows(
        "select incident_id, from_status, to_status from case_event where to_status is not null order by incident_id, id"
    )
    at: dict[int, str] = {}
    for incident, was, became in moves:
        assert was == at.get(incident, None if became == "received" else "received")
        assert became == "received" or may_become(was, became)
        at[incident] = became
    for incident, status in office.rows("select id, status from incident"):
        assert status == at.get(incident, "received")
    counted = office.rows(
        "select status, sum(n) from incident_count where level = 12 and tier = 1 group by 1 having sum(n) <> 0"
    )
    assert dict(map(tuple, counted)) == dict(
        map(tuple, office.rows("select status, count(*) from incident group by 1"))
    )
    kept = [row[0] for row in office.rows("select id from report where id = any(:r) order by id", r=reports)]
    assert kept == reports
    wrong = {
        "a duplicate keeps no report": "select i.id from incident i join report r on r.incident_id = i.id where i.status = 'duplicate'",
        "every other case has one": "select i.id from incident i where i.status <> 'duplicate'"
        " and not exists (select from report r where r.incident_id = i.id)",
        "a photo is where its report is": "select e.id from evidence e join report r on r.id = e.report_id where e.incident_id <> r.incident_id",
        "a duplicate knows where it went": "select f.incident_id from case_file f join incident i on i.id = f.incident_id"
        " where (i.status = 'duplicate') <> (f.merged_into is not null)",
        "two people close": "select f.incident_id from case_file f join incident i on i.id = f.incident_id where i.status = 'closed'"
        " and (f.closed_by is null or f.closing_by is null or f.closed_by = f.closing_by or f.outcome is null)",
        "what is open is not closed": "select f.incident_id from case_file f join incident i on i.id = f.incident_id"
        " where (f.closed_at is not null) <> (i.status in ('closed', 'unfounded', 'duplicate'))",
        "what was verified has a grade": "select f.incident_id from case_file f join incident i on i.id = f.incident_id"
        " where i.status in ('verified', 'referred', 'closed') and f.source_grade is null",
        "nothing closes with an agency at work": "select i.id from incident i join referral r on r.incident_id = i.id"
        " where i.status = 'closed' and r.state in ('sent', 'accepted')",
        "no circle": "with recursive line (start, id) as (select incident_id, merged_into from case_file where merged_into is not null"
        " union select start, f.merged_into from line join case_file f on f.incident_id = line.id where f.merged_into is not null)"
        " select start from line where start = id",
    }
    for what, statement in wrong.items():
        assert office.rows(statement) == [], what
