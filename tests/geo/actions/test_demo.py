"""Demonstration data looks like a border, is marked, is repeatable and goes away again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL

from geo.actions.demo import alone
from geo.actions.demo_data import clear_demo
from geo.db.engine import make_engine
from geo.errors import WatchError
from geo.ingest.demo import fill
from geo.ingest.progress import Step
from geo.model import Channel, CheckpointStatus, LocationCheck, PatrolStatus, Status
from geo.model.plan import PlanState
from geo.queries import meetings
from geo.queries.plans import plan, plans
from geo.queries.rotas import rota, rotas

COUNT = 6000
UNTIL = date(2025, 6, 30)
THE_SAME = "crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status, channel,"
THE_SAME += " district_code, district_stated, location_check, location_note, st_astext(geom)"


def _quiet(step: Step) -> None:
    assert str(step)


@pytest.fixture(scope="module")
def filled(cluster: URL, border_template: str) -> Iterator[Engine]:
    """A store with 6,000 synthetic incidents that nobody writes to."""
    administrator = make_engine(cluster.set(database="postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"create database demo_filled template {border_template}"))
    engine = make_engine(cluster.set(database="demo_filled"))
    written = fill(engine, COUNT, seed=5, until=UNTIL, say=_quiet)
    with engine.connect() as connection:
        assert written == {
            table: connection.execute(text(f"select count(*) from {table}")).scalar_one() for table in written
        }
    yield engine
    engine.dispose()
    with administrator.connect() as connection:
        connection.execute(text("drop database demo_filled with (force)"))
    administrator.dispose()


def _all(connection: Connection, statement: str, **params: object) -> list[Any]:
    return [tuple(row) for row in connection.execute(text(statement), params)]


def _one(engine: Engine, statement: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(text(statement)).scalar_one()


def _shares(engine: Engine, statement: str) -> dict[Any, float]:
    with engine.connect() as connection:
        rows = dict(_all(connection, statement))
    return {key: n / sum(rows.values()) for key, n in rows.items()}


def test_every_type_channel_state_and_way_of_locating_occurs(filled: Engine) -> None:
    def of(column: str, table: str = "incident") -> set[str]:
        return set(_shares(filled, f"select {column}, count(*) from {table} group by 1"))

    with filled.connect() as connection:
        types = {code for (code,) in _all(connection, "select code from crime_type")}
    assert len(types) >= 16
    assert of("crime_type") == types
    assert of("channel") == set(map(str, Channel))
    assert of("status") == set(map(str, Status))
    assert of("location_check") == set(map(str, LocationCheck))
    assert of("status", "checkpoint") == set(map(str, CheckpointStatus))
    assert of("kind", "checkpoint") == {"checkpoint", "interception", "river"}
    assert of("kind", "patrol_route") == {"foot", "vehicle", "river"}
    assert of("status", "patrol") == set(map(str, PatrolStatus))
    assert _one(filled, "select count(*) from incident where district_conflict") > 20
    assert _one(filled, "select count(*) from incident where other_crime_types <> '{}'") > 100
    assert _one(filled, "select count(*) from incident where crime_type = any(other_crime_types)") == 0


def test_incidents_lie_along_the_border_and_mostly_in_thailand(filled: Engine) -> None:
    far = (
        "select max((select min(st_distance(s.geom::geography, i.geom::geography)) from border_section s"
        " where s.geom && st_expand(i.geom, 0.3))) from incident i where geom is not null"
    )
    assert _one(filled, far) < 14_000
    checks = _shares(filled, "select location_check, count(*) from incident group by 1")
    assert checks["inside"] > 0.75
    assert 0.02 < checks["snapped"] < 0.15
    assert 0.01 < checks["outside"] < 0.10
    near_a_border = "select count(distinct district_code) from incident where point_district_code is not null"
    assert _one(filled, near_a_border) > 55


def test_incidents_cluster_in_space_and_in_time(filled: Engine) -> None:
    crowded = _shares(
        filled, "select zkey >> 28, count(*) from incident where zkey is not null group by 1 order by 2 desc"
    )
    cells = sorted(crowded.values(), reverse=True)
    assert sum(cells[: len(cells) // 10]) > 0.4  # a tenth of the cells of about 10 km holds what four tenths would
    followed = (
        "select avg(exists (select from incident b where b.id <> a.id and b.day between a.day and a.day + 7"
        " and st_dwithin(a.geom, b.geom, 0.01))::int::float8) from incident a where a.geom is not null"
    )
    by_chance = followed.replace("b.day between a.day and a.day + 7", "b.day between a.day - 368 and a.day - 361")
    assert _one(filled, followed) > 1.3 * _one(filled, by_chance)


def test_weekends_nights_and_the_dry_season_bring_more(filled: Engine) -> None:
    local = "timezone('Asia/Bangkok', occurred_at)"
    week = _shares(filled, f"select extract(isodow from {local})::int, count(*) from incident group by 1")
    # 6,000 draws: by chance the share of Friday to Sunday would be 0.43 give or take 0.013 (two sigma).
    assert week[5] + week[6] + week[7] > 0.48
    hours = _shares(
        filled,
        f"select extract(hour from {local})::int, count(*) from incident where not occurred_day_only group by 1",
    )
    assert sum(hours.get(h, 0) for h in (20, 21, 22, 23, 0, 1, 2, 3)) > 0.45
    months = _shares(filled, f"select extract(month from {local})::int, count(*) from incident group by 1")
    assert sum(months[m] for m in (11, 12, 1, 2, 3, 4)) > 1.2 * sum(months[m] for m in (5, 6, 7, 8, 9, 10))


def test_stretches_differ_in_what_is_reported(filled: Engine) -> None:
    def share(crime: str, provinces: str) -> float:
        return float(
            _one(
                filled,
                f"select avg((crime_type = '{crime}')::int)::float8 from incident"
                f" where left(district_code, 2) in ({provinces})",
            )
        )

    assert share("online_scam", "'27'") > 3 * share("online_scam", "'38', '43', '48', '49'")
    assert share("drug_trafficking", "'38', '43', '48', '49'") > 3 * share("drug_trafficking", "'27'")


def test_reports_come_after_incidents_and_nothing_is_later_than_the_last_day(filled: Engine) -> None:
    assert _one(filled, "select count(*) from incident where reported_at < occurred_at") == 0
    assert _one(filled, "select max(reported_at) from incident") < datetime(2025, 7, 1, tzinfo=ZoneInfo("Asia/Bangkok"))
    assert _one(filled, "select min(day) from incident") >= date(2022, 6, 28)
    assert _one(filled, "select max(day) from incident") >= UNTIL - timedelta(days=1)
    lags = (
        "select percentile_cont(0.5) within group (order by reported_at - occurred_at)"
        " from incident where not occurred_day_only and channel = "
    )
    assert _one(filled, lags + "'patrol'") < _one(filled, lags + "'online'") < _one(filled, lags + "'agency'")
    old = "where reported_at < timestamptz '2025-04-01' and status in ('received', 'verifying')"
    assert _one(filled, f"select count(*) from incident {old}") < 0.04 * COUNT
    new = "from incident where reported_at > timestamptz '2025-06-28'"
    assert _one(filled, f"select avg((status in ('received', 'verifying'))::int)::float8 {new}") > 0.7


def test_what_nobody_verified_is_of_the_last_weeks_and_the_rest_has_a_whole_history(filled: Engine) -> None:
    moment = datetime(2025, 6, 30, 23, 59, tzinfo=ZoneInfo("Asia/Bangkok"))
    oldest = "select min(reported_at) from incident where status in ('received', 'verifying')"
    assert moment - _one(filled, oldest) < timedelta(days=41)
    home = "i.district_code = (select d.district_code from person_district d join person p on p.id = d.person_id"
    home += " where p.login = 'demo.officer')"
    handled = f"select count(*) from incident i join case_file f on f.incident_id = i.id where {home}"
    assert (
        _one(filled, f"{handled} and i.status = 'closed' and f.closed_by <> f.closing_by and f.outcome is not null")
        > 50
    )
    assert _one(filled, f"{handled} and i.status = 'closed' and f.source_grade is null") == 0
    assert _one(filled, "select count(*) from case_event where at > timestamptz '2025-06-30 23:59+07'") == 0
    before = "select count(*) from case_event e join incident i on i.id = e.incident_id where e.at < i.reported_at"
    assert _one(filled, before) == 0
    last = (
        "select count(*) from incident i join lateral (select e.to_status from case_event e where e.incident_id = i.id"
        " and e.to_status is not null order by e.id desc limit 1) e on true where e.to_status <> i.status"
    )
    assert _one(filled, last) == 0
    backwards = (
        "select count(*) from case_event a join case_event b using (incident_id) where a.id < b.id and a.at > b.at"
    )
    assert _one(filled, backwards) == 0
    agency = "select count(*) from referral r join person p on p.agency = r.agency and p.login = 'demo.agency'"
    assert _one(filled, f"{agency} where r.state = 'done'") > 5
    for table in ("fact_check", "evidence", "log_entry"):
        assert _one(filled, f"select count(*) from {table}") > 2, table
    assert _one(filled, "select count(*) from report where entered_by is not null") > 2
    assert _one(filled, "select count(*) from notification where sent_at is null") == 0
    assert _one(filled, "select count(*) from notification where read_at is null") < 20


def test_counts_add_up_and_nothing_is_left_to_fold(filled: Engine) -> None:
    with filled.connect() as connection:
        sums = _all(connection, "select level, tier, sum(n) from incident_count group by 1, 2")
        shown = _one(filled, "select count(*) from incident where status not in ('unfounded', 'duplicate')")
        levels = _all(connection, "select level, tier, form from incident_count_level")
    whole = {"all": COUNT, "shown": shown, "refuted": COUNT - shown}
    assert {(level, tier): n for level, tier, n in sums} == {(level, tier): whole[form] for level, tier, form in levels}
    keys = "level, tier, block, cell, district_code, crime_type, status, channel"
    assert _one(filled, f"select count(*) from (select from incident_count group by {keys} having count(*) > 1) s") == 0
    with filled.begin() as connection:
        assert connection.execute(text("select incident_count_fold()")).scalar_one() == 0


def test_checkpoints_and_routes_stand_on_thai_ground_off_the_line(filled: Engine) -> None:
    assert _one(filled, "select count(*) from checkpoint where plan_id is null") == 96
    assert _one(filled, "select count(*) from patrol_route") > 30
    abroad = (
        "select count(*) from checkpoint c join area a on a.code = c.district_code"
        " where c.plan_id is null and not st_covers(a.geom, c.geom) or not a.is_border"
    )
    assert _one(filled, abroad) == 0
    near = (
        "select min(st_distance(c.geom::geography, s.geom::geography)) from checkpoint c, border_section s"
        " where c.plan_id is null and s.geom && st_expand(c.geom, 0.1)"  # plans use crossings, which lie on the line
    )
    assert _one(filled, near) > 500
    outside = (
        "select max(st_length(st_difference(r.geom, (select st_union(a.geom) from area a where a.level = 'district'"
        " and a.country = 'TH' and a.geom && r.geom))::geography)) from patrol_route r"
    )
    assert _one(filled, outside) < 150  # between vertices a line may cut a corner of a bend


def test_patrols_fit_their_states_and_impossible_fixes_are_not_drawn(filled: Engine) -> None:
    now = datetime(2025, 6, 30, 23, 59, tzinfo=ZoneInfo("Asia/Bangkok"))
    with filled.connect() as connection:
        last = _all(
            connection,
            "select p.status, max(f.fixed_at) from patrol p join patrol_fix f on f.patrol_id = p.id group by p.id, 1",
        )
        planned = _all(connection, "select status, scheduled_start, started_at, geom is null from patrol")
    assert {status for status, _ in last} == {"active", "done"}
    assert all(now - at < timedelta(minutes=4) for status, at in last if status == "active")
    assert all(at <= now for _, at in last)
    for status, start, started, no_track in planned:
        assert (started is None) == no_track == (status not in ("active", "done"))
        if status == "start_overdue":
            assert start < now
        if status == "ready":
            assert start > now
    assert sum(start < now for status, start, *_ in planned if status == "scheduled") > 2
    assert sum(start > now for status, start, *_ in planned if status == "scheduled") > 30
    assert 3 < _one(filled, "select count(*) from patrol_fix where impossible") < 100
    drawn = (
        "select count(*) from patrol_fix f join patrol p on p.id = f.patrol_id"
        " where f.impossible and st_dwithin(f.geom, p.geom, 0.0001)"
    )
    assert _one(filled, drawn) == 0


def test_a_meeting_was_held_a_month_ago_and_looks_at_what_was_known_then(filled: Engine) -> None:
    with filled.connect() as connection:
        (held,) = meetings.meetings(connection)
        sheets, overview = meetings.sheets(connection, held.id), meetings.overview(connection, held.id)
        decided = meetings.decisions_of(connection, held.id)
        came = meetings.came_since(connection, held.id)
    assert (held.state, held.is_demo, held.as_of.date() < UNTIL - timedelta(days=30)) == ("held", True, True)
    assert tuple(sheets) == held.districts
    assert held.districts[0] == "4301"
    assert overview is not None
    known = _one(
        filled,
        "select count(*) from incident i, meeting m where i.district_code = any(m.districts) and i.reported_at <= m.as_of"
        " and i.day between m.first_day and m.last_day and i.status in ('verified', 'referred', 'closed')",
    )
    assert overview.figures[0].value == known > 10
    assert sum(one.figures[0].value or 0 for one in sheets.values()) == known
    assert came.total == _one(
        filled,
        "select count(*) from incident i, meeting m where i.district_code = any(m.districts) and i.reported_at > m.as_of"
        " and i.day between m.first_day and m.last_day and i.status not in ('unfounded', 'duplicate')",
    )
    assert sorted(one.state for one in decided) == ["done", "dropped", "open", "open", "open"]
    assert {one.late(UNTIL) for one in decided if one.state == "open"} == {True, False}
    assert all(one.decided_at > held.as_of for one in decided)


def test_plans_are_in_force_proposed_and_drafted_and_a_rota_is_drawn(filled: Engine) -> None:
    with filled.connect() as connection:
        kept = {one.state: plan(connection, one.id) for one in plans(connection)}
        (drawn,) = rotas(connection)
        assert [post.checkpoint for post in rota(connection, drawn.id).what.posts]
    assert set(kept) == {PlanState.IN_FORCE, PlanState.PROPOSED, PlanState.DRAFT}
    assert kept[PlanState.PROPOSED].new_sites == 3
    assert all(one.is_demo and 0 < one.answer["coverage_share"] <= 1 for one in kept.values())
    steps = kept[PlanState.IN_FORCE].steps
    assert [str(step.state) for step in steps] == ["draft", "proposed", "approved", "in_force"]
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[2].name != steps[1].name
    opened = "select array_agg(distinct (status, valid_from)::text) from checkpoint where plan_id is not null"
    assert _one(filled, opened) == ["(active,2025-01-31)"]
    assert drawn.state == "draft"  # its days are over


def test_everything_is_marked_and_clear_demo_leaves_nothing(border_store: Engine) -> None:
    fill(border_store, 300, seed=2, until=UNTIL, say=_quiet)
    tables = (
        "incident",
        "checkpoint",
        "patrol_route",
        "patrol",
        "meeting",
        "decision",
        "silence_call",
        "district_pair",
        "activity",
        "activity_target",
        "plan",
        "rota",
    )
    for table in tables:
        assert _one(border_store, f"select count(*) from {table} where not is_demo") == 0
    border = "from area where level = 'district' and country = 'TH' and is_border"
    assert _one(border_store, f"select min(population) {border}") >= 18_000
    assert _one(border_store, f"select count(*) {border} and population is null") == 0
    assert _one(border_store, "select count(population) from area where not is_border") == 0
    with border_store.begin() as connection:
        connection.execute(text("update area set population = 51234 where code = '4301'"))
    with border_store.begin() as connection:
        assert clear_demo(connection)["incident"] == 300
    for table in (
        *tables,
        "plan_site",
        "plan_step",
        "rota_shift",
        "patrol_fix",
        "meeting_sheet",
        "incident_count",
        "case_event",
        "referral",
        "quiet_month",
        "notification",
        "person",
        "silence_call",
        "district_pair",
        "pair_contact",
        "log_entry",
    ):
        assert _one(border_store, f"select count(*) from {table}") == 0, table
    assert _one(border_store, "select sum(population) from area") == 51234, "what somebody filled in stays"


def test_the_same_seed_gives_the_same_rows_and_replaces_what_was_there(border_store: Engine) -> None:
    def rows() -> list[Any]:
        with border_store.connect() as connection:
            return (
                _all(connection, f"select {THE_SAME} from incident order by id")
                + _all(connection, "select code, name, status, agency, st_astext(geom) from checkpoint order by 1")
                + _all(connection, "select code, name, kind, st_astext(geom) from patrol_route order by 1")
                + _all(connection, "select code, status, scheduled_start, st_astext(geom) from patrol order by 1")
                + _all(connection, "select fixed_at, st_astext(geom) from patrol_fix order by 1, 2")
            )

    fill(border_store, 400, seed=9, until=UNTIL, say=_quiet)
    first = rows()
    fill(border_store, 400, seed=9, until=UNTIL, say=_quiet)
    assert rows() == first
    fill(border_store, 400, seed=10, until=UNTIL, say=_quiet)
    assert rows() != first
    assert _one(border_store, "select count(*) from incident") == 400


def _add_real(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, channel, geom) values"
                " ('contraband', timestamptz '2025-01-05 12:00+07', 'online', st_point(102.5, 13.7, 4326))"
            )
        )


def test_real_incidents_are_not_mixed_with_synthetic_ones_unless_asked(border_store: Engine) -> None:
    _add_real(border_store)
    with pytest.raises(WatchError) as refused:
        fill(border_store, 100, seed=1, say=_quiet)
    assert (refused.value.code, refused.value.params) == ("demo.real_data", {"real": 1})
    assert _one(border_store, "select count(*) from incident") == 1
    assert _one(border_store, "select count(*) from checkpoint") == 0
    for _ in range(2):
        fill(border_store, 100, seed=1, say=_quiet, beside_real=True)
        assert _one(border_store, "select count(population) from area") == 0
        assert _one(border_store, "select count(*) from incident") == 101
    with border_store.begin() as connection:
        assert clear_demo(connection)["incident"] == 100
    assert _one(border_store, "select count(*) from incident where not is_demo") == 1
    assert _one(border_store, "select sum(n) from incident_count where level = 9 and tier = 1") == 1


def test_up_to_now_means_nothing_lies_in_the_future(border_store: Engine) -> None:
    fill(border_store, 300, seed=3, years=1, say=_quiet)
    assert _one(border_store, "select count(*) from incident where reported_at > now() or occurred_at > now()") == 0
    assert _one(border_store, "select max(now() - reported_at) < interval '371 days' from incident")
    assert _one(border_store, "select min(now() - reported_at) < interval '3 days' from incident")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"incidents": 0}, "demo.count"),
        ({"incidents": 10**9}, "demo.count"),
        ({"years": 0}, "demo.years"),
        ({"until": date(2999, 1, 1)}, "demo.until"),
        ({"until": date(1969, 1, 1)}, "demo.until"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_written(
    store: Engine, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(WatchError) as refused:
        fill(store, **({"incidents": 10, "seed": 1, "say": _quiet} | wrong))
    assert refused.value.code == code


def test_without_boundaries_nothing_is_placed(store: Engine) -> None:
    with pytest.raises(WatchError) as refused:
        fill(store, 10, seed=1, say=_quiet)
    assert refused.value.code == "demo.no_border"


def test_only_one_filling_at_a_time(border_store: Engine) -> None:
    other = make_engine(border_store.url)
    fill(other, 10, seed=1, say=_quiet)  # leaves no lock behind on the connections that it keeps
    with alone(other), pytest.raises(WatchError) as refused:
        fill(border_store, 10, seed=1, say=_quiet)
    assert refused.value.code == "demo.busy"
    assert fill(border_store, 10, seed=1, say=_quiet)["incident"] == 10
    other.dispose()
