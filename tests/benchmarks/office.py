"""How long the district centre's pages wait for the store: the inbox and a case, in the district with most open cases."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, text

from geo.db.scope import enter
from geo.model import Reach, Scope
from geo.model.case import ENDED
from geo.queries.case import read_case, staff
from geo.queries.case_places import area_names, case_places
from geo.queries.inbox import InboxFilter, InboxRow, count_inbox, inbox, inbox_with_counts
from geo.queries.same_case import same_case

__all__ = ["Office", "measure"]

PAGE = 16
NOBODY = 0


@dataclass(slots=True)
class Office:
    """Milliseconds by what was done; ``open`` cases in the district ``code``."""

    code: str
    open: int = 0
    ms: dict[str, list[float]] = field(default_factory=dict)


def measure(engine: Engine, cases: int) -> Office:
    """Open the inbox, its second page, what ended, and some cases, as an officer of the busiest district. Writes nothing."""
    with engine.connect() as connection:
        found = Office(_busiest(connection))
    scope = Scope(districts=(found.code,), role=Reach.CENTRE)
    with engine.connect() as connection:
        connection.begin()
        enter(connection, scope, NOBODY)
        found.open = count_inbox(connection, scope).total
        rows, _ = inbox_with_counts(connection, scope, InboxFilter(), who=NOBODY, limit=PAGE)
        for _ in range(15):
            _timed(found, "inbox", lambda: _inbox(connection, scope))
            _timed(found, "next page", lambda: _inbox(connection, scope, rows[-1].key))
            _timed(found, "ended", lambda: inbox(connection, scope, InboxFilter(statuses=tuple(ENDED)), limit=PAGE))
            _timed(found, "search by number", lambda: _inbox(connection, scope, words=rows[-1].public_id))
        for _ in range(3):
            _timed(found, "search by words", lambda: _inbox(connection, scope, words="กระบะ"))
        for number in _some(connection, scope, rows, cases):
            _timed(found, "case", lambda number=number: _case(connection, scope, number))
        connection.rollback()
    return found


def _busiest(connection: Connection) -> str:
    return str(
        connection.execute(
            text(
                "select district_code from incident where status in ('received', 'verifying') and district_code is not null"
                " group by 1 order by count(*) desc limit 1"
            )
        ).scalar_one()
    )


def _timed(found: Office, name: str, done: Callable[[], object]) -> None:
    start = time.perf_counter()
    done()
    found.ms.setdefault(name, []).append((time.perf_counter() - start) * 1000)


def _inbox(connection: Connection, scope: Scope, after: str | None = None, words: str = "") -> None:
    chosen = InboxFilter(words=words)
    rows, _ = inbox_with_counts(connection, scope, chosen, who=NOBODY, after=after, limit=PAGE)
    case_places(connection, [row.id for row in rows])


def _case(connection: Connection, scope: Scope, number: str) -> None:
    case = read_case(connection, scope, number)
    staff(connection, str(case.facts["district_code"]))
    area_names(connection, {code for report in case.reports if (code := report.area_code)})
    same_case(connection, scope, number)


def _some(connection: Connection, scope: Scope, rows: tuple[InboxRow, ...], cases: int) -> list[str]:
    """The first of the list, and the newest of the district."""
    newest: Any = connection.execute(
        text("select public_id from incident where district_code = any(:d) order by reported_at desc limit :n"),
        {"d": list(scope.districts or ()), "n": cases},
    ).scalars()
    return [*(row.public_id for row in rows), *newest][:cases]
