"""Fill a store with demonstration data, in place of the demonstration data that is there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from sqlalchemy import Connection, Engine

from geo.actions.demo import (
    add_demo_incidents,
    add_demo_posts,
    alone,
    border_rows,
    incident_numbers,
    tidy_up,
)
from geo.actions.demo_activities import add_demo_activities
from geo.actions.demo_cases import add_demo_cases, demo_staff, newest_demo_incidents
from geo.actions.demo_data import clear_demo
from geo.actions.demo_meetings import add_demo_meeting
from geo.actions.demo_pairs import add_demo_pairs
from geo.actions.demo_patrols import add_demo_patrol_events
from geo.actions.demo_people import add_demo_people
from geo.actions.demo_plans import add_demo_plans
from geo.actions.demo_population import add_demo_population
from geo.actions.demo_reports import add_demo_reports
from geo.actions.demo_silence import add_demo_silence
from geo.crs import TIMEZONE
from geo.errors import WatchError
from geo.ingest.demo.border import Border, Section
from geo.ingest.demo.histories import Happened, make_histories, offices_of
from geo.ingest.demo.incidents import make_incidents
from geo.ingest.demo.patrols import make_patrols
from geo.ingest.demo.posts import make_checkpoints, make_routes
from geo.ingest.demo.rows import checkpoint_row, copy_lines, fix_rows, patrol_row, route_row
from geo.ingest.progress import Say, Step

__all__ = ["MOST", "fill", "moment_of"]

CHUNK = 50_000
MOST = 20_000_000
"""More incidents than this do not fit into the memory of the machines that this is run on."""
ZONE = ZoneInfo(TIMEZONE)


def moment_of(until: date | None) -> datetime:
    """The moment that the data leads up to: now, or the last minute of an earlier day in Asia/Bangkok."""
    now = datetime.now(ZONE).replace(second=0, microsecond=0)
    if until is None or until >= now.date():
        return now
    return datetime.combine(until, time(23, 59), ZONE)


def fill(
    engine: Engine,
    incidents: int,
    seed: int,
    years: int = 3,
    until: date | None = None,
    say: Say = print,
    *,
    beside_real: bool = False,
) -> dict[str, int]:
    """Draw and write synthetic incidents, checkpoints, routes and patrols along the store's border sections.

    Demonstration data that is there is replaced: afterwards there is exactly what was asked for. Everything
    is marked ``is_demo``, and so are the people, one for each role, who come where nothing is real, with what became of the
    incidents of their districts, a meeting that they held a month ago, plans of checkpoints and a rota, a year of activities, reports of some months, and invented numbers
    of inhabitants. The same seed and the same ``until`` in the past give the same rows.

    Parameters
    ----------
    incidents
        How many, 1 to `MOST`.
    years
        Length of the period before ``until``, 1 to 50.
    until
        Last day, in Asia/Bangkok; today (up to now) where not given.
    beside_real
        Write although there are real incidents.

    Returns
    -------
    dict
        Rows written by table.

    Raises
    ------
    geo.errors.WatchError
        ``demo.count``, ``demo.years``, ``demo.until``: out of range; ``demo.no_border``: boundaries are not
        loaded; ``demo.no_types``: there is no crime type; ``demo.real_data``: there are real incidents;
        ``demo.busy``: another process is filling.
    """
    _check(incidents, years, until)
    with alone(engine):
        with engine.connect() as connection:
            real, synthetic = incident_numbers(connection)
            known = border_rows(connection)
        if real and not beside_real:
            raise WatchError("demo.real_data", real=real)
        if not known["sections"]:
            raise WatchError("demo.no_border")
        if not known["types"]:
            raise WatchError("demo.no_types")
        moment = moment_of(until)
        say(Step("demo.drawing", incidents=incidents))
        border = _border(known)
        types = tuple(known["types"])
        drawn = make_incidents(border, types, incidents, years, moment, seed)
        if synthetic:
            say(Step("demo.clearing", incidents=synthetic))
        with engine.begin() as connection:  # of its own: emptying a table keeps its readers waiting
            clear_demo(connection)
        written = {"incident": incidents}
        for start in range(0, incidents, CHUNK):
            rows = range(start, min(start + CHUNK, incidents))
            with engine.begin() as connection:
                if start == 0:
                    written |= _write_posts(connection, border, set(known["agencies"]), moment, seed)
                add_demo_incidents(connection, copy_lines(drawn, border, types, rows))
            say(Step("demo.written", done=rows.stop, incidents=incidents))
        if not real:  # people without a password must not stand at the door of real data
            with engine.begin() as connection:
                add_demo_people(connection)
                add_demo_population(connection)
                add_demo_patrol_events(connection, moment)
                written |= _write_cases(connection, moment, seed)
                for more in (add_demo_silence(connection, moment), add_demo_pairs(connection, moment)):
                    written |= {table: written.get(table, 0) + n for table, n in more.items()}
        say(Step("demo.tidying"))
        tidy_up(engine)
        if not real:  # of folded counts and fresh statistics it takes a second, not a minute
            with engine.begin() as connection:
                written |= add_demo_meeting(connection, moment)
                written |= add_demo_activities(connection, moment)
                for table, more_rows in add_demo_plans(connection, moment).items():
                    written[table] = written.get(table, 0) + more_rows
                written |= {"month_report": add_demo_reports(connection, moment)}
    return written


def _check(incidents: int, years: int, until: date | None) -> None:
    if not 1 <= incidents <= MOST:
        raise WatchError("demo.count", most=MOST)
    if not 1 <= years <= 50:
        raise WatchError("demo.years", most=50)
    if until is not None and not date(1970, 1, 1) + timedelta(days=years * 366) <= until <= moment_of(None).date():
        raise WatchError("demo.until")


def _border(known: dict[str, list[Any]]) -> Border:
    sections = [
        Section(district, name, neighbour, shapely.from_wkb(bytes(line)))
        for district, name, neighbour, line in known["sections"]
    ]
    land = [(code, shapely.from_wkb(bytes(shape))) for code, shape in known["land"]]
    return Border(sections, land, known["crossings"])


def _write_posts(
    connection: Connection, border: Border, agencies: set[str], moment: datetime, seed: int
) -> dict[str, int]:
    checkpoints = make_checkpoints(border, agencies, moment.date(), seed)
    routes = make_routes(border, agencies, seed)
    patrols = make_patrols(routes, moment, seed)
    rows = {
        "checkpoint": [checkpoint_row(checkpoint) for checkpoint in checkpoints],
        "patrol_route": [route_row(route) for route in routes],
        "patrol": [patrol_row(patrol) for patrol in patrols],
        "patrol_fix": [row for patrol in patrols for row in fix_rows(patrol)],
    }
    add_demo_posts(connection, *rows.values())
    return {table: len(of_table) for table, of_table in rows.items()}


def _write_cases(connection: Connection, moment: datetime, seed: int) -> dict[str, int]:
    staff = demo_staff(connection)
    offices = offices_of(staff["people"], staff["subdistricts"])
    agents = {agency: number for number, _, agency, *_ in staff["people"] if agency}
    incidents = [Happened(*row) for row in newest_demo_incidents(connection, sorted(offices))]
    agencies = {code: agents.get(code) for code in staff["agencies"]}
    return add_demo_cases(connection, make_histories(incidents, offices, agencies, moment, seed).rows, moment)
