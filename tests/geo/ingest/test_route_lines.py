"""Lines of a route come out of GPX, KML, GeoJSON and GeoPackage the same, and nothing of a stranger's file is run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from geo.errors import FileRefused
from geo.ingest.route_lines import read_routes

LINE = [(104.0, 17.0), (104.01, 17.02), (104.05, 17.03)]
_POINTS = "".join(f'<{{tag}} lat="{lat}" lon="{lon}"/>' for lon, lat in LINE)
GPX = (
    '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="1" lon="1"/>'
    f"<trk><name>ริมน้ำ</name><trkseg>{_POINTS.format(tag='trkpt')}</trkseg></trk><rte>{_POINTS.format(tag='rtept')}</rte></gpx>"
)
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>x</name><Placemark><name>ริมน้ำ</name><LineString>'
    f"<coordinates>{' '.join(f'{lon},{lat},0' for lon, lat in LINE)}</coordinates></LineString></Placemark>"
    "<Placemark><name>ท่า</name><Point><coordinates>104,17</coordinates></Point></Placemark></Document></kml>"
)
FEATURE = {"type": "Feature", "properties": {"name": "ริมน้ำ"}, "geometry": {"type": "LineString", "coordinates": LINE}}


def geopackage(folder: Path, crs: str = "EPSG:32648") -> bytes:
    from pyproj import Transformer

    change = Transformer.from_crs(4326, crs, always_xy=True)
    shape = shapely.transform(shapely.LineString(LINE), lambda at: np.column_stack(change.transform(*at.T)))
    pyogrio.raw.write(
        folder / "r.gpkg", np.array([shapely.to_wkb(shape)], dtype=object), [np.array(["ริมน้ำ"], dtype=object)], ["name"],
        geometry_type="LineString", crs=crs, driver="GPKG",
    )  # fmt: skip
    return (folder / "r.gpkg").read_bytes()


def test_every_kind_of_file_gives_the_same_line(tmp_path: Path) -> None:
    files = {
        "a.gpx": GPX.encode(),
        "b.KML": KML.encode(),
        "c.geojson": json.dumps(FEATURE).encode(),
        "d.gpkg": geopackage(tmp_path),
    }
    for name, data in files.items():
        found = read_routes(data, name)
        assert found[0].name == "ริมน้ำ", name
        assert np.allclose(shapely.get_coordinates(found[0].line), LINE, atol=1e-6), name
    assert [one.name for one in read_routes(files["a.gpx"], "a.gpx")] == ["ริมน้ำ", ""]


ENTITY = '<!DOCTYPE x [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.gpx", "", "file.empty"),
        ("a.txt", "x", "file.type_unknown"),
        ("a.gpx", GPX.replace("104.0", "-104.0"), "route_file.not_here"),
        ("a.gpx", GPX.replace('lat="17.02"', 'lat="nan"'), "route_file.not_here"),
        ("a.gpx", '<gpx version="1.1"><wpt lat="17" lon="104"/></gpx>', "route_file.no_line"),
        ("a.gpx", ENTITY + GPX, "track.xml_unsafe"),
        ("a.kml", ENTITY + KML, "track.xml_unsafe"),
        ("a.kml", KML[:-20], "track.xml_broken"),
        ("a.kml", GPX, "route_file.not_kml"),
        ("a.kml", KML.replace("104.01,17.02", "hello"), "route_file.not_here"),
        ("a.geojson", "{", "file.json_broken"),
        ("a.geojson", json.dumps(FEATURE | {"geometry": {"type": "Point", "coordinates": [104, 17]}}), "route_file.no_line"),
        ("a.geojson", json.dumps(FEATURE | {"geometry": {"type": "LineString", "coordinates": [[1e308, 17], [104, 17]]}}), "route_file.not_here"),
        ("a.gpkg", "SQLite format 3\0nonsense", "file.gpkg_broken"),
    ],
)  # fmt: skip
def test_what_is_no_route_of_here_is_refused_in_words(name: str, data: str, code: str) -> None:
    with pytest.raises(FileRefused, match=code.replace(".", r"\.")):
        read_routes(data.encode(), name)
