"""Accounts: who is made, changed and switched off, by the web process's own role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo.actions.demo_data import clear_demo
from geo.actions.demo_people import add_demo_people
from geo.actions.people import change_person, create_person, link_account, set_name, set_password, set_totp
from geo.actions.sign_in import open_session, person_of
from geo.db.engine import make_engine
from geo.errors import NotFound, WatchError
from geo.model import Reach, Scope
from geo.model.person import Person, Role, scope_of
from geo.queries.people import demo_people, is_demonstration, people, person, person_by_login, person_by_subject

NONG_KHAI, THA_BO = "4301", "4302"
GOOD = "kettle vivid ocarina"


@pytest.fixture
def office(border_store: Engine) -> Iterator[Engine]:
    """The engine of the web process."""
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield engine
    engine.dispose()


def _code(connection: Connection, refused: type[WatchError] = WatchError, **wanted: object) -> str:
    given = {"login": "new.one", "name": "ใหม่", "role": Role.OFFICER, "districts": (NONG_KHAI,)} | wanted
    with pytest.raises(refused) as error:
        create_person(connection, **given)  # type: ignore[arg-type]
    return error.value.code


def _log(engine: Engine) -> list[tuple[str, str, int | None]]:
    with engine.connect() as connection:
        rows = connection.execute(text("select action, subject, person_id from audit_log order by id")).all()
    return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.parametrize(
    ("role", "given", "scope"),
    [
        (Role.COORDINATOR, {"districts": (NONG_KHAI,)}, Scope(None, Reach.COORDINATOR)),
        (Role.OFFICER, {"districts": (THA_BO, NONG_KHAI)}, Scope((NONG_KHAI, THA_BO), Reach.CENTRE)),
        (Role.CHIEF, {"districts": (NONG_KHAI,)}, Scope((NONG_KHAI,), Reach.CENTRE)),
        (Role.COMMANDER, {}, Scope(None, Reach.WIDE)),
        (Role.PLANNER, {}, Scope(None, Reach.PLANNER)),
        (Role.AGENCY, {"agency": "local_police"}, Scope(None, Reach.AGENCY, "local_police")),
        (Role.NATIONAL, {}, Scope(None, Reach.WIDE)),
        (Role.ADMINISTRATOR, {}, Scope(None, Reach.PLANNER)),
    ],
)
def test_each_role_has_its_scope(office: Engine, role: Role, given: dict[str, object], scope: Scope) -> None:
    with office.begin() as connection:
        made = create_person(connection, " New.One ", " ใหม่  คนแรก ", role, password=GOOD, **given)  # type: ignore[arg-type]
    assert (made.login, made.name, made.must_change_password, made.has_password) == ("new.one", "ใหม่ คนแรก", True, True)
    assert scope_of(made) == scope
    with office.connect() as connection:
        assert person_by_login(connection, "NEW.one ") == made == person(connection, made.id)
        assert "argon2" not in repr(people(connection))
    assert _log(office) == [("person.create", f"person:{made.id}", None)]


def test_an_officer_without_a_district_would_read_nothing() -> None:
    assert scope_of(Person(1, "x", "x", Role.OFFICER)) == Scope((), Reach.CENTRE)


def test_what_is_wrong_with_a_new_account_is_said_and_nothing_is_written(office: Engine) -> None:
    with office.begin() as connection:
        create_person(connection, "taken", "ก", Role.PLANNER)
        assert _code(connection, login="TAKEN") == "people.login_taken"
        assert _code(connection, login="a b") == "people.login_form"
        assert _code(connection, login="ปลัด") == "people.login_form"
        assert _code(connection, name="  ") == "people.name_missing"
        assert _code(connection, districts=()) == "people.district_needed"
        assert _code(connection, districts=("9999",)) == "people.district_unknown"
        assert _code(connection, role=Role.AGENCY) == "people.agency_needed"
        assert _code(connection, agency="customs") == "people.agency_needed"
        assert _code(connection, role=Role.AGENCY, agency="nobody") == "people.agency_unknown"
        assert _code(connection, role=Role.COORDINATOR, area_code="999999") == "people.area_unknown"
        assert _code(connection, password="short") == "password.short"
        assert _code(connection, password="new.one-2569") == "password.own"
        assert [p.login for p in people(connection)] == ["taken"]
        with pytest.raises(NotFound):
            person_by_login(connection, "nobody")


def test_a_coordinators_district_is_where_the_subdistrict_lies(office: Engine, border_store: Engine) -> None:
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into area (code, level, country, parent_code, name_th) values ('430101', 'subdistrict', 'TH',"
                " '4301', 'ในเมือง') on conflict do nothing"
            )
        )
    with office.begin() as connection:
        made = create_person(connection, "headman", "ผู้ใหญ่", Role.COORDINATOR, area_code="430101", village="หมู่ 3")
    assert (made.districts, made.area_code, made.village) == ((NONG_KHAI,), "430101", "หมู่ 3")


def test_a_change_of_role_counts_at_once_and_being_switched_off_ends_every_session(office: Engine) -> None:
    idle = timedelta(hours=1)
    with office.begin() as connection:
        boss = create_person(connection, "boss", "ก", Role.ADMINISTRATOR)
        made = create_person(connection, "officer", "ข", Role.OFFICER, districts=(NONG_KHAI,))
        token = open_session(connection, made.id, "password", timedelta(days=1))
        assert person_of(connection, token, idle) == made
    with office.begin() as connection:
        change_person(connection, made.id, districts=(THA_BO,), by=boss)
        seen = person_of(connection, token, idle)
        assert seen is not None
        assert scope_of(seen) == Scope((THA_BO,), Reach.CENTRE)
        change_person(connection, made.id, role=Role.AGENCY, agency="customs")
        seen = person_of(connection, token, idle)
        assert seen is not None
        assert scope_of(seen) == Scope(None, Reach.AGENCY, "customs")
        assert seen.districts == ()
    with office.begin() as connection:
        assert not change_person(connection, made.id, active=False).active
    with office.begin() as connection:
        change_person(connection, made.id, active=True)
        assert person_of(connection, token, idle) is None
    assert ("person.change", f"person:{made.id}", boss.id) in _log(office)


def test_the_last_administrator_stays(office: Engine) -> None:
    with office.begin() as connection:
        first = create_person(connection, "first", "ก", Role.ADMINISTRATOR)
        for change in ({"active": False}, {"role": Role.PLANNER}):
            with pytest.raises(WatchError, match=r"people\.last_administrator"):
                change_person(connection, first.id, **change)  # type: ignore[arg-type]
        create_person(connection, "second", "ข", Role.ADMINISTRATOR)
        assert not change_person(connection, first.id, active=False).active


def test_a_given_password_is_to_be_changed_and_takes_codes_and_sessions_away(office: Engine) -> None:
    with office.begin() as connection:
        made = create_person(connection, "planner", "ก", Role.PLANNER, password=GOOD)
        set_password(connection, made.id, "another vivid kettle", own=True)
        set_totp(connection, made.id, b"sealed", 7)
        token = open_session(connection, made.id, "totp", timedelta(days=1))
        now = person(connection, made.id)
        assert (now.must_change_password, now.has_totp) == (False, True)
        set_password(connection, made.id, "third vivid kettle")
        now = person(connection, made.id)
        assert (now.must_change_password, now.has_totp) == (True, False)
        assert person_of(connection, token, timedelta(hours=1)) is None
        with pytest.raises(WatchError, match=r"password\.common"):
            set_password(connection, made.id, "password1234", own=True)
        set_name(connection, made.id, "  ใหม่   กว่า ")
        assert person(connection, made.id).name == "ใหม่ กว่า"


def test_an_outside_account_belongs_to_one_person(office: Engine) -> None:
    with office.begin() as connection:
        one = create_person(connection, "one", "ก", Role.PLANNER)
        two = create_person(connection, "two", "ข", Role.PLANNER)
        link_account(connection, one.id, "https://id.test 7")
        with pytest.raises(WatchError, match=r"people\.subject_taken"):
            link_account(connection, two.id, "https://id.test 7")
        found = person_by_subject(connection, "https://id.test 7")
        assert found is not None
        assert (found.id, found.linked) == (one.id, True)
        change_person(connection, one.id, active=False)
        assert person_by_subject(connection, "https://id.test 7") is None
        link_account(connection, one.id, None)
        link_account(connection, two.id, "https://id.test 7")


def test_the_web_process_cannot_delete_a_person_or_touch_the_log(office: Engine) -> None:
    with office.begin() as connection:
        create_person(connection, "one", "ก", Role.PLANNER)
    for statement in (
        "delete from person",
        "delete from audit_log",
        "update audit_log set action = ''",
        "truncate person",
    ):
        with pytest.raises(DBAPIError, match="permission denied"), office.begin() as connection:
            connection.execute(text(statement))


# ---------------------------------------------------------------- a demonstration


def _demonstrate(border_store: Engine) -> None:
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, district_code, is_demo)"
                " values ('contraband', now(), 'online', '4301', true)"
            )
        )
        assert add_demo_people(connection) == 9
        assert add_demo_people(connection) == 9


def test_a_demonstration_has_one_person_for_each_role_and_a_neighbour(office: Engine, border_store: Engine) -> None:
    with office.connect() as connection:
        assert demo_people(connection) == ()
    _demonstrate(border_store)
    with office.connect() as connection:
        found = demo_people(connection)
        touching = connection.execute(
            text("select n.code from area a join area n on st_dwithin(a.geom, n.geom, 0.001) where a.code = '4301'")
        ).scalars()
        neighbours = set(touching) - {NONG_KHAI}
    assert {p.role for p in found} == set(Role)
    assert all(p.is_demo and not p.has_password and "(สาธิต)" in p.name for p in found)
    first, second = (p for p in found if p.role is Role.OFFICER)
    assert first.districts == (NONG_KHAI,)
    assert second.districts[0] in neighbours


def test_demonstration_people_are_gone_with_the_data_and_shut_out_by_a_real_one(
    office: Engine, border_store: Engine
) -> None:
    _demonstrate(border_store)
    with office.begin() as connection:
        assert is_demonstration(connection)
        real = create_person(connection, "boss", "ก", Role.ADMINISTRATOR)
        assert not is_demonstration(connection)
        assert demo_people(connection) == ()
        change_person_raw = text("update person set active = false where id = :id")
        connection.execute(change_person_raw, {"id": real.id})
        assert is_demonstration(connection)
    with border_store.begin() as connection:
        clear_demo(connection)
    with office.connect() as connection:
        assert not is_demonstration(connection)
        assert [p.login for p in people(connection)] == ["boss"]


def test_a_demonstration_person_who_did_something_real_stays_on_record_switched_off(
    office: Engine, border_store: Engine
) -> None:
    _demonstrate(border_store)
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into log_entry (district_code, kind, agency, said, person_id)"
                " select '4301', 'call', 'customs', 'said', id from person where login = 'demo.officer'"
            )
        )
    with border_store.begin() as connection:
        clear_demo(connection)
    with office.connect() as connection:
        assert [(p.login, p.active) for p in people(connection)] == [("demo.officer", False)]
        assert connection.execute(text("select watch_demonstration()")).scalar() is False
    with border_store.connect() as connection:
        assert connection.execute(text("select count(*) from log_entry")).scalar() == 1


def test_what_a_demonstration_administrator_makes_is_a_demonstration_and_real_accounts_are_out_of_reach(
    office: Engine, border_store: Engine
) -> None:
    _demonstrate(border_store)
    with office.begin() as connection:
        demo = person_by_login(connection, "demo.administrator")
        made = create_person(connection, "mine", "ก", Role.ADMINISTRATOR, by=demo)
        assert made.is_demo
        with pytest.raises(WatchError, match=r"people\.demo_password"):
            set_password(connection, made.id, GOOD, by=demo)
        real = create_person(connection, "real", "ข", Role.PLANNER)
        for refused in (
            lambda: change_person(connection, real.id, active=False, by=demo),
            lambda: set_password(connection, real.id, GOOD, by=demo),
            lambda: link_account(connection, real.id, "https://id.test 7", by=demo),
        ):
            with pytest.raises(WatchError, match=r"people\.demo_only"):
                refused()
