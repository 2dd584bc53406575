"""Where patrols set out from and what rotas man: checkpoints that are open or planned, and crossings."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, text

from geo.model import Scope
from geo.queries.checkpoints import checkpoint_list

__all__ = ["POST_COLUMNS", "posts"]

POST_COLUMNS = ["code", "kind", "name_th", "name_en", "district_code", "lon", "lat"]


def posts(connection: Connection, scope: Scope, on: date) -> pd.DataFrame:
    """Posts in scope, checkpoints first: one row each with `POST_COLUMNS` (degrees, WGS 84).

    ``kind`` is ``checkpoint`` or ``crossing``. Closed checkpoints and crossings without a place are left out.
    """
    rows = checkpoint_list(connection, scope, on)
    rows = rows[rows.status != "closed"].assign(
        kind="checkpoint", name_th=lambda one: one.name, name_en=lambda one: one.name
    )
    own = "" if scope.districts is None else " and district_code = any(:scope)"
    ways = connection.execute(
        text(
            "select code, 'crossing' as kind, name_th, name_en, district_code, st_x(geom) as lon, st_y(geom) as lat"
            f" from crossing where geom is not null{own} order by district_code, code"
        ),
        {"scope": list(scope.districts or ())},
    ).all()
    parts = [part for part in (rows[POST_COLUMNS], pd.DataFrame(ways, columns=POST_COLUMNS)) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=POST_COLUMNS)
