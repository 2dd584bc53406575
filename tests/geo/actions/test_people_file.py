"""A district's headmen get their accounts from one spreadsheet: each row is made or refused, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dashboard.import_account import account_bytes, reason
from geo.actions.people import create_person
from geo.actions.people_file import MOST_ROWS, PeopleAccount, add_people, understood, with_passwords
from geo.actions.sign_in import SignInKeys, prove_password
from geo.db.engine import make_engine
from geo.errors import FileRefused, WatchError
from geo.ingest.people import people_table
from geo.model.person import Person, Role
from geo.queries.people import person_by_login
from tests import hostile

KEYS = SignInKeys(b"a" * 32, b"t" * 32)
HEAD = "ชื่อ-สกุล,ตำแหน่ง,จังหวัด,อำเภอ,ตำบล,หมู่ที่,ชื่อผู้ใช้,หน่วยงาน"


@pytest.fixture
def web(border_store: Engine) -> Iterator[Engine]:
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield engine
    engine.dispose()


@pytest.fixture
def boss(web: Engine) -> Person:
    with web.begin() as connection:
        return create_person(connection, "boss", "หัวหน้า", Role.ADMINISTRATOR)


@pytest.fixture
def places(border_store: Engine) -> tuple[str, str]:
    """Code and name of a sub-district of Nong Khai."""
    with border_store.connect() as connection:
        row = connection.execute(
            text(
                "select code, name_th from area where level = 'subdistrict' and parent_code = '4301' order by code limit 1"
            )
        ).one()
    return str(row[0]), str(row[1])


def send(web: Engine, boss: Person, *rows: str) -> PeopleAccount:
    table = people_table("\n".join((HEAD, *rows)).encode(errors="replace"), "people.csv")
    with web.begin() as connection:
        reading = understood(connection, table)
    candidates = with_passwords(reading, boss)
    with web.begin() as connection:
        return add_people(connection, reading, candidates, boss)


def test_headmen_get_logins_of_their_place_and_passwords_that_let_them_in(
    web: Engine, boss: Person, places: tuple[str, str]
) -> None:
    code, name = places
    account = send(
        web, boss,
        f"บุญมา ใจดี,ผู้ใหญ่บ้าน,หนองคาย,เมืองหนองคาย,{name},๓,,",
        f"สมศรี รักถิ่น,กำนัน,หนองคาย,อ.เมือง,ต.{name},,,",
        f"คำดี,,,4301,{code},หมู่ 5 บ้านดอน,,",
        "ปลัดเอก,ปลัดอำเภอ,,4302,,,palad.ek,",
        "ร.ต.อ.ชาติ,หน่วยงาน,,,,,,ศุลกากร",
    )  # fmt: skip
    logins = [one.person.login for one in account.made]
    assert logins == [f"{code}.m3", code, f"{code}.m5", "palad.ek"]
    assert [one.person.village for one in account.made] == ["หมู่ 3", None, "หมู่ 5 บ้านดอน", None]
    assert {one.person.districts for one in account.made[:3]} == {("4301",)}
    assert [one.code for one in account.refused] == ["row.login_needed"]
    for one in account.made:
        assert one.password
        assert prove_password(web, KEYS, one.person.login, one.password).must_change_password
    with web.connect() as connection:
        log = connection.execute(text("select action, person_id from audit_log order by id")).all()
        assert [tuple(row) for row in log[1:5]] == [("person.create", boss.id)] * 4


def test_the_same_file_makes_nobody_twice_and_tells_what_is_somebody_elses(
    web: Engine, boss: Person, places: tuple[str, str]
) -> None:
    rows = [f"บุญมา,,,4301,{places[0]},3,,", "ปลัดเอก,officer,,4301,,,palad.ek,"]
    assert len(send(web, boss, *rows).made) == 2
    again = send(web, boss, *rows, "คนอื่น,officer,,4301,,,palad.ek2,", "ใหม่,planner,,,,,palad.ek2,")
    assert (again.read, len(again.made), again.already) == (4, 1, 2)
    assert [(one.row.number, one.code) for one in again.refused] == [(5, "row.login_twice")]
    taken = send(web, boss, "ไม่ใช่เอก,officer,,4301,,,PALAD.EK,")
    assert [one.code for one in taken.refused] == ["people.login_taken"]
    with web.connect() as connection:
        assert person_by_login(connection, "palad.ek").name == "ปลัดเอก"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",ผู้ใหญ่บ้าน,,4301,ในเมือง,1,,", "people.name_missing"),
        ("ก,พระ,,4301,ในเมือง,1,,", "row.role_unknown"),
        ("ก,,,,,1,,", "row.district_missing"),
        ("ก,,,ไม่มีจริง,,1,,", "row.district_unknown"),
        ("ก,,,4301,ไม่มีจริง,1,,", "row.subdistrict_unknown"),
        ("ก,,,4301,,1,,", "row.login_needed"),
        ("ก,,,4301,,1,a b,", "people.login_form"),
        ("ก,หน่วยงาน,,,,,x.y,", "row.agency_missing"),
        ("ก,หน่วยงาน,,,,,x.y,ไม่มี จริง ๆ", "row.agency_unknown"),
        (f"{'ก' * 101},,,4301,,,x.y,", "row.too_long"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(web: Engine, boss: Person, row: str, code: str) -> None:
    account = send(web, boss, row)
    assert (account.made, [one.code for one in account.refused]) == ([], [code])
    for lang in ("th", "en"):
        assert reason(account.refused[0], lang)


def test_a_file_without_names_or_too_long_or_from_nobody_is_refused_whole(web: Engine, boss: Person) -> None:
    with pytest.raises(FileRefused):
        people_table("ตำบล,อำเภอ\nก,ข\n".encode(), "people.csv")
    with pytest.raises(FileRefused) as error:
        send(web, boss, *(f"ก{n},planner,,,,,p{n}x," for n in range(MOST_ROWS + 1)))
    assert error.value.code == "file.too_many_rows"
    with web.begin() as connection:
        officer = create_person(connection, "officer", "ป", Role.OFFICER, districts=("4301",))
    with pytest.raises(WatchError) as refused:
        send(web, officer, "ก,planner,,,,,new.one,")
    assert refused.value.code == "people.not_administrator"


def test_a_demonstration_administrator_makes_people_without_passwords(web: Engine) -> None:
    with web.begin() as connection:
        demo = create_person(connection, "demo.boss", "ก", Role.ADMINISTRATOR, is_demo=True)
    [made] = send(web, demo, "ก,planner,,,,,new.one,").made
    assert (made.person.is_demo, made.person.has_password, made.password) == (True, False, None)


def test_hostile_rows_are_taken_as_text_or_refused_in_words(web: Engine, boss: Person, tmp_path: Path) -> None:
    texts = hostile.corpus(tmp_path / "made", "http://127.0.0.1:9/beacon")[:60]
    rows = [
        f'"{said.replace(chr(34), chr(34) * 2)}",planner,,,,"{said.replace(chr(34), chr(34) * 2)}",h{n}x,'
        for n, said in enumerate(texts)
    ]
    account = send(web, boss, *(row.replace("\n", " ").replace("\r", " ") for row in rows))
    assert account.read == len(account.made) + len(account.refused)
    assert len(account.made) > 40
    told = account_bytes(("ก",), account.refused).decode("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "@")) for cell in told.replace('"', "").replace("\n", ",").split(","))
