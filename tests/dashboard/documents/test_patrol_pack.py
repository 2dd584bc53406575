"""What those who go take along: files that other programs read, and one page with everything on it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyogrio
import pytest
import shapely
from defusedxml.ElementTree import fromstring

from dashboard.documents.patrol_files import outing_gpx, outing_kml
from dashboard.documents.patrol_outing import along
from dashboard.documents.patrol_pack import Outing, Post
from dashboard.documents.patrol_paper import MOST_POSTS, outing_pdf
from dashboard.documents.position import grid_words
from geo.analysis.tracks import distance_m
from geo.ingest.route_lines import read_routes
from geo.queries.paper_ground import PaperBorder, PaperCrossing, PaperDistrict, PaperGround
from tests.dashboard.documents.meeting_readers import letters, pages_of

NOW = datetime(2026, 11, 27, 21, 5, tzinfo=ZoneInfo("Asia/Bangkok"))
LINE = ((102.70, 17.867), (102.7292, 17.8765), (102.7556, 17.8855))
HOSTILE = '<img src=x onerror=alert(1)> {{7*7}} ${x} #eval("1") ]]> \x07 = & ริมโขง'
BOX = (102.6, 17.8, 102.9, 18.0)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[102.6, 17.8], [102.9, 17.8], [102.9, 17.95], [102.6, 17.95], [102.6, 17.8]]],
}
GROUND = PaperGround(
    BOX,
    (PaperDistrict("4301", "เมืองหนองคาย", "Mueang Nong Khai", 102.75, 17.85, SQUARE),),
    (PaperBorder(True, {"type": "LineString", "coordinates": [[102.6, 17.88], [102.9, 17.9]]}),),
    (PaperCrossing("permanent", 102.72, 17.88),),
)


def outing(posts: int = 3, notes: str = "หยุดดูท่าข้าม") -> Outing:
    places = tuple(
        Post(f"จุด {n}", 102.70 + n * 0.005, 17.867 + n * 0.001, NOW + timedelta(minutes=20 * n), about=n > 0)
        for n in range(posts)
    )
    return Outing(
        "ริมโขงหนองคาย", places, (LINE, tuple((x + 0.1, y) for x, y in LINE)), "หน่วยเรือ นรข.", notes, "PT69-000001", "ทางเรือ",
        "พร้อมออก", "ชป.1", "ช่อง 3", NOW, NOW + timedelta(hours=3),
    )  # fmt: skip


def test_gpx_is_read_by_our_own_reader_and_by_gdal_as_a_plan_and_not_as_a_track_that_was_walked(tmp_path: Path) -> None:
    data = outing_gpx(outing(), "th", NOW)
    (found,) = read_routes(data, "a.gpx")
    assert found.name == "ริมโขงหนองคาย"
    assert np.allclose(shapely.get_coordinates(found.line)[:3], LINE, atol=2e-5)
    root = fromstring(data)
    assert [child.tag.partition("}")[2] for child in root] == [
        "metadata",
        "wpt",
        "wpt",
        "wpt",
        "trk",
    ]  # the schema's order
    assert root.find(".//{*}trkpt/{*}time") is None
    (tmp_path / "a.gpx").write_bytes(data)
    meta, _, shapes, columns = pyogrio.raw.read(tmp_path / "a.gpx", layer="waypoints")
    told = dict(zip(meta["fields"], columns, strict=True))
    assert list(told["name"]) == ["1 จุด 0", "2 จุด 1", "3 จุด 2"]
    assert grid_words(102.70, 17.867) in told["desc"][0]
    assert "27 พ.ย. 2569" in told["desc"][0]
    assert len(shapes) == 3
    assert pyogrio.raw.read(tmp_path / "a.gpx", layer="tracks")[2][0] is not None


def test_kml_is_read_by_gdal_with_its_line_and_its_places(tmp_path: Path) -> None:
    data = outing_kml(outing(), "th")
    (tmp_path / "a.kml").write_bytes(data)
    _, _, shapes, columns = pyogrio.raw.read(tmp_path / "a.kml", columns=["Name"])
    kinds = [shapely.from_wkb(shape).geom_type for shape in shapes]
    assert kinds[1:] == ["Point"] * 3
    assert kinds[0] in {"MultiLineString", "GeometryCollection"}
    assert columns[0][1] == "1 จุด 0"
    assert [line.name for line in read_routes(data, "a.kml")] == ["ริมโขงหนองคาย"] * 2


@pytest.mark.parametrize(("posts", "lang"), [(0, "th"), (5, "th"), (MOST_POSTS + 9, "en")])
def test_the_sheet_is_one_page_with_grid_references_and_thai_times(posts: int, lang: str) -> None:
    districts = {}
    (page,) = pages_of(
        outing_pdf(outing(posts, "ก" * 3000 if posts > 9 else "หยุดดูท่าข้าม"), GROUND, districts, lang, NOW)
    )
    said = letters(page)
    for words in ("ริมโขงหนองคาย", "PT69-000001", "ช่อง 3", "27 พ.ย. 2569" if lang == "th" else "27 Nov 2026"):
        assert letters(words) in said
    if posts:
        assert letters(grid_words(102.70, 17.867)) in said
    assert (letters("9 more points") in said) == (posts > MOST_POSTS)


def test_words_of_people_are_words_in_every_file() -> None:
    bad = Outing(
        HOSTILE,
        (Post(HOSTILE, 102.7, 17.87, note=HOSTILE),),
        (LINE,),
        HOSTILE,
        HOSTILE,
        "X",
        unit=HOSTILE,
        contact=HOSTILE,
    )
    for data in (outing_gpx(bad, "th", NOW), outing_kml(bad, "th")):
        root = fromstring(data)
        assert root.find(".//{*}img") is None
        assert "onerror=alert(1)> {{7*7}} ${x}" in (root.find(".//{*}name").text or "")
    assert b"<img" not in outing_kml(bad, "th")
    assert "&lt;img" in fromstring(outing_kml(bad, "th")).find(".//{*}description").text
    assert len(pages_of(outing_pdf(bad, GROUND, {}, "th", NOW))) == 1


def test_posts_along_a_way_stand_at_round_kilometres_with_times_between() -> None:
    line = shapely.LineString([(104.0, 17.0), (104.0, 17.2)])
    posts = along(line, "en", NOW, NOW + timedelta(hours=4))
    length = float(distance_m(104.0, 17.0, 104.0, 17.2)) / 1000
    assert [post.name for post in posts] == ["Start", "km 5", "km 10", "km 15", "km 20", f"End (km {length:.1f})"]
    assert [post.about for post in posts] == [False, True, True, True, True, False]
    assert posts[2].at == NOW + timedelta(hours=4) * (10 / length)
    assert posts[2].lat == pytest.approx(17.0 + 0.2 * 10 / length, abs=1e-4)
    assert json.dumps([post.lon for post in along(line, "th", None, None)])
