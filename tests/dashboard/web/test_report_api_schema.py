"""The description at ``/api/openapi.json`` and what is served say the same, whatever is sent."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.config import SchemathesisConfig
from sqlalchemy import text
from sqlalchemy.engine import URL

from dashboard.web.api_openapi import description
from geo.db.engine import libpq_url, make_engine

sys.path.append(str(Path(__file__).parent))
from partner_server import Partner, report, running

checks.load_all_checks()
KNOWN_TO_THE_STORE_ALONE = [checks.CHECKS.get_one("positive_data_acceptance")]
"""Whether a kind of incident or a place exists, and whether a day has come, no schema can say."""
ANSWERED: Counter[int] = Counter()
PHOTO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one pixel
THERE = {
    "crime_type": ["contraband", "online_scam"],
    "area_code": ["4301", "430101"],
    "at": ["2026-02-01", "2026-02-01T08:00:00Z"],
}


def _known() -> dict[str, Any]:
    """The description as the store has it now: kinds, places, days and photos that there are."""
    made = json.loads(description())
    report, place, occurred = (made["components"]["schemas"][name] for name in ("Report", "Place", "Occurred"))
    for schema, name in ((report, "crime_type"), (place, "area_code"), (occurred, "at")):
        schema["properties"][name] = {"type": "string", "enum": THERE[name]}
    report["required"].append("crime_type")
    report["properties"]["photos"]["items"] = {"type": "string", "enum": [PHOTO]}
    return made


described = schemathesis.openapi.from_dict(json.loads(description()))
fitting = SchemathesisConfig.from_dict({"generation": {"mode": "positive"}})
known = schemathesis.openapi.from_dict(_known(), config=fitting).include(path="/api/reports")


@pytest.fixture(scope="module")
def partner(cluster: URL, border_template: str) -> Iterator[Partner]:
    """A partner on one database for all that is generated."""
    with psycopg.connect(libpq_url(cluster.set(database="postgres")), autocommit=True) as administrator:
        administrator.execute(f"create database test_report_api_schema template {border_template}")
        engine = make_engine(cluster.set(database="test_report_api_schema"))
        try:
            with pytest.MonkeyPatch.context() as patched, running(engine, patched) as one:
                yield one
        finally:
            engine.dispose()
            administrator.execute("drop database test_report_api_schema with (force)")


@described.parametrize()
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_sent_breaks_it_and_every_answer_is_as_described(
    case: schemathesis.Case, partner: Partner
) -> None:
    answer = case.call_and_validate(
        base_url=partner.address,
        headers={"Authorization": f"Bearer {partner.key}"},
        excluded_checks=KNOWN_TO_THE_STORE_ALONE,
        timeout=30,
    )
    ANSWERED[answer.status_code] += 1


@known.parametrize()
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_what_the_description_allows_is_taken_in(case: schemathesis.Case, partner: Partner) -> None:
    answer = case.call_and_validate(
        base_url=partner.address, headers={"Authorization": f"Bearer {partner.key}"}, timeout=30
    )
    ANSWERED[answer.status_code] += 1


def test_the_description_is_served_to_everybody_and_its_examples_are_taken(partner: Partner) -> None:
    answer = requests.get(f"{partner.address}/api/openapi.json", timeout=30)
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert said["openapi"] == "3.1.0"
    assert said["servers"] == [{"url": "/"}]
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    for name, path in (("Report", "/api/reports"), ("KoboSubmission", "/api/reports/kobo")):
        for example in said["components"]["schemas"][name]["examples"]:
            assert partner.call("POST", path, json=example).status_code in (200, 201)


def test_much_of_it_was_taken_in_and_every_report_once(partner: Partner) -> None:
    """What was generated, and enough that is known to be right, of which the same is sent twice."""
    for _ in range(20):
        sent = report()
        assert [partner.send(sent).status_code for _ in range(2)] == [201, 200]
        assert partner.call("GET", f"/api/reports/{sent['client_id']}").status_code == 200
    assert partner.call("GET", f"/api/reports/{uuid4()}").status_code == 404
    assert partner.owner is not None
    with partner.owner.connect() as connection:
        reports, incidents = connection.execute(
            text("select (select count(*) from report), (select count(*) from incident)")
        ).one()
    assert reports == incidents
    assert reports >= 20 + ANSWERED[201]
