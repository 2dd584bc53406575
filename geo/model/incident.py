"""States and channels of an incident. Crime types, agencies and districts are rows, not enums."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["HIDDEN_STATUSES", "Channel", "LocationCheck", "Status"]


class Status(StrEnum):
    """How far the checking of an incident has got."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    UNFOUNDED = "unfounded"
    DUPLICATE = "duplicate"
    REFERRED = "referred"
    CLOSED = "closed"


HIDDEN_STATUSES = frozenset({Status.UNFOUNDED, Status.DUPLICATE})
"""Not drawn and not counted unless asked for."""


class Channel(StrEnum):
    """How the incident became known."""

    COORDINATOR = "coordinator"
    ONLINE = "online"
    PATROL = "patrol"
    AGENCY = "agency"


class LocationCheck(StrEnum):
    """What the point says about the district."""

    INSIDE = "inside"
    SNAPPED = "snapped"
    OUTSIDE = "outside"
    NO_POINT = "no_point"
