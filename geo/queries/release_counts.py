"""What a release counts: verified incidents of a quarter, by border district and type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from geo.analysis.arrays import Ints
from geo.model.case import SHARED
from geo.model.quarter import Quarter

__all__ = ["ReleaseCounts", "release_counts"]


@dataclass(frozen=True, slots=True, eq=False)
class ReleaseCounts:
    """Codes of districts and types, and the counts of incidents, shape (districts, types)."""

    districts: tuple[str, ...]
    types: tuple[str, ...]
    counts: Ints


def release_counts(connection: Connection, quarter: Quarter, *, demo: bool) -> ReleaseCounts:
    """Verified incidents that occurred in the quarter, each under its main type.

    Parameters
    ----------
    demo
        Count demonstration incidents instead of real ones; never both.
    """
    districts = tuple(
        connection.execute(
            text(
                "select code from area where level = 'district' and country = 'TH' and is_border order by code"
            )
        ).scalars()
    )  # fmt: skip
    types = tuple(
        connection.execute(
            text("select code from crime_type where is_crime and is_public order by sort, code")
        ).scalars()
    )
    rows = connection.execute(
        text(
            "select district_code, crime_type, count(*) from incident where day between :first and :last"
            " and status = any(:statuses) and is_demo = :demo and district_code = any(:districts)"
            " and crime_type = any(:types) group by 1, 2"
        ),
        {
            "first": quarter.first, "last": quarter.last, "statuses": sorted(SHARED), "demo": demo,
            "districts": list(districts), "types": list(types),
        },
    )  # fmt: skip
    counts = np.zeros((len(districts), len(types)), dtype=np.int64)
    row_of, column_of = ({code: at for at, code in enumerate(codes)} for codes in (districts, types))
    for district, kind, n in rows:
        counts[row_of[district], column_of[kind]] = n
    return ReleaseCounts(districts, types, counts)
