"""How much of a track runs along a route."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString

from geo.analysis.along_route import followed, share_along

EAST = LineString([(104.0, 17.0), (104.1, 17.0)])
"""Some 10.6 km; 0.01 degrees of latitude are some 1,106 m."""

points = st.tuples(st.floats(104.0, 105.0), st.floats(16.5, 17.5))
lines = st.lists(points, min_size=2, max_size=12).map(LineString)


def test_a_track_beside_the_route_is_along_it_up_to_the_distance_and_not_beyond() -> None:
    for north, share in ((0.0, 1.0), (0.0045, 1.0), (0.0046, 0.0), (0.02, 0.0)):  # 498 m, 509 m
        beside = LineString([(104.01, 17.0 + north), (104.09, 17.0 + north)])
        assert share_along(beside, EAST, 500) == pytest.approx(share, abs=0.001), north


def test_the_share_is_of_the_length_of_the_track_there_and_back_and_in_pieces() -> None:
    leaving = LineString([(104.0, 17.0), (104.1, 17.0), (104.2, 17.0)])
    assert share_along(leaving, EAST, 500) == pytest.approx(0.5 + 500 / (2 * 10_640), abs=0.003)
    back = LineString([*leaving.coords, *reversed(leaving.coords)])
    assert share_along(back, EAST, 500) == pytest.approx(share_along(leaving, EAST, 500), abs=0.001)
    pieces = MultiLineString([[(104.0, 17.0), (104.02, 17.0)], [(104.5, 17.0), (104.52, 17.0)]])
    assert share_along(pieces, EAST, 500) == pytest.approx(0.5, abs=0.001)


def test_what_has_no_length_is_along_nothing() -> None:
    for nothing in (MultiLineString(), LineString([(104, 17), (104, 17)])):
        assert share_along(nothing, EAST, 500) == 0
    assert share_along(EAST, MultiLineString(), 500) == 0


@given(track=lines, route=lines, within=st.floats(1, 5000))
def test_it_is_a_share_that_grows_with_the_distance_and_knows_no_direction(
    track: LineString, route: LineString, within: float
) -> None:
    share = share_along(track, route, within)
    assert 0 <= share <= 1
    assert share_along(track, route, within * 2) >= share - 1e-6
    assert share_along(shapely.reverse(track), route, within) == pytest.approx(share, abs=1e-6)
    if track.length:
        assert share_along(track, track, within) == pytest.approx(1, abs=1e-6)


def test_a_track_beside_a_route_says_how_far_and_how_much_of_it_was_passed() -> None:
    route = shapely.LineString([(104.0, 17.0), (104.0, 17.1)])
    beside = shapely.LineString([(104.001, 17.0), (104.001, 17.05)])
    told = followed(beside, route, 500)
    assert told is not None
    metres = 0.05 * 110_660
    assert told.share == pytest.approx((metres + np.sqrt(500**2 - 106.4**2)) / (2 * metres), abs=0.005)
    assert (told.mean_m, told.most_m) == (pytest.approx(106.4, abs=1), pytest.approx(106.4, abs=1))
    assert followed(beside, route, 50).share == 0
    assert followed(shapely.MultiLineString(), route, 500) is None
