"""Papers and tables that people take away: each gets what their role reads, whoever asks otherwise gets a sentence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import store
from dashboard.documents import tables
from dashboard.settings import DashboardSettings
from dashboard.web import exports, papers
from dashboard.web.gate import is_public
from dashboard.web.live import hub
from geo.ingest.text import clean
from geo.model.person import Person, Role
from geo.queries.inbox import inbox
from tests import hostile
from tests.came import Came
from tests.dashboard.documents.conftest import Referred, text_of
from tests.geo.cases.conftest import PEOPLE, Office

KEY = "a key for these tests alone, 32+"
ALL = (
    "period=custom&from=2000-01-01&to=2099-12-31&status=received.verifying.verified.unfounded.duplicate.referred.closed"
)
WORKING = sorted(PEOPLE)


class Taker:
    """Takes things away for somebody."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def take(self, who: str, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={"x-who": who, **headers})

    def rows(self, who: str, path: str) -> list[dict[str, str]]:
        """The rows of a CSV, by its heads."""
        answer = self.take(who, path)
        assert answer.status_code == 200, answer.text
        body = answer.content.decode("utf-8-sig").split("\r\n\r\n", 1)[1]
        return list(csv.DictReader(io.StringIO(body, newline="")))


@pytest.fixture
def taker(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taker]:
    """Our routes for the people of the office, on its store."""
    people = {
        who: Person(
            office.ids[who], who, who, Role(role), (district,) if district else (), agency,
            area_code="430105" if role == "coordinator" else None,
        )
        for who, (role, agency, district, _) in PEOPLE.items()
    }  # fmt: skip
    chosen = DashboardSettings(secret_key=KEY)
    monkeypatch.setattr(store, "settings", lambda: chosen)
    monkeypatch.setattr(store, "signing_key", lambda: KEY)
    monkeypatch.setattr(store, "engine", lambda: office.app)
    monkeypatch.setattr(type(hub), "version", property(lambda _: f"taken-{id(office)}"))
    app = Came(Starlette(routes=[*papers.routes, *exports.routes]), people)
    with TestClient(app) as client:
        client.headers["accept-language"] = "en"
        yield Taker(client)


@pytest.fixture
def border(office: Office) -> dict[str, str]:
    """Cases of two districts, verified and not, by a short name."""
    return {
        f"{place}_{status}": office.case(
            district=district, lon=lon, lat=lat, status=status, told=f"told {place} {status}", hours_ago=30
        )
        for place, district, lon, lat in (("here", "4301", 102.7431, 17.8732), ("there", "4901", 104.7219, 16.5413))
        for status in ("received", "verified", "referred", "unfounded")
    }


def readable(office: Office, who: str) -> set[str]:
    """What the database shows to somebody."""
    with office.acting(who) as connection:
        found = set(connection.execute(text("select public_id from incident")).scalars())
        if who in {"commander", "planner"}:
            found |= set(connection.execute(text("select public_id from incident_outline")).scalars())
    return found


@pytest.mark.parametrize("who", ["officer", "chief", "neighbour", "commander", "planner"])
def test_a_table_of_incidents_holds_what_its_taker_may_read(
    taker: Taker,
    office: Office,
    border: dict[str, str],
    who: str,
) -> None:
    rows = taker.rows(who, f"/exports/incidents.csv?lang=en&{ALL}")
    assert {row["Case"] for row in rows} == readable(office, who)
    for row in rows:
        short = next(name for name, case in border.items() if case == row["Case"])
        rough = who in {"commander", "planner"} and short.endswith("received")
        assert row["Rough place"] == ("yes" if rough else "no")
        if who == "planner":
            assert "Words of the reports" not in row
            assert "Place" not in row
        else:
            told = f"told {short.split('_')[0]} {short.split('_')[1]}"
            assert row["Words of the reports"] == ("" if rough else told)
        exact = {"here": "17.8732", "there": "16.5413"}[short.split("_")[0]]
        assert (row["Latitude"] == exact) == (not rough)
        assert row["Occurred"].endswith("00:00") or not rough


def test_the_filter_and_the_moment_stand_in_the_file(taker: Taker, border: dict[str, str]) -> None:
    query = "lang=th&period=custom&from=2026-01-01&to=2099-12-31&type=drug_trafficking&status=verified"
    answer = taker.take("planner", f"/exports/incidents.csv?{query}")
    head = answer.content.decode("utf-8-sig").split("\r\n\r\n")[0]
    assert "การลักลอบค้าและลำเลียงยาเสพติดข้ามแดน" in head
    assert "ยืนยันแล้ว" in head
    assert re.search(r"ข้อมูล ณ,\d+ \S+ 25\d\d เวลา \d\d:\d\d น\.", head)
    assert "ไม่มีข้อความที่แจ้ง" in head
    assert {row["สถานะ"] for row in taker.rows("planner", f"/exports/incidents.csv?{query}")} == {"ยืนยันแล้ว"}
    assert answer.headers["cache-control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="incidents-\d{8}-\d{4}\.csv"', answer.headers["content-disposition"])


def test_each_takes_only_the_tables_of_their_own_pages(taker: Taker, border: dict[str, str]) -> None:
    for table, roles in exports.ROLES.items():
        for who in WORKING:
            answer = taker.take(who, f"/exports/{table}.csv")
            assert answer.status_code == (200 if PEOPLE[who][0] in roles else 403), (table, who)
    assert taker.take("officer", "/exports/person.csv").status_code == 409
    assert taker.take("officer", "/exports/inbox.pdf").status_code == 409


def test_agencies_and_coordinators_take_only_their_own(
    taker: Taker,
    office: Office,
    referred: Referred,
) -> None:
    other = office.case(told="ไม่ใช่ของศุลกากร", status="referred")
    office.put(
        "insert into referral (incident_id, agency, sent_by, note, answer_due) select id, 'local_police', :w, 'ลับ', now()"
        " from incident where public_id = :p", w=office.ids["officer"], p=other,
    )  # fmt: skip
    assert [row["Case"] for row in taker.rows("customs", "/exports/referrals.csv?lang=en")] == [referred.public_id]
    assert {row["Case"] for row in taker.rows("officer", "/exports/referrals.csv?lang=en")} == {
        referred.public_id,
        other,
    }
    assert taker.rows("neighbour", "/exports/referrals.csv?lang=en") == []
    assert taker.rows("officer", "/exports/referrals.csv?lang=en&state=done") == []
    own = office.case(entered_by="headman", told="ผมแจ้งเอง")
    assert [row["Case"] for row in taker.rows("headman", "/exports/reports.csv?lang=en")] == [own]


def test_the_inbox_is_taken_as_it_is_listed_and_names_nobody(
    taker: Taker, border: dict[str, str], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    for number in range(5):
        office.case(told=f"เรื่องที่ {number}")
    rows = taker.rows("officer", "/exports/inbox.csv?lang=en")
    with office.acting("officer") as connection:
        listed = inbox(connection, PEOPLE["officer"][3], limit=1000)
    assert [row["Case"] for row in rows] == [row.public_id for row in listed]
    assert len(rows) > 5
    who = office.ids["officer"]
    office.put("insert into case_file (incident_id, officer_id) select max(id), :w from incident", w=who)
    one = taker.rows("officer", f"/exports/inbox.csv?lang=en&officer={who}&type=drug_trafficking&district=4301.4901")
    assert len(one) == 1
    assert "คุณ" not in str(one)
    assert len(taker.rows("officer", "/exports/inbox.csv?officer=0&group=nonsense")) == len(rows) - 1
    assert taker.rows("officer", "/exports/inbox.csv?type=contraband") == []
    assert border["there_received"] not in {row["Case"] for row in rows}
    assert {row["Case"] for row in taker.rows("officer", "/exports/inbox.csv?lang=en&group=ended")} <= set(
        border.values()
    )
    assert "คุณ" not in taker.take("officer", "/exports/inbox.csv").text
    taken = office.rows("select action, subject, detail from audit_log where action = 'export' order by id")
    assert taken[0][1:] == ("table:inbox", {"rows": len(rows), "form": "csv"})


def test_too_many_rows_are_refused_in_words_and_nothing_is_handed_over(
    taker: Taker,
    office: Office,
    border: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.case()
    office.case()
    monkeypatch.setitem(tables.MOST, "xlsx", 2)
    answer = taker.take("officer", f"/exports/incidents.xlsx?lang=en&{ALL}")
    assert answer.status_code == 409
    assert "more than 2 rows" in answer.text
    assert "up to 1,000,000 rows" in answer.text
    assert taker.take("officer", "/exports/inbox.xlsx").status_code == 409
    assert office.one("select count(*) from audit_log") == 0
    assert taker.take("officer", f"/exports/incidents.csv?{ALL}").status_code == 200


def test_no_other_site_makes_anybody_take_something_away(taker: Taker, referred: Referred) -> None:
    for path in ("/exports/inbox.csv", f"/papers/referral/{referred.referral}.pdf"):
        for site in ("cross-site", "same-site"):
            assert taker.take("officer", path, **{"sec-fetch-site": site}).status_code == 403
        assert taker.take("officer", path, **{"sec-fetch-site": "same-origin"}).status_code == 200
        assert not is_public(path)


def test_papers_are_for_the_district_s_own_people_and_every_one_is_logged(
    taker: Taker,
    office: Office,
    referred: Referred,
) -> None:
    pack = f"/papers/referral/{referred.referral}.pdf?lang=en&marking=secret&photos={referred.photos[1]}.99999.x&told=1"
    sheet = f"/papers/counterpart/{referred.public_id}.pdf"
    for path in (pack, sheet):
        for who in WORKING:
            expected = {"officer": 200, "second": 200, "chief": 200, "neighbour": 404}.get(who, 403)
            answer = taker.take(who, path)
            assert answer.status_code == expected, (who, path)
            if expected != 200:
                assert b"%PDF" not in answer.content
    said = text_of(taker.take("officer", pack).content)
    assert "Secret" in said
    assert "Photo 1" in said
    assert "Photo 2" not in said
    assert "พบเรือสองลำ" in said
    assert "พบเรือสองลำ" not in text_of(taker.take("officer", sheet).content)
    logged = office.rows(
        "select action, subject, detail from audit_log where person_id = :p order by id", p=office.ids["second"]
    )
    assert logged[0] == (
        "paper.referral", f"incident:{referred.public_id}",
        {"referral": referred.referral, "agency": "customs", "photos": 1, "told": True, "marking": "secret"},
    )  # fmt: skip
    assert logged[1][0] == "paper.counterpart"
    assert taker.take("officer", "/papers/referral/999999.pdf").status_code == 404
    assert taker.take("officer", "/papers/referral/99999999999999999999.pdf").status_code == 404
    assert taker.take("officer", f"{sheet}?to=KH").status_code == 409


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_hostile_words_in_every_field_stay_words_in_a_spreadsheet(
    taker: Taker,
    office: Office,
    tmp_path: Path,
    form: str,
) -> None:
    words = [
        one
        for one in hostile.corpus(tmp_path / "made", "http://beacon.test/x") + hostile.naughty()
        if hostile.storable(one)
    ]
    with office.owner.begin() as connection:
        connection.execute(
            text(
                "with i as (insert into incident (crime_type, occurred_at, channel, status, district_code, geom, location_note)"
                " values ('contraband', now(), 'online', 'referred', '4301', st_point(102.74, 17.87, 4326), :w) returning id),"
                " p as (insert into report (incident_id, channel, description, village, entered_by) select id, 'online', :w, :w, :h"
                " from i), f as (insert into case_file (incident_id) select id from i) insert into referral (incident_id, agency, state, note, sent_by, answer_due, return_reason,"
                " ended_at) select id, 'customs', 'returned', :w, :o, now(), :w, now() from i"
            ),
            [{"w": word, "h": office.ids["headman"], "o": office.ids["officer"]} for word in words],
        )
    for who, table in (
        ("officer", "incidents"),
        ("officer", "inbox"),
        ("customs", "referrals"),
        ("headman", "reports"),
    ):
        answer = taker.take(who, f"/exports/{table}.{form}?{ALL if table == 'incidents' else ''}")
        assert answer.status_code == 200, answer.text
        cells = list(_cells(answer.content, form))
        assert len(cells) > len(words)
        for cell in cells:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
            assert clean(cell, lines=True) == cell.replace("\r\n", "\n").strip() or cell.startswith("'"), repr(cell)
        held = {clean(cell, lines=True).lstrip("'") for cell in cells}
        if table != "inbox":
            kept = [word for word in words if clean(word, lines=True).lstrip("'") in held]
            assert len(kept) > 0.95 * len(words)
    assert not (tmp_path / "made").exists()


def _cells(content: bytes, form: str) -> Iterator[str]:
    if form == "csv":
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            yield from row
        return
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        assert not sheet._hyperlinks
        for cells in sheet.iter_rows():
            for cell in cells:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    yield cell.value


def test_a_workbook_says_what_it_holds_and_keeps_dates_and_numbers(taker: Taker, border: dict[str, str]) -> None:
    answer = taker.take("officer", f"/exports/incidents.xlsx?lang=th&{ALL}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["เหตุการณ์", "เกี่ยวกับตารางนี้"]
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, sheet[2], strict=True))
    assert first["เกิดเหตุ"].is_date
    assert isinstance(first["ละติจูด"].value, float)
    assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(len(heads))}5"
    assert [row[0].value for row in book.worksheets[1]][:3] == ["ตาราง", "ตัวกรอง", "ข้อมูล ณ"]
