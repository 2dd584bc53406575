"""Three districts with incidents of half a year, everybody who may have to do with a meeting, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, text

from geo.actions.meetings import prepare_meeting
from geo.actions.people import create_person
from geo.crs import TIMEZONE
from geo.db.engine import make_engine
from geo.db.scope import enter
from geo.model.meeting import MeetingFilter
from geo.model.person import Person, Role, scope_of

NONG_KHAI, MUKDAHAN, ARANYA, NEXT_DOOR = "4301", "4901", "2706", "4302"
MIDDLE = {NONG_KHAI: (102.76, 17.87), MUKDAHAN: (104.70, 16.52), ARANYA: (102.45, 13.70), NEXT_DOOR: (102.57, 17.83)}


@dataclass
class Hall:
    """The owner's and the web process's engines, and who is there."""

    owner: Engine
    app: Engine
    people: dict[str, Person]
    today: date

    @contextmanager
    def acting(self, who: str) -> Iterator[Connection]:
        """A transaction of the web process for somebody."""
        with self.app.begin() as connection:
            person = self.people[who]
            enter(connection, scope_of(person), person.id)
            yield connection

    def put(self, statement: str, **values: Any) -> Any:
        """Write as the owner; the first value that comes back."""
        with self.owner.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.scalar() if result.returns_rows else None

    def one(self, statement: str, **values: Any) -> Any:
        """One value of the store, whoever may see it."""
        with self.owner.connect() as connection:
            return connection.execute(text(statement), values).scalar()

    def report(
        self,
        district: str = NONG_KHAI,
        *,
        days_ago: int = 3,
        n: int = 1,
        status: str = "verified",
        crime_type: str = "contraband",
        channel: str = "online",
        off: float = 0.0,
        reported: datetime | None = None,
    ) -> None:
        """Incidents at noon of a day in the middle of a district, each 11 m from the last, reported an hour later."""
        lon, lat = MIDDLE[district]
        at = datetime.combine(self.today - timedelta(days=days_ago), datetime.min.time(), ZoneInfo(TIMEZONE))
        self.put(
            "insert into incident (crime_type, occurred_at, reported_at, status, channel, district_code, geom)"
            " select :kind, :at, :reported, :status, :channel, :district, st_setsrid(st_makepoint(:lon, :lat + k * 0.0001), 4326)"
            " from generate_series(1, :n) k",
            kind=crime_type, at=at + timedelta(hours=12), reported=reported or at + timedelta(hours=13), status=status,
            channel=channel, district=district, lon=lon + off, lat=lat, n=n,
        )  # fmt: skip

    def period(self, days: int = 28, **more: Any) -> MeetingFilter:
        """The days up to yesterday."""
        return MeetingFilter(self.today - timedelta(days=days), self.today - timedelta(days=1), **more)

    def prepare(self, who: str = "commander", districts: tuple[str, ...] = (NONG_KHAI, MUKDAHAN), **more: Any) -> int:
        """A meeting on the last four weeks; its number."""
        with self.acting(who) as connection:
            return prepare_meeting(
                connection,
                self.people[who],
                **{
                    "title": "ประชุมประจำเดือน",
                    "held_on": self.today,
                    "districts": districts,
                    "chosen": self.period(),
                    **more,
                },
            )


@pytest.fixture
def hall(border_store: Engine) -> Iterator[Hall]:
    """Nothing has happened yet."""
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
    with border_store.begin() as connection:
        people = {
            who: create_person(connection, f"{who}.hall", f"คุณ {who}", role, **more)
            for who, (role, more) in roles.items()
        }
        today = connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one()
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield Hall(border_store, engine, people, today)
    engine.dispose()
