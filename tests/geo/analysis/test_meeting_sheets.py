"""Sheets made of what was read: counts are conserved, the order of rows is nothing, and nothing exact of what is unverified."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.meeting_figures import count_rows, figures, weeks
from geo.analysis.meeting_hotspots import day_number
from geo.analysis.meeting_sheets import meeting_sheets
from geo.model import District
from geo.model.json_form import from_json, to_json
from geo.model.meeting import MeetingFilter
from geo.model.meeting_material import CaseFigures, Ground, Material, Patrolled, Reporting, Shape
from geo.model.meeting_sheet import SAYS, FigureName, MeetingSheet, OverviewSheet

FIRST, LAST = date(2026, 6, 4), date(2026, 7, 1)
AS_OF = datetime(2026, 7, 2, 2, tzinfo=UTC)
SQUARES = {"4301": (102.6, 17.7), "4901": (104.6, 16.4)}
SIDE = 0.2
COLUMNS = ["district", "crime_type", "channel", "verified", "day", "lon", "lat"]

incidents = st.lists(
    st.tuples(
        st.sampled_from(list(SQUARES)),
        st.sampled_from(["contraband", "online_scam"]),
        st.sampled_from(["online", "coordinator", "patrol"]),
        st.booleans(),
        st.integers(day_number(LAST) - 400, day_number(LAST)),
        st.none() | st.tuples(st.floats(0.01, SIDE - 0.01), st.floats(0.01, SIDE - 0.01)),
    ),
    max_size=80,
)


def ground() -> Ground:
    shapes = {
        code: Shape(code, "TH", None, code, shapely.box(lon, lat, lon + SIDE, lat + SIDE))
        for code, (lon, lat) in SQUARES.items()
    }
    return Ground(
        districts={code: District(code, None, code) for code in SQUARES},
        points={code: (lon + SIDE / 2, lat + SIDE / 2) for code, (lon, lat) in SQUARES.items()},
        shapes=shapes,
        border=(),
        crossings=(),
        checkpoints=(),
        places=pd.DataFrame(columns=["kind", "code", "name_th", "name_en", "lon", "lat"]),
    )


def frame(rows: list[Any]) -> pd.DataFrame:
    flat = [
        (code, kind, channel, verified, day)
        + ((np.nan, np.nan) if at is None else (SQUARES[code][0] + at[0], SQUARES[code][1] + at[1]))
        for code, kind, channel, verified, day, at in rows
    ]
    made = pd.DataFrame(flat, columns=COLUMNS)
    made = made.astype({"verified": bool, "day": np.int64, "lon": float, "lat": float})
    for name in COLUMNS[:3]:
        made[name] = pd.Categorical(made[name])
    return made


def made(rows: list[Any], **change: Any) -> tuple[list[MeetingSheet], OverviewSheet]:
    material = Material(ground(), frame(rows), {}, {}, {}, {}, {})
    *sheets, overview = meeting_sheets(material, MeetingFilter(FIRST, LAST, **change), AS_OF, {"schema": "0005"})
    assert isinstance(overview, OverviewSheet)
    return sheets, overview  # type: ignore[return-value]


@given(incidents, st.booleans())
@settings(max_examples=25)
def test_every_incident_is_counted_once_everywhere(rows: list[Any], verified_only: bool) -> None:
    sheets, overview = made(rows, verified_only=verified_only)
    now = [row for row in rows if day_number(FIRST) <= row[4] <= day_number(LAST)]
    counted = [row for row in now if row[3] or not verified_only]
    for code, sheet in zip(SQUARES, sheets, strict=True):
        here = [row for row in counted if row[0] == code]
        assert sheet.figures[0].value == len(here)
        assert sum(row.now for row in sheet.by_type) == sum(row.now for row in sheet.by_channel) == len(here)
        assert sum(week.n for week in sheet.by_week) == len(here)
        placed = [row for row in now if row[0] == code and row[5] is not None]
        assert sum(point.n for point in sheet.map.points) == sum(row[3] for row in placed)
        assert sum(cell.n for cell in sheet.map.unverified) == sum(not row[3] for row in placed)
        public = [row for row in placed if row[3] and row[2] != "patrol"]
        assert sum(cell.n for cell in sheet.map.hexagons) == len(public)
        assert sum(one.n for one in sheet.top) <= len(public)
        assert (sheet.top != ()) == bool(public)
    assert overview.figures[0].value == len(counted)
    assert overview.rows[0].figures == sheets[0].figures


@given(incidents, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_rows_is_nothing(rows: list[Any], draw: Any) -> None:
    before = made(rows)
    draw.shuffle(rows)
    assert made(rows) == before


@given(incidents)
@settings(max_examples=15)
def test_a_sheet_is_read_again_as_it_was_written(rows: list[Any]) -> None:
    sheets, overview = made(rows)
    for one in (*sheets, overview):
        assert from_json(type(one), json.loads(json.dumps(to_json(one), allow_nan=False))) == one


def test_without_shapes_there_are_numbers_and_no_hexagons() -> None:
    bare = ground()
    material = Material(
        Ground(bare.districts, {}, {}, (), (), (), bare.places),
        frame([("4301", "contraband", "online", True, day_number(LAST), (0.1, 0.1))]), {}, {}, {}, {}, {},
    )  # fmt: skip
    *sheets, overview = meeting_sheets(material, MeetingFilter(FIRST, LAST), AS_OF, {})
    assert [one.figures[0].value for one in (*sheets, overview)] == [1, 0, 1]
    assert all(one.map.hexagons == () for one in (*sheets, overview))


def test_a_new_cluster_is_hot_new_and_told() -> None:
    day = day_number(LAST) - 3
    rows = [("4301", "contraband", "online", True, day, (0.1 + n * 1e-4, 0.1)) for n in range(40)]
    rows += [("4301", "contraband", "online", True, day - 28 * k, (0.03 * (k % 6) + 0.02, 0.18)) for k in range(1, 13)]
    sheets, overview = made(rows)
    found = sheets[0].found[0]
    assert (found.code, found.place and found.place.code) == ("new_hotspot", "4301")
    assert found.lon is not None
    assert abs(found.lon - 102.7) < 0.05
    assert (sheets[0].top[0].n, sheets[0].top[0].gi, sheets[0].top[0].emerging) == (40, 3, "hot_new")
    assert sheets[0].few is False
    assert overview.top[0].n == 40
    assert overview.map.points == ()
    assert {one.code for one in sheets[1].found} == {"nothing"}


def test_of_very_many_incidents_a_place_does_not_grow_along_the_whole_border() -> None:
    day = day_number(LAST) - 3
    line = [("4301", "contraband", "online", True, day, (0.01 + n * 3e-3, 0.1)) for n in range(60)]  # 320 m apart
    heap = [("4301", "online_scam", "online", True, day, (0.1 + n * 1e-5, 0.1)) for n in range(340)]
    (sheet, _), _ = made(line + heap)
    assert {method.name: method.parameters for method in sheet.methods}["dbscan"]["min_points"] == 8
    assert [one.kind for one in sheet.top] == ["cluster"] + ["hexagon"] * 4
    assert 340 <= sheet.top[0].n < 360
    (few, _), _ = made(line)
    assert [(one.kind, one.n) for one in few.top] == [("cluster", 60)]


@pytest.mark.parametrize(
    ("now", "before", "hours", "hours_before", "says", "percent"),
    [
        (20, 10, 10.0, 10.0, "change.rose", 100),
        (20, 10, 30.0, 10.0, "change.rose_with_effort", 100),
        (10, 20, 30.0, 10.0, "change.fell", -50),
        (20, 20, 10.0, 10.0, "change.same", 0),
        (4, 20, 10.0, 10.0, "change.few", None),
        (20, 4, 30.0, 10.0, "change.few", None),
    ],
)
def test_a_change_is_told_beside_the_effort_and_not_of_small_numbers(
    now: int, before: int, hours: float, hours_before: float, says: str, percent: float | None
) -> None:
    five = figures(
        now, before, 0, CaseFigures(now, now, 20.0, 3, 1), CaseFigures(), Reporting(), Patrolled(hours, 3),
        Patrolled(hours_before, 2), {"online": now},
    )  # fmt: skip
    assert (five[1].says, five[1].value) == (says, percent)
    assert all(set(SAYS[one.says]) <= set(one.detail) for one in five)
    assert [one.says for one in five[2:]] == ["verified.share", "open.some", "effort.patrols"]
    assert five[4].name == FigureName.EFFORT


@given(st.lists(st.integers(0, 59), max_size=40), st.integers(0, 6))
def test_weeks_hold_every_day_of_the_period_once(days: list[int], shift: int) -> None:
    first, last = FIRST + timedelta(days=shift), FIRST + timedelta(days=shift + 59)
    told = weeks(pd.Series([day_number(first) + day for day in days], dtype=np.int64), first, last)
    assert sum(week.n for week in told) == len(days)
    assert sum(week.days for week in told) == 60
    assert all(week.monday.weekday() == 0 for week in told)
    assert [week.monday for week in told] == sorted({week.monday for week in told})


def test_rows_of_nothing_are_none() -> None:
    empty = pd.Series([], dtype=object)
    assert count_rows(empty, empty) == ()
