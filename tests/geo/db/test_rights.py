"""Who may do what in the store, enumerated from PostgreSQL's own catalogue and held against what is declared.

``rights.txt`` beside this file declares it: a table, column, view, function, policy or trigger that is new or other fails the
first test until somebody has read what it opens and written it down there.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, CursorResult, Engine, text
from sqlalchemy.exc import DBAPIError

from geo.actions.decisions import NewDecision, decide
from geo.actions.meetings import prepare_meeting
from geo.db.engine import make_engine
from geo.db.scope import enter
from geo.model import Reach, Scope
from geo.model.meeting import MeetingFilter
from geo.model.person import Person, Role, scope_of
from tests.everybody import CASES, HERE, MAY_SEE, THERE, Everybody, settle

DECLARED = Path(__file__).with_name("rights.txt")
ROLES = ("app", "visitor", "intake", "coordinator", "centre", "wide", "planner", "agency")
PLACES = {"area", "area_part", "border_section", "spatial_ref_sys"}
"""Megabytes of public boundaries."""
OURS = "not exists (select from pg_depend d where d.objid = {}.oid and d.deptype = 'e')"
LETTERS = {
    "SELECT": "r",
    "INSERT": "i",
    "UPDATE": "u",
    "DELETE": "d",
    "TRUNCATE": "D",
    "REFERENCES": "x",
    "TRIGGER": "t",
}


def _tables(connection: Connection) -> Iterator[str]:
    """Each table, view and sequence with what each role may do to it as a whole, or to which of its columns."""
    found = connection.execute(
        text(
            "select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, coalesce(c.reloptions::text, '') as o"
            f" from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')"
            f" and {OURS.format('c')} order by c.relname"
        )
    ).all()
    for one in found:
        kind = {"r": "table", "v": "view", "S": "sequence"}.get(one.relkind, one.relkind)
        marks = "".join((" rows" if one.relrowsecurity else "", " forced" if one.relforcerowsecurity else "", one.o))
        said = [f"{kind} {one.relname}{marks}"]
        if kind == "sequence":
            rights = {"USAGE": "U", "SELECT": "r", "UPDATE": "u"}
            asked = "has_sequence_privilege(:role, cast(:oid as oid), :right)"
        else:
            rights = LETTERS
            asked = "has_table_privilege(:role, cast(:oid as oid), :right)"
        for role in (*ROLES, "public"):
            has = ""
            for right, letter in rights.items():
                values = {"role": "public" if role == "public" else f"watch_{role}", "oid": one.oid, "right": right}
                if connection.execute(text(f"select {asked}"), values).scalar():
                    has += letter
                elif kind != "sequence" and right in {"SELECT", "INSERT", "UPDATE", "REFERENCES"}:
                    columns = connection.execute(
                        text(
                            "select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = :oid and attnum > 0"
                            " and not attisdropped and has_column_privilege(:role, cast(:oid as oid), attnum, :right)"
                        ),
                        values,
                    ).scalar()
                    has += f"{letter}({columns})" if columns else ""
            if has:
                said.append(f"{role}={has}")
        yield " ".join(said)


def _functions(connection: Connection) -> Iterator[str]:
    """Each function of ours with who may call it, and whether it acts as its owner."""
    found = connection.execute(
        text(
            "select p.oid::regprocedure::text as f, p.prosecdef, p.proconfig::text as settings, p.proacl is null or exists"
            " (select from aclexplode(p.proacl) a where a.grantee = 0) as for_all,"
            " array(select substr(r.rolname, 7) from pg_roles r where r.rolname like 'watch\\_%'"
            " and has_function_privilege(r.oid, p.oid, 'execute') order by 1) as roles"
            f" from pg_proc p where p.pronamespace = 'public'::regnamespace and {OURS.format('p')} order by 1"
        )
    ).all()
    for one in found:
        owner = f" as-owner {one.settings}" if one.prosecdef else ""
        yield f"function {one.f}{owner} {'everybody' if one.for_all else ' '.join(one.roles) or 'nobody'}"


def _policies(connection: Connection) -> Iterator[str]:
    found = connection.execute(
        text(
            "select tablename, policyname, permissive, cmd, array_to_string(array(select replace(r::text, 'watch_', '')"
            " from unnest(roles) r order by 1), ' ') as roles, regexp_replace(coalesce(qual, '-'), '\\s+', ' ', 'g') as qual,"
            " regexp_replace(coalesce(with_check, '-'), '\\s+', ' ', 'g') as checked from pg_policies"
            " where schemaname = 'public' and policyname <> 'owner' order by 1, 2"
        )
    ).all()
    for p in found:
        yield f"policy {p.tablename} {p.policyname} {p.cmd.lower()} to {p.roles} using {p.qual} check {p.checked}"


def _triggers(connection: Connection) -> Iterator[str]:
    found = connection.execute(
        text(
            "select tgrelid::regclass::text as of, tgname, tgfoid::regproc::text as f, tgenabled from pg_trigger"
            " where not tgisinternal order by 1, 2"
        )
    ).all()
    for one in found:
        yield f"trigger {one.of} {one.tgname} {one.f} {one.tgenabled}"


def _listing(connection: Connection) -> list[str]:
    """All of it, one fact a line."""
    return [
        *_tables(connection), "", *_functions(connection), "", *_policies(connection), "", *_triggers(connection),
    ]  # fmt: skip


def test_rights_are_those_that_are_declared(store: Engine) -> None:
    with store.connect() as connection:
        found = _listing(connection)
    kept = DECLARED.read_text(encoding="utf-8").splitlines()
    declared = [line for line in kept if not line.startswith("#")]
    differs = "\n".join(
        difflib.unified_diff(declared, found, "declared in rights.txt", "in the database", n=0, lineterm="")
    )
    assert not differs, f"read what this opens, and to whom; then write it into {DECLARED.name}\n{differs}"


def test_roles_are_those_that_are_declared_and_none_of_them_rules(store: Engine) -> None:
    with store.connect() as connection:
        found = connection.execute(
            text(
                "select substr(rolname, 7), rolcanlogin, rolinherit, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb"
                " or rolreplication from pg_roles where rolname like 'watch\\_%'"
            )
        ).all()
        assert {row[0] for row in found} == set(ROLES)
        assert {row[0] for row in found if row[1]} == {"app"}
        assert not any(row[2] or row[3] for row in found)
        members = connection.execute(
            text(
                "select m.member::regrole::text, m.roleid::regrole::text from pg_auth_members m"
                " where m.member::regrole::text like 'watch\\_%'"
            )
        ).all()
        assert {tuple(row) for row in members} == {("watch_app", f"watch_{role}") for role in ROLES if role != "app"}
        owned = connection.execute(
            text("select count(*) from pg_shdepend where deptype = 'o' and refobjid in (select oid from pg_roles where rolname"
                 " like 'watch\\_%')")
        ).scalar()  # fmt: skip
        assert owned == 0


# ---------------------------------------------------------------- rows


@dataclass
class Walk:
    """The engine of the web process, and what there is to be seen."""

    owner: Engine
    app: Engine
    all: Everybody

    def cases(self, ids: set[int]) -> frozenset[str]:
        return frozenset(name for name, number in self.all.ids.items() if number in ids)


@pytest.fixture
def walk(border_store: Engine) -> Iterator[Walk]:
    everybody = settle(border_store)
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    for role, districts in ((Role.CHIEF, (HERE,)), (Role.COMMANDER, (HERE, THERE)), (Role.PLANNER, (THERE,))):
        _meet(engine, everybody.people[role], districts)
    yield Walk(border_store, engine, everybody)
    engine.dispose()


def _meet(engine: Engine, person: Person, districts: tuple[str, ...]) -> None:
    """A meeting that looks at every case there is, verified or not, and decides something for each district."""
    with engine.begin() as connection:
        enter(connection, scope_of(person), person.id)
        today = connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one()
        chosen = MeetingFilter(today - timedelta(days=27), today, verified_only=False)
        number = prepare_meeting(
            connection, person, title="ประชุม", held_on=today, districts=districts, chosen=chosen, hides_small=False
        )
        for code in districts:
            decide(connection, person, number, NewDecision(code, f"{DECIDED} {code}", today, owner_id=person.id))


DECIDED = "kanarie-decision"
"""Begins what every meeting decided; the code of the district follows."""
MAY_READ_OF = {
    Role.CHIEF: {HERE},
    Role.OFFICER: {HERE},
    **{role: {HERE, THERE} for role in (Role.COMMANDER, Role.NATIONAL, Role.PLANNER, Role.ADMINISTRATOR)},
}
"""Of which districts somebody reads what a meeting saw and decided; everybody else reads nothing."""


def test_what_a_meeting_saw_and_decided_is_read_by_those_of_the_district_and_those_who_see_all(walk: Walk) -> None:
    for role, person in walk.all.people.items():
        may = MAY_READ_OF.get(role, set())
        with walk.app.connect() as connection, connection.begin():
            enter(connection, scope_of(person), person.id)
            if not may:
                assert not connection.execute(
                    text(
                        "select bool_or(has_any_column_privilege(t, 'select, insert, update'))"
                        " from unnest(array['meeting', 'meeting_sheet', 'decision']) t"
                    )
                ).scalar_one(), role
                continue
            for table in ("meeting_sheet", "decision"):
                seen = set(connection.execute(text(f"select district_code from {table}")).scalars()) - {None}
                assert seen == may, (role, table)
            words = set(connection.execute(text("select words from decision")).scalars())
            assert words == {f"{DECIDED} {code}" for code in may}, role
            overviews = connection.execute(
                text("select m.districts from meeting_sheet s join meeting m on m.id = s.meeting_id where s.place = 0")
            ).scalars()
            assert all(set(districts) <= may for districts in overviews), role


def _asked(connection: Connection, statement: str, **values: Any) -> CursorResult[Any] | None:
    """What a statement answers; nothing where the database refuses the whole table or column."""
    try:
        return connection.execute(text(statement), values)
    except DBAPIError as error:
        if "permission denied" not in str(error.orig):
            raise
        return None


def _of_cases(connection: Connection) -> list[tuple[str, str]]:
    """Each table and view whose rows belong to a case, and how its number is found."""
    columns = connection.execute(
        text(
            "select c.relname, array_agg(a.attname) as names from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0 group by 1 order by 1"
        )
    ).all()
    own = {"incident": "id", "incident_outline": "id"}
    found = []
    for name, names in columns:
        if name in own or "incident_id" in names:
            found.append((name, own.get(name, "incident_id")))
        elif "report_id" in names:
            found.append((name, "report_id"))
    return found


def test_whoever_reads_a_table_reads_the_rows_of_their_cases_alone(walk: Walk) -> None:
    with walk.owner.connect() as connection:
        tables = _of_cases(connection)
        assert {"incident", "report", "report_contact", "evidence", "log_entry", "incident_outline"} <= {
            t for t, _ in tables
        }
        of_report = dict(connection.execute(text("select id, incident_id from report")).all())
        full = {}
        for table, key in tables:
            ids = set(connection.execute(text(f'select {key} from "{table}"')).scalars()) - {None}
            full[table] = walk.cases({of_report[i] for i in ids} if key == "report_id" else ids)
    empty = {table for table, cases in full.items() if not cases} - {"case_draft"}
    assert empty <= {"notification"}, f"no row of these was put there, so nothing is proved of them: {empty}"
    rough = frozenset(name for name, case in CASES.items() if case.status in {"received", "verifying"})
    for role, person in walk.all.people.items():
        scope = scope_of(person)
        for table, key in tables:
            with walk.app.connect() as connection, connection.begin():
                enter(connection, scope, person.id)
                found = _asked(connection, f'select {key} from "{table}"')
                if found is None:
                    continue
                ids = set(found.scalars()) - {None}
            seen = walk.cases({of_report[i] for i in ids} if key == "report_id" else ids)
            may = MAY_SEE[role]["place"] if table != "incident_outline" else rough
            assert seen <= may, f"{role} reads in {table} of {sorted(seen - may)}"
            if table in {"incident", "report"} and not (
                role in {Role.PLANNER, Role.ADMINISTRATOR} and table == "report"
            ):
                assert seen == may, f"{role} does not read in {table} of {sorted(may - seen)}"


def _told(connection: Connection, table: str) -> bytes:
    """Every column that may be read of every row that may be read, as text, and geometries as they are stored."""
    columns = connection.execute(
        text(
            "select quote_ident(attname), atttypid = 'geometry'::regtype from pg_attribute where attrelid = cast(:t as regclass)"
            " and attnum > 0 and not attisdropped and has_column_privilege(cast(:t as regclass), attnum, 'select')"
        ),
        {"t": f'"{table}"'},
    ).all()
    if not columns or table in PLACES:
        return b""
    listed = ", ".join(name for name, _ in columns)
    rows = connection.execute(text(f'select t::text from (select {listed} from "{table}") t')).scalars()
    told = "\n".join(rows).encode()
    for name in (name for name, is_point in columns if is_point):
        points = connection.execute(text(f'select {name}::text from "{table}" where {name} is not null')).scalars()
        told += b" ".join(bytes.fromhex(point) for point in points)
    return told


def test_nobody_reads_a_word_a_place_or_a_number_that_they_may_not_know(walk: Walk) -> None:
    with walk.owner.connect() as connection:
        names = connection.execute(
            text("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')")
        ).scalars()  # fmt: skip
        tables = list(names)
    assert len(tables) > 30
    who: list[tuple[str, Role | None, Scope | None, int | None]] = [
        (str(role), role, scope_of(person), person.id) for role, person in walk.all.people.items()
    ]
    who += [("the form", None, Scope((), Reach.INTAKE), None), ("the web process", None, None, None)]
    betrayed = []
    for name, role, scope, person in who:
        told = {}
        for table in tables:
            with walk.app.connect() as connection, connection.begin():
                if scope:
                    enter(connection, scope, person)
                told[table] = _told(connection, table)
        betrayed += [f"{name}: {one} in {table}" for table in tables for one in walk.all.betrayed(role, told[table])]
        if role is Role.OFFICER:  # what may be known is found by the same search
            mine = CASES["here, unverified"]
            assert all(mine.text.encode() in told[table] for table in ("incident", "report", "fact_check", "log_entry"))
            assert all(sign in told["incident"] for sign in mine.place[2:])
    assert not betrayed, "\n".join(betrayed)


def test_nobody_writes_where_they_may_not_read(walk: Walk) -> None:
    """Updates reach rows of one's own cases alone, and a foreign case's row cannot be put there again."""
    with walk.owner.connect() as connection:
        tables = [t for t, key in _of_cases(connection) if key == "incident_id"]
        of_table = {
            table: connection.execute(
                text(
                    "select array_agg(attname order by attnum) from pg_attribute where attrelid = cast(:t as regclass)"
                    " and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = ''"
                ),
                {"t": table},
            ).scalar_one()
            for table in tables
        }
    tried = 0
    for role, person in walk.all.people.items():
        foreign = [walk.all.ids[name] for name in CASES if name not in MAY_SEE[role]["place"]]
        for table in tables:
            for right in ("update", "insert", "delete"):
                with walk.app.connect() as connection, connection.begin():
                    enter(connection, scope_of(person), person.id)
                    if right == "delete":
                        columns = ["*"] * connection.execute(
                            text("select has_table_privilege(cast(:t as regclass), 'delete')::int"), {"t": table}
                        ).scalar_one()
                    else:
                        columns = [
                            c
                            for c in of_table[table]
                            if connection.execute(
                                text("select has_column_privilege(cast(:t as regclass), :c, :right)"),
                                {"t": table, "c": c, "right": right},
                            ).scalar()
                        ]
                    if not columns:
                        continue
                    tried += 1
                    _attempt(walk, connection, table, right, columns, foreign, f"{role} {right} {table}")
    assert tried > 20


def _attempt(
    walk: Walk, connection: Connection, table: str, right: str, columns: list[str], foreign: list[int], what: str
) -> None:
    if right == "insert":
        with walk.owner.connect() as owner:
            row = owner.execute(
                text(f'select to_jsonb(t) from "{table}" t where incident_id = any(:f) limit 1'), {"f": foreign}
            ).scalar()
        if row is None:
            return
        names = ", ".join(columns)
        statement = text(
            f'insert into "{table}" ({names}) select {names} from jsonb_populate_record(null::"{table}", cast(:row as jsonb))'
        )
        with pytest.raises(DBAPIError, match=r"row-level security|permission denied"):
            connection.execute(statement, {"row": json.dumps(row)})
        return
    if right == "update":
        asked = f'update "{table}" set {columns[-1]} = {columns[-1]} where incident_id = any(:f)'
    else:
        asked = f'delete from "{table}" where incident_id = any(:f)'
    touched = _asked(connection, asked, f=foreign)
    assert touched is None or touched.rowcount == 0, what
