"""Plans from the store: page and command answer alike, sites stand where one can, and what cannot be planned is said."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from dashboard import store as dashboard_store
from dashboard.cli import app
from dashboard.planning import service
from dashboard.planning.candidates import Own, Sources, candidates
from dashboard.planning.demand import DemandAsked
from dashboard.planning.found import Found
from dashboard.planning.question import METHODS, Chosen, PlanQuestion, question_from, question_json
from dashboard.planning.reach import Reach
from dashboard.planning.run import run
from dashboard.planning.service import Asked, Running, look
from geo.crs import TIMEZONE
from geo.db.engine import libpq_url
from geo.errors import AnalysisRefused
from geo.model import Scope
from geo.model.filter import Reach as Rights
from geo.model.plan import PlanSite, SiteRole
from tests.conftest import _copy

HERE = "4301"
EVERYBODY = Scope.everything()
PLANNER = Scope(None, Rights.PLANNER)
CHIEF = Scope((HERE,), Rights.CENTRE)
INCIDENTS = """
insert into incident (crime_type, occurred_at, status, channel, geom)
select 'contraband', now() - make_interval(days => 1 + (row_number() over ())::int % 300),
       case when row_number() over () % 9 = 0 then 'received' else 'verified' end, 'online', p.geom
from (select (st_dump(st_generatepoints(a.geom, 12, 7))).geom from area a join border_section s on s.district_code = a.code) p
"""
POSTS = """
insert into checkpoint (code, name, kind, status, district_code, geom, valid_from)
select 'K' || n, 'ด่าน ' || n, 'checkpoint', case when n < 3 then 'active' else 'planned' end, '4301',
       st_point(102.70 + n * 0.03, 17.86, 4326), case when n < 3 then current_date - 9 end from generate_series(1, 4) n
"""


@pytest.fixture(scope="module")
def planned_store(cluster: URL, border_template: str) -> Iterator[Engine]:
    """One border with incidents and checkpoints for all tests of this module, read by this process and its workers."""
    for engine in _copy(cluster, border_template):
        with engine.begin() as connection:
            connection.execute(text(INCIDENTS))
            connection.execute(text(POSTS))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WATCH_DB_URL", libpq_url(engine.url))
            patch.setenv("WATCH_LANGUAGE", "en")
            dashboard_store.engine.cache_clear()
            yield engine
            service.forget()
            dashboard_store.engine().dispose()
            dashboard_store.engine.cache_clear()


def today() -> date:
    return datetime.now(ZoneInfo(TIMEZONE)).date()


def question(districts: tuple[str, ...] = (), **more: Any) -> PlanQuestion:
    asked = DemandAsked(today() - timedelta(days=364), today(), districts)
    return replace(PlanQuestion(asked, Reach(10_000.0), time_limit=5.0), **more)


def asked_of(engine: Engine, asked: PlanQuestion, scope: Scope = EVERYBODY) -> Found:
    with engine.connect() as connection:
        return run(connection, scope, asked, datetime.now(ZoneInfo(TIMEZONE)))


def test_page_and_command_give_the_same_answer(planned_store):
    for method, more in (("mclp", ("--p", 4)), ("lscp", ("--share", 0.1)), ("backup", ("--p", 3))):
        words = ["plan", "--method", method, "--radius", 10000, "--time-limit", 5, *more, "--explain", "--json"]
        printed = CliRunner().invoke(app, [str(word) for word in words])
        assert printed.exit_code == 0, printed.output
        number = None if method == "lscp" else int(more[1])
        page = look(
            Asked(PLANNER, question(method=method, number=number, share=0.1 if method == "lscp" else 1.0), "1"), 60
        )
        assert isinstance(page, Found)
        told, command = dict(page.told), json.loads(printed.stdout)
        assert told.pop("seconds") >= 0
        command.pop("seconds")
        assert told == command
        assert {site.code for site in page.sites} == set(command["site_ids"])
        assert [site.role for site in page.sites[-2:]] == ["existing", "existing"]
        assert [site.number for site in page.new] == list(range(1, len(page.new) + 1))


def test_every_method_keeps_what_stands_and_says_why(planned_store):
    for method in METHODS:
        found = asked_of(planned_store, question(method=method, number=3, share=0.08))
        assert {"K1", "K2"} <= {site.code for site in found.sites if site.role == "existing"}
        assert found.told["explained"]
        assert found.told["curve"]
        cells = found.cells
        assert cells is not None
        assert cells.weight.sum() == found.told["demand_weight"]
        if method != "pmedian":
            assert (cells.covered * cells.weight).sum() == pytest.approx(
                found.told["coverage_share"] * cells.weight.sum()
            )
            for at, site in enumerate(found.sites):
                assert (cells.by_site[:, at] * cells.weight).sum() == pytest.approx(site.covers, rel=1e-5)


def test_given_sites_are_counted_as_they_stand_and_a_moved_one_changes_the_figures(planned_store):
    first = asked_of(planned_store, question(number=2))
    given = tuple(Chosen(site.code, site.name, site.lon, site.lat) for site in first.new)
    again = asked_of(planned_store, question(number=2, given=given))
    assert (again.told["coverage_share"], len(again.new)) == (first.told["coverage_share"], 2)
    assert (again.told["status"], again.told["gap"], again.told["bound"]) == ("given", None, None)  # nothing was proven
    away = replace(given[0], lon=102.60, lat=17.80, moved=True)  # among others that stand there
    moved = asked_of(planned_store, question(number=2, given=(away, given[1])))
    assert moved.told["coverage_share"] < first.told["coverage_share"]
    assert next(site for site in moved.new if site.code == away.code).moved


def test_rules_hold_and_a_question_is_kept_with_a_plan(planned_store):
    grid = Sources(
        crossings=False,
        planned=False,
        grid=True,
        spacing_km=4.0,
        own=(Own("own:1", "ท่าของฉัน", 102.745, 17.86, mark="forced"),),
    )
    asked = question((HERE,), sources=grid, number=3, cost_each=2.0, budget=5.0)
    found = asked_of(planned_store, asked)
    assert len(found.new) == 2  # the money is for no more
    assert {site.district for site in found.new} == {HERE}
    assert next(site for site in found.new if site.code == "own:1").role == "forced"
    other = next(site.code for site in found.new if site.code != "own:1")
    without = asked_of(planned_store, replace(asked, forbidden=(other,)))
    assert other not in {site.code for site in without.new}
    kept = json.loads(json.dumps(question_json(asked)))
    back = question_from(kept, (PlanSite("ท่า", HERE, 102.75, 17.86, SiteRole.FORCED, checkpoint="K3"),))
    assert back is not None
    assert replace(back, given=None) == asked
    assert back.given == (Chosen("site:1", "ท่า", 102.75, 17.86, role="forced", checkpoint="K3"),)
    assert question_from({"method": "mclp"}, ()) is None  # of an earlier form
    assert question_from({}, ()) is None


def test_suggested_places_lie_in_the_districts_and_those_of_a_published_plan_are_kept(planned_store):
    sources = Sources(grid=True, spacing_km=3.0, within_km=8.0)
    with planned_store.begin() as connection:
        found = candidates(connection, PLANNER, (HERE,), sources, today())
        land = shapely.from_wkb(
            connection.execute(text("select st_asbinary(geom) from area where code = '4301'")).scalar_one()
        )
        grid = found[found.source == "grid"]
        assert len(grid) > 20
        assert all(land.contains(shapely.Point(lon, lat)) for lon, lat in zip(grid.lon, grid.lat, strict=True))
        assert set(grid.district_code) == set(found.district_code) == {HERE}
        assert set(found.source) == {"checkpoint", "planned", "crossing", "grid"}
        assert found.code.is_unique
        assert len(candidates(connection, CHIEF, (), sources, today())) == len(found)
        plan = connection.execute(
            text("insert into plan (title, districts) values ('x', '{4301}') returning id")
        ).scalar_one()
        connection.execute(text("update checkpoint set plan_id = :p where code = 'K4'"), {"p": plan})
        kept = candidates(connection, PLANNER, (HERE,), sources, today())
        assert kept.set_index("code").existing.loc[["K1", "K3", "K4"]].tolist() == [True, False, True]
        connection.rollback()


def test_what_cannot_be_planned_is_said(planned_store):
    for change, code in (
        ({"number": 4000}, "siting.too_many"),
        ({"number": 0}, "siting.number"),
        ({"sources": Sources(own=(Own("own:1", "แอฟริกา", 20.0, 5.0),))}, "siting.own_elsewhere"),
        ({"sources": Sources(own=(Own("own:1", "ลาว", 102.6, 18.2),))}, "siting.own_elsewhere"),
        ({"sources": Sources(grid=True, spacing_km=0.5, within_km=90.0)}, "siting.grid_too_fine"),
        ({"reach": Reach(0.0)}, "analysis.not_positive"),
        ({"method": "lscp", "share": 1.0}, "siting.share_unreachable"),
        ({"demand": DemandAsked(date(2001, 1, 1), date(2001, 2, 1))}, "siting.no_demand"),
        ({"demand": DemandAsked(today() - timedelta(days=364), today(), (), (("contraband", -1.0),))}, "siting.negative_weight"),
        ({"least_each": 3}, "siting.spread"),
        ({"given": ()}, "siting.nothing_given"),
    ):  # fmt: skip
        with pytest.raises(AnalysisRefused) as refused:
            asked_of(planned_store, question(**change))
        assert refused.value.code.startswith(code), (change, refused.value.code)


def test_a_search_tells_its_best_and_stops_with_it(planned_store):
    grid = Sources(grid=True, spacing_km=5.0, within_km=20.0)
    hard = Asked(
        PLANNER, question(method="backup", number=40, sources=grid, time_limit=120.0, reach=Reach(15_000.0)), "1"
    )
    running = look(hard, 0)
    assert isinstance(running, Running)
    limit = time.monotonic() + 90
    while running.best is None:
        assert time.monotonic() < limit
        time.sleep(0.05)
    assert len(running.best.new) == 40
    assert running.best.told["bound"] >= running.best.told["objective"]
    running.cancel()
    found = look(hard, 60)
    assert isinstance(found, Found)
    assert found.told["status"] in {"cancelled", "optimal"}
    assert found.told["objective"] >= running.best.told["objective"]
    assert 0 <= found.told["gap"] < 1
