"""Somebody of every role and two coordinators of Nong Khai, on a store with the real border; one store a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg.errors
import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from geo.actions.people import create_person
from geo.db.engine import make_engine
from geo.model.person import Role
from tests.conftest import _copy
from tests.geo.meetings.conftest import ARANYA, MUKDAHAN, NONG_KHAI, Hall

__all__ = ["refused_by_the_database"]


@pytest.fixture(scope="module")
def hall(cluster: URL, border_template: str) -> Iterator[Hall]:
    """Nothing has happened yet."""
    roles: dict[str, tuple[Role, dict[str, Any]]] = {
        "chief": (Role.CHIEF, {"districts": (NONG_KHAI,)}),
        "officer": (Role.OFFICER, {"districts": (NONG_KHAI,)}),
        "neighbour": (Role.CHIEF, {"districts": (MUKDAHAN, ARANYA)}),
        "commander": (Role.COMMANDER, {}),
        "national": (Role.NATIONAL, {}),
        "planner": (Role.PLANNER, {}),
        "agency": (Role.AGENCY, {"agency": "local_police"}),
        "headman": (Role.COORDINATOR, {"area_code": f"{NONG_KHAI}01", "village": "หมู่ 1"}),
        "other": (Role.COORDINATOR, {"area_code": f"{NONG_KHAI}02", "village": "หมู่ 2"}),
    }
    for store in _copy(cluster, border_template):
        with store.begin() as connection:
            people = {
                who: create_person(connection, f"{who}.pairs", f"คุณ {who}", role, **more)
                for who, (role, more) in roles.items()
            }
            today = connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one()
        engine = make_engine(store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
        yield Hall(store, engine, people, today)
        engine.dispose()


def refused_by_the_database(hall: Hall, somebody: str, statement: str, **values: Any) -> bool:
    """Whether the database itself refuses a statement of somebody, or lets it touch nothing."""
    try:
        with hall.acting(somebody) as connection:
            return connection.execute(text(statement), values).rowcount == 0
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            return True
        raise
