"""What the server does by itself beside serving: once an hour it folds the counts behind the map and asks for late reports."""

from __future__ import annotations

import asyncio
import logging
import time
from secrets import SystemRandom

from geo.actions.counts import fold_counts
from geo.actions.month_reports import remind_late
from geo.errors import DatabaseUnavailable

__all__ = ["keep_folded"]

log = logging.getLogger("watch.upkeep")

EVERY_S = 3600.0
FIRST_S = (300.0, 1500.0)
"""The first time is drawn from this: processes that start together do not fold together, and none while it starts."""
AGAIN_S = 300.0
"""After a failure."""
LONG_S = 10.0
"""What takes longer is logged."""


async def keep_folded(libpq_url: str) -> None:
    """Fold for ever. Where the database is away it is asked again minutes later."""
    chance = SystemRandom()
    wait = chance.uniform(*FIRST_S)
    while True:
        await asyncio.sleep(wait)
        start = time.monotonic()
        try:
            rows = await fold_counts(libpq_url)
            await remind_late(libpq_url)
        except DatabaseUnavailable as error:
            log.warning("counts could not be folded: %s", type(error.__cause__ or error).__name__)
            wait = AGAIN_S * chance.uniform(0.8, 1.2)
            continue
        took = time.monotonic() - start
        if took > LONG_S:
            log.warning("folding %d rows of counts took %.0f s", rows, took)
        wait = EVERY_S * chance.uniform(0.9, 1.1)
