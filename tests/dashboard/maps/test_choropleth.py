"""Districts in classes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.maps.choropleth import SMALL, change_class, choropleth, count_breaks
from geo.queries.figures import DistrictCount

COUNTS = st.lists(st.integers(0, 5000), max_size=67)


@given(COUNTS, st.integers(1, 5))
def test_breaks_rise_and_the_last_holds_the_largest(counts: list[int], classes: int) -> None:
    breaks = count_breaks(counts, classes)
    assert breaks == sorted(set(breaks))
    assert len(breaks) <= classes
    assert (not breaks) == (not any(counts))
    if breaks:
        assert breaks[-1] == max(counts)


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [(75, 100, 0), (74, 100, 0), (76, 100, 1), (90, 100, 1), (91, 100, 2), (100, 100, 2), (109, 100, 2), (110, 100, 3),
     (124, 100, 3), (125, 100, 4), (0, 5, 0)],
)  # fmt: skip
def test_changes_fall_into_the_classes_that_their_labels_say(now: int, before: int, wanted: int) -> None:
    assert change_class(now, before) == wanted


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 20) | st.integers(0, 5000)), max_size=67))
def test_no_change_is_coloured_where_too_few_were_before(both: list[tuple[int, int]]) -> None:
    rows = [DistrictCount(str(4000 + i), n, before) for i, (n, before) in enumerate(both)]
    said = choropleth("change", rows, "th", False)
    assert said is not None
    assert set(said["values"]) == {row.code for row in rows if row.before >= SMALL}
    assert set(said["values"].values()) <= set(range(5))


@given(COUNTS)
@pytest.mark.parametrize("night", [False, True])
def test_every_district_with_incidents_has_a_colour_and_its_label_holds_its_count(
    night: bool, counts: list[int]
) -> None:
    rows = {str(4000 + i): DistrictCount(str(4000 + i), n, n) for i, n in enumerate(counts)}
    said = choropleth("count", rows.values(), "en", night)
    if not any(counts):
        assert said is None
        return
    assert said is not None
    assert set(said["values"]) == {code for code, row in rows.items() if row.n > 0}
    assert len(said["colours"]) == len(said["labels"])
    for code, klass in said["values"].items():
        low, _, high = said["labels"][klass].replace(",", "").partition("–")
        assert int(low) <= rows[code].n <= int(high or low)


def test_an_incident_without_a_district_colours_none() -> None:
    rows = [DistrictCount("4901", 3, 9), DistrictCount(None, 4, 9)]
    for kind in ("count", "change"):
        said = choropleth(kind, rows, "th", False)
        assert said is not None
        assert set(said["values"]) == {"4901"}
    assert choropleth("none", rows, "th", False) is None
