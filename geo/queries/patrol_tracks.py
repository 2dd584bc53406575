"""Where patrols went."""

from __future__ import annotations

from datetime import datetime

import shapely
from sqlalchemy import Connection, text

from geo.model import Scope

__all__ = ["tracks_since"]

COARSE = 0.001
"""Degrees by which tracks are simplified: some 100 m, a hundredth of what they reach."""


def tracks_since(
    connection: Connection, scope: Scope, first: datetime, until: datetime
) -> tuple[shapely.Geometry, ...]:
    """Tracks (WGS 84) of patrols that set out since a moment, with the reader's rights and in scope."""
    rows = connection.execute(
        text(
            "select st_asbinary(st_simplify(geom, :coarse)) from patrol where geom is not null and started_at >= :first"
            " and started_at <= :until and status in ('active', 'done')"
            " and (cast(:own as text[]) is null or districts && :own)"
        ),
        {
            "coarse": COARSE,
            "first": first,
            "until": until,
            "own": None if scope.districts is None else list(scope.districts),
        },
    ).scalars()
    return tuple(shapely.from_wkb(bytes(one)) for one in rows if one is not None)
