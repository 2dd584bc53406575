"""GPX files: what devices write, and what attackers write."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import FileRefused
from geo.ingest import gpx
from geo.ingest.gpx import read_gpx

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'


def gpx_file(body: str, head: str = HEAD) -> bytes:
    return (head + body + "</gpx>").encode()


def point(lat: float | str, lon: float | str, time: str | None = None, tag: str = "trkpt") -> str:
    inner = f"<ele>150</ele><time>{time}</time>" if time else ""
    return f'<{tag} lat="{lat}" lon="{lon}">{inner}</{tag}>'


def test_several_tracks_and_segments_keep_their_order_their_number_and_their_names():
    data = gpx_file(
        "<metadata><name>not a track</name><time>2026-01-01T00:00:00Z</time></metadata>"
        "<trk><name> ชปล.  1 </name><trkseg>" + point(17.9, 102.7, "2026-01-01T01:00:00Z") + "</trkseg>"
        "<trkseg>" + point(17.91, 102.7, "2026-01-01T01:01:00Z") + "</trkseg></trk>"
        "<trk><desc>second</desc><trkseg>" + point("17.92", "102.8") + "</trkseg></trk>",
    )
    points = list(read_gpx(data))
    assert [(p.number, p.track, p.name, p.lat, p.time) for p in points] == [
        (1, 1, "ชปล. 1", "17.9", "2026-01-01T01:00:00Z"),
        (2, 1, "ชปล. 1", "17.91", "2026-01-01T01:01:00Z"),
        (3, 2, "second", "17.92", None),
    ]


def test_waypoints_and_route_points_are_told_apart_from_track_points():
    data = gpx_file(point(17, 102, tag="wpt") + "<rte>" + point(17, 102, tag="rtept") + "</rte>")
    assert [(p.kind, p.track) for p in read_gpx(data)] == [("waypoint", 0), ("route", 0)]


def test_gpx_1_0_and_a_file_without_a_namespace_are_read():
    body = "<trk><trkseg>" + point(17, 102, "2026-01-01T01:00:00Z") + "</trkseg></trk>"
    for head in ("<gpx>", '<gpx version="1.0" xmlns="http://www.topografix.com/GPX/1/0">'):
        assert len(list(read_gpx(gpx_file(body, head)))) == 1


def test_a_name_loses_control_and_direction_characters():
    data = gpx_file(
        "<trk><name>a\u202eb\u0085c" + "x" * 500 + "</name><trkseg>" + point(1, 2) + "</trkseg></trk>",
    )
    (only,) = read_gpx(data)
    assert only.name.startswith("ab cx")
    assert len(only.name) == gpx.MAX_NAME


def test_an_entity_bomb_is_refused_before_it_grows():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY l0 "lol">{levels}]><gpx>'
    tracemalloc.start()
    with pytest.raises(FileRefused) as refused:
        list(read_gpx(gpx_file("<trk><name>&l9;</name></trk>", head)))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert refused.value.code == "track.xml_unsafe"


def test_an_external_entity_is_not_opened(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret")
    head = f'<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY x SYSTEM "{secret.as_uri()}">]><gpx>'
    with pytest.raises(FileRefused) as refused:
        list(read_gpx(gpx_file("<trk><name>&x;</name></trk>", head)))
    assert refused.value.code == "track.xml_unsafe"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "track.xml_broken"),
        (b"\x00\x01\x02\xff" * 100, "track.xml_broken"),
        (b"<kml></kml>", "track.not_gpx"),
        (b"<gpx><trk>", "track.xml_broken"),
        (b'<?xml version="1.0" encoding="no-such"?><gpx/>', "track.xml_broken"),
        (b"<gpx>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</gpx>", "track.not_gpx"),
    ],
)
def test_what_is_not_gpx_is_refused_with_a_code(content: bytes, code: str):
    with pytest.raises(FileRefused) as refused:
        list(read_gpx(content))
    assert refused.value.code == code


def test_a_file_with_more_points_than_any_patrol_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gpx, "MAX_ROWS", 3)
    with pytest.raises(FileRefused) as refused:
        list(read_gpx(gpx_file("<trk><trkseg>" + point(1, 2) * 4 + "</trkseg></trk>")))
    assert refused.value.code == "file.too_many_rows"


@settings(max_examples=200)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused_with_a_code(content: bytes, wrapped: bool):
    data = b"<gpx>" + content + b"</gpx>" if wrapped else content
    with suppress(FileRefused):  # anything else fails the test
        assert all(p.number > 0 for p in read_gpx(data))
