"""What the server does by itself for people: it tells them of news outside the application, and lets referrals lapse.

Every process of an installation does so; the store hands each something else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from secrets import SystemRandom

from dashboard.outbox.rounds import Outbox
from geo.errors import DatabaseUnavailable

__all__ = ["Telling"]

log = logging.getLogger("watch.outbox")

EVERY_S = 60.0
"""How often it is looked whether something waits to be tried again, or a digest is due."""
TOGETHER_S = 2.0
"""What happens within so long is told in one message."""
TIDY_S = 3600.0
FIRST_TIDY_S = (30.0, 300.0)


class Telling:
    """Sends when something happens, and every minute what did not get through."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def heard(self, table: str) -> None:
        """Take what the `Hub` heard: the name of a table, ``*`` after a gap."""
        if table in {"notification", "*"}:
            self._news.set()

    async def keep_telling(self, outbox: Outbox) -> None:
        """For ever; whatever goes wrong in one round is logged, and the next one comes."""
        chance = SystemRandom()
        tidy_at = time.monotonic() + chance.uniform(*FIRST_TIDY_S)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY_S):
                        await self._news.wait()
                self._news.clear()
                await asyncio.sleep(TOGETHER_S)
                try:
                    await asyncio.to_thread(outbox.round)
                    if time.monotonic() >= tidy_at:
                        lapsed, _ = await asyncio.to_thread(outbox.tidy)
                        tidy_at = time.monotonic() + TIDY_S * chance.uniform(0.9, 1.1)
                        if lapsed:
                            log.info("%d referrals lapsed", lapsed)
                except DatabaseUnavailable as error:
                    log.warning("people could not be told: %s", error.code)
                except Exception:
                    log.exception("people could not be told")
        finally:
            outbox.stop.set()
