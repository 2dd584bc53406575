"""The district that another is compared with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.comparison_district import MOST_APART, comparison_district
from geo.errors import AnalysisRefused

FLAT = [5, 5, 5, 5]


def table(**rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index")


def test_the_most_alike_in_number_and_trend_is_chosen_and_says_why() -> None:
    counts = table(own=FLAT, fewer=[4, 4, 4, 4], rising=[2, 4, 6, 8], alike=[5, 6, 5, 5], many=[50, 50, 50, 50])
    found = comparison_district(counts, "own")
    assert found is not None
    assert (found.code, found.n, found.own_n, found.candidates) == ("alike", 21, 20, 4)
    assert found.trend == pytest.approx(10.5 / 11.5)
    assert found.own_trend == 1
    without = comparison_district(counts, "own", excluded=["alike"])
    assert without is not None
    assert without.code == "fewer"


def test_where_none_is_near_enough_there_is_none() -> None:
    assert comparison_district(table(own=FLAT, many=[50, 50, 50, 50]), "own") is None
    assert comparison_district(table(own=FLAT, turning=[10, 9, 1, 0]), "own") is None
    assert comparison_district(table(own=FLAT), "own") is None
    assert comparison_district(table(own=[0, 0, 0, 0], other=[0, 0, 0, 0]), "own") is None
    assert comparison_district(table(other=FLAT), "own") is None
    assert comparison_district(table(own=FLAT, other=FLAT), "own", excluded=["other"]) is None
    with pytest.raises(AnalysisRefused, match="too_few_slices"):
        comparison_district(table(own=[5], other=[5]), "own")


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=2, max_size=8),
    st.randoms(use_true_random=False),
)
def test_neither_order_nor_scale_chooses_another(rows: list[list[int]], draw: object) -> None:
    counts = pd.DataFrame(rows, index=[f"d{n}" for n in range(len(rows))])
    found = comparison_district(counts, "d0")
    order = list(counts.index)
    draw.shuffle(order)  # type: ignore[attr-defined]
    assert comparison_district(counts.loc[order], "d0") == found
    if found is not None:
        assert found.code != "d0"
        assert found.apart <= MOST_APART * np.sqrt(2)
        assert 0.4 < (found.n + 0.5) / (found.own_n + 0.5) < 2.1
