"""Where cases are, in names and on the ground of a small map."""

from __future__ import annotations

from typing import Any

from geo.queries.case_ground import case_ground
from geo.queries.case_places import area_names, case_places
from tests.geo.cases.conftest import Office


def test_a_case_is_where_its_most_exact_report_says(office: Office) -> None:
    case = office.case(area_code="4301")
    office.put(
        "insert into report (incident_id, channel, area_code, village) select id, 'online', '430101', 'ท่าทราย' from incident"
        " where public_id = :p",
        p=case,
    )
    number = office.one("select id from incident where public_id = :p", p=case)
    with office.acting("officer") as connection:
        place = case_places(connection, [number])[number]
        names = area_names(connection, {"430101", "4301", "nowhere"})
    assert place.subdistrict_th == names["430101"][0]
    assert (place.village_th, place.said) == (None, "ท่าทราย")
    assert set(names) == {"430101", "4301"}


def test_the_next_district_reads_no_place(office: Office) -> None:
    case = office.case(area_code="430101")
    number = office.one("select id from incident where public_id = :p", p=case)
    with office.acting("neighbour") as connection:
        assert case_places(connection, [number]) == {}


def test_the_ground_is_cut_to_the_box_and_has_no_name(office: Office) -> None:
    with office.acting("officer") as connection:
        ground = case_ground(connection, 102.6, 17.8, 102.9, 18.0)
    assert ground.districts
    assert ground.border
    for shape in (*ground.districts, *ground.border):
        assert set(shape) <= {"type", "coordinates", "geometries"}
    lons = [point[0] for shape in ground.border for line in _lines(shape) for point in line]
    assert min(lons) >= 102.6
    assert max(lons) <= 102.9


def _lines(shape: dict[str, Any]) -> list[Any]:
    return [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
