"""The inbox: what needs a person now comes first, each row says why, and a million incidents do not make it slow."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from geo.actions import cases, closing, fact_checks, referrals
from geo.actions.case_merge import merge
from geo.db.scope import enter
from geo.errors import WatchError
from geo.model import Reach, Scope
from geo.model.case import Finding, Grade, Outcome, UnitKind
from geo.queries.inbox import Group, InboxFilter, count_inbox, inbox, inbox_with_counts

HERE = Scope(("4301",), Reach.CENTRE)
WIDE = Scope(None, Reach.WIDE)


def verified(office: Any, who: str = "officer", **given: Any) -> str:
    case = office.case(**given)
    with office.acting(who) as connection:
        cases.start_verifying(connection, office.ids[who], case)
    with office.acting(who) as connection:
        cases.verify(connection, office.ids[who], case, Grade("B", 2))
    return str(case)


def listed(
    office: Any, chosen: InboxFilter | None = None, who: str = "officer"
) -> list[tuple[str, Group, tuple[str, ...]]]:
    scopes = {"officer": HERE, "neighbour": Scope(("4901",), Reach.CENTRE), "commander": WIDE}
    with office.acting(who) as connection:
        return [(row.public_id, row.group, row.why) for row in inbox(connection, scopes[who], chosen)]


def test_each_case_stands_where_it_is_needed_and_says_why(office: Any) -> None:
    officer, chief, police = (office.ids[who] for who in ("officer", "chief", "police"))
    late = office.case(hours_ago=30)
    later = office.case(hours_ago=100)
    new = office.case(hours_ago=2)
    newer = office.case(hours_ago=1)
    disputed, waiting, returned, lapsed, rechecked, going = (verified(office) for _ in range(6))
    checked = office.case()
    answered = office.case()
    merged, gone = office.case(), office.case()
    with office.acting("officer") as connection:
        merge(connection, officer, gone, merged)
    with office.acting("officer") as connection:
        cases.start_verifying(connection, officer, checked)
    with office.acting("officer") as connection:
        number = fact_checks.ask_unit(connection, officer, checked, UnitKind.VDC, "อส.")
    with office.acting("officer") as connection:
        fact_checks.record_finding(connection, officer, number, Finding.CONFIRMED)
    for case in (disputed, waiting, rechecked):
        with office.acting("officer") as connection:
            closing.propose_closing(connection, officer, case, Outcome.WARNING, "ตักเตือนแล้ว")
    for case, draw in ((disputed, 1.0), (rechecked, 0.0)):
        with office.acting("chief") as connection:
            closing.confirm_closing(connection, chief, case, draw=lambda draw=draw: draw)
    with office.app.begin() as connection:
        enter(connection, Scope(None, Reach.INTAKE))
        receipt = "select sha256(convert_to(:p, 'UTF8'))"
        assert connection.execute(text(f"select dispute_report(({receipt}), 'ไม่จริง')"), {"p": disputed}).scalar()
    for case in (returned, lapsed):
        with office.acting("officer") as connection:
            number = referrals.refer(connection, officer, case, "local_police")
        if case is returned:
            with office.acting("police") as connection:
                referrals.give_back(connection, police, number, "นอกเขต")
    office.put("update referral set answer_due = now() - interval '1 minute' where state = 'sent'")
    with office.acting("officer") as connection:
        referrals.lapse_overdue(connection)
    office.put(
        "insert into report_question (report_id, question, answer, answered_at)"
        " select r.id, '?', '!', now() from report r join incident i on i.id = r.incident_id where i.public_id = :p",
        p=answered,
    )
    assert listed(office) == [
        (later, Group.OVERDUE, ("first_look_overdue", "verification_overdue", "new")),
        (late, Group.OVERDUE, ("first_look_overdue", "new")),
        (disputed, Group.REPORTER, ("disputed",)),
        (answered, Group.REPORTER, ("answered", "new")),
        (waiting, Group.SECOND_PERSON, ("closing_waiting",)),
        (returned, Group.ORPHAN, ("referral_returned",)),
        (lapsed, Group.ORPHAN, ("referral_lapsed",)),
        (checked, Group.FOUND, ("check_done",)),
        (new, Group.NEW, ("new",)),
        (newer, Group.NEW, ("new",)),
        (merged, Group.NEW, ("new",)),
        (rechecked, Group.RECHECK, ("recheck",)),
        (going, Group.GOING, ()),
    ]
    with office.acting("officer") as connection:
        counts = count_inbox(connection, HERE, who=officer)
        one_by_one = []
        after: str | None = None
        while page := inbox(connection, HERE, after=after, limit=2):
            one_by_one += [row.public_id for row in page]
            after = page[-1].key
        whole = inbox(connection, HERE)
    assert one_by_one == [row.public_id for row in whole]
    assert (counts.total, counts.groups[Group.OVERDUE], counts.groups[Group.ORPHAN], counts.mine, counts.nobodys) == (
        13,
        2,
        2,
        7,
        6,
    )
    assert [row.reports for row in whole if row.public_id == merged] == [2]
    assert whole[0].overdue
    assert (whole[0].clock, whole[-1].clock) == ("first_look", "closure")
    assert [row.public_id for row in whole if row.grade == Grade("B", 2)] == [
        disputed, waiting, returned, lapsed, rechecked, going,
    ]  # fmt: skip


def test_the_list_is_narrowed_to_mine_a_state_a_group_or_what_ended(office: Any) -> None:
    mine, others, new = verified(office), verified(office, "second"), office.case()
    ended = []
    for _ in range(2):
        case = office.case()
        with office.acting("officer") as connection:
            cases.start_verifying(connection, office.ids["officer"], case)
        with office.acting("officer") as connection:
            cases.unfounded(connection, office.ids["officer"], case, "ไม่มี")
        ended.append(case)
    names = lambda **chosen: [row[0] for row in listed(office, InboxFilter(**chosen))]  # noqa: E731
    assert names() == [new, mine, others]
    assert names(mine=office.ids["officer"]) == [mine]
    assert names(statuses=("received",)) == [new]
    assert names(statuses=("verified",)) == [mine, others]
    assert names(statuses=("unfounded", "received")) == [new, *reversed(ended)]
    assert names(groups=(Group.GOING,)) == [mine, others]
    assert names(groups=(Group.OVERDUE,)) == []
    assert names(districts=("4901",)) == []
    with pytest.raises(ValueError, match="unknown"):
        InboxFilter(statuses=("gone",))
    for key in ("", "1.2", "a.b.c", "1.2.3.4"):
        with pytest.raises(WatchError), office.acting("officer") as connection:
            inbox(connection, HERE, after=key)


def test_everyone_has_an_inbox_of_their_own_and_imported_records_are_no_work(office: Any) -> None:
    here, unverified = verified(office), office.case()
    there = office.case(district="4901", lon=104.72, lat=16.54)
    office.case(status="verified")
    office.case(status="closed")
    assert [row[0] for row in listed(office)] == [unverified, here]
    assert [row[0] for row in listed(office, who="neighbour")] == [there]
    assert [row[0] for row in listed(office, who="commander")] == [here]


def test_targets_of_the_administrator_move_the_clocks(office: Any) -> None:
    case = office.case(hours_ago=3)
    assert listed(office) == [(case, Group.NEW, ("new",))]
    office.put("insert into setting (key, value) values ('target.first_look_hours', '2')")
    assert listed(office) == [(case, Group.OVERDUE, ("first_look_overdue", "new"))]


MILLION = 1_000_000


@pytest.fixture
def crowded(border_store: Engine) -> Engine:
    """A million incidents of two districts, some 5,000 of them open; without the counts, which the inbox does not read."""
    with border_store.begin() as connection:
        connection.execute(text("set local synchronous_commit = on"))
        connection.execute(text("set local session_replication_role = replica"))  # no triggers: only the rows matter
        connection.execute(
            text(
                "insert into incident (public_id, crime_type, occurred_at, reported_at, status, channel, district_code)"
                " select 'N' || n, 'drug_trafficking', now() - n * interval '1 minute', now() - n * interval '1 minute',"
                " case when n % 400 = 0 then 'received' when n % 400 = 1 then 'verified' when n % 3 = 0 then 'verified' else 'closed' end,"
                " 'online', case when n % 2 = 0 then '4301' else '4901' end from generate_series(1, :million) n"
            ),
            {"million": MILLION},
        )
        connection.execute(
            text(
                "insert into report (incident_id, channel, received_at, description)"
                " select id, channel, reported_at, 'x' from incident where id % 400 < 40"
            )
        )
        connection.execute(
            text(
                "insert into case_file (incident_id, closed_at) select id, case when status = 'closed' then now() end"
                " from incident where substr(public_id, 2)::int % 400 in (0, 1) or status = 'closed' and id % 5 = 0"
            )
        )
        connection.execute(
            text(
                "insert into fact_check (incident_id, unit_kind, unit, due_at, asked_by)"
                " select incident_id, 'vdc', 'x', now() + interval '1 day', :who from case_file where incident_id % 7 = 0"
            ),
            {
                "who": connection.execute(
                    text("insert into person (login, name, role) values ('x1', 'x', 'officer') returning id")
                ).scalar()
            },
        )
    with border_store.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze incident, report, case_file, fact_check"))
    return border_store


@pytest.mark.timeout(900)
def test_five_thousand_open_of_a_million_are_listed_without_reading_the_others(crowded: Engine) -> None:
    both = Scope(("4301", "4901"), Reach.CENTRE)
    for scope, count in ((both, 5000), (HERE, 2500), (WIDE, 2500)):
        with crowded.begin() as connection:
            enter(connection, scope)
            assert count_inbox(connection, scope).total == count
            assert len(inbox(connection, scope)) == 50
            spent = min(_seconds(connection, scope) for _ in range(3))
            read = _rows_read(connection, scope)
        assert read < 60_000, scope
        assert spent < 1.0, scope


def _seconds(connection: Connection, scope: Scope) -> float:
    begun = time.perf_counter()
    inbox(connection, scope)
    return time.perf_counter() - begun


def _rows_read(connection: Connection, scope: Scope) -> int:
    """Rows that the plan takes from tables, with those that it throws away."""
    from geo.queries import inbox as module

    sql, values = module._query(connection, scope, InboxFilter(), None)
    plan = connection.execute(
        text(f"explain (analyze, format json, timing off) with {sql} select * from listed"), values
    ).scalar()
    document = plan if isinstance(plan, list) else json.loads(str(plan))
    total = 0
    waiting = [document[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if "Relation Name" in node:
            total += round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
    return total


def test_a_case_is_found_by_its_number_and_by_words_in_whatever_state(office: Any) -> None:
    mine, other = verified(office), office.case()
    with office.acting("officer") as connection:
        cases.start_verifying(connection, office.ids["officer"], other)
    with office.acting("officer") as connection:
        cases.unfounded(connection, office.ids["officer"], other, "ไม่มี")
    told = "update report r set description = :t from incident i where i.id = r.incident_id and i.public_id = :p"
    office.put(told, t="รถกระบะ 100% สีขาว จอดใต้สะพาน", p=mine)
    office.put(told, t="เรือ_หางยาว", p=other)
    names = lambda words: [row[:2] for row in listed(office, InboxFilter(words=words))]  # noqa: E731
    assert names(mine) == names(mine.lower()) == names(mine[3:]) == names(mine[6:].lstrip("0")) == [(mine, Group.GOING)]
    assert names(other) == [(other, Group.ENDED)]
    assert names("กระบะ สะพาน") == names("100%") == [(mine, Group.GOING)]
    assert names("เรือ_") == [(other, Group.ENDED)]
    assert names("กระบะ เรือ") == names("%%") == names("NTS69-9999999") == names("' or true --") == []
    assert listed(office, InboxFilter(words=mine), who="neighbour") == []


def test_a_page_and_the_counts_of_the_whole_list_are_read_at_once(office: Any) -> None:
    mine, new = verified(office), [office.case(crime_type="contraband") for _ in range(3)]
    me = office.ids["officer"]
    with office.acting("officer") as connection:
        for chosen in (
            InboxFilter(),
            InboxFilter(groups=(Group.NEW,)),
            InboxFilter(mine=me),
            InboxFilter(groups=(Group.FOUND,)),
        ):
            rows, counts = inbox_with_counts(connection, HERE, chosen, who=me, limit=2)
            assert rows == inbox(connection, HERE, chosen, limit=2)
            assert counts == count_inbox(connection, HERE, who=me)
            if len(rows) == 2:
                following, again = inbox_with_counts(connection, HERE, chosen, who=me, after=rows[-1].key, limit=2)
                assert (following, again) == (inbox(connection, HERE, chosen, after=rows[-1].key, limit=2), counts)
        assert [r.public_id for r in inbox(connection, HERE, InboxFilter(mine=me))] == [mine]
        assert {r.public_id for r in inbox(connection, HERE, InboxFilter(nobodys=True))} == set(new)
        assert {r.public_id for r in inbox(connection, HERE, InboxFilter(types=("contraband",)))} >= set(new)
        assert inbox(connection, HERE, InboxFilter(types=("forged_documents",))) == ()


def test_what_ended_is_read_page_by_page_the_newest_first(office: Any) -> None:
    ended = []
    for _ in range(5):
        case = office.case()
        with office.acting("officer") as connection:
            cases.start_verifying(connection, office.ids["officer"], case)
        with office.acting("officer") as connection:
            cases.unfounded(connection, office.ids["officer"], case, "ไม่มี")
        ended.append(case)
    office.put("update case_file set closed_at = date_trunc('minute', closed_at) where closed_at is not null")
    chosen, found, after = InboxFilter(statuses=("closed", "unfounded", "duplicate")), [], None
    with office.acting("officer") as connection:
        while page := inbox(connection, HERE, chosen, after=after, limit=2):
            found += [row.public_id for row in page]
            after = page[-1].key
    assert found == ended, "of one moment the lower number comes first"
