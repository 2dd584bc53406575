"""Who moved the synthetic patrols, when and why, so that a demonstration shows what is written down of a run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["add_demo_patrol_events"]

_EVENTS = """
with who as (
    select (select id from person where login = 'demo.officer') as officer, (select id from person where login = 'demo.chief') as chief),
run as (select *, status in ('ready', 'active', 'done') as was_ready, started_at is not null as went from patrol where is_demo),
happened as (
    select id, scheduled_start - interval '5 days' as at, officer as person, null as before, 'scheduled' as now, null as why from run, who
    union all
    select id, scheduled_start - interval '40 minutes', chief, 'scheduled', 'ready', null from run, who where was_ready
    union all
    select id, started_at, officer, 'ready', 'active', null from run, who where went
    union all
    select id, ended_at, officer, 'active', 'done', null from run, who where status = 'done'
    union all
    select id, scheduled_start - interval '3 hours', chief, 'scheduled', 'cancelled', reason from run, who
    where status = 'cancelled')
insert into patrol_event (patrol_id, at, person_id, from_status, to_status, reason)
select id, least(at, cast(:moment as timestamptz)), person, before, now, why from happened order by at, id"""


def add_demo_patrol_events(connection: Connection, moment: datetime) -> int:
    """Write down who moved each synthetic patrol, in the caller's transaction; how many lines that are.

    Parameters
    ----------
    moment
        Aware moment of the demonstration: nothing happened later.
    """
    return int(connection.execute(text(_EVENTS), {"moment": moment}).rowcount)
