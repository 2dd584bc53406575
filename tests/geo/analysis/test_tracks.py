"""Which fixes of a track are believed, where its line breaks, and how long it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.tracks import GAP_S, distance_m, make_track, one_fix_per_time

KM = 1 / 110.6
"""One kilometre of latitude near 16 degrees north, in degrees."""


def walk(n: int, step_km: float = 0.1, every_s: float = 60.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A patrol going straight north on foot."""
    return np.arange(n) * every_s, np.full(n, 104.0), 16.0 + np.arange(n) * step_km * KM


fixes = st.lists(
    st.tuples(
        st.integers(0, 100_000),
        st.floats(101, 107, allow_nan=False),
        st.floats(13, 20, allow_nan=False),
    ),
    max_size=40,
)


def test_a_degree_of_longitude_at_the_equator_is_111_km():
    assert distance_m(100.0, 0.0, 101.0, 0.0) == pytest.approx(111_319.49, abs=0.01)


def test_a_straight_walk_is_one_piece_with_its_length_and_time():
    track = make_track(*walk(61))
    assert not track.impossible.any()
    assert len(track.pieces) == 1
    assert track.kilometres == pytest.approx(6.0, rel=0.005)
    assert track.hours == 1.0
    assert np.isnan(track.speed_kmh[0])
    assert track.speed_kmh[1:] == pytest.approx(np.full(60, 6.0), rel=0.005)


def test_a_jump_out_and_back_flags_the_fix_that_jumped_and_not_its_neighbours():
    time, lon, lat = walk(21)
    lon[10] += 1.0
    track = make_track(time, lon, lat)
    assert np.flatnonzero(track.impossible).tolist() == [10]
    assert [p.tolist() for p in track.pieces] == [list(range(10)), list(range(11, 21))]
    assert track.speed_kmh[10] > 1000
    assert track.speed_kmh[11] == pytest.approx(6.0, rel=0.005)


def test_a_wrong_first_fix_is_flagged_alone():
    time, lon, lat = walk(21)
    lon[0], lat[0] = 0.0, 0.0
    track = make_track(time, lon, lat)
    assert np.flatnonzero(track.impossible).tolist() == [0]


def test_several_wrong_fixes_in_a_row_are_flagged_and_the_rest_kept():
    time, lon, lat = walk(41)
    lon[15:18] += 2.0
    lon[30] -= 3.0
    track = make_track(time, lon, lat)
    assert np.flatnonzero(track.impossible).tolist() == [15, 16, 17, 30]


def test_after_a_jump_that_never_comes_back_the_fixes_are_believed_once_they_can_be_reached():
    time, lon, lat = walk(200)
    lon[100:] += 1.0  # 107 km: reached after 43 minutes at 150 km/h
    track = make_track(time, lon, lat)
    flagged = np.flatnonzero(track.impossible)
    assert flagged.tolist() == list(range(100, 100 + flagged.size))
    assert 40 <= flagged.size <= 45


def test_receiver_noise_in_a_fraction_of_a_second_is_not_an_impossible_speed():
    track = make_track([0.0, 0.1], [104.0, 104.0], [16.0, 16.0 + 0.02 * KM])
    assert track.speed_kmh[1] > 150
    assert not track.impossible.any()


def test_the_line_breaks_where_nothing_was_recorded_for_over_half_an_hour():
    time, lon, lat = walk(20)
    time[10:] += GAP_S
    track = make_track(time, lon, lat)
    assert not track.impossible.any()
    assert [p.size for p in track.pieces] == [10, 10]
    assert track.hours == pytest.approx(18 / 60)


@pytest.mark.parametrize("n", [0, 1])
def test_a_track_of_no_or_one_fix_has_no_line_and_no_length(n: int):
    track = make_track(*walk(n))
    assert track.pieces == ()
    assert track.kilometres == 0
    assert track.hours == 0
    assert track.impossible.tolist() == [False] * n


def test_fixes_that_share_a_time_count_once():
    assert one_fix_per_time([5, 1, 5, 1], [104.2, 104.0, 104.1, 104.0], [16, 16, 16, 16]).tolist() == [1, 2]


@given(fixes)
def test_every_believed_step_is_possible_and_every_piece_in_order(rows):
    track = make_track(*np.array(rows, dtype=float).reshape(-1, 3).T)
    kept = np.flatnonzero(~track.impossible)
    assert kept.size > 0 or not rows
    seconds, metres = np.diff(track.time[kept]), None
    metres = distance_m(track.lon[kept[:-1]], track.lat[kept[:-1]], track.lon[kept[1:]], track.lat[kept[1:]])
    assert (seconds > 0).all()
    assert (metres <= seconds * 150 / 3.6 + 50 + 1e-6).all()
    for piece in track.pieces:
        assert (np.diff(piece) == 1).all()
        assert (np.diff(track.time[piece]) <= GAP_S).all()


@given(fixes, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    one = make_track(*np.array(rows, dtype=float).reshape(-1, 3).T)
    other = make_track(*np.array(shuffled, dtype=float).reshape(-1, 3).T)
    assert (one.time == other.time).all()
    assert (one.lon == other.lon).all()
    assert (one.impossible == other.impossible).all()
    assert one.kilometres == other.kilometres


@given(fixes, st.floats(-50, 50))
def test_moving_all_points_east_moves_the_result_and_changes_nothing_else(rows, east):
    time, lon, lat = np.array(rows, dtype=float).reshape(-1, 3).T
    here = make_track(time, np.round(lon, 5), lat)
    there = make_track(time, np.round(lon, 5) + round(east, 5), lat)
    assert np.allclose(there.lon, here.lon + round(east, 5))
    assert (there.impossible == here.impossible).all()
    assert there.kilometres == pytest.approx(here.kilometres, abs=1e-3)


@given(fixes)
def test_starting_later_changes_no_length_and_no_flag(rows):
    time, lon, lat = np.array(rows, dtype=float).reshape(-1, 3).T
    one, other = make_track(time, lon, lat), make_track(time + 86_400, lon, lat)
    assert (one.impossible == other.impossible).all()
    assert one.kilometres == other.kilometres
    assert one.hours == pytest.approx(other.hours)
