"""The schema in the database, in the migrations and in Python is one schema."""

from __future__ import annotations

import random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, Engine, MetaData, Table, text

from geo.db import (
    activity_tables,
    case_tables,
    meeting_tables,
    pair_tables,
    patrol_tables,
    plan_tables,
    release_tables,
    report_tables,
    road_tables,
    rota_tables,
    tables,
)
from geo.db.migrate import migrate

TELL_ANY = {
    "agency",
    "area",
    "border_section",
    "checkpoint",
    "crime_type",
    "crossing",
    "patrol",
    "patrol_route",
    "public_release",
    "road_file",
}
TELL_OFFICE = {
    "case_file", "decision", "fact_check", "meeting", "month_report", "notification", "patrol", "patrol_route", "person",
    "person_district", "plan", "quarter_report", "referral", "report", "rota", "rota_shift",
    "setting", "sign_in",
    "silence_call", "district_pair", "pair_contact",
    "activity", "activity_follow_up", "meeting_item", "meeting_attendance",
}  # fmt: skip
TRIGGERS = {
    ("case_file", "open_text_approved", "open_text_approved"),
    ("incident", "incident_locate", "incident_locate"),
    ("incident", "incident_counted_insert", "incident_counted"),
    ("incident", "incident_counted_update", "incident_counted"),
    ("incident", "incident_counted_delete", "incident_counted"),
    ("incident", "incident_emptied", "incident_emptied"),
    ("incident", "tell_incident_insert", "tell_incident"),
    ("incident", "tell_incident_update", "tell_incident"),
    ("incident", "tell_incident_delete", "tell_incident"),
    ("activity", "activity_stays", "activity_stays"),
    ("activity", "activity_all_stay", "activity_stays"),
    ("audit_log", "audit_stays", "audit_stays"),
    ("case_event", "case_event_told", "case_event_told"),
    ("decision", "decision_stays", "decision_stays"),
    ("decision", "decision_told", "decision_told"),
    ("meeting", "meeting_stays", "meeting_stays"),
    ("meeting", "meeting_all_stay", "meeting_stays"),
    ("meeting_sheet", "meeting_sheet_stays", "meeting_sheet_stays"),
    ("meeting_sheet", "meeting_sheet_all_stay", "meeting_sheet_stays"),
    ("month_correction", "month_correction_stays", "month_correction_stays"),
    ("month_reminder", "month_reminded", "month_reminded"),
    ("month_report", "report_stays", "report_stays"),
    ("month_report", "report_all_stay", "report_stays"),
    ("quarter_report", "report_stays", "report_stays"),
    ("quarter_report", "report_all_stay", "report_stays"),
    ("patrol", "patrol_rules", "patrol_rules"),
    ("patrol", "patrol_moved", "patrol_moved"),
    ("patrol_route", "patrol_route_stays", "patrol_route_stays"),
    ("patrol_event", "patrol_event_stays", "patrol_event_stays"),
    ("rota", "rota_stays", "rota_stays"),
    ("rota", "rota_all_stay", "rota_stays"),
    ("rota_post", "rota_post_stays", "rota_post_stays"),
    ("rota_post", "rota_post_all_stay", "rota_post_stays"),
    ("rota_shift", "rota_shift_stays", "rota_shift_stays"),
    ("rota_shift", "rota_shift_all_stay", "rota_shift_stays"),
    ("plan", "plan_all_stay", "plan_moves"),
    ("plan", "plan_moves", "plan_moves"),
    ("plan", "plan_told", "plan_told"),
    ("plan_site", "plan_site_stays", "plan_site_stays"),
    ("public_release", "release_all_stay", "release_stays"),
    ("public_release", "release_stays", "release_stays"),
    ("silence_call", "silence_call_rules", "silence_call_rules"),
    ("silence_call", "silence_calls_stay", "silence_call_rules"),
    ("silence_call", "silence_call_confirms", "silence_call_confirms"),
    ("district_pair", "pair_stays", "pair_stays"),
    ("district_pair", "pair_all_stay", "pair_stays"),
    ("pair_contact", "pair_contact_stays", "pair_contact_stays"),
} | {(table, "tell_change", "tell_change") for table in TELL_ANY}
TRIGGERS |= {(table, "tell_office", "tell_office") for table in TELL_OFFICE} | {
    ("notification", "tell_read", "tell_office")
}
FUNCTIONS = {
    "activity_stays",
    "activity_writer",
    "answer_question",
    "audit",
    "audit_hash",
    "audit_stays",
    "border_cut",
    "border_pass_fill",
    "case_event_told",
    "case_staff",
    "contact_left",
    "day_block",
    "decided_districts",
    "decision_stays",
    "decision_told",
    "dispute_report",
    "district_coordinators",
    "district_staff",
    "duty_shifts",
    "home_districts",
    "incident_count_fold",
    "incident_counted",
    "incident_emptied",
    "incident_locate",
    "incident_look",
    "keep_coordinator_contact",
    "may_call",
    "meeting_came",
    "meeting_case_figures",
    "meeting_leader",
    "meeting_reporting",
    "meeting_sheet_stays",
    "meeting_stays",
    "open_coordinator_contact",
    "national_centre",
    "open_contact",
    "open_pair_contact",
    "open_text_approved",
    "pair_contact_stays",
    "pair_keeper",
    "pair_stays",
    "patrol_event_stays",
    "patrol_moved",
    "patrol_planner",
    "patrol_route_stays",
    "patrol_rules",
    "plan_approver",
    "audit_head",
    "centre_figures",
    "month_correction_stays",
    "month_reminded",
    "plan_maker",
    "remind_reports",
    "report_signer",
    "report_stays",
    "plan_moves",
    "plan_site_stays",
    "plan_told",
    "quarter_opens",
    "referral_lapse",
    "release_maker",
    "release_stays",
    "report_state",
    "rota_post_stays",
    "rota_shift_stays",
    "rota_stays",
    "silence_call_confirms",
    "silence_call_rules",
    "silence_coordinators",
    "silence_days",
    "silence_places",
    "submit_report",
    "store_holds",
    "tell_change",
    "tell_incident",
    "tell_office",
    "told_by_day",
    "trained_districts",
    "trained_places",
    "verified_by_day",
    "watch_demonstration",
    "watch_districts",
    "watch_may_count",
    "watch_own_agency",
    "watch_person",
    "zkey",
    "zkey_axis",
}
VIEWS = {"incident_count_level", "incident_outline", "public_release_shown"}
NAMES_FOR_QGIS = {
    "incident",
    "report",
    "area",
    "border_section",
    "crossing",
    "checkpoint",
    "patrol_route",
    "patrol",
    "crime_type",
    "agency",
}


def _differences(connection: Connection, metadata: MetaData) -> list[object]:
    options = {
        "include_object": alembic_helpers.include_object,
        "compare_type": True,
        "compare_server_default": True,
    }
    found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found


def _rows(connection: Connection, statement: str) -> set[object]:
    return {row[0] if len(row) == 1 else tuple(row) for row in connection.execute(text(statement))}


def test_migrating_again_changes_nothing_and_loses_nothing(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(text("insert into agency (code, name_th, name_en) values ('x', 'ก', 'X')"))
    migrate(store)
    with store.connect() as connection:
        assert connection.execute(text("select count(*) from agency")).scalar() == 1
        assert connection.execute(text("select version_num from alembic_version")).scalar() == "0014"


def test_python_tables_are_the_tables_of_the_database(store: Engine) -> None:
    with store.connect() as connection:
        assert _differences(connection, tables.metadata) == []
    declared = {name for name, value in vars(tables).items() if isinstance(value, Table)} | {
        *case_tables.__all__,
        *meeting_tables.__all__,
        *patrol_tables.__all__,
        *rota_tables.__all__,
        *plan_tables.__all__,
        *report_tables.__all__,
        *release_tables.__all__,
        *road_tables.__all__,
        *pair_tables.__all__,
        *activity_tables.__all__,
    }
    assert declared == set(tables.metadata.tables)


@pytest.mark.parametrize(
    "change",
    [
        "alter table incident add column extra text",
        "alter table patrol alter column unit set not null",
        "drop index incident_tile",
        "alter table checkpoint alter column geom type geometry(PointZ, 4326) using st_force3d(geom)",
        "alter table report drop constraint report_incident_id_fkey",
        "alter table incident alter column status set default 'closed'",
    ],
)
def test_the_comparison_sees_a_difference(store: Engine, change: str) -> None:
    with store.connect() as connection:
        connection.execute(text(change))
        assert _differences(connection, tables.metadata) != []


def test_triggers_functions_and_views_are_the_expected_ones(store: Engine) -> None:
    with store.connect() as connection:
        assert (
            _rows(
                connection,
                "select c.relname, t.tgname, p.proname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
                " join pg_proc p on p.oid = t.tgfoid where not t.tgisinternal and t.tgenabled = 'O'",
            )
            == TRIGGERS
        )
        assert (
            _rows(
                connection,
                "select proname from pg_proc p where pronamespace = 'public'::regnamespace and not exists"
                " (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')",
            )
            == FUNCTIONS
        )
        assert (
            _rows(
                connection,
                "select relname from pg_class c where relkind in ('v', 'm')"
                " and relnamespace = 'public'::regnamespace"
                " and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')",
            )
            == VIEWS
        )


def test_tables_that_people_open_in_qgis_keep_their_names(store: Engine) -> None:
    with store.connect() as connection:
        assert _rows(connection, "select tablename from pg_tables where schemaname = 'public'") >= NAMES_FOR_QGIS


def _plan(connection: Connection, statement: str) -> str:
    return "\n".join(row[0] for row in connection.execute(text("explain " + statement)))


@pytest.fixture
def filled(store: Engine) -> Engine:
    """A store with 20,000 incidents in all of Thailand, vacuumed."""
    draw = random.Random(7)
    rows = [
        {
            "lon": draw.uniform(98, 105),
            "lat": draw.uniform(12, 20),
            "day": draw.randrange(1000),
            "type": draw.choice("ab"),
        }
        for _ in range(20_000)
    ]
    with store.begin() as connection:
        # A commit that is not flushed yet keeps vacuum from marking its pages as visible to all.
        connection.execute(text("set local synchronous_commit = on"))
        connection.execute(text("insert into crime_type (code, name_th, name_en) values ('a','ก','A'),('b','ข','B')"))
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, geom) values (:type,"
                " timestamptz '2023-01-01' + :day * interval '1 day', 'online', st_point(:lon, :lat, 4326))"
            ),
            rows,
        )
    with store.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze incident"))
        connection.execute(text("vacuum analyze incident_count"))
    return store


def test_tiles_counts_and_the_newest_are_read_from_indexes_alone(filled: Engine) -> None:
    with filled.connect() as connection:
        key = connection.execute(text("select zkey >> 32 from incident limit 1")).scalar_one()
        tile = _plan(
            connection,
            f"select zkey >> 20, count(*) from incident where zkey >= {key}::bigint << 32"
            f" and zkey < {key + 1}::bigint << 32 and day >= '2023-02-01' and crime_type = 'a' group by 1",
        )
        assert "Index Only Scan using incident_tile on incident" in tile
        days = _plan(
            connection,
            "select crime_type, count(*) from incident where day between '2023-03-01' and '2023-03-07' group by 1",
        )
        assert "Index Only Scan using incident_day on incident" in days
        far = _plan(
            connection,
            "select cell, sum(n) from incident_count where level = 9 and tier = 2 and block = 800"
            f" and cell >= {key >> 2} and cell < {(key >> 2) + 4} group by 1",
        )
        assert "Index Only Scan using incident_count_tile on incident_count" in far
        newest = _plan(
            connection,
            "select id from incident where status <> 'duplicate' order by reported_at desc, id desc limit 10",
        )
        assert "Index Only Scan using incident_newest on incident" in newest
        near = _plan(connection, "select id from incident order by geom <-> st_point(102, 15, 4326) limit 1")
        assert "Index Scan using incident_geom on incident" in near
