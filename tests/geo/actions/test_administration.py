"""What only an administrator does: as the web process's own role, refused to everybody else, each step in the audit log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from geo.actions.accounts import end_sessions, give_password, take_codes_away, unlock
from geo.actions.agencies import add_agency, put_agency
from geo.actions.api_keys import make_key, revoke_key
from geo.actions.crime_types import NOT_SURE, CrimeTypeEntry, put_crime_type
from geo.actions.people import change_person, create_person, link_account, set_name, set_password, set_totp
from geo.actions.programme import put_population, put_section, put_target
from geo.actions.settings import put_setting
from geo.actions.sign_in import SignInKeys, login_key, open_session, prove_password
from geo.credentials.totp import new_secret, seal_secret
from geo.db.engine import make_engine
from geo.db.scope import enter
from geo.errors import NotFound, WatchError
from geo.model.clock import ClockName
from geo.model.person import Person, Role, scope_of
from geo.model.reference import CRIME_COLOURS
from geo.model.setting import SETTINGS
from geo.queries.accounts import AccountFilter, accounts
from geo.queries.case_settings import numbers, recheck_share, targets
from geo.queries.places import agencies, border_districts, crime_types
from geo.queries.programme import sections, target_districts
from tests import hostile

HERE = "4301"
KEYS = SignInKeys(b"a" * 32, b"t" * 32)
IDLE = timedelta(hours=1)
GOOD = "kettle vivid ocarina"


@pytest.fixture
def web(border_store: Engine) -> Iterator[Engine]:
    """The engine of the web process."""
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield engine
    engine.dispose()


@pytest.fixture
def boss(web: Engine) -> Person:
    with web.begin() as connection:
        return create_person(connection, "boss", "หัวหน้า", Role.ADMINISTRATOR, password=GOOD)


@pytest.fixture
def officer(web: Engine) -> Person:
    with web.begin() as connection:
        return create_person(connection, "officer", "ปลัด", Role.OFFICER, districts=(HERE,), password=GOOD)


def key(login: str) -> bytes:
    return login_key(KEYS, login)


def code_of(web: Engine, act: Callable[[Connection], Any]) -> str:
    with pytest.raises(WatchError) as error, web.begin() as connection:
        act(connection)
    return error.value.code


def last(web: Engine) -> tuple[str, str, int | None, dict[str, Any]]:
    with web.connect() as connection:
        return connection.execute(  # type: ignore[return-value]
            text("select action, subject, person_id, detail from audit_log order by id desc limit 1")
        ).one()


def found(web: Engine, **chosen: Any) -> list[str]:
    with web.connect() as connection:
        return [one.person.login for one in accounts(connection, AccountFilter(**chosen), key, idle=IDLE)[0]]


# ---------------------------------------------------------------- who may

STEPS: dict[str, Callable[[Connection, Person], Any]] = {
    "create": lambda c, by: create_person(c, "new", "ก", Role.PLANNER, by=by),
    "change": lambda c, by: change_person(c, by.id, role=Role.ADMINISTRATOR, by=by),
    "name": lambda c, by: set_name(c, by.id, "ข", by=by),
    "password": lambda c, by: set_password(c, by.id, GOOD, by=by),
    "give": lambda c, by: give_password(c, by.id, b"k", by=by),
    "codes": lambda c, by: take_codes_away(c, by.id, by=by),
    "sessions": lambda c, by: end_sessions(c, by.id, by=by),
    "unlock": lambda c, by: unlock(c, by.id, b"k", by=by),
    "link": lambda c, by: link_account(c, by.id, "x", by=by),
    "setting": lambda c, by: put_setting(c, "target.closure_hours", 5, by=by),
    "type": lambda c, by: put_crime_type(c, None, CrimeTypeEntry("ก", "A"), by),
    "agency": lambda c, by: put_agency(c, "customs", "ก", "A", by=by),
    "new agency": lambda c, by: add_agency(c, "ก", "A", by=by),
    "target": lambda c, by: put_target(c, HERE, "no", by=by),
    "population": lambda c, by: put_population(c, HERE, 5000, by=by),
    "section": lambda c, by: put_section(c, "4301-LA", True, by=by),
    "make key": lambda c, by: make_key(c, b"s" * 32, "LINE", by),
    "revoke key": lambda c, by: revoke_key(c, 1, by),
}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_every_step_is_refused_to_every_other_role_on_either_kind_of_connection(web: Engine, role: Role) -> None:
    places: dict[str, Any] = {"agency": "customs"} if role is Role.AGENCY else {"districts": (HERE,)}
    with web.begin() as connection:
        other = create_person(connection, "other", "ก", role, **places)
        before = connection.execute(text("select count(*) from audit_log")).scalar()
    for name, step in STEPS.items():
        for own in (False, True):
            refused = code_of(
                web, lambda c, own=own, step=step: (own and enter(c, scope_of(other), other.id), step(c, other))
            )
            assert refused == "people.not_administrator", (name, own)
    with web.connect() as connection:
        assert connection.execute(text("select count(*) from audit_log")).scalar() == before


def test_who_was_an_administrator_a_moment_ago_is_refused(web: Engine, boss: Person) -> None:
    with web.begin() as connection:
        create_person(connection, "second", "ข", Role.ADMINISTRATOR, by=boss)
        change_person(connection, boss.id, role=Role.PLANNER, by=boss)
    assert code_of(web, lambda c: put_setting(c, "target.closure_hours", 5, boss)) == "people.not_administrator"
    with web.begin() as connection:
        change_person(connection, boss.id, role=Role.ADMINISTRATOR, active=False)
    assert code_of(web, lambda c: put_setting(c, "target.closure_hours", 5, boss)) == "people.not_administrator"


def test_the_last_administrator_cannot_go(web: Engine, boss: Person) -> None:
    assert code_of(web, lambda c: change_person(c, boss.id, active=False, by=boss)) == "people.last_administrator"
    assert code_of(web, lambda c: change_person(c, boss.id, role=Role.PLANNER, by=boss)) == "people.last_administrator"


# ---------------------------------------------------------------- accounts


def test_accounts_are_found_by_name_role_place_and_what_is_the_matter(
    web: Engine, boss: Person, officer: Person
) -> None:
    with web.begin() as connection:
        create_person(connection, "headman", "บุญมี", Role.COORDINATOR, districts=(HERE,), village="หมู่ 7", by=boss)
        change_person(connection, officer.id, active=False, by=boss)
    assert found(web) == ["boss", "headman", "officer"]  # who is switched off stands last
    assert found(web, said="บุญ") == found(web, said="หมู่ 7") == found(web, said="HEAD") == ["headman"]
    assert found(web, said="%") == []
    assert found(web, role="officer") == found(web, state="off") == ["officer"]
    assert found(web, district=HERE, state="active") == ["headman"]
    assert found(web, state="never") == ["boss", "headman"]
    assert found(web, state="locked") == []
    with web.begin() as connection:
        open_session(connection, boss.id, "password", timedelta(hours=1))
    with web.connect() as connection:
        [one], total = accounts(connection, AccountFilter(), key, idle=IDLE, number=boss.id)
    assert (total, one.sessions, one.locked) == (1, 1, False)
    assert one.last_sign_in_at is not None
    assert "argon2" not in repr(one)


def test_who_is_locked_is_seen_and_let_in_again(web: Engine, boss: Person, officer: Person) -> None:
    for _ in range(5):
        with pytest.raises(WatchError):
            prove_password(web, KEYS, "officer", "wrong password")
    assert found(web, state="locked") == ["officer"]
    with pytest.raises(WatchError) as error:
        prove_password(web, KEYS, "officer", GOOD)
    assert error.value.code == "sign_in.locked"
    with web.begin() as connection:
        unlock(connection, officer.id, key("officer"), by=boss)
    assert last(web)[:3] == ("sign_in.unlock", f"person:{officer.id}", boss.id)
    assert prove_password(web, KEYS, "officer", GOOD).id == officer.id


def test_a_password_that_is_given_unlocks_signs_out_and_has_to_be_changed(
    web: Engine, boss: Person, officer: Person
) -> None:
    with web.begin() as connection:
        open_session(connection, officer.id, "password", timedelta(hours=1))
        set_totp(connection, officer.id, seal_secret(KEYS.totp, new_secret()), 1)
    for _ in range(5):
        with pytest.raises(WatchError):
            prove_password(web, KEYS, "officer", "wrong password")
    with web.begin() as connection:
        secret = give_password(connection, officer.id, key("officer"), by=boss)
    back = prove_password(web, KEYS, "officer", secret)
    assert (back.must_change_password, back.has_totp) == (True, False)
    with web.connect() as connection:
        assert connection.execute(text("select count(*) from sign_in")).scalar() == 0
        assert secret not in str(connection.execute(text("select json_agg(a) from audit_log a")).scalar())
    assert code_of(web, lambda c: give_password(c, boss.id, key("boss"), by=boss)) == "people.own_account"


def test_codes_and_sessions_are_taken_away(web: Engine, boss: Person, officer: Person) -> None:
    assert code_of(web, lambda c: take_codes_away(c, officer.id, by=boss)) == "people.no_codes"
    with web.begin() as connection:
        set_totp(connection, officer.id, seal_secret(KEYS.totp, new_secret()), 1)
        open_session(connection, officer.id, "totp", timedelta(hours=1))
        take_codes_away(connection, officer.id, by=boss)
        assert end_sessions(connection, officer.id, by=boss) == 0
        open_session(connection, officer.id, "password", timedelta(hours=1))
        assert end_sessions(connection, officer.id, by=boss) == 1
    assert last(web) == ("sign_in.close_all", f"person:{officer.id}", boss.id, {"sessions": 1})
    assert found(web, state="no_codes") == ["boss", "officer"]


def test_a_coordinators_place_is_given_changed_and_taken_away(web: Engine, boss: Person) -> None:
    with web.begin() as connection:
        code = connection.execute(
            text("select min(code) from area where level = 'subdistrict' and left(code, 4) = :d"), {"d": HERE}
        ).scalar()
        made = create_person(connection, "hm", "ก", Role.COORDINATOR, area_code=code, village="หมู่ 1", by=boss)
        assert made.districts == (HERE,)
        same = change_person(connection, made.id, active=True, by=boss)
        assert (same.area_code, same.village) == (code, "หมู่ 1")
        bare = change_person(connection, made.id, districts=("4302",), area_code="", village="", language="en", by=boss)
        assert (bare.area_code, bare.village, bare.districts, bare.language) == (None, None, ("4302",), "en")
        again = change_person(connection, made.id, role=Role.PLANNER, by=boss)
        assert (again.districts, again.village) == ((), None)


# ---------------------------------------------------------------- settings


def test_a_number_counts_at_once_and_its_default_is_kept_as_nothing(web: Engine, boss: Person) -> None:
    with web.begin() as connection:
        assert put_setting(connection, "target.verification_hours", 12, by=boss)
        assert not put_setting(connection, "target.verification_hours", 12, by=boss)
        assert put_setting(connection, "recheck.share", 0.25, by=boss)
        assert targets(connection).span(ClockName.VERIFICATION) == timedelta(hours=12)
        assert recheck_share(connection) == 0.25
        kept = numbers(connection)
    assert (kept["recheck.share"].value, kept["recheck.share"].changed_by) == (0.25, "หัวหน้า")
    assert kept["target.closure_hours"].changed_at is None
    assert last(web) == ("setting.put", "setting:recheck.share", boss.id, {"value": "0.25"})
    with web.begin() as connection:
        assert put_setting(connection, "recheck.share", SETTINGS["recheck.share"].default, by=boss)
        assert connection.execute(text("select key from setting")).scalars().all() == ["target.verification_hours"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("target.closure_hours", 0, "setting.out_of_range"),
        ("target.closure_hours", 1e9, "setting.out_of_range"),
        ("target.closure_hours", float("nan"), "setting.out_of_range"),
        ("target.closure_hours", 1.5, "setting.whole_hours"),
        ("recheck.share", 1.01, "setting.out_of_range"),
        ("recheck.share", -0.1, "setting.out_of_range"),
        ("notification.x", 1, "setting.unknown"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(web: Engine, boss: Person, name: str, value: float, code: str) -> None:
    assert code_of(web, lambda c: put_setting(c, name, value, by=boss)) == code


# ---------------------------------------------------------------- kinds of crime


def test_a_kind_of_crime_is_added_renamed_coloured_and_retired(web: Engine, boss: Person) -> None:
    with web.begin() as connection:
        code = put_crime_type(connection, None, CrimeTypeEntry("ค้าอวัยวะ", "Organ trafficking!", sort=15), boss)
        twin = put_crime_type(connection, None, CrimeTypeEntry("ค้าอวัยวะ", "Organ trafficking"), boss)
        thai = put_crime_type(connection, None, CrimeTypeEntry("ค้าอวัยวะ", "ค้า"), boss)
        assert (code, twin, thai) == ("organ_trafficking", "organ_trafficking_2", "type")
        assert list(crime_types(connection))[1] == code
    # All eight colours are taken: none can be given before one is taken off.
    taken = CrimeTypeEntry("ค้าอวัยวะ", "Organs", colour=CRIME_COLOURS[0])
    assert code_of(web, lambda c: put_crime_type(c, code, taken, boss)) == "crime_type.colour_taken"
    with web.begin() as connection:
        old = crime_types(connection)["trafficking_in_persons"]
        retired = CrimeTypeEntry(old.name_th, old.name_en, colour=old.colour, active=False)
        put_crime_type(connection, old.code, retired, boss)
        put_crime_type(connection, code, taken, boss)
        now = crime_types(connection)
    assert (now[old.code].active, now[old.code].is_public, now[old.code].colour) == (False, False, None)
    assert (now[code].colour, now[code].name_en, now[code].id) == (CRIME_COLOURS[0], "Organs", now[code].id)
    assert len([one for one in now.values() if one.colour]) == len(CRIME_COLOURS)
    assert last(web)[:3] == ("crime_type.put", f"crime_type:{code}", boss.id)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name_th": " "}, "crime_type.needs_names"),
        ({"name_en": "\u200b"}, "crime_type.needs_names"),
        ({"name_en": "x" * 201}, "admin.name_long"),
        ({"name_km": "x" * 201}, "admin.name_long"),
        ({"iccs_code": "2x"}, "crime_type.iccs"),
        ({"sort": -1}, "crime_type.sort"),
        ({"sort": 99_999}, "crime_type.sort"),
        ({"colour": "red"}, "crime_type.colour"),
        ({"colour": "#123456"}, "crime_type.colour"),
    ],
)
def test_what_is_wrong_with_a_kind_of_crime_is_said(
    web: Engine, boss: Person, given: dict[str, Any], code: str
) -> None:
    entry = CrimeTypeEntry(**({"name_th": "ก", "name_en": "A"} | given))
    assert code_of(web, lambda c: put_crime_type(c, None, entry, boss)) == code


def test_the_kind_of_reports_whose_sender_is_not_sure_stays(web: Engine, boss: Person) -> None:
    entry = CrimeTypeEntry("ก", "A", active=False)
    assert code_of(web, lambda c: put_crime_type(c, NOT_SURE, entry, boss)) == "crime_type.needed"
    assert code_of(web, lambda c: put_crime_type(c, "no_such", entry, boss)) == "crime_type.unknown"


# ---------------------------------------------------------------- agencies and the border


def test_an_agency_is_added_renamed_and_retired(web: Engine, boss: Person) -> None:
    with web.begin() as connection:
        code = add_agency(connection, "กู้ภัย", "River Rescue", " ", by=boss)
        assert add_agency(connection, "กู้ภัย", "River rescue", by=boss) == f"{code}_2"
        assert not put_agency(connection, code, "กู้ภัย", "Rescue", active=False, by=boss)
        row = agencies(connection)[code]
    assert (code, row.name_en, row.abbrev_th, row.active) == ("river_rescue", "Rescue", None, False)
    assert last(web) == ("agency.put", f"agency:{code}", boss.id, {"new": False, "active": False})
    assert code_of(web, lambda c: add_agency(c, "ก", " ", by=boss)) == "agency.needs_names"


def test_the_department_says_which_districts_are_the_operations_and_what_is_undetermined(
    web: Engine, boss: Person
) -> None:
    with web.begin() as connection:
        put_target(connection, HERE, "no", " หนังสือ  ที่ 1 ", by=boss)
        put_section(connection, "3304-KH", True, "รอ JBC", by=boss)
        assert border_districts(connection)[HERE].target == "no"
        assert {one.code: one.source for one in target_districts(connection)}[HERE] == "หนังสือ ที่ 1"
        marked = sections(connection)[0]
        assert (marked.code, marked.undetermined, marked.note) == ("3304-KH", True, "รอ JBC")
        put_section(connection, "3304-KH", False, "", by=boss)
        assert {one.code: one.note for one in sections(connection)}["3304-KH"] is None
    assert last(web)[:2] == ("section.mark", "section:3304-KH")
    assert code_of(web, lambda c: put_target(c, "1001", "named", by=boss)) == "programme.district"
    assert code_of(web, lambda c: put_target(c, HERE, "perhaps", by=boss)) == "programme.target"
    with pytest.raises(NotFound), web.begin() as connection:
        put_section(connection, "nowhere", True, by=boss)


def test_the_department_says_how_many_people_a_district_has(web: Engine, boss: Person) -> None:
    def known() -> int | None:
        with web.connect() as connection:
            return {one.code: one.population for one in target_districts(connection)}[HERE]

    assert known() is None
    for people in (52_310, None, 1):
        with web.begin() as connection:
            put_population(connection, HERE, people, by=boss)
        assert known() == people
    assert last(web) == ("district.population", f"area:{HERE}", boss.id, {"population": 1})
    for odd in (0, -5, 10_000_001):
        assert code_of(web, lambda c, odd=odd: put_population(c, HERE, odd, by=boss)) == "programme.population"
    assert code_of(web, lambda c: put_population(c, "1001", 5, by=boss)) == "programme.district"
    assert known() == 1


# ---------------------------------------------------------------- hostile names


def test_hostile_names_are_kept_as_text_or_refused_in_words_and_never_reach_the_audit_log(
    web: Engine, boss: Person, tmp_path: Path
) -> None:
    texts = [*hostile.corpus(tmp_path / "made", "http://127.0.0.1:9/beacon")[:40], *hostile.naughty()[:120]]
    steps: list[Callable[[Connection, str, int], Any]] = [
        lambda c, said, n: create_person(c, f"p{n}", said, Role.PLANNER, by=boss),
        lambda c, said, n: create_person(c, said, "ก", Role.PLANNER, by=boss),
        lambda c, said, n: create_person(c, f"v{n}", "ก", Role.COORDINATOR, districts=(HERE,), village=said, by=boss),
        lambda c, said, n: put_crime_type(c, None, CrimeTypeEntry(said, said, said, said, said), boss),
        lambda c, said, n: put_crime_type(c, None, CrimeTypeEntry(said, said, said, said), boss),
        lambda c, said, n: add_agency(c, said, said, said, by=boss),
        lambda c, said, n: put_target(c, HERE, "no", said, by=boss),
        lambda c, said, n: make_key(c, b"s" * 32, said, boss),
    ]
    refused = set()
    with web.begin() as connection:
        for n, said in enumerate(texts):
            for step in steps:
                try:
                    with connection.begin_nested():
                        step(connection, said, n)
                except WatchError as error:
                    refused.add(error.code.split(".")[0])
            accounts(connection, AccountFilter(said=said), key, idle=IDLE)
        rows = connection.execute(text("select subject, detail from audit_log")).mappings()
        log = json.dumps([dict(row) for row in rows])
    assert refused <= {"people", "crime_type", "agency", "admin", "api_key"}
    assert not set("<>($'/") & set(log)  # codes are made of letters and digits alone
