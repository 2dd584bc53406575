"""What round trips and rotas are worked out from, read with the rights of whoever asks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.i18n import t
from dashboard.patrolling.asked import Demand
from dashboard.planning.demand import weighed
from geo.analysis.arrays import Floats
from geo.errors import AnalysisRefused
from geo.ingest.points import Points
from geo.model import Scope
from geo.queries.incident_points import incident_points
from geo.queries.posts import POST_COLUMNS, posts, stretches

__all__ = ["chosen_posts", "demand_points", "planning_posts"]


def demand_points(connection: Connection, scope: Scope, demand: Demand, today: date) -> tuple[Points, Floats]:
    """The incidents that make the demand and have a place, and what each weighs by its type, shape (n,).

    Raises
    ------
    AnalysisRefused
        ``patrolling.no_places``.
    """
    found = incident_points(connection, scope, demand.incidents(today))
    assert found.kind is not None
    weight = weighed(found.kind, demand.weights)
    counts = np.isfinite(found.x) & (weight > 0)
    placed = found.only(counts)
    if not len(placed):
        raise AnalysisRefused("patrolling.no_places")
    return placed, weight[counts]


def planning_posts(connection: Connection, scope: Scope, today: date) -> pd.DataFrame:
    """Checkpoints, crossings and stretches of the border in scope; columns as of `geo.queries.posts.posts`, index ``code``."""
    cut = stretches(connection, scope)
    for lang in ("th", "en"):
        cut[f"name_{lang}"] = [
            t(
                "rota.stretch",
                lang,
                district=row[f"district_{lang}"] or row["district_th"],
                first=row["first_km"],
                last=row["last_km"],
            )
            for _, row in cut.iterrows()
        ]
    parts = [part for part in (posts(connection, scope, today), cut.reindex(columns=POST_COLUMNS)) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=POST_COLUMNS)
    return rows.set_index("code", drop=False)


def chosen_posts(connection: Connection, scope: Scope, codes: tuple[str, ...], today: date) -> pd.DataFrame:
    """The posts of these codes, in their order; as `planning_posts`.

    Raises
    ------
    AnalysisRefused
        ``patrolling.no_post``: one is not there, or not for this reader.
    """
    known = planning_posts(connection, scope, today)
    for code in codes:
        if code not in known.index:
            raise AnalysisRefused("patrolling.no_post", reference=code)
    return known.loc[list(codes)].reset_index(drop=True)
