"""What was computed arrives in the browser as it was, small, and as numbers only."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard.maps.computed import MOST, UNIT, Classes, areas, box_of, marks, outlines, surface
from dashboard.maps.palette import CHANGE, EMERGING, HEAT, HOT_COLD, SCORED
from dashboard.maps.state import state_json
from geo.analysis.emerging import KINDS
from geo.analysis.hexagons import hexagons_over
from geo.analysis.plane import BORDER, Plane

PLANE = Plane(*BORDER)
KINDS_OF_TWO = Classes("", ("a", "b"), ("#aa0000", "#00aa00"))


def corners(ring: list[int]) -> np.ndarray[Any, Any]:
    """A ring as the script reads it: degrees."""
    return np.cumsum(np.array(ring, dtype=float).reshape(-1, 2), axis=0) / UNIT


def told(drawn: dict[str, Any]) -> dict[str, Any]:
    """What is packed, as the script unpacks it."""
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(drawn["data"].replace("-", "+"))))
    return found


@given(st.floats(-400_000, 400_000), st.floats(-400_000, 400_000), st.sampled_from([1000.0, 5000.0]))
def test_a_hexagon_comes_back_to_some_metres(x: float, y: float, width: float) -> None:
    grid = hexagons_over(shapely.Point(x, y).buffer(2 * width), width)
    shapes = PLANE.shapes_to_degrees(grid.outlines())
    drawn = areas(shapes, [0] * len(shapes), KINDS_OF_TWO)
    for shape, ring in zip(shapes, told(drawn)["rings"], strict=True):
        assert np.abs(corners(ring) - shapely.get_coordinates(shape)[:-1]).max() <= 0.51 / UNIT


def test_all_hexagons_of_the_border_are_small_and_of_more_those_with_most_travel() -> None:
    grid = hexagons_over(shapely.box(0, 0, 420_000, 420_000), 5000)
    shapes = PLANE.shapes_to_degrees(grid.outlines())
    counts = (np.arange(len(shapes)) % 97).tolist()
    few = areas(shapes[:3000], [1] * 3000, KINDS_OF_TWO, counts[:3000])
    assert len(state_json({"analysis": few})) < 100_000
    assert told(few)["counts"] == counts[:3000]
    many = told(areas(shapes, [1] * len(shapes), KINDS_OF_TWO, counts))
    assert len(shapes) > MOST == len(many["rings"]) == len(many["classes"])
    assert sorted(many["counts"]) == sorted(counts)[-MOST:]


def test_points_and_lines_have_no_outline() -> None:
    shapes = [shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)]
    assert len(outlines(shapes)) == 1
    assert outlines([]) == []
    assert len(outlines([shapely.union(shapely.box(0, 0, 1, 1), shapely.box(3, 3, 4, 4))])) == 2
    assert all(west < east and south < north for west, south, east, north in map(box_of, shapes))


def test_marks_are_numbered_from_one_and_the_chosen_one_stands_out() -> None:
    assert marks([101.5, 102.25], [15.0, 16.5], chosen=1) == [[1015000, 150000, 1, 0], [1022500, 165000, 2, 1]]
    assert marks([], []) == []


def unpacked(drawn: dict[str, Any]) -> np.ndarray[Any, Any]:
    grey = zlib.decompress(base64.b64decode(drawn["data"].replace("-", "+")))
    return np.frombuffer(grey, dtype=np.uint8).reshape(drawn["height"], drawn["width"])


@pytest.mark.parametrize("middle", [(0.0, 0.0), (-250_000.0, 480_000.0)])
def test_a_surface_is_where_it_was_and_in_the_classes_it_was(middle: tuple[float, float]) -> None:
    cell = 1000.0
    column, row = np.meshgrid(np.arange(-40, 41), np.arange(-40, 41))
    away = np.hypot(column, row).ravel()
    value = np.maximum(0, 1 - away / 30) * 8
    x, y = middle[0] + column.ravel() * cell, middle[1] + row.ravel() * cell
    some = value > 0
    drawn = surface(x[some], y[some], value[some], cell, PLANE, [2.0, 6.0], ["#ffcc99", "#990000"])
    grey = unpacked(drawn)
    lon = drawn["west"] + (np.arange(drawn["width"]) + 0.5) * (drawn["east"] - drawn["west"]) / drawn["width"]
    top, bottom = (np.log(np.tan(np.pi / 4 + np.deg2rad(drawn[edge]) / 2)) for edge in ("north", "south"))
    along = top - (np.arange(drawn["height"]) + 0.5) * (top - bottom) / drawn["height"]
    lat = np.rad2deg(2 * np.arctan(np.exp(along)) - np.pi / 2)
    at_x, at_y = PLANE.metres(*(grid.ravel() for grid in np.meshgrid(lon, lat)))
    true = np.maximum(0, 1 - np.hypot(at_x - middle[0], at_y - middle[1]) / 30_000) * 8
    seen = (grey.ravel() / 255) ** 2 * 8
    assert np.abs(seen - true).max() < 0.35
    for step, number in zip([2.0, 6.0], drawn["steps"], strict=True):
        told, is_so = grey.ravel() >= number, true >= step
        assert (told != is_so)[np.abs(true - step) > 0.35].sum() == 0


def test_the_state_holds_numbers_colours_and_our_own_words_only() -> None:
    drawn = surface(
        np.array([0.0, 1000.0]), np.array([0.0, 0.0]), np.array([1.0, 2.0]), 1000.0, PLANE, [1.5], ["#990000"]
    )
    written = state_json({"analysis": {"surface": drawn}})
    assert json.loads(written)["analysis"]["surface"]["data"] == drawn["data"]
    assert not re.search(r"[{]{2}|[{]%|[$]{|</", written)


def test_every_class_has_a_colour_by_day_and_by_night() -> None:
    for named in (HEAT, HOT_COLD, CHANGE):
        assert len(named["day"]) == len(named["night"])
    kinds = {f"{side}_{kind}" for side in ("hot", "cold") for kind in KINDS}
    assert set(EMERGING["day"]) == set(EMERGING["night"]) == kinds
    assert len(set(SCORED.values())) == len(SCORED)
