"""The audit log's chain: whole as it was written, and broken at the first entry that somebody touched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from geo.actions.audit import act_as, audit
from geo.queries.audit import head, verify


def _write(store: Engine, n: int) -> None:
    for number in range(n):
        with store.begin() as connection:
            act_as(connection, number or None)
            audit(connection, "case.verify", f"incident:{number}", grade="B2", n=number, said=None)


def _tamper(store: Engine, *statements: str) -> None:
    """As a superuser would who knows of the trigger."""
    with store.begin() as connection:
        connection.execute(text("alter table audit_log disable trigger user"))
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(text("alter table audit_log enable trigger user"))


def test_an_empty_log_is_whole(store: Engine) -> None:
    with store.connect() as connection:
        chain = verify(connection)
        assert (chain.entries, chain.broken) == (0, None)
        assert chain == head(connection)
        assert len(chain.head) == 64


def test_a_log_as_it_was_written_is_whole_also_when_many_wrote_at_once(store: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _write(store, 5), range(4)))
    with store.connect() as connection:
        chain = verify(connection)
        assert (chain.entries, chain.broken) == (20, None)
        connection.execute(text("set timezone to 'America/Lima'"))
        assert verify(connection) == chain


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        (["update audit_log set action = 'case.close' where id = 3"], 3),
        (["update audit_log set subject = 'incident:9' where id = 1"], 1),
        (["update audit_log set person_id = 7 where id = 5"], 5),
        (["update audit_log set person_id = null where id = 2"], 2),
        (["update audit_log set at = at + interval '1 microsecond' where id = 4"], 4),
        (["update audit_log set detail = detail - 'said' where id = 2"], 2),
        (["delete from audit_log where id = 3"], 4),
        (["delete from audit_log where id = 1"], 2),
        (["delete from audit_log where id = 3", "update audit_log set id = id - 1 where id > 3"], 3),
        (
            [
                "update audit_log set action = 'x' where id = 3",
                "update audit_log set hash = audit_hash(id, at, person_id, action, subject, detail, previous) where id = 3",
            ],
            4,
        ),
        (
            [
                "insert into audit_log select 7, at, person_id, action, subject, detail, previous, hash from audit_log where id = 6"
            ],
            7,
        ),
    ],
)
def test_whatever_was_touched_the_first_broken_entry_is_named(
    store: Engine, statements: list[str], broken: int
) -> None:
    _write(store, 6)
    with store.connect() as connection:
        assert verify(connection).broken is None
    _tamper(store, *statements)
    with store.connect() as connection:
        assert verify(connection).broken == broken


def test_a_cut_end_shows_only_in_the_head(store: Engine) -> None:
    _write(store, 4)
    with store.connect() as connection:
        before = head(connection)
    _tamper(store, "delete from audit_log where id = 4")
    with store.connect() as connection:
        after = verify(connection)
    assert after.broken is None
    assert (after.entries, after.head) != (before.entries, before.head)


def test_the_chain_is_checked_across_the_slices_in_which_it_is_read(store: Engine) -> None:
    _write(store, 10)
    for at_once in (1, 3, 5, 10, 11):
        with store.connect() as connection:
            assert verify(connection, at_once) == verify(connection)
    _tamper(store, "update audit_log set previous = sha256('x') where id = 7")
    for at_once in (1, 3, 6, 7, 100):
        with store.connect() as connection:
            assert verify(connection, at_once).broken == 7
