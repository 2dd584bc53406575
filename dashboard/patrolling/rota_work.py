"""What the places of a rota are worth in each part of the day; worked out in a process beside the page's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.patrolling.asked import SCHEMES, RotaQuestion
from dashboard.patrolling.reading import chosen_posts, demand_points
from geo.analysis.arrays import Floats
from geo.analysis.patrolling.by_hour import value_by_window
from geo.analysis.plane import BORDER, Plane
from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused
from geo.model.rota import RotaPost

__all__ = ["rota_posts"]


def rota_posts(
    connection: Connection, question: RotaQuestion
) -> tuple[tuple[RotaPost, ...], tuple[str, ...], dict[str, object]]:
    """The places of a rota with what they are worth in each window, the codes of their districts, and what that rests on.

    Raises
    ------
    AnalysisRefused
        As `demand_points` and `chosen_posts`; ``patrolling.no_demand_near`` where nothing happened near any of them.
    """
    asked, now = question.asked, datetime.now(ZoneInfo(TIMEZONE))
    chosen = asked.demand.incidents(now.date())
    rows = chosen_posts(connection, question.scope, asked.posts, now.date())
    points, weight = demand_points(connection, question.scope, asked.demand, now.date())
    plane = Plane(*BORDER)
    assert points.t is not None
    assert points.day_only is not None
    hour = np.where(points.day_only, np.nan, (points.t % 1) * 24)
    value = value_by_window(
        *plane.metres(rows.lon, rows.lat), points.x, points.y, hour, weight, SCHEMES[asked.scheme], radius=asked.radius
    )
    if not value.any():
        raise AnalysisRefused("patrolling.no_demand_near", km=asked.radius / 1000)
    made = tuple(_post(row, value[at]) for at, (_, row) in enumerate(rows.iterrows()))
    told: dict[str, object] = {
        "first": str(chosen.first), "last": str(chosen.last), "crime_types": list(chosen.crime_types), "radius": asked.radius,
        "incidents": len(points), "scheme": asked.scheme, "weights": dict(asked.demand.weights), "as_of": now.isoformat(timespec="seconds"),
    }  # fmt: skip
    return made, tuple(sorted({str(code) for code in rows.district_code if code})), told


def _post(row: pd.Series, value: Floats) -> RotaPost:
    made = RotaPost(str(row["name_th"]), float(row["lon"]), float(row["lat"]), tuple(map(float, value)), ())
    return replace(made, checkpoint=str(row["code"])) if row["kind"] == "checkpoint" else made
