"""Official boundary files: read whatever is sent, matched by code or name, replaced all at once or not at all."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, text

from geo.errors import FileRefused, WatchError
from geo.ingest import official
from geo.ingest.official import OfficialLoad, load_official, read_official
from geo.ingest.progress import Step


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave outlines, sections and incidents alone, for tests of reading and matching: they take seconds."""
    monkeypatch.setattr(official, "_follow", lambda *_: None)


def rows(engine: Engine, query: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def quiet(step: Step) -> None:
    """Say nothing."""


def shape_of(engine: Engine, code: str) -> BaseGeometry:
    return shapely.from_wkb(bytes(rows(engine, f"select st_asbinary(geom) from area where code = '{code}'")[0][0]))


def load(engine: Engine, path: Path, level: str = "district", layer: str | None = None) -> OfficialLoad:
    account = load_official(engine, read_official(path, level, layer), say=quiet)
    assert account.read == account.replaced + account.joined + account.already + len(account.refused)
    return account


def geojson(path: Path, *features: tuple[dict, BaseGeometry | None], **more: object) -> Path:
    written = [
        {"type": "Feature", "properties": row, "geometry": None if shape is None else shapely.geometry.mapping(shape)}
        for row, shape in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": written, **more}), encoding="utf-8")
    return path


def frame(engine: Engine, codes: list[str], shrink: float = 0.001) -> geopandas.GeoDataFrame:
    """The stored districts a little smaller, as another edition of the boundaries would have them."""
    found = rows(engine, f"select code, name_th from area where code = any(array{codes!r}) order by code")
    return geopandas.GeoDataFrame(
        {"ADM2_PCODE": [f"TH{code}" for code, _ in found], "ADM2_TH": [name for _, name in found]},
        geometry=[shape_of(engine, code).buffer(-shrink) for code, _ in found],
        crs=4326,
    )


def zipped(folder: Path, data: geopandas.GeoDataFrame, **how: object) -> Path:
    (folder / "shape").mkdir()
    data.to_file(folder / "shape" / "tha_admbnda_adm2.shp", **how)
    path = folder / "official.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((folder / "shape").iterdir()):
            archive.write(file, f"shape/{file.name}")
    return path


BORDER = ["2706", "4801", "4301"]


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("crs", [4326, 32648, 24048])
def test_a_geopackage_in_any_known_coordinate_system_is_taken(border_store: Engine, tmp_path: Path, crs: int) -> None:
    data = frame(border_store, BORDER)
    path = tmp_path / "official.gpkg"
    data.to_crs(crs).to_file(path, layer="adm2", driver="GPKG")
    account = load(border_store, path)
    assert (account.replaced, account.refused, account.layer) == (3, [], "adm2")
    for code, sent in zip(sorted(BORDER), data.geometry, strict=True):
        kept = shape_of(border_store, code)
        assert kept.symmetric_difference(sent).area < 1e-6
    sources = rows(border_store, "select distinct geom_source from area where code in ('2706', '4801')")
    assert sources == [("official.gpkg",)]
    assert rows(border_store, "select kind, rows_read, rows_added from import_batch") == [("boundaries", 3, 3)]


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("encoding", ["UTF-8", "CP874"])
def test_a_zipped_shapefile_is_matched_by_its_thai_names(border_store: Engine, tmp_path: Path, encoding: str) -> None:
    data = frame(border_store, BORDER)
    data["อำเภอ"] = ["อ." + name for name in data.pop("ADM2_TH")]
    data["จังหวัด"] = ["จังหวัดสระแก้ว", "หนองคาย", "จ.นครพนม"]
    data = data.drop(columns="ADM2_PCODE").rename(columns={"อำเภอ": "AMPHOE_T", "จังหวัด": "CHANGWAT_T"})
    account = load(border_store, zipped(tmp_path, data, encoding=encoding))
    assert [(one.label, str(one.reason)) for one in account.refused] == []
    assert account.replaced == 3


@pytest.mark.usefixtures("still")
def test_a_shapefile_without_cpg_in_thai_code_page_is_read(border_store: Engine, tmp_path: Path) -> None:
    data = frame(border_store, ["4801"]).drop(columns="ADM2_PCODE")
    path = zipped(tmp_path, data, encoding="CP874")
    bare = tmp_path / "bare.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w") as new:
        for member in old.infolist():
            if not member.filename.endswith(".cpg"):
                new.writestr(member.filename, old.read(member))
    assert load(border_store, bare).replaced == 1


@pytest.mark.usefixtures("still")
def test_english_names_and_two_digit_codes_are_matched_too(border_store: Engine, tmp_path: Path) -> None:
    one, two, three = (shape_of(border_store, code).buffer(-0.001) for code in ("4801", "4803", "5703"))
    path = geojson(
        tmp_path / "a.geojson",
        ({"PROV_CODE": "48", "AMP_CODE": "1", "AMP_NAME_E": ""}, one),
        ({"PROV_CODE": 48, "AMP_CODE": 3.0, "AMP_NAME_E": ""}, two),
        ({"PROV_CODE": None, "AMP_CODE": None, "AMP_NAME_E": "Amphoe Chiang Khong"}, three),
    )
    account = load(border_store, path)
    assert (account.replaced, account.refused) == (3, [])


@pytest.mark.usefixtures("still")
def test_a_name_that_many_districts_have_is_told_apart_by_where_it_lies(border_store: Engine, tmp_path: Path) -> None:
    shape = shape_of(border_store, "5515").buffer(-0.001)
    path = geojson(tmp_path / "a.geojson", ({"shapeName": "Chaloem Phra Kiat"}, shape))
    assert load(border_store, path).replaced == 1
    assert rows(border_store, "select code from area where geom_source = 'a.geojson'") == [("5515",)]


@pytest.mark.usefixtures("still")
def test_a_shape_that_crosses_itself_is_repaired(border_store: Engine, tmp_path: Path) -> None:
    west, south, east, north = shape_of(border_store, "4801").bounds
    bowtie = Polygon([(west, south), (east, north), (east, south), (west, north)])
    path = geojson(tmp_path / "a.geojson", ({"code": "4801"}, bowtie))
    account = load(border_store, path)
    assert (account.replaced, account.repaired) == (1, 1)
    kept = shape_of(border_store, "4801")
    assert kept.is_valid
    assert kept.geom_type == "MultiPolygon"
    assert kept.area == pytest.approx((east - west) * (north - south) / 2)


@pytest.mark.usefixtures("still")
def test_islands_in_features_of_their_own_are_put_together(border_store: Engine, tmp_path: Path) -> None:
    west, south, east, north = shape_of(border_store, "4801").bounds
    middle = (south + north) / 2
    path = geojson(
        tmp_path / "a.geojson",
        ({"code": "4801"}, shapely.box(west, south, east, middle - 0.01)),
        ({"code": "4801"}, shapely.box(west, middle + 0.01, east, north)),
    )
    account = load(border_store, path)
    assert (account.replaced, account.joined) == (1, 1)
    assert len(shape_of(border_store, "4801").geoms) == 2


@pytest.mark.usefixtures("still")
def test_the_same_file_twice_changes_nothing(border_store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "official.gpkg"
    frame(border_store, BORDER).to_file(path, driver="GPKG")
    load(border_store, path)
    before = rows(border_store, "select max(updated_at) from area")
    account = load(border_store, path)
    assert (account.replaced, account.already, account.sections) == (0, 3, None)
    assert rows(border_store, "select max(updated_at) from area") == before


def test_outlines_sections_and_incidents_follow_new_districts(border_store: Engine, tmp_path: Path) -> None:
    # Mueang Nakhon Phanom gives its northern half to Tha Uthen.
    old, other = shape_of(border_store, "4801"), shape_of(border_store, "4803")
    west, south, east, north = old.bounds
    upper = old.intersection(shapely.box(west, (south + north) / 2, east, north))
    spot = upper.representative_point()
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, geom, district_code)"
                " select 'contraband', now(), 'patrol', st_setsrid(st_makepoint(:x, :y), 4326), stated"
                " from unnest(array[null, '4801']) stated"
            ),
            {"x": spot.x, "y": spot.y},
        )
    before = dict(rows(border_store, "select code, length_km from border_section"))
    path = geojson(
        tmp_path / "a.geojson",
        ({"ADM2_PCODE": "TH4801"}, old.difference(upper)),
        ({"ADM2_PCODE": "TH4803"}, other.union(upper)),
    )
    account = load(border_store, path)
    assert (account.sections, account.relocated) == (68, 2)
    after = dict(rows(border_store, "select code, length_km from border_section"))
    assert after["4801-LA"] < before["4801-LA"] - 5
    assert after["4803-LA"] > before["4803-LA"] + 5
    assert after["2706-KH"] == pytest.approx(before["2706-KH"])
    found = rows(
        border_store,
        "select district_code, point_district_code, district_conflict from incident order by district_stated",
    )
    assert found == [("4803", "4803", False), ("4801", "4803", True)]
    assert "a.geojson" in rows(border_store, "select geom_source from area where code = 'TH'")[0][0]
    assert rows(border_store, "select target from area where code = '4801'") == [("named",)]


def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    border_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = (
        "select md5(string_agg(code || st_asbinary(geom)::text, '' order by code)) from area where geom is not null"
        " union all select md5(string_agg(st_asbinary(geom)::text, '' order by geom)) from area_part"
        " union all select md5(string_agg(code || st_asbinary(geom)::text, '' order by code)) from border_section"
        " union all select count(*)::text from import_batch"
    )
    before = rows(border_store, query)
    path = geojson(tmp_path / "a.geojson", ({"code": "4801"}, shape_of(border_store, "4801").buffer(-0.01)))

    def stop(connection: object) -> int:
        raise RuntimeError("power cut")

    monkeypatch.setattr(official, "relocate_incidents", stop)
    with pytest.raises(RuntimeError):
        load(border_store, path)
    assert rows(border_store, query) == before


@pytest.mark.usefixtures("still")
def test_each_refused_feature_is_listed_with_its_reason_and_the_others_are_taken(
    border_store: Engine, tmp_path: Path
) -> None:
    good = shape_of(border_store, "4801").buffer(-0.001)
    box = shapely.box(104.5, 17.2, 104.7, 17.4)
    path = geojson(
        tmp_path / "a.geojson",
        ({"code": "4801", "name": ""}, good),
        ({"code": "4803", "name": ""}, None),
        ({"code": "4804", "name": ""}, shapely.from_wkt("POLYGON EMPTY")),
        ({"code": "4805", "name": ""}, Point(104.7, 17.3)),
        ({"code": "9999", "name": ""}, box),
        ({"code": "", "name": "อำเภอไม่มีจริง"}, box),
        ({"code": "", "name": ""}, box),
        ({"code": "2706", "name": ""}, box),
        ({"code": "4806", "name": ""}, shapely.box(472_000, 1_900_000, 480_000, 1_910_000)),
        ({"code": "4807", "name": ""}, Polygon([(104.5, 17.2), (104.6, 17.2), (104.5, 17.2)])),
        ({"code": "", "name": "เมือง"}, shapely.box(99, 10, 99.1, 10.1)),
    )
    account = load(border_store, path)
    assert account.replaced == 1
    reasons = [(one.number, one.reason.code) for one in account.refused]
    assert reasons == [
        (2, "place.no_shape"),
        (3, "place.no_shape"),
        (4, "place.not_an_area"),
        (5, "place.unknown_code"),
        (6, "place.unknown_name"),
        (7, "place.no_name"),
        (8, "place.elsewhere"),
        (9, "place.outside_region"),
        (10, "place.beyond_repair"),
        (11, "place.unknown_name"),
    ]


@pytest.mark.usefixtures("still")
def test_numbers_beyond_all_bounds_are_refused_in_words(border_store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    ring = "[[[{0}, {0}], [104, 17], [105, 18], [{0}, {0}]]]"
    features = ", ".join(
        f'{{"type": "Feature", "properties": {{"code": "4801"}}, "geometry":'
        f' {{"type": "Polygon", "coordinates": {ring.format(number)}}}}}'
        for number in ("1e308", "1e999", "NaN", "Infinity", '"x"', "null", "9" * 400)
    )
    path.write_text(f'{{"type": "FeatureCollection", "features": [{features}, 7, null]}}', encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        load(border_store, path)
    assert refused.value.code == "boundaries.nothing_matched"
    assert isinstance(refused.value.params["reason"], WatchError)


@pytest.mark.usefixtures("still")
def test_nothing_is_written_when_nothing_is_known(border_store: Engine, tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", ({"code": "0000"}, shapely.box(104, 17, 105, 18)))
    with pytest.raises(FileRefused) as refused:
        load(border_store, path)
    assert refused.value.code == "boundaries.nothing_matched"
    assert rows(border_store, "select count(*) from import_batch") == [(0,)]


@pytest.mark.usefixtures("still")
def test_subdistricts_get_their_shapes_by_code_and_by_name_in_their_district(
    border_store: Engine, tmp_path: Path
) -> None:
    (code_a, name_a), (code_b, name_b) = rows(
        border_store,
        "select code, name_th from area where parent_code = '4801' and level = 'subdistrict' order by 1 limit 2",
    )
    west, south, east, north = shape_of(border_store, "4801").representative_point().buffer(0.02).bounds
    box = shapely.box(west, south, east, north)
    path = geojson(
        tmp_path / "a.geojson",
        ({"TB_IDN": code_a, "AMPHOE_T": "เมืองนครพนม", "PROV_NAMT": "นครพนม", "TAMBON_T": name_a}, box),
        ({"TB_IDN": "", "AMPHOE_T": "อ.เมืองนครพนม", "PROV_NAMT": "จ.นครพนม", "TAMBON_T": "ต." + name_b}, box),
        ({"TB_IDN": "480199", "AMPHOE_T": "", "PROV_NAMT": "", "TAMBON_T": "ใหม่"}, box),
        ({"TB_IDN": "999901", "AMPHOE_T": "", "PROV_NAMT": "", "TAMBON_T": "ใหม่"}, box),
        ({"TB_IDN": "270601", "AMPHOE_T": "", "PROV_NAMT": "", "TAMBON_T": ""}, box),
    )
    account = load(border_store, path, "subdistrict")
    assert account.replaced == 3
    assert [one.reason.code for one in account.refused] == ["place.unknown_parent", "place.elsewhere"]
    assert account.sections is None
    found = rows(border_store, "select code, parent_code, name_th from area where geom_source = 'a.geojson' order by 1")
    assert found == sorted([(code_a, "4801", name_a), (code_b, "4801", name_b), ("480199", "4801", "ใหม่")])


@pytest.mark.usefixtures("still")
def test_villages_may_be_points_and_need_their_subdistrict(border_store: Engine, tmp_path: Path) -> None:
    spot = shape_of(border_store, "4801").representative_point()
    path = geojson(
        tmp_path / "a.geojson",
        ({"VILL_CODE": "48010101", "VILL_NAME": "บ้านหนึ่ง"}, spot),
        ({"VILL_CODE": "48019901", "VILL_NAME": "บ้านสอง"}, spot),
        ({"VILL_CODE": "", "VILL_NAME": "บ้านสาม"}, spot),
    )
    account = load(border_store, path, "village")
    assert [one.reason.code for one in account.refused] == ["place.unknown_parent", "place.village_code"]
    query = "select code, parent_code, name_th, geom, is_approximate from area where level = 'village'"
    assert rows(border_store, query) == [("48010101", "480101", "บ้านหนึ่ง", None, True)]
    assert load(border_store, path, "village").already == 1


@pytest.mark.usefixtures("still")
def test_the_layer_of_the_level_is_chosen_among_several(border_store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "official.gpkg"
    data = frame(border_store, ["4801"])
    sub = data.rename(columns={"ADM2_TH": "ADM3_TH"}).assign(ADM3_PCODE="TH480101")
    sub.to_file(path, layer="adm3", driver="GPKG")
    data.to_file(path, layer="adm2", driver="GPKG")
    assert read_official(path, "district").features.layer == "adm2"
    assert read_official(path, "subdistrict").features.layer == "adm3"
    assert read_official(path, "district", "ADM3").features.layer == "adm3"
    with pytest.raises(FileRefused) as refused:
        read_official(path, "district", "adm9")
    assert refused.value.code == "layer.unknown"


# ------------------------------------------------------------------ files that are not what they should be

VRT = (
    b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    b"</OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.geojson", b"", "file.empty"),
        ("a.geojson", b" \n\0", "file.empty"),
        ("a.geojson", VRT, "file.content_differs"),
        ("a.gpkg", VRT, "file.content_differs"),
        ("a.zip", VRT, "file.content_differs"),
        ("a.vrt", VRT, "file.type_unknown"),
        ("a.shp", b"\x00\x00\x27\x0a" + bytes(96), "file.type_unknown"),
        ("a.geojson", b"\x89PNG\r\n\x1a\n" + bytes(100), "file.content_differs"),
        ("a.geojson", b"{" * 100_000, "file.json_broken"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "file.json_broken"),
        ("a.geojson", b'{"type": "FeatureCollection"}', "file.not_geojson"),
        ("a.geojson", b'{"type": "Topology", "objects": {}}', "file.not_geojson"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "file.empty"),
        ("a.geojson", b'{"features": [1], "crs": {"type": "link"}}', "layer.unknown_crs"),
        ("a.geojson", b'{"features": [{"properties": {"x": 1}}]}', "boundaries.no_columns"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(200), "file.gpkg_broken"),
        ("a.zip", b"PK\x03\x04" + bytes(200), "zip.broken"),
    ],
)
def test_a_file_that_is_not_a_boundary_file_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read_official(tmp_path / name, "district")
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none.gpkg", tmp_path):
        with pytest.raises(FileRefused) as refused:
            read_official(path, "district")
        assert refused.value.code == "file.not_found"


def write_zip(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([("a.shp", bytes(400 * 2**20))], "zip.bomb"),
        ([(f"{n}.txt", b"") for n in range(2_001)], "zip.too_many"),
        ([("../a.shp", b"x")], "zip.path"),
        ([("/etc/a.shp", b"x")], "zip.path"),
        ([("..\\..\\a.shp", b"x")], "zip.path"),
        ([("readme.txt", b"x")], "zip.no_shapefile"),
        ([("a.shp", b"x")], "zip.shapefile_parts"),
        ([("a.shp", VRT), ("a.shx", b"x"), ("a.dbf", b"x")], "layer.unreadable"),
        ([("a.shp", b"\x00\x00\x27\x0a"), ("a.shx", b"x"), ("a.dbf", b"x")], "layer.unreadable"),
    ],
)
def test_a_zip_that_lies_is_not_unpacked(tmp_path: Path, members: list[tuple[str, bytes]], code: str) -> None:
    path = write_zip(tmp_path / "a.zip", *members)
    with pytest.raises(FileRefused) as refused:
        read_official(path, "district")
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == [path]


def small() -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"code": ["4801"]}, geometry=[shapely.box(104, 17, 105, 18)], crs=4326)


def test_a_shapefile_without_a_coordinate_system_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, small().set_crs(None, allow_override=True))
    with pytest.raises(FileRefused) as refused:
        read_official(path, "district")
    assert refused.value.code == "layer.no_crs"


def test_a_coordinate_system_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, small())
    strange = tmp_path / "strange.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(strange, "w") as new:
        for member in old.infolist():
            local = b'LOCAL_CS["our own grid",UNIT["Meter",1]]'
            new.writestr(member.filename, local if member.filename.endswith(".prj") else old.read(member))
    with pytest.raises(FileRefused) as refused:
        read_official(strange, "district")
    assert refused.value.code == "layer.unknown_crs"


def test_a_geojson_may_name_its_coordinate_system(tmp_path: Path) -> None:
    utm = small().to_crs(32648).geometry[0]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}
    path = geojson(tmp_path / "a.geojson", ({"code": "4801"}, utm), crs=crs)
    shape = read_official(path, "district").features.shapes[0]
    assert shape is not None
    assert shape.bounds == pytest.approx((104, 17, 105, 18), abs=0.01)


def test_views_and_virtual_tables_in_a_geopackage_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    small().to_file(path, layer="good", driver="GPKG")
    with sqlite3.connect(path) as database:
        database.execute("create view trap as select * from good")
        database.execute(
            "insert into gpkg_contents (table_name, data_type, identifier, srs_id)"
            " values ('trap', 'features', 'trap', 4326)"
        )
    assert read_official(path, "district").features.layer == "good"
    with pytest.raises(FileRefused):
        read_official(path, "district", "trap")
    with sqlite3.connect(path) as database:
        database.execute("pragma writable_schema = on")
        database.execute(
            "insert into sqlite_master values"
            " ('table', 'v', 'v', 0, 'create virtual table v using VirtualOGR(\"/etc/passwd\")')"
        )
    with pytest.raises(FileRefused) as refused:
        read_official(path, "district")
    assert refused.value.code == "file.gpkg_broken"


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, small())
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(FileRefused) as refused:
        read_official(path, "district")
    assert refused.value.code == "zip.locked"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 4000), noise=st.binary(max_size=40), ending=st.sampled_from([".zip", ".gpkg", ".geojson"]))
def test_damaged_files_are_refused_and_never_crash(tmp_path: Path, cut: int, noise: bytes, ending: str) -> None:
    folder = tmp_path / "whole"
    if not folder.exists():
        folder.mkdir()
        zipped(folder, small()).rename(tmp_path / "whole.zip")
        small().to_file(tmp_path / "whole.gpkg", driver="GPKG")
        small().to_file(tmp_path / "whole.geojson", driver="GeoJSON")
    whole = (tmp_path / f"whole{ending}").read_bytes()
    at = cut % len(whole)
    path = tmp_path / f"damaged{ending}"
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    with contextlib.suppress(FileRefused):  # anything else fails the test; so does a shape that was made up
        features = read_official(path, "district").features
        assert len(features.cells) == len(features.shapes) <= 1


@pytest.mark.usefixtures("still")
def test_multipolygons_with_height_are_taken_flat(border_store: Engine, tmp_path: Path) -> None:
    flat = shape_of(border_store, "4801").buffer(-0.001)
    high = shapely.force_3d(flat if isinstance(flat, MultiPolygon) else MultiPolygon([flat]), 100.0)
    assert load(border_store, geojson(tmp_path / "a.geojson", ({"code": "4801"}, high))).replaced == 1
    assert not shape_of(border_store, "4801").has_z
