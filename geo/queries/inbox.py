"""The inbox of a district centre: cases in the order in which they need a person, and why each one does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import WatchError
from geo.model import Reach, Scope, Status
from geo.model.case import ENDED, OPEN, Grade
from geo.model.clock import ClockName
from geo.queries.case_settings import targets
from geo.queries.inbox_sql import OVERDUE, WHY, inbox_sql

__all__ = ["Group", "InboxCounts", "InboxFilter", "InboxRow", "count_inbox", "inbox", "inbox_with_counts"]

_NUMBER = re.compile(r"(?:NTS)?(?:(\d\d)-)?(\d{1,9})", re.IGNORECASE)
_MOST_WORDS = 6


class Group(IntEnum):
    """What a case needs most, the most urgent first."""

    OVERDUE = 0
    REPORTER = 1
    """The reporter answered, or says that the outcome is not right."""
    SECOND_PERSON = 2
    """Somebody else asked to close it."""
    ORPHAN = 3
    """Referred, but returned or lapsed, and sent to nobody since."""
    FOUND = 4
    """A unit or an agency said what came of it; somebody has to decide."""
    NEW = 5
    """Nobody looked at it yet."""
    RECHECK = 6
    """Closed, and drawn for a re-check."""
    GOING = 7
    """Under way, in time."""
    ENDED = 8
    """Only where ended states are asked for; newest first."""


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which cases to list.

    Attributes
    ----------
    mine, officer
        Only those of this officer (``person.id``); `inbox_with_counts` counts beyond ``mine``, but not beyond ``officer``.
    nobodys
        Only those that nobody has.
    types
        Crime types to keep; empty means all.
    words
        The number of a case, whole or its last digits, or words of its reports and of its place: found in whatever state, and
        ``statuses`` count for nothing.
    districts, statuses
        Codes to keep; empty means all districts of the scope, and every state in which something is left to do. Ended
        states list the cases that were handled here.
    groups
        To keep; empty means all.
    """

    mine: int | None = None
    officer: int | None = None
    nobodys: bool = False
    types: tuple[str, ...] = ()
    words: str = ""
    districts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        if unknown := set(self.statuses) - set(Status):
            raise ValueError(f"unknown status: {sorted(unknown)}")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One case of the list.

    Attributes
    ----------
    why
        Codes of what calls for somebody, the most urgent first: ``<clock>_overdue`` for each `ClockName`, and
        ``disputed, answered, closing_waiting, referral_returned, referral_lapsed, check_done, referral_done, new, recheck``.
    due, clock
        The clock that runs out next, or ran out first.
    reports, merged
        How many reports it has.
    key
        Hand it to `inbox` as ``after`` to read on.
    """

    id: int
    public_id: str
    crime_type: str
    status: str
    channel: str
    district_code: str | None
    occurred_at: datetime
    occurred_day_only: bool
    reported_at: datetime
    grade: Grade | None
    officer_id: int | None
    officer: str | None
    closing_by: int | None
    reports: int
    group: Group
    why: tuple[str, ...]
    due: datetime | None
    clock: ClockName | None
    key: str

    @property
    def overdue(self) -> bool:
        """Whether some clock has run out."""
        return self.group == Group.OVERDUE


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many cases the filter keeps, in all, by group and by state; and how many are whose."""

    total: int
    groups: dict[Group, int]
    statuses: dict[str, int]
    mine: int
    nobodys: int


def inbox(
    connection: Connection,
    scope: Scope,
    chosen: InboxFilter | None = None,
    *,
    now: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[InboxRow, ...]:
    """Cases in the order in which they need a person.

    Parameters
    ----------
    now
        Aware moment by which clocks are judged; the database's by default. Hand on the same for every page.
    after
        `InboxRow.key` of the last row of the page before.

    Raises
    ------
    WatchError
        ``inbox.key``: ``after`` is no such key.
    """
    sql, values = _query(connection, scope, chosen or InboxFilter(), now, _position(after) | {"limit": limit})
    rows = connection.execute(text(f"with {sql} {_page(after)}"), values).mappings()
    return tuple(_row(row) for row in rows)


def inbox_with_counts(
    connection: Connection,
    scope: Scope,
    chosen: InboxFilter,
    *,
    who: int,
    now: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[tuple[InboxRow, ...], InboxCounts]:
    """A page of the open cases, and the counts of the whole list that ``chosen`` narrows by ``mine`` and ``groups``.

    Both of one reading, which is most of the work. Parameters as of `inbox` and `count_inbox`.
    """
    whole = replace(chosen, mine=None, groups=())
    sql, values = _query(connection, scope, whole, now, _position(after) | {"limit": limit, "who": who})
    kept = []
    if chosen.mine is not None:
        kept, values["mine"] = ["officer_id = :mine"], chosen.mine
    if chosen.groups:
        kept, values["groups"] = [*kept, "rank = any(:groups)"], [int(group) for group in chosen.groups]
    found = connection.execute(
        text(
            f"with {sql}, counted as (select rank, status, officer_id = :who as mine, officer_id is null as nobodys, count(*) as n"
            f" from listed group by 1, 2, 3, 4), page as ({_page(after, kept)})"
            " select page.*, counted.rows as counted from (select coalesce(jsonb_agg(to_jsonb(c)), '[]') as rows from counted c)"
            " counted left join page on true order by page.rank, page.sort, page.id"
        ),
        values,
    ).mappings()
    rows = found.all()
    counted = [_Counted(**row) for row in rows[0]["counted"]]
    return tuple(_row(row) for row in rows if row["id"] is not None), _counts(counted)


def _page(after: str | None, kept: Sequence[str] = ()) -> str:
    where = [*kept, *(["(rank, sort, id) > (:rank, :sort, :id)"] if after is not None else [])]
    return (
        "select l.*, p.name as officer, (select count(*) from report r where r.incident_id = l.id) as reports"
        f" from (select * from listed{' where ' if where else ''}{' and '.join(where)} order by rank, sort, id limit :limit) l"
        " left join person p on p.id = l.officer_id order by rank, sort, l.id"
    )


def count_inbox(
    connection: Connection,
    scope: Scope,
    chosen: InboxFilter | None = None,
    *,
    who: int | None = None,
    now: datetime | None = None,
) -> InboxCounts:
    """Counts over the whole list that `inbox` pages through. ``who``: whose cases are ``mine``."""
    sql, values = _query(connection, scope, chosen or InboxFilter(), now)
    rows = connection.execute(
        text(
            f"with {sql} select rank, status, officer_id = :who as mine, officer_id is null as nobodys, count(*) as n"
            " from listed group by 1, 2, 3, 4"
        ),
        values | {"who": who},
    )
    return _counts(_Counted(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Counted:
    rank: int
    status: str
    mine: bool | None
    nobodys: bool
    n: int


def _counts(rows: Iterable[_Counted]) -> InboxCounts:
    groups: dict[Group, int] = {}
    statuses: dict[str, int] = {}
    total = mine = nobodys = 0
    for row in rows:
        groups[Group(row.rank)] = groups.get(Group(row.rank), 0) + row.n
        statuses[row.status] = statuses.get(row.status, 0) + row.n
        total += row.n
        mine += row.n if row.mine else 0
        nobodys += row.n if row.nobodys else 0
    return InboxCounts(total, groups, statuses, mine, nobodys)


def _query(
    connection: Connection, scope: Scope, chosen: InboxFilter, now: datetime | None, more: dict[str, Any] | None = None
) -> tuple[str, dict[str, Any]]:
    wanted = [Status(status) for status in chosen.statuses]
    newest = bool(wanted) and ENDED.issuperset(wanted) and "limit" in (more or {}) and not chosen.groups
    limits = targets(connection)
    values: dict[str, Any] = {
        "now": now or connection.execute(text("select now()")).scalar_one(),
        "statuses": [str(status) for status in wanted if status in OPEN] if wanted else sorted(OPEN),
        "ended": [str(status) for status in wanted if status in ENDED],
    }
    values |= {f"{name}_span": limits.span(name) for name in ClockName}
    if scope.districts is not None:
        values["scope"] = list(scope.districts)
    if chosen.districts:
        values["districts"] = list(chosen.districts)
    if chosen.mine is not None:
        values["mine"] = chosen.mine
    if chosen.groups:
        values["groups"] = [int(group) for group in chosen.groups]
    if chosen.officer is not None:
        values["officer"] = chosen.officer
    if chosen.types:
        values["types"] = list(chosen.types)
    if chosen.nobodys:
        values["nobodys"] = True
    values |= _searched(chosen.words) | (more or {})
    sql = inbox_sql(
        values,
        newest=newest,
        questions=scope.role == Reach.CENTRE,
        recheck=not wanted,
        waiting=not wanted or not {Status.RECEIVED, Status.VERIFYING}.isdisjoint(wanted),
    )
    return sql, values


def _searched(words: str) -> dict[str, Any]:
    """What is bound to look for a number or for words."""
    said = words.split()[:_MOST_WORDS]
    if len(said) == 1 and (number := _NUMBER.fullmatch(said[0])):
        years = [number[1]] if number[1] else [f"{year:02d}" for year in range(100)]
        return {"numbers": [f"NTS{year}-{int(number[2]):07d}" for year in years]}
    literal = [re.sub(r"([\\%_])", r"\\\1", word) for word in said]
    return {f"word_{n}": f"%{word}%" for n, word in enumerate(literal)}


def _position(after: str | None) -> dict[str, int]:
    return {} if after is None else dict(zip(("rank", "sort", "id"), _parsed(after), strict=True))


def _row(row: Any) -> InboxRow:
    return InboxRow(
        id=row["id"],
        public_id=row["public_id"],
        crime_type=row["crime_type"],
        status=row["status"],
        channel=row["channel"],
        district_code=row["district_code"],
        occurred_at=row["occurred_at"],
        occurred_day_only=row["occurred_day_only"],
        reported_at=row["reported_at"],
        grade=None if row["source_grade"] is None else Grade(row["source_grade"], row["info_grade"]),
        officer_id=row["officer_id"],
        officer=row["officer"],
        closing_by=row["closing_by"],
        reports=row["reports"],
        group=Group(row["rank"]),
        why=_why(row),
        due=row["due"],
        clock=next((name for name in ClockName if row["due"] and row[f"{name}_due"] == row["due"]), None),
        key=f"{row['rank']}.{row['sort']}.{row['id']}",
    )


def _why(row: Any) -> tuple[str, ...]:
    late = sorted((row[f"{name}_due"], f"{name}_overdue") for name in OVERDUE if row[f"{name}_late"])
    return (*(code for _, code in late), *(code for code in WHY if row[code]))


def _parsed(key: str) -> Sequence[int]:
    parts = key.split(".")
    try:
        if len(parts) != 3:
            raise ValueError
        return [int(part) for part in parts]
    except ValueError:
        raise WatchError("inbox.key") from None
