"""A coordinator says that there was nothing to report in a month."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.errors import WatchError
from geo.queries.own_reports import reported_months

__all__ = ["say_quiet"]


def say_quiet(connection: Connection, who: int, area_code: str | None, village: str | None, month: date) -> bool:
    """Record it; false where it was recorded already, also by another coordinator of the same village.

    Parameters
    ----------
    month
        Its first day.

    Raises
    ------
    WatchError
        ``coordinator.no_area``; ``coordinator.month_ahead``; ``coordinator.has_reports``: this person reported something then.
    """
    if area_code is None:
        raise WatchError("coordinator.no_area")
    now = connection.execute(text("select now()")).scalar_one().astimezone(ZoneInfo(TIMEZONE))
    if month.replace(day=1) > now.date():
        raise WatchError("coordinator.month_ahead")
    if n := reported_months(connection, who, month).get(month, 0):
        raise WatchError("coordinator.has_reports", n=n)
    made = connection.execute(
        text(
            "insert into quiet_month (area_code, village, month, person_id) values (:area, :village, :month, :who)"
            " on conflict do nothing"
        ),
        {"area": area_code, "village": village or "", "month": month, "who": who},
    ).rowcount
    if made:
        audit(connection, "quiet_month.say", f"area:{area_code}", month=month.isoformat())
    return bool(made)
