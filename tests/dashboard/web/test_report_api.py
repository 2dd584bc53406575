"""Partners' systems hand in reports as JSON: once each, checked strictly, and refused in words."""

from __future__ import annotations

import base64
import io
import json
import re
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import requests
from PIL import Image
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError

from dashboard.contact import unseal
from dashboard.web.api_body import LARGEST, strict_json
from dashboard.web.api_problem import ApiRefused
from dashboard.web.api_rate import Buckets
from geo.actions import api_keys
from geo.credentials.keys import derived_key
from geo.db.engine import libpq_url, make_engine
from geo.db.scope import enter
from geo.model import Scope
from geo.model.filter import Reach
from geo.queries.api_keys import api_keys as all_keys

sys.path.append(str(Path(__file__).parent))
from partner_server import SECRET, Partner, new_partner, report, running

RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


@pytest.fixture
def partner(border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    with running(border_store, monkeypatch) as one:
        yield one


@pytest.fixture(scope="module")
def asked(cluster: URL, border_template: str) -> Iterator[Partner]:
    """A partner on one database for all tests that leave nothing behind, or do not mind what others left."""
    with psycopg.connect(libpq_url(cluster.set(database="postgres")), autocommit=True) as administrator:
        administrator.execute(f"create database test_report_api template {border_template}")
        engine = make_engine(cluster.set(database="test_report_api"))
        try:
            with pytest.MonkeyPatch.context() as patched, running(engine, patched) as one:
                yield one
        finally:
            engine.dispose()
            administrator.execute("drop database test_report_api with (force)")


def rows(store: Engine, statement: str, **values: object) -> list[dict[str, Any]]:
    with store.connect() as connection:
        return [dict(row) for row in connection.execute(text(statement), values).mappings()]


def count(store: Engine, table: str = "report") -> int:
    return int(rows(store, f"select count(*) as n from {table}")[0]["n"])


def count_of(asked: Partner) -> int:
    assert asked.owner is not None
    return count(asked.owner)


def photo(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> str:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def refused(answer: requests.Response, status: int, code: str, field: str | None = None) -> str:
    """Check a refusal and give its sentence."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    said = answer.json()
    assert (said["status"], said["code"], said["type"]) == (status, code, "about:blank")
    assert said["errors"][0] == {"field": field, "code": code, "sentence": said["detail"]}
    return str(said["detail"])


# ---------------------------------------------------------------- what is taken in


def test_a_report_is_taken_in_whole_and_its_reporter_gets_a_receipt(partner: Partner, border_store: Engine) -> None:
    sent = report(
        description="เรือสามลำ\u0000\r\nกลางคืน", occurred={"when": "date", "at": "2026-01-15T21:30:00+07:00"}, ongoing=True,
        photos=[photo(), photo("JPEG")], contact="LINE: somchai", language="lo",
        place={"lat": 17.8783, "lon": 102.742, "area_code": "4301", "village": "ท่าเสด็จ"},
    )  # fmt: skip
    answer = partner.send(sent)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["client_id"] == sent["client_id"]
    assert RECEIPT.fullmatch(said["receipt"])
    [kept] = rows(
        border_store,
        "select r.*, i.status, i.district_code, i.channel as way, i.occurred_at::text as at, c.sealed, (select count(*) from evidence e"
        " where e.report_id = r.id) as photos from report r join incident i on i.id = r.incident_id"
        " join report_contact c on c.report_id = r.id",
    )
    assert kept["public_id"] == said["report"]
    assert (kept["channel"], kept["way"], kept["source"], kept["api_key_id"]) == (
        "online",
        "online",
        "api",
        partner.number,
    )
    assert (kept["status"], kept["district_code"], kept["language"], kept["photos"]) == ("received", "4301", "lo", 2)
    assert kept["description"] == "เรือสามลำ\nกลางคืน"
    assert kept["at"].startswith("2026-01-15 21:30:00")
    assert unseal(SECRET, bytes(kept["sealed"])) == "LINE: somchai"
    assert str(kept["client_id"]) != sent["client_id"]  # identifiers of partners and of the form never meet
    assert said["receipt"].replace(" ", "").encode() not in bytes(kept["receipt_hash"])


def test_the_state_is_told_in_code_and_words_and_nothing_else_is(partner: Partner, border_store: Engine) -> None:
    sent = report()
    partner.send(sent)
    with border_store.begin() as connection:
        connection.execute(text("update incident set status = 'verifying'"))
    path = f"/api/reports/{sent['client_id']}"
    assert partner.call("GET", path).json() == {
        "client_id": sent["client_id"],
        "state": {"code": "verifying", "words": "The centre is checking it."},
    }
    thai = partner.call("GET", path, headers={"Accept-Language": "th;q=0.9, en;q=0.5"})
    assert (thai.json()["state"]["words"], thai.headers["content-language"]) == ("ศูนย์กำลังตรวจสอบ", "th")
    assert partner.call("GET", path.upper().replace("/API/REPORTS", "/api/reports")).status_code == 200


@pytest.mark.parametrize(
    "when", [{"when": "now"}, {"when": "today"}, {"when": "unsure"}, {"when": "date", "at": "2026-02-01"}]
)
@pytest.mark.parametrize("place", [{"lat": 20, "lon": 100.4}, {"area_code": "4301"}, {"area_code": "430101"}])
def test_every_kind_of_time_and_place_is_taken(asked: Partner, when: dict[str, str], place: dict[str, Any]) -> None:
    assert asked.send(report(occurred=when, place=place)).status_code == 201


# ---------------------------------------------------------------- once


def test_the_same_report_again_has_the_same_answer(partner: Partner, border_store: Engine) -> None:
    sent = report(contact="081", photos=[photo()])
    first, again = partner.send(sent), partner.send(dict(reversed(sent.items())))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert count(border_store) == count(border_store, "incident") == count(border_store, "evidence") == 1


def test_twenty_at_the_same_moment_make_one_report(partner: Partner, border_store: Engine) -> None:
    sent = report()
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: partner.send(sent), range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert count(border_store) == count(border_store, "incident") == 1


@pytest.mark.parametrize(
    "change",
    [{"description": "other"}, {"contact": "082"}, {"photos": [photo("JPEG")]}, {"occurred": {"when": "now"}}, {"ongoing": False}],
)  # fmt: skip
def test_the_same_identifier_with_another_content_is_refused(
    partner: Partner, border_store: Engine, change: dict[str, Any]
) -> None:
    sent = report(description="one", contact="081", photos=[photo()], ongoing=True)
    partner.send(sent)
    refused(partner.send(sent | change), 409, "report.content", "client_id")
    assert count(border_store) == 1
    assert rows(border_store, "select description from report") == [{"description": "one"}]


def test_what_another_partner_handed_in_cannot_be_told_from_nothing(partner: Partner, border_store: Engine) -> None:
    other = new_partner(partner.engine, partner.address, "their website")
    sent = report()
    first = partner.send(sent)
    path = f"/api/reports/{sent['client_id']}"
    foreign, unknown = other.call("GET", path), other.call("GET", f"/api/reports/{uuid4()}")
    assert refused(foreign, 404, "api.no_report", "client_id") == refused(unknown, 404, "api.no_report", "client_id")
    assert foreign.content == unknown.content
    theirs = other.send(sent | {"description": "theirs"})
    assert theirs.status_code == 201
    assert theirs.json()["receipt"] != first.json()["receipt"]
    assert count(border_store) == 2


def test_a_partner_may_change_keys_between_two_sendings(partner: Partner, border_store: Engine) -> None:
    sent = report()
    first = partner.send(sent)
    second = new_partner(partner.engine, partner.address)
    with partner.engine.begin() as connection:
        api_keys.revoke_key(connection, partner.number)
    assert second.send(sent).json() == first.json()
    assert second.call("GET", f"/api/reports/{sent['client_id']}").status_code == 200
    refused(partner.send(sent), 401, "api.key")
    assert count(border_store) == 1


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"crime_type": None}, "report.nothing_said", "description"),
        ({"crime_type": "no_such"}, "report.crime_type", "crime_type"),
        ({"crime_type": "x\u0000"}, "api.form", "crime_type"),
        ({"crime_type": 5}, "api.type", "crime_type"),
        ({"description": "x" * 4001}, "api.too_long", "description"),
        ({"description": ["x"]}, "api.type", "description"),
        ({"place": {}}, "report.no_place", "place"),
        ({"place": {"lat": 17}}, "report.half_point", "place"),
        ({"place": {"lat": 51.5, "lon": 0.1}}, "report.far_away", "place.lat"),
        ({"place": {"lat": 102.7, "lon": 17.8}}, "report.far_away", "place.lat"),
        ({"place": {"lat": "17", "lon": 102}}, "api.type", "place.lat"),
        ({"place": {"lat": True, "lon": 102}}, "api.type", "place.lat"),
        ({"place": {"area_code": "9999"}}, "report.area", "place"),
        ({"place": {"area_code": "๔๓๐๑"}}, "api.form", "place.area_code"),
        ({"place": {"area_code": "4301\n"}}, "api.form", "place.area_code"),
        ({"place": []}, "api.type", "place"),
        ({"occurred": {"when": "date"}}, "report.no_date", "occurred.at"),
        ({"occurred": {"when": "date", "at": "2026-02-30"}}, "report.date", "occurred.at"),
        ({"occurred": {"when": "date", "at": "2999-01-01"}}, "report.future", "occurred.at"),
        ({"occurred": {"when": "date", "at": "1969-01-01"}}, "report.long_ago", "occurred.at"),
        ({"occurred": {"when": "date", "at": "0001-01-01T00:00:00+14:00"}}, "report.long_ago", "occurred.at"),
        ({"occurred": {"when": "date", "at": "9999-12-31T23:59:59-14:00"}}, "report.future", "occurred.at"),
        ({"occurred": {"when": "date", "at": 1760000000}}, "api.type", "occurred.at"),
        ({"occurred": {"when": "soon"}}, "api.choice", "occurred.when"),
        ({"ongoing": "yes"}, "api.type", "ongoing"),
        ({"ongoing": 1}, "api.type", "ongoing"),
        ({"language": "fr"}, "api.choice", "language"),
        ({"contact": "x" * 201}, "api.too_long", "contact"),
        ({"photos": ["AAAA"] * 6}, "api.too_many", "photos"),
        ({"photos": ["AAAA"]}, "photo.not_one", "photos.0"),
        ({"photos": ["AAAAA"]}, "api.base64", "photos.0"),
        ({"photos": ["data:image/png;base64,AAAA"]}, "api.form", "photos.0"),
        ({"client_id": "7"}, "api.form", "client_id"),
        ({"client_id": None}, "api.type", "client_id"),
        ({"colour": "red"}, "api.unknown_field", "colour"),
        ({"place": {"lat": 17.8, "lon": 102.7, "z": 1}}, "api.unknown_field", "place.z"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field_code_and_sentence(
    asked: Partner, change: dict[str, Any], code: str, field: str
) -> None:
    before = count_of(asked)
    english = refused(asked.send(report() | change), 422, code, field)
    thai = refused(asked.send(report() | change, headers={"Accept-Language": "th"}), 422, code, field)
    assert re.search("[ก-๛]", thai)
    assert not re.search("[ก-๛]", english)
    assert count_of(asked) == before


def test_all_that_does_not_fit_is_told_at_once(asked: Partner) -> None:
    said = asked.send({"place": {"lat": "x"}, "colour": 1, "language": "fr"}).json()
    assert {(e["field"], e["code"]) for e in said["errors"]} == {
        ("client_id", "api.missing"), ("place.lat", "api.type"), ("colour", "api.unknown_field"), ("language", "api.choice"),
    }  # fmt: skip


WHOLE = (
    '{"client_id":"7f0c1a52-2f0e-4a3e-9d57-0a4f2b6c9d11","crime_type":"contraband","place":{"lat":17.8,"lon":102.7}%s}'
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "api.json"),
        (b"{", "api.json"),
        (b"\xff\xfe{\x00}\x00", "api.json"),
        (b'{"description":"\xc3\x28"}', "api.json"),
        (b"[]", "api.object"),
        (b"null", "api.object"),
        (b"[" * 200_000, "api.too_deep"),
        (b'{"a":' * 100_000, "api.too_deep"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "api.too_deep"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, None),
        (WHOLE % ',"ongoing":NaN', "api.number"),
        (WHOLE % ',"ongoing":-Infinity', "api.number"),
        (WHOLE % ',"ongoing":1e999', "api.number"),
        (WHOLE % (',"ongoing":' + "9" * 100_000), "api.number"),
        (WHOLE % ',"description":"\\ud800"', "api.json"),
        (WHOLE % ',"\\udfff":"x"', "api.json"),
        (WHOLE % ',"crime_type":"contraband"', "api.duplicate_key"),
        (WHOLE % ',"\\ud800":1,"\\ud800":2', "api.duplicate_key"),
        (WHOLE % ',"place":{}', "api.duplicate_key"),
        ((WHOLE % "") + "x", "api.json"),
        ("\ufeff" + WHOLE % "", "api.json"),
    ],
)  # fmt: skip
def test_a_body_that_readers_could_take_for_different_things_is_refused(
    asked: Partner, body: bytes | str, code: str | None
) -> None:
    before = count_of(asked)
    answer = asked.send_raw(body.encode() if isinstance(body, str) else body)
    if code is None:  # deep, and still read: the field is what is wrong
        refused(answer, 422, "api.missing", "client_id")
    else:
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert count_of(asked) == before


def test_a_field_that_is_there_twice_is_named() -> None:
    with pytest.raises(ApiRefused) as error:
        strict_json(b'{"a": {"b": 1, "b": 1}}')
    assert error.value.field == "b"


def test_only_json_of_a_limited_size_is_read(partner: Partner, border_store: Engine) -> None:
    whole = json.dumps(report()).encode()
    refused(partner.send_raw(whole, "text/plain"), 415, "api.media_type")
    refused(partner.call("POST", "/api/reports", data=whole, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}), 415, "api.encoding")  # fmt: skip
    large = b" " * (LARGEST + 1)
    refused(partner.send_raw(large), 413, "api.too_large")
    refused(partner.send_raw(large[i : i + 2**16] for i in range(0, len(large), 2**16)), 413, "api.too_large")
    assert partner.send_raw(whole + b" " * (LARGEST - len(whole)), "Application/JSON; charset=utf-8").status_code == 201
    assert count(border_store) == 1


def test_who_hangs_up_in_the_middle_leaves_nothing_behind(
    partner: Partner, border_store: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = partner.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as line:
        head = f"POST /api/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {partner.key}\r\n"
        line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{{".encode())
        time.sleep(0.5)
    assert partner.send(report()).status_code == 201
    assert count(border_store) == 1
    assert "call failed" not in caplog.text


def test_photos_that_fill_the_body_are_taken(partner: Partner, border_store: Engine) -> None:
    raw = Image.effect_noise((1100, 1100), 90).convert("RGB")
    out = io.BytesIO()
    raw.save(out, "PNG", compress_level=0)
    one = base64.b64encode(out.getvalue()).decode()
    assert len(one) > 4_000_000
    assert partner.send(report(photos=[one])).status_code == 201
    assert rows(border_store, "select media_type from evidence") == [{"media_type": "image/jpeg"}]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer ntsw_x", "Bearer ntsw_" + "A" * 43, "Basic eDp5", "Bearer \u00e9", "Bearer " + "x" * 9000]
)  # fmt: skip
def test_nobody_comes_in_without_a_key(asked: Partner, header: str | None) -> None:
    before = count_of(asked)
    headers = {"Authorization": header.encode("latin-1") if header else None}
    for method, path in (("POST", "/api/reports"), ("POST", "/api/reports/kobo"), ("GET", f"/api/reports/{uuid4()}")):
        answer = asked.call(method, path, data=b"{}", headers=headers)
        assert refused(answer, 401, "api.key")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert count_of(asked) == before


@pytest.mark.parametrize(
    ("path", "methods"), [("/api/reports", "POST"), ("/api/reports/kobo", "POST"), ("/api/reports/x", "GET, HEAD")]
)
def test_another_method_is_refused_with_those_there_are(asked: Partner, path: str, methods: str) -> None:
    answer = asked.call("DELETE", path)
    refused(answer, 405, "api.method")
    assert answer.headers["allow"] == methods


# ---------------------------------------------------------------- how often


def test_a_key_has_a_bucket_of_calls_and_others_have_theirs(
    border_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(border_store, monkeypatch, per_minute=3) as partner:
        other = new_partner(partner.engine, partner.address, "other")
        assert [partner.send(report()).status_code for _ in range(3)] == [201] * 3
        answer = partner.send(report())
        refused(answer, 429, "api.too_many_calls")
        assert 1 <= int(answer.headers["retry-after"]) <= 20
        assert other.send(report()).status_code == 201
    assert count(border_store) == 4


def test_a_bucket_fills_as_time_goes_by_and_no_further() -> None:
    now = 0.0
    buckets = Buckets(120, lambda: now)
    assert [buckets.take(1) for _ in range(120)] == [0.0] * 120
    assert buckets.take(1) == pytest.approx(0.5)
    now = 0.5
    assert buckets.take(1) == 0.0
    assert buckets.take(1) > 0
    now = 3600.0
    assert sum(buckets.take(1) == 0.0 for _ in range(500)) == 120


# ---------------------------------------------------------------- keys


def test_a_key_is_shown_once_and_kept_as_a_hash_of_its_own_installation(partner: Partner, border_store: Engine) -> None:
    assert re.fullmatch(r"ntsw_[A-Za-z0-9_-]{43}", partner.key)
    [kept] = rows(border_store, "select * from api_key")
    assert partner.key.encode() not in bytes(kept["key_hash"])
    assert partner.key not in str(kept)
    with partner.engine.begin() as connection:
        assert api_keys.use_key(connection, derived_key("another installation" * 2, "api-key"), partner.key) is None
    assert [row["action"] for row in rows(border_store, "select action from audit_log")] == ["api_key.create"]


def test_the_last_use_is_marked_once_a_minute(partner: Partner, border_store: Engine) -> None:
    assert rows(border_store, "select last_used_at from api_key") == [{"last_used_at": None}]
    partner.send(report())
    [first] = rows(border_store, "select last_used_at, xmin::text from api_key")
    assert first["last_used_at"] is not None
    partner.send(report())
    assert rows(border_store, "select last_used_at, xmin::text from api_key") == [first]
    with border_store.begin() as connection:
        connection.execute(text("update api_key set last_used_at = now() - interval '61 seconds'"))
    partner.send(report())
    assert rows(border_store, "select last_used_at > now() - interval '30 seconds' as new from api_key") == [
        {"new": True}
    ]


def test_a_key_is_revoked_once_and_listed_last(partner: Partner) -> None:
    new_partner(partner.engine, partner.address, "z")
    with partner.engine.begin() as connection:
        api_keys.revoke_key(connection, partner.number)
    with partner.engine.begin() as connection:
        assert [key.partner for key in all_keys(connection)] == ["z", "LINE bot"]
        with pytest.raises(Exception, match=r"api_key\.revoked"):
            api_keys.revoke_key(connection, partner.number)
        with pytest.raises(Exception, match=r"api_key\.unknown"):
            api_keys.revoke_key(connection, 999)
        for name in ("", " \u200b", "x" * 101):
            with pytest.raises(Exception, match=r"api_key\.partner"):
                api_keys.make_key(connection, b"x" * 32, name)


@pytest.mark.parametrize(
    "statement",
    ["select * from api_key", "select * from report", "select * from incident", "select * from evidence", "update api_key set revoked_at = now()"],
)  # fmt: skip
def test_what_hands_reports_in_reads_nothing(partner: Partner, statement: str) -> None:
    partner.send(report())
    with partner.engine.begin() as connection:
        enter(connection, Scope(districts=(), role=Reach.INTAKE))
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement))
    if "api_key" not in statement:
        with partner.engine.begin() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement))


# ---------------------------------------------------------------- KoboToolbox


def kobo(**given: Any) -> dict[str, Any]:
    return {
        "_id": 7, "_uuid": str(uuid4()), "_submission_time": "2026-01-20T03:12:45", "_geolocation": [17.8783, 102.742],
        "_attachments": [{"download_url": "https://kobo.example/x.jpg"}], "formhub/uuid": "x", "group/inner/crime_type": "contraband",
        "what/description": "รถกระบะ", "ongoing": "no", "contact": "", "__version__": "v", "_tags": [],
    } | given  # fmt: skip


def test_a_submission_of_kobo_is_a_report(partner: Partner, border_store: Engine) -> None:
    sent = kobo(occurred="today")
    first, again = (partner.call("POST", "/api/reports/kobo", json=sent) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    [kept] = rows(
        border_store,
        "select r.crime_type, r.description, r.ongoing, r.when_said, i.day::text, i.district_code from report r"
        " join incident i on i.id = r.incident_id",
    )
    assert kept == {
        "crime_type": "contraband", "description": "รถกระบะ", "ongoing": False, "when_said": "today", "day": "2026-01-20",
        "district_code": "4301",
    }  # fmt: skip
    assert partner.call("GET", f"/api/reports/{sent['_uuid']}").json()["state"]["code"] == "received"


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"occurred_at": "2026-01-02T10:00:00.000+07:00"}, 201, None, None),
        ({"_geolocation": [None, None], "where/area_code": "4301"}, 201, None, None),
        ({"_geolocation": [None, None]}, 422, "report.no_place", "place"),
        ({"_geolocation": None, "area_code": ""}, 422, "report.no_place", "place"),
        ({"_geolocation": [1, 2, 3]}, 422, "api.too_many", "_geolocation"),
        ({"_geolocation": ["17", "102"]}, 422, "api.type", "_geolocation.0"),
        ({"_uuid": "x"}, 422, "api.form", "_uuid"),
        ({"occurred": "date"}, 422, "report.no_date", "occurred.at"),
        ({"occurred_at": "2026-13-02"}, 422, "report.date", "occurred.at"),
        ({"ongoing": "maybe"}, 422, "api.choice", "ongoing"),
        ({"group/inner/crime_type": 4}, 422, "api.type", "crime_type"),
    ],
)
def test_what_kobo_sends_is_checked_like_all_else(
    asked: Partner, change: dict[str, Any], status: int, code: str | None, field: str | None
) -> None:
    answer = asked.call("POST", "/api/reports/kobo", json=kobo(**change))
    assert answer.status_code == status
    if code:
        refused(answer, status, code, field)


# ---------------------------------------------------------------- when the database is away


def test_a_database_that_does_not_answer_is_said_and_the_report_may_come_again(
    partner: Partner, border_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard import store

    sent, working = report(), store.engine()
    away = make_engine(border_store.url.update_query_dict({"host": "/nowhere"}), for_pages=True)
    monkeypatch.setattr(store, "engine", lambda: away)
    answer = partner.send(sent)
    assert refused(answer, 503, "database.unavailable")
    assert answer.headers["retry-after"] == "5"
    monkeypatch.setattr(store, "engine", lambda: working)
    assert partner.send(sent).status_code == 201
