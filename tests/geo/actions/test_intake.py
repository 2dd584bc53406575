"""A report comes in through the functions of the public form, by a role that can do nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from geo.actions import intake
from geo.actions.intake import NewReport, Received, ReportRefused
from geo.db.scope import enter
from geo.model import Scope
from geo.model.filter import Reach

BANGKOK = ZoneInfo("Asia/Bangkok")
CHIANG_KHONG = (100.4063, 20.2606)
VIENTIANE = (102.6331, 17.9757)
JPEG = b"\xff\xd8\xff\xe0 a picture"


@contextmanager
def stranger(store: Engine) -> Iterator[Connection]:
    """A transaction of the public form."""
    with store.begin() as connection:
        enter(connection, Scope(districts=(), role=Reach.INTAKE))
        yield connection


def report(**given: Any) -> NewReport:
    made: dict[str, Any] = {
        "client_id": uuid4(), "receipt_hash": uuid4().bytes, "crime_type": "drug_trafficking",
        "lon": CHIANG_KHONG[0], "lat": CHIANG_KHONG[1],
    } | given  # fmt: skip
    return NewReport(**made)


def hand_in(store: Engine, **given: Any) -> tuple[NewReport, Received]:
    one = report(**given)
    with stranger(store) as connection:
        return one, intake.submit(connection, one)


def only(store: Engine, statement: str, **values: object) -> Any:
    with store.connect() as connection:
        return connection.execute(text(statement), values).mappings().one()


def test_a_report_makes_its_case_evidence_and_history_at_once(border_store: Engine) -> None:
    _, received = hand_in(
        border_store, description="เห็นเรือ\r\nสามลำ\x00\x07", village="บ้านดอนมหาวัน", ongoing=True, photos=[JPEG, JPEG],
        contact_sealed=b"sealed", when_said="now", language="lo",
    )  # fmt: skip
    assert received.is_new
    row = only(
        border_store,
        "select r.*, i.status, i.district_code, i.crime_type as kind, i.occurred_day_only, i.channel as way from report r join incident i on i.id = r.incident_id",
    )
    assert row["public_id"] == received.public_id
    assert (row["status"], row["district_code"], row["kind"], row["way"]) == (
        "received",
        "5703",
        "drug_trafficking",
        "online",
    )
    assert row["description"] == "เห็นเรือ\nสามลำ"
    assert row["ongoing"]
    assert not row["occurred_day_only"]
    assert row["language"] == "lo"
    event = only(border_store, "select * from case_event")
    assert (event["kind"], event["to_status"], event["detail"]["placed"]) == ("received", "received", "point")
    assert only(
        border_store,
        "select count(*) as n, count(distinct incident_id) as cases from evidence where report_id is not null",
    ) == {"n": 2, "cases": 1}
    assert bytes(only(border_store, "select sealed from report_contact")["sealed"]) == b"sealed"
    log = only(border_store, "select * from audit_log")
    assert log["action"] == "report.receive"
    assert log["detail"] == {"channel": "online", "photos": 2, "contact": True}


def test_the_same_report_again_answers_as_the_first_time(border_store: Engine) -> None:
    one, first = hand_in(border_store)
    with stranger(border_store) as connection:
        again = intake.submit(connection, one)
    assert (again.public_id, again.is_new) == (first.public_id, False)
    assert only(border_store, "select count(*) as n from incident")["n"] == 1


def test_eight_sendings_at_the_same_moment_make_one_report(border_store: Engine) -> None:
    one, said = report(), []

    def send() -> None:
        with stranger(border_store) as connection:
            said.append(intake.submit(connection, one))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 8
    assert sum(answer.is_new for answer in said) == 1
    assert len({answer.public_id for answer in said}) == 1
    assert only(border_store, "select (select count(*) from incident) as i, (select count(*) from report) as r") == {
        "i": 1,
        "r": 1,
    }


def test_an_identifier_of_another_sender_is_refused(border_store: Engine) -> None:
    with border_store.begin() as connection:
        connection.execute(text("insert into api_key (partner, key_hash) values ('a', '\\x01')"))
    one, _ = hand_in(border_store)
    with pytest.raises(ReportRefused) as refused, stranger(border_store) as connection:
        intake.submit(connection, report(client_id=one.client_id, channel="agency", api_key_id=1))
    assert refused.value.code == "report.client_id"


@pytest.mark.parametrize(
    ("place", "district", "placed"),
    [
        ({"lon": VIENTIANE[0], "lat": VIENTIANE[1]}, "4307", "nearest"),
        ({"lon": None, "lat": None, "area_code": "5708"}, "5708", "area"),
        ({"lon": None, "lat": None, "area_code": "570801"}, "5708", "area"),
        ({"area_code": "5708"}, "5708", "point_and_area"),
    ],
)
def test_every_report_comes_to_a_district(
    border_store: Engine, place: dict[str, Any], district: str, placed: str
) -> None:
    hand_in(border_store, **place)
    assert only(border_store, "select district_code from incident")["district_code"] == district
    assert only(border_store, "select detail from case_event")["detail"]["placed"] == placed


def test_who_is_not_sure_reports_something_suspicious_of_that_day(border_store: Engine) -> None:
    hand_in(border_store, crime_type=None, description="ไม่แน่ใจ")
    row = only(border_store, "select *, now()::date as today from incident")
    assert (row["crime_type"], row["occurred_day_only"]) == ("suspicious_activity", True)
    assert row["day"] == row["today"]
    assert only(border_store, "select crime_type from report")["crime_type"] is None


def test_of_a_day_only_the_day_is_kept_and_of_a_moment_the_moment(border_store: Engine) -> None:
    day = datetime(2026, 3, 4, tzinfo=BANGKOK)
    hand_in(border_store, when_said="date", occurred_at=day)
    assert only(border_store, "select occurred_at, occurred_day_only from incident") == {
        "occurred_at": day,
        "occurred_day_only": True,
    }
    moment = day.replace(hour=21, minute=5)
    one, _ = hand_in(border_store, when_said="date", occurred_at=moment, crime_type="online_scam")
    row = only(border_store, "select occurred_at, occurred_day_only from incident where crime_type = 'online_scam'")
    assert row == {"occurred_at": moment, "occurred_day_only": False}
    assert one.occurred_at == moment


def test_another_report_near_by_is_hinted_at_by_yes_or_no_alone(border_store: Engine) -> None:
    assert not hand_in(border_store)[1].similar_near
    assert hand_in(border_store, lat=CHIANG_KHONG[1] + 0.005)[1].similar_near
    assert not hand_in(border_store, lat=CHIANG_KHONG[1] + 0.02)[1].similar_near
    assert not hand_in(border_store, crime_type="online_scam")[1].similar_near


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"crime_type": None}, "report.nothing_said", "description"),
        ({"crime_type": None, "description": " \u200b\x00 "}, "report.nothing_said", "description"),
        ({"description": "x" * 4001}, "report.too_long", "description"),
        ({"village": "x" * 121}, "report.too_long", "village"),
        ({"lon": None}, "report.half_point", "place"),
        ({"lon": None, "lat": None}, "report.no_place", "place"),
        ({"lon": 2.35, "lat": 48.85}, "report.far_away", "place"),
        ({"lon": float("nan")}, "report.far_away", "place"),
        ({"lat": float("inf")}, "report.far_away", "place"),
        ({"area_code": "57'; drop"}, "report.area", "place"),
        ({"area_code": "๕๗๐๘"}, "report.area", "place"),
        ({"when_said": "date"}, "report.no_date", "occurred_at"),
        ({"when_said": "yesterday"}, "report.choice", "when_said"),
        ({"occurred_at": datetime(2024, 1, 1)}, "report.date", "occurred_at"),
        ({"occurred_at": datetime(1999, 12, 31, tzinfo=BANGKOK)}, "report.long_ago", "occurred_at"),
        ({"occurred_at": datetime.now(BANGKOK) + timedelta(days=1)}, "report.future", "occurred_at"),
        ({"photos": [JPEG] * 6}, "report.photos", "photos"),
    ],
)
def test_what_cannot_be_is_refused_and_said_where(given: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(ReportRefused) as refused:
        report(**given)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"crime_type": "no_such_type"}, "report.crime_type"),
        ({"area_code": "9999"}, "report.area"),
        ({"area_code": "0101"}, "report.area"),
    ],
)
def test_what_the_store_does_not_know_is_refused_and_nothing_is_written(
    border_store: Engine, given: dict[str, Any], code: str
) -> None:
    with stranger(border_store) as connection, pytest.raises(ReportRefused, match=code.replace(".", r"\.")):
        intake.submit(connection, report(**given))
    assert (
        only(
            border_store,
            "select (select count(*) from report) + (select count(*) from incident) + (select count(*) from audit_log) as n",
        )["n"]
        == 0
    )


def _ask(store: Engine, question: str) -> int:
    with store.begin() as connection:
        return int(connection.execute(
            text("insert into report_question (report_id, question) select max(id), :q from report returning id"), {"q": question}
        ).scalar_one())  # fmt: skip


def test_the_reporter_learns_the_state_and_the_questions_and_no_note(border_store: Engine) -> None:
    one, _ = hand_in(border_store)
    other, _ = hand_in(border_store)
    question = _ask(border_store, "กี่โมง")
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into case_file (incident_id, outcome, outcome_note, open_text) select id, 'arrest', 'secret', 'secret' from incident"
            )
        )
        connection.execute(
            text("insert into case_event (incident_id, kind, note) select id, 'note', 'secret' from incident")
        )
    assert one.receipt_hash is not None
    assert other.receipt_hash is not None
    with stranger(border_store) as connection:
        assert intake.state(connection, b"nobody's") is None
        mine, theirs = intake.state(connection, one.receipt_hash), intake.state(connection, other.receipt_hash)
        assert mine is not None
        assert theirs is not None
        assert mine["questions"] == []
        assert mine["outcome"] is None
        assert set(mine) == {"status", "received_at", "outcome", "closed_at", "disputed_at", "may_dispute", "questions"}
        assert [q["question"] for q in theirs["questions"]] == ["กี่โมง"]
        assert "secret" not in str(mine) + str(theirs)
        assert not intake.answer(connection, one.receipt_hash, question, "not mine to answer")
        assert not intake.answer(connection, other.receipt_hash, 10**30, "no such question")
        assert intake.answer(connection, other.receipt_hash, question, "ตีสาม")
        assert not intake.answer(connection, other.receipt_hash, question, "again")
    assert only(border_store, "select answer from report_question")["answer"] == "ตีสาม"
    assert only(border_store, "select count(*) as n from case_event where kind = 'answered'")["n"] == 1


def test_this_is_not_right_reopens_a_closed_case_and_nothing_else(border_store: Engine) -> None:
    one, _ = hand_in(border_store)
    assert one.receipt_hash is not None
    with stranger(border_store) as connection:
        assert not intake.dispute(connection, one.receipt_hash, "too early")
    with border_store.begin() as connection:
        people = (
            connection.execute(
                text(
                    "insert into person (login, name, role) values ('one', '1', 'officer'), ('two', '2', 'chief') returning id"
                )
            )
            .scalars()
            .all()
        )
        connection.execute(text("update incident set status = 'closed'"))
        connection.execute(
            text(
                "insert into case_file (incident_id, outcome, closing_by, closing_at, closed_by, closed_at) select id, 'arrest', :a, now(), :b, now() from incident"
            ),
            {"a": people[0], "b": people[1]},
        )
    with stranger(border_store) as connection:
        before = intake.state(connection, one.receipt_hash)
        assert before is not None
        assert (before["outcome"], before["may_dispute"]) == ("arrest", True)
        assert intake.dispute(connection, one.receipt_hash, "ไม่จริง")
        assert not intake.dispute(connection, one.receipt_hash, "twice")
    row = only(border_store, "select i.status, f.* from incident i join case_file f on f.incident_id = i.id")
    assert row["status"] == "verifying"
    assert row["reopened_at"] is not None
    assert row["closed_at"] is None
    assert row["closing_by"] is None
    assert row["outcome"] is None
    assert only(border_store, "select dispute_note from report")["dispute_note"] == "ไม่จริง"
    event = only(border_store, "select * from case_event where kind = 'disputed'")
    assert (event["from_status"], event["to_status"], event["detail"]["outcome"]) == ("closed", "verifying", "arrest")


@pytest.mark.parametrize(
    "statement",
    [
        *(f"select 1 from {table}" for table in (
            "incident", "incident_count", "report", "report_contact", "report_question", "case_file", "case_event", "fact_check",
            "evidence", "referral", "log_entry", "person", "sign_in", "api_key", "audit_log", "notification", "checkpoint", "patrol",
            "incident_outline",
        )),
        "insert into report (channel) values ('online')",
        "insert into incident (crime_type, occurred_at, channel) values ('contraband', now(), 'online')",
        "update incident set status = 'closed'",
        "delete from report",
        "select audit('x', 'y')",
    ],
)  # fmt: skip
def test_the_public_form_can_read_and_write_nothing_else(border_store: Engine, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), stranger(border_store) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("role", ["app", "centre", "wide", "planner", "agency"])
def test_no_other_role_calls_the_functions_of_the_public_form(border_store: Engine, role: str) -> None:
    for call in ("report_state('\\x00')", "answer_question('\\x00', 1, '')", "dispute_report('\\x00', '')"):
        with border_store.begin() as connection:
            connection.execute(text("select set_config('role', :role, true)"), {"role": f"watch_{role}"})
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text(f"select {call}"))


def test_a_coordinator_hands_in_under_the_own_name_and_a_stranger_cannot(border_store: Engine) -> None:
    with border_store.begin() as connection:
        connection.execute(text("insert into person (login, name, role) values ('kamnan', 'ก', 'coordinator')"))
    one = report(channel="coordinator", receipt_hash=None)
    with pytest.raises(ReportRefused, match=r"report\.choice"), stranger(border_store) as connection:
        intake.submit(connection, one)
    with border_store.begin() as connection:
        enter(connection, Scope(districts=(), role=Reach.COORDINATOR), 1)
        intake.submit(connection, one)
        assert connection.execute(text("select entered_by, client_id from report")).one() == (
            1,
            UUID(str(one.client_id)),
        )


@pytest.mark.parametrize("lat", [0.0, 5e-324, 1e-310, 1e-200, 17.123456789012345])
def test_no_latitude_is_too_small_to_be_taken(border_store: Engine, lat: float) -> None:
    with border_store.begin() as connection:
        key = connection.execute(text("select zkey(102.7, :lat)"), {"lat": lat}).scalar_one()
        assert key > 0
