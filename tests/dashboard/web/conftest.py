"""A front door on a store with boundaries, where one planner works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from geo.actions.people import create_person, set_password
from geo.db.engine import make_engine
from geo.model.person import Role
from tests.dashboard.web.front_door import Door, front_door

GOOD = "kettle vivid ocarina"


@pytest.fixture
def office(border_store: Engine) -> Iterator[Engine]:
    """The engine of the web process."""
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield engine
    engine.dispose()


@pytest.fixture
def door(office: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """The way in; ``planner`` chose a password."""
    with office.begin() as connection:
        made = create_person(connection, "planner", "สุดา", Role.PLANNER)
        set_password(connection, made.id, GOOD, own=True)
    with front_door(office, monkeypatch) as opened:
        yield opened
