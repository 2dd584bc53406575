"""Silence on the map: codes, states and counts, each place once, and shapes where they are known."""

from __future__ import annotations

import json

import pandas as pd

from dashboard.silences import by_district, layer
from geo.queries.silence import PlaceSpot

SQUARE = {"type": "Polygon", "coordinates": [[[102.7, 17.8], [102.8, 17.8], [102.8, 17.9], [102.7, 17.8]]]}
HOSTILE = "{{7*7}}<img src=x onerror=alert(1)>"


def found(*rows: tuple[str, str, str, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["area_code", "village", "state", "coordinators", "overdue_days"])
    return frame.assign(district_code=frame["area_code"].str[:4])


def test_signs_stand_at_their_place_or_together_in_their_district_and_no_word_is_told() -> None:
    board = found(
        ("430101", HOSTILE, "silent", 1, 12.0), ("430101", "หมู่ 2", "heard", 1, -3.0), ("430102", "", "silent", 1, 3.0),
        ("430103", "", "silent", 1, 5.0), ("430104", "", "never", 0, float("nan")), ("430105", "", "heard", 1, -1.0),
    )  # fmt: skip
    spots = {
        code: PlaceSpot(code, HOSTILE, HOSTILE, "district", 102.6, 17.7, None)
        for code in ("430102", "430103", "430104", "430105")
    }
    spots["430101"] = PlaceSpot("430101", HOSTILE, HOSTILE, "subdistrict", 102.75, 17.85, SQUARE)
    drawn = layer(board, spots)
    told = [(f["properties"], f["geometry"]) for f in drawn["features"]]
    assert told == [
        ({"code": "430101", "status": "silent"}, SQUARE),  # the worst of its villages
        ({"code": "430101-silent", "status": "silent", "n": 1, "together": False, "beside": 0.0}, {"type": "Point", "coordinates": (102.75, 17.85)}),
        ({"code": "4301-silent", "status": "silent", "n": 2, "together": True, "beside": -0.5}, {"type": "Point", "coordinates": (102.6, 17.7)}),
        ({"code": "4301-never", "status": "never", "n": 1, "together": True, "beside": 0.5}, {"type": "Point", "coordinates": (102.6, 17.7)}),
    ]  # fmt: skip
    assert "onerror" not in json.dumps(drawn)


def test_districts_count_places_without_a_coordinator_apart() -> None:
    counts = by_district(
        found(
            ("430101", "", "silent", 1, 12.0), ("430102", "", "silent", 1, 30.0), ("430103", "", "never", 0, float("nan")),
            ("490101", "", "never", 2, 9.0), ("490102", "", "quiet", 1, -2.0),
        )
    )  # fmt: skip
    told = counts.drop(columns="longest_days").to_dict("records")
    assert told == [
        {"district_code": "4301", "heard": 0, "quiet": 0, "silent": 2, "never": 0, "nobody": 1},
        {"district_code": "4901", "heard": 0, "quiet": 1, "silent": 0, "never": 1, "nobody": 0},
    ]
    assert counts["longest_days"].iloc[0] == 30.0
    assert pd.isna(counts["longest_days"].iloc[1])
