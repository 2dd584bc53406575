"""Plans of checkpoints: who may take them where, in the application and in the database, and what then stands on the live map."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from geo.actions.case_history import StepRefused
from geo.actions.demo_data import clear_demo
from geo.actions.people import create_person
from geo.actions.plan_file import import_plan
from geo.actions.plans import NewPlan, change_plan, duplicate_plan, make_plan, may_take, move_plan
from geo.db.engine import make_engine
from geo.db.scope import enter
from geo.errors import NotFound
from geo.ingest.sites import site_table
from geo.model.person import Person, Role, scope_of
from geo.model.plan import NEXT, PlanSite, PlanState, SiteRole
from geo.queries.checkpoints import card, checkpoint_list
from geo.queries.plans import plan, plans
from tests.conftest import _copy

HERE, THERE = "4301", "4901"
SITE = PlanSite("ท่าเรือเก่า", None, 102.74, 17.86, figures={"adds": 3.0})
OTHER = PlanSite("สี่แยก", None, 104.70, 16.54, role=SiteRole.FORCED, kind="interception", cost=2.0, staff=6.0)


@dataclass
class Desk:
    """The owner's and the web process's engines, and who is there."""

    owner: Engine
    app: Engine
    people: dict[str, Person]

    @contextmanager
    def as_person(self, person: Person) -> Iterator[Connection]:
        with self.app.begin() as connection:
            enter(connection, scope_of(person), person.id)
            yield connection

    def acting(self, who: str) -> AbstractContextManager[Connection]:
        return self.as_person(self.people[who])

    def may(self, person: Person, statement: str, **values: Any) -> bool:
        """Whether the database lets a person write it; it is not kept."""
        with self.app.connect() as connection:
            enter(connection, scope_of(person), person.id)
            try:
                return connection.execute(text(statement), values).rowcount > 0
            except ProgrammingError:  # insufficient_privilege
                return False
            finally:
                connection.rollback()

    def make(self, who: str, *sites: PlanSite, districts: tuple[str, ...] = (HERE,), **more: Any) -> int:
        with self.acting(who) as connection:
            return make_plan(connection, self.people[who], NewPlan("แผนใหม่", districts, sites or (SITE,), **more))

    def move(self, who: str, number: int, *states: PlanState, reason: str = "เหตุผล") -> None:
        for state in states:
            with self.acting(who) as connection:
                seen = plan(connection, number).revision
                move_plan(connection, self.people[who], number, seen, state, reason)

    def one(self, statement: str, **values: Any) -> Any:
        with self.owner.connect() as connection:
            return connection.execute(text(statement), values).scalar()

    def posts(self, number: int) -> list[tuple[str, Any, Any]]:
        with self.owner.connect() as connection:
            rows = connection.execute(
                text("select status, valid_from is not null, valid_to is not null from checkpoint where plan_id = :id order by code"),
                {"id": number},
            )  # fmt: skip
            return [tuple(row) for row in rows]


@pytest.fixture(scope="module")
def desk(cluster: Any, border_template: str) -> Iterator[Desk]:
    """One store for all tests of this module: each makes plans of its own."""
    roles: dict[str, tuple[Role, dict[str, Any]]] = {
        "planner": (Role.PLANNER, {}),
        "second": (Role.PLANNER, {}),
        "chief": (Role.CHIEF, {"districts": (HERE,)}),
        "officer": (Role.OFFICER, {"districts": (HERE,)}),
        "neighbour": (Role.CHIEF, {"districts": (THERE,)}),
        "commander": (Role.COMMANDER, {}),
        "national": (Role.NATIONAL, {}),
        "administrator": (Role.ADMINISTRATOR, {}),
        "agency": (Role.AGENCY, {"agency": "customs"}),
    }
    for owner in _copy(cluster, border_template):
        with owner.begin() as connection:
            people = {
                who: create_person(connection, f"{who}.plans", f"คุณ {who}", role, **more)
                for who, (role, more) in roles.items()
            }
        app = make_engine(owner.url.update_query_dict({"user": "watch_app"}), for_pages=True)
        yield Desk(owner, app, people)
        app.dispose()


def test_a_plan_goes_its_way_and_its_new_sites_stand_on_the_live_map(desk: Desk) -> None:
    kept = PlanSite("ด่านเดิม", None, 102.75, 17.87, role=SiteRole.EXISTING)
    number = desk.make("planner", kept, SITE, OTHER, districts=(HERE, THERE), question={"method": "mclp"})
    desk.move("planner", number, PlanState.PROPOSED)
    assert desk.posts(number) == []
    desk.move("commander", number, PlanState.APPROVED)
    assert desk.posts(number) == [("planned", False, False)] * 2
    today = desk.one("select timezone('Asia/Bangkok', now())::date")
    with desk.acting("chief") as connection:
        listed = checkpoint_list(connection, scope_of(desk.people["chief"]), today)
        made = listed[listed.name == SITE.name].iloc[0]
        assert (made.status, made.district_code, made.code) == ("planned", HERE, f"PL{number:04d}-02")
        assert card(connection, scope_of(desk.people["chief"]), made.code, today)["plan_id"] == number
        seen = plan(connection, number)
        assert [site.name for site in seen.sites] == [
            "ด่านเดิม",
            SITE.name,
        ]  # what lies in another district is not theirs
    desk.move("planner", number, PlanState.IN_FORCE)
    assert desk.posts(number) == [("active", True, False)] * 2
    desk.move("national", number, PlanState.ENDED)
    assert desk.posts(number) == [("closed", True, True)] * 2
    with desk.acting("planner") as connection:
        found = plan(connection, number)
        assert [(step.state, step.name) for step in found.steps] == [
            (PlanState.DRAFT, "คุณ planner"), (PlanState.PROPOSED, "คุณ planner"), (PlanState.APPROVED, "คุณ commander"),
            (PlanState.IN_FORCE, "คุณ planner"), (PlanState.ENDED, "คุณ national"),
        ]  # fmt: skip
        assert (found.sites[2].checkpoint, found.sites[2].staff, found.question) == (
            f"PL{number:04d}-03",
            6.0,
            {"method": "mclp"},
        )
        assert found.steps[-1].reason == found.reason == "เหตุผล"
    logged = desk.one(
        "select string_agg(action, ' ' order by id) from audit_log where subject = :s", s=f"plan:{number}"
    )
    assert logged == "plan.make plan.proposed plan.approved plan.in_force plan.ended"


def test_what_is_withdrawn_after_it_was_approved_closes_its_planned_sites(desk: Desk) -> None:
    number = desk.make("chief")
    desk.move("chief", number, PlanState.PROPOSED)
    desk.move("commander", number, PlanState.APPROVED)
    desk.move("chief", number, PlanState.WITHDRAWN)
    assert desk.posts(number) == [("closed", False, False)]
    rejected = desk.make("chief")
    desk.move("chief", rejected, PlanState.PROPOSED)
    with pytest.raises(StepRefused, match="needs_reason"):
        desk.move("commander", rejected, PlanState.REJECTED, reason=" ")
    desk.move("commander", rejected, PlanState.REJECTED)
    assert desk.posts(rejected) == []
    with pytest.raises(StepRefused, match="no_such_step"):
        desk.move("chief", rejected, PlanState.PROPOSED)
    with desk.acting("chief") as connection:
        copy = duplicate_plan(connection, desk.people["chief"], number, "ลองใหม่")
        again = plan(connection, copy)
    assert (again.state, again.copy_of, again.sites[0].checkpoint) == (PlanState.DRAFT, number, None)


def test_a_checkpoint_that_was_planned_already_is_taken_up_not_made_again(desk: Desk) -> None:
    with desk.owner.begin() as connection:
        connection.execute(
            text("insert into checkpoint (code, name, kind, status, district_code, source, geom) values"
                 " ('CP-OLD', 'จุดเดิมตามแผน', 'river', 'planned', '4301', 'list', st_point(102.741, 17.862, 4326))")
        )  # fmt: skip
    numbers = [desk.make("planner", replace(SITE, checkpoint="CP-OLD"), replace(SITE, lon=102.75)) for _ in range(2)]
    for number in numbers:
        desk.move("planner", number, PlanState.PROPOSED)
        desk.move("commander", number, PlanState.APPROVED)
    codes = "select string_agg(code, ' ' order by code) from checkpoint where plan_id = :n"
    assert desk.one(codes, n=numbers[0]) == f"CP-OLD PL{numbers[0]:04d}-02"
    assert desk.one(codes, n=numbers[1]) == f"PL{numbers[1]:04d}-01 PL{numbers[1]:04d}-02"  # it belongs to the first
    desk.move("planner", numbers[0], PlanState.WITHDRAWN)
    assert desk.one("select status || coalesce(plan_id::text, '') from checkpoint where code = 'CP-OLD'") == "planned"
    assert desk.posts(numbers[0]) == [("closed", False, False)]


def test_nobody_approves_their_own_whatever_their_role_has_become_not_even_past_the_application(desk: Desk) -> None:
    number = desk.make("second")
    desk.move("second", number, PlanState.PROPOSED)
    promoted = desk.people["second"].id
    with desk.owner.begin() as connection:
        connection.execute(text("update person set role = 'commander' where id = :id"), {"id": promoted})
    person = replace(desk.people["second"], role=Role.COMMANDER)
    with desk.as_person(person) as connection:
        revision = plan(connection, number).revision
        with pytest.raises(StepRefused, match=r"plan\.own"):
            move_plan(connection, person, number, revision, PlanState.APPROVED)
    for attack, why in (
        ("update plan set state = 'approved' where id = :n", "their own"),
        ("update plan set decided_by = 1 where id = :n", "permission denied"),
        ("update plan set made_by = null where id = :n", "permission denied"),
        ("update plan_site set name = 'x' where plan_id = :n", "permission denied"),
        ("delete from plan where id = :n", "permission denied"),
        ("insert into plan_step (plan_id, state) values (:n, 'approved')", "permission denied"),
        ("insert into checkpoint (code, name, kind, status, geom) values ('X', 'x', 'river', 'planned', st_point(102.7, 17.8, 4326))",
         "permission denied"),
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match=why), desk.as_person(person) as connection:
            connection.execute(text(attack), {"n": number})
    with desk.owner.begin() as connection:
        connection.execute(text("update person set role = 'planner' where id = :id"), {"id": promoted})
    # Who changed somebody else's draft had a hand in it too.
    other = desk.make("planner")
    with desk.acting("second") as connection:
        change_plan(connection, desk.people["second"], other, 1, NewPlan("แก้แล้ว", (HERE,), (SITE,)))
        assert desk.people["second"].id in plan(connection, other).hands
    assert desk.posts(number) == desk.posts(other) == []


def test_each_role_takes_only_its_steps_and_the_database_says_the_same(desk: Desk) -> None:
    states = {
        PlanState.DRAFT: desk.make("planner", SITE, OTHER, districts=(HERE, THERE)),
        PlanState.PROPOSED: desk.make("planner", SITE, OTHER, districts=(HERE, THERE)),
        PlanState.APPROVED: desk.make("planner", SITE, OTHER, districts=(HERE, THERE)),
        PlanState.IN_FORCE: desk.make("planner", SITE, OTHER, districts=(HERE, THERE)),
    }
    for state in (PlanState.PROPOSED, PlanState.APPROVED, PlanState.IN_FORCE):
        desk.move("planner", states[state], PlanState.PROPOSED)
    for state in (PlanState.APPROVED, PlanState.IN_FORCE):
        desk.move("commander", states[state], PlanState.APPROVED)
    desk.move("commander", states[PlanState.IN_FORCE], PlanState.IN_FORCE)
    with desk.acting("planner") as connection:
        known = {state: plan(connection, number) for state, number in states.items()}
    for who, person in desk.people.items():
        for state, number in states.items():
            for then in PlanState:
                may = may_take(person, known[state], then)
                done = desk.may(
                    person, "update plan set state = :then, reason = 'x' where id = :n", then=str(then), n=number
                )
                if then is not state:  # a draft's own columns may be written by who makes it
                    assert done == may, (who, state, then)
    assert not NEXT.get(PlanState.ENDED)


def test_what_does_not_fit_is_refused_and_nothing_is_half_written(desk: Desk) -> None:
    before = desk.one("select count(*) from plan")
    for change, code in (
        ({"title": " \u200b"}, "no_title"),
        ({"title": "ก" * 201}, "title_long"),
        ({"districts": ()}, "no_districts"),
        ({"districts": ("9999",)}, "unknown_district"),
        ({"districts": (THERE,)}, "not_your_district"),
        ({"sites": (replace(SITE, name=" "),)}, "no_name"),
        ({"sites": (SITE, replace(SITE, lon=20.0, lat=5.0))}, "site_outside"),
        ({"sites": (SITE, replace(SITE, lon=102.6, lat=18.2))}, "site_elsewhere"),  # in Laos
        ({"sites": (SITE, OTHER)}, "site_elsewhere"),
        ({"sites": (replace(SITE, kind="tower"),)}, "site_kind"),
        ({"sites": (replace(SITE, cost=-1.0),)}, "bad_figure"),
        ({"sites": (replace(SITE, staff=float("nan")),)}, "bad_figure"),
        ({"sites": (replace(SITE, checkpoint="none"),)}, "unknown_checkpoint"),
        ({"sites": (SITE,) * 501}, "many_sites"),
    ):  # fmt: skip
        with pytest.raises(StepRefused, match=f"plan.{code}"), desk.acting("chief") as connection:
            make_plan(connection, desk.people["chief"], replace(NewPlan("แผน", (HERE,), (SITE,)), **change))
    for who in ("officer", "commander", "national", "administrator", "agency"):
        with pytest.raises(StepRefused, match="not_allowed"):
            desk.make(who)
    assert desk.one("select count(*) from plan") == before
    empty = desk.make("planner", replace(SITE, role=SiteRole.EXISTING))
    with pytest.raises(StepRefused, match="nothing_new"):
        desk.move("planner", empty, PlanState.PROPOSED)


def test_two_who_change_one_draft_do_not_undo_each_other_and_others_do_not_reach_it(desk: Desk) -> None:
    number = desk.make("chief")
    new = NewPlan("เปลี่ยน", (HERE,), (replace(SITE, lon=102.745, moved=True),))
    with desk.acting("planner") as connection:
        change_plan(connection, desk.people["planner"], number, 1, new)
    for who in ("chief", "planner"):
        with pytest.raises(StepRefused, match="changed_meanwhile"), desk.acting(who) as connection:
            change_plan(connection, desk.people[who], number, 1, new)
    with pytest.raises(NotFound, match="not_found"), desk.acting("neighbour") as connection:
        plan(connection, number)
    with desk.acting("neighbour") as connection:
        assert number not in {one.id for one in plans(connection)}
        for attack in ("update plan set title = 'x' where id = :n", "delete from plan_site where plan_id = :n"):
            assert connection.execute(text(attack), {"n": number}).rowcount == 0
    desk.move("chief", number, PlanState.PROPOSED)
    for who in ("chief", "planner"):
        with pytest.raises(StepRefused, match="not_draft"), desk.acting(who) as connection:
            change_plan(connection, desk.people[who], number, plan(connection, number).revision, new)
        for attack in (
            "update plan set title = 'x' where id = :n",
            "update plan_site set geom = st_point(102.7, 17.8, 4326) where plan_id = :n",
            "delete from plan_site where plan_id = :n",
        ):
            with pytest.raises(DBAPIError, match="draft"), desk.acting(who) as connection:
                connection.execute(text(attack), {"n": number})
    with desk.acting("officer") as connection:
        assert plan(connection, number).sites[0].moved
    with pytest.raises(DBAPIError, match="kept"), desk.owner.begin() as connection:
        connection.execute(text("delete from plan where id = :n"), {"n": number})


def test_a_demonstration_goes_with_its_plans_and_what_they_published(desk: Desk) -> None:
    with desk.owner.begin() as connection:
        number = connection.execute(
            text("insert into plan (title, districts, is_demo) values ('ตัวอย่าง', '{4301}', true) returning id")
        ).scalar_one()
        connection.execute(
            text("insert into plan_site (plan_id, place, name, district_code, role, geom) values (:n, 1, 'ก', '4301', 'chosen',"
                 " st_point(102.74, 17.86, 4326))"), {"n": number},
        )  # fmt: skip
        for state in ("proposed", "approved"):
            connection.execute(text("update plan set state = :s where id = :n"), {"s": state, "n": number})
    assert desk.posts(number) == [("planned", False, False)]
    with desk.owner.begin() as connection:
        clear_demo(connection)
    assert desk.one("select count(*) from plan where id = :n", n=number) == 0
    assert desk.posts(number) == []


def test_a_list_of_sites_becomes_a_draft_with_an_account_of_every_row(desk: Desk) -> None:
    rows = "name,lat,lon,cost,rule\nท่า,17.86,102.74,5,บังคับ\nลาว,18.2,102.6,,\nมุกดาหาร,16.54,104.70,,\nห้าม,17.86,102.75,,ห้าม\nx,1,2,,\n"
    with desk.owner.begin() as connection:
        done = import_plan(
            connection,
            desk.people["chief"],
            site_table(rows.encode(), "s.csv"),
            "จากไฟล์",
            file_name="s.csv",
            sha256="0" * 64,
        )
    assert [(one.row.number, one.code) for one in done.refused] == [
        (3, "checkpoint.not_in_thailand"), (4, "plan.not_your_district"), (5, "site.not_chosen"), (6, "row.coordinate_outside"),
    ]  # fmt: skip
    assert (done.read, done.sites) == (5, 1)
    assert done.plan is not None
    with desk.acting("chief") as connection:
        made = plan(connection, done.plan)
    assert (made.title, made.districts, made.made_by) == ("จากไฟล์", (HERE,), desk.people["chief"].id)
    assert (made.sites[0].role, made.sites[0].cost) == (SiteRole.FORCED, 5.0)
