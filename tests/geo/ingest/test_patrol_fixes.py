"""Positions of patrols from every kind of file that devices and offices make."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import FileRefused
from geo.ingest.agencies import AgencyWords
from geo.ingest.patrol_fixes import fix_table, read_fixes
from geo.model.track import PatrolFix

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ONE = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
AGENCIES = AgencyWords([{"code": "bpp", "name_th": "ตชด.", "name_en": "Border Patrol Police", "abbrev_th": None}])


def read(path: Path, **options) -> tuple[list[PatrolFix], list[tuple[int, str]]]:
    """Positions, and the refused rows with their codes."""
    reading = read_fixes(fix_table(path, options.pop("given", None)), AGENCIES, now=NOW, **options)
    assert reading.read == len(reading.taken) + len(reading.refused) == len(reading.rows)
    return reading.taken, [(refusal.row.number, refusal.code) for refusal in reading.refused]


def csv_file(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "fixes.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def geojson_file(folder: Path, *features: dict) -> Path:
    path = folder / "fixes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def feature(kind: str | None, coordinates: object, **properties: object) -> dict:
    geometry = kind and {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_a_csv_with_english_headings_is_read_to_the_fraction_of_a_second(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "patrol_id,unit,agency,fixtime,lat,lon",
        "a-1,Team 1,BPP,2026-03-01 01:00:00.571+00:00,17.5,102.5",
    )
    fixes, refused = read(path)
    assert refused == []
    assert fixes == [PatrolFix(2, "a-1", "Team 1", "bpp", ONE.replace(microsecond=571_000), 102.5, 17.5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
def test_thai_headings_buddhist_years_and_grid_references_are_read(tmp_path: Path, encoding: str):
    path = csv_file(
        tmp_path,
        "รหัสลาดตระเวน,ชุดลาดตระเวน,หน่วยงาน,วันที่,เวลา,พิกัด",
        "๑๒,ชปล.๑,ตชด.,1 มี.ค. 2569,08.00 น.,48Q TE 12345 67890",
        "๑๒,ชปล.๑,ตชด.,๑/๓/๒๕๖๙,08:01,17-30-00N 102-30-00E",
        encoding=encoding,
    )
    fixes, refused = read(path)
    assert refused == []
    assert [fix.at for fix in fixes] == [ONE, ONE.replace(minute=1)]
    assert {(fix.patrol, fix.unit, fix.agency) for fix in fixes} == {("๑๒", "ชปล.๑", "bpp")}
    assert (fixes[1].lon, fixes[1].lat) == (102.5, 17.5)


def test_every_row_that_cannot_be_taken_has_its_number_and_a_reason(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "patrol_id,agency,time,lat,lon",
        "1,,,17.5,102.5",
        "1,,2026-03-01,17.5,102.5",
        "1,,2026-06-01T01:00:00Z,17.5,102.5",
        "1,,yesterday,17.5,102.5",
        "1,,2026-03-01T01:00:00Z,17.5,",
        "1,,2026-03-01T01:00:00Z,-1.6,35.4",
        "1,,2026-03-01T01:00:00Z,NaN,102.5",
        "1,navy of Laos,2026-03-01T01:00:00Z,17.5,102.5",
        "1,,1985-03-01T01:00:00Z,17.5,102.5",
        "1,,2026-03-01T01:00:00Z,102.5,17.5",
    )
    fixes, refused = read(path)
    assert refused == [
        (2, "track.no_time"),
        (3, "track.no_clock"),
        (4, "track.future"),
        (5, "row.date_unreadable"),
        (6, "row.coordinate_unreadable"),
        (7, "row.coordinate_outside"),
        (8, "row.coordinate_not_finite"),
        (9, "row.agency_unknown"),
        (10, "row.date_too_old"),
    ]
    assert [(fix.row, fix.lon, fix.lat) for fix in fixes] == [(11, 102.5, 17.5)]


def test_another_region_can_be_allowed(tmp_path: Path):
    path = csv_file(tmp_path, "patrol_id,time,lat,lon", "1,2026-03-01T01:00:00Z,-1.6,35.4")
    assert read(path)[1] == [(2, "row.coordinate_outside")]
    fixes, refused = read(path, region=(33.0, -5.0, 42.0, 5.0))
    assert (refused, fixes[0].lat) == ([], -1.6)


def test_unknown_headings_can_be_named(tmp_path: Path):
    path = csv_file(tmp_path, "Zeit,Breite,Länge", "2026-03-01T01:00:00Z,17.5,102.5")
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.code == "track.no_header"
    assert len(read(path, given={"Zeit": "time", "Breite": "lat", "Länge": "lon"})[0]) == 1


def test_a_csv_without_times_or_places_is_refused_as_a_whole(tmp_path: Path):
    for lines in (("patrol_id,lat,lon", "1,17,102"), ("patrol_id,time", "1,2026-03-01T01:00:00Z")):
        with pytest.raises(FileRefused) as refused:
            read(csv_file(tmp_path, *lines))
        assert refused.value.code == "file.missing_columns"


def test_gpx_tracks_keep_their_name_and_number_and_what_is_no_track_point_is_refused(tmp_path: Path):
    path = tmp_path / "a.gpx"
    path.write_text(
        '<gpx><wpt lat="17.5" lon="102.5"><time>2026-03-01T01:00:00Z</time></wpt>'
        "<trk><name>ชปล.1</name><trkseg>"
        '<trkpt lat="17.5" lon="102.5"><time>2026-03-01T01:00:00Z</time></trkpt>'
        '<trkpt lat="17.5" lon="102.5"><time>2026-03-01T01:00:00</time></trkpt>'
        '<trkpt lat="17.5" lon="102.5"/></trkseg></trk>'
        '<trk><trkseg><trkpt lat="17.6" lon="102.5"><time>2026-03-01T08:00:00+07:00</time></trkpt>'
        "</trkseg></trk>"
        '<rte><rtept lat="17.5" lon="102.5"/></rte></gpx>'
    )
    fixes, refused = read(path)
    assert refused == [(1, "track.waypoint"), (4, "track.no_time"), (6, "track.route_point")]
    assert [(fix.row, fix.unit, fix.track, fix.at) for fix in fixes] == [
        (2, "ชปล.1", 1, ONE),
        (3, "ชปล.1", 1, ONE),
        (5, "", 2, ONE),
    ]


LINE = [[102.5, 17.5], [102.5, 17.6]]
TIMES = ["2026-03-01T01:00:00Z", "2026-03-01T01:10:00Z"]


@pytest.mark.parametrize(
    "line",
    [
        feature("LineString", LINE, patrol_id="7", coordTimes=TIMES),
        feature("LineString", LINE, patrol_id="7", times=TIMES),
        feature("LineString", LINE, patrol_id="7", coordinateProperties={"times": TIMES}),
        feature("MultiLineString", [LINE[:1], LINE[1:]], patrol_id="7", coordTimes=[TIMES[:1], TIMES[1:]]),
        feature("MultiLineString", [LINE[:1], LINE[1:]], patrol_id="7", coordTimes=TIMES),
    ],
)
def test_lines_of_geojson_take_the_times_of_their_positions(tmp_path: Path, line: dict):
    fixes, refused = read(geojson_file(tmp_path, line))
    assert refused == []
    assert [(fix.row, fix.patrol, fix.lat, fix.at) for fix in fixes] == [
        (1, "7", 17.5, ONE),
        (2, "7", 17.6, ONE.replace(minute=10)),
    ]


def test_points_of_geojson_have_a_time_each_and_the_rest_is_refused_row_by_row(tmp_path: Path):
    fixes, refused = read(
        geojson_file(
            tmp_path,
            feature("Point", [102.5, 17.5], patrol_id="7", time=TIMES[0]),
            feature("LineString", LINE, patrol_id="7", coordTimes=TIMES[:1]),
            feature("Polygon", [[LINE]], patrol_id="7", time=TIMES[0]),
            feature(None, None, patrol_id="7", time=TIMES[0]),
            feature("LineString", [], patrol_id="7"),
            feature("LineString", [None, ["x", "y"]], patrol_id="7", coordTimes=TIMES),
        )
    )
    assert [fix.row for fix in fixes] == [1, 2]
    assert [row for row, _ in refused] == [3, 4, 5, 6, 7, 8]
    assert dict(refused)[3] == "track.no_time"
    assert dict(refused)[4] == "row.geometry_not_point"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.gpx", b"", "file.empty"),
        ("a.gpx", b"PK\x03\x04", "track.xml_broken"),
        ("a.csv", b"", "file.empty"),
        ("a.csv", b"SQLite format 3\0" + b"x" * 100, "file.content_differs"),
        ("a.gpkg", b"SQLite format 3\0" + b"x" * 100, "file.type_unknown"),
        ("a.geojson", b"{", "file.json_broken"),
        ("a.geojson", b'{"type":"Topology"}', "file.not_geojson"),
        ("a.kml", b"<kml/>", "file.type_unknown"),
        ("a.csv", b"<gpx/>", "file.web_page"),
        ("a.csv", b"foo,bar\n1,2\n", "track.no_header"),
    ],
)
def test_a_bad_file_is_refused_as_a_whole(tmp_path: Path, name: str, content: bytes, code: str):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "none.gpx")
    assert refused.value.code == "file.not_found"


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry", "properties", "coordTimes"]), inner)
    ),
    max_leaves=8,
)
geometry = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "MultiLineString", "Polygon", "?"]),
        "coordinates": anything,
    }
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        anything
        | st.fixed_dictionaries(
            {
                "geometry": geometry | anything,
                "properties": anything | st.fixed_dictionaries({"coordTimes": anything, "time": anything}),
            }
        ),
        max_size=4,
    )
)
def test_any_geojson_is_refused_as_a_whole_or_row_by_row(tmp_path: Path, features: list):
    path = tmp_path / "any.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    try:
        fixes, refused = read(path)
    except FileRefused:
        return
    assert len(fixes) + len(refused) >= len([f for f in features if isinstance(f, dict) and f])


def test_latitude_and_longitude_that_were_swapped_are_put_right_and_remarked(tmp_path: Path):
    path = csv_file(tmp_path, "time,lat,lon", "2026-03-01T01:00:00Z,102.5,17.5")
    reading = read_fixes(fix_table(path), AGENCIES, now=NOW)
    assert [(fix.lon, fix.lat) for fix in reading.taken] == [(102.5, 17.5)]
    assert [(remark.row.number, remark.code) for remark in reading.remarks] == [(2, "swapped_lat_lon")]


def test_a_file_with_headings_only_is_refused(tmp_path: Path):
    with pytest.raises(FileRefused) as refused:
        read(csv_file(tmp_path, "time,lat,lon"))
    assert refused.value.code == "file.no_rows"
