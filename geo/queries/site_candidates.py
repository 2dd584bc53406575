"""Where a checkpoint can stand: checkpoints that there are or that are planned, and crossings."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, text

from geo.model import Scope
from geo.queries.checkpoints import checkpoint_list

__all__ = ["site_candidates"]


def site_candidates(connection: Connection, scope: Scope, on: date) -> pd.DataFrame:
    """Places in scope, one row each: ``code``, ``district_code``, ``lon``, ``lat`` (WGS 84), ``existing`` (open on the day).

    Checkpoints come first, closed ones are left out. None lies in water or over the border: nothing here is made up.
    """
    posts = checkpoint_list(connection, scope, on)
    posts = posts[posts.status != "closed"].assign(existing=lambda rows: rows.status == "active")
    own = "" if scope.districts is None else " and district_code = any(:scope)"
    ways = connection.execute(
        text(
            "select code, district_code, st_x(geom) as lon, st_y(geom) as lat, false as existing"
            f" from crossing where geom is not null{own} order by code"
        ),
        {"scope": list(scope.districts or ())},
    ).all()
    columns = ["code", "district_code", "lon", "lat", "existing"]
    parts = [part for part in (posts[columns], pd.DataFrame(ways, columns=columns)) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return rows[rows.lon.notna()].reset_index(drop=True)
