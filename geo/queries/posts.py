"""Where patrols set out from and what rotas man: checkpoints that are open or planned, crossings, stretches of the border."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, text

from geo.model import Scope
from geo.queries.checkpoints import checkpoint_list

__all__ = ["POST_COLUMNS", "STRETCH_M", "posts", "stretches"]

STRETCH_M = 10_000.0
"""Length of a stretch: a team that looks after 5 km to either side of its middle sees all of it."""

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


def stretches(connection: Connection, scope: Scope) -> pd.DataFrame:
    """The border in scope in stretches of about `STRETCH_M`; columns as of `posts` without names, ``first_km`` and ``last_km`` along the
    section of its district, and ``district_th``, ``district_en``.

    ``kind`` is ``stretch``, ``lon``, ``lat`` its middle, ``code`` the section's with a number. What is not agreed upon is left out.
    """
    own = "" if scope.districts is None else " and s.district_code = any(:scope)"
    rows = connection.execute(
        text(
            "with line as (select s.code, s.district_code, a.name_th, a.name_en, d.path, d.geom, st_length(d.geom::geography) as m"
            " from border_section s join area a on a.code = s.district_code cross join lateral st_dump(st_linemerge(s.geom)) d"
            f" where not s.undetermined{own}), cut as (select *, greatest(1, round(m / :stretch))::int as n,"
            " sum(m) over (partition by code order by path) - m as before from line)"
            " select code || '@' || row_number() over (partition by code order by path, k) as code, 'stretch' as kind, district_code,"
            " st_x(at) as lon, st_y(at) as lat, (before + m * (k - 1) / n) / 1000 as first_km, (before + m * k / n) / 1000 as last_km,"
            " name_th as district_th, name_en as district_en from cut cross join lateral generate_series(1, n) k"
            " cross join lateral (select st_lineinterpolatepoint(geom, (k - 0.5) / n) as at) p"
            " where m >= 1000 order by district_code, code, path, k"
        ),
        {"scope": list(scope.districts or ()), "stretch": STRETCH_M},
    )
    return pd.DataFrame(rows.all(), columns=list(rows.keys()))
