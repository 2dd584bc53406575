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

__all__ = ["Demand", "DemandAsked", "demand", "weighed"]

CHECKED = tuple(map(str, (Status.VERIFIED, Status.REFERRED, Status.CLOSED)))
CHANNELS = tuple(str(channel) for channel in Channel if channel is not Channel.PATROL)


@dataclass(frozen=True, slots=True)
class DemandAsked:
    """What makes the demand; types that ``weights`` does not name count 1, so that a kept question never changes its meaning."""

    first: date
    last: date
    districts: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """One row an incident: metres around the middle of the border, its weight, type and district; shape (n,)."""

    x: Floats
    y: Floats
    weight: Floats
    crime_type: npt.NDArray[np.object_]
    district_code: npt.NDArray[np.object_]


def demand(connection: Any, scope: Scope, asked: DemandAsked) -> Demand:
    """The demand of a question, with the rights that the connection has."""
    chosen = IncidentFilter(asked.first, asked.last, (), asked.districts, CHECKED, CHANNELS)
    found = incident_points(connection, scope, chosen)
    found = found.only(np.isfinite(found.x))
    assert found.kind is not None
    assert found.district is not None
    return Demand(
        found.x,
        found.y,
        weighed(found.kind, asked.weights),
        found.kind,
        found.district,
    )


def weighed(crime_type: npt.NDArray[np.object_], weights: tuple[tuple[str, float], ...]) -> Floats:
    """What incidents of these types count, shape (n,): 1 where the weights do not name their type."""
    known = dict(weights)
    return np.array([known.get(str(kind), 1.0) for kind in crime_type], dtype=np.float64)
