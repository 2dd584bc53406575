"""Who can be given something to do in a meeting, as far as the reader may know their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.model import Reach, Scope

__all__ = ["Assignee", "assignees"]


@dataclass(frozen=True, slots=True)
class Assignee:
    """A person with an account; ``district`` is nothing for those who work for all of them."""

    id: int
    name: str
    role: str
    district: str | None


_WIDE = (
    "select id, name, role, null as district from person where active and role in ('commander', 'planner', 'national')"
)
_STAFF = (
    "select s.id, s.name, s.role, d.code as district from unnest(cast(:districts as text[])) d (code)"
    " cross join lateral district_staff(d.code) s"
)
_ANY = "select id, name, role, null as district from person where active and role in ('officer', 'chief')"


def assignees(connection: Connection, scope: Scope, districts: Sequence[str]) -> tuple[Assignee, ...]:
    """Officers and chiefs of these districts, and those who work for all districts, by name.

    A planner may not know who works in which district, and is told all names without it.
    """
    own = [code for code in districts if scope.districts is None or code in scope.districts]
    staff = _ANY if scope.role is Reach.PLANNER else _STAFF
    values = {} if scope.role is Reach.PLANNER else {"districts": own}
    rows = connection.execute(text(f"{staff} union all {_WIDE} order by district, role, name, id"), values)
    return tuple(Assignee(*row) for row in rows)
