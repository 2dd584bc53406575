"""The audit log, as an administrator reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text

from geo.actions.audit import act_as, audit
from geo.actions.people import create_person
from geo.model.person import Role
from geo.queries.audit_entries import AuditFilter, Entry, actions, actors, entries


@pytest.fixture
def log(store: Engine) -> int:
    """Five entries of two people and of nobody; the number of the first person."""
    with store.begin() as connection:
        one = create_person(connection, "one", "คนแรก", Role.PLANNER).id
        two = create_person(connection, "two", "คนที่สอง", Role.PLANNER).id
    with store.begin() as connection:
        for person, action, subject in ((one, "case.open", "incident:NTS69-0000012"), (two, "case.open", "incident:NTS69-0000112"),
                                        (one, "case.close", "incident:NTS69-0000012")):  # fmt: skip
            act_as(connection, person)
            audit(connection, action, subject, outcome="arrest")
    return one


def read(store: Engine, **given: object) -> list[Entry]:
    with store.connect() as connection:
        return list(entries(connection, AuditFilter(**given)))  # type: ignore[arg-type]


def test_entries_are_found_by_person_action_case_and_day(store: Engine, log: int) -> None:
    assert [one.id for one in read(store)] == [5, 4, 3, 2, 1]
    assert [(one.name, one.action) for one in read(store, person=log)] == [
        ("คนแรก", "case.close"),
        ("คนแรก", "case.open"),
    ]
    assert [one.id for one in read(store, actions=("case.open", "case.close"))] == [5, 4, 3]
    assert [one.id for one in read(store, subject="NTS69-0000012")] == [5, 3]
    assert read(store, subject="%") == []
    with store.connect() as connection:
        assert actions(connection) == ("case.close", "case.open", "person.create")
        assert actors(connection)[log] == ("one", "คนแรก")
        assert [one.id for one in entries(connection, AuditFilter(), before=4, limit=2)] == [3, 2]


def test_a_day_is_one_in_bangkok(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(text("alter table audit_log disable trigger user"))
        for number, at in enumerate((datetime(2026, 7, 13, 16, 59, tzinfo=UTC), datetime(2026, 7, 13, 17, 0, tzinfo=UTC),
                                     datetime(2026, 7, 14, 17, 0, tzinfo=UTC)), 1):  # fmt: skip
            audit(connection, "case.open", "incident:x")
            connection.execute(text("update audit_log set at = :at where id = :id"), {"at": at, "id": number})
    day = date(2026, 7, 14)
    assert [one.id for one in read(store, first=day, last=day)] == [2]
    assert [one.id for one in read(store, first=day)] == [3, 2]
    assert [one.id for one in read(store, last=day)] == [2, 1]
