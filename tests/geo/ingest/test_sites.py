"""Lists of places where a checkpoint could stand: every row taken or refused with its reason."""

from __future__ import annotations

import json

import pytest

from geo.errors import FileRefused
from geo.ingest.sites import read_sites, site_table

ROWS = """ชื่อจุด,พิกัด,ประเภท,งบประมาณ,กำลังพล,เงื่อนไข
ท่าทราย,48Q TE 60410 77331,ทางน้ำ,"1,200,000",๑๒,บังคับ
สี่แยก,"17.87, 102.74",,,,
แอฟริกา,"5.0, 20.0",,,,
ไม่มีพิกัด,,,,,
ลบ,"17.87, 102.75",,-5,,
แปลก,"17.87, 102.75",,,,บางที
"""


def test_rows_are_taken_or_refused_with_a_reason() -> None:
    reading = read_sites(site_table(ROWS.encode(), "sites.csv"))
    first, second = reading.taken
    assert (first.name, first.kind, first.cost, first.staff, first.mark) == (
        "ท่าทราย",
        "river",
        1_200_000.0,
        12.0,
        "forced",
    )
    assert (second.name, second.cost, second.mark, second.lon) == ("สี่แยก", None, "", 102.74)
    assert [(one.row.number, one.code) for one in reading.refused] == [
        (4, "row.coordinate_outside"), (5, "row.coordinate_missing"), (6, "site.number"), (7, "site.mark"),
    ]  # fmt: skip
    assert reading.read == 6


def test_a_geojson_without_names_is_taken_and_a_file_without_places_is_not() -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [102.7, 17.8]},
        "properties": {"cost": 3},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    (one,) = read_sites(site_table(content, "sites.geojson")).taken
    assert (one.name, one.cost, one.lat) == ("", 3.0, 17.8)
    with pytest.raises(FileRefused, match="missing_columns"):
        site_table(b"name,cost\nx,1\n", "sites.csv")
