"""Referrals with their clocks: by agency, by district, and those of whom nobody takes care."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model import Scope
from geo.model.clock import Clock, ClockName

__all__ = ["Referral", "list_referrals", "orphans", "read_referral", "referrals_of"]


@dataclass(frozen=True, slots=True)
class Referral:
    """A case as it was sent to one agency.

    Attributes
    ----------
    state
        sent, accepted, returned, lapsed, withdrawn or done.
    accepted_name
        Who signed the acknowledgement, of an agency without accounts.
    ended_name
        Who signed that it is returned or done, of an agency without accounts.
    orphan
        Nobody takes care of it: not answered in time, or returned or lapsed and the case sent to nobody since.
    """

    id: int
    of: str
    crime_type: str
    district_code: str | None
    agency: str
    state: str
    note: str | None
    sent_by: str | None
    sent_at: datetime
    answer_due: datetime
    accepted_by: str | None
    accepted_at: datetime | None
    accepted_name: str | None
    return_reason: str | None
    outcome_due: datetime | None
    outcome: str | None
    outcome_note: str | None
    ended_by: str | None
    ended_at: datetime | None
    ended_name: str | None
    orphan: bool

    @property
    def clock(self) -> Clock:
        """The one that counts now: until the answer, after it until the outcome."""
        if self.accepted_at is None or self.outcome_due is None:
            return Clock(ClockName.REFERRAL_ANSWER, self.sent_at, self.answer_due, self.ended_at)
        return Clock(ClockName.REFERRAL_OUTCOME, self.accepted_at, self.outcome_due, self.ended_at)


_ORPHAN = (
    "(r.state = 'sent' and r.answer_due < now() or r.state in ('returned', 'lapsed') and i.status = 'referred'"
    " and not exists (select from referral o where o.incident_id = r.incident_id and o.id <> r.id"
    " and (o.state in ('sent', 'accepted', 'done') or o.id > r.id and o.state <> 'withdrawn')))"
)
_SELECT = (
    "select r.id, i.public_id, i.crime_type, i.district_code, r.agency, r.state, r.note, s.name, r.sent_at, r.answer_due, a.name,"
    " r.accepted_at, r.accepted_name, r.return_reason, r.outcome_due, r.outcome, r.outcome_note, e.name, r.ended_at, r.ended_name,"
    f" {_ORPHAN} from referral r join incident i on i.id = r.incident_id left join person s on s.id = r.sent_by"
    " left join person a on a.id = r.accepted_by left join person e on e.id = r.ended_by"
)


def list_referrals(
    connection: Connection,
    scope: Scope,
    *,
    agency: str | None = None,
    states: Collection[str] = (),
    district: str | None = None,
    after: int | None = None,
    limit: int = 100,
) -> tuple[Referral, ...]:
    """Referrals newest first: of an agency for its own people, of the districts for the others.

    Parameters
    ----------
    states
        To keep; empty means all.
    after
        ``id`` of the last one of the page before.
    """
    where, values = _where(scope, agency, district)
    if states:
        where += " and r.state = any(:states)"
        values["states"] = list(states)
    if after is not None:
        where += " and r.id < :after"
        values["after"] = after
    rows = connection.execute(
        text(f"{_SELECT} where true{where} order by r.id desc limit :limit"), values | {"limit": limit}
    )
    return tuple(Referral(*row) for row in rows)


def orphans(
    connection: Connection, scope: Scope, *, agency: str | None = None, district: str | None = None
) -> tuple[Referral, ...]:
    """Referrals of whom nobody takes care, the oldest first."""
    where, values = _where(scope, agency, district)
    rows = connection.execute(
        text(
            f"{_SELECT} where r.state in ('sent', 'returned', 'lapsed') and {_ORPHAN}{where} order by r.sent_at, r.id"
        ),
        values,
    )
    return tuple(Referral(*row) for row in rows)


def referrals_of(connection: Connection, cases: list[int]) -> tuple[Referral, ...]:
    """The referrals of some cases, oldest first."""
    rows = connection.execute(text(f"{_SELECT} where r.incident_id = any(:cases) order by r.id"), {"cases": cases})
    return tuple(Referral(*row) for row in rows)


def read_referral(connection: Connection, referral: int) -> Referral:
    """One referral.

    Raises
    ------
    NotFound
        ``referral.not_found``: there is none, or not for this viewer.
    """
    row = connection.execute(text(f"{_SELECT} where r.id = :id"), {"id": referral}).one_or_none()
    if row is None:
        raise NotFound("referral.not_found")
    return Referral(*row)


def _where(scope: Scope, agency: str | None, district: str | None) -> tuple[str, dict[str, Any]]:
    where, values = "", {}
    for condition, name, value in (
        (" and i.district_code = any(:scope)", "scope", None if scope.districts is None else list(scope.districts)),
        (" and r.agency = :own", "own", scope.agency),
        (" and r.agency = :agency", "agency", agency),
        (" and i.district_code = :district", "district", district),
    ):
        if value is not None:
            where += condition
            values[name] = value
    return where, values
