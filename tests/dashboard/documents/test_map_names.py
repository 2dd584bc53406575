"""Names on a map on paper never cover each other, and a map draws what was frozen and no more."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dashboard.documents.map_legend import legend_sign
from dashboard.documents.map_names import names
from dashboard.documents.map_plane import WIDE, MapPlane
from dashboard.documents.map_signs import EMERGING, GI
from dashboard.documents.meeting_map import draw_sheet
from dashboard.geojson_lines import lines_of
from geo.analysis.emerging import KINDS
from geo.model.meeting_sheet import MapPoint, Outline
from tests.dashboard.documents.meeting_town import NAMES, district_sheet, meeting_pack

SHAPE = (0.6, 0.9)
BOX = (102.0, 17.0, 103.0, 18.0)
places = st.tuples(st.floats(102.0, 103.0), st.floats(17.0, 18.0), st.text("กขคงจชซ", min_size=1, max_size=12))


def _outlines(at: list[tuple[float, float, str]]) -> tuple[Outline, ...]:
    return tuple(
        Outline(str(number), "TH", said, None, lon, lat, {"type": "Polygon", "coordinates": []})
        for number, (lon, lat, said) in enumerate(at)
    )


@given(st.lists(places, max_size=30))
@settings(max_examples=60)
def test_no_name_covers_another(at: list[tuple[float, float, str]]) -> None:
    plane = MapPlane(BOX, *SHAPE)
    ground = replace(district_sheet(0, 9, 9).map, box=BOX, districts=_outlines(at), around=())
    said = {one.code: one.name_th or "" for one in ground.districts}
    found = names(plane, ground)
    for number, one in enumerate(found):
        assert 0 < one.x < 1
        assert 0 < one.y < 1
        for other in found[number + 1 :]:
            wide = 27 * 0.56 * (len(said[one.of]) + len(said[other.of])) / 2
            apart = abs(one.x - other.x) * WIDE >= wide - 0.1 or abs(one.y - other.y) * plane.high >= 27 * 1.3 - 0.1
            assert apart, (one, other)


def test_a_map_is_a_drawing_without_text_addresses_or_scripts() -> None:
    sheet = district_sheet(0, 140, 90, place="<script>alert(1)</script>")
    drawn = draw_sheet(sheet.map, sheet.top, NAMES.types, SHAPE)
    root = etree.fromstring(drawn.svg.encode())
    assert {str(one.tag).split("}")[1] for one in root.iter()} <= {
        "svg",
        "defs",
        "pattern",
        "clipPath",
        "rect",
        "g",
        "path",
        "circle",
    }
    assert "script" not in drawn.svg
    assert "nan" not in drawn.svg
    dashed = [one for one in root.iter() if one.get("stroke-width") == "6.5" and one.get("stroke-dasharray")]
    assert len(dashed) == 1, "the stretch that is not agreed"
    assert {"border", "undetermined", "crossing", "rank", "unverified", "checkpoint:planned"} <= set(drawn.legend)
    assert [one.of for one in drawn.labels if one.kind == "rank"] == ["1", "2", "3", "4", "5"]


def test_the_overview_draws_one_circle_a_district_as_large_as_its_count() -> None:
    pack = meeting_pack([(140, 90), (35, 6), (0, 0)])
    assert pack.overview is not None
    counts = {row.district: round(row.figures[0].value or 0) for row in pack.overview.rows}
    drawn = draw_sheet(pack.overview.map, pack.overview.top, NAMES.types, SHAPE, counts)
    sizes = sorted(
        float(one.get("r")) for one in etree.fromstring(drawn.svg.encode()).iter() if "circle" in str(one.tag)
    )
    assert sizes == [13 + 11, 13 + 22], "area goes with the count: a quarter of it is half as wide beyond the least"
    assert {one.of for one in drawn.labels if one.kind == "count"} == {"140", "35"}
    assert "rank" not in drawn.legend


def test_every_spot_inside_is_drawn_as_large_as_its_count_the_largest_below() -> None:
    sheet = district_sheet(0, 0, 9)
    west, south, _, _ = sheet.map.box
    spots = tuple(MapPoint(west + 0.1, south + 0.1 + at / 100, "contraband", n) for at, n in enumerate((1, 4, 2)))
    ground = replace(sheet.map, points=(*spots, MapPoint(west - 5, south, "online_scam", 9)))
    drawn = draw_sheet(ground, (), NAMES.types, SHAPE)
    sizes = [float(found) for found in re.findall(r"scale\(([0-9.]+)\)", drawn.svg)]
    assert sizes == [13.0, 9.19, 6.5], "area goes with the count"
    assert [key for key in drawn.legend if key.startswith("type:")] == ["type:contraband"]


def test_every_class_has_a_sign_and_every_key_of_a_legend_a_picture() -> None:
    assert set(EMERGING) == set(KINDS)
    assert set(GI) == set(range(-3, 4))
    keys = [f"emerging:{temper}_{kind}" for temper in ("hot", "cold") for kind in EMERGING]
    keys += [f"gi:{gi}" for gi in GI] + [
        "border",
        "undetermined",
        "unverified",
        "type:contraband",
        "type:",
        "crossing",
        "rank",
        "count",
    ]
    pictures = {key: legend_sign(key, NAMES.types) for key in keys}
    assert len(set(pictures.values())) == len(keys)
    for picture in pictures.values():
        etree.fromstring(picture.encode())


def test_lines_of_every_kind_of_shape_are_drawn_and_what_lies_outside_is_not() -> None:
    square = [[102.2, 17.2], [102.8, 17.2], [102.8, 17.8], [102.2, 17.2]]
    plane = MapPlane(BOX, *SHAPE)
    for shape in (
        {"type": "Polygon", "coordinates": [square]},
        {"type": "MultiPolygon", "coordinates": [[square]]},
        {"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": square}]},
    ):
        assert plane.path(lines_of(shape), True).startswith("M")
    far = {"type": "LineString", "coordinates": [[110.0, 17.0], [111.0, 18.0]]}
    assert plane.path(lines_of(far), False) == ""
