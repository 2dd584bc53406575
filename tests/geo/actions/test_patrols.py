"""Patrols are written once, extended when more comes, and drawn without what cannot be true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from geo.actions.patrols import PatrolsWritten, write_patrols
from geo.errors import NotFound
from geo.model.track import PatrolFix, logs

START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
MUCH_LATER = START + timedelta(days=30)


def walk(first: int, last: int, patrol: str = "P1", unit: str = "ชปล.1", **more) -> list[PatrolFix]:
    """One fix a minute, going north at 6 km/h."""
    return [
        PatrolFix(n + 1, patrol, unit, None, START + timedelta(minutes=n), 104.0, 17.0 + n * 0.0009, **more)
        for n in range(first, last)
    ]


def write(store: Engine, fixes: list[PatrolFix], now: datetime = MUCH_LATER, **options) -> PatrolsWritten:
    with store.begin() as connection:
        return write_patrols(connection, logs(fixes), source="test.csv", now=now, **options)


def rows(store: Engine, sql: str) -> list[tuple]:
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


PATROL = "select code, status, unit, started_at, ended_at, st_numgeometries(geom), st_npoints(geom) from patrol"


def test_a_walk_becomes_one_patrol_with_its_line_and_times(store: Engine):
    written = write(store, walk(0, 30))
    assert (written.added, written.already, written.refused) == (30, 0, [])
    assert written.impossible == 0
    assert written.kilometres == pytest.approx(29 * 0.0996, rel=0.01)
    (only,) = rows(store, PATROL)
    assert only[0] == written.new[0] == "PT69-000001"
    assert only[1:5] == ("done", "ชปล.1", START, START + timedelta(minutes=29))
    assert only[5:] == (1, 30)


def test_the_same_fixes_again_add_nothing_and_change_nothing(store: Engine):
    write(store, walk(0, 30))
    before = rows(store, "select p::text, f::text from patrol p join patrol_fix f on f.patrol_id = p.id order by 2")
    again = write(store, walk(0, 30))
    assert (again.added, again.already, again.new, again.extended) == (0, 30, [], [])
    after = rows(store, "select p::text, f::text from patrol p join patrol_fix f on f.patrol_id = p.id order by 2")
    assert after == before


def test_a_file_that_continues_a_patrol_extends_it(store: Engine):
    first = write(store, walk(0, 20))
    second = write(store, walk(10, 40))
    assert (second.added, second.already, second.extended) == (20, 10, first.new)
    (only,) = rows(store, PATROL)
    assert only[4] == START + timedelta(minutes=39)
    assert only[6] == 40


def test_what_comes_in_two_files_is_drawn_as_if_it_came_in_one_whatever_the_order(store: Engine):
    write(store, walk(20, 40))
    write(store, list(reversed(walk(0, 20))))
    write(store, walk(0, 40, patrol="P2"))
    one, other = rows(store, "select st_asbinary(geom), started_at, ended_at from patrol order by code")
    assert one == other


def test_a_jump_out_and_back_is_kept_flagged_and_not_drawn(store: Engine):
    fixes = walk(0, 30)
    wrong = fixes[10]
    fixes[10] = PatrolFix(wrong.row, wrong.patrol, wrong.unit, None, wrong.at, wrong.lon + 1, wrong.lat)
    written = write(store, fixes)
    assert (written.added, written.impossible) == (30, 1)
    assert rows(store, "select st_x(geom), speed_kmh > 1000 from patrol_fix where impossible") == [(105.0, True)]
    assert rows(store, "select st_numgeometries(geom), st_xmax(geom) from patrol") == [(2, 104.0)]
    assert rows(store, "select count(*) from patrol_fix where speed_kmh is null") == [(1,)]


def test_a_second_place_at_the_same_moment_is_refused_with_its_row(store: Engine):
    twice = PatrolFix(99, "P1", "ชปล.1", None, START, 104.5, 17.0)
    written = write(store, [*walk(0, 5), twice])
    assert written.added == 5
    assert [(r.fix.row, r.code) for r in written.refused] == [(99, "track.same_time")]
    again = write(store, [twice])
    assert (again.added, again.already, len(again.refused)) == (0, 0, 1)


def test_the_same_fix_twice_in_one_file_is_already_there(store: Engine):
    written = write(store, walk(0, 5) + walk(0, 5))
    assert (written.added, written.already, written.repeated) == (5, 5, 5)
    again = write(store, walk(0, 5))
    assert (again.already, again.repeated) == (5, 0)


def test_a_patrol_whose_last_fix_is_young_is_out_and_later_it_is_done(store: Engine):
    write(store, walk(0, 10), now=START + timedelta(minutes=20))
    assert rows(store, "select status from patrol") == [("active",)]
    write(store, walk(0, 20), now=START + timedelta(hours=5))
    assert rows(store, "select status from patrol") == [("done",)]


def test_a_cancelled_patrol_stays_cancelled(store: Engine):
    write(store, walk(0, 10), now=START + timedelta(minutes=20))
    with store.begin() as connection:
        connection.execute(text("update patrol set status = 'cancelled'"))
    write(store, walk(0, 20))
    assert rows(store, "select status from patrol") == [("cancelled",)]


def test_one_fix_makes_a_patrol_without_a_line(store: Engine):
    write(store, walk(0, 1))
    assert rows(store, "select geom, started_at = ended_at from patrol") == [(None, True)]


def test_unnamed_tracks_are_parted_by_a_long_silence_and_named_ones_are_not(store: Engine):
    write(store, walk(0, 5, patrol="") + walk(600, 605, patrol=""))
    assert rows(store, "select count(*) from patrol") == [(2,)]
    write(store, walk(0, 5) + walk(600, 605))
    assert rows(store, "select count(*), max(st_numgeometries(geom)) from patrol") == [(3, 2)]


def test_an_unnamed_track_is_found_again_when_it_grew_or_lost_its_beginning(store: Engine):
    write(store, walk(0, 20, patrol=""))
    assert write(store, walk(0, 30, patrol="")).added == 10
    assert write(store, walk(15, 40, patrol="")).added == 10
    assert rows(store, "select count(*) from patrol") == [(1,)]


def test_two_tracks_of_one_file_are_two_patrols_even_if_they_have_the_same_name(store: Engine):
    write(store, walk(0, 5, patrol="", track=1) + walk(10, 15, patrol="", track=2))
    assert rows(store, "select count(*) from patrol") == [(2,)]


def test_the_same_patrol_number_of_two_units_is_two_patrols(store: Engine):
    write(store, walk(0, 5, unit="a") + walk(0, 5, unit="b"))
    assert rows(store, "select unit, count(*) from patrol group by 1 order by 1") == [("a", 1), ("b", 1)]


def test_route_and_agency_are_set_and_checked(store: Engine):
    with store.begin() as connection:
        connection.execute(text("insert into agency values ('bpp', 'ตชด', 'BPP', null)"))
        connection.execute(
            text(
                "insert into patrol_route (code, name, kind, geom)"
                " values ('R1', 'x', 'land', 'srid=4326;multilinestring((104 17, 104 18))')"
            )
        )
    for wrong in ({"route": "R2"}, {"agency": "navy"}):
        with pytest.raises(NotFound):
            write(store, walk(0, 5), **wrong)
    assert rows(store, "select count(*) from patrol") == [(0,)]
    write(store, walk(0, 5))
    write(store, walk(0, 5), route="R1", agency="bpp")
    assert rows(store, "select r.code, p.agency from patrol p join patrol_route r on r.id = route_id") == [
        ("R1", "bpp")
    ]
