"""Districts in classes."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.maps.choropleth import SMALL, change_classes, choropleth, count_breaks

COUNTS = st.lists(st.integers(0, 5000), max_size=67).map(
    lambda n: pd.Series(n, index=[str(4000 + i) for i in range(len(n))])
)


def _frame(now: pd.Series, before: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"n": now, "before": before}).fillna(0).astype(int)


@given(COUNTS, st.integers(1, 5))
def test_breaks_rise_and_the_last_holds_the_largest(counts: pd.Series, classes: int) -> None:
    breaks = count_breaks(counts, classes)
    assert breaks == sorted(set(breaks))
    assert len(breaks) <= classes
    assert (not breaks) == (not (counts > 0).any())
    if breaks:
        assert breaks[-1] == counts.max()


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [(75, 100, 0), (74, 100, 0), (76, 100, 1), (90, 100, 1), (91, 100, 2), (100, 100, 2), (109, 100, 2), (110, 100, 3),
     (124, 100, 3), (125, 100, 4), (0, 5, 0)],
)  # fmt: skip
def test_changes_fall_into_the_classes_that_their_labels_say(now: int, before: int, wanted: int) -> None:
    assert change_classes(pd.Series({"4901": now}), pd.Series({"4901": before})).to_dict() == {"4901": wanted}


@given(COUNTS, COUNTS)
def test_no_change_is_coloured_where_too_few_were_before(now: pd.Series, before: pd.Series) -> None:
    coloured = change_classes(now, before)
    both = _frame(now, before)
    assert set(coloured.index) == set(both.index[both["before"] >= SMALL])
    assert set(coloured) <= set(range(5))


@given(COUNTS)
@pytest.mark.parametrize("night", [False, True])
def test_every_district_with_incidents_has_a_colour_and_its_label_holds_its_count(
    night: bool, counts: pd.Series
) -> None:
    said = choropleth("count", _frame(counts, counts), "en", night)
    if not (counts > 0).any():
        assert said is None
        return
    assert said is not None
    assert set(said["values"]) == set(counts.index[counts > 0])
    assert len(said["colours"]) == len(said["labels"])
    for code, klass in said["values"].items():
        low, _, high = said["labels"][klass].replace(",", "").partition("–")
        assert int(low) <= counts[code] <= int(high or low)


def test_an_incident_without_a_district_colours_none() -> None:
    frame = pd.DataFrame({"n": [3, 4], "before": [9, 9]}, index=["4901", None])
    for kind in ("count", "change"):
        said = choropleth(kind, frame, "th", False)
        assert said is not None
        assert set(said["values"]) == {"4901"}
    assert choropleth("none", frame, "th", False) is None
