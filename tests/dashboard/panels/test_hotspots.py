"""What the hotspot page says and draws of an answer."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from datetime import date, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filter_state import MapFilter, Period
from dashboard.hotspot_choice import Choice
from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked, Base, based_on
from dashboard.panels.hotspots_how import about, method_line, needs_more_districts
from dashboard.panels.hotspots_places import areas_of, boxes_around, named
from dashboard.panels.hotspots_rates import in_classes
from dashboard.panels.hotspots_view import View
from dashboard.panels.hotspots_where import _peaks, clusters, density_steps, hot_and_cold, two_digits
from geo.analysis.plane import BORDER, Plane
from geo.model import District, IncidentFilter, Scope
from geo.model.person import Person, Role

NOW = datetime(2026, 11, 27, 14, 5, tzinfo=ZoneInfo("Asia/Bangkok"))
BORDER_DISTRICTS = {
    "4301": District("4301", "เมืองหนองคาย", "Mueang Nong Khai", "หนองคาย", "Nong Khai", ("LA",)),
    "4901": District("4901", "เมืองมุกดาหาร", "Mueang Mukdahan", "มุกดาหาร", "Mukdahan", ("LA",)),
}


def view(
    lang: str = "th", base: Base = Base.PUBLIC, districts: tuple[str, ...] | None = None, demo: bool = False
) -> View:
    person = Person(1, "someone", "ใคร", Role.CHIEF, districts or ())
    chosen = MapFilter(period=Period.DAYS_365, lang=lang)
    incidents = based_on(IncidentFilter(date(2025, 11, 28), date(2026, 11, 27)), base)
    return View(
        person, Scope(districts), chosen, incidents, Choice(base=base), "1", NOW, False, {}, BORDER_DISTRICTS, BORDER_DISTRICTS,
        demo,
    )  # fmt: skip


@pytest.fixture
def answer() -> Answer:
    """Gi* of seven hexagons: two that touch are hot, one far away is hot too, one is cold."""
    x = [0.0, 5000.0, 100_000.0, 50_000.0, 55_000.0, 60_000.0, 65_000.0]
    rows = pd.DataFrame({"x": x, "y": 0.0, "count": [9, 4, 8, 0, 1, 1, 1], "class": [3, 2, 3, -1, 0, 0, 0]})
    shapes = shapely.buffer(shapely.points(rows["x"], rows["y"]), 2500.0)
    summary = {
        "method": "gi", "n": 1234, "cell": 5000.0, "distance": 10_000.0, "corrected": True, "places": 7, "first": "2025-11-28",
        "last": "2026-11-27", "as_of": "2026-11-27T14:05:00+07:00",
    }  # fmt: skip
    return Answer(summary, rows, shapes, plane=Plane(*BORDER))


def test_the_line_says_method_parameters_number_period_base_and_moment(answer: Answer) -> None:
    thai = method_line(view("th"), answer)
    for part in ("Getis-Ord Gi*", "5.0 กม.", "10.0 กม.", "FDR", "1,234 เหตุ", "28 พ.ย. 2568 – 27 พ.ย. 2569", "ยืนยันแล้วเท่านั้น",
                 "ณ 27 พ.ย. 2569 เวลา 14:05 น."):  # fmt: skip
        assert part in thai
    english = method_line(view("en", Base.PATROLS), answer)
    assert "found by patrols only" in english
    assert "1,234 incidents" in english


def test_everywhere_is_ones_own_districts_to_who_sees_no_others(answer: Answer) -> None:
    own = method_line(view("th", districts=("4301",)), answer)
    assert "อ.เมืองหนองคาย" in own
    assert "ทุกพื้นที่" not in own
    assert "ทุกพื้นที่" in method_line(view("th"), answer)
    assert needs_more_districts(view(districts=("4301",)), "gi_districts")
    assert not needs_more_districts(view(), "gi_districts")


def test_what_is_taken_away_says_that_reports_are_not_all_crime_and_whether_it_is_real(answer: Answer) -> None:
    told = about(view("en", demo=True), answer)
    assert method_line(view("en"), answer) in [words for _, words in told]
    assert "These are reports, not all crime" in [words for _, words in told]
    assert "Demonstration data, not real" in [words for _, words in told]
    assert "Demonstration data, not real" not in [words for _, words in about(view("en"), answer)]


def test_only_significant_hexagons_travel_and_those_that_touch_are_one_place(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.session.st.session_state", {})
    drawn = hot_and_cold(view(), answer)
    assert drawn.computed is not None
    packed = drawn.computed["areas"]["data"].replace("-", "+")
    assert json.loads(zlib.decompress(base64.b64decode(packed)))["classes"] == [5, 4, 5, 2]
    assert drawn.computed["legend"]["counts"] == [0, 0, 1, 0, 1, 2]
    assert [mark[2] for mark in drawn.computed["marks"]] == [1, 2]
    assert len(drawn.boxes) == 2
    first = drawn.boxes[0]
    assert first is not None
    assert first[0] < 103.0 < first[2]


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 9)), unique_by=lambda cell: cell[0], max_size=11))
def test_areas_hold_every_cell_once_and_every_incident(cells: list[tuple[int, int]]) -> None:
    rows = pd.DataFrame({"x": [5000.0 * at for at, _ in cells], "y": 0.0, "count": [n for _, n in cells]})
    areas = areas_of(rows, 5000)
    assert sorted(at for some in areas["rows"] for at in some) == list(range(len(cells)))
    assert sum(areas["count"]) == sum(n for _, n in cells)
    assert areas["count"].is_monotonic_decreasing


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), unique=True, min_size=1, max_size=60))
def test_peaks_are_apart_and_the_densest_is_first(at: list[tuple[int, int]]) -> None:
    rows = pd.DataFrame(at, columns=["x", "y"]) * 1000.0
    rows["density_per_km2"] = np.arange(len(rows)) + 1.0
    peaks = _peaks(rows, 5000)
    assert peaks["density_per_km2"].iloc[0] == len(rows)
    for i, j in combinations(range(len(peaks)), 2):
        assert np.hypot(*(peaks.loc[i, ["x", "y"]] - peaks.loc[j, ["x", "y"]]).astype(float)) > 10_000


@given(st.dictionaries(st.text("0123456789", min_size=4, max_size=4), st.floats(0, 1e6), max_size=40))
def test_classes_rise_with_values_and_zero_is_in_none(values: dict[str, float]) -> None:
    placed, breaks = in_classes(values, ("a", "b", "c", "d", "e"))
    assert breaks == sorted(breaks)
    assert all(0 <= kind < len(breaks) for kind in placed.values())
    assert not any(values[code] == 0 for code in placed)
    for one, kind in placed.items():
        for other, another in placed.items():
            if values[one] < values[other]:
                assert kind <= another


def test_a_place_is_called_after_what_is_near_in_the_readers_language() -> None:
    rows = pd.DataFrame({
        "near_kind": ["crossing", "district", None], "near_code": ["c1", "4301", None],
        "near_th": ["สะพานมิตรภาพ", "เมืองหนองคาย", None], "near_en": ["Friendship Bridge", None, None],
    })  # fmt: skip
    assert named(rows, "th") == ["ใกล้สะพานมิตรภาพ", "อ.เมืองหนองคาย", "ไม่ทราบชื่อสถานที่"]
    assert named(rows, "en")[:2] == ["near Friendship Bridge", "เมืองหนองคาย district"]


def test_no_cluster_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.session.st.session_state", {})
    none = Answer(
        {"method": "dbscan"}, pd.DataFrame({"x": [], "y": []}, dtype=float), np.array([]), plane=Plane(*BORDER)
    )
    drawn = clusters(view(), none)
    assert drawn.computed is not None
    assert drawn.computed["marks"] == []
    assert boxes_around(none, []) == []


@given(st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=300), st.floats(0, 5000))
def test_classes_of_density_hold_the_share_of_the_land_that_they_say(values: list[float], cells: float) -> None:
    given_values = np.array(values)
    steps = density_steps(given_values, cells)
    assert steps
    least = [step for _, step in steps]
    assert least == sorted(least)
    for share, step in steps:
        if share is not None:  # no more than are equal to the last one
            above = int((given_values > step).sum())
            assert above < share * max(cells, len(values)) + 1


def test_what_was_set_of_one_method_does_not_concern_another() -> None:
    here = replace(view(), choice=Choice(method="gi", asked=Asked(cell=10_000.0, bandwidth=8000.0, eps=500.0)))
    assert here.question().asked == Asked(cell=10_000.0)
    assert here.question("kde").asked == Asked(bandwidth=8000.0)
    assert here.question("places", share=0.5).asked == Asked(share=0.5)


def test_a_density_is_said_without_powers_of_ten() -> None:
    said = [two_digits(value) for value in (0.0000221, 0.0374, 0.5, 1.0, 2.25, 9.96, 13.4, 934.94, 1234.5)]
    assert said == ["0.000022", "0.037", "0.5", "1", "2.2", "10", "13", "935", "1,234"]
