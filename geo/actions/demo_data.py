"""Take synthetic rows out of the store."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.demo_people import remove_demo_people
from geo.actions.demo_population import remove_demo_population

__all__ = ["clear_demo"]

_DELETIONS = {
    "month_reminder": "delete from month_reminder m where exists (select from person p where p.id = m.person_id and p.is_demo)",
    "month_report": "delete from month_report where is_demo",
    "quarter_report": "delete from quarter_report where is_demo",
    "activity": "delete from activity where is_demo",
    "activity_target": "delete from activity_target where is_demo",
    "decision": "delete from decision where is_demo or meeting_id in (select id from meeting where is_demo)",
    "meeting": "delete from meeting where is_demo",
    "public_release": "delete from public_release where is_demo",
    "rota": "delete from rota where is_demo",
    "silence_call": "delete from silence_call where is_demo",
    "log_entry": "delete from log_entry where pair_id in (select id from district_pair where is_demo)"
    " and person_id in (select id from person where is_demo)",
    "district_pair": "delete from district_pair where is_demo",
    "plan": "delete from plan where is_demo",
    "patrol_fix": "delete from patrol_fix f using patrol p where p.id = f.patrol_id and p.is_demo",
    "patrol": "delete from patrol where is_demo",
    "patrol_route": "delete from patrol_route where is_demo",
    "checkpoint": "delete from checkpoint where is_demo",
    "report": "delete from report where is_demo",
    "incident": "delete from incident where is_demo",
}
_KEEP_REAL = (
    "update report r set incident_id = null from incident i where i.id = r.incident_id and i.is_demo and not r.is_demo",
    "update case_file c set merged_into = null from incident i where i.id = c.merged_into and i.is_demo",
)
_BESIDE_CASES = ("log_entry", "notification")
"""Tables with rows that belong to no case: emptying the cases must not take those along."""


_ONLY_DEMO = """
    select not exists (select from incident where not is_demo)
    and not exists (select from report where not is_demo)
"""


def clear_demo(connection: Connection) -> dict[str, int]:
    """Delete every synthetic row and invented number, in the caller's transaction. Nobody else writes incidents meanwhile.

    A real report that somebody joined to a synthetic incident is kept and stands alone again. Where nothing
    is real the tables are emptied at once: deleting a million incidents one by one takes minutes.

    Returns
    -------
    dict
        Rows deleted by table.
    """
    connection.execute(text("lock table incident, report in share row exclusive mode"))
    remove_demo_population(connection)
    if connection.execute(text(_ONLY_DEMO)).scalar_one():
        rows = "select (select count(*) from report), (select count(*) from incident)"
        report, incident = connection.execute(text(rows)).one()
        if incident or report:
            _empty_cases(connection)
        others = [table for table in _DELETIONS if table not in ("report", "incident")]
        deleted = {table: connection.execute(text(_DELETIONS[table])).rowcount for table in others}
        return deleted | {"report": report, "incident": incident, "person": remove_demo_people(connection)}
    for statement in _KEEP_REAL:
        connection.execute(text(statement))
    deleted = {table: connection.execute(text(sql)).rowcount for table, sql in _DELETIONS.items()}
    connection.execute(text("select incident_count_fold()"))
    return deleted | {"person": remove_demo_people(connection)}


def _empty_cases(connection: Connection) -> None:
    """Empty incidents and reports with all that stands on them, at once."""
    for table in _BESIDE_CASES:
        connection.execute(
            text(
                f"create temporary table kept_{table} on commit drop as select * from {table} where incident_id is null"
            )
        )
    connection.execute(text("truncate incident, report cascade"))
    for table in _BESIDE_CASES:
        connection.execute(text(f"insert into {table} overriding system value select * from kept_{table}"))
        connection.execute(text(f"drop table kept_{table}"))
