"""Stretches that nobody passed are put together from neighbouring pieces, and none is lost or counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.border_gaps import sections, stretches

NEVER = np.inf


def border(*hours: float, parts: tuple[int, ...] = ()) -> pd.DataFrame:
    """Pieces of a kilometre in a row, passed so many hours ago; at the positions ``parts`` another part begins."""
    n = len(hours)
    part = np.cumsum([int(at in parts) for at in range(n)])
    number = (
        np.concatenate([np.arange((part == one).sum()) for one in np.unique(part)]) if n else np.array([], dtype=int)
    )
    last = [pd.NaT if np.isinf(h) else pd.Timestamp("2026-11-27", tz="UTC") - pd.Timedelta(hours=h) for h in hours]
    return pd.DataFrame(
        {
            "section": "4301-LA", "part": part, "number": number, "district": "4301", "neighbour": "LA", "undetermined": False,
            "km": 1.0, "hours": np.array(hours, dtype=float), "last_at": pd.to_datetime(last, utc=True), "passes": 1, "km_passed": 0.5,
        }
    )  # fmt: skip


def test_neighbours_that_wait_are_one_stretch_and_the_never_passed_come_first() -> None:
    found = stretches(border(100, 90, 5, 200, NEVER, NEVER, 80, parts=(6,)), 72)
    assert found[["km", "hours", "first_row", "last_row"]].to_numpy().tolist() == [
        [2.0, NEVER, 4.0, 5.0], [1.0, 200.0, 3.0, 3.0], [2.0, 90.0, 0.0, 1.0], [1.0, 80.0, 6.0, 6.0],
    ]  # fmt: skip
    assert stretches(border(1, 2, 3), 72).empty
    assert stretches(border(), 72).empty


def test_a_section_says_what_share_was_passed_and_what_never_was() -> None:
    row = sections(border(5, 50, 500, NEVER), 72).iloc[0]
    assert (row["km"], row["share"], row["hours"], row["worst"], row["never_km"], row["passes"]) == (
        4,
        0.5,
        5,
        NEVER,
        1,
        4,
    )
    assert sections(border(), 72).empty


@settings(max_examples=50)
@given(
    st.lists(st.one_of(st.floats(0, 2000), st.just(NEVER)), max_size=40),
    st.sets(st.integers(1, 39)),
    st.floats(1, 1000),
)
def test_every_piece_that_waits_is_in_exactly_one_stretch(hours: list[float], parts: set[int], longer: float) -> None:
    pieces = border(*hours, parts=tuple(parts))
    found = stretches(pieces, longer)
    inside = [at for row in found.to_dict("records") for at in range(row["first_row"], row["last_row"] + 1)]
    assert sorted(inside) == [at for at, h in enumerate(hours) if h > longer]
    assert found["km"].sum() == pytest.approx(len(inside))
    assert list(found["hours"]) == sorted(found["hours"], reverse=True)
