"""A border is what lies near and ahead of the land; a coast and the back of a strip are none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from geo.analysis.border_lines import FAR, Facing, border_lines
from geo.analysis.land import dissolved, label_point

SOUTH, NORTH = shapely.box(100, 10, 101, 10.5), shapely.box(100, 10.5, 101, 11)
EAST = shapely.box(101, 9.9, 102, 11.1)


def lines(districts: dict[str, Polygon], neighbours: dict[str, Polygon]) -> dict[str, Facing]:
    found = border_lines(dissolved(list(districts.values())), districts, neighbours)
    return {one.code: one for one in found}


def test_only_the_side_towards_the_neighbour_is_border() -> None:
    found = lines({"1": SOUTH, "2": NORTH}, {"KH": EAST})
    assert set(found) == {"1-KH", "2-KH"}
    for one in found.values():
        assert len(one.line.geoms) == 1
        assert one.line.length == pytest.approx(0.5, abs=0.02)
        assert one.line.bounds[0] >= 101 - 0.012


@pytest.mark.parametrize("gap", [-0.008, -0.002, 0.002, 0.008])
def test_a_neighbour_drawn_a_little_off_is_still_faced(gap: float) -> None:
    found = lines({"1": SOUTH, "2": NORTH}, {"KH": shapely.affinity.translate(EAST, gap)})
    assert sum(one.line.length for one in found.values()) == pytest.approx(1.0, abs=0.06)


def test_a_neighbour_farther_away_is_not_faced() -> None:
    assert lines({"1": SOUTH}, {"KH": shapely.affinity.translate(EAST, FAR * 1.1)}) == {}


def test_the_sea_side_of_a_narrow_strip_is_no_border() -> None:
    strip = shapely.box(100.995, 10, 101, 11)  # 500 m between the sea and the neighbour
    found = lines({"1": strip}, {"KH": EAST})
    assert found["1-KH"].line.length == pytest.approx(1.0, abs=0.02)


def test_an_outline_meets_two_neighbours_and_no_step_belongs_to_both() -> None:
    laos, cambodia = shapely.box(101, 10.5, 102, 12), shapely.box(101, 9, 102, 10.5)
    found = lines({"1": SOUTH, "2": NORTH}, {"LA": laos, "KH": cambodia})
    assert set(found) == {"1-KH", "2-LA"}
    assert found["1-KH"].line.intersection(found["2-LA"].line).length < 1e-9


def test_where_the_outline_begins_makes_no_difference() -> None:
    corners = list(SOUTH.union(NORTH).segmentize(0.1).exterior.coords)[:-1]
    lengths = set()
    for start in range(0, len(corners), 3):
        land = Polygon(corners[start:] + corners[:start])
        (found,) = border_lines(MultiPolygon([land]), {"1": land}, {"KH": EAST})
        assert len(found.line.geoms) == 1
        lengths.add(round(found.line.length, 2))
    assert max(lengths) - min(lengths) <= 0.011


def test_a_short_interruption_of_a_border_is_closed() -> None:
    bay = EAST.difference(shapely.box(100.9, 10.2, 101.1, 10.21))
    found = lines({"1": SOUTH}, {"KH": bay})
    assert len(found["1-KH"].line.geoms) == 1


def test_cracks_and_holes_between_districts_are_closed_and_the_outline_stays() -> None:
    crack = NORTH.difference(Polygon([(100.2, 10.5), (100.5, 10.503), (100.8, 10.5)]))
    open_crack = SOUTH.difference(Polygon([(100.98, 10.5), (101.01, 10.498), (101.01, 10.5)]))
    land = dissolved([open_crack, crack])
    assert len(land.geoms) == 1
    assert len(land.geoms[0].interiors) == 0
    assert land.symmetric_difference(SOUTH.union(NORTH)).area < 1e-6


def test_a_narrow_bay_of_one_district_stays_open() -> None:
    bay = shapely.box(100.5, 10, 100.502, 10.2)
    land = dissolved([SOUTH.difference(bay), NORTH])
    assert land.intersection(bay).area == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.floats(0.1, 0.9), min_size=1, max_size=5, unique=True),
    rough=st.integers(0, 2**31),
)
def test_a_land_covers_all_its_districts_and_has_no_hole(cuts: list[float], rough: int) -> None:
    edges = [0.0, *sorted(cuts), 1.0]
    noise = np.random.default_rng(rough)
    districts = []
    for west, east in pairwise(edges):
        if east - west > 0.02:
            box = shapely.box(100 + west, 10, 100 + east, 11).segmentize(0.05)
            corners = shapely.get_coordinates(box.exterior)[:-1]
            moved = corners + noise.normal(0, 0.0005, corners.shape)
            districts.append(shapely.make_valid(Polygon(moved)))
    land = dissolved(districts)
    assert land.is_valid
    assert all(not part.interiors for part in land.geoms)
    assert shapely.union_all(districts).difference(land).area < 1e-6
    point = label_point(land)
    assert point is not None
    assert land.contains(point)
