"""When a patrol last came by a place."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from geo.analysis.arrays import Floats

__all__ = ["NEAR_M", "hours_since_pass"]

NEAR_M = 1000.0
"""Whoever came so near has looked at a place."""


def hours_since_pass(
    connection: Connection, lon: npt.ArrayLike, lat: npt.ArrayLike, now: datetime, *, longest: float
) -> Floats:
    """Hours since the track of any patrol ran within `NEAR_M` of each place, at most ``longest``; shape (n,).

    Every agency's patrols count, whoever asks: where they went is no secret among those who may read patrols.

    Parameters
    ----------
    lon, lat
        Degrees (WGS 84), shape (n,).
    longest
        Told where nobody came by for so many hours, or ever.
    """
    rows = connection.execute(
        text(
            "select extract(epoch from :now - max(coalesce(p.ended_at, p.started_at)))::float8 / 3600"
            " from unnest(cast(:lon as float8[]), cast(:lat as float8[])) with ordinality q (lon, lat, n)"
            " cross join lateral (select st_point(q.lon, q.lat, 4326) as at) s"
            " left join patrol p on p.geom && st_expand(s.at, :near / 100000.0) and p.started_at <= :now"
            " and st_dwithin(p.geom::geography, s.at::geography, :near)"
            " group by q.n order by q.n"
        ),
        {"now": now, "lon": np.asarray(lon).tolist(), "lat": np.asarray(lat).tolist(), "near": NEAR_M},
    )
    hours = np.array([np.inf if value is None else value for value in rows.scalars()], dtype=np.float64)
    return np.clip(hours, 0.0, longest)
