"""Stretches of border that nobody passed for long, and sections as a whole, from the pieces of a kilometre."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["sections", "stretches"]

STRETCH_COLUMNS = ["district", "neighbour", "undetermined", "km", "hours", "last_at", "first_row", "last_row"]


def stretches(pieces: pd.DataFrame, longer_than_h: float) -> pd.DataFrame:
    """Neighbouring pieces of a district's border that were all passed longer ago than so many hours, longest first.

    Parameters
    ----------
    pieces
        As `geo.queries.border_passes.segments`: in their order along the border.

    Returns
    -------
    DataFrame
        ``hours`` since anybody was in the stretch (infinite where nobody is known to have been), ``km``, ``last_at``,
        and the positions in ``pieces`` of its first and last piece. Those never passed come first, the longer first.
    """
    late = (pieces["hours"] > longer_than_h).to_numpy(dtype=bool)
    if not late.any():
        return pd.DataFrame(columns=STRETCH_COLUMNS)
    part = pieces[["section", "part"]].ne(pieces[["section", "part"]].shift()).any(axis=1).to_numpy()
    number = pieces["number"].diff().ne(1).to_numpy()
    never = np.isinf(pieces["hours"].to_numpy())
    begins = part | number | np.r_[True, late[1:] != late[:-1]] | np.r_[True, never[1:] != never[:-1]]
    run = np.cumsum(begins)
    rows: list[dict[str, Any]] = []
    positions = np.arange(len(pieces))
    for key in np.unique(run[late]):
        at = positions[run == key]
        own = pieces.iloc[at]
        rows.append(
            {
                "district": own["district"].iloc[0],
                "neighbour": own["neighbour"].iloc[0],
                "undetermined": bool(own["undetermined"].iloc[0]),
                "km": float(own["km"].sum()),
                "hours": float(own["hours"].min()),
                "last_at": own["last_at"].max(),
                "first_row": int(at[0]),
                "last_row": int(at[-1]),
            }
        )
    found = pd.DataFrame(rows, columns=STRETCH_COLUMNS)
    return found.sort_values(["hours", "km"], ascending=[False, False], kind="stable").reset_index(drop=True)


def sections(pieces: pd.DataFrame, within_h: float) -> pd.DataFrame:
    """One row a border section: its length, the share of it passed within so many hours, and how long ago at all.

    Returns
    -------
    DataFrame
        ``section``, ``district``, ``neighbour``, ``km``, ``share`` (0 to 1), ``hours`` since any piece of it was passed,
        ``worst`` hours of the piece that waits longest (infinite where one was never passed), ``passes`` of all its pieces
        together, ``km_passed`` and ``never_km`` (kilometres that nobody is known to have passed). Worst first.
    """
    if pieces.empty:
        return pd.DataFrame(
            columns=[
                "section",
                "district",
                "neighbour",
                "km",
                "share",
                "hours",
                "worst",
                "passes",
                "km_passed",
                "never_km",
            ]
        )
    hours, km = pieces["hours"].to_numpy(), pieces["km"].to_numpy()
    frame = pieces.assign(
        passed=np.where(hours <= within_h, km, 0.0), never=np.where(np.isinf(hours), km, 0.0), worst=hours
    )
    told = frame.groupby(["section", "district", "neighbour"], as_index=False, sort=False).agg(
        km=("km", "sum"), passed=("passed", "sum"), hours=("hours", "min"), worst=("worst", "max"), passes=("passes", "sum"),
        km_passed=("km_passed", "sum"), never_km=("never", "sum"),
    )  # fmt: skip
    told["share"] = told["passed"] / told["km"]
    told = told.drop(columns="passed").sort_values(["share", "never_km", "section"], ascending=[True, False, True])
    return told.reset_index(drop=True)
