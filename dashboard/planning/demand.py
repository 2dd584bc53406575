"""What checkpoints are for: graded incidents of a period, each with a weight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Floats
from geo.model import Channel, IncidentFilter, Scope, Status
from geo.queries.incident_points import incident_points

__all__ = ["Demand", "DemandAsked", "demand"]

CHECKED = tuple(map(str, (Status.VERIFIED, Status.REFERRED, Status.CLOSED)))
CHANNELS = tuple(str(channel) for channel in Channel if channel is not Channel.PATROL)


@dataclass(frozen=True, slots=True)
class DemandAsked:
    first: date
    last: date
    districts: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    x: Floats
    y: Floats
    weight: Floats
    crime_type: npt.NDArray[np.object_]
    district_code: npt.NDArray[np.object_]


def demand(connection: Any, scope: Scope, asked: DemandAsked) -> Demand:
    chosen = IncidentFilter(asked.first, asked.last, (), asked.districts, CHECKED, CHANNELS)
    found = incident_points(connection, scope, chosen)
    found = found.only(np.isfinite(found.x))
    weights = dict(asked.weights)
    assert found.kind is not None
    assert found.district is not None
    return Demand(
        found.x,
        found.y,
        np.array([weights.get(str(kind), 1.0) for kind in found.kind], dtype=np.float64),
        found.kind,
        found.district,
    )
