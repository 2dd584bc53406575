"""A filter in a tile's address."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.web.query import decode, encode
from geo.model import Channel, IncidentFilter, Status

CODES = st.lists(st.text("abcdefghij_0123456789", min_size=1, max_size=20), max_size=5, unique=True).map(tuple)
FILTERS = st.builds(
    lambda first, days, types, districts, statuses, channels: IncidentFilter(
        first, first + timedelta(days=days), types, districts, tuple(statuses), tuple(channels)
    ),
    st.dates(date(2001, 1, 1), date(2090, 1, 1)),
    st.integers(0, 3000),
    CODES,
    CODES,
    st.lists(st.sampled_from([s.value for s in Status]), min_size=1, unique=True),
    st.lists(st.sampled_from([c.value for c in Channel]), unique=True),
)


@given(FILTERS)
def test_a_filter_comes_back_from_its_address(chosen: IncidentFilter) -> None:
    back = decode(dict(parse_qsl(encode(chosen))))
    assert encode(back) == encode(chosen)
    assert (back.first, back.last, set(back.crime_types)) == (chosen.first, chosen.last, set(chosen.crime_types))
    assert (set(back.districts), set(back.statuses)) == (set(chosen.districts), set(chosen.statuses))
    assert set(back.channels) == set(chosen.channels)


@given(FILTERS)
def test_order_makes_no_other_address(chosen: IncidentFilter) -> None:
    turned = IncidentFilter(
        chosen.first,
        chosen.last,
        chosen.crime_types[::-1],
        chosen.districts[::-1],
        chosen.statuses[::-1],
        chosen.channels,
    )
    assert encode(turned) == encode(chosen)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "2026-01-01"},
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "2026-01-01", "to": "2026-01-02", "status": "forgotten"},
        {"from": "x", "to": "y"},
    ],
)
def test_what_is_no_filter_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode(query)
