"""Checkpoints are added once, updated when the office says so, and never put outside Thailand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, text

from geo.actions.checkpoints import CheckpointsWritten, write_checkpoints
from geo.model.checkpoint import CheckpointEntry

LAND = """
insert into area (code, level, country, geom) values
    ('4301', 'district', 'TH', 'srid=4326;multipolygon(((102 17, 103 17, 103 18, 102 18, 102 17)))'),
    ('4302', 'district', 'TH', 'srid=4326;multipolygon(((103 17, 104 17, 104 18, 103 18, 103 17)))');
insert into area_part select code, (st_dump(geom)).geom from area;
"""


@pytest.fixture
def land(store: Engine) -> Engine:
    with store.begin() as connection:
        connection.execute(text(LAND))
    return store


def entry(row: int = 2, name: str = "จุดตรวจบ้านท่า", lon: float = 102.5, lat: float = 17.5, **said) -> CheckpointEntry:
    empty = dict.fromkeys(("kind", "agency", "status", "valid_from", "valid_to", "note"))
    return CheckpointEntry(row=row, name=name, lon=lon, lat=lat, **({"reference": ""} | empty | said))


def write(store: Engine, *entries: CheckpointEntry) -> CheckpointsWritten:
    with store.begin() as connection:
        return write_checkpoints(connection, entries, source="list.csv")


def counts(written: CheckpointsWritten) -> tuple[int, int, int, int]:
    return written.added, written.updated, written.already, len(written.refused)


def rows(store: Engine, columns: str) -> list[tuple]:
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"select {columns} from checkpoint order by id"))]


def test_a_new_checkpoint_gets_a_code_a_district_and_what_a_list_means_by_default(land: Engine):
    assert counts(write(land, entry())) == (1, 0, 0, 0)
    assert rows(land, "code, name, kind, status, district_code, source") == [
        ("CP00001", "จุดตรวจบ้านท่า", "checkpoint", "active", "4301", "list.csv")
    ]


def test_the_same_list_again_adds_nothing(land: Engine):
    entries = [
        entry(2, reference="1"),
        entry(3, name="ด่านสอง", lon=102.6),
        entry(4, name="ด่านสอง", lon=102.7),
    ]
    assert counts(write(land, *entries)) == (3, 0, 0, 0)
    before = rows(land, "checkpoint::text")
    assert counts(write(land, *entries)) == (0, 0, 3, 0)
    assert rows(land, "checkpoint::text") == before


def test_the_same_name_at_the_same_place_is_already_there_and_keeps_its_place(land: Engine):
    write(land, entry())
    assert counts(write(land, entry(name="จุดตรวจ บ้านท่า", lat=17.5004))) == (0, 0, 1, 0)
    assert rows(land, "name, st_y(geom)") == [("จุดตรวจบ้านท่า", 17.5)]
    assert counts(write(land, entry(status="closed"))) == (0, 1, 0, 0)
    assert counts(write(land, entry(name="จุดตรวจ บ้านท่า", lat=17.51))) == (1, 0, 0, 0)


def test_a_new_status_and_new_dates_of_a_known_reference_are_an_update(land: Engine):
    write(land, entry(reference="ก-7", note="old", valid_from=date(2026, 1, 1)))
    changed = entry(reference="ก-7", status="closed", valid_to=date(2026, 3, 1))
    assert counts(write(land, changed)) == (0, 1, 0, 0)
    assert counts(write(land, changed)) == (0, 0, 1, 0)
    assert rows(land, "code, status, valid_from, valid_to, note") == [
        ("CP00001", "closed", date(2026, 1, 1), date(2026, 3, 1), "old")
    ]


def test_a_reference_may_move_and_change_its_name(land: Engine):
    write(land, entry(reference="7"))
    assert counts(write(land, entry(reference="7", name="ชื่อใหม่", lon=102.9))) == (0, 1, 0, 0)
    assert rows(land, "name, st_x(geom)") == [("ชื่อใหม่", 102.9)]


def test_the_same_reference_of_another_district_is_another_checkpoint(land: Engine):
    assert counts(write(land, entry(reference="1"), entry(reference="1", lon=103.5))) == (2, 0, 0, 0)
    assert rows(land, "district_code") == [("4301",), ("4302",)]


def test_two_references_at_one_place_are_two_checkpoints(land: Engine):
    assert counts(write(land, entry(reference="1"), entry(reference="2"))) == (2, 0, 0, 0)


def test_two_rows_of_one_list_that_contradict_each_other_are_not_settled_by_their_order(land: Engine):
    written = write(land, entry(2, reference="1"), entry(3, reference="1", status="closed"))
    assert counts(written) == (1, 0, 0, 1)
    (refused,) = written.refused
    assert (refused.entry.row, refused.code, refused.params) == (3, "checkpoint.contradicts", {"row": 2})
    assert rows(land, "status") == [("active",)]


def test_a_point_just_outside_is_given_to_the_nearest_district_and_one_over_the_border_is_refused(
    land: Engine,
):
    near, far = entry(2, name="a", lat=18.004), entry(3, name="b", lat=18.02)
    written = write(land, near, far)
    assert rows(land, "name, district_code") == [("a", "4301")]
    assert [(r.entry.row, r.code) for r in written.refused] == [(3, "checkpoint.not_in_thailand")]


def test_without_boundaries_nothing_is_called_abroad(store: Engine):
    assert counts(write(store, entry(lat=18.9, reference="1"))) == (1, 0, 0, 0)
    assert rows(store, "district_code") == [(None,)]


def test_dates_that_would_end_before_they_begin_are_refused(land: Engine):
    write(land, entry(reference="1", valid_from=date(2026, 5, 1)))
    written = write(land, entry(reference="1", valid_to=date(2026, 4, 1)))
    assert [r.code for r in written.refused] == ["checkpoint.dates_reversed"]
    assert rows(land, "valid_to") == [(None,)]


def test_demonstration_checkpoints_are_left_alone(land: Engine):
    write(land, entry(reference="1"))
    with land.begin() as connection:
        connection.execute(text("update checkpoint set is_demo = true, source_key = null"))
    assert counts(write(land, entry(status="closed"))) == (1, 0, 0, 0)
    assert rows(land, "is_demo, status") == [(True, "active"), (False, "closed")]


def test_an_empty_list_writes_nothing(land: Engine):
    assert counts(write(land)) == (0, 0, 0, 0)


def test_real_boundaries_give_the_district_of_a_river_bank_and_refuse_vientiane(border_store: Engine):
    nong_khai, vientiane = (
        entry(2, name="ท่าเสด็จ", lon=102.7436, lat=17.8846),
        entry(3, name="b", lon=102.61, lat=17.97),
    )
    written = write(border_store, nong_khai, vientiane)
    assert rows(border_store, "name, district_code") == [("ท่าเสด็จ", "4301")]
    assert [(r.entry.row, r.code) for r in written.refused] == [(3, "checkpoint.not_in_thailand")]
