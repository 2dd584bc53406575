"""``python -m dashboard load-roads``, from a GeoPackage, GeoJSON, Shapefile and PBF, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas
import osmium
import pytest
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.i18n import t
from geo.analysis.plane import BORDER, Plane
from geo.analysis.roads import costs
from geo.db.engine import libpq_url
from geo.queries.road_files import RoadFile, road_file
from geo.queries.roads import road_network
from tests.conftest import _copy

LINES = [
    ("primary", "", "60", "linestring (102.70 17.80, 102.71 17.80, 102.72 17.80)"),
    ("residential", "yes", "", "linestring (102.71 17.80, 102.71 17.81)"),
    ("tertiary", "-1", "", "linestring (102.72 17.80, 102.72 17.81)"),
    ("footway", "", "", "linestring (102.70 17.80, 102.70 17.81)"),
    ("primary", "", "", "linestring (102.62 17.97, 102.62 18.10)"),
]
"""In Nong Khai district, the last across the Mekong to Vientiane."""


@pytest.fixture(scope="module")
def roads_store(cluster: URL, border_template: str) -> Iterator[Engine]:
    """One store that the tests load into one after the other."""
    for store in _copy(cluster, border_template):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WATCH_DB_URL", libpq_url(store.url))
            patch.setenv("WATCH_LANGUAGE", "en")
            yield store


def load(path: Path, *more: str) -> Result:
    return CliRunner().invoke(
        app, ["load-roads", str(path), "--source", "OpenStreetMap", "--licence", "ODbL 1.0", *more]
    )


def geojson(path: Path, lines: list[tuple[str, str, str, str]], **more: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"highway": kind, "oneway": way, "maxspeed": speed},
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkt(line))),
        }
        for kind, way, speed, line in lines
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def pbf(path: Path) -> Path:
    places: dict[tuple[float, float], int] = {}
    ways = []
    for number, (kind, way, speed, line) in enumerate(LINES, 1):
        ids = [places.setdefault(at, len(places) + 1) for at in shapely.from_wkt(line).coords]
        tags = {"highway": kind, "oneway": way, "maxspeed": speed}
        ways.append(osmium.osm.mutable.Way(id=number, nodes=ids, tags={k: v for k, v in tags.items() if v}))
    ways.append(osmium.osm.mutable.Way(id=99, nodes=[1, 2], tags={"waterway": "river"}))
    with osmium.SimpleWriter(str(path)) as writer:
        for at, number in places.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=at))
        for one in ways:
            writer.add_way(one)
    return path


def frame() -> geopandas.GeoDataFrame:
    columns = {
        "fclass": [one[0] for one in LINES],
        "oneway": [one[1] for one in LINES],
        "maxspeed": [one[2] for one in LINES],
    }
    return geopandas.GeoDataFrame(columns, geometry=[shapely.from_wkt(one[3]) for one in LINES], crs=4326)


def told(store: Engine) -> tuple[RoadFile | None, list[tuple[object, ...]]]:
    with store.connect() as connection:
        rows = connection.execute(
            text(
                "select e.road_class, e.one_way, e.kmh, round(st_length(e.geom::geography)::numeric - e.metres::numeric),"
                " st_equals(st_startpoint(e.geom), a.geom) and st_equals(st_endpoint(e.geom), b.geom)"
                " from road_edge e join road_node a on a.id = e.first_node join road_node b on b.id = e.last_node"
                " order by e.road_class, e.kmh"
            )
        ).all()
        return road_file(connection), sorted({tuple(row) for row in rows}, key=str)


def test_every_kind_of_file_gives_the_same_roads(roads_store: Engine, tmp_path: Path) -> None:
    frame().to_file(tmp_path / "roads.gpkg", layer="roads")
    frame().to_crs(32648).to_file(tmp_path / "roads.shp")
    files = [
        geojson(tmp_path / "roads.geojson", LINES),
        tmp_path / "roads.gpkg",
        tmp_path / "roads.shp",
        pbf(tmp_path / "roads.osm.pbf"),
    ]
    for path in files:
        result = load(path)
        assert result.exit_code == 0, result.output
        assert "5 features read; 1 where no car goes and 0 that are no line" in result.stdout
        about, pieces = told(roads_store)
        assert about is not None
        assert (about.file_name, about.source, about.licence) == (path.name, "OpenStreetMap", "ODbL 1.0")
        assert pieces == [
            ("primary", False, 60.0, 0, True),
            ("residential", True, 30.0, 0, True),
            ("tertiary", True, 50.0, 0, True),
        ]
        assert about.km == pytest.approx(4.33, abs=0.05), "the road beyond the Mekong is left out"
    with roads_store.connect() as connection:
        plane = Plane(*BORDER)
        net = road_network(connection, plane)
        x, y = plane.metres([102.70, 102.71, 102.72], [17.80, 17.81, 17.81])
        way = costs(net, x[1:], y[1:], x[:1], y[:1], 60_000).toarray().ravel()
        assert way[0] == pytest.approx(1060 + 1107, abs=10)
        assert way[1] == 0, "the road from the north alone leads to nobody who comes from the south"
        back = costs(net, x[:1], y[:1], x[1:], y[1:], 60, minutes=True).toarray().ravel()
        assert back[0] == 0
        assert back[1] == pytest.approx(1.107 / 50 * 60 + 2.12, abs=0.05)
        logged = connection.execute(text("select count(*) from audit_log where action = 'roads.load'")).scalar()
        assert logged == len(files)


def test_what_cannot_be_taken_leaves_everything_as_it_is(roads_store: Engine, tmp_path: Path) -> None:
    load(geojson(tmp_path / "roads.geojson", LINES))
    before = told(roads_store)
    bare = tmp_path / "bare.shp"
    frame().to_file(bare)
    bare.with_suffix(".prj").unlink()
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"no pbf at all")
    far = [("primary", "", "", "linestring (100.5 13.7, 100.6 13.8)")]
    behind = [("primary", "", "", "linestring (102.70 17.5, 102.71 17.5)")]
    point = [("primary", "", "", "point (102.7 17.8)"), ("footway", "", "", LINES[0][3])]
    for path, code in (
        (geojson(tmp_path / "far.geojson", far), "errors.roads.outside"),
        (geojson(tmp_path / "behind.geojson", behind), "errors.roads.none_near"),
        (geojson(tmp_path / "point.geojson", point), "errors.roads.no_lines"),
        (broken, "errors.roads.pbf_broken"),
        (bare, "errors.layer.no_crs"),
        (tmp_path / "nothing.gpkg", "errors.file.not_found"),
        (tmp_path / "roads.xlsx", "errors.file.not_found"),
    ):
        result = load(path)
        assert result.exit_code == 2, result.output
        assert " ".join(t(code, "en", name=path if "not_found" in code else path.name, n=2).split()) in result.stderr
        assert told(roads_store) == before
    result = load(tmp_path / "roads.geojson", "--licence", " ")
    assert (result.exit_code, told(roads_store)) == (2, before)
    assert t("errors.roads.no_source", "en") in result.stderr
