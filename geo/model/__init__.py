"""Plain values of the domain: frozen dataclasses and enumerations, no database, no drawing."""

from geo.model.filter import IncidentFilter, Reach, Scope
from geo.model.incident import Channel, LocationCheck, Status
from geo.model.patrol import CheckpointStatus, PatrolStatus
from geo.model.reference import Agency, CrimeType, District

__all__ = [
    "Agency",
    "Channel",
    "CheckpointStatus",
    "CrimeType",
    "District",
    "IncidentFilter",
    "LocationCheck",
    "PatrolStatus",
    "Reach",
    "Scope",
    "Status",
]
