"""Plain values of the domain: frozen dataclasses and enumerations, no database, no drawing."""

from geo.model.filter import IncidentFilter, Scope
from geo.model.incident import Channel, LocationCheck, Status
from geo.model.patrol import CheckpointStatus, PatrolStatus

__all__ = [
    "Channel",
    "CheckpointStatus",
    "IncidentFilter",
    "LocationCheck",
    "PatrolStatus",
    "Scope",
    "Status",
]
