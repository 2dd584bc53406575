"""Two districts, everybody who may have to do with activities, on one real store for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from geo.actions.people import create_person
from geo.db.engine import make_engine
from geo.model.activity import ActivityKind, AttendeeRole, Heads, NewActivity
from geo.model.person import Role
from tests.conftest import _copy
from tests.geo.meetings.conftest import MUKDAHAN, NONG_KHAI, Hall

__all__ = ["MUKDAHAN", "NONG_KHAI", "TRAINING", "Hall"]

ROLES: dict[str, tuple[Role, dict[str, Any]]] = {
    "chief": (Role.CHIEF, {"districts": (NONG_KHAI,)}),
    "officer": (Role.OFFICER, {"districts": (NONG_KHAI,)}),
    "neighbour": (Role.CHIEF, {"districts": (MUKDAHAN,)}),
    "commander": (Role.COMMANDER, {}),
    "national": (Role.NATIONAL, {}),
    "planner": (Role.PLANNER, {}),
    "administrator": (Role.ADMINISTRATOR, {}),
    "agency": (Role.AGENCY, {"agency": "local_police"}),
    "headman": (Role.COORDINATOR, {"area_code": f"{NONG_KHAI}01", "village": "หมู่ 1"}),
    "other_headman": (Role.COORDINATOR, {"area_code": f"{NONG_KHAI}02", "village": "หมู่ 4"}),
    "far_headman": (Role.COORDINATOR, {"area_code": f"{MUKDAHAN}01", "village": "หมู่ 2"}),
}


@pytest.fixture(scope="module")
def hall(cluster: URL, border_template: str) -> Iterator[Hall]:
    """Nothing has happened before the module's first test."""
    for owner in _copy(cluster, border_template):
        with owner.begin() as connection:
            people = {
                who: create_person(connection, f"{who}.hall", f"คุณ {who}", role, **more)
                for who, (role, more) in ROLES.items()
            }
            today = connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one()
        engine = make_engine(owner.url.update_query_dict({"user": "watch_app"}), for_pages=True)
        yield Hall(owner, engine, people, today)
        engine.dispose()


TRAINING = NewActivity(
    NONG_KHAI,
    ActivityKind.TRAINING,
    "อบรมผู้ใหญ่บ้านเรื่องการแจ้งเหตุ",
    date(2026, 9, 1),
    date(2026, 9, 2),
    area_code=f"{NONG_KHAI}01",
    place="หอประชุมอำเภอ",
    baht=12_500.5,
    baht_source="งบโครงการ",
    score_before=41.5,
    score_after=78.0,
    scored=30,
    satisfaction=4.4,
    answered=28,
    heads={AttendeeRole.HEADMAN: Heads(20, 9, 1), AttendeeRole.OFFICIAL: Heads(2, 3)},
)
"""A training with everything that can be said of one."""


def on(hall: Hall, ago: int, **more: Any) -> NewActivity:
    """`TRAINING` so many days ago."""
    day = hall.today - timedelta(days=ago)
    return replace(TRAINING, first_day=day, last_day=day, **more)
