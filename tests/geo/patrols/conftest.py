"""Everybody who may have to do with patrols, and two routes of Nong Khai, on a store with the real border."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.engine import URL

from geo.actions.patrol_routes import RouteWords, draw_route
from geo.actions.people import create_person
from geo.crs import TIMEZONE
from geo.db.engine import make_engine
from geo.model.patrol import RouteKind
from geo.model.person import Role
from geo.model.track import PatrolFix
from tests.conftest import _copy
from tests.geo.meetings.conftest import ARANYA, MUKDAHAN, NONG_KHAI, Hall

BANK = shapely.LineString([(102.700, 17.867), (102.7292, 17.8765), (102.7556, 17.8855), (102.765, 17.897)])
"""Along the river at Nong Khai, some 900 m behind the border, 7.9 km long."""


def towns(cluster: URL, border_template: str) -> Iterator[Hall]:
    """The people, of whom two chiefs have a district each, and the routes ``RT-0001`` (boat) and ``RT-0002`` (on foot)."""
    roles: dict[str, tuple[Role, dict[str, Any]]] = {
        "chief": (Role.CHIEF, {"districts": (NONG_KHAI,)}),
        "officer": (Role.OFFICER, {"districts": (NONG_KHAI,)}),
        "neighbour": (Role.CHIEF, {"districts": (MUKDAHAN,)}),
        "far": (Role.OFFICER, {"districts": (ARANYA,)}),
        "commander": (Role.COMMANDER, {}),
        "national": (Role.NATIONAL, {}),
        "planner": (Role.PLANNER, {}),
        "administrator": (Role.ADMINISTRATOR, {}),
        "agency": (Role.AGENCY, {"agency": "local_police"}),
        "headman": (Role.COORDINATOR, {"area_code": f"{NONG_KHAI}01", "village": "หมู่ 1"}),
    }
    for store in _copy(cluster, border_template):
        with store.begin() as connection:
            people = {
                who: create_person(connection, f"{who}.patrols", f"คุณ {who}", role, **more)
                for who, (role, more) in roles.items()
            }
            today = connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one()
        engine = make_engine(store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
        town = Hall(store, engine, people, today)
        for name, kind, line in (
            ("ริมโขงหนองคาย", RouteKind.RIVER, BANK),
            ("หลังเขา", RouteKind.FOOT, shapely.LineString([(102.72, 17.80), (102.75, 17.80)])),
        ):
            with town.acting("chief") as connection:
                draw_route(connection, people["chief"], RouteWords(name, kind, "mekong_riverine"), line)
        yield town
        engine.dispose()


@pytest.fixture(scope="module")
def town(cluster: URL, border_template: str) -> Iterator[Hall]:
    """One store for the tests of a module, each of which works with runs of its own."""
    yield from towns(cluster, border_template)


def bangkok(days: float, hour: int = 6) -> datetime:
    """So many days from now, at a full hour in Bangkok."""
    zone = ZoneInfo(TIMEZONE)
    return (datetime.now(zone) + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def walked(
    start: datetime, *, name: str = "", unit: str = "ชป.1", part: float = 1.0, north: float = 0.0
) -> list[PatrolFix]:
    """Fixes every three minutes along `BANK` at some 6.6 km/h, as far as ``part`` of it."""
    length = BANK.length * part
    count = 25
    at = [BANK.interpolate(length * n / (count - 1)) for n in range(count)]
    return [
        PatrolFix(n + 1, name, unit, None, start + timedelta(minutes=3 * n), float(p.x), float(p.y) + north)
        for n, p in enumerate(at)
    ]
