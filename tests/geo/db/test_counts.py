"""The counts kept beside the incidents always equal a count of the incidents themselves."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

KEPT = """
    select level, tier, block, cell, district_code, crime_type, status, channel,
           sum(n)::int as n, sum(fx::float8) as fx, sum(fy::float8) as fy
    from incident_count group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(n) <> 0
"""
MONDAY = "date '1900-01-01'"
REFUTED = ("unfounded", "duplicate")

Key = tuple[Any, ...]


def _tile(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """Position in tiles of Web Mercator, as everybody's slippy map has it."""
    sine = math.sin(math.radians(lat))
    return (
        (lon + 180) / 360 * 2**zoom,
        (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * 2**zoom,
    )


def _interleave(x: int, y: int) -> int:
    return sum(((x >> bit & 1) << 2 * bit) | ((y >> bit & 1) << (2 * bit + 1)) for bit in range(27))


def _counted_anew(connection: Connection) -> dict[Key, tuple[int, float, float]]:
    """What the counts have to be, computed in Python from the incidents alone."""
    found: dict[Key, list[float]] = {}
    levels = connection.execute(text("select level, tier, days, form from incident_count_level")).all()
    assert {level.form for level in levels} == {"all", "shown", "refuted"}
    rows = connection.execute(
        text(f"select day - {MONDAY}, st_x(geom), st_y(geom), district_code, crime_type, status, channel from incident")
    )
    for since, lon, lat, district, crime_type, status, channel in rows:
        for level, tier, days, form in levels:
            cell, fx, fy = -1, 0.0, 0.0
            if lon is not None:
                x, y = _tile(lon, lat, level)
                cell, fx, fy = _interleave(int(x), int(y)), x % 1, y % 1
            look: tuple[str, str] = (status, channel)
            if form != "all":
                if (status in REFUTED) != (form == "refuted"):
                    continue
                known = "received" if status in ("received", "verifying") else "verified"
                look = (status if form == "refuted" else known, "*")
            key = (level, tier, since // days, cell, district, crime_type, *look)
            sums = found.setdefault(key, [0, 0.0, 0.0])
            sums[0] += 1
            sums[1] += fx
            sums[2] += fy
    return {key: (int(n), fx, fy) for key, (n, fx, fy) in found.items()}


def _agree(connection: Connection) -> None:
    kept = {tuple(row[:8]): tuple(row[8:]) for row in connection.execute(text(KEPT))}
    anew = _counted_anew(connection)
    assert {key: value[0] for key, value in kept.items()} == {key: value[0] for key, value in anew.items()}
    for key, (n, fx, fy) in anew.items():
        # Sums are kept in single precision; a circle may be off by a thousandth of its cell.
        assert kept[key][1] == pytest.approx(fx, abs=1e-3 * (n + 1))
        assert kept[key][2] == pytest.approx(fy, abs=1e-3 * (n + 1))


SQUARE = "st_multi(st_makeenvelope({west}, 15, {west} + 0.1, 15.1, 4326))"


@pytest.fixture
def two_districts(store: Engine) -> Engine:
    """A store with two square districts, 9901 west and 9902 east of 101° E, and two crime types."""
    with store.begin() as connection:
        for code, west in (("9901", 100.9), ("9902", 101.0)):
            shape = SQUARE.format(west=west)
            connection.execute(
                text(f"insert into area (code, level, country, geom) values ('{code}', 'district', 'TH', {shape})")
            )
        connection.execute(text("insert into area_part select code, (st_dump(st_subdivide(geom, 64))).geom from area"))
        connection.execute(text("insert into crime_type (code, name_th, name_en) values ('a','ก','A'),('b','ข','B')"))
    return store


POINTS = [
    "null",
    "st_point(100.95, 15.05, 4326)",
    "st_point(100.9500001, 15.0500001, 4326)",
    "st_point(101.05, 15.05, 4326)",
    "st_point(100.99, 15.02, 4326)",
    "st_point(100.92, 15.103, 4326)",
    "st_point(104.9, 18.1, 4326)",
]
DAYS = ["2024-01-01 00:00+07", "2024-01-07 23:59+07", "2024-01-08 03:00+07", "2024-03-31 12:00+07"]
STATUSES = ["received", "verifying", "verified", "unfounded", "duplicate", "referred", "closed"]

one = st.fixed_dictionaries(
    {
        "crime_type": st.sampled_from("ab"),
        "status": st.sampled_from(STATUSES),
        "channel": st.sampled_from(["online", "coordinator"]),
        "district": st.sampled_from([None, None, "9901", "9902"]),
        "at": st.sampled_from(DAYS),
        "point": st.sampled_from(POINTS),
    }
)
pick = st.integers(0, 6)
step = st.one_of(
    st.tuples(st.just("insert"), st.lists(one, min_size=1, max_size=4)),
    st.tuples(st.just("delete"), pick),
    st.tuples(st.just("status"), st.tuples(pick, st.sampled_from(STATUSES))),
    st.tuples(st.just("move"), st.tuples(pick, st.sampled_from(POINTS))),
    st.tuples(st.just("state"), st.tuples(pick, st.sampled_from([None, "9901", "9902"]))),
    st.tuples(st.just("when"), st.tuples(pick, st.sampled_from(DAYS))),
    st.tuples(st.just("note"), pick),
    st.tuples(st.just("fold"), st.none()),
)
transaction = st.tuples(st.booleans(), st.lists(step, min_size=1, max_size=5))


def _do(connection: Connection, kind: str, what: Any) -> None:
    def run(statement: str, **params: object) -> None:
        connection.execute(text(statement), params)

    if kind == "insert":
        values = ", ".join(
            f"('{r['crime_type']}', '{r['status']}', '{r['channel']}',"
            f" {repr(r['district']) if r['district'] else 'null::text'},"
            f" timestamptz '{r['at']}', {r['point']}::geometry(Point, 4326))"
            for r in what
        )
        columns = "crime_type, status, channel, district_code, occurred_at, geom"
        run(f"insert into incident ({columns}) values {values}")
    elif kind == "delete":
        run("delete from incident where id % 7 = :k", k=what)
    elif kind == "status":
        run("update incident set status = :to where id % 7 = :k", k=what[0], to=what[1])
    elif kind == "move":
        run(f"update incident set geom = {what[1]} where id % 7 = :k", k=what[0])
    elif kind == "state":
        run("update incident set district_code = :to where id % 7 = :k", k=what[0], to=what[1])
    elif kind == "when":
        run("update incident set occurred_at = :to where id % 7 = :k", k=what[0], to=what[1])
    elif kind == "note":
        run("update incident set location_note = 'x' where id % 7 = :k", k=what)
    else:
        run("select incident_count_fold()")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(transaction, min_size=1, max_size=6))
def test_counts_follow_whatever_is_written_kept_or_rolled_back(
    two_districts: Engine, work: list[tuple[bool, list[tuple[str, Any]]]]
) -> None:
    with two_districts.begin() as connection:
        connection.execute(text("truncate incident restart identity cascade"))
    for keep, steps in work:
        with two_districts.connect() as connection:
            for kind, what in steps:
                _do(connection, kind, what)
            _agree(connection)
            if keep:
                connection.commit()
    with two_districts.begin() as connection:
        _agree(connection)
        connection.execute(text("select incident_count_fold()"))
        _agree(connection)
        several = connection.execute(
            text(
                "select count(*) from (select from incident_count group by level, tier, block, cell,"
                " district_code, crime_type, status, channel having count(*) > 1) s"
            )
        ).scalar()
        assert several == 0


def _insert(connection: Connection, n: int = 1, **values: str) -> list[int]:
    row = {"crime_type": "'a'", "channel": "'online'", "occurred_at": "timestamptz '2024-01-01 00:00+07'"}
    row |= values
    columns, cells = ", ".join(row), ", ".join(row.values())
    return list(
        connection.execute(
            text(f"insert into incident ({columns}) select {cells} from generate_series(1, {n}) returning id")
        ).scalars()
    )


def test_an_update_that_changes_no_count_writes_none(two_districts: Engine) -> None:
    with two_districts.begin() as connection:
        _insert(connection, 5, geom=POINTS[1])
        before = connection.execute(text("select count(*) from incident_count")).scalar()
        connection.execute(text("update incident set location_note = 'x', reported_at = now()"))
        assert connection.execute(text("select count(*) from incident_count")).scalar() == before


def test_an_emptied_table_leaves_no_counts(two_districts: Engine) -> None:
    with two_districts.begin() as connection:
        _insert(connection, 5, geom=POINTS[1])
    with two_districts.begin() as connection:
        connection.execute(text("truncate incident cascade"))
        assert connection.execute(text("select count(*) from incident_count")).scalar() == 0


def test_folding_loses_nothing_that_is_written_meanwhile(two_districts: Engine) -> None:
    errors: list[Exception] = []
    writing = threading.Event()
    writing.set()

    def write(seed: int) -> None:
        try:
            for turn in range(60):
                with two_districts.begin() as connection:
                    ids = _insert(connection, 3, geom=POINTS[1 + (turn + seed) % 6])
                    if turn % 3 == 0:
                        connection.execute(text("update incident set status = 'closed' where id = :i"), {"i": ids[0]})
                    if turn % 5 == 0:
                        connection.execute(text("delete from incident where id = :i"), {"i": ids[1]})
        except Exception as error:  # noqa: BLE001 -- told below
            errors.append(error)

    def fold() -> None:
        try:
            while writing.is_set():
                with two_districts.begin() as connection:
                    connection.execute(text("select incident_count_fold()"))
        except Exception as error:  # noqa: BLE001 -- told below
            errors.append(error)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    folders = [threading.Thread(target=fold) for _ in range(2)]
    for thread in writers + folders:
        thread.start()
    for thread in writers:
        thread.join()
    writing.clear()
    for thread in folders:
        thread.join()
    assert errors == []
    with two_districts.begin() as connection:
        _agree(connection)
        connection.execute(text("select incident_count_fold()"))
        _agree(connection)


def test_a_fold_that_waits_to_commit_does_not_hold_up_writers_or_the_next_fold(two_districts: Engine) -> None:
    with two_districts.begin() as connection:
        _insert(connection)
        _insert(connection)
    with two_districts.connect() as first, two_districts.connect() as second:
        assert first.execute(text("select incident_count_fold()")).scalar_one() > 0
        second.execute(text("set local lock_timeout = '1s'"))
        assert second.execute(text("select incident_count_fold()")).scalar_one() == 0
        _insert(second)
        second.commit()
        first.commit()
    with two_districts.begin() as connection:
        _agree(connection)


# ---------------------------------------------------------------- the key of a position
def test_a_key_is_the_interleaved_tile_of_zoom_26(store: Engine) -> None:
    import random

    draw = random.Random(26)
    points = [(draw.uniform(-180, 180), draw.uniform(-85, 85)) for _ in range(300)]
    points += [(draw.uniform(97, 109), draw.uniform(5, 23.5)) for _ in range(700)]
    with store.connect() as connection:
        for lon, lat in points:
            x, y = _tile(lon, lat, 26)
            if min(x % 1, y % 1, 1 - x % 1, 1 - y % 1) < 1e-4:
                continue  # on the edge of a cell of 0.6 m rounding decides
            key = connection.execute(text("select zkey(:x, :y)"), {"x": lon, "y": lat}).scalar_one()
            assert key == _interleave(int(x), int(y))
            back = connection.execute(
                text("select zkey_axis(:k), zkey_axis(cast(:k as bigint) >> 1)"), {"k": key}
            ).one()
            assert tuple(back) == (int(x), int(y))


@pytest.mark.parametrize(("lon", "lat"), [(-180, 85.06), (180, -85.06), (-200, 90), (200, -90), (0, 0), (180, 0)])
def test_positions_off_the_square_world_get_a_key_at_its_edge(store: Engine, lon: float, lat: float) -> None:
    with store.connect() as connection:
        key = connection.execute(text("select zkey(:x, :y)"), {"x": lon, "y": lat}).scalar_one()
    assert 0 <= key < 4**26


# ---------------------------------------------------------------- the district of a position
@pytest.mark.parametrize(
    ("point", "check", "district"),
    [
        ("st_point(100.95, 15.05, 4326)", "inside", "9901"),
        ("st_point(101.05, 15.05, 4326)", "inside", "9902"),
        ("st_point(100.95, 15.1027, 4326)", "snapped", "9901"),
        ("st_point(101.1027, 15.05, 4326)", "snapped", "9902"),
        ("st_point(100.95, 15.1060, 4326)", "outside", None),
        ("st_point(101.1058, 15.05, 4326)", "outside", None),
        ("st_point(104.9, 18.1, 4326)", "outside", None),
        ("null", "no_point", None),
    ],
)
def test_an_incident_gets_the_district_of_its_point(
    two_districts: Engine, point: str, check: str, district: str | None
) -> None:
    with two_districts.begin() as connection:
        _insert(connection, geom=f"{point}::geometry(Point, 4326)")
        row = connection.execute(text("select * from incident")).mappings().one()
        metres = connection.execute(
            text(
                "select min(st_distance(a.geom::geography, i.geom::geography))"
                " from incident i, area a where a.code = i.district_code"
            )
        ).scalar()
    assert (row["location_check"], row["district_code"]) == (check, district)
    assert row["point_district_code"] == district
    assert not row["district_stated"]
    assert not row["district_conflict"]
    if check == "snapped":
        assert row["snap_distance_m"] == pytest.approx(metres)
        assert 250 < metres < 350
    else:
        assert row["snap_distance_m"] is None


def test_a_stated_district_stays_and_a_contradiction_is_marked(two_districts: Engine) -> None:
    asked = "district_code, district_stated, point_district_code, district_conflict"

    def now(connection: Connection, change: str | None = None) -> tuple[Any, ...]:
        if change:
            connection.execute(text(f"update incident set {change}"))
        return tuple(connection.execute(text(f"select {asked} from incident")).one())

    with two_districts.begin() as connection:
        _insert(connection, geom=POINTS[1], district_code="'9901'")
        assert now(connection) == ("9901", True, "9901", False)
        assert now(connection, f"geom = {POINTS[3]}") == ("9901", True, "9902", True)
        assert now(connection, f"geom = {POINTS[6]}") == ("9901", True, None, True)
        assert now(connection, "geom = null") == ("9901", True, None, False)
        assert now(connection, f"geom = {POINTS[3]}, district_code = null") == ("9902", False, "9902", False)
        assert now(connection, f"geom = {POINTS[1]}") == ("9901", False, "9901", False)
        assert now(connection, "district_code = '9902'") == ("9902", True, "9901", True)
        assert now(connection, "district_stated = false") == ("9901", False, "9901", False)


def test_ten_million_incidents_have_ten_million_public_ids(two_districts: Engine) -> None:
    with two_districts.begin() as connection:
        connection.execute(text("alter table incident alter column id restart with 9999999"))
        _insert(connection, 3)
        ids = connection.execute(text("select public_id from incident order by id")).scalars().all()
    assert ids == ["NTS67-9999999", "NTS67-10000000", "NTS67-10000001"]


def test_a_point_without_a_place_is_refused(two_districts: Engine) -> None:
    with two_districts.connect() as connection, pytest.raises(Exception, match="incident_geom_check"):
        _insert(connection, geom="st_geomfromtext('POINT EMPTY', 4326)")


# ---------------------------------------------------------------- news
@pytest.fixture
def heard(two_districts: Engine) -> Iterator[Any]:
    """Function that answers the payloads told on channel `watch` since the last call."""
    with two_districts.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("listen watch")
        yield lambda: [note.payload for note in raw.notifies(timeout=0.5)]


def test_news_carry_ids_of_incidents_never_content(two_districts: Engine, heard: Any) -> None:
    with two_districts.begin() as connection:
        ids = _insert(connection, 20, location_note="'ลับ'")
    (told,) = heard()
    assert sorted(told.removeprefix("incident:").split(",")) == sorted(map(str, ids))
    with two_districts.begin() as connection:
        _insert(connection, 21)
    assert heard() == ["incident:*"]
    with two_districts.begin() as connection:
        connection.execute(text("update incident set status = 'closed' where id = :i"), {"i": ids[0]})
    assert heard() == [f"incident:{ids[0]}"]
    with two_districts.begin() as connection:
        connection.execute(text("delete from incident where id = :i"), {"i": ids[0]})
    assert heard() == ["incident:*"]
    with two_districts.begin() as connection:
        connection.execute(text("delete from incident where id = -1"))
        connection.execute(text("update incident set status = 'closed' where id = -1"))
    assert heard() == []
    with two_districts.connect() as connection:
        _insert(connection)
        connection.rollback()
    assert heard() == []
    with two_districts.begin() as connection:
        connection.execute(text("truncate incident cascade"))
    assert heard() == ["incident:*"]


def test_news_name_the_table_that_changed(two_districts: Engine, heard: Any) -> None:
    statements = {
        "area": "update area set name_th = 'ก' where code = '9901'",
        "border_section": "insert into border_section (code, district_code, neighbour, length_km, geom)"
        " values ('x', '9901', 'LA', 1, st_geomfromtext('MULTILINESTRING((100 15,100 16))', 4326))",
        "crossing": "insert into crossing (code, name_th, name_en, kind, neighbour, accuracy, source, geom)"
        " values ('x', 'ก', 'A', 'permanent', 'LA', 'good', 'x', st_point(100, 15, 4326))",
        "checkpoint": "insert into checkpoint (code, name, kind, status, geom)"
        " values ('x', 'ก', 'river', 'active', st_point(100, 15, 4326))",
        "patrol_route": "insert into patrol_route (code, name, kind, geom)"
        " values ('x', 'ก', 'land', st_geomfromtext('MULTILINESTRING((100 15,100 16))', 4326))",
        "patrol": "insert into patrol (code, status) values ('x', 'done')",
        "crime_type": "update crime_type set colour = '#000000' where code = 'a'",
    }
    for table, statement in statements.items():
        with two_districts.begin() as connection:
            connection.execute(text(statement))
        assert Counter(heard()) == Counter([f"{table}:*"])
