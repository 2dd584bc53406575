"""Places in every way that maps, phones and officers write them."""

from __future__ import annotations

import math

import mgrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo.crs import REGION, utm_epsg
from geo.ingest.coordinates import check_point, parse_lat_lon, parse_place, parse_region, parse_utm
from geo.ingest.problems import CellRefused

GEOD = Geod(ellps="WGS84")
LON = st.floats(REGION[0] + 0.01, REGION[2] - 0.01)
LAT = st.floats(REGION[1] + 0.01, REGION[3] - 0.01)
HAITI = (-75.0, 17.0, -71.0, 21.0)


def metres(lon: float, lat: float, fix: object) -> float:
    return float(GEOD.inv(lon, lat, fix.lon, fix.lat)[2])  # type: ignore[attr-defined]


def dms(value: float, seconds: int = 2) -> tuple[int, int, float]:
    total = round(value * 3600, seconds)
    return int(total // 3600), int(total % 3600 // 60), round(total % 60, seconds)


PAIRS = {
    "17.88, 102.71": lambda lat, lon: f"{lat:.6f}, {lon:.6f}",
    "17.88 102.71": lambda lat, lon: f"{lat:.6f} {lon:.6f}",
    "17,88; 102,71": lambda lat, lon: f"{lat:.6f}; {lon:.6f}".replace(".", ","),
    "17,88, 102,71": lambda lat, lon: f"{lat:.6f}".replace(".", ",") + ", " + f"{lon:.6f}".replace(".", ","),
    "17.88N 102.71E": lambda lat, lon: f"{lat:.6f}N {lon:.6f}E",
    "E102.71, N17.88": lambda lat, lon: f"E{lon:.6f}, N{lat:.6f}",
    "lat: 17.88, lon: 102.71": lambda lat, lon: f"lat: {lat:.6f}, lon: {lon:.6f}",
    "WKT": lambda lat, lon: f"POINT ({lon:.6f} {lat:.6f})",
    "link": lambda lat, lon: f"https://maps.google.com/?q={lat:.6f},{lon:.6f}&z=12",
    "17°52'46.12\"N 102°42'36.50\"E": lambda lat, lon: "{}°{}'{:.2f}\"N {}°{}'{:.2f}\"E".format(*dms(lat), *dms(lon)),
    "17 52 46.12, 102 42 36.50": lambda lat, lon: "{} {} {:.2f}, {} {} {:.2f}".format(*dms(lat), *dms(lon)),
    "17 52 46.12 102 42 36.50": lambda lat, lon: "{} {} {:.2f} {} {} {:.2f}".format(*dms(lat), *dms(lon)),
    "N17-52-46.12 E102-42-36.50": lambda lat, lon: "N{}-{}-{:.2f} E{}-{}-{:.2f}".format(*dms(lat), *dms(lon)),
    "17° 52′ 46.12″ เหนือ …": lambda lat, lon: "{}° {}′ {:.2f}″ เหนือ {}° {}′ {:.2f}″ ตะวันออก".format(
        *dms(lat), *dms(lon)
    ),
}


@pytest.mark.parametrize("spelling", PAIRS)
@given(lat=LAT, lon=LON)
def test_a_pair_in_one_cell_comes_back_within_a_metre(spelling: str, lat: float, lon: float) -> None:
    fix = parse_place(PAIRS[spelling](lat, lon))
    assert metres(lon, lat, fix) < 1
    assert fix.correction == ""


SINGLES = {
    "decimal": lambda value: f"{value:.6f}",
    "comma": lambda value: f"{value:.6f}".replace(".", ","),
    "sign": lambda value: f"{value:.6f}°",
    "minutes": lambda value: f"{int(value)}°{value % 1 * 60:.4f}'",
    "minutes with spaces": lambda value: f"{int(value)} {value % 1 * 60:.4f}",
    "seconds": lambda value: "{}°{}'{:.2f}\"".format(*dms(value)),
    "colons": lambda value: "{}:{}:{:.2f}".format(*dms(value)),
    "Thai": lambda value: "{} องศา {} ลิปดา {:.2f} ฟิลิปดา".format(*dms(value)),
    "number": lambda value: value,
}


@pytest.mark.parametrize("spelling", SINGLES)
@given(lat=LAT.filter(lambda v: v % 1 < 0.999), lon=LON.filter(lambda v: v % 1 < 0.999))
def test_two_cells_come_back_within_a_metre_and_swapped_ones_are_put_right(
    spelling: str, lat: float, lon: float
) -> None:
    write = SINGLES[spelling]
    fix = parse_lat_lon(write(lat), write(lon))
    assert metres(lon, lat, fix) < 1
    assert fix.correction == ""
    turned = parse_lat_lon(write(lon), write(lat))
    assert metres(lon, lat, turned) < 1
    assert turned.correction == "swapped_lat_lon"


@given(lat=LAT, lon=LON, half_digits=st.integers(2, 5), spaced=st.booleans(), lower=st.booleans())
def test_mgrs_comes_back_within_half_its_square(
    lat: float, lon: float, half_digits: int, spaced: bool, lower: bool
) -> None:
    written = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=half_digits)
    if spaced:
        figures = written[-2 * half_digits :]
        written = f"{written[: -2 * half_digits - 2]} {written[-2 * half_digits - 2 : -2 * half_digits]}"
        written += f" {figures[:half_digits]} {figures[half_digits:]}"
    fix = parse_place(written.lower() if lower else written)
    side = 10 ** (5 - half_digits)
    assert metres(lon, lat, fix) <= side * math.sqrt(0.5) * 1.01 + 0.5


@given(lat=LAT, lon=LON)
def test_utm_of_zones_47_and_48_comes_back_within_a_metre(lat: float, lon: float) -> None:
    epsg = utm_epsg(lon)
    zone = epsg - 32600
    east, north = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    for fix in (
        parse_utm(f"{east:.1f}", f"{north:.1f}", f"{zone}N"),
        parse_utm(east, north, zone),
        parse_place(f"{zone}N {east:.0f} {north:.0f}"),
        parse_place(f"{east:.0f}E {north:.0f}N โซน {zone}"),
        parse_place(f"{east:.0f} {north:.0f}", f"{zone}"),
    ):
        assert metres(lon, lat, fix) < 1.5


def test_easting_and_northing_that_changed_places_are_put_right() -> None:
    right = parse_utm("258000", "1978000", "48")
    turned = parse_utm("1978000", "258000", "48Q")
    assert (turned.lon, turned.lat) == (right.lon, right.lat)
    assert turned.correction == "swapped_east_north"


def test_metres_that_could_be_either_are_not_turned_round() -> None:
    with pytest.raises(CellRefused):
        parse_utm("980000", "258000", "48")


def test_thousands_separators_and_units_of_metres_are_read() -> None:
    assert parse_utm("258,000 m E", "1,978,000 ม.", "โซน 48") == parse_utm(258000, 1978000, 48)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "row.coordinate_missing"),
        ("กลางป่า", "row.coordinate_unreadable"),
        ("17.88", "row.coordinate_unreadable"),
        ("17°61' 102°1'", "row.coordinate_unreadable"),
        ("17.5°30' 102°30'", "row.coordinate_unreadable"),
        ("nan, nan", "row.coordinate_not_finite"),
        ("inf, -inf", "row.coordinate_not_finite"),
        ("0, 0", "row.coordinate_zero"),
        ("1e308, 1e308", "row.coordinate_impossible"),
        ("1788, 10271", "row.coordinate_impossible"),
        ("52.5, 13.4", "row.coordinate_outside"),
        ("-17.88, 102.71", "row.coordinate_outside"),
        ("POINT EMPTY", "row.point_empty"),
        ("POINT (nan nan)", "row.coordinate_not_finite"),
        ("POINT (? 3)", "row.coordinate_unreadable"),
        ("LINESTRING (102 17, 103 18)", "row.geometry_not_point"),
        ("POLYGON (…)", "row.geometry_not_point"),
        ("https://maps.app.goo.gl/x", "row.link_without_place"),
        ("48Q ZZ 12345 67890", "row.mgrs_unreadable"),
        ("48Q TE 123 45678", "row.mgrs_unreadable"),
        ("48Q TE", "row.mgrs_coarse"),
        ("48Q TE 5 7", "row.mgrs_coarse"),
        ("TE 57700 78000", "row.mgrs_no_zone"),
        ("31U DQ 48251 11932", "row.coordinate_outside"),
        ("258000 1978000", "row.utm_no_zone"),
        ("48N 958000 9978000", "row.utm_outside"),
    ],
)
def test_what_names_no_usable_place_is_refused_with_a_code(cell: str, code: str) -> None:
    with pytest.raises(CellRefused) as refused:
        parse_place(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("17.88", "", "row.coordinate_half"),
        ("", "-", "row.coordinate_missing"),
        (float("nan"), 102.0, "row.coordinate_not_finite"),
        (10**400, 1, "row.coordinate_not_finite"),
        ("1e308", "1e308", "row.coordinate_impossible"),
        (0, 0.0, "row.coordinate_zero"),
        ("17.88E", "102.71E", "row.coordinate_unreadable"),
        ("17.88", "19.71", "row.coordinate_outside"),
        (True, 102, "row.coordinate_unreadable"),
    ],
)
def test_two_cells_that_name_no_place_are_refused(lat: object, lon: object, code: str) -> None:
    with pytest.raises(CellRefused) as refused:
        parse_lat_lon(lat, lon)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_letters_outrank_columns() -> None:
    fix = parse_lat_lon("E102.71", "N17.88")
    assert (fix.lon, fix.lat, fix.correction) == (102.71, 17.88, "swapped_lat_lon")


def test_a_zone_of_its_own_completes_a_grid_reference() -> None:
    assert parse_place("TE 57700 78000", "48q") == parse_place("48QTE5770078000")


def test_another_region_accepts_its_own_points_only() -> None:
    assert check_point(-72.3, 18.5, HAITI).correction == ""
    assert check_point(18.5, -72.3, HAITI).correction == "swapped_lat_lon"
    with pytest.raises(CellRefused):
        check_point(102.71, 17.88, HAITI)


def test_nothing_is_swapped_where_a_latitude_could_be_a_longitude() -> None:
    with pytest.raises(CellRefused):
        check_point(12.0, 8.0, (5.0, 9.0, 11.0, 15.0))


def test_a_region_is_a_box_on_the_earth() -> None:
    assert parse_region("-75,17,-71,21") == HAITI
    for wrong in ("", "1,2,3", "5,5,4,6", "a,b,c,d", "0,0,400,10", "nan,0,1,1"):
        with pytest.raises(ValueError):  # noqa: PT011
            parse_region(wrong)


CELLS = st.one_of(
    st.text(max_size=60),
    st.floats(),
    st.integers(),
    st.none(),
    st.text(alphabet="0123456789.,NSEW°'\" -48QUETM/", max_size=60),
)


@given(CELLS, CELLS, CELLS)
def test_any_cells_give_a_point_of_the_region_or_are_refused(one: object, two: object, three: object) -> None:
    for call in (
        lambda: parse_place(one, two),  # type: ignore[arg-type]
        lambda: parse_lat_lon(one, two),  # type: ignore[arg-type]
        lambda: parse_utm(one, two, three),  # type: ignore[arg-type]
    ):
        code = "row."
        try:
            fix = call()
        except CellRefused as refused:
            code = refused.code
        else:
            assert REGION[0] <= fix.lon <= REGION[2]
            assert REGION[1] <= fix.lat <= REGION[3]
        assert code.startswith("row.")


@pytest.mark.parametrize(
    "cell",
    ["POINT(1 1" + "," * 9000 + "x", "48QUE" + "1" * 9000 + "x", "17." + "1" * 390 + "x", " 1" * 190 + "x"],
)
def test_long_junk_is_refused_at_once(cell: str) -> None:
    with pytest.raises(CellRefused):
        parse_place(cell)
    with pytest.raises(CellRefused):
        parse_lat_lon(cell, cell)
