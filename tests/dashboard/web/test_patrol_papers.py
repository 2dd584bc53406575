"""Papers of runs and routes are made for those who may see them, in their language, and it is written down."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import URL
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import store
from dashboard.i18n import words
from dashboard.settings import DashboardSettings
from dashboard.web import patrol_papers
from dashboard.web.live import hub
from geo.actions.patrol_runs import plan_runs
from geo.crs import TIMEZONE
from geo.ingest.route_lines import read_routes
from geo.model.patrol import RunPlan
from tests.came import Came
from tests.dashboard.documents.meeting_readers import letters, pages_of
from tests.geo.patrols.conftest import bangkok, towns

KEY = "a key for these tests alone, 32+"


def test_papers_are_for_the_own_district_and_for_those_who_see_all(
    cluster: URL, border_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for town in towns(cluster, border_template):
        chosen = DashboardSettings(secret_key=KEY)
        monkeypatch.setattr(store, "settings", lambda chosen=chosen: chosen)
        monkeypatch.setattr(store, "engine", lambda town=town: town.app)
        monkeypatch.setattr(type(hub), "version", property(lambda _, town=town: f"patrols-{id(town)}"))
        with town.acting("chief") as connection:
            plan = RunPlan("RT-0001", bangkok(2), 90, contact="ช่อง 5")
            (code,) = plan_runs(connection, town.people["chief"], plan, datetime.now(ZoneInfo(TIMEZONE)))
        run = town.one("select id from patrol where code = :code", code=code)
        route = town.one("select id from patrol_route where code = 'RT-0001'")
        with TestClient(Came(Starlette(routes=patrol_papers.routes), town.people)) as client:

            def take(who: str, path: str, client: TestClient = client, **headers: str):
                return client.get(f"/papers/{path}", headers={"x-who": who, **headers})

            for who in ("chief", "officer", "commander", "planner", "national"):
                answer = take(who, f"patrol/{run}.gpx?lang=th")
                assert (answer.status_code, answer.headers["content-type"]) == (200, "application/gpx+xml"), who
                assert answer.headers["cache-control"] == "no-store"
                assert f'filename="{code}-th.gpx"' in answer.headers["content-disposition"]
            assert read_routes(answer.content, "a.gpx")[0].name == "ริมโขงหนองคาย"
            (page,) = pages_of(take("chief", f"patrol/{run}.pdf?lang=th").content)
            assert letters("ช่อง 5") in letters(page)
            assert letters("48Q TE") in letters(page)
            assert take("chief", f"patrol_route/{route}.kml?lang=en").headers["content-type"].endswith("kml+xml")
            for who, path, status in (
                ("neighbour", f"patrol/{run}.gpx", 404), ("far", f"patrol_route/{route}.pdf", 404),
                ("administrator", f"patrol/{run}.gpx", 403), ("agency", f"patrol/{run}.pdf", 403),
                ("chief", f"patrol/{run}.exe", 409), ("chief", "patrol/99999999999999999999.pdf", 404),
            ):  # fmt: skip
                assert take(who, path).status_code == status, (who, path)
            assert take("chief", f"patrol/{run}.gpx", **{"sec-fetch-site": "cross-site"}).status_code == 403
        assert (
            town.one(
                "select count(*) from audit_log where action = 'paper.patrol' and subject = :s", s=f"patrol:{code}"
            )
            == 6
        )
        assert town.one("select count(*) from audit_log where action = 'paper.route'") == 1


def test_every_act_of_patrols_has_words_in_the_log() -> None:
    acts = (
        "patrol.route",
        "patrol.route_change",
        "patrol.plan",
        "patrol.move",
        "patrol.move_all",
        "patrol.track",
        "paper.patrol",
        "paper.route",
    )
    for lang in ("th", "en"):
        assert {f"audit.did.{act}" for act in acts} <= set(words(lang))
