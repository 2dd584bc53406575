"""A filter goes into an address and comes out the same; no address, however odd, breaks a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.filter_address import KEYS, Known, from_query, to_query
from dashboard.filter_state import (
    CHOROPLETHS,
    EARLIEST,
    LATEST,
    LAYERS,
    NEIGHBOURS,
    MapFilter,
    Period,
    incident_filter,
    weeks_of,
)
from dashboard.i18n import LANGUAGES
from geo.model import Channel, District, Status

TODAY = date(2026, 11, 23)
PLACES = {"4301": District("4301", neighbours=("LA",))}
TYPES = ("drugs", "trafficking")

codes = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=40)
days = st.dates(EARLIEST, LATEST)


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


def digits(n: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=n, max_size=n)


@st.composite
def filters(draw: st.DrawFn) -> MapFilter:
    period = draw(st.sampled_from(Period))
    span = sorted(draw(st.tuples(days, days))) if period == Period.CUSTOM else (None, None)
    chosen = MapFilter(
        crime_types=tuple(draw(st.lists(codes, max_size=5))),
        period=period,
        first=span[0],
        last=span[1],
        province=draw(st.none() | digits(2)),
        districts=tuple(draw(st.lists(digits(4), max_size=5))),
        neighbour=draw(st.none() | st.sampled_from(NEIGHBOURS)),
        statuses=draw(some(list(Status))),
        channels=draw(some(list(Channel))),
        layers=draw(some(list(LAYERS))),
        choropleth=draw(st.sampled_from(CHOROPLETHS)),
        basemap=draw(st.sampled_from(["own", "offline", "osm", "imagery"])),
        lang=draw(st.sampled_from(LANGUAGES)),
        wall=draw(st.booleans()),
        picked=draw(st.none() | digits(4)),
        incident=draw(st.none() | st.from_regex(r"\A[A-Z]{3}[0-9]{2}-[0-9]{7}\Z")),
    )
    return replace(chosen, week=draw(st.none() | st.sampled_from(weeks_of(chosen, TODAY))))


@given(filters(), st.sampled_from(LANGUAGES))
def test_a_filter_comes_back_from_its_address(chosen: MapFilter, lang: str) -> None:
    default = MapFilter(lang=lang)
    query = to_query(chosen, default)
    assert set(query) <= set(KEYS)
    assert from_query(query, TODAY, None, default) == (chosen, ())
    assert to_query(from_query(query, TODAY, None, default)[0], default) == query


anything = st.text(max_size=60)
almost = st.sampled_from(
    ["custom", "2026-W53", "2027-W54", "0000-00-00", "2026-02-30", "9999-12-31", "0001-01-01", "..", "43",
     "٤٣", "LA", "la", "1", "none", "drugs.drugs", "drugs\n", "th", "-", "4301.",
     "{{7*7}}", "<script>", "\ud800", "\x00"]
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS) | anything, anything | almost, max_size=20), days)
@example({"period": "custom", "from": "0001-01-01", "to": "9999-12-31"}, TODAY)
@example({"week": "2026-W99"}, TODAY)
def test_any_address_gives_a_filter_that_the_database_can_be_asked_with(query: dict[str, str], today: date) -> None:
    for known in (None, Known.of(TYPES, PLACES, ["own"])):
        chosen, dropped = from_query(query, today, known)
        assert set(dropped) <= set(KEYS)
        asked = incident_filter(chosen, today, PLACES)
        assert asked.before().last == asked.first - timedelta(days=1)
        assert from_query(to_query(chosen), today, known) == (chosen, ())


def test_the_usual_picture_has_an_empty_address() -> None:
    assert to_query(MapFilter()) == {}
    assert from_query({}, TODAY) == (MapFilter(), ())


def test_an_address_is_short_and_readable() -> None:
    chosen = MapFilter(
        crime_types=("trafficking", "drugs"), period=Period.DAYS_90, week=date(2026, 11, 16), province="43",
        layers=(), wall=True,
    )  # fmt: skip
    assert to_query(chosen) == {
        "type": "drugs.trafficking", "period": "90", "week": "2026-W47", "province": "43", "layers": "none",
        "wall": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "dropped"),
    [
        ({"type": "drugs.unheard"}, ("type",)),
        ({"district": "4301.9999"}, ("district",)),
        ({"province": "99"}, ("province",)),
        ({"status": "asleep"}, ("status",)),
        ({"period": "year"}, ("period",)),
        ({"period": "custom", "from": "2026-02-30", "to": "2026-03-01"}, ("from", "period")),
        ({"period": "custom", "from": "2026-03-02", "to": "2026-03-01"}, ("period",)),
        ({"week": "2026-W01"}, ("week",)),
        ({"base": "elsewhere"}, ("base",)),
        ({"lang": "xx"}, ("lang",)),
        ({"utm_source": "mail"}, ()),
    ],
)
def test_what_is_not_understood_is_left_out_and_reported(query: dict[str, str], dropped: tuple[str, ...]) -> None:
    chosen, left_out = from_query(query, TODAY, Known.of(TYPES, PLACES, ["own"]))
    assert left_out == dropped
    assert chosen == MapFilter(
        crime_types=("drugs",) if "type" in query else (),
        districts=("4301",) if "district" in query else (),
    )
