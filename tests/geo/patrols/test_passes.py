"""A track becomes the run that it is, says how the route was followed, and passes the border."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import text

from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.actions.patrol_runs import move_run, plan_runs
from geo.actions.patrols import write_patrols
from geo.analysis.border_gaps import sections, stretches
from geo.crs import TIMEZONE
from geo.errors import FileRefused
from geo.model import Scope
from geo.model.patrol import PatrolStatus, RunPlan
from geo.model.track import logs
from geo.queries import border_passes, patrol_runs
from tests.geo.meetings.conftest import NONG_KHAI, Hall
from tests.geo.patrols.conftest import bangkok, walked

ZONE = ZoneInfo(TIMEZONE)
LATE = timedelta(minutes=30)


def planned_before(town: Hall, ago: timedelta) -> tuple[str, datetime]:
    """A run whose time was so long ago: planned for later, then put back, as nobody plans the past."""
    with town.acting("chief") as connection:
        plan = RunPlan("RT-0001", bangkok(2), 120, unit="ชป.1")
        (code,) = plan_runs(connection, town.people["chief"], plan, datetime.now(ZONE))
    start = (datetime.now(ZONE) - ago).replace(microsecond=0)
    town.put(
        "update patrol set scheduled_start = :at, scheduled_end = :at + interval '2 hours' where code = :code",
        at=start,
        code=code,
    )
    return code, start


def write(town: Hall, who: str, fixes: list, **more):
    with town.acting(who) as connection, own_rows():
        return write_patrols(connection, logs(fixes), source="track.gpx", **more)


def test_a_track_is_matched_by_way_and_time_and_judged_by_its_route(town: Hall) -> None:
    code, start = planned_before(town, timedelta(hours=50))
    with town.acting("chief") as connection:
        late, _, _ = patrol_runs.run(connection, code, datetime.now(ZONE), LATE)
    assert late.status is PatrolStatus.START_OVERDUE
    written = write(town, "officer", walked(start + timedelta(minutes=20)))
    assert (written.scheduled, written.new) == ([code], [])
    with town.acting("chief") as connection:
        run, track, _ = patrol_runs.run(connection, code, datetime.now(ZONE), LATE)
    assert run.status is PatrolStatus.DONE
    assert track is not None
    assert run.km == pytest.approx(7.9, abs=0.2)
    assert run.hours == pytest.approx(1.2)
    assert run.route_share == pytest.approx(1.0, abs=0.01)
    assert run.off_mean_m < 30
    half, at = planned_before(town, timedelta(hours=70))
    write(town, "chief", walked(at, unit="ชป.2", part=0.5, north=0.002))
    with town.acting("chief") as connection:
        run, _, _ = patrol_runs.run(connection, half, datetime.now(ZONE), LATE)
    assert run.route_share == pytest.approx(0.5 + 500 / 7900, abs=0.02)
    assert 150 < run.off_mean_m < 250


def test_a_run_that_somebody_said_has_set_out_gets_its_track_too(town: Hall) -> None:
    code, start = planned_before(town, timedelta(hours=100))
    with town.acting("chief") as connection:
        who = town.people["chief"]
        move_run(connection, who, code, PatrolStatus.ACTIVE, at=start + timedelta(minutes=5))
        move_run(connection, who, code, PatrolStatus.DONE, at=start + timedelta(hours=2))
    assert write(town, "chief", walked(start, unit="ชป.3")).scheduled == [code]


def test_a_track_is_laid_to_the_run_that_somebody_names(town: Hall) -> None:
    code, start = planned_before(town, timedelta(hours=130))
    fixes = walked(start + timedelta(hours=9), unit="ชป.4")
    assert write(town, "chief", fixes, run=code).scheduled == [code]
    other, _ = planned_before(town, timedelta(hours=160))
    with pytest.raises(FileRefused, match=r"track\.other_run"):
        write(town, "chief", fixes, run=other)
    two = fixes + walked(start + timedelta(hours=40), unit="ชป.5")
    with pytest.raises(FileRefused, match=r"track\.several"):
        write(town, "chief", two, run=other)


def test_a_track_of_another_district_is_refused_and_nothing_written(town: Hall) -> None:
    before = town.one("select count(*) from patrol_fix")
    with pytest.raises(StepRefused, match=r"case\.not_yours"):
        write(town, "neighbour", walked(bangkok(-20), unit="ชป.9"))
    assert town.one("select count(*) from patrol_fix") == before


def test_the_border_is_in_pieces_of_a_kilometre_that_a_track_passes(town: Hall) -> None:
    total = town.one("select sum(length_km) from border_section")
    assert town.one("select sum(km) from border_segment") == pytest.approx(total, rel=1e-4)
    assert town.one("select max(km) from border_segment") < 1.05
    now = datetime.now(ZONE)
    start = (now - timedelta(hours=10)).replace(microsecond=0)
    written = write(town, "commander", walked(start, unit="ชป.7"), agency="bpp")
    with town.acting("chief") as connection:
        scope = Scope((NONG_KHAI,), None)
        mine = border_passes.segments(connection, scope, now, now - timedelta(days=28), "bpp")
        all_of_them = border_passes.segments(connection, scope, now, now - timedelta(days=28))
    passed = mine[np.isfinite(mine["hours"])]
    assert 7 <= len(passed) <= 14
    assert set(mine["district"]) == {NONG_KHAI}
    assert passed["hours"].between(10 - 73 / 60, 10.1).all()
    assert 7 < mine["km_passed"].sum() < 9  # the way between two fixes may lie by a corner
    assert all_of_them["passes"].max() > mine["passes"].max() == 1
    waits = stretches(mine, 72)
    assert waits["hours"].iloc[0] == np.inf
    assert waits["km"].sum() == pytest.approx(mine.loc[np.isinf(mine["hours"]), "km"].sum())
    told = sections(mine, 24)
    assert told["share"].iloc[0] == pytest.approx(passed["km"].sum() / mine["km"].sum())
    # Cut anew, as when boundaries are loaded, the passes are found again; and they go with their patrol.
    again = "select round(sum(b.km)::numeric, 1) from border_pass b join patrol p on p.id = b.patrol_id where p.code = :code"
    kept = town.one(again, code=written.new[0])
    town.put("select border_cut()")
    assert town.one(again, code=written.new[0]) == kept
    town.put("update patrol set agency = 'local_police' where code = :code", code=written.new[0])
    assert town.one("select count(*) from border_pass where agency = 'bpp'") == 0


def test_work_is_summed_up_by_agency_and_district_for_who_may_see_it(town: Hall) -> None:
    now = datetime.now(ZONE)
    with town.acting("chief") as connection:
        by_agency = patrol_runs.patrol_work(connection, "agency", now - timedelta(days=28), now, now, LATE)
        by_district = patrol_runs.patrol_work(connection, "district", now - timedelta(days=28), now, now, LATE)
    with town.acting("far") as connection:
        assert patrol_runs.patrol_work(connection, "agency", now - timedelta(days=28), now, now, LATE).empty
    km = town.one("select sum(km) from patrol where coalesce(scheduled_start, started_at) > now() - interval '28 days'")
    assert by_agency["km"].sum() == pytest.approx(km)
    row = by_agency.set_index("code").loc["mekong_riverine"]
    assert (row["late"], row["made"]) == (1, 4)
    assert NONG_KHAI in set(by_district["code"])
    with town.owner.connect() as connection:
        assert connection.execute(text("select count(*) from patrol where is_demo")).scalar() == 0
