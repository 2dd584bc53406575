"""States of checkpoints and patrols."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CheckpointStatus", "PatrolStatus"]


class CheckpointStatus(StrEnum):
    """Whether a checkpoint stands."""

    PLANNED = "planned"
    ACTIVE = "active"
    CLOSED = "closed"


class PatrolStatus(StrEnum):
    """Where a run of a route stands; *start overdue* follows from the clock, not from a person."""

    SCHEDULED = "scheduled"
    READY = "ready"
    START_OVERDUE = "start_overdue"
    ACTIVE = "active"
    DONE = "done"
    CANCELLED = "cancelled"
