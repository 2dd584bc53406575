"""Incidents on their way into a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from geo.actions.incident_file import FileOptions, import_incidents
from geo.actions.incidents import add_incidents
from geo.ingest.dates import BANGKOK
from geo.ingest.incidents import incident_vocabulary
from geo.ingest.tabular import read_table
from geo.model import Channel, Status
from geo.model.new_incident import NewIncident

WHEN = datetime(2026, 7, 14, 21, 5, tzinfo=BANGKOK)
ONE = NewIncident(
    row=2,
    crime_type="drug_trafficking",
    other_types=("money_laundering",),
    occurred_at=WHEN,
    day_only=False,
    reported_at=WHEN + timedelta(hours=1),
    status=Status.VERIFYING,
    channel=Channel.PATROL,
    district=None,
    location_note="ริมโขง",
    lon=102.7125,
    lat=17.8712,
    description="พบของกลาง\n{{7*7}}",
    source_id="12/2569",
)
OPTIONS = FileOptions(now=datetime(2026, 11, 23, tzinfo=BANGKOK))


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_an_incident_is_written_with_its_report_and_finds_its_district(border_store: Engine) -> None:
    with border_store.begin() as connection:
        added = add_incidents(connection, [ONE], source="เหตุ.csv")
        row = connection.execute(text("select * from incident")).mappings().one()
        report = connection.execute(text("select * from report")).mappings().one()
    assert added.placed[2].id == row["id"] == report["incident_id"]
    assert added.placed[2].public_id == row["public_id"]
    assert row["district_code"] == "4301"
    assert (row["location_check"], row["district_stated"]) == ("inside", False)
    assert row["occurred_at"] == WHEN
    assert row["other_crime_types"] == ["money_laundering"]
    assert (row["status"], row["channel"], row["source"]) == ("verifying", "patrol", "เหตุ.csv #12/2569")
    assert report["description"] == ONE.description
    assert report["received_at"] == ONE.reported_at


def test_the_same_incident_is_added_once_in_one_file_and_in_another(border_store: Engine) -> None:
    with border_store.begin() as connection:
        first = add_incidents(connection, [ONE, replace(ONE, row=3)], source="a.csv")
        again = add_incidents(connection, [replace(ONE, row=9, status=Status.CLOSED)], source="b.csv")
        assert count(connection, "incident") == count(connection, "report") == 1
    assert (list(first.placed), first.already) == ([2], {3: 2})
    assert (again.placed, again.already) == ({}, {9: 0})


def test_a_stated_district_is_kept_and_flagged_where_the_point_disagrees(border_store: Engine) -> None:
    with border_store.begin() as connection:
        added = add_incidents(connection, [replace(ONE, district="4305")], source="a.csv")
        row = connection.execute(text("select * from incident")).mappings().one()
    assert (row["district_code"], row["point_district_code"], row["district_conflict"]) == (
        "4305",
        "4301",
        True,
    )
    assert added.placed[2].conflict


def test_an_incident_without_a_point_has_its_stated_district(border_store: Engine) -> None:
    with border_store.begin() as connection:
        added = add_incidents(connection, [replace(ONE, lon=None, lat=None, district="4305")], source="a.csv")
        assert connection.execute(text("select geom is null from report")).scalar_one()
    assert added.placed[2].location_check == "no_point"


def test_nothing_stays_of_a_transaction_that_is_given_up(border_store: Engine) -> None:
    with border_store.connect() as connection:
        add_incidents(connection, [ONE], source="a.csv")
        connection.rollback()
        assert count(connection, "incident") == count(connection, "report") == 0


SHEET = (
    "date,type,lat,lon,district,details\n"
    "14/07/2569,ยาบ้า,17.8712,102.7125,,ก\n"
    "14/07/2569,ยาบ้า,17.8712,102.7125,,ก\n"
    "14/07/2569,ยาบ้า,102.7125,17.8712,อ.โพนพิสัย,ข\n"
    "14/07/2569,ยาบ้า,,,4301,ค\n"
    "14/07/2569,ยาบ้า,20.5,108.5,,ง\n"
    "31/02/2569,ยาบ้า,17.8712,102.7125,,จ\n"
    "14/07/2569,ขโมยไก่,17.8712,102.7125,,ฉ\n"
)


def test_the_account_of_a_file_adds_up_and_is_remembered(border_store: Engine) -> None:
    with border_store.begin() as connection:
        table = read_table(SHEET.encode(), "a.csv", incident_vocabulary())
        outcome = import_incidents(connection, table, OPTIONS, file_name="a.csv", sha256="x")
        batch = connection.execute(text("select * from import_batch")).mappings().one()
        assert count(connection, "incident") == 4
    assert (outcome.read, outcome.added, outcome.already, len(outcome.refused)) == (7, 4, 1, 2)
    assert outcome.places == {"inside": 2, "no_point": 1, "outside": 1}
    assert outcome.conflicts == 1
    assert [(remark.row.number, remark.code) for remark in outcome.remarks] == [
        (3, "repeats_row"),
        (4, "swapped_lat_lon"),
        (4, "district_conflict"),
        (6, "outside_districts"),
    ]
    assert (batch["rows_read"], batch["rows_added"], batch["rows_already"], batch["rows_refused"]) == (
        7,
        4,
        1,
        2,
    )


def test_importing_again_adds_nothing(border_store: Engine) -> None:
    for expected in (4, 0):
        with border_store.begin() as connection:
            table = read_table(SHEET.encode(), "a.csv", incident_vocabulary())
            outcome = import_incidents(connection, table, OPTIONS, file_name="a.csv", sha256="x")
            assert outcome.added == expected
            assert outcome.read == outcome.added + outcome.already + len(outcome.refused)
    with border_store.connect() as connection:
        assert count(connection, "incident") == count(connection, "report") == 4


@pytest.mark.parametrize(
    "hostile", ["a\x00b", "\ud800", "\\N", "\\.", "{1,2}", "a\tb\nc", "'; drop table incident; --"]
)
def test_hostile_text_reaches_the_store_as_text(border_store: Engine, hostile: str) -> None:
    import json

    feature = {
        "type": "Feature",
        "properties": {
            "date": "14/07/2569",
            "type": "ยาบ้า",
            "details": hostile,
            "place": hostile,
            "id": hostile,
        },
        "geometry": {"type": "Point", "coordinates": [102.7125, 17.8712]},
    }
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    with border_store.begin() as connection:
        table = read_table(data, "a.geojson", incident_vocabulary())
        assert import_incidents(connection, table, OPTIONS, file_name="a", sha256="x").added == 1
        told = connection.execute(text("select coalesce(description, '') from report")).scalar_one()
    assert told == hostile.replace("\x00", " ").replace("\ud800", "").replace("\t", " ")
