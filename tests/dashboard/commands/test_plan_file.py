"""``import-plan`` as a person at the keyboard meets it: a draft, an account of every row, and refusals that write nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from geo.actions.people import create_person
from geo.model.person import Role
from geo.queries.plans import plan, plans

LAND = """
insert into area (code, level, country, name_th, name_en, geom) values
    ('4301', 'district', 'TH', 'เมืองหนองคาย', 'Mueang Nong Khai', 'srid=4326;multipolygon(((102 17, 103 17, 103 18, 102 18, 102 17)))'),
    ('4302', 'district', 'TH', 'ท่าบ่อ', 'Tha Bo', 'srid=4326;multipolygon(((103 17, 104 17, 104 18, 103 18, 103 17)))');
insert into area_part select code, (st_dump(geom)).geom from area
"""
SHEET = (
    "ชื่อสถานที่,ละติจูด,ลองจิจูด,งบประมาณ,กำลังพล,เงื่อนไข\n"
    "ท่าเรือ,17.80,102.70,120000,6,บังคับ\n"
    "สามแยก,17.70,102.60,,8,\n"
    "วัดเก่า,17.60,102.50,,,ห้าม\n"
    "แอฟริกา,5.0,20.0,,,\n"
    "นอกอำเภอ,17.50,103.50,-5,,\n"
)


def test_a_list_of_sites_becomes_a_draft_with_an_account_of_every_row(
    store: Engine, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCH_DB_URL", store_url)
    monkeypatch.setenv("WATCH_LANGUAGE", "en")
    with store.begin() as connection:
        connection.execute(text(LAND))
        create_person(connection, "planner.p", "ผู้วางแผน", Role.PLANNER)
        create_person(connection, "chief.p", "นายอำเภอ", Role.CHIEF, districts=("4302",))
        create_person(connection, "officer.p", "ปลัด", Role.OFFICER, districts=("4301",))
    file = tmp_path / "แผน.csv"
    file.write_text(SHEET, encoding="utf-8-sig")

    def run(*words: object, title: str = "แผนปีหน้า", by: str = "planner.p") -> Result:
        return CliRunner().invoke(app, ["import-plan", *map(str, words), "--title", title, "--by", by])

    def number() -> int:
        with store.connect() as connection:
            return int(connection.execute(text("select count(*) from plan")).scalar_one())

    done = run(file)
    assert done.exit_code == 0, done.output
    assert "Read 5 rows = 2 sites of the plan + 3 refused" in done.stdout
    with store.connect() as connection:
        (kept,) = plans(connection)
        made = plan(connection, kept.id)
    assert f"draft plan {kept.id}" in done.stdout
    assert (made.title, made.state, made.made_name, made.districts) == ("แผนปีหน้า", "draft", "ผู้วางแผน", ("4301",))
    assert [(one.name, str(one.role), one.cost, one.staff) for one in made.sites] == [
        ("ท่าเรือ", "forced", 120_000, 6), ("สามแยก", "chosen", None, 8),
    ]  # fmt: skip
    lists = list(tmp_path.glob("*rejects*.csv"))
    assert len(lists) == 1
    refused = lists[0].read_text(encoding="utf-8-sig")
    assert len(refused.splitlines()) == 1 + 3
    assert all(name in refused for name in ("วัดเก่า", "แอฟริกา", "นอกอำเภอ"))
    assert "ท่าเรือ" not in refused

    # A chief has the own district alone: not one row can be taken, and no plan is made.
    nothing = run(file, "--rejects", tmp_path / "chief.csv", by="chief.p")
    assert nothing.exit_code == 1
    assert "0 sites of the plan + 5 refused" in nothing.stdout
    assert len((tmp_path / "chief.csv").read_text(encoding="utf-8-sig").splitlines()) == 6

    lonely = tmp_path / "ว่าง.csv"
    lonely.write_text("a,b\n1,2\n", encoding="utf-8")
    for words, more, why in (
        ((file,), {"by": "officer.p"}, "planners and district chiefs make"),
        ((file,), {"by": "nobody"}, "nobody"),
        ((file,), {"title": "  "}, "give the plan a name"),
        ((lonely,), {}, ""),
        ((tmp_path / "missing.csv",), {}, "missing.csv"),
    ):
        bad = run(*words, **more)
        assert bad.exit_code == 2, (words, more, bad.output)
        assert why in bad.stderr
        assert "Traceback" not in bad.output
    assert number() == 1
