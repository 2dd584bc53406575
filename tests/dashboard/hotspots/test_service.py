"""The page's answers: from a process beside, with the rights of who asks, the same as the command's, and kept."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.hotspots import service
from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked, Base, based_on
from dashboard.hotspots.question import METHODS, Question
from dashboard.hotspots.service import Running, look
from geo.errors import AnalysisCancelled, AnalysisRefused, JobFailed
from geo.model import IncidentFilter, Scope
from geo.model.filter import Reach

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
CHOSEN = IncidentFilter(FIRST, LAST)
pytestmark = pytest.mark.usefixtures("hotspot_store")

WIDE = Scope(None, Reach.WIDE)
ASKED = Asked(permutations=19, cell=None)


def question(method: str, scope: Scope = WIDE, asked: Asked = ASKED, version: str = "1", **base: Any) -> Question:
    return Question(scope, based_on(CHOSEN, **base), method, asked, version)  # type: ignore[arg-type]


def answer(asked: Question) -> Answer:
    found = look(asked, 120)
    assert isinstance(found, Answer)
    return found


def _looked(asked: Question) -> Answer | Running | None:
    try:
        return look(asked, 0.0)
    except AnalysisCancelled:
        return None


def test_page_and_command_give_the_same_figures_and_rows(tmp_path):
    for method in METHODS:
        out = tmp_path / f"{method}.csv"
        words = [
            "hotspots",
            "--method",
            method,
            "--from",
            FIRST,
            "--to",
            LAST,
            "--permutations",
            19,
            "--json",
            "--out",
            out,
        ]
        told = CliRunner().invoke(app, [str(word) for word in words])
        assert told.exit_code == 0, told.output
        ours = answer(question(method))
        page = {**json.loads(json.dumps(ours.summary)), "remarks": [key.split(".")[-1] for key, _ in ours.remarks]}
        command = json.loads(told.stdout)
        for moving in ("as_of", "version"):
            del page[moving], command[moving]
        assert command == page, method
        if method != "dbscan":  # there the command writes a row for each incident, the page has one for each cluster
            written, rows = pd.read_csv(out), ours.rows_in_degrees()
            assert len(written) == len(rows) > 0
            for name in written.columns.intersection(rows.select_dtypes("number").columns):
                np.testing.assert_allclose(written[name], rows[name].astype(float), err_msg=f"{method} {name}")


def test_an_answer_is_kept_and_another_state_of_the_data_asks_anew(hotspot_store):
    first = answer(question("when"))
    assert answer(question("when")) is first
    put = "update incident set status = :status where public_id in ('T-2', 'T-3', 'T-4')"
    with hotspot_store.begin() as connection:
        connection.execute(text(put), {"status": "unfounded"})
    try:
        assert answer(question("when")) is first
        again = answer(question("when", version="other"))
    finally:
        with hotspot_store.begin() as connection:
            connection.execute(text(put), {"status": "verified"})
    assert again.summary["n"] == first.summary["n"] - 3
    assert again.rows["count"].sum() + again.summary["without_hour"] == again.summary["n"]


def test_the_base_is_what_the_public_reported_and_was_verified_and_patrols_stand_apart():
    n = {base: answer(question("rates", base=base)).summary["n"] for base in Base}
    assert n[Base.PUBLIC] + n[Base.PATROLS] == n[Base.ALL] == sum(1 for one in range(1, 601) if one % 7)
    centre = Scope(("3001", "2207", "2204"), Reach.CENTRE)
    verified = answer(question("rates", centre)).summary
    more = answer(question("rates", centre, unverified=True)).summary
    assert more["n"] > verified["n"] > 0
    wide = answer(question("rates", unverified=True))
    assert wide.summary["n"] == n[Base.PUBLIC]  # of the others rough places are seen
    assert "hotspots.verified_only" in dict(wide.remarks)


@pytest.mark.parametrize("scope", [Scope(("2204",), Reach.CENTRE), Scope(("2204",), Reach.WIDE)])
def test_who_sees_one_district_gets_its_incidents_and_its_land_alone(scope):
    everywhere, own = answer(question("gi")), answer(question("gi", scope))
    assert 0 < own.summary["n"] < everywhere.summary["n"]
    assert 0 < own.summary["places"] < everywhere.summary["places"] / 5
    assert list(answer(question("rates", scope)).rows["code"]) == ["2204"]


def test_a_planner_gets_what_is_verified_and_how_many_places_told_of_it():
    ours = answer(question("rates", Scope(None, Reach.PLANNER))).rows
    pd.testing.assert_frame_equal(ours, answer(question("rates")).rows)


def test_counts_are_conserved_from_incidents_to_districts_and_hexagons():
    for base in Base:
        compared = answer(question("compare_districts", base=base))
        assert compared.rows["latest"].sum() + compared.summary["outside"] == compared.summary["n"]
        gi = answer(question("gi", base=base)).summary
        counted = answer(question("gi", base=base)).rows["count"].sum()
        assert counted + gi["outside"] + gi["without_point"] == compared.summary["n"]
        cube = answer(question("emerging", base=base))
        assert cube.rows["count"].sum() == counted
        hexagons = answer(question("compare", base=base))
        assert hexagons.rows["latest"].sum() == counted


def test_a_period_is_compared_with_the_one_that_was_asked_for():
    asked = Asked(earlier=(date(2025, 1, 1), date(2025, 6, 30)))
    found = answer(question("compare_districts", asked=asked)).summary
    assert (found["earlier_first"], found["earlier_last"], found["before"]) == ("2025-01-01", "2025-06-30", 0)
    with pytest.raises(AnalysisRefused, match="periods_overlap"):
        answer(question("compare", asked=Asked(earlier=(date(2025, 12, 1), date(2026, 1, 1)))))


def test_a_simulation_tells_how_far_it_is_while_others_are_answered_and_stops_when_asked():
    long = question("knox", asked=Asked(permutations=2_000_000, space=(20_000.0,), time=(60.0,)))
    running = look(long, 0.0)
    assert isinstance(running, Running)
    limit = time.monotonic() + 120
    while running.done == 0:
        assert time.monotonic() < limit
        time.sleep(0.02)
    assert running.total == 2_000_000
    assert answer(question("gi")).summary["method"] == "gi"  # by the other worker
    other = look(long, 0.0)
    assert isinstance(other, Running)
    assert other.since == running.since
    other.cancel()
    while isinstance(_looked(long), Running):
        assert time.monotonic() < limit
        time.sleep(0.02)
    for wait_s in (0.0, 0.0, 60.0):  # who only looks how far it is does not begin it anew
        with pytest.raises(AnalysisCancelled):
            look(long, wait_s)
    assert isinstance(look(long, 0.0), Running)  # whoever asks again starts anew


def test_a_killed_worker_is_told_once_and_the_next_look_is_answered():
    long = question("knox", asked=Asked(permutations=2_000_000, space=(20_000.0,), time=(60.0,)))
    running = look(long, 0.0)
    assert isinstance(running, Running)
    limit = time.monotonic() + 120
    while running.done == 0:
        assert time.monotonic() < limit
        time.sleep(0.02)
    os.kill(service.simulations.process.pid, signal.SIGKILL)
    with pytest.raises(JobFailed):
        look(long, 60)
    assert answer(question("scan")).summary["permutations"] == 19


def test_no_incident_is_said_in_words():
    nothing = based_on(CHOSEN.before().before().before())
    for method in set(METHODS) - {"rates", "compare", "compare_districts"}:
        with pytest.raises(AnalysisRefused, match="no_points"):
            look(Question(WIDE, nothing, method, ASKED, "1"), 60)
    for method in ("rates", "compare", "compare_districts"):
        assert look(Question(WIDE, nothing, method, ASKED, "1"), 60).summary["n"] == 0  # type: ignore[arg-type,union-attr]
