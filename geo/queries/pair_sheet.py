"""What an office across the border may read of a shared stretch: counts of what is verified, offices, no person, no point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from geo.model.case import SHARED
from geo.model.pair import ContactPoint, Pair, Stretch
from geo.queries.pairs import along, contact_points, joint_work, pair, stretch
from geo.queries.report_places import places_in

__all__ = ["PairSheet", "pair_sheet"]


@dataclass(frozen=True, slots=True)
class PairSheet:
    """The material of a sheet; small counts are still in it.

    Attributes
    ----------
    counts
        As `geo.queries.pairs.along` gives them, of `geo.model.case.SHARED` states alone.
    subdistricts
        Code, Thai and English name of every sub-district of the Thai district.
    joint
        Entries of the joint log by kind.
    contacts
        Those in force.
    """

    pair: Pair
    stretch: Stretch
    metres: float
    first: date
    last: date
    counts: pd.DataFrame
    subdistricts: tuple[tuple[str, str, str], ...]
    joint: dict[str, int]
    contacts: tuple[ContactPoint, ...]


def pair_sheet(connection: Connection, number: int, metres: float, first: date, last: date) -> PairSheet:
    """The sheet of a pair for some months.

    Parameters
    ----------
    metres
        Distance from the shared border within which incidents are counted.
    first, last
        First day of the first month and last day of the last one.

    Raises
    ------
    NotFound
        ``pair.not_found``.
    WatchError
        ``pair.no_border``.
    """
    of = pair(connection, number)
    return PairSheet(
        of,
        stretch(connection, of, metres),
        metres,
        first,
        last,
        along(connection, of, metres, first, last, [str(status) for status in SHARED]),
        places_in(connection, of.district_code),
        joint_work(connection, number, first, last),
        tuple(one for one in contact_points(connection, number) if one.ended_on is None),
    )
