"""Whether more is reported since a training: before and after, in its district and in districts that were like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.analysis.before_after import Change, since
from geo.crs import TIMEZONE
from geo.queries.meeting_material import reporting
from geo.queries.place_since import FEWEST_DAYS, MATCHES, MOST_DAYS, Beside
from geo.queries.since_counts import MATCH_DAYS, hours, matches, names, total, weeks

__all__ = ["Training", "TrainingSince", "training_since", "trainings"]

MOST = 200
"""Trainings to choose from."""


@dataclass(frozen=True, slots=True)
class Training:
    """A training that was held; its title is text of people."""

    activity: int
    district: str
    title: str
    day: date
    people: int


@dataclass(frozen=True, slots=True)
class TrainingSince:
    """Before and after, of reports of coordinators and the public that proved true, by the day on which they came in.

    What came last is often not verified yet: that is so in the districts of comparison too.

    Attributes
    ----------
    split, days
        The day of the training, and the length of each window; the second begins on it.
    change
        Of the whole district, beside the districts of comparison together where there are any.
    beside
        The districts whose number and trend of reports were most alike before, neither next to it nor with a training or a
        decision of their own meanwhile.
    heard_before, heard_after
        Sub-districts from which any report came, true or not.
    hours_before, hours_after
        Of patrols in the district.
    trainings, outreach
        Other trainings, and outreach, in both windows together: who looks at one training sees the others too.
    weeks
        First day and reports of each week.
    """

    split: date
    days: int
    change: Change
    beside: tuple[Beside, ...]
    heard_before: int
    heard_after: int
    hours_before: float
    hours_after: float
    trainings: int
    outreach: int
    weeks: tuple[tuple[date, int], ...]


def trainings(connection: Connection, today: date, districts: tuple[str, ...] | None = None) -> tuple[Training, ...]:
    """Trainings that were held at least `FEWEST_DAYS` ago, the latest first. With the reader's rights.

    Parameters
    ----------
    districts
        Codes; nothing means all that the reader may see.
    """
    rows = connection.execute(
        text(
            "select a.id, a.district_code, a.title, a.first_day, coalesce((select sum(t.men + t.women + t.unstated)"
            " from activity_attendance t where t.activity_id = a.id), 0) from activity a where a.kind = 'training'"
            " and a.state = 'held' and a.first_day <= :until and (cast(:districts as text[]) is null or a.district_code = any(:districts))"
            f" order by a.first_day desc, a.id desc limit {MOST}"
        ),
        {"until": today - timedelta(days=FEWEST_DAYS), "districts": None if districts is None else list(districts)},
    )
    return tuple(Training(number, district, title, day, int(people)) for number, district, title, day, people in rows)


def training_since(connection: Connection, training: Training, today: date) -> TrainingSince | None:
    """What has come in since; nothing where less than a week has passed. With the reader's rights.

    Parameters
    ----------
    today
        The day in Asia/Bangkok; it is not over, and not counted.
    """
    split, district = training.day, training.district
    days = min((today - split).days, MOST_DAYS)
    if days < FEWEST_DAYS:
        return None
    first, eve, last = split - timedelta(days=days), split - timedelta(days=1), split + timedelta(days=days - 1)
    known = _told(connection, split - timedelta(days=max(days, MATCH_DAYS)), last)
    own = known.get(district, pd.Series(dtype=np.int64))
    trained = connection.execute(
        text("select trained_districts(:first, :last)"), {"first": first, "last": last}
    ).scalars()
    like = matches(
        connection, district, own, known, split, (first, last), most=MATCHES, without={str(one) for one in trained}
    )
    called = names(connection, [one.code for one in like])
    beside = tuple(
        Beside(one.code, *called[one.code], total(known[one.code], first, eve), total(known[one.code], split, last))
        for one in like
    )
    other = (sum(one.after for one in beside), sum(one.before for one in beside)) if beside else None
    worked = hours(connection, (district,), split, days)[district]
    row = connection.execute(
        text(
            "select count(*) filter (where kind = 'training'), count(*) filter (where kind in ('news_tower', 'local_radio', 'school',"
            " 'online_post', 'publicity')) from activity where district_code = :district and state = 'held' and id <> :id"
            " and first_day between :first and :last"
        ),
        {"district": district, "id": training.activity, "first": first, "last": last},
    ).one()
    return TrainingSince(
        split=split,
        days=days,
        change=since(total(own, split, last), total(own, first, eve), other),
        beside=beside,
        heard_before=_heard(connection, district, first, eve),
        heard_after=_heard(connection, district, split, last),
        hours_before=worked[0],
        hours_after=worked[1],
        trainings=int(row[0]),
        outreach=int(row[1]),
        weeks=weeks(own, first, split, last),
    )


def _told(connection: Connection, first: date, last: date) -> dict[str, pd.Series[int]]:
    """Reports of each border district by day (since 1970)."""
    rows = connection.execute(
        text("select district_code, day - date '1970-01-01', n from told_by_day(:first, :last)"),
        {"first": first, "last": last},
    )
    frame = pd.DataFrame(rows.all(), columns=["district", "day", "n"])
    return {str(code): rows.set_index("day")["n"].astype(np.int64) for code, rows in frame.groupby("district")}


def _heard(connection: Connection, district: str, first: date, last: date) -> int:
    end = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(TIMEZONE))
    found = reporting(connection, (district,), end, (first, last)).get(district)
    return found.reported if found else 0
