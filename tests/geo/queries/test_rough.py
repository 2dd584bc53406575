"""Who sees all districts sees all counts, and what is not verified only in the middle of its cell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, timedelta

import mapbox_vector_tile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from geo.db.engine import make_engine
from geo.db.scope import enter
from geo.errors import NotFound
from geo.model import IncidentFilter, Reach, Scope
from geo.queries import figures, incident_tiles, incidents

OWNER = Scope.everything()
COMMANDER = Scope(None, Reach.WIDE)
PLANNER = Scope(None, Reach.PLANNER)
LAST = date(2026, 3, 31)
STATUSES = ("received", "verifying", "verified", "closed", "unfounded")


@pytest.fixture
def app(border_store: Engine) -> Iterator[Engine]:
    """600 incidents of two years around Nong Khai, of every status; the web process's engine."""
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, reported_at, status, channel, location_note, geom)"
                " select (array['drug_trafficking', 'contraband', 'wildlife_trafficking'])[n % 3 + 1],"
                " timestamptz '2026-03-31 12:00+07' - make_interval(days => n * 7 % 700),"
                " timestamptz '2026-03-31 13:00+07' - make_interval(days => n * 7 % 700), (cast(:statuses as text[]))[n % 5 + 1],"
                " (array['online', 'coordinator'])[n % 2 + 1], 'secret',"
                " st_setsrid(st_makepoint(102.5 + n % 29 * 0.02, 17.6 + n % 31 * 0.01), 4326) from generate_series(1, 600) n"
            ),
            {"statuses": list(STATUSES)},
        )
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield engine
    engine.dispose()


def _tile(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    n = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n
    return z, int((lon + 180) / 360 * n), int(y)


def _features(connection: Connection, scope: Scope, chosen: IncidentFilter, tile: tuple[int, int, int]) -> list[dict]:  # type: ignore[type-arg]
    body = incident_tiles.incident_tile(connection, scope, chosen, *tile)
    return mapbox_vector_tile.decode(body)["incidents"]["features"] if body else []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.integers(1, 800),
    back=st.integers(0, 100),
    statuses=st.sets(st.sampled_from(STATUSES)),
    types=st.sets(st.sampled_from(["drug_trafficking", "contraband"])),
    channels=st.sets(st.sampled_from(["online", "coordinator"])),
)
def test_counts_are_those_of_the_owner_in_figures_and_in_tiles_of_every_zoom(
    app: Engine, border_store: Engine, days: int, back: int, statuses: set[str], types: set[str], channels: set[str]
) -> None:
    last = LAST - timedelta(days=back)
    more = {"statuses": tuple(sorted(statuses))} if statuses else {}
    chosen = IncidentFilter(
        last - timedelta(days=days), last, crime_types=tuple(sorted(types)), channels=tuple(sorted(channels)), **more
    )
    with border_store.connect() as owner, app.connect() as connection, connection.begin():
        enter(connection, COMMANDER)
        expected = figures.figures(owner, OWNER, chosen)
        assert figures.figures(connection, COMMANDER, chosen) == expected
        for zoom in (6, 9, 10, 11):
            tiles = {_tile(lon, lat, zoom) for lon in (102.5, 102.7, 102.9, 103.06) for lat in (17.6, 17.75, 17.9)}
            for tile in tiles:
                own, rough = (
                    sum(f["properties"]["n"] for f in _features(c, s, chosen, tile))
                    for c, s in ((owner, OWNER), (connection, COMMANDER))
                )
                assert own == rough, tile


@pytest.mark.parametrize("scope", [COMMANDER, PLANNER], ids=["commander", "planner"])
def test_near_tiles_put_what_is_not_verified_into_the_middle_of_its_cell(app: Engine, scope: Scope) -> None:
    chosen = IncidentFilter(LAST - timedelta(days=700), LAST, statuses=("received", "verifying"))
    with app.connect() as connection, connection.begin():
        enter(connection, scope)
        total = figures.figures(connection, scope, chosen).total
        assert total == 240
        x, y = _tile(102.5, 17.95, 12)[1:]
        tiles = {(x + over, y + down) for over in range(-1, 9) for down in range(-1, 6)}
        for zoom in (12, 13, 14, 15, 16):
            seen, places = 0, set()
            for column, row in tiles:
                for feature in _features(connection, scope, chosen, (zoom, column, row)):
                    px, py = feature["geometry"]["coordinates"]
                    at = [column + px / 4096, row + (4096 - py) / 4096]  # in tiles of the zoom
                    inside = [value * 2.0 ** (12 - zoom) % 1 for value in at]
                    assert all(abs(value - 0.5) < 1e-3 for value in inside), (zoom, inside)
                    seen += feature["properties"]["n"]
                    places.add((round(at[0] * 2), round(at[1] * 2)))  # in tiles of the next zoom
            assert seen == total, zoom
            # The middle of a cell is a corner of four nearer tiles; as all 240 are there, there are none in others.
            tiles = {(over - left, down - up) for over, down in places for left in (0, 1) for up in (0, 1)}


def test_the_newest_the_nearest_and_the_card_of_what_is_not_verified_are_rough(
    app: Engine, border_store: Engine
) -> None:
    chosen = IncidentFilter(LAST - timedelta(days=700), LAST, statuses=("received",))
    with app.connect() as connection, connection.begin():
        enter(connection, COMMANDER)
        found = incidents.newest(connection, COMMANDER, chosen)
        assert len(found) == 10
        assert {one.reported_at.astimezone(UTC).hour for one in found} == {17}  # midnight in Bangkok
        card = incidents.card(connection, COMMANDER, found[0].public_id)
        assert card["rough"]
        assert card["occurred_day_only"]
        assert card["location_note"] is None
        assert incidents.nearest(connection, COMMANDER, chosen, card["lat"], card["lon"], 50) is not None
        assert incidents.nearest(connection, COMMANDER, chosen, card["lat"] + 0.02, card["lon"], 50) is None
        with border_store.connect() as owner:
            exact = incidents.card(owner, OWNER, found[0].public_id)
            number = owner.execute(
                text("select id from incident where public_id = :i"), {"i": found[0].public_id}
            ).scalar_one()
        assert (exact["lat"], exact["lon"]) != (card["lat"], card["lon"])
        assert exact["location_note"] == "secret"
        assert incidents.newly_come(connection, COMMANDER, chosen, [number]) == [(card["lon"], card["lat"])]


def test_a_planner_reads_cards_without_text(app: Engine) -> None:
    chosen = IncidentFilter(LAST - timedelta(days=700), LAST, statuses=("verified",))
    with app.connect() as connection, connection.begin():
        enter(connection, PLANNER)
        newest = incidents.newest(connection, PLANNER, chosen)
        assert incidents.card(connection, PLANNER, newest[0].public_id)["location_note"] is None
        enter(connection, COMMANDER)
        assert incidents.card(connection, COMMANDER, newest[0].public_id)["location_note"] == "secret"


def test_another_district_finds_no_card(app: Engine, border_store: Engine) -> None:
    chosen = IncidentFilter(LAST - timedelta(days=700), LAST)
    with border_store.connect() as owner, app.connect() as connection, connection.begin():
        one = incidents.newest(owner, OWNER, chosen)[0]
        elsewhere = Scope(("4901",), Reach.CENTRE)
        enter(connection, elsewhere)
        with pytest.raises(NotFound):
            incidents.card(connection, elsewhere, one.public_id)
        assert figures.figures(connection, elsewhere, chosen).total == 0
