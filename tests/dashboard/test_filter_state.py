"""What a filter means: its days, its weeks, its districts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.filter_state import (
    DEFAULT_LAYERS,
    LAYERS,
    NOWHERE,
    MapFilter,
    Period,
    incident_filter,
    period_days,
    weeks_of,
    without,
)
from geo.model import District, Status

TODAY = date(2026, 11, 23)
TOUCHED = {"2204": ("KH",), "3408": ("LA", "KH"), "4301": ("LA",), "4302": ("LA",)}
PLACES = {code: District(code, neighbours=touched) for code, touched in TOUCHED.items()}


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (Period.TODAY, date(2026, 11, 23)),
        (Period.DAYS_7, date(2026, 11, 17)),
        (Period.DAYS_28, date(2026, 10, 27)),
        (Period.DAYS_90, date(2026, 8, 26)),
        (Period.FISCAL, date(2026, 10, 1)),
    ],
)
def test_a_period_ends_today_and_counts_today(period: Period, first: date) -> None:
    assert period_days(MapFilter(period=period), TODAY) == (first, TODAY)


def test_the_fiscal_year_begins_on_1_october() -> None:
    fiscal = MapFilter(period=Period.FISCAL)
    assert period_days(fiscal, date(2026, 9, 30))[0] == date(2025, 10, 1)
    assert period_days(fiscal, date(2026, 10, 1)) == (date(2026, 10, 1), date(2026, 10, 1))


def test_without_a_choice_every_visible_incident_is_asked_for_wherever_it_is() -> None:
    asked = incident_filter(MapFilter(), TODAY, PLACES)
    assert asked.districts == ()
    assert asked.crime_types == ()
    assert set(asked.statuses) == set(Status) - {Status.UNFOUNDED, Status.DUPLICATE}
    assert asked.days == 28


def test_chosen_statuses_are_asked_for_even_where_they_are_hidden_otherwise() -> None:
    assert incident_filter(MapFilter(statuses=("unfounded",)), TODAY, PLACES).statuses == ("unfounded",)


@pytest.mark.parametrize(
    ("chosen", "districts"),
    [
        (MapFilter(province="43"), ("4301", "4302")),
        (MapFilter(neighbour="KH"), ("2204", "3408")),
        (MapFilter(neighbour="LA", districts=("3408", "2204")), ("3408",)),
        (MapFilter(districts=("4302",)), ("4302",)),
        (MapFilter(province="43", neighbour="KH"), NOWHERE),
        (MapFilter(districts=("9999",)), NOWHERE),
    ],
)
def test_places_narrow_each_other_and_never_widen_to_everywhere(chosen: MapFilter, districts: tuple[str, ...]) -> None:
    assert incident_filter(chosen, TODAY, PLACES).districts == districts


def test_a_place_is_nowhere_while_no_district_is_loaded() -> None:
    assert incident_filter(MapFilter(neighbour="LA"), TODAY, {}).districts == NOWHERE


def test_the_weeks_of_a_period_touch_all_of_it_and_nothing_else() -> None:
    weeks = weeks_of(MapFilter(), TODAY)
    first, last = period_days(MapFilter(), TODAY)
    assert weeks == sorted(weeks)
    assert all(week.weekday() == 0 for week in weeks)
    assert weeks[0] <= first < weeks[1]
    assert weeks[-1] <= last < weeks[-1] + timedelta(days=7)


def test_weeks_of_a_period_add_up_to_the_period() -> None:
    chosen = MapFilter(period=Period.DAYS_90)
    parts = [incident_filter(MapFilter(period=Period.DAYS_90, week=w), TODAY, PLACES) for w in weeks_of(chosen, TODAY)]
    assert sum(part.days for part in parts) == 90
    assert (parts[0].first, parts[-1].last) == period_days(chosen, TODAY)


def test_a_week_that_the_period_has_left_behind_shows_the_period() -> None:
    old = MapFilter(period=Period.DAYS_7, week=date(2026, 1, 5))
    assert incident_filter(old, TODAY, PLACES).days == 7


def test_equal_choices_are_equal_whatever_their_order() -> None:
    assert MapFilter(crime_types=("b", "a", "b")) == MapFilter(crime_types=("a", "b"))
    assert MapFilter(layers=tuple(reversed(LAYERS))).layers == LAYERS


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": Period.CUSTOM},
        {"period": Period.CUSTOM, "first": date(2026, 2, 1), "last": date(2026, 1, 1)},
        {"period": Period.CUSTOM, "first": date(1, 1, 1), "last": date(2026, 1, 1)},
        {"first": date(2026, 1, 1)},
        {"week": date(2026, 11, 24)},
    ],
)
def test_a_filter_that_means_nothing_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"custom|Monday"):
        MapFilter(**wrong)  # type: ignore[arg-type]


def test_taking_a_part_off_leaves_the_others() -> None:
    chosen = MapFilter(
        crime_types=("drugs",),
        period=Period.CUSTOM,
        first=date(2026, 1, 1),
        last=date(2026, 2, 1),
        province="43",
    )
    assert without(chosen, "period") == MapFilter(crime_types=("drugs",), province="43")
    assert without(chosen, "type").crime_types == ()
    assert without(chosen, "type").province == "43"


def test_the_usual_layers_exist() -> None:
    assert set(DEFAULT_LAYERS) <= set(LAYERS)
