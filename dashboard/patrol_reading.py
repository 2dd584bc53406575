"""What the page of patrols reads of the store, kept for as long as nothing changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from dashboard import store
from dashboard.kept import keep
from dashboard.web.live import hub
from geo.model import Scope
from geo.queries import border_passes

__all__ = ["overdue_after", "passes"]

ROUND = timedelta(minutes=5)


def overdue_after() -> timedelta:
    """How long after its time a run counts as late."""
    return timedelta(minutes=store.settings().start_overdue_minutes)


def passes(scope: Scope, now: datetime, days: int, agency: str | None = None) -> pd.DataFrame:
    """The border in pieces as `geo.queries.border_passes.segments`, by the clock of the last five minutes.

    Parameters
    ----------
    days
        So many days back passes are counted.
    """
    moment = datetime.fromtimestamp(now.timestamp() // ROUND.total_seconds() * ROUND.total_seconds(), now.tzinfo)
    return _passes(scope, moment + ROUND, days, agency, hub.version)


@keep(size=40, seconds=600)
def _passes(scope: Scope, now: datetime, days: int, agency: str | None, version: str) -> pd.DataFrame:
    with store.reading(scope) as connection:
        return border_passes.segments(connection, scope, now, now - timedelta(days=days), agency)
