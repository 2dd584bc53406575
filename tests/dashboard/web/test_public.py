"""The public statistics: what everybody reads, who publishes it, and that nothing can be got from it that is not shown."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard import store
from dashboard.cli import app
from dashboard.i18n.dates import today
from dashboard.i18n.four_languages import LANGUAGES, words
from dashboard.web import public_page
from dashboard.web.assets import asset_mounts
from dashboard.web.headers import SafeHeaders
from dashboard.web.live import hub
from geo.actions.case_history import StepRefused
from geo.actions.people import create_person
from geo.actions.releases import approve_note, make_release, publish_release, withdraw_release, write_note
from geo.db.engine import libpq_url
from geo.db.scope import enter
from geo.model import Reach, Scope
from geo.model.person import Person, Role, scope_of
from geo.model.quarter import Quarter
from tests.conftest import _copy
from tests.dashboard.documents.conftest import acts, missing_glyphs
from tests.reader_attack import ranges, read_csv

LAST = Quarter.of(today() - timedelta(days=30)).before
BEFORE = LAST.before
INCIDENTS = """
select setseed(0.42);
insert into incident (public_id, crime_type, occurred_at, status, channel, district_code, is_demo)
select :mark || '-' || n, k.codes[1 + floor(array_length(k.codes, 1) * power(random(), 2.5))::int],
       :first + floor(random() * 89)::int + time '12:00', case when n % 8 = 0 then 'verifying' else 'verified' end,
       'online', d.codes[1 + floor(array_length(d.codes, 1) * power(random(), 3))::int], :demo
from generate_series(1, :n) n,
     (select array_agg(code order by sort) as codes from crime_type where is_crime) k,
     (select array_agg(code order by code) as codes from area where level = 'district' and country = 'TH' and is_border) d
"""
HOSTILE = "ขอบคุณ <img src=x onerror=alert(1)> {{7*7}}"


@dataclass
class Town:
    """The database, its people, a browser without JavaScript, and what was seen on the way."""

    owner: Engine
    browser: TestClient
    people: dict[str, Person] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def acting(self, who: str) -> Iterator[tuple[Connection, Person]]:
        person = self.people[who]
        with store.engine().begin() as connection:
            enter(connection, scope_of(person), person.id)
            yield connection, person

    def make(self, who: str, quarter: Quarter, reason: str = "") -> int:
        with self.acting(who) as (connection, person):
            return make_release(connection, quarter, person, reason=reason)

    def publish(self, who: str, number: int) -> None:
        with self.acting(who) as (connection, person):
            publish_release(connection, person, number)
        hub.tell("public_release:*")

    def page(self, path: str = "/public", **how: Any) -> Any:
        return self.browser.get(path, **how)


def add_incidents(owner: Engine, quarter: Quarter, n: int, mark: str, demo: bool = False) -> None:
    with owner.begin() as connection:
        for statement in INCIDENTS.split(";"):
            values = {"mark": mark, "first": quarter.first, "n": n, "demo": demo} if ":mark" in statement else {}
            connection.execute(text(statement), values)


@pytest.fixture(scope="module")
def town(cluster: URL, border_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with pytest.MonkeyPatch.context() as patch:
        for owner in _copy(cluster, border_template):
            patch.setenv("WATCH_DB_URL", libpq_url(owner.url))
            patch.setenv("WATCH_VAR_DIR", str(tmp_path_factory.mktemp("public")))
            kept = (store.settings, store.signing_key, store.engine)
            for one in kept:
                one.cache_clear()
            hub.tell("area:*")
            pages = Starlette(routes=[*public_page.routes, *asset_mounts()], middleware=[Middleware(SafeHeaders)])
            with TestClient(pages, follow_redirects=False) as browser:
                made = Town(owner, browser)
                with owner.begin() as connection:
                    for login, role in (
                        ("national", Role.NATIONAL),
                        ("commander", Role.COMMANDER),
                        ("demo", Role.NATIONAL),
                    ):
                        made.people[login] = create_person(
                            connection, login, f"คุณ {login}", role, is_demo=login == "demo"
                        )
                made.seen["empty"] = made.page("/public?lang=en").text
                add_incidents(owner, LAST, 300, "D", demo=True)
                made.publish("demo", made.make("demo", LAST))
                made.seen["demo"] = made.page("/public?lang=en").text
                for quarter, n in ((LAST, 1600), (BEFORE, 1200)):
                    add_incidents(owner, quarter, n, str(quarter))
                    made.publish("national", made.make("national", quarter))
                yield made
            store.engine().dispose()
            for one in kept:
                one.cache_clear()


def table(town: Town, quarter: Quarter) -> dict[tuple[str, str], int | None]:
    answer = town.page(f"/public/{quarter}.csv?lang=en")
    assert answer.status_code == 200
    return read_csv(answer.content)


def test_before_anything_is_published_a_sentence_says_so_and_invented_figures_are_marked(town: Town) -> None:
    said = words("public", "en")
    assert said["empty"] in unescape(town.seen["empty"])
    assert said["demo"] in town.seen["demo"]
    real = town.page("/public?lang=en").text
    assert said["demo"] not in real
    with town.owner.connect() as connection:  # what is published stays what it was, and the two never mix
        n = connection.execute(
            text("select count(*) from incident where status = 'verified' and not is_demo and day between :f and :l"),
            {"f": LAST.first, "l": LAST.last},
        ).scalar_one()
    assert table(town, LAST)["", ""] == n


def test_no_reader_of_all_quarters_can_pin_a_hidden_figure(town: Town) -> None:
    tables = [table(town, quarter) for quarter in (LAST, BEFORE)]
    assert all(count is None or count >= 10 for one in tables for count in one.values())
    assert len(tables[0]) == (1 + 18 + 67) * 16
    widths = ranges(tables)
    assert len(widths) == sum(count is None for one in tables for count in one.values()) > 1000
    assert min(widths.values()) >= 5


def test_the_page_shows_no_figure_that_the_table_hides(town: Town) -> None:
    html = town.page(f"/public?quarter={LAST}&lang=en").text
    shown = {f"{count:,}" for count in table(town, LAST).values() if count is not None}
    shown |= {f"{table(town, BEFORE)['', '']:,}"}
    told = re.findall(r'<td class="n">([\d,]+)</td>|<b>([\d,]+)</b>|<text x="\d+" y="\d+">([\d,]+)</text>', html)
    told += re.findall(r"<title>[^<]*: ([\d,]+)</title>()()", html)
    assert len(told) > 60
    assert {next(filter(None, one)) for one in told} <= shown


def test_it_is_light_kept_and_needs_neither_cookie_nor_script(town: Town) -> None:
    answer = town.page("/public?lang=th")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "public, max-age=300"
    again = town.page("/public?lang=th", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert town.page("/public?lang=lo", headers={"if-none-match": answer.headers["etag"]}).status_code == 200
    files = [unescape(one) for one in re.findall(r'(?:href|src)="(/assets[^"]+)"', answer.text)]
    whole = len(answer.content) + sum(len(town.page(one).content) for one in set(files))
    line = len(gzip.compress(answer.content)) + sum(len(gzip.compress(town.page(one).content)) for one in set(files))
    assert whole < 100_000
    assert line < 30_000


def test_every_language_has_its_words_its_quarter_and_its_paper(town: Town) -> None:
    for lang in LANGUAGES:
        answer = town.page(f"/public?quarter={BEFORE}&lang={lang}")
        html = unescape(answer.text)
        said = words("public", lang)
        assert f'<html lang="{lang}">' in html
        assert (answer.headers["content-language"], answer.headers["vary"]) == (
            lang,
            "Accept-Language, Accept-Encoding",
        )
        assert all(said[key] in html for key in ("title", "warning", "hidden_beside", "method_when", "sources"))
        assert (said["draft"] in html) == (lang in ("lo", "km"))
        assert "⟦" not in html
        assert "{" not in html.replace("{{7*7}}", "")
        for other in LANGUAGES:
            assert f"/public?quarter={BEFORE}&lang={other}" in html
        paper = town.page(f"/public/{BEFORE}.pdf?lang={lang}")
        assert paper.headers["content-type"] == "application/pdf"
        assert missing_glyphs(paper.content) == 0
        assert acts(paper.content) == []
    assert '<html lang="km">' in town.page("/public", headers={"accept-language": "km,en;q=0.5"}).text


@pytest.mark.parametrize(
    "path", ["/public?quarter=2031-Q1", "/public?quarter='--", "/public/2031-Q1.csv", "/public/x.pdf"]
)
def test_a_quarter_that_is_not_there_leads_back(town: Town, path: str) -> None:
    answer = town.page(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/public?lang=th")


def test_a_visitor_may_read_what_is_published_and_nothing_of_a_case(town: Town) -> None:
    with store.reading(Scope(districts=(), role=Reach.VISITOR)) as connection:
        assert connection.execute(text("select count(*) from public_release_shown")).scalar_one() >= 2
        tables = connection.execute(
            text("select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') order by 1")
        ).scalars().all()  # fmt: skip
        readable = set()
        for one in tables:
            try:
                with connection.begin_nested():
                    connection.execute(text(f"select * from {one} limit 1"))
            except DBAPIError:
                continue
            readable.add(one)
    ours = {one for one in readable if not re.match(r"(spatial_ref_sys|geo(metry|graphy)_columns|raster)", one)}
    assert ours == {"area", "border_section", "crime_type", "public_release_shown"}


def refused(town: Town, who: str, statement: str, **values: Any) -> bool:
    try:
        with town.acting(who) as (connection, _):
            return connection.execute(text(statement), values).rowcount == 0
    except DBAPIError:
        return True


def test_only_the_national_centre_publishes_and_nobody_changes_figures(town: Town) -> None:
    with pytest.raises(StepRefused, match="not_allowed"):
        town.make("commander", LAST, "x")
    copy = (
        "insert into public_release (quarter, version, figures, counts, reason, made_by)"
        " select quarter, 9, {figures}, counts, 'x', {by} from public_release where not is_demo limit 1"
    )
    own = town.people["national"].id
    assert refused(town, "commander", copy.format(figures="figures", by=town.people["commander"].id))
    assert refused(town, "national", copy.format(figures="figures", by=town.people["demo"].id))
    small = "jsonb_set(figures, '{cells,0,1}', '9')"
    assert refused(town, "national", copy.format(figures=small, by=own))
    assert refused(town, "national", copy.format(figures="'{}'", by=own))
    assert refused(
        town, "national", copy.replace("select quarter", "select '2099-Q1'").format(figures="figures", by=own)
    )
    assert refused(town, "national", "update public_release set figures = counts")
    assert refused(town, "national", "update public_release set state = 'prepared', published_at = null")
    assert refused(
        town, "national", "update public_release set note_approved_by = :other", other=town.people["commander"].id
    )
    assert refused(town, "commander", "update public_release set state = 'withdrawn', withdrawn_at = now()")
    assert refused(town, "national", "delete from public_release")
    with pytest.raises(StepRefused, match="too_early"):
        town.make("national", LAST.next.next)
    with pytest.raises(StepRefused, match="no_reason"):
        town.make("national", LAST)
    with pytest.raises(StepRefused, match="same"):
        town.make("national", LAST, "x")


def test_words_are_shown_once_they_are_approved_and_as_they_are(town: Town) -> None:
    with town.acting("national") as (connection, person):
        number = connection.execute(
            text("select id from public_release where quarter = :q and not is_demo"), {"q": str(BEFORE)}
        ).scalar_one()
        write_note(connection, person, number, {"th": HOSTILE, "lo": ""})
    hub.tell("public_release:*")
    path = f"/public?quarter={BEFORE}&lang=th"
    assert "ขอบคุณ" not in town.page(path).text
    with town.acting("national") as (connection, person):
        with pytest.raises(StepRefused, match="note_changed"):
            approve_note(connection, person, number, {"th": "อื่น"})
        approve_note(connection, person, number, {"th": HOSTILE})
    hub.tell("public_release:*")
    html = town.page(path).text
    assert HOSTILE in unescape(html)
    assert "<img src=x" not in html
    with town.acting("national") as (connection, person):
        write_note(connection, person, number, {"th": "ถ้อยคำอื่น"})
    hub.tell("public_release:*")
    assert "ถ้อยคำอื่น" not in town.page(path).text


def test_a_new_version_hides_more_and_its_differences_tell_nothing_small(town: Town) -> None:
    first, tag = table(town, LAST), town.page("/public?lang=en").headers["etag"]
    with town.owner.begin() as connection:  # cases that were verified late: two here, a dozen there
        connection.execute(
            text(
                "update incident set status = 'verified' where id in (select id from incident where status = 'verifying'"
                " and not is_demo and day between :f and :l and district_code in (select district_code from incident group by 1"
                " order by count(*) desc limit 2) order by id limit 14)"
            ),
            {"f": LAST.first, "l": LAST.last},
        )  # fmt: skip
    hub.tell("incident:*")
    assert town.page("/public?lang=en").headers["etag"] == tag
    number = town.make("national", LAST, "ยืนยันเพิ่ม")
    assert town.page("/public?lang=en").headers["etag"] == tag  # made, and not published yet
    town.publish("national", number)
    assert town.page("/public?lang=en").headers["etag"] != tag
    second = table(town, LAST)
    assert sum(one is None for one in second.values()) > sum(one is None for one in first.values())
    for cell, count in second.items():
        if count is not None:
            before = first[cell]
            assert before is not None
            assert count == before or abs(count - before) >= 10
    assert min(ranges([second]).values()) >= 5
    with town.acting("national") as (connection, person):
        withdraw_release(connection, person, number)
    hub.tell("public_release:*")
    assert table(town, LAST) == first
    with town.owner.connect() as connection:
        acts_of = (
            connection.execute(text("select action from audit_log where action like 'release.%' order by id"))
            .scalars()
            .all()
        )
    assert acts_of[-3:] == ["release.make", "release.publish", "release.withdraw"]


def test_the_command_publishes_a_quarter_in_which_nothing_is_large_enough_to_be_shown(town: Town) -> None:
    empty = BEFORE.before

    def command(*words: str) -> Any:
        return CliRunner().invoke(app, ["publish", *words], env={"WATCH_LANGUAGE": "en"})

    told = command(str(empty))
    assert told.exit_code == 0, told.output
    assert f"Made {empty}, version 1: 1376 of 1376 figures are hidden" in told.output
    hub.tell("public_release:*")
    page = town.page(f"/public?quarter={empty}&lang=en")
    assert page.status_code == 200
    assert words("public", "en")["not_shown"] in page.text
    assert town.page(f"/public/{empty}.pdf").status_code == 200
    assert set(table(town, empty).values()) == {None}
    assert command(str(empty)).exit_code == 2
    assert "2026-Q3" in command("x").output + command("2026-Q3x").stderr
    with town.owner.connect() as connection:
        opens = connection.execute(text("select quarter_opens(quarter), quarter from public_release")).all()
    assert all(day == Quarter.read(quarter).opens for day, quarter in opens)
