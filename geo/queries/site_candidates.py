"""Where a checkpoint can stand: checkpoints that there are or that are planned, and crossings."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, text

from geo.model import Scope
from geo.queries.checkpoints import checkpoint_list

__all__ = ["site_candidates"]

_COLUMNS = ["code", "name", "name_en", "kind", "source", "district_code", "lon", "lat", "existing"]


def site_candidates(connection: Connection, scope: Scope, on: date, districts: tuple[str, ...] = ()) -> pd.DataFrame:
    """Places in scope and, where districts are given, in these.

    Checkpoints come first, closed ones are left out. None lies in water or over the border: nothing here is made up.

    Returns
    -------
    A row a place: ``code``, ``name``, ``name_en`` (crossings; else as ``name``), ``kind`` (of checkpoint that stands or could
    stand there), ``source`` (``checkpoint``, ``planned`` or ``crossing``), ``district_code``, ``lon``, ``lat`` (WGS 84),
    ``existing`` (open on the day, or of a plan that is approved: a new plan adds to it).
    """
    posts = checkpoint_list(connection, scope, on)
    approved = connection.execute(text("select code from checkpoint where plan_id is not null")).scalars().all()
    posts = posts[posts.status != "closed"].assign(
        existing=lambda rows: (rows.status == "active") | rows.code.isin(approved),
        source=lambda rows: rows.existing.map({True: "checkpoint", False: "planned"}),
        name_en=lambda rows: rows.name,
    )
    own = "" if scope.districts is None else " and district_code = any(:scope)"
    ways = connection.execute(
        text(
            "select code, name_th, name_en, 'checkpoint' as kind, 'crossing' as source, district_code, st_x(geom) as lon,"
            " st_y(geom) as lat, false as existing"
            f" from crossing where geom is not null{own} order by code"
        ),
        {"scope": list(scope.districts or ())},
    ).all()
    parts = [part for part in (posts[_COLUMNS], pd.DataFrame(ways, columns=_COLUMNS)) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)
    kept = rows.lon.notna() & (rows.district_code.isin(districts) if districts else True)
    return rows[kept].reset_index(drop=True)
