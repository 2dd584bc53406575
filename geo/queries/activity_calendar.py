"""What is on when: the few facts of activities that everybody of a district may know, also its coordinators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, text

from geo.model.activity import ActivityKind, ActivityState

__all__ = ["MOST", "Entry", "calendar_entries"]

MOST = 5000
"""Entries of one calendar."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity in a calendar; fields as in `geo.model.activity.NewActivity`.

    Attributes
    ----------
    area_th, area_en, partner_th, partner_en
        Names of its sub-district or village, and of the district across the border.
    revision, changed_at
        Grow with every change.
    """

    id: int
    district: str
    kind: ActivityKind
    title: str
    state: ActivityState
    first_day: date
    last_day: date
    begins: time | None
    ends: time | None
    village: str | None
    place: str | None
    area_th: str | None
    area_en: str | None
    partner: str | None
    partner_th: str | None
    partner_en: str | None
    revision: int
    changed_at: datetime
    is_demo: bool


def calendar_entries(
    connection: Connection,
    first: date,
    last: date,
    *,
    districts: tuple[str, ...] | None = None,
    kinds: tuple[ActivityKind, ...] = (),
    cancelled: bool = False,
) -> tuple[Entry, ...]:
    """Entries that touch a period, the earliest first, at most `MOST`. With the reader's rights (`geo.db.scope.enter`).

    Parameters
    ----------
    first, last
        Days in Asia/Bangkok, both included.
    cancelled
        Whether what was cancelled is told too, so that a telephone takes it out.
    """
    rows = connection.execute(
        text(
            "select a.id, a.district_code, a.kind, a.title, a.state, a.first_day, a.last_day, a.begins, a.ends, a.village, a.place,"
            " s.name_th, s.name_en, a.partner, b.name_th, b.name_en, a.revision, a.changed_at, a.is_demo from activity a"
            " left join area s on s.code = a.area_code left join area b on b.code = a.partner_code"
            " where a.first_day <= :last and a.last_day >= :first and (:cancelled or a.state <> 'cancelled')"
            " and (cast(:districts as text[]) is null or a.district_code = any(:districts))"
            " and (cast(:kinds as text[]) = '{}' or a.kind = any(:kinds))"
            f" order by a.first_day, a.begins nulls first, a.id limit {MOST}"
        ),
        {
            "first": first,
            "last": last,
            "cancelled": cancelled,
            "districts": None if districts is None else list(districts),
            "kinds": [str(kind) for kind in kinds],
        },
    )
    return tuple(
        Entry(number, district, ActivityKind(kind), title, ActivityState(state), *more)
        for number, district, kind, title, state, *more in rows
    )
