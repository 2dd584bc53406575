"""A checkpoint as an office describes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["CheckpointEntry"]


@dataclass(frozen=True, slots=True)
class CheckpointEntry:
    """One row of a list of checkpoints; ``None`` where the row does not say.

    Attributes
    ----------
    row
        Number of the row in the file.
    reference
        The office's own number or code for it; may be empty.
    kind
        ``checkpoint``, ``interception`` or ``river``.
    status
        ``planned``, ``active`` or ``closed``.
    lon, lat
        Degrees, WGS 84.
    """

    row: int
    reference: str
    name: str
    kind: str | None
    agency: str | None
    status: str | None
    valid_from: date | None
    valid_to: date | None
    note: str | None
    lon: float
    lat: float
