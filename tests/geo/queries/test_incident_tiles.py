"""Every incident that a filter and a scope keep is in exactly one tile of every zoom, where it belongs, and nothing else is."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo.model import Channel, IncidentFilter, Scope, Status
from geo.queries import incident_tiles
from geo.queries.figures import figures
from geo.queries.incident_tiles import EXTENT, STATUS_LETTER, incident_tile, morton, tile_query

FIRST, LAST = date(2024, 1, 3), date(2025, 2, 20)
DAYS = (LAST - FIRST).days + 1
TYPES = ("drugs", "scam", "cattle")
DISTRICTS = ("9901", "9902")


@dataclass(frozen=True)
class Row:
    """One incident as it was written."""

    crime_type: str
    day: date
    status: str
    channel: str
    lon: float | None
    lat: float | None
    district: str | None


def _rows(count: int, seed: int) -> list[Row]:
    """Incidents in heaps and alone, in two districts and outside of both, some without a place."""
    rng = np.random.default_rng(seed)
    heaps = rng.uniform([101.0, 15.0], [101.2, 15.1], (12, 2))
    rows = []
    for i in range(count):
        lon, lat = heaps[rng.integers(12)] + rng.normal(0, [0.0005, 0.02, 0.2][i % 3], 2)
        if i % 7 == 0:
            lon, lat = heaps[0]
        inside = 101 <= lon < 101.2 and 15 <= lat <= 15.1
        rows.append(
            Row(
                str(rng.choice(TYPES)),
                FIRST + timedelta(days=int(rng.integers(DAYS))),
                str(rng.choice(list(Status))),
                str(rng.choice(list(Channel))),
                None if i % 29 == 0 else round(float(lon), 6),
                None if i % 29 == 0 else round(float(lat), 6),
                None if i % 29 == 0 or not inside else DISTRICTS[int(lon >= 101.1)],
            )
        )
    return rows


def _write(engine: Engine, rows: list[Row]) -> list[Row]:
    """Put the rows in, let the store find their districts, and give them back with those."""
    with engine.begin() as connection:
        for code, west in zip(DISTRICTS, (101.0, 101.1), strict=True):
            square = f"st_makeenvelope({west}, 15, {west + 0.1}, 15.1, 4326)"
            connection.execute(
                text(
                    "insert into area (code, level, country, geom)"
                    f" values ('{code}', 'district', 'TH', st_multi({square}))"
                )
            )
            connection.execute(text(f"insert into area_part values ('{code}', {square})"))
        for code in TYPES:
            connection.execute(text("insert into crime_type (code, name_th, name_en) values (:c, :c, :c)"), {"c": code})
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, status, channel, geom)"
                " select crime_type, occurred_at, status, channel, st_point(lon, lat, 4326) from unnest(cast(:types as text[]),"
                " cast(:times as timestamptz[]), cast(:statuses as text[]), cast(:channels as text[]), cast(:lon as float8[]),"
                " cast(:lat as float8[])) with ordinality v (crime_type, occurred_at, status, channel, lon, lat, n) order by n"
            ),
            {
                "types": [r.crime_type for r in rows],
                "times": [datetime(r.day.year, r.day.month, r.day.day, 5, tzinfo=UTC) for r in rows],
                "statuses": [r.status for r in rows],
                "channels": [r.channel for r in rows],
                "lon": [r.lon for r in rows],
                "lat": [r.lat for r in rows],
            },
        )
        found = connection.execute(text("select district_code from incident order by id")).scalars().all()
    return [Row(r.crime_type, r.day, r.status, r.channel, r.lon, r.lat, d) for r, d in zip(rows, found, strict=True)]


@dataclass(frozen=True)
class Filled:
    """A store and what is in it."""

    engine: Engine = field(repr=False)
    rows: list[Row] = field(repr=False)
    types: dict[int, str]


@pytest.fixture
def filled(store: Engine) -> Filled:
    """A store with 900 incidents; half of the counts lie folded, half as they were appended."""
    rows = _write(store, _rows(900, seed=4))
    with store.begin() as connection:
        connection.execute(text("select incident_count_fold()"))
        types = {int(row.id): str(row.code) for row in connection.execute(text("select id, code from crime_type"))}
    return Filled(store, rows, types)


def _kept(rows: list[Row], chosen: IncidentFilter, scope: Scope) -> list[Row]:
    return [
        r
        for r in rows
        if chosen.first <= r.day <= chosen.last
        and r.status in chosen.statuses
        and (not chosen.crime_types or r.crime_type in chosen.crime_types)
        and (not chosen.channels or r.channel in chosen.channels)
        and (not chosen.districts or r.district in chosen.districts)
        and (scope.districts is None or r.district in scope.districts)
    ]


def _position(row: Row, zoom: int) -> tuple[float, float]:
    """Position in tiles of Web Mercator at a zoom."""
    assert row.lon is not None
    assert row.lat is not None
    sine = math.sin(math.radians(row.lat))
    return (
        (row.lon + 180) / 360 * 2**zoom,
        (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * 2**zoom,
    )


def _features(body: bytes) -> list[tuple[float, float, dict[str, Any]]]:
    """x, y (pixels of EXTENT, y down) and properties of a tile's points."""
    if not body:
        return []
    layers = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    assert set(layers) <= {"incidents"}
    if "incidents" not in layers:
        return []
    assert layers["incidents"]["extent"] == EXTENT
    return [(*f["geometry"]["coordinates"], f["properties"]) for f in layers["incidents"]["features"]]


LOOKS = {"received": "received", "verifying": "received"} | dict.fromkeys(
    ("verified", "referred", "closed"), "verified"
)


def _letter(row: Row, chosen: IncidentFilter, far: bool) -> str:
    """The status that the map draws: far out, where all channels and whole looks are wanted, the look stands for it."""
    groups = [{s for s, look in LOOKS.items() if look == name} for name in ("received", "verified")]
    whole = all(group <= set(chosen.statuses) or not group & set(chosen.statuses) for group in groups)
    if far and whole and not chosen.channels:
        return STATUS_LETTER[LOOKS.get(row.status, row.status)]
    return STATUS_LETTER[row.status]


Said = tuple[int, str | None, str | None]


def _said(rows: list[Row], chosen: IncidentFilter, far: bool) -> Said:
    types, letters = {r.crime_type for r in rows}, {_letter(r, chosen, far) for r in rows}
    return len(rows), types.pop() if len(types) == 1 else None, letters.pop() if len(letters) == 1 else None


def _check(filled: Filled, chosen: IncidentFilter, scope: Scope, zoom: int, far: bool) -> None:
    """Compare the tiles of a zoom, also of those places where nothing is wanted, with the rows themselves."""
    bits = (3 if zoom <= 11 else 14 - zoom if zoom <= 14 else 16 - zoom) if far else min(6, 26 - zoom)
    placed = [r for r in filled.rows if r.lon is not None]
    tiles = Counter((int(x), int(y)) for x, y in (_position(r, zoom) for r in placed))
    wanted: dict[tuple[int, int], dict[tuple[int, int], list[Row]]] = {}
    for row in _kept(placed, chosen, scope):
        x, y = _position(row, zoom + bits)
        cells = wanted.setdefault((int(x) >> bits, int(y) >> bits), {})
        cells.setdefault((int(x), int(y)), []).append(row)
    with filled.engine.connect() as connection:
        for (x, y), _ in tiles.most_common(15):
            features = _features(incident_tile(connection, scope, chosen, zoom, x, y))
            cells = wanted.get((x, y), {})
            said = [(f["n"], filled.types.get(f.get("t", 0)), f.get("s")) for _, _, f in features]
            assert Counter(said) == Counter(_said(rows, chosen, far) for rows in cells.values())
            for px, py, f in features:
                if f["n"] == 1:
                    gaps = [
                        max(abs((a - x) * EXTENT - px), abs((b - y) * EXTENT - py))
                        for a, b in (_position(rows[0], zoom) for rows in cells.values() if len(rows) == 1)
                    ]
                    assert min(gaps) <= 1 + EXTENT * 2 ** (zoom - 26) / 2  # a key is 0.6 m wide
                side = EXTENT / 2**bits
                assert any(
                    len(rows) == f["n"]
                    and -1 <= px - ((cx - (x << bits)) * side) <= side + 1
                    and -1 <= py - ((cy - (y << bits)) * side) <= side + 1
                    for (cx, cy), rows in cells.items()
                )


days = st.integers(0, DAYS - 1).map(lambda n: FIRST + timedelta(days=n))
periods = st.one_of(st.just((FIRST, LAST)), st.tuples(days, days).map(lambda pair: (min(pair), max(pair))))
some = st.sampled_from
filters = st.builds(
    lambda period, types, districts, statuses, channels: IncidentFilter(
        period[0], period[1], tuple(types), tuple(districts), tuple(statuses), tuple(channels)
    ),
    periods,
    st.lists(some(TYPES), max_size=2, unique=True),
    st.lists(some(DISTRICTS), max_size=2, unique=True),
    st.one_of(
        st.just(IncidentFilter(FIRST, LAST).statuses),
        st.just(["received", "verifying"]),
        st.lists(some(list(map(str, Status))), min_size=1, max_size=7, unique=True),
    ),
    st.one_of(st.just([]), st.lists(some(list(map(str, Channel))), max_size=3, unique=True)),
)
scopes = st.sampled_from(
    [Scope.everything(), Scope(()), Scope(("9901",)), Scope(("9902",)), Scope(DISTRICTS), Scope(("0000",))]
)
once = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@once
@given(filters, scopes, st.integers(0, 22))
def test_tiles_hold_exactly_what_a_filter_keeps_in_a_scope(
    filled: Filled, chosen: IncidentFilter, scope: Scope, zoom: int
) -> None:
    _check(filled, chosen, scope, zoom, far=zoom < 12)


@once
@given(filters, scopes, st.integers(12, 14))
def test_tiles_with_too_many_incidents_hold_exactly_the_same_as_counts(
    filled: Filled, chosen: IncidentFilter, scope: Scope, zoom: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incident_tiles, "NEAR_LIMIT", 0)
        _check(filled, chosen, scope, zoom, far=True)


short = st.builds(
    lambda chosen, statuses: replace(chosen, statuses=tuple(statuses), channels=()),
    filters,
    some([IncidentFilter(FIRST, LAST).statuses, ["received", "verifying"], ["verified", "referred", "closed"]]),
)


@once
@given(short, scopes, st.integers(15, 16))
def test_near_tiles_with_too_many_incidents_hold_exactly_the_same_as_counts(
    filled: Filled, chosen: IncidentFilter, scope: Scope, zoom: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incident_tiles, "NEAR_LIMIT", 0)
        _check(filled, chosen, scope, zoom, far=True)


def test_tiles_and_figures_stay_right_while_others_write_and_fold(filled: Filled) -> None:
    chosen, everyone = IncidentFilter(FIRST, LAST), Scope.everything()
    engine, ends, errors = filled.engine, time.monotonic() + 6, []

    def write() -> None:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "insert into incident (crime_type, occurred_at, status, channel, geom)"
                    " select crime_type, occurred_at, 'received', channel, geom from incident order by random() limit 3"
                )
            )
            connection.execute(
                text(
                    "update incident set status = 'closed' where id in (select id from incident order by random() limit 2)"
                )
            )

    def fold() -> None:
        with engine.begin() as connection:
            connection.execute(text("select incident_count_fold()"))

    def over_and_over(what: Callable[[], None]) -> None:
        try:
            while time.monotonic() < ends:
                what()
        except Exception as error:  # noqa: BLE001 -- told below
            errors.append(error)

    threads = [threading.Thread(target=over_and_over, args=(what,)) for what in (write, write, fold, fold)]
    for thread in threads:
        thread.start()
    seen = 0
    while time.monotonic() < ends:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            direct = connection.execute(
                text(
                    "select count(*), count(geom) from incident where status not in ('unfounded', 'duplicate')"
                    " and day between :first and :last"
                ),
                {"first": FIRST, "last": LAST},
            ).one()
            for zoom in (0, 3):
                tiles = {(int(x), int(y)) for x, y in (_position(r, zoom) for r in filled.rows if r.lon is not None)}
                drawn = [_features(incident_tile(connection, everyone, chosen, zoom, x, y)) for x, y in tiles]
                assert sum(f["n"] for features in drawn for _, _, f in features) == direct[1]
            assert figures(connection, everyone, chosen).total == direct[0]
            seen += 1
    for thread in threads:
        thread.join()
    assert errors == []
    assert seen > 3


def test_counts_stand_where_their_incidents_are(filled: Filled) -> None:
    chosen = IncidentFilter(date(2000, 1, 3), date(2030, 1, 6), statuses=tuple(Status))
    rows = [r for r in filled.rows if r.lon is not None]
    with filled.engine.connect() as connection:
        for zoom in range(12):
            x, y = (int(a) for a in np.median([_position(r, zoom) for r in rows], axis=0))
            cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
            for a, b in (_position(r, zoom) for r in rows):
                if (int(a), int(b)) == (x, y):
                    cells.setdefault((int(a * 8), int(b * 8)), []).append((a - x, b - y))
            means = sorted((len(c), *(EXTENT * np.mean(c, axis=0)).tolist()) for c in cells.values())
            drawn = sorted(
                (f["n"], px, py)
                for px, py, f in _features(incident_tile(connection, Scope.everything(), chosen, zoom, x, y))
            )
            assert len(drawn) == len(means)
            for found, mean in zip(drawn, means, strict=True):
                assert found == pytest.approx(mean, abs=1.0)


def test_an_incident_without_a_place_is_on_no_tile(store: Engine) -> None:
    rows = [Row("drugs", FIRST, "received", "online", None, None, None)] * 3
    filled = Filled(store, _write(store, rows), {})
    with filled.engine.connect() as connection:
        for zoom in range(5):
            for x in range(1 << zoom):
                for y in range(1 << zoom):
                    chosen = IncidentFilter(FIRST - timedelta(days=400), LAST)
                    assert not _features(incident_tile(connection, Scope.everything(), chosen, zoom, x, y))


@pytest.mark.parametrize("address", [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_an_address_that_is_no_tile_is_refused(store: Engine, address: tuple[int, int, int]) -> None:
    with store.connect() as connection, pytest.raises(ValueError, match="no tile"):
        incident_tile(connection, Scope.everything(), IncidentFilter(FIRST, LAST), *address)


@given(st.integers(0, 2**26 - 1), st.integers(0, 2**26 - 1))
def test_a_key_takes_x_and_y_bit_by_bit(x: int, y: int) -> None:
    bits = "".join(b + a for a, b in zip(f"{x:026b}", f"{y:026b}", strict=True))
    assert morton(x, y) == int(bits, 2)


def _scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("Relation Name") in ("incident", "incident_count"):
        yield node
    for child in node.get("Plans", []):
        yield from _scans(child)


@pytest.fixture
def many(store: Engine) -> Engine:
    """20,000 incidents, vacuumed as a store is after a load and by PostgreSQL itself later."""
    _write(store, _rows(20_000, seed=9))
    with store.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("select incident_count_fold()"))
        for table in ("incident", "incident_count"):
            hidden, end = True, time.monotonic() + 60
            while hidden and time.monotonic() < end:  # PostgreSQL's own cleaning beside ours holds pages back
                connection.execute(text(f"vacuum (freeze, index_cleanup on, analyze) {table}"))
                hidden = connection.execute(
                    text("select relallvisible < relpages from pg_class where relname = :table"), {"table": table}
                ).scalar_one()
    return store


def test_tiles_are_read_in_the_index_alone(many: Engine) -> None:
    asked = {
        "usual": IncidentFilter(LAST - timedelta(days=27), LAST),
        "everything": IncidentFilter(FIRST, LAST),
        "one type": IncidentFilter(FIRST, LAST, crime_types=("scam",)),
        "one channel": IncidentFilter(FIRST, LAST, channels=("online",)),
    }
    row = Row("drugs", FIRST, "received", "online", 101.05, 15.05, None)
    with many.connect() as connection:
        # Of so few rows some are as cheap by another way: what is asked is whether the indexes hold all that is needed.
        connection.execute(text("set enable_bitmapscan = off"))
        connection.execute(text("set enable_seqscan = off"))
        for zoom in range(5, 19):
            x, y = (int(a) for a in _position(row, zoom))
            for near in [True] * (zoom >= 12) + [False] * (zoom < 15):
                for chosen in asked.values():
                    sql, values = tile_query(Scope.everything(), chosen, zoom, x, y, near)
                    told = connection.execute(text(f"explain (analyze, format json) {sql}"), values).scalar_one()
                    scans = list(_scans(told[0]["Plan"]))
                    assert scans
                    assert {scan["Node Type"] for scan in scans} == {"Index Only Scan"}
                    assert sum(scan["Heap Fetches"] for scan in scans) == 0


def test_a_plan_is_made_for_the_tile_that_is_asked_for(many: Engine) -> None:
    """One plan for all tiles, made after a few of them, reads every incident of a period for each."""
    chosen = IncidentFilter(FIRST, LAST)
    with many.connect() as connection:
        for x in range(30):
            incident_tile(connection, Scope.everything(), chosen, 17, 102_000 + x, 58_000)
        made = connection.execute(
            text("select sum(generic_plans), sum(custom_plans) from pg_prepared_statements")
        ).one()
    assert made[0] == 0
    assert made[1] > 0
