"""Rotas in the store: drawn, changed by hand with a reason, published and withdrawn; and read by those who make them alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo.actions.case_history import StepRefused
from geo.actions.people import create_person
from geo.actions.rotas import change_shift, draw_again, make_rota, publish_rota, withdraw_rota
from geo.analysis.patrolling.drawn import as_array, drawn_shifts, probability_of
from geo.db.engine import make_engine
from geo.db.scope import enter
from geo.errors import AnalysisRefused, NotFound
from geo.model.person import Person, Role, scope_of
from geo.model.rota import NewRota, RotaPost, RotaState, Window
from geo.queries.rotas import duty, rota, rotas

LAND = """
insert into area (code, level, country, name_th, geom) values
    ('4301', 'district', 'TH', 'เมืองหนองคาย', 'srid=4326;multipolygon(((102 17, 103 17, 103 18, 102 18, 102 17)))'),
    ('4302', 'district', 'TH', 'ท่าบ่อ', 'srid=4326;multipolygon(((103 17, 104 17, 104 18, 103 18, 103 17)))');
insert into checkpoint (code, name, kind, status, district_code, geom)
    values ('CP-1', 'จุดตรวจท่าเสด็จ', 'checkpoint', 'active', '4301', st_point(102.7, 17.8, 4326))
"""


@dataclass
class Desk:
    """Who is there, and the engines of the owner and of the web process."""

    owner: Engine
    app: Engine
    people: dict[str, Person]
    what: NewRota

    @contextmanager
    def acting(self, who: str) -> Iterator[tuple[Connection, Person]]:
        with self.app.begin() as connection:
            person = self.people[who]
            enter(connection, scope_of(person), person.id)
            yield connection, person

    def make(self, who: str = "planner", **change: Any) -> int:
        with self.acting(who) as (connection, person):
            return make_rota(connection, person, replace(self.what, **change), seed=1)

    def read(self, number: int, who: str = "planner"):
        with self.acting(who) as (connection, _):
            return rota(connection, number)


@pytest.fixture
def desk(store: Engine) -> Iterator[Desk]:
    roles: dict[str, tuple[Role, dict[str, Any]]] = {
        "chief": (Role.CHIEF, {"districts": ("4301",)}),
        "neighbour": (Role.CHIEF, {"districts": ("4302",)}),
        "officer": (Role.OFFICER, {"districts": ("4301",)}),
        "commander": (Role.COMMANDER, {}),
        "national": (Role.NATIONAL, {}),
        "planner": (Role.PLANNER, {}),
        "administrator": (Role.ADMINISTRATOR, {}),
        "agency": (Role.AGENCY, {"agency": "police"}),
        "headman": (Role.COORDINATOR, {"area_code": "430101", "village": "1"}),
    }
    with store.begin() as connection:
        connection.execute(text("insert into agency (code, name_th, name_en) values ('police', 'ตำรวจ', 'Police')"))
        connection.execute(text(LAND))
        connection.execute(
            text(
                "insert into area (code, level, country, name_th, parent_code) values ('430101', 'subdistrict', 'TH', 'ก', '4301')"
            )
        )
        connection.execute(
            text("insert into area_part select code, (st_dump(geom)).geom from area where level = 'district'")
        )
        people = {
            who: create_person(connection, f"{who}.rota", who, role, **more) for who, (role, more) in roles.items()
        }
        today = connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one()
    posts = tuple(
        RotaPost(f"ด่าน {n}", 102.5 + n / 50, 17.8, (5.0 - n, 1.0 + n), (), "CP-1" if n == 0 else None) for n in range(5)
    )
    what = NewRota(
        "เวรเดือนธันวาคม", ("4301",), today, 28, (Window(6, 18), Window(18, 30)), (2, 1), 0.1, "ลดการคาดเดา", {"radius": 5000}, posts
    )  # fmt: skip
    engine = make_engine(store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield Desk(store, engine, people, what)
    engine.dispose()


def refused(desk: Desk, code: str, act: Any, who: str = "planner", **more: Any) -> None:
    with pytest.raises((StepRefused, NotFound, AnalysisRefused)) as error, desk.acting(who) as (connection, person):
        act(connection, person, **more)
    assert error.value.code == code


def test_a_rota_from_its_draft_to_its_end(desk: Desk) -> None:
    number = desk.make()
    made = desk.read(number)
    assert (made.state, made.seed, made.draws, made.made_by) == (RotaState.DRAFT, 1, 1, "planner")
    assert made.what.posts[0].checkpoint == "CP-1"
    assert probability_of(made.what).sum(axis=0) == pytest.approx([2, 1])
    assert probability_of(made.what).min() >= 0.1 - 1e-9
    # Seed and probabilities, as kept, draw the same.
    assert made.shifts == drawn_shifts(made.what, 1)
    assert (as_array(made)[0].sum(axis=2) == [2, 1]).all()

    with desk.acting("planner") as (connection, person):
        seed = draw_again(connection, person, number)
    again = desk.read(number)
    assert (again.seed, again.draws) == (seed, 2)
    assert again.shifts == drawn_shifts(again.what, seed)

    day = again.last_day
    there = {one.place for one in again.shifts if (one.day, one.slot) == (day, 0)}
    free, taken = next(p for p in range(5) if p not in there), max(there)
    first = next(one for one in again.shifts if (one.day, one.slot) == (day, 0) and one.place != taken)
    move = {"number": number, "day": day, "slot": 0, "team": first.team, "place": free, "reason": "มีงานวัด"}
    refused(desk, "rota.taken", change_shift, **(move | {"place": taken}))
    refused(desk, "rota.same_place", change_shift, **(move | {"place": first.place}))
    refused(desk, "rota.no_reason", change_shift, **(move | {"reason": "  "}))
    refused(desk, "rota.no_shift", change_shift, **(move | {"team": 9}))
    refused(desk, "rota.no_shift", change_shift, **(move | {"place": 5}))
    with desk.acting("chief") as (connection, person):
        change_shift(connection, person, **move)
        publish_rota(connection, person, number)
    kept = desk.read(number)
    moved = next(one for one in kept.shifts if (one.day, one.slot, one.team) == (day, 0, first.team))
    assert (moved.place, moved.drawn, moved.reason, moved.changed_by) == (free, first.place, "มีงานวัด", "chief")
    assert as_array(kept)[1].sum() == 2
    assert (kept.state, kept.published_by) == (RotaState.PUBLISHED, "chief")

    # Published, it is when the places are manned: those who go read the next hours at their own places, and no more.
    with desk.owner.connect() as connection:
        now = connection.execute(text("select now()")).scalar_one()
    soon = sorted(
        (*kept.what.windows[one.slot].on(one.day), kept.what.posts[one.place].name, one.team) for one in kept.shifts
    )
    soon = [one for one in soon if one[1] > now + timedelta(minutes=1) and one[0] < now + timedelta(hours=35)]
    assert soon
    for who in ("officer", "chief", "commander", "planner"):
        with desk.acting(who) as (connection, _):
            told = {(one.begins, one.ends, one.place, one.team) for one in duty(connection)}
        assert told >= set(soon), who
        assert max(one[0] for one in told) < now + timedelta(hours=37)
    for who in ("neighbour", "administrator"):
        with desk.acting(who) as (connection, _):
            assert duty(connection) == ()
    for who in ("agency", "headman"):
        with pytest.raises(DBAPIError), desk.acting(who) as (connection, _):
            duty(connection)
    refused(desk, "rota.not_draft", draw_again, number=number)
    refused(desk, "rota.not_draft", publish_rota, number=number)
    with desk.acting("planner") as (connection, person):
        withdraw_rota(connection, person, number, reason="รั่วไหล")
    refused(desk, "rota.withdrawn", withdraw_rota, number=number, reason="อีกครั้ง")
    refused(desk, "rota.withdrawn", change_shift, **move)
    with desk.owner.connect() as connection:
        acts = connection.execute(text("select action from audit_log where action like 'rota.%' order by id")).scalars()
        assert list(acts) == ["rota.make", "rota.redraw", "rota.change", "rota.publish", "rota.withdraw"]
    with desk.acting("planner") as (connection, _):
        assert [one.id for one in rotas(connection)] == [number]
        assert duty(connection) == ()


def test_only_those_who_make_rotas_read_them_and_nobody_changes_what_was_drawn(desk: Desk) -> None:
    number = desk.make("chief")
    with desk.acting("chief") as (connection, person):
        publish_rota(connection, person, number)
    for who in desk.people:
        may = who in {"chief", "commander", "national", "planner"}
        for table in ("rota", "rota_post", "rota_shift"):
            seen = 0
            try:
                with desk.acting(who) as (connection, _):
                    seen = connection.execute(text(f"select count(*) from {table}")).scalar_one()
            except DBAPIError:
                assert who in {"agency", "headman"}
            assert (seen > 0) == may, (who, table)
    refused(desk, "rota.not_found", publish_rota, "neighbour", number=number)
    refused(desk, "rota.not_allowed", publish_rota, "officer", number=number)
    refused(desk, "rota.not_your_district", make_rota, "neighbour", what=desk.what)
    refused(desk, "rota.not_allowed", make_rota, "administrator", what=desk.what)
    for statement in (
        "update rota set seed = 2",
        "update rota set state = 'draft'",
        f"update rota set state = 'withdrawn', withdrawn_by = {desk.people['chief'].id}, withdrawn_at = now(), withdrawn_why = 'x'",
        "update rota_shift set place = (place + 1) % 5",
        "update rota_shift set place = 9 - place, reason = 'x', changed_at = now(), changed_by = 0",
        "delete from rota_shift",
        "delete from rota",
        "insert into rota_shift (rota_id, day, slot, team, place, drawn) select rota_id, day, slot, 9, 4, 4 from rota_shift limit 1",
        "insert into rota_post select rota_id, 99, name, null, geom, value, probability from rota_post limit 1",
        "update rota_post set probability = '{1,1}'",
        "truncate rota",
    ):
        with pytest.raises(DBAPIError), desk.acting("planner") as (connection, _):
            connection.execute(text(statement))
    with pytest.raises(DBAPIError), desk.owner.begin() as connection:
        connection.execute(text("delete from rota"))
    with pytest.raises(DBAPIError), desk.owner.begin() as connection:
        connection.execute(text("update rota_post set probability = '{1,1}'"))


def test_what_cannot_be_drawn_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    for code, change in {
        "rota.no_title": {"title": " "},
        "rota.no_reason": {"reason": ""},
        "rota.days": {"days": 6},
        "rota.few_posts": {"posts": desk.what.posts[:1]},
        "rota.windows": {"windows": (Window(6, 18), Window(12, 30))},
        "rota.no_districts": {"districts": ()},
        "rota.unknown_district": {"districts": ("9999",)},
        "patrolling.more_teams": {"teams": (6, 1)},
        "patrolling.floor": {"floor": 0.3},
        "analysis.lengths_differ": {"teams": (1,)},
    }.items():
        refused(desk, code, make_rota, what=replace(desk.what, **change))
    past = desk.make(first_day=date.today() - timedelta(days=60))
    refused(desk, "rota.past", publish_rota, number=past)
    with desk.owner.connect() as connection:
        assert connection.execute(text("select count(*) from rota")).scalar() == 1
