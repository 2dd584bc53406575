"""The small map of a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.maps.case_map import SPREAD, Mark, box_around, case_map
from tests import hostile

HERE = Mark(102.7, 17.8, "case", "#009e73")


def test_there_is_room_around_all_marks() -> None:
    west, south, east, north = box_around([HERE, Mark(102.8, 17.9, "other", "#000000", 1)])
    assert (west, south) == (102.7 - SPREAD, 17.8 - SPREAD)
    assert (east, north) == (102.8 + SPREAD, 17.9 + SPREAD)


def test_its_view_needs_no_size_of_the_frame_and_shows_all_marks() -> None:
    for marks in (
        [HERE],
        [HERE, Mark(102.8, 17.9, "other", "#000000", 1)],
        [HERE, Mark(102.71, 18.4, "report", "#000000")],
    ):
        drawn = case_map(marks, [], [], night=False)
        assert "fitBounds" not in drawn.get_root().render()
        west, south, east, north = box_around(marks)
        assert drawn.location == [pytest.approx((south + north) / 2), pytest.approx((west + east) / 2)]
        pixels = 256 * 2 ** drawn.options["zoom"] / 360
        width, height = (east - west) * pixels, (north - south) * pixels / 0.95
        assert width <= 340
        assert height <= 201
        assert 2 * width > 340 or 2 * height > 199


@pytest.mark.parametrize("night", [False, True])
def test_it_asks_no_other_host_and_writes_only_numbers(night: bool) -> None:
    drawn = case_map([HERE, Mark(102.71, 17.81, "other", "#d55e00", 3)], [], [], night=night)
    page = drawn.get_root().render()
    assert "//" not in page.replace("http://www.w3.org", "")
    assert '"number":3' in page


def test_a_hostile_colour_is_a_string_and_nothing_else(tmp_path: Path) -> None:
    made = tmp_path / "made"
    for text in hostile.corpus(made, "http://127.0.0.1:1/beacon"):
        page = case_map([Mark(102.7, 17.8, "other", text, 1)], [], [], night=False).get_root().render()
        assert hostile.COMPUTED not in page
        assert "alert(" not in page
    assert not made.exists()
