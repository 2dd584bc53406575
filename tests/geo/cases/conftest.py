"""A district centre with its people, the next district, an agency and a commander, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from geo.db.engine import make_engine
from geo.db.scope import enter
from geo.model import Reach, Scope

NONG_KHAI, MUKDAHAN = "4301", "4901"
HERE, THERE = Scope((NONG_KHAI,), Reach.CENTRE), Scope((MUKDAHAN,), Reach.CENTRE)
PEOPLE = {
    "officer": ("officer", None, NONG_KHAI, HERE),
    "second": ("officer", None, NONG_KHAI, HERE),
    "chief": ("chief", None, NONG_KHAI, HERE),
    "neighbour": ("officer", None, MUKDAHAN, THERE),
    "commander": ("commander", None, None, Scope(None, Reach.WIDE)),
    "planner": ("planner", None, None, Scope(None, Reach.PLANNER)),
    "police": ("agency", "local_police", None, Scope(None, Reach.AGENCY, "local_police")),
    "customs": ("agency", "customs", None, Scope(None, Reach.AGENCY, "customs")),
    "headman": ("coordinator", None, NONG_KHAI, Scope((NONG_KHAI,), Reach.COORDINATOR)),
}


@dataclass
class Office:
    """The owner's and the web process's engines, and who is there."""

    owner: Engine
    app: Engine
    ids: dict[str, int]

    @contextmanager
    def acting(self, who: str) -> Iterator[Connection]:
        """A transaction of the web process for somebody."""
        with self.app.begin() as connection:
            enter(connection, PEOPLE[who][3], self.ids[who])
            yield connection

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What stands in the store, whoever may see it."""
        with self.owner.connect() as connection:
            return list(connection.execute(text(statement), values).all())

    def one(self, statement: str, **values: Any) -> Any:
        """One value of the store."""
        return self.rows(statement, **values)[0][0]

    def put(self, statement: str, **values: Any) -> Any:
        """Write as the owner; the first value that comes back."""
        with self.owner.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.scalar() if result.returns_rows else None

    def case(
        self,
        *,
        district: str | None = NONG_KHAI,
        status: str = "received",
        lon: float | None = 102.74,
        lat: float | None = 17.87,
        crime_type: str = "drug_trafficking",
        hours_ago: float = 1,
        area_code: str | None = None,
        told: str = "พบเรือ",
        entered_by: str | None = None,
        channel: str = "online",
    ) -> str:
        """An incident with one report; its ``public_id``."""
        with self.owner.begin() as connection:
            made = connection.execute(
                text(
                    "insert into incident (crime_type, occurred_at, reported_at, status, channel, district_code, geom) values"
                    " (:crime_type, now() - :ago * interval '1 hour', now() - :ago * interval '1 hour', :status, :channel,"
                    " :district, st_setsrid(st_makepoint(:lon, :lat), 4326)) returning id, public_id"
                ),
                {
                    "crime_type": crime_type, "ago": hours_ago, "status": status, "channel": channel,
                    "district": district, "lon": lon, "lat": lat,
                },
            ).one()  # fmt: skip
            connection.execute(
                text(
                    "insert into report (incident_id, channel, received_at, description, area_code, entered_by, receipt_hash,"
                    " geom) select id, channel, reported_at, :told, :area_code, :by, sha256(convert_to(public_id, 'UTF8')),"
                    " geom from incident where id = :id"
                ),
                {
                    "told": told, "area_code": area_code, "id": made.id,
                    "by": None if entered_by is None else self.ids[entered_by],
                },
            )  # fmt: skip
        return str(made.public_id)

    def status(self, public_id: str) -> str:
        return str(self.one("select status from incident where public_id = :p", p=public_id))

    def told(self, who: str) -> list[tuple[str, str]]:
        """Kind and case of what somebody was notified of."""
        found = self.rows(
            "select n.kind, i.public_id from notification n join incident i on i.id = n.incident_id where n.person_id = :p"
            " order by n.id",
            p=self.ids[who],
        )
        return [(row[0], row[1]) for row in found]

    def report_ids(self, public_id: str) -> list[int]:
        found = self.rows(
            "select r.id from report r join incident i on i.id = r.incident_id where i.public_id = :p order by r.id",
            p=public_id,
        )
        return [row[0] for row in found]


@pytest.fixture
def office(border_store: Engine) -> Iterator[Office]:
    """Nobody has reported anything yet."""
    ids: dict[str, int] = {}
    with border_store.begin() as connection:
        for login, (role, agency, district, _) in PEOPLE.items():
            ids[login] = connection.execute(
                text("insert into person (login, name, role, agency) values (:l, :n, :r, :a) returning id"),
                {"l": login, "n": f"คุณ {login}", "r": role, "a": agency},
            ).scalar_one()
            if district:
                connection.execute(
                    text("insert into person_district values (:p, :d)"), {"p": ids[login], "d": district}
                )
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield Office(border_store, engine, ids)
    engine.dispose()
