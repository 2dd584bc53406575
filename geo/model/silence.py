"""Words of silence: what came of a call to somebody of whom nothing was heard."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["LONGEST_CONTACT", "LONGEST_NOTE", "CallOutcome"]

LONGEST_CONTACT = 200
LONGEST_NOTE = 1000


class CallOutcome(StrEnum):
    """What came of it. Whoever says that there was nothing has confirmed the month."""

    WILL_REPORT = "will_report"
    NOTHING = "nothing"
    UNREACHABLE = "unreachable"
    REPLACED = "replaced"
