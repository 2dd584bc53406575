"""An incident as it is written to the store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from geo.model.incident import Channel, Status

__all__ = ["NewIncident"]


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What is known of an incident that comes in; the store finds its district.

    Attributes
    ----------
    row
        Row of the file that it came from.
    crime_type, other_types
        Code of the main crime type, and of others that were named with it.
    occurred_at, day_only
        Aware moment; midnight in Asia/Bangkok where only the day is known.
    reported_at
        Aware moment at which it was reported.
    district
        Code of the district that was stated, if one was.
    location_note
        Where it was, in the reporter's words.
    lon, lat
        Degrees (WGS 84), or both nothing.
    description
        What happened, in the reporter's words.
    source_id
        The number that its source gives it.
    """

    row: int
    crime_type: str
    other_types: tuple[str, ...]
    occurred_at: datetime
    day_only: bool
    reported_at: datetime
    status: Status
    channel: Channel
    district: str | None
    location_note: str
    lon: float | None
    lat: float | None
    description: str
    source_id: str

    @property
    def source_key(self) -> str:
        """The same for the same incident in any file: what happened, when and where, as understood.

        State, channel and time of reporting are left out: they are news about the incident, not the incident.
        """
        point = None if self.lon is None or self.lat is None else [f"{self.lon:.6f}", f"{self.lat:.6f}"]
        identity = [
            self.source_id,
            self.crime_type,
            *self.other_types,
            self.occurred_at.timestamp(),
            self.day_only,
            self.district,
            point,
            self.location_note,
            self.description,
        ]
        return hashlib.sha256(json.dumps(identity, ensure_ascii=True).encode()).hexdigest()
