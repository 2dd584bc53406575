"""Row-level security: each role sees its own rows and no others, whatever the query says."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from geo.db.access import LEAKPROOF, ensure_access
from geo.db.backup import backup, restore
from geo.db.engine import libpq_url, make_engine, page_engine
from geo.db.migrate import migrate
from geo.db.scope import enter
from geo.model import Reach, Scope
from geo.settings import StoreSettings

NONG_KHAI, MUKDAHAN = "4301", "4901"
CENTRE = Scope((NONG_KHAI,), Reach.CENTRE)
NEXT_DOOR = Scope((MUKDAHAN,), Reach.CENTRE)
COMMANDER = Scope(None, Reach.WIDE)
PLANNER = Scope(None, Reach.PLANNER)
POLICE = Scope(None, Reach.AGENCY, "local_police")
CUSTOMS = Scope(None, Reach.AGENCY, "customs")
COORDINATOR = Scope(None, Reach.COORDINATOR)
INTAKE = Scope(None, Reach.INTAKE)
EVERYBODY = (CENTRE, NEXT_DOOR, COMMANDER, PLANNER, POLICE, CUSTOMS, COORDINATOR, INTAKE)
CASE_TABLES = {
    "incident", "incident_count", "report", "report_contact", "report_question", "case_file", "case_event", "fact_check",
    "evidence", "referral", "log_entry",
}  # fmt: skip


@dataclass
class Office:
    """The web process's engine, and who is there."""

    engine: Engine
    officer: int
    headman: int


@pytest.fixture
def office(border_store: Engine) -> Iterator[Office]:
    """Two districts; in each one incident unverified and one verified, of which one is referred to the police."""
    with border_store.begin() as connection:
        people = connection.execute(
            text(
                "insert into person (login, name, role) values ('officer', 'ก', 'officer'), ('headman', 'ข', 'coordinator')"
                " returning id"
            )
        ).scalars()
        officer, headman = people.all()
        for district, lon, lat in ((NONG_KHAI, 102.74, 17.87), (MUKDAHAN, 104.72, 16.54)):
            for status in ("received", "verified"):
                incident = connection.execute(
                    text(
                        "insert into incident (crime_type, occurred_at, status, channel, district_code, location_note, geom)"
                        " values ('drug_trafficking', now(), :status, 'online', :district, 'secret',"
                        " st_setsrid(st_makepoint(:lon, :lat), 4326)) returning id"
                    ),
                    {"status": status, "district": district, "lon": lon, "lat": lat},
                ).scalar_one()
                report = connection.execute(
                    text(
                        "insert into report (incident_id, channel, description, entered_by) values (:i, 'online', 'secret', :by)"
                        " returning id"
                    ),
                    {"i": incident, "by": headman if (district, status) == (NONG_KHAI, "received") else None},
                ).scalar_one()
                for statement in (
                    "insert into report_contact values (:r, 'sealed')",
                    "insert into report_question (report_id, question) values (:r, 'which?')",
                    "insert into case_file (incident_id) values (:i)",
                    "insert into case_event (incident_id, kind) values (:i, 'received')",
                    "insert into fact_check (incident_id, unit_kind, unit, due_at, asked_by)"
                    " values (:i, 'vdc', 'x', now(), :by)",
                    "insert into evidence (incident_id, media_type, content, sha256) values (:i, 'text/plain', 'x', 'x')",
                    "insert into log_entry (incident_id, district_code, kind, agency, said, person_id)"
                    " values (:i, :district, 'call', 'customs', 'secret', :by)",
                ):
                    connection.execute(
                        text(statement), {"i": incident, "r": report, "by": officer, "district": district}
                    )
                if (district, status) == (NONG_KHAI, "verified"):
                    connection.execute(
                        text(
                            "insert into referral (incident_id, agency, sent_by, answer_due)"
                            " values (:i, 'local_police', :by, now())"
                        ),
                        {"i": incident, "by": officer},
                    )
    engine = make_engine(border_store.url.update_query_dict({"user": "watch_app"}), for_pages=True)
    yield Office(engine, officer, headman)
    engine.dispose()


def _seen(office: Office, scope: Scope | None, statement: str, person: int | None = None, **values: Any) -> list[Any]:
    """Rows that a statement answers for a scope; nothing where the database refuses the table or column."""
    with office.engine.connect() as connection, connection.begin():
        if scope:
            enter(connection, scope, person)
        try:
            return list(connection.execute(text(statement), values).all())
        except DBAPIError as error:
            if "permission denied" not in str(error.orig):
                raise
            return []


def _places(office: Office, scope: Scope, person: int | None = None) -> list[tuple[str, str]]:
    return sorted(
        (row[0], row[1]) for row in _seen(office, scope, "select district_code, status from incident", person)
    )


def test_each_role_sees_its_own_incidents(office: Office) -> None:
    assert _places(office, CENTRE) == [(NONG_KHAI, "received"), (NONG_KHAI, "verified")]
    assert _places(office, NEXT_DOOR) == [(MUKDAHAN, "received"), (MUKDAHAN, "verified")]
    assert _places(office, COMMANDER) == [(NONG_KHAI, "verified"), (MUKDAHAN, "verified")]
    assert _places(office, PLANNER) == [(NONG_KHAI, "verified"), (MUKDAHAN, "verified")]
    assert _places(office, POLICE) == [(NONG_KHAI, "verified")]
    assert _places(office, CUSTOMS) == []
    assert _places(office, COORDINATOR, office.headman) == [(NONG_KHAI, "received")]
    assert _places(office, COORDINATOR, office.officer) == []
    assert _places(office, COORDINATOR) == []
    assert _places(office, INTAKE) == []


def test_a_centre_with_no_district_sees_nothing(office: Office) -> None:
    assert _places(office, Scope((), Reach.CENTRE)) == []
    assert _places(office, Scope(None, Reach.CENTRE)) == []


@pytest.mark.parametrize("table", sorted(CASE_TABLES))
def test_without_a_role_the_web_process_reads_no_case(office: Office, table: str) -> None:
    with office.engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(f"select * from {table}"))


def test_text_of_unverified_reports_stays_in_the_district(office: Office) -> None:
    told = "select count(*) from report where description = 'secret'"
    assert [_seen(office, scope, told) for scope in (CENTRE, NEXT_DOOR, COMMANDER, POLICE)] == [
        [(2,)], [(2,)], [(2,)], [(1,)],
    ]  # fmt: skip
    unverified = "select r.id from report r join incident i on i.id = r.incident_id where i.status = 'received'"
    assert [len(_seen(office, scope, unverified)) for scope in (CENTRE, COMMANDER, PLANNER, POLICE)] == [1, 0, 0, 0]


def test_planners_read_no_text(office: Office) -> None:
    assert len(_seen(office, PLANNER, "select public_id, geom from incident")) == 2
    for statement in (
        "select location_note from incident", "select source from incident", "select * from report",
        "select * from case_event", "select * from evidence", "select * from log_entry",
    ):  # fmt: skip
        assert _seen(office, PLANNER, statement) == [], statement


def test_nobody_reads_contacts_keys_or_sessions(office: Office) -> None:
    for scope in EVERYBODY:
        for table in ("report_contact", "sign_in", "sign_in_attempt", "api_key", "audit_log"):
            assert _seen(office, scope, f"select * from {table}") == [], (scope, table)
        for column in ("password_hash", "login", "totp_sealed", "email"):
            assert _seen(office, scope, f"select {column} from person") == [], (scope, column)


def test_those_who_see_all_districts_see_unverified_incidents_roughly(office: Office) -> None:
    rows = _seen(office, COMMANDER, "select district_code, lon, lat, status from incident_outline order by 1")
    assert [(row.district_code, row.status) for row in rows] == [(NONG_KHAI, "received"), (MUKDAHAN, "received")]
    assert abs(rows[0].lon - 102.74) <= 360 / 4096 / 2
    assert rows[0].lon != pytest.approx(102.74, abs=1e-6)
    assert abs(rows[0].lat - 17.87) < 0.05
    assert len(_seen(office, PLANNER, "select * from incident_outline")) == 2
    assert _seen(office, CENTRE, "select * from incident_outline") == []


def test_counts_of_unverified_incidents_end_where_cells_become_small(office: Office) -> None:
    statement = "select distinct level from incident_count where status in ('received', 'verifying')"
    assert max(level for (level,) in _seen(office, COMMANDER, statement)) <= 12
    assert max(level for (level,) in _seen(office, CENTRE, statement)) > 12
    assert {d for (d,) in _seen(office, CENTRE, "select district_code from incident_count")} == {NONG_KHAI}


def test_nothing_is_written_outside_of_ones_own(office: Office) -> None:
    close = "update incident set status = 'closed' where district_code = :d returning id"
    assert _seen(office, CENTRE, close, d=MUKDAHAN) == []
    assert len(_seen(office, CENTRE, close, d=NONG_KHAI)) == 2
    for scope in (COMMANDER, PLANNER, POLICE, COORDINATOR, INTAKE):
        assert _seen(office, scope, close, d=NONG_KHAI) == []
    with office.engine.connect() as connection, connection.begin():
        enter(connection, CENTRE)
        with pytest.raises(DBAPIError, match="row-level security"):
            connection.execute(text("update incident set district_code = :d"), {"d": MUKDAHAN})


def test_an_officers_change_is_counted_though_the_officer_may_not_write_counts(office: Office) -> None:
    with office.engine.connect() as connection, connection.begin():
        enter(connection, CENTRE)
        connection.execute(text("update incident set status = 'verified' where status = 'received'"))
        left = connection.execute(
            text("select sum(n) from incident_count where level = 9 and tier = 1 and status = 'received'")
        ).scalar()
        assert left in (0, None)
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("delete from incident_count"))


def test_an_agency_answers_its_own_referral_only(office: Office) -> None:
    accept = "update referral set state = 'accepted', accepted_at = now() returning id"
    assert len(_seen(office, POLICE, accept)) == 1
    assert _seen(office, CUSTOMS, accept) == []
    assert _seen(office, POLICE, "update referral set agency = 'customs' returning id") == []


def test_the_audit_log_is_appended_to_and_never_changed(office: Office, border_store: Engine) -> None:
    with office.engine.begin() as connection:
        enter(connection, CENTRE, office.officer)
        assert connection.execute(text("select audit('case.look', 'incident:1')")).scalar() == 1
        assert connection.execute(text("select audit('case.note', 'incident:1', '{\"n\": 2}')")).scalar() == 2
    with border_store.connect() as connection:
        rows = connection.execute(text("select * from audit_log order by id")).all()
        assert [(row.person_id, row.action) for row in rows] == [
            (office.officer, "case.look"), (office.officer, "case.note"),
        ]  # fmt: skip
        assert rows[1].previous == rows[0].hash
    for change in ("update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"):
        with office.engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(change))
        with border_store.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
            connection.execute(text(change))


def test_a_pooled_connection_knows_nothing_of_who_had_it_before(office: Office) -> None:
    def read(number: int) -> bool:
        scope, own = ((CENTRE, {NONG_KHAI}), (NEXT_DOOR, {MUKDAHAN}), (POLICE, {NONG_KHAI}), (CUSTOMS, set[str]()))[
            number % 4
        ]
        return {d for (d,) in _seen(office, scope, "select district_code from incident")} == own

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(read, range(400)))
    with office.engine.connect() as connection:
        assert connection.execute(text("select current_user")).scalar() == "watch_app"


def test_after_a_commit_in_between_there_are_no_rows(office: Office) -> None:
    with office.engine.connect() as connection:
        enter(connection, CENTRE)
        connection.commit()
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("select * from incident"))


def test_a_scope_without_a_role_is_refused(office: Office) -> None:
    with office.engine.connect() as connection, pytest.raises(ValueError, match="owner"):
        enter(connection, Scope.everything())


def _plan(connection: Connection, statement: str) -> str:
    return "\n".join(connection.execute(text(f"explain {statement}")).scalars())


@pytest.mark.parametrize("scope", [CENTRE, COMMANDER, PLANNER], ids=str)
def test_indexes_are_used_under_every_role(office: Office, border_store: Engine, scope: Scope) -> None:
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, status, channel, district_code, geom)"
                " select 'contraband', now() - make_interval(days => n % 900), 'verified', 'online', :d,"
                " st_setsrid(st_makepoint(102 + n % 100 * 0.01, 17 + n / 100 * 0.005), 4326) from generate_series(1, 20000) n"
            ),
            {"d": NONG_KHAI},
        )
    with border_store.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze incident"))
    box = "geom && st_makeenvelope(102.7, 17.8, 102.71, 17.81, 4326)"
    key = "zkey between zkey(102.7, 17.81) and zkey(102.7, 17.81) + 100000"
    with office.engine.connect() as connection, connection.begin():
        enter(connection, scope)
        assert "incident_geom" in _plan(connection, f"select public_id from incident where {box}")
        tile = (
            f"select zkey, crime_type, status from incident where {key} and day > '2000-01-01' and channel = 'online'"
        )
        assert "Index Only Scan using incident_tile" in _plan(connection, tile)


def test_functions_that_indexes_need_are_marked_leakproof_again(border_store: Engine) -> None:
    with border_store.begin() as connection:
        connection.execute(text(f"alter function {LEAKPROOF[0]} not leakproof"))
        assert not ensure_access(connection)
        assert connection.execute(
            text("select bool_and(proleakproof) from pg_proc where oid = any(cast(:all as regprocedure[]))"),
            {"all": list(LEAKPROOF)},
        ).scalar()


def test_every_table_with_case_data_forces_row_level_security(store: Engine) -> None:
    with store.connect() as connection:
        loose = connection.execute(
            text(
                "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
                " and not (relrowsecurity and relforcerowsecurity)"
            )
        ).scalars()
        open_to_all = {
            "area", "area_part", "border_section", "border_segment", "border_pass", "crossing", "crime_type", "agency",
            "checkpoint", "road_file", "road_node", "road_edge", "import_batch", "setting", "alembic_version", "spatial_ref_sys",
        }  # fmt: skip
        assert set(loose) == open_to_all
        owners = connection.execute(
            text(
                "select count(*) from pg_class where relowner in (select oid from pg_roles where rolname like 'watch%')"
            )
        ).scalar()
        assert owners == 0
        rights = connection.execute(
            text(
                "select rolname from pg_roles where rolname like 'watch%' and (rolsuper or rolbypassrls or rolcreaterole)"
            )
        ).all()
        assert rights == []


def test_pages_lay_down_the_rights_of_whoever_owns_the_store(border_store: Engine) -> None:
    engine = page_engine(StoreSettings(db_url=libpq_url(border_store.url)))
    try:
        with engine.connect() as connection:
            assert connection.execute(text("select current_user")).scalar() == "watch_app"
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text("select * from incident"))
        with engine.begin() as connection:
            enter(connection, CENTRE)
            assert connection.execute(text("select current_user")).scalar() == "watch_centre"
        with engine.connect() as connection:
            assert connection.execute(text("select current_user")).scalar() == "watch_app"
    finally:
        engine.dispose()


def test_pages_sign_in_to_the_private_cluster_as_a_role_that_owns_nothing(cluster_folder: Path, cluster: URL) -> None:
    owner = make_engine(cluster)
    migrate(owner)
    owner.dispose()
    engine = page_engine(StoreSettings(var_dir=cluster_folder))
    try:
        with engine.connect() as connection:
            assert connection.execute(text("select session_user, current_user")).one() == ("watch_app", "watch_app")
    finally:
        engine.dispose()


_RIGHTS = (
    "select tablename, policyname, roles::text, cmd, qual, with_check from pg_policies order by 1, 2",
    "select relname, relrowsecurity, relforcerowsecurity, array(select a::text from unnest(relacl) a order by 1)"
    " from pg_class where relnamespace = 'public'::regnamespace and relname !~ '^(spatial|geo)' order by 1",
    "select oid::regprocedure::text, proleakproof, prosecdef, proconfig, array(select a::text from unnest(proacl) a order by 1)"
    " from pg_proc where pronamespace = 'public'::regnamespace and proname ~ '^(incident|audit|watch|zkey)' order by 1",
    "select attrelid::regclass::text, attname, attacl::text from pg_attribute where attacl is not null order by 1, 2",
)


def test_a_restored_store_grants_what_the_saved_one_granted(
    office: Office, border_store: Engine, tmp_path: Path
) -> None:
    with border_store.connect() as connection:
        before = [connection.execute(text(statement)).all() for statement in _RIGHTS]
    assert all(before)
    backup(border_store.url, tmp_path / "saved.dump")
    border_store.dispose()
    office.engine.dispose()
    restore(border_store.url, tmp_path / "saved.dump")
    with border_store.connect() as connection:
        assert [connection.execute(text(statement)).all() for statement in _RIGHTS] == before
    assert _places(office, CENTRE) == [(NONG_KHAI, "received"), (NONG_KHAI, "verified")]
